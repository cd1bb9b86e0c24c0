"""The signature picture: one thread from purpose to KPIs that branches and holds together, or shows where it does not.

`tables` as in strands.py, which knows what is tied to what. Pure: SVG text.
"""

import re
from html import escape
from itertools import pairwise
from zlib import crc32

from workshop.palette import FONT, drawing_colours
from workshop.thread.ends import SIDES, list_ends
from workshop.thread.layout import RIGHT, curve, lay_out
from workshop.thread.loose import list_loose, loose_sentence, told
from workshop.thread.strands import COLUMNS, filled_columns, list_strands, read_web, runs_of
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
HEADS = {"segment": N_("Who"), "customer": N_("Their goals"), "business": N_("Our goals")}

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


def _bead(x, y, height, ref, colour, colours, loose, crowded):
    """A bead as tall as its bundle, with its ref above it, or beside it where beads are crowded."""
    label = y + 3.8 if crowded else y - height / 2 - 1.5
    dashes = ' stroke-dasharray="2 2"' if loose else ""
    return (
        f'<rect x="{x - 3.5:.1f}" y="{y - height / 2:.1f}" width="7" '
        f'height="{height:.1f}" rx="3.5" fill="{colours["ground"]}" stroke="{colour}" stroke-width="1.5"{dashes}/>'
        f'<text x="{x + 8:.1f}" y="{label:.1f}" '
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


def _ends(ends, web, place, colours, link, follow):
    """The customer's end, who comes with each purpose, and the company's, the goals that its KPIs serve: as two
    drawings, since what is drawn first is heard first.

    What is tied to nothing at one of its sides is dashed.
    """
    at = {ref: (place.xs[s], place.y[ref]) for s, column in ((0, "purpose"), (7, "kpi")) for ref in web.columns[column]}
    shown, out = set((follow or {}).values()), dict.fromkeys(SIDES, "")
    for side in SIDES:
        these, x = [end for end in ends if end.side == side], _ends_at(place)[side]
        out[side] += _head(x, _(HEADS[side]), colours["text"]) if these else ""
        nearer = {end.row["id"]: end.near for end in these}
        for ref, y in _heights(nearer, at, place, place.mid if side == "segment" else None).items():
            at[ref] = x, y
        for end in sorted(these, key=lambda end: at[end.row["id"]][1]):
            ref = end.row["id"]
            ties = (_tie(at[one], at[ref], colours, not shown or {one, ref} <= shown) for one in end.near)
            out[side] += "".join(ties)
            out[side] += _end(end.row, *at[ref], not end.missing, colours, link, bool(shown) and ref not in shown)
    return out["segment"], out["customer"] + out["business"]


def _ends_at(place):
    """{side: x} of the ends beyond the columns."""
    return dict(zip(SIDES, (22, place.xs[7] + ENDS, place.xs[7] + 2 * ENDS), strict=True))


def _heights(nearer, at, place, trunk):
    """{ref: y} of the ends in one column, each as near to what it is tied to as there is room, off the trunk."""
    low, high, ys = 44, place.height - 14, {}
    wanted = {ref: sum(at[one][1] for one in near) / len(near) if near else high for ref, near in nearer.items()}
    parts = [(wanted, low, high)]
    if trunk:
        above = {ref: y for ref, y in wanted.items() if y < trunk}
        below = {ref: y for ref, y in wanted.items() if y >= trunk}
        parts = [(above, low, trunk - 32), (below, trunk + 32, high)]
    for part, top, bottom in parts:
        ys |= _apart(part, top, bottom)
    return ys


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
    beyond = list_ends(tables, web) if ends else []
    place = lay_out(strands, web, width, height, RIGHT + 2 * ENDS if ends else RIGHT)
    paths, left, right = _lines(strands, web, place)
    name = f"thread-{crc32(repr((strands, width, height, colours)).encode()):08x}"
    hanging = list_loose(tables, ends)
    loose, (who, why) = dict(hanging), loose_sentence(hanging)
    who_comes, goals = _ends(beyond, web, place, colours, link, follow)
    role = "group" if link else "img"  # what is in an image cannot be come to by those who hear the page
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {place.height:.0f}" width="100%" '
        f'role="{role}" aria-label="{_text(told(tables, hanging))}" font-family="{FONT}" style="display:block">',
        _gradient(name, place, colours),
        _ground_line(paths, web, place, colours, name),
        _spun(paths, name, width, place, 0.2 if follow else 0.82),
        _tails(left, right, place, colours, 0.3 if follow else 1),
        _followed(follow, web, place, name) if follow else "",
        who_comes,
        _trunk(web, place, colours, link),
    ]
    for s, column in enumerate(COLUMNS):
        out.append(_head(place.xs[s], _(TITLES[s]), colours[column]))
        for ref, row in sorted(web.columns[column].items(), key=lambda item: place.y[item[0]]):
            drawn = _bead(place.xs[s], place.y[ref], place.bead[ref], ref, colours[column], colours, ref in loose,
                          ref in place.crowded)  # fmt: skip
            out.append(_node(ref, row, drawn, link, bool(follow) and ref not in follow.values()))
    out.append(goals)
    if who and not follow:
        first = next((s for s, column in enumerate(COLUMNS) if not web.columns[column].keys().isdisjoint(loose)), 7)
        out.append(_said_below(who, why, first, place, colours))
    return "".join(out) + "</svg>"


