"""A thousand phones: every one listens, together they write 60 entries a second; the same while the server is killed
four times; 300 of them beside 50 tabs of the host's pages; and one in Chromium, on a slow processor.

Raw sockets: an HTTP library as the load would measure itself. Server and phones share this machine. An entry is sent
again with its key until it is acknowledged, as a phone does, and counts from its first sending. At the end the file
says what was lost and what is there twice.
"""

import asyncio
import json
import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench import measure, slow_phone
from bench.client import Session
from bench.measure import Report, Row, Server, Unmeasured, p95
from workshop import activities, joining, journal, room, samples, store
from workshop.activities import OpenActivity
from workshop.joining import ComeIn

PHONES, A_SECOND, SECONDS, KILLS = 1000, 60, 60, 4
BESIDE, TABS, RERUN_EVERY = 300, 50, 10
MOST_ENTRY_MS, MOST_EVENT_MS, MOST_RERUN_MS, MOST_USABLE_MS = 250.0, 400.0, 300.0, 300.0
MOST_KB, MOST_PAGE_KB, MOST_LOADED_KB = 60.0, 30.0, 120.0
RETRY = (1.0, 2.0, 4.0)
PATIENCE = 10


@dataclass
class Found:
    """Milliseconds of every entry, event and move of the host, and the texts that were acknowledged."""

    entries: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    told: dict[int, float] = field(default_factory=dict)  # revision → when it was committed


def run() -> Report:
    with measure.library():
        code, tokens, activity = _room()
        rows = _alone(code, tokens, activity)
        rows += _killed(code, tokens, activity)
        rows += _beside(code, tokens, activity)
    load = f" Load average: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores." if hasattr(os, "getloadavg") else ""
    notes = [f"{A_SECOND} entries a second for {SECONDS} s each, on the same machine as the phones.{load}"]
    return Report("Phones", rows, notes)


def _room() -> tuple[str, list[str], int]:
    """A workshop with a thousand people in it who are asked to write."""
    code = samples.load_sample("bus", journal.HOST)
    tokens = [joining.new_token() for _phone in range(PHONES)]
    with store.open(code) as db:
        key = joining.get_entrance(db)["join_code"]
        for token in tokens:
            journal.act(db, activities.ROOM, joining.come_in, ComeIn(key, token), "Somebody came in")
        journal.act(db, journal.HOST, room.go_to, room.GoTo("purpose"), "Went")
        command = OpenActivity(step="purpose", kind="write", prompt="What do you want?", minutes=60)
        return code, tokens, journal.act(db, journal.HOST, activities.open_activity, command, "Opened")


# --- the three rooms ---------------------------------------------------------------------------------------------


def _alone(code: str, tokens: list[str], activity: int) -> list[Row]:
    with measure.server() as running:
        before = measure.resident_mb(running.pid)
        page = asyncio.run(_ask(running.port, code, tokens[0], "GET", "/phone"))[1]
        slow = slow_phone.look(running.port, f"{code}.{tokens[0]}") or (None, None, None)
        found, after = asyncio.run(_write_and_listen(running, code, tokens, activity))
    kb = (after - before) * 1000 / PHONES if before and after else None
    return [
        _row(f"{PHONES} phones: an entry, p95", p95(found.entries), "ms", MOST_ENTRY_MS),
        _row("from a commit to the event on a phone, p95", p95(found.events), "ms", MOST_EVENT_MS),
        _row("memory for each phone", kb, "KB", MOST_KB),
        _row("the host's move meanwhile, p95", p95(found.moves), "ms"),
        _row("first page", len(page) / 1000, "KB", MOST_PAGE_KB),
        _row("all that a phone loads", slow[2], "KB", MOST_LOADED_KB),
        _row(f"page usable at a {slow_phone.SLOWER}× slower processor, first time", slow[0], "ms", MOST_USABLE_MS),
        _row(f"page usable at a {slow_phone.SLOWER}× slower processor, again", slow[1], "ms", MOST_USABLE_MS),
        *_lost_and_doubled(code, found, "in that minute"),
    ]


def _killed(code: str, tokens: list[str], activity: int) -> list[Row]:
    port = measure.free_port()
    found = asyncio.run(_write_while_killed(port, code, tokens, activity))
    return [
        _row(f"{KILLS} kills of the server: an entry, p95", p95(found.entries), "ms"),
        *_lost_and_doubled(code, found, f"over {KILLS} kills"),
    ]


def _beside(code: str, tokens: list[str], activity: int) -> list[Row]:
    with measure.server() as running:
        found, reruns = asyncio.run(_write_beside_tabs(running, code, tokens[:BESIDE], activity))
    return [
        _row(f"{BESIDE} phones beside {TABS} tabs: a rerun, p95", p95(reruns), "ms", MOST_RERUN_MS),
        _row("an entry, p95", p95(found.entries), "ms", MOST_ENTRY_MS),
        *_lost_and_doubled(code, found, "beside tabs"),
    ]


async def _write_and_listen(running: Server, code: str, tokens: list[str], activity: int) -> tuple[Found, float | None]:
    found = Found()
    async with _listening(running.port, code, tokens, found):
        after = measure.resident_mb(running.pid)
        teller = asyncio.create_task(_move_the_room(code, found))
        await _write(running.port, code, tokens, activity, found, A_SECOND)
        teller.cancel()
    return found, after


async def _write_while_killed(port: int, code: str, tokens: list[str], activity: int) -> Found:
    found = Found()
    writing = asyncio.create_task(_write(port, code, tokens, activity, found, A_SECOND))
    for _kill in range(KILLS + 1):
        with measure.server(port=port) as running:
            await asyncio.sleep(SECONDS / (KILLS + 1))
            if _kill == KILLS:
                await writing
            else:
                os.kill(running.pid, signal.SIGKILL)
    return found


