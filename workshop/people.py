"""Who takes part, and the pens that sign answers in their place.

Which pen is whose lies in `pen_owner`, which is not journalled; once its rows are gone nobody can tell.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, store
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import N_, _

GROUPS = (
    "frontline",
    "operations",
    "technology",
    "data",
    "people",
    "leadership",
    "finance",
    "partner",
    "customer",
    "other",
)
ROLES = ("host", "decider", "member", "observer")


@dataclass(frozen=True, kw_only=True)
class AddParticipant:
    """Somebody in the room, under the name that they want to be called by."""

    alias: str = fields.line(N_("Name"), most=60, needed=True)
    group: str = fields.one_of(*GROUPS, default="other")
    role_in_room: str = fields.one_of(*ROLES, default="member")


@dataclass(frozen=True)
class ArchiveParticipant:
    participant: int


def add_participant(db: Database, command: AddParticipant) -> int:
    """Stores a participant and gives the id. Raises Rejected."""
    values = fields.accept(AddParticipant, vars(command))
    end = db.execute("SELECT coalesce(max(position), 0) + 1 FROM participant").fetchone()[0]
    return db.execute(
        'INSERT INTO participant (position, alias, "group", role_in_room) VALUES (?, ?, ?, ?)',
        [end, values["alias"], values["group"], values["role_in_room"]],
    ).lastrowid


def archive_participant(db: Database, command: ArchiveParticipant) -> int:
    """Takes somebody off the list; what they rated stays."""
    db.execute(
        "UPDATE participant SET archived_at = ?, version = version + 1 WHERE id = ?", [store.now(), command.participant]
    )
    return command.participant


def list_participants(db: Database, *, archived: bool = False) -> list[dict[str, Any]]:
    """Those who take part in their order, each with `stream`: the ranking pen's number, or None without one."""
    cursor = db.execute(
        f"""SELECT participant.id, alias, participant."group", role_in_room, archived_at, position, pen.stream
        FROM participant LEFT JOIN pen_owner ON pen_owner.participant = participant.id
            AND pen_owner.pen IN (SELECT id FROM pen WHERE feed = 'ranking')
        LEFT JOIN pen ON pen.id = pen_owner.pen
        WHERE archived_at IS {"NOT " if archived else ""}NULL ORDER BY position"""
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def told_apart(people: list[dict[str, Any]]) -> dict[int, str]:
    """What to call each of them, by id: namesakes by their place among themselves, such as "Amina (2 of 2)". Pure."""
    counts = Counter(one["alias"].casefold() for one in people)
    before: Counter[str] = Counter()
    names = {}
    for one in people:
        name = one["alias"].casefold()
        before[name] += 1
        which = f" ({_('{n} of {all}').format(n=before[name], all=counts[name])})" if counts[name] > 1 else ""
        names[one["id"]] = one["alias"] + which
    return names


def count_participants(db: Database) -> int:
    """How many take part."""
    return db.execute("SELECT count(*) FROM participant WHERE archived_at IS NULL").fetchone()[0]


def pen_of(db: Database, participant: int, feed: str, stream: int | None = None) -> int:
    """The pen with which somebody signs answers that feed one result; made at the first answer. Gives its id.

    `stream` numbers the person's random stream in that result (RANKING.md §3); an import brings its own.
    """
    found = db.execute(
        "SELECT pen.id FROM pen JOIN pen_owner ON pen_owner.pen = pen.id WHERE participant = ? AND feed = ?",
        [participant, feed],
    ).fetchone()
    if found:
        return found[0]
    person = db.execute('SELECT "group" FROM participant WHERE id = ?', [participant]).fetchone()
    if not person:
        raise NotFound(_("That person is not on the list any more."))
    if stream is None:
        if is_sealed(db, feed):
            raise Rejected(Problem("", _("This was decided, and nobody can tell any more whose answers were whose.")))
        stream = db.execute("SELECT coalesce(max(stream), 0) + 1 FROM pen WHERE feed = ?", [feed]).fetchone()[0]
    pen = add_pen(db, feed, stream, person[0])
    db.execute("INSERT INTO pen_owner VALUES (?, ?)", [pen, participant])
    return pen


def add_pen(db: Database, feed: str, stream: int, group: str) -> int:
    """A pen that is nobody's yet. Gives its id."""
    pen = secrets.randbits(48)  # random, so that a pen's number says nothing about who came when
    db.execute('INSERT INTO pen (id, stream, "group", feed) VALUES (?, ?, ?, ?)', [pen, stream, group, feed])
    return pen


def is_sealed(db: Database, feed: str) -> bool:
    """Whether nobody can tell any more whose answers fed this result. A new pen would count somebody twice."""
    return (
        db.execute(
            "SELECT 1 FROM pen LEFT JOIN pen_owner ON pen_owner.pen = pen.id WHERE feed = ? AND participant IS NULL",
            [feed],
        ).fetchone()
        is not None
    )


def forget_owners(db: Database, feed: str) -> None:
    """From now on nobody can tell whose answers fed this result, and nothing brings it back."""
    db.execute("DELETE FROM pen_owner WHERE pen IN (SELECT id FROM pen WHERE feed = ?)", [feed])
