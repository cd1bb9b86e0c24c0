"""Taking along and bringing in, as the facilitator's pages do it."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import door
from tests.finished import finished
from workshop import forms, items, journal, store
from workshop.press import Order
from workshop.problems import Rejected
from workshop.steps.requirements import AddRequirement, add_requirement

FRAME = Path(__file__).parents[1] / "pages" / "frame.py"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp("host")})
    return finished("bus")


def visit(code: str, script: str) -> AppTest:
    at = AppTest.from_file(FRAME, default_timeout=40)
    at.switch_page(script)
    at.query_params["w"] = code
    at.run()
    assert [error.message for error in at.exception] == []
    return at


def said(at: AppTest) -> list[str]:
    return [text.value for text in at.text]


def made(order: Order) -> bytes:
    while order.is_running:
        time.sleep(0.1)
    return order.take()


def test_a_large_form_is_made_in_a_process_of_its_own(bus):
    order = Order(bus, "pdf", onepage=True, shareable=True)
    assert order.is_running
    first = made(order)
    assert first[:5] == b"%PDF-" and order.take() is first, "and it can be downloaded again"


def test_the_workshops_file_is_made_there_too_so_that_a_full_disk_is_told_on_the_page(bus):
    order = Order(bus, "sqlite")
    assert made(order)[:15] == b"SQLite format 3"
    at = visit(bus, "room/summary.py")
    assert "download-sqlite" not in [button.key for button in at.get("download_button")]
    at.button(key="make-sqlite")
    at.session_state["audience"] = "shareable"
    at.run()
    assert "make-sqlite" not in [button.key for button in at.button], "it is internal"


def test_a_template_that_is_none_is_refused_where_it_was_asked_for(bus):
    with pytest.raises(Rejected, match="is not a template that can be used here: it must be a .docx or .dotx file"):
        made(order := Order(bus, "docx", template=b"no Word file"))
    with pytest.raises(Rejected, match="is not a template"):
        order.take()


def test_the_summary_says_what_each_form_is_for_and_offers_no_story_to_everybody(bus):
    at = visit(bus, "room/summary.py")
    captions = [caption.value for caption in at.caption]
    assert "to read, print and send" in captions and any("planned and real minutes" in one for one in captions)
    at.session_state["audience"] = "shareable"
    at.run()
    captions = [caption.value for caption in at.caption]
    assert "to read, print and send" in captions and not any("planned and real minutes" in one for one in captions)


def test_before_sharing_the_summary_says_which_requirements_might_be_costs(bus):
    at = visit(bus, "room/summary.py")
    at.session_state["audience"] = "shareable"
    at.run()
    said = "Requirements without a kind: 1. A cost among them is told as well, until its kind is “budget”."
    assert said not in [caption.value for caption in at.caption], "every one has a kind"
    with store.open(bus) as db:
        command = AddRequirement(concept="E1", text="About 900 euro a month")
        ref = journal.act(db, journal.HOST, add_requirement, command, "Added {ref}")
        assert "900 euro" in forms.make(db, "md", forms.Wanted(shareable=True)).decode(), "it is no cost yet"
    assert said in [caption.value for caption in at.run().caption]
    with store.open(bus) as db:
        journal.act(db, journal.HOST, items.edit, items.Edit(ref, 1, {"type": "budget"}), "Edited")
        assert "900 euro" not in forms.make(db, "md", forms.Wanted(shareable=True)).decode()
    assert said not in [caption.value for caption in at.run().caption]


def test_the_history_tells_the_story_and_what_changed(bus):
    at = visit(bus, "room/history.py")
    assert "Opened the sample “bus”" in said(at)
    at.session_state["history-view"] = "story"
    at.run()
    assert any(line.endswith("host: Opened the sample “bus”") for line in said(at))
    at.session_state["history-view"] = "changes"
    at.run()
    moments = at.selectbox(key="since").options
    assert moments[-1].endswith("Opened the sample “bus”") and "\\" not in "".join(moments), "no Markdown in a menu"
    assert "Nothing has changed." in said(at) and [error.message for error in at.exception] == []


def test_the_lobby_opens_the_window_for_tables(bus):
    at = visit(bus, "room/lobby.py")
    at.button(key="bring-table").click().run()
    assert [error.message for error in at.exception] == []
    assert at.selectbox(key="table-kind").options == ["Concepts", "Metrics", "Touchpoints", "Ratings"]


def test_a_table_comes_into_the_workshop_that_one_is_in_and_two_of_one_name_are_told_apart(bus):
    finished("clinic")
    other = finished("bus")
    for code in (bus, other):
        at = visit(code, "room/lobby.py")
        at.button(key="bring-table").click().run()
        assert at.selectbox(key="table-code").value == code
    title = "Keeping our word on the valley network"
    said = at.selectbox(key="table-code").options
    assert said[0] == f"{title} ({other})" and f"{title} ({bus})" in said and "Seen, told and not sent away" in said
