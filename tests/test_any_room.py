"""Any room: hosts and people do what they like in any order, and no word is lost and none is seen too early."""

import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.days import Day
from workshop import agenda, bundle, entries, journal, people, room, summary
from workshop.activities import (
    ROOM,
    AddAnswer,
    CallBack,
    CastVote,
    CloseActivity,
    DecideStep,
    EditAnswer,
    OpenActivity,
    ReopenActivity,
    RevealActivity,
    SayReady,
    SkipActivity,
    TakeUpActivity,
    WithdrawAnswer,
    add_answer,
    call_back,
    cast_vote,
    close_activity,
    count_ready,
    decide_step,
    edit_answer,
    get_current,
    get_results,
    get_task,
    list_activities,
    open_activity,
    reopen_activity,
    reveal_activity,
    say_ready,
    skip_activity,
    take_up_activity,
    withdraw_answer,
)
from workshop.exports import html
from workshop.problems import Refusal
from workshop.steps import shown
from workshop.steps.purpose import AddPurpose, add_purpose

STEPS = ("purpose", "promise")
MOVES = {
    "close": (close_activity, CloseActivity),
    "reopen": (reopen_activity, ReopenActivity),
    "reveal": (reveal_activity, RevealActivity),
    "skip": (skip_activity, SkipActivity),
    "take up": (take_up_activity, TakeUpActivity),
    "call back": (call_back, CallBack),
}
LESS = {
    "hide": (room.hide, room.Hide()),
    "reveal step": (room.reveal, room.Reveal()),
    "start step": (room.start_step, room.StartStep()),
    "hold": (room.hold, room.Hold("soon")),
    "resume": (room.resume, room.Resume()),
    "extend": (room.add_minutes, room.AddMinutes(1)),
}
ANSWERS = ("write", "vote", "edit", "withdraw", "ready")
EVERYTHING = (*MOVES, *LESS, *ANSWERS, *("ask", "write", "vote", "reveal", "undo") * 3, "redo", "walk", "look",
              "decide", "drop")  # fmt: skip


