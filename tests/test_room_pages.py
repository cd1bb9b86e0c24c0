"""The host's side of an activity: one button after the other, answers typed for people, and what nobody may see."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import door
from tests.test_pages import all_nodes, opened, tick
from workshop import items, journal, modes, people, room, store, summary
from workshop.activities import (
    ROOM,
    AddAnswer,
    AnswerPulse,
    CastVote,
    DecideStep,
    OpenActivity,
    RateImpact,
    ReopenActivity,
    RevealActivity,
    SayReady,
    TakeUpActivity,
    add_answer,
    answer_pulse,
    cast_vote,
    decide_step,
    get_current,
    get_results,
    get_task,
    list_activities,
    list_for_host,
    list_joined,
    open_activity,
    rate_impact,
    reopen_activity,
    reveal_activity,
    say_ready,
    take_up_activity,
    time_is_up,
)
from workshop.agenda import list_host_notes
from workshop.entries import list_entries
from workshop.exports import html
from workshop.problems import Conflict
from workshop.step import asking
from workshop.steps import step_of
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop
from workshop.steps.principles import AddValue, add_value
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose, list_chosen
from workshop.steps.strategy import AddMetric, add_metric

FRAME = Path(__file__).parents[1] / "pages" / "frame.py"
NAMES = ("Ana", "Ben", "Cy")
NAMESAKES = ("Amina", "amina", "Ben")


@pytest.fixture
def host(monkeypatch):
    """Whoever opens a page is the host: AppTest has no requests to ask the door about."""
    monkeypatch.setattr(door, "still_host", lambda *_headers: True)


@pytest.fixture
def here(code, db):
    return [journal.act(db, "before", people.add_participant, people.AddParticipant(alias=name), "x") for name in NAMES]


def visit(code: str, slug: str) -> AppTest:
    at = AppTest.from_file(str(FRAME), default_timeout=30)
    at.query_params["w"] = code
    at.run()
    at.switch_page(f"steps/{slug}.py").run()
    assert not at.exception
    return at


def lead(code: str, slug: str) -> AppTest:
    """The host goes to a page and brings the room there."""
    return press(visit(code, slug), "move")


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def seen(at: AppTest) -> str:
    return " ".join(str(one.value) for kind in ("text", "caption", "markdown", "html") for one in at.get(kind)
                    if hasattr(one, "value"))  # fmt: skip


def test_one_button_leads_through_what_the_step_asks_and_on_to_the_next(host, code, db, here):
    at = lead(code, "purpose")
    assert at.button(key="move").label == "Silent writing: 8 min"
    labels = []
    for _move in range(4):
        press(at, "move")
        labels.append(at.button(key="move").label)
        current = get_current(db)
        if current["state"] == "open":
            for person, text in zip(here, ("to be told", "a seat", "a way home"), strict=True):
                journal.act(db, ROOM, add_answer, AddAnswer(current["id"], person, text), "x")
    assert labels == ["Close", "Reveal", "Talk", "Make candidates"]
    assert "let us talk about it" in seen(visit(code, "purpose").switch_page("room/screen.py").run())
    assert sorted(row["text"] for row in list_entries(db, "purpose")) == ["a seat", "a way home", "to be told"]
    press(at, "next-step")
    assert room.get_room(db)["step"] == "promise", "nobody has to"


def talk(code: str, db, here: list[int]) -> AppTest:
    """The host's page of purpose once three have written there, and the room talks about it."""
    at = press(lead(code, "purpose"), "move")
    for person, text in zip(here, ("to be told", "a seat", "a way home"), strict=True):
        journal.act(db, ROOM, add_answer, AddAnswer(get_current(db)["id"], person, text), "x")
    for _move in ("Close", "Reveal", "Talk"):
        press(at, "move")
    return at


