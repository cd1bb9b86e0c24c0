"""The session as a document: one page for somebody who was not there, or everything, from every step's section.

Renderers in exports/ only render.
"""

from datetime import date

from sqlite_utils import Database

from workshop import items, store
from workshop.agenda import list_agenda
from workshop.document import Bullets, Document, Heading, Paragraph, Table
from workshop.entries import list_entries
from workshop.people import list_participants
from workshop.steps import AGENDA
from workshop.steps.concepts import list_concepts
from workshop.steps.prepare import get_workshop
from workshop.steps.promise import get_promise, tests_of
from workshop.steps.purpose import list_chosen
from workshop.steps.ranking import get_ranking
from workshop.steps.strategy import figure, list_metrics
from workshop.words import _, language


def full(db: Database) -> Document:
    """Everything there is: the one page first, then each step that has something to say.

    A step that was dropped from the agenda speaks too: a question was parked, or a measure named, without it.
    """
    page = one_page(db)
    blocks = list(page.blocks)
    titles = {row["slug"]: row["title"] for row in list_agenda(db)}
    for step in AGENDA:
        section = [*step.section(db), *_left_over(db, step.slug)]
        if section:
            blocks += [Heading(titles.get(step.slug) or _(step.title), 2), *section]
    return Document(page.title, page.subtitle, page.language, blocks)


def _left_over(db: Database, step: str) -> list:
    """What the room wrote at a step and nobody made anything of yet."""
    rows = list_entries(db, step)
    return [Heading(_("Also written"), 3), Bullets([row["text"] for row in rows])] if rows else []


def one_page(db: Database) -> Document:
    """Conclusion first (METHOD.md §6): what was promised, why, what starts, how we will know, what was given up."""
    workshop = get_workshop(db)
    parts = (_promised(db), _why(db), _starting(db), _asked(db), _known_by(db), _given_up(db))
    blocks = [block for part in (_about(db, workshop), *parts) for block in part]
    if not any(parts):
        blocks.append(Paragraph(_("Nothing has been written in this workshop yet.")))
    state = _("Revision {number}, {moment} UTC").format(
        number=store.revision(db), moment=store.now()[:16].replace("T", " ")
    )
    return Document(workshop["title"], _subtitle(workshop), language.get(), [*blocks, Paragraph(state, "quiet")])


def _subtitle(workshop: dict) -> str:
    invented = _("An invented example") if workshop["fictional"] else ""
    day = date.fromisoformat(workshop["date"]).isoformat() if workshop["date"] else ""
    return " · ".join(filter(None, (workshop["organisation"], day, invented)))


def _about(db: Database, workshop: dict) -> list:
    question = workshop["scope_question"]
    blocks = [Paragraph(question)] if question and question != workshop["title"] else []
    groups: dict[str, int] = {}
    for person in list_participants(db):
        groups[person["group"]] = groups.get(person["group"], 0) + 1
    if groups:
        who = ", ".join(f"{count} {_(group)}" for group, count in groups.items())
        blocks.append(Paragraph(_("Took part: {who}.").format(who=who), "quiet"))
    return blocks


def _promised(db: Database) -> list:
    promise = get_promise(db)
    if not promise:
        return []
    blocks = [Heading(_("What we promise")), Paragraph(promise["text"], "lead")]
    tests = tests_of(promise)
    return [*blocks, *([Bullets([f"{name}: {text}" for name, text in tests])] if tests else [])]


def _why(db: Database) -> list:
    upper, small = list_chosen(db, "big", "medium"), list_chosen(db, "small")[:5]
    blocks: list = [Paragraph(row["text"]) for row in upper]
    if small:
        said = [
            f"{row['ref']}  “{row['text']}”" + (f" ({_(row['evidence_source'])})" if row["evidence_source"] else "")
            for row in small
        ]
        blocks.append(Bullets(said))
    return [Heading(_("Why")), *blocks] if blocks else []


def _starting(db: Database) -> list:
    """Up to five selected concepts, best first, with their first action."""
    ranking, selected = get_ranking(db), list_concepts(db, "selected")
    scored = {row["ref"]: row for row in ranking.rows} if ranking else {}
    order = list(scored)
    selected.sort(key=lambda row: order.index(row["ref"]) if row["ref"] in scored else len(order))
    actions = items.list_items(db, "activation")
    rows = []
    for concept in selected[:5]:
        row = scored.get(concept["ref"], {})
        first = next((action for action in actions if action["concept"] == concept["ref"]), None)
        who = " · ".join(filter(None, (first["owner_role"], first["due"]))) if first else ""
        rows.append(
            [f"{concept['name']} ({concept['ref']})", concept["what_happens"], ", ".join(concept["purposes"]),
             *(_whole(row.get(part)) for part in ("customer_score", "business_score", "effort")), who]
        )  # fmt: skip
    head = [_("Concept"), _("What happens"), _("For"), _("Customers"), _("Business"), _("Effort"), _("Who, by when")]
    blocks: list = [Table(head, rows, _("What starts first"))] if rows else []
    if ranking:
        blocks.append(Paragraph(ranking.sentence))
    return [Heading(_("We start with")), *blocks] if blocks else []


def _asked(db: Database) -> list:
    rows = [
        [row["text"], row["rationale"], row["decided_by_role"], row["owner_role"], row["due"] or ""]
        for row in items.list_items(db, "decision")
    ]
    head = [_("Decision"), _("Because"), _("Decided by"), _("Owner"), _("By")]
    return [Heading(_("What was decided")), Table(head, rows, _("Decisions"))] if rows else []


def _known_by(db: Database) -> list:
    rows = [
        [f"{row['name']} ({row['ref']})",
         f"{figure(row['baseline'])} → {figure(row['target'])} {row['unit']}".strip(" →"),
         row["cadence"], row["owner_role"]]
        for row in (*list_metrics(db, "cpi")[:4], *list_metrics(db, "kpi")[:3])
    ]  # fmt: skip
    dates = [row["date"] for row in items.list_items(db, "review") if row["date"]]
    blocks: list = (
        [Table([_("What we count"), _("Today → target"), _("How often"), _("Owner")], rows, _("CPIs and KPIs"))]
        if rows
        else []
    )
    if dates:
        blocks.append(Paragraph(_("We look again on {date}.").format(date=min(dates))))
    return [Heading(_("How we will know")), *blocks] if blocks else []


def _given_up(db: Database) -> list:
    out = [f"{row['name']} ({row['ref']}): {_(row['status'])}" for row in list_concepts(db, "parked", "rejected")]
    dissent = [row["dissent"] for row in items.list_items(db, "decision") if row["dissent"]]
    blocks: list = [Bullets(out)] if out else []
    if dissent:
        blocks += [Paragraph(_("Who disagreed")), Bullets(dissent)]
    return [Heading(_("What we gave up")), *blocks] if blocks else []


def _whole(value: float | None) -> str:
    return "" if value is None else f"{round(value):d}".replace("-", "−")
