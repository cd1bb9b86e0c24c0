"""Weights from every source, whose they are and how firm; and an order that was kept, worked out again."""

import pytest

from tests.test_pages import bus, captions, host, read, texts  # noqa: F401 fixtures and words
from tests.test_pages import do as act
from tests.test_ranking_page import htmls, visit
from workshop import activities, bundle, items, journal, ranking, room, store
from workshop.activities import OpenActivity, RevealActivity, SavePoints
from workshop.activities.rate import RateImpact, rate_impact
from workshop.problems import Rejected
from workshop.steps import commitment, weighing
from workshop.steps.kept_order import list_differences, list_kept
from workshop.steps.order import get_ranking
from workshop.steps.strategy import list_metrics
from workshop.steps.weighing import get_source, list_splits

SPLITS = ((40, 30, 10, 10, 10), (20, 50, 10, 10, 10), (60, 10, 10, 10, 10))


def weights(code: str, kind: str) -> list[float]:
    return [metric["weight"] for metric in read(code, list_metrics, kind)]


def room_splits(code: str) -> None:
    """Three people of the bus sample share out what customers count."""
    refs = [metric["ref"] for metric in read(code, list_metrics, "cpi")]
    act(code, room.go_to, room.GoTo("strategy"))
    asked = act(code, activities.open_activity, OpenActivity(step="strategy", kind="split", prompt="Which?",
                                                             feed="ranking", settings={"targets": refs}))  # fmt: skip
    people = [one["id"] for one in read(code, activities.list_joined)]
    for person, points in zip(people, SPLITS, strict=False):
        act(code, activities.save_points, SavePoints(asked, person, dict(zip(refs, points, strict=True))))
    assert read(code, list_splits) == {}, "not before the reveal"
    act(code, activities.reveal_activity, RevealActivity(asked))
    act(code, room.go_to, room.GoTo("ranking"))


@pytest.fixture
def split_bus(bus) -> str:  # noqa: F811
    room_splits(bus)
    return bus


# Sources


def test_the_rooms_split_is_taken_over_in_one_click_and_told_until_one_is_typed_over(host, split_bus):  # noqa: F811
    at = visit(split_bus, "weights")
    at.button_group(key="weights-view").set_value("sources").run()
    assert not at.exception
    assert captions(at).count("In use: Typed") == 2
    assert "<td>35</td><td>40</td><td>20 … 60</td>" in htmls(at), "as typed, the room's middle, least … most"
    at.button(key="take-split-cpi").click().run()
    # medians 40, 30, 10, 10, 10, scaled to 100
    assert weights(split_bus, "cpi") == [40, 30, 10, 10, 10] and weights(split_bus, "kpi") == [30, 20, 25, 15, 10]
    assert "In use: The room’s split: the middle of what each gave" in captions(at)
    act(split_bus, items.edit, items.Edit("C1", items_version(split_bus, "C1"), {"weight": 41.0}))
    assert read(split_bus, get_source, "cpi") == "typed"
    act(split_bus, items.edit, items.Edit("C1", items_version(split_bus, "C1"), {"weight": 40.0}))
    assert read(split_bus, get_source, "cpi") == "split"


def items_version(code: str, ref: str) -> int:
    return read(code, items.get_item, ref)["version"]


def test_swings_and_an_order_alone_give_weights(host, bus):  # noqa: F811
    at = visit(bus, "weights")
    at.button_group(key="weights-view").set_value("sources").run()
    for ref, swing in (("C1", 100), ("C2", 50), ("C3", 50)):
        at.number_input(key=f"swing-{ref}").set_value(swing)
    at.button(key="weigh-swings-cpi").click().run()
    assert weights(bus, "cpi") == [50, 25, 25, 0, 0] and read(bus, get_source, "cpi") == "swing"
    at.multiselect(key="in-order-kpi").set_value(["K3", "K1", "K2", "K5", "K4"])
    at.button(key="weigh-order-kpi").click().run()
    # (1 + 1/2 + 1/3 + 1/4 + 1/5) / 5 … 1/25, Barron & Barrett 1996
    assert weights(bus, "kpi") == [25.7, 15.6, 45.7, 4.0, 9.0]
    assert read(bus, get_source, "kpi") == "order" and not at.exception
    read(bus, journal.undo)
    assert (weights(bus, "kpi"), read(bus, get_source, "kpi")) == ([30, 20, 25, 15, 10], "typed")


def test_points_with_one_decimal_sum_to_exactly_a_hundred():
    assert ranking.as_points([1, 1, 1]) == [33.4, 33.3, 33.3]
    assert ranking.as_points([0.35, 0.65]) == [35.0, 65.0]


