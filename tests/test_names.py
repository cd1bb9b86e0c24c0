"""Names beside what was written: never, at the end, or from the reveal on, as the workshop's anonymity says."""

import pytest

from pages.room import dealt
from tests.test_activities import asked, here, say, three_purposes  # noqa: F401  fixtures
from tests.test_pages import everything_said, wrote
from tests.test_room_pages import host, press, seen, visit  # noqa: F401  host is a fixture
from workshop import bundle, items, journal, withheld
from workshop.activities import (
    AddAnswer,
    CastVote,
    RevealActivity,
    ShowNames,
    add_answer,
    can_be_shown,
    cast_vote,
    get_results,
    list_names,
    reveal_activity,
    show_names,
)
from workshop.problems import Rejected
from workshop.step import Slips
from workshop.steps import on_screen
from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop


def written(db, do, say, here, anonymity: str) -> int:
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": anonymity}))
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    say(add_answer, AddAnswer(activity, here[1], "a seat"))
    do(reveal_activity, RevealActivity(activity))
    return activity


def owners(db) -> int:
    return db.execute("SELECT count(*) FROM pen_owner").fetchone()[0]


def test_with_names_they_stand_by_what_was_written_from_the_reveal_on(db, do, say, here):
    activity = written(db, do, say, here, "named")
    shown = {row["text"]: row["name"] for row in get_results(db, activity).rows}
    assert shown == {"to be told": "Ana", "a seat": "Ben"}
    stands = on_screen(db)
    assert isinstance(stands, Slips)
    assert sorted((slip.text, slip.name) for slip in stands.slips) == [("a seat", "Ben"), ("to be told", "Ana")]
    assert '<span class="by">Ana</span>' in dealt.draw(stands.slips)
    assert not can_be_shown(db)
    journal.undo(db)
    assert (list_names(db), owners(db)) == ({}, 2)


def test_no_name_stands_by_words_that_the_host_has_put_right(db, do, say, here):
    activity = written(db, do, say, here, "named")
    (told,) = [row["ref"] for row in get_results(db, activity).rows if row["text"] == "to be told"]
    do(items.edit, items.Edit(told, 1, {"text": "to be told in time"}))
    assert {row["text"]: row["name"] for row in get_results(db, activity).rows} == {
        "to be told in time": "", "a seat": "Ben",
    }  # fmt: skip
    assert list(list_names(db).values()) == ["Ben"]
    do(items.edit, items.Edit(told, 2, {"text": "to be told"}))
    assert sorted(list_names(db).values()) == ["Ana", "Ben"], "and again by what was said"


def test_until_the_end_nobody_is_named_and_then_everybody_is_for_good(db, do, say, here):
    p1, p2, _p3 = three_purposes(do)
    activity = written(db, do, say, here, "until_end")
    vote = asked(do, "vote", targets=[p1, p2], dots=1, cap=1)
    say(cast_vote, CastVote(vote, here[2], {p1: 1}))
    do(reveal_activity, RevealActivity(vote))
    assert (list_names(db), owners(db), can_be_shown(db)) == ({}, 3, True)
    assert {row["name"] for row in get_results(db, activity).rows} == {""}
    assert do(show_names, ShowNames()) == 2
    assert (sorted(list_names(db).values()), owners(db)) == (["Ana", "Ben"], 0)
    assert journal.next_undo(db) is None, "nothing takes the names back"
    with pytest.raises(Rejected, match="nothing that waits"):
        do(show_names, ShowNames())
    later = asked(do, "write", "And now?")
    say(add_answer, AddAnswer(later, here[3], "by name"))
    do(reveal_activity, RevealActivity(later))
    assert ([row["name"] for row in get_results(db, later).rows], owners(db)) == (["Dee"], 0)


def test_where_nobody_is_to_know_no_command_shows_a_name(db, do, say, here):
    written(db, do, say, here, "always")
    with pytest.raises(Rejected):
        do(show_names, ShowNames())
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": "until_end"}))
    assert not can_be_shown(db), "what was promised when people wrote is kept"
    assert list_names(db) == {}


def test_no_promise_is_loosened_while_answers_given_under_it_wait(db, do, say, here):
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    for looser in ("until_end", "named"):
        with pytest.raises(Rejected, match="promise"):
            do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": looser}))
    do(reveal_activity, RevealActivity(activity))
    assert [row["name"] for row in get_results(db, activity).rows] == [""]
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": "named"}))


def test_a_ballot_is_under_its_promise_too(db, do, say, here):
    """Under a looser one its owner would not be forgotten at the reveal, and one alone would be shown."""
    p1, p2, _p3 = three_purposes(do)
    vote = asked(do, "vote", targets=[p1, p2], dots=1, cap=1)
    say(cast_vote, CastVote(vote, here[2], {p1: 1}))
    for looser in ("until_end", "named"):
        with pytest.raises(Rejected, match="promise"):
            do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": looser}))
    do(reveal_activity, RevealActivity(vote))
    assert owners(db) == 0
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": "named"}))


def test_names_are_in_the_bundle_and_in_no_shareable_version(db, do, say, here):
    written(db, do, say, here, "named")
    assert sorted(row["name"] for row in bundle.read(db)["written"]) == ["Ana", "Ben"]
    with withheld.shareable(db) as copy:
        assert "Ana" not in bundle.to_json(bundle.read(copy))


def test_the_host_shows_them_with_one_button_and_sees_them_beside_the_entries(host, code, db, do, say, here):
    written(db, do, say, here, "until_end")
    at = visit(code, "purpose")
    assert "Ana" not in everything_said(at)
    at.session_state["people"] = True
    at.run()
    press(at, "show-names")
    assert ("Ana", "to be told") in [(line["by"], line["text"]) for line in wrote(at)]
    assert "show-names" not in [button.key for button in at.button]
