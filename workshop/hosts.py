"""Who may come in without being a participant: the host key, the hosts' sessions, and the links that a host makes
for shared screens, observers (who see what a screen shows) and co-hosts (hosts of one workshop).

All of it lies in `.house.json` in the library folder, readable by its owner only, and only as hashes. The secrets made
here are long and random, so SHA-256 keeps them; a key of one's own (THROUGHLINE_HOST_KEY) may be weak and goes through
scrypt. A session lasts only as long as the key or the link that opened it.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 that nobody mistakes for one another: 24 of them are 118 bits
SESSION_DAYS = 30
FILE, LOCK = ".house.json", ".house.lock"


def open_house(folder: Path) -> str | None:
    """The host key where it had to be made just now, to be shown once; None when there is one already."""
    if own_key() or _read(folder)["key"]:
        return None
    with _changing(folder) as house:
        if house["key"]:  # another process was quicker
            return None
        return _new_key(house)


def renew_key(folder: Path) -> str:
    """A new host key in the place of the old one, which opens nothing any more; ends every host's session."""
    with _changing(folder) as house:
        return _new_key(house)


def own_key() -> str:
    """The key from THROUGHLINE_HOST_KEY, or nothing. While it is set no other opens, and nobody is host unasked."""
    return os.environ.get("THROUGHLINE_HOST_KEY", "").strip()


def enter(folder: Path, secret: str) -> str | None:
    """A session's token in exchange for the host key or a screen link's secret; None when the secret opens nothing."""
    house = _read(folder)
    if _is_host_key(house, secret):
        return _new_session(folder, "host", _key_mark(house))
    link = digest(secret.strip())
    if link in house["links"]:
        made = house["links"][link]
        return _new_session(folder, f"{made['role']}:{made['code']}", link)
    return None


def role_of(folder: Path, session: str) -> str | None:
    """What a session may do: "host" or "<role>:<code>"; None when it is unknown, withdrawn or too old.

    `session` is the digest of its token.
    """
    house = _read(folder)
    known = house["sessions"].get(session)
    return known["role"] if known and _still_holds(house, known) else None


def make_link(folder: Path, code: str, role: str) -> str:
    """The secret of a new link into one workshop, for a screen, observer or cohost. It cannot be read again."""
    token = secrets.token_urlsafe(24)
    with _changing(folder) as house:
        house["links"][digest(token)] = {"code": code, "role": role, "made": _now()}
    return token


def withdraw_links(folder: Path, code: str, role: str) -> None:
    """Ends every link of this role into this workshop, and the sessions of those who came through them."""
    with _changing(folder) as house:
        ended = {d for d, link in house["links"].items() if (link["code"], link["role"]) == (code, role)}
        house["links"] = {d: link for d, link in house["links"].items() if d not in ended}


def count_links(folder: Path, code: str, role: str) -> int:
    """How many links of this role lead into this workshop now."""
    return sum((link["code"], link["role"]) == (code, role) for link in _read(folder)["links"].values())


def withdraw(folder: Path, session: str) -> None:
    """Ends one session, given by the digest of its token."""
    with _changing(folder) as house:
        house["sessions"].pop(session, None)


def digest(token: str) -> str:
    """What is stored and compared instead of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _is_host_key(house: dict[str, Any], secret: str) -> bool:
    if own := own_key():
        return hmac.compare_digest(digest(secret.strip()), digest(own))
    return bool(house["key"]) and hmac.compare_digest(digest(_plain(secret)), house["key"])


def _key_mark(house: dict[str, Any]) -> str:
    """The hash of the key that opens now."""
    own = own_key()
    return _slow_digest(own) if own else house["key"]


@lru_cache(maxsize=2)
def _slow_digest(own: str) -> str:
    return hashlib.scrypt(own.encode(), salt=b"throughline host key", n=2**14, r=8, p=1).hex()


def _plain(key: str) -> str:
    """A key as people type it, without its dashes, spaces and small letters."""
    return re.sub(r"[\s-]", "", key).upper()


def _new_key(house: dict[str, Any]) -> str:
    key = "-".join("".join(secrets.choice(SIGNS) for _sign in range(4)) for _group in range(6))
    house["key"] = digest(_plain(key))
    return key


def _new_session(folder: Path, role: str, opened_by: str) -> str | None:
    token = secrets.token_urlsafe(24)
    with _changing(folder) as house:
        house["sessions"][digest(token)] = {"role": role, "opened_by": opened_by, "made": _now()}
        house["sessions"] = {d: s for d, s in house["sessions"].items() if _still_holds(house, s)}
        return token if digest(token) in house["sessions"] else None  # the link may be withdrawn in this very moment


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _still_holds(house: dict[str, Any], session: dict[str, str]) -> bool:
    if datetime.now(UTC) - datetime.fromisoformat(session["made"]) > timedelta(days=SESSION_DAYS):
        return False
    return session["opened_by"] in (house["links"] if session["role"] != "host" else {_key_mark(house)})


def _read(folder: Path) -> dict[str, Any]:
    """What the file says; a missing or damaged file knows nobody."""
    path = folder / FILE
    try:
        at = path.stat()
    except OSError:
        return _nobody()
    return _parsed(path, at.st_mtime_ns, at.st_size, at.st_ino)


@lru_cache(maxsize=4)
def _parsed(path: Path, *_stamp: int) -> dict[str, Any]:
    try:
        house = json.loads(path.read_text("utf-8"))
        return {"key": str(house["key"]), "sessions": dict(house["sessions"]), "links": dict(house["links"])}
    except (OSError, ValueError, KeyError, TypeError):
        return _nobody()


def _nobody() -> dict[str, Any]:
    return {"key": "", "sessions": {}, "links": {}}


@contextmanager
def _changing(folder: Path) -> Iterator[dict[str, Any]]:
    """The house to be changed, written when the block ends well. One process at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        house = json.loads(json.dumps(_read(folder)))  # a copy: what others read must not change under them
        yield house
        handle, half = tempfile.mkstemp(dir=folder, prefix=".house-")  # made with 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(house, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(half, folder / FILE)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        yield
    finally:
        os.close(handle)  # which also gives the lock back
