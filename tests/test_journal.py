"""What was done, by whom, row by row; what an undo takes back, and when it refuses to."""

import json
import sqlite3 as plain_sqlite3  # the one a stranger would open a file with
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlite_utils.utils import sqlite3

from tests.days import Day
from workshop import items, journal, people, store
from workshop.activities import (
    AddAnswer,
    OpenActivity,
    RevealActivity,
    add_answer,
    get_current,
    open_activity,
    reveal_activity,
)
from workshop.activities.rate import RateImpact, list_ratings, rate_impact
from workshop.migrations import NAMES, NOT_JOURNALLED
from workshop.problems import Conflict, NotFound, Refusal, Rejected
from workshop.room import AddMinutes, GoTo, add_minutes, go_to
from workshop.steps.concepts import AddConcept, MakeCard, add_concept, make_card
from workshop.steps.ideas import AddIdea, add_idea
from workshop.steps.prepare import (
    EditWorkshop,
    SetCustomerShare,
    edit_workshop,
    get_workshop,
    set_customer_share,
)
from workshop.steps.principles import AddPrinciple, add_principle
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.ranking import AgreeImpact, agree_impact, get_ranking
from workshop.steps.strategy import AddMetric, add_metric


def tables(db, *, versions: bool = False) -> dict[str, list[dict]]:
    """Every journalled table row by row; without the versions, which only ever rise."""
    cursor = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    whole = {}
    for (name,) in cursor.fetchall():
        if name not in NOT_JOURNALLED:
            rows = db.execute(f'SELECT * FROM "{name}" ORDER BY id')
            columns = [column[0] for column in rows.description]
            dicts = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
            whole[name] = [{k: v for k, v in row.items() if versions or k != "version"} for row in dicts]
    return whole


def replayed(db) -> dict[str, list[dict]]:
    """The tables as the change log alone tells them, checking that each change found what it says it found."""
    told: dict[str, dict[int, dict]] = {name: {} for name in tables(db)}
    for table, row, old, new in db.execute('SELECT "table", row, old, new FROM change ORDER BY id').fetchall():
        assert told[table].get(row) == (json.loads(old) if old else None)
        if new:
            told[table][row] = json.loads(new)
        else:
            del told[table][row]
    return {table: [rows[row] for row in sorted(rows)] for table, rows in told.items()}


def changes(db, number: int) -> list[tuple]:
    rows = db.execute('SELECT "table", row, old, new FROM change WHERE journal = ? ORDER BY id', [number]).fetchall()
    return [(t, r, json.loads(old) if old else None, json.loads(new) if new else None) for t, r, old, new in rows]


def small(text: str, **more) -> AddPurpose:
    return AddPurpose(level="small", text=text, **more)


def reworded(db, ref: str, text: str) -> items.Edit:
    return items.Edit(ref, items.get_item(db, ref)["version"], {"text": text})


# What is written down


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal SET what = 'nothing'", "DELETE FROM journal", "UPDATE change SET new = NULL", "DELETE FROM change",
     "DELETE FROM journal WHERE id = 2"],
)  # fmt: skip
def test_the_journal_can_be_neither_edited_nor_deleted(code, db, do, statement):
    do(add_purpose, small("I want to be told"))
    before = journal.list_journal(db), changes(db, 2)
    with (
        closing(plain_sqlite3.connect(store.file_of(code), isolation_level=None)) as stranger,
        pytest.raises(plain_sqlite3.IntegrityError, match="the journal cannot be edited"),
    ):
        stranger.execute(statement)
    with (
        pytest.raises(sqlite3.IntegrityError, match="the journal cannot be edited"),
        store.change(db, "host", "Covered the tracks"),
    ):
        db.execute(statement)
    assert (journal.list_journal(db), changes(db, 2)) == before


def test_each_action_says_who_did_what_and_how_every_row_looked_before_and_after(db, do):
    do(add_purpose, small("I want to be told"), by="host Ana")
    [added] = tables(db, versions=True)["purpose"]
    assert (added["ref"], added["text"], added["version"], added["archived_at"]) == ("P1", "I want to be told", 1, None)
    do(items.edit, reworded(db, "P1", "I want to be told early"), by="host Ben")
    assert changes(db, 2) == [("purpose", 1, None, added)]
    assert changes(db, 3) == [("purpose", 1, added, added | {"version": 2, "text": "I want to be told early"})]
    told = [(done.number, done.by, done.what, done.kind, done.of) for done in journal.list_journal(db)]
    assert told == [
        (3, "host Ben", "Edit P1", "do", None),
        (2, "host Ana", "AddPurpose P1", "do", None),
        (1, "host", "Created the workshop", "start", None),
    ]
    assert journal.list_journal(db, 1) == journal.list_journal(db)[:1]


