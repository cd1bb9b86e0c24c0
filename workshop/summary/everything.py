"""The full version (METHOD.md §6): the one page, then everything behind it, in nineteen sections.

A step's own section is the step's; what belongs to no step (how to read scores, the rating table, open points, all
ideas) is put together here.
"""

import re
from dataclasses import replace

from sqlite_utils import Database

from workshop import charts, items, thread
from workshop.activities.rate import SEEN
from workshop.agenda import list_agenda
from workshop.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    Table,
    without_empty_columns,
)
from workshop.entries import list_entries
from workshop.steps import AGENDA
from workshop.steps.ranking import RankedConcepts, get_ranking
from workshop.steps.strategy import figure, list_metrics
from workshop.summary.page import one_page, whole
from workshop.words import _

FEW = 3  # below so many answers a cell says who gave them
LONE = re.compile(r"[+−]?[\d.]+ \([+−]?\d … [+−]?\d, [12]\)$")  # steps/order.py writes "+2 (−1 … +3, 12)"
MOST_DRAWN = 30  # concepts that a picture keeps apart


def full(db: Database, *, shareable: bool = False) -> Document:
    """Everything there is; a section with nothing to say is left out.

    A step that was dropped from the agenda speaks too: a question was parked, or a measure named, without it.
    """
    page = one_page(db, shareable=shareable)
    blocks: list[Block] = [Heading(_("On one page")), *map(_lower, page.blocks), *_scores(db)]
    titles = {row["slug"]: row["title"] for row in list_agenda(db)}
    for step in AGENDA:
        section = [*step.section(db), *(_pictures(db) if step.slug == "ranking" else [])]
        section += _left_over(db, step.slug)
        if section:
            blocks += [Heading(titles.get(step.slug) or _(step.title), 2), *section]
    blocks += [*thread.section(db), *_open(db), *_ideas(db)]
    blocks = list(map(without_empty_columns, blocks))
    if shareable:
        blocks = list(map(_without_lone_ratings, blocks))
    return Document(page.title, page.subtitle, page.language, blocks)


def _lower(block: Block) -> Block:
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _scores(db: Database) -> list[Block]:
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
    ]
    return [Heading(_("How to read the scores")), Bullets(said)]


def _left_over(db: Database, step: str) -> list[Block]:
    """What the room wrote at a step and nobody made anything of yet."""
    rows = list_entries(db, step)
    return [Heading(_("Also written"), 3), Bullets([row["text"] for row in rows])] if rows else []


def ranking_chart(ranking: RankedConcepts) -> Chart:
    """The concepts by score, the leading ones where there are more than a picture holds."""
    rows = ranking.rows[:MOST_DRAWN]
    parts = ("score", "customer_score", "business_score")
    cells = [[f"{row['ref']} {row['name']}", *(whole(row[part]) for part in parts)] for row in rows]
    head = [_("Concept"), _("Score"), _("For customers"), _("For the business")]
    words = {"score": head[1], "customer": head[2], "business": head[3], "concept": head[0], "none": _("not rated")}
    table = Table(head, cells, _("Concepts by their impact on what we count"))
    return Chart(charts.ranked_dots(rows, words=words), table, (1,), ranking.sentence)


def weights_chart(db: Database) -> list[Chart]:
    rows = [row for row in list_metrics(db, "cpi", "kpi") if row["weight"]]
    if not rows:
        return []
    title = _("What counts how much")
    table = Table([_("Measure"), _("Weight")], [[f"{r['ref']} {r['name']}", figure(r["weight"])] for r in rows], title)
    most = max(rows, key=lambda row: row["weight"])
    text = _("{name} weighs most: {weight} of 100.").format(name=most["name"], weight=figure(most["weight"]))
    return [Chart(charts.weight_bars(rows), table, (1,), text)]


def _pictures(db: Database) -> list[Block]:
    """The order as a picture, what counts how much, and how sure people said they were."""
    ranking = get_ranking(db)
    if not ranking:
        return []
    blocks: list[Block] = [ranking_chart(ranking), *weights_chart(db)]
    sure = dict(
        db.execute(
            f"""SELECT concept, avg(confidence) FROM rating WHERE confidence IS NOT NULL AND {SEEN}
            GROUP BY concept HAVING count(*) >= {FEW}"""
        ).fetchall()
    )
    rows = [[row["ref"], row["name"], f"{sure[row['ref']]:.1f}"] for row in ranking.rows if row["ref"] in sure]
    head = ["", _("Concept"), _("How sure, 1–3")]
    return [*blocks, Table(head, rows, _("How sure people said they were, on average"))] if rows else blocks


def _without_lone_ratings(block: Block) -> Block:
    """A cell in which one or two people are counted would say what they answered."""
    if not isinstance(block, Table):
        return block
    return replace(block, rows=[[f"<{FEW}" if LONE.match(cell) else cell for cell in row] for row in block.rows])


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
    evidence += [
        [row["ref"], _(row["kind"]), " · ".join(filter(None, (row["note"], row["date"], row["link"]))),
         figure(row["strength"])]
        for row in items.list_items(db, "evidence")
    ]  # fmt: skip
    evidence += [[row["ref"], row["evidence"], "", ""] for row in items.list_items(db, "concept") if row["evidence"]]
    if evidence:
        head = ["", _("Heard in, or built on"), _("What we saw"), _("How strong, 1–3")]
        blocks.append(Table(head, evidence, _("Evidence")))
    return [Heading(_("Open points and evidence")), *blocks] if blocks else []


def _ideas(db: Database) -> list[Block]:
    rows = [
        [row["ref"], row["text"], row["purpose"] or "", _("became {ref}").format(ref=row["concept"])
         if row["concept"] else _(row["status"])]
        for row in items.list_items(db, "idea")
    ]  # fmt: skip
    head = ["", _("Idea"), _("For"), _("What became of it")]
    return [Heading(_("All ideas")), Table(head, rows, _("All ideas, in the order in which they came"))] if rows else []
