"""The full version (METHOD.md §6): the one page, then everything behind it, in nineteen sections.

A step's own section is the step's; what belongs to no step (how to read scores, the rating table, open points, all
ideas) is put together here.
"""

from dataclasses import replace
from statistics import mean, median

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
from workshop.steps.concepts import list_live
from workshop.steps.ranking import RankedConcepts, get_ranking
from workshop.steps.strategy import figure, list_metrics
from workshop.summary.page import one_page, whole
from workshop.words import _

SHARES = (0, 50, 60, 70, 100)
FEW = 3  # below so many answers a cell says who gave them
MOST_DRAWN = 30  # concepts that a picture keeps apart


def full(db: Database, *, shareable: bool = False) -> Document:
    """Everything there is; a section with nothing to say is left out.

    A step that was dropped from the agenda speaks too: a question was parked, or a measure named, without it.
    """
    page = one_page(db, shareable=shareable)
    blocks: list[Block] = [Heading(_("On one page")), *map(_lower, page.blocks), *_scores(db)]
    titles = {row["slug"]: row["title"] for row in list_agenda(db)}
    for step in AGENDA:
        section = [*step.section(db), *(_ratings(db, shareable) if step.slug == "ranking" else [])]
        section += _left_over(db, step.slug)
        if section:
            blocks += [Heading(titles.get(step.slug) or _(step.title), 2), *section]
    blocks += [*thread.section(db), *_open(db), *_ideas(db)]
    return Document(page.title, page.subtitle, page.language, list(map(without_empty_columns, blocks)))


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


def _ratings(db: Database, shareable: bool) -> list[Block]:
    """The picture of the order, how the ratings lie, and the order at other customer shares."""
    ranking, concepts = get_ranking(db), list_live(db)
    if not ranking:
        return []
    blocks: list[Block] = [ranking_chart(ranking), *weights_chart(db)]
    groups = {"cpi": _("Ratings on what customers count"), "kpi": _("Ratings on what the company counts")}
    for kind, title in groups.items():
        metrics = list_metrics(db, kind)
        if metrics:
            how = _("{title}: median (lowest to highest), how many rated; how sure they were, 1 to 3, on average")
            head = [_("Concept"), *(row["ref"] for row in metrics), _("How sure")]
            rows = list_cells(db, concepts, metrics, FEW if shareable else 1)
            blocks.append(Table(head, rows, how.format(title=title)))
    orders = [get_ranking(db, float(share)) for share in SHARES]
    places = [{row["ref"]: str(row["rank"]) for row in order.rows} if order else {} for order in orders]
    rows = [[f"{row['ref']} {row['name']}", *(place.get(row["ref"], "") for place in places)] for row in ranking.rows]
    head = [_("Concept"), *(f"{share}" for share in SHARES)]
    return [*blocks, Table(head, rows, _("Place, when customers’ measures weigh 0, 50, 60, 70 or all 100 of 100"))]


def list_cells(db: Database, concepts: list[dict], metrics: list[dict], few: int) -> list[list[str]]:
    """Per concept and metric "median (lowest to highest), n", "<n" below `few` ratings, and how sure they were."""
    answers: dict[tuple[str, str], dict[int, tuple]] = {}
    rows = db.execute(f"SELECT pen, concept, metric, value, confidence FROM rating WHERE {SEEN} ORDER BY round, id")
    for pen, concept, metric, value, confidence in rows.fetchall():  # a later round replaces an earlier one
        answers.setdefault((concept, metric), {})[pen] = value, confidence
    table = []
    for concept in concepts:
        cells, sure = [], []
        for metric in metrics:
            given = answers.get((concept["ref"], metric["ref"]), {}).values()
            values = sorted(value for value, _confidence in given if value is not None)
            shown = len(values) >= few
            sure += [confidence for _value, confidence in given if confidence] if shown else []
            cells.append(_cell(values) if values and shown else f"<{few}" if values else "–")
        certainty = f"{mean(sure):.1f}" if len(sure) >= few else ""
        table.append([f"{concept['ref']} {concept['name']}", *cells, certainty])
    return table


def _cell(values: list[int]) -> str:
    middle = f"{median(values):+g}" if median(values) else "0"
    return f"{middle} ({values[0]}…{values[-1]}),\u00a0{len(values)}".replace("-", "−")


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
