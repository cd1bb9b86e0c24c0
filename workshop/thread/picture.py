"""The signature picture: one thread from purpose to KPIs that branches and holds together, or shows where it does not.

`tables` is a dict in the layout of sample_data/*.json, as in workshop/strands.py, which knows what is tied to what.
"""

import re
from html import escape
from itertools import pairwise
from zlib import crc32

from sqlite_utils import Database

from workshop.checks import findings
from workshop.checks.thread import Whole, read_whole
from workshop.document import Block, Paragraph, Picture, Table
from workshop.layout import RIGHT, curve, lay_out
from workshop.palette import drawing_colours
from workshop.strands import (
    COLUMNS,
    filled_columns,
    list_loose,
    list_strands,
    loose_sentence,
    read_web,
    runs_of,
    thread_sentence,
)
from workshop.ways import NAMES, Way, health, list_ways
from workshop.words import N_, _

TITLES = (
    N_("Purpose"),
    N_("Promise"),
    N_("Values"),
    N_("Principles"),
    N_("Touchpoints"),
    N_("Concepts"),
    N_("CPIs"),
    N_("KPIs"),
)

MOST_STRANDS = 150  # that a table tells one by one, and that lie apart in the picture
ENDS = 84  # between the KPIs, the goals of customers and those of the company


def _lines(strands, web, place):
    """(solid paths, nodes whose left side hangs, nodes whose right side hangs)."""
    filled, paths = filled_columns(web), []
    joined, ends = (set(), set()), (set(), set())
    for i, strand in enumerate(strands):
        for run in runs_of(strand, filled):
            d = f"M{place.xs[run[0]]:.1f} {place.lane[i, run[0]]:.1f}"
            if run[0] == filled[0] <= 1:
                start = place.mid + (i - (len(strands) - 1) / 2) * min(0.16, 4.2 / len(strands))
                d = f"M6 {start:.1f}H{place.fork}" + curve(place.fork, start, place.xs[run[0]], place.lane[i, run[0]])
            elif run[0] > 1:  # what only hangs on the promise begins there
                ends[0].add((run[0], strand[run[0]]))
            ends[1].update({(run[-1], strand[run[-1]])} if run[-1] != filled[-1] and run[-1] != 1 else ())
            for a, b in pairwise(run):
                d += curve(place.xs[a], place.lane[i, a], place.xs[b], place.lane[i, b])
                joined[1].add((a, strand[a]))
                joined[0].add((b, strand[b]))
            paths.append(d)
    return paths, sorted(ends[0] - joined[0]), sorted(ends[1] - joined[1])


def _text(text):
    """Escaped, and without the control characters that XML forbids."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", str(text)))


def _node(ref, row, drawn, link, faint):
    """A node's drawing with its whole text, which shows on pointing at it; a link where its item has a page."""
    name = f"{ref}: {row.get('name') or row.get('text') or ''}"
    opacity = ' opacity=".3"' if faint else ""
    group = f"<g{opacity}><title>{_text(name)}</title>{drawn}</g>"
    address = link(ref) if link else ""
    if not address:
        return group
    return f'<a href="{_text(address)}" data-ref="{_text(ref)}" aria-label="{_text(name)}">{group}</a>'


def _bead(x, y, height, ref, colour, colours, loose):
    """A bead as tall as its bundle, with its ref."""
    dashes = ' stroke-dasharray="2 2"' if loose else ""
    return (
        f'<rect x="{x - 3.5:.1f}" y="{y - height / 2:.1f}" width="7" '
        f'height="{height:.1f}" rx="3.5" fill="{colours["ground"]}" stroke="{colour}" stroke-width="1.5"{dashes}/>'
        f'<text x="{x + 8:.1f}" y="{y - height / 2 - 1.5:.1f}" '
        f'font-size="10.5" font-weight="600" fill="{colour}" stroke="{colours["ground"]}" stroke-width="3" '
        f'paint-order="stroke">{_text(ref)}</text>'
    )


