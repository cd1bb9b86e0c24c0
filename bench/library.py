"""Listing a library of 500 workshops: never seen before, by the next process, again at rest, then with 20 of them
being written to."""

import json
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

from bench import measure
from bench.measure import Report, Row, Unmeasured, median, p95, timed
from workshop import connections, items, journal, samples, store
from workshop.library import list_library

FILES, OPEN, TIMES = 500, 20, 15
MOST_MS = 500.0


def run() -> Report:
    with measure.library() as home:
        paths = fill(home)
        rows = [_row(f"{FILES}, never seen before", times=1), _row(f"{FILES} at rest")]
        rows.insert(1, _by_the_next_process())
        with ExitStack() as stack:
            for path in paths[:OPEN]:
                db = connections.connect(path)
                stack.enter_context(closing(db))
                journal.act(db, journal.HOST, items.choose, items.Choose("E2"), "Chose {ref}")
            if len(list(home.glob("*-wal"))) != OPEN:
                raise Unmeasured("The open workshops have no -wal.")
            rows.append(_row(f"{FILES}, {OPEN} of them open"))
    notes = [f"Median of {TIMES} listings of whole bus samples, in a library just made, ms."]
    return Report("The library", rows, notes)


def fill(home: Path) -> list[Path]:
    """The bus sample 500 times. A listing goes by the code in a file's name, so copies do."""
    first = store.file_of(samples.load_sample("bus", journal.HOST))
    copies = [home / store.file_name(f"Workshop {number}", store.new_code()) for number in range(1, FILES)]
    for copy in copies:
        shutil.copyfile(first, copy)
    return [first, *copies]


def _by_the_next_process() -> Row:
    """One that has the listing of this process to begin with, and nothing in its memory."""
    code = "from bench.library import _row; import json; print(json.dumps(_row('500, by the next process', times=1)))"
    return json.loads(subprocess.check_output([sys.executable, "-c", code], text=True))


def _row(library: str, times: int = TIMES) -> Row:
    began = time.process_time()
    figures = [timed(list_library) for _turn in range(times)]
    cpu = (time.process_time() - began) * 1000 / times
    found = list_library()
    if len(found) != FILES or any(entry.problem for entry in found):
        raise Unmeasured("The library does not list every workshop.")
    ms = median(figures)
    return {"library": library, "ms": ms, "p95": p95(figures), "CPU": cpu, "limit": MOST_MS, "holds": ms < MOST_MS}
