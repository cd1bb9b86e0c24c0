"""The workshop as one JSON, out and in: the layout throughline-workshop/1 (docs/file-format.md).

One key per table, ids are refs. An import goes through the steps' own commands, all of it as one action or nothing.
"""

import dataclasses
import json
import math
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from workshop import agenda, fields, items, modes, own_names, people, room, second_look, store
from workshop.activities import carried, rate
from workshop.checks import findings
from workshop.entries import ENTRY
from workshop.library import recover
from workshop.problems import Conflict, Problem, Refusal, Rejected
from workshop.step import Rows
from workshop.steps import AGENDA, prepare, start, step_of
from workshop.words import _

SCHEMA = "throughline-workshop/1"
MOST_BYTES = 20_000_000
MOST_ROWS = 500_000
MOST_NESTED = 10
COLUMNS = ["stream", "concept", "metric", "round", "value", "confidence"]


# the key of each noun and of each step's other rows, in the order of the agenda
NOUNS = {noun.plural: noun for noun in (ENTRY, *(noun for step in AGENDA for noun in step.nouns))}
# what was asked comes before the ratings, which are answers to it; the other answers after the people
ACTIVITIES = (
    Rows("activities", carried.CarryActivity, carried.list_carried, carried.carry_activity),
    Rows("pens", carried.CarryPen, carried.list_pens, carried.carry_pen),
)
ANSWERS = {
    key: Rows(key, record, partial(carried.list_answers, record=record), carried.carry_answer)
    for key, record in (
        ("written", carried.CarryWritten),
        ("votes", carried.CarryVote),
        ("shares", carried.CarryShare),
        ("pulses", carried.CarryPulse),
    )
}
TIME_SPENT = Rows("time_spent", agenda.SpendTime, agenda.list_time_spent, agenda.spend_time)
_OF_STEPS = (rows for step in AGENDA for rows in step.rows)
HOST_NOTES = Rows("host_notes", agenda.NoteForHosts, agenda.list_host_notes, agenda.note_for_hosts)
SECOND_LOOKS = Rows("second_looks", second_look.SecondLook, second_look.list_rows, second_look.second_look)
OWN_NAMES = Rows("own_names", own_names.NameNoun, own_names.list_own_names, own_names.name_noun)
ROWS = {
    rows.key: rows
    for rows in (*_OF_STEPS, *findings.ROWS, TIME_SPENT, SECOND_LOOKS, HOST_NOTES, OWN_NAMES, *ACTIVITIES)
}
_OTHERS = {"schema", "fictional", "session", "participants", "agenda", "ratings", "expected_findings"}


# --- out ---------------------------------------------------------------------------------------------------------


def read(db: Database) -> dict[str, Any]:
    """The whole workshop as plain values, ready for JSON."""
    workshop = prepare.get_workshop(db)
    session = {name: workshop[name] for name in fields.fields_of(prepare.StartWorkshop) if name != "fictional"}
    session["step"] = room.get_room(db)["step"]
    data: dict[str, Any] = {"schema": SCHEMA, "fictional": bool(workshop["fictional"]), "session": session}
    data["agenda"] = [
        {name: row[name] for name in ("slug", "title", "prompt", "minutes", "phase")}
        | {"dropped": bool(row["dropped"]), "is_break": bool(row["is_break"])}
        for row in agenda.list_every_row(db)
    ]
    data["participants"] = [_participant(row) for row in _in_order(people.list_participants, db)]
    for key, noun in NOUNS.items():
        data[key] = [_row_out(noun, row) for row in _in_order(items.list_items, db, noun.table)]
    needs = data.pop("requirements")
    for concept in data["concepts"]:
        concept["requirements"] = [
            {name: value for name, value in row.items() if name != "concept"}
            for row in needs
            if row["concept"] == concept["id"]
        ]
    data |= {key: rows.read(db) for key, rows in (ROWS | ANSWERS).items()}
    ratings = db.execute(
        f"""SELECT stream, concept, metric, round, value, confidence FROM rating JOIN pen ON pen.id = rating.pen
        WHERE {rate.SEEN} ORDER BY rating.id"""
    )
    data["ratings"] = {"columns": COLUMNS, "rows": [list(row) for row in ratings.fetchall()]}
    return data


def to_json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


def _in_order(list_rows: Callable, db: Database, *what: str) -> list[dict[str, Any]]:
    rows = [*list_rows(db, *what), *list_rows(db, *what, archived=True)]
    return sorted(rows, key=lambda row: row["position"])


def _row_out(noun: items.Noun, row: dict[str, Any]) -> dict[str, Any]:
    flags = {name for name, f in fields.fields_of(noun.record).items() if fields.kind_of(f).shape == "yes_no"}
    out = {"id": row["ref"]}
    for name in fields.fields_of(noun.record):
        value = row[name]
        out[name] = bool(value) if name in flags and value is not None else _tidy(value)
    return out | ({"archived": True} if row["archived_at"] else {})


def _participant(row: dict[str, Any]) -> dict[str, Any]:
    out = {name: row[name] for name in ("stream", "alias", "group", "role_in_room")}
    return out | ({"archived": True} if row["archived_at"] else {})


def _tidy(value: Any) -> Any:
    """8.0 is written 8, as people typed it."""
    return int(value) if isinstance(value, float) and value == int(value) else value


# --- in ----------------------------------------------------------------------------------------------------------