def _trunk(web, place, colours, link):
    """The big purposes and after them the medium ones, as beads on the trunk."""
    out = []
    for i, row in enumerate(web.trunk):
        x = 20 + i * (place.fork - 32) / max(1, len(web.trunk) - 1)
        drawn = (
            f'<circle cx="{x:.1f}" '
            f'cy="{place.mid:.1f}" r="6" fill="{colours["ground"]}" stroke="{colours["purpose"]}" '
            f'stroke-width="1.5"/><text x="{x:.1f}" y="{place.mid - 11:.1f}" text-anchor="middle" '
            f'font-size="10.5" font-weight="600" fill="{colours["purpose"]}">{_text(row["id"])}</text>'
        )
        out.append(_node(row["id"], row, drawn, link, False))
    return "".join(out)


def _followed(follow, web, place, gradient):
    """One way through its knots, as a cord over all other threads; where it breaks it is dotted."""
    knots = [(s, follow[column]) for s, column in enumerate(COLUMNS) if follow.get(column) in place.y]
    out = []
    if knots and knots[0][0] <= 1:
        s, ref = knots[0]
        trunk = f"M6 {place.mid:.1f}H{place.fork}"
        out.append((trunk + curve(place.fork, place.mid, place.xs[s], place.y[ref]), True))
    filled = filled_columns(web)
    for (a, one), (b, other) in pairwise(knots):
        held = not [s for s in filled if a < s < b] or (COLUMNS[a], COLUMNS[b]) == ("principle", "concept")
        d = f"M{place.xs[a]:.1f} {place.y[one]:.1f}" + curve(place.xs[a], place.y[one], place.xs[b], place.y[other])
        out.append((d, held))
    dotted = ' stroke-dasharray=".1 7"'
    return "".join(
        f'<path d="{d}" fill="none" stroke="url(#{gradient})" stroke-width="3.5" stroke-linecap="round"'
        f"{'' if held else dotted}/>"
        for d, held in out
    )


def _ends(tables, web, place, colours, link, follow):
    """The customer's end, who comes with each purpose, and the company's, the goals that its KPIs serve.

    What is tied to nothing at one of its sides is dashed.
    """
    ties, goals = [*_coming(tables, web), *_serving(tables, web)], tables.get("goals") or []
    at = {ref: (place.xs[s], place.y[ref]) for s, column in ((0, "purpose"), (7, "kpi")) for ref in web.columns[column]}
    reached, outward, shown, out = set(at), {ref for ref, _end in ties}, set((follow or {}).values()), []
    for x, rows in (
        (22, tables.get("segments") or []),
        (place.xs[7] + ENDS, [row for row in goals if row["kind"] == "customer"]),
        (place.xs[7] + 2 * ENDS, [row for row in goals if row["kind"] == "business"]),
    ):
        nearer = {row["id"]: [ref for ref, end in ties if end == row["id"]] for row in rows}
        for ref, y in _heights(nearer, at, place, place.mid if x == 22 else None).items():
            at[ref] = x, y
        for row in rows:
            ref, near = row["id"], nearer[row["id"]]
            held = not reached.isdisjoint(near)
            reached |= {ref} if held else set()
            if row.get("kind") == "customer":
                held &= ref in outward
            elif row.get("kind") == "business":
                held &= not set(near) <= set(web.columns["kpi"])
            out += [_tie(at[one], at[ref], colours, not shown or {one, ref} <= shown) for one in near]
            out.append(_end(row, *at[ref], held, colours, link, bool(shown) and ref not in shown))
    return "".join(out)


def _heights(nearer, at, place, trunk):
    """{ref: y} of the ends in one column, each as near to what it is tied to as there is room, off the trunk."""
    low, high, ys = 44, place.height - 14, {}
    wanted = {ref: sum(at[one][1] for one in near) / len(near) if near else high for ref, near in nearer.items()}
    parts = [(wanted, low, high)]
    if trunk:
        above = {ref: y for ref, y in wanted.items() if y < trunk}
        below = {ref: y for ref, y in wanted.items() if y >= trunk}
        parts = [(above, low, trunk - 26), (below, trunk + 26, high)]
    for part, top, bottom in parts:
        ys |= _apart(part, top, bottom)
    return ys


