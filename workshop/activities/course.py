"""The course of an activity: opened, closed, revealed; opened again, left aside, asked a second time.

The facilitator goes from one to the next with one button, and back; no order of them loses an answer.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import fields, people, room, store
from workshop.activities import names, rate, write
from workshop.activities.activity import KINDS, RANKING, check_here, get_activity, list_activities
from workshop.activities.settings import accepted
from workshop.problems import Conflict, NotFound, Problem, Rejected
from workshop.words import N_, _


@dataclass(frozen=True, kw_only=True)
class OpenActivity:
    """Asks the room something at the step that it is at. `settings` are those of workshop/activities/settings.py."""

    step: str = fields.line(needed=True)
    kind: str = fields.one_of(*KINDS, needed=True)
    prompt: str = fields.line(N_("Prompt"), most=500, needed=True)
    minutes: int = fields.number(0, 1440, whole=True, default=0)
    feed: str = fields.one_of("", RANKING, default="")
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CloseActivity:
    """Takes no more answers; nobody sees them yet."""

    activity: int


@dataclass(frozen=True)
class ReopenActivity:
    """Takes answers again, until the reveal."""

    activity: int


@dataclass(frozen=True)
class RevealActivity:
    """Shows all answers to everybody at once, and forgets whose they were, as the workshop's anonymity says."""

    activity: int


@dataclass(frozen=True)
class SkipActivity:
    """Leaves it aside without showing anything; its answers stay, and it can be taken up again."""

    activity: int


@dataclass(frozen=True)
class TakeUpActivity:
    """Goes back to what was asked at this step before."""

    activity: int


@dataclass(frozen=True)
class DecideStep:
    """The room has decided at a step; where it had rated for the ranking, nobody owns a rating any more."""

    step: str


@dataclass(frozen=True)
class SayReady:
    """One person is ready, or not ready after all. Nobody reads what they answered from it."""

    activity: int
    participant: int
    ready: bool = True


@dataclass(frozen=True)
class CallBack:
    """Nobody counts as ready any more: there is something to look at again."""

    activity: int


def open_activity(db: Database, command: OpenActivity) -> int:
    """Closes what was open before, starts the clock, and gives the activity's id. Raises Rejected or Conflict."""
    given = {name: value for name, value in vars(command).items() if name != "settings"}
    values = fields.accept(OpenActivity, given)
    settings = accepted(values["kind"], command.settings)
    if room.get_room(db)["step"] != values["step"]:
        raise Conflict(_("The room is at another step now. Bring it here first."))
    if people.is_sealed(db, values["feed"]):
        raise Rejected(Problem("", _("The ranking was decided, and whose ratings were whose is forgotten.")))
    round_ = 1 + _asked_before(db, values)
    if values["kind"] == "rate":
        cells, joined = rate.cells_of({"settings": settings}), count_ready(db)[1]
        round_ = max(round_, 1 + rate.was_rated(db, cells, joined))
        settings = _fair(settings, len(cells), joined, round_)
    for ref in {ref for name in ("targets", "concepts", "metrics") for ref in settings.get(name, ())}:
        _check_target(db, ref)
    db.execute("UPDATE activity SET state = 'closed' WHERE state = 'open'")
    feed = values["feed"] or f"{values['kind']}-{secrets.token_hex(4)}"
    activity = db.execute(
        "INSERT INTO activity (step, kind, prompt, round, opened_at, settings, feed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [values["step"], values["kind"], values["prompt"], round_, store.now(), json.dumps(settings), feed],
    ).lastrowid
    _begin(db, values["step"], activity, values["minutes"])
    return activity


def _asked_before(db: Database, values: dict[str, Any]) -> int:
    """The last round in which this was asked, 0 for none; ratings are one thing, whatever the prompt."""
    return db.execute(
        "SELECT coalesce(max(round), 0) FROM activity WHERE kind = ? AND (kind = 'rate' OR step = ? AND prompt = ?)",
        [values["kind"], values["step"], values["prompt"]],
    ).fetchone()[0]


