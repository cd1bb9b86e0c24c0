"""What was done, as a story that can be read; and what changed between two moments."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.agenda import list_agenda, minutes_spent
from workshop.document import Block, Bullets, Document, Heading, Paragraph, Table
from workshop.figures import figure
from workshop.journal import Done, list_journal
from workshop.problems import Problem, Rejected
from workshop.steps.prepare import get_workshop
from workshop.words import _, language


def document(db: Database, zone: tzinfo | None = None) -> Document:
    """The session from its first action to its last: minutes planned and spent, then each step with what was done.

    `zone`: by whose clock; None is this machine's, which is the room's.
    """
    blocks: list[Block] = _minutes(db)
    for step, actions in groupby(_by_step(db), key=lambda pair: pair[0]):
        done = [action for _step, action in actions]
        title = step or _("Before the first step")
        blocks += [Heading(f"{clock(done[0].at, zone)}  {title}"), Bullets(_told(db, done, zone))]
    workshop = get_workshop(db)
    return Document(workshop["title"], _("The story of the session"), language.get(), blocks)


def _minutes(db: Database) -> list[Block]:
    spent = minutes_spent(db, datetime.now(UTC))
    rows = [[row["title"], str(row["minutes"]), f"{spent[row['slug']]:.0f}" if row["slug"] in spent else ""]
            for row in list_agenda(db)]  # fmt: skip
    head = [_("Step"), _("Minutes planned"), _("Minutes spent")]
    return [Heading(_("How long it took")), Table(head, rows, _("Planned and real minutes"))]


def _arrivals(db: Database) -> dict[int, str]:
    """The step that the room came to, by the number of the action that brought it there."""
    return dict(
        db.execute(
            """SELECT journal, json_extract(new, '$.step') FROM change
            WHERE "table" = 'room' AND coalesce(json_extract(old, '$.step'), '') <> json_extract(new, '$.step')"""
        ).fetchall()
    )


def _by_step(db: Database) -> list[tuple[str, Done]]:
    """(title of the step that the room was at, action), first to last; going to a step belongs to that step."""
    titles = dict(db.execute("SELECT slug, title FROM agenda").fetchall())
    moves = _arrivals(db)
    step, told = "", []
    for action in reversed(list_journal(db)):
        step = titles.get(moves[action.number], "") if action.number in moves else step
        told.append((step, action))
    return told


def _told(db: Database, actions: list[Done], zone: tzinfo | None) -> list[str]:
    """A line for each action; the same one several times in a row is one line. What was taken back says so."""
    undone = {row[0] for row in db.execute(
        """SELECT of FROM journal AS last WHERE kind = 'undo'
        AND NOT EXISTS (SELECT 1 FROM journal WHERE of = last.of AND id > last.id)"""
    ).fetchall()}  # fmt: skip
    lines = []
    told = [one for one in actions if one.kind != "follow"]
    for (what, by, gone), same in groupby(told, key=lambda one: (one.what, one.by, one.number in undone)):
        times = list(same)
        line = f"{clock(times[0].at, zone)}  {by}: {what}"
        line += _(" ({count} times)").format(count=len(times)) if len(times) > 1 else ""
        lines.append(line + (_(" (taken back later)") if gone else ""))
    return lines or [_("Nothing else was written here.")]


def clock(at: str, zone: tzinfo | None = None) -> str:
    """Day and time of an action by the clock of a zone, e.g. "2026-03-12 10:30"; None is this machine's."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Change:
    """What became of an item between two moments.

    `kind` is added, changed, put away, brought back or gone; `fields` are (label, before, after) of a changed one.
    """

    kind: str
    table: str
    ref: str
    words: str
    fields: list[tuple[str, str, str]]


def list_moments(db: Database) -> list[Done]:
    """The moments that people remember, newest first: each arrival at a step, and the beginning."""
    done, moves = list_journal(db), _arrivals(db)
    return [action for action in done if action.number in moves or action is done[-1]]


