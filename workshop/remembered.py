"""What was read of a workshop stays true until its next action, so it need not be worked out again before.

A room that writes twenty answers a second does not have everything worked out anew for each of them.
"""

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from sqlite_utils import Database

from workshop.words import language

MOST = 64
T = TypeVar("T")
P = ParamSpec("P")


class _Known(Generic[T]):
    """The answers that were asked for last, by what they depend on."""

    def __init__(self) -> None:
        self.answers: OrderedDict[Hashable, T] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, work_out: Callable[[], T]) -> T:
        with self.lock:
            if key in self.answers:
                self.answers.move_to_end(key)
                return self.answers[key]
        answer = work_out()
        with self.lock:
            self.answers[key] = answer
            while len(self.answers) > MOST:
                self.answers.popitem(last=False)
        return answer


def while_same(state_of: Callable[..., tuple]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Decorator of a read `read(db, *args)`: the same answer for everybody, while `state_of(db, *args)` is the same.

    The arguments must be hashable, and nobody may change the answer. Within an action nothing is remembered.
    """

    def remembering(read: Callable[..., T]) -> Callable[..., T]:
        known: _Known[T] = _Known()

        @wraps(read)
        def reads(db: Database, *args: Any) -> T:
            if db.conn.in_transaction:
                return read(db, *args)
            return known.get((state_of(db, *args), args, language.get()), lambda: read(db, *args))

        return reads

    return remembering


def for_the_same(work: Callable[P, T]) -> Callable[P, T]:
    """Decorator of a pure function: the same answer for the same arguments, compared by value, arrays too.

    Nobody may change the answer.
    """
    known: _Known[T] = _Known()

    @wraps(work)
    def works(*args: P.args, **named: P.kwargs) -> T:
        return known.get(hashlib.sha256(pickle.dumps((args, named))).digest(), lambda: work(*args, **named))

    return works


def _last_action(db: Database, *_args: Any) -> tuple:
    """The last action but for the room's answers, which nobody reads before a host reveals them; the room also adds
    people, and entries before the day."""
    # a file brought back from a copy may come to the same number by another way, but not at the same moment
    return db.execute(
        """SELECT workshop.code, journal.id, journal.at,
            (SELECT count(*) FROM participant WHERE archived_at IS NULL), (SELECT max(id) FROM entry)
        FROM workshop, journal WHERE journal.by <> 'room' ORDER BY journal.id DESC LIMIT 1"""
    ).fetchone()


def _last_change(db: Database, *_args: Any) -> tuple:
    return db.execute(
        "SELECT workshop.code, journal.id, journal.at FROM workshop, journal ORDER BY journal.id DESC LIMIT 1"
    ).fetchone()


until_next_action = while_same(_last_action)
until_next_change = while_same(_last_change)
