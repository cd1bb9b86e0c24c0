"""A finished workshop is closed: everything can be read, nothing is written, and it can be opened again."""

import pytest

from tests.finished import finished
from workshop import bundle, closing, journal, people, room, store
from workshop.activities import OpenActivity, open_activity
from workshop.closing import CloseWorkshop, ReopenWorkshop, close_workshop, reopen_workshop
from workshop.problems import Conflict, Rejected
from workshop.steps.purpose import AddPurpose, add_purpose

CLOSED = "This workshop is closed. The facilitator can open it again."


def test_a_closed_workshop_is_read_and_not_written(db, do):
    do(add_purpose, AddPurpose(level="big", text="So that nobody waits in the rain."))
    assert do(close_workshop, CloseWorkshop()) == "Keeping our word"
    before, revision = bundle.read(db), store.revision(db)
    for handler, command in (
        (add_purpose, AddPurpose(level="big", text="Late.")),
        (room.go_to, room.GoTo("promise")),
        (people.add_participant, people.AddParticipant(alias="Late")),
    ):
        with pytest.raises(Rejected) as refused:
            do(handler, command)
        assert str(refused.value) == CLOSED
    assert (bundle.read(db), store.revision(db)) == (before, revision)


def test_it_is_opened_again_by_reopening_or_by_undoing_the_close(db, do):
    do(close_workshop, CloseWorkshop())
    do(reopen_workshop, ReopenWorkshop())
    do(add_purpose, AddPurpose(level="big", text="So that nobody waits in the rain."))
    do(close_workshop, CloseWorkshop())
    journal.undo(db)
    assert not closing.is_closed(db)
    journal.undo(db)
    do(close_workshop, CloseWorkshop())
    with pytest.raises(Rejected, match="This workshop is closed"):
        journal.act(db, "host", lambda db, _command: db.execute("UPDATE room SET page = 2"), None, "Turned")


def test_two_who_close_at_once_are_told_so(code, db, do):
    do(close_workshop, CloseWorkshop())
    with store.open(code) as other, pytest.raises(Conflict, match="The workshop is closed already."):
        journal.act(other, "host 2", close_workshop, CloseWorkshop(), "Closed")
    do(reopen_workshop, ReopenWorkshop())
    with store.open(code) as other, pytest.raises(Conflict, match="The workshop is open already."):
        journal.act(other, "host 2", reopen_workshop, ReopenWorkshop(), "Opened")


def test_it_is_not_closed_while_people_are_answering(db, do):
    do(room.go_to, room.GoTo("purpose"))
    do(open_activity, OpenActivity(step="purpose", kind="write", prompt="Why do we exist?"))
    with pytest.raises(Conflict, match="People are answering something. Close or reveal that first."):
        do(close_workshop, CloseWorkshop())
    assert not closing.is_closed(db)


def test_a_closed_workshop_travels_closed():
    with store.open(finished("bus")) as db:
        journal.act(db, "host", close_workshop, CloseWorkshop(), "Closed")
        data = bundle.read(db)
    with store.open(bundle.load(data, "host", "Brought in")) as again:
        assert closing.is_closed(again)
        assert bundle.read(again) == data
