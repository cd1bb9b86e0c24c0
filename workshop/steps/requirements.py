"""Step 14: what each concept takes, what of it is missing, and what that costs."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Bullets, Paragraph, Table
from workshop.problems import Problem, Rejected
from workshop.step import Slip, Slips, Step, Turn
from workshop.steps.concepts import list_live, list_selected
from workshop.steps.impacts import list_efforts
from workshop.words import N_, _

TYPES = (
    "technical", "operations", "organization", "data", "occurrence", "people", "policy", "process", "product",
    "partner", "budget",
)  # fmt: skip
# upgrading capabilities and evolving the company's culture (METHOD.md §1, row 4.29)
CULTURE = ("organization", "people")
SIDES = {"capability": N_("Capabilities to upgrade"), "culture": N_("Culture to evolve")}
STATUSES = ("missing", "partial", "have")  # what is missing comes first
MOST_OPENERS, MOST_OF_A_NAME = 8, 70  # what a phone can be given to begin with


@dataclass(frozen=True, kw_only=True)
class AddRequirement:
    """One thing that a concept needs before it can start."""

    concept: str = fields.ref_to("concept", N_("For which concept"), needed=True)
    type: str | None = fields.one_of(*TYPES, label=N_("Which kind"), starred=True)
    text: str = fields.text(N_("What it takes"), most=500, needed=True, starred=True)
    status: str | None = fields.one_of("have", "partial", "missing", label=N_("Do we have it?"))
    effort: int | None = fields.number(1, 5, whole=True, label=N_("Effort, 1–5"))
    owner_role: str = fields.line(N_("Owner"))
    waits_for: str | None = fields.ref_to("requirement", N_("Waits for"))
    depends_on: str = fields.line(N_("Depends on, in words"))


def _waits_for_nothing_that_waits_for_it(db: Database, values: dict, ref: str) -> None:
    chain, other = [ref], values.get("waits_for")
    if ref and ref == other:
        raise Rejected(Problem("waits_for", _("{ref} cannot wait for itself.").format(ref=ref)))
    while ref and other:
        chain.append(other)
        if other == ref:
            way = " → ".join(chain)
            raise Rejected(Problem("waits_for", _("Each would wait for the other: {way}.").format(way=way)))
        other = items.get_item(db, other)["waits_for"]


REQUIREMENT = items.noun(
    "requirement", AddRequirement, "RQ", among=("concept",), check=_waits_for_nothing_that_waits_for_it
)


def add_requirement(db: Database, command: AddRequirement) -> str:
    return items.add(db, REQUIREMENT, command)


def requirement_from(db: Database, text: str, concept: str | None) -> str:
    """What a concept takes, from what somebody wrote: of the concept that it begins with, or else of this one."""
    for ref, begin in _beginnings(db).items():
        if text.casefold().startswith(begin.casefold()) and text[len(begin) :].strip():
            return add_requirement(db, AddRequirement(concept=ref, text=text[len(begin) :].strip()))
    if concept is None:
        said = _("Choose which concept takes “{text}”.").format(text=fields.in_short(text))
        raise Rejected(Problem("concept", said))
    return add_requirement(db, AddRequirement(concept=concept, text=text))


def list_askable(db: Database) -> dict[str, str]:
    """The concepts of which it is asked what they take, name by ref: the chosen ones, or all while none is chosen."""
    live = list_live(db)
    return {one["ref"]: one["name"] for one in [one for one in live if one["status"] == "selected"] or live}


def _beginnings(db: Database) -> dict[str, str]:
    """How a sentence about each of these concepts begins, by ref, the longest first."""
    begins = {one["ref"]: f"{one['name'][:MOST_OF_A_NAME].strip()}:" for one in list_live(db)}
    return dict(sorted(begins.items(), key=lambda one: -len(one[1])))


def _openers(db: Database) -> dict[str, Any]:
    """On the phones each concept begins a sentence, as long as they are few."""
    begins, asked = _beginnings(db), list_askable(db)
    return {"openers": [f"{begins[ref]} …" for ref in asked]} if 0 < len(asked) <= MOST_OPENERS else {}


def likely_next(db: Database) -> str | None:
    """The concept of what was written down last, which the next thing is mostly for too; or the only one there is."""
    live = {one["ref"] for one in list_live(db)}
    last = [row["concept"] for row in items.list_items(db, "requirement") if row["concept"] in live][-1:]
    return last[0] if last else next(iter(live)) if len(live) == 1 else None


def missing_first(requirements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is missing before what is there, the greatest effort first; what nobody looked at comes second. Pure."""
    order = {"missing": 0, None: 1, "partial": 2, "have": 3}
    return sorted(requirements, key=lambda row: (order[row["status"]], -(row["effort"] or 0)))


