"""The golden thread of a workshop that has grown: what is whole, what is covered, and its picture."""

from bench import grown, measure
from bench.measure import Report, median, p95, timed
from workshop import second_look, store, thread
from workshop.checks.thread import read_whole
from workshop.coverage import list_grids
from workshop.thread.ways import list_ways

TIMES = 20
COMPUTED_MS, DRAWN_MS = 30.0, 300.0


def run() -> Report:
    with measure.library():
        code = grown.make()
        with store.open(code) as db:

            def compute() -> None:
                whole = read_whole(db)
                list_ways(whole)
                list_grids(whole)

            whole = read_whole(db)
            tables, ways = thread.tables_of(whole), list_ways(whole)
            follow = thread.columns_of(ways[0])
            found = [
                _row("threads and coverage, with reading", compute, COMPUTED_MS),
                _row("what is to be looked at again", lambda: second_look.list_second_looks.__wrapped__(db), None),
                _row("the picture", lambda: thread.draw_thread(tables, ends=True), DRAWN_MS),
                _row(
                    "the picture, one purpose followed",
                    lambda: thread.draw_thread(tables, follow=follow, ends=True),
                    DRAWN_MS,
                ),
                _row("its section of the summary", lambda: thread.section(db), None),
            ]
    nodes = sum(len(tables[table]) for table in tables if table != "cpi_kpi_links")
    return Report("The thread", found, [f"Median of {TIMES}, ms: {nodes} nodes, {len(ways)} customer purposes."])


def _row(what: str, do, most: float | None) -> dict:
    do()
    figures = [timed(do) for _turn in range(TIMES)]
    ms = median(figures)
    return {"what": what, "ms": ms, "p95": p95(figures), "limit": most, "holds": None if most is None else ms < most}
