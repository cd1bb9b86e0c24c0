"""What has to be looked at again, because something upstream of it was changed, until somebody confirms or edits it.

Upstream are a purpose, the promise, a value, a principle and a goal (METHOD.md §4.1). What names one of them hangs on
it: a promise, principles, goals, metrics, touchpoints and concepts on a purpose, principles on a value, concepts on a
principle, KPIs on the company's goal; so does what a goal is tied to, its CPIs and the customer goals that carry it,
and every answer to “Are we keeping our promise?” on the promise itself.

What was put away leaves its links behind, for it can be brought back; whatever still hangs on it is told by
`list_left_hanging`, and lets go of it by `let_go`.

One link far, and no further: whoever finds that a principle has to change edits it, and with that marks its concepts;
where it still holds they have nothing to look at. Marking all that can be reached would mark the whole workshop.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.problems import Conflict
from workshop.remembered import until_next_action
from workshop.words import _

# what can hang on something; evidence, decisions and the like say what was, whatever becomes of it
HANGING = ("purpose", "promise", "principle", "goal", "metric", "touchpoint", "concept", "activation")
ANSWERS = {"touchpoint": "promise_state", "concept": "keeps_promise"}
# what is joined two by two, with a why
JOINED = (("goal_link", "goal", "business", "customer"), ("cpi_kpi_link", "metric", "cpi", "kpi"))
GONE = ("parked", "rejected", "retired", "done", "dropped")
MOST_NAMED = 3  # refs in one line of the history


@dataclass(frozen=True)
class SecondLook:
    """Marks an item: `field` of the item `because` was changed, and `was` what it said before."""

    ref: str
    because: str
    field: str
    was: str


@dataclass(frozen=True)
class Change:
    """What hangs on one item that was changed, and the (field's name, what it said before) of its changes."""

    refs: list[str]
    was: list[tuple[str, str]]


@dataclass(frozen=True)
class Confirm:
    """These items still hold, although something upstream was changed; or although `because` was, if that is given."""

    refs: tuple[str, ...]
    because: str = ""


@dataclass(frozen=True)
class LetGo:
    """An item names no longer what was put away."""

    ref: str


def watching(
    *names: str, tied: Callable[[Database, dict], Iterable[str]] = lambda _db, _row: ()
) -> Callable[[Database, dict, dict], None]:
    """For a noun: what hangs on one of its items is marked when one of these fields is changed.

    `tied(db, item)` gives the refs of what hangs on the item without naming it.
    """

    def changed(db: Database, before: dict[str, Any], values: dict[str, Any]) -> None:
        for name in names:
            if name in values:
                _mark_what_hangs(db, before, name, values[name], set(tied(db, before)))

    return changed


def _mark_what_hangs(db: Database, before: dict[str, Any], name: str, now: Any, tied: set[str]) -> None:
    because, was = before["ref"], str(before[name] or "")
    # who last looked when it said just this needs no second look any more
    gone = db.execute(
        "DELETE FROM second_look WHERE because = ? AND field = ? AND was = ? RETURNING ref",
        [because, name, str(now or "")],
    )
    settled = {ref for (ref,) in gone.fetchall()}
    if name == "status" and now != "chosen":
        return
    for ref in _hanging_on(db, before | {name: now}, tied):
        if ref in settled:
            continue
        db.execute(
            "INSERT INTO second_look (ref, because, field, was) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [ref, because, name, was],
        )


def _hanging_on(db: Database, upstream: dict[str, Any], tied: set[str]) -> Iterator[str]:
    table = items.table_of(db, upstream["ref"])
    for kind in (items.NOUNS[one] for one in HANGING):
        links = [name for name, f in fields.fields_of(kind.record).items() if table in fields.kind_of(f).tables]
        answer = ANSWERS.get(kind.table) if table == "promise" and upstream["status"] == "chosen" else None
        if not links and not answer and not tied:
            continue
        for row in items.list_items(db, kind.table):
            hangs = row["ref"] in tied or any(
                upstream["ref"] in (row[name] if name in kind.links else [row[name]]) for name in links
            )
            answered = answer and row[answer] not in (None, "unknown")
            if (hangs or answered) and row.get("status") not in GONE and not row.get("merged_into"):
                yield row["ref"]


def second_look(db: Database, command: SecondLook) -> str:
    """For an import; everybody else marks by editing what is upstream."""
    for ref in (command.ref, command.because):
        items.get_item(db, ref)
    values = [command.ref, command.because, *(fields.clean(str(one)) for one in (command.field, command.was))]
    db.execute("INSERT INTO second_look (ref, because, field, was) VALUES (?, ?, ?, ?)", values)
    return command.ref


def confirm(db: Database, command: Confirm) -> str:
    """Gives the refs of those that were still to be looked at. Raises Conflict when somebody was faster with all."""
    gone = db.execute(
        """DELETE FROM second_look WHERE ref IN (SELECT value FROM json_each(?)) AND ? IN ('', because)
        RETURNING ref""",
        [json.dumps(command.refs), command.because],
    )
    confirmed = {ref for (ref,) in gone.fetchall()}
    if not confirmed:
        if len(command.refs) == 1:
            raise Conflict(_("{ref} was looked at already.").format(ref=fields.in_short(command.refs[0])))
        raise Conflict(_("Somebody has looked at all of these already."))
    return fields.first_refs([ref for ref in command.refs if ref in confirmed], MOST_NAMED)


def list_rows(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT ref, because, field, was FROM second_look ORDER BY id"))


@until_next_action
def list_second_looks(db: Database) -> dict[str, list[dict[str, Any]]]:
    """What was changed upstream of an item, by its ref: because, label (the field's name), was, now."""
    looks: dict[str, list[dict[str, Any]]] = {}
    archived = {ref for one in HANGING for (ref,) in db.execute(
        f'SELECT ref FROM "{one}" WHERE archived_at IS NOT NULL').fetchall()}  # fmt: skip
    for row in list_rows(db):
        if row["ref"] not in archived:
            upstream = items.get_item(db, row["because"])
            record = items.NOUNS[items.table_of(db, row["because"])].record
            label = fields.label_of(fields.fields_of(record)[row["field"]])
            look = {"because": row["because"], "label": label, "was": row["was"], "now": upstream[row["field"]] or ""}
            looks.setdefault(row["ref"], []).append(look)
    return looks


def by_change(looks: dict[str, list[dict[str, Any]]]) -> dict[str, Change]:
    """What list_second_looks gives, by the ref of what was changed. Pure."""
    changes: dict[str, Change] = {}
    for ref, causes in looks.items():
        for look in causes:
            change = changes.setdefault(look["because"], Change([], []))
            if ref not in change.refs:
                change.refs.append(ref)
            if (look["label"], look["was"]) not in change.was:
                change.was.append((look["label"], look["was"]))
    return changes


@until_next_action
def list_left_hanging(db: Database) -> dict[str, list[str]]:
    """What was put away and is still named, by the ref of what names it. Where a card came from is no such link."""
    left: dict[str, list[str]] = {}
    for kind in (items.NOUNS[one] for one in HANGING):
        for one, link in fields.fields_of(kind.record).items():
            for table in set(fields.kind_of(link).tables) - {kind.table}:
                named = f"{kind.table}_{table}" if one in kind.links else kind.table
                column, owner = (table, kind.table) if one in kind.links else (one, "ref")
                found = db.execute(
                    f"""SELECT hanging.ref, gone.ref FROM "{named}" AS link
                    JOIN "{kind.table}" AS hanging ON hanging.ref = link."{owner}" AND hanging.archived_at IS NULL
                    JOIN "{table}" AS gone ON gone.ref = link."{column}" AND gone.archived_at IS NOT NULL"""
                )
                for ref, gone in found.fetchall():
                    left.setdefault(ref, []).append(gone)
    for joined, table, *ends in JOINED:
        for here, there in (ends, reversed(ends)):
            found = db.execute(
                f"""SELECT hanging.ref, gone.ref FROM {joined} AS link
                JOIN {table} AS hanging ON hanging.ref = link.{here} AND hanging.archived_at IS NULL
                JOIN {table} AS gone ON gone.ref = link.{there} AND gone.archived_at IS NOT NULL"""
            )
            for ref, gone in found.fetchall():
                left.setdefault(ref, []).append(gone)
    return left


def let_go(db: Database, command: LetGo) -> str:
    """Gives what it let go of. Raises Conflict when there is nothing any more."""
    gone = list_left_hanging(db).get(command.ref)
    if not gone:
        raise Conflict(_("{ref} names nothing that was put away.").format(ref=fields.in_short(command.ref)))
    row, kind = items.get_item(db, command.ref), items.NOUNS[items.table_of(db, command.ref)]
    changes = {
        name: tuple(ref for ref in row[name] if ref not in gone) if name in kind.links else None
        for name, link in fields.fields_of(kind.record).items()
        if fields.kind_of(link).tables and not set(row[name] if name in kind.links else [row[name]]).isdisjoint(gone)
    }
    items.edit(db, items.Edit(command.ref, row["version"], changes))
    for joined, _table, here, there in JOINED:
        for other in gone:
            db.execute(f"DELETE FROM {joined} WHERE ({here}, {there}) IN ((?, ?), (?, ?))",
                       [command.ref, other, other, command.ref])  # fmt: skip
    return ", ".join(gone)


def list_versions(db: Database, ref: str) -> list[dict[str, Any]]:
    """What an item was called before, newest first: {text, until}, `until` the moment (UTC, ISO) it was changed."""
    kind = items.NOUNS[items.table_of(db, ref)]
    name = "text" if "text" in fields.fields_of(kind.record) else "name"
    found = db.execute(
        f"""SELECT json_extract(old, '$.{name}'), journal.at FROM change JOIN journal ON journal.id = change.journal
        WHERE "table" = ? AND row = (SELECT id FROM "{kind.table}" WHERE ref = ?)
            AND old IS NOT NULL AND new IS NOT NULL
            AND json_extract(old, '$.{name}') <> json_extract(new, '$.{name}') ORDER BY change.id DESC""",
        [kind.table, ref],
    )
    return [{"text": text, "until": at} for text, at in found.fetchall()]
