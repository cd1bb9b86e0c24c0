"""Coming in: /join and /join/<code>, where the QR on the shared screen leads."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages.phone import visit
from pages.phone.limits import Allowance
from workshop import joining, journal, people, scribe, store
from workshop.activities import ROOM
from workshop.hosts import digest
from workshop.joining import ComeBack, ComeIn, Namesake
from workshop.problems import NotFound, Refusal
from workshop.steps.prepare import get_workshop
from workshop.words import N_, _

# Wrong codes; 31^6 there are, which takes 14 years at two a second. Thirty phones behind one router share an address:
# after some wrong codes from there whoever tries stands in line, for as long as a right one would still wait. Who
# takes part already, or holds a personal link, which nobody guesses, need not wait for those who flood that line; nor
# must whoever comes with another kind of browser, as each kind has its own part of the line
WRONG = Allowance(at_once=60, a_second=2)
WRONG_ALIKE = Allowance(at_once=30, a_second=0.5)
PATIENCE = 15
PEOPLE = Allowance(at_once=300, a_second=5)

T = TypeVar("T")

# when a phone from elsewhere last reached the entrance, by the address in which it found this machine
reached: dict[str, float] = {}


@visit.endpoint
async def show(request: Request) -> Response:
    """GET /join and /join/<code>. Whoever is in already goes on to the task.

    /join alone also asks those in who are in another workshop; with ?again come those who were sent out of theirs.
    """
    _note_reached(request)
    key, again = request.path_params.get("code", ""), "again" in request.query_params
    if (key or again) and await _is_in(request, key):
        return RedirectResponse("/phone", 303)
    if not key:
        return _page(key, _(visit.NOT_IN) if again else "")
    try:
        _code, about = await _look_up(request, key)
    except _Guessing:
        return _page(key, _too_many(), status=429)
    except Refusal as refusal:
        return _page(key, str(refusal), status=404)
    return _page(key, about=about)


@visit.endpoint
async def come_in(request: Request) -> Response:
    """POST /join: the token in the form makes a second press of the button the same person."""
    form = await visit.read_form(request)
    key, token = form.get("code", ""), form.get("token", "")
    said = {"name": form.get("name", ""), "group": form.get("group", ""), "own": form.get("own", "")}
    if await _is_in(request, key):
        return RedirectResponse("/phone", 303)
    about = None
    try:
        code, about = await _look_up(request, key)
        if said["own"].strip():
            back = ComeBack(said["own"], token)
            await _counted(request, _act(code, joining.come_back, back, N_("Somebody came back")))
        else:
            command = ComeIn(key, token, said["name"], said["group"], is_another="another" in form)
            if not visit.is_near(request) and not PEOPLE.take(visit.neighbourhood(request)):
                return _page(key, _(visit.TOO_MUCH), status=429, about=about, token=token, **said)
            await _act(code, joining.come_in, command, N_("Somebody came in"))()
    except _Guessing:
        return _page(key, _too_many(), status=429, about=about, token=token, **said)
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else 422
        is_namesake = isinstance(refusal, Namesake)
        return _page(key, str(refusal), status=status, about=about, is_namesake=is_namesake, token=token, **said)
    answer = RedirectResponse("/phone", 303)
    visit.remember(answer, request, code, token)
    return answer


class _Guessing(Exception):
    """Too many wrong codes came from one address."""


async def _look_up(request: Request, key: str) -> tuple[str, dict]:
    """The workshop that a code leads to, and what its page says. Raises NotFound, _Guessing."""

    def look() -> tuple[str, dict]:
        code = joining.find(key)
        with store.open(code) as db:
            return code, get_workshop(db)

    if joining.link_to(key):
        return await visit.apart(look)
    return await _counted(request, lambda: visit.apart(look))


async def _counted(request: Request, look: Callable[[], Awaitable[T]]) -> T:
    """Wrong codes are counted for each address, before the answer is known, so that nobody tries many at once.

    Right and wrong ones wait alike, or the waiting would tell them apart.
    """
    address, places, waits = visit.neighbourhood(request), [], []
    browser = " ".join(request.headers.get(name, "") for name in ("user-agent", "accept-language"))
    try:
        for line, name in ((WRONG_ALIKE, digest(f"{address} {browser}")), (WRONG, address)):
            wait = line.stand_in_line(name, PATIENCE)
            if wait is None:
                raise _Guessing
            places.append((line, name))
            waits.append(wait)
        await asyncio.sleep(max(waits))
        return await look()
    except NotFound:
        places.clear()
        raise
    finally:
        for line, name in places:
            line.give_back(name)


def _act(code: str, handler: Callable, command: ComeIn | ComeBack, done: str) -> Callable[[], Awaitable[int]]:
    key = digest(f"{done} {command.token}")  # the second press of the button changes nothing
    act = partial(journal.act, by=ROOM, handler=handler, command=command, done=done, key=key)
    return lambda: asyncio.wrap_future(scribe.write_down(code, act))


async def _is_in(request: Request, key: str) -> bool:
    """Whether the code, or none at all, leads back to where this phone takes part already."""
    own, _token = visit.phone_of(request) or ("", "")

    def leads_back(db: Database, _person: dict) -> bool:
        return not key or joining.link_to(key) == own or joining.plain(key) == joining.get_entrance(db)["join_code"]

    try:
        return await visit.reading(request, leads_back)
    except (visit.NotIn, Refusal):
        return False


def _page(
    key: str, refusal: str = "", *, status: int = 200, about: dict | None = None, is_namesake: bool = False, **said: str
) -> Response:
    """The entrance's page, with what was typed into it before (token, name, group, own)."""
    values = {"token": joining.new_token(), "name": "", "group": "", "own": ""} | said
    return visit.page(
        "join.html", status, headers={"Retry-After": "60"} if status == 429 else {}, key=joining.plain(key)[:40],
        refusal=refusal, about=about, is_namesake=is_namesake, groups=people.GROUPS, **values,
    )  # fmt: skip


def _too_many() -> str:
    return _("Many wrong codes came from your network. Try again in a moment, or ask for a link of your own.")


def _note_reached(request: Request) -> None:
    if not visit.is_near(request):
        reached[request.headers["host"]] = time.time()
