"""The agenda, what its steps ask and refuse, and the room that walks through it."""

from datetime import UTC, datetime, timedelta

import pytest

from workshop import agenda, items, journal, room, store
from workshop.activities import DecideStep, decide_step
from workshop.modes import MODES
from workshop.problems import Conflict, NotFound, Problem, Rejected
from workshop.step import choice
from workshop.steps import AGENDA, create, step_of
from workshop.steps.commitment import AddDecision, add_decision
from workshop.steps.concepts import AddConcept, MakeCard, add_concept, make_card
from workshop.steps.ideas import AddIdea, add_idea, list_ideas
from workshop.steps.prepare import AddSegment, EditWorkshop, StartWorkshop, add_segment, edit_workshop, get_workshop
from workshop.steps.principles import (
    AddPrinciple,
    AddValue,
    add_principle,
    add_value,
    even_over,
    halves,
    list_principles,
)
from workshop.steps.promise import AddPromise, add_promise, get_promise, tests_of
from workshop.steps.purpose import AddPurpose, add_purpose, list_chosen
from workshop.steps.strategy import (
    AddGoal,
    AddMetric,
    LinkGoals,
    LinkMetrics,
    add_goal,
    add_metric,
    left_to_share,
    link_goals,
    link_metrics,
)

tests_of.__test__ = False  # a name of the workshop's, not one of ours


# The agenda


def test_the_agenda_is_the_methods_twelve_steps_in_their_order():
    assert [step.slug for step in AGENDA] == [
        "prepare",
        "opening",
        "purpose",
        "promise",
        "principles",
        "reverse",
        "strategy",
        "touchpoints",
        "concepts",
        "ranking",
        "requirements",
        "commitment",
    ]
    assert [step_of(step.slug) for step in AGENDA] == list(AGENDA)


def test_a_new_workshop_has_the_whole_agenda_the_lead_principle_and_nothing_else(db):
    rows = agenda.list_agenda(db)
    assert [(r["slug"], r["title"], r["minutes"], r["phase"]) for r in rows] == [
        (step.slug, step.title, step.minutes, "ready") for step in AGENDA
    ]
    assert [(row["ref"], row["text"], row["is_lead"]) for row in list_principles(db)] == [
        ("D0", "Are we keeping our promise?", 1)
    ]
    filled = [table for table in items.NOUNS if items.list_items(db, table)]
    assert filled == ["principle"]
    assert room.get_room(db)["step"] is None
    for step in AGENDA:
        assert step.shown(db) is None or step.slug == "principles"
        assert all(isinstance(said(db), list) for said in step.chapters.values())
        assert step.is_complete(db) is (step.slug == "opening")


def test_a_short_session_keeps_the_core_path_and_its_minutes():
    with store.open(create(StartWorkshop(title="Short", mode="core"), "host")) as db:
        assert [(row["slug"], row["minutes"]) for row in agenda.list_agenda(db)] == list(MODES["core"].minutes.items())
        assert sum(MODES["core"].minutes.values()) == 150
        assert db.execute("SELECT count(*) FROM agenda WHERE dropped = 1").fetchone() == (7,)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (StartWorkshop(title=" "), Problem("title", "Write something under “Title”.")),
        (
            StartWorkshop(title="x" * 5_000),
            Problem("title", "“Title” may have at most 200 characters, and this has 5,000."),
        ),
        (
            StartWorkshop(title="x", customer_share=101),
            Problem("customer_share", "“Customer share” must lie between 0 and 100."),
        ),
        (
            StartWorkshop(title="x", mode="forever"),
            Problem("mode", "“Mode” must be one of: full, half_days, one_day, short, core."),
        ),
    ],
)
def test_a_workshop_that_cannot_be_started_leaves_no_file(library, command, problem):
    with pytest.raises(Rejected) as refusal:
        create(command, "host")
    assert refusal.value.problems == (problem,)
    assert list(library.iterdir()) == []


def test_of_two_who_edit_the_workshop_the_second_is_told(db, do):
    seen = get_workshop(db)["version"]
    do(edit_workshop, EditWorkshop(seen, {"title": "Ana’s title"}))
    with pytest.raises(Conflict) as refusal:
        do(edit_workshop, EditWorkshop(seen, {"title": "Ben’s title"}))
    assert (refusal.value.theirs["title"], refusal.value.mine["title"]) == ("Ana’s title", "Ben’s title")
    assert get_workshop(db)["title"] == "Ana’s title"
    with pytest.raises(Rejected, match="Write something under “Title”"):
        do(edit_workshop, EditWorkshop(seen + 1, {"title": "\t"}))


