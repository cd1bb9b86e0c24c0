"""How much may come from one phone or one address, and who came through."""

import time
from math import inf

MOST_NAMES = 10_000


class Allowance:
    """So many at once, and then so many a second, counted for each name by itself."""

    def __init__(self, at_once: int, a_second: float):
        self.at_once, self.a_second = at_once, a_second
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> bool:
        """Whether one more is allowed; if so it counts."""
        return self.stand_in_line(name, 0) is not None

    def stand_in_line(self, name: str, patience: float) -> float | None:
        """Seconds until it is the turn of one more, which then counts; None, and it does not, beyond patience."""
        now = time.monotonic()
        left = self._now(name, now)
        wait = 0 if left >= 1 else (1 - left) / self.a_second if self.a_second else inf
        if wait > patience:
            return None
        self._left[name] = left - 1, now
        if len(self._left) > MOST_NAMES:
            self._left = {one: at for one, at in self._left.items() if self._now(one, now) < self.at_once}
        return wait

    def used_up(self) -> list[str]:
        """The names for which one more would have to wait."""
        now = time.monotonic()
        return [name for name in self._left if self._now(name, now) < 1]

    def give_back(self, name: str) -> None:
        """What was taken turned out not to count."""
        now = time.monotonic()
        self._left[name] = min(self.at_once, self._now(name, now) + 1), now

    def _now(self, name: str, now: float) -> float:
        left, at = self._left.get(name, (self.at_once, now))
        return min(self.at_once, left + (now - at) * self.a_second)
