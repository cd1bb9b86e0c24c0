"""Which change of the weights would put another concept first."""

import numpy as np


def flip_one(means, weights) -> tuple[int, int, float] | None:
    """The smallest move of one weight, the others rescaled, that brings a rival level with the leader.

    means (C, M), weights (M,). Gives (metric, rival, new weight as a part of 1), or None where no single weight can.
    With d = ȳ_A − ȳ_B, D = d·w and R = (D − w_k d_k) / (1 − w_k), both are level at t = R / (R − d_k).
    """
    means, w, leader = _leading(means, weights)
    d = means[leader] - means
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = ((d @ w)[:, None] - w * d) / (1 - w)
        t = rest / (rest - d)
        moved = np.where((t >= 0) & (t <= 1) & (w < 1), np.abs(t - w), np.inf)
    moved[leader] = np.inf
    rival, metric = np.unravel_index(np.argmin(moved), moved.shape)
    return (int(metric), int(rival), float(t[rival, metric])) if np.isfinite(moved[rival, metric]) else None


def flip_any(means, weights, rival: int) -> float:
    """The least total weight (0…1) that must move before `rival` is level with the leader; inf where none suffices."""
    return sum(part for _metric, part in moves(means, weights, rival)[0])


def moves(means, weights, rival: int) -> tuple[list[tuple[int, float]], int]:
    """From which metrics how much weight must move, and to which one, so that `rival` is level with the leader.

    Greedy, and exact: weight is worth most where the leader's advantage is largest, and does most for the rival where
    that is smallest. The one part is infinite where even all the weight does not suffice.
    """
    means, w, leader = _leading(means, weights)
    d = means[leader] - means[rival]
    to, gap, taken = int(np.argmin(d)), float(d @ w), []
    for k in np.argsort(-d, kind="stable"):
        if gap <= 1e-12 or d[k] <= d[to]:
            break
        if w[k] > 0:
            part = min(float(w[k]), gap / (d[k] - d[to]))
            taken.append((int(k), part))
            gap -= part * (d[k] - d[to])
    return (taken, to) if gap <= 1e-9 else ([(to, np.inf)], to)


def _leading(means, weights) -> tuple[np.ndarray, np.ndarray, int]:
    means, w = np.asarray(means, float), np.asarray(weights, float)
    w = w / w.sum()
    return means, w, int(np.argmax(np.round(means @ w, 9)))
