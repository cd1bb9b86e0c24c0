"""Steps 15–18: what starts, who does it, when we look again; decisions, questions and assumptions of the whole day."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, room
from workshop.activities import Offer
from workshop.document import Table
from workshop.entries import check_step
from workshop.figures import figure
from workshop.problems import Conflict, Problem, Rejected
from workshop.step import Slip, Slips, Step, Turn, choice
from workshop.steps import kept_order, opening, order
from workshop.steps.concepts import list_concepts, list_live, list_selected
from workshop.steps.impacts import middle, read_ratings
from workshop.steps.ranking import get_ranking
from workshop.steps.strategy import list_metrics
from workshop.words import N_, _

# what a concept can be told at the end: it starts, it waits, or it does not come
CHOICES = {"selected": N_("Start"), "parked": N_("Later"), "rejected": N_("Not")}
ACTIVATIONS = (
    "employees", "leadership", "vision", "daily_task", "policy", "practice", "training", "recognition",
    "communication", "research", "partner", "review",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AddActivation:
    """An action that brings a concept or the promise to life."""

    concept: str | None = fields.ref_to("concept", N_("For which concept"))
    promise: str | None = fields.ref_to("promise", N_("For which promise"))
    kind: str = fields.one_of(*ACTIVATIONS, label=N_("Which kind"), needed=True)
    action: str = fields.text(N_("Who does what?"), needed=True, most=500)
    owner_role: str = fields.line(N_("Owner"), starred=True)
    due: str | None = fields.day(starred=True, ahead=True)
    status: str = fields.one_of("open", "doing", "done", "dropped", default="open")


@dataclass(frozen=True, kw_only=True)
class AddDecision:
    """What was decided, why, by whom, and who disagreed."""

    step: str | None = fields.step(N_("At which step"))
    text: str = fields.text(N_("What was decided"), most=500, needed=True)
    rationale: str = fields.text(N_("The reason, in your words"), starred=True)
    decided_by_role: str = fields.line(N_("Decided by"), starred=True)
    owner_role: str = fields.line(N_("Owner"), starred=True)
    due: str | None = fields.day(ahead=True)
    dissent: str = fields.text(N_("Who disagreed, and why"))
    gives_up: str = fields.text(N_("What we give up"))
    because_of: tuple[str, ...] = fields.refs_to(
        "promise",
        N_("Which promise, purpose, value, principle or figure it follows"),
        also=("purpose", "value", "principle", "metric"),
    )
    state: str = fields.one_of("made", "provisional", "reversed", label=N_("Does it stand?"), default="made")


@dataclass(frozen=True)
class Decide:
    """Start, later or not; starting what does not keep the promise takes a reason, and dissent stands beside it."""

    concept: str
    status: str
    reason: str = ""
    dissent: str = ""


@dataclass(frozen=True, kw_only=True)
class AddPracticeReview:
    """Something we do today, and whether it may stay."""

    practice: str = fields.line(N_("What we do today"), most=500, needed=True, starred=True)
    decision: str | None = fields.one_of("keep", "change", "stop", label=N_("Keep, change or stop?"), starred=True)
    whose: str = fields.line(N_("Whose practice it is"))
    principle: str | None = fields.ref_to("principle", N_("Because of which principle"))


@dataclass(frozen=True, kw_only=True)
class AddReview:
    """When we look again, at what, and who may stop it."""

    date: str | None = fields.day(N_("When"), starred=True, ahead=True)
    forum: str = fields.line(N_("Who reads it, who may stop a concept"), most=500)
    metrics: tuple[str, ...] = fields.refs_to("metric", N_("Which figures"))
    about: tuple[str, ...] = fields.refs_to("concept", N_("Of which concepts or promise"), also=("promise",))
    result: str | None = fields.one_of("keep", "change", "stop", label=N_("What came of it"))
    what_changed: str = fields.text()


@dataclass(frozen=True, kw_only=True)
class AddReading:
    """What a metric stood at on a day."""

    metric: str = fields.ref_to("metric", N_("Which figure"), needed=True)
    date: str = fields.day(N_("On which day"), needed=True)
    value: float = fields.number(label=N_("It stood at"), needed=True)
    note: str = fields.line(most=500)
    source: str = fields.line(N_("Where it comes from"))


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
PRACTICE_REVIEW = items.noun("practice_review", AddPracticeReview, "PC")
REVIEW = items.noun("review", AddReview, "R")
READING = items.noun("reading", AddReading, "RD", among=("metric",))
QUESTION = items.noun("question", ParkQuestion, "Q")
ASSUMPTION = items.noun("assumption", AddAssumption, "AS")


def add_activation(db: Database, command: AddActivation) -> str:
    return items.add(db, ACTIVATION, command)


def add_decision(db: Database, command: AddDecision) -> str:
    """One made once concepts were ranked keeps the order that it was made upon. A room that has decided sees it."""
    decision = items.add(db, DECISION, command)
    room.show_decided(db, command.step)
    if command.step in kept_order.STEPS:
        kept_order.keep(db, decision)
    return decision


def decide(db: Database, command: Decide) -> str:
    """Gives the concept's ref. Raises Rejected, as long as nobody says why a concept may break the promise, or why it
    starts before others that stand higher."""
    concept = items.get_item(db, command.concept)
    if command.status not in CHOICES or items.table_of(db, command.concept) != "concept":
        raise Rejected(Problem("status", _("A concept starts, waits, or does not come.")))
    if concept["merged_into"]:
        message = _("{ref} went into {into}. Decide about that one.")
        raise Conflict(message.format(ref=concept["ref"], into=concept["merged_into"]))
    said = fields.accept(AddDecision, {"rationale": command.reason, "dissent": command.dissent})
    if command.status == "selected" and (asked := _what_asks_for_a_reason(db, concept)):
        question, text = asked
        if not said["rationale"]:
            raise Rejected(Problem("rationale", question))
        add_decision(db, AddDecision(step="commitment", text=text, **said))
    return items.set_status(db, items.SetStatus(concept["ref"], command.status))


def _what_asks_for_a_reason(db: Database, concept: dict[str, Any]) -> tuple[str, str] | None:
    """The question, and how the decision reads; None where starting this concept asks for no reason."""
    ref = concept["ref"]
    if concept["keeps_promise"] != "yes":
        question = _("“Are we keeping our promise?” is not answered with yes for {ref}. Why does it start anyway?")
        return question.format(ref=ref), _("Start {ref}, although the promise is not kept by it").format(ref=ref)
    if higher := order.list_passed_over(db, ref):
        refs = ", ".join(higher)
        question = _("Higher in the order, and not starting so far: {refs}. Why does {ref} start?")
        return question.format(refs=refs, ref=ref), _("Start {ref} before {refs}").format(ref=ref, refs=refs)
    return None


def add_practice_review(db: Database, command: AddPracticeReview) -> str:
    return items.add(db, PRACTICE_REVIEW, command)


def add_reading(db: Database, command: AddReading) -> str:
    return items.add(db, READING, command)


def list_in_order(db: Database) -> list[dict[str, Any]]:
    """Every concept that was not merged, best first; those that the ranking leaves out come last.

    Each carries `score`, `customer_score`, `business_score` and `effort`, None where there is none.
    """
    ranking = get_ranking(db)
    scored = {row["ref"]: row for row in ranking.rows} if ranking else {}
    order = {ref: place for place, ref in enumerate(scored)}
    concepts = [row for row in list_concepts(db) if not row["merged_into"]]
    concepts.sort(key=lambda row: order.get(row["ref"], len(order)))
    parts = ("score", "customer_score", "business_score", "effort")
    return [row | {part: scored.get(row["ref"], {}).get(part) for part in parts} for row in concepts]


def list_behind(db: Database) -> list[dict[str, Any]]:
    """The metrics that have not reached their target, each with `now` and the selected concepts meant to move it.

    `now` is the last reading, or what it stood at before there was one; a concept is meant to move a metric on which
    the median of its ratings is above 0.
    """
    latest, ratings = latest_readings(db), read_ratings(db)
    medians = {cell: middle(people) for cell, people in ratings.items()}
    selected = [row["ref"] for row in list_selected(db)]
    found = []
    for metric in list_metrics(db):
        read = latest.get(metric["ref"])
        now, target = read["value"] if read else metric["baseline"], metric["target"]
        if now is None or target is None or (now >= target if metric["direction"] == "up" else now <= target):
            continue
        movers = [ref for ref in selected if medians.get((ref, metric["ref"]), 0) > 0]
        found.append(metric | {"now": now, "movers": movers})
    return found


def latest_readings(db: Database) -> dict[str, dict[str, Any]]:
    """The last reading of each metric that was read."""
    return {row["metric"]: row for row in sorted(items.list_items(db, "reading"), key=lambda row: row["date"])}


def add_review(db: Database, command: AddReview) -> str:
    """Gives the ref. Raises Rejected, also for one that says nothing at all."""
    if not any(vars(command).values()):
        raise Rejected(Problem("date", _("Say when we look again, or who does.")))
    return items.add(db, REVIEW, command)


def park_question(db: Database, command: ParkQuestion) -> str:
    return items.add(db, QUESTION, command)


def question_from(db: Database, text: str) -> str:
    return park_question(db, ParkQuestion(text=text))


def add_assumption(db: Database, command: AddAssumption) -> str:
    return items.add(db, ASSUMPTION, command)


def shown(db: Database) -> Slips | None:
    """What starts, with its first test."""
    slips = [
        Slip(row["ref"], "concept", row["name"], row["first_test"] or row["what_happens"])
        for row in list_in_order(db)
        if row["status"] == "selected"
    ]
    return Slips(slips) if slips else None


def _pulses(db: Database) -> list:
    return opening.pulse_tables(db, "commitment", _("at the close"))


def _decisions(db: Database) -> list:
    head = [_("Decision"), _("Because"), _("Decided by"), _("Owner, by"), _("Who disagreed"), _("What we give up")]
    rows = [
        [r["text"] if r["state"] == "made" else f"{r['text']} ({_(r['state'])})",
         "\n".join(filter(None, (r["rationale"], ", ".join(r["because_of"])))), r["decided_by_role"],
         "\n".join(filter(None, (r["owner_role"], r["due"]))), r["dissent"], r["gives_up"]]
        for r in items.list_items(db, "decision")
    ]  # fmt: skip
    return _filled(head, rows, _("Decisions"))


def _brought_to_life(db: Database) -> list:
    actions = [
        [r["action"], _(r["kind"].replace("_", " ")), r["owner_role"], r["due"] or "",
         r["concept"] or r["promise"] or "", _(r["status"])]
        for r in items.list_items(db, "activation")
    ]  # fmt: skip
    practices = [
        [r["practice"], _(r["decision"] or ""), r["whose"], r["principle"] or ""]
        for r in items.list_items(db, "practice_review")
    ]
    head = [_("Action"), _("Kind"), _("Owner"), _("Due"), _("For"), _("State")]
    of_practices = [_("What we do today"), _("Decision"), _("Whose"), _("Because of")]
    return [*_filled(head, actions, _("Actions")), *_filled(of_practices, practices, _("Practices"))]


def _calendar(db: Database) -> list:
    tests = [
        [row["ref"], row["name"], row["first_test"], row["test_with"], row["test_by"] or ""]
        for row in list_selected(db) if row["first_test"]
    ]  # fmt: skip
    reviews = [
        [r["date"] or "", r["forum"], ", ".join([*r["metrics"], *r["about"]]),
         ": ".join(filter(None, (_(r["result"] or ""), r["what_changed"])))]
        for r in items.list_items(db, "review")
    ]  # fmt: skip
    readings = [[r["metric"], r["date"], figure(r["value"]), r["note"]] for r in items.list_items(db, "reading")]
    head = ["", _("Concept"), _("First test"), _("With whom"), _("By when")]
    return [
        *_filled(head, tests, _("First tests")),
        *_filled([_("Date"), _("Who reads it"), _("At"), _("Result")], reviews, _("When we look again")),
        *_filled([_("Metric"), _("Date"), _("Value"), _("Note")], readings, _("Readings")),
    ]


def _filled(head: list[str], rows: list[list[str]], caption: str) -> list[Table]:
    """A table, where there is something in it."""
    return [Table(head, rows, caption)] if rows else []


def list_uncommitted(db: Database) -> list[str]:
    """What is still to be said before a room can go home, a sentence each."""
    selected = list_selected(db)
    actions = [row for row in items.list_items(db, "activation") if row["status"] != "dropped"]
    left = [] if selected else [_("Nothing starts yet.")]
    for row in selected:
        if not row["first_test"]:
            left.append(_("{ref} has no first test.").format(ref=row["ref"]))
        if row["ref"] not in {action["concept"] for action in actions}:
            left.append(_("Nobody does anything for {ref} yet.").format(ref=row["ref"]))
    if not items.list_items(db, "decision"):
        left.append(_("No decision is recorded."))
    if not any(row["date"] for row in items.list_items(db, "review")):
        left.append(_("Nobody knows when we look again."))
    return left


STEP = Step(
    slug="commitment",
    title=N_("Commitment"),
    minutes=75,
    prompt=N_("What starts first?"),
    below=N_("Start, later, or not; who does it, by when, and when we look again."),
    chapters={3: _pulses, 14: _decisions, 15: _brought_to_life, 16: _calendar},
    is_complete=lambda db: not list_uncommitted(db),
    shown=shown,
    openers=(N_("First we will …"), N_("We will stop …")),
    colour="concept",
    activities=(
        Offer("vote", N_("Vote"), 3, N_("What should start first?"), lambda db: choice(list_live(db), dots=3, cap=1)),
        opening.BELIEF,
        Offer(
            "pulse",
            N_("In one sentence"),
            4,
            N_("What would you tell someone who was not here?"),
            lambda db: {"scale": "words"},
        ),
    ),  # fmt: skip
    turns=(
        Turn(N_("a decision"), lambda db, text: add_decision(db, AddDecision(text=text, step="commitment"))),
        Turn(N_("an action"), lambda db, text: add_activation(db, AddActivation(kind="employees", action=text))),
        Turn(N_("a practice"), lambda db, text: add_practice_review(db, AddPracticeReview(practice=text))),
        Turn(N_("an assumption"), lambda db, text: add_assumption(db, AddAssumption(text=text))),
    ),
    nouns=(ACTIVATION, DECISION, PRACTICE_REVIEW, REVIEW, READING, QUESTION, ASSUMPTION),
)