def _spun(paths, gradient, width, place, opacity):
    """The strands, finer where they are many, to be told apart where they lie close. The gradient is seen through them:
    laid along each strand it took longer than all the rest of the drawing."""
    high, fine = f"{place.height:.0f}", len(paths) > MOST_STRANDS
    lines = "".join(f'<path d="{d}"/>' for d in paths)
    return (
        f'<mask id="{gradient}-strands" maskUnits="userSpaceOnUse" x="0" y="0" width="{width}" height="{high}">'
        f'<g fill="none" stroke="white" stroke-width="{0.6 if fine else 1.25}" stroke-opacity="{opacity}">{lines}</g>'
        f'</mask><path d="M0 0H{width}V{high}H0Z" fill="url(#{gradient})" mask="url(#{gradient}-strands)"/>'
    )


def _gradient(name, place, colours):
    """The thread's own colour: each noun's where its column stands."""
    stops = "".join(f'<stop offset="{i / 7:.4f}" style="stop-color:{colours[n]}"/>' for i, n in enumerate(COLUMNS))
    return (
        f'<defs><linearGradient id="{name}" gradientUnits="userSpaceOnUse" '
        f'x1="{place.xs[0]:.1f}" x2="{place.xs[7]:.1f}" y1="0" y2="0">{stops}</linearGradient></defs>'
    )


def _tails(left, right, place, colours, opacity):
    """Short dotted ends where a thread comes from nowhere or leads nowhere; too short to touch the column beside."""
    by = min(1, (place.xs[1] - place.xs[0]) / 120)
    tails = [(s, place.xs[s] - 9, place.y[ref], f"q{-19 * by:.1f} -4 {-31 * by:.1f} -2t{-22 * by:.1f} -7")
             for s, ref in left]  # fmt: skip
    tails += [(s, place.xs[s] + 9, place.y[ref], f"q{19 * by:.1f} -2 {31 * by:.1f} 5t{22 * by:.1f} 9")
              for s, ref in right]  # fmt: skip
    drawn = "".join(
        f'<path d="M{x:.1f} {y:.1f}{d}" fill="none" stroke="{colours[COLUMNS[s]]}" stroke-width="1.25" '
        'stroke-dasharray="1 4" stroke-linecap="round"/>'
        for s, x, y, d in tails
    )
    return f'<g opacity="{opacity}">{drawn}</g>'


def _said_below(who, why, column, place, colours):
    """What hangs loose, under the column of the first that does."""
    anchor, x = ("end", place.xs[column] + 14) if column > 4 else ("start", place.xs[column] - 14)
    return (
        f'<text x="{x:.1f}" y="{place.height - 9:.1f}" text-anchor="{anchor}" font-size="12" '
        f'fill="{colours["text"]}" stroke="{colours["ground"]}" stroke-width="4" paint-order="stroke">'
        f'<tspan font-weight="600">{_text(who)}</tspan> {_text(why)}</text>'
    )