def _coming(tables, web):
    """(purpose, segment): who comes with it."""
    segments = {row["id"] for row in tables.get("segments") or []}
    return [(ref, row["segment"]) for ref, row in web.columns["purpose"].items() if row.get("segment") in segments]


def _serving(tables, web):
    """(KPI, goal) and (customer goal, business goal), outwards along the company's strand.

    A KPI comes to its business goal by each customer goal that carries it and is shown by a CPI tied to the KPI;
    without one it comes there straight.
    """
    goals = {row["id"]: row for row in tables.get("goals") or []}
    carried = [(one["customer"], one["business"]) for one in tables.get("goal_links") or []
               if one["customer"] in goals and one["business"] in goals]  # fmt: skip
    ties = []
    for kpi, row in web.columns["kpi"].items():
        cpis, own = set(web.tied(kpi, "cpi")), row.get("goal")
        between = [ref for ref, goal in goals.items() if not cpis.isdisjoint(goal.get("cpis") or ())
                   and (not own or (ref, own) in carried)]  # fmt: skip
        ties += [(kpi, ref) for ref in between or [own] if ref in goals]
    return ties + carried


def _tie(here, there, colours, strong):
    """A dotted line from a knot outwards to an end."""
    side = 8 if there[0] > here[0] else -8
    d = f"M{here[0] + side:.1f} {here[1]:.1f}" + curve(here[0] + side, here[1], there[0] - side, there[1])
    return (
        f'<path d="{d}" fill="none" stroke="{colours["text"]}" stroke-opacity="{0.55 if strong else 0.1}" '
        'stroke-dasharray="1 3"/>'
    )


def _end(row, x, y, held, colours, link, faint):
    dashes = "" if held else ' stroke-dasharray="2 2"'
    drawn = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colours["ground"]}" stroke="{colours["text"]}" '
        f'stroke-width="1.25"{dashes}/><text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle" font-size="10.5" '
        f'font-weight="600" fill="{colours["text"]}" stroke="{colours["ground"]}" stroke-width="3" '
        f'paint-order="stroke">{_text(row["id"])}</text>'
    )
    return _node(row["id"], row, drawn, link, faint)


def _head(x, title, colour):
    return (
        f'<text x="{x:.1f}" y="20" text-anchor="middle" font-size="12.5" font-weight="600" '
        f'fill="{colour}">{_text(title)}</text>'
    )


def _apart(wanted, top, bottom):
    """{ref: y} in the order of the heights wanted, 26 apart, or closer where that is more than there is room for."""
    refs, ys, y = sorted(wanted, key=wanted.get), {}, top
    gap = min(26, (bottom - top) / max(1, len(refs) - 1))
    for ref in refs:
        ys[ref] = max(wanted[ref], y)
        y = ys[ref] + gap
    y = bottom
    for ref in reversed(refs):
        ys[ref] = min(ys[ref], y)
        y = ys[ref] - gap
    return ys


def _ground_line(paths, web, place, colours, gradient):
    """Where the workshop has not come to yet, the thread only lies there, quietly."""
    filled = filled_columns(web)
    spun = any(d.startswith("M6 ") for d in paths)
    ahead = [s for s in range(8) if s > filled[-1]] if spun else [] if filled else range(8)
    start, end = (place.xs[filled[-1]], place.xs[7]) if spun else (6, place.xs[7])
    if filled and not spun:
        end = place.xs[filled[0]] - 78
    out = (
        f'<g fill="{colours["ground"]}"><path d="M{start:.1f} {place.mid:.1f}H{end:.1f}" stroke="url(#{gradient})" '
        'stroke-width="1.25" stroke-opacity=".3"/>'
    )
    out += "".join(
        f'<circle cx="{place.xs[s]:.1f}" cy="{place.mid:.1f}" r="3" stroke="{colours[COLUMNS[s]]}" '
        'stroke-opacity=".45"/>'
        for s in ahead
    )
    if web.trunk and not spun:
        out += f'<path d="M6 {place.mid:.1f}H{place.fork}" stroke="{colours["purpose"]}" stroke-width="1.5"/>'
    return out + "</g>"


