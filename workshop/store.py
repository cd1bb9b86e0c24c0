"""One SQLite file per workshop: create, open, change. DESIGN.md §2 says why each pragma stands here.

Nothing else opens a file, and `change` is the only way to write into one.
"""

import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import live
from workshop.migrations import NAMES, journal_rows, migrate, new_join_code
from workshop.problems import Conflict, NotFound, Problem, Refusal, Rejected, Unreadable
from workshop.words import _, own_names

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs that nobody mistakes for one another
APPLICATION_ID = 0x54_4C_49_4E  # "TLIN", so that a foreign SQLite file is told apart
BUSY_SECONDS = 5
READERS = 4  # threads that look at the library's files
MOST_IDLE, MOST_FILES = 4, 50  # connections that wait for the next run: per file, and files
_CODE = f"[{ALPHABET}]{{8}}"


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
    if isinstance(code, str) and re.fullmatch(_CODE, code):
        with os.scandir(library()) as entries:
            found = [Path(entry.path) for entry in entries if entry.name.endswith(f"--{code}.sqlite")]
        if found:
            return found[0] if len(found) == 1 else max(found, key=_written)
    raise NotFound(_("There is no workshop with the code “{code}” in this library.").format(code=str(code)[:20]))


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(8))


def file_name(title: str, code: str) -> str:
    """A name that every file system takes: the title in plain letters, then the code."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "workshop"
    return f"{slug}--{code}.sqlite"


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


@contextmanager
def open(code: str) -> Iterator[Database]:
    """The workshop's file, brought up to date, for one script run, request or command.

    Raises NotFound or Unreadable.
    """
    path = file_of(code)
    with _in_sentences(path.name):
        place = path, path.stat().st_ino  # one that was deleted and brought back is another file of the same name
        db = _taken(place) or connect(path)
        sound, outer = False, own_names.get()
        try:
            _bring_up_to_date(db, path.name)
            _lock(db)
            own_names.set(tuple(db.execute("SELECT noun, name FROM own_name").fetchall()))
            yield db
            sound = not db.conn.in_transaction
        finally:
            own_names.set(outer)
            if not (sound and _laid_by(place, db)):
                db.close()


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


def _taken(place: tuple[Path, int]) -> Database | None:
    with _idle_lock:
        waiting = _idle.pop(place, [])
        db = waiting.pop() if waiting else None
        if waiting:
            _idle[place] = waiting
    return db


def _laid_by(place: tuple[Path, int], db: Database) -> bool:
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


def remove(code: str) -> None:
    """Deletes a workshop's file for good. Raises NotFound."""
    path = file_of(code)
    with _idle_lock:
        waiting = [db for place in [*_idle] if place[0] == path for db in _idle.pop(place)]
    for db in waiting:
        db.close()
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)


def _lock(db: Database) -> None:
    """Until the next action begins, SQLite refuses whatever this connection would write."""
    db.execute("PRAGMA query_only = ON")


def _bring_up_to_date(db: Database, name: str) -> None:
    check_kind(db, name)
    if set(_applied(db)) == set(NAMES):
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


def check_kind(db: Database, name: str) -> None:
    """Raises Unreadable unless this is a workshop's file that this program knows how to read."""
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Unreadable(_("“{name}” is not a Throughline workshop.").format(name=name))
    newer = [applied for applied in _applied(db) if applied not in NAMES]
    if newer:
        raise Unreadable(
            _("“{name}” was made by a newer Throughline than this one. Update Throughline to open it.").format(
                name=name
            )
        )


