"""News: who hears of a new revision, how soon, and what the listener in the browser does with it."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from workshop import hosts, live, store

ROOT = Path(__file__).parents[1]
CODE, OTHER = "QB3BC3W9", "ZZ3BC3W9"


# The subscription


def heard(tell, seconds: float, code: str = CODE, deaf_to: str = "") -> list[tuple[float, dict]]:
    """What one listener hears, with the seconds since it began to listen, while `tell` runs in another thread."""

    async def listen() -> list[tuple[float, dict]]:
        events, began = [], time.monotonic()
        with live.listen(code, deaf_to) as news:
            teller = threading.Thread(target=tell)
            teller.start()
            try:
                async with asyncio.timeout(seconds):
                    async for event in news:
                        events.append((time.monotonic() - began, event))
            except TimeoutError:
                pass
        teller.join()
        return events

    # apart, because a browser in the same worker keeps a loop of its own running here
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(listen())).result()


def test_the_first_event_comes_at_once():
    [(after, event)] = heard(lambda: live.tell(CODE, {"revision": 2}), 0.2)
    assert event == {"revision": 2}
    assert after < 0.1


def test_of_many_events_in_a_row_the_newest_is_heard_and_few_others():
    def tell() -> None:
        for revision in range(1, 101):
            live.tell(CODE, {"revision": revision})
            time.sleep(0.005)

    events = heard(tell, 1.2)
    assert events[-1][1] == {"revision": 100}
    assert len(events) <= events[-1][0] / 0.25 + 1.5, "one at once, then one in each quarter of a second"
    assert all(later - earlier >= 0.24 for (earlier, _a), (later, _b) in pairwise(events))


def test_a_reveal_is_not_hidden_by_the_rating_after_it():
    def tell() -> None:
        live.tell(CODE, {"revision": 1, "topic": "answers"})
        time.sleep(0.05)
        live.tell(CODE, {"revision": 2, "topic": "room"})
        live.tell(CODE, {"revision": 3, "topic": "answers"})

    events = [event for _after, event in heard(tell, 0.6)]
    assert events == [{"revision": 1, "topic": "answers"}, {"revision": 3, "topic": "room"}]


def test_a_phone_sleeps_through_the_answers_of_others():
    def tell() -> None:
        live.tell(CODE, {"revision": 1, "topic": "answers"})
        live.tell(CODE, {"revision": 2, "topic": "room"})
        live.tell(CODE, {"revision": 3, "topic": "answers"})

    assert [event for _after, event in heard(tell, 0.4, deaf_to="answers")] == [{"revision": 2, "topic": "room"}]


def test_only_the_listeners_of_a_workshop_hear_its_news():
    assert heard(lambda: live.tell(OTHER, {"revision": 2}), 0.2) == []


def test_whoever_has_left_is_not_listened_for():
    seen = []
    heard(lambda: seen.append(live.listened()), 0.1)
    assert seen == [{CODE}]
    assert live.listened() == set()
    live.tell(CODE, {"revision": 1})  # to a loop that is closed


def test_a_commit_wakes_the_keeper_at_once():
    live.wait(0)
    threading.Timer(0.05, live.committed, [CODE]).start()
    began = time.monotonic()
    assert live.wait(5) == {CODE}
    assert time.monotonic() - began < 0.5
    assert live.wait(0) == set()


def test_commits_before_the_wait_are_not_lost():
    live.wait(0)
    live.committed(CODE)
    live.committed(OTHER)
    assert live.wait(5) == {CODE, OTHER}


def test_the_keeper_can_be_woken_with_nothing_new():
    live.wait(0)
    threading.Timer(0.05, live.wake).start()
    began = time.monotonic()
    assert live.wait(5) == set()
    assert time.monotonic() - began < 0.5


# A real server

SERVER = """
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from pages import door, live
from workshop import keeper

live.STREAMS_PER_ADDRESS = 3

@asynccontextmanager
async def lifespan(_app):
    keeper.start()
    yield
    keeper.stop()

