"""Asking little: whose next rating of which cell would settle the top, while a round of rating is under way.

It is worked out from what has come in so far, the open round included, and nobody is shown more of it than which
cells are asked for and how many have been rated.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from sqlite_utils import Database

from workshop import ranking
from workshop.activities import Task, list_activities
from workshop.activities.further import BATCH, count_under_way
from workshop.activities.rate import cells_of
from workshop.remembered import while_same
from workshop.steps import prepare, verdict
from workshop.steps.impacts import Impacts, rank_impacts, read_impacts

REPLAYS = 1_000
FRESH = 1.05  # so many times the ratings, and what matters most is worked out anew
MORE_CELLS = 13  # what one person rates in five minutes, at 40 in fifteen


@dataclass(frozen=True)
class Progress:
    """How far a round has come, in words: how much is covered, and what another five minutes of it would settle."""

    covered: str
    five_minutes: str


def list_next(db: Database, task: Task) -> list[tuple[str, str]]:
    """The few cells that one person should rate next, most telling first; none once nothing more would tell.

    Those that others were asked for and have not answered yet count as rated, so that a whole room that is done at
    once is not asked the same.
    """
    known = {(one["concept"]["ref"], one["metric"]["ref"]) for one in task.targets}
    free = {cell for cell in cells_of(task.activity) if cell not in known}
    if not free:
        return []
    under_way = count_under_way(db, task.activity["id"])
    gains = {
        cell: gain * raters / (raters + under_way.get(cell, 0))
        for cell, (gain, raters) in _what_matters(db, task.activity["id"])[0].items() if cell in free
    }  # fmt: skip
    return sorted(gains, key=lambda cell: -gains[cell])[:BATCH]


def get_progress(db: Database) -> Progress | None:
    """Of the round that is open; None while none is, or nobody has rated."""
    asked = next((one for one in list_activities(db) if one["kind"] == "rate" and one["state"] == "open"), None)
    if asked is None:
        return None
    counted = db.execute(
        "SELECT concept, metric, count(value) FROM rating WHERE activity = ? GROUP BY concept, metric", [asked["id"]]
    ).fetchall()
    raters = {(concept, metric): many for concept, metric, many in counted}
    many = [raters.get(cell, 0) for cell in cells_of(asked)]
    people = db.execute("SELECT count(DISTINCT pen) FROM rating WHERE activity = ?", [asked["id"]]).fetchone()[0]
    said = _what_matters(db, asked["id"])[1] if people >= ranking.LEAST_RATERS else ""
    return Progress(verdict.covered(people, many), said) if people else None


def _so_far(db: Database, activity: int) -> tuple[str, int]:
    """Stays the same until noticeably more ratings have come in."""
    code, many = db.execute(
        "SELECT code, (SELECT count(*) FROM rating WHERE activity = ?) FROM workshop", [activity]
    ).fetchone()
    return code, int(log(many + 1) / log(FRESH))


@while_same(_so_far)
def _what_matters(db: Database, activity: int) -> tuple[dict[tuple[str, str], tuple[float, int]], str]:
    """(by cell how much its next rating would tell and how many rated it; what five minutes would settle)."""
    asked = read_impacts(db, {}, with_open=activity)
    if asked is None:
        return {}, ""
    found = rank_impacts(asked, prepare.get_workshop(db)["customer_share"], {}, REPLAYS)
    gains = {
        (asked.concepts[c]["ref"], asked.metrics[m]["ref"]): (float(gain), max(int(found.coverage[c, m]), 1))
        for (c, m), gain in zip(found.next_cells.tolist(), found.next_gains, strict=True)
    }
    return gains, _five_minutes(asked, found)


def _five_minutes(asked: Impacts, found: ranking.Ranking) -> str:
    ahead = look_ahead(asked, found)
    return verdict.would_settle(*ahead) if ahead else ""


def look_ahead(asked: Impacts, found: ranking.Ranking) -> tuple[float, float, int] | None:
    """(in which part of the replays the first beats the second, in about which after another five minutes of rating,
    how many ratings of these two are still to be had); None with nothing to be unsure of. Pure."""
    why = found.why_unsure
    if why is None:
        return None
    pair = found.order[:2]
    beats, seen = float(found.pairwise[pair[0], pair[1]]), found.coverage[pair]
    unrated = int(np.isnan(asked.ratings[:, pair]).sum())
    more = min(MORE_CELLS * len(asked.streams), unrated) / max(seen.size, 1)
    return beats, ranking.after_more(beats, why.ratings_share, float(np.mean(seen)), more), unrated
