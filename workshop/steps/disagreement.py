"""Where the room is split, and what it said of each cell, round by round."""

from collections import Counter
from statistics import median
from typing import Any

import numpy as np
from sqlite_utils import Database

from workshop import ranking, withheld
from workshop.activities import OpenActivity, list_activities
from workshop.activities.rate import FEED, list_answers
from workshop.figures import signed
from workshop.remembered import until_next_action
from workshop.steps.impacts import Impacts, read_impacts
from workshop.words import _

MOST_SPLIT = 6  # cells that a room can talk about
STEP, SECOND_MINUTES = "ranking", 5


@until_next_action
def list_split_cells(db: Database) -> list[dict[str, Any]]:
    """Cells where the room is split, the widest first: concept, metric with their names, `rounds`: for each round that
    was rated its number and how many said −3 … 3; `talked` whether there was a second one."""
    asked = read_impacts(db, {})
    if asked is None:
        return []
    spread, split = ranking.spread(asked.ratings), ranking.split_cells(asked.ratings)
    first = _by_round(db)
    cells = [(c, m) for c, m in np.argwhere(split | _was_split(asked, first)).tolist()]
    cells.sort(key=lambda cell: (-np.nan_to_num(spread[cell]), cell))
    found = []
    for c, m in cells[:MOST_SPLIT]:
        concept, metric = asked.concepts[c], asked.metrics[m]
        rounds = [
            {"round": number, "said": [said[value] for value in range(-3, 4)], "median": median(said.elements())}
            for number, said in sorted(first.get((concept["ref"], metric["ref"]), {}).items())
        ]
        found.append({"concept": concept["ref"], "name": concept["name"], "metric": metric["ref"],
                      "metric_name": metric["name"], "rounds": rounds, "talked": len(rounds) > 1,
                      "split": bool(split[c, m])})  # fmt: skip
    return found


def once_more(cells: list[dict[str, Any]]) -> OpenActivity:
    """The command that has the room rate these cells once more, and no others. Pure."""
    settings = {name + "s": list(dict.fromkeys(cell[name] for cell in cells)) for name in ("concept", "metric")}
    settings["cells"] = [[cell["concept"], cell["metric"]] for cell in cells]
    return OpenActivity(step=STEP, kind="rate", prompt=_("Where we were split: once more, each alone"),
                        minutes=SECOND_MINUTES, feed=FEED, settings=settings)  # fmt: skip


def has_second_round(db: Database) -> bool:
    """Whether the room was asked to rate a second time; nobody is asked a third time."""
    return any(one["kind"] == "rate" and one["round"] == 2 for one in list_activities(db, STEP))


@until_next_action
def list_cells(db: Database) -> dict[tuple[str, str], str]:
    """What was said of each cell, by (concept, metric): the middle rating (how many people), and below
    it lowest…highest: two short lines, with which ten metrics stand beside each other on an upright sheet.

    In a shareable version a cell of one or two people says only that they are so few.
    """
    asked = read_impacts(db, {})
    if asked is None:
        return {}
    found = {}
    for c, concept in enumerate(asked.concepts):
        for m, metric in enumerate(asked.metrics):
            said = sorted(asked.ratings[:, c, m][~np.isnan(asked.ratings[:, c, m])])
            if 0 < len(said) < withheld.fewest.get():
                found[concept["ref"], metric["ref"]] = f"<{withheld.fewest.get()}"
            elif said:
                low, middle, high = map(signed, (said[0], median(said), said[-1]))
                # no space at which a line may end: a range that is broken cannot be read
                found[concept["ref"], metric["ref"]] = f"{middle}\u00a0({len(said)})\n{low}…{high}"
    return found


def _by_round(db: Database) -> dict[tuple[str, str], dict[int, Counter]]:
    """How often each value was given, by cell and round."""
    found: dict[tuple[str, str], dict[int, Counter]] = {}
    for _stream, concept, metric, round_, value in list_answers(db):
        if value is not None:
            found.setdefault((concept, metric), {}).setdefault(round_, Counter())[value] += 1
    return found


def _was_split(asked: Impacts, rounds: dict[tuple[str, str], dict[int, Counter]]) -> np.ndarray:
    """Cells that were split in the first round and rated once more: both are shown, also where they agree now."""
    was = np.zeros(asked.agreed.shape, bool)
    for c, concept in enumerate(asked.concepts):
        for m, metric in enumerate(asked.metrics):
            said = rounds.get((concept["ref"], metric["ref"]), {})
            if 1 in said and 2 in said:
                was[c, m] = ranking.split_cells(np.array(list(said[1].elements()), float).reshape(-1, 1, 1))[0, 0]
    return was
