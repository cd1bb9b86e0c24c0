"""The plan before the day, what is seldom done on it, and afterwards what became of it: all on the pages."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import written
from pages.parts.cards import MOST_LINES
from pages.room.screen import picture
from tests.test_method_pages import INPUTS, SCRIPTS, keys
from tests.test_pages import (  # noqa: F401  some are fixtures
    FRAME,
    all_nodes,
    bus,
    buttons,
    captions,
    click,
    do,
    everything_said,
    host,
    item,
    newest,
    read,
    texts,
    visit,
    write,
    wrote,
)
from workshop import afterwards, agenda, closing, entries, items, journal, modes, review, room, store
from workshop.checks import findings
from workshop.steps import change_mode, promise
from workshop.steps.concepts import MergeConcepts, merge_concepts
from workshop.steps.ideas import AddIdeas, add_ideas, list_ideas
from workshop.steps.promise import get_promise
from workshop.steps.purpose import list_purposes

# --- the plan ----------------------------------------------------------------------------------------------------


def test_words_that_were_undone_are_not_saved_again_with_the_next_prompt(host, code):
    at = visit(code, "plan")
    title, prompt = (next(key for key in keys(at) if key.startswith(f"{name}-promise")) for name in ("title", "prompt"))
    at.get_by_key(title).set_value("Our word").run()
    click(at, "save-promise")
    click(at, "undo")
    title, prompt = (next(key for key in keys(at) if key.startswith(f"{name}-promise")) for name in ("title", "prompt"))
    assert at.get_by_key(title).value == "Promise"
    at.get_by_key(prompt).set_value("What will we be held to?").run()
    click(at, "save-promise")
    row = next(one for one in read(code, agenda.list_agenda) if one["slug"] == "promise")
    assert (row["title"], row["prompt"]) == ("Promise", "What will we be held to?")


def test_the_plan_says_what_is_done_when_the_day_begins(host, code):
    do(code, change_mode, modes.ChangeMode("short"))
    said = texts(visit(code, "plan"))
    assert "Which rules will decide for us? · prepared before the day" in said
    assert "What do we promise today?" in said, "23 minutes of the day are its own"


# --- a closed workshop, and the thread before anything has begun ---------------------------------------------------


@pytest.mark.parametrize("page", [page for page in SCRIPTS if page not in ("lobby", "screen")])
def test_nothing_on_a_page_of_a_closed_workshop_invites_to_write(host, bus, page):
    do(bus, items.archive, items.Archive("V5"))
    do(bus, findings.silence, findings.Silence("THR-CPI-KPI"))
    do(bus, closing.close_workshop, closing.CloseWorkshop())
    at = visit(bus, page)
    leading = ("handle", "match", "matters", "reopen", "screen-link", "make-", "replay", "reproduce")
    assert [key for key in buttons(at) if not key.startswith(leading)] == []
    inputs = [one.key for kind in INPUTS for one in getattr(at, kind) if not one.disabled]
    reading = ("search-workshop", "version", "audience", "course", "beside", "begins-at", "rater", "since", "until")
    assert [key for key in inputs if not (key in reading or key.endswith("-view"))] == []
    assert "This workshop is closed" in everything_said(at)
    assert not at.exception


def test_an_item_of_a_closed_workshop_is_read_whole_and_not_edited(host, bus):
    do(bus, closing.close_workshop, closing.CloseWorkshop())
    at = click(visit(bus, "principles"), "handle-V1")
    value = item(bus, "V1")
    assert {value["meaning"], value["lived_example"]} <= set(texts(at))
    assert "What it means here" in captions(at)
    assert not [key for key in keys(at) if key.startswith("edit-")]
    click(at, "close-principles")
    assert value["lived_example"] not in texts(at)


def test_a_decision_that_a_closed_workshop_refuses_is_said_and_not_left_standing(host, bus):
    at = visit(bus, "commitment")
    choice = at.get_by_key(next(key for key in keys(at) if key.startswith("choice-E1-"))).set_value("parked")
    do(bus, closing.close_workshop, closing.CloseWorkshop())  # somebody else, meanwhile
    at.run()
    assert "This workshop is closed. The facilitator can open it again." in texts(at)
    assert choice.key not in keys(at)
    assert item(bus, "E1")["status"] == "selected"


def test_nobody_is_invited_into_a_closed_workshop(bus):
    do(bus, room.go_to, room.GoTo("promise"))
    with store.open(bus) as db:
        assert "Join" in "".join(picture(db))
    do(bus, closing.close_workshop, closing.CloseWorkshop())
    with store.open(bus) as db:
        assert "Join" not in "".join(picture(db))


def test_a_review_asks_whether_the_promise_is_kept_with_the_promise_in_sight(bus):
    code = review.start_review(bus, journal.HOST)
    do(code, afterwards.ask_promise_review, afterwards.AskPromiseReview())
    with store.open(code) as db:
        shown = "".join(picture(db))
    assert "Are we keeping our promise with what stands here?" in shown
    assert "If we say a bus is coming, it comes, or we get you there." in shown


@pytest.mark.parametrize("step", [None, "opening"])
def test_the_room_sees_the_thread_also_before_the_first_step_has_begun(bus, step):
    if step:
        do(bus, room.go_to, room.GoTo(step))
    do(bus, room.show_instead, room.ShowInstead("thread"))
    with store.open(bus) as db:
        assert "5 of 5 threads are whole" in "".join(picture(db))


# --- afterwards --------------------------------------------------------------------------------------------------


def test_a_reading_belongs_to_the_metric_that_is_shown_and_a_missing_value_is_asked_for(host, bus):
    at = visit(bus, "afterwards")
    at.selectbox(key="course").set_value("C3").run()
    assert "A reading of C3" in everything_said(at)
    before = newest(bus, "reading")
    click(at, "add-reading")
    assert "Write something under “It stood at”." in texts(at)
    assert newest(bus, "reading") == before
    value = next(key for key in keys(at) if key.startswith("reading-") and key.endswith("-value"))
    at.get_by_key(value).set_value(8.1).run()
    click(at, "add-reading")
    assert (newest(bus, "reading")["metric"], newest(bus, "reading")["value"]) == ("C3", 8.1)


def test_a_review_of_the_promise_whose_day_is_over_is_said_to_be_due(bus):
    kept = read(bus, get_promise) | {"review_by": "2026-10-01"}
    assert promise.review_of(kept, date(2026, 10, 1)) == "review by 2026-10-01"
    assert promise.review_of(kept, date(2026, 10, 2)) == "review was due on 2026-10-01"
    assert promise.review_of(kept | {"review_by": None}, date(2026, 10, 2)) == ""


def test_every_later_step_begins_with_the_promise_and_its_review(host, bus):
    do(bus, items.edit, items.Edit("PR1", item(bus, "PR1")["version"], {"review_by": "2020-10-01"}))
    for page in ("principles", "concepts", "ranking"):
        assert "review was due on 2020-10-01" in captions(visit(bus, page)), page


def test_a_result_once_given_is_changed_and_not_taken_away_by_a_second_click(host, bus):
    at = visit(bus, "afterwards")
    judged = next(key for key in keys(at) if key.startswith("judge-PC2"))
    assert at.get_by_key(judged).proto.required
    at.get_by_key(judged).set_value("stop").run()
    assert item(bus, "PC2")["decision"] == "stop"


# --- several brands, several candidates ----------------------------------------------------------------------------


def test_each_brand_has_a_medium_purpose_of_its_own_or_the_big_one(host, code):
    at = visit(code, "purpose")
    write(click(at, "write-big"), "purpose", text="So that nobody waits in the rain.")
    assert "write-medium" in buttons(at)
    for name in ("Vale Express", "Night Owl"):
        write(click(at, "new-brand"), "purpose", name=name)
    write(click(at, "write-medium-BR1"), "purpose", text="To be the fast way to work.")
    click(at, "same-as-big-medium-BR2")
    chosen = [(one["brand"], one["same_as"], one["status"]) for one in read(code, list_purposes, "medium")]
    assert chosen == [("BR1", None, "chosen"), ("BR2", "P1", "chosen")], "neither takes the other's place"
    assert not [key for key in buttons(at) if key.startswith("write-medium")]


def test_a_level_that_has_its_purpose_takes_other_candidates_and_keeps_it_until_one_is_chosen(host, code):
    at = visit(code, "purpose")
    assert "new-big" not in buttons(at)
    write(click(at, "write-big"), "purpose", text="So that nobody waits in the rain.")
    write(click(at, "new-big"), "purpose", text="So that the valley stays a place to live.")
    assert [one["status"] for one in read(code, list_purposes, "big")] == ["chosen", "candidate"]
    click(at, "choose-P2")
    assert [one["status"] for one in read(code, list_purposes, "big")] == ["candidate", "chosen"]


# --- links, long lists, what is not asked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("P99", "There is no item P99 in this workshop."),
        ("P3", "P3 was put away. Bring it back below, then it can be changed."),
        ("E8", "E8 went into E7. Open that one instead."),
    ],
)
@pytest.mark.parametrize("page", ["purpose", "concepts"])
def test_a_link_to_what_is_not_there_says_so(host, bus, page, item, sentence):
    do(bus, items.archive, items.Archive("P3"))
    do(bus, merge_concepts, MergeConcepts("E8", "E7"))
    at = AppTest.from_file(FRAME, default_timeout=20)
    at.switch_page(f"steps/{page}.py")
    at.query_params["w"], at.query_params["item"] = bus, item
    at.run()
    assert sentence in texts(at)
    assert f"close-{page}" not in buttons(at), "nothing is open for editing"


def test_a_page_draws_as_much_of_a_long_list_as_it_can_and_all_of_it_can_be_reached(host, code):
    many = "\n".join(f"Somebody waits for bus {number}, in the rain" for number in range(300))
    do(code, add_ideas, AddIdeas(many))
    do(code, entries.add_entries, entries.AddEntries("concepts", many))
    at = visit(code, "concepts")
    assert len([key for key in buttons(at) if key.startswith("take-up-")]) == MOST_LINES
    assert [line["ref"] for line in wrote(at)] == [f"N{number}" for number in range(1, written.MOST_LINES + 1)]
    shown = {node.type for node in all_nodes(at) if "in the rain" in str(getattr(node, "proto", ""))}
    assert shown == {"text", "bidi_component"}, "what was written is one element, however much it is"
    assert "take-up-I300" in buttons(at)
    assert "take-up-I1" not in buttons(at)
    at.number_input(key="ideas-page").set_value(5).run()
    assert "take-up-I1" in buttons(at)
    click(at, "undo")
    click(at, "undo")
    assert not at.exception, "the page that was turned to is no more"
    assert read(code, list_ideas) == []


def test_a_rule_that_is_switched_off_is_named_by_its_question(host, bus):
    do(bus, findings.silence, findings.Silence("PUR-HYPE"))
    said = next(one for one in texts(visit(bus, "purpose")) if one.startswith("PUR-HYPE"))
    assert said.startswith("PUR-HYPE: Claim words fade.")
    for page in ("promise", "concepts", "ranking"):
        elsewhere = [one for one in texts(visit(bus, page)) if one.startswith("PUR-HYPE")]
        assert elsewhere == [], "it is asked at purpose alone"


def test_every_rule_that_is_switched_off_can_be_switched_on_on_a_page(host, bus):
    for rule in findings.RULES:
        do(bus, findings.silence, findings.Silence(rule.id))
    on = set()
    for page in SCRIPTS:
        on |= {key.removeprefix("on-") for key in buttons(visit(bus, page)) if key.startswith("on-")}
    assert on >= {rule.id for rule in findings.RULES if rule.table not in ("metric", "goal")}
