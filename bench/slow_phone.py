"""A phone's page in Chromium at a processor four times slower: how soon it can be used, and how much it loads.

It can be used once the script has run: from then on every tap is kept. The first time nothing of it is on the phone.
"""

import shutil
from statistics import median

from playwright.sync_api import Browser, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SLOWER, TIMES = 4, 7
PHONE = {"width": 390, "height": 844}
USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
LOADED = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .filter(({ name }) => !name.endsWith('/live')).reduce((all, { transferSize }) => all + transferSize, 0)"""


def look(port: int, cookie: str) -> tuple[float, float, float] | None:
    """(ms the first time, ms with script and looks kept, KB loaded the first time); None without Chromium."""
    if not shutil.which("chromium"):
        return None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS])
        try:
            first, kept, loaded = zip(*(_load(browser, port, cookie) for _time in range(TIMES)), strict=True)
        finally:
            browser.close()
    return median(first), median(kept), max(loaded)


def _load(browser: Browser, port: int, cookie: str) -> tuple[float, float, float]:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    context.add_cookies([{"name": "throughline_phone", "value": cookie, "url": f"http://127.0.0.1:{port}"}])
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    figures = []
    for _visit in range(2):
        page.goto(f"http://127.0.0.1:{port}/phone", wait_until="load")
        figures += [page.evaluate(USABLE), page.evaluate(LOADED) / 1000]
    context.close()
    return figures[0], figures[2], figures[1]
