"""What can be answered before the day: a link to a few questions, outside the room and its phases.

Whoever has the link may answer, without a name and as often as they like; what they write lies at the prepare step
as entries, each line of it one, under the question that it answers. The facilitator closes and opens the door to it.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import entries, fields, joining, store
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import N_, _

STEP = "prepare"
# METHOD.md §3, steps 0 and 1: the one question of the opening, then what the right question and people hang on
QUESTIONS = (
    N_("Do you know what our purpose is? Say it in your words."),
    N_("What should the day answer, and what should it leave alone?"),
    N_("Which groups of customers is it about?"),
    N_("What have they told you, and where did you hear it?"),
    N_("What do we count today, and where does it stand?"),
    N_("Who decides, and who has to be in the room?"),
)
MOST_QUESTIONS, MOST_ANSWERS = 12, 2_000


@dataclass(frozen=True)
class AskBeforehand:
    """The questions, one a line, in place of those before. The first time it makes the link as well."""

    questions: str


@dataclass(frozen=True)
class LockBeforehand:
    """While it is locked the link takes no answers."""

    locked: bool


@dataclass(frozen=True)
class AnswerBeforehand:
    """One person's answers by question; `key` is what stands in the link."""

    key: str
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Question:
    text: str = fields.line(N_("Question"), most=80, needed=True)


def ask_beforehand(db: Database, command: AskBeforehand) -> int:
    """Gives how many are asked. Raises Rejected."""
    questions = list(dict.fromkeys(
        fields.accept(_Question, {"text": line})["text"] for line in entries.lines_of(command.questions)
    ))  # fmt: skip
    if not questions:
        raise Rejected(Problem("questions", _("Write a question first: one line for each.")))
    if len(questions) > MOST_QUESTIONS:
        many = _("These are {count} questions; nobody answers more than {most}.")
        raise Rejected(Problem("questions", many.format(count=len(questions), most=MOST_QUESTIONS)))
    secret = "".join(secrets.choice(store.ALPHABET) for _sign in range(joining.LINK_SIGNS))
    db.execute(
        """INSERT INTO beforehand (id, secret, questions) VALUES (1, ?, ?)
        ON CONFLICT DO UPDATE SET questions = excluded.questions""",
        [secret, json.dumps(questions)],
    )
    return len(questions)


def lock_beforehand(db: Database, command: LockBeforehand) -> None:
    db.execute("UPDATE beforehand SET locked = ?", [int(command.locked)])


def answer_beforehand(db: Database, command: AnswerBeforehand) -> int:
    """Gives how many entries it made. Raises NotFound, or Rejected when there is no word in it, or no room for it."""
    asked = open_with(db, command.key)
    if asked["locked"]:
        raise Rejected(Problem("", _("This is closed now. Say it to the facilitator, or on the day.")))
    # a question may have been worded anew while somebody wrote: what they wrote is kept, without a heading
    said = [
        (question if question in asked["questions"] else "", line)
        for question, text in command.answers.items()
        for line in entries.lines_of(text)
    ]
    if not said:
        raise Rejected(Problem("", _("Nothing is written yet. One answer is enough.")))
    there = db.execute("SELECT count(*) FROM entry WHERE step = ?", [STEP]).fetchone()[0]
    if there + len(said) > MOST_ANSWERS:
        raise Rejected(Problem("", _("There is no more room for answers. Tell the facilitator.")))
    db.execute("UPDATE beforehand SET answered = answered + 1")
    for question, line in said:
        entries.add_entry(db, entries.AddEntry(step=STEP, text=entries.own_words(line), heading=question))
    return len(said)


def get_beforehand(db: Database) -> dict[str, Any] | None:
    """secret, questions, locked, answered (how often somebody did); None before anything was asked."""
    row = db.execute("SELECT secret, questions, locked, answered FROM beforehand").fetchone()
    if row is None:
        return None
    return {"secret": row[0], "questions": json.loads(row[1]), "locked": bool(row[2]), "answered": row[3]}


def open_with(db: Database, key: str) -> dict[str, Any]:
    """What is asked, for somebody with a link. Raises NotFound when it is not the one of this workshop."""
    asked = get_beforehand(db)
    if asked is None or joining.plain(key)[-joining.LINK_SIGNS :] != asked["secret"]:
        raise NotFound(nowhere())
    return asked


def nowhere() -> str:
    return _("This link leads nowhere. Ask whoever sent it for another one.")
