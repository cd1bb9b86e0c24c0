"""A bundle becomes a workshop, through the steps' own commands, all of it as one action or nothing."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import agenda, fields, items, modes, people, room, store
from workshop.activities import rate
from workshop.bundle.layout import ANSWERS, COLUMNS, NOUNS, OTHERS, ROWS
from workshop.bundle.parsed import MOST_BYTES, parse, refused
from workshop.library import recover
from workshop.problems import Conflict, Problem, Refusal, Rejected
from workshop.step import Rows
from workshop.steps import prepare, start, step_of
from workshop.words import _

MOST_ROWS = 500_000


def load(data: dict[str, Any], by: str, done: str) -> str:
    """A new workshop from a bundle; gives its code. Everything is stored, or nothing.

    Raises Rejected with the place in the file and what is wrong there.
    """
    session = _checked_session(data)
    with (
        store.creating(str(session.get("title") or "workshop")) as (code, db),
        store.change(db, by, done, kind="start"),
    ):
        _at("session", lambda: start(db, prepare.StartWorkshop(**session), code))
        step = _table(data, "session", dict).get("step")
        _load_agenda(db, data)
        if step is not None:
            _at("session", lambda: room.go_to(db, room.GoTo(str(step))))
        _load_items(db, data)
        _load_rows(db, data, ROWS)
        _load_people_and_ratings(db, data)
        _load_rows(db, data, ANSWERS)
        if "agenda" not in data:
            _take_as_seen(db)
    return code


def bring_in(file: Path, by: str, name: str = "") -> str:
    """A bundle (.json) or a workshop's own file (.sqlite) from elsewhere; gives the code. Raises Refusal.

    `name` is what people call the file, where `file` is only a copy of it.
    """
    name = name or file.name
    with file.open("rb") as opened:
        head = opened.read(16)
        if head == b"SQLite format 3\0":
            return recover(file, name)
        raw = head + opened.read(MOST_BYTES)
    return load(parse(raw), by, _("Brought in {name}").format(name=name))


def _checked_session(data: dict[str, Any]) -> dict[str, Any]:
    unknown = set(data) - set(NOUNS) - set(ROWS) - set(ANSWERS) - OTHERS
    if unknown:
        raise refused("", _("“{key}” is not part of a workshop.").format(key=fields.in_short(min(unknown))))
    session = _table(data, "session", dict) | {"fictional": data.get("fictional", False)}
    session.pop("step", None)
    if found := fields.problems(prepare.StartWorkshop, {"title": "", **session}):
        raise Rejected(*(_placed("session", problem) for problem in found))
    return session


def _load_agenda(db: Database, data: dict[str, Any]) -> None:
    """The rows of the bundle's agenda in their order; a bundle without one keeps the full agenda."""
    rows, seen = _table(data, "agenda"), set()
    if rows:
        modes.clear_breaks(db)
    db.execute("UPDATE agenda SET position = position + ?", [len(rows)])  # those that are not named come after
    for i, row in enumerate(rows):
        slug = str(row.get("slug"))
        if slug in seen:
            raise refused(f"agenda[{i}]", _("The step “{step}” is there twice.").format(step=fields.in_short(slug)))
        seen.add(slug)
        filled = {**row, "position": i + 1}
        _at(f"agenda[{i}]", lambda: agenda.set_agenda_row(db, _filled(agenda.SetAgendaRow, filled)))  # noqa: B023


def _take_as_seen(db: Database) -> None:
    """A file that does not say how far the room came was finished: what stands in a step has been seen."""
    for row in agenda.list_agenda(db):
        if step_of(row["slug"]).shown(db):
            room.set_phase(db, row["slug"], "decided")


def _load_items(db: Database, data: dict[str, Any]) -> None:
    rows = {key: list(_table(data, key)) for key in NOUNS}
    for i, concept in enumerate(rows["concepts"]):
        for j, need in enumerate(_table(concept, "requirements", place=f"concepts[{i}]")):
            if not isinstance(need, dict):
                raise refused(f"concepts[{i}].requirements[{j}]", _("Each row must be an object."))
            rows["requirements"].append({**need, "concept": concept.get("id")})
    coming = {row["id"] for table in rows.values() for row in table if isinstance(row.get("id"), str)}
    there: set[str] = set()
    later = []
    for key, noun in NOUNS.items():
        refs = {}
        # archived rows first, because a live one may bear the name of an archived one
        for i, row in sorted(enumerate(rows[key]), key=lambda pair: not pair[1].get("archived")):
            place = f"{key}[{i}]" + (f" ({row['id']})" if fields.is_ref(row.get("id")) else "")
            values = {name: value for name, value in row.items() if name not in ("id", "archived", "requirements")}
            values, postponed = _split(noun.record, values, coming - there)
            ref = _at(place, lambda: items.add(db, noun, _filled(noun.record, values), row.get("id")))  # noqa: B023 called at once
            there.add(ref)
            refs[i] = ref
            if postponed:
                later.append((place, ref, postponed))
            if _is_archived(place, row):
                items.archive(db, items.Archive(ref))
        items.put_in_order(db, noun.table, [refs[i] for i in sorted(refs)])
    for place, ref, changes in later:
        version = items.get_item(db, ref)["version"]
        _at(place, lambda: items.edit(db, items.Edit(ref, version, changes), as_it_was=True))  # noqa: B023 called at once


