"""What was read of a workshop stays true until its next action, so it need not be worked out again before.

A room that writes twenty answers a second does not have everything worked out anew for each of them.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sqlite_utils import Database

from workshop.words import language

MOST = 64
T = TypeVar("T")


def while_same(state_of: Callable[..., tuple]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Decorator of a read `read(db, *args)`: the same answer for everybody, while `state_of(db, *args)` is the same.

    The arguments must be hashable, and nobody may change the answer. Within an action nothing is remembered.
    """

    def remembering(read: Callable[..., T]) -> Callable[..., T]:
        known: OrderedDict[tuple, T] = OrderedDict()
        lock = threading.Lock()

        @wraps(read)
        def reads(db: Database, *args: Any) -> T:
            if db.conn.in_transaction:
                return read(db, *args)
            key = (state_of(db, *args), args, language.get())
            with lock:
                if key in known:
                    known.move_to_end(key)
                    return known[key]
            answer = read(db, *args)
            with lock:
                known[key] = answer
                while len(known) > MOST:
                    known.popitem(last=False)
            return answer

        return reads

    return remembering


def _last_action(db: Database, *_args: Any) -> tuple:
    """The last action but for the room's answers, which nobody reads before a host reveals them; the room also adds
    people, and entries before the day."""
    # a file brought back from a copy may come to the same number by another way, but not at the same moment
    return db.execute(
        """SELECT workshop.code, journal.id, journal.at,
            (SELECT count(*) FROM participant WHERE archived_at IS NULL), (SELECT max(id) FROM entry)
        FROM workshop, journal WHERE journal.by <> 'room' ORDER BY journal.id DESC LIMIT 1"""
    ).fetchone()


until_next_action = while_same(_last_action)
