"""The bus sample after a long day: 60 concepts, 30 purposes, 40 entries; other words each, of about the same length."""

from dataclasses import fields as record_fields
from itertools import cycle, islice
from typing import Any

from sqlite_utils import Database

from workshop import entries, items, journal, samples, store

CONCEPTS, PURPOSES, ENTRIES = 60, 30, 40
PLACES = ("at the stop", "on the bus", "at the depot", "on the phone", "at home", "at school", "in the rain")


def make() -> str:
    """Gives the code of a new workshop of this size."""
    code = samples.load_sample("bus", journal.HOST)
    with store.open(code) as db, store.change(db, journal.HOST, "Grew"):
        _grow(db, "purpose", "text", PURPOSES)
        _grow(db, "concept", "name", CONCEPTS)
        lines = (f"Someone waits {place}, for the {number}th time" for number, place in enumerate(cycle(PLACES), 1))
        entries.add_entries(db, entries.AddEntries("concepts", "\n".join(islice(lines, ENTRIES))))
    return code


def _grow(db: Database, table: str, named: str, count: int) -> None:
    """Adds items like those that are there, until there are so many."""
    noun, rows = items.NOUNS[table], items.list_items(db, table)
    known = {field.name for field in record_fields(noun.record)} - {"concept", "same_as", "merged_into"}
    for number, row, place in zip(range(len(rows), count), cycle(rows), cycle(PLACES), strict=False):
        values: dict[str, Any] = {name: value for name, value in row.items() if name in known}
        if values.get("status") == "chosen" and values.get("level") != "small":
            values["status"] = "candidate"
        items.add(db, noun, noun.record(**values | {named: f"{row[named]} {place}, {number}"}))
