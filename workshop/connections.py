"""Connections to a workshop's file: their settings, those that wait for the next run, SQLite's errors as sentences."""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop.problems import Conflict, Problem, Rejected, Unreadable
from workshop.words import _

BUSY_SECONDS = 5
MOST_IDLE, MOST_FILES = 4, 50  # connections that wait for the next run: per file, and files


def connect(path: Path) -> Database:
    """One connection with the settings that every connection needs. The caller closes it.

    It may go from thread to thread, but belongs to one at a time.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return Database(connection)


# A connection that a run has finished with waits here for the next one, which then need not read the schema again.
# It is taken out before it is used, so that no two threads ever share one. Only the server does this (keep_open);
# everybody else closes what they opened.
_idle: dict[tuple[Path, int], list[Database]] = {}
_idle_lock = threading.Lock()
_keeping = False


def keep_open(keep: bool) -> None:
    """Whether finished connections wait for the next run; with False those that wait are closed."""
    global _keeping  # noqa: PLW0603  one server, one habit
    with _idle_lock:
        _keeping = keep
        waiting = [] if keep else [db for place in _idle for db in _idle[place]]
        if not keep:
            _idle.clear()
    for db in waiting:
        db.close()


def taken(place: tuple[Path, int]) -> Database | None:
    with _idle_lock:
        waiting = _idle.pop(place, [])
        db = waiting.pop() if waiting else None
        if waiting:
            _idle[place] = waiting
    return db


def laid_by(place: tuple[Path, int], db: Database) -> bool:
    """Whether this connection waits now; the file that was not used for longest makes room for a new one."""
    forgotten: list[Database] = []
    with _idle_lock:
        if not _keeping or len(_idle.get(place, ())) >= MOST_IDLE:
            return False
        if place not in _idle and len(_idle) >= MOST_FILES:
            forgotten = _idle.pop(next(iter(_idle)))
        _idle[place] = [*_idle.pop(place, ()), db]  # popped first, so that it moves to the end
    for old in forgotten:
        old.close()
    return True


def close_idle(path: Path) -> None:
    """Closes the connections to this file that wait, before it goes away."""
    with _idle_lock:
        waiting = [db for place in [*_idle] if place[0] == path for db in _idle.pop(place)]
    for db in waiting:
        db.close()


@contextmanager
def in_sentences(name: str) -> Iterator[None]:
    """SQLite's errors, and that a disk is full, as sentences for people."""
    full = _("The disk is full. Nothing was stored; do it again once there is room.")
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Rejected(Problem("", full)) from error
        raise
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise Rejected(Problem("", full)) from error
        if "locked" in str(error) or "busy" in str(error):
            raise Conflict(_("The file is busy. Nothing was stored; please do it again.")) from error
        if "no such table" in str(error) and name:
            raise Unreadable(_("“{name}” is not a Throughline workshop.").format(name=name)) from error
        if "unable to open" in str(error) and name:
            raise Unreadable(_("“{name}” cannot be opened or written there.").format(name=name)) from error
        raise
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise Unreadable(_("“{name}” is damaged and cannot be opened.").format(name=name)) from error
        raise
