"""All 80 rules over a workshop that has grown; with nothing remembered, and as an action finds them."""

from collections.abc import Callable
from itertools import count

from bench import grown, measure
from bench.measure import Report, Row, median, p95, timed
from workshop import store
from workshop.checks import findings, text, thread
from workshop.checks.whole import Whole

TIMES = 40
MOST_MS = 20.0


def run() -> Report:
    with measure.library():
        code = grown.make()
        with store.open(code) as db:
            whole = thread.read_whole(db)
            turn = count()

            def look(other_words: str = "") -> None:
                for table in findings.TABLES:
                    text.findings_in(table, [_said_anew(row, other_words) for row in whole[table]])
                thread.findings_in(Whole(**_read_again(whole)))

            found = [
                _row("all rules, every text new to them", lambda: look(f" {next(turn)}"), MOST_MS),
                _row("all rules, no text changed", look, MOST_MS),
                _row("the list after an action, with reading", lambda: findings.list_findings.__wrapped__(db), MOST_MS),
            ]
    sizes = ", ".join(f"{len(whole[table])} {table}s" for table in findings.TABLES)
    return Report("The rules", found, [f"Median of {TIMES}, ms: {len(findings.RULES)} rules over {sizes}."])


def _read_again(whole: Whole) -> dict:
    """What it was read from, without what was worked out of it."""
    return {name: vars(whole)[name] for name in Whole.__dataclass_fields__}


def _said_anew(row: dict, other_words: str) -> dict:
    said = ("text", "name", "what_happens", "unit")
    return row | {name: row[name] + other_words for name in said if row.get(name)} if other_words else row


def _row(what: str, do: Callable[[], object], most: float) -> Row:
    do()
    figures = [timed(do) for _turn in range(TIMES)]
    ms = median(figures)
    return {"what": what, "ms": ms, "p95": p95(figures), "limit": most, "holds": ms < most}