def list_requirements(db: Database) -> dict[str, list[dict[str, Any]]]:
    """For each live concept, the ones that were chosen first, what it takes: what is missing first."""
    rows = items.list_items(db, "requirement")
    live = sorted(list_live(db), key=lambda concept: concept["status"] != "selected")
    return {one["ref"]: missing_first([row for row in rows if row["concept"] == one["ref"]]) for one in live}


def of_side(requirements: list[dict[str, Any]], side: str) -> list[dict[str, Any]]:
    """Those of one of the SIDES; what nobody has named a kind of is of neither. Pure."""
    return [row for row in requirements if row["type"] and (row["type"] in CULTURE) == (side == "culture")]


def tell_sides(requirements: list[dict[str, Any]]) -> list[str]:
    """What is missing of each side and the effort that is still to come, a sentence each. Pure."""
    told = []
    for side, name in SIDES.items():
        rows = of_side(requirements, side)
        missing = sum(row["status"] == "missing" for row in rows)
        effort = sum(row["effort"] or 0 for row in rows if row["status"] != "have")
        said = _("{side}: {missing} of {all} are missing, effort {effort} to come.") if rows else _(
            "{side}: nobody has named anything yet."
        )
        told.append(said.format(side=_(name), missing=missing, all=len(rows), effort=effort))
    return told


def list_untouched(requirements: list[dict[str, Any]]) -> list[str]:
    """The kinds of requirement that nobody has named for a concept. Pure."""
    named = {row["type"] for row in requirements}
    return [kind for kind in TYPES if kind not in named]


def tell_without_kind(db: Database) -> str:
    """What to know before others read it: a cost is one that has the kind budget; '' where every one has a kind."""
    count = sum(not row["type"] for row in items.list_items(db, "requirement"))
    said = _("Requirements without a kind: {count}. A cost among them is told as well, until its kind is “budget”.")
    return said.format(count=count) if count else ""


def shown(db: Database) -> Slips | None:
    """What is missing, for the whole room."""
    slips = [
        Slip(row["ref"], "concept", f"{ref}:", row["text"])
        for ref, rows in list_requirements(db).items()
        for row in rows
        if row["status"] == "missing"
    ]
    return Slips(slips) if slips else None


def _chosen_first(db: Database) -> list[dict[str, Any]]:
    """What the chosen concepts take, then the other live ones, last those that do not come; what is missing first.

    Each carries `of`, its concept's ref and name.
    """
    live = {one["ref"]: one["status"] == "selected" for one in list_live(db)}
    needs = missing_first(items.list_items(db, "requirement"))
    needs.sort(key=lambda need: (not live.get(need["concept"]), need["concept"] not in live))
    concepts = items.get_items(db, [need["concept"] for need in needs])
    return [need | {"of": f"{need['concept']} {concepts[need['concept']]['name']}"} for need in needs]


def section(db: Database) -> list:
    rows = [
        [row["of"], _(row["type"] or ""), row["text"], _(row["status"] or ""), str(row["effort"] or ""),
         row["owner_role"], ", ".join(filter(None, (row["waits_for"], row["depends_on"])))]
        for row in _chosen_first(db)
    ]  # fmt: skip
    if not rows:
        return []
    head = [_("Concept"), _("Kind"), _("What it takes"), _("Status"), _("Effort, 1–5"), _("Owner"), _("Waits for")]
    efforts = list_efforts(db)
    left = ", ".join(f"{one['ref']} {efforts[one['ref']]}" for one in list_live(db) if efforts.get(one["ref"]))
    said = _("Effort that is still to come, by concept: {left}.").format(left=left)
    sides = Bullets(tell_sides(items.list_items(db, "requirement")))
    return [Table(head, rows, _("What is missing first")), sides, *([Paragraph(said, "quiet")] if left else [])]


def is_complete(db: Database) -> bool:
    """Every concept that was chosen says what it takes, and whether that is there."""
    chosen = {one["ref"] for one in list_selected(db)}
    asked = [rows for ref, rows in list_requirements(db).items() if ref in chosen or not chosen]
    return bool(asked) and all(rows and all(row["status"] for row in rows) for rows in asked)


STEP = Step(
    slug="requirements",
    title=N_("Requirements"),
    minutes=30,
    prompt=N_("What does it take?"),
    below=N_("Technical, operations, organization, data, people, policy: have, partly, or missing?"),
    chapters={13: section},
    is_complete=is_complete,
    shown=shown,
    openers=(N_("It takes …"),),
    colour="concept",
    activities=(Offer("write", N_("Silent writing"), 8, settings=_openers),),
    turns=(Turn(N_("a requirement"), requirement_from, list_askable, N_("of which concept?")),),
    nouns=(REQUIREMENT,),
)