def test_numbers_come_back_from_the_log_exactly(db, do):
    odd = 0.1 + 0.2
    ref = do(add_metric, AddMetric(kind="cpi", name="Told", baseline=odd, target=1e-12, weight=100 / 3))
    assert json.loads(db.execute("SELECT new FROM change ORDER BY id DESC LIMIT 1").fetchone()[0])["baseline"] == odd
    journal.undo(db)
    journal.redo(db)
    row = items.get_item(db, ref)
    assert (row["baseline"], row["target"], row["weight"]) == (odd, 1e-12, 100 / 3)


def test_the_log_alone_tells_every_table(db, do):
    play_a_morning(db, do)
    assert replayed(db) == tables(db, versions=True)
    assert {table: len(rows) for table, rows in tables(db).items() if rows} == {
        "agenda": 14,
        "agreement": 1,
        "concept": 1,
        "concept_principle": 1,
        "concept_purpose": 1,
        "metric": 1,
        "participant": 1,
        "pen": 1,
        "principle": 1,
        "promise": 1,
        "promise_purpose": 2,
        "purpose": 2,
        "rating": 1,
        "room": 1,
        "workshop": 1,
    }


def play_a_morning(db, do) -> None:
    do(add_purpose, AddPurpose(level="big", text="Nobody in the valley is left standing"))
    do(add_purpose, small("I want to be told"))
    do(items.choose, items.Choose("P1"))
    do(add_promise, AddPromise(text="It comes, or we get you there", purposes=("P1", "P2")))
    do(add_concept, AddConcept(name="Truth board", purposes=("P2",), principles=("D0",)))
    do(add_metric, AddMetric(kind="cpi", name="Told in time", weight=100, purpose="P2"))
    ana = do(people.add_participant, people.AddParticipant(alias="Ana", group="frontline"))
    do(rate_impact, RateImpact(ana, "E1", "C1", 3, 2))
    do(agree_impact, AgreeImpact("E1", "C1", 2))
    do(items.move, items.Move("P2", -1))
    do(items.archive, items.Archive("PR1"))


# Undo and redo

STORIES = {
    "adding with links": (add_promise, lambda db: AddPromise(text="It comes", purposes=("P1", "P2"))),
    "editing": (items.edit, lambda db: reworded(db, "P1", "changed")),
    "editing links": (items.edit, lambda db: items.Edit("PR1", 1, {"purposes": ("P2", "P3"), "text": "We come"})),
    "moving": (items.move, lambda db: items.Move("P2", 1)),
    "archiving": (items.archive, lambda db: items.Archive("P1")),
    "bringing back": (items.bring_back, lambda db: items.BringBack("P4")),
    "choosing another": (items.choose, lambda db: items.Choose("PR2")),
    "parking": (items.set_status, lambda db: items.SetStatus("P2", "parked")),
    "making a card": (make_card, lambda db: MakeCard("I1")),
    "the customer share": (set_customer_share, lambda db: SetCustomerShare(70)),
    "naming the workshop": (edit_workshop, lambda db: EditWorkshop(get_workshop(db)["version"], {"title": "Another"})),
}


@pytest.fixture
def room(db, do):
    """A room half-way: four small purposes of which the last is archived, two promises, the first chosen, an idea."""
    for number in range(1, 5):
        do(add_purpose, small(f"I want {number}"))
    do(items.archive, items.Archive("P4"))
    do(add_promise, AddPromise(text="We come", purposes=("P1", "P2"), status="chosen"))
    do(add_promise, AddPromise(text="We answer"))
    do(add_idea, AddIdea(text="Tell them early", purpose="P2"))
    return db


@pytest.mark.parametrize("story", STORIES)
def test_undo_puts_everything_back_and_redo_does_it_again(room, do, story):
    handler, command = STORIES[story]
    before, revision = tables(room), store.revision(room)
    do(handler, command(room))
    after = tables(room)
    assert after != before
    for _time in range(2):
        assert journal.undo(room).number == revision + 1
        assert tables(room) == before
        assert journal.redo(room).number == revision + 1
        assert tables(room) == after
    assert replayed(room) == tables(room, versions=True)
    kinds = [(done.kind, done.of) for done in journal.list_journal(room, 5)]
    assert kinds == [("redo", revision + 1), ("undo", revision + 1)] * 2 + [("do", None)]
    assert [done.what.split(":")[0] for done in journal.list_journal(room, 2)] == ["Did again", "Undid"]


