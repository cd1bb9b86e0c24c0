"""Step 12: few cards that somebody who was not in the room could picture, made from many ideas (ideas.py)."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Bullets, Heading, Paragraph
from workshop.problems import Conflict, Problem, Rejected
from workshop.step import Slip, Slips, Step, Turn, choice
from workshop.steps.ideas import IDEA, AddIdea, add_idea, list_ideas
from workshop.steps.purpose import FEELINGS_MET, FEELINGS_MISSED, list_chosen
from workshop.words import N_, _

STATUSES = ("candidate", "shortlisted", "selected", "parked", "rejected")
# what a concept does beyond its card: METHOD.md §1 rows 0.13, 4.20, 4.21, 4.22
TAGS = ("customers help customers", "truth told early", "asks for consent", "holds in a crisis")
LIVE = ("candidate", "shortlisted", "selected")


@dataclass(frozen=True, kw_only=True)
class AddConcept:
    """A concept card: who does what, when; for which purpose, by which principle, where."""

    name: str = fields.line(needed=True, unique=True, starred=True)
    hmw: str = fields.line(N_("How might we"), most=500)
    what_happens: str = fields.text(N_("Who does what, when?"), starred=True)
    purposes: tuple[str, ...] = fields.refs_to("purpose", N_("For which purposes"), starred=True)
    principles: tuple[str, ...] = fields.refs_to("principle", N_("By which principles"), starred=True)
    touchpoints: tuple[str, ...] = fields.refs_to("touchpoint", N_("Where"), starred=True)
    enables: str = fields.text(N_("What can the customer do now that they could not?"))
    feeling_before: str = fields.line(N_("How they feel before"), suggestions=FEELINGS_MISSED)
    feeling_after: str = fields.line(N_("How they feel after"), suggestions=FEELINGS_MET)
    occurrence: str = fields.line(N_("How often"))
    area: str | None = fields.one_of("product", "service", "communication", "policy", "process")
    size: str | None = fields.one_of("S", "M", "L", label=N_("How large"))
    biggest_guess: str = fields.text(N_("Our biggest guess"))
    first_test: str = fields.text(N_("First test: what"))
    test_with: str = fields.line(N_("with whom"))
    test_by: str | None = fields.day(N_("by when"), ahead=True)
    evidence: str = fields.line(N_("What it builds on"), most=500)
    side_effects: str = fields.text(N_("Side effects, on people and the world"))
    tags: tuple[str, ...] = fields.some_of(*TAGS, label=N_("What is special about it"))
    merged_into: str | None = fields.ref_to("concept")
    split_from: str | None = fields.ref_to("concept")
    keeps_promise: str | None = fields.one_of("yes", "partly", "no", label=N_("Are we keeping our promise?"))
    status: str = fields.one_of(*STATUSES, default="candidate")


@dataclass(frozen=True)
class MakeCard:
    """Turns an idea into a concept card that keeps where it came from."""

    idea: str


@dataclass(frozen=True)
class MergeConcepts:
    """One card goes into another, with all that hangs on it."""

    concept: str
    into: str | None


@dataclass(frozen=True)
class SplitConcept:
    """A second card out of one, under a name of its own."""

    concept: str
    name: str


def _another_one(db: Database, values: dict, ref: str) -> None:
    for field in ("merged_into", "split_from"):
        if ref and values.get(field) == ref:
            raise Rejected(
                Problem(field, _("{ref} cannot be merged into itself or split from itself.").format(ref=ref))
            )


CONCEPT = items.noun(
    "concept", AddConcept, "E", among=("merged_into",), chosen="selected", check=_another_one
)


def add_concept(db: Database, command: AddConcept) -> str:
    return items.add(db, CONCEPT, command)


def make_card(db: Database, command: MakeCard) -> str:
    """Gives the new concept's ref. Raises Conflict when the idea has become a card already."""
    idea = items.get_item(db, command.idea)
    if idea["concept"]:
        raise Conflict(_("{idea} is a card already: {concept}.").format(idea=idea["ref"], concept=idea["concept"]))
    card = AddConcept(
        name=idea["text"][: fields.LINE],
        purposes=tuple(filter(None, [idea["purpose"]])),
        principles=tuple(filter(None, [idea["principle"]])),
        touchpoints=tuple(filter(None, [idea["touchpoint"]])),
    )
    concept = add_concept(db, card)
    items.edit(db, items.Edit(idea["ref"], idea["version"], {"concept": concept}))
    return concept


