"""The scribe: what many people say at once is stored in one commit, and each of them is an action of its own."""

import subprocess
import sys
import threading
from functools import partial

import pytest
from sqlite_utils.utils import sqlite3

from tests.phones import bus, host_does, phone, unhurried  # noqa: F401  bus is a fixture
from workshop import activities, journal, people, room, scribe, store
from workshop.activities import AddAnswer, CloseActivity, OpenActivity, list_for_host
from workshop.problems import NotFound, Rejected


@pytest.fixture
def wants(bus) -> int:  # noqa: F811
    host_does(bus, room.go_to, room.GoTo("purpose"))
    command = OpenActivity(step="purpose", kind="write", prompt="What do you want?", minutes=4)
    return host_does(bus, activities.open_activity, command)


@pytest.fixture
def ana(bus) -> int:  # noqa: F811
    return host_does(bus, people.add_participant, people.AddParticipant(alias="Ana"))


@pytest.fixture
def patient(monkeypatch) -> None:
    """All that waits goes into one commit, however busy this machine is."""
    monkeypatch.setattr(scribe, "MOST_SECONDS", 5)


def writing(activity: int, person: int, text: str, key: str | None = None):
    command = AddAnswer(activity, person, text)
    return partial(journal.act, by=activities.ROOM, handler=activities.add_answer, command=command,
                   done="Somebody wrote", key=key)  # fmt: skip


def all_at_once(code: str, *acts) -> list:
    """What each gave or raised. The scribe is kept busy until all of them wait."""
    wait = threading.Event()
    first = scribe.write_down(code, lambda _db: wait.wait(10))
    said = [scribe.write_down(code, act) for act in acts]
    wait.set()
    first.exception(10)
    return [one.exception(10) or one.result() for one in said]


def written(code: str, activity: int) -> list[str]:
    with store.open(code) as db:
        return sorted(one["text"] for one in list_for_host(db, activity))


def revision(code: str) -> int:
    with store.open(code) as db:
        return store.revision(db)


def test_what_waits_goes_into_one_commit_and_each_is_an_action(bus, wants, ana, patient):  # noqa: F811
    before = revision(bus)
    texts = [f"want {number:02}" for number in range(20)]
    acts = [writing(wants, ana, text) for text in texts]
    *_answers, inside, outside = all_at_once(bus, *acts, store.revision, lambda _db: revision(bus))
    assert (inside, outside) == (before + 20, before), "nobody else sees one of them before all are stored"
    assert written(bus, wants) == texts and revision(bus) == before + 20
    with store.open(bus) as db:
        assert {(one.by, one.what) for one in journal.list_journal(db, 20)} == {("room", "Somebody wrote")}
        changed = db.execute("SELECT count(DISTINCT journal) FROM change WHERE journal > ?", [before]).fetchone()
    assert changed == (20,)


def test_what_is_refused_takes_nothing_of_the_others_along(bus, wants, ana, patient):  # noqa: F811
    def half(db):
        with store.change(db, activities.ROOM, "Half"):
            db.execute("UPDATE written SET text = 'spoiled'")
            raise ZeroDivisionError

    before = revision(bus)
    good, empty, broken, stranger, late = all_at_once(
        bus, writing(wants, ana, "Good"), writing(wants, ana, ""), half, writing(wants, 999, "x"),
        writing(wants, ana, "Late"),
    )  # fmt: skip
    assert (type(empty), type(broken), type(stranger)) == (Rejected, ZeroDivisionError, NotFound)
    assert isinstance(good, int) and isinstance(late, int)
    assert written(bus, wants) == ["Good", "Late"] and revision(bus) == before + 2


def test_one_that_comes_twice_in_a_commit_is_stored_once_and_answered_alike(bus, wants, ana, patient):  # noqa: F811
    first, second = all_at_once(bus, *(writing(wants, ana, "Once", key="a key") for _time in range(2)))
    assert first == second and written(bus, wants) == ["Once"]


def test_nothing_may_be_written_beside_an_action(bus, wants, ana):  # noqa: F811
    (refused,) = all_at_once(bus, lambda db: db.execute("DELETE FROM written"))
    (kept,) = all_at_once(bus, writing(wants, ana, "Kept"))
    (refused,) = all_at_once(bus, lambda db: db.execute("DELETE FROM written"))
    assert isinstance(refused, sqlite3.IntegrityError) and isinstance(kept, int)
    assert written(bus, wants) == ["Kept"]


def test_when_the_commit_is_lost_nobody_is_told_that_it_was_stored(bus, wants, ana, patient):  # noqa: F811
    def full(db):  # what SQLite does on a full disk
        db.execute("ROLLBACK")
        raise Rejected

    before = revision(bus)
    given = all_at_once(bus, writing(wants, ana, "Lost"), full, writing(wants, ana, "Not begun"))
    assert [type(one) for one in given] == [Rejected] * 3
    assert written(bus, wants) == [] and revision(bus) == before
    assert isinstance(all_at_once(bus, writing(wants, ana, "Again"))[0], int)


def test_a_workshop_that_went_away_is_said_to_everybody_who_waits(library):
    said = [scribe.write_down("QB3BC3W9", store.revision) for _one in range(2)]
    assert [type(one.exception(10)) for one in said] == [NotFound, NotFound]


def test_the_host_does_not_wait_until_the_room_has_said_all(bus, wants, ana):  # noqa: F811
    said = [scribe.write_down(bus, writing(wants, ana, f"want {number}")) for number in range(199)]
    host_does(bus, activities.close_activity, CloseActivity(wants))
    assert not said[-1].done(), "the host's move came first"
    assert all(isinstance(one.result(30), int) for one in said), "and closed means that late words still come in"
    assert len(written(bus, wants)) == 199


TALKING = """
import sys
from functools import partial
from workshop import activities, journal, scribe
from workshop.activities import AddAnswer

code, activity, person = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for number in range(199):
    act = partial(journal.act, by="room", handler=activities.add_answer, done="Somebody wrote",
                  command=AddAnswer(activity, person, f"want {number}"), key=f"key {number}")
    said = scribe.write_down(code, act)
    said.add_done_callback(lambda _said, number=number: print(number, flush=True))
"""


def test_what_was_acknowledged_outlives_a_kill_in_the_middle(bus, wants, ana):  # noqa: F811
    talking = subprocess.Popen(
        [sys.executable, "-c", TALKING, bus, str(wants), str(ana)], stdout=subprocess.PIPE, text=True
    )
    acknowledged = [int(talking.stdout.readline()) for _line in range(60)]
    talking.kill()
    acknowledged += map(int, talking.communicate()[0].split())
    there = written(bus, wants)
    assert {f"want {number}" for number in acknowledged} <= set(there) and len(there) == len(set(there)) < 199
    # sent again with their keys, as phones do
    assert all(isinstance(one, int) for one in all_at_once(
        bus, *(writing(wants, ana, f"want {number}", key=f"key {number}") for number in range(199))
    ))  # fmt: skip
    assert written(bus, wants) == sorted(f"want {number}" for number in range(199))