def test_undo_goes_back_step_by_step_and_redo_forward_in_the_same_order(db, do):
    states = [tables(db)]
    for number in range(4):
        do(add_purpose, small(f"I want {number}"))
        states.append(tables(db))
    for state in reversed(states[:-1]):
        journal.undo(db)
        assert tables(db) == state
    with pytest.raises(NotFound, match=r"^There is nothing to undo\.$"):
        journal.undo(db)
    for state in states[1:]:
        journal.redo(db)
        assert tables(db) == state
    with pytest.raises(NotFound, match=r"^There is nothing to redo\.$"):
        journal.redo(db)
    assert journal.next_undo(db).what == "AddPurpose P4"


def test_the_making_of_the_workshop_cannot_be_undone(db):
    assert journal.next_undo(db) is None
    with pytest.raises(NotFound):
        journal.undo(db)
    assert get_workshop(db)["title"] == "Keeping our word"
    assert store.revision(db) == 1


def test_a_new_action_clears_the_redo_of_the_one_who_did_it(db, do):
    do(add_purpose, small("I want this"))
    journal.undo(db)
    assert journal.next_redo(db).what == "AddPurpose P1"
    do(add_purpose, small("I want that"))
    assert journal.next_redo(db) is None
    with pytest.raises(NotFound):
        journal.redo(db)
    assert [row["text"] for row in items.list_items(db, "purpose")] == ["I want that"]


def test_everybody_undoes_what_they_did_themselves(db, do):
    do(add_purpose, small("Ana wants"), by="host Ana")
    do(add_purpose, small("Ben wants"), by="host Ben")
    assert journal.undo(db, "host Ana", whose="host Ana").what == "AddPurpose P1"
    assert [row["text"] for row in items.list_items(db, "purpose")] == ["Ben wants"]
    with pytest.raises(NotFound):
        journal.undo(db, "host Ana", whose="host Ana")
    assert journal.undo(db, "host at the command line", whose=None).what == "AddPurpose P2"
    assert [(d.by, d.kind) for d in journal.list_journal(db, 2)] == [
        ("host at the command line", "undo"),
        ("host Ana", "undo"),
    ]


def test_undo_passes_over_a_page_that_was_turned(db, do):
    do(add_purpose, small("I want to be told"))
    with store.change(db, "host", "Turned to page 2", kind="follow"):
        db.execute("UPDATE room SET page = 2")
    assert journal.undo(db).what == "AddPurpose P1"
    assert db.execute("SELECT page FROM room").fetchone() == (2,)


def test_a_row_that_somebody_changed_since_stays_and_the_refusal_names_who(db, do):
    do(add_purpose, small("I want to be told"))
    do(items.edit, reworded(db, "P1", "I want to be told early"))
    do(items.edit, reworded(db, "P1", "I want to be told at once"), by="host Ben")
    before, revision = tables(db, versions=True), store.revision(db)
    with pytest.raises(Conflict) as refused:
        journal.undo(db)
    assert str(refused.value) == "“Edit P1” cannot be undone: it has been changed since (host Ben: Edit P1)."
    assert (tables(db, versions=True), store.revision(db)) == (before, revision)
    journal.undo(db, "host Ben", whose="host Ben")
    journal.undo(db)  # the row is again what that action left
    assert items.get_item(db, "P1")["text"] == "I want to be told"


def test_only_what_can_be_taken_back_is_offered(db, do):
    person = do(people.add_participant, people.AddParticipant(alias="Ana"), by="room")
    do(go_to, GoTo("purpose"))
    asked = do(open_activity, OpenActivity(step="purpose", kind="write", prompt="What?", minutes=4))
    assert journal.next_undo(db).what == "OpenActivity 1", "nobody has answered yet"
    do(add_answer, AddAnswer(asked, person, "to be told"), by="room")
    assert journal.next_undo(db) is None, "an answer hangs on what was opened"
    do(add_minutes, AddMinutes(1))
    assert journal.next_undo(db).what == "AddMinutes 1"
    do(reveal_activity, RevealActivity(asked))
    assert journal.next_undo(db) is None, "neither the reveal nor the clock before it comes back"
    do(add_purpose, small("I want to be told"))
    assert journal.undo(db).what == "AddPurpose P1"
    assert get_current(db)["state"] == "revealed"


