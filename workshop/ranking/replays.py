"""Replays: the workshop held again with the same people drawn more or less often, and with weights nearby.

Bayesian bootstrap over people, so that a person's generosity travels with all their ratings (RANKING.md §3).
"""

from dataclasses import dataclass

import numpy as np

from workshop.ranking import streams
from workshop.ranking.given import Given
from workshop.ranking.score import Cells
from workshop.ranking.threads import deal

CHUNK = 512  # replays that are multiplied at once: two tables of 512 × C·M float32 stay in reach of each thread
ALONE = 2**25  # multiplications that one thread is done with before a second is awake
AT_ONCE = 2**18  # scores under others' weights that are held at once
LEADING = 20  # concepts that are looked at pair by pair once there are more than FEW
FEW = 60
TIE = np.float32(1e-4)  # rating units: equal concepts take turns, where rounding would always favour the same one


@dataclass(frozen=True)
class Replays:
    """scores (C, B) in every replay · weights (B, M) · leading (L,) concepts whose `deviations` (B, L, M) from their
    cell means are kept · noise (C, B) N(0, 1) times the small-room factor · base (C,) the scores as they are ·
    pull (C,) how far each was pulled to the mean, 1 for not at all.
    """

    scores: np.ndarray
    weights: np.ndarray
    leading: np.ndarray
    deviations: np.ndarray
    noise: np.ndarray
    extra: np.ndarray
    means: np.ndarray
    plain: np.ndarray
    base: np.ndarray
    pull: np.ndarray

    def under(self, weights: np.ndarray, whose: np.ndarray) -> np.ndarray:
        """(N, B): what the replays score the leading concepts at the N places `whose` when the weights stand firm."""
        places = np.arange(len(self.leading)) if self.is_pulled else whose
        w, rows = weights.astype(np.float32), self.leading[places]
        scores = (self.means[rows] @ w)[:, None] + np.einsum("blm,m->lb", self.deviations[:, places], w)
        scores += np.sqrt(self.extra[rows] @ w**2)[:, None] * self.noise[rows]
        return self._pulled(scores, rows)[whose] if self.is_pulled else scores

    def wins(self, weights: np.ndarray, places: np.ndarray) -> np.ndarray:
        """(K,): the share of replays in which the leading concept at places[k] scores most under weights[k], (K, M)."""
        rows, replays, count = self.leading, len(self.weights), weights.shape[1]
        w, won = weights.astype(np.float32), []
        # (L, K, M + 2) times (L, M + 2, b): means and spread ride along, where each would be a pass of its own
        given = np.empty((len(rows), len(w), count + 2), np.float32)
        given[:, :, :count], given[:, :, count] = w, self.means[rows] @ w.T
        given[:, :, count + 1] = np.sqrt(self.extra[rows] @ (w**2).T)
        chunk = max(AT_ONCE // max(len(rows) * len(w), 1), 64)

        def play(starts: range) -> None:
            for start in starts:
                span = slice(start, min(start + chunk, replays))
                played = np.ones((len(rows), count + 2, span.stop - span.start), np.float32)
                played[:, :count] = self.deviations[span].transpose(1, 2, 0)
                played[:, count + 1] = self.noise[rows, span]
                scores = given @ played  # (L, K, b): whose score, under whose weights, in which replay
                if self.is_pulled:
                    scores = self._pulled(scores, rows)
                won.append(np.count_nonzero(scores[places, np.arange(len(w))] >= scores.max(axis=0), axis=1))

        deal(play, range(0, replays, chunk), much=given.size * replays > ALONE)
        return np.sum(won, axis=0) / replays

    def as_rated(self, rows: np.ndarray) -> np.ndarray:
        """(len(rows), B): what they score when the ratings stand firm and only the weights move."""
        if not self.is_pulled:
            return self.means[rows] @ self.weights.T
        return self._pulled(self.means @ self.weights.T, np.arange(len(self.means)))[rows]

    @property
    def is_pulled(self) -> bool:
        return bool((self.pull < 1).any())

    def _pulled(self, scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return pulled(scores, self.plain[rows], self.base[rows], self.pull[rows])


def pulled(scores: np.ndarray, plain: np.ndarray, base: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Scores (N, …) about their pulled `base` (N,), what sets them apart from each replay's mean drawn in by √pull.

    What all of them share in a replay stays as it is: it tells no concept from another.
    """
    each = (slice(None), *[None] * (scores.ndim - 1))
    away = scores - plain[each]
    common = away.mean(axis=0)
    return base[each] + common + np.sqrt(pull)[each] * (away - common)


def replay(given: Given, cells: Cells, *, replays: int, concentration: float, seed: int, firm: bool) -> Replays:
    """`firm`: these people are everyone who decides, so that their ratings stand and only the weights vary."""
    count, width = cells.means.shape
    plain = cells.means @ given.weights
    extra = np.zeros_like(cells.variance) if firm else np.maximum(cells.variance - cells.seen, 0)
    moved = not firm and len(given.participants) > 0
    drawn = None if firm else streams.exponentials(seed, given.participants, replays)
    weights = _weights(given, drawn, replays, concentration, seed)
    factor = _small_room(given, replays, seed)
    normal = streams.normals(seed, given.concepts, replays)
    noise = normal * factor
    leading = np.arange(count) if count <= FEW else np.sort(np.argsort(-np.round(plain, 9), kind="stable")[:LEADING])
    deviations = (np.empty if moved else np.zeros)((replays, len(leading), width), np.float32)
    means, extra = cells.means.astype(np.float32), extra.astype(np.float32)
    scores = means @ weights.T
    scores += noise * np.sqrt(extra @ (weights * weights).T)
    scores += TIE * normal
    if moved:
        _spread(given, cells, drawn, weights, factor, scores, leading, deviations)
    base, pull = _pull(given, plain, scores)
    if (pull < 1).any():
        scores = pulled(scores, plain, base, pull).astype(np.float32)
    return Replays(scores, weights, leading, deviations, noise, extra, means, plain, base, pull)


def _spread(given: Given, cells: Cells, drawn, weights, factor, scores, leading, deviations) -> None:
    """Adds to `scores`, and keeps for the leading, how far the people drawn lie from the cell means."""
    people, (count, width), whole_table = len(drawn), cells.means.shape, deviations.reshape(len(weights), -1)
    every = len(leading) == count
    n = given.coverage
    widen = np.sqrt(np.divide(n + 1, n - 1, out=np.full(n.shape, 3.0), where=n > 1)).astype(np.float32)
    away = (cells.deviations * widen).reshape(people, -1)
    whole = (n == people).all()
    unrated = n.ravel() == 0

    def add(starts: range) -> None:
        # made once: fresh memory for every chunk would cost as much as the division
        sums, totals = (np.empty((min(CHUNK, len(weights)), away.shape[1]), np.float32) for _table in range(2))
        for start in starts:
            span = slice(start, min(start + CHUNK, len(weights)))
            g = drawn[:, span].T
            d = np.matmul(g, away, out=whole_table[span] if every else sums[: len(g)])
            if whole:
                d *= (factor[span] / g.sum(axis=1))[:, None]
            else:
                total = np.matmul(g, given.mask, out=totals[: len(g)])
                total[:, unrated] = 1
                total /= factor[span, None]
                d /= total
            d = d.reshape(-1, count, width)
            scores[:, span] += (d @ weights[span, :, None])[:, :, 0].T
            if not every:
                deviations[span] = d[:, leading]

    deal(add, range(0, len(weights), CHUNK), much=away.size * len(weights) > ALONE)


def _weights(given: Given, drawn, replays: int, concentration: float, seed: int) -> np.ndarray:
    """(B, M): Dirichlet(κ·w0); where people gave their own weights, w0 is their mean as they are drawn."""
    base = given.weights[:, None]
    if given.own_weights is not None and not np.isnan(given.own_weights).all():
        gave = ~np.isnan(given.own_weights[:, 0])
        own = given.own_weights[gave]
        base = own.mean(axis=0)[:, None] if drawn is None else (own.T @ drawn[gave]) / drawn[gave].sum(axis=0)
    parts = streams.gammas(concentration * base, seed, streams.METRIC, given.metrics, replays)
    total = parts.sum(axis=0)
    # hardly ever: all parts too small for a float
    parts = np.where(total > 0, parts, base)
    return np.ascontiguousarray((parts / parts.sum(axis=0)).T, np.float32)


def _small_room(given: Given, replays: int, seed: int) -> np.ndarray:
    """(B,) √(ν/χ²_ν): few people say less about their own spread than they seem to."""
    freedom = max(float(np.median(given.raters)) - 1, 1.0)
    chi = 2 * streams.gammas(np.array([[freedom / 2]]), seed, streams.ROOM, np.array([0]), replays)[0]
    return np.sqrt(freedom / np.maximum(chi, np.float32(1e-6))).astype(np.float32)


def is_even(given: Given) -> bool:
    """Whether about as many people rated each concept, so that no score is pulled."""
    return len(given.raters) < 2 or given.raters.max() <= 2 * given.raters.min()


def _pull(given: Given, plain: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores and how far they were pulled to their mean: score-level empirical Bayes, under uneven coverage only."""
    none = np.ones(len(plain))
    if is_even(given):
        return plain, none
    v = (scores - scores.mean(axis=0)).var(axis=1, ddof=1) if scores.shape[1] > 1 else np.zeros(len(plain))
    between = max(plain.var(ddof=1) - v.mean(), 0.1 * v.mean())
    pull = between / (between + v) if between > 0 else none
    return plain.mean() + pull * (plain - plain.mean()), pull
