"""What the room sees now: the step it is at, the time left, what is revealed.

The host changes it by commands; pages, screens and phones read it. Going back loses nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from workshop import fields
from workshop.problems import NotFound
from workshop.words import _

REVEALED = ("reveal", "talk", "vote", "decided")


@dataclass(frozen=True)
class GoTo:
    """Moves the room to a step of its agenda."""

    step: str


@dataclass(frozen=True)
class StartStep:
    """Opens the current step: people begin to write, and its minutes begin to run."""


@dataclass(frozen=True)
class Reveal:
    """Shows what the current step holds to everybody, all at once."""


@dataclass(frozen=True)
class Hide:
    """Takes the current step's contents off the shared screen again; nothing is lost."""


@dataclass(frozen=True)
class AddMinutes:
    minutes: int


@dataclass(frozen=True)
class TurnPage:
    """Turns the shared screen's page, when more is revealed than it holds at once."""

    by: int


def get_room(db: Database) -> dict[str, Any]:
    """Step, its title, prompt, minutes and phase, started_at, deadline (UTC, ISO) and the page that is shown.

    `step` is None before the room has gone anywhere.
    """
    return _rows(
        db.execute(
            """SELECT room.step, started_at, deadline, page, agenda.title, agenda.prompt, agenda.minutes,
                coalesce(agenda.phase, 'ready') AS phase
            FROM room LEFT JOIN agenda ON agenda.slug = room.step"""
        )
    )[0]


def is_revealed(db: Database, step: str) -> bool:
    """Whether the room has seen what stands in a step."""
    phase = db.execute("SELECT phase FROM agenda WHERE slug = ?", [step]).fetchone()
    return phase is not None and phase[0] in REVEALED


def go_to(db: Database, command: GoTo) -> str:
    """Raises NotFound when the step is not on this workshop's agenda. Gives the step's title."""
    step = fields.clean(command.step)
    title = db.execute("SELECT title FROM agenda WHERE slug = ?", [step]).fetchone()
    if not title:
        raise NotFound(_("This workshop has no step “{step}”.").format(step=fields.in_short(step)))
    if get_room(db)["step"] != step:
        db.execute("UPDATE room SET step = ?, started_at = NULL, deadline = NULL, page = 1", [step])
        db.execute("UPDATE time_spent SET ended_at = ? WHERE ended_at IS NULL", [_iso(datetime.now(UTC))])
    return title[0]


def start_step(db: Database, _command: StartStep) -> str:
    room = _current(db)
    begin = datetime.now(UTC)
    db.execute(
        "UPDATE room SET started_at = ?, deadline = ?, page = 1",
        [_iso(begin), _iso(begin + timedelta(minutes=room["minutes"]))],
    )
    if not db.execute("SELECT 1 FROM time_spent WHERE ended_at IS NULL").fetchone():
        db.execute("INSERT INTO time_spent (step, began_at) VALUES (?, ?)", [room["step"], _iso(begin)])
    set_phase(db, room["step"], "write")
    return room["title"]


def reveal(db: Database, _command: Reveal) -> str:
    room = _current(db)
    db.execute("UPDATE room SET started_at = NULL, deadline = NULL, page = 1")
    set_phase(db, room["step"], "reveal")
    return room["title"]


def hide(db: Database, _command: Hide) -> str:
    room = _current(db)
    set_phase(db, room["step"], "write")
    return room["title"]


def add_minutes(db: Database, command: AddMinutes) -> int:
    """Moves the deadline; a clock that does not run yet, or has run out, starts from now. Never before now."""
    room, moment = _current(db), datetime.now(UTC)
    deadline = max(moment, datetime.fromisoformat(room["deadline"])) if room["deadline"] else moment
    deadline = max(moment, deadline + timedelta(minutes=command.minutes))
    db.execute("UPDATE room SET started_at = ?, deadline = ?", [room["started_at"] or _iso(moment), _iso(deadline)])
    return command.minutes


def turn_page(db: Database, command: TurnPage) -> int:
    page = max(1, _current(db)["page"] + command.by)
    db.execute("UPDATE room SET page = ?", [page])
    return page


def _current(db: Database) -> dict[str, Any]:
    room = get_room(db)
    if room["step"] is None:
        raise NotFound(_("The room is not at any step yet. Open one first."))
    return room


def set_phase(db: Database, step: str, phase: str) -> None:
    db.execute("UPDATE agenda SET phase = ? WHERE slug = ?", [phase, step])


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _rows(cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
