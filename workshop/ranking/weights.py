"""Where the metrics' weights come from."""

import numpy as np


def roc_weights(n: int) -> np.ndarray:
    """Rank-order-centroid weights, shape (n,), for metrics that were only put in order, most important first.

    w_(i) = (1/n) Σ_{k=i..n} 1/k (Barron & Barrett 1996, Management Science 42(11)). Raises ValueError for n < 1.
    """
    if n < 1:
        raise ValueError(f"there must be at least one metric, not {n}")
    return np.cumsum(1 / np.arange(n, 0, -1))[::-1] / n


def joined_weights(weights: np.ndarray, customer: np.ndarray, customer_share: float) -> np.ndarray:
    """One weight per metric, shape (M,), summing to 1: each group rescaled, then joined by the customer share.

    `weights` (M,) as agreed inside each group (a missing one is NaN and counts 0); `customer` (M,) bool, the CPIs;
    `customer_share` 0 to 100. A group without any weight is shared out evenly. When one group has no metric,
    the other carries everything.
    """
    weights, customer = np.nan_to_num(np.asarray(weights, float)), np.asarray(customer, bool)
    share = customer_share / 100 if customer.any() and not customer.all() else float(customer.any())
    joined = np.zeros(len(weights))
    for group, part in ((customer, share), (~customer, 1 - share)):
        inside = weights * group
        if group.any() and not inside.sum():
            inside = group.astype(float)
        if group.any():
            joined += part * (inside / inside.sum())
    return joined


def as_points(weights) -> list[float]:
    """The same shares as points with one decimal that sum to exactly 100: the largest remainders are rounded up, of
    equal ones those of the larger weights."""
    tenths = 1000 * np.asarray(weights, float) / np.sum(weights)
    whole = np.floor(tenths + 1e-9)
    up = np.lexsort((-tenths, -np.round(tenths - whole, 6)))[: round(1000 - whole.sum())]
    whole[up] += 1
    return [round(float(ten) / 10, 1) for ten in whole]


def split_weights(splits) -> np.ndarray:
    """What a room that split points silently weighs together, (M,), summing to 100: the median, scaled.

    splits (P, M), each row of any positive sum, a row of NaN for a person who split nothing. Raises ValueError for a
    negative part or a row of zeros, or where nobody split anything.
    """
    splits = np.atleast_2d(np.asarray(splits, float))
    splits = splits[~np.isnan(splits).all(axis=1)]
    if not len(splits):
        raise ValueError("nobody has split anything")
    if not (splits >= 0).all():
        raise ValueError(f"a weight is {splits[~(splits >= 0)][0]}, expected 0 or more")
    sums = splits.sum(axis=1, keepdims=True)
    if (sums <= 0).any():
        raise ValueError("the weights of one person sum to 0")
    middle = np.median(splits / sums, axis=0)
    # every metric may be a minority's: then the medians are all 0, and the means speak
    middle = middle if middle.sum() > 0 else (splits / sums).mean(axis=0)
    return 100 * middle / middle.sum()


def swing_weights(swings) -> np.ndarray:
    """Weights (M,) summing to 100 from swings: 100 for the metric one would most like to move from its worst to its
    best, the others relative to it (von Winterfeldt & Edwards 1986). Raises ValueError outside 0…100 or without a 100.
    """
    swings = np.asarray(swings, float)
    if not ((swings >= 0) & (swings <= 100)).all():
        raise ValueError(f"a swing is {swings[~((swings >= 0) & (swings <= 100))][0]}, expected 0 to 100")
    if swings.max(initial=0) != 100:
        raise ValueError("the metric that matters most must have 100")
    return 100 * swings / swings.sum()
