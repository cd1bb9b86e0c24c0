"""News of a workshop, pushed: the event stream /live/<code>, and the listener that pages and the screen mount.

An event says only that there is something new; what it is, each page reads for itself.
"""

import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages import door
from workshop import keeper, live, store
from workshop.words import _

STREAMS, STREAMS_PER_ADDRESS = 1500, 60  # every open stream holds a file descriptor
PING_SECONDS = 15
SERVER = secrets.token_hex(4)  # another one after a restart: what was drawn by the one before has to run again
HERE = Path(__file__).parent

_open: Counter[str] = Counter()


async def stream(request: Request) -> Response:
    """GET /live/<code>: for a host, or for a screen, observer or co-host of this very workshop."""
    code = request.path_params["code"]
    if not _may_listen(request, code):
        return PlainTextResponse(_("This is not your workshop."), 403)
    address = request.client.host if request.client else ""
    if not has_room(address):
        sentence = _("Too many pages are listening at the moment. This one will try again.")
        return PlainTextResponse(sentence, 503, {"Retry-After": "10"})
    state = await anyio.to_thread.run_sync(keeper.news, code)
    if state is None:
        return PlainTextResponse(_("There is no workshop with this code."), 404)
    return EventSourceResponse(_events(request, code, address), ping=PING_SECONDS, send_timeout=30)


async def _events(request: Request, code: str, address: str) -> AsyncIterator[dict[str, str]]:
    with seat(address), live.listen(code) as news:
        # listening comes first: what is committed between the two is told twice, never missed
        state = await anyio.to_thread.run_sync(keeper.news, code)
        if state is not None:
            yield _said(state)
        async for event in news:
            yield _said(event)
            if not _may_listen(request, code):  # withdrawn since: the page runs once more and finds itself nobody
                return


def _said(event: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(event | {"now": store.now(), "server": SERVER})}


def _may_listen(request: Request, code: str) -> bool:
    return door.role(request.headers) == "host" or door.own_code(request.headers) == code


def has_room(address: str) -> bool:
    """Whether this address may hold one more stream. A proxy on this machine stands for many people."""
    return _open.total() < STREAMS and (_open[address] < STREAMS_PER_ADDRESS or door.is_loopback(address))


def listeners() -> int:
    """How many streams are open."""
    return _open.total()


@contextmanager
def seat(address: str) -> Iterator[None]:
    """Counts one open stream; the phones' streams take their seats here too."""
    _open[address] += 1
    try:
        yield
    finally:
        _open[address] -= 1
        if not _open[address]:
            del _open[address]


def allow_streams() -> None:
    """Asks the system for enough file descriptors: some give a process only 256, and then no route answers any more."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * STREAMS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


ROUTES = [Route("/live/{code}", stream, methods=["GET"])]

_listener = st.components.v2.component(
    "throughline_listener", html="<span hidden></span>", js=(HERE / "live.js").read_text("utf-8")
)


def listener(
    code: str, revision: int, key: str = "listener", on_news: Callable[[], None] | None = None, focus: str = "",
    clicks: bool = True, over: str = "",
) -> None:  # fmt: skip
    """Reruns this page, or the fragment that it stands in, as soon as the workshop moves beyond `revision`.

    `revision` is what this run has drawn. It also keeps every `data-clock` and `data-passed` element of the document
    going, without a rerun. One on a page is enough. `on_news` is called before the rerun that the news causes. When
    `focus` becomes another word, the cursor goes to the editor's first field. A page without `clicks` of its own
    runs at once; others wait a moment, because the run of the click that made the news may be on its way. `over` is
    what a clock in words says when its time is up.
    """
    words = {
        "minutes": _("{minutes} min left"),
        "seconds": _("{seconds} s left"),
        "over": over,
        "lost": _("No connection. What was saved is safe, and this page goes on by itself as soon as it can."),
    }
    data = {"code": code, "revision": revision, "server": SERVER, "words": words, "focus": focus, "clicks": clicks}
    _listener(key=key, data=data, on_news_change=on_news or _nothing)


def _nothing() -> None:
    """A trigger needs a callback to exist; the rerun itself is all that is wanted."""
