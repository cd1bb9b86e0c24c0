"""Every form of the summary: of the bus sample, and of a workshop with 200 concepts and 300 raters.

The sample's are made in this process; the first time wakes fonts and the charts' JavaScript, and the limits are for
what everybody after the first one waits. The large workshop's are made once each, in a process of its own, as the
server has the slow ones made (press.py): the figure holds the start of Python.
"""

import os
import subprocess
import sys
import time
from itertools import islice, product
from pathlib import Path

from bench import measure
from bench.measure import Report, Row, Unmeasured, median, p95, timed
from workshop import forms, items, journal, people, samples, store
from workshop.activities import rate

TIMES = 7
MOST_MS = {"md": 300, "html": 300, "json": 300, "csv": 300, "docx": 1000, "xlsx": 1000, "pptx": 3000, "pdf": 3000}
MOST_LARGE_MS, MOST_MB = 10_000, 500
CONCEPTS, RATERS, CELLS = 200, 300, 40


def run() -> Report:
    with measure.library() as home:
        # first the large one: a child's memory is counted from what its parent holds, and charts make that grow
        large = _large()
        grown = [_row_of_large(home, large, form) for form in forms.FORMS]
        with store.open(samples.load_sample("bus", journal.HOST)) as db:
            rows = [_row(db, form) for form in forms.FORMS] + grown
    notes = [
        f"Full version, internal; median of {TIMES} after a first one, ms. Large: {CONCEPTS} concepts, {RATERS} raters "
        f"with {CELLS} cells each, once; the most memory that its process used, limit {MOST_MB} MB.",
    ]
    return Report("The exports", rows, notes)


def _made(db, form: str) -> int:
    made = forms.make(db, form, forms.Wanted())
    if not made:
        raise Unmeasured(f"{form} came out empty.")
    return len(made)


def _row(db, form: str) -> Row:
    first = timed(lambda: _made(db, form))
    figures = [timed(lambda: _made(db, form)) for _turn in range(TIMES)]
    ms, most = median(figures), MOST_MS.get(form)
    return {"workshop": "bus", "form": form, "first": first, "ms": ms, "p95": p95(figures), "limit": most,
            "MB": None, "holds": None if most is None else ms < most}  # fmt: skip


def _row_of_large(home: Path, code: str, form: str) -> Row:
    words = ["--home", str(home), "export", code, "--format", form, "-o", str(home / "made")]
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "workshop", *words], cwd=measure.ROOT)
    _pid, status, used = os.wait4(process.pid, 0)
    ms = (time.perf_counter() - began) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not (home / "made").stat().st_size:
        raise Unmeasured(f"{form} could not be made.")
    mb = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)  # bytes on macOS, kB elsewhere
    return {"workshop": "large", "form": form, "first": ms, "ms": ms, "p95": None, "limit": MOST_LARGE_MS, "MB": mb,
            "holds": ms < MOST_LARGE_MS and mb < MOST_MB}  # fmt: skip


def _large() -> str:
    """The bus sample with as many concepts and raters as a large room makes in a day."""
    code = samples.load_sample("bus", journal.HOST)
    with store.open(code) as db, store.change(db, journal.HOST, "Grew"):
        noun, rows = items.NOUNS["concept"], items.list_items(db, "concept")
        known = [name for name in items.fields.fields_of(noun.record) if name not in ("merged_into", "split_from")]
        for number in range(CONCEPTS - len(rows)):
            like = rows[number % len(rows)]
            values = {name: like[name] for name in known} | {"name": f"{like['name']} {number}"}
            items.add(db, noun, noun.record(**values | {"status": "candidate"}))
        concepts = [row["ref"] for row in items.list_items(db, "concept")]
        metrics = [row["ref"] for row in items.list_items(db, "metric") if row["kind"] in ("cpi", "kpi")]
        cells = list(product(concepts, metrics))
        for rater in range(RATERS):
            person = people.add_participant(db, people.AddParticipant(alias=f"Rater {rater}"))
            pen = people.pen_of(db, person, rate.FEED)
            for at, (concept, metric) in enumerate(islice((cells * 2)[rater * 7 % len(cells) :], CELLS)):
                value = (rater * 31 + at * 17 + len(concept) * 5) % 7 - 3
                rate.rate_impact(db, rate.RateImpact(person, concept, metric, value, 1 + at % 3), pen)
    return code
