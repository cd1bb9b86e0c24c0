"""What a phone is asked and what it gives: the five activities, without a script, at the real routes."""

import json
import re
from html import escape, unescape

import pytest

from pages.phone import visit
from pages.phone.limits import Allowance
from tests.phones import bus, come_in, field, host_does, join_code, phone, sentence, unhurried  # noqa: F401
from workshop import activities, closing, journal, people, room, store
from workshop.activities import (
    CloseActivity,
    OpenActivity,
    RevealActivity,
    SayReady,
    count_ready,
    get_results,
    list_for_host,
    list_joined,
)
from workshop.activities.leader import count_before, leads

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def ask(bus):
    """`ask("vote", "purpose", "What counts most?", targets=…)`: the host goes there and asks. Gives the activity."""

    def open_activity(kind: str, step: str, prompt: str, minutes: int = 4, **settings) -> int:
        host_does(bus, room.go_to, room.GoTo(step))
        feed = "ranking" if kind == "rate" else ""
        command = OpenActivity(step=step, kind=kind, prompt=prompt, minutes=minutes, feed=feed, settings=settings)
        return host_does(bus, activities.open_activity, command)

    return open_activity


@pytest.fixture
def ana(bus):
    mine = phone()
    assert come_in(mine, join_code(bus), name="Ana").status_code == 303
    return mine


@pytest.fixture
def bo(bus):
    mine = phone("192.0.2.51")
    assert come_in(mine, join_code(bus), name="Bo").status_code == 303
    return mine


def give(phone, what: str, key: str = "", headers: dict | None = None, **fields):
    """Fills in the form of the page that the phone shows now, and sends it."""
    page = phone.get("/phone")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text))
    fields = {name.replace("__", "-"): value for name, value in fields.items()}
    data = hidden | fields | ({"key": key} if key else {})
    return phone.post(f"/phone/{what}", data=data, headers=headers or {})


