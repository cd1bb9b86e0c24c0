"""Step 0: the right question, the right people. The workshop's own record, its brands, segments and evidence."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import check_promise
from workshop.document import Heading, Paragraph, Table
from workshop.modes import MODES
from workshop.people import GROUPS, list_participants
from workshop.problems import Conflict
from workshop.step import Step, Turn
from workshop.words import N_, _

AIMS = ("growth", "differentiation", "profitability", "customer_loyalty", "employee_loyalty")
SOURCES = (
    "observation", "ride-along", "home visit", "interview", "call listening", "complaints", "survey", "data",
    "frontline story", "assumption",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StartWorkshop:
    """What a workshop is about; everything but the title can come later."""

    title: str = fields.line(N_("Title"), needed=True, starred=True)
    organisation: str = fields.line(starred=True)
    organisation_note: str = fields.line(N_("What the organisation does"), most=500)
    industry: str = fields.line()
    scope_question: str = fields.line(N_("The question of the day"), most=500, starred=True)
    date: str | None = fields.day()
    length_minutes: int | None = fields.number(0, 10_000, whole=True, label=N_("How many minutes in all"))
    mode: str = fields.one_of(*MODES, default="full")
    kind: str = fields.one_of("workshop", "review", default="workshop")
    parent: str = fields.line(most=8)
    facilitator_role: str = fields.line(N_("Who leads through the day"))
    sponsor_role: str = fields.line(N_("Who sponsors it"))
    decider_role: str = fields.line(N_("Who decides"))
    aims: tuple[str, ...] = fields.some_of(*AIMS, label=N_("What we hope to gain"))
    customer_share: float = fields.number(0, 100, default=60.0)
    firmness: str = fields.one_of("argued", "usual", "agreed", default="usual")
    own_weights: bool = fields.yes_no(default=False)
    everyone_decides: bool = fields.yes_no(default=False)
    anonymity: str = fields.one_of("always", "until_end", "named", default="always")
    status: str = fields.one_of("draft", "live", "closed", default="live")
    success_sentence: str = fields.line(N_("When would customers say that they feel at home?"), most=500)
    cost_of_standing_still: str = fields.text(N_("What does it cost us if nothing changes?"))
    fictional: bool = fields.yes_no(default=False)


@dataclass(frozen=True)
class EditWorkshop:
    """`was` is what these fields said when they were seen: then only a change of theirs since is a quarrel."""

    version: int
    changes: dict[str, Any]
    was: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SetCustomerShare:
    """How much of 100 the customers' measures weigh against the company's."""

    share: float


@dataclass(frozen=True, kw_only=True)
class AddBrand:
    name: str = fields.line(needed=True, unique=True)
    kind: str = fields.one_of("brand", "branch", default="brand")


@dataclass(frozen=True, kw_only=True)
class AddSegment:
    """A group of customers, by name."""

    name: str = fields.line(N_("Group of customers"), needed=True, unique=True)
    context: str = fields.line(N_("In which situation"), most=500)
    reached_how: str = fields.line(N_("How do we reach them?"), most=500)


@dataclass(frozen=True, kw_only=True)
class AddEvidence:
    """What customers have told us or shown us, and what it speaks about; an assumption is named as one."""

    note: str = fields.text(N_("What we saw or heard"), most=500, needed=True, starred=True)
    kind: str = fields.one_of(*SOURCES, label=N_("Where did we hear it?"), needed=True, starred=True)
    strength: int | None = fields.number(1, 3, whole=True, label=N_("How strong is that, 1–3"))
    about: tuple[str, ...] = fields.refs_to(
        "purpose", N_("What it speaks about"), also=("touchpoint", "concept", "metric")
    )
    date: str | None = fields.day(N_("When"))
    link: str = fields.line(N_("Where it can be read"), most=500)


BRAND = items.noun("brand", AddBrand, "BR")
SEGMENT = items.noun("segment", AddSegment, "G")
EVIDENCE = items.noun("evidence", AddEvidence, "EV", plural="evidence")


def start_workshop(db: Database, command: StartWorkshop, code: str) -> str:
    """The first row of a new file. Raises Rejected."""
    values = _columns(fields.accept(StartWorkshop, vars(command))) | {"code": code}
    names = ", ".join(f'"{name}"' for name in values)
    db.execute(
        f"INSERT INTO workshop (id, {names}) VALUES (1, {', '.join('?' for _name in values)})", list(values.values())
    )
    return code


def get_workshop(db: Database) -> dict[str, Any]:
    row = next(iter(db.query("SELECT * FROM workshop")))
    return row | {"aims": json.loads(row["aims"])}


def edit_workshop(db: Database, command: EditWorkshop) -> str:
    values = fields.accept(StartWorkshop, command.changes)
    row = get_workshop(db)
    # whoever goes from one field to the next fills in the second before the page knows that the first is stored
    seen = command.was or {"version": command.version}
    if any(row[name] != value for name, value in seen.items()):
        message = _("The workshop was changed by somebody else in the meantime. Nothing was overwritten.")
        raise Conflict(message, theirs=row, mine={**row, **values})
    check_promise(db, values.get("anonymity", row["anonymity"]))
    pairs = "".join(f', "{name}" = ?' for name in values)
    db.execute(f"UPDATE workshop SET version = version + 1{pairs}", list(_columns(values).values()))
    return row["title"]


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    return {name: json.dumps(value) if isinstance(value, tuple) else value for name, value in values.items()}


def set_customer_share(db: Database, command: SetCustomerShare) -> float:
    share = fields.accept(StartWorkshop, {"customer_share": command.share})["customer_share"]
    db.execute("UPDATE workshop SET customer_share = ?, version = version + 1", [share])
    return share


def add_brand(db: Database, command: AddBrand) -> str:
    return items.add(db, BRAND, command)


def add_segment(db: Database, command: AddSegment) -> str:
    return items.add(db, SEGMENT, command)


def add_evidence(db: Database, command: AddEvidence) -> str:
    return items.add(db, EVIDENCE, command)


def count_groups(people: list[dict[str, Any]]) -> dict[str, int]:
    """How many there are of each role group, those that are not here with 0; “other” only if somebody is. Pure."""
    counts = {group: sum(person["group"] == group for person in people) for group in GROUPS}
    return {group: count for group, count in counts.items() if count or group != "other"}


def list_prepared(db: Database) -> list[tuple[str, bool]]:
    """What can be settled before the day, each with whether it is."""
    workshop, evidence = get_workshop(db), items.list_items(db, "evidence")
    return [
        (_("The question of the day"), bool(workshop["scope_question"])),
        (_("Who decides"), bool(workshop["decider_role"])),
        (_("For which groups of customers"), bool(items.list_items(db, "segment"))),
        (_("What they have told us"), any(row["kind"] != "assumption" for row in evidence)),
        (_("Who is in the room"), bool(list_participants(db))),
    ]


def section(db: Database) -> list:
    workshop, people = get_workshop(db), list_participants(db)
    blocks: list = [Paragraph(workshop["scope_question"], "lead")] if workshop["scope_question"] else []
    if workshop["aims"]:
        aims = ", ".join(_(aim.replace("_", " ")) for aim in workshop["aims"])
        blocks.append(Paragraph(_("What we hope to gain: {aims}.").format(aims=aims)))
    for title, name in ((_("If nothing changes"), "cost_of_standing_still"),
                        (_("When customers would say that they feel at home"), "success_sentence")):  # fmt: skip
        if workshop[name]:
            blocks += [Heading(title, 3), Paragraph(workshop[name])]
    if people:
        rows = [[_(group), str(count)] for group, count in count_groups(people).items() if count]
        blocks.append(Table([_("Role group"), _("People")], rows, _("Who took part")))
    return blocks


def _for_whom(db: Database) -> list:
    rows = [[one["ref"], one["name"], one["context"]] for one in items.list_items(db, "segment")]
    return [Table(["", _("Group of customers"), _("Context")], rows, _("Whom it is for"))] if rows else []


def _evidence(db: Database) -> list:
    rows = [
        [row["ref"], row["note"], _(row["kind"]), str(row["strength"] or ""), row["date"] or "",
         ", ".join(row["about"])]
        for row in items.list_items(db, "evidence")
    ]  # fmt: skip
    head = ["", _("What we saw or heard"), _("How"), _("Strength, 1–3"), _("When"), _("About")]
    return [Table(head, rows, _("Evidence"))] if rows else []


def is_complete(db: Database) -> bool:
    return not fields.missing(StartWorkshop, get_workshop(db))


STEP = Step(
    slug="prepare",
    title=N_("Prepare"),
    minutes=0,
    prompt=N_("What would we like to answer?"),
    below=N_("The right question, and the right people in the room."),
    chapters={3: section, 4: _for_whom, 18: _evidence},
    is_complete=is_complete,
    shown=lambda db: None,
    turns=(
        Turn(N_("a group of customers"), lambda db, text: add_segment(db, AddSegment(name=text[: fields.LINE]))),
        Turn(N_("what we heard"), lambda db, text: add_evidence(db, AddEvidence(note=text, kind="frontline story"))),
    ),
    nouns=(BRAND, SEGMENT, EVIDENCE),
)