def _fair(settings: dict[str, Any], cells: int, joined: int, round_: int) -> dict[str, Any]:
    if round_ > 2:
        raise Rejected(Problem("", _("The room has rated twice already. Take up the second round again instead.")))
    return settings | {"share": min(settings["share"] or rate.fair_share(cells, joined), cells)}


def _check_target(db: Database, ref: str) -> None:
    if not db.execute("SELECT 1 FROM ref WHERE ref = ?", [ref]).fetchone():
        raise NotFound(_("There is no item {ref} in this workshop.").format(ref=fields.in_short(ref)))


def _begin(db: Database, step: str, activity: int, minutes: int) -> None:
    """What was seen at this step stays seen while the room is asked the next thing."""
    room.start_clock(db, minutes) if minutes else room.stop_clock(db)
    db.execute("UPDATE room SET activity = ?", [activity])
    room.set_phase(db, step, "vote" if room.is_revealed(db, step) else "write")


def close_activity(db: Database, command: CloseActivity) -> str:
    """Gives the prompt. Raises Conflict when somebody else was faster."""
    asked = _in_state(db, command.activity, "open")
    db.execute("UPDATE activity SET state = 'closed' WHERE id = ?", [asked["id"]])
    room.stop_clock(db)
    return asked["prompt"]


def reopen_activity(db: Database, command: ReopenActivity) -> str:
    asked = _in_state(db, command.activity, "closed")
    _take_the_floor(db, asked)
    db.execute("UPDATE activity SET state = 'open' WHERE id = ?", [asked["id"]])
    return asked["prompt"]


def reveal_activity(db: Database, command: RevealActivity) -> str:
    """Gives the prompt. Raises Conflict when somebody else was faster."""
    asked = _in_state(db, command.activity, "open", "closed")
    _take_the_floor(db, asked)
    db.execute("UPDATE activity SET state = 'revealed' WHERE id = ?", [asked["id"]])
    db.execute("DELETE FROM ready WHERE activity = ?", [asked["id"]])
    if asked["kind"] == "write":
        write.make_entries(db, asked)
        if names.stand_by(db):
            names.write_names(db, asked["id"])
    if is_forgotten_with(db, asked["id"]):
        _seal(db, asked["feed"])
    room.stop_clock(db)
    room.set_phase(db, asked["step"], "reveal")
    return asked["prompt"]


def is_forgotten_with(db: Database, activity: int) -> bool:
    """Whether its reveal forgets whose answers these were, and so cannot be taken back; in a workshop that shows names,
    or will, they stay known, and what feeds the ranking is kept until that is decided."""
    return get_activity(db, activity)["feed"] != RANKING and names.forgets(db)


def skip_activity(db: Database, command: SkipActivity) -> str:
    """Nobody writes any more, where nothing was seen before. Gives the prompt."""
    asked = _in_state(db, command.activity, "open", "closed")
    db.execute("UPDATE activity SET state = 'closed' WHERE id = ?", [asked["id"]])
    room.stop_clock(db)
    db.execute("UPDATE room SET activity = NULL WHERE activity = ?", [asked["id"]])
    if not room.is_revealed(db, asked["step"]):
        room.set_phase(db, asked["step"], "ready")
    return asked["prompt"]


def take_up_activity(db: Database, command: TakeUpActivity) -> str:
    """What is open meanwhile is closed. Gives the prompt."""
    asked = get_activity(db, command.activity)
    _take_the_floor(db, asked)
    room.stop_clock(db)
    if asked["state"] == "revealed":
        room.set_phase(db, asked["step"], "reveal")
    return asked["prompt"]


