"""Phones for tests: browsers without a window, at the real door and the real routes."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from pages import door, live
from pages.phone import entrance, routes, visit
from pages.phone.limits import Allowance
from tests.finished import finished
from workshop import joining, journal, people, store

AWAY = "http://192.0.2.7:8501"
COOKIE = visit.COOKIE
LIMITS = (
    (entrance, "WRONG"), (entrance, "WRONG_ALIKE"), (entrance, "PEOPLE"),
    (visit, "PER_ADDRESS"), (visit, "PER_PERSON"), (visit, "LONG"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def unhurried(monkeypatch) -> None:
    """Limits are counted anew for every test, and nothing is given again while it lasts."""
    for place, name in LIMITS:
        monkeypatch.setattr(place, name, Allowance(getattr(place, name).at_once, 0))


@pytest.fixture
def bus(library: Path) -> str:
    """The bus sample in this test's library."""
    return finished("bus")


def phone(peer: str = "192.0.2.50", address: str = AWAY, **headers: str) -> TestClient:
    """A phone of its own, at the real door and the real routes."""
    house = Starlette(
        routes=[*routes.ROUTES, *live.ROUTES], middleware=[Middleware(door.Door, open_to_all=routes.OPEN)]
    )
    return TestClient(house, base_url=address, client=(peer, 40000), headers=headers, follow_redirects=False)


def field(page, name: str) -> str:
    """What stands in a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def come_in(phone: TestClient, key: str, token: str = "", **said: str):
    token = token or field(phone.get("/join"), "token")
    return phone.post("/join", data={"code": key, "token": token, **said})


def join_code(code: str) -> str:
    with store.open(code) as db:
        return joining.get_entrance(db)["join_code"]


def names(code: str) -> list[tuple[str, str]]:
    with store.open(code) as db:
        return [(one["alias"], one["group"]) for one in people.list_participants(db)]


def host_does(code: str, handler, command, kind: str = "do"):
    with store.open(code) as db:
        return journal.act(db, journal.HOST, handler, command, f"{type(command).__name__} {{ref}}", kind=kind)


def sentence(page) -> str:
    return re.search(r'role="alert"[^>]*>(?:<h1[^>]*>)?([^<]*)<', page.text)[1]
