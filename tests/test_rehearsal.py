"""A rehearsal: twelve pretend people answer in a copy, and nothing of it reaches the real workshop."""

from hashlib import sha256

import pytest

from tests.phones import bus, phone  # noqa: F401  bus is a fixture
from tests.test_room_pages import host, press, seen, visit  # noqa: F401  host is a fixture
from workshop import joining, journal, people, pretending, rehearsal, room, search, store
from workshop.activities import (
    OpenActivity,
    RevealActivity,
    count_ready,
    get_results,
    get_task,
    list_for_host,
    open_activity,
    reveal_activity,
)
from workshop.library import list_library
from workshop.problems import NotFound, Rejected
from workshop.steps.prepare import get_workshop
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.ranking import STEP as RANKING

HOST = journal.HOST


def act(code, handler, command):
    with store.open(code) as db:
        return journal.act(db, HOST, handler, command, "x {ref}")


def ask(code, kind, step="purpose", feed="", **settings):
    act(code, room.go_to, room.GoTo(step))
    return act(code, open_activity, OpenActivity(step=step, kind=kind, prompt="What for?", minutes=5, feed=feed,
                                                 settings=settings))  # fmt: skip


def let_them_answer(code, seconds: int) -> int:
    """So many seconds of the rehearsal, without waiting for them; gives how many answers came."""
    with store.open(code) as db:
        due = {}
        return sum(rehearsal.answer(db, due, second) for second in range(0, seconds, 2))


