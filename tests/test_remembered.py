"""What was read is read again after every action, and not before."""

import numpy as np
import pytest

from workshop import journal, people, room, store
from workshop.activities import (
    ROOM,
    AddAnswer,
    OpenActivity,
    RevealActivity,
    add_answer,
    open_activity,
    reveal_activity,
)
from workshop.problems import Rejected
from workshop.remembered import MOST, for_the_same, until_next_action
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.words import language


@pytest.fixture
def texts():
    """A read that counts how often it was worked out."""
    times = []

    @until_next_action
    def list_texts(db, level):
        times.append(level)
        return tuple(text for (text,) in db.execute("SELECT text FROM purpose WHERE level = ?", [level]).fetchall())

    list_texts.times = times
    return list_texts


def want(text):
    return AddPurpose(level="small", text=text)


def test_the_same_answer_until_something_is_written_by_whomever(code, db, do, texts):
    assert (texts(db, "small"), texts(db, "small"), texts(db, "big")) == ((), (), ())
    with store.open(code) as other:
        assert texts(other, "small") == ()
        assert texts.times == ["small", "big"], "the next connection need not read again"
        journal.act(other, "host", add_purpose, want("I want to be told"), "Added {ref}")
    assert texts(db, "small") == ("I want to be told",)
    journal.undo(db)
    assert texts(db, "small") == ()


def test_an_answer_of_the_room_that_nobody_may_read_yet_leaves_it_and_the_reveal_does_not(db, do, texts):
    do(room.go_to, room.GoTo("purpose"))
    person = do(people.add_participant, people.AddParticipant(alias="Ana", group="frontline"))
    activity = do(open_activity, OpenActivity(step="purpose", kind="write", prompt="What for?", minutes=5))
    texts(db, "small")
    do(add_answer, AddAnswer(activity, person, "I want to be told"), by=ROOM)
    texts(db, "small")
    assert texts.times == ["small"]
    do(reveal_activity, RevealActivity(activity))
    texts(db, "small")
    do(people.add_participant, people.AddParticipant(alias="Bo", group="frontline"), by=ROOM)
    texts(db, "small")
    assert texts.times == ["small"] * 3, "whoever comes in counts at once"


def test_within_an_action_what_is_read_is_what_stands_there_now(db, texts):
    texts(db, "small")
    with pytest.raises(Rejected), store.change(db, "host", "Added one, and refused"):
        add_purpose(db, want("I want to be told"))
        assert texts(db, "small") == ("I want to be told",)
        add_purpose(db, want(""))
    assert texts(db, "small") == ()


def test_every_language_has_its_own_and_old_answers_make_room(db, texts):
    texts(db, "small")
    token = language.set("de")
    try:
        texts(db, "small")
    finally:
        language.reset(token)
    assert len(texts.times) == 2
    for number in range(MOST):
        texts(db, str(number))
    texts(db, "small")
    assert len(texts.times) == MOST + 3


def test_the_same_numbers_are_worked_out_once_and_others_anew():
    times = []

    @for_the_same
    def total(table, *, twice):
        times.append(twice)
        return table.sum() * (2 if twice else 1)

    table = np.array([[1.0, np.nan], [2.0, 3.0]])
    table[0, 1] = 4.0
    assert (total(table, twice=False), total(table.copy(), twice=False)) == (10.0, 10.0)
    assert times == [False]
    table[1, 1] = 5.0
    assert (total(table, twice=False), total(table, twice=True)) == (12.0, 24.0), "no answer of another table"
    assert times == [False, False, True]
