"""The bus sample while the room is asked: twelve people have given 60 answers that the host alone can read."""

from workshop import journal, people, room, samples, store
from workshop.activities import (
    ROOM,
    AddAnswer,
    OpenActivity,
    RevealActivity,
    add_answer,
    open_activity,
    reveal_activity,
)

PEOPLE, ANSWERS = 12, 60


def make() -> str:
    """Gives the code of a new workshop that is at its purpose."""
    code = samples.load_sample("bus", journal.HOST)
    with store.open(code) as db, store.change(db, ROOM, "Asked"):
        room.go_to(db, room.GoTo("purpose"))
        here = [people.add_participant(db, people.AddParticipant(alias=f"Guest {n}")) for n in range(PEOPLE)]
        command = OpenActivity(step="purpose", kind="write", prompt="What do people come to us for?", minutes=8)
        activity = open_activity(db, command)
        for number in range(ANSWERS):
            text = f"I want to know that the {number} is really coming, before I leave the house"
            add_answer(db, AddAnswer(activity, here[number % PEOPLE], text))
    return code


def reveal(code: str) -> None:
    with store.open(code) as db, store.change(db, ROOM, "Revealed"):
        reveal_activity(db, RevealActivity(room.get_room(db)["activity"]))