def _load_rows(db: Database, data: dict[str, Any], tables: dict[str, Rows]) -> None:
    for key, rows in tables.items():
        for i, row in enumerate(_table(data, key)):
            _at(f"{key}[{i}]", lambda: rows.load(db, _filled(rows.command, row)))  # noqa: B023 called at once


def _is_archived(place: str, row: dict[str, Any]) -> bool:
    archived = row.get("archived", False)
    if not isinstance(archived, bool):
        raise refused(place, _("“{key}” must be true or false.").format(key="archived"))
    return archived


def _split(record: type, values: dict[str, Any], coming: set[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values that can be stored now, and those that point to items further down the file."""
    postponed = {}
    for name, f in fields.fields_of(record).items():
        if fields.kind_of(f).shape != "ref" or name not in values:
            continue
        refs = values[name] if isinstance(values[name], list) else [values[name]]
        if any(isinstance(ref, str) and ref in coming for ref in refs):
            postponed[name] = values[name]
    return {name: value for name, value in values.items() if name not in postponed}, postponed


def _load_people_and_ratings(db: Database, data: dict[str, Any]) -> None:
    # those whose owner is forgotten came with the pens
    streams: dict[int, int] = dict(db.execute("SELECT stream, id FROM pen WHERE feed = ?", [rate.FEED]).fetchall())
    for i, row in enumerate(_table(data, "participants")):
        place = f"participants[{i}]"
        known = {name: value for name, value in row.items() if name not in ("stream", "archived")}
        person = _at(place, lambda: people.add_participant(db, _filled(people.AddParticipant, known)))  # noqa: B023
        stream = row.get("stream")
        if stream is not None:
            if type(stream) is not int or stream < 1 or stream in streams:
                raise refused(
                    place, _("“stream” must be a whole number of its own, not {value}.").format(value=repr(stream)[:20])
                )
            streams[stream] = people.pen_of(db, person, rate.FEED, stream)
        if _is_archived(place, row):
            people.archive_participant(db, people.ArchiveParticipant(person))
    table = _table(data, "ratings", dict)
    if unknown := set(table) - {"columns", "rows"}:
        raise refused("ratings", _("“{key}” is not known here.").format(key=fields.in_short(min(unknown))))
    columns, rows = table.get("columns", COLUMNS), table.get("rows", [])
    if columns != COLUMNS or not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise refused("ratings", _("“ratings” must have the columns {columns}.").format(columns=", ".join(COLUMNS)))
    seen = set()
    for i, row in enumerate(rows):
        place = f"ratings.rows[{i}]"
        if not isinstance(row, list) or len(row) != len(COLUMNS):
            raise refused(place, _("Each row must have {count} values.").format(count=len(COLUMNS)))
        stream, concept, metric, round_, value, confidence = row
        if type(stream) is not int or stream not in streams:
            raise refused(place, _("No participant has the stream {stream}.").format(stream=repr(stream)[:20]))
        cell = (stream, repr(concept), repr(metric), repr(round_))
        if cell in seen:
            raise refused(place, _("This cell was rated twice by the same person in the same round."))
        seen.add(cell)
        command = rate.RateImpact(0, concept, metric, value, confidence, round_)
        _at(place, lambda: rate.rate_impact(db, command, streams[stream]))  # noqa: B023 called at once


def _table(data: dict[str, Any], key: str, kind: type = list, place: str = "") -> Any:
    """The rows under a key; a missing key means none."""
    rows = data.get(key, kind())
    where = f"{place}.{key}" if place else key
    if not isinstance(rows, kind):
        shape = _("a list") if kind is list else _("an object")
        raise refused(where, _("“{key}” must be {shape}.").format(key=key, shape=shape))
    if kind is list:
        if len(rows) > MOST_ROWS:
            raise refused(where, _("“{key}” has more rows than a workshop can hold.").format(key=key))
        for i, row in enumerate(rows):
            if not isinstance(row, dict):
                raise refused(f"{where}[{i}]", _("Each row must be an object."))
    return rows


def _filled(command: type, row: dict[str, Any]) -> Any:
    """A command filled in from a row of the file."""
    if unknown := set(row) - {field.name for field in dataclasses.fields(command)}:
        raise Rejected(Problem("", _("“{key}” is not known here.").format(key=fields.in_short(min(unknown)))))
    return command(**row)


def _at(place: str, carry_out: Callable[[], Any]) -> Any:
    """Does one row's work; what is refused says where in the file."""
    try:
        return carry_out()
    except Rejected as refusal:
        raise Rejected(*(_placed(place, problem) for problem in refusal.problems)) from None
    except Conflict as refusal:
        raise refused(place, str(refusal)) from None
    except Refusal as refusal:
        raise refused(place, str(refusal)) from None
    except TypeError:
        raise refused(place, _("Something is missing in this row.")) from None
    except sqlite3.IntegrityError:
        raise refused(
            place, _("This row does not fit the others: it is there twice, or names what is not there.")
        ) from None


def _placed(place: str, problem: Problem) -> Problem:
    return Problem(place, f"{place}: {problem.message}")
