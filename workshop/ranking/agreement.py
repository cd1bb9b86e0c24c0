"""Whether the people agree; always shown apart from how sure the order is."""

import numpy as np

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def kendall_w(scores) -> float:
    """Kendall's coefficient of concordance, corrected for ties: 0 no agreement, 1 all in the same order.

    scores (judges, items), complete; higher is better, or lower for all. NaN with fewer than two judges or items, or
    where nobody prefers anything. W = 12 S / (m² (n³ − n) − m ΣT), T = Σ (t³ − t) over each judge's ties
    (Kendall & Babington Smith 1939; Siegel & Castellan 1988).
    """
    scores = np.asarray(scores, float)
    if scores.ndim != 2:
        raise ValueError(f"scores have {scores.ndim} dimensions, expected judges × items")
    if np.isnan(scores).any():
        raise ValueError("scores must be complete: leave out judges who did not judge everything")
    m, n = scores.shape
    if m < 2 or n < 2:
        return np.nan
    total, ties = np.zeros(n), 0.0
    for judge in scores:
        _values, which, times = np.unique(judge, return_inverse=True, return_counts=True)
        ends = np.cumsum(times)
        total += (ends - (times - 1) / 2)[which]
        ties += float((times**3 - times).sum())
    least = m**2 * (n**3 - n) - m * ties
    return float(12 * ((total - total.mean()) ** 2).sum() / least) if least > 0 else np.nan


def krippendorff_alpha(values, level: str = "ordinal") -> float:
    """Krippendorff's α: 1 all agree, 0 as by chance, below 0 they part systematically.

    values (raters, units), NaN where missing; units that fewer than two rated do not count. NaN where nothing can be
    compared, or everybody says one and the same. Krippendorff (2011, Computing Krippendorff's Alpha-Reliability).
    """
    if level not in LEVELS:
        raise ValueError(f"the level is {level!r}, expected one of {', '.join(LEVELS)}")
    values = np.asarray(values, float)
    if values.ndim != 2:
        raise ValueError(f"values have {values.ndim} dimensions, expected raters × units")
    domain = np.unique(values[~np.isnan(values)])
    counts = np.stack([np.count_nonzero(values == v, axis=0) for v in domain], axis=1) if len(domain) else None
    if counts is None:
        return np.nan
    counts = counts[counts.sum(axis=1) >= 2].astype(float)
    each = counts.sum(axis=1)
    met = (counts / (each - 1)[:, None]).T @ counts - np.diag((counts / (each - 1)[:, None]).sum(axis=0))
    n = met.sum(axis=0)
    if np.count_nonzero(n) < 2:
        return np.nan
    apart = _distances(domain, n, level)
    expected = (np.outer(n, n) - np.diag(n)) / (n.sum() - 1)
    return float(1 - (met * apart).sum() / (expected * apart).sum())


def _distances(domain: np.ndarray, n: np.ndarray, level: str) -> np.ndarray:
    """Squared differences between values, (V, V)."""
    a, b = domain[:, None], domain[None, :]
    if level == "nominal":
        return (a != b).astype(float)
    if level == "interval":
        return (a - b) ** 2
    if level == "ratio":
        return np.divide(a - b, a + b, out=np.zeros(np.broadcast(a, b).shape), where=a + b != 0) ** 2
    below = np.cumsum(n) - n / 2
    return (below[:, None] - below[None, :]) ** 2


def persons_scores(ratings, weights) -> np.ndarray:
    """(judges, C): each person's own score of each concept, for those who rated something of every concept."""
    ratings, w = np.asarray(ratings, float), np.asarray(weights, float)
    rated = ~np.isnan(ratings)
    weighed = rated @ w
    scores = np.divide(np.where(rated, ratings, 0) @ w, weighed, out=np.full(weighed.shape, np.nan), where=weighed > 0)
    return np.round(scores[~np.isnan(scores).any(axis=1)], 9)


def spread(ratings) -> np.ndarray:
    """(C, M): the standard deviation of each cell's ratings; NaN below two."""
    ratings = np.asarray(ratings, float)
    n = np.count_nonzero(~np.isnan(ratings), axis=0)
    mean = np.nansum(ratings, axis=0) / np.maximum(n, 1)
    squares = np.nansum((ratings - mean) ** 2, axis=0)
    return np.sqrt(np.divide(squares, n - 1, out=np.full(n.shape, np.nan), where=n > 1))


def split_cells(ratings) -> np.ndarray:
    """(C, M) bool: at least a quarter of the raters at each end, ≤ −1 against ≥ +2 or ≤ −2 against ≥ +1."""
    ratings = np.asarray(ratings, float)
    n = np.count_nonzero(~np.isnan(ratings), axis=0)

    def quarter(these: np.ndarray) -> np.ndarray:
        return np.count_nonzero(these, axis=0) >= np.maximum(n / 4, 1)

    return (quarter(ratings <= -1) & quarter(ratings >= 2)) | (quarter(ratings <= -2) & quarter(ratings >= 1))
