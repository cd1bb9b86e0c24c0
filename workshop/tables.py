"""Every table of the workshop as typed columns and plain rows, for spreadsheets and analysts.

What a column holds follows from its field: text, number, day, yes_no. `shareable` leaves out single answers, each of
which says whether the host typed it; what else a shareable version leaves out is gone from the file that is read
(withheld.py).
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from workshop import agenda, fields, items, people
from workshop.activities import get_activity, is_withheld
from workshop.activities.rate import SEEN
from workshop.bundle import ANSWERS, NOUNS, ROWS
from workshop.document import Cell, Column, Grid
from workshop.steps import ranking, strategy

SHAPES = {"number": "number", "day": "day", "yes_no": "yes_no"}

def list_grids(db: Database, *, shareable: bool = False) -> list[Grid]:
    """All tables with at least one row, the ranking first, then in the order of the agenda."""
    grids = [_ranking(db), _weights(db), *(_of_noun(db, key) for key in NOUNS)]
    grids += [_of_rows(key, ROWS[key].read(db)) for key in ROWS if key != "pens"]
    grids += [_people(db), _agenda(db)]
    if not shareable:
        grids += [_of_rows(key, _answers_to(db, key)) for key in ANSWERS]
        grids += [_ratings_long(db), _ratings_wide(db)]
    return [grid for grid in grids if grid.rows]


def actions(db: Database) -> Grid:
    """What somebody has to do, with the column names that task trackers read."""
    names = {row["ref"]: row["name"] for row in items.list_items(db, "concept")}
    rows = [
        [row["action"], row["owner_role"], row["due"], row["status"], row["kind"],
         " ".join(filter(None, (row["concept"], names.get(row["concept"]), row["promise"]))), row["ref"]]
        for row in items.list_items(db, "activation")
    ]  # fmt: skip
    heads = [Column("Title"), Column("Assignee"), Column("Due date", "day"), Column("Status"), Column("Labels"),
             Column("Description"), Column("ID")]  # fmt: skip
    return Grid("actions", heads, rows)


def _of_noun(db: Database, key: str) -> Grid:
    noun = NOUNS[key]
    known = fields.fields_of(noun.record)
    columns = [Column("ref"), *(Column(name, _holds(field)) for name, field in known.items())]
    rows = [[row["ref"], *(_cell(row[column.name], column.holds) for column in columns[1:])]
            for row in items.list_items(db, noun.table)]  # fmt: skip
    return Grid(key, columns, rows)


def _holds(field) -> str:
    return SHAPES.get(fields.kind_of(field).shape, "text")


def _cell(value: Any, holds: str) -> Cell:
    if value is None or value == "":
        return None
    if holds == "yes_no":
        return bool(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _of_rows(key: str, rows: list[dict[str, Any]]) -> Grid:
    """Rows that are no items, such as guesses from CPI to KPI: what is always a number is a number."""
    columns = [Column(name, _always([row[name] for row in rows])) for name in (rows[0] if rows else ())]
    return Grid(key, columns, [[_cell(row[column.name], column.holds) for column in columns] for row in rows])


def _always(values: list[Any]) -> str:
    if all(type(value) is bool for value in values):
        return "yes_no"
    return "number" if all(type(value) in (int, float, type(None)) for value in values) else "text"


def _answers_to(db: Database, key: str) -> list[dict[str, Any]]:
    """What people answered, but for what so few did that nobody is shown it. `stream` numbers them in each result."""
    rows = ANSWERS[key].read(db)
    told = {one for one in {row["activity"] for row in rows} if not is_withheld(db, get_activity(db, one))}
    return [row for row in rows if row["activity"] in told]


def _people(db: Database) -> Grid:
    rows = [[row["alias"], row["group"], row["role_in_room"]] for row in people.list_participants(db)]
    return Grid("participants", [Column("alias"), Column("group"), Column("role_in_room")], rows)


def _agenda(db: Database) -> Grid:
    spent = agenda.minutes_spent(db, datetime.now(UTC))
    rows = [[row["title"], row["minutes"], round(spent[row["slug"]], 1) if row["slug"] in spent else None]
            for row in agenda.list_agenda(db)]  # fmt: skip
    columns = [Column("step"), Column("minutes_planned", "number"), Column("minutes_spent", "number")]
    return Grid("agenda", columns, rows)


def _ranking(db: Database) -> Grid:
    found = ranking.get_ranking(db)
    parts = ("rank", "score", "customer_score", "business_score", "effort")
    rows = [[row["ref"], row["name"], *(row[part] for part in parts)] for row in found.rows] if found else []
    columns = [Column("ref"), Column("concept"), *(Column(part, "number") for part in parts)]
    if found and found.untold:
        columns.append(Column("note"))
        rows = [[*row, found.untold if row[3] is None else None] for row in rows]
    return Grid("ranking", columns, rows)


def _weights(db: Database) -> Grid:
    rows = [[row["ref"], row["name"], row["kind"], row["weight"]] for row in strategy.list_metrics(db, "cpi", "kpi")
            if row["weight"] is not None]  # fmt: skip
    return Grid("weights", [Column("ref"), Column("metric"), Column("kind"), Column("weight", "number")], rows)


def _answers(db: Database) -> list[tuple]:
    return db.execute(
        f"""SELECT stream, pen."group", concept, metric, round, value, confidence,
            iif(rating.activity IS NULL, NULL, typed_by_host) FROM rating
        JOIN pen ON pen.id = rating.pen WHERE {SEEN} ORDER BY stream, round, rating.id"""
    ).fetchall()


def _ratings_long(db: Database) -> Grid:
    columns = [Column("rater", "number"), Column("group"), Column("concept"), Column("metric"),
               *(Column(name, "number") for name in ("round", "value", "confidence"))]  # fmt: skip
    columns.append(Column("typed_by_host", "yes_no"))
    return Grid("ratings", columns, [[*row[:-1], _cell(row[-1], "yes_no")] for row in _answers(db)])


def _ratings_wide(db: Database) -> Grid:
    """A row per rater and concept, a column per metric, with the latest round's value; empty is “cannot judge”."""
    metrics = [row["ref"] for row in strategy.list_metrics(db, "cpi", "kpi")]
    found: dict[tuple, dict[str, Cell]] = {}
    for stream, group, concept, metric, _round, value, *_about in _answers(db):
        found.setdefault((stream, group, concept), {})[metric] = value
    columns = [Column("rater", "number"), Column("group"), Column("concept"), *(Column(m, "number") for m in metrics)]
    return Grid("ratings wide", columns, [[*key, *(values.get(m) for m in metrics)] for key, values in found.items()])