app = st.App("frame.py", routes=live.ROUTES, middleware=[Middleware(door.Door)], lifespan=lifespan)
"""
FRAME = '''
import streamlit as st

from pages import door
from pages.live import listener
from workshop import store

st.session_state.runs = st.session_state.get("runs", 0) + 1
code = st.query_params["w"]
with store.open(code) as db:
    revision = store.revision(db)


def act():
    with store.open(code) as db, store.change(db, "host", "act"):
        pass


listener(code, revision, over="Time. Finish your sentence.")
st.text(f"{door.role()} run {st.session_state.runs} revision {revision}")
st.text_area("Words")
st.button("Act", on_click=act)
st.html("""<b id="figures" data-clock="mm:ss" data-deadline="2020-01-01T00:00:00Z">-</b>
    <b id="words" data-clock="minutes" data-deadline="2020-01-01T00:00:00Z">-</b>
    <b id="later" data-clock="mm:ss" data-deadline="2999-01-01T00:00:00Z">-</b>
    <b id="back" data-clock="minutes" data-started="2999-01-01T00:00:00Z" data-deadline="2999-01-01T00:08:00Z">-</b>
    <div id="bar" data-passed data-started="2019-01-01T00:00:00Z" data-deadline="2020-01-01T00:00:00Z"></div>""")
'''


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder: Path, port: int):
        self.folder, self.port, self.url = folder, port, f"http://localhost:{port}"
        (folder / "server.py").write_text(SERVER)
        (folder / "frame.py").write_text(FRAME)
        self.start()

    def start(self) -> None:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "THROUGHLINE_HOME": str(self.folder / "library")}
        command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", str(self.port)]
        command += [
            "--server.headless",
            "true",
            "--browser.gatherUsageStats",
            "false",
            "--logger.hideWelcomeMessage",
            "1",
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        for _try in range(100):
            try:
                if httpx.get(f"{self.url}/_stcore/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> float:
        """Ctrl-C; gives the seconds until it is gone."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(15)
        finally:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - began


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "library"))
    monkeypatch.delenv("THROUGHLINE_HOST_KEY", raising=False)
    running = Server(tmp_path, free_port())
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def code(server) -> str:
    with store.creating("A workshop") as (code, db), store.change(db, "host", "made"):
        db.execute("INSERT INTO workshop (id, code, title) VALUES (1, ?, 'A workshop')", [code])
    return code


def act(code: str) -> None:
    with store.open(code) as db, store.change(db, "host", "done in another process"):
        pass


def events(answer: httpx.Response) -> Iterator[dict]:
    return (json.loads(line.removeprefix("data:")) for line in answer.iter_lines() if line.startswith("data:"))


def test_a_stream_says_where_the_workshop_stands_and_then_each_commit_of_another_process(server, code):
    with httpx.stream("GET", f"{server.url}/live/{code}", timeout=5) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-content-type-options"] == "nosniff"
        news = events(answer)
        assert next(news)["revision"] == 1
        act(code)
        began = time.monotonic()
        event = next(event for event in news if event["revision"] == 2)
        assert time.monotonic() - began < 1
        assert set(event) == {"revision", "topic", "deadline", "ready", "joined", "now", "server"}


def test_a_workshop_that_does_not_exist_has_no_stream(server):
    for unknown in (CODE, "x", "..%2F..", "%00"):
        answer = httpx.get(f"{server.url}/live/{unknown}")
        assert answer.status_code in (400, 404)
        assert "Traceback" not in answer.text


def test_whoever_is_not_let_in_hears_nothing(server, code):
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    assert httpx.get(f"{server.url}/live/{code}", headers=forwarded).status_code == 403
    token = hosts.enter(store.library(), hosts.make_link(store.library(), code, "screen"))
    screen = forwarded | {"Cookie": f"throughline={token}"}
    with httpx.stream("GET", f"{server.url}/live/{code}", headers=screen, timeout=5) as answer:
        news = events(answer)
        assert next(news)["revision"] == 1
        hosts.withdraw_links(store.library(), code, "screen")
        act(code)
        assert len(list(news)) == 1, "it is told once more, so that it sees itself out, and then the stream ends"


def test_one_address_cannot_take_every_stream(server, code):
    token = hosts.enter(store.library(), hosts.make_link(store.library(), code, "screen"))
    address = f"http://{lan_address()}:{server.port}/live/{code}"
    with httpx.Client(headers={"Cookie": f"throughline={token}"}, timeout=5) as client:
        streams = [client.send(client.build_request("GET", address), stream=True) for _number in range(3)]
        held = [events(stream) for stream in streams]  # a forgotten iterator would close its stream
        assert [next(news)["revision"] for news in held] == [1, 1, 1]
        refused = client.get(address)
        assert refused.status_code == 503
        assert "\n" not in refused.text
        streams[0].close()
        time.sleep(0.3)
        with client.stream("GET", address) as again:
            assert again.status_code == 200
        for stream in streams:
            stream.close()