# From purpose to concept


def test_the_chosen_purposes_stand_highest_level_first(db, do):
    for level in ("small", "big", "medium"):
        do(add_purpose, AddPurpose(level=level, text=level, status="chosen"))
    do(add_purpose, AddPurpose(level="big", text="not chosen"))
    assert [row["text"] for row in list_chosen(db)] == ["big", "medium", "small"]
    assert [row["text"] for row in list_chosen(db, "small")] == ["small"]


def test_the_chosen_promise_is_the_one_and_its_tests_are_asked_in_order(db, do):
    do(add_promise, AddPromise(text="We try"))
    assert get_promise(db) is None
    do(add_promise, AddPromise(text="It comes", broken_when="It does not", when_we_fail="A ride home"))
    do(items.choose, items.Choose("PR2"))
    assert get_promise(db)["text"] == "It comes"
    assert tests_of(get_promise(db)) == [("Broken when", "It does not"), ("When we fail", "A ride home")]
    do(items.archive, items.Archive("PR2"))
    assert get_promise(db) is None


def test_candidates_are_seen_beside_the_chosen_promise_until_it_is_decided(db, do):
    promise = step_of("promise")
    for text, status in (("It comes", "chosen"), ("We try", "candidate"), ("We did", "retired")):
        do(add_promise, AddPromise(text=text, status=status))
    do(room.go_to, room.GoTo("promise"))
    do(room.reveal, room.Reveal())
    assert [slip.text for slip in promise.shown(db).slips] == ["It comes", "We try"]
    do(decide_step, DecideStep("promise"))
    assert promise.shown(db).text == "It comes"


def test_the_lead_principle_comes_first_and_there_is_only_one(db, do):
    do(add_value, AddValue(name="Straight"))
    do(add_principle, AddPrinciple(text="Truth even over comfort.", values=("V1",)))
    do(items.move, items.Move("D1", -1))
    assert [row["ref"] for row in list_principles(db)] == ["D0", "D1"]
    second = Problem("is_lead", "There is a lead principle already, and there can be only one.")
    with pytest.raises(Rejected) as refusal:
        do(add_principle, AddPrinciple(text="Another lead", is_lead=True))
    assert refusal.value.problems == (second,)
    with pytest.raises(Rejected) as refusal:
        do(items.edit, items.Edit("D1", items.get_item(db, "D1")["version"], {"is_lead": True}))
    assert refusal.value.problems == (second,)
    do(items.archive, items.Archive("D0"))
    assert do(add_principle, AddPrinciple(text="Another lead", is_lead=True)) == "D2"
    with pytest.raises(Rejected) as refusal:
        do(items.bring_back, items.BringBack("D0"))
    assert refusal.value.problems == (second,)
    assert [(row["ref"], row["is_lead"]) for row in list_principles(db)] == [("D2", 1), ("D1", 0)]


@pytest.mark.parametrize(
    ("this", "that", "text"),
    [
        ("Truth", "comfort", "Truth even over comfort."),
        (" Truth. ", " comfort. ", "Truth even over comfort."),
        ("Truth", "", "Truth"),
        ("", "", ""),
    ],
)
def test_a_principle_is_one_good_thing_even_over_another(this, that, text):
    assert even_over(this, that) == text
    if that:
        assert halves(text) == (this.strip(" ."), that.strip(" ."))


def test_a_card_keeps_where_its_idea_came_from(db, do):
    do(add_purpose, AddPurpose(level="small", text="I want to be told"))
    do(add_idea, AddIdea(text="A board that says why", purpose="P1", principle="D0"))
    do(add_idea, AddIdea(text="A song"))
    assert do(make_card, MakeCard("I1")) == "E1"
    card = items.get_item(db, "E1")
    assert (card["name"], card["purposes"], card["principles"], card["touchpoints"], card["status"]) == (
        "A board that says why", ["P1"], ["D0"], [], "candidate",
    )  # fmt: skip
    assert items.get_item(db, "I1")["concept"] == "E1"
    assert [row["ref"] for row in list_ideas(db)] == ["I2"]
    with pytest.raises(Conflict) as refusal:
        do(make_card, MakeCard("I1"))
    assert str(refusal.value) == "I1 is a card already: E1."
    assert [row["ref"] for row in items.list_items(db, "concept")] == ["E1"]


