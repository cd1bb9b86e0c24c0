"""The agenda at work: planned against real minutes, and steps moved, left out and taken up while the room works."""

from datetime import UTC, datetime, timedelta

import pytest

from workshop import agenda, journal, room
from workshop.agenda import DropStep, EditStep, MoveStep, SpendTime, TakeUpStep
from workshop.problems import NotFound, Rejected

TEN = "2026-03-12T10:00:00.000+00:00"


def slugs(db):
    return [row["slug"] for row in agenda.list_agenda(db)]


def at(minutes: float) -> str:
    return (datetime.fromisoformat(TEN) + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")


def test_a_step_moves_among_those_that_are_not_left_out(db, do):
    before = slugs(db)
    do(agenda.drop_step, DropStep("reverse"))
    do(agenda.move_step, MoveStep("strategy", -2))  # over the break as well
    assert slugs(db) == ["prepare", "opening", "purpose", "promise", "strategy", "principles", *before[7:]]
    do(agenda.move_step, MoveStep("prepare", -1))
    do(agenda.move_step, MoveStep("commitment", 5))
    assert slugs(db) == ["prepare", "opening", "purpose", "promise", "strategy", "principles", *before[7:]]
    do(agenda.take_up_step, TakeUpStep("reverse"))
    assert slugs(db)[4:8] == ["strategy", "principles", "reverse", "touchpoints"], "at its own place, not at the end"


def test_undo_puts_the_agenda_back(db, do):
    before = agenda.list_agenda(db)
    do(agenda.move_step, MoveStep("ranking", -3))
    do(agenda.drop_step, DropStep("opening"))
    do(agenda.edit_step, EditStep("promise", minutes=20, prompt="What do we owe you?"))
    for _action in range(3):
        journal.undo(db)
    assert agenda.list_agenda(db) == before


def test_words_and_minutes_change_and_what_is_not_given_stays(db, do):
    do(agenda.edit_step, EditStep("promise", title="Brand promise"))
    do(agenda.edit_step, EditStep("promise", minutes=20))
    row = next(row for row in agenda.list_agenda(db) if row["slug"] == "promise")
    assert (row["title"], row["minutes"], row["prompt"]) == ("Brand promise", 20, "What do we promise today?")


@pytest.mark.parametrize(
    ("handler", "command", "sentence"),
    [
        (agenda.edit_step, EditStep("promise", minutes=-1), "“Minutes” must lie between 0 and 1,440."),
        (agenda.edit_step, EditStep("promise", title="  "), "Write something under “Title”."),
        (agenda.drop_step, DropStep("purpose"), "The room is at Purpose now. Go to another step first."),
        (agenda.spend_time, SpendTime("purpose", "yesterday"),
         "“yesterday” is not a moment such as 2026-03-12T09:30:00+00:00."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_one_sentence(db, do, handler, command, sentence):
    do(room.go_to, room.GoTo("purpose"))
    before = agenda.list_agenda(db), agenda.list_time_spent(db)
    with pytest.raises(Rejected) as refused:
        do(handler, command)
    assert str(refused.value) == sentence
    assert (agenda.list_agenda(db), agenda.list_time_spent(db)) == before


def test_the_last_step_stays_and_an_unknown_one_is_not_found(db, do):
    for slug in slugs(db)[1:]:
        do(agenda.drop_step, DropStep(slug))
    with pytest.raises(Rejected, match="needs at least one step"):
        do(agenda.drop_step, DropStep("prepare"))
    with pytest.raises(NotFound):
        do(agenda.move_step, MoveStep("lunch", 1))


# Time


def test_time_runs_from_open_until_the_room_goes_elsewhere(db, do):
    do(room.go_to, room.GoTo("purpose"))
    assert agenda.list_time_spent(db) == []
    do(room.start_step, room.StartStep())
    do(room.reveal, room.Reveal())
    do(room.start_step, room.StartStep())
    assert [(row["step"], row["ended_at"]) for row in agenda.list_time_spent(db)] == [("purpose", None)]
    do(room.go_to, room.GoTo("promise"))
    do(room.start_step, room.StartStep())
    do(room.go_to, room.GoTo("purpose"))
    do(room.start_step, room.StartStep())
    spent = [(row["step"], row["ended_at"] is None) for row in agenda.list_time_spent(db)]
    assert spent == [("purpose", False), ("promise", False), ("purpose", True)]


def test_a_break_is_no_time_of_the_step_that_it_interrupts(db, do):
    do(room.go_to, room.GoTo("purpose"))
    do(room.start_step, room.StartStep())
    do(room.hold, room.Hold("10:45"))
    do(room.hold, room.Hold("11:00"))
    later = datetime.now(UTC) + timedelta(minutes=60)
    assert agenda.minutes_spent(db, later)["purpose"] < 10
    do(room.resume, room.Resume())
    assert 55 < agenda.minutes_spent(db, later)["purpose"] < 65, "after it the step goes on"
    do(room.go_to, room.GoTo("promise"))
    do(room.hold, room.Hold())
    do(room.resume, room.Resume())
    assert "promise" not in agenda.minutes_spent(db, later), "the room has not begun there"


def test_minutes_add_up_and_a_clock_set_back_counts_as_none(db, do):
    for step, began, ended in (("purpose", 0, 30), ("promise", 40, 35), ("purpose", 60, 65), ("promise", 70, None)):
        do(agenda.spend_time, SpendTime(step, at(began), None if ended is None else at(ended)))
    now = datetime.fromisoformat(at(82)).astimezone(UTC)
    assert agenda.minutes_spent(db, now) == {"purpose": 35.0, "promise": 12.0}


@pytest.mark.parametrize(
    ("handler", "command", "minutes"),
    [
        (room.add_minutes, room.AddMinutes(1), 36),
        (room.reveal, room.Reveal(), 35),
        (room.start_step, room.StartStep(), 35),
    ],
)
def test_where_the_clock_was_set_back_the_steps_time_runs_again_from_the_next_move(db, do, handler, command, minutes):
    do(room.go_to, room.GoTo("purpose"))
    do(agenda.edit_step, agenda.EditStep("purpose", minutes=35))
    in_an_hour = (datetime.now(UTC) + timedelta(minutes=60)).isoformat(timespec="milliseconds")
    do(agenda.spend_time, SpendTime("purpose", in_an_hour))
    assert room.was_set_back(db), "the sidebar says why the time stands still"
    do(handler, command)
    assert not room.was_set_back(db)
    begins, ends = agenda.planned_time(db, "purpose")
    assert begins <= datetime.now(UTC), "nothing waits until the hour has come again"
    assert ends - begins == timedelta(minutes=minutes)


def test_what_is_left_of_a_step_counts_what_was_spent_at_it_before(db, do):
    assert agenda.planned_time(db, "purpose") is None, "the room was never there"
    do(agenda.edit_step, agenda.EditStep("purpose", minutes=25))
    do(agenda.spend_time, SpendTime("purpose", at(0), at(10)))
    assert agenda.planned_time(db, "purpose") is None, "the room is not there"
    do(agenda.spend_time, SpendTime("promise", at(10), at(40)))
    do(agenda.spend_time, SpendTime("purpose", at(40), None))
    assert agenda.planned_time(db, "purpose") == tuple(datetime.fromisoformat(at(minute)) for minute in (30, 55))


@pytest.mark.parametrize(
    ("spent", "step", "behind"),
    [
        ({}, "purpose", 0),
        ({"purpose": 10}, "purpose", 0),  # it still has 15
        ({"purpose": 30}, "purpose", 5),
        ({"purpose": 20}, "promise", -5),
        ({"purpose": 30, "promise": 10}, "promise", 5),
        ({"purpose": 30, "promise": 40, "gone": 90}, "promise", 25),
    ],
)
def test_behind_and_ahead_of_the_plan(spent, step, behind):
    plan = [{"slug": "purpose", "minutes": 25}, {"slug": "promise", "minutes": 20}]
    assert agenda.minutes_behind(plan, spent, step) == behind
