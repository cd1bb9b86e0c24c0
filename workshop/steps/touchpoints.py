"""Step 10: where the promise lives."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Table
from workshop.step import Step
from workshop.words import N_, _


@dataclass(frozen=True, kw_only=True)
class AddTouchpoint:
    """A place where customers meet us, named as they would, and whether the promise is kept there today."""

    name: str = fields.line(needed=True, unique=True, starred=True)
    stage: str = fields.line(starred=True)
    channel: str = fields.line()
    what_happens_now: str = fields.text()
    emotion_today: str = fields.line(N_("Feeling today"))
    promise_state: str = fields.one_of("kept", "partly", "broken", "unknown", default="unknown")
    moment: str | None = fields.one_of("moment that matters", "pain", "routine")
    owner_role: str = fields.line(N_("Owner"))
    purposes: tuple[str, ...] = fields.refs_to("purpose")


TOUCHPOINT = items.noun("touchpoint", AddTouchpoint, "T")


def add_touchpoint(db: Database, command: AddTouchpoint) -> str:
    return items.add(db, TOUCHPOINT, command)


def section(db: Database) -> list:
    rows = [
        [row["ref"], row["stage"], row["name"], row["what_happens_now"], row["emotion_today"], _(row["promise_state"])]
        for row in items.list_items(db, "touchpoint")
    ]
    head = ["", _("Stage"), _("Touchpoint"), _("What happens now"), _("Feeling today"), _("Promise")]
    return [Table(head, rows, _("From first to last"))] if rows else []


def _to_judge(db: Database) -> dict[str, Any] | None:
    rows = items.list_items(db, "touchpoint")
    return {"scale": "kept", "targets": [row["ref"] for row in rows]} if rows else None


STEP = Step(
    slug="touchpoints",
    title=N_("Touchpoints"),
    minutes=30,
    prompt=N_("Where does the promise live?"),
    below=N_("Walk it as they do, first to last."),
    section=section,
    is_complete=lambda db: bool(items.list_items(db, "touchpoint")),
    shown=lambda db: None,
    activities=(Offer("pulse", N_("Promise kept?"), 6, N_("Do we keep our promise here?"), _to_judge),),
    nouns=(TOUCHPOINT,),
)
