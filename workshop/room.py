"""What the room sees now: the step it is at, what it is asked, the time left, what is revealed, a break.

The host changes it by commands; pages, screens and phones read it. Going back loses nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from workshop import agenda, fields
from workshop.problems import Conflict, NotFound, Problem, Rejected
from workshop.words import N_, _

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
class Talk:
    """The room talks about what it has seen, before anything is chosen."""


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


@dataclass(frozen=True)
class Hold:
    """A break: time stands still, and nothing is asked. `back_at` says in the room's words when it goes on, or ''."""

    back_at: str = fields.line(N_("Back at"), most=40)


@dataclass(frozen=True)
class Resume:
    """The break is over; what was left of the time is left still."""


@dataclass(frozen=True)
class ShowInstead:
    """Shows the "thread" or the "entrance" in place of the step, until the room moves on; '' shows the step again."""

    what: str


@dataclass(frozen=True)
class DarkenScreen:
    """Makes the shared screen light on dark, for dim rooms and LED walls, or dark on light again."""

    dark: bool = True


def get_room(db: Database) -> dict[str, Any]:
    """Step, its title, prompt, minutes and phase, started_at, deadline (UTC, ISO) and the page that is shown.

    `step` is None before the room has gone anywhere. `activity` is the id of what the step asks or has asked last,
    or None; `held_at` when a break began, or None; `back_at` when it ends, in words, or ''. Title and prompt are in
    the words of this request.
    """
    row = _rows(
        db.execute(
            """SELECT room.step, started_at, deadline, page, activity, held_at, back_at, agenda.title, agenda.prompt,
                agenda.minutes, coalesce(agenda.phase, 'ready') AS phase
            FROM room LEFT JOIN agenda ON agenda.slug = room.step"""
        )
    )[0]
    return row | {name: _(row[name]) if row[name] else row[name] for name in ("title", "prompt")}


def show_instead(db: Database, command: ShowInstead) -> None:
    """Whatever moves the room on takes it off again: it is shown while the room stands where it stands now.

    The thread has pages of its own; somebody who comes late turns nobody's page.
    """
    if "thread" in (command.what, shown_instead(db)):
        db.execute("UPDATE room SET page = 1")
    db.execute("UPDATE room SET instead = ?, instead_while = ?", [command.what, _standing(get_room(db))])


def shown_instead(db: Database) -> str:
    """What the shared screen shows in place of the step now: "thread", "entrance" or ''."""
    what, standing = db.execute("SELECT instead, instead_while FROM room").fetchone()
    return what if standing == _standing(get_room(db)) else ""


def _standing(room: dict[str, Any]) -> str:
    return f"{room['step']} {room['activity']} {room['phase']} {room['held_at']}"


def is_revealed(db: Database, step: str) -> bool:
    """Whether the room has seen what stands in a step."""
    phase = db.execute("SELECT phase FROM agenda WHERE slug = ?", [step]).fetchone()
    return phase is not None and phase[0] in REVEALED


def is_asking(db: Database) -> bool:
    """Whether people are answering something."""
    return db.execute("SELECT 1 FROM activity WHERE state = 'open'").fetchone() is not None


def go_to(db: Database, command: GoTo) -> str:
    """Closes what is still open at the step that the room leaves, and takes up again what it goes to.

    Raises NotFound when the step is not on this workshop's agenda. Gives the step's title.
    """
    step = fields.clean(command.step)
    title = db.execute("SELECT title FROM agenda WHERE slug = ? AND is_break = 0", [step]).fetchone()
    if not title:
        raise NotFound(_("This workshop has no step “{step}”.").format(step=fields.in_short(step)))
    if get_room(db)["step"] != step:
        db.execute("UPDATE activity SET state = 'closed' WHERE state = 'open'")
        db.execute(
            """UPDATE room SET step = :step, started_at = NULL, deadline = NULL, page = 1,
                activity = (SELECT max(id) FROM activity WHERE step = :step)""",
            {"step": step},
        )
        db.execute("UPDATE time_spent SET ended_at = ? WHERE ended_at IS NULL", [_iso(datetime.now(UTC))])
    return title[0]


