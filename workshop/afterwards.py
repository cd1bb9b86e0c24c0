"""After the workshop: how the metrics moved, what is kept, changed or stopped, who has to act, and the promise."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from workshop import items, room
from workshop.activities import Results, count_ready, get_results, list_activities, open_activity
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.step import asking
from workshop.steps import promise, step_of
from workshop.steps.commitment import AddReview, add_review
from workshop.steps.concepts import list_selected
from workshop.steps.strategy import list_metrics
from workshop.words import N_, _

RESULTS = {"keep": N_("Keep"), "change": N_("Change"), "stop": N_("Stop")}
ORDER = ("overdue", "open", "doing", "done", "dropped")


@dataclass(frozen=True)
class AskPromiseReview:
    """Stops for two minutes: are we keeping our promise, with what stands at this step?"""

    step: str = promise.STEP.slug


@dataclass(frozen=True)
class Judge:
    """A concept that was started is kept, changed or stopped, today."""

    concept: str
    result: str
    what_changed: str = ""


def ask_promise_review(db: Database, command: AskPromiseReview) -> int:
    """Takes the room to the step and asks it; gives the activity's id. Raises Rejected before there is a promise."""
    asked = asking(db, step_of(command.step), promise.PROMISE_REVIEW)
    if asked is None:
        raise Rejected(Problem("promise", _("No promise is chosen yet. Choose one first.")))
    room.go_to(db, room.GoTo(command.step))
    return open_activity(db, asked)


def is_promise_review(activity: dict[str, Any]) -> bool:
    """Also where the workshop has called its promise otherwise since it was asked."""
    return _(activity["prompt"]) == _(promise.PROMISE_REVIEW.prompt)


def can_ask_promise_review(db: Database, step: str) -> bool:
    """Whether the room is at this step, there is somebody to ask, and nothing else is being asked."""
    here = room.get_room(db)
    return here["step"] == step and not here["held_at"] and not room.is_asking(db) and bool(count_ready(db)[1])


@until_next_action
def list_promise_reviews(db: Database) -> list[Results]:
    """What the room said each time that it was asked, in the order of asking; only what was revealed."""
    asked = [one["id"] for one in list_activities(db) if one["kind"] == "pulse" and is_promise_review(one)]
    return [found for number in asked if (found := get_results(db, number))]


def judge(db: Database, command: Judge) -> str:
    """Gives the concept's ref. A review of today says so; earlier ones stay. Raises NotFound or Rejected."""
    if items.table_of(db, command.concept) != "concept" or command.result not in RESULTS:
        raise Rejected(Problem("result", _("A concept is kept, changed or stopped.")))
    today = date.today().isoformat()
    add_review(db, AddReview(date=today, about=(command.concept,), result=command.result,
                             what_changed=command.what_changed))  # fmt: skip
    return command.concept


def list_judged(db: Database) -> list[dict[str, Any]]:
    """The concepts that were started, each with `judged`: the last review about it that came to a result, or None."""
    reviews = [row for row in items.list_items(db, "review") if row["result"]]
    last = {ref: row for row in sorted(reviews, key=lambda row: row["date"] or "") for ref in row["about"]}
    return [row | {"judged": last.get(row["ref"])} for row in list_selected(db)]


def list_actions(db: Database, today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """The actions by state, what is overdue first; in a state by date, those without one last."""
    found: dict[str, list[dict[str, Any]]] = {state: [] for state in ORDER}
    for row in sorted(items.list_items(db, "activation"), key=lambda row: row["due"] or "9999"):
        late = row["status"] in ("open", "doing") and row["due"] and row["due"] < today.isoformat()
        found["overdue" if late else row["status"]].append(row)
    return [(state, rows) for state, rows in found.items() if rows]


def list_courses(db: Database) -> list[dict[str, Any]]:
    """Every metric with `readings`, first to last, and `verdict`: reached, nearer, no nearer, or not read."""
    readings: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(items.list_items(db, "reading"), key=lambda row: (row["date"], row["id"])):
        readings.setdefault(row["metric"], []).append(row)
    return [metric | {"readings": readings.get(metric["ref"], []),
                      "verdict": verdict(metric, readings.get(metric["ref"], []))}
            for metric in list_metrics(db)]  # fmt: skip


def verdict(metric: dict[str, Any], readings: list[dict[str, Any]]) -> str:
    """What the last reading says: reached, nearer, no nearer; "" where there is nothing to judge by. Pure."""
    baseline, target = metric["baseline"], metric["target"]
    if not readings or target is None:
        return ""
    now = readings[-1]["value"]
    if (now <= target) if metric["direction"] == "down" else (now >= target):
        return "reached"
    if baseline is None:
        return ""
    return "nearer" if abs(now - target) < abs(baseline - target) else "no nearer"
