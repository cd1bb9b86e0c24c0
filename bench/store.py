"""Opening a workshop's file, and one journalled action against a bare commit, in a small file and in a long one.

The bare commit is `BEGIN IMMEDIATE; UPDATE; COMMIT` with synchronous=FULL on a plain table in a WAL file beside the
workshop's, so on the same disk; it takes turns with the action. The action is the edit of a concept through
`journal.act`, as `carry_out` gives it. The long file is the same workshop after 100,000 further edits.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from bench import measure
from bench.measure import Report, Row, median, p95, timed
from workshop import items, journal, keeper, live, samples, store

OPENINGS, ACTIONS, LOOKS, CHANGES = 200, 300, 30, 100_000
MOST_OPENING_MS, MOST_OVER_BARE_MS = 1.0, 1.0
CONCEPT = "E1"


def run() -> Report:
    with measure.library() as home, _bare_file(home) as bare:
        code = samples.load_sample("bus", journal.HOST)
        rows = _openings(code, "bus sample") + _actions(code, "bus sample", bare)
        _live_long(code)
        long = f"after {CHANGES:,} edits"
        rows += _openings(code, long) + _actions(code, long, bare) + _looks(code, long)
    notes = [
        f"Medians, ms. Limits: opening {MOST_OPENING_MS:.0f}, an action {MOST_OVER_BARE_MS:.0f} over a bare commit.",
        "“Kept”: the keeper holds the file open, as in the server; otherwise closing it after a write is a checkpoint.",
    ]
    return Report("The file", rows, notes)


def _row(file: str, what: str, figures: list[float], over: float | None = None, bare: list[float] | None = None) -> Row:
    """`over` is the limit: over the bare commit where there is one beside it."""
    figure, base = median(figures), median(bare) if bare else None
    most = None if over is None else over + (base or 0)
    return {
        "file": file, "what": what, "ms": figure, "p95": p95(figures), "bare commit": base,
        "limit": most, "holds": None if most is None else figure <= most,
    }  # fmt: skip


def _openings(code: str, file: str) -> list[Row]:
    rows = []
    for kept in (True, False):
        with _keeping(code) if kept else nullcontext():
            opened, whole = zip(*(_open(code) for _turn in range(OPENINGS)), strict=True)
        how = "opening, kept" if kept else "opening, not kept"
        rows += [_row(file, how, list(opened), MOST_OPENING_MS), _row(file, f"{how}, and closing", list(whole))]
    rows.append(_row(file, "SQLite alone, not kept: connect, read", [_connect(code) for _turn in range(OPENINGS)]))
    return rows


def _connect(code: str) -> float:
    """Milliseconds until a connection without any of our settings has read the schema and one row."""
    file = store.file_of(code)
    began = time.perf_counter()
    connection = sqlite3.connect(file)
    connection.execute("SELECT code FROM workshop").fetchone()
    passed = (time.perf_counter() - began) * 1000
    connection.close()
    return passed


def _open(code: str) -> tuple[float, float]:
    """Milliseconds until the file is open, and until it is closed again."""
    began = time.perf_counter()
    with store.open(code):
        opened = time.perf_counter()
    return (opened - began) * 1000, (time.perf_counter() - began) * 1000


def _actions(code: str, file: str, bare: Callable[[], None]) -> list[Row]:
    alone, acted, with_opening = [], [], []
    with _keeping(code), store.open(code) as db:
        edit = _editor(db)

        def act() -> None:
            journal.act(db, journal.HOST, items.edit, edit(), "Edited {ref}")

        def open_and_act() -> None:
            with store.open(code) as own:
                journal.act(own, journal.HOST, items.edit, edit(), "Edited {ref}")

        for _turn in range(ACTIONS):
            alone.append(timed(bare))
            acted.append(timed(act))
            with_opening.append(timed(open_and_act))
    return [
        _row(file, "an action", acted, MOST_OVER_BARE_MS, alone),
        _row(file, "an action with its opening", with_opening, None, alone),
    ]


def _looks(code: str, file: str) -> list[Row]:
    """What every page asks of the journal."""
    with store.open(code) as db:
        looks = {
            "revision": lambda: store.revision(db),
            "what undo would take back": lambda: journal.next_undo(db),
            "what redo would bring back": lambda: journal.next_redo(db),
        }
        return [_row(file, what, [timed(look) for _turn in range(LOOKS)]) for what, look in looks.items()]


def _editor(db: Database) -> Callable[[], items.Edit]:
    """Gives edits of one concept, each made from the version that the one before it left."""
    version = items.get_item(db, CONCEPT)["version"]

    def edit() -> items.Edit:
        nonlocal version
        version += 1
        return items.Edit(CONCEPT, version - 1, {"what_happens": f"The driver says it, for the {version}th time."})

    return edit


def _live_long(code: str) -> None:
    """100,000 actions, each committed; only here without waiting for the disk."""
    with _keeping(code), store.open(code) as db:
        db.execute("PRAGMA synchronous = OFF")
        edit = _editor(db)
        for _turn in range(CHANGES):
            journal.act(db, journal.HOST, items.edit, edit(), "Edited {ref}")


@contextmanager
def _keeping(code: str) -> Iterator[None]:
    """The keeper holds this file, as in the server."""
    keeper.start()
    live.committed(code)
    wal = store.file_of(code).with_name(f"{store.file_of(code).name}-wal")
    while not wal.exists():
        time.sleep(0.01)
    try:
        yield
    finally:
        keeper.stop()


@contextmanager
def _bare_file(home: Path) -> Iterator[Callable[[], None]]:
    """A plain table in a file of its own, and the smallest commit into it."""
    connection = sqlite3.connect(home / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
    connection.execute("INSERT INTO item VALUES (1, '')")
    number = 0

    def commit() -> None:
        nonlocal number
        number += 1
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE item SET text = ? WHERE id = 1", [f"The driver says it, for the {number}th time."])
        connection.execute("COMMIT")

    try:
        yield commit
    finally:
        connection.close()
