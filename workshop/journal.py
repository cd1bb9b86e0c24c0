"""What was done, by whom, row by row; one action from command to answer; undo and redo."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import store
from workshop.migrations import NAMES
from workshop.problems import Conflict, NotFound
from workshop.remembered import until_next_change
from workshop.words import _, quoted

HOST = "host"


def act(
    db: Database, by: str, handler: Callable, command: Any, done: str, *, key: str | None = None, kind: str = "do"
) -> Any:
    """Carries out one command as one journalled action, and gives the handler's answer.

    `done` says in words what was done; `{ref}` in it stands for the answer. A submission that carries a `key`
    which was seen before changes nothing and is answered as the first one was. An action of the kind "follow" is
    passed over by undo. Raises what the handler raises.
    """
    with store.change(db, by, done, kind=kind) as action:
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
_STANDS = """coalesce(
    (SELECT kind FROM journal AS later WHERE later.of = journal.id ORDER BY id DESC LIMIT 1), 'redo') = 'redo'"""


def _whose(by: str | None) -> str:
    """The condition for one person's actions, or any host's; each alone, so that the index can be walked backwards."""
    return "journal.by = :by" if by else "journal.by LIKE 'host%'"


@until_next_change
def next_undo(db: Database, by: str | None = HOST) -> Done | None:
    """The action that an undo by this person would take back; `by` None means any host's.

    None: there is none, or others have changed since what it left, or something hangs on that, or the room has seen it.
    """
    last = _last(db, by)
    return last if last and _stands(db, last) else None


@until_next_change
def next_redo(db: Database, by: str | None = HOST) -> Done | None:
    """The action that a redo would bring back: the last one undone, unless something new was done since."""
    undone = _last_undone(db, by)
    return undone if undone and _stands(db, undone) else None


def _last(db: Database, by: str | None) -> Done | None:
    """What stands of this person's, and was done since the last migration: older changes were of another shape."""
    return _one(
        db,
        f"kind = 'do' AND migration = :now AND {_whose(by)} AND {_STANDS}",
        {"by": by, "now": len(NAMES)},
    )


def _last_undone(db: Database, by: str | None) -> Done | None:
    newest = db.execute(
        f"SELECT coalesce(max(id), 0) FROM journal WHERE kind = 'do' AND {_whose(by)}", {"by": by}
    ).fetchone()[0]
    undone = db.execute("SELECT of FROM journal WHERE kind = 'undo' AND id > ? ORDER BY id DESC", [newest]).fetchall()
    for (number,) in undone:
        found = _one(db, f"id = :id AND kind = 'do' AND migration = :now AND {_whose(by)} AND NOT {_STANDS}",
                     {"id": number, "by": by, "now": len(NAMES)})  # fmt: skip
        if found:
            return found
    return None


def _one(db: Database, where: str, values: dict) -> Done | None:
    row = db.execute(
        f"SELECT id, at, by, what, kind, of FROM journal WHERE {where} ORDER BY id DESC LIMIT 1", values
    ).fetchone()
    return Done(*row) if row else None


def _is_sealed(db: Database, number: int) -> bool:
    """Whether it is about an activity of which nobody can tell any more whose answers were whose; it stays revealed."""
    return db.execute(
        """SELECT 1 FROM change JOIN activity ON activity.sealed = 1 AND activity.id =
            CASE change."table" WHEN 'activity' THEN change.row
            ELSE json_extract(coalesce(change.new, change.old), '$.activity') END
        WHERE change.journal = ? AND change."table" IN ('activity', 'written', 'vote', 'share', 'pulse', 'rating')""",
        [number],
    ).fetchone() is not None


Then = Callable[[Database, int], None]


def _nothing(db: Database, number: int) -> None:
    """Most of what is undone has nothing beside the journal."""


def undo(db: Database, by: str = HOST, *, whose: str | None = HOST, then: Then = _nothing) -> Done:
    """Takes back the last action of `whose` (None: any host's) as a new action of `by`, and says which it was.

    `then` follows within the same action: what is in no journal, and depends on what is.
    Raises NotFound when there is nothing to undo, Conflict when a row has been changed since.
    """
    words = _("Undid: {what}"), _("There is nothing to undo."), _("{what} cannot be undone: {why}")
    return _turn(db, by, "undo", lambda: _last(db, whose), then, *words)


def redo(db: Database, by: str = HOST, *, whose: str | None = HOST, then: Then = _nothing) -> Done:
    """Brings back what the last undo took away; `then` as there. Raises NotFound or Conflict as `undo` does."""
    words = _("Did again: {what}"), _("There is nothing to redo."), _("{what} cannot be done again: {why}")
    return _turn(db, by, "redo", lambda: _last_undone(db, whose), then, *words)


