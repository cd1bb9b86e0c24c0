"""The scribe writes down what the room says: many people's answers in one commit, each an action of its own.

A thousand phones that each commit for themselves keep the disk, and with it the host's next move, waiting. What comes
in while one commit is on its way goes into the next one together. Nobody is answered before that commit. Other
processes may write into the same file: SQLite's lock decides whose turn it is.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import store

MOST, MOST_SECONDS = 50, 0.02  # of one commit: whoever else wants to write waits no longer than that
FILES = 16  # that are written into at the same time

Act = Callable[[Database], Any]


@dataclass(frozen=True)
class _Said:
    """What one person wants done, in the words of that person's language."""

    act: Act
    words: Context = field(default_factory=copy_context)
    answer: Future = field(default_factory=Future)


_lock = threading.Lock()
_waiting: dict[str, deque[_Said]] = {}  # by code; a key stands here while somebody writes into that file
_hands = ThreadPoolExecutor(FILES, "scribe")


def write_down(code: str, act: Act) -> Future:
    """Carries out `act(db)`, whose writing goes through `store.change`, and gives what it gave or raised.

    The future is done once the answer is stored for good. Raises in it what `store.open` and `store.change` raise.
    """
    said = _Said(act)
    with _lock:
        is_first = code not in _waiting
        _waiting.setdefault(code, deque()).append(said)
    if is_first:
        _hands.submit(_write_all, code)
    return said.answer


def _write_all(code: str) -> None:
    """One commit after another; after each, whoever else waits for the file has as much time."""
    while True:
        began = time.monotonic()
        _write(code)
        time.sleep(min(time.monotonic() - began, MOST_SECONDS))
        with _lock:
            if not _waiting[code]:
                del _waiting[code]
                return


def _write(code: str) -> None:
    taken, given = [], []
    try:
        with store.open(code) as db, store.together(db):
            until = time.monotonic() + MOST_SECONDS
            while len(taken) < MOST and (not taken or time.monotonic() < until) and (said := _next(code)):
                taken.append(said)
                given.append(_carry_out(said, db))
    except BaseException as fault:  # nothing was stored
        taken += iter(lambda: _next(code), None)
        given = [(None, fault)] * len(taken)
    for said, (answer, refusal) in zip(taken, given, strict=True):
        said.answer.set_exception(refusal) if refusal else said.answer.set_result(answer)


def _next(code: str) -> _Said | None:
    """Who is next, but for those who have gone away meanwhile."""
    with _lock:
        while _waiting[code]:
            said = _waiting[code].popleft()
            if said.answer.set_running_or_notify_cancel():
                return said
    return None


def _carry_out(said: _Said, db: Database) -> tuple[Any, Exception | None]:
    """(what it gave, what it raised). Raises when SQLite has taken back the whole of the commit."""
    try:
        return said.words.run(said.act, db), None
    except Exception as refusal:
        if not db.conn.in_transaction:
            raise
        return None, refusal