def draw_thread(tables, *, width=1180, height=306, colours=None, link=None, follow=None, ends=False):
    """The thread as SVG text, `width` units wide and at least `height` high; it fills the width it is given.

    `colours` is palette.drawing_colours(…): the theme's CSS variables by default, hex values for exports. `link(ref)`
    gives the address of an item, or "". `follow` is one way, {column: ref}, which stands out from all others. With
    `ends` the customer's and the company's strand are there too: who comes, and which goals the KPIs serve.
    """
    web, strands, colours = read_web(tables), list_strands(tables), colours or drawing_colours()
    place = lay_out(strands, web, width, height, RIGHT + 2 * ENDS if ends else RIGHT)
    paths, left, right = _lines(strands, web, place)
    loose = dict(list_loose(tables))
    name = f"thread-{crc32(repr((strands, width, height, colours)).encode()):08x}"
    font = "'Throughline Sans', Inter, system-ui, sans-serif"
    stops = "".join(f'<stop offset="{i / 7:.4f}" style="stop-color:{colours[n]}"/>' for i, n in enumerate(COLUMNS))
    tails = [
        (s, f"M{place.xs[s] - 62:.1f} {place.y[ref] - 9:.1f}q10 9 22 7T{place.xs[s] - 9:.1f} {place.y[ref]:.1f}")
        for s, ref in left
    ]
    tails += [(s, f"M{place.xs[s] + 9:.1f} {place.y[ref]:.1f}q19 -2 31 5t22 9") for s, ref in right]
    who, why = loose_sentence(tables)
    role = "group" if link else "img"  # what is in an image cannot be come to by those who hear the page
    label = " ".join(filter(None, (thread_sentence(tables), f"{who} {why}." if who else "")))

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {place.height:.0f}" width="100%" '
        f'role="{role}" aria-label="{_text(label)}" font-family="{font}" '
        f'style="display:block"><defs><linearGradient id="{name}" gradientUnits="userSpaceOnUse" '
        f'x1="{place.xs[0]:.1f}" x2="{place.xs[7]:.1f}" y1="0" y2="0">{stops}</linearGradient></defs>',
        _ground_line(paths, web, place, colours, name),
        # finer lines where they lie close: told apart, and drawn as pixels in half the time
        f'<g fill="none" stroke="url(#{name})" stroke-width="{1.25 if len(paths) <= MOST_STRANDS else 0.6}" '
        f'stroke-opacity="{0.2 if follow else 0.82}">',
        *(f'<path d="{d}"/>' for d in paths),
        "</g>",
        *(
            f'<path d="{d}" fill="none" stroke="{colours[COLUMNS[s]]}" stroke-width="1.25" stroke-dasharray="1 4" '
            'stroke-linecap="round"/>'
            for s, d in tails
        ),
        _followed(follow, web, place, name) if follow else "",
        _ends(tables, web, place, colours, link, follow) if ends else "",
        _trunk(web, place, colours, link),
    ]
    if ends:
        kinds = {row["kind"] for row in tables.get("goals") or []}
        heads = ((22, _("Who"), tables.get("segments")), (place.xs[7] + ENDS, _("Their goals"), "customer" in kinds),
                 (place.xs[7] + 2 * ENDS, _("Our goals"), "business" in kinds))  # fmt: skip
        out += [_head(x, name, colours["text"]) for x, name, there in heads if there]
    for s, column in enumerate(COLUMNS):
        out.append(_head(place.xs[s], _(TITLES[s]), colours[column]))
        for ref, row in web.columns[column].items():
            drawn = _bead(place.xs[s], place.y[ref], place.bead[ref], ref, colours[column], colours, ref in loose)
            out.append(_node(ref, row, drawn, link, bool(follow) and ref not in follow.values()))
    if who and not follow:
        s = next(s for s, column in enumerate(COLUMNS) if next(iter(loose)) in web.columns[column])
        anchor, x = ("end", place.xs[s] + 14) if s > 4 else ("start", place.xs[s] - 14)
        out.append(
            f'<text x="{x:.1f}" y="{place.height - 9:.1f}" text-anchor="{anchor}" font-size="12" '
            f'fill="{colours["text"]}" stroke="{colours["ground"]}" stroke-width="4" paint-order="stroke">'
            f'<tspan font-weight="600">{_text(who)}</tspan> {_text(why)}</text>'
        )
    return "".join(out) + "</svg>"


