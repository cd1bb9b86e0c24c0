"""The finished workshops, loaded once in each worker: every test then has a copy of the file as its own."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from workshop import connections, journal, samples, store
from workshop.library import backup, recover
from workshop.migrations import new_join_code


def finished(name: str) -> str:
    """The sample in this test's library, under a code of its own; gives the code."""
    title, file = _loaded(name)
    code = store.new_code()
    path = store.library() / store.file_name(title, code)
    path.write_bytes(file)
    db = connections.connect(path)
    db.execute("UPDATE workshop SET code = ?", [code])
    db.execute("UPDATE entrance SET join_code = ?", [new_join_code()])
    db.close()
    return code


@cache
def _loaded(name: str) -> tuple[str, bytes]:
    with pytest.MonkeyPatch.context() as elsewhere, TemporaryDirectory() as made, TemporaryDirectory() as whole:
        elsewhere.setenv("THROUGHLINE_HOME", made)
        code = samples.load_sample(name, journal.HOST)
        file = Path(whole) / store.file_of(code).name
        backup(code, file)
        elsewhere.setenv("THROUGHLINE_HOME", whole + "/library")
        recover(file, file.name)
        return name, store.file_of(code).read_bytes()
