"""How sure an order is, counted over replays; names as in SMAA-2 (Lahdelma & Salminen 2001, Operations Research 49(3)).

`scores` is (C, B): what each concept scores in each replay.
"""

import numpy as np

CLEAR, LEANING = 0.90, 0.75
_BITS = 24  # of a score within a sorted key


def orders(scores: np.ndarray) -> np.ndarray:
    """(B, C): the concepts of each replay, best first. Sorted as whole numbers: 24 bits of score, then who it is."""
    count = len(scores)
    bits = max(8, (count - 1).bit_length())
    kind = np.int32 if bits == 8 else np.int64
    low, high = float(scores.min()), float(scores.max())
    step = (2**_BITS - 64) / max(high - low, 1e-9)  # what rounds up must not run over
    # the upper 24 bits, centred on zero so that a sign bit is not lost
    keys = ((high - scores) * step).astype(kind) - kind(2 ** (_BITS - 1))
    keys *= kind(2**bits)
    keys += np.arange(count, dtype=kind)[:, None]
    keys = np.ascontiguousarray(keys.T)
    keys.sort(axis=1)
    keys &= kind(2**bits - 1)
    return keys


def rank_acceptability(order: np.ndarray) -> np.ndarray:
    """b[c, r]: the share of replays in which concept c stands at rank r (0: first)."""
    replays, count = order.shape
    found = np.bincount((order * count + np.arange(count)).ravel(), minlength=count * count)
    return found.reshape(count, count) / replays


def pairwise(scores: np.ndarray, among: np.ndarray) -> np.ndarray:
    """p[a, b]: the share of replays in which a beats b, for the concepts `among`; NaN for others, .5 with itself."""
    count, replays = scores.shape
    p = np.full((count, count), np.nan)
    p[among, among] = 0.5
    rows = scores if len(among) == count else scores[among]
    for place, a in enumerate(among[:-1]):
        rest, others = rows[place + 1 :], among[place + 1 :]
        above, below = (_counts(table) for table in (rest < rows[place], rest > rows[place]))
        p[a, others] = (replays + above - below) / (2 * replays)  # a tie counts half
        p[others, a] = 1 - p[a, others]
    return p


def _counts(table: np.ndarray) -> np.ndarray:
    """How many of each row hold. Row by row: then numpy counts bits, where over an axis it adds up numbers."""
    return np.array([np.count_nonzero(row) for row in table])


def beats(scores: np.ndarray, a: int, b: int) -> float:
    """The share of replays in which a scores more than b; a tie counts half."""
    above, level = np.count_nonzero(scores[a] > scores[b]), np.count_nonzero(scores[a] == scores[b])
    return (above + level / 2) / scores.shape[1]


def tiers(order: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """(C,), 1-based: walking down, a new tier starts at the first concept that its tier's leader clearly beats."""
    tier, leader, number = np.empty(len(order), int), order[0], 1
    for concept in order:
        if concept != leader and beats(scores, leader, concept) >= CLEAR:
            leader, number = concept, number + 1
        tier[concept] = number
    return tier


def places(tier: np.ndarray) -> np.ndarray:
    """(C,), 1-based: places are counted as in sport; tiers 1, 1, 2 are places 1, 1, 3."""
    return 1 + np.count_nonzero(tier[:, None] > tier, axis=1)


def rank_interval(acceptability: np.ndarray) -> np.ndarray:
    """(C, 2), 1-based: between which ranks a concept stands in the middle 80 of 100 replays."""
    below = np.cumsum(acceptability, axis=1)
    return 1 + np.stack([(below <= 0.1).sum(axis=1), (below < 0.9 - 1e-9).sum(axis=1)], axis=1)


def score_interval(scores: np.ndarray) -> np.ndarray:
    """(C, 2), rating units: between which scores a concept lies in the middle 80 of 100 replays."""
    replays = scores.shape[1]
    low, high = int(0.1 * (replays - 1)), int(np.ceil(0.9 * (replays - 1)))
    # twice at one place each: only that does numpy in wide registers
    upper = np.partition(scores, high, axis=1)
    lower = np.partition(upper[:, : high + 1], low, axis=1)
    return np.stack([lower[:, low], upper[:, high]], axis=1).astype(float)


def best_set(first: np.ndarray) -> np.ndarray:
    """The fewest concepts whose chances of being first, (C,), sum to 90 of 100; most likely first."""
    likely = np.argsort(-first, kind="stable")
    return likely[: int(np.searchsorted(np.cumsum(first[likely]), 0.9 - 1e-9)) + 1]


def central_weights(winners: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """(C, M): the mean weights of the replays that a concept won; NaN for those that never win."""
    wins = np.bincount(winners, minlength=count)
    sums = np.stack([np.bincount(winners, weights=column, minlength=count) for column in weights.T], axis=1)
    return np.divide(sums, wins[:, None], out=np.full(sums.shape, np.nan), where=wins[:, None] > 0)


def front(scores: np.ndarray, effort: np.ndarray) -> np.ndarray:
    """(C,): the share of replays in which no concept of at most the same effort scores more; NaN without effort."""
    chance, best = np.full(len(effort), np.nan), np.full(scores.shape[1], -np.inf, scores.dtype)
    for most in np.unique(effort[~np.isnan(effort)]):
        these = np.flatnonzero(effort == most)
        np.maximum(best, scores[these].max(axis=0), out=best)
        chance[these] = _counts(scores[these] >= best) / scores.shape[1]
    return chance
