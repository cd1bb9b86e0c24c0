"""The phones' addresses: /join, /phone, /before and what lies below.

Everybody may ask; a token decides what is answered, and before the day the link alone.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pages import live as pages_live
from pages.phone import answers, beforehand, entrance, task, visit
from workshop import keeper, live
from workshop.activities.leader import leads
from workshop.words import _

SPREAD_MS = 3  # for each listening phone: a thousand ask again within three seconds, and not all at once
PING_SECONDS = 15


@visit.endpoint
async def stream(request: Request) -> Response:
    """GET /phone/live: news of the room for a participant.

    Other people's answers are news only for whoever waits for them: the leader, who answers last.
    """
    deaf_to = await visit.reading(request, lambda _db, person: "" if leads(person) else "answers")
    code, _token = visit.phone_of(request)
    address = request.client.host if request.client else ""
    if not pages_live.has_room(address):
        sentence = _("Too many pages are listening at the moment. This one will try again.")
        return PlainTextResponse(sentence, 503, {"Retry-After": "10"})
    return EventSourceResponse(
        _events(code, address, deaf_to), ping=PING_SECONDS, ping_message_factory=_ping, send_timeout=30
    )


async def _events(code: str, address: str, deaf_to: str) -> AsyncIterator[dict[str, str]]:
    with pages_live.seat(address), live.listen(code, deaf_to) as news:
        # listening comes first: what is committed between the two is told twice, never missed
        state = await visit.apart(lambda: keeper.news(code))
        if state is not None:
            yield _said(state)
        async for event in news:
            yield _said(event)


def _said(event: dict[str, Any]) -> dict[str, str]:
    spread = SPREAD_MS * pages_live.listeners()
    return {"data": json.dumps({**event, "server": pages_live.SERVER, "spread": spread})}


def _ping() -> ServerSentEvent:
    """A sign of life that the phone's script can see, unlike a comment: half of a connection may be gone unnoticed."""
    return ServerSentEvent(data="{}", event="ping")


class _Kept(StaticFiles):
    """Files that a phone keeps for ever, as their address changes with them."""

    def file_response(self, *given: Any, **more: Any) -> Response:
        answer = super().file_response(*given, **more)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


OPEN = ("/join", "/phone", "/before")  # the door lets everybody through to these
ROUTES = [
    Route("/join", entrance.show, methods=["GET"]),
    Route("/join", entrance.come_in, methods=["POST"]),
    Route("/join/{code}", entrance.show, methods=["GET"]),
    Route("/phone", task.show, methods=["GET"]),
    Route("/phone/code", task.show_code, methods=["GET"]),
    Route("/phone/live", stream, methods=["GET"]),
    Route("/phone/{what}", answers.answer, methods=["POST"]),
    Route("/phone/{what}", task.show, methods=["GET"]),  # without the script a form that was not accepted stands there
    Route("/before/{key}", beforehand.show, methods=["GET"]),
    Route("/before/{key}", beforehand.answer, methods=["POST"]),
    Mount("/phone/static", _Kept(directory=Path(__file__).parent / "static")),
]
