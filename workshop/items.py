"""What every item of the workshop can do, everywhere the same way: be added, edited, moved, archived, brought back.

A step module declares its nouns; each has a table whose rows carry id, ref, version, position and archived_at.
Rows are given as dicts, with lists of refs for what they are linked to.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import fields, store
from workshop.problems import Conflict, NotFound, Problem, Rejected
from workshop.words import _


@dataclass(frozen=True)
class Noun:
    """A kind of item: its table, its record (the command that adds one), and how its refs begin.

    `letters` may depend on the values (C for a CPI, K for a KPI); `among` names the columns whose equals are
    neighbours when an item moves up or down; `plural` is its key in the bundle; `chosen` is the status of one that
    was chosen; `sole` gives the group in which only one can be chosen, or None where several can; `implied(values)`
    what else follows from an item's values; `check(db, values, ref)` refuses what the fields alone cannot see, for a
    new item (ref '') as for the changed values of one that is there; `changed(db, before, values)` is told what of an
    item was changed.
    """

    table: str
    record: type
    letters: str | Callable[[dict], str]
    among: tuple[str, ...] = ()
    plural: str = ""
    chosen: str = "chosen"
    sole: Callable[[dict], Any] | None = None
    implied: Callable[[dict], dict] = lambda _values: {}
    check: Callable[[Database, dict, str], None] | None = None
    changed: Callable[[Database, dict, dict], None] | None = None
    links: tuple[str, ...] = field(init=False)
    lists: tuple[str, ...] = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "plural", self.plural or f"{self.table}s")
        many = [name for name, f in fields.fields_of(self.record).items() if fields.kind_of(f).many]
        lists = [name for name, f in fields.fields_of(self.record).items() if fields.kind_of(f).shape == "choices"]
        object.__setattr__(self, "links", tuple(many))
        object.__setattr__(self, "lists", tuple(lists))

    def words(self, row: dict[str, Any]) -> str:
        """What an item of this kind is called by: its name or text, or else its first words."""
        about = {name: fields.kind_of(f) for name, f in fields.fields_of(self.record).items()}
        said = [name for name, kind in about.items() if kind.shape in ("line", "text")]
        first = sorted(said, key=lambda name: (name not in ("name", "text"), not about[name].needed))
        return row[first[0]]

    def letters_for(self, values: dict) -> str:
        return self.letters if isinstance(self.letters, str) else self.letters(values)

    def targets(self, link: str) -> tuple[str, ...]:
        return fields.kind_of(fields.fields_of(self.record)[link]).tables


NOUNS: dict[str, Noun] = {}


def noun(table: str, record: type, letters: str | Callable[[dict], str], **about: Any) -> Noun:
    NOUNS[table] = Noun(table, record, letters, **about)
    return NOUNS[table]


@dataclass(frozen=True)
class Edit:
    """Changes some fields of an item, made from the version that the editor saw."""

    ref: str
    version: int
    changes: dict[str, Any]


@dataclass(frozen=True)
class Move:
    """Moves an item up (-1) or down (+1) among its neighbours."""

    ref: str
    by: int


@dataclass(frozen=True)
class Archive:
    ref: str


@dataclass(frozen=True)
class BringBack:
    ref: str


@dataclass(frozen=True)
class Choose:
    """Chooses an item; where only one can be chosen, the one chosen before becomes a candidate again."""

    ref: str


@dataclass(frozen=True)
class SetStatus:
    """Gives an item another of its statuses, such as parked or candidate."""

    ref: str
    status: str


def problems(record: type, command: Any) -> list[Problem]:
    """What is wrong with a command that adds an item. Pure."""
    return fields.problems(record, vars(command))


def add(db: Database, kind: Noun, command: Any, ref: str | None = None) -> str:
    """Stores a new item at the end of its list and gives its ref. Raises Rejected.

    `ref` is given by an import alone, which also brings links to what was put away; otherwise the next free one is
    taken.
    """
    values = fields.accept(kind.record, vars(command))
    _check(db, kind, values, as_it_was=ref is not None)
    ref = _take_ref(db, kind, values, ref)
    columns = _columns(kind, values | kind.implied(values)) | {"ref": ref, "position": _end(db, kind.table)}
    names = ", ".join(f'"{name}"' for name in columns)
    db.execute(
        f'INSERT INTO "{kind.table}" ({names}) VALUES ({", ".join("?" for _name in columns)})', list(columns.values())
    )
    for link in kind.links:
        _link(db, kind, link, ref, values[link])
    return ref


def edit(db: Database, command: Edit, *, as_it_was: bool = False) -> str:
    """Stores the changes, or raises Conflict with both texts when the item has moved on since `version`.

    With `as_it_was`, for an import, links to what was put away are taken too.
    """
    kind, row = _find(db, command.ref)
    values = fields.accept(kind.record, command.changes)
    changed = {name: value for name, value in values.items() if _as_stored(row[name]) != _as_stored(value)}
    if row["version"] != command.version:
        # what the other one did not touch, and what both wrote alike, is no quarrel
        if changed:
            raise Conflict(
                _("{ref} was changed by somebody else in the meantime. Nothing was overwritten.").format(
                    ref=command.ref
                ),
                command.ref,
                theirs=row,
                mine={**row, **values},
            )
        return command.ref
    if not changed:
        return command.ref
    _check(db, kind, changed, row, as_it_was=as_it_was)
    _update(db, kind.table, command.ref, _columns(kind, changed | kind.implied(row | changed)))
    for link in kind.links:
        if link in changed:
            _link(db, kind, link, command.ref, changed[link])
    # whoever edits an item has looked at it
    db.execute("DELETE FROM second_look WHERE ref = ?", [command.ref])
    if kind.changed:
        kind.changed(db, row, changed)
    return command.ref


def _columns(kind: Noun, values: dict[str, Any]) -> dict[str, Any]:
    """What of these values stands in the item's own row; the rest are links."""
    own = {name: value for name, value in values.items() if name not in kind.links}
    return own | {name: json.dumps(own[name], ensure_ascii=False) for name in kind.lists if name in own}