def test_after_the_talk_the_same_button_makes_candidates_of_what_is_ticked_until_there_is_a_vote(host, code, db, here):
    at = talk(code, db, here)
    press(at, "move")
    (refused,) = [one for one in at.sidebar.text if one.value == "Choose one or more of what the room wrote first."]
    assert refused, "beside the button, where it is seen wherever the page is pushed"
    assert items.list_items(db, "purpose") == [], "nothing becomes a candidate that nobody has ticked"
    told, seat, home = list_entries(db, "purpose")
    tick(at, "purpose", told["ref"])
    press(at, "move")
    assert (at.button(key="move").label, len(list_entries(db, "purpose"))) == ("Make candidates", 2)
    tick(at, "purpose", home["ref"])
    press(at, "move")
    assert at.button(key="move").label == "Vote: 4 min"
    assert [row["text"] for row in items.list_items(db, "purpose")] == [told["text"], home["text"]]
    press(at, "undo")
    assert at.button(key="move").label == "Make candidates"


def test_what_the_host_puts_under_a_heading_stands_under_it_before_the_room(host, code, db, here):
    at = talk(code, db, here)
    tick(at, "purpose", *(row["ref"] for row in list_entries(db, "purpose") if row["text"] != "a seat"))
    opened(at, "grouping-purpose").text_input(key="heading-purpose").set_value("On the <way>")
    press(at, "group-purpose")
    screen = visit(code, "purpose").switch_page("room/screen.py").run()
    headings = re.compile("<h2[^>]*>([^<]*)</h2>")
    assert (headings.findall(seen(screen)), "a seat" in seen(screen)) == (["In no group yet"], True)
    journal.act(db, "host", room.turn_page, room.TurnPage(1), "x", kind="follow")
    assert headings.findall(seen(screen.run())) == ["On the &lt;way&gt;"]
    assert "to be told" in seen(screen) and "a way home" in seen(screen) and "a seat" not in seen(screen)
    press(at, "undo")
    assert headings.findall(seen(screen.run())) == [], "and all stand side by side again"


def test_a_step_that_has_all_it_needs_waits_for_no_more_candidates(host, code, db, here):
    at = press(lead(code, "promise"), "move")
    journal.act(db, ROOM, add_answer, AddAnswer(get_current(db)["id"], 1, "We come"), "x")
    for _move in ("Close", "Reveal", "Talk"):
        press(at, "move")
    assert at.button(key="move").label == "Make candidates"
    purpose = journal.act(db, "host", add_purpose, AddPurpose(level="big", text="To be there", status="chosen"), "x")
    whole = AddPromise(text="We come", status="chosen", kept_when="The bell rings", broken_when="You wait",
                       owner_role="Control room", purposes=(purpose,))  # fmt: skip
    journal.act(db, "host", add_promise, whole, "x")
    at.run()
    assert at.button(key="move").label == "Next: Principles"
    assert "next-step" not in [button.key for button in at.button], "once is enough"


def test_the_room_talks_about_nothing_that_it_has_not_seen(db, code, here):
    journal.act(db, "host", add_purpose, AddPurpose(level="big", text="A secret so far.", status="chosen"), "x")
    journal.act(db, "host", room.go_to, room.GoTo("purpose"), "x")
    journal.act(db, "host", room.start_step, room.StartStep(), "x")
    with pytest.raises(Conflict, match="There is nothing to talk about yet. Reveal it first."):
        journal.act(db, "host", room.talk, room.Talk(), "x")
    assert not room.is_revealed(db, "purpose")


def test_the_host_makes_the_screen_dark_and_light_and_no_browser_does(host, code, db):
    at = opened(lead(code, "purpose"), "shared-screen")
    screen = visit(code, "purpose").switch_page("room/screen.py")
    undo = at.button(key="undo").label
    for name, kind in (("Make it dark", "screen"), ("Make it light", "screen dark"), ("Make it dark", "screen")):
        assert at.button(key="darken-screen").label == name
        assert f'<div class="{kind}">' in seen(screen.run())
        press(at, "darken-screen")
    assert at.button(key="undo").label == undo, "a look is nothing to take back"


