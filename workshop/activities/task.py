"""What one person's phone shows now: what there is to do, with this person's own answers and order, and no others'.

Somebody without a phone tells the host, who types: then what a phone does by itself is done here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from workshop import room
from workshop.activities import further, pulse, rate, split, vote, write
from workshop.activities.activity import check_here, get_activity, get_current, list_targets, shuffled
from workshop.activities.results import Results, get_results
from workshop.words import _


@dataclass(frozen=True)
class Task:
    """`page` is wait, write, vote, rate, split, pulse, result or hold.

    `activity` is that of get_current, or None. `own` are this person's answers: write, a list of {id, text}, newest
    first; vote, dots by ref; split, points by ref; rate, value by (concept, metric), None for “cannot judge”; pulse,
    {answer, words} by target. Once nobody can tell whose answers were whose it is empty. `targets` come in this
    person's own order: {ref, text, item}; for rate a list of {concept, metric}, each of them such a target. `left`
    is how many dots, points, cells or questions are left, None for write. `further` is how many of the cells, the
    last ones, are asked beyond the fair share. `results` are there on the page result.
    `back_at` says during a break when it goes on, in words.
    """

    page: str
    activity: dict[str, Any] | None = None
    ready: bool = False
    own: Any = None
    targets: list[dict[str, Any]] = field(default_factory=list)
    left: int | None = None
    further: int = 0
    results: Results | None = None
    back_at: str = ""


def time_is_up(asked: dict[str, Any] | None) -> str:
    """What is said when the time is over, to those who write and to those who choose. Pure."""
    writes = asked is None or asked["kind"] == "write"
    return _("Time. Finish your sentence.") if writes else _("Time. Finish your answer.")


def get_task(db: Database, participant: int) -> Task:
    """Raises NotFound when that person does not take part any more."""
    check_here(db, participant)
    here, asked = room.get_room(db), get_current(db)
    if here["held_at"]:
        return Task("hold", asked, back_at=here["back_at"])
    if asked is None:
        return Task("wait")
    if asked["state"] == "revealed":
        seen = here["phase"] in room.REVEALED
        return Task("result" if seen else "wait", asked, results=get_results(db, asked["id"]) if seen else None)
    own, targets, left, beyond = _own(db, get_activity(db, asked["id"]), participant)
    ready = db.execute(
        "SELECT 1 FROM ready WHERE activity = ? AND participant = ?", [asked["id"], participant]
    ).fetchone()
    page = asked["kind"] if asked["state"] == "open" else "wait"
    return Task(page, asked, ready is not None, own, targets, left, beyond)


def _own(db: Database, asked: dict[str, Any], participant: int) -> tuple[Any, list[dict[str, Any]], int | None, int]:
    kind, settings = asked["kind"], asked["settings"]
    if kind == "write":
        return write.list_own(db, asked["id"], participant), [], None, 0
    if kind == "rate":
        place = db.execute(
            """SELECT count(*) FROM participant WHERE id < ? AND role_in_room NOT IN ('host', 'observer')
                AND (archived_at IS NULL OR archived_at > ?)""",
            [participant, asked["opened_at"]],
        ).fetchone()[0]
        beyond, answered = further.list_further(db, asked, participant), rate.get_own(db, asked, participant)
        cells = [*rate.cells_for(asked, place, participant), *beyond]
        known = {one["ref"]: one for one in list_targets(db, list({ref for cell in cells for ref in cell}))}
        targets = [{"concept": known[concept], "metric": known[metric]} for concept, metric in cells]
        return answered, targets, sum(cell not in answered for cell in cells), len(beyond)
    own = {"vote": vote, "split": split, "pulse": pulse}[kind].get_own(db, asked, participant)
    targets = list_targets(db, shuffled(settings["targets"], asked["feed"], participant))
    if kind == "vote":
        return own, targets, settings["dots"] - sum(own.values()), 0
    if kind == "split":
        return own, targets, split.POINTS - sum(own.values()), 0
    return own, targets, max(len(targets), 1) - len(own), 0


@dataclass(frozen=True)
class TypeFor:
    """What the host types for somebody without a phone: the command of an answer, and its handler."""

    handler: Callable[[Database, Any], Any]
    command: Any


def type_for(db: Database, typed: TypeFor) -> Any:
    """Gives what the handler gives. Whoever has told all that is asked counts as ready."""
    answer = typed.handler(db, replace(typed.command, typed_by_host=True))
    note_told(db, typed.command.participant, get_activity(db, typed.command.activity)["kind"])
    return answer


def note_turned(db: Database, number: int) -> None:
    """After an undo or redo, the action `number`: who had told the host something counts as ready if it still stands.

    Who is ready is in no journal, because the journal knows whose pen nothing is.
    """
    told = db.execute(
        """SELECT DISTINCT participant, activity.id, activity.kind, room.activity IS NOT NULL FROM change
        JOIN pen_owner ON pen_owner.pen = json_extract(coalesce(change.new, change.old), '$.pen')
        JOIN activity ON activity.id = json_extract(coalesce(change.new, change.old), '$.activity')
        LEFT JOIN room ON room.activity = activity.id
        WHERE change.journal = ? AND change."table" IN ('written', 'vote', 'share', 'pulse', 'rating')
            AND json_extract(coalesce(change.new, change.old), '$.typed_by_host') = 1""",
        [number],
    )
    for participant, activity, kind, is_now in told.fetchall():
        db.execute("DELETE FROM ready WHERE activity = ? AND participant = ?", [activity, participant])
        if is_now and get_task(db, participant).own:
            note_told(db, participant, kind)


def note_told(db: Database, participant: int, kind: str) -> None:
    """Counts somebody as ready for whom the host has typed: words or dots, or else all that there was to answer."""
    now = get_task(db, participant)
    if now.page == kind and (kind in ("write", "vote") or now.left == 0):
        db.execute("INSERT OR IGNORE INTO ready VALUES (?, ?)", [now.activity["id"], participant])
