"""What was done, by whom, row by row; one action from command to answer; undo and redo."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import store
from workshop.migrations import NAMES
from workshop.problems import Conflict, NotFound
from workshop.words import _

HOST = "host"


def act(db: Database, by: str, handler: Callable, command: Any, done: str, *, key: str | None = None) -> Any:
    """Carries out one command as one journalled action, and gives the handler's answer.

    `done` says in words what was done; `{ref}` in it stands for the answer. A submission that carries a `key`
    which was seen before changes nothing and is answered as the first one was. Raises what the handler raises.
    """
    with store.change(db, by, done) as action:
        if key is not None:
            seen = db.execute("SELECT answer FROM submission WHERE key = ?", [key]).fetchone()
            if seen:
                action.drop()
                return json.loads(seen[0])
        answer = handler(db, command)
        action.what = done.format(ref=answer)
        if key is not None:
            db.execute("INSERT INTO submission VALUES (?, ?, ?)", [key, action.number, json.dumps(answer)])
    return answer


@dataclass(frozen=True)
class Done:
    """One line of the journal."""

    number: int
    at: str
    by: str
    what: str
    kind: str
    of: int | None


def list_journal(db: Database, limit: int = 1_000_000) -> list[Done]:
    """The last `limit` actions, newest first."""
    rows = db.execute("SELECT id, at, by, what, kind, of FROM journal ORDER BY id DESC LIMIT ?", [limit])
    return [Done(*row) for row in rows.fetchall()]


# an action stands unless the newest journal row about it is an undo
_STANDS = "coalesce((SELECT kind FROM journal AS later WHERE later.of = journal.id ORDER BY id DESC LIMIT 1), 'redo') = 'redo'"
_MINE = "(:by IS NULL AND journal.by LIKE 'host%' OR journal.by = :by)"


def next_undo(db: Database, by: str | None = HOST) -> Done | None:
    """The action that an undo by this person would take back; `by` None means any host's. None: there is none.

    Undo stops at the last migration: older changes were logged from tables of another shape.
    """
    return _one(
        db,
        f"kind = 'do' AND migration = :now AND {_MINE} AND {_STANDS} ORDER BY id DESC",
        {"by": by, "now": len(NAMES)},
    )


def next_redo(db: Database, by: str | None = HOST) -> Done | None:
    """The action that a redo would bring back: the last one undone, unless something new was done since."""
    return _one(
        db,
        f"""kind = 'do' AND migration = :now AND {_MINE} AND NOT {_STANDS}
        AND NOT EXISTS (SELECT 1 FROM journal AS newer WHERE newer.kind = 'do' AND newer.by = journal.by
            AND newer.id > (SELECT max(id) FROM journal AS undone WHERE undone.of = journal.id))
        ORDER BY (SELECT max(id) FROM journal AS undone WHERE undone.of = journal.id) DESC""",
        {"by": by, "now": len(NAMES)},
    )


def _one(db: Database, where: str, values: dict) -> Done | None:
    row = db.execute(f"SELECT id, at, by, what, kind, of FROM journal WHERE {where} LIMIT 1", values).fetchone()
    return Done(*row) if row else None


def undo(db: Database, by: str = HOST, *, whose: str | None = HOST) -> Done:
    """Takes back the last action of `whose` (None: any host's) as a new action of `by`, and says which it was.

    Raises NotFound when there is nothing to undo, Conflict when a row has been changed since.
    """
    target = next_undo(db, whose)
    if target is None:
        raise NotFound(_("There is nothing to undo."))
    with store.change(db, by, _("Undid: {what}").format(what=target.what), kind="undo", of=target.number):
        _reverse(db, target, target.number)
    return target


def redo(db: Database, by: str = HOST, *, whose: str | None = HOST) -> Done:
    """Brings back what the last undo took away. Raises NotFound or Conflict as `undo` does."""
    target = next_redo(db, whose)
    if target is None:
        raise NotFound(_("There is nothing to redo."))
    with store.change(db, by, _("Did again: {what}").format(what=target.what), kind="redo", of=target.number):
        _reverse(db, target, target.number)
    return target


def _reverse(db: Database, target: Done, number: int) -> None:
    """Puts back, last change first, what the newest journal row about this action changed."""
    latest = db.execute("SELECT coalesce(max(id), ?) FROM journal WHERE of = ?", [number, number]).fetchone()[0]
    changes = db.execute(
        'SELECT id, "table", row, old, new FROM change WHERE journal = ? ORDER BY id DESC', [latest]
    ).fetchall()
    db.execute("PRAGMA defer_foreign_keys = ON")
    left = {}  # how each row has to look now: as the action left it, then as this reversal leaves it
    for _id, table, row, old, new in changes:
        before, after = (json.loads(state) if state else None for state in (old, new))
        expected = left.get((table, row), after)
        if _state(db, table, row) != expected:
            raise _changed_since(db, target, table, row, latest)
        left[table, row] = _put_back(db, table, row, expected, before)
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise Conflict(
            _("“{what}” cannot be undone, because something else hangs on it now.").format(what=target.what)
        )


def _state(db: Database, table: str, row: int) -> dict | None:
    cursor = db.execute(f'SELECT * FROM "{table}" WHERE id = ?', [row])
    found = cursor.fetchone()
    return dict(zip([column[0] for column in cursor.description], found, strict=True)) if found else None


def _put_back(db: Database, table: str, row: int, now: dict | None, then: dict | None) -> dict | None:
    if then is None:
        db.execute(f'DELETE FROM "{table}" WHERE id = ?', [row])
        return None
    if now and "version" in then:
        # versions only rise, or an edit made from the undone text would overwrite what comes after it
        then = {**then, "version": now["version"] + 1}
    names = ", ".join(f'"{name}"' for name in then)
    marks = ", ".join("?" for _name in then)
    if now is None:
        db.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(then.values()))
    else:
        db.execute(f'UPDATE "{table}" SET ({names}) = ({marks}) WHERE id = ?', [*then.values(), row])
    return then


def _changed_since(db: Database, target: Done, table: str, row: int, after: int) -> Conflict:
    found = db.execute(
        """SELECT journal.by, journal.what FROM change JOIN journal ON journal.id = change.journal
        WHERE change."table" = ? AND change.row = ? AND journal.id > ? ORDER BY change.id DESC LIMIT 1""",
        [table, row, after],
    ).fetchone()
    by, what = found or ("", "")
    return Conflict(
        _("“{undone}” cannot be undone: it has been changed since ({by}: {what}).").format(
            undone=target.what, by=by, what=what
        )
    )