def _applied(db: Database) -> list[str]:
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
    with _in_sentences(title):
        db = connect(made)
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
    or follow (the room following the host's page, which undo passes over); `of` the action that an undo or redo
    is about. In a closed workshop only that is stored which opens it again. Raises Rejected when the disk is full or
    the workshop is closed, Conflict when the file stays busy.
    """
    with _in_sentences(""), nullcontext() if db.conn.in_transaction else together(db):
        db.execute("SAVEPOINT action")
        try:
            action, was_closed = Action(revision(db) + 1, what, kind, of), _is_closed(db)
            db.execute("UPDATE writing SET journal = ?", [action.number])
            yield action
            if action.dropped:
                _take_back(db)
                return
            if was_closed and _is_closed(db):
                raise Rejected(Problem("", _("This workshop is closed. Open it again to change something.")))
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
    with _in_sentences(""):
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


@contextmanager
def _in_sentences(name: str) -> Iterator[None]:
    """SQLite's errors as sentences for people."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            full = _("The disk is full. Nothing was stored; make room and do it again.")
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


@dataclass(frozen=True)
class Entry:
    """One line of the library. `problem` says why a file cannot be opened, or is empty."""

    code: str
    file: str
    title: str = ""
    organisation: str = ""
    step: str = ""
    people: int = 0
    revision: int = 0
    changed: float = 0.0
    problem: str = ""
    join_code: str = ""


def list_library() -> list[Entry]:
    """Every workshop file, the one last written to first. Reads, never migrates."""
    with os.scandir(library()) as entries:
        files = [e for e in entries if e.name.endswith(".sqlite") and not e.name.startswith(".")]
    with ThreadPoolExecutor(READERS) as readers:  # most of a first look is SQLite reading schemas, without the GIL
        parts = readers.map(lambda part: [_entry(file) for file in part], (files[i::READERS] for i in range(READERS)))
        entries = sorted(chain(*parts), key=lambda entry: -entry.changed)
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        if not entry.problem and entry.code in seen:
            copy = _("“{name}” is a copy of a workshop that stands here already.").format(name=entry.file)
            entries[place] = replace(entry, problem=copy)
        seen.add(entry.code)
    return entries


def _written(file: Path) -> float:
    """When a workshop's file was last written to, its -wal included."""
    wal = file.with_name(f"{file.name}-wal")
    return max(file.stat().st_mtime, wal.stat().st_mtime if wal.exists() else 0.0)


def _entry(file: os.DirEntry) -> Entry:
    """One line of the library, read again only when the file or its -wal has been written to."""
    states = []
    for path in (file.path, f"{file.path}-wal"):
        try:
            found = os.stat(path)
            states.append((found.st_ino, found.st_mtime_ns, found.st_size))
        except OSError:
            states.append(None)
    return _read_entry(Path(file.path), *states)


@lru_cache(4096)
def _read_entry(file: Path, _state: tuple | None, wal_state: tuple | None) -> Entry:
    found = re.search(f"--({_CODE})\\.sqlite$", file.name)
    code, changed = found[1] if found else "", 0.0
    try:
        changed = _written(file)
        with _in_sentences(file.name), looking(file, at_rest=wal_state is None) as db:
            row = db.execute(
                """SELECT title, organisation,
                    coalesce((SELECT agenda.title FROM room JOIN agenda ON agenda.slug = room.step), ''),
                    (SELECT count(*) FROM participant WHERE archived_at IS NULL),
                    (SELECT coalesce(max(id), 0) FROM journal) FROM workshop"""
            ).fetchone()
            has_entrance = "m009_joining" in _applied(db)  # a listing brings no old file up to date
            join = db.execute("SELECT join_code FROM entrance").fetchone()[0] if has_entrance else ""
        if not row or not code:
            raise Unreadable(_("“{name}” is not a Throughline workshop.").format(name=file.name))
        return Entry(code, file.name, *row, changed=changed, join_code=join)
    except Refusal as refusal:
        return Entry(code, file.name, changed=changed, problem=str(refusal))
    except (sqlite3.Error, OSError):
        damaged = _("“{name}” is damaged and cannot be opened.").format(name=file.name)
        return Entry(code, file.name, changed=changed, problem=damaged)


@contextmanager
def looking(file: Path, *, at_rest: bool) -> Iterator[Database]:
    """A workshop's file for reading alone, never brought up to date. Raises Unreadable.

    A file at rest (without a -wal) is read as it lies, which needs no locks and leaves no -wal behind.
    """
    address = f"{file.absolute().as_uri()}?mode=ro" + ("&immutable=1" if at_rest else "")
    db = Database(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS))
    try:
        check_kind(db, file.name)
        yield db
    finally:
        db.close()


def backup(code: str, target: Path) -> None:
    """A whole copy of a workshop's file, safe while people write. Replaces `target` only when the copy is sound."""
    half = target.with_name(f".{target.name}.half")
    with open(code) as db, _in_sentences(target.name):
        half.unlink(missing_ok=True)
        try:
            db.execute("PRAGMA query_only = OFF")  # or SQLite would not write the copy either
            db.execute("VACUUM INTO ?", [str(half)])
            copy = sqlite3.connect(half)
            try:
                sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            finally:
                copy.close()
            if not sound:
                raise Unreadable(_("The copy is not sound. Nothing was replaced."))
            with half.open("rb+") as written:
                os.fsync(written.fileno())
            os.replace(half, target)
        finally:
            half.unlink(missing_ok=True)


def recover(file: Path, name: str) -> str:
    """Brings a workshop file from elsewhere into the library and gives its code. Raises Unreadable or Conflict."""
    with _in_sentences(name):
        db = connect(file)
        try:
            check_kind(db, name)
            if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise Unreadable(_("“{name}” is damaged and cannot be opened.").format(name=name))
            row = db.execute("SELECT code, title FROM workshop").fetchone()
            if not row or not re.fullmatch(_CODE, row[0]):
                raise Unreadable(_("“{name}” is not a Throughline workshop.").format(name=name))
            code, title = row
            if any(path.name.endswith(f"--{code}.sqlite") for path in library().iterdir()):
                raise Conflict(_("The workshop “{title}” is already in this library.").format(title=title))
            half = library() / f".making-{code}"
            half.unlink(missing_ok=True)
            db.execute("VACUUM INTO ?", [str(half)])
        finally:
            db.close()
    copy = connect(half)
    copy.execute("PRAGMA journal_mode = WAL")
    copy.close()
    os.replace(half, library() / file_name(title, code))
    return code


def write(file: Path, made: bytes) -> None:
    """Puts the bytes where people want them, all of them or none: a full disk leaves no half file."""
    half = file.with_name(f".{file.name}.half")
    try:
        with half.open("wb") as out:
            out.write(made)
            out.flush()
            os.fsync(out.fileno())
        os.replace(half, file)
    except OSError as error:
        half.unlink(missing_ok=True)
        sentence = _("“{name}” could not be written: {fault}. Nothing was left behind.")
        raise Rejected(Problem("output", sentence.format(name=file, fault=error.strerror))) from error
