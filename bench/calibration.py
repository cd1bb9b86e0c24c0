"""How often “90 of 100” was right: invented workshops in which the truth is known.

People differ in what they think of a concept and in how generous they are, rate in whole numbers, and miss some cells.
The truth is what all the people they were drawn from think on average, under weights near today's (Dirichlet, as firm
as the replays take them to be).
"""

import numpy as np

from bench.measure import Report, Row
from workshop.ranking import rank

PEOPLE, CONCEPTS, METRICS, WORKSHOPS, CROWD = 30, 10, 6, 300, 3_000
CONCENTRATION, MISSING = 50.0, 0.05
BANDS = {(0.50, 0.75): "too close to call", (0.75, 0.90): "leaning", (0.90, 0.95): "clear, 90–95",
         (0.95, 1.01): "clear, 95–100"}  # fmt: skip
LEAST = {(0.90, 0.95): 0.90, (0.95, 1.01): 0.97}


def run() -> Report:
    called, right = [], []
    for seed in range(WORKSHOPS):
        p, truth = _workshop(seed)
        a, b = np.nonzero(p > 0.5)
        called.append(p[a, b])
        right.append(truth[a] > truth[b])
    said, held = np.concatenate(called), np.concatenate(right)
    rows = [_row(band, said, held) for band in BANDS]
    notes = [f"{WORKSHOPS} workshops of {PEOPLE} people, {CONCEPTS} concepts, {METRICS} metrics; 2,000 replays each."]
    return Report("How often “90 of 100” was right", rows, notes)


def _row(band: tuple[float, float], said: np.ndarray, held: np.ndarray) -> Row:
    among = (said >= band[0]) & (said < band[1])
    share, least = float(held[among].mean()), LEAST.get(band)
    return {"called": BANDS[band], "pairs": int(among.sum()), "said of 100": float(100 * said[among].mean()),
            "right of 100": 100 * share, "limit": None if least is None else 100 * least,
            "holds": None if least is None else share >= least}  # fmt: skip


def _workshop(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(pairwise (C, C) as the ranking says it, true scores (C,)) of one workshop."""
    chance = np.random.default_rng(seed)
    cells = chance.normal(0.8, 0.3, (1, CONCEPTS, 1)) + chance.normal(0, 0.4, (1, CONCEPTS, METRICS))
    generous = chance.normal(0, 0.6, (CROWD, 1, 1))
    taste = chance.normal(0, 0.5, (CROWD, CONCEPTS, 1))
    crowd = np.clip(np.round(cells + generous + taste + chance.normal(0, 1.0, (CROWD, CONCEPTS, METRICS))), -3, 3)
    weights = chance.dirichlet(np.full(METRICS, 5.0))
    truth = crowd.mean(axis=0) @ chance.dirichlet(CONCENTRATION * weights)
    x = crowd[:PEOPLE].copy()
    x[chance.random(x.shape) < MISSING] = np.nan
    return rank(x, weights, concentration=CONCENTRATION, seed=seed).pairwise, truth
