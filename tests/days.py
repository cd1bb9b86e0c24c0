"""Days that Hypothesis makes up: each has a workshop of its own, in a library of its own."""

import os
import tempfile

from hypothesis.stateful import RuleBasedStateMachine

from workshop import journal, store
from workshop.steps import create
from workshop.steps.prepare import StartWorkshop


class Day(RuleBasedStateMachine):
    def open(self, **about: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.home, os.environ["THROUGHLINE_HOME"] = os.environ.get("THROUGHLINE_HOME"), self.folder.name
        self.opened = store.open(create(StartWorkshop(**about), journal.HOST))
        self.db = self.opened.__enter__()

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)
            os.environ.pop("THROUGHLINE_HOME")
            if self.home:
                os.environ["THROUGHLINE_HOME"] = self.home
            self.folder.cleanup()
