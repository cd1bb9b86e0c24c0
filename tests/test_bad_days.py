"""Bad days: the server is killed in the middle of a vote; a page meets what nobody foresaw."""

import secrets
import threading
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser import CHROMIUM, PROJECTOR, chromium, house, key, playwright, running, visiting  # noqa: F401
from workshop import joining, journal, room, store
from workshop.activities import (
    OpenActivity,
    get_current,
    get_results,
    get_task,
    open_activity,
    reveal_activity,
)
from workshop.activities.course import RevealActivity
from workshop.steps.purpose import AddPurpose, add_purpose

PHONES, ENOUGH = 8, 60  # the server is killed after so many acknowledged ballots


class Phone:
    """Somebody who votes again and again, and keeps the last ballot until it was acknowledged."""

    def __init__(self, url: str, code: str, activity: int, token: str):
        self.url, self.activity = url, activity
        self.cookie = f"throughline_phone={code}.{token}"
        self.acknowledged: dict[str, str] = {}
        self.on_its_way: dict[str, str] = {}

    def vote(self, number: int) -> None:
        ballot = {f"n-P{1 + number % 3}": "2", f"n-P{1 + (number + 1) % 3}": "1"}
        self.on_its_way = ballot | {"activity": str(self.activity), "key": secrets.token_urlsafe(16)}
        self.send()

    def send(self) -> None:
        headers = {"Cookie": self.cookie, "Accept": "application/json", "Origin": self.url}
        body = urlencode(self.on_its_way).encode()
        with urlopen(Request(f"{self.url}/phone/vote", body, headers), timeout=10):
            self.acknowledged, self.on_its_way = self.on_its_way, {}


def dots(ballot: dict[str, str]) -> dict[str, int]:
    return {name.removeprefix("n-"): int(value) for name, value in ballot.items() if name.startswith("n-")}


def test_a_server_killed_in_the_middle_of_a_vote_loses_and_doubles_nothing(library, tmp_path, code):
    tokens = [joining.new_token() for _phone in range(PHONES)]
    with store.open(code) as db:
        key = joining.get_entrance(db)["join_code"]
        for text in ("I want one", "I want two", "I want three"):
            journal.act(db, "host", add_purpose, AddPurpose(level="small", text=text), "x")
        who = [journal.act(db, "room", joining.come_in, joining.ComeIn(key, token), "x") for token in tokens]
        journal.act(db, "host", room.go_to, room.GoTo("purpose"), "x")
        command = OpenActivity(step="purpose", kind="vote", prompt="Which?", minutes=5,
                               settings={"targets": ["P1", "P2", "P3"], "dots": 3, "cap": 2})  # fmt: skip
        activity = journal.act(db, "host", open_activity, command, "x")
        deadline = get_current(db)["deadline"]
    with running(library, tmp_path / "home") as server:
        phones = [Phone(server.url, code, activity, token) for token in tokens]
        counted, enough = [], threading.Event()

        def go_on(phone: Phone) -> None:
            for number in range(50):
                try:
                    phone.vote(number)
                except (URLError, OSError):  # the server is gone
                    return
                counted.append(phone)
                if len(counted) >= ENOUGH:
                    enough.set()

        threads = [threading.Thread(target=go_on, args=(phone,)) for phone in phones]
        for thread in threads:
            thread.start()
        assert enough.wait(60), server.said()
        server.kill()
        for thread in threads:
            thread.join()
        with store.open(code) as db:
            now = get_current(db)
            assert (now["id"], now["state"], now["deadline"]) == (activity, "open", deadline)
            for phone, person in zip(phones, who, strict=True):
                stored = get_task(db, person).own
                assert stored in (dots(phone.acknowledged), dots(phone.on_its_way)), "what was acknowledged is there"
            revision = store.revision(db)
        server.start()
        for phone in phones:
            if phone.on_its_way:
                phone.send()
        with store.open(code) as db:
            assert [get_task(db, person).own for person in who] == [dots(phone.acknowledged) for phone in phones]
            assert store.revision(db) - revision <= PHONES, "what had been stored already is not stored again"
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            journal.act(db, "host", reveal_activity, RevealActivity(activity), "x")
            found = get_results(db, activity)
            assert (found.answered, sum(row["dots"] for row in found.rows)) == (PHONES, 3 * PHONES)


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: no journey in a browser")
def test_a_page_that_breaks_says_one_calm_sentence_and_comes_back(chromium, house, code):  # noqa: F811
    def do(handler, command) -> int:
        with store.open(code) as db:
            return journal.act(db, "host", handler, command, "x")

    def settings(text: str) -> None:
        with store.open(code) as db, store.change(db, "host", "x"):
            db.execute("UPDATE activity SET settings = ? WHERE id = ?", [text, asked])

    do(room.go_to, room.GoTo("opening"))
    command = OpenActivity(step="opening", kind="pulse", prompt="Do you believe it?", minutes=5,
                           settings={"scale": "number"})  # fmt: skip
    asked = do(open_activity, command)
    with store.open(code) as db:
        [sound] = db.execute("SELECT settings FROM activity WHERE id = ?", [asked]).fetchone()
    do(reveal_activity, RevealActivity(asked))
    with visiting(chromium, house) as host, visiting(chromium, house, viewport=PROJECTOR) as beside:
        screen = beside.open(f"/screen?w={code}")
        expect(screen.locator(".screen")).to_contain_text("Do you believe it?")
        # what Streamlit says in a box of its own after ten seconds without a server is nothing for the room
        box = "<div data-testid='stDialog'>Connection error: streamlit run yourscript.py</div>"
        screen.evaluate("box => document.body.insertAdjacentHTML('beforeend', box)", box)
        expect(screen.get_by_text("yourscript.py")).to_be_hidden()
        settings("{}")  # which no program of ours wrote
        page = host.open(f"/opening?w={code}")
        again = page.get_by_role("button", name="Show this page again")
        expect(again).to_be_visible()
        expect(screen.locator(".screen")).to_contain_text("One moment, please.")
        for one in (page, screen):
            expect(one.get_by_text("encountered an error")).to_have_count(0)
            expect(one.get_by_text("ChatGPT")).to_have_count(0)
        settings(sound)
        again.click()
        expect(key(page, "move")).to_be_visible()
        expect(again).to_have_count(0)
        expect(screen.locator(".screen")).to_contain_text("Do you believe it?")
    assert "KeyError" in house.said(), "what happened is in the terminal"
