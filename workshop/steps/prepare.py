"""Step 0: the right question, the right people. The workshop's own record, its brands and segments."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.document import Paragraph, Table
from workshop.people import list_participants
from workshop.problems import Conflict
from workshop.step import Step
from workshop.words import N_, _

MODES = ("full", "half_days", "one_day", "short", "core")


@dataclass(frozen=True, kw_only=True)
class StartWorkshop:
    """What a workshop is about; everything but the title can come later."""

    title: str = fields.line(N_("Title"), needed=True, starred=True)
    organisation: str = fields.line(starred=True)
    organisation_note: str = fields.line(most=500)
    industry: str = fields.line()
    scope_question: str = fields.line(N_("Question"), most=500, starred=True)
    date: str | None = fields.day()
    length_minutes: int | None = fields.number(0, 10_000, whole=True)
    mode: str = fields.one_of(*MODES, default="full")
    kind: str = fields.one_of("workshop", "review", default="workshop")
    facilitator_role: str = fields.line()
    sponsor_role: str = fields.line()
    decider_role: str = fields.line()
    customer_share: float = fields.number(0, 100, default=60.0)
    anonymity: str = fields.one_of("always", "until_end", "named", default="always")
    status: str = fields.one_of("draft", "live", "closed", default="live")
    success_sentence: str = fields.line(most=500)
    fictional: bool = fields.yes_no(default=False)


@dataclass(frozen=True)
class EditWorkshop:
    version: int
    changes: dict[str, Any]


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
    context: str = fields.line(most=500)
    reached_how: str = fields.line(most=500)


BRAND = items.noun("brand", AddBrand, "BR")
SEGMENT = items.noun("segment", AddSegment, "G")


def start_workshop(db: Database, command: StartWorkshop, code: str) -> str:
    """The first row of a new file. Raises Rejected."""
    values = fields.accept(StartWorkshop, vars(command)) | {"code": code}
    names = ", ".join(f'"{name}"' for name in values)
    db.execute(
        f"INSERT INTO workshop (id, {names}) VALUES (1, {', '.join('?' for _name in values)})", list(values.values())
    )
    return code


def get_workshop(db: Database) -> dict[str, Any]:
    cursor = db.execute("SELECT * FROM workshop")
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def edit_workshop(db: Database, command: EditWorkshop) -> str:
    values = fields.accept(StartWorkshop, command.changes)
    row = get_workshop(db)
    if row["version"] != command.version:
        message = _("The workshop was changed by somebody else in the meantime. Nothing was overwritten.")
        raise Conflict(message, theirs=row, mine={**row, **values})
    pairs = "".join(f', "{name}" = ?' for name in values)
    db.execute(f"UPDATE workshop SET version = version + 1{pairs}", list(values.values()))
    return row["title"]


def set_customer_share(db: Database, command: SetCustomerShare) -> float:
    share = fields.accept(StartWorkshop, {"customer_share": command.share})["customer_share"]
    db.execute("UPDATE workshop SET customer_share = ?, version = version + 1", [share])
    return share


def add_brand(db: Database, command: AddBrand) -> str:
    return items.add(db, BRAND, command)


def add_segment(db: Database, command: AddSegment) -> str:
    return items.add(db, SEGMENT, command)


def section(db: Database) -> list:
    workshop, people = get_workshop(db), list_participants(db)
    blocks = [Paragraph(workshop["scope_question"], "lead")] if workshop["scope_question"] else []
    if people:
        groups: dict[str, int] = {}
        for person in people:
            groups[_(person["group"])] = groups.get(_(person["group"]), 0) + 1
        rows = [[group, str(count)] for group, count in groups.items()]
        blocks.append(Table([_("Role group"), _("People")], rows, _("Who took part")))
    segments = items.list_items(db, "segment")
    if segments:
        rows = [[one["ref"], one["name"], one["context"]] for one in segments]
        blocks.append(Table(["", _("Group of customers"), _("Context")], rows, _("Whom it is for")))
    return blocks


def is_complete(db: Database) -> bool:
    return not fields.missing(StartWorkshop, get_workshop(db))


STEP = Step(
    slug="prepare",
    title=N_("Prepare"),
    minutes=0,
    prompt=N_("What would we like to answer?"),
    below=N_("The right question, and the right people in the room."),
    section=section,
    is_complete=is_complete,
    shown=lambda db: None,
    nouns=(BRAND, SEGMENT),
)