def state_of(library) -> dict[str, str]:
    """Every workshop's file of the library, and its -wal, but the rehearsals', byte by byte."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in library.iterdir()
            if not file.name.startswith(".")}  # fmt: skip


@pytest.fixture
def copy(code):
    act(code, people.add_participant, people.AddParticipant(alias="Really there"))
    for text in ("I want one", "I need two", "I want three"):
        act(code, add_purpose, AddPurpose(level="small", text=text))
    return rehearsal.begin(code, HOST)


@pytest.mark.parametrize("kind", ["write", "vote", "split", "pulse"])
def test_twelve_answer_at_a_human_pace_and_say_that_they_are_ready(copy, kind):
    about = {"vote": {"targets": ["P1", "P2", "P3"], "dots": 3, "cap": 2}, "split": {"targets": ["P1", "P2"]},
             "pulse": {"scale": "yes", "words": True}}  # fmt: skip
    activity = ask(copy, kind, **about.get(kind, {}))
    assert let_them_answer(copy, 2) == 0, "nobody answers before they can have read what is asked"
    soonest, latest = pretending.SECONDS[kind]
    assert 0 < let_them_answer(copy, int(soonest + (latest - soonest) * 0.75)) < 24
    let_them_answer(copy, 300)
    with store.open(copy) as db:
        assert count_ready(db) == (12, 12)
    act(copy, reveal_activity, RevealActivity(activity))
    with store.open(copy) as db:
        assert get_results(db, activity).answered == 12
        assert get_results(db, activity).typed == 0
        assert journal.list_journal(db, 3)[-1].by == "room", "the same commands as from a phone"


def test_they_rate_every_cell_that_they_are_asked(bus):
    copy = rehearsal.begin(bus, HOST)
    with store.open(copy) as db:
        every = RANKING.activities[0].settings(db)
        settings = {"concepts": every["concepts"][:2], "metrics": every["metrics"][:3]}
        sealed = people.is_sealed(db, "ranking")
    assert not sealed
    activity = ask(copy, "rate", step="ranking", feed="ranking", **settings)
    let_them_answer(copy, 120)
    with store.open(copy) as db:
        assert count_ready(db) == (12, 12)
        assert [get_task(db, one["id"]).left for one in people.list_participants(db)] == [0] * 12
    act(copy, reveal_activity, RevealActivity(activity))


def test_the_same_seed_says_the_same_and_a_break_stops_them(copy):
    ask(copy, "write")
    with store.open(copy) as db:
        person = people.list_participants(db)[0]["id"]
        task = get_task(db, person)
    deeds = [pretending.next_deed(task, person, "seed") for _time in range(2)]
    assert deeds[0] == deeds[1]
    act(copy, room.hold, room.Hold("10:45"))
    assert let_them_answer(copy, 100) == 0


def test_nothing_of_a_rehearsal_reaches_the_real_workshop(code, copy, library):
    before = state_of(library)
    activity = ask(copy, "write")
    let_them_answer(copy, 200)
    act(copy, reveal_activity, RevealActivity(activity))
    with store.open(copy) as db:
        assert list_for_host(db, activity)
        assert [one["alias"] for one in people.list_participants(db)] == [name for name, _group in pretending.PEOPLE]
    assert rehearsal.end(copy) == code
    assert state_of(library) == before
    assert list(library.glob(".rehearsal-*")) == [] == list(library.glob(".making-*"))
    with store.open(code) as db:
        assert [one["alias"] for one in people.list_participants(db)] == ["Really there"]
    with pytest.raises(NotFound):
        act(copy, room.go_to, room.GoTo("promise"))
    with pytest.raises(NotFound, match="over"):
        rehearsal.end(copy)


def test_a_rehearsal_is_on_no_list_and_no_code_leads_into_it(code, copy):
    assert [entry.code for entry in list_library()] == [code]
    assert {hit.code for hit in search.search("want")} == {code}
    with store.open(copy) as db:
        entrance = joining.get_entrance(db)
        assert (entrance["locked"], rehearsal.is_rehearsal(db)) == (True, True)
        assert get_workshop(db)["title"] == "Rehearsal: Keeping our word"
    with pytest.raises(NotFound, match="not open"):
        joining.find("ZZZZZZ" if entrance["join_code"] == "ZZZZZZ" else "YYYYYY")
    # the code is the real workshop's, so a phone that types it is in the real workshop
    assert joining.find(entrance["join_code"]) == code
    with store.open(code) as db:
        assert not rehearsal.is_rehearsal(db)


def test_a_personal_link_or_a_cookie_opens_no_rehearsal(code, copy):
    secret = joining.new_link(code)
    act(code, joining.make_links, joining.MakeLinks((secret,)))
    assert joining.find(secret) == code
    visitor = phone()
    visitor.cookies.set("throughline_phone", f"{copy}.{joining.new_token()}")
    assert visitor.get("/phone").headers["location"] == "/join?again"


def test_one_workshop_has_one_rehearsal_and_a_rehearsal_has_none(code, copy):
    assert rehearsal.begin(code, HOST) == copy
    with pytest.raises(Rejected, match="already"):
        rehearsal.begin(copy, HOST)


def test_a_rehearsal_goes_on_after_a_restart_and_a_forgotten_one_is_removed(copy, monkeypatch):
    monkeypatch.setattr(pretending, "SECONDS", dict.fromkeys(pretending.SECONDS, (0, 0)))
    ask(copy, "pulse", scale="yes")
    rehearsal.start()
    try:
        for _try in range(100):
            with store.open(copy) as db:
                if count_ready(db)[0] == 12:
                    break
            rehearsal._stopping.wait(0.1)
        assert count_of(copy) == (12, 12)
    finally:
        rehearsal.stop()
    monkeypatch.setattr(rehearsal, "FORGOTTEN_SECONDS", -1)
    rehearsal.start()
    rehearsal.stop()
    assert rehearsal.list_rehearsals() == {}


PAGES = ("steps/promise.py", "room/plan.py", "room/thread.py", "room/summary.py", "room/history.py", "room/lobby.py")


def test_every_page_of_a_rehearsal_says_so_and_its_end_leads_back(host, code, library):
    at = visit(code, "purpose")
    assert "**Rehearsal**" not in seen(at)
    at.switch_page("room/plan.py").run()
    press(at, "rehearse")
    [copy] = rehearsal.list_rehearsals()
    assert at.session_state["workshop"] == copy
    for page in PAGES:
        at.switch_page(page).run()
        assert not at.exception
        assert "**Rehearsal**" in seen(at), page
        assert "join-panel" not in at.session_state, "nobody really comes in"
    at.switch_page("room/screen.py").run()
    assert 'class="screen rehearsed"' in drawn(at)
    at.switch_page("room/plan.py").run()
    press(at, "end-rehearsal")
    assert (at.session_state["workshop"], rehearsal.list_rehearsals()) == (code, {})
    assert "**Rehearsal**" not in seen(at)


def drawn(at) -> str:
    return " ".join(one.value for one in at.get("html"))


def count_of(code):
    with store.open(code) as db:
        return count_ready(db)
