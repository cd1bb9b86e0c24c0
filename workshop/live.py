"""Who wants to hear of a workshop's new revisions, and who has just committed one. Nothing here touches a file.

Two directions: `committed` wakes the keeper's thread from any writer; the keeper reads what happened and calls
`tell`, which reaches every `listen` in whatever event loop it runs.
"""

import asyncio
import threading
import time
from contextlib import suppress
from typing import Any, Self

PAUSE = 0.25  # seconds between two events of one subscription; what comes in between is folded into one
AT_ONCE = 25  # listeners that are woken before the event loop does anything else
URGENCY = ("answers", "work", "room")  # a folded event keeps the most urgent topic, the least urgent first

_lock = threading.Lock()
_stirred = threading.Condition(_lock)
_committed: set[str] = set()
_awake = False
_subscriptions: dict[str, set["Subscription"]] = {}


class Subscription:
    """The events of one workshop, for one listener: `with listen(code) as news: async for event in news: …`."""

    def __init__(self, code: str, deaf_to: str = ""):
        self.code, self.deaf_to = code, deaf_to
        self.loop = asyncio.get_running_loop()
        self._stirred = asyncio.Event()
        self._newest: dict[str, Any] | None = None
        self._given = float("-inf")
        self._open = True

    def __enter__(self) -> Self:
        with _lock:
            _subscriptions.setdefault(self.code, set()).add(self)
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, Any]:
        await self._stirred.wait()
        if (early := self._given + PAUSE - time.monotonic()) > 0 and self._open:
            await asyncio.sleep(early)
        if not self._open:
            raise StopAsyncIteration
        event, self._newest, self._given = self._newest, None, time.monotonic()
        self._stirred.clear()
        assert event is not None
        return event

    def close(self) -> None:
        """Ends the iteration. To be called in the loop that made the subscription."""
        self._open = False
        self._stirred.set()
        with _lock:
            others = _subscriptions.get(self.code, set())
            others.discard(self)
            if not others:
                _subscriptions.pop(self.code, None)

    def take(self, event: dict[str, Any]) -> None:
        """The next event, or a part of it. To be called in the loop that made the subscription."""
        self._newest = fold(self._newest, event)
        self._stirred.set()


def fold(older: dict[str, Any] | None, newer: dict[str, Any]) -> dict[str, Any]:
    """The newer event, with the more urgent of both topics: a reveal must not wait behind a rating."""
    if older is None or "topic" not in older:
        return newer
    return newer | {"topic": max(older["topic"], newer.get("topic", older["topic"]), key=_urgency)}


def _urgency(topic: str) -> int:
    return URGENCY.index(topic) if topic in URGENCY else len(URGENCY)


def listen(code: str, deaf_to: str = "") -> Subscription:
    """The coming events of this workshop but those of one topic, for the event loop that is running now.

    Of a thousand phones not one needs to be woken by each answer of another.
    """
    return Subscription(code, deaf_to)


def tell(code: str, event: dict[str, Any]) -> None:
    """Gives an event to everyone who listens to this workshop. From any thread."""
    with _lock:
        topic = event.get("topic")
        listeners = [one for one in _subscriptions.get(code, ()) if not topic or one.deaf_to != topic]
    for loop in {one.loop for one in listeners}:
        with suppress(RuntimeError):  # it is closed, so nobody listens any more
            loop.call_soon_threadsafe(_wake, loop, event, [one for one in listeners if one.loop is loop])


def _wake(loop: asyncio.AbstractEventLoop, event: dict[str, Any], listeners: list[Subscription]) -> None:
    """A few at a time: in between the loop takes what people write, which need not wait for a thousand phones."""
    for one in listeners[:AT_ONCE]:
        one.take(event)
    if listeners[AT_ONCE:]:
        loop.call_soon(_wake, loop, event, listeners[AT_ONCE:])


def listened() -> set[str]:
    """The codes that somebody listens to."""
    with _lock:
        return set(_subscriptions)


def committed(code: str) -> None:
    """Says that this workshop has a new revision. From any thread, after the commit."""
    with _stirred:
        _committed.add(code)
        _stirred.notify_all()


def wake() -> None:
    """Lets `wait` return at once, with nothing new."""
    global _awake
    with _stirred:
        _awake = True
        _stirred.notify_all()


def wait(timeout: float) -> set[str]:
    """The codes committed since the last call; sleeps until there is one, at most `timeout` seconds."""
    global _awake
    with _stirred:
        _stirred.wait_for(lambda: _committed or _awake, timeout)
        codes = set(_committed)
        _committed.clear()
        _awake = False
        return codes
