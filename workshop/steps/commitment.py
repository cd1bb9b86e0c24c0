"""Steps 15–18: what starts, who does it, when we look again; decisions, questions and assumptions of the whole day."""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Bullets, Heading, Table
from workshop.entries import check_step
from workshop.step import Step
from workshop.steps import kept_order
from workshop.words import N_, _

ACTIVATIONS = (
    "employees", "leadership", "vision", "daily_task", "policy", "practice", "training", "recognition",
    "communication", "research", "partner", "review",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AddActivation:
    """An action that brings a concept or the promise to life."""

    concept: str | None = fields.ref_to("concept")
    promise: str | None = fields.ref_to("promise")
    kind: str = fields.one_of(*ACTIVATIONS, needed=True)
    action: str = fields.text(needed=True, most=500)
    owner_role: str = fields.line(N_("Owner"), starred=True)
    due: str | None = fields.day(starred=True, ahead=True)
    status: str = fields.one_of("open", "doing", "done", "dropped", default="open")


@dataclass(frozen=True, kw_only=True)
class AddDecision:
    """What was decided, why, by whom, and who disagreed."""

    step: str | None = fields.line(default=None)
    text: str = fields.text(N_("Decision"), most=500, needed=True)
    rationale: str = fields.text(N_("Because"), starred=True)
    decided_by_role: str = fields.line(N_("Decided by"), starred=True)
    owner_role: str = fields.line(N_("Owner"), starred=True)
    due: str | None = fields.day(ahead=True)
    dissent: str = fields.text(N_("Who disagreed, and why"))


@dataclass(frozen=True, kw_only=True)
class AddReview:
    """When we look again, and at which metrics."""

    date: str | None = fields.day(starred=True, ahead=True)
    forum: str = fields.line(most=500)
    metrics: tuple[str, ...] = fields.refs_to("metric")
    result: str | None = fields.one_of("keep", "change", "stop")
    what_changed: str = fields.text()


@dataclass(frozen=True, kw_only=True)
class ParkQuestion:
    """A question that must not be lost, and must not be answered now."""

    text: str = fields.text(N_("Question"), most=500, needed=True)
    owner_role: str = fields.line(N_("Owner"))
    due: str | None = fields.day(ahead=True)
    answer: str = fields.text()


@dataclass(frozen=True, kw_only=True)
class AddAssumption(ParkQuestion):
    """Something we take to be true and have not checked."""

    text: str = fields.text(N_("Assumption"), most=500, needed=True)


ACTIVATION = items.noun("activation", AddActivation, "A")
DECISION = items.noun("decision", AddDecision, "X", check=check_step)
REVIEW = items.noun("review", AddReview, "R")
QUESTION = items.noun("question", ParkQuestion, "Q")
ASSUMPTION = items.noun("assumption", AddAssumption, "AS")


def add_activation(db: Database, command: AddActivation) -> str:
    return items.add(db, ACTIVATION, command)


def add_decision(db: Database, command: AddDecision) -> str:
    """A decision made once concepts were ranked keeps the order that it was made upon."""
    decision = items.add(db, DECISION, command)
    if command.step in kept_order.STEPS:
        kept_order.keep(db, decision)
    return decision


def add_review(db: Database, command: AddReview) -> str:
    return items.add(db, REVIEW, command)


def park_question(db: Database, command: ParkQuestion) -> str:
    return items.add(db, QUESTION, command)


def question_from(db: Database, text: str) -> str:
    return park_question(db, ParkQuestion(text=text))


def add_assumption(db: Database, command: AddAssumption) -> str:
    return items.add(db, ASSUMPTION, command)


def section(db: Database) -> list:
    blocks: list = []
    for title, head, rows in (
        (_("Decisions"), [_("Decision"), _("Because"), _("Decided by"), _("Owner"), _("Due"), _("Who disagreed")],
         [[r["text"], r["rationale"], r["decided_by_role"], r["owner_role"], r["due"] or "", r["dissent"]]
          for r in items.list_items(db, "decision")]),
        (_("Actions"), [_("Action"), _("Kind"), _("Owner"), _("Due"), _("For")],
         [[r["action"], _(r["kind"]), r["owner_role"], r["due"] or "", r["concept"] or r["promise"] or ""]
          for r in items.list_items(db, "activation")]),
        (_("When we look again"), [_("Date"), _("Where"), _("At")],
         [[r["date"] or "", r["forum"], ", ".join(r["metrics"])] for r in items.list_items(db, "review")]),
    ):  # fmt: skip
        if rows:
            blocks += [Heading(title, 3), Table(head, rows, title)]
    for title, table in ((_("Open questions"), "question"), (_("Assumptions"), "assumption")):
        rows = items.list_items(db, table)
        if rows:
            blocks += [Heading(title, 3), Bullets([row["text"] for row in rows])]
    return blocks


STEP = Step(
    slug="commitment",
    title=N_("Commitment"),
    minutes=75,
    prompt=N_("What starts first?"),
    below=N_("Start, later, or not; who does it, by when, and when we look again."),
    section=section,
    is_complete=lambda db: bool(items.list_items(db, "decision")),
    shown=lambda db: None,
    activities=(
        Offer("pulse", N_("Do you believe it?"), 2, N_("Do you believe in it?"), lambda db: {"scale": "number"}),
    ),
    nouns=(ACTIVATION, DECISION, REVIEW, QUESTION, ASSUMPTION),
)
