"""Reruns of every page with the bus sample, with one that is asked something just now, and with one that has grown,
against the same elements from constants.

Three tabs take turns, so that whatever else this machine does falls on all of them alike. The first is a tab of the
real server (`streamlit run app.py`). The other two belong to a second server with the same door, routes, settings and
imports, whose script either makes the very calls of Streamlit that the page made, from the values that it gave
(tape.py), or none. What is left between the first and the second is ours: who is this, opening the file, reading,
sorting, wording, making the chart. CPU is all that the server's process uses for a rerun, its other threads included.

What was read stays true until the next action, so a rerun that comes after one has more to do: it stands by itself.
"""

import asyncio
import math
from collections import Counter

from bench import asked, grown, measure
from bench.client import Session
from bench.measure import Report, Row, Server, Unmeasured, median, p95
from workshop import items, journal, samples, store

STEPS = ("purpose", "promise", "principles", "concepts", "ranking", "prepare", "opening", "reverse", "strategy",
         "touchpoints", "requirements", "commitment")  # fmt: skip
WARM_UP, RERUNS, AFTER_ACTIONS = 3, 40, 15
MOST_WALL_MS, MOST_TIMES, MOST_TIMES_GROWN = 60.0, 1.5, 2.0
SETTLE_SECONDS = 0.005  # what a run leaves to be done after its last element counts as its CPU too


def run() -> Report:
    with measure.library(), measure.server() as real, measure.server("bench/stage/app.py") as stage:
        code = samples.load_sample("bus", journal.HOST)
        pages = [(slug, slug, f"w={code}") for slug in STEPS]
        pages += [("lobby", "", ""), ("screen", "screen", f"w={code}")]
        rows = [asyncio.run(_page(real, stage, code, *page, MOST_TIMES, MOST_WALL_MS)) for page in pages]
        live = asked.make()
        rows.append(_one(real, stage, live, f"purpose, {asked.ANSWERS} answers coming in", "purpose"))
        asked.reveal(live)
        for page in ("purpose", "screen"):
            rows.append(_one(real, stage, live, f"{page}, {asked.ANSWERS} entries revealed", page))
        full = grown.make()
        pages = [(f"{slug}, grown", slug, f"w={full}") for slug in STEPS]
        rows += [asyncio.run(_page(real, stage, full, *page, MOST_TIMES_GROWN, math.inf)) for page in pages]
    notes = [
        f"Medians of {RERUNS} reruns each, in turn; ms. Limits: {MOST_TIMES} × the same elements from constants, "
        f"in wall time and CPU, and {MOST_WALL_MS:.0f} ms of wall time.",
        f"Grown: {grown.CONCEPTS} concepts, {grown.PURPOSES} purposes, {grown.ENTRIES} entries; "
        f"limit {MOST_TIMES_GROWN:.0f} × the same elements from constants.",
    ]
    return Report("Rerun of a page", rows, notes)


def _one(real: Server, stage: Server, code: str, name: str, page: str) -> Row:
    return asyncio.run(_page(real, stage, code, name, page, f"w={code}", MOST_TIMES, MOST_WALL_MS))


async def _page(
    real: Server, stage: Server, code: str, name: str, page: str, query: str, most_times: float, most_wall: float
) -> Row:
    # the real page comes first: arriving moves the room there, which the recording then finds done
    async with Session(real.port, page, query) as tab:
        async with Session(stage.port, page, f"{query}&stage=record") as recorded:
            await recorded.rerun()  # a browser that has just come is drawn more
        async with (
            Session(stage.port, page, f"{query}&stage=play") as constants,
            Session(stage.port, page, f"{query}&stage=empty") as nothing,
        ):
            tabs = [(tab, real.pid), (constants, stage.pid), (nothing, stage.pid)]
            figures = await _take_turns(tabs)
            _check_same(name, tab.elements, constants.elements)
            after = [await _rerun_after_an_action(tab, code) for _turn in range(AFTER_ACTIONS)]
    (wall, cpu), (constant_wall, constant_cpu), (empty_wall, empty_cpu) = figures
    times = median(wall) / median(constant_wall)
    cpu_times = median(cpu) / median(constant_cpu) if cpu else None
    return {
        "page": name,
        "wall": median(wall),
        "p95": p95(wall),
        "after an action": median(after),
        "CPU": median(cpu) if cpu else None,
        "constants wall": median(constant_wall),
        "CPU ": median(constant_cpu) if cpu else None,
        "× wall": times,
        "× CPU": cpu_times,
        "empty wall": median(empty_wall),
        "CPU  ": median(empty_cpu) if cpu else None,
        "elements": tab.elements.total(),
        "holds": max(median(wall), median(after)) <= most_wall and max(times, cpu_times or 0) <= most_times,
    }


async def _rerun_after_an_action(tab: Session, code: str) -> float:
    """Milliseconds of wall time for the first run after somebody has edited a concept."""
    with store.open(code) as db:
        concept = items.get_item(db, "E1")
        said = {"what_happens": f"The driver says it, for the {concept['version']}th time."}
        journal.act(db, journal.HOST, items.edit, items.Edit("E1", concept["version"], said), "Edited {ref}")
    return await tab.rerun() * 1000


async def _take_turns(tabs: list[tuple[Session, int]]) -> list[tuple[list[float], list[float]]]:
    """Milliseconds of wall time and of CPU for every rerun of every tab."""
    figures: list[tuple[list[float], list[float]]] = [([], []) for _tab in tabs]
    for turn in range(WARM_UP + RERUNS):
        for (tab, pid), (wall, cpu) in zip(tabs, figures, strict=True):
            before = measure.cpu_seconds(pid)
            seconds = await tab.rerun()
            await asyncio.sleep(SETTLE_SECONDS)
            after = measure.cpu_seconds(pid)
            if turn < WARM_UP:
                continue
            wall.append(seconds * 1000)
            if before is not None and after is not None:
                cpu.append((after - before) * 1000)
    return figures


def _check_same(name: str, real: Counter[str], constants: Counter[str]) -> None:
    if real != constants:
        more, less = dict(real - constants), dict(constants - real)
        raise Unmeasured(f"“{name}” and its constants draw different elements: {more} against {less}.")