# --- the thread of a workshop ------------------------------------------------------------------------------------


def tables_of(whole: Whole) -> dict:
    """A workshop as the picture reads it: the layout of the bundle, without what was put away. Pure."""
    tables = ("segment", "purpose", "promise", "value", "principle", "touchpoint", "concept", "metric", "goal")
    links = [{"cpi": cpi, "kpi": kpi} for cpi, kpi in sorted(whole.cpi_kpi_links)]
    carried = [{"business": business, "customer": customer} for business, customer in sorted(whole.goal_links)]
    rows = {f"{table}s": [row | {"id": row["ref"]} for row in whole[table]] for table in tables}
    # the lead question is there before anybody has come, and hangs on nothing yet
    named = {ref for concept in whole["concept"] for ref in concept["principles"]}
    hangs = [row for row in rows["principles"] if not row["is_lead"] or row["values"] or row["id"] in named]
    rows["principles"] = hangs
    return rows | {"cpi_kpi_links": links, "goal_links": carried}


def columns_of(way: Way) -> dict[str, str]:
    """A way as draw_thread follows it, {column: ref}; every way goes through the promise. Pure."""
    return {knot.noun: knot.row["ref"] for knot in way.knots if knot.row}


def section(db: Database) -> list[Block]:
    """The thread in the summary: how many are whole, every way with its breaks, the picture, what the checks say."""
    whole = read_whole(db)
    ways, tables = list_ways(whole), tables_of(whole)
    blocks: list[Block] = [Paragraph(health(ways), "lead"), *_ways_table(ways)] if ways else []
    if strands := list_strands(tables):
        said = " ".join(filter(None, (thread_sentence(tables), *loose_sentence(tables))))
        rows = [[ref or "–" for ref in strand] for strand in strands[:MOST_STRANDS]]
        caption = _("The thread, strand by strand")
        if len(strands) > MOST_STRANDS:
            caption = _("{caption}: {some} of {all}").format(caption=caption, some=MOST_STRANDS, all=len(strands))
        blocks += [
            Picture(draw_thread(tables, width=900, height=480, colours=drawing_colours("light"), ends=True), said),
            Table([_(title) for title in TITLES], rows, caption),
        ]
    if len(loose := list_loose(tables)) > 1:  # the picture says of one alone why it hangs
        blocks.append(Table(["", _("What is missing")], list(map(list, loose)), _("What hangs loose")))
    blocks += _asked(db)
    return blocks


def _ways_table(ways: list[Way]) -> list[Block]:
    """Every customer purpose from end to end, by refs."""
    nouns = [noun for noun in NAMES if noun not in ("purpose", "promise")]
    rows = []
    for way in ways:
        refs = [knot.row["ref"] if knot.row else "–" for knot in map(way.at, nouns)]
        rows.append([way.purpose["ref"], *refs, " ".join(way.gaps) or _("whole")])
    head = ["", *(_(NAMES[noun]) for noun in nouns), _("Thread")]
    return [Table(head, rows, _("Each customer purpose, from end to end"))]


def _asked(db: Database) -> list[Block]:
    """What the checks still ask, and what was put aside, and why."""
    found, blocks = findings.list_findings(db), []
    for state, title in (("open", _("What the checks still ask")), ("dismissed", _("Put aside, and why"))):
        asked: dict[tuple[str, str], list[str]] = {}  # a question that is asked of many items stands there once
        for one in found:
            if one.state == state:
                asked.setdefault((one.finding.message, one.reason), []).append(one.finding.ref)
        rows = [[", ".join(refs), *said] for said, refs in asked.items()]
        if rows:
            head = ["", _("Question"), _("Reason")]
            if state == "open":
                head, rows = head[:2], [row[:2] for row in rows]
            blocks.append(Table(head, rows, title))
    return blocks
