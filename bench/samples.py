"""Loading each sample through the steps' own commands, into a new file."""

from bench import measure
from bench.measure import Report, Row, median, p95, timed
from workshop import journal, samples

TIMES = 7
MOST_MS = 2000.0


def run() -> Report:
    with measure.library():
        rows = [_row(name) for name in samples.NAMES]
    return Report("The samples", rows, [f"Median of {TIMES} loadings each, file made and committed, ms."])


def _row(name: str) -> Row:
    figures = [timed(lambda: samples.load_sample(name, journal.HOST)) for _turn in range(TIMES)]
    ms = median(figures)
    return {"sample": name, "ms": ms, "p95": p95(figures), "limit": MOST_MS, "holds": ms < MOST_MS}
