"""Search over one workshop and over all of them.

The index lies in memory (SQLite FTS5) and belongs to this process. Before each search it reads again what was written
to since, as the library's listing tells; so it is never asked whether it is up to date. A server looks the library
through as it starts, so that nobody waits for the first search.
"""

import re
import threading
from contextlib import suppress
from dataclasses import dataclass

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import fields, store
from workshop.entries import ENTRY
from workshop.items import Noun
from workshop.library import Entry, list_library, looking
from workshop.problems import Refusal
from workshop.steps import AGENDA

MOST = 40


@dataclass(frozen=True)
class Hit:
    """An item that has all words: the workshop's code and title, the item's ref, table and step, what it is called,
    and the words around those that were found. `ref` is empty where the workshop itself was found.
    """

    code: str
    title: str
    ref: str
    table: str
    step: str
    name: str
    around: str


def search(words: str, code: str | None = None, most: int = MOST) -> list[Hit]:
    """What has all of these words, or words that begin so, best first; in one workshop, or in all.

    Accents and capitals do not count. Raises NotFound for a code that is not in the library.
    """
    asked = " ".join(f'"{word}"*' for word in re.findall(r"\w+", words))
    if code is not None:
        store.file_of(code)
    if not asked:
        return []
    with _lock:
        _read_again()
        return [Hit(*row) for row in _index().execute(_FIND, {"words": asked, "code": code, "most": most}).fetchall()]


def look_through() -> None:
    """Reads the whole library, as the first listing and the first search would."""
    with _lock:
        _read_again()


# only the first so many that fit are weighed against one another: a word such as “the” stands everywhere; and only for
# the best is it looked up what stands around the words
_FIND = """SELECT code, title, item.ref, "table", step, told.name, snippet(told, 1, '', '', ' … ', 16)
    FROM (SELECT number FROM (
            SELECT told.rowid AS number, bm25(told, 4.0, 1.0) AS far FROM told JOIN item ON item.id = told.rowid
            WHERE told MATCH :words AND (:code IS NULL OR code = :code) LIMIT 1000)
        ORDER BY far, number LIMIT :most)
    JOIN told ON told.rowid = number JOIN item ON item.id = number WHERE told MATCH :words"""

_lock = threading.Lock()
_made: list[Database] = []
_known: dict[str, tuple] = {}


def _index() -> Database:
    if not _made:
        _made.append(Database(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)))
        letters = "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'"
        _made[0].execute(f"CREATE VIRTUAL TABLE told USING fts5(name, words, {letters})")
        _made[0].execute('CREATE TABLE item (id INTEGER PRIMARY KEY, code, title, ref, "table", step)')
        _made[0].execute("CREATE INDEX item_code ON item(code)")
    return _made[0]


def _read_again() -> None:
    """Brings the index up to date with the library; what cannot be read is not found."""
    index = _index().conn
    entries = {entry.code: entry for entry in list_library() if not entry.problem}
    states = {code: (store.library(), entry.file, entry.revision, entry.changed) for code, entry in entries.items()}
    stale = [code for code in {*_known, *states} if _known.get(code) != states.get(code)]
    if not stale:
        return
    index.execute("BEGIN")
    for code in stale:
        index.execute("DELETE FROM told WHERE rowid IN (SELECT id FROM item WHERE code = ?)", [code])
        index.execute("DELETE FROM item WHERE code = ?", [code])
        _known.pop(code, None)
        if code in states:
            begin = index.execute("SELECT coalesce(max(id), 0) + 1 FROM item").fetchone()[0]
            rows = list(enumerate(_rows_of(entries[code]), begin))
            about = [(number, code, entries[code].title, *row[:3]) for number, row in rows]
            index.executemany("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)", about)
            index.executemany(
                "INSERT INTO told (rowid, name, words) VALUES (?, ?, ?)", [(number, *row[3:]) for number, row in rows]
            )
            _known[code] = states[code]
    index.execute("COMMIT")


def _rows_of(entry: Entry) -> list[tuple[str, str, str, str, str]]:
    """(ref, table, step, name, words) of a workshop and of everything in it that was not put away."""
    file = store.library() / entry.file
    try:
        with looking(file, at_rest=not file.with_name(f"{file.name}-wal").exists()) as db:
            return db.execute(_ROWS).fetchall()
    except sqlite3.OperationalError:  # an older file, which lacks a table or a column: opening it brings it up to date
        with suppress(Refusal), store.open(entry.code) as db:
            return db.execute(_ROWS).fetchall()
        return []
    except (Refusal, sqlite3.Error, OSError):
        return []


def _select(noun: Noun, step: str) -> str:
    """The items of one kind, as _rows_of gives them: what they are called by, then all else that they say."""
    kinds = {name: fields.kind_of(field).shape for name, field in fields.fields_of(noun.record).items()}
    said = [name for name, shape in kinds.items() if shape in ("line", "text") and name != "step"]
    first = noun.words({name: name for name in kinds})
    others = " || ".join(f"""coalesce(nullif("{name}", '') || ' · ', '')""" for name in said if name != first)
    at = f"'{step}'" if step else '"step"'
    # what an entry became is found in its place, and can be opened
    still = " AND became IS NULL" if noun is ENTRY else ""
    return f"""SELECT ref, '{noun.table}', {at}, "{first}", rtrim({others or "''"}, ' ·') FROM "{noun.table}"
        WHERE archived_at IS NULL{still}"""


_ROWS = " UNION ALL ".join(
    [
        "SELECT '', '', '', title, organisation || ' · ' || scope_question FROM workshop",
        _select(ENTRY, ""),
        *(_select(noun, step.slug) for step in AGENDA for noun in step.nouns),
    ]
)
