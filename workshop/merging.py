"""The same person twice on the list, as after a lost phone, becomes one again.

Whose answers are whose is in no journal (DESIGN.md §2), so nothing here writes a person and an answer in one action:
what is counted twice is taken back in the room's name, as from a phone; then the host's own action takes one name off
the list. The answers that count are not touched at all, only whose they are.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import journal, people
from workshop.activities import ROOM
from workshop.activities.activity import check_here
from workshop.problems import Problem, Rejected
from workshop.words import _

BALLOTS = ("vote", "share", "pulse", "rating")  # of which one person has one; whatever was written stays all


@dataclass(frozen=True)
class MergeParticipants:
    """Who stays, and who goes: answers, phones and own codes of both lead to the one who stays."""

    stays: int
    goes: int


@dataclass(frozen=True)
class Merged:
    """The name of the one who stays; how many ballots were taken back; whether undo brings the two apart again."""

    alias: str
    taken_back: int
    undoable: bool


def merge(db: Database, command: MergeParticipants, by: str) -> Merged:
    """Where both gave a ballot the fuller one counts, and of two alike that of the one who stays.

    Undo works while the one who goes has neither answered nor come in with a phone: those links stand in no journal.
    Raises NotFound when one of them is not on the list any more, Rejected when it is the same name.
    """
    if command.stays == command.goes:
        raise Rejected(Problem("goes", _("Choose two names: who stays, and who goes.")))
    check_here(db, command.stays)
    check_here(db, command.goes)
    spare = _spare(db, command)
    doubled = [pen for pen in spare if _ballot(db, pen)]
    if doubled:
        journal.act(db, ROOM, _take_back, doubled, "Somebody took answers back")
    held = db.execute(
        """SELECT (SELECT count(*) FROM pen_owner WHERE participant = :goes)
            + (SELECT count(*) FROM participant_token WHERE participant = :goes)""",
        vars(command),
    ).fetchone()[0]
    kind, done = ("follow" if held else "do"), _("Took a name off the list that stood there twice")
    alias = journal.act(db, by, lambda db, command: _join(db, command, spare), command, done, kind=kind)
    return Merged(alias, len(doubled), not held)


def _spare(db: Database, command: MergeParticipants) -> list[int]:
    """The pens that are nobody's use any more: one of each two that feed the same result with ballots."""
    pairs = db.execute(
        """SELECT staying.id, going.id FROM pen AS staying JOIN pen AS going ON going.feed = staying.feed
        JOIN pen_owner AS one ON one.pen = staying.id AND one.participant = :stays
        JOIN pen_owner AS other ON other.pen = going.id AND other.participant = :goes
        WHERE staying.id NOT IN (SELECT pen FROM written) AND going.id NOT IN (SELECT pen FROM written)""",
        vars(command),
    ).fetchall()
    return [staying if _ballot(db, going) > _ballot(db, staying) else going for staying, going in pairs]


def _ballot(db: Database, pen: int) -> int:
    return sum(db.execute(f"SELECT count(*) FROM {table} WHERE pen = ?", [pen]).fetchone()[0] for table in BALLOTS)


def _take_back(db: Database, pens: list[int]) -> None:
    for pen in pens:
        for table in BALLOTS:
            db.execute(f"DELETE FROM {table} WHERE pen = ?", [pen])


def _join(db: Database, command: MergeParticipants, spare: list[int]) -> str:
    """Gives the name of the one who stays."""
    for table in ("pen_owner", "participant_token", "personal_link"):
        db.execute(f"UPDATE {table} SET participant = :stays WHERE participant = :goes", vars(command))
    # an empty pen without an owner would look like one whose owner is forgotten
    for pen in spare:
        db.execute("UPDATE pen_owner SET participant = ? WHERE pen = ?", [command.goes, pen])
    db.execute("DELETE FROM ready WHERE participant = ?", [command.goes])
    people.archive_participant(db, people.ArchiveParticipant(command.goes))
    return db.execute("SELECT alias FROM participant WHERE id = ?", [command.stays]).fetchone()[0]
