"""What a ranking is asked from: checked, and in the order of the ids, so that the order of rows never matters.

Symbols: P participants, C concepts, M metrics, B replays. A rating is −3 (hurts a lot) to +3 (helps a lot); NaN means
"cannot judge" or not asked, and is never a zero.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Given:
    """ratings (P, C, M) · weights (M,) summing to 1 · agreed (C, M) or None · own_weights (P, M) rows summing to 1,
    NaN rows for those who gave none, or None · customer (M,) bool or None · effort (C,) or None · the ids, rising, and
    where each row of them stood in what was given.
    """

    ratings: np.ndarray
    weights: np.ndarray
    agreed: np.ndarray | None
    own_weights: np.ndarray | None
    customer: np.ndarray | None
    effort: np.ndarray | None
    participants: np.ndarray
    concepts: np.ndarray
    metrics: np.ndarray
    places: tuple[np.ndarray, np.ndarray, np.ndarray]

    @cached_property
    def rated(self) -> np.ndarray:
        """(P, C, M) bool: whether there is a rating."""
        return ~np.isnan(self.ratings)

    @cached_property
    def values(self) -> np.ndarray:
        """(P, C, M): the ratings, 0 where there is none."""
        return np.where(self.rated, self.ratings, 0.0)

    @cached_property
    def mask(self) -> np.ndarray:
        """(P, C·M) float32: 1 where there is a rating."""
        return self.rated.reshape(len(self.rated), self.weights.size * self.rated.shape[1]).astype(np.float32)

    @cached_property
    def coverage(self) -> np.ndarray:
        """(C, M): how many people rated a cell."""
        return np.count_nonzero(self.rated, axis=0)

    @cached_property
    def raters(self) -> np.ndarray:
        """(C,): how many people rated a concept in any way."""
        return np.count_nonzero(self.rated.any(axis=2), axis=0)


def checked(
    ratings, weights, *, participants, concepts, metrics, own_weights, customer, agreed, effort, replays, concentration,
    seed,
) -> Given:
    """Raises ValueError with the offending value named."""
    x = np.asarray(ratings, float)
    if x.ndim != 3:
        raise ValueError(f"ratings have {x.ndim} dimensions, expected participants × concepts × metrics")
    people, count, width = x.shape
    if count == 0:
        raise ValueError("there is no concept to rank")
    w = _weights(weights, width)
    agreed = _shaped(agreed, "agreed", (count, width))
    for values in (x, agreed):
        if values is not None and np.nanmax(np.abs(values), initial=0) > 3:
            raise ValueError(f"a rating is {values[np.abs(values) > 3][0]:g}, expected −3 to 3")
    given = [_ids(participants, people, "participants"), _ids(concepts, count, "concepts"),
             _ids(metrics, width, "metrics")]  # fmt: skip
    own = _shares(_shaped(own_weights, "own_weights", (people, width)))
    effort = _shaped(effort, "effort", (count,))
    customer = _shaped(customer, "customer", (width,), bool)
    if replays < 1 or not concentration > 0:
        raise ValueError(f"replays and concentration must be positive, not {replays} and {concentration}")
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"the seed is {seed!r}, expected a whole number, 0 or more")
    p, c, m = places = tuple(np.argsort(ids) for ids in given)

    def sorted_(values, *axes):
        return None if values is None else values[np.ix_(*axes)]

    if any((np.diff(ids) < 0).any() for ids in given):
        x = sorted_(x, p, c, m)
    return Given(x, w[m], sorted_(agreed, c, m), sorted_(own, p, m), sorted_(customer, m), sorted_(effort, c),
                 *(ids[place] for ids, place in zip(given, places, strict=True)), places)  # fmt: skip


def _weights(weights, width: int) -> np.ndarray:
    w = np.asarray(weights, float)
    if w.shape != (width,):
        raise ValueError(f"weights have the shape {w.shape}, expected {(width,)}")
    _not_negative(w)
    if w.sum() <= 0:
        raise ValueError("the weights sum to 0")
    return w / w.sum()


def _not_negative(w: np.ndarray) -> None:
    if (bad := ~np.isfinite(w) | (w < 0)).any():
        raise ValueError(f"a weight is {w[bad][0]}, expected 0 or more")


def _shares(own: np.ndarray | None) -> np.ndarray | None:
    """Each person's weights as parts of 1; a row of NaN is a person who gave none."""
    if own is None:
        return None
    silent = np.isnan(own).all(axis=1)
    _not_negative(own[~silent])
    sums = own.sum(axis=1, keepdims=True)
    if (sums[~silent] <= 0).any():
        raise ValueError("the weights of one person sum to 0")
    return own / sums


def _shaped(values, name: str, shape: tuple[int, ...], kind: type = float) -> np.ndarray | None:
    if values is None:
        return None
    values = np.asarray(values, kind)
    if values.shape != shape:
        raise ValueError(f"{name} has the shape {values.shape}, expected {shape}")
    return values


def _ids(given, count: int, name: str) -> np.ndarray:
    ids = np.arange(count) if given is None else np.asarray(given)
    if ids.shape != (count,) or len(set(ids.tolist())) != count:
        raise ValueError(f"{name} must be {count} different ids")
    if count and (ids.dtype.kind not in "iu" or ids.min() < 0):
        raise ValueError(f"{name} must be whole numbers, 0 or more")
    return ids
