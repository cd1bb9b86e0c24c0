"""The ranking: the whole result, the machine's matrix-multiply peak beside it, and two libraries at the same work.

The libraries are asked for the ranking step alone, from ready weights and cell means to orders, as their users write
it: one weighted-sum ranking a replay. They are not needed to run Throughline (bench/requirements.txt).
"""

import os
import time
import warnings
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from bench.measure import Report, Row, Unmeasured, median, timed
from workshop.ranking import certainty, rank

try:
    import skcriteria
    from pymcdm.methods import WSM
    from skcriteria.agg.simple import WeightedSumModel
except ImportError as missing:
    raise Unmeasured(f"Install bench/requirements.txt first ({missing}).") from missing

SHAPES = {(30, 12, 8): (3, 11), (300, 40, 12): (30, 70), (2000, 200, 20): (500, 2000)}  # limits in ms, RANKING.md §6
REPLAYS = (2_000, 10_000)
MISSING = 0.1  # people who cannot judge a cell: both sums, over ratings and over raters, must be made
LEAST_OF_PEAK, LEAST_TIMES = 0.60, 300
ASKED = 200  # rankings that a library is asked for; 10,000 would take it minutes
STEP = (12, 8)


def run() -> Report:
    peak = _peak()
    rows = [_whole(shape, replays, peak) for shape in SHAPES for replays in REPLAYS] + _steps()
    notes = [
        f"Best of several, ms. {MISSING:.0%} of the ratings are missing. Peak: {peak:.0f} GFLOP/s, float32, measured "
        "before, as numpy multiplies two matrices of the largest case's size.",
        f"Orders alone: {STEP[0]} concepts, {STEP[1]} metrics, 10,000 replays; the libraries were asked for {ASKED} "
        "and are scaled up.",
    ]
    return Report("The ranking", rows, notes)


def _row(what: str, ms: float, limit: float | None, share: float | None = None, times: float | None = None) -> Row:
    holds = None if limit is None else ms <= limit
    if share is not None and share < LEAST_OF_PEAK and what.startswith("(2000"):
        holds = False
    if times is not None:
        holds = times >= LEAST_TIMES
    return {"what": what, "ms": ms, "limit": limit, "share of peak": share, "times ours": times, "holds": holds}


def _whole(shape: tuple[int, int, int], replays: int, peak: float) -> Row:
    chance = np.random.default_rng(1)
    x = chance.integers(-3, 4, shape).astype(float)
    x[chance.random(shape) < MISSING] = np.nan
    w, customer, effort = chance.random(shape[2]), np.arange(shape[2]) % 2 == 0, chance.integers(1, 9, shape[1])
    ms = _best(lambda: rank(x, w, customer=customer, effort=effort, replays=replays), 2.0)
    work = 2 * 2 * replays * np.prod([float(n) for n in shape]) / 1e6  # two products, in millions of operations
    return _row(f"{shape}, {replays:,} replays", ms, SHAPES[shape][REPLAYS.index(replays)], work / ms / peak)


def _peak() -> float:
    """GFLOP/s of a float32 product of (1024, 2000) and (2000, 8000)."""
    a, b = (np.random.default_rng(0).random(shape, np.float32) for shape in ((1024, 2000), (2000, 8000)))
    with threadpool_limits(os.cpu_count(), user_api="blas"):  # ours deal their work to threads by themselves
        return 2 * 1024 * 2000 * 8000 / 1e6 / _best(lambda: a @ b, 4.0)


def _best(do: Callable, seconds: float) -> float:
    """The shortest of the turns that fit into so many seconds, three at least, ms."""
    do()
    figures, began = [], time.perf_counter()
    while len(figures) < 3 or time.perf_counter() - began < seconds:
        figures.append(timed(do))
    return min(figures)


def _steps() -> list[Row]:
    chance = np.random.default_rng(2)
    means = chance.uniform(0.5, 3, STEP)
    weights = chance.dirichlet(np.ones(STEP[1]), 10_000)
    small = weights.astype(np.float32)
    ours = _best(lambda: certainty.orders(means.astype(np.float32) @ small.T), 1.0)
    rows = [_row("10,000 orders alone, ours", ours, None)]
    for name, orders in (("pymcdm", _by_pymcdm), ("scikit-criteria", _by_scikit_criteria)):
        theirs = orders(means, weights) * len(weights) / ASKED
        rows.append(_row(f"10,000 orders alone, {name}", theirs, None, times=theirs / ours))
    return rows


def _by_pymcdm(means: np.ndarray, weights: np.ndarray) -> float:
    """ms for ASKED rankings; pymcdm.methods.WSM as it comes."""
    method, types = WSM(), np.ones(means.shape[1])

    def ask() -> None:
        for w in weights[:ASKED]:
            method.rank(method(means, w, types))

    return median([timed(ask) for _turn in range(3)])


def _by_scikit_criteria(means: np.ndarray, weights: np.ndarray) -> float:
    """ms for ASKED rankings; skcriteria.agg.simple.WeightedSumModel."""
    method = WeightedSumModel()

    def ask() -> None:
        for w in weights[:ASKED]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                method.evaluate(skcriteria.mkdm(means, [max] * means.shape[1], weights=w))

    return median([timed(ask) for _turn in range(3)])
