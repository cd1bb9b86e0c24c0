"""The days on which something is to happen: reviews and actions, as a calendar keeps them."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from workshop import items
from workshop.steps.prepare import get_workshop
from workshop.words import _


@dataclass(frozen=True)
class Date:
    """A whole day (2026-03-12), what happens, more about it, and the same `id` and a higher `version` next time."""

    id: str
    version: int
    day: str
    what: str
    note: str


def list_dates(db: Database) -> list[Date]:
    """Reviews without a result and actions that are not done, dropped or without a day; in the order of the days."""
    title, anchor = get_workshop(db)["title"], _anchor(db)
    named = _named(db)
    found = []
    for row in items.list_items(db, "review"):
        if row["date"] and not row["result"]:
            metrics = ", ".join(map(named, row["metrics"]))
            at = _("We look at: {metrics}").format(metrics=metrics) if metrics else ""
            note = "\n".join(filter(None, (row["forum"], at)))
            what = _("{title}: review").format(title=title)
            found.append(Date(f"{row['ref']}-{anchor}", row["version"], row["date"], what, note))
    for row in items.list_items(db, "activation"):
        if row["due"] and row["status"] in ("open", "doing"):
            note = "\n".join(filter(None, (row["owner_role"], named(row["concept"]), named(row["promise"]), title)))
            found.append(Date(f"{row['ref']}-{anchor}", row["version"], row["due"], row["action"], note))
    return sorted(found, key=lambda date: date.day)


def _named(db: Database) -> Callable[[str | None], str]:
    """What stands behind a ref, for a calendar whose owner has no workshop at hand."""
    rows = {row["ref"]: row for table in ("concept", "promise", "metric") for row in items.list_items(db, table)}

    def named(ref: str | None) -> str:
        row = rows.get(ref)
        return f"{ref} {row.get('name') or row['text']}" if row else ref or ""

    return named


def _anchor(db: Database) -> str:
    """What tells this workshop's dates from another's, without giving its code away: when it was made."""
    first = db.execute("SELECT at FROM journal ORDER BY id LIMIT 1").fetchone()
    return "".join(char for char in first[0] if char.isdigit())
