"""A server started by `streamlit run app.py`: how soon the first page is there, and how much memory it takes.

The first page is there when the address answers, and drawn when a tab has the lobby's last element. Idle is a few
seconds later, before anybody has come.
"""

import asyncio
import time

from bench import measure
from bench.client import Session
from bench.measure import Report, Row
from workshop import journal, samples

MOST_IDLE_MB = 250.0
IDLE_SECONDS = 3
RERUNS = 20


def run() -> Report:
    with measure.library():
        code = samples.load_sample("bus", journal.HOST)
        with measure.server() as running:
            answered = time.perf_counter() - running.started
            time.sleep(IDLE_SECONDS)
            idle = measure.resident_mb(running.pid)
            asyncio.run(_visit(running.port, "purpose", f"w={code}"))
            visited = measure.resident_mb(running.pid)
            asyncio.run(_visit(running.port, "ranking", f"w={code}", RERUNS))
            charted = measure.resident_mb(running.pid)
        with measure.server() as running:
            asyncio.run(_visit(running.port))
            drawn = time.perf_counter() - running.started
    rows = [
        _row("from start to the first answer", answered, "s"),
        _row("from start to the lobby, drawn", drawn, "s"),
        _row("resident, idle", idle, "MB", MOST_IDLE_MB),
        _row("resident, after one session has drawn a page", visited, "MB"),
        _row(f"resident, after {RERUNS} reruns of the ranking", charted, "MB"),
    ]
    return Report("The server", rows, ["MB are millions of bytes."])


async def _visit(port: int, page: str = "", query: str = "", reruns: int = 0) -> None:
    async with Session(port, page, query) as tab:
        for _turn in range(reruns):
            await tab.rerun()


def _row(what: str, figure: float | None, unit: str, limit: float | None = None) -> Row:
    holds = None if figure is None or limit is None else figure < limit
    return {"what": what, "figure": figure, "unit": unit, "limit": limit, "holds": holds}
