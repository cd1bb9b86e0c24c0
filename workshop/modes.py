"""How long a workshop is: the modes of METHOD.md §3, their minutes and their breaks, as rows of the agenda.

The minutes of a step that a mode does not name are the step's own. What is planned with 0 minutes is prepared before
the day, by link.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from workshop import agenda, fields, room
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import N_, _


@dataclass(frozen=True)
class Break:
    """A pause of so many minutes after a step; with 0 minutes the room goes home in between."""

    title: str
    minutes: int
    after: str


@dataclass(frozen=True)
class Mode:
    """`minutes` by step where they are not the step's own; with `alone` all other steps are left out."""

    name: str
    minutes: dict[str, int] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    alone: bool = False


BY_LINK = dict.fromkeys(("opening", "purpose", "principles"), 0)  # steps 1–4 and 6 of the method
MODES = {
    "full": Mode(
        N_("Full method"), breaks=(Break(N_("Break"), 10, "principles"), Break(N_("Lunch"), 45, "touchpoints"))
    ),
    "half_days": Mode(
        N_("Two half-days"),
        breaks=(Break(N_("Break"), 10, "principles"), Break(N_("Until the second half-day"), 0, "strategy")),
    ),
    "one_day": Mode(N_("One day, a part of it prepared"), BY_LINK, (Break(N_("Break"), 10, "touchpoints"),)),
    # two thirds of what is listed for 5, 7, 11–15 and 18, 150 minutes in all; 8–10 are prepared as well
    "short": Mode(
        N_("2½ hours, much of it prepared"),
        BY_LINK | {"strategy": 0, "touchpoints": 0, "promise": 23, "reverse": 20, "concepts": 44, "ranking": 20,
                   "requirements": 20, "commitment": 23},
    ),
    "core": Mode(
        N_("2½ hours: the core"),
        {"purpose": 35, "promise": 25, "principles": 25, "concepts": 35, "ranking": 30},
        alone=True,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ChangeMode:
    """Makes the workshop longer or shorter. What stands in a step that is left out stays."""

    mode: str


@dataclass(frozen=True)
class AddBreak:
    """A break after a step."""

    after: str
    minutes: int = 10


@dataclass(frozen=True)
class TakeBreak:
    """The room goes into this break of its agenda now."""

    slug: str


def planned(mode: str, own: dict[str, int]) -> dict[str, int]:
    """The minutes of each step that a mode keeps, from the minutes of their own. Pure."""
    about = MODES[mode]
    return {slug: about.minutes.get(slug, minutes) for slug, minutes in own.items()
            if slug in about.minutes or not about.alone}  # fmt: skip


def lay(db: Database, mode: str, own: dict[str, int]) -> None:
    """Gives the agenda the minutes and breaks of a mode; order, titles and prompts stay.

    `own` are the minutes of all steps by slug. Raises Rejected when the step would go that the room is at.
    """
    kept, at = planned(mode, own), room.get_room(db)
    if at["step"] and at["step"] not in kept:
        raise Rejected(Problem("mode", _("The room is at {title} now. Go to another step first.").format(**at)))
    for slug, minutes in own.items():
        row = {"slug": slug, "minutes": kept.get(slug, minutes), "dropped": int(slug not in kept)}
        db.execute(
            """UPDATE agenda SET minutes = :minutes, dropped = :dropped
            WHERE slug = :slug AND (minutes <> :minutes OR dropped <> :dropped)""",
            row,
        )
    clear_breaks(db)
    for one in MODES[mode].breaks:
        _lay_break(db, _(one.title), one.minutes, one.after)


def clear_breaks(db: Database) -> None:
    db.execute("DELETE FROM agenda WHERE is_break = 1")


def add_break(db: Database, command: AddBreak) -> str:
    """Gives the break's title. Raises NotFound, or Rejected when the minutes do not fit."""
    minutes = fields.accept(agenda.SetAgendaRow, {"minutes": command.minutes})["minutes"]
    return _lay_break(db, _("Break"), minutes, command.after)


def take_break(db: Database, command: TakeBreak) -> str:
    """Time stands still until the break is over; says when that is, in the clock of this machine. Raises NotFound."""
    row = next((row for row in agenda.list_plan(db) if row["slug"] == command.slug and row["is_break"]), None)
    if row is None:
        raise NotFound(_("There is no such break on the agenda any more."))
    back_at = datetime.now() + timedelta(minutes=row["minutes"])
    room.hold(db, room.Hold(f"{back_at:%H:%M}" if row["minutes"] else ""))
    room.set_phase(db, row["slug"], "decided")
    return row["title"]


def next_break(db: Database, step: str) -> dict[str, Any] | None:
    """The break that follows this step on the agenda and was not taken yet."""
    plan = agenda.list_plan(db)
    after = plan[[row["slug"] for row in plan].index(step) + 1 :]
    return next((row for row in after[:1] if row["is_break"] and row["phase"] == "ready"), None)


def _lay_break(db: Database, title: str, minutes: int, after: str) -> str:
    order: list[str] = [row["slug"] for row in agenda.list_every_row(db)]
    if after not in order:
        raise NotFound(_("There is no step “{step}”.").format(step=fields.in_short(after)))
    number = next(number for number in range(1, len(order) + 2) if f"break-{number}" not in order)
    order.insert(order.index(after) + 1, f"break-{number}")
    values: dict[str, Any] = {"slug": f"break-{number}", "title": title, "minutes": minutes, "is_break": True}
    agenda.set_agenda_row(db, agenda.SetAgendaRow(position=len(order), **values))
    agenda.put_in_order(db, order)
    return title
