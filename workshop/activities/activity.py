"""What the room is asked: one activity at most is open, and every answer to it is signed with a pen.

Activities know no step: a step offers what can be asked, and hands over the refs that it is about.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlite_utils import Database

from workshop import items, people
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import _

KINDS = ("write", "vote", "rate", "split", "pulse")
RANKING = "ranking"  # the feed of every split and rate round that the ranking is made of
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Offer:
    """Something that a step can ask the room: the kind of activity, its name on the host's button, and how long.

    An empty `prompt` means the step's own. `settings(db)` gives what the kind needs, such as its targets (see
    workshop/activities/settings.py); None says that it cannot be asked yet. Offers of one `feed` that is not ''
    share their pens.
    """

    kind: str
    name: str
    minutes: int
    prompt: str = ""
    settings: Callable[[Database], dict[str, Any] | None] = field(default=lambda db: {})
    feed: str = ""


def get_activity(db: Database, activity: int) -> dict[str, Any]:
    """One activity: id, step, kind, prompt, round, state, opened_at, settings (dict), feed, sealed. Raises NotFound."""
    found = _read(db, "WHERE id = ?", [activity])
    if not found:
        raise NotFound(_("That is not asked any more."))
    return found[0]


def list_activities(db: Database, step: str | None = None) -> list[dict[str, Any]]:
    """Everything that was asked at a step, or in the whole workshop, in its order."""
    return _read(db, "WHERE step = ? ORDER BY id" if step else "ORDER BY id", [step] if step else [])


def get_current(db: Database) -> dict[str, Any] | None:
    """What the room is at, or None: an activity that is open, closed, or revealed.

    Keys: id, step, kind, prompt, openers (of a *write*), round, state, opened_at, settings, and the room's clock as
    started_at and deadline (UTC, ISO, or None).
    """
    row = db.execute("SELECT activity, started_at, deadline FROM room").fetchone()
    if row is None or row[0] is None:
        return None
    found = get_activity(db, row[0])
    shown = {name: found[name] for name in ("id", "step", "kind", "prompt", "round", "state", "opened_at", "settings")}
    return shown | {"openers": found["settings"].get("openers", []), "started_at": row[1], "deadline": row[2]}


def _read(db: Database, where: str, values: list) -> list[dict[str, Any]]:
    cursor = db.execute(f"SELECT * FROM activity {where}", values)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {"settings": json.loads(row["settings"])} for row in rows]


def sign(db: Database, kind: str, activity: int, participant: int, states: tuple[str, ...] = ("open",)) -> tuple:
    """(the activity, the pen of this person in it), for an answer. Raises Rejected when it takes none any more."""
    asked = get_activity(db, activity)
    if asked["kind"] != kind:
        raise NotFound(_("That is not asked any more."))
    check_takes_answers(asked, states)
    check_here(db, participant)
    return asked, people.pen_of(db, participant, asked["feed"])


def check_takes_answers(asked: dict[str, Any], states: tuple[str, ...] = ("open",)) -> None:
    if asked["state"] == "revealed":
        raise Rejected(Problem("", _("The room has seen the answers already. Nothing can be changed any more.")))
    if asked["state"] not in states:
        raise Rejected(Problem("", _("This was closed a moment ago. Nothing was changed.")))


def check_here(db: Database, participant: int) -> None:
    """Raises NotFound when that person does not take part any more."""
    if not db.execute("SELECT 1 FROM participant WHERE id = ? AND archived_at IS NULL", [participant]).fetchone():
        raise NotFound(_("You are not on the list any more. Come in again with the code on the screen."))


def own_pens(db: Database, participant: int, feed: str) -> list[int]:
    """The pens of somebody who has answered already; who stood on the list twice may have written with two."""
    found = db.execute(
        "SELECT pen.id FROM pen JOIN pen_owner ON pen_owner.pen = pen.id WHERE participant = ? AND feed = ?",
        [participant, feed],
    )
    return [pen for (pen,) in found.fetchall()]


def own_pen(db: Database, participant: int, feed: str) -> int | None:
    return next(iter(own_pens(db, participant, feed)), None)


def shuffled(things: Iterable[Thing], *seed: Any) -> list[Thing]:
    """These things in an order that looks random and is always the same for the same seed. Pure."""

    def place(thing: Thing) -> str:
        return hashlib.sha256("|".join(map(str, (*seed, thing))).encode()).hexdigest()

    return sorted(things, key=place)


def list_targets(db: Database, refs: list[str]) -> list[dict[str, Any]]:
    """What people are asked about, in this order: ref, text (its sentence or name), and the whole item."""
    found = items.get_items(db, refs)
    return [
        {"ref": ref, "text": found[ref].get("text") or found[ref].get("name") or ref, "item": found[ref]}
        for ref in refs
    ]


def check_whole(given: Any, targets: list[str], field_: str) -> dict[str, int]:
    """Whole numbers from 0 by ref, as a ballot has them. Pure; raises Rejected."""
    if not isinstance(given, dict) or set(given) - set(targets):
        raise Rejected(Problem(field_, _("That is not among what is asked.")))
    if any(type(value) is not int or value < 0 for value in given.values()):
        raise Rejected(Problem(field_, _("Give whole numbers, 0 or more.")))
    return given
