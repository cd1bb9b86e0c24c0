"""What was read of a workshop stays true until its next action, so it need not be worked out again before."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sqlite_utils import Database

from workshop.words import language

MOST = 64
T = TypeVar("T")


def until_next_action(read: Callable[..., T]) -> Callable[..., T]:
    """Decorator of a read `read(db, *args)`: the same answer for everybody, until something is written.

    The arguments must be hashable, and nobody may change the answer. Within an action nothing is remembered.
    """
    known: OrderedDict[tuple, T] = OrderedDict()
    lock = threading.Lock()

    @wraps(read)
    def reads(db: Database, *args: Any) -> T:
        if db.conn.in_transaction:
            return read(db, *args)
        # a file brought back from a copy may come to the same number by another way, but not at the same moment
        state = db.execute(
            "SELECT workshop.code, journal.id, journal.at FROM workshop, journal ORDER BY journal.id DESC LIMIT 1"
        ).fetchone()
        key = (state, args, language.get())
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