def test_what_another_host_has_changed_since_is_not_offered(db, do):
    do(add_purpose, small("I want to be told"))
    do(items.edit, reworded(db, "P1", "I want to be told early"), by="host Ben")
    assert journal.next_undo(db) is None
    assert journal.next_undo(db, "host Ben").what == "Edit P1"
    journal.undo(db, "host Ben", whose="host Ben")
    assert journal.next_undo(db).what == "AddPurpose P1"


def test_undo_never_leaves_half_an_action_undone(room, do):
    do(items.edit, items.Edit("PR1", 1, {"purposes": ("P2",), "text": "We come early"}))
    ben = items.get_item(room, "PR1")["version"]
    do(items.edit, items.Edit("PR1", ben, {"purposes": ("P2", "P1")}), by="host Ben")
    before = tables(room, versions=True)
    with pytest.raises(Conflict) as refused:
        journal.undo(room)
    assert str(refused.value) == "“Edit PR1” cannot be undone: it has been changed since (host Ben: Edit PR1)."
    assert tables(room, versions=True) == before


def test_what_others_build_on_cannot_be_undone_away(db, do):
    do(add_purpose, small("I want to be told"))
    do(add_idea, AddIdea(text="A board", purpose="P1"), by="host Ben")
    before = tables(db, versions=True)
    with pytest.raises(Conflict) as refused:
        journal.undo(db)
    assert (
        str(refused.value)
        == "“AddPurpose P1” cannot be undone: something else hangs on it now, or has taken its place."
    )
    assert tables(db, versions=True) == before
    assert not db.conn.in_transaction


def test_an_undo_that_would_make_a_second_lead_principle_is_refused(db, do):
    do(items.archive, items.Archive("D0"))
    do(add_principle, AddPrinciple(text="Truth even over comfort", is_lead=True), by="host Ben")
    before = tables(db, versions=True)
    with pytest.raises(Conflict, match="has taken its place"):
        journal.undo(db)
    assert tables(db, versions=True) == before


def test_undo_stops_at_the_last_migration(db, do, monkeypatch):
    do(add_purpose, small("I want to be told"))
    with monkeypatch.context() as later:
        for module in (store, journal):
            later.setattr(module, "NAMES", [*NAMES, "m999_later"])
        assert journal.next_undo(db) is None
        with pytest.raises(NotFound):
            journal.undo(db)
        do(add_purpose, small("I want to be heard"))
        assert journal.undo(db).what == "AddPurpose P2"
        with pytest.raises(NotFound):
            journal.undo(db)
    assert [row["ref"] for row in items.list_items(db, "purpose")] == ["P1"]


def test_an_edit_made_from_a_text_that_was_undone_since_overwrites_nothing(db, do):
    do(add_purpose, small("one"))
    seen = items.get_item(db, "P1")["version"]
    do(items.edit, items.Edit("P1", seen, {"text": "two"}))
    ben_sees = items.get_item(db, "P1")["version"]
    journal.undo(db)
    do(items.edit, reworded(db, "P1", "three"))
    for stale in (seen, ben_sees):
        with pytest.raises(Conflict) as refused:
            do(items.edit, items.Edit("P1", stale, {"text": "four"}), by="host Ben")
        assert (refused.value.theirs["text"], refused.value.mine["text"]) == ("three", "four")
    assert items.get_item(db, "P1")["text"] == "three"


def test_versions_never_come_again(db, do):
    do(add_purpose, small("one"))
    seen = {(items.get_item(db, "P1")["version"], "one")}
    for text in ("two", "three"):
        do(items.edit, reworded(db, "P1", text))
        seen.add((items.get_item(db, "P1")["version"], text))
    for turn in (journal.undo, journal.undo, journal.redo, journal.redo, journal.undo):
        turn(db)
        row = items.get_item(db, "P1")
        seen.add((row["version"], row["text"]))
    assert len({version for version, _text in seen}) == len(seen) == 8


def test_two_undos_at_once_take_back_two_actions(code, db, do):
    for number in range(8):
        do(add_purpose, small(f"I want {number}"))
    together = threading.Barrier(4)

    def undo(_number: int) -> str:
        with store.open(code) as own:
            together.wait()
            return journal.undo(own).what

    with ThreadPoolExecutor(4) as pool:
        undone = sorted(pool.map(undo, range(4)))
    assert undone == [f"AddPurpose P{n}" for n in (5, 6, 7, 8)]
    assert [row["ref"] for row in items.list_items(db, "purpose")] == ["P1", "P2", "P3", "P4"]


