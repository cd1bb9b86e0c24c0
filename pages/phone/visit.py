"""One request of a phone: its language, who it is, what it sends, and how it is answered.

SQLite is touched in threads alone: reads a few at a time, and what is written is the scribe's (workshop/scribe.py).
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlite_utils import Database
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from pages import door
from pages.phone.limits import MOST_NAMES, Allowance
from workshop import joining, scribe, store
from workshop.hosts import digest
from workshop.problems import NotFound
from workshop.words import N_, _, language, own_names, preferred

COOKIE, COOKIE_SECONDS = "throughline_phone", 30 * 24 * 3600
BODY_BYTES = 64 * 1024  # 5,000 signs of any script, and the form around them
GIVEN_BACK_BYTES = 512 * 1024  # what is longer than a form may be is read so far, to give the words back
TOO_MUCH = N_("Too much at once from here. Wait a moment, then try again.")
TOO_LONG = N_("That is too long to be sent. Shorten it, or send it in parts.")
NOT_IN = N_("You are not in this workshop any more. Come in again.")
HERE = Path(__file__).parent

PER_ADDRESS = Allowance(at_once=600, a_second=100)
PER_PERSON = Allowance(at_once=60, a_second=2)
LONG = Allowance(at_once=8, a_second=0.5)  # for all together: what is not read further costs nothing

_known: set[str] = set()  # tokens by which somebody was known lately
_readers = anyio.CapacityLimiter(4)
log = logging.getLogger(__name__)
T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]


class TooLong(Exception):
    """More was sent than any form of ours holds."""


class NotIn(Exception):
    """This phone is in no workshop, or is not in it any more."""


def endpoint(answer: Endpoint) -> Endpoint:
    """What every route of the phones does first and last: the language, the address's limit, sentences for faults."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        language.set(preferred(request.headers.get("accept-language", "")))
        if not is_near(request) and not PER_ADDRESS.take(_whose(request)):
            return refused(request, _(TOO_MUCH), 429)
        try:
            return await answer(request)
        except TooLong:
            return refused(request, _(TOO_LONG), 413, getattr(request.state, "words", ""))
        except NotIn:
            words = getattr(request.state, "words", "")
            if words or wants_json(request):
                return refused(request, _(NOT_IN), 401, words)
            return RedirectResponse("/join?again" if phone_of(request) else "/join", 303)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            log.exception("A phone's page went wrong")
            sentence = _("Something went wrong here, and it is not your phone. Try it once more in a moment.")
            return refused(request, sentence, 500, getattr(request.state, "words", ""))

    return answered


# Who it is


def is_near(request: Request) -> bool:
    """Whether this came from this very machine, where a proxy would stand for many people."""
    return bool(request.client and door.is_loopback(request.client.host))


def neighbourhood(request: Request) -> str:
    return door.neighbourhood(request.scope)


def phone_of(request: Request) -> tuple[str, str] | None:
    """The workshop's code and the token, as the cookie has them."""
    found = re.fullmatch(rf"([{store.ALPHABET}]{{8}})\.([A-Za-z0-9_-]{{22}})", request.cookies.get(COOKIE, ""))
    return (found[1], found[2]) if found else None


def _whose(request: Request) -> str:
    """For whom this request counts: a phone that takes part has an allowance of its own, whoever floods its address."""
    _code, token = phone_of(request) or ("", "")
    return token if token in _known else neighbourhood(request)


def remember(answer: Response, request: Request, code: str, token: str) -> None:
    """Gives the phone what it will be known by."""
    _note_known(token)
    answer.set_cookie(
        COOKIE, f"{code}.{token}", max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="lax",
        secure=door.is_https(request),
    )  # fmt: skip


async def reading(request: Request, read: Callable[[Database, dict[str, Any]], T]) -> T:
    """`read(db, person)` in the workshop of this phone. Raises NotIn, or a Refusal."""
    code, use = _as_person(request, read)

    def visit() -> T:
        with store.open(code) as db:
            return use(db)

    with _or_not_in(code):
        return _known_now(request, await apart(visit))


