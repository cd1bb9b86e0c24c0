"""What came out of an activity, once it is revealed: sums and spreads, never who.

Every query asks for the state `revealed` itself, so that nothing else can be read through here. Answers of fewer
than three people to a pulse, and groups of fewer than three, are not shown; nor is a vote or a split of fewer, which
would be somebody's own ballot, unless the host typed all of it or the workshop is one with names. A shareable version
(withheld.py) knows no exception.
"""

from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

from sqlite_utils import Database

from workshop import items
from workshop.activities import names
from workshop.activities.activity import get_activity, list_activities, list_targets, shuffled
from workshop.activities.settings import SCALES
from workshop.withheld import FEW, fewest

_TABLES = {"write": "written", "vote": "vote", "rate": "rating", "split": "share", "pulse": "pulse"}
_UNSHARED = {"points": None, "low": None, "high": None}
_SEEN = "JOIN activity ON activity.id = answer.activity AND activity.state = 'revealed' WHERE activity.id = ?"


@dataclass(frozen=True)
class Results:
    """What an activity gave. `answered` is how many people answered, `typed` for how many of them the host typed.

    `rows`, by kind: write {ref, text, heading, name}, shuffled; vote {ref, text, item, dots, people}, most dots first;
    split {ref, text, item, points, low, high}, the median and the range of those who shared, most first; rate {concept,
    metric, median, low, high, answers}, where people part most first; pulse {ref, text, item, answered, counts, mean,
    words, groups}, where `counts` are by answer in the scale's order, `mean` that of 0–10 or None, `groups` {group:
    {answered, counts, mean}}; a pulse row of fewer than three answers has empty counts. A vote or split that is
    `withheld` has no rows. `earlier` are the rounds before this one.
    """

    activity: dict[str, Any]
    answered: int
    typed: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    earlier: list["Results"] = field(default_factory=list)
    withheld: bool = False


def get_results(db: Database, activity: int) -> Results | None:
    """None while the activity is not revealed. Raises NotFound."""
    asked = get_activity(db, activity)
    if asked["state"] != "revealed":
        return None
    table = _TABLES[asked["kind"]]
    answered, typed = db.execute(
        f"SELECT count(DISTINCT pen), count(DISTINCT iif(typed_by_host, pen, NULL)) FROM {table} AS answer {_SEEN}",
        [activity],
    ).fetchone()
    few = 0 < answered < fewest.get() or is_withheld(db, asked)
    if few and asked["kind"] in ("vote", "split"):
        return Results(asked, answered, typed, withheld=True)
    rows = {"write": _written, "vote": _votes, "rate": _ratings, "split": _points, "pulse": _pulses}[asked["kind"]]
    return Results(asked, answered, typed, rows(db, asked), _earlier(db, asked))


def is_withheld(db: Database, asked: dict[str, Any]) -> bool:
    """Whether so few have answered that the room is shown nothing; before the reveal, whether it would be."""
    if asked["kind"] not in ("vote", "split", "pulse"):
        return False
    answered, own = db.execute(
        f"""SELECT count(DISTINCT pen), count(DISTINCT CASE WHEN typed_by_host = 0 THEN pen END)
        FROM {_TABLES[asked["kind"]]} WHERE activity = ?""",
        [asked["id"]],
    ).fetchone()
    shown_anyway = answered and asked["kind"] != "pulse" and (own == 0 or names.are_told(db))
    return answered < FEW and not shown_anyway


def awaits_choice(db: Database, vote: int) -> bool:
    """Whether some of what was voted on can be chosen, and nothing of it is."""
    found = get_results(db, vote)
    voted = [row["item"] for row in found.rows] if found else []
    return any(items.can_be_chosen(db, one) for one in voted) and not any(one["status"] == "chosen" for one in voted)


def _earlier(db: Database, asked: dict[str, Any]) -> list[Results]:
    before = [
        one
        for one in list_activities(db, asked["step"])
        if one["id"] < asked["id"] and one["state"] == "revealed" and one["kind"] == asked["kind"]
        and (one["prompt"] == asked["prompt"] or one["kind"] == "rate")
    ]  # fmt: skip
    return [found for one in before[-1:] if (found := get_results(db, one["id"]))]