@pytest.mark.parametrize(
    ("handler", "command", "sentence"),
    [
        (weighing.take_split, weighing.TakeSplit("kpi"), "Nobody has split points over these yet."),
        (weighing.weigh_by_swings, weighing.WeighBySwings("cpi", (("C1", 90.0),)), "Give 100 to the one"),
        (weighing.weigh_by_swings, weighing.WeighBySwings("cpi", (("C1", 100.0), ("C2", -5.0))), "Give 100 to the one"),
        (weighing.weigh_by_order, weighing.WeighByOrder("cpi", ("C1", "C1", "C2", "C3", "C4")), "Put all of them in"),
        (weighing.weigh_by_order, weighing.WeighByOrder("csat", ()), "There is nothing to weigh yet."),
        (weighing.set_weights, weighing.SetWeights((("C1", -1.0),)), "“Weight” must lie between 0 and 100."),
        (weighing.set_firmness, weighing.SetFirmness("hard"), "“Firmness” must be one of: argued, usual, agreed."),
        (weighing.source_weights, weighing.SourceWeights("cpi", "dice"), "There is no such source of weights."),
    ],
)
def test_weights_that_are_none_are_refused_and_nothing_is_stored(bus, handler, command, sentence):  # noqa: F811
    before = weights(bus, "cpi")
    with pytest.raises(Rejected, match="^" + sentence):
        act(bus, handler, command)
    assert weights(bus, "cpi") == before


# Whose, and how firm


def test_own_weights_move_the_replays_and_never_the_scores(split_bus):
    before = read(split_bus, get_ranking)
    act(split_bus, weighing.count_own_weights, weighing.CountOwnWeights(True))
    own = read(split_bus, get_ranking)
    assert [row["score"] for row in own.rows] == [row["score"] for row in before.rows]
    assert [row["first_of_100"] for row in own.rows] != [row["first_of_100"] for row in before.rows]
    assert own.remarks == ["Each person’s own weights are drawn with their ratings: 3 people split points."]
    assert own.mode == {"own_weights": True, "everyone_decides": False}


def test_firm_weights_leave_less_doubt_than_those_still_argued_about(bus):  # noqa: F811
    doubts = {}
    for firmness in ("argued", "usual", "agreed"):
        act(bus, weighing.set_firmness, weighing.SetFirmness(firmness))
        found = read(bus, get_ranking)
        doubts[firmness] = found.doubt["weights_of_100"] if found.doubt else 0
    assert doubts["argued"] > doubts["usual"] > doubts["agreed"]


def test_when_these_are_everyone_who_decides_only_weights_vary(host, bus):  # noqa: F811
    at = visit(bus, "weights")
    at.button_group(key="weights-view").set_value("sources").run()
    at.toggle(key="everyone").set_value(True).run()
    assert not at.exception
    found = read(bus, get_ranking)
    assert found.doubt is None or found.doubt["ratings_of_100"] == 0
    said = "These people are everyone who decides: their ratings stand, and only the weights vary."
    assert said in found.remarks and said in texts(at)
    at.button_group(key="firmness").set_value("agreed").run()
    assert read(bus, get_ranking).method["concentration"] == 200


def test_a_bundle_carries_where_the_weights_are_from(split_bus):
    act(split_bus, weighing.take_split, weighing.TakeSplit("cpi"))
    act(split_bus, weighing.count_own_weights, weighing.CountOwnWeights(True))
    copied = bundle.load(bundle.parse(bundle.to_json(read(split_bus, bundle.read))), "host", "Brought in")
    assert read(copied, get_source, "cpi") == "split" and read(copied, list_splits) == read(split_bus, list_splits)
    one, other = read(split_bus, get_ranking), read(copied, get_ranking)
    assert (other.rows, other.mode, other.remarks) == (one.rows, one.mode, one.remarks)


# An order that was kept


def test_a_kept_order_is_the_same_when_worked_out_again_and_else_it_is_said_what_differs(host, bus):  # noqa: F811
    act(bus, weighing.set_firmness, weighing.SetFirmness("agreed"))
    ref = act(bus, commitment.add_decision, commitment.AddDecision(step="commitment", text="Start with E1"))
    # what is changed afterwards is not what the decision was made upon
    act(bus, weighing.set_firmness, weighing.SetFirmness("argued"))
    act(bus, weighing.set_weights, weighing.SetWeights((("C1", 5.0),)))
    act(bus, items.archive, items.Archive("E5"))
    (kept,) = read(bus, list_kept)
    assert read(bus, list_differences, kept) == []
    at = visit(bus, "analyst")
    assert any(kept["kept_at"][:10] in caption and "12 people" in caption for caption in captions(at))
    at.button(key=f"reproduce-{ref}").click().run()
    assert not at.exception
    assert "The same: every place, score and count is as it was printed." in texts(at)
    with store.open(bus) as db:
        for person in [one["id"] for one in activities.list_joined(db)][:8]:
            journal.act(db, "host", rate_impact, RateImpact(person, "E1", "C1", -3), "Rated")
    differences = read(bus, list_differences, kept)
    assert differences[0] == "Ratings that came in or were changed since: 8."
    assert differences[1].startswith("E1: ") and "score" in differences[1]
    at.button(key=f"reproduce-{ref}").click().run()
    assert differences[0] in texts(at)
    assert read(bus, list_kept) == [kept], "what was printed stays as it was"
