"""The log as a story, and what changed between two moments."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from workshop import items, journal, room, story
from workshop.__main__ import main
from workshop.document import Bullets, Heading, Table
from workshop.problems import Rejected
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.purpose import AddPurpose, add_purpose


def test_the_story_goes_step_by_step_and_says_what_was_taken_back(db, do):
    do(room.go_to, room.GoTo("purpose"))
    do(room.start_step, room.StartStep())
    do(add_purpose, AddPurpose(level="big", text="Nobody is shut out"))
    do(add_purpose, AddPurpose(level="small", text="I need to know"))
    journal.undo(db)
    do(room.go_to, room.GoTo("concepts"))
    do(add_concept, AddConcept(name="Truth board"), by="co-host Ann")
    told = story.document(db)
    assert told.subtitle == "The story of the session"
    assert isinstance(told.blocks[1], Table) and told.blocks[1].head == ["Step", "Minutes planned", "Minutes spent"]
    assert told.blocks[1].rows[2] == ["Purpose", "80", "0"] and told.blocks[1].rows[3] == ["Promise", "35", ""]
    heads = [block.text[18:] for block in told.blocks if isinstance(block, Heading)][1:]
    assert heads == ["Before the first step", "Purpose", "Concepts"]
    lines = [[line[18:] for line in block.items] for block in told.blocks if isinstance(block, Bullets)]
    assert lines == [
        ["host: Created the workshop"],
        ["host: GoTo Purpose", "host: StartStep Purpose", "host: AddPurpose P1",
         "host: AddPurpose P2 (taken back later)", "host: Undid: AddPurpose P2"],
        ["host: GoTo Concepts", "co-host Ann: AddConcept E1"],
    ]  # fmt: skip


def test_the_story_is_told_by_the_clock_of_whoever_reads_it(db, do):
    do(room.go_to, room.GoTo("purpose"))
    at = journal.list_journal(db)[-1].at
    assert story.clock("2026-03-12T23:30:00.000+00:00", ZoneInfo("Europe/Berlin")) == "2026-03-13 00:30"
    tokyo = story.document(db, ZoneInfo("Asia/Tokyo"))
    assert tokyo.blocks[2].text == f"{story.clock(at, ZoneInfo('Asia/Tokyo'))}  Before the first step"
    assert story.clock(at, UTC) not in "".join(tokyo.blocks[3].items)


def test_what_changed_says_what_came_what_went_and_field_by_field_what_is_different(db, do):
    do(add_purpose, AddPurpose(level="small", text="I need to know"))
    do(add_concept, AddConcept(name="Truth board"))
    do(add_concept, AddConcept(name="Screens"))
    since = journal.list_journal(db)[0].number
    do(items.edit, items.Edit("E1", 1, {"name": "Truth boards", "purposes": ("P1",)}))
    do(items.archive, items.Archive("E2"))
    do(add_concept, AddConcept(name="Home anyway"))
    do(add_concept, AddConcept(name="Never there"))
    journal.undo(db)
    gone = do(add_concept, AddConcept(name="Came and went"))
    do(items.archive, items.Archive(gone))
    assert story.list_changes(db, since) == [
        story.Change("changed", "concept", "E1", "Truth boards",
                     [("Name", "Truth board", "Truth boards"), ("Purposes", "", "P1")]),
        story.Change("put away", "concept", "E2", "Screens", []),
        story.Change("added", "concept", "E3", "Home anyway", []),
    ]  # fmt: skip
    assert story.list_changes(db, since, since) == []
    assert [one.ref for one in story.list_changes(db, since, since + 1)] == ["E1"]


def test_a_moment_is_an_action_or_a_time(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    at = journal.list_journal(db)[0].at
    assert story.moment(db, "1") == 1
    assert story.moment(db, at) == 2 and story.moment(db, "2020-01-01") == 0
    assert story.moment(db, "2999-01-01T10:30+02:00") == 2
    with pytest.raises(Rejected, match="“yesterday” is neither the number of an action nor a time"):
        story.moment(db, "yesterday")


def test_the_command_line_tells_the_story_and_the_changes(code, capsys):
    assert main(["log", code, "--story"]) == 0
    assert "host: Created the workshop" in capsys.readouterr().out
    assert main(["log", code, "--since", "0"]) == 0
    assert "D0 Are we keeping our promise?" in capsys.readouterr().out
    assert main(["log", code, "--since", "whenever"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
