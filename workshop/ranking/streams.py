"""Random numbers that belong to somebody: one stream for each person, concept and metric, named by its id.

Adding a person moves nobody else's numbers, and the same seed gives the same ones for ever.
"""

from functools import lru_cache

import numpy as np

from workshop.ranking.threads import deal

ROOM, PERSON, CONCEPT, METRIC = range(4)
KEPT = 2**20  # numbers (4 MB) that are kept for the next time; more are drawn by several threads
FIRST, SECOND, CHANCE, BOOST = 0, 1, 2, 4  # the turns of a gamma number; what was drawn once is drawn so for ever


class Streams:
    """Philox counts instead of remembering, so a stream is named and not kept: seed and id are the key, whose it is and
    for which turn stand in the counter's upper words.
    """

    def __init__(self, seed: int, whose: int):
        self._bits = np.random.Philox(key=np.array([seed, 0], np.uint64), counter=np.array([0, 0, 0, whose], np.uint64))
        self._start = self._bits.state

    def of(self, name: int, turn: int = 0) -> np.random.Generator:
        """The numbers of one id, from the first on; until the next is asked for."""
        self._start["state"]["key"][1] = name
        self._start["state"]["counter"][2] = turn
        self._bits.state = self._start
        return np.random.Generator(self._bits)


def exponentials(seed: int, people: np.ndarray, replays: int) -> np.ndarray:
    """(P, B) float32, Exp(1): how often a person is drawn in each replay (Rubin 1981, the Bayesian bootstrap)."""
    return _rows(PERSON, seed, people, replays, "standard_exponential")


def normals(seed: int, concepts: np.ndarray, replays: int) -> np.ndarray:
    """(C, B) float32, N(0, 1)."""
    return _rows(CONCEPT, seed, concepts, replays, "standard_normal")


def _rows(whose: int, seed: int, names: np.ndarray, replays: int, law: str, turn: int = 0) -> np.ndarray:
    """(len(names), B) float32, not to be written to: in a room of ordinary size a weight moves many times, and each
    time the same numbers are asked for."""
    drawn = _kept if len(names) * replays <= KEPT else _drawn
    return drawn(whose, seed, tuple(np.asarray(names).tolist()), replays, law, turn)


def _drawn(whose: int, seed: int, names: tuple[int, ...], replays: int, law: str, turn: int) -> np.ndarray:
    drawn = np.empty((len(names), replays), np.float32)

    def fill(rows: range) -> None:
        streams = Streams(seed, whose)
        for row in rows:
            getattr(streams.of(names[row], turn), law)(dtype=np.float32, out=drawn[row])

    deal(fill, range(len(names)), much=drawn.size > KEPT)
    drawn.flags.writeable = False
    return drawn


_kept = lru_cache(24)(_drawn)


def gammas(shape: np.ndarray, seed: int, whose: int, names: np.ndarray, replays: int) -> np.ndarray:
    """(len(names), B) float32, Gamma(shape, 1); a shape of 0 gives 0. `shape` is (len(names), 1) or (len(names), B).

    Marsaglia & Tsang (2000, ACM TOMS 26(3)), with the same candidates whatever the shape: when a weight moves, every
    replay moves with it instead of being drawn anew. A candidate that is refused twice (under 1 in 1,000) stands.
    """

    def drawn(law: str, turn: int) -> np.ndarray:
        # each turn from its own stream, so that more replays begin with those there were
        return _rows(whose, seed, names, replays, law, turn)

    shape = np.asarray(shape, np.float32)
    small = shape < 1
    d = np.where(small, shape + 1, shape) - np.float32(1 / 3)
    c = 1 / (3 * np.sqrt(d))
    x = drawn("standard_normal", FIRST)
    value = _candidate(x, c)
    refused = np.log(1 - drawn("random", CHANCE)) >= x * x / 2 + d * (1 - value + np.log(value))
    if refused.any():
        again = drawn("standard_normal", SECOND)[refused]
        value[refused] = _candidate(again, np.broadcast_to(c, value.shape)[refused])
    value = value * d
    if small.any():
        boost = (1 - drawn("random", BOOST)) ** (1 / np.maximum(shape, 1e-6))
        value = np.where(small, value * boost, value)
    return np.where(shape > 0, value, np.float32(0))


def _candidate(x: np.ndarray, c: np.ndarray) -> np.ndarray:
    one = np.maximum(1 + c * x, np.float32(1e-6))
    return one * one * one  # numpy's power is ten times as slow