def shown(phone, path: str = "/phone") -> str:
    """The words of the page, without its markup."""
    text = re.sub(r"<(script|template|title|head)\b.*?</\1>", " ", phone.get(path).text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def written(bus: str, activity: int) -> list[str]:
    with store.open(bus) as db:
        return sorted(one["text"] for one in list_for_host(db, activity))


def results(bus: str, activity: int):
    host_does(bus, activities.reveal_activity, RevealActivity(activity))
    with store.open(bus) as db:
        return get_results(db, activity)


def two_others(bus: str, handler, ballot) -> None:
    """Two of the sample's people answer as well: the ballot of one alone is shown to nobody."""
    with store.open(bus) as db:
        others = [one["id"] for one in list_joined(db)][:2]
    for person in others:
        host_does(bus, handler, ballot(person))


def ready(bus: str) -> tuple[int, int]:
    with store.open(bus) as db:
        return count_ready(db)



# Nothing asked


def test_while_nothing_is_asked_the_page_says_so(ana):
    assert "Nothing to do right now. This page wakes up by itself." in shown(ana)


def test_a_break_says_when_it_ends(bus, ana):
    host_does(bus, room.hold, room.Hold("10:45"))
    assert "Back at 10:45" in shown(ana)
    host_does(bus, room.hold, room.Hold())
    assert "We go on in a moment." in shown(ana)


# Write


@pytest.fixture
def wants(ask) -> int:
    return ask("write", "purpose", "Finish it as a rider would say it.", openers=["I want", "I need"])


def test_several_short_texts_in_a_row_each_saved(bus, wants, ana):
    page = shown(ana)
    assert "Finish it as a rider would say it. Nobody sees who wrote what." in page and "4 min left" in page
    for text in ("to be told early", "a seat for my frame"):
        answer = give(ana, "write", opener="I want", text=text)
        assert (answer.status_code, answer.headers["location"]) == (303, "/phone")
    assert written(bus, wants) == ["I want a seat for my frame", "I want to be told early"]
    page = shown(ana)
    assert page.index("I want a seat for my frame") < page.index("I want to be told early"), "newest first"
    assert page.count("Saved") == 2


def test_a_whole_sentence_begins_only_once(bus, wants, ana):
    give(ana, "write", opener="I want", text="i want to be told early")
    give(ana, "write", opener="", text="Can you get me to work by seven?")
    assert written(bus, wants) == ["Can you get me to work by seven?", "i want to be told early"]


def test_the_beginnings_that_a_step_offers_leave_no_dots_in_the_sentence(bus, ask, ana):
    wants = ask("write", "purpose", "What for?", openers=["I want …", "… even over …"])
    give(ana, "write", opener="I want …", text="to be told early")
    give(ana, "write", opener="I want …", text="I want a seat")
    give(ana, "write", opener="… even over …", text="A sure date even over an early date")
    assert written(bus, wants) == ["A sure date even over an early date", "I want a seat", "I want to be told early"]


def test_what_others_wrote_is_on_no_phone(wants, ana, bo):
    give(ana, "write", text="Only mine")
    assert "Only mine" in shown(ana) and "Only mine" not in bo.get("/phone").text


def test_a_replayed_entry_is_stored_once_and_answered_alike(bus, wants, ana):
    first, second = (give(ana, "write", "a-key-of-22-characters", SCRIPT, text="Once") for _time in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (200, {})
    assert written(bus, wants) == ["Once"]


def test_a_key_of_one_person_answers_no_other(bus, wants, ana, bo):
    give(ana, "write", "a-key-of-22-characters", text="Hers")
    give(bo, "write", "a-key-of-22-characters", text="His")
    assert written(bus, wants) == ["Hers", "His"]


def test_what_is_asked_a_second_time_says_so_and_that_the_first_is_kept(bus, wants, ana):
    again = "This is asked once more. What was answered before is kept."
    give(ana, "write", text="Tell me early")
    assert again not in shown(ana)
    host_does(bus, activities.close_activity, CloseActivity(wants))
    host_does(bus, activities.reveal_activity, RevealActivity(wants))
    with store.open(bus) as db:
        first = activities.get_activity(db, wants)
    host_does(bus, activities.open_activity, OpenActivity(step=first["step"], kind="write", prompt=first["prompt"]))
    assert again in shown(ana)
    host_does(bus, room.hold, room.Hold("10:45"))
    assert again not in shown(ana), "a break asks nothing"


def test_half_a_sentence_is_found_again_where_it_was_not_sent_and_where_the_same_is_asked_anew(bus, wants, ask, ana):
    def drafts(place: str) -> list[str]:
        return re.findall(rf'data-{place}="([^"]*)"', ana.get("/phone").text)

    (first,) = [name for name in drafts("draft") if not name.startswith("opener-")]
    assert drafts("unsent") == []
    host_does(bus, activities.close_activity, CloseActivity(wants))
    assert drafts("unsent") == [first], "in sight while it is closed"
    with store.open(bus) as db:
        was = activities.get_activity(db, wants)
    ask("write", was["step"], was["prompt"])
    assert first in drafts("draft"), "in the field when the same is asked once more"
    ask("write", was["step"], "Something else?")
    assert first not in drafts("draft"), "and under no other question"

    # the words beside a pulse are kept for each question apart
    pulse = ask("pulse", "purpose", "Kept?", scale="yes", words=True, targets=["P3", "P4"])
    (words,) = drafts("draft")
    host_does(bus, activities.close_activity, CloseActivity(pulse))
    assert len(drafts("unsent")) == 2 and words in drafts("unsent")


def test_own_entries_are_changed_and_taken_back_until_the_reveal(bus, wants, ana):
    give(ana, "write", text="Tell me erly")
    with store.open(bus) as db:
        (one,) = list_for_host(db, wants)
    form = ana.get(f"/phone?change={one['id']}")
    assert ">Tell me erly</textarea>" in form.text
    assert ana.post("/phone/change", data={"answer": one["id"], "text": "Tell me early"}).status_code == 303
    assert written(bus, wants) == ["Tell me early"]
    host_does(bus, activities.close_activity, CloseActivity(wants))
    assert "Your entry is in. It is shown in a moment." in shown(ana)
    assert "Tell me early" in shown(ana, "/phone?mine=1")
    assert ana.post("/phone/change", data={"answer": one["id"], "withdraw": "1"}).status_code == 303
    assert written(bus, wants) == []
    assert "Nothing from you this time. That is fine." in shown(ana)


def test_nobody_changes_what_another_wrote(bus, wants, ana, bo):
    give(ana, "write", text="Hers")
    with store.open(bus) as db:
        (one,) = list_for_host(db, wants)
    for fields in ({"text": "His"}, {"withdraw": "1"}):
        assert bo.post("/phone/change", data={"answer": one["id"], **fields}).status_code == 422
    assert "Hers" not in bo.get(f"/phone?change={one['id']}").text
    assert written(bus, wants) == ["Hers"]


@pytest.mark.parametrize("text", ["x" * 5000, "🚌" * 5000])
def test_too_long_a_text_is_given_back_with_a_sentence(bus, wants, ana, text):
    answer = give(ana, "write", text=text)
    assert answer.status_code == 422
    said = "Your text is longer than 500 characters: it has 5,000. Shorten it, or send it in parts."
    assert unescape(sentence(answer)) == said and f">{text}</textarea>" in answer.text
    assert give(ana, "write", headers=SCRIPT, text=text).json()["refused"] == said
    assert written(bus, wants) == []


def test_a_text_that_is_too_long_for_any_form_is_given_back_and_read_no_further_than_that(bus, wants, ana, monkeypatch):
    monkeypatch.setattr(visit, "LONG", Allowance(2, 0))
    page, long = "<b>" * 30_000, "日本語" * 10_000
    for text in (page, long):
        answer = give(ana, "write", text=text)
        assert answer.status_code == 413
        assert sentence(answer) == "That is too long to be sent. Shorten it, or send it in parts."
        assert re.search(r"<textarea rows=\"4\" readonly>([^<]*)</textarea>", answer.text)[1] == escape(text)
    third = give(ana, "write", text=long)
    assert third.status_code == 413 and "日本語" not in third.text, "what all send together has an end"
    monkeypatch.setattr(visit, "LONG", Allowance(2, 0))
    assert "日本語" not in give(ana, "write", text=long * 3).text
    assert written(bus, wants) == []


def test_an_empty_text_is_nothing(bus, wants, ana):
    assert give(ana, "write", opener="I want", text="  ").status_code == 422
    assert written(bus, wants) == []


def test_scripts_and_pictures_are_words(bus, wants, ana):
    bad = '<script>alert(1)</script> ![x](http://evil.example/x.png) "quoted" {{ 7*7 }}'
    give(ana, "write", text=bad)
    page = ana.get("/phone")
    assert written(bus, wants) == [bad]
    assert "<script>alert" not in page.text and "<img" not in page.text and "{{ 7*7 }}" in page.text
    activities_seen = results(bus, wants)
    assert [row["text"] for row in activities_seen.rows] == [bad]
    assert bad in shown(ana) and "<script>alert" not in ana.get("/phone").text


def test_a_thousand_entries_from_one_phone_are_told_to_wait(bus, wants, ana, monkeypatch):
    assert visit.PER_PERSON.at_once == 60
    monkeypatch.setattr(visit, "PER_PERSON", Allowance(6, 0))
    page = ana.get("/phone")
    data = {"activity": field(page, "activity"), "text": "again"}
    codes = [ana.post("/phone/write", data=data, headers=SCRIPT).status_code for _time in range(10)]
    assert codes == [200] * 6 + [429] * 4
    refused = ana.post("/phone/write", data=data | {"text": "My last words"})
    assert refused.status_code == 429 and ">My last words</textarea>" in refused.text
    assert sentence(refused) == "That was a lot at once. Wait a moment, then go on."
    assert len(written(bus, wants)) == 6


def test_a_late_word_is_taken_until_the_reveal_and_not_after(bus, wants, ana):
    late = {"activity": wants, "key": "k" * 22, "text": "Late"}
    host_does(bus, activities.close_activity, CloseActivity(wants))
    assert ana.post("/phone/write", data=late, headers=SCRIPT).status_code == 200
    results(bus, wants)
    too_late = ana.post("/phone/write", data=late | {"key": "l" * 22}, headers=SCRIPT)
    assert too_late.status_code == 422
    assert too_late.json()["refused"] == "The room has seen the answers already. Nothing can be changed any more."


def test_without_a_script_words_that_come_too_late_are_given_back(bus, wants, ask, ana):
    late = {"activity": wants, "text": "Too late <b>"}
    given_back = "Too late &lt;b&gt;</textarea>"
    results(bus, wants)
    for do, data in (("write", late), ("change", {"answer": 1, "text": late["text"]})):
        page = ana.post(f"/phone/{do}", data=data)
        assert page.status_code == 422 and given_back in page.text, do
        assert 'http-equiv="refresh"' not in page.text, "and no look again takes them away"
    question = ask("pulse", "opening", "Do you believe it?", scale="number", words=True)
    host_does(bus, activities.close_activity, CloseActivity(question))
    said = {"activity": question, "answer": "7", "words": late["text"]}
    assert given_back in ana.post("/phone/pulse", data=said).text
    with store.open(bus) as db:
        own = next(one["id"] for one in people.list_participants(db) if one["alias"] == "Ana")
    host_does(bus, people.archive_participant, people.ArchiveParticipant(own))
    page = ana.post("/phone/write", data=late)
    assert page.status_code == 401 and given_back in page.text
    assert sentence(page) == "You are not in this workshop any more. Come in again."
    assert "Too late" not in " ".join(written(bus, wants)), "and nothing was stored"


def test_what_the_room_wrote_is_on_the_phones_after_the_reveal(bus, wants, ana, bo):
    give(ana, "write", text="One")
    give(bo, "write", text="Two")
    results(bus, wants)
    for mine in (ana, bo):
        assert "What we wrote, shuffled." in shown(mine) and "One" in shown(mine) and "Two" in shown(mine)


def test_once_it_is_decided_the_phone_tells_what_stands_as_the_screen_does(bus, wants, ana):
    give(ana, "write", text="to be left alone")
    results(bus, wants)
    assert "to be left alone" in shown(ana)
    host_does(bus, activities.decide_step, activities.DecideStep("purpose"))
    assert "What stands so far" in shown(ana) and "to be left alone" not in shown(ana)


def test_where_nobody_wrote_the_phone_says_so_instead_of_a_list_of_nothing(bus, wants, ana):
    host_does(bus, activities.reveal_activity, RevealActivity(wants))
    assert "Nobody wrote anything this time." in shown(ana) and "shuffled" not in shown(ana)


def test_a_closed_workshop_says_who_can_open_it_and_gives_the_words_back(bus, wants, ana):
    host_does(bus, activities.close_activity, CloseActivity(wants))
    host_does(bus, closing.close_workshop, closing.CloseWorkshop())
    late = {"activity": wants, "key": "k" * 22, "text": "Late"}
    said = "This workshop is closed. The facilitator can open it again."
    assert ana.post("/phone/write", data=late, headers=SCRIPT).json()["refused"] == said
    outside = phone("192.0.2.51", **{"Accept-Language": "de"})
    assert sentence(come_in(outside, join_code(bus))).startswith("Dieser Workshop ist geschlossen.")
    assert written(bus, wants) == [], "and nothing is stored"
    host_does(bus, closing.reopen_workshop, closing.ReopenWorkshop())
    assert ana.post("/phone/write", data=late, headers=SCRIPT).status_code == 200
    assert written(bus, wants) == ["Late"]


def test_a_german_phone_is_told_in_german_what_the_room_sees(bus):
    mine = phone(**{"Accept-Language": "de"})
    come_in(mine, join_code(bus))
    seen = {}
    for step in ("promise", "touchpoints", "ranking"):
        host_does(bus, room.go_to, room.GoTo(step))
        host_does(bus, room.reveal, room.Reveal())
        seen[step] = shown(mine)
    assert "Gehalten, wenn Every published journey" in seen["promise"]
    assert "Truth board schlägt Home anyway in" in seen["ranking"]
    english = ("Kept when", "beats", "replays", "What stands so far", "Same number")
    assert [word for word in english if word in " ".join(seen.values())] == []


def test_a_phone_says_that_too_few_have_rated_to_say_how_sure_the_order_is(bus, ana):
    host_does(bus, room.go_to, room.GoTo("ranking"))
    assert "Likely 1 to 2." in shown(ana) and "Too few people" not in shown(ana)
    with store.open(bus) as db, store.change(db, journal.HOST, "x"):
        db.execute("DELETE FROM rating WHERE pen NOT IN (SELECT pen FROM rating ORDER BY pen LIMIT 1)")
    assert "Too few people to say how sure." in shown(ana) and "too close to call" not in shown(ana)


def test_ready_is_said_and_unsaid(bus, wants, ana, bo):
    everybody = ready(bus)[1]
    assert ana.post("/phone/write", data={"activity": wants, "ready": "1", "text": ""}).status_code == 303
    assert ready(bus) == (1, everybody)
    assert 'aria-pressed="true"' in ana.get("/phone").text
    assert "You count as ready. Press again to take it back." in shown(ana)
    ana.post("/phone/write", data={"activity": wants, "ready": "0", "text": ""})
    assert ready(bus) == (0, everybody)


def test_ready_over_half_a_sentence_is_both(bus, wants, ana):
    both = {"activity": wants, "ready": "1", "opener": "I need", "text": "this too", "key": "k" * 22}
    for _time in range(2):  # the acknowledgement got lost
        assert ana.post("/phone/write", data=both, headers=SCRIPT).status_code == 200
    assert written(bus, wants) == ["I need this too"], "and once"
    assert ready(bus)[0] == 1
    host_does(bus, activities.close_activity, CloseActivity(wants))
    late = ana.post("/phone/write", data=both | {"key": "l" * 22}, headers=SCRIPT)
    assert late.status_code == 200, "words that came late and are stored are not given back to be sent once more"
    assert written(bus, wants) == ["I need this too", "I need this too"]


@pytest.mark.parametrize(
    ("anonymity", "said"),
    [("until_end", "Names are shown at the end."), ("named", "Your name is shown with what you write.")],
)
def test_the_phone_says_whether_names_are_shown(bus, wants, ana, anonymity, said):
    from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop  # noqa: PLC0415

    with store.open(bus) as db:
        version = get_workshop(db)["version"]
    host_does(bus, edit_workshop, EditWorkshop(version, {"anonymity": anonymity}))
    assert said in shown(ana) and "Nobody sees" not in shown(ana)


# The leader last


def test_the_leader_is_asked_to_answer_last_and_is_never_stopped(bus, wants, ana):
    boss, others = phone("192.0.2.52"), ready(bus)[1]  # the sample's own people, some of whom lead
    come_in(boss, join_code(bus), name="Cy", group="leadership")
    with store.open(bus) as db:
        before = [one["id"] for one in list_joined(db) if not leads(one)]
    assert 1 < len(before) < others
    first = f"You lead here, so please answer last: {len(before)} of the others are not ready yet."
    assert first in shown(boss) and "You lead here" not in shown(ana)
    assert give(boss, "write", text="Before all others").status_code == 303
    for person in before[1:]:
        host_does(bus, activities.say_ready, SayReady(wants, person))
    assert "You lead here, so please answer last: one of the others is not ready yet." in shown(boss)
    host_does(bus, activities.say_ready, SayReady(wants, before[0]))
    assert "Everybody else is ready. Now it is your turn." in shown(boss)
    give(boss, "write", ready="1", text="")
    assert "it is your turn" not in shown(boss)
    assert written(bus, wants) == ["Before all others"]


def test_whoever_decides_answers_last_too_and_nobody_waits_where_all_lead(code):
    host_does(code, people.add_participant, people.AddParticipant(alias="Mo", role_in_room="decider"))
    host_does(code, people.add_participant, people.AddParticipant(alias="Di", group="leadership"))
    with store.open(code) as db:
        mo, _di = list_joined(db)
        assert count_before(db, mo) is None
    host_does(code, people.add_participant, people.AddParticipant(alias="Ana"))
    with store.open(code) as db:
        *leaders, ana = list_joined(db)
        assert [count_before(db, one) for one in (*leaders, ana)] == [1, 1, None]


# Vote


@pytest.fixture
def counts(ask) -> int:
    return ask("vote", "purpose", "What counts most to riders?", targets=["P3", "P4", "P5"], dots=5, cap=2)


def test_dots_are_given_and_taken_one_by_one(bus, counts, ana):
    assert "5 dots, at most 2 on one line. Nobody sees yours." in shown(ana) and "5 dots left" in shown(ana)
    for step in ("P3 1", "P3 1", "P4 1", "P3 -1", "P5 -1"):
        assert give(ana, "vote", step=step).status_code == 303
    assert "3 dots left" in shown(ana)
    give(ana, "vote", ready="1")
    assert "Your dots are in." in shown(ana)
    two_others(bus, activities.cast_vote, lambda person: activities.CastVote(counts, person, {"P5": 1}))
    found = results(bus, counts)
    assert {row["ref"]: row["dots"] for row in found.rows} == {"P3": 1, "P4": 1, "P5": 2}
    assert "3 voted." in shown(ana)


def test_one_dot_is_one(bus, ask, ana):
    ask("vote", "purpose", "What counts most to riders?", targets=["P3", "P4", "P5"], dots=1, cap=1)
    assert "1 dot. Nobody sees yours." in shown(ana) and "1 dot left" in shown(ana)
    assert "1 dots" not in shown(ana)


def test_the_dots_of_one_alone_are_told_to_nobody(bus, counts, ana):
    give(ana, "vote", step="P3 2")
    assert results(bus, counts).rows == []
    assert "1 voted." in shown(ana) and "Fewer than 3 answers: they are not shown." in shown(ana)


def test_above_the_cap_a_sentence_and_nothing_else(bus, counts, ana):
    give(ana, "vote", step="P3 2")
    answer = give(ana, "vote", step="P3 1")
    assert answer.status_code == 422 and sentence(answer) == "2 is the most for one line."
    assert 'name="n-P3" value="2"' in answer.text, "what is shown is what counts"
    two_others(bus, activities.cast_vote, lambda person: activities.CastVote(counts, person, {"P5": 1}))
    assert {row["ref"]: row["dots"] for row in results(bus, counts).rows} == {"P3": 2, "P4": 0, "P5": 2}


def test_one_person_has_one_ballot_in_however_many_tabs(bus, counts, ana):
    for _tab in range(2):
        ana.post("/phone/vote", data={"activity": counts, "n-P3": "2"})
    two_others(bus, activities.cast_vote, lambda person: activities.CastVote(counts, person, {"P5": 2}))
    found = results(bus, counts)
    given = {row["ref"]: (row["dots"], row["people"]) for row in found.rows}
    assert (found.answered, given) == (3, {"P3": (2, 1), "P4": (0, 0), "P5": (4, 2)})


@pytest.mark.parametrize(
    "forged", [{"step": "E1 1"}, {"n-P3": "-4"}, {"step": "P3 x"}, {"n-P3": "99999999999"}, {"activity": "x"},
               {"activity": "999"}, {"step": "P3 9"}]
)  # fmt: skip
def test_a_forged_ballot_is_refused_whole(bus, counts, ana, forged):
    answer = ana.post("/phone/vote", data={"activity": str(counts), "step": "P3 1"} | forged, headers=SCRIPT)
    assert answer.status_code == 422 and answer.json()["refused"]
    assert results(bus, counts).answered == 0


def test_a_closed_vote_takes_nothing(bus, counts, ana):
    host_does(bus, activities.close_activity, CloseActivity(counts))
    answer = ana.post("/phone/vote", data={"activity": counts, "step": "P3 1"}, headers=SCRIPT)
    assert (answer.status_code, answer.json()["refused"]) == (422, "This was closed a moment ago. Nothing was changed.")


def test_lines_stand_in_another_order_for_each_person(ask, bus):
    ask("vote", "purpose", "What counts most?", targets=["P3", "P4", "P5", "P6", "P7"], dots=5, cap=2)
    orders = set()
    for number in range(6):
        mine = phone(f"192.0.2.{60 + number}")
        come_in(mine, join_code(bus))
        own = [tuple(re.findall(r'id="t-(\w+)"', mine.get("/phone").text)) for _look in range(2)]
        assert own[0] == own[1], "and in the same order for the same person"
        orders.add(own[0])
    assert len(orders) > 1


# Rate


@pytest.fixture
def impact(ask) -> int:
    return ask("rate", "ranking", "What would it do?", concepts=["E1", "E2"], metrics=["C1", "K1"])


def test_one_tap_saves_and_goes_on_until_all_are_done(bus, impact, ana):
    everybody = ready(bus)[1]
    assert "0 of 4 saved" in shown(ana) and "What would it do to" in shown(ana)
    for number, rating in enumerate(("3", "-2", "0", "none"), 1):
        assert give(ana, "rate", rating=rating).status_code == 303
        if number < 4:
            assert f"{number} of 4 saved" in shown(ana)
    assert "All 4 done. Thank you." in shown(ana)
    assert ready(bus) == (1, everybody)
    assert 'aria-current="true"' in ana.get("/phone?at=3").text, "back to what was answered"


def test_the_cells_to_come_are_on_the_phone(impact, ana):
    page = ana.get("/phone").text
    coming = json.loads(re.search(r'id="cells">(.*?)</script>', page)[1])
    assert len(coming["cells"]) == 3 and (coming["saved"], coming["all"], coming["again"]) == (0, 4, False)
    assert set(coming["concepts"]) == {"E1", "E2"} and set(coming["metrics"]) == {"C1", "K1"}


@pytest.mark.parametrize("forged", [{"rating": "4"}, {"rating": "x"}, {"concept": "E9"}, {"metric": "P1"},
                                    {"round": "1"}, {"rating": "1.5"},
                                    {"rating": ""}, {"concept": "'; --"}])  # fmt: skip
def test_a_forged_rating_is_refused(bus, impact, ana, forged):
    data = {"activity": impact, "concept": "E1", "metric": "C1", "round": "2", "rating": "1"} | forged
    assert ana.post("/phone/rate", data=data, headers=SCRIPT).status_code == 422
    assert "0 of 4 saved" in shown(ana)


def test_enter_in_how_sure_somebody_is_rates_nothing(ask, ana):
    ask("rate", "ranking", "What would it do?", concepts=["E1"], metrics=["C1"], confidence=True)
    first = re.findall(r"<button[^>]*>", ana.get("/phone").text)[0]
    assert 'value=""' in first and 'class="sr"' in first, "Enter presses the first button of a form"
    refused = give(ana, "rate", confidence="2", rating="")
    assert refused.status_code == 422 and sentence(refused) == "Choose one of the answers."
    assert "0 of 1 saved" in shown(ana)


# Split


@pytest.fixture
def points(ask) -> int:
    return ask("split", "purpose", "Which need weighs more?", targets=["P3", "P4"])


def test_a_hundred_points_are_shared_out_and_saved_whole(bus, points, ana):
    everybody = ready(bus)[1]
    moved = give(ana, "split", step="P3 5", n__P3="30", n__P4="60")
    assert moved.status_code == 200 and "5 points left" in moved.text, "− and + store nothing yet"
    assert 'name="n-P3" value="35"' in moved.text, "and go on from what was typed"
    assert 'name="n-P3" value="0"' in give(ana, "split", step="P3 -5", n__P3="3", n__P4="60").text
    few = give(ana, "split", save="1", n__P3="35", n__P4="60")
    assert few.status_code == 422 and sentence(few) == "5 points left."
    assert 'name="n-P3" value="35"' in few.text, "what was typed stays"
    assert give(ana, "split", save="1", n__P3="40", n__P4="60").status_code == 303
    assert "Your points are in." in shown(ana) and ready(bus) == (1, everybody)
    shares = {"P3": 40, "P4": 60}
    two_others(bus, activities.save_points, lambda person: activities.SavePoints(points, person, shares))
    assert {row["ref"]: row["points"] for row in results(bus, points).rows} == shares


def test_over_a_hundred_is_said(points, ana):
    many = give(ana, "split", save="1", n__P3="45", n__P4="60")
    assert many.status_code == 422 and sentence(many) == "5 points too many."


# Pulse


def test_one_question_one_tap(bus, ask, ana):
    question = ask("pulse", "opening", "Do you believe we keep our promise today?", scale="number")
    assert "Nobody sees yours. The room sees all answers together, from 3 people on." in shown(ana)
    assert give(ana, "pulse", answer="7").status_code == 303
    assert "Your answer is in." in shown(ana)
    give(ana, "pulse", answer="8", target="", activity=str(question))
    row = results(bus, question).rows[0]
    assert (row["answered"], row["counts"]) == (1, {}), "one answer alone is not shown"
    assert "Fewer than 3 answers: they are not shown." in shown(ana)


@pytest.mark.parametrize(("scale", "answers", "said", "in_german"), [
    ("yes", ("yes", "unknown", "yes"), "2 yes, 1 I don’t know", "2 ja, 1 Weiß ich nicht"),
    ("number", ("2", "unknown", "9"), "5.5 of 10, from 2 to 9, 1 I don’t know",
     "5.5 von 10, von 2 bis 9, 1 Weiß ich nicht"),
])  # fmt: skip
def test_what_the_room_answered_is_one_sentence_on_the_phone(bus, ask, ana, scale, answers, said, in_german):
    question = ask("pulse", "opening", "Do you know it?", scale=scale)
    german = phone(**{"Accept-Language": "de"})
    come_in(german, join_code(bus))
    give(ana, "pulse", answer=answers[0])
    left = iter(answers[1:])
    two_others(bus, activities.answer_pulse, lambda person: activities.AnswerPulse(question, person, next(left)))
    results(bus, question)
    page = shown(ana)
    assert f"3 answered. {said}" in page and in_german in shown(german)
    assert page.count("Do you know it?") == 1, "the question stands there once"


def test_a_question_for_each_thing_comes_one_at_a_time(bus, ask, ana):
    question = ask("pulse", "purpose", "Do we keep it?", scale="kept", targets=["P3", "P4"], words=True)
    assert "1 of 2" in shown(ana)
    give(ana, "pulse", answer="partly", words="On good days <b>")
    assert "2 of 2" in shown(ana)
    assert give(ana, "pulse", answer="unknown").status_code == 303
    assert "Your answer is in." in shown(ana)
    assert results(bus, question).answered == 1


def test_words_that_the_program_stumbles_over_are_given_back_and_can_be_sent_again(bus, ask, ana, caplog):
    question = ask("pulse", "opening", "Do you believe it?", scale="number", words=True)

    def settings(text: str) -> None:
        with store.open(bus) as db, store.change(db, journal.HOST, "Broken"):
            db.execute("UPDATE activity SET settings = ? WHERE id = ?", [text, question])

    with store.open(bus) as db:
        [sound] = db.execute("SELECT settings FROM activity WHERE id = ?", [question]).fetchone()
    settings("{}")  # which no program of ours wrote
    said = {"activity": str(question), "answer": "7", "words": "On good days <b>"}
    page = ana.post("/phone/pulse", data=said)
    assert page.status_code == 500 and "it is not your phone" in page.text
    assert "On good days &lt;b&gt;</textarea>" in page.text
    asked = ana.post("/phone/pulse", data=said, headers=SCRIPT)
    assert asked.status_code == 500 and asked.json()["refused"], "the script keeps what was sent, and tries again"
    assert "Traceback" not in page.text + asked.text and "KeyError" in caplog.text, "what happened is in the terminal"
    settings(sound)
    assert ana.post("/phone/pulse", data=said, headers=SCRIPT).status_code == 200


# Whoever it is not


@pytest.mark.parametrize("what", ["write", "change", "vote", "rate", "split", "pulse", "ready"])
def test_nobody_gives_answers_without_having_come_in(wants, what):
    stranger = phone()
    answer = stranger.post(f"/phone/{what}", data={"activity": wants, "text": "x", "answer": "1"}, headers=SCRIPT)
    assert answer.status_code == 401 and answer.json()["refused"]
    assert stranger.post(f"/phone/{what}", data={}).headers["location"] == "/join"
    assert stranger.get("/phone").headers["location"] == "/join"


def test_a_page_of_another_site_gives_no_answer(bus, wants, ana):
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = ana.post("/phone/write", data={"activity": wants, "text": "Forged"}, headers=headers)
        assert answer.status_code == 403
    assert written(bus, wants) == []


def test_the_address_of_a_form_shows_the_task_when_it_is_opened_anew(wants, ana):
    refused = give(ana, "write", text="x" * 3000)
    assert refused.status_code == 422 and refused.request.url.path == "/phone/write"
    again = ana.get("/phone/write")
    assert again.status_code == 200 and "Finish it as a rider would say it." in again.text
    assert phone("192.0.2.51").get("/phone/write").headers["location"] == "/join", "nobody else's"


def test_a_page_that_waits_looks_again_also_without_a_script_and_one_that_is_written_in_does_not(wants, ana, bus):
    refresh = '<noscript><meta http-equiv="refresh" content="10"></noscript>'
    assert refresh not in ana.get("/phone").text
    host_does(bus, activities.close_activity, CloseActivity(wants))
    assert refresh in ana.get("/phone").text
    results(bus, wants)
    assert "Nobody wrote anything" in shown(ana) and refresh in ana.get("/phone").text


def test_what_does_not_exist_is_said(ana):
    assert ana.post("/phone/delete", data={}).status_code == 404


def test_a_busy_phone_does_not_stop_another(wants, ana, bo, monkeypatch):
    monkeypatch.setattr(visit, "PER_PERSON", Allowance(1, 0))
    assert [give(ana, "write", headers=SCRIPT, text="x").status_code for _time in range(2)] == [200, 429]
    assert give(bo, "write", headers=SCRIPT, text="x").status_code == 200


def test_the_journal_cannot_tell_who_wrote(bus, wants, ana):
    give(ana, "write", text="Secret")
    with store.open(bus) as db:
        done = journal.list_journal(db, 2)
    assert [(one.by, one.what) for one in done] == [("room", "Somebody wrote"), ("room", "Somebody came in")]


def test_the_own_code_is_shown_on_the_phone(ana):
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", shown(ana, "/phone/code"))


def test_the_first_page_is_small_and_so_is_all_that_a_phone_loads(wants, ana):
    page = ana.get("/phone")
    files = re.findall(r'(?:href|src)="(/phone/static/[^"]+)"', page.text)
    loaded = [ana.get(file) for file in files]
    assert len(page.content) < 30_000 and all("immutable" in file.headers["cache-control"] for file in loaded)
    assert sum(len(file.content) for file in loaded) + len(page.content) < 120_000