def moment(db: Database, text: str) -> int:
    """The number of the last action at a moment: a number itself, or a time such as 2026-03-12T10:30 (UTC).

    Raises Rejected.
    """
    if text.isdecimal() and len(text) < 10:
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        sentence = _("“{text}” is neither the number of an action nor a time such as 2026-03-12T10:30.")
        raise Rejected(Problem("since", sentence.format(text=fields.in_short(text)))) from None
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    until = at.isoformat(timespec="milliseconds")
    return db.execute("SELECT coalesce(max(id), 0) FROM journal WHERE at <= ?", [until]).fetchone()[0]


def list_changes(db: Database, since: int, until: int | None = None) -> list[Change]:
    """What items were added, changed or put away after action `since`, up to action `until` (now without one).

    What was done and undone in between is no change. Links count as fields of the item that they hang on.
    """
    last = until if until is not None else 2**62
    rows = db.execute(
        """SELECT "table", row, old, new FROM change WHERE journal > ? AND journal <= ? ORDER BY id""", [since, last]
    ).fetchall()
    first: dict[tuple[str, int], tuple[dict | None, dict | None]] = {}
    for table, row, old, new in rows:
        before = first[table, row][0] if (table, row) in first else _state(old)
        first[table, row] = before, _state(new)
    linked = _links(first)
    found = []
    for (table, _row), (before, after) in first.items():
        if table in items.NOUNS and (before or after):  # what came and went in between has neither
            ref = (after or before)["ref"]
            if change := _change(table, ref, before, after, linked.pop(ref, [])):
                found.append(change)
    for ref, pairs in linked.items():  # an item of which nothing but its links changed
        table = items.table_of(db, ref)
        found.append(Change("changed", table, ref, items.NOUNS[table].words(items.get_item(db, ref)), pairs))
    return found


def _state(text: str | None) -> dict[str, Any] | None:
    return json.loads(text) if text else None


def _links(changed: dict) -> dict[str, list[tuple[str, str, str]]]:
    """Links that came and went, by the ref that they hang on."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for noun in items.NOUNS.values():
        for link, target in [(name, target) for name in noun.links for target in noun.targets(name)]:
            for (table, _row), (before, after) in changed.items():
                if table == f"{noun.table}_{target}" and (before is None) != (after is None):
                    row, label = after or before, _(link.replace("_", " ").capitalize())
                    pair = ("", row[target]) if after else (row[target], "")
                    found.setdefault(row[noun.table], []).append((label, *pair))
    return found


def _change(table: str, ref: str, before: dict | None, after: dict | None, links: list) -> Change | None:
    words = items.NOUNS[table].words
    if before is None and after["archived_at"]:
        return None  # it came and was put away again in between
    if before is None or after is None:
        return Change("gone" if after is None else "added", table, ref, words(after or before), [])
    if bool(before["archived_at"]) != bool(after["archived_at"]):
        return Change("put away" if after["archived_at"] else "brought back", table, ref, words(after), [])
    known = fields.fields_of(items.NOUNS[table].record)
    pairs = [(fields.label_of(known[name]), _shown(before[name]), _shown(after[name]))
             for name in known if name in after and before.get(name) != after[name]]  # fmt: skip
    return Change("changed", table, ref, words(after), pairs + links) if pairs or links else None


def _shown(value: Any) -> str:
    return figure(value) if isinstance(value, int | float) else str(value or "")


def changes_document(db: Database, since: int, until: int | None = None) -> Document:
    """What changed between two moments, as a document."""
    changes = list_changes(db, since, until)
    titles = {"added": _("Added"), "changed": _("Changed"), "put away": _("Put away"),
              "brought back": _("Brought back"), "gone": _("Gone")}  # fmt: skip
    blocks: list[Block] = []
    for kind, title in titles.items():
        lines = []
        for one in changes:
            if one.kind == kind:
                more = "; ".join(f"{label}: {before or '–'} → {after or '–'}" for label, before, after in one.fields)
                lines.append(f"{one.ref}  {one.words}" + (f" ({more})" if more else ""))
        if lines:
            blocks += [Heading(title), Bullets(lines)]
    if not blocks:
        blocks = [Paragraph(_("Nothing has changed."))]
    subtitle = _("What changed after action {since}").format(since=since)
    return Document(get_workshop(db)["title"], subtitle, language.get(), blocks)
