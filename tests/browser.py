"""A real server and a real Chromium, for tests that do what people do."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.finished import finished
from workshop import items, journal, store

ROOT = Path(__file__).parents[1]


def address_in_the_network() -> str | None:
    """This machine's own address as other machines see it, where there is a network. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # whatever leads elsewhere goes nowhere; a route through the tests would slow every request and keep no cache
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE {address_in_the_network()}",
)  # fmt: skip
PICTURES = Path(os.environ.get("THROUGHLINE_PICTURES") or ROOT / "tests" / "pictures")
LAPTOP, PROJECTOR, PHONE = (
    {"width": 1280, "height": 800}, {"width": 1920, "height": 1080}, {"width": 390, "height": 844},
)  # fmt: skip
# a machine that does much else beside the tests is slow, which says nothing about us
expect.set_options(timeout=15_000)
# Streamlit asks for these below the page's own address first, and finds them at the root afterwards
PROBES = ("/_stcore/host-config", "/_stcore/health")


class Server:
    """`streamlit run app.py` on a free port, with a library and a home of its own."""

    def __init__(self, library: Path, home: Path, **settings: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.library = library
        self.log = home / "server.log"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("THROUGHLINE")}
        self.environment |= {"THROUGHLINE_HOME": str(library), "HOME": str(home)} | settings
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urlopen(f"{self.url}/_stcore/health"):
                    return
            except URLError:
                time.sleep(0.05)
        raise AssertionError(self.said())

    def kill(self) -> None:
        """As when the power fails: nothing is tidied up."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self) -> str:
        """Everything it has written in its terminal."""
        return self.log.read_text("utf-8", "replace")


class Visitor:
    """One person's browser: remembers every address that it asked for and every complaint on its console."""

    def __init__(self, context: BrowserContext, server: Server):
        self.context, self.server = context, server
        self.asked: list[str] = []
        self.complaints: list[str] = []
        context.set_default_timeout(15_000)
        self.hears = {
            "request": lambda request: self.asked.append(request.url),
            "console": self._hear,
            "weberror": lambda error: self.complaints.append(str(error.error)),
            "dialog": lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()),
        }
        for event, heard in self.hears.items():
            context.on(event, heard)

    def _hear(self, message: ConsoleMessage) -> None:
        probe = "404" in message.text and urlsplit(message.location["url"]).path.endswith(PROBES)
        if message.type == "error" and not probe:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("data", "blob", "about", "file") or parts.port == self.server.port

    def leave(self) -> None:
        """Closes every window, in a browser that another person will use."""
        self.context.new_page()  # a browser without any window would end
        for page in self.context.pages[:-1]:
            page.close()
        for event, heard in self.hears.items():
            self.context.remove_listener(event, heard)
        self.context.clear_cookies()

    def has_met_no_fault(self) -> None:
        """Nothing went elsewhere, and nothing broke."""
        assert [url for url in self.asked if not self._is_own(url)] == []
        assert self.complaints == []

    def open(self, path: str, address: str = "") -> Page:
        """A new window of this browser."""
        page = self.context.new_page()
        page.goto((address or self.server.url) + path)
        return page