def test_a_card_whose_name_is_taken_leaves_the_idea_as_it_was(db, do):
    do(add_concept, AddConcept(name="A song"))
    do(add_idea, AddIdea(text="a song"))
    with pytest.raises(Rejected) as refusal:
        do(make_card, MakeCard("I1"))
    assert str(refusal.value) == "There is already “a song” (E1)."
    assert [row["ref"] for row in list_ideas(db)] == ["I1"]
    with pytest.raises(NotFound):
        do(make_card, MakeCard("I7"))


# Strategy and commitment


def test_goals_and_metrics_are_linked_once_and_the_right_way_round(db, do):
    do(add_goal, AddGoal(kind="business", text="Keep riders"))
    do(add_goal, AddGoal(kind="customer", text="Be on time"))
    do(add_metric, AddMetric(kind="cpi", name="Told in time"))
    do(add_metric, AddMetric(kind="kpi", name="Renewals"))
    do(link_goals, LinkGoals("B1", "U1", " they stay\x07 "))
    do(link_metrics, LinkMetrics("C1", "K1", "who is told, stays"))
    assert db.execute("SELECT business, customer, why FROM goal_link").fetchall() == [("B1", "U1", "they stay")]
    assert db.execute("SELECT cpi, kpi, hypothesis, strength FROM cpi_kpi_link").fetchall() == [
        ("C1", "K1", "who is told, stays", "hypothesis")
    ]
    for handler, command, sentence in (
        (link_goals, LinkGoals("U1", "B1"), "U1 is not a goal of the company. Choose one that is."),
        (link_goals, LinkGoals("B1", ["U1"]), "['U1'] is not a goal of its customers. Choose one that is."),
        (link_metrics, LinkMetrics("K1", "C1"), "K1 is not a CPI. Choose one that is."),
        (link_metrics, LinkMetrics("C1", "K1", strength="proof"),
         "“Strength” must be one of: hypothesis, correlation, experiment."),
    ):  # fmt: skip
        with pytest.raises(Rejected) as refusal:
            do(handler, command)
        assert str(refusal.value) == sentence


def test_weights_of_a_group_are_to_sum_to_a_hundred():
    assert left_to_share([{"weight": 33.3}, {"weight": 33.3}, {"weight": 33.4}]) == 0
    assert left_to_share([{"weight": 70}, {"weight": None}]) == 30
    assert left_to_share([{"weight": 70}, {"weight": 50}]) == -20


def test_a_decision_names_a_step_of_this_agenda_or_none(db, do):
    assert do(add_decision, AddDecision(text="Start E1", step="ranking")) == "X1"
    assert do(add_decision, AddDecision(text="Go home")) == "X2"
    with pytest.raises(Rejected) as refusal:
        do(add_decision, AddDecision(text="Dance", step="dancing"))
    assert refusal.value.problems == (Problem("step", "This workshop has no step “dancing”."),)


def test_names_are_unique_where_people_call_things_by_them(do):
    do(add_segment, AddSegment(name="Commuters"))
    with pytest.raises(Rejected) as refusal:
        do(add_segment, AddSegment(name="COMMUTERS"))
    assert str(refusal.value) == "There is already “COMMUTERS” (G1)."


# The room


def test_the_room_goes_where_the_host_leads_and_going_back_loses_nothing(db, do):
    do(room.go_to, room.GoTo("purpose"))
    do(room.start_step, room.StartStep())
    here = room.get_room(db)
    assert (here["step"], here["title"], here["phase"], here["page"]) == ("purpose", "Purpose", "write", 1)
    left = datetime.fromisoformat(here["deadline"]) - datetime.fromisoformat(here["started_at"])
    assert left.total_seconds() == 80 * 60
    do(room.reveal, room.Reveal())
    do(room.go_to, room.GoTo("promise"))
    assert room.get_room(db)["phase"] == "ready"
    do(room.go_to, room.GoTo("purpose"))
    here = room.get_room(db)
    assert (here["phase"], here["deadline"]) == ("reveal", None)
    do(room.hide, room.Hide())
    assert room.get_room(db)["phase"] == "write"


