"""Keeps each active file open, so that closing the others costs no checkpoint, and hears what others write.

One thread in the server holds one connection per active file. It reads `PRAGMA data_version` every quarter of a
second, so that other processes and the command line are heard too, and checkpoints after thirty quiet seconds.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import connections, live, store
from workshop.activities import ROOM, count_ready
from workshop.problems import Refusal

LOOK_SECONDS = 0.25
QUIET_SECONDS = 30
FORGET_SECONDS = 600
ANSWERS = {"pen", "written", "vote", "rating", "share", "pulse"}

_stopping = threading.Event()
_thread: threading.Thread | None = None


@dataclass
class _Kept:
    db: Database
    version: int
    revision: int
    written: float
    used: float
    checkpointed: bool = True


def start() -> None:
    """Starts the keeper's thread, once."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _stopping.clear()
        connections.keep_open(True)
        _thread = threading.Thread(target=_keep, name="keeper", daemon=True)
        _thread.start()


def stop() -> None:
    """Checkpoints every file and closes it."""
    global _thread
    _stopping.set()
    live.wake()
    if _thread is not None:
        _thread.join(timeout=10)
        _thread = None
    connections.keep_open(False)


def news(code: str) -> dict[str, Any] | None:
    """The event that tells a newcomer where the workshop stands, or None when there is none with this code."""
    try:
        with store.open(code) as db:
            return _event(db, store.revision(db), "room")
    except Refusal:
        return None


def _keep() -> None:
    files: dict[str, _Kept] = {}
    while not _stopping.is_set():
        committed = live.wait(LOOK_SECONDS)
        moment = time.monotonic()
        for code in committed | live.listened():
            if code not in files and (kept := _open(code, moment)):
                files[code] = kept
        for code, kept in list(files.items()):
            try:
                _look(code, kept, code in committed, moment)
            except Exception:  # a file that went away must not silence the others
                kept.db.close()
                del files[code]
                continue
            if moment - kept.used > FORGET_SECONDS:
                kept.db.close()
                del files[code]
    for kept in files.values():
        _checkpoint(kept)
        kept.db.close()


def _open(code: str, moment: float) -> _Kept | None:
    try:
        db = connections.connect(store.file_of(code))
        # the revision before the commit that woke us, so that this commit is told
        return _Kept(db, -1, max(0, store.revision(db) - 1), moment, moment)
    except Exception:  # removed or damaged in the meantime: the page that opened it says so
        return None


def _look(code: str, kept: _Kept, committed: bool, moment: float) -> None:
    version = kept.db.execute("PRAGMA data_version").fetchone()[0]
    if committed or version != kept.version:
        kept.version, kept.written, kept.used, kept.checkpointed = version, moment, moment, False
        revision = store.revision(kept.db)
        if revision > kept.revision:
            live.tell(code, _event(kept.db, revision, _topic(kept.db, kept.revision)))
            kept.revision = revision
    elif not kept.checkpointed and moment - kept.written > QUIET_SECONDS:
        _checkpoint(kept)
    if code in live.listened():
        kept.used = moment


def _checkpoint(kept: _Kept) -> None:
    kept.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept.checkpointed = True


def _topic(db: Database, since: int) -> str:
    """What the news is about: "room" (step, phase, reveal), "work" (a host's action) or "answers".

    Who is ready leaves no trace in the journal, so an action of the room that changed nothing is that, and one of a
    host calls everybody back. Somebody new needs to wake no other phone; an answer that a host types may be that of
    somebody who has one.
    """
    rows = db.execute('SELECT DISTINCT "table", old IS NULL FROM change WHERE journal > ?', [since]).fetchall()
    tables = {table for table, is_new in rows if (table, is_new) != ("participant", 1)}
    if tables & {"room", "agenda", "activity"}:
        return "room"
    by_host = db.execute("SELECT 1 FROM journal WHERE id > ? AND by <> ?", [since, ROOM]).fetchone() is not None
    if by_host and not rows:
        return "room"
    return "work" if by_host or not tables <= ANSWERS else "answers"


def _event(db: Database, revision: int, topic: str) -> dict[str, Any]:
    row = db.execute("SELECT deadline FROM room").fetchone()
    ready, joined = count_ready(db)
    deadline = row[0] if row else None
    return {
        "revision": revision, "topic": topic, "deadline": deadline, "ready": ready, "joined": joined,
        "now": store.now(),
    }  # fmt: skip
