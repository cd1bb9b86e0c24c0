"""A moved weight: from the slider's new value at the server until the whole page with its new order is here."""

import asyncio

from bench import measure
from bench.client import Session
from bench.measure import Report, Row, Server, Unmeasured, median, p95
from workshop import journal, samples

MOVES, WARM_UP, MOST_MS = 40, 3, 150.0
METRIC = "C2"


def run() -> Report:
    with measure.library(), measure.server() as server:
        code = samples.load_sample("bus", journal.HOST)
        row = asyncio.run(_move(server, code))
    notes = [
        f"The bus sample, {MOVES} moves of the weight of {METRIC} to points where it had not been before; ms of wall "
        f"time. Limit: {MOST_MS:.0f} ms in the median."
    ]
    return Report("A moved weight", [row], notes)


async def _move(server: Server, code: str) -> Row:
    async with Session(server.port, "ranking", f"w={code}") as tab:
        await tab.move("why-view", "Weights")
        key = next((key for key in tab.widgets if key.startswith(f"try-{METRIC}-")), None)
        if key is None:
            raise Unmeasured("The page draws no slider for a weight.")
        # one point up, then one point down from where it stands, and so on outwards: no order is asked for twice
        points = [30 + (n + 2) // 2 * (1 if n % 2 else -1) for n in range(WARM_UP + MOVES)]
        ms, cpu = [], []
        for point in points:
            before = measure.cpu_seconds(server.pid)
            ms.append(await tab.move(key, float(point)) * 1000)
            after = measure.cpu_seconds(server.pid)
            cpu += [] if before is None or after is None else [(after - before) * 1000]
    ms, cpu = ms[WARM_UP:], cpu[WARM_UP:]
    return {"what": "slider to order", "median": median(ms), "p95": p95(ms), "CPU": median(cpu) if cpu else None,
            "limit": MOST_MS, "holds": median(ms) <= MOST_MS}  # fmt: skip
