"""The library folder: which workshops lie in it, copies out of it and into it, and how a file is put anywhere.

Only whole files: what stands in one is read and written through `store`.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
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


def list_library() -> list[Entry]:
    """Every workshop file, the one last written to first. Reads, never migrates."""
    with os.scandir(store.library()) as entries:
        files = [e for e in entries if e.name.endswith(".sqlite") and not e.name.startswith(".")]
    entries = sorted(map(_entry, files), key=lambda entry: -entry.changed)
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        if not entry.problem and entry.code in seen:
            copy = _("“{name}” is a copy of a workshop that stands here already.").format(name=entry.file)
            entries[place] = replace(entry, problem=copy)
        seen.add(entry.code)
    return entries


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
    found = re.search(f"--({store.CODE})\\.sqlite$", file.name)
    code, changed = found[1] if found else "", 0.0
    try:
        changed = store.written(file)
        with in_sentences(file.name), looking(file, at_rest=wal_state is None) as db:
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
            db.execute("VACUUM INTO ?", [str(half)])
        finally:
            db.close()
    copy = connections.connect(half)
    copy.execute("PRAGMA journal_mode = WAL")
    copy.close()
    os.replace(half, store.library() / store.file_name(title, code))
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