def test_the_sidebar_says_how_many_are_ready_and_the_page_never_whose_an_answer_is(host, code, db, here):
    at = press(lead(code, "purpose"), "move")
    activity = get_current(db)["id"]
    journal.act(db, ROOM, add_answer, AddAnswer(activity, here[0], "to be told"), "x")
    journal.act(db, ROOM, say_ready, SayReady(activity, here[0]), "x")
    assert "to be told" not in seen(at.run()), "thirty people watch this page"
    opened(at, f"moderation-{activity}")
    assert "to be told" in seen(at), "the host alone may take out what does not belong on the screen"
    assert at.button(key="call-back")
    journal.act(db, ROOM, add_answer, AddAnswer(activity, here[1], "a seat"), "x")
    assert "a seat" in seen(at.run()), "it stays open while more comes in"
    press(at, "hide-answer-1")
    assert [one["text"] for one in list_for_host(db, activity) if one["hidden"]] == ["to be told"]
    assert [toast.value for toast in at.toast] == ["Kept an answer off the screen"]
    press(press(at, "move"), "move")
    assert [row["text"] for row in get_results(db, activity).rows] == ["a seat"]


def test_what_was_voted_on_is_hardly_decided_before_anything_of_it_is_chosen(host, code, db, here):
    at = talk(code, db, here)
    press(tick(at, "purpose", *(row["ref"] for row in list_entries(db, "purpose"))), "move")
    press(at, "move")
    vote, first = get_current(db)["id"], items.list_items(db, "purpose")[0]["ref"]
    for person in here:
        journal.act(db, ROOM, cast_vote, CastVote(vote, person, {first: 1}), "x")
    press(press(at.run(), "move"), "move")
    assert at.button(key="move").label == "It is decided"
    press(at, "move")
    assert "Nothing of what was voted on is chosen yet." in " ".join(one.value for one in at.sidebar.text)
    assert room.get_room(db)["phase"] != "decided", "the screen would show every candidate as what stands"
    press(press(at, f"choose-voted-{first}"), "move")
    assert room.get_room(db)["phase"] == "decided"


def test_a_break_of_the_plan_is_the_next_move_once(host, code, db, do):
    do(modes.add_break, modes.AddBreak(after="purpose", minutes=15))
    do(room.go_to, room.GoTo("purpose"))
    do(decide_step, DecideStep("purpose"))
    at = visit(code, "purpose")
    assert (at.button(key="move").label, at.button(key="next-step").label) == ("Break: 15 min", "Next: Promise")
    press(at, "move")
    assert room.get_room(db)["held_at"] and at.button(key="move").label == "Go on"
    press(at, "move")
    assert at.button(key="move").label == "Next: Promise", "a break that was taken is not offered again"
    press(press(at, "undo"), "undo")
    assert at.button(key="move").label == "Break: 15 min"


@pytest.mark.parametrize("page", ["plan", "thread", "afterwards", "summary", "history"])
def test_beside_the_agenda_the_clock_runs_on_and_the_way_leads_back_to_the_room(host, code, db, here, page):
    at = press(lead(code, "purpose"), "move")
    at.switch_page(f"room/{page}.py").run()
    assert "data-deadline" in seen(at) and "0 of 3 ready" in seen(at)
    assert "move" not in {one.key for one in at.button}, "a hand that is used to the button moves nothing from here"
    at.button(key="to-the-room").click().run()
    assert "What do people come to us for?" in seen(at)


def test_two_of_one_name_are_told_apart_and_made_one(host, code, db):
    first, second, other = (
        journal.act(db, ROOM, people.add_participant, people.AddParticipant(alias=name), "x") for name in NAMESAKES
    )
    at = visit(code, "purpose")
    opened(at, "people")
    assert {"Amina (1 of 2)", "amina (2 of 2)", "Ben"} <= {one.value for one in at.text}
    assert at.selectbox(key="twice-goes").options == ["Amina (1 of 2)", "amina (2 of 2)", "Ben"]
    at.selectbox(key="twice-stays").set_value(first)
    at.selectbox(key="twice-goes").set_value(second)
    press(at, "merge")
    assert [one["id"] for one in people.list_participants(db)] == [first, other]
    assert {"Amina", "Ben"} <= {one.value for one in at.text}, "one of a name needs no number"


