"""What every bench needs: a library of its own, servers in processes of their own, percentiles, and tables."""

import http.client
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# beside the usual library, so that it is the same disk: a /tmp in memory would make every commit look free
SCRATCH = Path(__file__).parent / "results"
START_SECONDS = 60

Row = dict[str, Any]  # heading → figure, words, None where there is nothing to say, or whether a limit holds


class Unmeasured(Exception):
    """A bench could not do its work; says why in one sentence."""


@dataclass(frozen=True)
class Report:
    """What a bench found: a title, rows of equal headings, and sentences that explain them."""

    title: str
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


# --- figures -----------------------------------------------------------------------------------------------------


def median(figures: list[float]) -> float:
    return statistics.median(figures)


def p95(figures: list[float]) -> float:
    """The smallest figure that at least 95 of 100 do not exceed (nearest rank)."""
    return sorted(figures)[math.ceil(0.95 * len(figures)) - 1]


def timed(do: Callable[[], Any]) -> float:
    """Milliseconds that a call takes."""
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def table(rows: list[Row]) -> str:
    """Rows as aligned text: words to the left, figures to the right."""
    names = list(rows[0])
    cells = [names] + [[_cell(row[name]) for name in names] for row in rows]
    left = [all(isinstance(row[name], str) for row in rows) for name in names]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    forms = [f"{'<' if is_left else '>'}{width}" for is_left, width in zip(left, widths, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(map(format, line, forms)).rstrip() for line in cells)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


# --- a library and servers ---------------------------------------------------------------------------------------


@contextmanager
def library() -> Iterator[Path]:
    """An empty library folder for this process and for the servers that it starts."""
    SCRATCH.mkdir(exist_ok=True)
    before = os.environ.get("THROUGHLINE_HOME")
    with tempfile.TemporaryDirectory(dir=SCRATCH, ignore_cleanup_errors=True) as folder:
        os.environ["THROUGHLINE_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("THROUGHLINE_HOME")
            if before is not None:
                os.environ["THROUGHLINE_HOME"] = before


@dataclass(frozen=True)
class Server:
    """A running server: its port, its process, and the moment (perf_counter) at which it was started."""

    port: int
    pid: int
    started: float


@contextmanager
def server(app: str = "app.py", port: int = 0) -> Iterator[Server]:
    """`streamlit run` in a process of its own, with the library of this one. Given as soon as it answers.

    Raises Unmeasured when it does not come up.
    """
    port = port or free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    for name in ("THROUGHLINE_HOST_KEY", "THROUGHLINE_URL"):  # this machine itself has to be the host
        environment.pop(name, None)
    with tempfile.TemporaryFile(dir=SCRATCH) as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", app, *options],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            while not answers(port):
                if process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                    log.seek(0)
                    raise Unmeasured(f"The server did not start:\n{log.read().decode(errors='replace')[-2000:]}")
                time.sleep(0.02)
            yield Server(port, process.pid, began)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port: int, path: str = "/") -> bool:
    """Whether a page can be had there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float | None:
    """User and system time that a process has used so far, to the microsecond; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    return time.clock_gettime((~pid << 3) | 2)  # the clock that clock_getcpuclockid(3) names for another process


def resident_mb(pid: int) -> float | None:
    """Memory of a process that lies in RAM, in MB; None where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024 / 1e6
