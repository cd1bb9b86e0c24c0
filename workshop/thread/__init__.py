"""The golden thread of a workshop, from purpose to KPIs: does the purpose reach what customers experience?

strands.py knows what is tied to what, ends.py who comes and which goals are served, loose.py what hangs loose, ways.py
follows one customer purpose from end to end, parts.py takes a large thread apart; layout.py and picture.py draw it.
"""

from functools import partial

from sqlite_utils import Database

from workshop.checks import findings
from workshop.checks.thread import read_whole
from workshop.checks.whole import Whole
from workshop.document import Block, Paragraph, Picture, Table, size_of
from workshop.fields import first_refs
from workshop.palette import drawing_colours
from workshop.thread.loose import list_loose, told
from workshop.thread.parts import list_parts
from workshop.thread.picture import MOST_STRANDS, TITLES, draw_thread
from workshop.thread.strands import list_strands
from workshop.thread.ways import NAMES, Way, health, list_ways
from workshop.words import _

MOST_ASKED = 12  # refs of those whom one question is asked about: of 200 concepts the twins alone are pages of refs


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
    blocks: list[Block] = [Paragraph(health(ways), "lead"), ways_table(ways)] if ways else []
    loose = list_loose(tables, ends=True)
    if strands := list_strands(tables):
        rows = [[ref or "–" for ref in strand] for strand in strands[:MOST_STRANDS]]
        caption = _("The thread, strand by strand")
        if len(strands) > MOST_STRANDS:
            caption = _("{caption}: {some} of {all}").format(caption=caption, some=MOST_STRANDS, all=len(strands))
        blocks += [*_drawn(tables, loose), Table([_(title) for title in TITLES], rows, caption)]
    if len(loose) > 1:  # the picture says of one alone why it hangs
        blocks.append(Table(["", _("What is missing")], list(map(list, loose)), _("What hangs loose")))
    blocks += _asked(db)
    return blocks


def _drawn(tables: dict, loose: list[tuple[str, str]]) -> list[Picture]:
    """The thread whole; or where it is higher than wide, so that no sheet could show it large enough to be read, what
    each customer purpose is tied to."""
    draw = partial(draw_thread, width=900, height=480, colours=drawing_colours("light"), ends=True)
    whole = Picture(draw(tables), told(tables, loose))
    wide, high = size_of(whole)
    parts = list_parts(tables) if high > wide else []
    if len(parts) < 2:
        return [whole]
    return [
        Picture(
            draw(part),
            f"{purpose['id']} “{purpose['text']}”: {told(part, list_loose(part, ends=True))}",
            f"thread-{purpose['id']}",
        )
        for purpose, part in parts
    ]


def ways_table(ways: list[Way]) -> Table:
    """Every customer purpose from end to end, by refs."""
    nouns = [noun for noun in NAMES if noun not in ("purpose", "promise")]
    rows = []
    for way in ways:
        refs = [knot.row["ref"] if knot.row else "–" for knot in map(way.at, nouns)]
        rows.append([way.purpose["ref"], *refs, " ".join(way.gaps) or _("whole")])
    head = ["", *(_(NAMES[noun]) for noun in nouns), _("Thread")]
    return Table(head, rows, _("Each customer purpose, from end to end"))


def _asked(db: Database) -> list[Block]:
    """What the checks still ask, and what was put aside, and why."""
    found, blocks = findings.list_findings(db), []
    for state, title in (("open", _("What the checks still ask")), ("dismissed", _("Put aside, and why"))):
        asked: dict[tuple[str, str], list[str]] = {}  # a question that is asked of many items stands there once
        for one in found:
            if one.state == state:
                asked.setdefault((findings.said(one.finding), one.reason), []).append(one.finding.ref)
        rows = [[first_refs(refs, MOST_ASKED), *said] for said, refs in asked.items()]
        if rows:
            head = ["", _("Question"), _("Reason")]
            if state == "open":
                head, rows = head[:2], [row[:2] for row in rows]
            blocks.append(Table(head, rows, title))
    return blocks