def test_ratings_brought_back_are_still_that_persons_own(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    do(add_metric, AddMetric(kind="cpi", name="Told in time", weight=100))
    ana = do(people.add_participant, people.AddParticipant(alias="Ana"))
    do(rate_impact, RateImpact(ana, "E1", "C1", 3))
    journal.undo(db)
    assert (list_ratings(db, ana), get_ranking(db)) == ({}, None)
    journal.redo(db)
    assert list_ratings(db, ana) == {("E1", "C1"): 3}
    do(rate_impact, RateImpact(ana, "E1", "C1", -1))
    assert list_ratings(db, ana) == {("E1", "C1"): -1}
    found = get_ranking(db)
    assert (found.raters, found.ratings, found.rows[0]["score"]) == (1, 1, -33.3), "Ana must not be counted twice"


# Submission keys


def test_a_submission_that_comes_twice_is_answered_as_the_first_and_stored_once(db, do):
    assert do(add_purpose, small("I want to be told"), key="a1") == "P1"
    revision = store.revision(db)
    assert do(add_purpose, small("I want to be told"), key="a1") == "P1"
    assert do(add_purpose, small("I want to be told"), key="b2") == "P2"
    assert store.revision(db) == revision + 1
    assert [row["ref"] for row in items.list_items(db, "purpose")] == ["P1", "P2"]


def test_a_refused_submission_may_come_again_with_its_key(db, do):
    with pytest.raises(Rejected):
        do(add_purpose, small(" "), key="a1")
    assert do(add_purpose, small("I want to be told"), key="a1") == "P1"


def test_a_submission_from_two_threads_at_once_is_stored_once(code, db):
    together = threading.Barrier(6)

    def submit(_number: int) -> str:
        with store.open(code) as own:
            together.wait()
            return journal.act(own, "host", add_purpose, small("I want to be told"), "Added {ref}", key="a1")

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(submit, range(6))) == ["P1"] * 6
    assert [row["ref"] for row in items.list_items(db, "purpose")] == ["P1"]
    assert store.revision(db) == 2


# Any day at all


