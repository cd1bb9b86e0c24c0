"""The agenda of this workshop: which steps, in which order, how long each was planned and how long it takes.

Breaks are rows among the steps, named break-1, break-2 …; only the plan shows them.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from workshop import fields
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import N_, _


@dataclass(frozen=True, kw_only=True)
class SetAgendaRow:
    """A step or break of this workshop's agenda: its place, title, prompt and minutes, and whether it is left out."""

    position: int
    slug: str = fields.line(needed=True)
    title: str = fields.line(needed=True)
    prompt: str = fields.line(most=500)
    minutes: int = fields.number(0, 1440, whole=True, default=0)
    dropped: bool = fields.yes_no(default=False)
    phase: str = fields.one_of("ready", "write", "reveal", "talk", "vote", "decided", default="ready")
    is_break: bool = fields.yes_no(default=False)


@dataclass(frozen=True)
class EditStep:
    """New words or minutes for a step; what is None stays."""

    slug: str
    title: str | None = None
    prompt: str | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class MoveStep:
    """Puts a step or break that many places later, or earlier; what was left out is not counted."""

    slug: str
    by: int


@dataclass(frozen=True)
class DropStep:
    """Leaves a step out. What stands in it stays, and comes back with it."""

    slug: str


@dataclass(frozen=True)
class TakeUpStep:
    """A step that was left out comes back, at its own place."""

    slug: str


@dataclass(frozen=True)
class NoteForHosts:
    """What the hosts want to remember at a step, in place of what they noted before; only their pages show it."""

    step: str
    text: str = fields.text(N_("Note"))


@dataclass(frozen=True)
class SpendTime:
    """A stretch of time that the room spent at a step; `ended_at` is None while it is still there."""

    step: str
    began_at: str
    ended_at: str | None = None


def list_agenda(db: Database) -> list[dict[str, Any]]:
    """The steps of this workshop in their order, without those that were dropped."""
    return [row for row in list_plan(db) if not row["is_break"]]


def list_plan(db: Database) -> list[dict[str, Any]]:
    """The steps and the breaks in their order, without those that were dropped, in the words of this request."""
    rows = db.query("SELECT * FROM agenda WHERE dropped = 0 ORDER BY position")
    return [row | {"title": _(row["title"]), "prompt": _(row["prompt"])} for row in rows]


def list_every_row(db: Database) -> list[dict[str, Any]]:
    """Steps and breaks, also those that were dropped."""
    return list(db.query("SELECT * FROM agenda ORDER BY position"))


