"""Why the order of the first two is unsure, and which ratings would settle the most."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from workshop.ranking.given import Given
from workshop.ranking.replays import Replays
from workshop.ranking.score import Cells

ENOUGH = 10  # raters of a concept
ORDINARY = 1.25  # times the room's common spread


@dataclass(frozen=True)
class Doubt:
    """Why the first two concepts are hard to tell apart.

    reason: "votes" (they are split), "weights" (they are disputed) or "few" (votes are too few) · ratings_share,
    weights_share: how much of the doubt goes away when one or the other is settled, as parts of 1 · metric: the one
    that the two differ in most, through those ratings or weights.
    """

    first: int
    second: int
    reason: str
    ratings_share: float
    weights_share: float
    metric: int


def why_unsure(given: Given, cells: Cells, replays: Replays, order: np.ndarray) -> Doubt | None:
    """None with one concept, or where no replay differs from another."""
    if len(order) < 2 or replays.scores.shape[1] < 2:
        return None
    pair = order[:2]
    whole = _gap(replays.scores[pair]).var()
    whose = np.searchsorted(replays.leading, pair)
    if whole <= 1e-6 or not np.array_equal(replays.leading[np.minimum(whose, len(replays.leading) - 1)], pair):
        return None
    weights_share = max(1 - _gap(replays.under(given.weights, whose)).var() / whole, 0.0)
    ratings_share = max(1 - _gap(replays.as_rated(pair)).var() / whole, 0.0)
    through_ratings = given.weights**2 * cells.variance[pair].sum(axis=0)
    through_weights = given.weights * np.abs(_gap(cells.means[pair]))
    if weights_share > ratings_share:
        reason, through = "weights", through_weights
    else:
        reason, through = _split_or_few(given, cells, pair), through_ratings
    return Doubt(int(pair[0]), int(pair[1]), reason, float(ratings_share), float(weights_share), int(through.argmax()))


def _split_or_few(given: Given, cells: Cells, pair: np.ndarray) -> str:
    """Too few votes when they are fewer than ten and no further apart than the room's usually are."""
    spare = np.maximum(given.coverage[pair] - 1, 0).sum()
    own = cells.squares[pair].sum() / spare if spare else 0.0
    return "few" if given.raters[pair].min() < ENOUGH and own <= ORDINARY * cells.common else "votes"


def _gap(two: np.ndarray) -> np.ndarray:
    return two[0] - two[1]


def next_cells(given: Given, cells: Cells, best: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2) of concept and metric: the cells whose next rating would move the chance of the top order most, first;
    and (N,) how much each would.

    Variance of the cell mean times weight², for the concepts that may still be first.
    """
    gain = cells.variance[best] * given.weights**2
    rows, columns = np.unravel_index(np.argsort(-gain, axis=None, kind="stable"), gain.shape)
    counts = gain[rows, columns] > 0
    return np.stack([best[rows], columns], axis=1)[counts], gain[rows, columns][counts]


def after_more(beats: float, ratings_share: float, seen: float, more: float) -> float:
    """About how often the first would beat the second after `more` ratings of each of their cells, which `seen` people
    rated: the ratings' share of the doubt shrinks as means do, and the rest stays."""
    if not 0 < beats < 1 or seen <= 0:
        return beats
    normal = NormalDist()
    return normal.cdf(normal.inv_cdf(beats) / (1 - ratings_share * more / (seen + more)) ** 0.5)
