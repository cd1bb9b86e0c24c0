"""What it takes for another concept to come first: which weights, and how far they must move."""

from typing import Any

import numpy as np
from sqlite_utils import Database

from workshop import ranking
from workshop.remembered import until_next_action
from workshop.steps import verdict
from workshop.steps.impacts import Impacts, rank_impacts, read_impacts


def nearest_flip(asked: Impacts, found: ranking.Ranking, share: float) -> dict[str, Any] | None:
    """The least weight that must move to put another concept first; None with one concept, or where coverage is so
    uneven that averages alone do not make the order."""
    w, leader = asked.weights(share), int(found.order[0])
    if len(asked.concepts) < 2 or (found.pull < 1).any() or int(np.argmax(np.round(found.means @ w, 9))) != leader:
        return None
    rivals = [i for i in range(len(asked.concepts)) if i != leader]
    moved, rival = min((ranking.flip_any(found.means, w, rival), rival) for rival in rivals)
    if not np.isfinite(moved):
        return {"points": None, "first": None, "sentence": verdict.no_flip(asked.concepts[leader]["name"])}
    if moved < 1e-9:
        names = asked.concepts[leader]["name"], asked.concepts[rival]["name"]
        return {"points": 0, "first": asked.concepts[rival]["ref"], "sentence": verdict.level(*names)}
    taken, to = ranking.moves(found.means, w, rival)
    names = [(asked.metrics[k]["name"], 100 * part) for k, part in taken]
    return {
        "points": round(100 * float(moved), 1),
        "from": [asked.metrics[k]["ref"] for k, _part in taken],
        "to": asked.metrics[to]["ref"],
        "first": asked.concepts[rival]["ref"],
        "sentence": verdict.flip(names, asked.metrics[to]["name"], asked.concepts[rival]["name"]),
    }


@until_next_action
def list_flips(db: Database, customer_share: float, tried: tuple[tuple[str, float], ...] = ()) -> dict[str, list[dict]]:
    """For each metric, up to two points of its weight (0…100, within its group) at which another concept comes first
    while the other weights stay: point, first (ref), name; the one below and the one above where it stands."""
    asked = read_impacts(db, dict(tried))
    if asked is None:
        return {}
    means, points, found = _means(db), np.arange(101), {}
    for m, metric in enumerate(asked.metrics):
        now = metric["weight"] or 0
        leads = _leaders(asked, means, customer_share, m, points)
        at = _leaders(asked, means, customer_share, m, np.array([now]))[0]
        below, above = points[(points < now) & (leads != at)][-1:], points[(points > now) & (leads != at)][:1]
        found[metric["ref"]] = [
            {"point": int(p), "first": asked.concepts[leads[p]]["ref"], "name": asked.concepts[leads[p]]["name"]}
            for p in (*below, *above)
        ]
    return found


@until_next_action
def _means(db: Database) -> np.ndarray:
    """(C, M): the average rating of each cell; no weight moves it."""
    return rank_impacts(read_impacts(db, {}), 50.0, {}, 1).means


def _leaders(asked: Impacts, means: np.ndarray, share: float, m: int, points: np.ndarray) -> np.ndarray:
    """Who leads as metric m takes each of the `points` of weight in its group, the others as they are."""
    group = asked.customer == asked.customer[m]
    joined, others = asked.weights(share), group & (np.arange(len(group)) != m)
    w = np.array([metric["weight"] or 0 for metric in asked.metrics], float)
    carried, total = means[:, others] @ w[others], w[others].sum() + points
    inside = (carried[:, None] + means[:, [m]] * points) / np.where(total > 0, total, 1)
    # a group without any weight is shared out evenly, as everywhere
    inside = np.where(total > 0, inside, means[:, group].mean(axis=1)[:, None])
    scores = joined[group].sum() * inside + (means[:, ~group] @ joined[~group])[:, None]
    return np.argmax(np.round(scores, 9), axis=0)