@contextmanager
def running(library: Path, home: Path, **settings: str) -> Iterator[Server]:
    home.mkdir(parents=True, exist_ok=True)
    server = Server(library, home, **settings)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="module")  # its event loop must not go on running under the tests of another file
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def profile(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser that keeps what it has loaded and compiled of Streamlit, which is most of what a new one does."""
    folder = tmp_path_factory.mktemp("profile")
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=[*FLAGS], viewport=LAPTOP
    )
    yield context
    context.close()


def settled(page: Page) -> Page:
    """The page once Streamlit has drawn all of it."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    return page


@contextmanager
def visiting(chromium: Browser, server: Server, **about) -> Iterator[Visitor]:
    """A person with a browser of their own. In the end nothing went elsewhere and nothing broke."""
    context = chromium.new_context(**{"viewport": LAPTOP} | about)
    visitor = Visitor(context, server)
    yield visitor
    context.close()
    visitor.has_met_no_fault()


# --- the fixtures of every journey ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a file of tests: its library is theirs (conftest.py), each workshop its own."""
    folder = tmp_path_factory.mktemp("house")
    with running(folder / "library", folder / "home") as server:
        yield server


@pytest.fixture
def server(house: Server) -> Iterator[Server]:
    """The house's server, which a test before may have killed."""
    if house.process.poll() is not None:
        house.start()
    said = len(house.said())
    yield house
    assert "Traceback" not in house.said()[said:]


@pytest.fixture
def visitor(profile: BrowserContext, server: Server) -> Iterator[Visitor]:
    visitor = Visitor(profile, server)
    yield visitor
    visitor.leave()
    visitor.has_met_no_fault()


@pytest.fixture
def beside(chromium: Browser, server: Server) -> Iterator[Visitor]:
    """A second person, or the second window on the projector."""
    with visiting(chromium, server) as visitor:
        yield visitor


@pytest.fixture
def bus() -> str:
    return finished("bus")


def do(code: str, handler, command):
    """What is done by somebody else."""
    with store.open(code) as db:
        return journal.act(db, journal.HOST, handler, command, f"{type(command).__name__} {{ref}}")


def rows(code: str, table: str) -> list[dict]:
    with store.open(code) as db:
        return items.list_items(db, table)


# --- what hands do ------------------------------------------------------------------------------------------------


def key(page: Page, name: str) -> Locator:
    """What is drawn under a key; while a run arrives, Streamlit keeps what was there beside what takes its place."""
    return page.locator(f".st-key-{name}:not([data-retained], [data-retained] *)")


def turn_to(page: Page, title: str) -> None:
    """By the navigation, where what does not fit is folded away and inert."""
    link = page.locator('[data-testid="stTopNavLink"]:not([inert], [inert] *)').filter(has_text=title)
    if not link.count():
        page.locator('[data-testid="stTopNavSection"]:not([inert], [inert] *)').last.click()
        link = page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title)
    # as slow as a finger: a field that is left with the click sends its words in the name of its page
    link.click(delay=70)


def fill(page: Page, step: str, **words: str) -> None:
    """Types into the editor's fields, by their labels with "_" for a space, and saves."""
    editor = key(settled(page), f"editor-{step}")
    for label, value in words.items():
        editor.get_by_label(label.replace("_", " "), exact=True).fill(value)
    editor.get_by_role("button", name=re.compile(r"^(Add|Save)\b")).click()


def write(page: Page, step: str, opener: Locator, **words: str) -> None:
    """Opens a form by its button, then fills it in."""
    open_editor(page, step, opener)
    fill(page, step, **words)


def open_editor(page: Page, step: str, opener: Locator) -> None:
    """Until the editor stands there alone: while a run arrives, the fields of the one before stand beside it."""
    opener.click()
    expect(key(page, f"close-{step}")).to_be_visible()
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    field, wanted = settled(page).get_by_role("combobox", name=label), page.get_by_role("option", name=option)
    field.scroll_into_view_if_needed()

    def opened() -> bool:  # a list that is opened while the page still moves is closed by it
        if not wanted.count():
            field.click()
            page.wait_for_timeout(300)
        return bool(wanted.count())

    until(page, opened)
    wanted.click()


def unfold(page: Page, title: str | re.Pattern[str], wanted: Locator) -> None:
    """Opens what is folded away; a fold that is clicked while a run arrives may be drawn anew, and closed."""

    def unfolded() -> bool:
        if not wanted.is_visible():
            settled(page).get_by_text(title).click()
            page.wait_for_timeout(800)
        return wanted.is_visible()

    until(page, unfolded)


def move(page: Page, name: str) -> None:
    """The host's next move, by the one button that names it; sooner it would be taken for a double click."""
    button = settled(page).locator(".st-key-move button, .st-key-next-step button").filter(has_text=name)
    button.wait_for()
    page.wait_for_timeout(600)
    button.click(delay=70)


def told(page: Page, what: str) -> None:
    """Waits until the page says that this has been stored: it is what can be undone now."""
    expect(key(page, "undo")).to_contain_text(what)


def prompt(page: Page, words: str) -> None:
    """The page with this prompt stands, and its own script is there: no person is quicker than that."""
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()
    listener = page.locator(".st-key-listener")
    expect(listener).to_be_attached()
    expect(listener).to_be_hidden()


def until(page: Page, true: Callable[[], bool], seconds: float = 10) -> None:
    """Waits for what no page shows."""
    for _try in range(int(seconds * 20)):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come true")
