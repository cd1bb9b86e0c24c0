"""Write: short texts to a prompt, any number, by each person alone.

They become entries all at once, at the reveal and shuffled; until then nobody but their writer reads them, and the
host, without names, to take out what does not belong on the screen. A word that comes late, from a phone that was
out of reach, is still taken while the answers are closed and not yet revealed.
"""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import items
from workshop.activities.activity import check_here, check_takes_answers, get_activity, own_pens, shuffled, sign
from workshop.entries import AddEntry, add_entry, own_words
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import _

MOST = 200  # by one person in one activity
_NOT_SEEN = ("open", "closed")


@dataclass(frozen=True)
class AddAnswer:
    """One thing that somebody writes to the prompt. `typed_by_host`: for a person without a phone."""

    activity: int
    participant: int
    text: str
    typed_by_host: bool = False


@dataclass(frozen=True)
class EditAnswer:
    """New words for one's own answer, until it is revealed."""

    answer: int
    participant: int
    text: str


@dataclass(frozen=True)
class WithdrawAnswer:
    """Takes one's own answer back, until it is revealed."""

    answer: int
    participant: int


@dataclass(frozen=True)
class HideAnswer:
    """The host keeps an answer off the screen, or lets it on again."""

    answer: int
    hidden: bool = True


def add_answer(db: Database, command: AddAnswer) -> int:
    """Gives the answer's id. Raises Rejected."""
    text = own_words(command.text)
    asked, pen = sign(db, "write", command.activity, command.participant, _NOT_SEEN)
    count = db.execute("SELECT count(*) FROM written WHERE activity = ? AND pen = ?", [asked["id"], pen]).fetchone()[0]
    if count >= MOST:
        raise Rejected(Problem("text", _("You have written {most} already. Let others have a turn.").format(most=MOST)))
    return db.execute(
        "INSERT INTO written (activity, pen, text, typed_by_host) VALUES (?, ?, ?, ?)",
        [asked["id"], pen, text, int(command.typed_by_host)],
    ).lastrowid


def edit_answer(db: Database, command: EditAnswer) -> int:
    """Raises Rejected, or NotFound when there is no such answer of this person."""
    text = own_words(command.text)
    _check_own(db, command.answer, command.participant)
    db.execute("UPDATE written SET text = ? WHERE id = ?", [text, command.answer])
    return command.answer


def withdraw_answer(db: Database, command: WithdrawAnswer) -> int:
    _check_own(db, command.answer, command.participant)
    db.execute("DELETE FROM written WHERE id = ?", [command.answer])
    return command.answer


def hide_answer(db: Database, command: HideAnswer) -> int:
    """Before the reveal the answer stays out of it; afterwards its entry is put away, or brought back."""
    row = db.execute("SELECT entry, activity FROM written WHERE id = ?", [command.answer]).fetchone()
    if not row:
        raise NotFound(_("That answer was taken back by whoever wrote it."))
    db.execute("UPDATE written SET hidden = ? WHERE id = ?", [int(command.hidden), command.answer])
    if row[0] is None and not command.hidden and get_activity(db, row[1])["state"] == "revealed":
        _make_entry(db, get_activity(db, row[1])["step"], command.answer)
    elif row[0] is not None:
        turn = (items.archive, items.Archive) if command.hidden else (items.bring_back, items.BringBack)
        turn[0](db, turn[1](row[0]))
    return command.answer


def list_own(db: Database, activity: int, participant: int) -> list[dict[str, Any]]:
    """What one person has written, newest first: id, text. Empty once nobody can tell any more."""
    pens = own_pens(db, participant, get_activity(db, activity)["feed"])
    rows = db.execute("SELECT id, text, pen FROM written WHERE activity = ? ORDER BY id DESC", [activity])
    return [{"id": id_, "text": text} for id_, text, pen in rows.fetchall() if pen in pens]


def count_written(db: Database, activity: int) -> int:
    """How many answers came in, hidden ones too."""
    return db.execute("SELECT count(*) FROM written WHERE activity = ?", [activity]).fetchone()[0]


def list_for_host(db: Database, activity: int) -> list[dict[str, Any]]:
    """For moderation alone: id, text, hidden, typed_by_host, entry (ref or None), shuffled, without a name or pen.

    After the reveal what stands as an entry is shown, and what was put away is hidden, however that came about.
    """
    rows = db.execute(
        """SELECT written.id, written.text, CASE WHEN ref IS NULL THEN hidden ELSE archived_at IS NOT NULL END,
            typed_by_host, written.entry FROM written LEFT JOIN entry ON entry.ref = written.entry
        WHERE activity = ?""",
        [activity],
    )
    names = ("id", "text", "hidden", "typed_by_host", "entry")
    feed = get_activity(db, activity)["feed"]
    by_id = {row[0]: dict(zip(names, row, strict=True)) for row in rows.fetchall()}
    return [by_id[id_] for id_ in shuffled(by_id, feed)]


def make_entries(db: Database, asked: dict[str, Any]) -> None:
    """All that was written and not hidden becomes entries of the step, shuffled, so that no order tells who."""
    rows = db.execute("SELECT id FROM written WHERE activity = ? AND hidden = 0 AND entry IS NULL", [asked["id"]])
    for id_ in shuffled([id_ for (id_,) in rows.fetchall()], asked["feed"]):
        _make_entry(db, asked["step"], id_)


def _make_entry(db: Database, step: str, answer: int) -> None:
    text = db.execute("SELECT text FROM written WHERE id = ?", [answer]).fetchone()[0]
    ref = add_entry(db, AddEntry(step=step, text=text))
    db.execute("UPDATE written SET entry = ? WHERE id = ?", [ref, answer])


def _check_own(db: Database, answer: int, participant: int) -> None:
    row = db.execute("SELECT activity, pen FROM written WHERE id = ?", [answer]).fetchone()
    asked = get_activity(db, row[0]) if row else None
    if asked:
        check_takes_answers(asked, _NOT_SEEN)
        check_here(db, participant)
    if not asked or row[1] not in own_pens(db, participant, asked["feed"]):
        raise NotFound(_("There is no such answer of yours."))