def _as_stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def move(db: Database, command: Move, beyond: tuple[str, ...] = ()) -> str:
    """Swaps places with the neighbour above or below, unless it is one of `beyond`; at the end nothing happens."""
    kind, row = _find(db, command.ref)
    beside = [one for one in list_items(db, kind.table) if all(one[name] == row[name] for name in kind.among)]
    place = next((i for i, one in enumerate(beside) if one["ref"] == command.ref), None)
    other = beside[place + command.by] if place is not None and 0 <= place + command.by < len(beside) else None
    if other and other["ref"] not in beyond:
        _update(db, kind.table, row["ref"], {"position": other["position"]})
        _update(db, kind.table, other["ref"], {"position": row["position"]})
    return command.ref


def archive(db: Database, command: Archive) -> str:
    """Takes an item off the table; its ref stays its own for ever and it can be brought back."""
    kind, row = _find(db, command.ref)
    if row["archived_at"] is None:
        _update(db, kind.table, command.ref, {"archived_at": store.now()})
    return command.ref


def bring_back(db: Database, command: BringBack) -> str:
    kind, row = _find(db, command.ref)
    if row["archived_at"] is not None:
        _check(db, kind, {name: row[name] for name in fields.fields_of(kind.record)}, row)
        _update(db, kind.table, command.ref, {"archived_at": None})
    return command.ref


def put_in_order(db: Database, table: str, refs: list[str]) -> None:
    """Gives these items, all that the table has, the positions 1, 2, 3 …; for an import."""
    for position, ref in enumerate(refs, 1):
        db.execute(f'UPDATE "{table}" SET position = ? WHERE ref = ? AND position <> ?', [position, ref, position])


def can_be_chosen(db: Database, row: dict[str, Any]) -> bool:
    """Whether this is a candidate that one click chooses; a concept is selected with its reasons, at the close."""
    return row.get("status") == "candidate" and NOUNS[table_of(db, row["ref"])].chosen == "chosen"


