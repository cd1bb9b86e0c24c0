"""Concepts, metrics, touchpoints and ratings from a table (CSV, Excel): what would happen to each row, then all of it.

What will happen is tried out on a copy of the workshop in memory, through the same commands; so it is the truth.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, people
from workshop.activities import rate
from workshop.problems import Problem, Refusal, Rejected
from workshop.sheet import Sheet, plain_name
from workshop.steps import concepts, strategy, touchpoints
from workshop.words import N_, _

NOUNS = {"concepts": concepts.CONCEPT, "metrics": strategy.METRIC, "touchpoints": touchpoints.TOUCHPOINT}
KINDS = {"concepts": N_("Concepts"), "metrics": N_("Metrics"), "touchpoints": N_("Touchpoints"),
         "ratings": N_("Ratings")}  # fmt: skip
RATING = ("rater", "group", "concept", "metric", "value", "confidence", "round")
NEEDED = {"concepts": ("name",), "metrics": ("name", "kind"), "touchpoints": ("name",),
          "ratings": ("rater", "concept", "metric", "value")}  # fmt: skip
YES, NO = ("yes", "true", "1", "x"), ("no", "false", "0")
CANNOT = ("", "–", "-", "cannot judge")


@dataclass(frozen=True)
class Row:
    """What will happen to a row: `does` is add, change or refuse; `words` say which it is; `why` why it is refused."""

    line: int
    does: str
    words: str
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """What will happen to every row, and which columns nobody knows here."""

    kind: str
    rows: list[Row]
    passed_over: list[str]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.does == "refuse"]


@dataclass(frozen=True)
class BringIn:
    """All rows of a table, as items of a kind."""

    kind: str
    sheet: Sheet


def plan(db: Database, command: BringIn) -> Plan:
    """What would happen to each row, tried out on a copy; nothing is stored. Rejected without a needed column."""
    names = _names(command)
    copy = Database(memory=True)
    try:
        db.conn.backup(copy.conn)
        for (trigger,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f'DROP TRIGGER "{trigger}"')
        copy.execute("PRAGMA foreign_keys = ON")
        rows = [_tried(copy, command, names, line, cells) for line, cells in command.sheet.rows]
    finally:
        copy.close()
    passed_over = [name for name, field in zip(command.sheet.columns, names, strict=True) if name and not field]
    return Plan(command.kind, rows, passed_over)


def _tried(copy: Database, command: BringIn, names: list[str], line: int, cells: list) -> Row:
    copy.execute("SAVEPOINT row")
    try:
        does, words = _take(copy, command.kind, _given(names, cells), command.sheet.decimal)
    except Refusal as refusal:
        copy.execute("ROLLBACK TO row")
        return Row(line, "refuse", _words_of(names, cells), str(refusal))
    finally:
        copy.execute("RELEASE row")
    return Row(line, does, words)


def bring_in(db: Database, command: BringIn) -> int:
    """All rows, or none. Gives how many. Raises Rejected with the first row that cannot be taken."""
    names = _names(command)
    for line, cells in command.sheet.rows:
        try:
            _take(db, command.kind, _given(names, cells), command.sheet.decimal)
        except Refusal as refusal:
            sentence = _("Line {line}: {why} Nothing was brought in.")
            raise Rejected(Problem("file", sentence.format(line=line, why=refusal))) from refusal
    return len(command.sheet.rows)


def _names(command: BringIn) -> list[str]:
    """The field that each column fills, by its name or its label; '' for one that is not known here."""
    if command.kind == "ratings":
        known = {name: name for name in RATING}
    else:
        record = fields.fields_of(NOUNS[command.kind].record)
        known = {plain_name(fields.label_of(field)): name for name, field in record.items()}
        known |= {name: name for name in record} | {"ref": "ref", "id": "ref"}
    names = [known.get(plain_name(column), "") for column in command.sheet.columns]
    for needed in NEEDED[command.kind]:
        if needed not in names:
            sentence = _("The table has no column “{name}”. It has: {columns}.")
            columns = ", ".join(fields.in_short(name) for name in command.sheet.columns[:12])
            raise Rejected(Problem("file", sentence.format(name=needed, columns=columns)))
    return names


def _given(names: list[str], cells: list) -> dict[str, Any]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if name}


def _words_of(names: list[str], cells: list) -> str:
    given = _given(names, cells)
    return fields.in_short(given.get("name") or " ".join(str(given.get(n, "")) for n in ("rater", "concept", "metric")))


def _take(db: Database, kind: str, given: dict[str, Any], decimal: str) -> tuple[str, str]:
    """Stores a row; gives ("add" or "change", which one it is)."""
    if kind == "ratings":
        return _take_rating(db, given, decimal)
    noun = NOUNS[kind]
    known = fields.fields_of(noun.record)
    ref = fields.clean(str(given.pop("ref", None) or ""))
    values = {name: _value(known[name], cell, decimal) for name, cell in given.items()
              if cell not in (None, "")}  # fmt: skip
    there = ref and fields.is_ref(ref) and db.execute(f'SELECT version FROM "{noun.table}" WHERE ref = ?', [ref])
    version = there.fetchone() if there else None
    if version:
        items.edit(db, items.Edit(ref, version[0], values))
        return "change", f"{ref} {values.get('name', '')}".strip()
    if missing := [name for name in NEEDED[kind] if not values.get(name)]:
        label = fields.label_of(known[missing[0]])
        raise Rejected(Problem(missing[0], _("Write something under “{label}”.").format(label=label)))
    new = items.add(db, noun, noun.record(**values))
    return "add", f"{new} {values['name']}"


def _value(field: Any, cell: Any, decimal: str) -> Any:
    """A cell as its field takes it; what cannot be read stays as it is, and the field says what is wrong with it."""
    about = fields.kind_of(field)
    if isinstance(cell, datetime | date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    if about.shape == "number":
        return _number(cell, decimal)
    text = fields.clean(str(cell))
    if about.many or about.shape == "choices":
        return tuple(filter(None, (one.strip() for one in re.split(r"[,;\n]", text))))
    if about.shape == "yes_no":
        return True if text.casefold() in YES else False if text.casefold() in NO else text
    if about.shape == "choice":
        return next((one for one in about.choices if text.casefold() in (one.casefold(), _(one).casefold())), text)
    return text


def _number(cell: Any, decimal: str) -> Any:
    if isinstance(cell, int | float):
        return cell
    text = str(cell).strip().replace("−", "-").replace("\u00a0", "").replace(" ", "")
    text = text.replace(".", "").replace(",", ".") if decimal == "," else text.replace(",", "")
    try:
        value = float(text)
    except ValueError:
        return cell
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _take_rating(db: Database, given: dict[str, Any], decimal: str) -> tuple[str, str]:
    """A rating of somebody who is on the list by that name, or who is put on it."""
    alias = fields.clean(str(given.get("rater") or ""))
    alias = _("Rater {number}").format(number=alias) if alias.isdigit() else alias
    found = db.execute("SELECT id FROM participant WHERE alias = ? AND archived_at IS NULL", [alias]).fetchall()
    if len(found) > 1:
        sentence = _("There are {count} people called “{name}”.")
        raise Rejected(Problem("rater", sentence.format(count=len(found), name=fields.in_short(alias))))
    group = fields.clean(str(given.get("group") or "other")).casefold()
    person = found[0][0] if found else people.add_participant(db, people.AddParticipant(alias=alias, group=group))
    cell = given.get("value")
    value = None if cell is None or str(cell).strip().casefold() in CANNOT else _number(cell, decimal)
    sure, round_ = (_number(given[name], decimal) if given.get(name) not in (None, "") else None
                    for name in ("confidence", "round"))  # fmt: skip
    concept, metric = (fields.clean(str(given.get(name) or "")) for name in ("concept", "metric"))
    before = db.execute(
        """SELECT 1 FROM rating JOIN pen_owner ON pen_owner.pen = rating.pen
        WHERE participant = ? AND concept = ? AND metric = ? AND round = ?""",
        [person, concept, metric, round_ or 1],
    ).fetchone()
    rate.rate_impact(db, rate.RateImpact(person, concept, metric, value, sure, round_ or 1))
    return "change" if before else "add", f"{alias}: {concept} × {metric}"
