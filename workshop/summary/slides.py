"""The session as slides: each heading of level 2 begins one (METHOD.md §6, the same words as the other forms)."""

from sqlite_utils import Database

from workshop import items
from workshop.checks.thread import read_whole
from workshop.document import Block, Bullets, Document, Heading, Paragraph, Picture, Table, size_of
from workshop.figures import figure, whole
from workshop.palette import drawing_colours
from workshop.steps.prepare import get_workshop
from workshop.steps.promise import get_promise, tests_of
from workshop.steps.purpose import list_chosen
from workshop.steps.ranking import get_ranking
from workshop.steps.strategy import list_metrics
from workshop.summary.everything import ranking_chart
from workshop.summary.page import first_test, list_starting, subtitle
from workshop.thread import draw_thread, tables_of, ways_table
from workshop.thread.loose import thread_sentence
from workshop.thread.ways import list_ways
from workshop.words import _, language


def slides(db: Database, *, shareable: bool = False) -> Document:
    """Title, promise, purposes, thread, one for each selected concept, ranking, decisions, measures, next dates."""
    workshop = get_workshop(db)
    parts = (_promise(db), _purposes(db), _thread(db), _concepts(db), _ranking(db), _decisions(db), _measures(db),
             _dates(db))  # fmt: skip
    blocks = [block for part in parts for block in part]
    if question := workshop["scope_question"]:
        blocks.insert(0, Paragraph(question))
    note = _("Shareable version") if shareable else _("Internal version")
    line = " · ".join(filter(None, (subtitle(workshop), note)))
    return Document(workshop["title"], line, language.get(), blocks)


def _promise(db: Database) -> list[Block]:
    promise = get_promise(db)
    if not promise:
        return []
    tests = [f"{name}: {text}" for name, text in tests_of(promise)]
    return [Heading(_("What we promise")), Paragraph(promise["text"], "lead"), *([Bullets(tests)] if tests else [])]


def _purposes(db: Database) -> list[Block]:
    upper, small = list_chosen(db, "big", "medium"), list_chosen(db, "small")
    said = [f"{row['ref']}  “{row['text']}”" for row in small]
    blocks = [Paragraph(row["text"]) for row in upper] + ([Bullets(said)] if said else [])
    return [Heading(_("Why")), *blocks] if blocks else []


def _thread(db: Database) -> list[Block]:
    """The picture, or where it is so high that nobody could read it on a slide, every way as a row."""
    read = read_whole(db)
    tables = tables_of(read)
    if not tables["purposes"]:
        return []
    svg = draw_thread(tables, width=860, height=310, colours=drawing_colours("light"))
    drawn = Picture(svg, thread_sentence(tables))
    wide, high = size_of(drawn)
    said = [drawn] if wide > high else [Paragraph(drawn.text), ways_table(list_ways(read))]
    return [Heading(_("The thread from purpose to KPIs")), *said]


def _concepts(db: Database) -> list[Block]:
    blocks: list[Block] = []
    said = {row["ref"]: row["text"] for row in list_chosen(db, "small")}
    for row in list_starting(db):
        scores = row["scores"]
        points = [
            _("For: {purposes}").format(purposes="; ".join(f"“{said[ref]}”" for ref in row["purposes"] if ref in said)),
            _("Customers {customers}, business {business}, effort {effort}").format(
                customers=whole(scores.get("customer_score")) or "–",
                business=whole(scores.get("business_score")) or "–",
                effort=whole(scores.get("effort")) or "–",
            ),
            *(f"{one['action']} ({' · '.join(filter(None, (one['owner_role'], one['due'])))})"
              for one in row["actions"][:3]),
            *([_("First test: {test}").format(test=first_test(row))] if first_test(row) else []),
            *([_("Our biggest guess: {guess}").format(guess=row["biggest_guess"])] if row["biggest_guess"] else []),
        ]  # fmt: skip
        if not any(ref in said for ref in row["purposes"]):
            points.pop(0)
        lead = [Paragraph(row["what_happens"], "lead")] if row["what_happens"] else []
        blocks += [Heading(f"{row['ref']}  {row['name']}"), *lead, Bullets(points)]
    return blocks


def _ranking(db: Database) -> list[Block]:
    ranking = get_ranking(db)
    return [Heading(_("Concepts by their impact")), ranking_chart(ranking)] if ranking else []


def _decisions(db: Database) -> list[Block]:
    rows = [
        [row["text"], row["rationale"], " · ".join(filter(None, (row["owner_role"], row["due"]))), row["dissent"]]
        for row in items.list_items(db, "decision")
    ]
    head = [_("Decision"), _("Because"), _("Owner, by"), _("Who disagreed")]
    return [Heading(_("What was decided")), Table(head, rows, _("Decisions"))] if rows else []


def _measures(db: Database) -> list[Block]:
    rows = [
        [f"{row['ref']} {row['name']}", figure(row["baseline"]), figure(row["target"]), row["unit"], row["owner_role"]]
        for row in list_metrics(db, "cpi", "kpi")
    ]
    head = [_("What we count"), _("Today"), _("Target"), _("Unit"), _("Owner")]
    return [Heading(_("How we will know")), Table(head, rows, _("CPIs and KPIs"))] if rows else []


def _dates(db: Database) -> list[Block]:
    rows = sorted(
        [[row["due"], row["action"], row["owner_role"]]
         for row in items.list_items(db, "activation") if row["due"] and row["status"] in ("open", "doing")]
        + [[row["date"], _("Review: {forum}").format(forum=row["forum"]), ", ".join(row["metrics"])]
           for row in items.list_items(db, "review") if row["date"] and not row["result"]]
    )  # fmt: skip
    head = [_("Date"), _("What"), _("Who")]
    return [Heading(_("What comes next")), Table(head, rows, _("Next dates"))] if rows else []
