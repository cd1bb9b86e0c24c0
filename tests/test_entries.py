"""What the room wrote: typed off the wall, grouped, turned into something, never twice."""

import pytest

from workshop import items
from workshop.entries import (
    AddEntries,
    Group,
    MoveEntries,
    TurnEntries,
    add_entries,
    doubts,
    group,
    lines_of,
    list_entries,
    move_entries,
    turn,
)
from workshop.problems import Conflict, Problem, Rejected
from workshop.steps.commitment import question_from
from workshop.steps.prepare import AddSegment, add_segment
from workshop.steps.purpose import STEP as PURPOSE


def written(db, step: str = "purpose") -> list[tuple]:
    return [(row["ref"], row["heading"], row["text"]) for row in list_entries(db, step)]



def test_lines_are_taken_without_what_only_makes_a_list_of_them():
    assert lines_of("– one\r\n\r\n• two \n-three\n   \n") == ["one", "two", "three"]


def test_entries_stand_in_their_order_at_their_step(db, do):
    assert do(add_entries, AddEntries("purpose", "I want to know\nI need a lift")) == "N1–N2"
    assert do(add_entries, AddEntries("promise", "We come")) == "N3"
    assert written(db) == [("N1", "", "I want to know"), ("N2", "", "I need a lift")]


@pytest.mark.parametrize(
    ("step", "lines", "problem"),
    [
        ("purpose", " \n", Problem("lines", "Write something first: one line for each entry.")),
        ("lunch", "soup", Problem("step", "This workshop has no step “lunch”.")),
        ("purpose", "ok\n" + "x" * 501,
         Problem("text", "“What the room wrote” may have at most 500 characters, and this has 501.")),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused_whole(db, do, step, lines, problem):
    with pytest.raises(Rejected) as refused:
        do(add_entries, AddEntries(step, lines))
    assert refused.value.problems == (problem,)
    assert items.list_items(db, "entry") == []


def test_a_list_that_nobody_types_is_asked_about():
    asked = "These are {count} lines. Press the button again if you mean all of them."
    assert doubts("one\n" * 51, "lines") == [Problem("lines", asked.format(count="51"))]
    assert doubts("one\n" * 2_000, "lines") == [Problem("lines", asked.format(count="2,000"))]
    assert doubts("one\n" * 50, "lines") == doubts("one\n" * 2_001, "lines") == [], "what is too much is refused"


def test_entries_are_put_under_a_heading_and_taken_out_again(db, do):
    do(add_entries, AddEntries("purpose", "one\ntwo\nthree"))
    assert do(group, Group(("N1", "N3"), "On  the way ")) == "On the way"
    assert written(db) == [("N1", "On the way", "one"), ("N2", "", "two"), ("N3", "On the way", "three")]
    do(group, Group(("N1",), ""))
    assert written(db)[0] == ("N1", "", "one")
    with pytest.raises(Rejected, match="Choose one or more of what the room wrote first."):
        do(group, Group((), "On the way"))


def test_entries_move_together_under_their_heading(db, do):
    do(add_entries, AddEntries("purpose", "one\ntwo\nthree\nfour\nfive"))
    do(turn, TurnEntries(("N2",), question_from))
    do(move_entries, MoveEntries(("N3", "N4"), -1))
    assert [ref for ref, *_rest in written(db)] == ["N3", "N4", "N1", "N5"], "past what became something, too"
    do(move_entries, MoveEntries(("N3", "N4"), -1))
    assert [ref for ref, *_rest in written(db)] == ["N3", "N4", "N1", "N5"], "not past one another"
    do(move_entries, MoveEntries(("N3", "N4"), 1))
    assert [ref for ref, *_rest in written(db)] == ["N1", "N3", "N4", "N5"]
    with pytest.raises(Rejected, match="Choose one or more of what the room wrote first."):
        do(move_entries, MoveEntries((), 1))


def test_what_the_room_wrote_is_given_to_whom_or_what_it_belongs(db, do):
    do(add_segment, AddSegment(name="Carers"))
    do(add_entries, AddEntries("purpose", "I need a number to ring\nI want a seat"))
    turning = PURPOSE.turns[0]
    assert turning.of(db) == {"G1": "Carers"}
    do(turn, TurnEntries(("N1",), lambda db, text: turning.into(db, text, "G1")))
    do(turn, TurnEntries(("N2",), lambda db, text: turning.into(db, text, None)))
    assert [row["segment"] for row in items.list_items(db, "purpose")] == ["G1", None], "whose words they are may wait"


def test_an_entry_becomes_something_once_and_says_what(db, do):
    do(add_entries, AddEntries("purpose", "I want to know\nWho pays?"))
    made = do(turn, TurnEntries(("N1",), PURPOSE.turns[0].into))
    assert items.get_item(db, made)["text"] == "I want to know"
    assert do(turn, TurnEntries(("N2",), question_from)) == "Q1"
    assert {row["ref"]: row["became"] for row in items.list_items(db, "entry")} == {"N1": made, "N2": "Q1"}
    assert written(db) == [], "what became something is no longer asked about"
    with pytest.raises(Conflict, match=f"N1 became {made} already."):
        do(turn, TurnEntries(("N1",), question_from))
    assert [row["ref"] for row in items.list_items(db, "question")] == ["Q1"]
