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