async def writing(request: Request, write: Callable[[Database, dict[str, Any]], T]) -> T:
    """As `reading`, together with what other phones write; it is stored when this gives its answer."""
    code, use = _as_person(request, write)
    with _or_not_in(code):
        return _known_now(request, await asyncio.wrap_future(scribe.write_down(code, use)))


def _as_person(
    request: Request, use: Callable[[Database, dict[str, Any]], T]
) -> tuple[str, Callable[[Database], tuple]]:
    """(the workshop's code, what is to be done in it as the person whose phone this is).

    That gives the answer, and what the workshop calls its nouns.
    """
    phone = phone_of(request)
    if phone is None:
        raise NotIn
    code, token = phone

    def as_person(db: Database) -> T:
        person = joining.get_person(db, token)
        if person is None:
            raise NotIn
        return use(db, person), own_names.get()

    return code, as_person


def _known_now(request: Request, answered: tuple[T, tuple]) -> T:
    """The answer; the page is written in the workshop's own words, although its file is closed by then."""
    _note_known(phone_of(request)[1])
    answer, names = answered
    own_names.set(names)
    return answer


def _note_known(token: str) -> None:
    if len(_known) >= MOST_NAMES:
        _known.clear()  # whoever is still here is known again at once
    _known.add(token)


@contextmanager
def _or_not_in(code: str) -> Iterator[None]:
    """In a workshop that is not in the library any more nobody is."""
    try:
        yield
    except NotFound:
        try:
            store.file_of(code)
        except NotFound:
            raise NotIn from None
        raise


async def apart(do: Callable[[], T]) -> T:
    """What touches a file, away from the event loop."""
    return await anyio.to_thread.run_sync(do, limiter=_readers)


def submission(token: str, key: str) -> str | None:
    """The key under which the journal remembers a submission; None when the phone sent none that can be used.

    Hashed together with the token, so that nobody can tell from the file who did what.
    """
    return digest(f"{token} {key}") if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", key) else None


# What it sends


def wants_json(request: Request) -> bool:
    """Whether the phone's script asks, and not its browser."""
    return "application/json" in request.headers.get("accept", "")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once. Raises TooLong, with the words to be given back where there are not too many."""
    body, most = bytearray(), BODY_BYTES
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES == most and LONG.take("all"):
            most = GIVEN_BACK_BYTES
        if len(body) > most:
            raise TooLong
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise TooLong from None
    form = {name: values[0] for name, values in fields.items()}
    # to be given back, whatever happens to them
    request.state.words = "\n".join(form[name] for name in form if name in ("text", "words") or name.startswith("to "))
    if len(body) > BODY_BYTES:
        raise TooLong
    return form


# How it is answered


def refused(request: Request, sentence: str, status: int, words: str = "") -> Response:
    """One sentence, for the script, which keeps the words, or as a page that gives them back."""
    headers = {"Retry-After": "5"} if status in (429, 503) else {}
    if wants_json(request):
        return JSONResponse({"refused": sentence}, status, headers)
    return page("sentence.html", status, headers=headers, sentence=sentence, words=words)


def page(template: str, status: int = 200, /, *, headers: dict[str, str] | None = None, **given: Any) -> Response:
    """One of the templates, filled in. Every value is escaped."""
    values = {"language": language.get(), "version": _version(), **given}
    return HTMLResponse(
        _templates().get_template(template).render(values),
        status,
        {"Content-Security-Policy": door.CSP, "Cache-Control": "no-store", **(headers or {})},
    )


@lru_cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    templates.globals["_"] = _
    return templates


@lru_cache
def _version() -> str:
    """Another one whenever script or looks change, so that phones may keep them for ever."""
    files = sorted((HERE / "static").iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
