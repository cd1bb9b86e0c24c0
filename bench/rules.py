"""All text rules over a workshop that has grown, and the list that a page gets, with nothing remembered."""

from bench import grown, measure
from bench.measure import Report, Row, median, p95, timed
from workshop import items, store
from workshop.checks import findings
from workshop.checks.text import RULES, findings_in

TIMES = 40
MOST_MS = 10.0


def run() -> Report:
    with measure.library():
        code = grown.make()
        with store.open(code) as db:
            rows = {table: items.list_items(db, table) for table in findings.TABLES}
            look = lambda: [finding for table in rows for finding in findings_in(table, rows[table])]  # noqa: E731
            read = lambda: findings.list_findings.__wrapped__(db)  # noqa: E731
            found = [_row("the rules alone", look, MOST_MS), _row("with reading what they look at", read, None)]
    sizes = ", ".join(f"{len(these)} {table}s" for table, these in rows.items())
    return Report("The text rules", found, [f"Median of {TIMES}, ms: {len(RULES)} rules over {sizes}."])


def _row(what: str, do, most: float | None) -> Row:
    do()
    figures = [timed(do) for _turn in range(TIMES)]
    ms = median(figures)
    return {"what": what, "ms": ms, "p95": p95(figures), "limit": most, "holds": None if most is None else ms < most}
