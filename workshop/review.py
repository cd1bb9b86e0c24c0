"""A workshop taken up again after a while: a new file of the kind review, with its parent's code.

Everything that was written, chosen and decided is there under its refs; what is about today is asked anew, and stands
beside last time's answers (`compare`). A review of a review looks back at that review.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from workshop import bundle, items, store
from workshop.afterwards import list_promise_reviews
from workshop.compare import Snapshot, snapshot
from workshop.fields import LINE
from workshop.problems import NotFound
from workshop.steps.opening import list_pulses, said_of
from workshop.steps.prepare import get_workshop
from workshop.steps.ranking import get_ranking
from workshop.template import copied
from workshop.words import _

# what was true on that day, and the answer of one who has not been asked yet
ASKED_ANEW = {"touchpoints": {"promise_state": "unknown"}, "purposes": {"ease_today": None}}


def start_review(code: str, by: str) -> str:
    """A new workshop that looks back at this one; gives its code. Raises NotFound or Unreadable."""
    with store.open(code) as db:
        data = asked_anew(copied(bundle.read(db), content=True))
    reviewed = data["session"]["title"].removeprefix(_("Review: {title}").format(title=""))
    title = _("Review: {title}").format(title=reviewed)[:LINE]
    data["session"] |= {"title": title, "kind": "review", "parent": code}
    return bundle.load(data, by, _("Reviews the workshop {code}").format(code=code))


def asked_anew(data: dict[str, Any]) -> dict[str, Any]:
    """A bundle without the answers that were about one day. Pure."""
    return data | {key: [row | answers for row in data[key]] for key, answers in ASKED_ANEW.items()}


@contextmanager
def looking_back(db: Database) -> Iterator[Database]:
    """The file of the workshop that this one was made from. Raises NotFound."""
    parent = get_workshop(db)["parent"]
    if not parent:
        raise NotFound(_("This workshop looks back at no other one."))
    try:
        store.file_of(parent)
    except NotFound:
        sentence = _("The workshop that this one looks back at ({code}) is not in this library. Bring its file in.")
        raise NotFound(sentence.format(code=parent)) from None
    with store.open(parent) as before:
        yield before


def last_time(db: Database) -> Snapshot:
    """The workshop that this one was made from, as it stands now. Raises NotFound."""
    with looking_back(db) as before:
        return snapshot(before)


def said_last_time(db: Database, step: str) -> list[str]:
    """What is asked anew at a step, as it was answered last time, a line each; none where this is no review.

    Questions to the room; how touchpoints kept the promise, how easy purposes were, and the places in the order. Raises
    NotFound.
    """
    if not get_workshop(db)["parent"]:
        return []
    with looking_back(db) as before:
        said = [
            " ".join(filter(None, (found.activity["prompt"], f"{row['text']}:" if row["ref"] else "", said_of(row))))
            for found in list_pulses(before, step)
            for row in found.rows
            if row["counts"]
        ]
        if step == "touchpoints":
            known = [row for row in items.list_items(before, "touchpoint") if row["promise_state"] != "unknown"]
            said += [f"{row['ref']}  {row['name']}: {_(row['promise_state'])}" for row in known]
        if step == "purpose":
            easy = _("{ref}  {words}: easy today {points} of 5")
            said += [easy.format(ref=row["ref"], words=row["text"], points=row["ease_today"])
                     for row in items.list_items(before, "purpose") if row["ease_today"]]  # fmt: skip
        if step == "ranking" and (ranking := get_ranking(before)):
            said += [f"{row['rank']}  {row['name']} ({row['ref']})" for row in ranking.rows]
    return said


def promise_last_time(db: Database) -> list[str]:
    """What the room said last time of its promise, a line for each time that it was asked; none where this is no
    review. Raises NotFound."""
    if not get_workshop(db)["parent"]:
        return []
    with looking_back(db) as before:
        reviews = list_promise_reviews(before)
    return [f"{found.activity['opened_at'][:10]}  {said_of(row)}" for found in reviews for row in found.rows
            if row["counts"]]  # fmt: skip