def _turn(
    db: Database, by: str, kind: str, find: Callable[[], Done | None], then: Then, done: str, nothing: str, refused: str
) -> Done:
    target = None
    try:
        with store.change(db, by, "", kind=kind) as action:
            # found inside the action, or two at once would turn the same one back and forth
            target = find()
            if target is None:
                raise NotFound(nothing)
            action.what, action.of = done.format(what=target.what), target.number
            if _is_sealed(db, target.number):
                raise _ChangedSince
            _reverse(db, _latest(db, target.number))
            then(db, action.number)
    except (_ChangedSince, sqlite3.IntegrityError) as error:
        raise Conflict(refused.format(what=quoted(target.what), why=_why(db, target.number))) from error
    return target


class _ChangedSince(Exception):
    """A row is not what the action left."""


def _latest(db: Database, number: int) -> int:
    """The newest journal row about an action: itself, or the undo or redo of it."""
    return db.execute("SELECT coalesce(max(id), ?) FROM journal WHERE of = ?", [number, number]).fetchone()[0]


def _changes(db: Database, number: int) -> list[tuple[str, int, dict | None, dict | None]]:
    """(table, row, before, after) of what this journal row changed, last change first."""
    # a pen stays: whose it is, is not journalled, and would be lost with it
    rows = db.execute(
        """SELECT "table", row, old, new FROM change WHERE journal = ? AND "table" <> 'pen' ORDER BY id DESC""",
        [number],
    )
    return [(table, row, _read(old), _read(new)) for table, row, old, new in rows.fetchall()]


def _left(db: Database, changes: list) -> dict[tuple[str, int], dict | None] | None:
    """The rows as they are now, or None where one is not what these changes left."""
    left: dict[str, dict[int, dict | None]] = {}
    for table, row, _old, new in changes:
        left.setdefault(table, {}).setdefault(row, new)  # the last change comes first
    now: dict[tuple[str, int], dict | None] = {}
    for table, rows in left.items():
        found = _states(db, table, list(rows))
        if any(_words(found[row]) != _words(new) for row, new in rows.items()):
            return None
        now |= {(table, row): state for row, state in found.items()}
    return now


def _stands(db: Database, action: Done) -> bool:
    """Whether all that an action changed is still what it left, and nothing hangs on the rows that would go."""
    changes = _changes(db, _latest(db, action.number))
    now = _left(db, changes)
    if now is None or _is_sealed(db, action.number):
        return False
    first = {(table, row): old for table, row, old, _new in changes}  # the last change comes first, so the first stays
    made: dict[str, list[dict]] = {}
    for place, old in first.items():
        if old is None and (state := now[place]):
            made.setdefault(place[0], []).append(state)
    return not any(_hangs_on(db, table, states, now) for table, states in made.items())


def _hangs_on(db: Database, table: str, states: list[dict], changed: dict[tuple[str, int], dict | None]) -> bool:
    """Whether a row points at one of these that is not among those which the same action changed."""
    pointing = db.execute(
        """SELECT child.name, key."from", coalesce(key."to", 'id')
        FROM sqlite_master AS child, pragma_foreign_key_list(child.name) AS key
        WHERE child.type = 'table' AND key."table" = ? AND key.on_delete <> 'CASCADE'""",
        [table],
    ).fetchall()
    for child, name, to in pointing:
        pointed_at = {state[to] for state in states}
        ours = sum(one == child and row is not None and row[name] in pointed_at for (one, _id), row in changed.items())
        there = f'SELECT count(*) FROM "{child}" WHERE "{name}" IN (SELECT value FROM json_each(?))'
        if db.execute(there, [json.dumps(list(pointed_at))]).fetchone()[0] > ours:
            return True
    return False


def _reverse(db: Database, number: int) -> None:
    """Puts back, last change first, what this journal row changed."""
    changes = _changes(db, number)
    now = _left(db, changes)
    if now is None:
        raise _ChangedSince
    db.execute("PRAGMA defer_foreign_keys = ON")
    for table, row, old, _new in changes:
        now[table, row] = _put_back(db, table, row, now[table, row], old)


def _read(state: str | None) -> dict | None:
    return json.loads(state) if state else None


def _words(state: dict | None) -> dict | None:
    """A row without its version, which an undone later action has moved on as well."""
    return {name: value for name, value in state.items() if name != "version"} if state else None


def _states(db: Database, table: str, rows: list[int]) -> dict[int, dict | None]:
    """The rows with these ids as they are now, None for one that is not there."""
    cursor = db.execute(f'SELECT * FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))', [json.dumps(rows)])
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return dict.fromkeys(rows) | {state["id"]: state for state in found}


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


def _why(db: Database, number: int) -> str:
    """Who last changed one of the rows that this action left, if that is why."""
    if _is_sealed(db, number):
        return _("the room has seen it.")
    found = db.execute(
        """SELECT journal.by, journal.what FROM change AS mine
        JOIN change AS later ON later."table" = mine."table" AND later.row = mine.row AND later.journal > mine.journal
        JOIN journal ON journal.id = later.journal
        WHERE mine.journal = ? ORDER BY later.id DESC LIMIT 1""",
        [_latest(db, number)],
    ).fetchone()
    if not found:
        return _("something else hangs on it now, or has taken its place.")
    return _("it has been changed since ({by}: {what}).").format(by=found[0], what=found[1])
