"""A live room: from the host's commit to the changed shared screen in Chromium, and what a quiet room costs.

The host clicks “+1 minute” in a tab of the same browser. The commit's moment is the journal's; the screen has changed
when its document holds the new deadline. Both are this machine's clock. A quiet room is one host's page and three
screens that listen, with a running clock, while nobody does anything.
"""

import shutil
import statistics
import time
from datetime import datetime

from playwright.sync_api import Browser, Page, sync_playwright

from bench import measure
from bench.measure import Report, Row, Unmeasured
from workshop import journal, room, samples, store

COMMITS, SCREENS, QUIET_SECONDS = 50, 3, 20
MOST_MEDIAN_MS, MOST_WORST_MS, MOST_CPU = 100.0, 500.0, 2.0
DEADLINE = "document.querySelector('.stage [data-deadline]')?.dataset.deadline"
CHANGED = f"old => {DEADLINE} !== undefined && {DEADLINE} !== old && Date.now()"


def run() -> Report:
    if not shutil.which("chromium"):
        raise Unmeasured("There is no chromium on the path.")
    with measure.library(), measure.server() as running, sync_playwright() as play:
        code = samples.load_sample("bus", journal.HOST)
        _act(code, room.go_to, room.GoTo("purpose"))
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            host = _open(browser, running.port, "purpose", code)
            _act(code, room.start_step, room.StartStep())
            screen = _open(browser, running.port, "screen", code)
            screen.wait_for_function(f"{DEADLINE} !== undefined")
            times = [_changed(host, screen, code) for _commit in range(COMMITS)]
            for _more in range(SCREENS - 1):
                _open(browser, running.port, "screen", code)
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


def _changed(host: Page, screen: Page, code: str) -> float:
    """Seconds from a commit to the screen that shows it."""
    old = screen.evaluate(DEADLINE)
    host.get_by_role("button", name="+1", exact=True).click()
    seen = screen.wait_for_function(CHANGED, arg=old, polling="raf").json_value()
    with store.open(code) as db:
        committed = datetime.fromisoformat(journal.list_journal(db, 1)[0].at).timestamp()
    time.sleep(0.6)  # longer than events are folded, so that each commit stands by itself
    return seen / 1000 - committed


def _act(code: str, handler, command) -> None:
    with store.open(code) as db:
        journal.act(db, journal.HOST, handler, command, "{ref}")


def _row(what: str, figure: float | None, unit: str, limit: float) -> Row:
    holds = None if figure is None else figure < limit
    return {"what": what, "figure": figure, "unit": unit, "limit": limit, "holds": holds}