def _written(db: Database, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What was written in answer, and then what the host has typed at that step since it was asked."""
    return list(
        db.query(
            f"""SELECT entry.ref, entry.text, entry.heading,
                CASE WHEN answer.text = entry.text THEN answer.name ELSE '' END AS name
            FROM activity, entry LEFT JOIN written AS answer ON answer.entry = entry.ref
            WHERE activity.id = ? AND activity.state = 'revealed' AND entry.archived_at IS NULL
                AND (answer.activity = activity.id OR answer.id IS NULL AND activity.id = {_ASKED_LAST})
            ORDER BY answer.id IS NULL, entry.position""",
            [asked["id"]],
        )
    )


# what the room had been asked to write last when a line was typed at the same step
_ASKED_LAST = """(SELECT max(before.id) FROM activity AS before WHERE before.step = entry.step AND before.kind = 'write'
    AND (SELECT min(id) FROM change WHERE "table" = 'activity' AND row = before.id)
        < (SELECT min(id) FROM change WHERE "table" = 'entry' AND row = entry.id))"""


def _votes(db: Database, asked: dict[str, Any]) -> list[dict[str, Any]]:
    found = db.execute(
        f"SELECT target, sum(dots), count(*) FROM vote AS answer {_SEEN} GROUP BY target", [asked["id"]]
    ).fetchall()
    given = {target: (dots, people) for target, dots, people in found}
    rows = []
    for target in list_targets(db, shuffled(asked["settings"]["targets"], asked["feed"])):
        dots, people = given.get(target["ref"], (0, 0))
        rows.append(target | {"dots": dots, "people": people})
    return sorted(rows, key=lambda row: -row["dots"])


def _points(db: Database, asked: dict[str, Any]) -> list[dict[str, Any]]:
    given: dict[str, list[int]] = {}
    for target, points in db.execute(f"SELECT target, points FROM share AS answer {_SEEN}", [asked["id"]]).fetchall():
        given.setdefault(target, []).append(points)
    rows = []
    for target in list_targets(db, shuffled(asked["settings"]["targets"], asked["feed"])):
        points = given.get(target["ref"])
        spread = {"points": median(points), "low": min(points), "high": max(points)} if points else _UNSHARED
        rows.append(target | spread)
    return sorted(rows, key=lambda row: -(row["points"] or 0))


def _ratings(db: Database, asked: dict[str, Any]) -> list[dict[str, Any]]:
    found = db.execute(f"SELECT concept, metric, value FROM rating AS answer {_SEEN}", [asked["id"]]).fetchall()
    cells: dict[tuple[str, str], list[int]] = {}
    for concept, metric, value in found:
        cells.setdefault((concept, metric), [])
        if value is not None:
            cells[concept, metric].append(value)
    rows = [
        {"concept": concept, "metric": metric, "answers": len(values), "median": median(values),
         "low": min(values), "high": max(values)}
        for (concept, metric), values in cells.items() if len(values) >= fewest.get()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["low"] - row["high"], row["concept"], row["metric"]))


def _pulses(db: Database, asked: dict[str, Any]) -> list[dict[str, Any]]:
    scale = asked["settings"]["scale"]
    found = db.execute(
        f"""SELECT target, answer, words, pen."group" FROM pulse AS answer JOIN pen ON pen.id = answer.pen {_SEEN}""",
        [asked["id"]],
    ).fetchall()
    rows = []
    for one in list_targets(db, asked["settings"]["targets"]) or [{"ref": "", "text": asked["prompt"], "item": None}]:
        answers = [(answer, words, group) for target, answer, words, group in found if target == one["ref"]]
        enough = len(answers) >= FEW
        words = [words for _answer, words, _group in answers if words] if enough else []
        rows.append(
            one
            | {"answered": len(answers), "words": shuffled(words, asked["feed"])}
            | _counted([answer for answer, *_rest in answers] if enough else [], scale)
            | {"groups": _by_group(answers, scale) if enough else {}}
        )
    return rows


def _counted(answers: list[str], scale: str) -> dict[str, Any]:
    counted = Counter(answers)
    numbers = [int(answer) for answer in answers if answer.isdigit()]
    return {
        "counts": {answer: counted[answer] for answer in SCALES[scale]} if answers else {},
        "mean": round(fmean(numbers), 1) if numbers else None,
    }


def _by_group(answers: list[tuple[str, str, str]], scale: str) -> dict[str, dict[str, Any]]:
    """The answers of each role group of three and more; smaller ones together, if that hides who they are.

    One small group alone could be told from the difference between the whole and the others, so it is joined by the
    smallest of those until together they are three.
    """
    groups: dict[str, list[str]] = {}
    for answer, _words, group in answers:
        groups.setdefault(group, []).append(answer)
    large = sorted((group for group in groups if len(groups[group]) >= FEW), key=lambda group: len(groups[group]))
    rest = [answer for group, given in groups.items() if group not in large for answer in given]
    while rest and len(rest) < FEW and large:
        rest += groups[large.pop(0)]
    told = {group: groups[group] for group in large} | ({"several": rest} if len(rest) >= FEW else {})
    return {group: {"answered": len(given)} | _counted(given, scale) for group, given in told.items()}
