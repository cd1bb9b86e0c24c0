"""Forms that take seconds are made in a process of their own, as the command line makes them: the room never waits.

A form is ordered, and asked after until it lies there.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workshop.connections import in_sentences
from workshop.problems import Problem, Rejected
from workshop.store import library
from workshop.words import _

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 120


class Order:
    """A form that is being made; when nobody holds the order any more, its files are gone."""

    def __init__(self, code: str, form: str, *, onepage: bool = False, shareable: bool = False, template: bytes = b""):
        with in_sentences(""):
            self._folder = tempfile.TemporaryDirectory(prefix="throughline-")
            given = Path(self._folder.name) / f"template.{form}"
            given.write_bytes(template)
        self._file = Path(self._folder.name) / "made"
        words = ["export", code, "--format", form, "-o", "-"]
        words += ["--onepage"] * onepage + ["--shareable"] * shareable
        words += ["--template", str(given)] * bool(template)
        self._began = time.monotonic()
        self._made: bytes | None = None
        self._refusal = _("This form could not be made. Try again, or another form.")
        with in_sentences(""), self._file.open("wb") as made:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workshop", "--traceback", "--home", str(library()), *words],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=made, stderr=subprocess.PIPE,
                env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            )  # fmt: skip
        with contextlib.suppress(OSError, AttributeError):  # the room goes first, where the system can be told
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)

    @property
    def seconds(self) -> float:
        """How long ago it was ordered."""
        return time.monotonic() - self._began

    @property
    def is_running(self) -> bool:
        if self._process.poll() is None and self.seconds > MOST_SECONDS:
            self._process.kill()
            self._process.wait()
        return self._process.poll() is None

    def take(self) -> bytes:
        """What was made, once it is not running any more. Raises Rejected with the reason when it could not be made."""
        if Path(self._folder.name).exists():
            said = self._process.communicate()[1].decode(errors="replace").strip()
            if self._process.returncode == 0:
                self._made = self._file.read_bytes()
            elif self._process.returncode == 2 and said:
                self._refusal = said
            else:
                print(said, file=sys.stderr)  # the terminal tells what nobody foresaw
            self._folder.cleanup()
        if self._made is None:
            raise Rejected(Problem("form", self._refusal))
        return self._made