class AnyDay(Day):
    """Two hosts do what they like in any order; before and after each undo the whole tables are compared."""

    @initialize()
    def open_a_workshop(self):
        self.open(title="Any day")
        self.before: dict[int, dict] = {}  # the tables before each action that was done
        self.number = 0
        self.given: set[str] = set()

    def act(self, by, handler, command):
        state, revision = tables(self.db), store.revision(self.db)
        try:
            answer = journal.act(self.db, by, handler, command, "Did {ref}")
        except Refusal:
            assert (tables(self.db), store.revision(self.db)) == (state, revision), "a refusal stores nothing"
            return None
        self.before[revision + 1] = state
        return answer

    def some_ref(self, pick: int) -> str | None:
        rows = [
            ref
            for (ref,) in self.db.execute("""SELECT ref FROM purpose UNION ALL SELECT ref FROM promise
            UNION ALL SELECT ref FROM concept ORDER BY ref""").fetchall()
        ]
        return rows[pick % len(rows)] if rows else None

    who = st.sampled_from(["host", "host", "host Ben"])
    pick = st.integers(0, 30)

    @rule(by=who, level=st.sampled_from(["big", "small"]), pick=pick)
    def adds_a_purpose(self, by, level, pick):
        self.number += 1
        ref = self.act(by, add_purpose, AddPurpose(level=level, text=f"I want {self.number}"))
        assert ref not in self.given, "a ref is never given twice"
        self.given.add(ref)

    @rule(by=who, picks=st.lists(pick, max_size=3))
    def adds_a_concept_with_links(self, by, picks):
        self.number += 1
        purposes = tuple(ref for ref in map(self.some_ref, picks) if ref and ref.startswith("P") and ref[1:].isdigit())
        away = any(items.get_item(self.db, ref)["archived_at"] for ref in purposes)
        ref = self.act(by, add_concept, AddConcept(name=f"Concept {self.number}", purposes=purposes))
        assert (ref is None) == away, "nothing new is hung on what was put away"
        assert ref not in self.given
        self.given |= {ref} - {None}

    @rule(by=who)
    def adds_a_promise(self, by):
        self.number += 1
        ref = self.act(by, add_promise, AddPromise(text=f"We promise {self.number}"))
        assert ref not in self.given
        self.given.add(ref)

    @rule(by=who, pick=pick, other=pick, stale=st.booleans())
    def edits(self, by, pick, other, stale):
        ref, linked = self.some_ref(pick), self.some_ref(other)
        if ref:
            row = items.get_item(self.db, ref)
            self.number += 1
            changed = {"name": f"Renamed {self.number}"} if "name" in row else {"text": f"Reworded {self.number}"}
            if "purposes" in row and linked and linked[1:].isdigit() and linked[0] == "P":
                changed["purposes"] = [linked]
            news = set(changed.get("purposes", ())) - set(row.get("purposes", ()))
            away = any(items.get_item(self.db, one)["archived_at"] for one in news)
            answer = self.act(by, items.edit, items.Edit(ref, row["version"] - stale, changed))
            assert (answer is None) == (stale or away)

    @rule(by=who, pick=pick, step=st.sampled_from([-1, 1]))
    def moves(self, by, pick, step):
        if ref := self.some_ref(pick):
            self.act(by, items.move, items.Move(ref, step))

    @rule(by=who, pick=pick)
    def archives_or_brings_back(self, by, pick):
        if ref := self.some_ref(pick):
            archived = items.get_item(self.db, ref)["archived_at"]
            self.act(
                by, *((items.bring_back, items.BringBack(ref)) if archived else (items.archive, items.Archive(ref)))
            )

    @rule(by=who, pick=pick)
    def chooses(self, by, pick):
        if ref := self.some_ref(pick):
            self.act(by, items.choose, items.Choose(ref))

    @rule(by=who)
    def undoes(self, by):
        self.takes_a_step(by, journal.undo, journal.next_undo(self.db, by), "old")

    @rule(by=who)
    def redoes(self, by):
        self.takes_a_step(by, journal.redo, journal.next_redo(self.db, by), "new")

    def takes_a_step(self, by, step, target, side):
        state = tables(self.db, versions=True)
        try:
            done = step(self.db, by, whose=by)
        except NotFound:
            assert target is None
        except Conflict:
            assert tables(self.db, versions=True) == state
        else:
            assert done == target
            self.compare_rows_of(done.number, side)

    @rule(
        deeds=st.lists(
            st.tuples(st.sampled_from(["add", "edit", "move", "archive", "choose"]), pick), min_size=1, max_size=6
        )
    )
    def alone_undo_leads_all_the_way_back_and_redo_all_the_way_forth(self, deeds):
        """While nobody else acts in between, nothing is refused and the whole tables are equal."""
        states = [tables(self.db)]
        for deed, pick in deeds:
            ref, revision = self.some_ref(pick), store.revision(self.db)
            if deed == "add" or not ref:
                self.adds_a_purpose("host", "big", pick)
            elif deed == "edit":
                self.edits("host", pick, pick + 1, False)
            elif deed == "move":
                self.moves("host", pick, -1)
            elif deed == "archive":
                self.archives_or_brings_back("host", pick)
            else:
                self.chooses("host", pick)
            if store.revision(self.db) > revision:  # some are refused: they leave nothing to take back
                states.append(tables(self.db))
        for state in reversed(states[:-1]):
            journal.undo(self.db)
            assert tables(self.db) == state
        for state in states[1:]:
            journal.redo(self.db)
            assert tables(self.db) == state

    def compare_rows_of(self, number: int, side: str) -> None:
        """Every row that the action touched looks as before it (old) or as after it (new), but for the version."""
        now = {(table, row["id"]): row for table, rows in tables(self.db).items() for row in rows}
        touched: dict[tuple, dict | None] = {}
        for table, row, old, new in changes(self.db, number):
            if side == "new" or (table, row) not in touched:
                touched[table, row] = old if side == "old" else new
        for key, expected in touched.items():
            stripped = {k: v for k, v in expected.items() if k != "version"} if expected else None
            assert now.get(key) == stripped, key

    @precondition(lambda self: hasattr(self, "db"))
    @invariant()
    def the_log_tells_the_tables(self):
        assert replayed(self.db) == tables(self.db, versions=True)

    @precondition(lambda self: hasattr(self, "db"))
    @invariant()
    def references_hold_and_only_one_is_chosen(self):
        assert self.db.execute("PRAGMA foreign_key_check").fetchall() == []
        chosen = self.db.execute(
            "SELECT count(*) FROM promise WHERE status = 'chosen' AND archived_at IS NULL"
        ).fetchone()[0]
        assert chosen <= 2  # an undo or a bringing back may leave two to decide between, a choice never does


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
