"""A question of the host's own, of any kind, at whatever step the room is at."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import entries, items
from workshop.activities import OpenActivity, open_activity
from workshop.problems import Problem, Rejected
from workshop.steps import AGENDA, step_of
from workshop.words import _


@dataclass(frozen=True, kw_only=True)
class AskOwnQuestion:
    """`kind` is that of the activity, `targets` are refs of list_choices; the rest as workshop/activities/settings.py.

    A *rate* is a round of the ranking, whatever it is called, and has its concepts and metrics.
    """

    step: str
    kind: str
    prompt: str
    minutes: int = 4
    targets: tuple[str, ...] = ()
    dots: int = 3
    cap: int = 1
    scale: str = "yes"
    words: bool = False


def ask_own_question(db: Database, command: AskOwnQuestion) -> int:
    """Gives the activity's id. Raises Rejected, or Conflict when the room is at another step."""
    settings, feed = _settings(db, command), "ranking" if command.kind == "rate" else ""
    return open_activity(
        db, OpenActivity(step=command.step, kind=command.kind, prompt=command.prompt, minutes=command.minutes,
                         feed=feed, settings=settings)
    )  # fmt: skip


def _settings(db: Database, command: AskOwnQuestion) -> dict[str, Any]:
    match command.kind:
        case "vote":
            return {"targets": command.targets, "dots": command.dots, "cap": command.cap}
        case "split":
            return {"targets": command.targets}
        case "pulse":
            return {"scale": command.scale, "targets": command.targets, "words": command.words}
        case "rate":
            offer = next(offer for offer in step_of("ranking").activities if offer.kind == "rate")
            settings = offer.settings(db)
            if settings is None:
                raise Rejected(Problem("kind", _("There is no concept, or nothing that we count, to be rated yet.")))
            return settings
    return {}


def list_choices(db: Database, step: str) -> list[dict[str, str]]:
    """What can be voted on, shared out over or asked about: ref, text. What belongs to this step comes first."""
    here = [noun for one in AGENDA if one.slug == step for noun in one.nouns]
    others = [noun for one in AGENDA if one.slug != step for noun in one.nouns]
    rows = entries.list_entries(db, step)
    rows += [row for noun in dict.fromkeys([*here, *others]) for row in items.list_items(db, noun.table)]
    named = [(row["ref"], row.get("text") or row.get("name")) for row in rows]
    return [{"ref": ref, "text": text} for ref, text in named if text]
