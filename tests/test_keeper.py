"""The keeper: one connection per active file, which hears what others write and leaves nothing behind."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workshop import connections, journal, keeper, live, people, room, store
from workshop.activities import (
    ROOM,
    AddAnswer,
    CallBack,
    OpenActivity,
    SayReady,
    TypeFor,
    add_answer,
    call_back,
    open_activity,
    say_ready,
    type_for,
)
from workshop.steps import create
from workshop.steps.prepare import SetCustomerShare, StartWorkshop, set_customer_share
from workshop.steps.purpose import AddPurpose, add_purpose

ROOT = Path(__file__).parents[1]

ELSEWHERE = """
import sys
from workshop import journal, room, store
from workshop.steps.prepare import SetCustomerShare, set_customer_share
work, step = (set_customer_share, SetCustomerShare(70)), (room.go_to, room.GoTo("purpose"))
handler, command = work if sys.argv[2] == "work" else step
with store.open(sys.argv[1]) as db:
    journal.act(db, "host elsewhere", handler, command, "Done")
"""


def in_another_process(code: str, what: str) -> None:
    subprocess.run([sys.executable, "-c", ELSEWHERE, code, what], cwd=ROOT, check=True)


@pytest.fixture
def kept() -> Iterator[None]:
    keeper.start()
    yield
    keeper.stop()


def heard(code: str, events: int, do: Callable[[], None], seconds: float = 20, since: int = 1) -> list[dict]:
    """The next events of a workshop after the revision `since`, while `do` goes on in another thread."""

    async def listen() -> list[dict]:
        news: list[dict] = []
        with live.listen(code) as subscription:
            await asyncio.sleep(3 * keeper.LOOK_SECONDS)  # until the keeper has found the listener
            doing = threading.Thread(target=do)
            doing.start()
            try:
                async with asyncio.timeout(seconds):
                    async for event in subscription:
                        news.append(event)
                        if len([one for one in news if one["revision"] > since]) >= events:
                            break
            except TimeoutError:
                pass
        doing.join()
        return [one for one in news if one["revision"] > since]

    with ThreadPoolExecutor(1) as apart:  # where no browser of another test keeps a loop running
        return apart.submit(lambda: asyncio.run(listen())).result()


@pytest.mark.parametrize("what", ["work", "room"])
def test_a_commit_in_another_process_is_heard(code, kept, what):
    [event] = heard(code, 1, lambda: in_another_process(code, what))
    assert (event["revision"], event["topic"], event["deadline"]) == (2, what, None)
    assert set(event) >= {"revision", "topic", "deadline", "now"}


def test_a_commit_in_this_process_is_heard_at_once_and_carries_no_words(code, kept):
    began = []

    def write() -> None:
        with store.open(code) as db:
            began.append(time.monotonic())
            journal.act(db, "host", add_purpose, AddPurpose(level="small", text="I want to be told"), "Added {ref}")

    [event] = heard(code, 1, write)
    assert (event["revision"], event["topic"]) == (2, "work")
    assert "told" not in str(event)


def test_nobody_hears_of_another_workshop(code, kept):
    other = create(StartWorkshop(title="Another"), "host")
    assert heard(code, 1, lambda: in_another_process(other, "work"), seconds=1.5) == []


def beside(code: str) -> dict[str, int]:
    """What lies beside a workshop's file, with its size."""
    file = store.file_of(code)
    return {path.name.removeprefix(file.name): path.stat().st_size for path in file.parent.iterdir() if path != file}


def test_after_stop_everything_lies_in_the_one_file(code, library):
    keeper.start()
    heard(code, 1, lambda: in_another_process(code, "work"))
    with store.open(code) as db:
        journal.act(db, "host", set_customer_share, SetCustomerShare(55), "Done")
    assert beside(code).get("-wal", 0) > 0, "while it is kept open, closing others costs no checkpoint"
    copy = library.parent / "copy.sqlite"
    with store.open(code):  # somebody else is still there, so that closing alone would not do
        keeper.stop()
        assert beside(code)["-wal"] == 0
        copy.write_bytes(store.file_of(code).read_bytes())
    assert sum(beside(code).values()) == 0
    db = connections.connect(copy)
    assert db.execute("SELECT customer_share FROM workshop").fetchone() == (55.0,)
    db.close()


def test_it_starts_again_after_it_was_stopped(code, kept):
    keeper.stop()
    keeper.start()
    assert [event["revision"] for event in heard(code, 1, lambda: in_another_process(code, "work"))] == [2]


def test_starting_twice_starts_one(kept):
    keeper.start()
    assert [thread.name for thread in threading.enumerate()].count("keeper") == 1


def test_a_file_that_goes_away_silences_nobody(code, kept):
    gone = create(StartWorkshop(title="Gone"), "host")
    with store.open(gone) as db:
        journal.act(db, "host", set_customer_share, SetCustomerShare(55), "Done")
    time.sleep(2 * keeper.LOOK_SECONDS)
    store.file_of(gone).unlink()
    live.committed(gone)
    assert [event["revision"] for event in heard(code, 1, lambda: in_another_process(code, "work"))] == [2]


def test_news_tell_a_newcomer_where_the_workshop_stands(code):
    event = keeper.news(code)
    assert (event["revision"], event["topic"], event["deadline"]) == (1, "room", None)
    assert keeper.news("QB3BC3W9") is None


def test_whoever_is_called_back_hears_it_although_nothing_is_written_down(code, kept):
    with store.open(code) as db:
        journal.act(db, "host", room.go_to, room.GoTo("purpose"), "Went")
        asked = OpenActivity(step="purpose", kind="write", prompt="What for?")
        activity = journal.act(db, "host", open_activity, asked, "Opened {ref}")
        call = (call_back, CallBack(activity), "Called everybody back")
        events = heard(code, 1, lambda: journal.act(db, "host", *call), since=store.revision(db))
    assert [event["topic"] for event in events] == ["room"]


def test_who_is_ready_is_told_as_a_number_and_does_not_hurry_the_pages(code, kept):
    with store.open(code) as db:
        ana = journal.act(db, "host", people.add_participant, people.AddParticipant(alias="Ana"), "Added")
        journal.act(db, "host", room.go_to, room.GoTo("purpose"), "Went")
        asked = OpenActivity(step="purpose", kind="write", prompt="What for?")
        activity = journal.act(db, "host", open_activity, asked, "Opened {ref}")
        revision = store.revision(db)

    def answer() -> None:
        with store.open(code) as db:
            journal.act(db, ROOM, say_ready, SayReady(activity, ana), "Somebody is ready")

    [event] = heard(code, 1, answer, since=revision)
    assert (event["topic"], event["ready"], event["joined"]) == ("answers", 1, 1)

    # what the host types for her is no news for the host's pages alone: her own phone listens to no other answers
    def type_it() -> None:
        with store.open(code) as db:
            typed = TypeFor(add_answer, AddAnswer(activity, ana, "Tell me early"))
            journal.act(db, "host", type_for, typed, "Typed an answer")

    [event] = heard(code, 1, type_it, since=event["revision"])
    assert event["topic"] == "work"