def merge_concepts(db: Database, command: MergeConcepts) -> str:
    """Gives the ref of the card that stays; the other one says where it went. Raises Rejected."""
    if not command.into:
        raise Rejected(Problem("merged_into", _("Choose which card {ref} goes into.").format(ref=command.concept)))
    source, target = items.get_item(db, command.concept), items.get_item(db, command.into)
    items.edit(db, items.Edit(source["ref"], source["version"], {"merged_into": target["ref"]}))
    joined = {link: [*target[link], *source[link]] for link in CONCEPT.links}
    items.edit(db, items.Edit(target["ref"], target["version"], joined))
    return target["ref"]


def split_concept(db: Database, command: SplitConcept) -> str:
    """Gives the ref of the new card, which begins with the same links. Raises Rejected."""
    source = items.get_item(db, command.concept)
    links = {link: tuple(source[link]) for link in CONCEPT.links}
    return add_concept(db, AddConcept(name=command.name, hmw=source["hmw"], split_from=source["ref"], **links))


def list_live(db: Database) -> list[dict[str, Any]]:
    """Cards that are neither parked, rejected nor merged into another."""
    return [row for row in list_concepts(db, *LIVE) if not row["merged_into"]]


def list_selected(db: Database) -> list[dict[str, Any]]:
    """The live cards that were chosen to start."""
    return [row for row in list_live(db) if row["status"] == "selected"]


def list_concepts(db: Database, *statuses: str) -> list[dict[str, Any]]:
    """Concept cards with one of these statuses, or all of them."""
    return [row for row in items.list_items(db, "concept") if not statuses or row["status"] in statuses]


def shown(db: Database) -> Slips | None:
    cards = list_live(db)
    if cards:
        return Slips([Slip(row["ref"], "concept", row["name"], row["what_happens"]) for row in cards])
    ideas = [row for row in list_ideas(db) if row["status"] == "open"]
    return Slips([Slip(row["ref"], "concept", "", row["text"]) for row in ideas]) if ideas else None


def section(db: Database) -> list:
    blocks: list = []
    order = {
        status: place for place, status in enumerate(("selected", "shortlisted", "candidate", "parked", "rejected"))
    }
    for row in sorted(list_concepts(db), key=lambda row: order[row["status"]]):
        blocks.append(Heading(f"{row['ref']}  {row['name']}", 3))
        if row["what_happens"]:
            blocks.append(Paragraph(row["what_happens"]))
        linked = ", ".join([*row["purposes"], *row["principles"], *row["touchpoints"]])
        went = _("merged into {ref}").format(ref=row["merged_into"]) if row["merged_into"] else _(row["status"])
        parts = [went, linked, row["occurrence"]]
        if row["keeps_promise"]:
            parts.append(_("keeps our promise: {answer}").format(answer=_(row["keeps_promise"])))
        blocks.append(Paragraph(" · ".join(filter(None, parts)), "quiet"))
        if said := _beyond_the_card(row):
            blocks.append(Bullets(said))
    return blocks


def _beyond_the_card(row: dict[str, Any]) -> list[str]:
    """What a card says under More, a line each."""
    feelings = " → ".join(filter(None, (row["feeling_before"], row["feeling_after"])))
    test = " · ".join(filter(None, (row["first_test"], row["test_with"], row["test_by"])))
    said = ((_("Customers can"), row["enables"]), (_("They feel"), feelings),
            (_("Our biggest guess"), row["biggest_guess"]), (_("First test"), test), (_("Built on"), row["evidence"]),
            (_("Side effects"), row["side_effects"]))  # fmt: skip
    return [f"{name}: {text}" for name, text in said if text]


def idea_from(db: Database, text: str, purpose: str | None = None) -> str:
    return add_idea(db, AddIdea(text=text, purpose=purpose))


def _purposes(db: Database) -> dict[str, str]:
    return {row["ref"]: row["text"] for row in list_chosen(db, "small")}


def is_complete(db: Database) -> bool:
    cards = list_live(db)
    return bool(cards) and not any(fields.missing(AddConcept, row) for row in cards)


STEP = Step(
    slug="concepts",
    title=N_("Concepts"),
    minutes=65,
    prompt=N_("How might we keep our promise here?"),
    below=N_("First many ideas in one line, then few cards that somebody who was not in the room could picture."),
    chapters={11: section},
    is_complete=is_complete,
    shown=shown,
    openers=(N_("How might we …"), N_("As hosts we would …")),
    colour="concept",
    activities=(
        Offer("write", N_("Silent writing"), 8),
        Offer(
            "vote",
            N_("Vote"),
            4,
            N_("Which ideas should become cards?"),
            lambda db: choice([row for row in list_ideas(db) if row["status"] == "open"], dots=3, cap=1),
        ),
    ),  # fmt: skip
    turns=(
        Turn(N_("an idea"), idea_from, _purposes, N_("for which purpose")),
        Turn(N_("a card"), lambda db, text: add_concept(db, AddConcept(name=text))),
    ),
    nouns=(IDEA, CONCEPT),
)
