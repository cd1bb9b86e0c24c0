"""Searching 500 workshops: never read before, then warm for rare and common words, then after one was written to."""

from bench import measure
from bench.library import FILES, fill
from bench.measure import Report, Row, Unmeasured, median, p95, timed
from workshop import items, journal, search, store

TIMES = 15
MOST_MS = 300.0


def run() -> Report:
    with measure.library() as home:
        first, *_others = fill(home)
        rows = [_row("never read before", "truth board", times=1, limit=None)]
        rows += [_row("warm", words) for words in ("truth board", "the", "nothing of the kind")]
        with store.open(first.name.split("--")[1].removesuffix(".sqlite")) as db:
            journal.act(db, journal.HOST, items.choose, items.Choose("E2"), "Chose {ref}")
        rows.append(_row("one written to since", "truth board", times=1))
    return Report("Search", rows, [f"{FILES} whole bus samples; median of {TIMES} searches, ms."])


def _row(state: str, words: str, times: int = TIMES, limit: float | None = MOST_MS) -> Row:
    figures = [timed(lambda: search.search(words)) for _turn in range(times)]
    hits, ms = len(search.search(words)), median(figures)
    if not hits and "nothing" not in words:
        raise Unmeasured("The search finds nothing.")
    return {
        "library": state, "words": words, "hits shown": hits, "ms": ms, "p95": p95(figures), "limit": limit,
        "holds": None if limit is None else ms < limit,
    }  # fmt: skip
