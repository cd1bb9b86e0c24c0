"""`look.py ADDRESS PID`: waits for the server of this process and looks at its lobby in Chromium, as a visitor does."""

import os
import shutil
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

HEADING = "From purpose to the concepts that keep it."
INSTALL_SECONDS, DRAW_SECONDS = 300, 60
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def wait_for(address: str, server: int) -> None:
    """Until the page answers: installing comes first."""
    until = time.monotonic() + INSTALL_SECONDS
    while time.monotonic() < until:
        try:
            os.kill(server, 0)
        except ProcessLookupError:
            sys.exit("The server has ended.")
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except OSError:
            time.sleep(0.5)
    sys.exit(f"Nothing answers at {address} after {INSTALL_SECONDS} seconds.")


def look(address: str) -> None:
    """Demands the heading, the form and no error; gives up with what the page shows instead."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(DRAW_SECONDS * 1000)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        try:
            page.get_by_role("heading", name=HEADING).wait_for()
            page.get_by_role("button", name="Create workshop").wait_for()
        except Exception:
            sys.exit(f"The lobby was not drawn. The page says:\n{page.inner_text('body')}")
        if page.get_by_test_id("stException").count():
            sys.exit(f"The lobby shows an error:\n{page.inner_text('body')}")
        elsewhere = [url for url in asked if url.startswith(("http", "ws")) and address.split("//")[1] not in url]
        if elsewhere:
            sys.exit(f"The page asks other hosts: {elsewhere}")
        print(f"The lobby is drawn: “{HEADING}”")
        browser.close()


wait_for(sys.argv[1], int(sys.argv[2]))
look(sys.argv[1])
