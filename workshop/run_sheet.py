"""The run sheet: what comes when, what is asked, with clock times; printed, and kept beside the laptop."""

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from workshop.agenda import list_plan
from workshop.document import Block, Bullets, Document, Heading, Paragraph, Table
from workshop.modes import MODES
from workshop.problems import Problem, Rejected
from workshop.steps import step_of
from workshop.steps.prepare import get_workshop
from workshop.words import _, language


def document(db: Database, starts_at: str = "09:00") -> Document:
    """A table for each part of the day, its clock running from `starts_at`; what is prepared stands before it.

    A break of 0 minutes parts two half-days, and the clock begins again. Raises Rejected for a time that is none.
    """
    start, workshop = _time(starts_at), get_workshop(db)
    before, parts = parts_of(list_plan(db))
    question = workshop["scope_question"]
    blocks: list[Block] = [Paragraph(question, "lead")] if question not in ("", workshop["title"]) else []
    if before:
        blocks += [Heading(_("Before the day")), Bullets([f"{row['title']}: {row['prompt']}" for row in before])]
    for number, rows in enumerate(parts, 1):
        blocks.append(Heading(_("Part {number}").format(number=number) if len(parts) > 1 else _("The day")))
        blocks.append(_table(rows, start))
    blocks.append(Paragraph(_("Notes"), "quiet"))
    mode = _(MODES[workshop["mode"]].name)
    about = " · ".join(filter(None, (_("Run sheet"), workshop["organisation"], workshop["date"], mode)))
    return Document(workshop["title"], about, language.get(), blocks)


def parts_of(plan: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]]]:
    """(steps that are prepared before the day, the rows of each part of it). Pure."""
    before = [row for row in plan if not row["minutes"] and not row["is_break"]]
    parts: list[list[dict[str, Any]]] = [[]]
    for row in plan:
        if row["is_break"] and not row["minutes"]:
            parts.append([])
        elif row["minutes"]:
            parts[-1].append(row)
    return before, [rows for rows in parts if rows]


def _table(rows: list[dict[str, Any]], start: datetime) -> Table:
    lines, now = [], start
    for row in rows:
        lines.append([f"{now:%H:%M}", row["title"], str(row["minutes"]), row["prompt"], _offers(row)])
        now += timedelta(minutes=row["minutes"])
    lines.append([f"{now:%H:%M}", _("End"), "", "", ""])
    minutes = sum(row["minutes"] for row in rows)
    head = [_("At"), _("What"), _("Minutes"), _("What is asked"), _("With the phones")]
    return Table(head, lines, _("{minutes} minutes, from {start} to {end}").format(
        minutes=minutes, start=f"{start:%H:%M}", end=f"{now:%H:%M}"))  # fmt: skip


def _offers(row: dict[str, Any]) -> str:
    offers = () if row["is_break"] else step_of(row["slug"]).activities
    return ", ".join(_("{what} {minutes} min").format(what=_(one.name), minutes=one.minutes) for one in offers)


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip(), "%H:%M")
    except ValueError:
        sentence = _("“{text}” is not a time such as 09:00.").format(text=text[:20])
        raise Rejected(Problem("starts_at", sentence)) from None