def test_looking_something_up_on_another_page_ends_nothing(host, code, db, here):
    at = press(lead(code, "purpose"), "move")
    at.switch_page("steps/promise.py").run()
    assert (room.get_room(db)["step"], get_current(db)["state"]) == ("purpose", "open")
    assert "The room is still answering at Purpose; that is closed then." in seen(at)
    press(at, "move")
    assert (room.get_room(db)["step"], get_current(db)) == ("promise", None)


def test_the_host_types_for_somebody_without_a_phone(host, code, db, here):
    at = press(lead(code, "purpose"), "move")
    activity = get_current(db)["id"]
    opened(at, f"typing-{activity}").selectbox(key=f"typing-for-{activity}").set_value(here[1]).run()
    at.text_input(key=at.session_state[f"fresh-{code}-typed-{activity}-{here[1]}"]).set_value("a seat")
    press(at, "type-it")
    assert [(row["text"], row["typed_by_host"]) for row in list_for_host(db, activity)] == [("a seat", 1)]
    assert [one["id"] for one in list_joined(db) if one["ready"]] == [here[1]], "and nobody else counts as ready"
    press(at, "type-it")
    assert "Write something first." in seen(at)
    assert len(list_for_host(db, activity)) == 1


def test_a_room_that_has_not_begun_is_told_to_let_people_in_until_somebody_is(host, code, db, do):
    assert "First let people in" in seen(visit(code, "purpose"))
    do(people.add_participant, people.AddParticipant(alias="Dora"))
    assert "First let people in" not in seen(visit(code, "purpose"))


def test_what_cannot_be_asked_yet_says_why_in_sight(host, code, db, do):
    why = "To rate, there must be concept cards, and something that we count."
    at = lead(code, "ranking")
    assert why not in [one.value for one in at.sidebar.caption], "the panel is not open"
    opened(at, "ask")
    said = [one.value for one in at.sidebar.caption]
    assert why in said
    do(add_concept, AddConcept(name="Truth board"))
    do(add_metric, AddMetric(kind="cpi", name="Minutes until a way home"))
    assert why not in [one.value for one in at.run().sidebar.caption]


def write_in(at: AppTest, key: str, words: str) -> AppTest:
    """Something of one's own in a choice, where AppTest only lets one choose."""
    choice = at.selectbox(key=key)
    choice.options.append(words)
    return choice.set_value(words).run()


def test_the_host_types_for_somebody_who_is_not_on_the_list_yet(host, code, db, do):
    at = lead(code, "purpose")
    activity = do(open_activity, OpenActivity(step="purpose", kind="write", prompt="Why?", minutes=0))
    at.session_state[f"typing-{activity}"] = True
    write_in(at.run(), f"typing-for-{activity}", "Dora")
    (dora,) = people.list_participants(db)
    assert dora["alias"] == "Dora" and at.selectbox(key=f"typing-for-{activity}").value == dora["id"]
    at.text_input(key=at.session_state[f"fresh-{code}-typed-{activity}-{dora['id']}"]).set_value("a seat")
    press(at, "type-it")
    assert [(row["text"], row["typed_by_host"]) for row in list_for_host(db, activity)] == [("a seat", 1)]
    write_in(at, f"typing-for-{activity}", "x" * 61)
    assert len(people.list_participants(db)) == 1, "a name that is too long makes nobody"
    assert "at most 60 characters" in seen(at)


def test_a_break_stops_the_clock_and_the_same_button_goes_on(host, code, db, here):
    at = opened(press(lead(code, "purpose"), "move"), "break")
    at.text_input(key=at.session_state[f"fresh-{code}-back-at"]).set_value("10:45")
    press(at, "hold")
    assert (at.button(key="move").label, room.get_room(db)["back_at"]) == ("Go on", "10:45")
    assert re.search(r'<p class="clock" data-clock="mm:ss">[78]:[0-5]\d</p>', seen(at)), "it does not run on"
    assert (press(at, "move").button(key="move").label, room.get_room(db)["held_at"]) == ("Close", None)


