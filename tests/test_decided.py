"""What was decided stands before the room, with its reason: on the shared screen, and in words on the phones."""

import pytest

from tests.phones import bus, come_in, host_does, join_code, phone, unhurried  # noqa: F401
from tests.test_phone_tasks import shown
from tests.test_room_pages import host, seen, visit  # noqa: F401  host is a fixture
from workshop import items, room
from workshop.activities import DecideStep, decide_step
from workshop.step import Decided
from workshop.steps import on_screen
from workshop.steps.commitment import AddDecision, add_decision
from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop
from workshop.steps.principles import AddValue, add_value
from workshop.steps.promise import AddPromise, add_promise

NIGHT = {"text": "Start with the night bus", "rationale": "It was asked for most", "dissent": "Finance: too dear",
         "owner_role": "Head of service"}


@pytest.fixture
def promised(db, do) -> str:
    """The room has decided about its promise, and sees it."""
    promise = do(add_promise, AddPromise(text="It comes", status="chosen", kept_when="It is there"))
    do(room.go_to, room.GoTo("promise"))
    do(room.start_step, room.StartStep())
    do(room.reveal, room.Reveal())
    do(decide_step, DecideStep("promise"))
    return promise


def screen(code: str) -> str:
    return seen(visit(code, "promise").switch_page("room/screen.py").run())


def test_the_room_sees_what_was_decided_and_why_but_not_who_disagreed(host, code, db, do, promised):  # noqa: F811
    value = do(add_value, AddValue(name="Candour"))
    assert "It is there" in screen(code)
    do(add_decision, AddDecision(step="promise", because_of=(promised, value), **NIGHT))
    page = screen(code)
    for words in ("Start with the night bus", "Because", "It was asked for most", "PR1", "V1", "Candour",
                  "Owner", "Head of service", "Not everybody agreed."):  # fmt: skip
        assert words in page, words
    assert "Finance" not in page and "too dear" not in page
    assert "It is there" not in page, "what stands has the next page to itself"


def test_the_host_turns_from_the_last_decision_to_the_one_before_and_to_what_stands(host, code, db, do, promised):  # noqa: F811
    do(add_decision, AddDecision(step="promise", **NIGHT))
    do(add_decision, AddDecision(step="promise", text="Ask again in May", state="provisional"))
    at = visit(code, "promise")
    assert "Screen page 1 of 3" in seen(at)
    assert "Ask again in May" in (page := screen(code)) and "This holds for now." in page and "1 of 2" in page
    at.button(key="page1").click().run()
    assert "Start with the night bus" in screen(code)
    at.button(key="page1").click().run()
    assert "It is there" in (page := screen(code)) and "night bus" not in page
    assert at.button(key="page1").disabled
    do(add_decision, AddDecision(step="promise", text="Tell everybody"))
    assert "Tell everybody" in screen(code), "what was decided just now does not stand behind the room's back"


def test_a_room_that_still_talks_sees_no_decision_nor_one_that_was_taken_back_or_made_elsewhere(db, do, promised):
    do(add_decision, AddDecision(step="purpose", text="Of another step"))
    do(add_decision, AddDecision(step="promise", text="Back again", state="reversed"))
    assert on_screen(db).ref == promised
    do(add_decision, AddDecision(step="promise", **NIGHT))
    assert isinstance(on_screen(db), Decided)
    do(room.talk, room.Talk())
    assert on_screen(db).ref == promised


def test_a_decision_alone_is_all_that_stands_at_a_step_where_nothing_else_does(db, do):
    do(room.go_to, room.GoTo("touchpoints"))
    do(room.reveal, room.Reveal())
    do(decide_step, DecideStep("touchpoints"))
    do(add_decision, AddDecision(step="touchpoints", text="We leave this for May"))
    found = on_screen(db)
    assert ([one.text for one in found.decisions], found.stands) == (["We leave this for May"], None)


def test_a_page_of_the_answers_is_not_taken_for_one_of_what_stands(db, do, promised):
    do(room.talk, room.Talk())
    do(room.turn_page, room.TurnPage(2))
    do(add_decision, AddDecision(step="promise", text="While they talk"))
    assert room.get_room(db)["page"] == 3, "nobody's page is turned while the room still talks"
    do(decide_step, DecideStep("promise"))
    assert room.get_room(db)["page"] == 1


def test_where_names_are_shown_who_disagreed_is_told_and_the_host_knows_before(host, code, db, do, promised):  # noqa: F811
    def warned() -> str:
        at = visit(code, "promise")
        at.session_state["deciding"] = True
        return seen(at.run())

    assert "Once the step is decided the room sees it, but not who disagreed or why." in warned()
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": "named"}))
    assert "Once the step is decided the room sees it, with who disagreed." in warned()
    do(add_decision, AddDecision(step="promise", **NIGHT))
    assert "Finance: too dear" in (page := screen(code)) and "Not everybody agreed." not in page


def test_a_phone_tells_what_was_decided_and_then_what_stands(bus):  # noqa: F811
    ana, german = phone(), phone("192.0.2.51", **{"Accept-Language": "de"})
    for mine in (ana, german):
        come_in(mine, join_code(bus))
    host_does(bus, room.go_to, room.GoTo("promise"))
    page = shown(ana)
    for words in ("What was decided", "Adopt the promise for a six-month trial", "Because Most failures",
                  "P1 So that nobody in the valley", "Not everybody agreed.", "Kept when Every published"):  # fmt: skip
        assert words in page, words
    assert page.index("six-month trial") < page.index("Kept when")
    assert "Finance" not in page and "ceiling" not in page
    for words in ("Was entschieden wurde", "Grund Most failures", "Nicht alle waren dafür."):
        assert words in shown(german), words
    host_does(bus, room.go_to, room.GoTo("ranking"))
    assert "What was decided" not in shown(ana)


def test_a_decision_that_names_what_was_put_away_since_still_says_what_it_was(db, do, promised):
    value = do(add_value, AddValue(name="Candour"))
    do(add_decision, AddDecision(step="promise", because_of=(value,), **NIGHT))
    do(items.archive, items.Archive(value))
    [decision] = on_screen(db).decisions
    assert ("V1", "Candour") in [(slip.lead, slip.text) for slip in decision.tests]