def parse(raw: bytes | str) -> dict[str, Any]:
    """A bundle read strictly: size, nesting, numbers and keys. Raises Rejected with one sentence."""
    if raw[:4] == b"PK\x03\x04":
        raise _refused("", _("This file is a zip, whatever its name says; a workshop comes as .json or .sqlite."))
    if len(raw) > MOST_BYTES:
        limit = _("This file is too large: a workshop has at most {most} MB.")
        raise _refused("", limit.format(most=round(MOST_BYTES / 1e6)))
    try:
        data = json.loads(
            raw, object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
        _check_depth(data)
    except RecursionError:
        raise _refused("", _("This file is nested too deeply to be a workshop.")) from None
    except UnicodeDecodeError:
        raise _refused("", _("This file is not JSON: it is not text in UTF-8.")) from None
    except json.JSONDecodeError as error:
        fault = _("This file is not JSON: line {line}, column {column}.")
        raise _refused("", fault.format(line=error.lineno, column=error.colno)) from None
    except ValueError as error:
        raise _refused("", _("This file cannot be read: {fault}.").format(fault=error)) from None
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        newer = isinstance(schema, str) and re.fullmatch(r"throughline-workshop/([2-9]|[1-9]\d+)", schema)
        sentence = (
            _("This workshop was written by a newer Throughline than this one. Update Throughline to bring it in.")
            if newer
            else _("This is not a Throughline workshop: “schema” must be “{schema}”.").format(schema=SCHEMA)
        )
        raise _refused("schema", sentence)
    return data


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
    unknown = set(data) - set(NOUNS) - set(ROWS) - set(ANSWERS) - _OTHERS
    if unknown:
        raise _refused("", _("“{key}” is not part of a workshop.").format(key=fields.in_short(min(unknown))))
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
            raise _refused(f"agenda[{i}]", _("The step “{step}” is there twice.").format(step=fields.in_short(slug)))
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
                raise _refused(f"concepts[{i}].requirements[{j}]", _("Each row must be an object."))
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
        raise _refused(place, _("“{key}” must be true or false.").format(key="archived"))
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
                raise _refused(
                    place, _("“stream” must be a whole number of its own, not {value}.").format(value=repr(stream)[:20])
                )
            streams[stream] = people.pen_of(db, person, rate.FEED, stream)
        if _is_archived(place, row):
            people.archive_participant(db, people.ArchiveParticipant(person))
    table = _table(data, "ratings", dict)
    if unknown := set(table) - {"columns", "rows"}:
        raise _refused("ratings", _("“{key}” is not known here.").format(key=fields.in_short(min(unknown))))
    columns, rows = table.get("columns", COLUMNS), table.get("rows", [])
    if columns != COLUMNS or not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise _refused("ratings", _("“ratings” must have the columns {columns}.").format(columns=", ".join(COLUMNS)))
    seen = set()
    for i, row in enumerate(rows):
        place = f"ratings.rows[{i}]"
        if not isinstance(row, list) or len(row) != len(COLUMNS):
            raise _refused(place, _("Each row must have {count} values.").format(count=len(COLUMNS)))
        stream, concept, metric, round_, value, confidence = row
        if type(stream) is not int or stream not in streams:
            raise _refused(place, _("No participant has the stream {stream}.").format(stream=repr(stream)[:20]))
        cell = (stream, repr(concept), repr(metric), repr(round_))
        if cell in seen:
            raise _refused(place, _("This cell was rated twice by the same person in the same round."))
        seen.add(cell)
        command = rate.RateImpact(0, concept, metric, value, confidence, round_)
        _at(place, lambda: rate.rate_impact(db, command, streams[stream]))  # noqa: B023 called at once


def _table(data: dict[str, Any], key: str, kind: type = list, place: str = "") -> Any:
    """The rows under a key; a missing key means none."""
    rows = data.get(key, kind())
    where = f"{place}.{key}" if place else key
    if not isinstance(rows, kind):
        shape = _("a list") if kind is list else _("an object")
        raise _refused(where, _("“{key}” must be {shape}.").format(key=key, shape=shape))
    if kind is list:
        if len(rows) > MOST_ROWS:
            raise _refused(where, _("“{key}” has more rows than a workshop can hold.").format(key=key))
        for i, row in enumerate(rows):
            if not isinstance(row, dict):
                raise _refused(f"{where}[{i}]", _("Each row must be an object."))
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
        raise _refused(place, str(refusal)) from None
    except Refusal as refusal:
        raise _refused(place, str(refusal)) from None
    except TypeError:
        raise _refused(place, _("Something is missing in this row.")) from None
    except sqlite3.IntegrityError:
        raise _refused(
            place, _("This row does not fit the others: it is there twice, or names what is not there.")
        ) from None


def _placed(place: str, problem: Problem) -> Problem:
    return Problem(place, f"{place}: {problem.message}")


def _refused(place: str, message: str) -> Rejected:
    return Rejected(Problem(place, f"{place}: {message}" if place else message))


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _value in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("the key “{key}” is there twice").format(key=fields.in_short(twin)))
    return data


def _check_depth(data: Any) -> None:
    """Raises RecursionError, as a reader does whose own depth ends first."""
    level = [data]
    for _depth in range(MOST_NESTED):
        inside = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [value for values in inside for value in values]
    if level:
        raise RecursionError


def _no_constant(name: str):
    raise ValueError(_("{name} is not a number that a workshop can hold").format(name=name))


def _whole(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError(_("{digits} is too large a number").format(digits=digits[:20]))
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(_("{digits} is too large a number").format(digits=digits[:20]))
    return value
