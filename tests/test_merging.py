"""The same person twice on the list: one again, one ballot, and nobody can read from it whose answers were whose."""

import json

import pytest

from tests.phones import bus, come_in, host_does, join_code, phone  # noqa: F401  bus is a fixture
from tests.test_activities import asked, counted, here, say, three_purposes  # noqa: F401  fixtures
from workshop import joining, journal, merging, people
from workshop.activities import (
    AddAnswer,
    AnswerPulse,
    CastVote,
    EditAnswer,
    RateImpact,
    RevealActivity,
    SavePoints,
    add_answer,
    answer_pulse,
    cast_vote,
    count_ready,
    edit_answer,
    get_results,
    get_task,
    rate_impact,
    reveal_activity,
    save_points,
)
from workshop.merging import Merged, MergeParticipants
from workshop.problems import NotFound, Rejected


def merge(db, stays, goes) -> Merged:
    return merging.merge(db, MergeParticipants(stays, goes), journal.HOST)


def names(db) -> list[str]:
    return [one["alias"] for one in people.list_participants(db)]


def test_what_both_wrote_is_the_one_persons_who_stays(db, do, say, here):
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "before the phone was lost"))
    say(add_answer, AddAnswer(activity, here[1], "and after"))
    assert merge(db, here[1], here[0]) == Merged("Ben", 0, False)
    assert [row["text"] for row in get_task(db, here[1]).own] == ["and after", "before the phone was lost"]
    say(edit_answer, EditAnswer(1, here[1], "before it was found"))
    with pytest.raises(NotFound):
        say(edit_answer, EditAnswer(1, here[2], "not mine"))
    assert (names(db), count_ready(db)) == (["Ben", "Cy", "Dee"], (0, 3))
    do(reveal_activity, RevealActivity(activity))
    assert sorted(row["text"] for row in get_results(db, activity).rows) == ["and after", "before it was found"]


@pytest.mark.parametrize("kind", ["vote", "split", "pulse"])
def test_of_two_ballots_that_of_the_one_who_stays_counts(db, do, say, here, kind):
    p1, p2, _p3 = three_purposes(do)
    about = {"vote": {"targets": [p1, p2], "dots": 1, "cap": 1}, "split": {"targets": [p1, p2]},
             "pulse": {"scale": "yes"}}[kind]  # fmt: skip
    activity = asked(do, kind, **about)
    give = {
        "vote": lambda person, first: (cast_vote, CastVote(activity, person, {p1 if first else p2: 1})),
        "split": lambda person, first: (save_points, SavePoints(activity, person, {p1 if first else p2: 100})),
        "pulse": lambda person, first: (answer_pulse, AnswerPulse(activity, person, "yes" if first else "no")),
    }[kind]
    for person, first in zip(here, (True, False, True, True), strict=True):
        say(*give(person, first))
    assert merge(db, here[0], here[1]) == Merged("Ana", 1, False)
    do(reveal_activity, RevealActivity(activity))
    found = get_results(db, activity)
    assert found.answered == 3
    [first, *_rest] = found.rows
    assert first["counts"]["no"] == 0 if kind == "pulse" else first["ref"] == p1


def test_the_fuller_of_two_ratings_counts_and_the_round_goes_on(db, do, say, here):
    settings = counted(do)
    activity = asked(do, "rate", feed="ranking", **settings)
    say(rate_impact, RateImpact(here[0], "E1", "C1", -3, activity=activity))
    for metric in ("C1", "K1"):
        say(rate_impact, RateImpact(here[1], "E1", metric, 3, activity=activity))
    merge(db, here[0], here[1])
    assert get_task(db, here[0]).own == {("E1", "C1"): 3, ("E1", "K1"): 3}
    say(rate_impact, RateImpact(here[0], "E2", "C1", 1, activity=activity))
    do(reveal_activity, RevealActivity(activity))
    assert get_results(db, activity).answered == 1
    assert not people.is_sealed(db, "ranking"), "a second round is still to come"


def test_no_action_of_the_journal_joins_a_person_to_an_answer(db, do, say, here):
    p1, p2, _p3 = three_purposes(do)
    activity = asked(do, "vote", targets=[p1, p2], dots=1, cap=1)
    say(cast_vote, CastVote(activity, here[0], {p1: 1}))
    say(cast_vote, CastVote(activity, here[1], {p2: 1}))
    kept = db.execute("SELECT pen FROM pen_owner WHERE participant = ?", [here[0]]).fetchone()[0]
    before = journal.list_journal(db, 1)[0].number
    merge(db, here[0], here[1])
    actions = {}
    for number, table, old, new in db.execute(
        'SELECT journal, "table", old, new FROM change WHERE journal > ?', [before]
    ).fetchall():
        actions.setdefault(number, set()).add(table)
        assert kept not in [json.loads(state).get("pen") for state in (old, new) if state], "what counts is untouched"
    assert list(actions.values()) == [{"vote"}, {"participant"}]
    assert [row.by for row in journal.list_journal(db, 2)] == ["host", "room"]


def test_a_name_that_never_came_in_is_brought_back_by_undo_and_any_other_is_not(db, do, say, here):
    assert merge(db, here[0], here[3]) == Merged("Ana", 0, True)
    journal.undo(db)
    assert names(db) == ["Ana", "Ben", "Cy", "Dee"]
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[1], "a word"))
    merge(db, here[0], here[1])
    assert journal.next_undo(db) is None, "neither that nor the question, on which a word hangs"
    assert names(db) == ["Ana", "Cy", "Dee"]


def test_both_phones_are_the_one_who_stays(code, db):
    one, other = phone(), phone()
    for visitor, name in ((one, "Ana"), (other, "Ana again")):
        come_in(visitor, join_code(code), name=name)
    first, second = (person["id"] for person in people.list_participants(db))
    token = other.cookies["throughline_phone"].partition(".")[2].strip('"')
    assert merge(db, first, second).undoable is False
    assert joining.get_person(db, token)["alias"] == "Ana"
    assert other.get("/phone").status_code == 200
    back = phone()
    assert come_in(back, join_code(code), own=joining.own_code(token)).headers["location"] == "/phone"
    assert names(db) == ["Ana"]


def test_two_names_are_needed_and_both_must_be_there(db, do, here):
    with pytest.raises(Rejected, match="two names"):
        merge(db, here[0], here[0])
    do(people.archive_participant, people.ArchiveParticipant(here[1]))
    with pytest.raises(NotFound):
        merge(db, here[0], here[1])
    assert names(db) == ["Ana", "Cy", "Dee"]