class AnyRoom(Day):
    @initialize(anonymity=st.sampled_from(["always", "named"]))
    def begin(self, anonymity):
        self.open(title="Any room", anonymity=anonymity)
        self.words: dict[int, tuple[int, str]] = {}  # answers that were acknowledged: their activity and text
        self.ballots: dict[tuple[int, int], dict[str, int]] = {}  # by activity and person
        self.number = 0
        self.act("before", room.go_to, room.GoTo("purpose"))
        for text in ("I want one", "I want two"):
            self.act("before", add_purpose, AddPurpose(level="small", text=text))
        for name in ("Ana", "Ben", "Cy"):
            self.act("before", people.add_participant, people.AddParticipant(alias=name))

    def act(self, by, handler, command, kind="do"):
        try:
            said = f"{command}".replace("{", "(").replace("}", ")")
            return journal.act(self.db, by, handler, command, said, kind=kind)
        except Refusal as refusal:
            assert str(refusal).endswith("."), "a refusal is a sentence"
            return None

    # one rule, and chance of our own: hypothesis leaves whole rules out of an example, and these need one another
    @rule(seed=st.integers(0, 2**32))
    def anything(self, seed):
        chance = random.Random(seed)
        does, step = chance.choice(EVERYTHING), chance.choice(STEPS)
        at, person = chance.randint(1, 9), chance.randint(1, 3)
        if does in ANSWERS:
            self.answer(does, at, person)
        elif does in MOVES:
            handler, command = MOVES[does]
            self.act("host", handler, command(self.near(at)))
        elif does in LESS:
            self.act("host", *LESS[does])
        elif does in ("undo", "redo"):
            try:
                {"undo": journal.undo, "redo": journal.redo}[does](self.db)
            except Refusal as refusal:
                assert str(refusal).endswith("."), "a refusal is a sentence"
        else:
            self.go(does, at, step)

    def go(self, does, at, step):
        if does == "ask":
            if at > 7 or not room.is_asking(self.db):
                kind = ("write", "vote")[at % 2]
                about = {"targets": ["P1", "P2"], "dots": 2, "cap": 2} if kind == "vote" else {}
                here = room.get_room(self.db)["step"]
                self.act("host", open_activity, OpenActivity(step=here, kind=kind, prompt="What?", minutes=1,
                                                             settings=about))  # fmt: skip
        elif does == "walk" or (does == "look" and not room.is_asking(self.db)):
            self.act("host", room.go_to, room.GoTo(step), "do" if does == "walk" else "follow")
        elif does == "decide":
            self.act("host", decide_step, DecideStep(step))
        elif self.act("host", agenda.drop_step, agenda.DropStep(step)):
            self.act("host", agenda.take_up_step, agenda.TakeUpStep(step))

    def answer(self, does, at, person):
        activity, own = self.near(at), max(self.words, default=1)
        self.number += 1
        text = f"WORD{self.number}X"
        if does == "write":
            if answer := self.act(ROOM, add_answer, AddAnswer(activity, person, text)):
                self.words[answer] = activity, text
        elif does == "edit":
            if self.act(ROOM, edit_answer, EditAnswer(own, person, text)):
                self.words[own] = self.words[own][0], text
        elif does == "withdraw":
            if self.act(ROOM, withdraw_answer, WithdrawAnswer(own, person)):
                del self.words[own]
        elif does == "vote":
            dots = ({"P1": 2}, {"P1": 1, "P2": 1}, {"P2": 1})[at % 3]
            if self.act(ROOM, cast_vote, CastVote(activity, person, dots)):
                self.ballots[activity, person] = dots
        else:
            self.act(ROOM, say_ready, SayReady(activity, person, at % 2 == 0))

    def near(self, at: int) -> int:
        """Mostly the activity that the room is at, sometimes an older one."""
        current = get_current(self.db)
        return current["id"] if current and at > 2 else at

    @invariant()
    def no_word_and_no_ballot_is_lost(self):
        rows = self.db.execute("SELECT id, activity, text FROM written").fetchall()
        assert {id_: (activity, text) for id_, activity, text in rows} == self.words
        dots = self.db.execute("SELECT activity, target, sum(dots) FROM vote GROUP BY activity, target").fetchall()
        given: dict[tuple[int, str], int] = {}
        for (activity, _person), ballot in self.ballots.items():
            for ref, count in ballot.items():
                given[activity, ref] = given.get((activity, ref), 0) + count
        assert {(activity, ref): count for activity, ref, count in dots} == given

    @invariant()
    def nothing_is_seen_before_its_reveal(self):
        revealed = {one["id"] for one in list_activities(self.db) if one["state"] == "revealed"}
        reads = [
            bundle.to_json(bundle.read(self.db)), html.render(summary.full(self.db)), repr(get_current(self.db)),
            *(repr(shown(self.db, step)) + repr(entries.list_entries(self.db, step)) for step in STEPS),
            *(repr(get_results(self.db, one["id"])) for one in list_activities(self.db)),
        ]  # fmt: skip
        own = {person: repr(get_task(self.db, person)) for person in (1, 2, 3)}
        for activity, text in self.words.values():
            if activity not in revealed:
                assert not any(text in read for read in reads)
                assert sum(text in read for read in own.values()) <= 1, "nobody but the writer reads it"
            else:
                assert any(text in read for read in reads), "what was revealed is there"
        assert all(one["activity"] in revealed for one in bundle.read(self.db)["votes"])

    @invariant()
    def the_room_is_at_what_is_open_and_what_is_sealed_stays_revealed(self):
        everything = list_activities(self.db)
        for one in everything:
            if one["state"] == "open":
                here = room.get_room(self.db)
                last = [(done.kind, done.what) for done in journal.list_journal(self.db, 6)]
                assert (here["activity"], here["step"]) == (one["id"], one["step"]), f"after {last[::-1]}"
            assert one["state"] == "revealed" or not one["sealed"]
        assert sum(one["state"] == "open" for one in everything) <= 1
        ready, joined = count_ready(self.db)
        assert 0 <= ready <= joined == 3


TestAnyRoom = AnyRoom.TestCase
TestAnyRoom.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
