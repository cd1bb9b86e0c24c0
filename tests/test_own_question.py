"""The host's own question: any kind, any step, in the host's words on screen and phones."""

import pytest

from tests.test_activities import counted, here, say, three_purposes  # noqa: F401  fixtures
from tests.test_room_pages import host, lead, press, seen  # noqa: F401  host is a fixture
from workshop import room
from workshop.activities import (
    RateImpact,
    RevealActivity,
    get_current,
    get_task,
    rate_impact,
    reveal_activity,
)
from workshop.entries import AddEntries, add_entries
from workshop.own_question import AskOwnQuestion, ask_own_question, list_choices
from workshop.problems import Conflict, Rejected
from workshop.step import Ranked
from workshop.steps import AGENDA, on_screen

KINDS = (("write", {}), ("vote", {"targets": ("P1", "P2"), "dots": 2, "cap": 2}), ("split", {"targets": ("P1", "P2")}),
         ("rate", {}), ("pulse", {"scale": "number"}), ("pulse", {"scale": "words", "targets": ("P1",)}))  # fmt: skip


@pytest.mark.parametrize("step", [step.slug for step in AGENDA])
def test_any_kind_can_be_asked_at_any_step_in_the_hosts_own_words(db, do, here, step):
    three_purposes(do)
    counted(do)
    do(room.go_to, room.GoTo(step))
    for number, (kind, about) in enumerate(KINDS):
        prompt = f"What do you say to this, number {number}?"
        do(ask_own_question, AskOwnQuestion(step=step, kind=kind, prompt=prompt, **about))
        task = get_task(db, here[0])
        assert (task.page, task.activity["prompt"], task.activity["step"]) == (kind, prompt, step)


def test_a_rating_of_ones_own_is_a_round_of_the_ranking_wherever_it_is_asked(db, do, say, here):
    counted(do)
    do(room.go_to, room.GoTo("concepts"))
    activity = do(ask_own_question, AskOwnQuestion(step="concepts", kind="rate", prompt="A first guess?"))
    say(rate_impact, RateImpact(here[0], "E1", "C1", 3, activity=activity))
    do(reveal_activity, RevealActivity(activity))
    assert isinstance(on_screen(db), Ranked)
    do(room.go_to, room.GoTo("ranking"))
    do(ask_own_question, AskOwnQuestion(step="ranking", kind="rate", prompt="And now?"))
    assert get_current(db)["round"] == 2, "the first round is not written over"


@pytest.mark.parametrize(
    ("about", "refusal", "sentence"),
    [({"kind": "vote"}, Rejected, "too little to choose from"), ({"kind": "write", "prompt": " "}, Rejected, "Prompt"),
     ({"kind": "rate"}, Rejected, "to be rated yet"), ({"kind": "write", "step": "promise"}, Conflict, "another step")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_and_nothing_opens(db, do, here, about, refusal, sentence):
    with pytest.raises(refusal, match=sentence):
        do(ask_own_question, AskOwnQuestion(**{"step": "purpose", "prompt": "What?"} | about))
    assert get_current(db) is None


def test_what_was_written_at_the_step_comes_first_and_what_stands_elsewhere_after_it(db, do, here):
    counted(do)
    three_purposes(do)
    do(add_entries, AddEntries("concepts", "a bench\na bell"))
    assert [row["ref"] for row in list_choices(db, "concepts")][:4] == ["N1", "N2", "E1", "E2"]
    assert {"P1", "C1", "K1"} <= {row["ref"] for row in list_choices(db, "concepts")}


def test_the_host_asks_it_from_the_page_and_keeps_the_words_when_it_is_refused(host, code, db, here):
    at = lead(code, "promise")
    at.session_state["ask"] = True
    at.run()
    key = at.session_state[f"fresh-{code}-own-promise"]
    at.text_area(key=f"{key}-prompt").set_value("Would you sign this?")
    at.selectbox(key=f"{key}-kind").set_value(("vote", "")).run()
    press(at, "ask-own-promise")
    assert "There is too little to choose from yet: at least 2." in seen(at)
    assert at.text_area(key=f"{key}-prompt").value == "Would you sign this?"
    at.selectbox(key=f"{key}-kind").set_value(("pulse", "yes")).run()
    press(at, "ask-own-promise")
    assert (get_current(db)["prompt"], get_current(db)["kind"]) == ("Would you sign this?", "pulse")
    assert at.button(key="move").label == "Close"