def decide_step(db: Database, command: DecideStep) -> str:
    """Gives the step's title. What is still open there must be revealed or left aside first: raises Conflict."""
    if any(one["state"] == "open" for one in list_activities(db, command.step)):
        raise Conflict(_("People are still answering. Close that first."))
    room.set_phase(db, command.step, "decided")
    room.show_decided(db, command.step)
    if ends_rating(db, command.step):
        _seal(db, RANKING)
    return _(db.execute("SELECT title FROM agenda WHERE slug = ?", [command.step]).fetchone()[0])


def ends_rating(db: Database, step: str) -> bool:
    """Whether a decision at this step forgets whose ratings were whose, so that nobody can rate any more; weights that
    were shared out elsewhere are decided upon without that."""
    rated = ((one["feed"], one["kind"], one["state"]) for one in list_activities(db, step))
    return (RANKING, "rate", "revealed") in rated and names.forgets(db)


def _seal(db: Database, feed: str) -> None:
    people.forget_owners(db, feed)
    db.execute("UPDATE activity SET sealed = 1 WHERE feed = ? AND state = 'revealed' AND sealed = 0", [feed])


def _in_state(db: Database, activity: int, *states: str) -> dict[str, Any]:
    asked = get_activity(db, activity)
    if asked["state"] not in states:
        sentences = {
            "open": _("It is open already."),
            "closed": _("It was closed already."),
            "revealed": _("It was revealed already."),
        }
        raise Conflict(sentences[asked["state"]])
    return asked


def _take_the_floor(db: Database, asked: dict[str, Any]) -> None:
    """The room turns to this one; another that is open is closed. Raises Conflict at another step."""
    if room.get_room(db)["step"] != asked["step"]:
        raise Conflict(_("The room is at another step now. Bring it here first."))
    db.execute("UPDATE activity SET state = 'closed' WHERE state = 'open' AND id <> ?", [asked["id"]])
    db.execute("UPDATE room SET activity = ?", [asked["id"]])
    if not room.is_revealed(db, asked["step"]):
        room.set_phase(db, asked["step"], "write")


def say_ready(db: Database, command: SayReady) -> tuple[int, int]:
    """Gives (ready, joined). Raises Rejected when the activity is not open any more."""
    asked = _in_state(db, command.activity, "open")
    check_here(db, command.participant)
    if command.ready:
        db.execute("INSERT OR IGNORE INTO ready VALUES (?, ?)", [asked["id"], command.participant])
    else:
        db.execute("DELETE FROM ready WHERE activity = ? AND participant = ?", [asked["id"], command.participant])
    return count_ready(db)


def call_back(db: Database, command: CallBack) -> str:
    asked = _in_state(db, command.activity, "open", "closed")
    db.execute("DELETE FROM ready WHERE activity = ?", [asked["id"]])
    return asked["prompt"]


def is_left_aside(db: Database, row: dict[str, Any]) -> bool:
    """Whether the room was asked something at this step of the agenda (slug, phase), and nothing of it is open or was
    seen: it waits as before its first question."""
    return row["phase"] == "ready" and bool(list_activities(db, row["slug"]))


def list_joined(db: Database) -> list[dict[str, Any]]:
    """Those who are asked: everybody on the list but hosts and observers, each with whether they are `ready`."""
    ready = {
        person for (person,) in db.execute("SELECT participant FROM ready JOIN room ON room.activity = ready.activity")
    }
    asked = [one for one in people.list_participants(db) if one["role_in_room"] not in ("host", "observer")]
    return [one | {"ready": one["id"] in ready} for one in asked]


def count_ready(db: Database) -> tuple[int, int]:
    """(how many are ready, how many are asked), of what the room is at now."""
    return db.execute(
        """SELECT count(ready.participant), count(*) FROM participant
        LEFT JOIN ready ON ready.participant = participant.id AND ready.activity = (SELECT activity FROM room)
        WHERE archived_at IS NULL AND role_in_room NOT IN ('host', 'observer')"""
    ).fetchone()
