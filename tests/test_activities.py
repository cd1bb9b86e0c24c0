"""What the room is asked, from opening to reveal: whose words, whose votes, and that nobody learns it too early."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from workshop import agenda, bundle, entries, items, journal, people, room, store
from workshop.activities import (
    ROOM,
    AddAnswer,
    AnswerPulse,
    CallBack,
    CastVote,
    CloseActivity,
    DecideStep,
    EditAnswer,
    HideAnswer,
    OpenActivity,
    RateImpact,
    ReopenActivity,
    RevealActivity,
    SavePoints,
    SayReady,
    SkipActivity,
    TakeUpActivity,
    TypeFor,
    WithdrawAnswer,
    add_answer,
    answer_pulse,
    call_back,
    cast_vote,
    close_activity,
    count_ready,
    decide_step,
    edit_answer,
    get_activity,
    get_current,
    get_results,
    get_task,
    hide_answer,
    is_withheld,
    list_for_host,
    list_joined,
    note_turned,
    open_activity,
    rate_impact,
    reopen_activity,
    reveal_activity,
    save_points,
    say_ready,
    skip_activity,
    take_up_activity,
    type_for,
    withdraw_answer,
)
from workshop.activities.rate import cells_for, fair_share, list_ratings
from workshop.problems import Conflict, NotFound, Rejected
from workshop.step import asking
from workshop.steps import on_screen, step_of
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.ranking import get_ranking
from workshop.steps.strategy import AddMetric, add_metric

NAMES = ("Ana", "Ben", "Cy", "Dee")


@pytest.fixture
def here(db, do):
    """Four people in the room, which is at the step purpose."""
    do(room.go_to, room.GoTo("purpose"))
    return [do(people.add_participant, people.AddParticipant(alias=name, group="frontline")) for name in NAMES]


@pytest.fixture
def say(db):
    """`say(cast_vote, CastVote(…))`: one answer, as a phone gives it."""
    return lambda handler, command, key=None: journal.act(db, ROOM, handler, command, "An answer", key=key)


def asked(do, kind, prompt="What for?", step="purpose", feed="", **settings):
    command = OpenActivity(step=step, kind=kind, prompt=prompt, minutes=5, feed=feed, settings=settings)
    return do(open_activity, command)


def three_purposes(do):
    return [do(add_purpose, AddPurpose(level="small", text=text)) for text in ("I want one", "I want two", "I want 3")]


def counted(do):
    for name in ("Truth board", "Home anyway"):
        do(add_concept, AddConcept(name=name))
    do(add_metric, AddMetric(kind="cpi", name="Told in time", weight=100))
    do(add_metric, AddMetric(kind="kpi", name="Riders", weight=100))
    return {"concepts": ["E1", "E2"], "metrics": ["C1", "K1"]}


# Writing


def test_what_people_write_becomes_entries_all_at_once_at_the_reveal(db, do, say, here):
    activity = asked(do, "write", openers=["I want …"])
    for person, text in zip(here, ("to be told", "a seat", "to get home", "change"), strict=True):
        say(add_answer, AddAnswer(activity, person, text))
    assert entries.list_entries(db, "purpose") == items.list_items(db, "entry") == []
    assert get_results(db, activity) is None
    do(reveal_activity, RevealActivity(activity))
    texts = [row["text"] for row in entries.list_entries(db, "purpose")]
    assert sorted(texts) == ["a seat", "change", "to be told", "to get home"]
    results = get_results(db, activity)
    assert (results.answered, results.typed, [row["text"] for row in results.rows]) == (4, 0, texts)
    assert room.get_room(db)["phase"] == "reveal"


def test_the_beginning_of_a_sentence_that_was_offered_stands_apart_on_the_screen(db, do, say, here):
    activity = asked(do, "write", openers=["I want …", "… even over …"])
    for person, text in zip(here, ("I want a seat", "I wanted to be told", "a seat even over a bus"), strict=False):
        say(add_answer, AddAnswer(activity, person, text))
    do(reveal_activity, RevealActivity(activity))
    assert sorted((slip.lead, slip.text) for slip in on_screen(db).slips) == [
        ("", "I wanted to be told"), ("", "a seat even over a bus"), ("I want", "a seat"),
    ]  # fmt: skip


def test_what_the_host_types_after_the_reveal_reaches_the_room_too(db, do, say, here):
    do(entries.add_entries, entries.AddEntries("purpose", "typed before it was asked"))
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    do(entries.add_entries, entries.AddEntries("purpose", "off the wall, meanwhile"))
    do(reveal_activity, RevealActivity(activity))
    do(entries.add_entries, entries.AddEntries("purpose", "a seat\nto get home"))
    do(entries.add_entries, entries.AddEntries("promise", "elsewhere"))
    assert [slip.text for slip in on_screen(db).slips] == [
        "to be told", "off the wall, meanwhile", "a seat", "to get home",
    ]  # fmt: skip
    assert get_results(db, activity).answered == 1, "what was typed is nobody's answer"
    again = asked(do, "write", "And what else?")
    do(entries.add_entries, entries.AddEntries("purpose", "of the second question"))
    do(reveal_activity, RevealActivity(again))
    assert [slip.text for slip in on_screen(db).slips] == ["of the second question"]


def test_a_reveal_is_shuffled_and_always_the_same(db, do, say, here):
    activity = asked(do, "write")
    texts = [f"line {n:02d}" for n in range(12)]
    for text in texts:
        say(add_answer, AddAnswer(activity, here[0], text))
    before = [row["text"] for row in list_for_host(db, activity)]
    do(reveal_activity, RevealActivity(activity))
    shown = [row["text"] for row in get_results(db, activity).rows]
    assert shown == before == [row["text"] for row in entries.list_entries(db, "purpose")]
    assert sorted(shown) == texts != shown


def test_own_answers_change_until_the_reveal_and_nobody_elses_ever(db, do, say, here):
    ana, ben, *_others = here
    activity = asked(do, "write")
    first, second = (say(add_answer, AddAnswer(activity, ana, text)) for text in ("to be tol", "a seat"))
    say(edit_answer, EditAnswer(first, ana, "to be told"))
    say(withdraw_answer, WithdrawAnswer(second, ana))
    assert get_task(db, ana).own == [{"id": first, "text": "to be told"}]
    assert get_task(db, ben).own == []
    with pytest.raises(NotFound, match="There is no such answer of yours"):
        say(edit_answer, EditAnswer(first, ben, "mine"))
    do(close_activity, CloseActivity(activity))
    say(add_answer, AddAnswer(activity, ben, "from a phone that was out of reach"))
    do(reveal_activity, RevealActivity(activity))
    for handler, command in (
        (edit_answer, EditAnswer(first, ana, "other")),
        (withdraw_answer, WithdrawAnswer(first, ana)),
        (add_answer, AddAnswer(activity, ana, "late")),
    ):
        with pytest.raises(Rejected, match="The room has seen the answers already"):
            say(handler, command)
    assert len(get_results(db, activity).rows) == 2


def test_what_the_host_hides_is_not_revealed_and_can_be_let_on_later(db, do, say, here):
    activity = asked(do, "write")
    rude, fine = (say(add_answer, AddAnswer(activity, here[0], text)) for text in ("rude", "fine"))
    do(hide_answer, HideAnswer(rude))
    do(reveal_activity, RevealActivity(activity))
    assert [row["text"] for row in get_results(db, activity).rows] == ["fine"]
    do(hide_answer, HideAnswer(fine))
    do(hide_answer, HideAnswer(rude, hidden=False))
    assert [row["text"] for row in get_results(db, activity).rows] == ["rude"]
    do(hide_answer, HideAnswer(fine, hidden=False))
    assert [row["text"] for row in get_results(db, activity).rows] == ["fine", "rude"]


def test_what_is_put_away_or_put_right_on_the_page_is_so_on_the_screen_and_in_the_hosts_view(db, do, say, here):
    activity = asked(do, "write")
    for text in ("rude", "a seet", "fine"):
        say(add_answer, AddAnswer(activity, here[0], text))
    do(reveal_activity, RevealActivity(activity))
    ref = {row["text"]: row["ref"] for row in entries.list_entries(db, "purpose")}
    do(items.archive, items.Archive(ref["rude"]))
    do(items.edit, items.Edit(ref["a seet"], 1, {"text": "a seat"}))
    assert sorted(slip.text for slip in on_screen(db).slips) == ["a seat", "fine"]
    hidden = {row["text"]: row["hidden"] for row in list_for_host(db, activity)}
    assert hidden == {"rude": 1, "a seet": 0, "fine": 0}, "what somebody wrote stays as it was written"
    journal.undo(db)
    journal.undo(db)
    assert sorted(slip.text for slip in on_screen(db).slips) == ["a seet", "fine", "rude"]
    assert not any(row["hidden"] for row in list_for_host(db, activity))


def test_the_hosts_own_view_bears_no_names_and_answers_typed_for_somebody_are_marked(db, do, here):
    activity = asked(do, "write")
    do(add_answer, AddAnswer(activity, here[0], "for somebody without a phone", typed_by_host=True))
    assert list_for_host(db, activity) == [
        {"id": 1, "text": "for somebody without a phone", "hidden": 0, "typed_by_host": 1, "entry": None}
    ]
    do(reveal_activity, RevealActivity(activity))
    assert get_results(db, activity).typed == 1


def test_a_submission_that_comes_again_is_answered_as_the_first(db, do, say, here):
    activity = asked(do, "write")
    first = say(add_answer, AddAnswer(activity, here[0], "to be told"), key="phone-1")
    assert say(add_answer, AddAnswer(activity, here[0], "to be told"), key="phone-1") == first
    do(reveal_activity, RevealActivity(activity))
    assert say(add_answer, AddAnswer(activity, here[0], "to be told"), key="phone-1") == first
    assert len(get_results(db, activity).rows) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  \u202e ", "Write something first."), ("x" * 501, "Your text is longer than 500 characters: it has 501.")],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(db, do, say, here, text, sentence):
    activity = asked(do, "write")
    with pytest.raises(Rejected, match=sentence):
        say(add_answer, AddAnswer(activity, here[0], text))
    assert list_for_host(db, activity) == []


def test_one_phone_cannot_fill_the_board(db, do, here):
    activity = asked(do, "write")
    with store.change(db, ROOM, "Many"):
        for n in range(200):
            add_answer(db, AddAnswer(activity, here[0], f"{n}"))
    with pytest.raises(Rejected, match="You have written 200 already"):
        do(add_answer, AddAnswer(activity, here[0], "one more"))


# Voting, splitting, pulses


def test_a_ballot_holds_to_its_dots_and_its_cap_and_stays_secret_until_the_reveal(db, do, say, here):
    p1, p2, p3 = three_purposes(do)
    activity = asked(do, "vote", targets=[p1, p2, p3], dots=3, cap=2)
    for dots, sentence in (
        ({p1: 3}, "2 is the most for one line."),
        ({p1: 2, p2: 2}, "1 dots too many."),
        ({"P9": 1}, "That is not among what is asked."),
        ({p1: True}, "Give whole numbers, 0 or more."),
        ({p1: -1}, "Give whole numbers, 0 or more."),
    ):
        with pytest.raises(Rejected, match=sentence):
            say(cast_vote, CastVote(activity, here[0], dots))
    say(cast_vote, CastVote(activity, here[0], {p3: 1}))
    say(cast_vote, CastVote(activity, here[0], {p1: 2, p2: 1}))
    say(cast_vote, CastVote(activity, here[1], {p1: 2}))
    do(cast_vote, CastVote(activity, here[2], {p2: 1, p3: 0}, typed_by_host=True))
    assert get_results(db, activity) is None
    assert (get_task(db, here[0]).own, get_task(db, here[0]).left) == ({p1: 2, p2: 1}, 0)
    do(close_activity, CloseActivity(activity))
    with pytest.raises(Rejected, match="This was closed a moment ago"):
        say(cast_vote, CastVote(activity, here[3], {p3: 3}))
    do(reveal_activity, RevealActivity(activity))
    results = get_results(db, activity)
    assert [(row["ref"], row["dots"], row["people"]) for row in results.rows] == [(p1, 4, 2), (p2, 2, 2), (p3, 0, 0)]
    assert (results.answered, results.typed) == (3, 1)


def test_whoever_told_the_host_all_that_is_asked_is_ready_and_nobody_before(db, do, here):
    def ready() -> list[int]:
        return [one["id"] for one in list_joined(db) if one["ready"]]

    p1, p2, p3 = three_purposes(do)
    activity = asked(do, "vote", targets=[p1, p2, p3], dots=3, cap=2)
    do(type_for, TypeFor(cast_vote, CastVote(activity, here[2], {p2: 1})))
    assert ready() == [here[2]], "somebody may leave dots"
    activity = asked(do, "pulse", scale="kept", targets=[p1, p2])
    do(type_for, TypeFor(answer_pulse, AnswerPulse(activity, here[1], "kept", target=p1)))
    assert ready() == [], "there is another question"
    do(type_for, TypeFor(answer_pulse, AnswerPulse(activity, here[1], "broken", target=p2)))
    assert ready() == [here[1]]
    with pytest.raises(Rejected, match="Choose one of the answers."):
        do(type_for, TypeFor(answer_pulse, AnswerPulse(activity, here[2], "perhaps", target=p1)))
    assert ready() == [here[1]]
    do(close_activity, CloseActivity(activity))
    assert db.execute("SELECT min(typed_by_host), count(*) FROM pulse").fetchone() == (1, 2)


def test_what_was_typed_and_undone_makes_nobody_ready(db, do, say, here):
    def ready() -> list[int]:
        return [one["id"] for one in list_joined(db) if one["ready"]]

    activity = asked(do, "write")
    say(say_ready, SayReady(activity, here[0]))
    do(type_for, TypeFor(add_answer, AddAnswer(activity, here[1], "to be told")))
    do(type_for, TypeFor(add_answer, AddAnswer(activity, here[1], "a seat")))
    journal.undo(db, then=note_turned)
    assert ready() == here[:2], "the first still stands"
    journal.undo(db, then=note_turned)
    assert ready() == here[:1], "whoever has no answer of their own is no business of an undo"
    journal.redo(db, then=note_turned)
    assert ready() == here[:2]
    journal.undo(db, then=note_turned)
    p1, p2, p3 = three_purposes(do)
    first = asked(do, "pulse", scale="kept", targets=[p1, p2])
    for target in (p1, p2):
        do(type_for, TypeFor(answer_pulse, AnswerPulse(first, here[2], "kept", target=target)))
    assert ready() == [here[2]]
    journal.undo(db, then=note_turned)
    assert ready() == []


def test_each_person_reads_the_lines_in_an_order_of_their_own_that_stays(db, do, here):
    refs = [do(add_purpose, AddPurpose(level="small", text=f"I want {n}")) for n in range(8)]
    asked(do, "vote", targets=refs, dots=3, cap=1)
    orders = [[one["ref"] for one in get_task(db, person).targets] for person in here]
    assert orders == [[one["ref"] for one in get_task(db, person).targets] for person in here]
    assert len({tuple(order) for order in orders}) == 4
    assert all(sorted(order) == sorted(refs) for order in orders)


def test_a_second_round_is_kept_apart_from_the_first_and_both_are_shown(db, do, say, here):
    p1, p2, p3 = three_purposes(do)
    rounds = []
    for dots in ({p1: 1}, {p2: 1}):
        rounds.append(asked(do, "vote", targets=[p1, p2, p3], dots=1, cap=1))
        assert get_task(db, here[0]).own == {}
        for person in here[:3]:
            say(cast_vote, CastVote(rounds[-1], person, dots))
        do(reveal_activity, RevealActivity(rounds[-1]))
    second = get_results(db, rounds[1])
    assert (second.activity["round"], second.rows[0]["ref"]) == (2, p2)
    assert [(one.activity["round"], one.rows[0]["ref"]) for one in second.earlier] == [(1, p1)]


@pytest.mark.parametrize("kind", ["vote", "split"])
@pytest.mark.parametrize("anonymity", ["always", "until_end", "named"])
def test_a_ballot_that_stands_almost_alone_is_nobodys_to_see(db, do, say, here, kind, anonymity):
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": anonymity}))
    p1, p2, p3 = three_purposes(do)
    handler, ballot = {"vote": (cast_vote, lambda *who: CastVote(*who, {p2: 1})),
                       "split": (save_points, lambda *who: SavePoints(*who, {p2: 100}))}[kind]  # fmt: skip
    told = {}
    for count in (0, 1, 2, 3):
        activity = asked(do, kind, targets=[p1, p2, p3])
        for person in here[:count]:
            say(handler, ballot(activity, person))
        withheld = is_withheld(db, get_activity(db, activity))
        do(reveal_activity, RevealActivity(activity))
        told[count] = get_results(db, activity)
        assert (told[count].answered, told[count].withheld) == (count, withheld), "and the host knew before"
    few_are_shown = anonymity == "named"
    assert told[0].withheld and told[0].rows == [], "a list without one answer is no result"
    assert [bool(told[count].rows) for count in (1, 2, 3)] == [few_are_shown, few_are_shown, True]
    assert [bool(one.rows) for one in told[3].earlier] == [few_are_shown], "nor beside a later round"


def test_what_the_host_alone_typed_for_the_room_is_shown(db, do, say, here):
    p1, p2, p3 = three_purposes(do)
    activity = asked(do, "vote", targets=[p1, p2, p3])
    do(cast_vote, CastVote(activity, here[0], {p2: 1}, typed_by_host=True))
    assert not is_withheld(db, get_activity(db, activity))
    say(cast_vote, CastVote(activity, here[1], {p1: 1}))
    assert is_withheld(db, get_activity(db, activity)), "what the host did not type is somebody's own"
    do(reveal_activity, RevealActivity(activity))
    assert get_results(db, activity).rows == []


def test_a_split_is_saved_as_a_whole_and_sums_to_100(db, do, say, here):
    p1, p2, p3 = three_purposes(do)
    activity = asked(do, "split", targets=[p1, p2, p3])
    for points, sentence in (({p1: 95}, "5 points left."), ({p1: 60, p2: 45}, "5 points too many.")):
        with pytest.raises(Rejected, match=sentence):
            say(save_points, SavePoints(activity, here[0], points))
    assert get_task(db, here[0]).left == 100
    say(save_points, SavePoints(activity, here[0], {p1: 60, p2: 40}))
    say(save_points, SavePoints(activity, here[1], {p2: 100}))
    say(save_points, SavePoints(activity, here[2], {p1: 20, p2: 75, p3: 5}))
    assert get_results(db, activity) is None
    do(reveal_activity, RevealActivity(activity))
    rows = get_results(db, activity).rows
    told = [tuple(row[name] for name in ("ref", "points", "low", "high")) for row in rows]
    assert told == [(p2, 75, 40, 100), (p1, 20, 0, 60), (p3, 0, 0, 5)], "the median and the range, and no mean of both"


def test_a_pulse_of_fewer_than_three_is_not_shown(db, do, say, here):
    activity = asked(do, "pulse", scale="number", words=True)
    for person, answer in zip(here[:2], ("7", "3"), strict=True):
        say(answer_pulse, AnswerPulse(activity, person, answer, "hm"))
    do(reveal_activity, RevealActivity(activity))
    [row] = get_results(db, activity).rows
    assert (row["answered"], row["counts"], row["mean"], row["words"], row["groups"]) == (2, {}, None, [], {})


def test_a_pulse_counts_what_it_is_not_known_as_well(db, do, say, here):
    activity = asked(do, "pulse", scale="yes")
    for person, answer in zip(here, ("yes", "unknown", "unknown", "no"), strict=True):
        say(answer_pulse, AnswerPulse(activity, person, answer))
    for bad in (AnswerPulse(activity, here[0], "perhaps"), AnswerPulse(activity, here[0], "no", "words"),
                AnswerPulse(activity, here[0], "no", target="P1")):  # fmt: skip
        with pytest.raises(Rejected):
            say(answer_pulse, bad)
    do(reveal_activity, RevealActivity(activity))
    [row] = get_results(db, activity).rows
    assert row["counts"] == {"yes": 1, "partly": 0, "no": 1, "unknown": 2}


def test_no_group_of_fewer_than_three_can_be_told_even_by_taking_the_others_away(db, do, say):
    do(room.go_to, room.GoTo("opening"))
    groups = ["data"] * 3 + ["operations"] * 4 + ["leadership"]
    here = [do(people.add_participant, people.AddParticipant(alias=f"{n}", group=g)) for n, g in enumerate(groups)]
    activity = asked(do, "pulse", step="opening", scale="number")
    for n, person in enumerate(here):
        say(answer_pulse, AnswerPulse(activity, person, str(n)))
    do(reveal_activity, RevealActivity(activity))
    [row] = get_results(db, activity).rows
    assert {group: (told["answered"], told["mean"]) for group, told in row["groups"].items()} == {
        "operations": (4, 4.5),
        "several": (4, 2.5),  # the three of data with the one leader, who alone would be 28 − 3 − 18 = 7
    }


# Rating


@pytest.mark.parametrize(("typed", "round_"), [(0, 1), (2, 1), (3, 2)])
def test_what_the_host_typed_for_most_is_a_round_and_for_a_few_is_none(db, do, here, typed, round_):
    settings = counted(do)
    do(room.go_to, room.GoTo("ranking"))
    for person in here[:typed]:
        do(rate_impact, RateImpact(person, "E1", "C1", 2))
    activity = asked(do, "rate", step="ranking", feed="ranking", **settings)
    assert db.execute("SELECT round FROM activity WHERE id = ?", [activity]).fetchone() == (round_,)


def test_ratings_of_a_round_do_not_count_before_its_reveal(db, do, say, here):
    settings = counted(do)
    do(room.go_to, room.GoTo("ranking"))
    activity = asked(do, "rate", step="ranking", feed="ranking", **settings)
    for person in here[:2]:
        say(rate_impact, RateImpact(person, "E1", "C1", 3, activity=activity))
    do(rate_impact, RateImpact(here[2], "E2", "C1", -1))  # typed by the host while the round is open
    assert get_ranking(db) is None
    assert bundle.read(db)["ratings"]["rows"] == []
    assert (list_ratings(db, here[0]), list_ratings(db, here[2])) == ({}, {("E2", "C1"): -1})
    assert get_task(db, here[0]).own == {("E1", "C1"): 3}
    do(reveal_activity, RevealActivity(activity))
    assert [row["ref"] for row in get_ranking(db).rows] == ["E1", "E2"]
    assert (get_results(db, activity).answered, get_results(db, activity).typed) == (3, 1)
    again = asked(do, "rate", step="ranking", feed="ranking", **settings)
    say(rate_impact, RateImpact(here[0], "E1", "C1", -3, round=2, activity=again))
    assert get_ranking(db).rows[0]["ref"] == "E1", "the second round is not revealed yet"
    do(reveal_activity, RevealActivity(again))
    assert get_results(db, again).earlier[0].rows[0] == {
        "concept": "E1", "metric": "C1", "answers": 2, "median": 3, "low": 3, "high": 3,
    }  # fmt: skip
    with pytest.raises(Rejected, match="The room has rated twice already"):
        asked(do, "rate", step="ranking", feed="ranking", **settings)


@pytest.mark.parametrize(("cells", "joined", "share"), [(20, 9, 20), (96, 12, 40), (2000, 10, 200), (90, 0, 90)])
def test_the_share_is_about_forty_and_more_where_a_cell_would_be_left_out(cells, joined, share):
    assert fair_share(cells, joined) == share


def test_the_shares_of_those_who_joined_cover_every_cell_about_equally():
    settings = {"concepts": [f"E{n}" for n in range(12)], "metrics": [f"C{n}" for n in range(8)], "share": 40}
    activity = {"id": 7, "feed": "ranking", "settings": settings}
    shares = [cells_for(activity, place, 100 + place) for place in range(12)]
    assert all(len(set(share)) == 40 for share in shares)
    times = [sum(cell in share for share in shares) for cell in {cell for share in shares for cell in share}]
    assert (len(times), min(times), max(times)) == (96, 5, 5)
    assert shares[0] == cells_for(activity, 0, 100), "the order stays"


# Who is ready, and the host's moves


def test_everybody_sees_how_many_are_ready_and_the_host_can_call_them_back(db, do, say, here):
    do(people.add_participant, people.AddParticipant(alias="Eve", role_in_room="observer"))
    activity = asked(do, "write")
    assert count_ready(db) == (0, 4)
    say(say_ready, SayReady(activity, here[0]))
    assert say(say_ready, SayReady(activity, here[0])) == (1, 4)
    assert get_task(db, here[0]).ready
    do(call_back, CallBack(activity))
    assert count_ready(db) == (0, 4)
    assert db.execute("SELECT * FROM change WHERE \"table\" = 'ready'").fetchall() == []


def test_the_tasks_of_a_phone_follow_the_room(db, do, say, here):
    ana = here[0]
    pages = [get_task(db, ana).page]
    activity = asked(do, "write")
    pages.append(get_task(db, ana).page)
    do(room.hold, room.Hold("10:45"))
    assert (get_task(db, ana).page, get_task(db, ana).back_at) == ("hold", "10:45")
    do(room.resume, room.Resume())
    pages.append(get_task(db, ana).page)
    do(close_activity, CloseActivity(activity))
    pages.append(get_task(db, ana).page)
    do(reveal_activity, RevealActivity(activity))
    pages.append(get_task(db, ana).page)
    do(room.hide, room.Hide())
    pages.append(get_task(db, ana).page)
    assert pages == ["wait", "write", "write", "wait", "result", "wait"]
    do(people.archive_participant, people.ArchiveParticipant(ana))
    with pytest.raises(NotFound, match="Come in again"):
        get_task(db, ana)


def test_a_break_takes_nothing_of_the_time_and_a_clock_set_back_breaks_nothing(db, do, here, monkeypatch):
    asked(do, "write")
    before = room.get_room(db)
    do(room.hold, room.Hold())
    db_held = "2026-01-01T10:00:00.000+00:00"
    with store.change(db, "host", "A break that began ten minutes ago"):
        db.execute("UPDATE room SET held_at = ?, started_at = ?, deadline = ?",
                   [db_held, "2026-01-01T09:55:00.000+00:00", "2026-01-01T10:05:00.000+00:00"])  # fmt: skip
    real = room.datetime

    class Later(real):
        @classmethod
        def now(cls, tz=None):
            return real.fromisoformat("2026-01-01T10:10:00.000+00:00")

    class Back(real):
        @classmethod
        def now(cls, tz=None):
            return real.fromisoformat("2026-01-01T08:00:00.000+00:00")

    monkeypatch.setattr(room, "datetime", Later)
    do(room.resume, room.Resume())
    assert room.get_room(db)["deadline"] == "2026-01-01T10:15:00.000+00:00"
    do(room.hold, room.Hold())
    monkeypatch.setattr(room, "datetime", Back)
    do(room.resume, room.Resume())
    assert (room.get_room(db)["deadline"], room.get_room(db)["held_at"]) == ("2026-01-01T10:15:00.000+00:00", None)
    assert before["deadline"] != room.get_room(db)["deadline"]
    assert room.was_set_back(db)
    do(room.add_minutes, room.AddMinutes(1))
    here_now = room.get_room(db)
    assert (here_now["started_at"], here_now["deadline"]) == (
        "2026-01-01T08:00:00.000+00:00", "2026-01-01T08:11:00.000+00:00",
    ), "all of its ten minutes and one more, not two hours"  # fmt: skip
    assert not room.was_set_back(db)


def test_two_hosts_who_press_reveal_together_reveal_once(code, db, do, say, here):
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    together = threading.Barrier(2)

    def press(who: str) -> str:
        with store.open(code) as own:
            together.wait()
            try:
                return journal.act(own, who, reveal_activity, RevealActivity(activity), "Revealed {ref}")
            except Conflict as refusal:
                return str(refusal)

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, ("host", "host Bea")))
    assert said == ["It was revealed already.", "What for?"]
    assert len(items.list_items(db, "entry")) == 1


def test_a_step_is_dropped_only_after_the_room_left_it_and_comes_back_with_its_answers(db, do, say, here):
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    with pytest.raises(Rejected, match="The room is at Purpose now"):
        do(agenda.drop_step, agenda.DropStep("purpose"))
    do(room.go_to, room.GoTo("promise"))
    assert (get_current(db), get_task(db, here[0]).page) == (None, "wait")
    do(agenda.drop_step, agenda.DropStep("purpose"))
    do(agenda.take_up_step, agenda.TakeUpStep("purpose"))
    do(room.go_to, room.GoTo("purpose"))
    assert (get_current(db)["id"], get_current(db)["state"]) == (activity, "closed")
    do(reopen_activity, ReopenActivity(activity))
    assert get_task(db, here[0]).own == [{"id": 1, "text": "to be told"}]


def test_what_is_left_aside_can_be_taken_up_again(db, do, say, here):
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    do(skip_activity, SkipActivity(activity))
    assert (get_current(db), items.list_items(db, "entry")) == (None, [])
    do(take_up_activity, TakeUpActivity(activity))
    do(reveal_activity, RevealActivity(activity))
    assert [row["text"] for row in get_results(db, activity).rows] == ["to be told"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (OpenActivity(step="promise", kind="write", prompt="?"), "The room is at another step now."),
        (OpenActivity(step="purpose", kind="write", prompt=" "), "Write something under “Prompt”."),
        (OpenActivity(step="purpose", kind="dance", prompt="?"), "“Kind” must be one of"),
        (OpenActivity(step="purpose", kind="vote", prompt="?"), "There is too little to choose from yet"),
        (OpenActivity(step="purpose", kind="vote", prompt="?", settings={"targets": ["P8", "P9"]}), "There is no item"),
        (OpenActivity(step="purpose", kind="pulse", prompt="?", settings={"tune": 1}), "“tune” is not known here."),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_opens(db, do, here, command, sentence):
    with pytest.raises((Rejected, Conflict, NotFound), match=sentence):
        do(open_activity, command)
    assert get_current(db) is None


def test_every_offer_of_every_step_opens_or_says_that_it_cannot_be_asked_yet(db, do):
    three_purposes(do)
    counted(do)
    opened = []
    for row in agenda.list_agenda(db):
        do(room.go_to, room.GoTo(row["slug"]))
        for offer in step_of(row["slug"]).activities:
            command = asking(db, step_of(row["slug"]), offer)
            if command:
                do(open_activity, command)
                opened.append((row["slug"], offer.kind))
    assert opened == [
        ("opening", "pulse"), ("opening", "pulse"), ("opening", "pulse"), ("opening", "write"), ("purpose", "write"),
        ("purpose", "vote"), ("promise", "write"), ("principles", "write"), ("reverse", "write"), ("reverse", "write"),
        ("touchpoints", "write"), ("concepts", "write"), ("ranking", "rate"), ("requirements", "write"),
        ("commitment", "vote"), ("commitment", "pulse"), ("commitment", "pulse"),
    ]  # fmt: skip


# Undo


def test_undo_takes_back_each_move_while_it_can_and_never_an_answer(db, do, say, here):
    activity = asked(do, "write")
    journal.undo(db)
    assert get_current(db) is None
    journal.redo(db)
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    with pytest.raises(Conflict, match="something else hangs on it now"):
        journal.undo(db)
    do(close_activity, CloseActivity(activity))
    journal.undo(db)
    assert get_current(db)["state"] == "open"
    assert get_task(db, here[0]).own == [{"id": 1, "text": "to be told"}]


def test_undo_stops_at_an_activity_whose_owners_are_forgotten(db, do, say, here):
    do(add_purpose, AddPurpose(level="small", text="I want one"))
    activity = asked(do, "write")
    say(add_answer, AddAnswer(activity, here[0], "to be told"))
    do(close_activity, CloseActivity(activity))
    do(reveal_activity, RevealActivity(activity))
    assert journal.next_undo(db) is None
    with pytest.raises(Conflict, match="cannot be undone: the room has seen it"):
        journal.undo(db)
    assert [row["ref"] for row in items.list_items(db, "purpose")] == ["P1"], "nor anything older in its place"
    assert (get_current(db)["state"], len(get_results(db, activity).rows)) == ("revealed", 1)


def test_where_names_are_shown_a_reveal_can_be_undone_and_people_go_on(db, do, say, here):
    do(edit_workshop, EditWorkshop(get_workshop(db)["version"], {"anonymity": "named"}))
    activity = asked(do, "write")
    answer = say(add_answer, AddAnswer(activity, here[0], "to be told"))
    do(reveal_activity, RevealActivity(activity))
    journal.undo(db)
    assert (get_current(db)["state"], items.list_items(db, "entry")) == ("open", [])
    say(edit_answer, EditAnswer(answer, here[0], "to be told in time"))
    do(reveal_activity, RevealActivity(activity))
    assert [row["text"] for row in get_results(db, activity).rows] == ["to be told in time"]


# Anonymity


def test_after_the_reveal_no_query_of_any_kind_leads_from_an_answer_to_a_person(db, do, say, here):
    p1, p2, _p3 = three_purposes(do)
    written = asked(do, "write")
    for person in here:
        say(add_answer, AddAnswer(written, person, "a word"))
        say(say_ready, SayReady(written, person))
    do(reveal_activity, RevealActivity(written))
    vote = asked(do, "vote", targets=[p1, p2], dots=1, cap=1)
    say(cast_vote, CastVote(vote, here[0], {p1: 1}))
    do(reveal_activity, RevealActivity(vote))
    assert db.execute("SELECT count(*) FROM pen_owner").fetchone()[0] == 0
    assert db.execute("SELECT count(*) FROM ready").fetchone()[0] == 0
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    people_in = {
        table
        for table in tables
        for _id, target, source, *_rest in [
            (row[0], row[2], row[3]) for row in db.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
        ]
        if target == "participant"
    }
    assert people_in == {"pen_owner", "ready", "participant_token", "personal_link"}, "no answer may point to a person"
    changes = db.execute("SELECT new FROM change WHERE \"table\" IN ('written', 'vote', 'pen')").fetchall()
    assert all('"participant"' not in new for (new,) in changes if new)
    assert {by for (by,) in db.execute("SELECT by FROM journal").fetchall()} == {"host", ROOM}


def test_the_rankings_owners_go_at_its_decision_and_then_nobody_is_counted_twice(db, do, say, here):
    settings = counted(do)
    do(room.go_to, room.GoTo("ranking"))
    activity = asked(do, "rate", step="ranking", feed="ranking", **settings)
    say(rate_impact, RateImpact(here[0], "E1", "C1", 3, activity=activity))
    do(reveal_activity, RevealActivity(activity))
    assert db.execute("SELECT count(*) FROM pen_owner").fetchone()[0] == 1, "a second round belongs to the same person"
    do(decide_step, DecideStep("ranking"))
    assert db.execute("SELECT count(*) FROM pen_owner").fetchone()[0] == 0
    assert room.get_room(db)["phase"] == "decided"
    with pytest.raises(Rejected, match="nobody can tell any more whose answers were whose"):
        do(rate_impact, RateImpact(here[0], "E1", "C1", -3))
    with pytest.raises(Rejected, match="whose ratings were whose is forgotten"):
        asked(do, "rate", step="ranking", feed="ranking", **settings)
    assert get_ranking(db).raters == 1


def test_weights_that_were_shared_out_are_decided_upon_and_the_room_still_rates(db, do, say, here):
    settings = counted(do)
    do(room.go_to, room.GoTo("strategy"))
    activity = asked(do, "split", step="strategy", feed="ranking", targets=["C1", "K1"])
    say(save_points, SavePoints(activity, here[0], {"C1": 70, "K1": 30}))
    do(reveal_activity, RevealActivity(activity))
    do(decide_step, DecideStep("strategy"))
    do(room.go_to, room.GoTo("ranking"))
    rating = asked(do, "rate", step="ranking", feed="ranking", **settings)
    say(rate_impact, RateImpact(here[0], "E1", "C1", 3, activity=rating))
    do(reveal_activity, RevealActivity(rating))
    assert get_ranking(db).raters == 1, "with one pen for both"
    do(decide_step, DecideStep("ranking"))
    assert db.execute("SELECT count(*) FROM pen_owner").fetchone()[0] == 0, "and then both are nobody's"


# The bundle


def test_a_bundle_carries_what_was_revealed_and_nothing_that_was_not(db, do, say, here):
    p1, p2, p3 = three_purposes(do)
    settings = counted(do)
    for kind, about in (("write", {}), ("vote", {"targets": [p1, p2], "dots": 2, "cap": 2}),
                        ("split", {"targets": [p1, p3]}), ("pulse", {"scale": "yes", "words": True})):  # fmt: skip
        activity = asked(do, kind, **about)
        for person in here:
            answer = {
                "write": (add_answer, AddAnswer(activity, person, f"word of {person}")),
                "vote": (cast_vote, CastVote(activity, person, {p1: 2})),
                "split": (save_points, SavePoints(activity, person, {p1: 30, p3: 70})),
                "pulse": (answer_pulse, AnswerPulse(activity, person, "partly", "nearly")),
            }[kind]
            say(*answer)
        if kind == "write":
            do(hide_answer, HideAnswer(1))
        do(reveal_activity, RevealActivity(activity))
    do(room.go_to, room.GoTo("ranking"))
    rating = asked(do, "rate", step="ranking", feed="ranking", **settings)
    for person in here:
        say(rate_impact, RateImpact(person, "E1", "C1", 2, activity=rating))
    do(reveal_activity, RevealActivity(rating))
    do(decide_step, DecideStep("ranking"))
    unseen = asked(do, "write", step="ranking")
    say(add_answer, AddAnswer(unseen, here[0], "SECRET"))
    data = bundle.read(db)
    assert "SECRET" not in bundle.to_json(data)
    assert [len(data[key]) for key in ("activities", "written", "votes", "shares", "pulses")] == [5, 4, 4, 8, 4]
    copy = bundle.load(bundle.parse(bundle.to_json(data)), journal.HOST, "Brought in")
    with store.open(copy) as other:
        assert bundle.read(other) == data
        assert get_ranking(other) == get_ranking(db)
        for number in (1, 2, 3, 4, 5):
            assert get_results(other, number).rows == get_results(db, number).rows