async def _write_beside_tabs(
    running: Server, code: str, tokens: list[str], activity: int
) -> tuple[Found, list[float]]:
    found, reruns, tabs = Found(), [], [Session(running.port, "purpose", f"w={code}") for _tab in range(TABS)]
    for tab in tabs:
        await tab.__aenter__()

    async def rerun(tab: Session) -> None:
        await asyncio.sleep(random.uniform(0, RERUN_EVERY))
        while True:
            reruns.append(await tab.rerun() * 1000)
            await asyncio.sleep(RERUN_EVERY)

    async with _listening(running.port, code, tokens, found):
        turning = [asyncio.create_task(rerun(tab)) for tab in tabs]
        await _write(running.port, code, tokens, activity, found, A_SECOND * BESIDE // PHONES)
        for one in turning:
            one.cancel()
    for tab in tabs:
        await tab.__aexit__()
    return found, reruns


async def _move_the_room(code: str, found: Found) -> None:
    """The host gives one more minute every second, in a process of its own: this one."""

    def add_minute() -> None:
        began = time.perf_counter()
        with store.open(code) as db:
            journal.act(db, journal.HOST, room.add_minutes, room.AddMinutes(1), "One more minute")
            found.moves.append((time.perf_counter() - began) * 1000)
            found.told[store.revision(db)] = time.perf_counter()  # its own or a later one: never too early

    while True:
        await asyncio.sleep(1)
        await asyncio.to_thread(add_minute)


# --- a phone -----------------------------------------------------------------------------------------------------


async def _write(port: int, code: str, tokens: list[str], activity: int, found: Found, a_second: int) -> None:
    begin, entries = time.perf_counter(), []
    for number in range(a_second * SECONDS):
        await asyncio.sleep(max(0.0, begin + number / a_second - time.perf_counter()))
        entries.append(asyncio.create_task(_entry(port, code, random.choice(tokens), activity, found)))
    await asyncio.gather(*entries)


async def _entry(port: int, code: str, token: str, activity: int, found: Found) -> None:
    """One entry, until it is acknowledged."""
    text, began, tries = secrets.token_hex(8), time.perf_counter(), 0
    form = urlencode({"activity": activity, "text": text, "key": secrets.token_urlsafe(16)})
    while True:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            async with asyncio.timeout(PATIENCE):
                status, body = await _ask(port, code, token, "POST", "/phone/write", form)
            if status == 200:
                found.entries.append((time.perf_counter() - began) * 1000)
                found.sent.append(text)
                return
            if status not in (429, 503):
                raise Unmeasured(f"An entry was answered with {status}: {body[:200]!r}")
        await asyncio.sleep(RETRY[min(tries, len(RETRY) - 1)])
        tries += 1


async def _ask(port: int, code: str, token: str, how: str, path: str, form: str = "") -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(_head(port, code, token, how, path, form) + form.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), await reader.read()
    finally:
        writer.close()


def _head(port: int, code: str, token: str, how: str, path: str, form: str = "", stays: bool = False) -> bytes:
    lines = [
        f"{how} {path} HTTP/1.1", f"Host: localhost:{port}", f"Cookie: throughline_phone={code}.{token}",
        "Accept: application/json", f"Connection: {'keep-alive' if stays else 'close'}",
    ]  # fmt: skip
    if form:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    return "\r\n".join([*lines, "", ""]).encode()


@asynccontextmanager
async def _listening(port: int, code: str, tokens: list[str], found: Found) -> AsyncIterator[None]:
    """Every phone has heard where the room stands, and listens on."""
    heard = [asyncio.Event() for _token in tokens]
    listening = []
    for token, first in zip(tokens, heard, strict=True):
        listening.append(asyncio.create_task(_listen(port, code, token, first, found)))
        await asyncio.sleep(0.003)  # people do not come in within the same moment
    async with asyncio.timeout(60):
        await asyncio.gather(*(first.wait() for first in heard))
    yield
    for one in listening:
        one.cancel()
    await asyncio.gather(*listening, return_exceptions=True)


async def _listen(port: int, code: str, token: str, first: asyncio.Event, found: Found) -> None:
    """An event carries the revision of the file then, so it tells of every move up to that one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = 0
    try:
        writer.write(_head(port, code, token, "GET", "/phone/live", stays=True))
        while line := await reader.readline():
            if line.startswith(b'data: {"revision"'):
                now, revision = time.perf_counter(), json.loads(line[6:])["revision"]
                if first.is_set():
                    found.events += [(now - at) * 1000 for told, at in found.told.items() if heard < told <= revision]
                heard = revision
                first.set()
    finally:
        writer.close()


# --- what came of it ---------------------------------------------------------------------------------------------


def _lost_and_doubled(code: str, found: Found, when: str) -> list[Row]:
    with store.open(code) as db:
        [activity] = [one["id"] for one in activities.list_activities(db) if one["prompt"] == "What do you want?"]
        there = Counter(one["text"] for one in activities.list_for_host(db, activity))
    lost = sum(there[text] == 0 for text in found.sent)
    doubled = sum(there[text] > 1 for text in found.sent)
    return [
        _row(f"entries {when}", float(len(found.sent)), ""),
        _row(f"lost {when}", float(lost), "", 0.0),
        _row(f"doubled {when}", float(doubled), "", 0.0),
    ]


def _row(what: str, figure: float | None, unit: str, limit: float | None = None) -> Row:
    holds = None if figure is None or limit is None else figure <= limit
    return {"what": what, "figure": figure, "unit": unit, "limit": limit, "holds": holds}