def choose(db: Database, command: Choose) -> str:
    kind, row = _find(db, command.ref)
    group = kind.sole(row) if kind.sole else None
    if group is not None:
        for other in list_items(db, kind.table):
            if other["status"] == kind.chosen and other["ref"] != row["ref"] and kind.sole(other) == group:
                _update(db, kind.table, other["ref"], {"status": "candidate"})
    return set_status(db, SetStatus(command.ref, kind.chosen))


def set_status(db: Database, command: SetStatus) -> str:
    kind, row = _find(db, command.ref)
    status = fields.accept(kind.record, {"status": command.status})["status"]
    if row["status"] != status:
        _update(db, kind.table, command.ref, {"status": status})
        if kind.changed:
            kind.changed(db, row, {"status": status})
    return command.ref


def list_items(db: Database, table: str, *, archived: bool = False) -> list[dict[str, Any]]:
    """The items of one kind in their order, each with its links as lists of refs; or the archived ones."""
    kind = NOUNS[table]
    cursor = db.execute(
        f'SELECT * FROM "{table}" WHERE archived_at IS {"NOT " if archived else ""}NULL ORDER BY position, id'
    )
    return _with_links(db, kind, cursor)


def get_item(db: Database, ref: str) -> dict[str, Any]:
    """One item, archived or not. Raises NotFound."""
    return get_items(db, [ref])[ref]


def get_items(db: Database, refs: list[str]) -> dict[str, dict[str, Any]]:
    """These items by ref, archived or not. Raises NotFound."""
    wanted: dict[str, list[str]] = {}
    for ref in refs:
        wanted.setdefault(table_of(db, ref), []).append(ref)
    found: dict[str, dict[str, Any]] = {}
    for table, some in wanted.items():
        of_these = "ref IN (SELECT value FROM json_each(?))"
        cursor = db.execute(f'SELECT * FROM "{table}" WHERE {of_these}', [json.dumps(some)])
        found |= {row["ref"]: row for row in _with_links(db, NOUNS[table], cursor, some)}
    for ref in refs:
        if ref not in found:
            raise NotFound(_("{ref} is no longer there.").format(ref=ref))
    return found


def table_of(db: Database, ref: str) -> str:
    """The table that a ref belongs to. Raises NotFound."""
    found = fields.is_ref(ref) and db.execute('SELECT "table" FROM ref WHERE ref = ?', [ref]).fetchone()
    if not found:
        raise NotFound(_("There is no item {ref} in this workshop.").format(ref=fields.in_short(ref)))
    return found[0]


def _find(db: Database, ref: str) -> tuple[Noun, dict[str, Any]]:
    return NOUNS[table_of(db, ref)], get_item(db, ref)


def _with_links(db: Database, kind: Noun, cursor, refs: list[str] | None = None) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row |= {name: json.loads(row[name]) for name in kind.lists}
    among = f'WHERE "{kind.table}" IN (SELECT value FROM json_each(?))' if refs else ""
    for link in kind.links:
        linked = []
        for target in kind.targets(link):
            linked += db.execute(
                f'SELECT position, "{kind.table}", "{target}" FROM {kind.table}_{target} {among} ORDER BY position, id',
                [json.dumps(refs)] if refs else [],
            ).fetchall()
        pointed: dict[str, list[str]] = {}
        for _position, one, other in sorted(linked, key=lambda found: found[0]):
            pointed.setdefault(one, []).append(other)
        for row in rows:
            row[link] = pointed.get(row["ref"], [])
    return rows


def _update(db: Database, table: str, ref: str, columns: dict[str, Any]) -> None:
    pairs = "".join(f', "{name}" = ?' for name in columns)
    db.execute(f'UPDATE "{table}" SET version = version + 1{pairs} WHERE ref = ?', [*columns.values(), ref])


def _link(db: Database, kind: Noun, link: str, ref: str, refs: tuple[str, ...]) -> None:
    marks = ", ".join("?" for _ref in refs)
    for target in kind.targets(link):
        table = f"{kind.table}_{target}"
        db.execute(f'DELETE FROM {table} WHERE "{kind.table}" = ? AND "{target}" NOT IN ({marks})', [ref, *refs])
    for position, other in enumerate(refs, 1):
        target = table_of(db, other)
        db.execute(
            f"""INSERT INTO {kind.table}_{target} ("{kind.table}", "{target}", position) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET position = excluded.position WHERE position <> excluded.position""",
            [ref, other, position],
        )