def start_step(db: Database, _command: StartStep) -> str:
    room = _current(db)
    start_clock(db, room["minutes"])
    set_phase(db, room["step"], "write")
    return room["title"]


def start_clock(db: Database, minutes: int) -> None:
    """From now on the room has so many minutes, 0 for as many as it likes, and spends its time at the current step."""
    begin = datetime.now(UTC)
    runs = [_iso(begin), _iso(begin + timedelta(minutes=minutes))] if minutes else [None, None]
    db.execute("UPDATE room SET started_at = ?, deadline = ?, page = 1, held_at = NULL, back_at = ''", runs)
    _set_right(db, begin)
    if not _works(db):
        db.execute("INSERT INTO time_spent (step, began_at) VALUES (?, ?)", [get_room(db)["step"], _iso(begin)])


def _works(db: Database) -> bool:
    """Whether the room spends its time at the current step; it may only have come there."""
    return db.execute("SELECT 1 FROM time_spent WHERE ended_at IS NULL").fetchone() is not None


def stop_clock(db: Database) -> None:
    db.execute("UPDATE room SET started_at = NULL, deadline = NULL, page = 1")
    _set_right(db, datetime.now(UTC))


def _set_right(db: Database, moment: datetime) -> None:
    """The room spends its time at the step from now on, where the machine's clock was set back since it began to."""
    db.execute(f"UPDATE time_spent SET began_at = :now WHERE {_AHEAD}", {"now": _iso(moment)})


# a stretch that goes on, and began later than it is now
_AHEAD = "ended_at IS NULL AND julianday(began_at) > julianday(:now)"


def reveal(db: Database, _command: Reveal) -> str:
    room = _current(db)
    stop_clock(db)
    set_phase(db, room["step"], "reveal")
    return room["title"]


def talk(db: Database, _command: Talk) -> str:
    """Gives the step's title. Raises Conflict when the room has seen nothing yet, or is asked something now."""
    room = _current(db)
    if room["phase"] not in REVEALED or is_asking(db):
        raise Conflict(_("There is nothing to talk about yet. Reveal it first."))
    set_phase(db, room["step"], "talk")
    return room["title"]


def hide(db: Database, _command: Hide) -> str:
    room = _current(db)
    set_phase(db, room["step"], "write")
    return room["title"]


def add_minutes(db: Database, command: AddMinutes) -> int:
    """Moves the deadline, never before now; a clock that has run out starts from now.

    Where none runs, the clock says what is planned for the step: then that is changed, as long as it is not used up.
    """
    room, moment = _current(db), datetime.now(UTC)
    _set_right(db, moment)
    planned = agenda.planned_time(db, room["step"])
    is_left = planned[1] > moment if planned else not _works(db)
    if not room["deadline"] and not is_asking(db) and is_left:
        agenda.edit_step(db, agenda.EditStep(room["step"], minutes=max(room["minutes"] + command.minutes, 0)))
        return command.minutes
    started, deadline = (datetime.fromisoformat(room[one] or _iso(moment)) for one in ("started_at", "deadline"))
    back = max(started - moment, timedelta())  # the machine's clock was set back since: all of the time is left
    deadline = max(moment, max(moment, deadline - back) + timedelta(minutes=command.minutes))
    db.execute("UPDATE room SET started_at = ?, deadline = ?", [_iso(started - back), _iso(deadline)])
    return command.minutes


def was_set_back(db: Database) -> bool:
    """Whether the room's clock began later than it is now: the machine's clock was set back meanwhile."""
    started, moment = get_room(db)["started_at"], datetime.now(UTC)
    if started is not None and datetime.fromisoformat(started) > moment:
        return True
    return db.execute(f"SELECT 1 FROM time_spent WHERE {_AHEAD}", {"now": _iso(moment)}).fetchone() is not None


