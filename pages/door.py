"""The door: decides who every request comes from, before anything else sees it.

`Door` writes its verdict into a header of its own and strips whatever a client sent under that name; pages ask `role`,
`still_host` and `screen_code`. The verdict carries a seal made anew by every process, so that a page which is not
behind the door (`streamlit run pages/frame.py`) believes nobody.
"""

import hmac
import ipaddress
import os
import re
import secrets
import socket
import time
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workshop import hosts, journal, store
from workshop.words import _, language

HEADER = "X-Throughline-Role"
COOKIE = "throughline"
OPEN = ("/app/static/", "/_stcore/health")  # for everybody: the door's own looks, and a sign of life
SCREEN = (
    "/screen", "/static/", "/media/", "/component/", "/favicon.png",
    "/_stcore/host-config", "/_stcore/bidi-components/", "/_stcore/stream",
)  # fmt: skip
FORWARDED = ("x-forwarded", "x-original-", "forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BODY_BYTES = 4096
WRONG_TRIES, WRONG_SECONDS = 10, 60
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_SEAL = secrets.token_hex(16)
_CLAIM = re.compile(
    rf"(host|(?:screen|observer|cohost):([{hosts.SIGNS}]{{8}}))(?::([0-9a-f]{{64}}))? ([0-9a-f]{{32}})"
)


# What pages ask


def headers() -> Mapping[str, str]:
    """The headers of the browser that this run is for. Only a test may put something else in this place."""
    import streamlit as st  # noqa: PLC0415  here, so that the door itself can be tried without Streamlit

    return st.context.headers


def stamp(role: str) -> str:
    """The value of our header for a role: "host", "host:<session>" or "<screen, observer, cohost>:<code>:<session>"."""
    return f"{role} {_SEAL}"


def role(given: Mapping[str, str] | None = None) -> str:
    """Who this is, asked again at every run: "host", "cohost", "observer", "screen" or "nobody".

    A participant is nobody here: what a phone may do, its own token says (pages/phone/visit.py).
    """
    found = _claim(given)
    return found[0].partition(":")[0] if found else "nobody"


def still_host(given: Mapping[str, str] | None = None) -> bool:
    """Whether this is a host, or a co-host of the one workshop that `own_code` names, and has not been withdrawn."""
    return role(given) in ("host", "cohost")


def screen_code(given: Mapping[str, str] | None = None) -> str | None:
    """The code of the workshop whose shared screen this is, an observer's too; None for everybody else."""
    return own_code(given) if role(given) in ("screen", "observer") else None


def own_code(given: Mapping[str, str] | None = None) -> str | None:
    """The code of the one workshop that a screen, observer or co-host may see; None for everybody else."""
    found = _claim(given)
    return found[0].partition(":")[2] or None if found else None


def session(given: Mapping[str, str] | None = None) -> str | None:
    """What `hosts.withdraw` needs to end this session; None at the machine itself, which needs no session."""
    found = _claim(given)
    return found[1] if found else None


def giver(given: Mapping[str, str] | None = None) -> str:
    """Who gives the commands of this browser, as the journal has it: each co-host's browser is a host of its own."""
    return f"{journal.HOST} {session(given)[:4]}" if role(given) == "cohost" else journal.HOST


def screen_link(address: str, code: str, secret: str, page: str = "/screen") -> str:
    """The link to the shared screen, e.g. below "http://192.168.1.20:8501". The secret never reaches a server's log."""
    to = urlencode({"to": f"{page}?w={code}"})
    return f"{address.rstrip('/')}/door?{to}#k={quote(secret, safe='')}"


def _claim(given: Mapping[str, str] | None) -> tuple[str, str | None] | None:
    """(role, session) as the door wrote them, where they still hold."""
    value = (headers() if given is None else given).get(HEADER)
    found = _CLAIM.fullmatch(value) if isinstance(value, str) else None
    if not found or not hmac.compare_digest(found[4], _SEAL):
        return None
    claimed, digest = found[1], found[3]
    if digest is None:
        holds = claimed == "host" and not hosts.own_key()
    else:
        holds = hosts.role_of(store.library(), digest) == claimed
    return (claimed, digest) if holds else None


# The door itself


class Door:
    """ASGI middleware around everything. `open_to_all` are further paths for everybody, e.g. the phones'."""

    def __init__(self, app: ASGIApp, open_to_all: tuple[str, ...] = ()):
        self.app = app
        self.open = OPEN + open_to_all
        self.tries: dict[str, list[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        sent, who = Headers(scope=scope), ""
        answer = await _refuse_strangers(scope, sent)
        if answer is None:
            who = _who(scope, sent)
            if scope["path"] == "/door" and scope["type"] == "http":
                answer = await self._at_the_door(Request(scope, receive), who)
            elif not self._may(who, scope):
                answer = door_page(to=_address(scope), status=403)
        if answer is None:
            await self.app(_introduced(scope, who), receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(scope, receive, _with_headers(send))

    def _may(self, who: str, scope: Scope) -> bool:
        if who.startswith("host"):
            return True
        path, is_http = scope["path"], scope["type"] == "http"
        if is_http and _below(path, self.open):
            return True
        own = f"/live/{who.split(':')[1]}" if who else ""
        if who.startswith("cohost:"):
            return not _below(path, ("/live",)) or _below(path, (own,))
        if who.startswith(("screen:", "observer:")):
            return _below(path, (*SCREEN, own)) and (not is_http or scope["method"] in SAFE_METHODS)
        return False

    async def _at_the_door(self, request: Request, who: str) -> Response:
        if request.method in ("GET", "HEAD"):
            return door_page(to=request.query_params.get("to", "/"))
        if request.method != "POST":
            return _plain(_("This page takes a host key and nothing else."), 405)
        try:
            body = await _read(request)
            form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
        except ValueError:
            return _plain(_("That is too long for a host key."), 413)
        except ClientDisconnect:
            return Response(status_code=400)
        to, key = form.get("to", ["/"])[0], form.get("key", [""])[0]
        if who.startswith("host"):  # whoever is host already must not become less by following a screen's link
            return RedirectResponse(own_path(to), 303)
        return await self._try(request, key, to)

    async def _try(self, request: Request, key: str, to: str) -> Response:
        address, now = neighbourhood(request.scope), time.monotonic()
        self.tries = {a: t for a, t in self.tries.items() if t and now - t[-1] < WRONG_SECONDS}
        tries = self.tries.setdefault(address, [])
        if sum(now - at < WRONG_SECONDS for at in tries) >= WRONG_TRIES:
            refusal = _("Too many wrong keys from here. Please wait a minute, then try again.")
            page = door_page(to, refusal, 429)
            page.headers["Retry-After"] = str(WRONG_SECONDS)
            return page
        tries.append(now)  # counted before the answer is known, so that nobody tries many at once
        try:
            token = await anyio.to_thread.run_sync(hosts.enter, store.library(), key)
        except OSError:
            return door_page(to, _("The library folder cannot be written, so nobody can be let in."), 503)
        if token is None:
            return door_page(to, _("That key does not open this door."), 403)
        tries.remove(now)
        answer = RedirectResponse(own_path(to), 303)
        age = hosts.SESSION_DAYS * 24 * 3600
        answer.set_cookie(
            COOKIE, token, max_age=age, path="/", httponly=True, samesite="lax", secure=is_https(request)
        )
        return answer


def door_page(to: str = "/", refusal: str = "", status: int = 200) -> Response:
    """The page with one field and one button, in the language of this request."""
    page = _template().format(
        language=escape(language.get()),
        title=_("Host key"),
        heading=_("This door opens with the host key"),
        explanation=_("It stands in the terminal where Throughline was started, and whoever started it can give it."),
        label=_("Host key"),
        button=_("Come in"),
        to=escape(own_path(to)),
        described=' aria-invalid="true" aria-describedby="refusal"' if refusal else "",
        refusal=f'<p class="refusal" id="refusal" role="alert">{escape(refusal)}</p>' if refusal else "",
    )
    return HTMLResponse(page, status, {"Content-Security-Policy": CSP, "Cache-Control": "no-store"})


def own_path(to: str) -> str:
    """The address when it lies on this very server, else the front page: nobody is sent elsewhere from here."""
    elsewhere = not to.startswith("/") or to.startswith(("//", "/door")) or len(to) > 500
    return "/" if elsewhere or re.search(r"[\\\x00-\x20\x7f]", to) else to


@lru_cache
def _template() -> str:
    return (Path(__file__).parent / "door.html").read_text("utf-8")


# Who it is


def _who(scope: Scope, sent: Headers) -> str:
    """ "host" at this very machine, "host:<session>", "<role>:<code>:<session>", or nothing."""
    if not hosts.own_key() and _is_this_machine(scope, sent):
        return "host"
    token = HTTPConnection(scope).cookies.get(COOKIE)
    if not token:
        return ""
    digest = hosts.digest(token)
    known = hosts.role_of(store.library(), digest)
    return f"{known}:{digest}" if known else ""


def _is_this_machine(scope: Scope, sent: Headers) -> bool:
    peer = scope["client"][0] if scope.get("client") else ""
    name = _host_name(sent["host"])
    by_name = name == "localhost" or bool((literal := _ip(name)) and literal.is_loopback)
    forwarded = any(header.startswith(FORWARDED) for header in sent)
    return is_loopback(peer) and by_name and not forwarded


async def _refuse_strangers(scope: Scope, sent: Headers) -> Response | None:
    """Names that are not ours (DNS rebinding), and pages of other sites that write through somebody's browser."""
    if len(sent.getlist("host")) != 1 or not await _is_own_name(_host_name(sent["host"])):
        return _plain(_("Throughline does not answer to this address; THROUGHLINE_URL can name it."), 400)
    reads = scope["type"] == "http" and scope["method"] in SAFE_METHODS
    if not reads and _is_foreign(sent):
        return _plain(_("This came from another site, so nothing was done."), 403)
    return None


def _is_foreign(sent: Headers) -> bool:
    """Whether a browser says that another site's page sent this. Without a word about it, it was no browser."""
    if (origin := sent.get("origin")) is not None:
        return not (_same_server(origin, sent["host"]) or origin == _own_origin())
    return sent.get("sec-fetch-site", "none") not in ("same-origin", "none")


def _same_server(origin: str, host: str) -> bool:
    try:
        there, here = urlsplit(origin), urlsplit(f"//{host}")
        usual = {"http": 80, "https": 443}.get(there.scheme)
        ports = (there.port or usual, here.port or usual)
        return bool(usual and there.hostname) and there.hostname == here.hostname and ports[0] == ports[1]
    except ValueError:
        return False


def _own_origin() -> str:
    url = urlsplit(os.environ.get("THROUGHLINE_URL", ""))
    return f"{url.scheme}://{url.netloc}"


async def _is_own_name(name: str) -> bool:
    if not name:
        return False
    if name == "localhost" or _ip(name) or name in _names():
        return True
    if name == urlsplit(os.environ.get("THROUGHLINE_URL", "")).hostname:
        return True
    return name in await anyio.to_thread.run_sync(_full_names)


@lru_cache
def _names() -> frozenset[str]:
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return frozenset({name, short, f"{name}.local", f"{short}.local"}) - {"", ".local"}


@lru_cache
def _full_names() -> frozenset[str]:
    """Asks the network for our full name, which takes seconds where there is none: once, and only when needed."""
    name = socket.getfqdn().lower()
    return frozenset({name, f"{name}.local"})


def _host_name(host: str) -> str:
    """The name in a Host header, without its port; nothing when it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        _port = parts.port
    except ValueError:
        return ""
    if parts.netloc != host or "@" in host or re.search(r"[\s\\]", host):
        return ""
    return (parts.hostname or "").lower().rstrip(".")


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found  # the server's one socket shows IPv4 peers as ::ffff:…


def is_loopback(address: str) -> bool:
    """Whether an address is this very machine's own, also in the form that a socket for IPv4 and IPv6 shows."""
    found = _ip(address)
    return bool(found and found.is_loopback)


def neighbourhood(scope: Scope) -> str:
    """The address that tries are counted for; of IPv6 the network, as one machine has a whole one to itself."""
    peer = scope["client"][0] if scope.get("client") else ""
    found = _ip(peer)
    if found and found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found or peer)


# How it is said


def _below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(place if place.endswith("/") else f"{place}/") for place in places)


def _address(scope: Scope) -> str:
    if scope["type"] != "http" or scope["method"] not in SAFE_METHODS:
        return "/"
    path, query = quote(scope["path"], safe="/"), scope["query_string"].decode("ascii", "ignore")
    return f"{path}?{query}" if query else path


def is_https(request: Request) -> bool:
    """Also behind a proxy that says so: a lie about it would only keep the liar's own cookie from coming back."""
    own = _own_origin() == f"https://{request.headers['host']}"
    return own or "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))


async def _read(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise ValueError
    return body


def _introduced(scope: Scope, who: str) -> Scope:
    name = HEADER.lower().encode()
    kept = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    return scope | {"headers": [*kept, (name, stamp(who).encode())] if who else kept}


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer = MutableHeaders(scope=message)
            answer.setdefault("X-Content-Type-Options", "nosniff")
            answer.setdefault("Referrer-Policy", "same-origin")
            answer.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
        await send(message)

    return wrapped


def _plain(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status, {"Cache-Control": "no-store"})
