"""Ideas and the cards they become: pasted lists, prompts, twins, merging and splitting, and what is refused."""

import pytest

from workshop import items, journal
from workshop.entries import Group, group
from workshop.items import Archive, archive
from workshop.problems import Conflict, NotFound, Problem, Rejected
from workshop.steps.concepts import (
    AddConcept,
    MakeCard,
    MergeConcepts,
    SplitConcept,
    add_concept,
    list_live,
    make_card,
    merge_concepts,
    split_concept,
)
from workshop.steps.ideas import (
    AddIdea,
    AddIdeas,
    MergeIdeas,
    add_idea,
    add_ideas,
    by_heading,
    list_ideas,
    list_prompts,
    list_twins,
    merge_ideas,
    trail_of,
)
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.touchpoints import AddTouchpoint, add_touchpoint


def small(text: str) -> AddPurpose:
    return AddPurpose(level="small", text=text, status="chosen")


def said(db) -> list[str]:
    return [row["text"] for row in list_ideas(db)]


def test_a_pasted_list_comes_in_line_by_line_without_its_bullets(db, do):
    assert do(add_ideas, AddIdeas("- A board\n\n• A taxi\n   * A letter  ")) == "I1–I3"
    assert said(db) == ["A board", "A taxi", "A letter"]
    assert journal.list_journal(db)[0].what == "AddIdeas I1–I3", "one action, and one undo"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "Write an idea first, in one line."),
        (" \n - \n", "Write an idea first, in one line."),
        ("x\n" * 2_001, "These are 2,001 lines; at most 2,000 can be brought in at once."),
        ("good\n" + "x" * 301, "“Idea” may have at most 300 characters, and this has 301."),
    ],
)
def test_of_a_list_with_one_bad_line_nothing_is_stored(db, do, lines, sentence):
    with pytest.raises(Rejected) as refused:
        do(add_ideas, AddIdeas(lines))
    assert refused.value.problems == (Problem("text", sentence),)
    assert said(db) == []


def test_what_nobody_has_thought_of_is_asked_first(db, do):
    do(add_purpose, small("I need to know whether it comes."))
    do(add_purpose, small("Can you get me home?"))
    do(add_touchpoint, AddTouchpoint(name="At the stop"))
    asked = list_prompts(db)
    assert {one.text for one in asked} == {
        "How might we answer “I need to know whether it comes” at “At the stop”?",
        "How might we answer “Can you get me home” at “At the stop”?",
    }
    do(add_idea, AddIdea(text="A board", purpose=asked[0].purpose, touchpoint=asked[0].touchpoint))
    assert [(one.purpose, one.ideas) for one in list_prompts(db)] == [(asked[1].purpose, 0), (asked[0].purpose, 1)]


def test_twins_are_pointed_out_once_and_go_into_one(db, do):
    for text in ("Call riders back within the hour", "Within the hour call riders back", "Print the fare", "Taxi"):
        do(add_idea, AddIdea(text=text))
    assert list_twins(list_ideas(db)) == [("I1", "I2")]
    do(merge_ideas, MergeIdeas("I1", ("I2",)))
    assert [row["ref"] for row in list_ideas(db)] == ["I1", "I3", "I4"]
    assert items.get_item(db, "I2")["builds_on"] == "I1", "where it went is kept"


def test_ideas_stand_under_their_headings_the_newest_first_and_move_among_what_is_seen(db, do):
    do(add_ideas, AddIdeas("A board\nA taxi\nA letter\nA bell\nA lamp"))
    do(group, Group(("I1", "I3"), "At the stop"))
    do(merge_ideas, MergeIdeas("I2", ("I4",)))
    assert [row["ref"] for row in by_heading(list_ideas(db))] == ["I5", "I2", "I3", "I1"]
    assert {ref: [row["ref"] for row in went] for ref, went in trail_of(items.list_items(db, "idea")).items()} == {
        "I2": ["I4"]
    }
    do(items.move, items.Move("I5", -1))
    assert [row["ref"] for row in list_ideas(db)] == ["I1", "I5", "I3", "I2"], "past I4, which nobody sees any more"


@pytest.mark.parametrize("ideas", [(), ("I1",)])
def test_an_idea_does_not_go_into_itself(do, ideas):
    do(add_idea, AddIdea(text="A board"))
    with pytest.raises(Rejected, match="cannot be merged into itself; choose two different ones"):
        do(merge_ideas, MergeIdeas("I1", ideas))


def test_a_card_comes_from_an_idea_once(db, do):
    do(add_purpose, small("I need to know whether it comes."))
    do(add_idea, AddIdea(text="A board", purpose="P1"))
    assert do(make_card, MakeCard("I1")) == "E1"
    assert items.get_item(db, "E1")["purposes"] == ["P1"]
    with pytest.raises(Conflict, match="I1 is a card already: E1."):
        do(make_card, MakeCard("I1"))
    assert len(list_live(db)) == 1


def test_a_card_goes_into_another_with_all_that_hangs_on_it(db, do):
    for text in ("one", "two"):
        do(add_purpose, small(f"I need {text}."))
    do(add_concept, AddConcept(name="A board", purposes=("P1",)))
    do(add_concept, AddConcept(name="A louder board", purposes=("P2",)))
    assert do(merge_concepts, MergeConcepts("E2", "E1")) == "E1"
    (left,) = list_live(db)
    assert (left["ref"], left["purposes"]) == ("E1", ["P1", "P2"])
    assert items.get_item(db, "E2")["merged_into"] == "E1"


@pytest.mark.parametrize(
    ("concept", "into", "sentence"),
    [
        ("E1", "E1", "E1 cannot be merged into itself or split from itself."),
        ("E1", None, "Choose which card E1 goes into."),
        ("E1", "E2", "“Merged into” names E2, which went into E1. Name that one instead."),
        ("E3", "E2", "“Merged into” names E2, which went into E1. Name that one instead."),
    ],
)
def test_no_card_is_lost_in_a_merge(db, do, concept, into, sentence):
    for name in ("A board", "A louder board", "A taxi"):
        do(add_concept, AddConcept(name=name))
    do(merge_concepts, MergeConcepts("E2", "E1"))
    with pytest.raises(Rejected) as refused:
        do(merge_concepts, MergeConcepts(concept, into))
    assert refused.value.problems == (Problem("merged_into", sentence),)
    assert [row["ref"] for row in list_live(db)] == ["E1", "E3"]


def test_a_second_card_comes_out_of_one_and_keeps_its_links(db, do):
    do(add_purpose, small("I need one."))
    do(add_concept, AddConcept(name="A board", purposes=("P1",)))
    assert do(split_concept, SplitConcept("E1", "A voice")) == "E2"
    second = items.get_item(db, "E2")
    assert (second["name"], second["purposes"], second["split_from"]) == ("A voice", ["P1"], "E1")
    with pytest.raises(Rejected, match="There is already “a voice”"):
        do(split_concept, SplitConcept("E1", "a voice"))


def test_nothing_is_newly_tied_to_what_was_put_away(do):
    do(add_purpose, small("I need one."))
    do(archive, Archive("P1"))
    for handler, command in (
        (add_idea, AddIdea(text="A board", purpose="P1")),
        (add_concept, AddConcept(name="A board", purposes=("P1",))),
    ):
        with pytest.raises(Rejected, match="names P1, which was put away. Bring it back first."):
            do(handler, command)
    with pytest.raises(NotFound, match="There is no item E9"):
        do(merge_concepts, MergeConcepts("E9", "E1"))