def test_a_closed_tab_comes_back_to_where_the_room_is(host, code, db, here):
    press(lead(code, "purpose"), "move")
    with store.open(code):
        again = visit(code, "purpose")
    assert again.button(key="move").label == "Close"


def test_what_was_left_aside_invites_nobody_to_write_or_to_reveal_nothing(host, code, db, here):
    at = press(press(lead(code, "purpose"), "move"), "skip")
    assert at.button(key="move").label == "Next: Promise", "there is nothing to reveal"
    assert "Left aside · 80 min planned" in [one.value for one in at.caption]
    screen = seen(visit(code, "purpose").switch_page("room/screen.py").run())
    assert "What do people come to us for?" in screen and "I want …" not in screen
    journal.act(db, "host", add_purpose, AddPurpose(level="small", text="I need a seat", status="chosen"), "x")
    assert at.run().button(key="move").label == "Reveal", "the host has written something there"
    [left] = list_activities(db, "purpose")
    journal.act(db, "host", take_up_activity, TakeUpActivity(left["id"]), "x")
    journal.act(db, "host", reopen_activity, ReopenActivity(left["id"]), "x")
    assert "I want …" in seen(visit(code, "purpose").switch_page("room/screen.py").run())


def test_a_pulse_of_two_is_not_told_to_the_host_either(host, code, db, here):
    at = press(lead(code, "opening"), "move")
    activity = get_current(db)["id"]
    for person in here[:2]:
        journal.act(db, ROOM, answer_pulse, AnswerPulse(activity, person, "no", "SECRET"), "x")
    assert "SECRET" not in seen(at.run())
    press(press(at, "move"), "move")
    assert "Fewer than three answers are not shown." in seen(at)
    assert "SECRET" not in seen(at)


@pytest.fixture
def voted(db, here):
    """Twelve purposes, of which three people have voted for one."""
    for number in range(12):
        journal.act(db, "host", add_purpose, AddPurpose(level="small", text=f"I need seat {number}"), "x")
    journal.act(db, "host", room.go_to, room.GoTo("purpose"), "x")
    offer = next(one for one in step_of("purpose").activities if one.kind == "vote")
    activity = journal.act(db, "host", open_activity, asking(db, step_of("purpose"), offer), "x")
    for person in here:
        journal.act(db, ROOM, cast_vote, CastVote(activity, person, {"P7": 1}), "x")
    journal.act(db, "host", reveal_activity, RevealActivity(activity), "x")


def test_a_ballot_that_the_host_types_is_refused_with_a_sentence_and_told_apart_afterwards(host, code, db, here):
    for number in range(4):
        journal.act(db, "host", add_purpose, AddPurpose(level="small", text=f"I need seat {number}"), "x")
    journal.act(db, "host", room.go_to, room.GoTo("purpose"), "x")
    offer = next(one for one in step_of("purpose").activities if one.kind == "vote")
    activity = journal.act(db, "host", open_activity, asking(db, step_of("purpose"), offer), "x")
    at = visit(code, "purpose")
    opened(at, f"typing-{activity}").selectbox(key=f"typing-for-{activity}").select(here[1]).run()
    dots = f"typed-{activity}-{here[1]}-P2"
    at.number_input(key=dots).set_value(5)
    press(at, "type-it")
    assert "1 is the most for one line." in seen(at)
    assert not get_task(db, here[1]).ready, "no empty ballot was saved in place of what stands in the field"
    at.number_input(key=dots).set_value(1)
    press(at, "type-it")
    for person in (here[0], here[2]):
        journal.act(db, ROOM, cast_vote, CastVote(activity, person, {"P1": 1, "P2": 1}), "x")
    at.run()
    press(press(at, "move"), "move")
    assert "3 answered, 1 of them through the host" in [one.value for one in at.caption]


