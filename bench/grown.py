"""The bus sample after a long day: 60 concepts, 30 purposes, 30 touchpoints, 20 metrics, 40 entries.

They are in the words of all three samples.
"""

from dataclasses import fields as record_fields
from itertools import cycle, islice
from typing import Any

from sqlite_utils import Database

from workshop import entries, items, journal, samples, store

CONCEPTS, PURPOSES, TOUCHPOINTS, METRICS, ENTRIES = 60, 30, 30, 20, 40
PLACES = ("at the stop", "on the bus", "at the depot", "on the phone", "at home", "at school", "in the rain")


def make() -> str:
    """Gives the code of a new workshop of this size."""
    code = samples.load_sample("bus", journal.HOST)
    with store.open(code) as db, store.change(db, journal.HOST, "Grew"):
        _grow(db, "purpose", ("text",), PURPOSES)
        _grow(db, "touchpoint", ("name",), TOUCHPOINTS)
        _grow(db, "metric", ("name",), METRICS)
        _grow(db, "concept", ("name", "what_happens"), CONCEPTS)
        lines = (f"Someone waits {place}, for the {number}th time" for number, place in enumerate(cycle(PLACES), 1))
        entries.add_entries(db, entries.AddEntries("concepts", "\n".join(islice(lines, ENTRIES))))
    return code


def _grow(db: Database, table: str, said: tuple[str, ...], count: int) -> None:
    """Adds items with the links of those that are there and other words, until there are so many."""
    noun, rows = items.NOUNS[table], items.list_items(db, table)
    others = cycle(one for name in ("grocery", "clinic", "bus") for one in samples.read_sample(name)[f"{table}s"])
    known = {field.name for field in record_fields(noun.record)} - {"concept", "same_as", "merged_into"}
    for row, other, place in islice(zip(cycle(rows), others, cycle(PLACES), strict=False), count - len(rows)):
        values: dict[str, Any] = {name: value for name, value in row.items() if name in known}
        if values.get("status") == "chosen" and values.get("level") != "small":
            values["status"] = "candidate"
        items.add(db, noun, noun.record(**values | {name: f"{other[name]} {place}" for name in said}))
