"""A live room: from the host's commit to the changed shared screen in Chromium, and what a quiet room costs.

The commit is another process's, as a phone's or the command line's may be; this one holds the browser. The screen
has changed when the new minutes stand in its document. A quiet room is one host's page and three screens that listen,
with a running clock, while nobody does anything.
"""

import shutil
import statistics
import time

from playwright.sync_api import Browser, Page, sync_playwright

from bench import measure
from bench.measure import Report, Row, Unmeasured
from workshop import journal, room, samples, store

COMMITS, SCREENS, QUIET_SECONDS = 50, 3, 20
MOST_MEDIAN_MS, MOST_WORST_MS, MOST_CPU = 100.0, 500.0, 2.0
SEEN = "text => document.querySelector('.stage')?.textContent.includes(text)"


def run() -> Report:
    if not shutil.which("chromium"):
        raise Unmeasured("There is no chromium on the path.")
    with measure.library(), measure.server() as running, sync_playwright() as play:
        code = samples.load_sample("bus", journal.HOST)
        _act(code, room.go_to, room.GoTo("purpose"))
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            screen = _open(browser, running.port, "screen", code)
            screen.wait_for_selector(".stage")
            times = [_changed(screen, code, number) for number in range(COMMITS)]
            _act(code, room.start_step, room.StartStep())
            tabs = [screen, *(_open(browser, running.port, "screen", code) for _more in range(SCREENS - 1))]
            tabs.append(_open(browser, running.port, "purpose", code))
            time.sleep(3)
            before = measure.cpu_seconds(running.pid)
            time.sleep(QUIET_SECONDS)
            after = measure.cpu_seconds(running.pid)
            quiet = None if after is None else 100 * (after - before) / QUIET_SECONDS
        finally:
            browser.close()
    rows = [
        _row("commit to changed screen, median", 1000 * statistics.median(times), "ms", MOST_MEDIAN_MS),
        _row(f"commit to changed screen, worst of {COMMITS}", 1000 * max(times), "ms", MOST_WORST_MS),
        _row(f"a quiet room: one host, {SCREENS} screens", quiet, "% of a core", MOST_CPU),
    ]
    return Report("A live room", rows, [f"CPU is the server's, over {QUIET_SECONDS} s."])


def _open(browser: Browser, port: int, page: str, code: str) -> Page:
    tab = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    tab.goto(f"http://localhost:{port}/{page}?w={code}")
    tab.wait_for_selector(".stage, [data-testid=stSidebar] button", timeout=60_000)
    return tab


def _changed(screen: Page, code: str, number: int) -> float:
    """Seconds from the end of a commit to the words that it brought, on the screen."""
    words = f"in {number:03d}"
    _act(code, room.resume, room.Resume())
    time.sleep(0.6)  # longer than events are folded, so that each commit stands by itself
    began = time.perf_counter()
    _act(code, room.hold, room.Hold(words))
    screen.wait_for_function(SEEN, arg=words, polling=2)
    return time.perf_counter() - began


def _act(code: str, handler, command) -> None:
    with store.open(code) as db:
        journal.act(db, journal.HOST, handler, command, "{ref}")


def _row(what: str, figure: float | None, unit: str, limit: float) -> Row:
    holds = None if figure is None else figure < limit
    return {"what": what, "figure": figure, "unit": unit, "limit": limit, "holds": holds}
