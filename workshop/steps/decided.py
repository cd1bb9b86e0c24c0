"""What was decided at a step, as the room sees it: what, why, because of what, and whether everybody agreed."""

from typing import Any

from sqlite_utils import Database

from workshop import items, palette
from workshop.activities import names
from workshop.remembered import until_next_action
from workshop.step import Slip, Statement
from workshop.steps.commitment import DECISION
from workshop.words import _

NOUN = DECISION.table


@until_next_action
def list_decided(db: Database, slug: str) -> list[Statement]:
    """The last first; what was reversed since is left out."""
    made = [row for row in items.list_items(db, NOUN) if row["step"] == slug and row["state"] != "reversed"]
    return [_stated(db, row) for row in reversed(made)]


def _stated(db: Database, decision: dict[str, Any]) -> Statement:
    why = [_said(_("Because"), decision["rationale"])] if decision["rationale"] else []
    follows = [_follows(db, row) for row in items.get_items(db, decision["because_of"]).values()]
    owner = [_said(_("Owner"), decision["owner_role"])] if decision["owner_role"] else []
    for_now = [_said(_("This holds for now."))] if decision["state"] == "provisional" else []
    tests = [*why, *follows, *owner, *for_now, *_against(db, decision)]
    return Statement(decision["ref"], NOUN, decision["text"], tests)


def _said(lead: str, text: str = "") -> Slip:
    return Slip("", NOUN, lead, text)


def _follows(db: Database, row: dict[str, Any]) -> Slip:
    table = items.table_of(db, row["ref"])
    noun = row["kind"] if table == "metric" else table
    return Slip(row["ref"], noun if noun in palette.NOUNS else NOUN, row["ref"], items.NOUNS[table].words(row))


def _against(db: Database, decision: dict[str, Any]) -> list[Slip]:
    """Who disagreed stands in one field with why: where no names are shown the room is told only that somebody did."""
    if not decision["dissent"]:
        return []
    if names.stand_by(db):
        return [_said(_("Who disagreed, and why"), decision["dissent"])]
    return [_said(_("Not everybody agreed."), _("It is written down with the decision."))]
