"""A workshop taken up again after a while: a new file of the kind review, with its parent's code.

Everything that was written, chosen and decided is there under its refs; what is about today is asked anew, and stands
beside last time's answers (`compare`). A review of a review looks back at that review.
"""

from typing import Any

from sqlite_utils import Database

from workshop import bundle, store
from workshop.compare import Snapshot, snapshot
from workshop.fields import LINE
from workshop.problems import NotFound
from workshop.steps import step_of
from workshop.steps.prepare import get_workshop
from workshop.template import copied
from workshop.words import _

# what was true on that day, and the answer of one who has not been asked yet
ASKED_ANEW = {"touchpoints": {"promise_state": "unknown"}, "purposes": {"ease_today": None}}


def start_review(code: str, by: str) -> str:
    """A new workshop that looks back at this one; gives its code. Raises NotFound or Unreadable."""
    with store.open(code) as db:
        data = asked_anew(copied(bundle.read(db), content=True))
    title = _("Review: {title}").format(title=data["session"]["title"])[:LINE]
    data["session"] |= {"title": title, "kind": "review", "parent": code}
    return bundle.load(data, by, _("Reviews the workshop {code}").format(code=code))


def asked_anew(data: dict[str, Any]) -> dict[str, Any]:
    """A bundle without the answers that were about one day. Pure."""
    return data | {key: [row | answers for row in data[key]] for key, answers in ASKED_ANEW.items()}


def last_time(db: Database) -> Snapshot:
    """The workshop that this one was made from, as it stands now. Raises NotFound."""
    parent = get_workshop(db)["parent"]
    if not parent:
        raise NotFound(_("This workshop looks back at no other one."))
    try:
        with store.open(parent) as before:
            return snapshot(before)
    except NotFound:
        sentence = _("The workshop that this one looks back at ({code}) is not in this library. Bring its file in.")
        raise NotFound(sentence.format(code=parent)) from None


def said_last_time(db: Database, step: str) -> list[str]:
    """What is asked anew at a step, as it was answered last time, a line each; none where this is no review.

    Raises NotFound.
    """
    if not get_workshop(db)["parent"]:
        return []
    return answers_at(last_time(db), step)


def answers_at(before: Snapshot, step: str) -> list[str]:
    """Questions to the room, touchpoints, how easy it was, and places in the order; each at its step. Pure."""
    asked = {_(offer.prompt) for offer in step_of(step).activities if offer.prompt}
    said = [f"{question} {about} {answer}".replace("  ", " ") for (question, about), answer in before.answers.items()
            if question in asked]  # fmt: skip
    if step == "touchpoints":
        said += [f"{row['ref']}  {row['name']}: {_(row['promise_state'])}" for row in before.tables["touchpoint"]]
    if step == "purpose":
        easy = _("{ref}  {words}: easy today {points} of 5")
        said += [easy.format(ref=row["ref"], words=row["text"], points=row["ease_today"])
                 for row in before.tables["purpose"] if row["ease_today"]]  # fmt: skip
    if step == "ranking":
        said += [f"{place['rank']}  {place['name']} ({ref})" for ref, place in before.places.items()]
    return said
