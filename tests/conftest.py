"""What the tests share: a library of their own for each, and the few words in which they tell what people do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlite_utils import Database

from workshop import journal, store
from workshop.steps import create
from workshop.steps.prepare import StartWorkshop

# the clock of a busy machine says nothing about us: speed is measured in bench/
settings.register_profile("throughline", deadline=None)
settings.load_profile("throughline")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real browser at a real server may miss a beat while the machine does much else: what fails thrice fails."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(autouse=True)
def library(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty library folder, so that tests never meet one another's workshops; with a house it is the house's."""
    folder = request.getfixturevalue("house").library if "house" in request.fixturenames else tmp_path / "library"
    monkeypatch.setenv("THROUGHLINE_HOME", str(folder))
    for name in ("THROUGHLINE_HOST_KEY", "THROUGHLINE_URL"):
        monkeypatch.delenv(name, raising=False)
    return store.library()


@pytest.fixture
def code() -> str:
    """A new workshop, as a facilitator starts it."""
    return create(StartWorkshop(title="Keeping our word"), journal.HOST)


@pytest.fixture
def db(code: str) -> Iterator[Database]:
    """The new workshop's file."""
    with store.open(code) as db:
        yield db


@pytest.fixture
def do(db: Database) -> Callable[..., Any]:
    """`do(add_purpose, AddPurpose(…))`: one command as one action of the host, or of somebody else."""

    def carry_out(handler: Callable, command: Any, by: str = journal.HOST, key: str | None = None) -> Any:
        return journal.act(db, by, handler, command, f"{type(command).__name__} {{ref}}", key=key)

    return carry_out
