"""The score: average rating times agreed weight, with generous and strict raters made comparable.

Symbols: P participants, C concepts, M metrics. A rating is −3 (hurts a lot) to +3 (helps a lot); NaN means
"cannot judge" or not asked, and is never a zero.
"""

from dataclasses import dataclass

import numpy as np

_ROUNDS = 10


@dataclass(frozen=True)
class Ranking:
    """What comes out of `rank`. Scores are in rating units (−3…3); times 100/3 they are what people see.

    score (C,) · order (C,) indices, best first · coverage (C, M) how many rated a cell · severity (P,) how much
    higher than the others a person rates · customer_score, business_score (C,) or None without such metrics ·
    filled (C, M) bool, cells that nobody rated and that took their column's mean · means (C, M).
    """

    score: np.ndarray
    order: np.ndarray
    coverage: np.ndarray
    severity: np.ndarray
    means: np.ndarray
    filled: np.ndarray
    customer_score: np.ndarray | None
    business_score: np.ndarray | None


def rank(
    ratings,
    weights,
    *,
    participants=None,
    concepts=None,
    metrics=None,
    own_weights=None,
    customer=None,
    agreed=None,
    effort=None,
    replays: int = 2000,
    concentration: float = 50.0,
    seed: int = 0,
    everyone_decides: bool = False,
) -> Ranking:
    """Scores and order of the concepts.

    ratings (P, C, M) of −3…3 or NaN · weights (M,), not negative, of any positive sum · concepts (C,) stable ids,
    which settle ties so that the order of rows never matters · customer (M,) bool, which metrics are CPIs ·
    agreed (C, M) values that stand in for everybody's ratings of a cell, NaN elsewhere.
    participants, metrics, own_weights, effort, replays, concentration, seed and everyone_decides concern how sure
    the order is; they are checked for their shapes and do not move a score.

    Raises ValueError with the offending value named.
    """
    x, w, agreed = _checked(ratings, weights, agreed)
    people, count, width = x.shape
    ids = _ids(concepts, count, "concepts")
    _ids(participants, people, "participants")
    _ids(metrics, width, "metrics")
    for name, given, shape in (("own_weights", own_weights, (people, width)), ("effort", effort, (count,))):
        if given is not None and np.shape(given) != shape:
            raise ValueError(f"{name} has the shape {np.shape(given)}, expected {shape}")
    if replays < 1 or not concentration > 0:
        raise ValueError(f"replays and concentration must be positive, not {replays} and {concentration}")

    coverage = np.sum(~np.isnan(x), axis=0)
    bias = severity(x)
    means, filled = _cell_means(x - bias[:, None, None], coverage, agreed)
    score = means @ w
    parts = [None, None]
    if customer is not None:
        customer = np.asarray(customer, bool)
        if customer.shape != (width,):
            raise ValueError(f"customer has the shape {customer.shape}, expected {(width,)}")
        parts = [_part(means, w, group) for group in (customer, ~customer)]
    order = np.lexsort((ids, -np.round(score, 9)))
    return Ranking(score, order, coverage, bias, means, filled, *parts)


def severity(x: np.ndarray) -> np.ndarray:
    """How much higher than the others each person rates, shape (P,), centred; zeros when every cell is rated.

    x = μ_cm + b_p + e by alternating least squares, b_p shrunk by vb / (vb + s2 / n_p). With complete ratings it
    cancels out of every comparison, so it is not fitted.
    """
    rated = ~np.isnan(x)
    n = rated.sum(axis=(1, 2))
    active = n > 0
    bias = np.zeros(x.shape[0])
    if rated[active].all() or active.sum() < 2:
        return bias
    x, rated, n = x[active], rated[active], n[active]
    cells, fitted = rated.any(axis=0).sum(), np.zeros(active.sum())
    values = np.where(rated, x, 0.0)
    for _round in range(_ROUNDS):
        per_cell = np.maximum(rated.sum(axis=0), 1)
        mu = ((values - fitted[:, None, None]) * rated).sum(axis=0) / per_cell
        left = (values - mu) * rated
        raw = left.sum(axis=(1, 2)) / n
        noise = ((left - raw[:, None, None]) * rated) ** 2
        s2 = noise.sum() / max(n.sum() - cells - len(n) + 1, 1)
        vb = raw.var(ddof=1)
        shrink = vb + s2 / n
        fitted = np.divide(raw * vb, shrink, out=np.zeros_like(raw), where=shrink > 0)
        fitted -= fitted.mean()
    bias[active] = fitted
    return bias


def _cell_means(y: np.ndarray, coverage: np.ndarray, agreed: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Mean per cell; an empty cell takes the mean of its metric's column, an empty column 0 (no effect)."""
    means = np.divide(np.nansum(y, axis=0), coverage, out=np.full(coverage.shape, np.nan), where=coverage > 0)
    if agreed is not None:
        means = np.where(np.isnan(agreed), means, agreed)
    filled = np.isnan(means)
    known = np.maximum((~filled).sum(axis=0), 1)
    column = np.where(filled, 0.0, means).sum(axis=0) / known
    return np.where(filled, column, means), filled


def _part(means: np.ndarray, w: np.ndarray, group: np.ndarray) -> np.ndarray | None:
    total = w[group].sum()
    if not group.any():
        return None
    inside = w[group] / total if total > 0 else np.full(group.sum(), 1 / group.sum())
    return means[:, group] @ inside


def _checked(ratings, weights, agreed) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    x = np.asarray(ratings, float)
    if x.ndim != 3:
        raise ValueError(f"ratings have {x.ndim} dimensions, expected participants × concepts × metrics")
    if x.shape[1] == 0:
        raise ValueError("there is no concept to rank")
    w = np.asarray(weights, float)
    if w.shape != (x.shape[2],):
        raise ValueError(f"weights have the shape {w.shape}, expected {(x.shape[2],)}")
    if not np.isfinite(w).all() or (w < 0).any():
        raise ValueError(f"a weight is {w[~np.isfinite(w) | (w < 0)][0]}, expected 0 or more")
    if w.sum() <= 0:
        raise ValueError("the weights sum to 0")
    if agreed is not None:
        agreed = np.asarray(agreed, float)
        if agreed.shape != x.shape[1:]:
            raise ValueError(f"agreed has the shape {agreed.shape}, expected {x.shape[1:]}")
    for values in (x, agreed):
        if values is not None and (bad := ~np.isnan(values) & ~(np.abs(values) <= 3)).any():
            raise ValueError(f"a rating is {values[bad][0]:g}, expected −3 to 3")
    return x, w / w.sum(), agreed


def _ids(given, count: int, name: str) -> np.ndarray:
    if given is None:
        return np.arange(count)
    ids = np.asarray(given)
    if ids.shape != (count,) or len(set(ids.tolist())) != count:
        raise ValueError(f"{name} must be {count} different ids")
    return ids
