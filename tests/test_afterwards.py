"""After the workshop: readings against targets, what is kept or stopped, who acts, and whether we keep our word."""

from datetime import date

import pytest

from tests.finished import finished
from workshop import afterwards, items, journal, people, room, store
from workshop.activities import (
    AnswerPulse,
    CloseActivity,
    RevealActivity,
    answer_pulse,
    close_activity,
    reveal_activity,
)
from workshop.afterwards import AskPromiseReview, Judge
from workshop.problems import NotFound, Rejected
from workshop.steps.commitment import (
    AddActivation,
    AddReading,
    add_activation,
    add_reading,
)
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.strategy import AddMetric, add_metric
from workshop.trend import draw_trend


@pytest.fixture
def bus():
    with store.open(finished("bus")) as db:
        yield db


def act(db, handler, command):
    return journal.act(db, journal.HOST, handler, command, "{ref}")


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "read", "said"),
    [
        ("up", 83, 95, [], ""),
        ("up", 83, 95, [85], "nearer"),
        ("up", 83, 95, [85, 82], "no nearer"),
        ("up", 83, 95, [95], "reached"),
        ("down", 85, 20, [60], "nearer"),
        ("down", 85, 20, [85], "no nearer"),
        ("down", 85, 20, [20], "reached"),
        ("up", None, 95, [90], ""),
        ("up", 83, None, [90], ""),
    ],
)
def test_the_last_reading_is_judged_against_baseline_and_target(direction, baseline, target, read, said):
    metric = {"direction": direction, "baseline": baseline, "target": target}
    assert afterwards.verdict(metric, [{"value": value} for value in read]) == said


def test_readings_stand_in_the_order_of_their_days_and_in_a_chart(db, do):
    metric = do(add_metric, AddMetric(kind="cpi", name="Minutes until it is settled", unit="minutes", baseline=40,
                                      baseline_date="2026-01-01", target=20, direction="down"))  # fmt: skip
    for day, value in (("2026-05-01", 25), ("2026-03-01", 33)):
        do(add_reading, AddReading(metric=metric, date=day, value=value))
    (course,) = afterwards.list_courses(db)
    assert [row["value"] for row in course["readings"]] == [33, 25]
    assert course["verdict"] == "nearer"
    spec = draw_trend(course, course["readings"])
    assert spec["layer"][-1]["data"]["values"] == [
        {"date": "2026-01-01", "value": 40}, {"date": "2026-03-01", "value": 33}, {"date": "2026-05-01", "value": 25}
    ]  # fmt: skip
    assert [row["name"] for row in spec["layer"][0]["data"]["values"]] == ["baseline", "target"]
    assert draw_trend(course | {"baseline": None, "target": None}, [])["layer"][0]["data"]["values"] == []


def test_a_started_concept_is_kept_changed_or_stopped_and_its_last_result_counts(bus):
    started = [row["ref"] for row in afterwards.list_judged(bus)]
    assert started == [row["ref"] for row in items.list_items(bus, "concept") if row["status"] == "selected"]
    assert {row["judged"] for row in afterwards.list_judged(bus)} == {None}
    assert act(bus, afterwards.judge, Judge(started[0], "change", "Twice a day instead")) == started[0]
    act(bus, afterwards.judge, Judge(started[0], "keep"))
    judged = {row["ref"]: row["judged"] and row["judged"]["result"] for row in afterwards.list_judged(bus)}
    assert judged == dict.fromkeys(started) | {started[0]: "keep"}
    with pytest.raises(Rejected, match="A concept is kept, changed or stopped."):
        act(bus, afterwards.judge, Judge("P1", "keep"))
    with pytest.raises(NotFound):
        act(bus, afterwards.judge, Judge("E99", "keep"))


def test_actions_stand_by_state_and_date_the_overdue_first(db, do):
    given = (("b", "open", "2026-06-01"), ("late", "doing", "2026-01-01"), ("done", "done", "2026-01-01"),
             ("someday", "open", None), ("a", "open", "2026-05-01"))  # fmt: skip
    for action, status, due in given:
        do(add_activation, AddActivation(kind="employees", action=action, status=status, due=due))
    by_state = afterwards.list_actions(db, date(2026, 3, 1))
    assert [(state, [row["action"] for row in rows]) for state, rows in by_state] == [
        ("overdue", ["late"]), ("open", ["a", "b", "someday"]), ("done", ["done"])
    ]  # fmt: skip


def test_the_two_minute_review_asks_the_room_and_keeps_each_time(db, do):
    with pytest.raises(Rejected, match="No promise is chosen yet. Choose one first."):
        do(afterwards.ask_promise_review, AskPromiseReview())
    assert room.get_room(db)["step"] is None
    do(items.choose, items.Choose(do(add_promise, AddPromise(text="You will know when it comes."))))
    crowd = [do(people.add_participant, people.AddParticipant(alias=name)) for name in ("Ada", "Bo", "Cy")]
    for answers in (("yes", "yes", "no"), ("partly", "partly", "partly")):
        asked = do(afterwards.ask_promise_review, AskPromiseReview())
        assert room.get_room(db)["step"] == "promise"
        for person, answer in zip(crowd, answers, strict=True):
            do(answer_pulse, AnswerPulse(asked, person, answer=answer))
        do(close_activity, CloseActivity(asked))
        before = afterwards.list_promise_reviews(db)
        assert all(one.activity["id"] != asked for one in before), "nothing is told before the reveal"
        do(reveal_activity, RevealActivity(asked))
    counts = [{a: n for a, n in one.rows[0]["counts"].items() if n} for one in afterwards.list_promise_reviews(db)]
    assert counts == [{"yes": 2, "no": 1}, {"partly": 3}]