def test_after_a_vote_the_next_move_is_the_choice_and_going_on_is_still_possible(host, code, db, voted):
    at = visit(code, "purpose")
    press(at, "move")  # the silent writing that was left out
    press(at, "skip")
    offer = next(one for one in list_activities(db, "purpose") if one["kind"] == "vote")
    journal.act(db, "host", take_up_activity, TakeUpActivity(offer["id"]), "x")
    at.run()
    assert (at.button(key="move").label, at.button(key="next-step").label) == ("It is decided", "Next: Promise")
    assert "decide" not in [button.key for button in at.button], "once is enough"
    press(at, "choose-voted-P7")
    assert [row["ref"] for row in list_chosen(db)] == ["P7"]
    assert "choose-voted-P7" not in [button.key for button in at.button]
    press(at, "move")
    assert room.get_room(db)["phase"] == "decided"
    screen = seen(visit(code, "purpose").switch_page("room/screen.py").run())
    assert "what stands" in screen and "so far" not in screen
    assert at.button(key="move").label == "Next: Promise"


def test_what_was_left_aside_is_gone_back_to_by_a_button_that_says_so(host, code, db, here):
    at = press(press(lead(code, "purpose"), "move"), "skip")
    [left] = list_activities(db, "purpose")
    at.session_state["ask"] = True
    back = at.run().button(key=f"take-up-{left['id']}")
    assert back.label.replace("\\", "") == "Back to “What do people come to us for?” (round 1, not shown)"
    press(at, f"take-up-{left['id']}")
    assert get_current(db)["id"] == left["id"] and at.button(key="move").label == "Reveal"
    assert f"take-up-{left['id']}" not in [button.key for button in at.button], "the panel has closed"


def test_the_host_reads_beforehand_what_nothing_takes_back(host, code, db, here):
    journal.act(db, "host", add_concept, AddConcept(name="Truth board"), "x")
    journal.act(db, "host", add_metric, AddMetric(kind="cpi", name="Told in time"), "x")
    forgets, ends = "Whose they were is forgotten, so nothing takes it back.", "nobody can rate any more."
    at = press(lead(code, "purpose"), "move")
    assert at.button(key="undo").label.replace("\\", "") == "Undo “Opened: Silent writing”"
    assert forgets in seen(press(at, "move"))
    press(at, "move")
    assert "undo" not in [button.key for button in at.button]
    at = press(press(lead(code, "ranking"), "move"), "move")
    assert "Then everybody sees all answers at once." in seen(at) and forgets not in seen(at)
    assert ends in seen(press(at, "move")) and at.button(key="undo").label.startswith("Undo “Revealed")
    press(at, "decide")
    assert ends not in seen(at) and "undo" not in [button.key for button in at.button]


def test_in_a_workshop_with_names_nothing_is_forgotten_and_no_page_says_so(host, code, db, here):
    named = EditWorkshop(get_workshop(db)["version"], {"anonymity": "named"})
    journal.act(db, "host", edit_workshop, named, "x")
    at = press(press(lead(code, "purpose"), "move"), "move")
    assert "Then everybody sees all answers at once." in seen(at) and "forgotten" not in seen(at)
    assert press(at, "move").button(key="undo").label.startswith("Undo “Revealed")


def test_what_was_hidden_is_revealed_again_also_while_something_else_can_be_asked(host, code, db, here):
    for text in ("I want one", "I want two"):
        journal.act(db, "host", add_purpose, AddPurpose(level="small", text=text), "x")
    at = press(lead(code, "purpose"), "move")
    typed = AddAnswer(get_current(db)["id"], here[0], "to be told")
    journal.act(db, ROOM, add_answer, typed, "x")
    press(press(press(at, "move"), "move"), "hide")
    assert "Hidden" in seen(at) and "Writing" not in seen(at)
    assert "to be told" not in seen(visit(code, "purpose").switch_page("room/screen.py").run())
    assert at.button(key="move").label == "Vote: 4 min"
    press(at, "reveal")
    assert "to be told" in seen(visit(code, "purpose").switch_page("room/screen.py").run())
    assert "reveal" not in [button.key for button in at.button]


