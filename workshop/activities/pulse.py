"""Pulse: one question, or one for each of a few things, answered in private."""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import fields
from workshop.activities.activity import own_pen, sign
from workshop.activities.settings import SCALES
from workshop.problems import Problem, Rejected
from workshop.words import N_, _


@dataclass(frozen=True)
class AnswerPulse:
    """One answer, in place of an earlier one: a word or number of the scale, own words, or both; neither takes it back.

    `target` is the ref that it is about, or '' for the one question. “unknown” is as good an answer as any.
    """

    activity: int
    participant: int
    answer: str = ""
    words: str = ""
    target: str = ""
    typed_by_host: bool = False


@dataclass(frozen=True)
class _Words:
    words: str = fields.text(N_("In your words"), most=500)


def answer_pulse(db: Database, command: AnswerPulse) -> str:
    """Gives the answer. Raises Rejected."""
    asked, pen = sign(db, "pulse", command.activity, command.participant)
    settings = asked["settings"]
    if command.target not in (settings["targets"] or [""]):
        raise Rejected(Problem("target", _("That is not among what is asked.")))
    if command.answer and command.answer not in SCALES[settings["scale"]]:
        raise Rejected(Problem("answer", _("Choose one of the answers.")))
    words = fields.accept(_Words, {"words": command.words})["words"]
    if words and not (settings["words"] or settings["scale"] == "words"):
        raise Rejected(Problem("words", _("Only one of the answers can be given here.")))
    db.execute("DELETE FROM pulse WHERE activity = ? AND pen = ? AND target = ?", [asked["id"], pen, command.target])
    if command.answer or words:
        db.execute(
            "INSERT INTO pulse (activity, pen, target, answer, words, typed_by_host) VALUES (?, ?, ?, ?, ?, ?)",
            [asked["id"], pen, command.target, command.answer, words, int(command.typed_by_host)],
        )
    return command.answer


def get_own(db: Database, asked: dict, participant: int) -> dict[str, dict[str, str]]:
    """One person's answers by target: answer, words."""
    pen = own_pen(db, participant, asked["feed"])
    rows = db.execute("SELECT target, answer, words FROM pulse WHERE activity = ? AND pen = ?", [asked["id"], pen])
    return {target: {"answer": answer, "words": words} for target, answer, words in rows.fetchall()}
