"""The thread rules (METHOD.md §3.1): each proved by its one breaking change to the grocery sample, which breaks no
other thread but those named beside it; silent while there is nothing yet, and where a step was dropped."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.finished import finished
from workshop import agenda, items, journal, people, room, store
from workshop.activities import course, write
from workshop.agenda import DropStep
from workshop.checks import findings, thread
from workshop.checks.thread import RULES, read_whole
from workshop.checks.whole import Whole
from workshop.steps import create, ranking
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import AddSegment, StartWorkshop, add_segment
from workshop.steps.principles import AddPrinciple, AddValue, add_principle, add_value
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.strategy import AddMetric, add_metric

SHIPPED = {("THR-CONCEPT-PURPOSE", "E10"), ("THR-CONCEPT-PRINCIPLE", "E10")}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Whole:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THROUGHLINE_HOME", str(tmp_path_factory.mktemp("library")))
        with store.open(finished("grocery")) as db:
            return read_whole(db)


def row(whole: Whole, ref: str) -> dict:
    return next(one for rows in whole.rows.values() for one in rows if one["ref"] == ref)


def given(ref: str, **values) -> Callable[[Whole], None]:
    """An item is changed."""
    return lambda whole: row(whole, ref).update(values)


def gone(table: str, *refs: str) -> Callable[[Whole], None]:
    """Items are put away, all of a table without refs."""

    def change(whole):
        whole.rows[table] = [one for one in whole[table] if refs and one["ref"] not in refs]

    return change


def unlinked(table: str, link: str, ref: str) -> Callable[[Whole], None]:
    """Nothing in this table names the item any more."""

    def change(whole):
        for one in whole[table]:
            one[link] = [other for other in one[link] if other != ref]

    return change


def also(table: str, **values) -> Callable[[Whole], None]:
    return lambda whole: whole[table].append({"archived_at": None, "merged_into": None} | values)


def without(links: str, *pairs: tuple[str, str]) -> Callable[[Whole], Whole]:
    return lambda whole: replace(whole, **{links: getattr(whole, links) - set(pairs)})


def rated(changed: Callable[[tuple[str, str], dict], dict | None]) -> Callable[[Whole], Whole]:
    """Each cell of the ratings is given anew, or goes."""

    def change(whole):
        cells = {cell: changed(cell, people) for cell, people in whole.ratings.items()}
        return replace(whole, ratings={cell: people for cell, people in cells.items() if people})

    return change


def core_values(whole: Whole) -> None:
    for ref in ("V8", "V9"):
        whole["value"].append({"ref": ref, "type": "core"})
        row(whole, "D1")["values"].append(ref)


def lead_second(whole: Whole) -> None:
    first, second, *rest = whole["principle"]
    whole.rows["principle"] = [second, first, *rest]


def without_kind(table: str, kind: str) -> Callable[[Whole], None]:
    def change(whole):
        whole.rows[table] = [one for one in whole[table] if one["kind"] != kind]

    return change


def two_left(whole: Whole) -> None:
    for ref in ("P5", "P6", "P7"):
        row(whole, ref)["status"] = "parked"


CHANGES = {
    "THR-LEVELS": (given("P1", status="parked"), {("THR-LEVELS", "purpose")}),
    "THR-FEW-SMALL": (two_left, {("THR-FEW-SMALL", "purpose"), ("THR-SEGMENT", "G3")}),
    "THR-EVIDENCE": (given("P3", evidence_source="assumption"), {("THR-EVIDENCE", "P3")}),
    "THR-EMOTION": (given("P3", emotion_if_missed=""), {("THR-EMOTION", "P3")}),
    "THR-SEGMENT": (also("segment", ref="G9", name="students"), {("THR-SEGMENT", "G9")}),
    "THR-PROMISE-PURPOSE": (given("PR1", purposes=["P3"]), {("THR-PROMISE-PURPOSE", "PR1")}),
    "THR-PROMISE-TEST": (given("PR1", broken_when=""), {("THR-PROMISE-TEST", "PR1")}),
    "THR-PROMISE-REPAIR": (given("PR1", when_we_fail=""), {("THR-PROMISE-REPAIR", "PR1")}),
    "THR-VALUE-ORPHAN": (unlinked("principle", "values", "V3"), {
        ("THR-VALUE-ORPHAN", "V3"), ("THR-PRINCIPLE-SOURCE", "D3")}),
    "THR-VALUE-MANY": (core_values, {("THR-VALUE-MANY", "principles")}),
    "THR-LEAD": (lead_second, {("THR-LEAD", "principles")}),
    "THR-PRINCIPLE-SOURCE": (given("D5", values=[]), {
        ("THR-PRINCIPLE-SOURCE", "D5"), ("THR-VALUE-ORPHAN", "V5")}),
    "THR-PRINCIPLE-EXAMPLE": (given("D5", dont_example=""), {("THR-PRINCIPLE-EXAMPLE", "D5")}),
    "THR-PRINCIPLE-IDLE": (unlinked("concept", "principles", "D5"), {("THR-PRINCIPLE-IDLE", "D5")}),
    "THR-GOAL-LINK": (lambda whole: replace(whole, goal_links=frozenset(
        link for link in whole.goal_links if "B3" not in link)), {("THR-GOAL-LINK", "B3"), ("THR-GOAL-LINK", "U4")}),
    "THR-TOUCH-PURPOSE": (given("T8", purposes=[]), {("THR-TOUCH-PURPOSE", "T8")}),
    "THR-TOUCH-STATE": (given("T8", promise_state="unknown"), {("THR-TOUCH-STATE", "T8")}),
    "THR-TOUCH-BROKEN": (unlinked("concept", "touchpoints", "T4"), {
        ("THR-TOUCH-BROKEN", "T4"), ("THR-CONCEPT-TOUCH", "E2")}),
    "THR-PURPOSE-METRIC": (given("C2", purpose=None), {("THR-PURPOSE-METRIC", "P6"), ("THR-METRIC-PURPOSE", "C2")}),
    "THR-PURPOSE-CONCEPT": (unlinked("concept", "purposes", "P7"), {
        ("THR-PURPOSE-CONCEPT", "P7"), ("THR-CONCEPT-PURPOSE", "E5")}),
    "THR-METRIC-PURPOSE": (given("C5", purpose=None), {("THR-METRIC-PURPOSE", "C5"), ("THR-PURPOSE-METRIC", "P7")}),
    "THR-METRIC-IDLE": (rated(lambda cell, people: {0: 12} if cell[1] == "C5" else people), {
        ("THR-METRIC-IDLE", "C5")}),
    "THR-CPI-KPI": (without("cpi_kpi_links", ("C4", "K1")), {("THR-CPI-KPI", "C4")}),
    "THR-WEIGHTS": (given("C1", weight=50.0), {("THR-WEIGHTS", "strategy")}),
    "THR-WEIGHT-ONE": (given("C1", weight=70.0), {("THR-WEIGHT-ONE", "C1"), ("THR-WEIGHTS", "strategy")}),
    "THR-HEALTH": (without_kind("metric", "employee_engagement"), {("THR-HEALTH", "strategy")}),
    "THR-CONCEPT-PURPOSE": (given("E7", purposes=[]), {("THR-CONCEPT-PURPOSE", "E7")}),
    "THR-CONCEPT-PRINCIPLE": (given("E7", principles=[]), {("THR-CONCEPT-PRINCIPLE", "E7")}),
    "THR-CONCEPT-TOUCH": (given("E7", touchpoints=[]), {("THR-CONCEPT-TOUCH", "E7")}),
    "THR-CONCEPT-RATED": (rated(lambda cell, people: None if cell[0] == "E1" and cell[1][0] == "C" else people), {
        ("THR-CONCEPT-RATED", "E1")}),
    "THR-SELECT-LIFE": (gone("activation", "A2"), {("THR-SELECT-LIFE", "E1")}),
    "THR-LIFE-BOTH": (without_kind("activation", "leadership"), {("THR-LIFE-BOTH", "commitment"),
                                                                ("THR-SELECT-LIFE", "E11")}),
    "THR-MEASURE": (gone("review"), {("THR-MEASURE", "commitment")}),
    "THR-DECISION": (gone("decision", "X1"), {("THR-DECISION", "commitment")}),
}  # fmt: skip


def broken(whole: Whole) -> set[tuple[str, str]]:
    return {(one.rule, one.ref) for one in thread.findings_in(whole)}


def changed(whole: Whole, change: Callable) -> Whole:
    # made anew, so that nothing that was worked out from the shipped rows is carried along
    mine = replace(whole, rows=copy.deepcopy(whole.rows))
    answer = change(mine)
    return answer if isinstance(answer, Whole) else mine


def test_every_thread_rule_of_the_method_is_here_in_its_order_and_words():
    method = json.loads((Path(__file__).parent / "cases" / "thread_rules.json").read_text(encoding="utf-8"))
    assert [(rule.id, rule.severity, rule.message) for rule in RULES] == [
        (one["id"], one["severity"], one["message"]) for one in method
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_one_change_breaks_the_thread_and_the_sample_as_shipped_does_not(rule, shipped):
    change, expected = CHANGES[rule.id]
    assert broken(shipped) == SHIPPED
    assert broken(changed(shipped, change)) - SHIPPED == expected
    assert rule.id in {one for one, _ref in expected}


@pytest.mark.parametrize(("change", "expected"), [
    (given("D0", text="Speed even over comfort"), {("THR-LEAD", "principles")}),
    (gone("principle", "D0"), {("THR-LEAD", "principles"), *(("THR-CONCEPT-PRINCIPLE", ref) for ref in (
        "E7", "E8", "E11"))}),
    (given("E7", purposes=["P1"]), {("THR-CONCEPT-PURPOSE", "E7")}),
    (given("E7", status="parked", purposes=[]), {("THR-CONCEPT-PURPOSE", "E7")}),
    (given("E7", merged_into="E3", purposes=[], principles=[], touchpoints=[]), set()),
    (given("P3", status="candidate", evidence_source=None), set()),
    (given("A2", status="dropped"), {("THR-SELECT-LIFE", "E1")}),
    (gone("decision", "X2", "X3"), {("THR-DECISION", "commitment")}),
    (given("X2", step="ranking"), set()),
    (gone("metric", "H3"), {("THR-HEALTH", "strategy")}),
    (unlinked("review", "metrics", "C3"), {("THR-MEASURE", "C3")}),
    (given("C1", weight=None), {("THR-WEIGHTS", "strategy")}),
    (rated(lambda cell, people: {-1: 6, 1: 6} if cell[1] == "C5" else people), {("THR-METRIC-IDLE", "C5")}),
    (rated(lambda cell, people: {-1: 5, 1: 7} if cell[1] == "C5" else people), set()),
], ids=["lead is no question", "lead put away", "only a big purpose", "parked still asked", "merged not asked",
        "a candidate is not asked", "a dropped action is none", "no decision on the selection",
        "decided at the ranking", "no engagement", "C3 not looked at", "a weight missing", "median 0",
        "median 1"])  # fmt: skip
def test_the_edges_of_a_rule(change, expected, shipped):
    assert broken(changed(shipped, change)) - SHIPPED == expected


# --- in a file: from an empty workshop to a finished one ------------------------------------------------------------


def found(db) -> set[tuple[str, str]]:
    return {(one.finding.rule, one.finding.ref) for one in findings.list_findings(db) if one.state == "open"}


def begun(mode: str = "full") -> str:
    return create(StartWorkshop(title="A bank", mode=mode), journal.HOST)


@pytest.mark.parametrize("mode", ["full", "core"])
def test_an_empty_workshop_is_not_asked_anything(mode):
    with store.open(begun(mode)) as db:
        assert found(db) == set()


def test_the_room_going_on_without_something_is_asked_about():
    with store.open(begun()) as db, store.change(db, journal.HOST, "Went on"):
        room.go_to(db, room.GoTo("promise"))
        assert found(db) == {("THR-LEVELS", "purpose"), ("THR-FEW-SMALL", "purpose")}
        room.go_to(db, room.GoTo("purpose"))
        assert found(db) == set()


def test_a_short_session_is_asked_only_about_its_own_steps():
    with store.open(begun("core")) as db, store.change(db, journal.HOST, "Wrote"):
        add_segment(db, AddSegment(name="Savers"))
        wish = add_purpose(db, AddPurpose(level="small", text="I want to know what my loan costs", status="chosen"))
        assert found(db) == {("THR-EVIDENCE", wish), ("THR-EMOTION", wish), ("THR-SEGMENT", "G1")}
        value = add_value(db, AddValue(name="Say the sum", meaning="We say what it costs before anybody asks us"))
        add_principle(db, AddPrinciple(text="The sum even over the rate", values=(value,), do_example="a",
                                       dont_example="b"))  # fmt: skip
        add_promise(db, AddPromise(text="You know the sum before you sign", status="chosen"))
        concept = add_concept(db, AddConcept(name="One page", purposes=(wish,), principles=("D1",),
            what_happens="A saver reads one page with the whole sum on it and signs it"))  # fmt: skip
        asked = found(db)
        assert {"THR-LEVELS", "THR-FEW-SMALL", "THR-PROMISE-TEST", "THR-PROMISE-PURPOSE"} <= {one for one, _ in asked}
        silent = {"THR-CONCEPT-TOUCH", "THR-HEALTH", "THR-DECISION", "THR-GOAL-LINK", "THR-CONCEPT-RATED"}
        assert silent.isdisjoint(one for one, _ in asked)
        add_metric(db, AddMetric(kind="cpi", name="Sums known", purpose=wish, weight=40))
        assert ("THR-WEIGHTS", "ranking") in found(db)
        agreed = ranking.AgreeImpact(concept, "C1", 0)
        ranking.agree_impact(db, agreed)
        assert ("THR-METRIC-IDLE", "C1") in found(db)


def test_a_dropped_step_is_silent_and_comes_back_with_it():
    with store.open(finished("clinic")) as db, store.change(db, journal.HOST, "Dropped"):
        assert ("THR-TOUCH-STATE", "T1") in found(db)
        agenda.drop_step(db, DropStep("touchpoints"))
        assert ("THR-TOUCH-STATE", "T1") not in found(db)
        agenda.take_up_step(db, agenda.TakeUpStep("touchpoints"))
        assert ("THR-TOUCH-STATE", "T1") in found(db)


def test_what_was_put_aside_about_a_step_comes_back_when_something_else_is_missing():
    with store.open(finished("grocery")) as db, store.change(db, journal.HOST, "Asked"):
        items.archive(db, items.Archive("H3"))
        findings.dismiss(db, findings.Dismiss(rule="THR-HEALTH", ref="strategy", reason="We have no staff"))
        assert ("THR-HEALTH", "strategy") not in found(db)
        items.archive(db, items.Archive("H1"))
        assert ("THR-HEALTH", "strategy") in found(db)


def asked(db, step: str, kind: str, **settings) -> int:
    """The room is asked something, and it is revealed afterwards."""
    room.go_to(db, room.GoTo(step))
    return course.open_activity(db, course.OpenActivity(step=step, kind=kind, prompt="?", minutes=5, settings=settings))


def test_a_round_of_rating_is_asked_about_while_the_room_looks_at_it():
    with store.open(finished("bus")) as db, store.change(db, journal.HOST, "Rated"):
        shipped = found(db)
        three = [people.add_participant(db, people.AddParticipant(alias=alias)) for alias in ("Ada", "Bo", "Cy")]
        concepts = ["E1", "E2", "E3", "E4"]
        round_ = asked(db, "ranking", "rate", concepts=concepts, metrics=["C1"])
        for person, values in zip(three, ((-3, -3, -3, -3), (2, 1, 0, -3), (1, 1, 2, -2)), strict=True):
            for concept, value in zip(concepts, values, strict=True):
                rating = ranking.RateImpact(person, concept, "C1", value, activity=round_)
                ranking.rate_impact(db, rating)
        assert found(db) == shipped
        course.reveal_activity(db, course.RevealActivity(round_))
        assert found(db) - shipped == {("VOT-FLAT", "ranking"), ("VOT-QUORUM", "ranking"), ("VOT-SPREAD", "E1+C1"),
                                       ("VOT-SPREAD", "E2+C1"), ("VOT-SPREAD", "E3+C1")}  # fmt: skip
        assert [one.finding.matched for one in findings.list_findings(db, "cell")] == ["−3 … 2", "−3 … 1", "−3 … 2"]
        room.go_to(db, room.GoTo("requirements"))
        assert found(db) == shipped


def test_one_voice_on_the_board_is_asked_about_after_the_reveal():
    with store.open(begun()) as db, store.change(db, journal.HOST, "Wrote"):
        three = [people.add_participant(db, people.AddParticipant(alias=alias)) for alias in ("Ada", "Bo", "Cy")]
        board = asked(db, "purpose", "write")
        for person in [three[0]] * 5 + three[1:]:
            write.add_answer(db, write.AddAnswer(board, person, "I want to know what it costs"))
        assert found(db) == set()
        course.reveal_activity(db, course.RevealActivity(board))
        assert found(db) == {("VOI-ONE", "purpose")}
