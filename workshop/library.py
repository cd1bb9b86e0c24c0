"""The library folder: which workshops lie in it, copies out of it and into it, and how a file is put anywhere.

Only whole files: what stands in one is read and written through `store`.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import connections, store
from workshop.connections import BUSY_SECONDS, in_sentences
from workshop.problems import Conflict, Problem, Refusal, Rejected, Unreadable
from workshop.words import _


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


MANY = 50  # as many files are read in the time that a person waits without noticing
LISTING = ".listing.json"

# by folder and file name: (state of the file, state of its -wal) when it was read, and what was read
_Lines = dict[str, tuple[tuple[str, str], Entry]]
_known: dict[Path, _Lines] = {}


def list_library() -> list[Entry]:
    """Every workshop file, the one last written to first. Reads, never migrates."""
    entries = sorted(_read(store.library()), key=lambda entry: -entry.changed)
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        if not entry.problem and entry.code in seen:
            copy = _("“{name}” is a copy of a workshop that stands here already.").format(name=entry.file)
            entries[place] = replace(entry, problem=copy)
        seen.add(entry.code)
    return entries


def _read(folder: Path) -> list[Entry]:
    """One line for each file. A file is read again only when it or its -wal has been written to.

    Of a large library the next process is told, so that it need not read every file once more.
    """
    with os.scandir(folder) as found:
        files = [file for file in found if file.name.endswith(".sqlite") and not file.name.startswith(".")]
    before = _known.get(folder) or _told(folder)
    lines: _Lines = {}
    for file in files:
        state = _state(file.path), _state(f"{file.path}-wal")
        known = before.get(file.name)
        same = known and known[0] == state
        lines[file.name] = known if same else (state, _read_entry(Path(file.path), at_rest=not state[1]))
    _known[folder] = lines
    if len(lines) >= MANY and lines != before and (rest := _at_rest(lines)) != _at_rest(before):
        _tell(folder, rest)
    return [entry for _state, entry in lines.values()]


def _state(path: str) -> str:
    """Another one after every write; empty without such a file."""
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_ino} {found.st_mtime_ns} {found.st_size}"


def _at_rest(lines: _Lines) -> _Lines:
    """What will be the same tomorrow: a fault may be mended then, and a file that is open will be written to."""
    return {name: line for name, line in lines.items() if not line[0][1] and not line[1].problem}


def _tell(folder: Path, lines: _Lines) -> None:
    told = {name: (state, asdict(entry)) for name, (state, entry) in lines.items()}
    with suppress(Refusal):  # a folder that cannot be written to is listed all the same
        write(folder / LISTING, json.dumps(told).encode())


def _told(folder: Path) -> _Lines:
    """What an earlier process read, or nothing where it said that in another way."""
    try:
        told = json.loads((folder / LISTING).read_bytes())
        return {name: ((state[0], state[1]), Entry(**entry)) for name, (state, entry) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError, LookupError):
        return {}


def _read_entry(file: Path, *, at_rest: bool) -> Entry:
    found = re.search(f"--({store.CODE})\\.sqlite$", file.name)
    code, changed = found[1] if found else "", 0.0
    try:
        changed = store.written(file)
        with in_sentences(file.name), looking(file, at_rest=at_rest) as db:
            row = db.execute(
                """SELECT title, organisation,
                    coalesce((SELECT agenda.title FROM room JOIN agenda ON agenda.slug = room.step), ''),
                    (SELECT count(*) FROM participant WHERE archived_at IS NULL),
                    (SELECT coalesce(max(id), 0) FROM journal) FROM workshop"""
            ).fetchone()
            has_entrance = "m009_joining" in store.applied(db)  # a listing brings no old file up to date
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
        store.check_kind(db, file.name)
        yield db
    finally:
        db.close()


def remove(code: str) -> None:
    """Deletes a workshop's file for good. Raises NotFound."""
    path = store.file_of(code)
    connections.close_idle(path)
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)


def backup(code: str, target: Path) -> None:
    """A whole copy of a workshop's file, safe while people write. Replaces `target` only when the copy is sound."""
    half = target.with_name(f".{target.name}.half")
    with store.open(code) as db, in_sentences(target.name):
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
    with in_sentences(name):
        db = connections.connect(file)
        try:
            store.check_kind(db, name)
            if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise Unreadable(_("“{name}” is damaged and cannot be opened.").format(name=name))
            row = db.execute("SELECT code, title FROM workshop").fetchone()
            if not row or not re.fullmatch(store.CODE, row[0]):
                raise Unreadable(_("“{name}” is not a Throughline workshop.").format(name=name))
            code, title = row
            if any(path.name.endswith(f"--{code}.sqlite") for path in store.library().iterdir()):
                raise Conflict(_("The workshop “{title}” is already in this library.").format(title=title))
            half = store.library() / f".making-{code}"
            half.unlink(missing_ok=True)
            try:
                db.execute("VACUUM INTO ?", [str(half)])
                copy = connections.connect(half)
                copy.execute("PRAGMA journal_mode = WAL")
                copy.close()
                os.replace(half, store.library() / store.file_name(title, code))
            finally:
                half.unlink(missing_ok=True)
        finally:
            db.close()
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
