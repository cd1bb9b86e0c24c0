"""The full version (METHOD.md §6): the one page, then everything behind it, in nineteen chapters.

What a step says is the step's (`Step.chapters`); what belongs to no step (how to read scores, how the day went,
pictures, open points, all ideas) is put together here. A chapter with nothing in it says so in one line.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from sqlite_utils import Database

from workshop import certainty_charts, charts, items, thread, withheld
from workshop.activities.rate import SEEN
from workshop.agenda import list_agenda, minutes_spent
from workshop.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    without_empty_columns,
)
from workshop.entries import list_entries
from workshop.figures import figure, whole
from workshop.palette import drawing_colours
from workshop.steps import AGENDA
from workshop.steps.ranking import RankedConcepts, get_ranking
from workshop.steps.strategy import list_metrics
from workshop.steps.touchpoints import felt
from workshop.summary.page import one_page
from workshop.walk import draw_walk
from workshop.words import N_, _

MOST_DRAWN = 30  # concepts that a picture keeps apart
A_WALK = 12  # touchpoints side by side whose feelings can be read


# (title, what stands there while there is nothing) of each chapter, in the order of METHOD.md §6
CHAPTERS = (
    (N_("One page"), ""),
    (N_("How to read the scores"), N_("Nothing has been rated yet, so there are no scores.")),
    (N_("Who took part, how it went, and how the room felt"), N_("Nobody has joined yet.")),
    (N_("Purposes"), N_("No purpose has been written yet.")),
    (N_("Promise"), N_("Nothing is promised yet.")),
    (N_("Values and design principles"), N_("No value and no principle has been named yet.")),
    (N_("What we learn from those who do not"), N_("No case has been collected yet.")),
    (N_("Goals of the company and of its customers"), N_("No goal has been named yet.")),
    (N_("What we count"), N_("No measure has been named yet.")),
    (N_("Touchpoints"), N_("No touchpoint has been looked at yet.")),
    (N_("Concepts"), N_("There is no concept yet.")),
    (N_("Ratings and the order of the concepts"), N_("Nothing has been rated yet, so there is no order.")),
    (N_("What it takes"), N_("No requirement has been named yet.")),
    (N_("Decisions"), N_("No decision is recorded.")),
    (N_("Bringing it to life"), N_("Nobody has been asked to do anything yet.")),
    (N_("When we measure and look again"), N_("No date has been set yet.")),
    (N_("The golden thread"), N_("There is nothing yet that a thread could join.")),
    (N_("Open questions, assumptions and evidence"), N_("Nothing is open, nothing assumed, and nothing proved.")),
    (N_("All ideas"), N_("No idea has been written yet.")),
)


def full(db: Database, *, shareable: bool = False) -> Document:
    """Everything there is, chapter by chapter.

    A step that was dropped from the agenda speaks too: a question was parked, or a measure named, without it.
    """
    page = one_page(db, shareable=shareable)
    first = {10: _walks}
    last = {1: lambda db: list(map(_lower, page.blocks)), 2: partial(_scores, shareable=shareable), 3: _worked,
            12: _pictures, 17: thread.section, 18: _open, 19: _ideas}  # fmt: skip
    blocks: list[Block] = []
    for number, (title, nothing) in enumerate(CHAPTERS, 1):
        parts = [step.chapters[number] for step in AGENDA if number in step.chapters]
        said = [block for part in (first.get(number), *parts, last.get(number)) if part for block in part(db)]
        blocks += [Heading(f"{number}  {_(title)}"), *(said or [Paragraph(_(nothing), "quiet")])]
    blocks = list(map(without_empty_columns, blocks))
    return Document(page.title, page.subtitle, page.language, blocks)


def _walks(db: Database) -> list[Block]:
    """The walk past all touchpoints, in parts that a sheet can show."""
    walked = felt(items.list_items(db, "touchpoint"))
    parts = [walked[start : start + A_WALK] for start in range(0, len(walked), A_WALK)]
    said = _(
        "How it feels today from {first} to {last}, the higher the better. "
        "Filled: the promise is kept there; half: partly; crossed: broken; dotted: unknown."
    )
    return [
        Picture(
            draw_walk(part, colours=drawing_colours("light")),
            said.format(first=part[0]["ref"], last=part[-1]["ref"]),
            f"walk-{part[0]['ref']}",
        )
        for part in parts
    ]


def _lower(block: Block) -> Block:
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _scores(db: Database, shareable: bool) -> list[Block]:
    ranking = get_ranking(db)
    if not ranking:
        return []
    share = _("Customers’ measures weigh {share} of 100, the company’s the rest.")
    said = [
        _("Everybody rated alone what each concept does to each measure: −3 hurts a lot, 0 no effect, +3 helps a lot."),
        _("A score is the average rating times the agreed weight, from −100 to 100."),
        share.format(share=f"{ranking.customer_share:g}"),
        _("“Cannot judge” is no rating, and never a zero."),
        _("Effort is the sum of what the requirements that are not there yet take, 1 to 5 each; more is harder."),
        *([_("In this shareable version what costs would take is not counted in the effort.")] if shareable else []),
    ]
    return [Bullets(said)]


def _worked(db: Database) -> list[Block]:
    """The day as it was planned and as it went, where anything was done."""
    spent = minutes_spent(db, datetime.now(UTC))
    if not spent:
        return []
    rows = [[row["title"], str(row["minutes"]), f"{spent[row['slug']]:.0f}" if row["slug"] in spent else ""]
            for row in list_agenda(db)]  # fmt: skip
    head = [_("Step"), _("Minutes planned"), _("Minutes spent")]
    return [Heading(_("How the day went"), 3), Table(head, rows, _("Minutes planned and spent, step by step"))]


def ranking_chart(ranking: RankedConcepts) -> Chart:
    """The concepts by score, the leading ones where there are more than a picture holds."""
    rows = ranking.rows[:MOST_DRAWN]
    parts = ("score", "customer_score", "business_score")
    cells = [[f"{row['ref']} {row['name']}", *(whole(row[part]) for part in parts)] for row in rows]
    head = [_("Concept"), _("Score"), _("For customers"), _("For the business")]
    words = {"score": head[1], "customer": head[2], "business": head[3], "concept": head[0], "none": _("not rated")}
    table = Table(head, cells, _("Concepts by their impact on what we count"))
    drawn = _("These are the first {some} of {all}.").format(some=len(rows), all=len(ranking.rows))
    left_out = drawn if len(rows) < len(ranking.rows) else ""
    said = " ".join(filter(None, (ranking.sentence, left_out, ranking.untold)))
    return Chart(charts.ranked_dots(rows, words=words), table, (1,), said)


def weights_chart(db: Database) -> list[Chart]:
    rows = [row for row in list_metrics(db, "cpi", "kpi") if row["weight"]]
    if not rows:
        return []
    title = _("What counts how much")
    table = Table([_("Measure"), _("Weight")], [[f"{r['ref']} {r['name']}", figure(r["weight"])] for r in rows], title)
    most = max(rows, key=lambda row: row["weight"])
    text = _("{name} weighs most: {weight} of 100.").format(name=most["name"], weight=figure(most["weight"]))
    return [Chart(charts.weight_bars(rows), table, (1,), text)]


def effort_chart(ranking: RankedConcepts) -> list[Chart]:
    """What each concept moves against what it still takes, of those of which both are known and may be told."""
    rows = [row for row in ranking.rows if None not in (row["effort"], row["score"])][:MOST_DRAWN]
    if not rows:
        return []
    head = [_("Concept"), _("Score"), _("Effort still to come")]
    spec = certainty_charts.impact_and_effort(rows, words={"score": head[1], "effort": head[2]})
    rows.sort(key=lambda row: (row["effort"], -row["score"]))
    cells = [[f"{row['ref']} {row['name']}", whole(row["score"]), whole(row["effort"])] for row in rows]
    front = ", ".join(one["name"] for one in spec["datasets"]["rows"] if one["front"])
    text = _("Nothing else moves as much for as little effort: {names}.").format(names=front)
    return [Chart(spec, Table(head, cells, _("Impact against effort still to come")), (1,), text)]


def _pictures(db: Database) -> list[Block]:
    """The order as a picture, impact against effort, what counts how much, how sure people said they were."""
    ranking = get_ranking(db)
    if not ranking:
        return []
    blocks: list[Block] = [ranking_chart(ranking), *effort_chart(ranking), *weights_chart(db)]
    sure = dict(
        db.execute(
            f"""SELECT concept, avg(confidence) FROM rating WHERE confidence IS NOT NULL AND {SEEN}
            GROUP BY concept HAVING count(DISTINCT pen) >= {withheld.FEW}"""
        ).fetchall()
    )
    rows = [[row["ref"], row["name"], f"{sure[row['ref']]:.1f}"] for row in ranking.rows if row["ref"] in sure]
    head = ["", _("Concept"), _("How sure, 1–3")]
    return [*blocks, Table(head, rows, _("How sure people said they were, on average"))] if rows else blocks


def _open(db: Database) -> list[Block]:
    """What nobody knows yet, what was only assumed, and what the rest was built on."""
    blocks: list[Block] = []
    for title, table in ((_("Open questions"), "question"), (_("Assumptions"), "assumption")):
        rows = [[row["ref"], row["text"], row["owner_role"], row["due"] or "", row["answer"]]
                for row in items.list_items(db, table)]  # fmt: skip
        if rows:
            blocks.append(Table(["", title, _("Owner"), _("Due"), _("Answer")], rows, title))
    evidence = [
        [row["ref"], _(row["evidence_source"]), row["evidence_note"], figure(row["evidence_strength"])]
        for row in items.list_items(db, "purpose") if row["evidence_source"]
    ]  # fmt: skip
    evidence += [[row["ref"], row["evidence"], "", ""] for row in items.list_items(db, "concept") if row["evidence"]]
    if evidence:
        head = ["", _("Heard in, or built on"), _("What we saw"), _("How strong, 1–3")]
        blocks.append(Table(head, evidence, _("What purposes and concepts are built on")))
    return blocks


def _ideas(db: Database) -> list[Block]:
    """All of them in their order, and what the room wrote of which nobody made anything yet."""
    ideas = [
        [row["ref"], row["text"], row["purpose"] or "", _("became {ref}").format(ref=row["concept"])
         if row["concept"] else _(row["status"])]
        for row in items.list_items(db, "idea")
    ]  # fmt: skip
    head = ["", _("Idea"), _("For"), _("What became of it")]
    blocks: list[Block] = [Table(head, ideas, _("All ideas, in the order in which they came"))] if ideas else []
    titles = {row["slug"]: row["title"] for row in list_agenda(db)}
    written = [[titles.get(step.slug) or _(step.title), row["text"]]
               for step in AGENDA for row in list_entries(db, step.slug)]  # fmt: skip
    return [*blocks, Table([_("Step"), _("Written")], written, _("Also written"))] if written else blocks
