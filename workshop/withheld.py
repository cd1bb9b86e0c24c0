"""What leaves the house, and what never does: by tables and columns, in this one place.

A file that is taken along goes without secrets (join code, tokens, keys, whose pen is whose). A shareable version
goes without what is private as well: it is made from a copy of the file in which those rows and words are gone, so
that no form of it can say them. Single ratings stay in that copy, because the order follows from them; the forms
themselves leave them out (tables.py, forms.py), and what rests on fewer than three people is not told (`fewest`).
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from sqlite_utils import Database

from workshop import connections, library
from workshop.migrations import lay_guards

# tables that are nothing but secrets: who holds which pen, what brings people back or in, what was sent, who is ready
SECRET_TABLES = ("pen_owner", "participant_token", "personal_link", "submission", "ready")
# columns that are secrets wherever they stand
SECRET_COLUMN = re.compile(r"(^|_)(tokens?|secrets?|join_code|hash|salt|host_key)($|_)")

FEW = 3  # answers below which they say who gave them
# rows that a shareable version does not have: requirements that are costs, what was put aside and why, and that weights
# are what one or two people gave
PRIVATE_ROWS = {
    "requirement": "type = 'budget'",
    "dismissal": "1",
    "host_note": "1",
    "second_look": "field = 'what_keeping_takes' OR ref IN (SELECT ref FROM requirement WHERE type = 'budget')",
    "weight_source": f"""source = 'split' AND {FEW} > coalesce((SELECT count(DISTINCT pen) FROM share
        JOIN metric ON metric.ref = share.target WHERE metric.kind = weight_source.kind
        GROUP BY activity ORDER BY activity DESC LIMIT 1), 0)""",
}
# words that it does not have, by table: costs, whose words they are, and notes that hosts keep for themselves
PRIVATE_COLUMNS = {"promise": ("what_keeping_takes",), "written": ("name",)}
PRIVATE_COLUMN = re.compile(r"(^|_)host_notes?($|_)|(^|_)(costs?|budget)$")
# of each kind of ballot, what all together are the answers to
BALLOTS = {"pulse": "activity, target", "vote": "activity", "share": "activity"}
# how many people what came out must rest on to be told
fewest: ContextVar[int] = ContextVar("fewest", default=1)


def backup(code: str, target: Path) -> None:
    """A whole, checked copy of a workshop's file to take along, without secrets. Replaces `target` only when sound."""
    half = target.with_name(f".{target.name}.whole")
    try:
        library.backup(code, half)
        with connections.in_sentences(target.name):
            db = connections.connect(half)
            try:
                with _edited(db):
                    _take_secrets(db)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.execute("VACUUM")
            finally:
                db.close()
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def shareable(db: Database) -> Iterator[Database]:
    """A copy of the workshop, in memory, that holds neither secrets nor what is private."""
    copy = Database(memory=True)
    try:
        db.conn.backup(copy.conn)
        with _edited(copy):
            _take_secrets(copy)
            _take_private(copy)
            # what is remembered of the whole workshop must not be taken for this one
            copy.execute("UPDATE workshop SET code = code || '-shareable'")
        before = fewest.set(FEW)
        try:
            yield copy
        finally:
            fewest.reset(before)
    finally:
        copy.close()


@contextmanager
def _edited(db: Database) -> Iterator[None]:
    """A copy may lose what its original must keep, the journal's states of it included."""
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    yield
    lay_guards(db)
    db.execute("COMMIT")


def _columns(db: Database) -> dict[str, list[str]]:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: [row[1] for row in db.execute(f'PRAGMA table_info("{name}")').fetchall()] for (name,) in tables}


def _take_secrets(db: Database) -> None:
    db.execute("UPDATE entrance SET locked = 1, wifi = ''")  # and has no code, until somebody unlocks it
    for table, columns in _columns(db).items():
        if table in SECRET_TABLES:
            db.execute(f'DELETE FROM "{table}"')
            db.execute("""DELETE FROM change WHERE "table" = ?""", [table])
        else:
            _blank(db, table, [column for column in columns if SECRET_COLUMN.search(column)])


def _take_private(db: Database) -> None:
    columns = _columns(db)
    for table, which in reversed(PRIVATE_ROWS.items()):  # those first that ask what the requirements are
        db.execute(f'DELETE FROM "{table}" WHERE {which}')
    for table, names in columns.items():
        _blank(db, table, [name for name in names
                           if name in PRIVATE_COLUMNS.get(table, ()) or PRIVATE_COLUMN.search(name)])  # fmt: skip
    db.execute("UPDATE participant SET alias = 'Participant ' || position")
    _take_few_ballots(db)
    _take_kept_scores(db)
    db.execute("DELETE FROM change")
    db.execute("UPDATE journal SET what = '', by = ''")


def _blank(db: Database, table: str, columns: list[str]) -> None:
    """Takes the words out of these columns, and out of what the journal remembers of them."""
    for column in columns:
        notnull = {row[1]: row[3] for row in db.execute(f'PRAGMA table_info("{table}")').fetchall()}[column]
        blank = "" if notnull else None
        db.execute(f'UPDATE "{table}" SET "{column}" = ?', [blank])
        for state in ("old", "new"):
            db.execute(
                f"""UPDATE change SET {state} = json_set({state}, ?, ?)
                WHERE "table" = ? AND {state} IS NOT NULL AND json_type({state}, ?) IS NOT NULL""",
                [f'$."{column}"', blank, table, f'$."{column}"'],
            )


def _take_few_ballots(db: Database) -> None:
    """Answers to what fewer than three people answered. Points that the order follows from stay as the ratings do."""
    for table, one in BALLOTS.items():
        few = f"SELECT {one} FROM {table} GROUP BY {one} HAVING count(DISTINCT pen) < {FEW}"
        counted = "SELECT id FROM activity WHERE kind = 'split' AND feed = 'ranking'"
        db.execute(f"DELETE FROM {table} WHERE ({one}) IN ({few}) AND activity NOT IN ({counted})")


def _take_kept_scores(db: Database) -> None:
    """An order that was kept with a decision keeps its places. How many people each score rested on is not known, and
    how much of the effort was costs would follow from what it is without them."""
    for number, places in db.execute("SELECT id, places FROM kept_order").fetchall():
        told = [{name: None if name.endswith("score") or name == "effort" else value for name, value in place.items()}
                for place in json.loads(places)]  # fmt: skip
        db.execute("UPDATE kept_order SET places = ?, sentence = '' WHERE id = ?",
                   [json.dumps(told, ensure_ascii=False), number])