def list_dropped(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT * FROM agenda WHERE dropped = 1 ORDER BY position"))


def set_agenda_row(db: Database, command: SetAgendaRow) -> str:
    """A break is made where there is none yet. Raises NotFound when this program knows no such step, or Rejected."""
    given = {name: value for name, value in vars(command).items() if name != "position"}
    values = fields.accept(SetAgendaRow, given) | {"position": command.position}
    slug, is_break = values.pop("slug"), values.pop("is_break")
    if is_break and not re.fullmatch("break-[1-9][0-9]?", slug):
        raise Rejected(Problem("slug", _("A break is called break-1, break-2 …, not “{slug}”.").format(slug=slug[:40])))
    if is_break:
        db.execute(
            """INSERT INTO agenda (slug, title, prompt, minutes, position, is_break) VALUES (?, '–', '', 0, 0, 1)
            ON CONFLICT (slug) DO NOTHING""",
            [slug],
        )
    if _get(db, slug)["is_break"] != is_break:
        raise Rejected(Problem("slug", _("“{slug}” is a break.").format(slug=slug)))
    pairs = ", ".join(f'"{name}" = ?' for name in values)
    db.execute(f"UPDATE agenda SET {pairs} WHERE slug = ?", [*values.values(), slug])
    return slug


def edit_step(db: Database, command: EditStep) -> str:
    """Gives the step's title. Raises NotFound, or Rejected when a value does not fit."""
    row = _get(db, command.slug)
    given = {name: value for name, value in vars(command).items() if value is not None}
    known = {name: row[name] for name in fields.fields_of(SetAgendaRow)}
    set_agenda_row(db, SetAgendaRow(**known | given))
    return _get(db, command.slug)["title"]


def move_step(db: Database, command: MoveStep) -> str:
    """Nothing but this row changes its place among the others; what was left out keeps its own, to come back to."""
    row, plan = _get(db, command.slug), [one["slug"] for one in list_plan(db)]
    if command.slug in plan:
        beside = plan[min(max(plan.index(command.slug) + command.by, 0), len(plan) - 1)]
        if beside != command.slug:
            order = [one["slug"] for one in list_every_row(db) if one["slug"] != command.slug]
            order.insert(order.index(beside) + (command.by > 0), command.slug)
            put_in_order(db, order)
    return row["title"]


def put_in_order(db: Database, slugs: list[str]) -> None:
    """Gives these rows, all that the agenda has, the positions 1, 2, 3 …"""
    for position, slug in enumerate(slugs, 1):
        db.execute("UPDATE agenda SET position = ? WHERE slug = ? AND position <> ?", [position, slug, position])


def drop_step(db: Database, command: DropStep) -> str:
    """Raises Rejected for the last step, and for the one that the room is at."""
    row = _get(db, command.slug)
    if [one["slug"] for one in list_agenda(db)] == [command.slug]:
        raise Rejected(Problem("step", _("An agenda needs at least one step.")))
    if db.execute("SELECT step FROM room").fetchone() == (command.slug,):
        raise Rejected(Problem("step", _("The room is at {title} now. Go to another step first.").format(**row)))
    db.execute("UPDATE agenda SET dropped = 1 WHERE slug = ?", [command.slug])
    return row["title"]


def take_up_step(db: Database, command: TakeUpStep) -> str:
    row = _get(db, command.slug)
    db.execute("UPDATE agenda SET dropped = 0 WHERE slug = ?", [command.slug])
    return row["title"]


def note_for_hosts(db: Database, command: NoteForHosts) -> str:
    """Gives the step's title. Raises NotFound, or Rejected when the text is too long."""
    title = _get(db, command.step)["title"]
    text = fields.accept(NoteForHosts, {"text": command.text})["text"]
    db.execute("DELETE FROM host_note WHERE step = ?", [command.step])
    if text:
        db.execute("INSERT INTO host_note (step, text) VALUES (?, ?)", [command.step, text])
    return title


def list_host_notes(db: Database) -> list[dict[str, Any]]:
    """step, text."""
    return list(db.query("SELECT step, text FROM host_note ORDER BY id"))


def _get(db: Database, slug: str) -> dict[str, Any]:
    found = list(db.query("SELECT * FROM agenda WHERE slug = ?", [slug]))
    if not found:
        raise NotFound(_("There is no step “{step}”.").format(step=fields.in_short(slug)))
    return found[0]


def spend_time(db: Database, command: SpendTime) -> None:
    _get(db, command.step)
    for moment in (command.began_at, *([command.ended_at] if command.ended_at else [])):
        _moment(moment)
    row = [command.step, command.began_at, command.ended_at]
    db.execute("INSERT INTO time_spent (step, began_at, ended_at) VALUES (?, ?, ?)", row)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        fault = _("“{text}” is not a moment such as 2026-03-12T09:30:00+00:00.").format(text=fields.in_short(text))
        raise Rejected(Problem("began_at", fault))
    return moment


def list_time_spent(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT step, began_at, ended_at FROM time_spent ORDER BY id"))


def minutes_spent(db: Database, now: datetime) -> dict[str, float]:
    """Minutes by step that the room has worked at so far; a clock that was set back counts as none."""
    spent: dict[str, float] = {}
    for row in list_time_spent(db):
        ended = _moment(row["ended_at"]) if row["ended_at"] else now
        minutes = max((ended - _moment(row["began_at"])).total_seconds(), 0) / 60
        spent[row["step"]] = spent.get(row["step"], 0) + minutes
    return spent


def planned_time(db: Database, step: str) -> tuple[datetime, datetime] | None:
    """(since when, until when) the room would be at this step as planned, what it spent there before counted in;
    None while it does not work at it, or as long as it likes.
    """
    rows = [row for row in list_time_spent(db) if row["step"] == step]
    minutes = _get(db, step)["minutes"]
    if not rows or rows[-1]["ended_at"] or not minutes:
        return None
    now = _moment(rows[-1]["began_at"])
    begin = now - timedelta(minutes=minutes_spent(db, now).get(step, 0))
    return begin, begin + timedelta(minutes=minutes)


def minutes_behind(agenda: list[dict[str, Any]], spent: dict[str, float], at: str | None) -> float:
    """Minutes more than planned for the steps that were worked at; less than planned counts once a step is left. Pure.

    `at` is the step that the room is at, which may still use up what it has left.
    """
    over = 0.0
    for row in agenda:
        if row["slug"] in spent:
            more = spent[row["slug"]] - row["minutes"]
            over += max(more, 0) if row["slug"] == at else more
    return over
