"""What a workshop calls its nouns is said wherever the tool speaks: one function, and never in people's own words."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import door
from pages.room.screen import picture
from tests.finished import finished
from tests.phones import bus, come_in, join_code, phone, unhurried  # noqa: F401
from workshop import afterwards, bundle, compare, forms, journal, review, room, store, template, words
from workshop.own_names import NameNoun, list_own_names, name_all, name_noun
from workshop.problems import Rejected

FRAME = Path(__file__).parents[1] / "pages" / "frame.py"
OURS = [NameNoun("promise", "brand promise"), NameNoun("concept", "idea card"), NameNoun("touchpoint", "story")]


@pytest.fixture
def renamed() -> str:
    code = finished("bus")
    with store.open(code) as db:
        journal.act(db, journal.HOST, name_all, OURS, "Named what the workshop speaks of")
    return code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Promise", "Brand promise"),
        ("A concept serves promises.", "An idea card serves brand promises."),
        ("What we promise", "What we promise"),
        ("{concept}: compromise, touchpoints", "{concept}: compromise, stories"),
        ("Values and purposes", "Values and purposes"),
        ("The brand promise of last year", "The brand promise of last year"),
    ],
)
def test_nouns_are_called_by_the_workshops_names_and_verbs_and_gaps_stay(renamed, text, said):
    assert words._(text) == text
    with store.open(renamed):
        assert words._(text) == said
        with store.open(finished("clinic")):
            assert words._(text) == text, "another workshop that is open inside has its own"
        assert words._(text) == said
    assert words._(text) == text and words.own_names.get() == ()


def test_pages_exports_and_the_screen_speak_so_and_peoples_words_stay(renamed, monkeypatch):
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp("host")})
    with store.open(renamed) as db:
        journal.act(db, journal.HOST, room.go_to, room.GoTo("promise"), "Went")
    at = AppTest.from_file(FRAME, default_timeout=40)
    at.switch_page("steps/promise.py")
    at.query_params["w"] = renamed
    at.run()
    said = (*at.title, *at.caption, *at.text, *at.markdown)
    told = [one.value for one in said] + [one.label for one in at.button]
    assert not at.exception and {"Brand promise", "**Another candidate**", "Next: Principles"} <= set(told)
    with store.open(renamed) as db:
        document = forms.make(db, "md", forms.Wanted()).decode()
        assert "## 5 Brand promise" in document and "## 11 Idea cards" in document
        assert "A promise for all 19 routes at once" in document, "what people wrote is theirs"
        journal.act(db, journal.HOST, room.go_to, room.GoTo("touchpoints"), "Went")
        shown = "".join(picture(db))
        assert "<b>Stories</b>" in shown and "Touchpoints" not in shown


def test_the_host_names_them_on_the_plan(monkeypatch):
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp("host")})
    at = AppTest.from_file(FRAME, default_timeout=40)
    at.switch_page("room/plan.py")
    at.query_params["w"] = code = finished("bus")
    at.run()
    at.text_input(key="own-promise").set_value("word [given](x)")
    at.button(key="save-own-names").click().run()
    assert "A name has letters, spaces and hyphens alone, at most 40 in all." in [one.value for one in at.text]
    at.text_input(key="own-promise").set_value("Word given")
    at.button(key="save-own-names").click().run()
    with store.open(code) as db:
        assert list_own_names(db) == [{"noun": "promise", "name": "Word given"}]


def test_a_phone_is_spoken_to_so(bus):
    with store.open(bus) as db:
        journal.act(db, journal.HOST, name_all, OURS, "Named")
        journal.act(db, journal.HOST, room.go_to, room.GoTo("concepts"), "Went")
    mine = phone()
    come_in(mine, join_code(bus), name="Ana")
    assert "Idea cards" in mine.get("/phone").text and words.own_names.get() == ()


def test_names_travel_with_the_bundle_and_with_a_template(renamed):
    wanted = [{"noun": one.noun, "name": one.name} for one in OURS]
    with store.open(renamed) as db:
        again = bundle.load(bundle.parse(bundle.to_json(bundle.read(db)).encode()), journal.HOST, "Brought in")
    for code in (again, template.copy(renamed, "Next year", journal.HOST, content=False)):
        with store.open(code) as db:
            assert list_own_names(db) == wanted
    with store.open(renamed) as db:
        journal.undo(db)
        assert list_own_names(db) == []


@pytest.mark.parametrize("name", ["<b>x</b>", "[x](http://a)", "**x**", "a" * 41, "{name}", ":red[x]", "$x$"])
def test_a_name_that_could_be_markup_is_refused_in_one_sentence(db, do, name):
    with pytest.raises(Rejected, match="A name has letters, spaces and hyphens alone, at most 40 in all."):
        do(name_all, [NameNoun("value", "virtue"), NameNoun("promise", name)])
    with pytest.raises(Rejected, match="Choose one of these to rename: promise, purpose"):
        do(name_all, [NameNoun("metric", "number")])
    assert list_own_names(db) == []


def test_what_the_promise_was_asked_about_is_known_under_its_new_name(bus):
    made = review.start_review(bus, journal.HOST)
    with store.open(bus) as db:
        before = compare.snapshot(db)
        journal.act(db, journal.HOST, name_noun, NameNoun("promise", "brand promise"), "x")
    with store.open(bus) as db:
        [said] = afterwards.list_promise_reviews(db)
        assert said.activity["prompt"] == "Are we keeping our promise with what stands here?", "as it was asked"
        question = "Are we keeping our brand promise with what stands here?"
        after = replace(before, answers={(question, ""): "3 yes"})
        answers = {(asked, was, now) for asked, _about, was, now in compare.compare(before, after).answers}
    assert (question, "5 yes, 4 partly, 2 no, 1 I don’t know", "3 yes") in answers
    assert len([asked for asked, *_said in answers if "with what stands here" in asked]) == 1
    with store.open(made) as db:
        assert review.promise_last_time(db) == ["2026-03-12  5 yes, 4 partly, 2 no, 1 I don’t know"]
