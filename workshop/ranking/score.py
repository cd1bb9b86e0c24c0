"""The score: average rating times agreed weight, with generous and strict raters made comparable."""

from dataclasses import dataclass

import numpy as np

from workshop.ranking.given import Given

_ROUNDS = 10
_MUCH = 1_000_000  # ratings
PRIOR = 4  # ratings' worth of the room's common spread in the spread of each cell
UNKNOWN = 1.0  # spread of a room in which nobody rated what another rated: one point of the scale


@dataclass(frozen=True)
class Cells:
    """What the ratings say of each concept and metric.

    severity (P,) how much higher than the others a person rates · deviations (P, C, M) float32 of the ratings from
    their cell's mean, without severity, 0 where there is none · means (C, M) · filled (C, M) cells that nobody rated ·
    squares (C, M) sums of squared deviations · common the spread within cells, as a variance · variance (C, M) of the
    cell means · seen (C, M) the part of it that replays over people show by themselves.
    """

    severity: np.ndarray
    deviations: np.ndarray
    means: np.ndarray
    filled: np.ndarray
    squares: np.ndarray
    common: float
    variance: np.ndarray
    seen: np.ndarray


def cells(given: Given) -> Cells:
    n, bias = given.coverage, severity(given)
    sums = given.values.sum(axis=0)
    if bias.any():
        sums -= (bias.astype(_kind(given)) @ given.mask).reshape(n.shape)
    own = np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0)
    deviations = given.values.astype(np.float32)
    deviations -= bias.astype(np.float32)[:, None, None]
    deviations -= np.where(n > 0, own, 0.0).astype(np.float32)
    deviations *= given.mask.reshape(deviations.shape)
    means = own if given.agreed is None else np.where(np.isnan(given.agreed), own, given.agreed)
    filled = np.isnan(means)
    known = np.where(filled, 0.0, means)
    columns = known.sum(axis=0) / np.maximum((~filled).sum(axis=0), 1)
    means = np.where(filled, columns, means)
    squares = np.einsum("pcm,pcm->cm", deviations, deviations).astype(float)
    spare = np.maximum(n - 1, 0).sum()
    common = squares.sum() / spare if spare else UNKNOWN
    variance, seen = _variance(given, means, filled, squares, common)
    if given.agreed is not None:
        deviations[:, ~np.isnan(given.agreed)] = 0
    return Cells(bias, deviations, means, filled, squares, common, variance, seen)


def _variance(given: Given, means, filled, squares, common) -> tuple[np.ndarray, np.ndarray]:
    """Variance of each cell's mean, and what of it the people's own spread shows; RANKING.md §3.

    A cell that nobody rated could be anything that its metric's other cells are. What the room agreed on is taken to
    be as uncertain as an ordinary cell. A metric that nobody rated counts nothing, so it unsettles nothing either.
    """
    n = given.coverage
    variance = (squares + PRIOR * common) / np.maximum(n - 1 + PRIOR, 1) / np.maximum(n, 1)
    seen = squares / np.maximum(n * (n - 1), 1)
    if filled.any():
        known = (~filled).sum(axis=0)
        away = np.where(filled, 0.0, means - means.mean(axis=0))
        between = (away**2).sum(axis=0) / np.maximum(known - 1, 1)
        variance = np.where(filled, np.where(known > 0, common + between, 0.0), variance)
    if given.agreed is not None:
        settled = ~np.isnan(given.agreed)
        usual = np.median(n[n > 0]) if n.any() else 1.0
        variance, seen = np.where(settled, common / usual, variance), np.where(settled, 0.0, seen)
    return variance, seen


def severity(given: Given) -> np.ndarray:
    """How much higher than the others each person rates, shape (P,), centred; zeros when every cell is rated.

    x = μ_cm + b_p + e by alternating least squares, b_p shrunk by vb / (vb + s2 / n_p). With complete ratings it
    cancels out of every comparison, so it is not fitted.
    """
    # ones are added up faster than truths are counted
    n = given.mask.sum(axis=1, dtype=np.float64).astype(int)
    active, bias = n > 0, np.zeros(len(n))
    if active.sum() < 2 or (n[active] == given.coverage.size).all():
        return bias
    everybody = slice(None) if active.all() else active  # then nothing is copied
    kind = _kind(given)
    rated, n = given.mask[everybody].astype(kind, copy=False), n[active]
    values = given.values.reshape(given.mask.shape)[everybody]
    per_cell, rows, columns = given.coverage.ravel(), values.sum(axis=1), values.sum(axis=0)
    squares, many = np.vdot(values, values), np.maximum(per_cell, 1)
    spare = max(n.sum() - np.count_nonzero(per_cell) - len(n) + 1, 1)
    fitted = np.zeros(len(n))
    for _round in range(_ROUNDS):
        mu = (columns - fitted.astype(kind) @ rated) / many
        expected = rated @ mu.astype(kind)
        raw = (rows - expected) / n
        # Σ (x − μ − b)² over what was rated, written out so that no table of residuals is needed
        left = squares + per_cell @ mu**2 + n @ raw**2 - 2 * (columns @ mu) - 2 * (rows @ raw) + 2 * (raw @ expected)
        vb, s2 = raw.var(ddof=1), max(left, 0.0) / spare
        shrink = vb + s2 / n
        before, fitted = fitted, np.divide(raw * vb, shrink, out=np.zeros_like(raw), where=shrink > 0)
        fitted -= fitted.mean()
        if np.abs(fitted - before).max() <= np.finfo(kind).eps:
            break
    bias[active] = fitted
    return bias


def _kind(given: Given) -> type:
    """Half the memory where there is much of it: the reading of it is what takes the time."""
    return float if given.mask.size <= _MUCH else np.float32


def part_score(means: np.ndarray, weights: np.ndarray, group: np.ndarray) -> np.ndarray | None:
    """The score (C,) over one group of metrics, its weights rescaled to 1 (evenly where all are 0); None without."""
    if not group.any():
        return None
    inside = weights[group]
    return means[:, group] @ (inside / inside.sum() if inside.sum() > 0 else np.full(len(inside), 1 / len(inside)))
