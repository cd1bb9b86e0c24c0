"""The thread page, as a facilitator uses it: follow a purpose, go to what is missing, confirm, show it to the room."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages import door
from tests.finished import finished
from workshop import items, journal, room, second_look, store
from workshop.activities import SkipActivity, get_current, skip_activity
from workshop.problems import Conflict
from workshop.steps import AskAt, ask_at, create
from workshop.steps.prepare import StartWorkshop

FRAME = Path(__file__).parents[1] / "pages" / "frame.py"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp("host")})
    return finished("bus")


def visit(code: str, page: str = "room/thread.py") -> AppTest:
    at = AppTest.from_file(FRAME, default_timeout=30)
    at.switch_page(page)
    at.query_params["w"] = code
    return at.run()


def do(code: str, handler: Callable, command: Any) -> Any:
    with store.open(code) as db:
        return journal.act(db, journal.HOST, handler, command, "{ref}")


def edit(code: str, ref: str, **changes: Any) -> None:
    with store.open(code) as db:
        version = items.get_item(db, ref)["version"]
    do(code, items.edit, items.Edit(ref, version, changes))


def texts(at: AppTest) -> list[str]:
    return [text.value for text in at.text]


def heading(at: AppTest) -> str:
    return at.title[0].value.replace("\\", "")


def editing(at: AppTest, code: str, page: str):
    return at.session_state[f"editing-{code}-{page}"]


def test_an_empty_workshop_says_what_comes_first(bus):
    at = visit(create(StartWorkshop(title="A bank"), journal.HOST))
    assert heading(at) == "No customer purpose has been chosen yet."
    assert "Choose what customers come for on the purpose page" in " ".join(one.value for one in at.caption)
    assert at.button(key="show-thread").disabled
    assert not at.exception


def test_every_purpose_is_listed_and_one_is_followed(bus):
    edit(bus, "P5", evidence_source="assumption")
    at = visit(bus)
    assert heading(at) == "4 of 5 customer purposes have a whole thread."
    assert texts(at)[:2] == ["Can you get me home if the last bus does not turn up?",
                             "We believe it, and have not heard it."]  # fmt: skip
    at.pills(key="followed").set_value("P5").run()
    assert "This thread is whole from end to end." not in texts(at)
    assert {"Home anyway", "Shift workers", "When the last bus does not run"} <= set(texts(at))
    at.pills(key="followed").set_value("P7").run()
    assert texts(at)[:2] == ["I want to pay the right fare without working out zones.",
                             "This thread is whole from end to end."], "above a picture of any height"  # fmt: skip
    assert not at.exception


def test_a_knot_leads_to_its_page_with_the_item_open(bus):
    at = visit(bus)
    at.pills(key="followed").set_value("P5").run()
    at.button(key="handle-way-E2").click().run()
    assert editing(at, bus, "concepts").ref == "E2"
    assert at.query_params["item"] == "E2"


def test_looking_an_item_up_does_not_move_a_room_that_is_somewhere(bus):
    do(bus, room.go_to, room.GoTo("promise"))
    at = visit(bus)
    at.pills(key="followed").set_value("P5").run()
    at.button(key="handle-way-E2").click().run()
    assert editing(at, bus, "concepts").ref == "E2"
    with store.open(bus) as db:
        assert room.get_room(db)["step"] == "promise"


def test_a_gap_leads_to_a_card_that_closes_it(bus):
    for ref in ("E3", "E9"):
        do(bus, items.set_status, items.SetStatus(ref, "parked"))
    at = visit(bus)
    at.segmented_control(key="thread-view").set_value("coverage").run()
    assert "No concept serves P7." in texts(at)
    next(one for one in at.button if one.label == "Make a card for P7").click().run()
    assert editing(at, bus, "concepts").before["purposes"] == ["P7"]
    assert not at.exception


def coverage(code: str) -> AppTest:
    return visit(code).segmented_control(key="thread-view").set_value("coverage").run()


def asks(at: AppTest) -> list:
    return [one for one in at.button if one.label == "Ask the room" and one.key and one.key.startswith("ask-")]


def test_a_gap_is_closed_by_asking_the_room_which_is_brought_there(bus):
    for ref in ("E3", "E9"):
        do(bus, items.set_status, items.SetStatus(ref, "parked"))
    do(bus, room.go_to, room.GoTo("promise"))
    at = coverage(bus)
    asks(at)[0].click().run()
    assert heading(at) == "How might we keep our promise here?"
    with store.open(bus) as db:
        now = get_current(db)
        said = "What could we do for somebody who says: “I want to pay the right fare without working out zones.”"
        assert (now["step"], now["kind"], now["state"], now["prompt"]) == ("concepts", "write", "open", said)
        assert room.get_room(db)["step"] == "concepts"
    at = coverage(bus)
    assert [one.disabled for one in asks(at)] != []
    assert all(one.disabled for one in asks(at)), "nothing is asked over what is open"
    assert not at.exception


def test_only_what_nobody_knows_is_asked_about(bus):
    edit(bus, "T3", promise_state="unknown")
    asks(coverage(bus))[-1].click().run()
    with store.open(bus) as db:
        now = get_current(db)
    assert (now["step"], now["kind"], now["settings"]["targets"]) == ("touchpoints", "pulse", ["T3"])
    assert now["prompt"] == "Do we keep our promise here?"


def test_nothing_is_asked_over_what_is_open_or_in_a_break(bus):
    do(bus, room.go_to, room.GoTo("concepts"))
    asked = AskAt("touchpoints", "pulse")
    do(bus, ask_at, AskAt("concepts", "write", "What helps?"))
    with pytest.raises(Conflict, match="The room is still at “What helps\\?”. Reveal it or leave it aside first."):
        do(bus, ask_at, asked)
    with store.open(bus) as db:
        do(bus, skip_activity, SkipActivity(get_current(db)["id"]))
    do(bus, room.hold, room.Hold("10:45"))
    with pytest.raises(Conflict, match="There is a break. Go on first."):
        do(bus, ask_at, asked)
    do(bus, room.resume, room.Resume())
    assert do(bus, ask_at, asked) == "Do we keep our promise here?"


def test_every_loose_end_is_listed_with_what_is_missing(bus):
    for ref in ("E1", "E2", "E3", "E4", "E5", "E9"):
        do(bus, items.set_status, items.SetStatus(ref, "parked"))
    at = visit(bus)
    loose = [one.key for one in at.button if one.key and one.key.startswith("handle-loose-")]
    assert loose == [f"handle-loose-{ref}" for ref in ("P4", "P7", "D2", "D3", "T2", "T8", "K5", "U3")]
    assert "no concept happens there yet" in texts(at)
    at.button(key="handle-loose-T8").click().run()
    assert editing(at, bus, "touchpoints").ref == "T8"


def test_what_was_changed_upstream_is_confirmed_here_and_beside_the_item(bus):
    was = "How can I be sure there is room for my walking frame?"
    edit(bus, "P6", text="How can I be sure that my frame fits?")
    at = visit(bus)
    at.segmented_control(key="thread-view").set_value("again").run()
    assert f"Purpose, was: {was}" in texts(at)
    at.button(key="holds-P6-E5").click().run()
    with store.open(bus) as db:
        left = second_look.list_second_looks(db)
    assert "E5" not in left
    assert "E8" in left
    at = visit(bus, "steps/concepts.py")
    assert "find-again-E8" in at.session_state
    assert "find-again-E5" not in at.session_state
    assert not at.exception


def test_all_that_hangs_on_a_change_is_confirmed_by_one_click_once_it_is_shown(bus):
    edit(bus, "P6", text="How can I be sure that my frame fits?")
    edit(bus, "V2", name="Candour")
    at = visit(bus)
    at.segmented_control(key="thread-view").set_value("again").run()
    hanging = [one.key for one in at.button if one.key and one.key.startswith("holds-P6-")]
    assert at.button(key="hold-P6").label == f"All {len(hanging)} still hold"
    at.button(key="hold-P6").click().run()
    keys = [str(one.key) for one in at.button]
    assert not [key for key in keys if key.startswith(("hold-P6", "holds-P6"))]
    assert [key for key in keys if key.startswith("holds-V2-")], "the other change is still to be looked at"
    at.button(key="undo").click().run()
    assert at.button(key="hold-P6").label == f"All {len(hanging)} still hold"
    assert not at.exception


def test_what_the_promise_said_before_is_kept_with_its_date(bus):
    edit(bus, "PR1", text="We get you there.")
    at = visit(bus)
    at.segmented_control(key="thread-view").set_value("again").run()
    assert "If we say a bus is coming, it comes, or we get you there." in texts(at)


def test_the_room_looks_at_the_thread_until_it_moves_on(bus):
    do(bus, room.go_to, room.GoTo("commitment"))
    at = visit(bus)
    at.button(key="show-thread").click().run()
    with store.open(bus) as db:
        assert room.shown_instead(db) == "thread"
    at.button(key="chevron_right").click().run()
    with store.open(bus) as db:
        assert (room.shown_instead(db), room.get_room(db)["page"]) == ("thread", 2)
    do(bus, room.go_to, room.GoTo("ranking"))
    with store.open(bus) as db:
        assert room.shown_instead(db) == ""


def test_the_thread_is_turned_also_before_the_room_has_begun_and_says_at_which_page_it_is(bus):
    at = visit(bus)
    at.button(key="show-thread").click().run()
    at.button(key="chevron_right").click().run()
    with store.open(bus) as db:
        assert (room.get_room(db)["step"], room.get_room(db)["page"]) == (None, 2)
    assert "2 of 5" in [one.value for one in at.caption]
    assert not [one for one in texts(at) if "not at any step" in one]


def test_two_clicks_that_come_together_are_each_heard_once(bus):
    do(bus, room.go_to, room.GoTo("commitment"))
    do(bus, room.show_instead, room.ShowInstead("thread"))
    at = visit(bus)
    at.button(key="chevron_right").click().run()
    with store.open(bus) as db:
        before = store.revision(db)
    at.button(key="chevron_left").click()
    at.button(key="chevron_right").click().run()
    with store.open(bus) as db:
        assert room.get_room(db)["page"] == 2
        assert store.revision(db) == before + 2, "neither page is turned twice"


def test_a_step_as_a_whole_is_asked_about_above_its_page(bus):
    for ref in ("P5", "P6", "P7"):
        do(bus, items.set_status, items.SetStatus(ref, "parked"))
    at = visit(bus, "steps/purpose.py")
    assert "find-THR-FEW-SMALL-purpose-purpose" in at.session_state
    assert "find-THR-LEVELS-purpose-purpose" not in at.session_state
    assert not at.exception
