"""One SQLite file per workshop: create, open, change. DESIGN.md §2 says why each pragma stands here.

What is done in one goes through `open`, and `change` is the only way to write; whole files are the library's.
"""

import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import connections, live
from workshop.connections import in_sentences
from workshop.migrations import NAMES, journal_rows, migrate, new_join_code
from workshop.problems import NotFound, Problem, Rejected, Unreadable
from workshop.words import _, own_names

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs that nobody mistakes for one another
APPLICATION_ID = 0x54_4C_49_4E  # "TLIN", so that a foreign SQLite file is told apart
CODE = f"[{ALPHABET}]{{8}}"


def library() -> Path:
    """The folder of workshop files: THROUGHLINE_HOME, or `workshops/` beside app.py. Made when missing."""
    folder = Path(os.environ.get("THROUGHLINE_HOME") or Path(__file__).parents[1] / "workshops")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def now() -> str:
    """This moment in UTC, to the millisecond, as text that sorts."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def file_of(code: str) -> Path:
    """The file of the workshop with this code. Raises NotFound."""
    if isinstance(code, str) and re.fullmatch(CODE, code):
        with os.scandir(library()) as entries:
            found = [Path(entry.path) for entry in entries if entry.name.endswith(f"--{code}.sqlite")]
        if found:
            return found[0] if len(found) == 1 else max(found, key=written)
    raise NotFound(_("There is no workshop with the code “{code}” in this library.").format(code=str(code)[:20]))


def written(file: Path) -> float:
    """When a workshop's file was last written to, its -wal included."""
    wal = file.with_name(f"{file.name}-wal")
    return max(file.stat().st_mtime, wal.stat().st_mtime if wal.exists() else 0.0)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(8))


def file_name(title: str, code: str) -> str:
    """A name that every file system takes: the title in plain letters, then the code."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "workshop"
    return f"{slug}--{code}.sqlite"


@contextmanager
def open(code: str) -> Iterator[Database]:
    """The workshop's file, brought up to date, for one script run, request or command.

    Raises NotFound or Unreadable.
    """
    path = file_of(code)
    with in_sentences(path.name):
        place = path, path.stat().st_ino  # one that was deleted and brought back is another file of the same name
        db = connections.taken(place) or connections.connect(path)
        sound, outer = False, own_names.get()
        try:
            _bring_up_to_date(db, path.name)
            _lock(db)
            own_names.set(tuple(db.execute("SELECT noun, name FROM own_name").fetchall()))
            yield db
            sound = not db.conn.in_transaction
        finally:
            own_names.set(outer)
            if not (sound and connections.laid_by(place, db)):
                db.close()


def _lock(db: Database) -> None:
    """Until the next action begins, SQLite refuses whatever this connection would write."""
    db.execute("PRAGMA query_only = ON")


def _bring_up_to_date(db: Database, name: str) -> None:
    if set(check_kind(db, name)) == set(NAMES):
        return
    db.execute("PRAGMA query_only = OFF")  # as a connection that waited has it on
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        migrate(db)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    db.execute("PRAGMA foreign_keys = ON")


def check_kind(db: Database, name: str) -> list[str]:
    """Gives the migrations that were applied. Raises Unreadable unless this is a workshop's file that this program
    knows how to read."""
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Unreadable(_("“{name}” is not a Throughline workshop.").format(name=name))
    known = applied(db)
    if not set(known) <= set(NAMES):
        raise Unreadable(
            _("“{name}” was made by a newer Throughline than this one. Update Throughline to open it.").format(
                name=name
            )
        )
    return known


def applied(db: Database) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid").fetchall()]


@cache
def _blank() -> sqlite3.Connection:
    """A workshop's file with nothing in it, in memory: a new one is its copy, which takes a tenth of the time."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("BEGIN IMMEDIATE")
    migrate(db)
    db.execute("COMMIT")
    return db.conn


@contextmanager
def creating(title: str, code: str | None = None) -> Iterator[tuple[str, Database]]:
    """A new workshop file: gives (code, db), and puts the file into the library only when all went well."""
    code = code or new_code()
    made = library() / f".making-{code}"
    with in_sentences(title):
        db = connections.connect(made)
        try:
            _blank().backup(db.conn)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("UPDATE entrance SET join_code = ?", [new_join_code()])  # the blank's would be everybody's
            yield code, db
            db.close()
            os.replace(made, library() / file_name(title, code))
        finally:
            db.close()
            for left in library().glob(f".making-{code}*"):
                left.unlink()


@dataclass
class Action:
    """What is being done, in words; a handler's caller may say it better once it knows the ref."""

    number: int
    what: str
    kind: str = "do"
    of: int | None = None
    dropped: bool = False

    def drop(self) -> None:
        """Nothing was to be done after all: the action leaves no trace."""
        self.dropped = True


@contextmanager
def change(db: Database, by: str, what: str, *, kind: str = "do", of: int | None = None) -> Iterator[Action]:
    """The only way to write: all of one action is stored and journalled, or nothing is.

    `by` names who gave the command ("host"); `what` says what was done, in words; `kind` is start, do, undo, redo
    or follow (nothing to take back, such as a turned page: undo passes it over); `of` the action that an undo or redo
    is about. In a closed workshop only that is stored which opens it again. Raises Rejected when the disk is full or
    the workshop is closed, Conflict when the file stays busy.
    """
    with in_sentences(""), nullcontext() if db.conn.in_transaction else together(db):
        db.execute("SAVEPOINT action")
        try:
            action, was_closed = Action(revision(db) + 1, what, kind, of), _is_closed(db)
            db.execute("UPDATE writing SET journal = ?", [action.number])
            yield action
            if action.dropped:
                _take_back(db)
                return
            if was_closed and _is_closed(db):
                raise Rejected(Problem("", _("This workshop is closed. The facilitator can open it again.")))
            db.execute(
                "INSERT INTO journal (id, at, by, what, kind, of, migration) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [action.number, now(), by, action.what, action.kind, action.of, len(NAMES)],
            )
            db.execute("UPDATE writing SET journal = NULL")
            db.execute("RELEASE action")
        except BaseException:
            _take_back(db)
            raise


@contextmanager
def together(db: Database) -> Iterator[None]:
    """One commit for every `change` within: each is an action of its own, and one that is refused harms no other.

    Whoever gave one of them may be told so only afterwards. Raises as `change` does; then none of them is stored.
    """
    with in_sentences(""):
        db.execute("PRAGMA query_only = OFF")
        try:
            if not db.execute("SELECT 1 FROM sqlite_temp_master LIMIT 1").fetchone():
                journal_rows(db)
            db.execute("BEGIN IMMEDIATE")
            before = revision(db)
            yield
            is_new = revision(db) > before
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
        finally:
            _lock(db)
    if is_new:
        live.committed(_code_of(db))


def _take_back(db: Database) -> None:
    """Undoes what the action has written so far. On a full disk SQLite has already taken back all of them."""
    if db.conn.in_transaction:
        db.execute("ROLLBACK TO action")
        db.execute("RELEASE action")


def revision(db: Database) -> int:
    """The number of the last action; it rises by one with every change."""
    return db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]


def _is_closed(db: Database) -> bool:
    return db.execute("SELECT 1 FROM workshop WHERE status = 'closed'").fetchone() is not None


def _code_of(db: Database) -> str:
    row = db.execute("SELECT code FROM workshop").fetchone()
    return row[0] if row else ""
