"""Step 5: one sentence to somebody today, that a customer could check."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, room, second_look
from workshop.activities import Offer
from workshop.document import Paragraph, Table
from workshop.step import Slip, Slips, Statement, Step, Turn, choice
from workshop.words import N_, _


@dataclass(frozen=True, kw_only=True)
class AddPromise:
    """A promise with its tests; it comes from a big or medium purpose."""

    text: str = fields.text(N_("We promise"), most=500, needed=True, starred=True)
    kind: str | None = fields.one_of("service", "design", "price", "reliability", "clarity", "other")
    audience: str | None = fields.one_of(
        "customers", "patients", "employees", "community", "partners", label=N_("To whom")
    )
    kept_when: str = fields.text(starred=True)
    broken_when: str = fields.text(starred=True)
    when_we_fail: str = fields.text()
    what_keeping_takes: str = fields.text(N_("What keeping it takes"))
    expectation: str = fields.text(N_("What people will expect from it"))
    break_point: str = fields.text(N_("How often may it be broken before they leave?"))
    valid_from: str | None = fields.day()
    review_by: str | None = fields.day(ahead=True)
    owner_role: str = fields.line(N_("Who keeps it"), starred=True)
    purposes: tuple[str, ...] = fields.refs_to("purpose", N_("From which purposes"), starred=True)
    status: str = fields.one_of("candidate", "chosen", "retired", default="candidate")


PROMISE = items.noun(
    "promise",
    AddPromise,
    "PR",
    sole=lambda row: "the promise",
    changed=second_look.watching("text", "kept_when", "broken_when", "status"),
)


def add_promise(db: Database, command: AddPromise) -> str:
    return items.add(db, PROMISE, command)


def get_promise(db: Database) -> dict[str, Any] | None:
    """The chosen promise, or None before there is one."""
    return next((row for row in items.list_items(db, "promise") if row["status"] == "chosen"), None)


def tests_of(promise: dict[str, Any]) -> list[tuple[str, str]]:
    """(name, text) of what a customer could check, in the order in which it is asked. Empty ones are left out."""
    tests = ((_("Kept when"), "kept_when"), (_("Broken when"), "broken_when"), (_("When we fail"), "when_we_fail"))
    return [(name, promise[field]) for name, field in tests if promise[field]]


def review_of(promise: dict[str, Any], today: date) -> str:
    """By when the promise is to be looked at again, or that this day is over; '' without a day. Pure."""
    day = promise["review_by"]
    if not day:
        return ""
    said = _("review was due on {day}") if day < today.isoformat() else _("review by {day}")
    return said.format(day=day)


def shown(db: Database) -> Statement | Slips | None:
    """While it is still talked about the candidates beside one another; else the chosen one with its tests."""
    promise, now = get_promise(db), room.get_room(db)
    rows = [row for row in items.list_items(db, "promise") if row["status"] in ("candidate", "chosen")]
    if promise and (len(rows) == 1 or now["step"] != "promise" or now["phase"] == "decided"):
        tests = [Slip("", "promise", name, text) for name, text in tests_of(promise)]
        return Statement(promise["ref"], "promise", promise["text"], tests)
    return Slips([Slip(row["ref"], "promise", "", row["text"]) for row in rows]) if rows else None


def section(db: Database) -> list:
    promise = get_promise(db)
    blocks: list = []
    if promise:
        blocks.append(Paragraph(promise["text"], "lead"))
        rows = [[name, text] for name, text in tests_of(promise)]
        if promise["what_keeping_takes"]:
            rows.append([_("What keeping it takes"), promise["what_keeping_takes"]])
        if promise["owner_role"]:
            rows.append([_("Who keeps it"), promise["owner_role"]])
        if promise["purposes"]:
            rows.append([_("From"), ", ".join(promise["purposes"])])
        if rows:
            blocks.append(Table([_("Test"), _("What it says")], rows, _("How anybody can tell")))
    others = [row for row in items.list_items(db, "promise") if row["status"] != "chosen"]
    if others:
        rows = [[row["ref"], row["text"], _(row["status"])] for row in others]
        blocks.append(Table(["", _("Promise"), _("Status")], rows, _("Not chosen")))
    return blocks


def is_complete(db: Database) -> bool:
    promise = get_promise(db)
    return promise is not None and not fields.missing(AddPromise, promise)


# METHOD.md §1, row 1.22: a later step may stop for two minutes and remind itself of what was promised
PROMISE_REVIEW = Offer(
    "pulse",
    N_("Promise review"),
    2,
    N_("Are we keeping our promise with what stands here?"),
    lambda db: {"scale": "yes", "words": True} if get_promise(db) else None,
)


def _candidates(db: Database) -> list[dict[str, Any]]:
    return [row for row in items.list_items(db, "promise") if row["status"] != "retired"]


STEP = Step(
    slug="promise",
    title=N_("Promise"),
    minutes=35,
    prompt=N_("What do we promise today?"),
    below=N_("From our purpose: one sentence, to somebody, that a customer could check."),
    chapters={5: section},
    is_complete=is_complete,
    shown=shown,
    openers=("We promise …",),
    colour="promise",
    activities=(
        Offer("write", N_("Silent writing"), 6),
        Offer(
            "vote",
            N_("Vote"),
            3,
            N_("Which one should we be held to?"),
            lambda db: choice(_candidates(db), dots=1, cap=1),
        ),
    ),  # fmt: skip
    turns=(Turn(N_("a promise"), lambda db, text: add_promise(db, AddPromise(text=text))),),
    nouns=(PROMISE,),
)
