"""A workshop as plain values, and as JSON."""

import json
from collections.abc import Callable
from typing import Any

from sqlite_utils import Database

from workshop import agenda, fields, items, people, room
from workshop.activities import rate
from workshop.bundle.layout import ANSWERS, COLUMNS, NOUNS, ROWS, SCHEMA
from workshop.steps import prepare


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