def lan_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            pytest.skip("there is no network here")
        if probe.getsockname()[0].startswith("127."):
            pytest.skip("there is no network here")
        return probe.getsockname()[0]


def test_open_streams_do_not_hold_up_the_end(server, code):
    with httpx.Client(timeout=10) as client:
        streams = [
            client.send(client.build_request("GET", f"{server.url}/live/{code}"), stream=True) for _n in range(20)
        ]
        held = [events(stream) for stream in streams]  # a forgotten iterator would close its stream
        assert all(next(news)["revision"] == 1 for news in held)
        assert server.stop() < 10, "a stream that holds up the end holds it for ever"
    assert "Traceback" not in (server.folder / "log").read_text()


# The listener, in a browser


@pytest.fixture
def page(server, code):
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("there is no Chromium here")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.goto(f"{server.url}/?w={code}")
        page.get_by_text("run 1 revision 1").wait_for()
        page.wait_for_timeout(700)  # the stream is open, and its first event asked for nothing
        assert page.get_by_text("host run 1 revision 1").is_visible()
        yield page
        browser.close()


def test_news_bring_a_new_run_and_keep_what_is_half_typed(page, code):
    field = page.get_by_label("Words")
    field.click()
    field.type("half a sen")
    act(code)
    page.get_by_text("run 2 revision 2").wait_for(timeout=3000)
    field.type("tence")
    assert field.input_value() == "half a sentence"


def test_ones_own_action_brings_one_run_and_not_two(page):
    page.get_by_role("button", name="Act").click()
    page.get_by_text("run 2 revision 2").wait_for(timeout=3000)
    page.wait_for_timeout(1500)
    assert page.get_by_text("run 2 revision 2").is_visible()


def test_clocks_are_painted_without_a_run(page):
    assert page.locator("#figures").inner_text() == "0:00"
    assert page.locator("#words").inner_text() == "Time. Finish your sentence."
    assert page.evaluate("document.getElementById('bar').style.width") == "100%"
    assert page.locator("#back").inner_text() == "8 min left", "the machine's clock was set back: all of it, not more"
    before = page.locator("#later").inner_text()
    page.wait_for_timeout(1200)
    assert page.locator("#later").inner_text() != before
    assert page.get_by_text("run 1").is_visible()


def test_a_hidden_tab_holds_no_stream_and_catches_up_when_it_is_seen(page, code):
    turn = "hidden => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});" \
           "document.dispatchEvent(new Event('visibilitychange')) }"  # fmt: skip
    page.evaluate(turn, True)
    act(code)
    page.wait_for_timeout(1000)
    assert page.get_by_text("run 1 revision 1").is_visible()
    page.evaluate(turn, False)
    page.get_by_text("run 2 revision 2").wait_for(timeout=3000)


def test_a_lost_connection_is_said_and_found_again(page, server, code):
    field = page.get_by_label("Words")
    field.click()
    field.type("half typed")
    server.stop()
    page.wait_for_selector("body[data-connection=lost]", state="attached", timeout=13000)
    assert page.locator(".lost-connection").inner_text().startswith("No connection. What was saved is safe")
    assert page.get_by_role("dialog").count() == 0, "Streamlit's box speaks to programmers and takes the keyboard away"
    server.start()
    page.wait_for_selector("body:not([data-connection])", state="attached", timeout=13000)
    act(code)
    page.get_by_text("revision 2").wait_for(timeout=5000)
    assert field.input_value() == "half typed"
    assert page.locator(".lost-connection").count() == 0


FEEBLE = """
    const sockets = window.sockets = [], Whole = WebSocket;
    window.WebSocket = class extends Whole {
        constructor(address, ...rest) {
            super(window.away ? address.replace(/:[0-9]+/, ":1") : address, ...rest);
            sockets.push(this);
        }
    };
"""


def test_what_is_heard_while_the_page_cannot_ask_is_asked_for_as_soon_as_it_can(page, code):
    page.add_init_script(FEEBLE)
    page.reload()
    page.get_by_text("run 1 revision 1").wait_for()
    page.evaluate("away = true; sockets.forEach(one => one.close())")
    page.locator("[data-test-connection-state]:not([data-test-connection-state=CONNECTED])").wait_for()
    act(code)
    page.wait_for_timeout(1000)  # the stream is whole, and has told it
    assert page.get_by_text("revision 2").count() == 0
    page.evaluate("away = false")
    page.get_by_text("revision 2").wait_for(timeout=15000)
    assert page.locator(".lost-connection").count() == 0
