"""The pages of the steps beyond the core, told as what people do on them: from prepare to commitment."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_pages import (  # noqa: F401  some are fixtures
    SCRIPTS,
    all_nodes,
    bus,
    buttons,
    captions,
    click,
    do,
    editing,
    everything_said,
    field,
    host,
    item,
    keys,
    newest,
    open_line,
    opened,
    read,
    refs,
    revision,
    texts,
    tick,
    unfolded,
    visit,
    write,
    wrote,
)
from workshop import agenda, beforehand, items, journal, people, summary
from workshop.activities import (
    AnswerPulse,
    CloseActivity,
    RevealActivity,
    SavePoints,
    answer_pulse,
    close_activity,
    get_current,
    open_activity,
    reveal_activity,
    save_points,
)
from workshop.agenda import list_agenda
from workshop.checks.findings import list_findings
from workshop.entries import AddEntries, add_entries
from workshop.room import GoTo, Hide, Reveal, get_room, go_to, hide, reveal
from workshop.step import asking
from workshop.steps import AGENDA, create, opening, step_of
from workshop.steps.commitment import AddReview, ParkQuestion, add_review, park_question
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import EditWorkshop, StartWorkshop, edit_workshop, get_workshop
from workshop.steps.purpose import MATTERS, AddPurpose, add_purpose, list_chosen
from workshop.steps.requirements import AddRequirement, add_requirement
from workshop.steps.strategy import (
    AddGoal,
    AddMetric,
    add_goal,
    add_metric,
    list_goal_links,
    list_metric_links,
    list_metrics,
)
from workshop.steps.touchpoints import AddTouchpoint, add_touchpoint

PAGES = ("prepare", "opening", "reverse", "strategy", "touchpoints", "requirements", "commitment")
SCRIPTS |= {slug: f"steps/{slug}.py" for slug in PAGES}
INPUTS = ("text_input", "text_area", "selectbox", "multiselect", "number_input", "date_input", "button_group")
FOLDED = ("expander", "popover")


# Every page draws


def test_every_page_draws_with_its_prompt_and_at_most_four_fields_before_more(host, code, bus):
    for page in PAGES:
        for workshop in (code, bus):
            draws(visit(workshop, page), page)


def test_no_core_step_shows_more_than_four_inputs_before_more_either(host, code, bus):
    for page in (step.slug for step in AGENDA if step.slug not in PAGES):
        for workshop in (code, bus):
            assert len(asked_for(visit(workshop, page))) <= 4, page
    assert asked_for(visit(bus, "purpose")), "and it does count them"


def asked_for(at: AppTest) -> list[str]:
    """The inputs in sight, those at the side of the room and those folded away left out."""
    return [str(node.key) for node in before_more(at.main) if node.type in INPUTS and is_asked_for(node)]


def is_asked_for(node: Any) -> bool:
    """Not a choice of view, nor what stands in each row of a list: a weight, or start, later, not."""
    key = str(node.key)
    return not key.endswith("-view") and not key.startswith(("weight-", "choice-", "customer-share"))


def draws(at: AppTest, page: str) -> None:
    assert [error.message for error in at.exception] == []
    assert step_of(page).prompt in [title.value.replace("\\", "") for title in at.title]
    assert any(len(sentence) > 20 for sentence in captions(at)), "and says what to do next"
    assert len(asked_for(at)) <= 4
    editors = [node for node in all_nodes(at) if str(getattr(node, "key", "")).startswith("editor-")]
    if page == "requirements" and not editors:
        return  # there is no concept that could take anything
    (editor,) = editors
    assert sum(node.type in INPUTS for node in before_more(editor)) == (0 if page == "opening" else len(top(at, page)))


def before_more(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        yield child
        if hasattr(child, "children") and child.type not in FOLDED:
            yield from before_more(child)


def top(at: AppTest, page: str) -> list[str]:
    """The fields on top of an editor are at least one and at most four."""
    shown = [key for key in keys(at) if key.startswith(("edit-", "workshop-"))]
    (more,) = [node for node in all_nodes(at) if str(getattr(node, "key", "")).startswith("more-")] or [None]
    folded = [str(node.key) for node in before_more(more)] if more is not None else []
    on_top = [key for key in shown if key not in folded and not key.endswith("-save")]
    assert 1 <= len(on_top) <= 4
    return on_top


def test_no_page_shows_anything_to_nobody(bus):
    before = revision(bus)
    for page in PAGES:
        at = visit(bus, page)
        assert texts(at) == ["This page is for the host."]
        assert "valley" not in everything_said(at)
    assert revision(bus) == before


def test_a_core_session_never_sees_them(host):
    code = create(StartWorkshop(title="Short", mode="core"), journal.HOST)
    assert not {row["slug"] for row in read(code, list_agenda)} & set(PAGES)
    at = visit(code, "purpose")
    assert [error.message for error in at.exception] == []


def test_what_a_left_out_step_holds_is_reached_and_the_step_can_be_taken_up(host):
    code = create(StartWorkshop(title="Short", mode="core"), journal.HOST)
    do(code, park_question, ParkQuestion(text="Who pays for the taxi?"))
    at = visit(code, "purpose")
    at.session_state["go_to"] = "steps/commitment.py", "Q1"  # as a search's result leads there
    at.run()
    assert [error.message for error in at.exception] == []
    assert field(at, "commitment", "text").value == "Who pays for the taxi?"
    assert "Who pays for the taxi?" in texts(at), "among what is still open, where it stands"
    assert "This step was left out of the agenda." in captions(at)
    assert "move" not in buttons(at), "the room cannot be brought there"
    assert "commitment" not in {row["slug"] for row in read(code, list_agenda)}
    click(at, "take-up-step")
    assert "commitment" in {row["slug"] for row in read(code, list_agenda)}
    assert "move" in buttons(at) and "This step was left out of the agenda." not in captions(at)


# Every noun is written, edited and put away


NOUNS = {
    "segment": ("prepare", "new-segment", {"name": "Commuters", "context": "Before six"}),
    "evidence": ("prepare", "new-evidence", {"note": "Nine of twelve said so", "kind": "interview", "strength": 2}),
    "brand": ("prepare", "new-brand", {"name": "Larder"}),
    "reverse_case": ("reverse", "new-real", {"company_kind": "An airline", "what_drives_you_crazy": "A closed desk"}),
    "goal": ("strategy", "new-business", {"text": "Keep riders"}),
    "touchpoint": ("touchpoints", "new-get help", {"name": "Ringing at night", "promise_state": "broken"}),
    "requirement": ("requirements", "new-E1", {"text": "A feed", "type": "data", "status": "missing", "effort": 4}),
    "decision": ("commitment", "new-decision", {"text": "Start the board", "gives_up": "The fare"}),
}
LATER = {
    "activation": ("Bring to life", "new-activation-leadership", {"action": "Ride along", "owner_role": "Director"}),
    "practice_review": ("Bring to life", "new-practice_review-", {"practice": "Letters", "decision": "stop"}),
    "review": ("Measure and adapt", "new-review-", {"forum": "The depot"}),
    "question": ("Still open", "new-question-", {"text": "Who pays?"}),
    "assumption": ("Still open", "new-assumption-", {"text": "They look up"}),
}


@pytest.fixture
def board(code: str) -> str:
    """A workshop with one concept."""
    do(code, add_concept, AddConcept(name="Truth board", keeps_promise="partly"))
    return code


def works(at: AppTest, code: str, page: str, table: str, opener: str, given: dict[str, Any]) -> None:
    click(at, opener)
    write(at, page, **given)
    row = newest(code, table)
    assert {name: row[name] for name in given} == given
    assert read(code, journal.list_journal)[0].what == f"Added {row['ref']}"
    words = next(value for value in given.values() if isinstance(value, str))
    assert any(words in text for text in texts(at))
    click(at, f"handle-{row['ref']}")
    name = next(iter(given))
    write(at, page, **{name: "Better words"})
    assert item(code, row["ref"])[name] == "Better words"
    assert any("Better words" in text for text in texts(at))
    click(at, f"inventory_2-{page}")
    assert row["ref"] not in refs(code, table)
    assert "Better words" in texts(at), "it lies among what was put away, by its own name"
    click(at, f"back-{row['ref']}")
    assert row["ref"] in refs(code, table)
    assert [error.message for error in at.exception] == []


@pytest.mark.parametrize("table", NOUNS)
def test_an_item_is_added_edited_put_away_and_brought_back(host, board, table):
    page, opener, given = NOUNS[table]
    works(visit(board, page), board, page, table, opener, given)


@pytest.mark.parametrize("table", LATER)
def test_what_is_committed_to_is_added_edited_put_away_and_brought_back(host, board, table):
    view, opener, given = LATER[table]
    works(turned(visit(board, "commitment"), view), board, "commitment", table, opener, given)


def turned(at: AppTest, view: str) -> AppTest:
    names = {"Decide": "decide", "Bring to life": "life", "Measure and adapt": "measure", "Still open": "open"}
    return at.get_by_key("commitment-view").set_value(names[view]).run()


@pytest.mark.parametrize(("page", "opener", "table", "name", "kind"), [
    ("Bring to life", "new-activation-leadership", "activation", "action", {"kind": "leadership"}),
    ("Bring to life", "new-practice_review-", "practice_review", "practice", {"decision": "stop"}),
    ("reverse", "new-worst", "reverse_case", "why", {"form": "worst", "company_kind": "We ourselves"}),
    ("strategy", "new-business", "goal", "text", {"kind": "business"}),
    ("prepare", "new-segment", "segment", "name", {}),
    ("purpose", "new-world", "purpose", "text", {"level": "small", "context": "world"}),
])  # fmt: skip
def test_what_is_written_next_is_of_the_kind_that_was_opened(host, board, page, opener, table, name, kind):
    do(board, add_purpose, AddPurpose(level="small", text="I want to get home", status="chosen"))
    before = refs(board, table)
    at = turned(visit(board, page := "commitment"), "Bring to life") if page[0].isupper() else visit(board, page)
    if opener == "new-world":
        opened(at, "mattering")
    click(at, opener)
    for words in ("One", "Two"):
        write(at, page, **{name: words})
    added = [item(board, ref) for ref in refs(board, table) if ref not in before]
    assert [row[name] for row in added] == ["One", "Two"]
    assert all(row | kind == row for row in added), "the second one is not stored as what the page begins with"
    click(at, f"close-{page}")
    assert f"close-{page}" not in buttons(at)
    assert refs(board, table) == [*before, *(row["ref"] for row in added)], "and nothing was added by closing"


def test_an_action_says_what_kind_it_will_be(host, board):
    at = turned(visit(board, "commitment"), "Bring to life")
    assert "**An action for employees**" in [text.value for text in at.markdown]
    click(at, "new-activation-leadership")
    assert "**An action of leaders**" in [text.value for text in at.markdown]


# Prepare and opening


def test_the_question_of_the_day_is_stored_as_soon_as_its_field_is_left(host, code):
    at = visit(code, "prepare")
    own(at, "scope_question").set_value("What would it take?").run()
    assert read(code, get_workshop)["scope_question"] == "What would it take?"
    assert "What would it take?" in texts(at)
    own(at, "aims").set_value(["growth", "employee_loyalty"]).run()
    assert read(code, get_workshop)["aims"] == ["growth", "employee_loyalty"]
    click(at, "undo")
    assert read(code, get_workshop)["aims"] == []


def own(at: AppTest, name: str) -> Any:
    return at.get_by_key(next(key for key in keys(at) if key.startswith(f"workshop-{name}-")))


def test_words_about_the_workshop_that_cannot_be_stored_are_refused_beside_their_field(host, code):
    at = visit(code, "prepare")
    own(at, "organisation").set_value("x" * 201).run()
    assert "“Organisation” may have at most 200 characters, and this has 201." in texts(at)
    assert own(at, "organisation").value == "x" * 201
    assert read(code, get_workshop)["organisation"] == ""


def test_what_somebody_else_changed_in_the_workshops_record_is_not_overwritten(host, code):
    at = visit(code, "prepare")
    do(code, edit_workshop, EditWorkshop(1, {"organisation": "Ana’s words"}))
    own(at, "organisation").set_value("Ben’s words").run()
    said = "The workshop was changed by somebody else in the meantime. Nothing was overwritten."
    assert said in texts(at) and "Ben’s words" in texts(at), "what was typed is given back"
    assert read(code, get_workshop)["organisation"] == "Ana’s words"


def test_a_field_that_is_left_while_another_is_being_stored_is_stored_too(host, code):
    at = visit(code, "prepare")
    do(code, edit_workshop, EditWorkshop(1, {"organisation": "Tarn Library"}))
    own(at, "decider_role").set_value("Director").run()
    stored = read(code, get_workshop)
    assert (stored["organisation"], stored["decider_role"]) == ("Tarn Library", "Director")
    assert not any("Nothing was overwritten" in text for text in texts(at))


def test_a_link_before_the_day_is_made_closed_and_its_answers_stand_under_their_question(host, code):
    at = visit(code, "prepare")
    assert [block.value for block in at.code] == []
    questions(at).set_value("What should the day answer?\nWhom is it about?")
    click(at, "ask-beforehand")
    asked = read(code, beforehand.get_beforehand)
    assert asked["questions"] == ["What should the day answer?", "Whom is it about?"]
    (address,) = [block.value for block in at.code]
    assert address.endswith(f"/before/{code}{asked['secret']}")
    answers = beforehand.AnswerBeforehand(code + asked["secret"], {"Whom is it about?": "Students"})
    do(code, beforehand.answer_beforehand, answers)
    click(at, "lock-beforehand")
    assert [block.value for block in at.code] == []
    assert read(code, beforehand.get_beforehand)["locked"]
    assert "1 have answered" in " ".join(captions(at))
    assert [(line["heading"], line["text"]) for line in wrote(at)] == [("Whom is it about?", "Students")]
    questions(at).set_value(" ")
    click(at, "ask-beforehand")
    assert "Write a question first: one line for each." in texts(at)
    assert read(code, beforehand.get_beforehand)["questions"] == asked["questions"]


def questions(at: AppTest) -> Any:
    (area,) = [area for area in at.text_area if area.key.startswith("beforehand-")]
    return area


def test_somebody_takes_part_and_the_missing_voices_are_named(host, code):
    at = visit(code, "prepare")
    key = next(key for key in keys(at) if key.startswith("participant-") and key.endswith("-alias"))
    at.get_by_key(key).set_value("Ana").run()
    at.get_by_key(key.replace("-alias", "-group")).set_value("frontline").run()
    click(at, "add-participant")
    (person,) = read(code, people.list_participants)
    assert (person["alias"], person["group"], person["role_in_room"]) == ("Ana", "frontline", "member")
    assert any(said.startswith("1 frontline. Nobody from: operations,") for said in captions(at))
    assert "frontline, member" in captions(at)


def test_pulses_are_told_by_group_and_belief_before_and_after(host, code):
    everybody = [do(code, people.add_participant, people.AddParticipant(alias=f"Nr {i}", group=group))
                 for i, group in enumerate(["frontline"] * 3 + ["leadership"] * 3)]  # fmt: skip
    for step, place, answers in (("opening", 0, ["yes", "no", "unknown"] * 2), ("opening", 1, "234555"),
                                 ("commitment", 1, "777777")):  # fmt: skip
        do(code, go_to, GoTo(step))
        number = do(code, open_activity, read(code, asking, step_of(step), step_of(step).activities[place]))
        for person, said in zip(everybody, answers, strict=True):
            do(code, answer_pulse, AnswerPulse(number, person, said))
        assert read(code, opening.list_pulses, step)[place:] == [], "nothing before the reveal"
        do(code, close_activity, CloseActivity(number))
        do(code, reveal_activity, RevealActivity(number))
    at = visit(code, "opening")
    assert "2 yes, 2 no, 2 I don’t know" in texts(at)
    assert "2 of 6 say: I don’t know" in captions(at)
    assert "Belief: 4.0 of 10 at the opening, 7.0 at the close." in texts(at)
    assert "3.0 of 10, from 2 to 4" in texts(at)


# Reverse, strategy, touchpoints


def test_a_bad_experience_is_worked_backwards_question_by_question(host, code):
    at = visit(code, "reverse")
    write(at, "reverse", company_kind="An airline", what_drives_you_crazy="A closed desk")
    assert next(button.label for button in at.button if button.key == "ask-RV1") == "Why is that?"
    click(at, "ask-RV1")
    write(at, "reverse", why="Nobody may spend money", what_is_missing="Permission")
    (asked,) = [button.label for button in at.button if button.key == "ask-RV1"]
    assert asked == "What would have made it work for you?"
    click(at, "ask-RV1")
    write(at, "reverse", what_would_have_worked="A voucher", what_it_means_for_us="A limit at the wheel")
    assert "1 of at least 4 sentences about ourselves" in captions(at)
    assert "A limit at the wheel" in texts(at)
    assert "ask-RV1" not in buttons(at)


def test_the_worst_version_of_us_is_flipped(host, code):
    at = visit(code, "reverse")
    click(at, "new-worst")
    write(at, "reverse", what_drives_you_crazy="Switch off the sign", what_it_means_for_us="Say it at the stop")
    row = newest(code, "reverse_case")
    assert (row["form"], row["company_kind"], row["what_it_means_for_us"]) == (
        "worst", "We ourselves", "Say it at the stop",
    )  # fmt: skip


def test_a_goal_that_is_not_joined_is_asked_about_from_its_own_side(host, code):
    for kind, text in (("business", "Keep riders"), ("customer", "Be on time")):
        do(code, add_goal, AddGoal(kind=kind, text=text))
    at = visit(code, "strategy")
    chips = [node for node in all_nodes(at) if str(getattr(node, "key", "")).startswith("find-THR-GOAL")]
    assert [chip.proto.popover.label for chip in chips] == [
        "The missing connection. Which customer goal carries it? ",
        "The missing connection. Which goal of ours does it carry? ",
    ]
    assert "Which goal of ours does it carry?" not in captions(at), "it is asked once"


def test_goals_are_joined_with_a_why_and_taken_apart_again(host, code):
    for kind, text in (("business", "Keep riders"), ("customer", "Be on time"), ("customer", "Get home")):
        do(code, add_goal, AddGoal(kind=kind, text=text))
    at = visit(code, "strategy")
    at.get_by_key(next(key for key in keys(at) if key.startswith("join-customer-"))).set_value("U2")
    at.get_by_key(next(key for key in keys(at) if key.startswith("join-why-"))).set_value("They leave when stranded")
    click(at, "join-goals")
    assert read(code, list_goal_links) == [{"business": "B1", "customer": "U2", "why": "They leave when stranded"}]
    assert "They leave when stranded" in texts(at)
    click(at, "unjoin-B1-U2")
    assert read(code, list_goal_links) == []


def test_a_kpi_says_which_goal_it_serves_and_a_cpi_which_purpose_it_proves(host, code):
    do(code, add_goal, AddGoal(kind="business", text="Keep riders"))
    at = visit(code, "strategy")
    at.get_by_key("strategy-view").set_value("count").run()
    click(at, "new-kpi")
    write(at, "ranking", name="Renewals", goal="B1")
    assert newest(code, "metric")["goal"] == "B1"
    assert "B1" in " ".join(text.value for text in at.markdown), "and it is told beside what is counted"
    assert editing(at, "ranking").key("purpose") not in keys(unfolded(at, "ranking")), "a KPI is asked for no purpose"
    click(at, "new-cpi")
    assert editing(at, "ranking").key("purpose") in keys(unfolded(at, "ranking"))
    write(at, "ranking", name="Told in time", goal="B1")
    assert newest(code, "metric")["goal"] == "B1", "a CPI may serve a goal as well"


def test_what_we_count_is_the_same_table_as_in_the_ranking(host, bus):
    at = visit(bus, "strategy")
    at.get_by_key("strategy-view").set_value("count").run()
    assert [error.message for error in at.exception] == []
    assert "handle-C1" in buttons(at)
    assert "Journeys that ran as last told" in texts(at)


def test_a_figure_is_tied_to_its_goal_where_goals_were_written(host, code):
    kpi = do(code, add_metric, AddMetric(kind="kpi", name="Season tickets"))
    link = f"handle-{kpi}"
    at = visit(code, "strategy")
    at.get_by_key("strategy-view").set_value("count").run()
    asked = editing(click(at, link), "ranking")
    assert asked.key("goal") not in keys(unfolded(at, "ranking")), "nothing to choose from"
    goal = do(code, add_goal, AddGoal(kind="business", text="Fill the night buses"))
    write(at.run(), "ranking", goal=goal)
    assert newest(code, "metric")["goal"] == goal
    at.get_by_key("strategy-view").set_value("goals").run()
    assert f"[{kpi}]" in " ".join(one.value for one in at.markdown)


def test_a_usual_kpi_is_begun_with_its_unit_and_direction(host, code):
    at = visit(code, "strategy")
    at.get_by_key("strategy-view").set_value("count").run()
    click(at, "usual-Staff turnover")
    click(at, editing(at, "ranking").key("save"))
    row = newest(code, "metric")
    assert (row["kind"], row["name"], row["unit"], row["direction"]) == ("kpi", "Staff turnover", "%", "down")
    assert "usual-Staff turnover" not in buttons(at)


def test_a_guess_says_how_sure_it_is_and_what_the_gain_goes_back_into(host, bus):
    at = visit(bus, "strategy")
    at.get_by_key("strategy-view").set_value("count").run()
    at.get_by_key("loop-C2-K3-strength").set_value("experiment")
    at.get_by_key("loop-C2-K3-reinvest").set_value("More taxis on call")
    click(at, "loop-C2-K3-save")
    (link,) = [one for one in read(bus, list_metric_links) if (one["cpi"], one["kpi"]) == ("C2", "K3")]
    assert (link["strength"], link["reinvest"]) == ("experiment", "More taxis on call")
    assert link["hypothesis"] == "A way home within 20 minutes keeps the rider"
    assert "and the gain: More taxis on call" in texts(at)


def test_a_complaint_is_counted_at_its_touchpoint(host, code):
    do(code, add_touchpoint, AddTouchpoint(name="The stop", stage="aware"))
    at = visit(code, "touchpoints")
    for said in ("Nobody came", "Nobody said so"):
        click(at, "says-T1")
        write(at, "touchpoints", note=said)
    (first, second) = read(code, items.list_items, "promise_check")
    assert {(row["touchpoint"], row["answer"], row["heard_from"]) for row in (first, second)} == {
        ("T1", "no", "complaint"),
    }  # fmt: skip
    assert any("2 say that we broke it" in text for text in texts(at))


# Requirements and commitment


def ask(code: str, step: str, command: Any, answers: list[Any]) -> None:
    """The room is asked something, and the answers are revealed; each is (handler, command of the activity)."""
    do(code, go_to, GoTo(step))
    number = do(code, open_activity, command)
    for handler, make in answers:
        do(code, handler, make(number))
    do(code, reveal_activity, RevealActivity(number))


def people_in(code: str, many: int) -> list[int]:
    return [do(code, people.add_participant, people.AddParticipant(alias=f"Nr {i}")) for i in range(many)]


def test_what_the_room_said_of_the_promise_is_written_over_by_one_click(host, code):
    do(code, add_touchpoint, AddTouchpoint(name="The stop", promise_state="kept"))
    command = read(code, asking, step_of("touchpoints"), step_of("touchpoints").activities[1])
    answers = [(answer_pulse, lambda number, person=person, said=said: AnswerPulse(number, person, said, "", "T1"))
               for person, said in zip(people_in(code, 4), ("kept", "broken", "broken", "partly"), strict=True)]
    ask(code, "touchpoints", command, answers)
    at = visit(code, "touchpoints")
    assert "●◐○○ 1 kept, 1 partly, 2 broken · You part here: hear both." in captions(at)
    assert "The room sees it otherwise than it stands here:" in captions(at)
    assert item(code, "T1")["promise_state"] == "kept", "nothing is written over by itself"
    click(at, "take-states")
    assert item(code, "T1")["promise_state"] == "broken"
    assert "take-states" not in [button.key for button in at.button]
    click(at, "undo")
    assert item(code, "T1")["promise_state"] == "kept"


def test_points_shared_out_in_silence_stand_beside_the_weight_with_their_range(host, code):
    for name in ("Told in time", "A seat"):
        do(code, add_metric, AddMetric(kind="cpi", name=name))
    command = read(code, asking, step_of("strategy"), step_of("strategy").activities[0])
    answers = [(save_points, lambda number, person=person, first=first: SavePoints(number, person, {"C1": first,
                                                                                                 "C2": 100 - first}))
               for person, first in zip(people_in(code, 3), (20, 90, 70), strict=True)]  # fmt: skip
    ask(code, "strategy", command, answers)
    at = visit(code, "strategy")
    at.session_state["strategy-view"] = "count"
    at.run()
    assert {"the room gave 70, from 20 to 90", "the room gave 30, from 10 to 80"} <= set(captions(at))
    assert [row["weight"] for row in read(code, list_metrics, "cpi")] == [None, None], "whoever decides sets it"
    assert "How everybody shared out 100 points, in silence" in str(read(code, step_of("strategy").chapters[9]))


LATER_STEPS = ("principles", "reverse", "strategy", "touchpoints", "concepts", "ranking", "requirements", "commitment")


def test_every_step_after_the_promise_can_stop_and_ask_whether_it_is_kept(host, bus):
    for page in ("opening", "purpose", "promise"):
        do(bus, go_to, GoTo(page))
        assert "promise-review" not in [button.key for button in visit(bus, page).button]
    for page in LATER_STEPS:
        do(bus, go_to, GoTo(page))
        assert "promise-review" in [button.key for button in visit(bus, page).button], page
    do(bus, go_to, GoTo("reverse"))
    at = visit(bus, "reverse")
    click(at, "promise-review")
    asked = read(bus, get_current)
    assert (asked["step"], asked["prompt"]) == ("reverse", "Are we keeping our promise with what stands here?")
    assert "promise-review" not in [button.key for button in at.button], "one thing at a time"
    for person, said in zip(read(bus, people.list_participants)[:3], ("yes", "no", "yes"), strict=True):
        do(bus, answer_pulse, AnswerPulse(asked["id"], person["id"], said))
    do(bus, reveal_activity, RevealActivity(asked["id"]))
    assert "2 yes, 1 no" in captions(visit(bus, "reverse"))
    assert "2 yes, 1 no" not in captions(visit(bus, "principles")), "each step has its own"


def test_cells_that_the_room_sees_very_differently_are_one_chip_on_the_ranking(host, bus):
    do(bus, go_to, GoTo("ranking"))
    do(bus, hide, Hide())
    do(bus, reveal, Reveal())
    wide = [one.finding for one in read(bus, list_findings, "cell")]
    assert len(wide) > 3
    at = visit(bus, "ranking")
    said = f"You see this very differently. Hear the highest and the lowest first. ({len(wide)})"
    (chip,) = [node for node in all_nodes(at) if getattr(node, "key", "") == "find-VOT-SPREAD"]
    assert chip.proto.popover.label == said


def test_a_requirement_is_of_the_concept_that_the_host_chose(host, board):
    do(board, add_concept, AddConcept(name="Home anyway"))
    at = visit(board, "requirements")
    assert f"edit-requirement-{editing(at, 'requirements').number}-concept" in asked_for(at), "it lies under no More"
    write(at, "requirements", text="A feed")
    assert "Choose something under “For which concept”." in texts(at)
    assert refs(board, "requirement") == []
    write(at, "requirements", concept="E2")
    assert newest(board, "requirement")["concept"] == "E2"
    assert field(at, "requirements", "concept").value == "E2", "the next one is mostly for it as well"


def test_what_the_room_wrote_becomes_a_requirement_by_one_click(host, board):
    do(board, add_concept, AddConcept(name="Home anyway"))
    do(board, add_entries, AddEntries("requirements", "A second shift"))
    at = visit(board, "requirements")
    tick(at, "requirements", "N1")
    click(at, "turn-requirements-a requirement")
    assert "Choose which concept takes “A second shift”." in texts(at)
    at.selectbox(key="of-a requirement").set_value("E2").run()
    click(at, "turn-requirements-a requirement")
    assert newest(board, "requirement")["concept"] == "E2"
    assert "A second shift" in texts(at) and any("which kind?" in said for said in texts(at))
    assert [row["became"] for row in read(board, items.list_items, "entry")] == ["RQ1"]


def test_without_a_concept_nothing_is_asked_and_the_way_to_one_is_shown(host, code):
    at = visit(code, "requirements")
    assert [key for key in keys(at) if key.startswith("edit-")] == []
    click(at, "to-concepts")
    assert "How might we keep our promise here?" in [title.value for title in at.title]


def test_a_circle_of_waiting_is_refused_where_it_was_chosen(host, bus):
    at = visit(bus, "requirements")
    click(at, "handle-RQ3")
    write(at, "requirements", waits_for="RQ1")
    assert "Each would wait for the other: RQ3 → RQ1 → RQ3." in texts(at)
    assert item(bus, "RQ3")["waits_for"] is None
    assert "chosen, effort 11 to come" in captions(at)


def test_starting_what_does_not_keep_the_promise_asks_for_the_reason(host, board):
    at = visit(board, "commitment")
    choice = next(key for key in keys(at) if key.startswith("choice-E1-"))
    at.get_by_key(choice).set_value("selected").run()
    said = "“Are we keeping our promise?” is not answered with yes for E1. Why does it start anyway?"
    assert said in texts(at)
    assert item(board, "E1")["status"] == "candidate"
    at.get_by_key("reason-E1").set_value("x" * 2001).run()
    click(at, "start-E1")
    assert any("“The reason, in your words” may have at most 2,000" in text for text in texts(at))
    assert refs(board, "decision") == []
    at.get_by_key("reason-E1").set_value("Nothing else helps older riders").run()
    at.get_by_key("against-E1").set_value("Finance: it costs a driver").run()
    click(at, "start-E1")
    assert item(board, "E1")["status"] == "selected"
    decision = newest(board, "decision")
    assert decision["rationale"] == "Nothing else helps older riders"
    assert decision["dissent"] == "Finance: it costs a driver"
    click(at, "try-E1")
    write(at, "commitment", first_test="Three stops", test_with="Thirty riders")
    assert "Three stops · Thirty riders" in texts(at)


def test_at_which_step_it_was_decided_is_picked_by_title_also_one_that_was_left_out_since(host, board):
    do(board, agenda.edit_step, agenda.EditStep("promise", title="Our word"))
    at = visit(board, "commitment")
    click(at, "new-decision")
    steps = field(at, "commitment", "step")
    titles = [row["title"] for row in read(board, list_agenda)]
    assert (steps.options, steps.value) == (titles, "commitment")
    steps.set_value("promise")
    write(at, "commitment", text="Say it early")
    assert newest(board, "decision")["step"] == "promise"
    do(board, agenda.drop_step, agenda.DropStep("promise"))
    click(at, f"handle-{newest(board, 'decision')['ref']}")
    assert field(at, "commitment", "step").options == [title for title in titles if title != "Our word"] + ["Our word"]
    write(at, "commitment", text="Say it sooner")
    assert newest(board, "decision")["step"] == "promise", "nobody changed it"
    assert "promise" not in texts(at), "no name of a page's file stands where people read"


@pytest.mark.parametrize("choice", ["parked", "rejected"])
def test_a_concept_waits_or_does_not_come(host, board, choice):
    at = visit(board, "commitment")
    at.get_by_key(next(key for key in keys(at) if key.startswith("choice-E1-"))).set_value(choice).run()
    assert item(board, "E1")["status"] == choice


def test_a_day_that_is_over_is_asked_about_once(host, board):
    at = turned(visit(board, "commitment"), "Bring to life")
    write(at, "commitment", action="Sign the rule", due=date(2020, 2, 29))
    said = "“Due” is in the past: 2020-02-29. Press the button again if you mean it."
    assert said in texts(at)
    assert refs(board, "activation") == []
    click(at, editing(at, "commitment").key("save"))
    assert newest(board, "activation")["due"] == "2020-02-29"


def test_a_reading_stands_between_today_and_the_target(host, bus):
    at = turned(visit(bus, "commitment"), "Measure and adapt")
    click(at, "read-C2")
    field(at, "commitment", "value").set_value(60.0)
    write(at, "commitment", date=date(2026, 6, 30))
    assert newest(bus, "reading")["value"] == 60
    assert "85 → 60 → 20 minutes" in captions(at)


def test_what_watches_the_whole_is_behind_its_target_and_no_concept_is_missed_there(host, bus):
    said = captions(turned(visit(bus, "commitment"), "Measure and adapt"))
    assert said.count("behind its target") == 4
    counted = {row["ref"] for row in read(bus, list_metrics, "cpi", "kpi")}
    assert 0 < said.count("behind its target, and nothing that starts moves it") < len(counted)


def test_a_decision_says_why_in_words_and_what_it_follows_under_names_that_nobody_mixes_up(host, board):
    at = visit(board, "commitment")
    click(at, "new-decision")
    assert [field(at, "commitment", name).label for name in ("text", "rationale", "because_of")] == [
        "What was decided", "The reason, in your words",
        "Which promise, purpose, value, principle or figure it follows",
    ]  # fmt: skip
    write(at, "commitment", rationale="Because it can be checked")
    assert texts(at).count("Write something under “What was decided”.") == 1
    assert refs(board, "decision") == []


def test_an_effort_is_a_whole_number_and_no_figure_has_needless_decimals(host, bus):
    at = visit(bus, "requirements")
    click(at, "handle-RQ3")
    assert (field(at, "requirements", "effort").proto.format, field(at, "requirements", "effort").step) == ("%d", 1)
    write(at, "requirements", effort=4)
    assert item(bus, "RQ3")["effort"] == 4


def test_what_the_room_wrote_at_the_opening_can_be_put_right_in_place_of_what_can_be_asked(host, code):
    do(code, add_entries, AddEntries("opening", "a seet"))
    at = open_line(visit(code, "opening"), "N1")
    assert "What can be asked" not in " ".join(one.value for one in at.markdown)
    write(at, "opening", text="a seat")
    assert newest(code, "entry")["text"] == "a seat"
    click(at, "inventory_2-opening")
    assert "What can be asked" in " ".join(one.value for one in at.markdown)
    assert wrote(at) == [] and "back-N1" in buttons(at)


def test_what_the_room_said_at_the_opening_stands_there_once(host, bus):
    do(bus, go_to, GoTo("opening"))
    found = opened_again(bus, "opening", {"yes": 3, "no": 4})
    at = visit(bus, "opening")
    assert f"results-{found}-True" not in keys(at)
    assert texts(at).count("3 yes, 4 no") == 1


def test_what_people_believe_at_the_close_is_said_in_words_on_the_page(host, bus):
    do(bus, go_to, GoTo("commitment"))
    opened_again(bus, "commitment", {"3": 1, "7": 2, "unknown": 1}, question=1)
    said = captions(visit(bus, "commitment"))
    assert any(one.startswith("5.7 of 10, from 3 to 7, 1 I don’t know") for one in said)
    assert not any("3 1" in one for one in said), "bare counts, which nobody can read"


def opened_again(code: str, step: str, answers: dict[str, int], question: int = 0) -> int:
    """A question of a step, asked, answered and revealed once more."""
    command = read(code, asking, step_of(step), step_of(step).activities[question])
    activity = do(code, open_activity, command)
    here = [one["id"] for one in read(code, people.list_participants)]
    for answer, many in answers.items():
        for _person in range(many):
            do(code, answer_pulse, AnswerPulse(activity, here.pop(), answer))
    do(code, close_activity, CloseActivity(activity))
    do(code, reveal_activity, RevealActivity(activity))
    return activity


def test_where_no_minutes_are_planned_no_clock_runs_out(host, code):
    do(code, go_to, GoTo("prepare"))
    at = visit(code, "prepare")
    assert "No time is set" in [caption.value for caption in at.sidebar.caption]
    click(at, "move")
    assert "No time is set" in [caption.value for caption in at.sidebar.caption]
    assert read(code, get_room)["deadline"] is None and read(code, get_room)["phase"] == "write"
    click(at, "minutes+1")
    assert read(code, get_room)["deadline"] is not None
    assert "No time is set" not in [caption.value for caption in at.sidebar.caption]


# What the sources ask beside the core


def test_our_values_stand_beside_what_customers_value_and_are_marked_match_or_gap(host, bus):
    at = opened(visit(bus, "principles"), "sharing-values")
    assert "3 shared, 1 not, 1 that nobody knows about." in captions(at)
    wishes = [row["text"] for row in read(bus, list_chosen, "small")]
    assert wishes and set(wishes) <= set(texts(at))
    key = next(key for key in keys(at) if key.startswith("choice-match-V3-"))
    at.get_by_key(key).set_value("no").run()
    assert item(bus, "V3")["matches_customer"] == "no"
    assert "3 shared, 2 not, 0 that nobody knows about." in captions(at)
    click(at, "match-V3")
    write(at, "principles", match_note="Asked forty riders")
    assert "Asked forty riders" in texts(at)
    document = str(read(bus, summary.full))
    assert "Asked forty riders" in document and "gap" in document
    assert "sharing-values" not in keys(visit(create(StartWorkshop(title="New"), journal.HOST), "principles"))


def test_what_matters_most_is_collected_in_three_columns(host, bus):
    at = opened(visit(bus, "purpose"), "mattering")
    click(at, "new-world")
    write(at, "purpose", text="I want clean air where I wait")
    made = newest(bus, "purpose")
    assert (made["level"], made["context"]) == ("small", "world")
    do(bus, add_purpose, AddPurpose(level="small", text="I need a seat for my mother", status="chosen"))
    placed = newest(bus, "purpose")["ref"]
    key = next(key for key in keys(at.run()) if key.startswith(f"choice-place-{placed}-"))
    at.get_by_key(key).set_value("life").run()
    assert item(bus, placed)["context"] == "life"
    assert not [key for key in keys(at) if key.startswith("choice-place-")], "nothing is left to be placed"
    click(at, "ask-mattering")
    asked = read(bus, get_current)
    assert (asked["step"], asked["kind"], asked["prompt"]) == ("purpose", "write", MATTERS)
    assert f"In the world: {made['ref']}" in str(read(bus, summary.full))


def test_capabilities_and_culture_are_told_and_looked_at_apart(host, board):
    for kind, status, effort in (("technical", "missing", 4), ("data", "have", 5), ("people", "missing", 2)):
        do(board, add_requirement, AddRequirement(concept="E1", type=kind, text=kind, status=status, effort=effort))
    do(board, add_requirement, AddRequirement(concept="E1", text="Who knows"))
    at = visit(board, "requirements")
    said = ("Capabilities to upgrade: 1 of 2 are missing, effort 4 to come. "
            "Culture to evolve: 1 of 1 are missing, effort 2 to come.")  # fmt: skip
    assert any(caption.endswith(said) for caption in captions(at))
    at.get_by_key("requirements-view").set_value("culture").run()
    assert "handle-RQ3" in buttons(at) and not {"handle-RQ1", "handle-RQ4"} & set(buttons(at))
    assert "Culture to evolve: 1 of 1 are missing" in str(read(board, summary.full))


def test_a_chosen_concept_for_which_nobody_acts_leads_to_an_action_of_its_own(host, board):
    do(board, add_concept, AddConcept(name="Home anyway", keeps_promise="yes", status="selected"))
    do(board, add_review, AddReview(forum="The depot"))
    at = visit(board, "commitment")
    click(opened(at, "find-THR-SELECT-LIFE-E2-E2"), "write-THR-SELECT-LIFE-E2-E2")
    assert f"edit-activation-{editing(at, 'commitment').number}-concept" in asked_for(at), "and it lies under no More"
    write(at, "commitment", action="Walk the route on Monday", owner_role="Depot")
    made = newest(board, "activation")
    assert (made["concept"], made["kind"]) == ("E2", "employees")
    assert "find-THR-SELECT-LIFE-E2-E2" not in keys(at)
    assert not any("Nobody does anything for E2" in said for said in captions(at))


def test_nobody_is_missed_where_nobody_said_where_they_work(host, code):
    do(code, people.add_participant, people.AddParticipant(alias="Ana"))
    at = visit(code, "prepare")
    assert "Nobody has said yet where they work." in captions(at)
    assert not any("Nobody from" in said for said in captions(at))