def hold(db: Database, command: Hold) -> str:
    """Gives when the room goes on, in words; until then no step spends time. A break during a break only changes that.

    Raises Rejected.
    """
    back_at = fields.accept(Hold, vars(command))["back_at"]
    if any(int(hour) > 23 or int(minute) > 59 for hour, minute in re.findall(r"(\d+):(\d+)", back_at)):
        raise Rejected(Problem("back_at", _("“{time}” is no time of day, such as 10:45.").format(time=back_at)))
    moment = _iso(datetime.now(UTC))
    db.execute("UPDATE room SET held_at = coalesce(held_at, ?), back_at = ?", [moment, back_at])
    db.execute("UPDATE time_spent SET ended_at = ? WHERE ended_at IS NULL", [moment])
    return back_at or _("soon")


def resume(db: Database, _command: Resume) -> None:
    """Moves the deadline by as long as the break was; a clock that was set back moves it by nothing."""
    row, moment = get_room(db), datetime.now(UTC)
    if row["held_at"] and row["deadline"]:
        away = max(moment - datetime.fromisoformat(row["held_at"]), timedelta())
        moved = [_iso(datetime.fromisoformat(row[name]) + away) for name in ("started_at", "deadline")]
        db.execute("UPDATE room SET started_at = ?, deadline = ?", moved)
    worked = "SELECT 1 FROM time_spent WHERE step = ? AND ended_at = ?"
    if db.execute(worked, [row["step"], row["held_at"]]).fetchone():
        db.execute("INSERT INTO time_spent (step, began_at) VALUES (?, ?)", [row["step"], _iso(moment)])
    db.execute("UPDATE room SET held_at = NULL, back_at = ''")


def end_of_break(held_at: str, back_at: str) -> str | None:
    """When a break ends (UTC, ISO), where its words are one time of day on this machine; None otherwise. Pure.

    A time that passed more than half a day before is nobody's tomorrow.
    """
    said = re.fullmatch(r"\D*(\d{1,2}):(\d{2})\D*", back_at)
    if not said:
        return None
    began = datetime.fromisoformat(held_at).astimezone()
    ends = began.replace(hour=int(said[1]), minute=int(said[2]), second=0, microsecond=0)
    if ends <= began:
        ends += timedelta(days=1)
    return _iso(ends.astimezone(UTC)) if ends - began < timedelta(hours=12) else None


def left_in_break(db: Database) -> timedelta:
    """What is left of the time that stands still: of what is asked, or else of the step as it is planned."""
    row = get_room(db)
    if row["deadline"]:
        left = datetime.fromisoformat(row["deadline"]) - datetime.fromisoformat(row["held_at"])
    else:
        left = timedelta(minutes=row["minutes"] - agenda.minutes_spent(db, datetime.now(UTC)).get(row["step"], 0))
    return max(left, timedelta())


def turn_page(db: Database, command: TurnPage) -> int:
    page = max(1, get_room(db)["page"] + command.by)
    db.execute("UPDATE room SET page = ?", [page])
    return page


def show_decided(db: Database, step: str | None) -> None:
    """A screen that shows what was decided at this step begins with the last of it again."""
    now = get_room(db)
    if (now["step"], now["phase"]) == (step, "decided") and not shown_instead(db):
        db.execute("UPDATE room SET page = 1")


def darken_screen(db: Database, command: DarkenScreen) -> None:
    sql = "INSERT INTO screen (id, dark) VALUES (1, :dark) ON CONFLICT (id) DO UPDATE SET dark = :dark"
    db.execute(sql, {"dark": int(command.dark)})


def is_dark(db: Database) -> bool:
    """Whether the shared screen is."""
    return db.execute("SELECT 1 FROM screen WHERE dark = 1").fetchone() is not None


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
