"""A rehearsal: a copy of a workshop in which twelve pretend participants answer, thrown away when it is over.

The copy lies in the library as `.rehearsal-of-<CODE>--<CODE of the copy>.sqlite`. Its name alone makes it a
rehearsal: pages, screens and commands work in it as in any workshop, and no list of workshops and no join code leads
there. One thread in the server lets the twelve answer while there are rehearsals, and sleeps while there are none.
"""

import os
import re
import threading
import time
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import connections, hosts, journal, library, live, people, pretending, store
from workshop.activities import ROOM, get_current, get_task
from workshop.problems import NotFound, Problem, Refusal, Rejected
from workshop.words import _

_NAME = re.compile(rf"\.rehearsal-of-([{store.ALPHABET}]{{8}})--([{store.ALPHABET}]{{8}})\.sqlite")
LOOK_SECONDS = 0.5
FORGOTTEN_SECONDS = 24 * 3600  # after which nobody comes back to a rehearsal
_beginning = threading.Lock()


def begin(code: str, by: str) -> str:
    """The code of a rehearsal of this workshop: the one that goes on already, or a new one. Raises Refusal."""
    if _name(store.file_of(code)):
        raise Rejected(Problem("", _("This is a rehearsal already.")))
    with _beginning:
        copy = next((copy for copy, original in list_rehearsals().items() if original == code), None)
        copy = copy or _copied(code, by)
    _begun.set()
    return copy


def _copied(code: str, by: str) -> str:
    copy = store.new_code()
    made = store.library() / f".making-{copy}"
    try:
        library.backup(code, made)
        db = connections.connect(made)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            with store.change(db, by, _("Began a rehearsal"), kind="start"):
                _prepare(db, copy)
        finally:
            db.close()
        os.replace(made, store.library() / f".rehearsal-of-{code}--{copy}.sqlite")
    finally:
        for left in store.library().glob(f".making-{copy}*"):
            left.unlink()
    return copy


def _prepare(db: Database, copy: str) -> None:
    """Nobody who is really there is in it, nobody can come in, and everything that leaves it says what it is."""
    title = db.execute("SELECT title FROM workshop").fetchone()[0]
    said = _("Rehearsal: {title}").format(title=title)
    db.execute("UPDATE workshop SET code = ?, title = ?, status = 'live'", [copy, said])
    for secret in ("ready", "participant_token", "personal_link", "submission"):
        db.execute(f"DELETE FROM {secret}")
    db.execute("UPDATE entrance SET locked = 1")
    db.execute("UPDATE participant SET archived_at = ? WHERE archived_at IS NULL", [store.now()])
    for alias, group in pretending.PEOPLE:
        people.add_participant(db, people.AddParticipant(alias=alias, group=group))


def end(copy: str) -> str:
    """Deletes the rehearsal and gives the code of the real workshop. Raises NotFound when it is none, or over."""
    original = original_of(copy)
    if original is None:
        raise NotFound(_("This rehearsal is over."))
    hosts.withdraw_links(store.library(), copy, "screen")
    with _at_work:
        with store.open(copy) as db:
            last = store.revision(db)
        library.remove(copy)
    live.tell(copy, {"revision": last + 1, "topic": "room"})  # screens that still show it look again
    return original


def original_of(code: str) -> str | None:
    """The code of the workshop that is rehearsed in this one; None for a real workshop, or none at all."""
    return list_rehearsals().get(code)


def is_rehearsal(db: Database) -> bool:
    return _name(Path(db.execute("PRAGMA database_list").fetchone()[2])) is not None


def list_rehearsals() -> dict[str, str]:
    """The codes of all rehearsals, each with that of its real workshop."""
    with os.scandir(store.library()) as files:
        found = [_NAME.fullmatch(file.name) for file in files if file.name.startswith(".rehearsal-")]
    return {one[2]: one[1] for one in found if one}


def _name(file: Path) -> re.Match | None:
    return _NAME.fullmatch(file.name)


# The twelve at work


def answer(db: Database, due: dict[tuple[int, int], float], now: float) -> int:
    """Whoever's time has come gives one answer; gives how many did.

    `due` says when each is next to act, by activity and person; it is kept between two calls. `now` are the seconds
    of any clock that only runs forward.
    """
    asked = get_current(db)
    if asked is None or asked["state"] != "open":
        due.clear()
        return 0
    seed, given = db.execute("SELECT code FROM workshop").fetchone()[0], 0
    for person in people.list_participants(db):
        if person["alias"] not in dict(pretending.PEOPLE):
            continue
        turn = asked["id"], person["id"]
        if turn not in due:
            due[turn] = now + pretending.pause(asked["kind"], f"{seed} {turn}")
        if due[turn] > now:
            continue
        due[turn] = now + pretending.pause(asked["kind"], f"{seed} {turn} {now}")
        if deed := pretending.next_deed(get_task(db, person["id"]), person["id"], seed):
            handler, command, done = deed
            journal.act(db, ROOM, handler, command, done)
            given += 1
    return given


_begun, _stopping, _at_work = threading.Event(), threading.Event(), threading.Lock()
_thread: threading.Thread | None = None


def start() -> None:
    """Starts the thread, once. Rehearsals of a server that is gone go on; those long forgotten are removed."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _stopping.clear()
        for copy in list_rehearsals():
            if time.time() - store.file_of(copy).stat().st_mtime > FORGOTTEN_SECONDS:
                end(copy)
        _thread = threading.Thread(target=_answer_all, name="rehearsal", daemon=True)
        _thread.start()


def stop() -> None:
    global _thread
    _stopping.set()
    _begun.set()
    if _thread is not None:
        _thread.join(timeout=10)
        _thread = None


def _answer_all() -> None:
    due: dict[str, dict[tuple[int, int], float]] = {}
    while not _stopping.is_set():
        _begun.clear()
        running = list_rehearsals()
        if not running and not _stopping.is_set():
            _begun.wait()
        for copy in running:
            # a file that has just gone, or a host who was faster, must not silence the others
            with suppress(Refusal, OSError, sqlite3.Error), _at_work, store.open(copy) as db:
                answer(db, due.setdefault(copy, {}), time.monotonic())
        _stopping.wait(LOOK_SECONDS)