def _take_ref(db: Database, kind: Noun, values: dict, ref: str | None) -> str:
    letters = kind.letters_for(values)
    if ref is None:
        top = db.execute("SELECT coalesce(max(number), 0) FROM ref WHERE letters = ?", [letters]).fetchone()[0]
        ref, number = f"{letters}{top + 1}", top + 1
    else:
        if not fields.is_ref(ref):
            raise Rejected(Problem("id", _("“{ref}” is not a ref such as P3.").format(ref=fields.in_short(ref))))
        if db.execute("SELECT 1 FROM ref WHERE ref = ?", [ref]).fetchone():
            raise Rejected(Problem("id", _("The ref {ref} is used twice.").format(ref=ref)))
        letters, number = re.match("([A-Za-z]+)([0-9]+)", ref).groups()
    db.execute("INSERT INTO ref VALUES (?, ?, ?, ?)", [ref, letters, int(number), kind.table])
    return ref


def count_given(db: Database, table: str) -> int:
    """How many refs of this noun were ever given, whatever became of their items."""
    return db.execute('SELECT count(*) FROM ref WHERE "table" = ?', [table]).fetchone()[0]


def _end(db: Database, table: str) -> int:
    return db.execute(f'SELECT coalesce(max(position), 0) + 1 FROM "{table}"').fetchone()[0]


def _check(db: Database, kind: Noun, values: dict, before: dict | None = None, *, as_it_was: bool = False) -> None:
    """Refuses what the fields alone cannot see; `before` is the item as it is, None for a new one."""
    ref = before["ref"] if before else ""
    _check_unique(db, kind, values, ref)
    _check_targets(db, kind, values, before or {}, as_it_was)
    if kind.check:
        kind.check(db, values, ref)


def _check_unique(db: Database, kind: Noun, values: dict, ref: str = "") -> None:
    for name, f in fields.fields_of(kind.record).items():
        if not fields.kind_of(f).unique or name not in values:
            continue
        others = db.execute(
            f'SELECT ref, "{name}" FROM "{kind.table}" WHERE ref <> ? AND archived_at IS NULL', [ref]
        ).fetchall()
        for twin, taken in others:
            if taken.casefold() == values[name].casefold():  # SQLite's NOCASE knows the letters A to Z only
                raise Rejected(
                    Problem(name, _("There is already “{name}” ({ref}).").format(name=values[name], ref=twin))
                )


def _check_targets(db: Database, kind: Noun, values: dict, before: dict, as_it_was: bool) -> None:
    """What an item is newly linked to must be there and not put away; what hung on it before may stay."""
    for name, f in fields.fields_of(kind.record).items():
        about = fields.kind_of(f)
        if not about.table or name not in values:
            continue
        refs, linked = (
            value if about.many else [value] for value in (values[name], before.get(name, () if about.many else None))
        )
        for ref in refs:
            if ref is None or ref in linked:
                continue
            found = _found_in(db, about.tables, ref)
            if not found:
                sentence = _("“{label}” names {ref}, and there is no such {table}.")
            elif as_it_was:
                continue
            elif found["archived_at"]:
                sentence = _("“{label}” names {ref}, which was put away. Bring it back first.")
            elif found.get("merged_into"):
                sentence = _("“{label}” names {ref}, which went into {into}. Name that one instead.")
            else:
                continue
            words = {"label": fields.label_of(f), "ref": ref, "table": _(" or ").join(about.tables),
                     "into": found and found.get("merged_into")}  # fmt: skip
            raise Rejected(Problem(name, sentence.format(**words)))


def _found_in(db: Database, tables: tuple[str, ...], ref: str) -> dict[str, Any] | None:
    """The row that a ref names in one of these tables."""
    rows = (row for table in tables for row in db.query(f'SELECT * FROM "{table}" WHERE ref = ?', [ref]))
    return next(rows, None)