def test_a_reveal_of_ratings_turns_the_hosts_page_to_the_order(host, code, db, here):
    journal.act(db, "host", add_concept, AddConcept(name="Truth board"), "x")
    journal.act(db, "host", add_metric, AddMetric(kind="cpi", name="Told in time"), "x")
    at = lead(code, "ranking")
    at.button_group(key="ranking-view").set_value("count").run()
    press(at, "move")
    for person in here:
        rating = RateImpact(person, "E1", "C1", 2, activity=get_current(db)["id"])
        journal.act(db, ROOM, rate_impact, rating, "x")
    assert press(at, "move").button_group(key="ranking-view").value == "count", "nothing is shown yet"
    assert press(at, "move").button_group(key="ranking-view").value == "order"
    at.button_group(key="ranking-view").set_value("count").run()
    assert at.run().button_group(key="ranking-view").value == "count", "what is opened by a click stays"
    press(press(at, "undo"), "move")
    assert at.button_group(key="ranking-view").value == "order", "revealed anew"


def test_what_was_voted_stands_below_the_prompt_and_pushes_no_card_away(host, code, voted):
    at = visit(code, "purpose")
    kinds = [node.type for node in all_nodes(at) if node.type in ("title", "expander")]
    assert kinds[:2] == ["title", "expander"]
    (panel,) = [one for one in at.expander if one.label == "What counts most to those we serve?"]
    heights = [one.proto.height_config.pixel_height for one in panel.children.values() if one.type == "flex_container"]
    assert 0 < max(heights) < 240, "five lines of twelve, and the others by scrolling in it"


def test_the_screen_says_how_the_room_works_just_now(host, code, db, here):
    at = press(lead(code, "purpose"), "move")
    screen = visit(code, "purpose").switch_page("room/screen.py")
    assert "in silence" in seen(screen.run())
    press(press(at, "move"), "move")
    press(at, "hide")
    assert "in silence" not in seen(screen.run()), "the host has taken it off again, and nobody writes"
    asked = OpenActivity(step="purpose", kind="pulse", prompt="Do we?", minutes=1, settings={"scale": "yes"})
    journal.act(db, "host", open_activity, asked, "x")
    assert "each alone" in seen(screen.run())
    assert time_is_up(None) == "Time. Finish your sentence."
    assert time_is_up(get_current(db)) == "Time. Finish your answer.", "where nobody writes a sentence"


def test_what_would_be_undone_is_quoted_once(host, code, db, here):
    at = press(press(lead(code, "purpose"), "move"), "move")
    assert at.button(key="undo").label == "Undo “Closed ‘What do people come to us for?’”"
    press(at, "undo")
    assert get_current(db)["state"] == "open"
    assert at.toast[-1].value == "Took back “Closed ‘What do people come to us for?’”"


def test_a_note_is_for_hosts_alone(host, code, db, here):
    at = opened(visit(code, "purpose"), "my-notes")
    [field] = [one for one in at.text_area if one.label == "Only hosts see this"]
    field.set_value("SECRET: let Ben speak last")
    press(at, "keep-note")
    assert list_host_notes(db) == [{"step": "purpose", "text": "SECRET: let Ben speak last"}]
    assert "SECRET" not in html.render(summary.full(db))
    at.switch_page("room/screen.py").run()
    assert "SECRET" not in seen(at)
    assert "SECRET" not in str([get_task(db, person) for person in here])


def test_a_decision_names_what_it_rests_upon(host, code, db, here):
    promise = journal.act(db, "before", add_promise, AddPromise(text="It comes", status="chosen"), "x")
    journal.act(db, "before", add_value, AddValue(name="Candour"), "x")
    journal.act(db, "before", add_metric, AddMetric(kind="cpi", name="Minutes until a way home"), "x")
    at = visit(code, "purpose")
    opened(at, "deciding")
    key = at.session_state[f"fresh-{code}-decision"]
    at.text_input(key=f"{key}-text").set_value("Start with the night bus")
    rests = at.multiselect(key=f"{key}-because_of")
    lead = "D0  Are we keeping our promise?"
    assert rests.options == ["PR1  It comes", "V1  Candour", lead, "C1  Minutes until a way home"], "as its label says"
    rests.set_value([promise])
    press(at, "record-decision")
    [row] = items.list_items(db, "decision")
    assert (row["text"], row["step"], row["because_of"]) == ("Start with the night bus", "purpose", [promise])
