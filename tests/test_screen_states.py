"""All that a room can be asked, as the shared screen shows it: asked, answered, closed and shown, before a browser."""

import pytest

from pages.room import revealed
from tests.browser import CHROMIUM, PROJECTOR, chromium, house, playwright, server, visiting  # noqa: F401  fixtures
from tests.finished import finished
from tests.test_screen_fits import look
from workshop import closing, items, journal, people, room, store
from workshop.activities import (
    ROOM,
    AddAnswer,
    AnswerPulse,
    CastVote,
    CloseActivity,
    OpenActivity,
    RevealActivity,
    SavePoints,
    SayReady,
    add_answer,
    answer_pulse,
    cast_vote,
    close_activity,
    open_activity,
    reveal_activity,
    save_points,
    say_ready,
)
from workshop.steps import on_screen, on_the_line

if CHROMIUM is None:
    pytest.skip("there is no Chromium here, so the journeys are left out", allow_module_level=True)
AXE = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed").Axe

PROMPT = "What counts most to those who ride with us?"
OPENERS = ["I want …", "I need …", "Can you …"]


def act(code: str, handler, command, by: str = journal.HOST):
    with store.open(code) as db:
        return journal.act(db, by, handler, command, "x")


def asked(code: str, kind: str, step: str, answer, **settings):
    """The room is asked, all of them answer, and what they answered is shown; yields where it is.

    `answer(activity, participant, n)` gives the handler and the command of the n-th of them.
    """
    act(code, room.go_to, room.GoTo(step))
    one = act(code, open_activity, OpenActivity(step=step, kind=kind, prompt=PROMPT, minutes=4, settings=settings))
    yield f"{kind} asked"
    with store.open(code) as db:
        here = [row["id"] for row in people.list_participants(db)]
    for n, person in enumerate(here):
        act(code, *answer(one, person, n), ROOM)
    act(code, say_ready, SayReady(one, here[0]), ROOM)
    yield f"{kind} answered"
    act(code, close_activity, CloseActivity(one))
    yield f"{kind} closed"
    act(code, reveal_activity, RevealActivity(one))
    yield f"{kind} shown"
    with store.open(code) as db:
        pages = revealed.count_pages(on_screen(db), on_the_line(db))
    for number in range(2, 1 + pages):
        act(code, room.turn_page, room.TurnPage(1))
        yield f"{kind} shown {number}"


def states(code: str):
    with store.open(code) as db:
        small = [row["ref"] for row in items.list_items(db, "purpose") if row["level"] == "small"]
        cpis = [row["ref"] for row in items.list_items(db, "metric") if row["kind"] == "cpi"]
    dots, points = dict(zip(small, (2, 1, 1), strict=False)), dict(zip(cpis, (40, 30, 20, 10, 0), strict=True))
    act(code, room.show_instead, room.ShowInstead("entrance"))
    yield "joining"
    yield from asked(code, "write", "purpose", lambda one, who, n: (
        add_answer, AddAnswer(one, who, f"{OPENERS[n % 3][:-2]} to be told before I leave the house, {n} times")),
        openers=OPENERS)  # fmt: skip
    for _round in range(2):
        yield from asked(code, "vote", "purpose", lambda one, who, n: (
            cast_vote, CastVote(one, who, dots if n else {})), targets=small, dots=4, cap=2)  # fmt: skip
    yield from asked(code, "split", "strategy", lambda one, who, _n: (
        save_points, SavePoints(one, who, points)), targets=cpis)  # fmt: skip
    yield from asked(code, "pulse", "opening", lambda one, who, n: (
        answer_pulse, AnswerPulse(one, who, str(n % 11), PROMPT)), scale="number", words=True)  # fmt: skip
    act(code, room.hold, room.Hold("10:45"))
    yield "holding"
    act(code, room.resume, room.Resume())
    act(code, closing.close_workshop, closing.CloseWorkshop())
    yield "closed"


def test_whatever_a_room_is_asked_is_read_from_the_last_row_and_found_sound(chromium, server):  # noqa: F811
    code = finished("bus")
    with visiting(chromium, server, viewport=PROJECTOR, reduced_motion="reduce") as visitor:
        page = visitor.context.new_page()

        def sound(where: str) -> None:
            if where[-1].isdigit():  # another page of the same pieces
                return
            found = AXE().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}})
            assert found.violations_count == 0, f"{where}: {found.generate_report()}"

        seen = look(page, server, code, states, sound)
        assert {"joining", "write shown 2", "vote closed", "pulse shown 2", "holding", "closed"} <= seen
        page.evaluate("document.body.dataset.connection = 'lost'")
        assert page.locator(".lost:visible").all_inner_texts() == ["Reconnecting"]