def test_minutes_are_added_to_the_deadline_and_never_end_before_now(db, do):
    do(room.go_to, room.GoTo("purpose"))
    do(room.start_step, room.StartStep())
    before = datetime.fromisoformat(room.get_room(db)["deadline"])
    do(room.add_minutes, room.AddMinutes(5))
    assert (datetime.fromisoformat(room.get_room(db)["deadline"]) - before).total_seconds() == 300
    do(room.add_minutes, room.AddMinutes(-500))
    assert abs((datetime.fromisoformat(room.get_room(db)["deadline"]) - datetime.now(UTC)).total_seconds()) < 5


def test_before_a_step_begins_a_minute_more_is_planned_and_no_clock_runs(db, do):
    do(room.go_to, room.GoTo("purpose"))
    do(room.add_minutes, room.AddMinutes(1))
    here = room.get_room(db)
    assert (here["minutes"], here["started_at"], here["deadline"]) == (81, None, None)
    do(room.add_minutes, room.AddMinutes(-100))
    assert room.get_room(db)["minutes"] == 0
    do(room.add_minutes, room.AddMinutes(2))
    do(room.start_step, room.StartStep())
    do(room.reveal, room.Reveal())
    do(room.add_minutes, room.AddMinutes(1))
    here = room.get_room(db)
    assert (here["minutes"], here["deadline"]) == (3, None), "while they talk it is the step that has a minute more"
    with store.change(db, "host", "x"):
        db.execute("UPDATE time_spent SET began_at = '2026-01-01T00:00:00+00:00'")
    do(room.add_minutes, room.AddMinutes(1))
    here = room.get_room(db)
    assert here["minutes"] == 3
    assert here["deadline"] > here["started_at"], "what is used up already is not planned anew: a minute from now"


def test_the_shared_screen_turns_pages_but_not_before_the_first(db, do):
    do(room.go_to, room.GoTo("purpose"))
    assert do(room.turn_page, room.TurnPage(1)) == 2
    assert do(room.turn_page, room.TurnPage(-5)) == 1
    do(room.turn_page, room.TurnPage(3))
    do(room.go_to, room.GoTo("promise"))
    assert room.get_room(db)["page"] == 1


@pytest.mark.parametrize("step", ["lunch", "", "PURPOSE"])
def test_the_room_cannot_go_where_no_step_is(db, do, step):
    with pytest.raises(NotFound) as refusal:
        do(room.go_to, room.GoTo(step))
    assert str(refusal.value) == f"This workshop has no step “{step}”."
    with pytest.raises(NotFound, match="not at any step yet"):
        do(room.reveal, room.Reveal())
    assert room.get_room(db)["step"] is None
    assert journal.list_journal(db)[0].kind == "start"


@pytest.mark.parametrize(("many", "dots"), [(2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (30, 3)])
def test_a_vote_has_fewer_dots_than_there_is_to_choose_from(many, dots):
    rows = [{"ref": f"P{number}"} for number in range(many)]
    assert choice(rows, dots=3, cap=1) == {"targets": [row["ref"] for row in rows], "dots": dots, "cap": 1}
    assert "dots" not in choice(rows), "a split has points"
    assert choice(rows[:1], dots=3, cap=1) is None


@pytest.mark.parametrize("text", ["99:99", "back at 24:00", "10:60"])
def test_a_break_ends_at_a_time_that_there_is_or_in_words(db, do, text):
    do(room.go_to, room.GoTo("purpose"))
    with pytest.raises(Rejected, match="is no time of day, such as 10:45."):
        do(room.hold, room.Hold(text))
    assert room.get_room(db)["held_at"] is None, "there is no break then"
    for said in ("0:05", "after lunch, 13:30", "when the coffee is gone"):
        do(room.hold, room.Hold(said))
        assert room.get_room(db)["back_at"] == said


@pytest.mark.parametrize(("began", "said", "minutes"), [
    ("10:30", "10:45", 15), ("9:30", "at 9:45 sharp", 15), ("23:50", "0:10", 20), ("10:50", "10:45", None),
    ("13:00", "1:30 pm", None), ("10:30", "10:45 or 11:00", None), ("10:30", "in a moment", None), ("10:30", "", None),
])  # fmt: skip
def test_a_break_has_an_end_where_its_words_are_one_time_of_day(began, said, minutes):
    held = datetime.strptime(f"2026-11-26 {began}", "%Y-%m-%d %H:%M").astimezone(UTC)
    ends = room.end_of_break(held.isoformat(), said)
    assert (ends and datetime.fromisoformat(ends) - held) == (minutes and timedelta(minutes=minutes))
