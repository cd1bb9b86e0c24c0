"""Asking little: beyond the fair share each is asked what would settle the top, and nobody is shown how it stands."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.phones import bus, come_in, host_does, join_code, phone, unhurried  # noqa: F401 fixtures and words
from tests.test_pages import FRAME, SCRIPTS, host, texts  # noqa: F401
from tests.test_phone_tasks import give, shown
from workshop import activities, items, room, store
from workshop.activities import AskFurther, OpenActivity, RateImpact, get_task
from workshop.activities.further import list_further
from workshop.steps.further import get_progress, list_next


@pytest.fixture
def share_of_two(bus) -> int:  # noqa: F811
    """Four concepts on three metrics, two cells for each person."""
    host_does(bus, room.go_to, room.GoTo("ranking"))
    settings = {"concepts": ["E1", "E2", "E5", "E8"], "metrics": ["C1", "C2", "K5"], "share": 2}
    command = OpenActivity(step="ranking", kind="rate", prompt="Which?", feed="ranking", settings=settings)
    return host_does(bus, activities.open_activity, command)


def test_a_phone_that_is_done_is_asked_for_what_would_settle_the_top(bus, share_of_two):  # noqa: F811
    ana = phone()
    come_in(ana, join_code(bus), name="Ana")
    for _cell in range(2):
        assert "more that would settle the top" not in shown(ana)
        give(ana, "rate", rating="1")
    with store.open(bus) as db:
        assert activities.count_ready(db)[0] == 1, "the fair share is enough to be ready"
        me = max(one["id"] for one in activities.list_joined(db))
        asked, first = activities.get_activity(db, share_of_two), get_task(db, me)
        further = list_further(db, asked, me)
    assert (len(further), first.left, first.further) == (3, 3, 3)
    assert "Three more that would settle the top" in shown(ana) and "2 of 5 saved" in shown(ana)
    assert {concept for concept, _metric in further} <= {"E1", "E2"}, "nothing of those that cannot come first"
    for _cell in range(3):
        give(ana, "rate", rating="2")
    with store.open(bus) as db:
        cells = [(one["concept"]["ref"], one["metric"]["ref"]) for one in get_task(db, me).targets]
        assert len(cells) == len(set(cells)), "nothing is asked twice"
        assert len(cells) > 5, "it goes on, three at a time, while people like"


def test_those_who_are_done_at_once_are_not_all_asked_the_same(bus, share_of_two):  # noqa: F811
    with store.open(bus) as db:
        people = [one["id"] for one in activities.list_joined(db)]
        given = []
        for person in people:
            cells = list_next(db, get_task(db, person))
            given.append(cells)
            host_does(bus, activities.ask_further, AskFurther(share_of_two, person, tuple(cells)))
    assert len({tuple(sorted(cells)) for cells in given}) > 1
    asked = [cell for cells in given for cell in cells]
    assert asked.count(("E1", "C1")) > asked.count(("E1", "K5")), "the heavier metric all the same before the lighter"


def test_the_host_sees_what_is_covered_and_nothing_of_what_was_rated(host, bus, share_of_two):  # noqa: F811
    with store.open(bus) as db:
        assert get_progress(db) is None
        for person in [one["id"] for one in activities.list_joined(db)][:5]:
            for target in get_task(db, person).targets:
                rating = RateImpact(person, target["concept"]["ref"], target["metric"]["ref"], -3, 2, 2, share_of_two)
                host_does(bus, activities.rate_impact, rating)
        so_far, names = get_progress(db), {one["name"] for one in items.list_items(db, "concept")}
    assert so_far.covered == "5 people have rated so far, each cell 0–1 times. Cells that nobody has rated yet: 2."
    assert so_far.five_minutes.startswith("Another five minutes of rating would")
    at = AppTest.from_file(FRAME, default_timeout=30)
    at.switch_page(SCRIPTS["ranking"])
    at.query_params["w"] = bus
    at.session_state["ranking-view"] = "rate"
    at.run()
    said = [text for text in texts(at) if "rating" in text or "rated so far" in text]
    assert said[:2] == [so_far.covered, so_far.five_minutes]
    assert not any(name in text for name in names for text in said)
