"""What may be entered: every text passes one clean(), and every refusal is a sentence about its field."""

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import fields
from workshop.fields import clean
from workshop.problems import Problem, Rejected


@dataclass(frozen=True, kw_only=True)
class Everything:
    """One field of every kind."""

    name: str = fields.line(most=20, needed=True, starred=True)
    story: str = fields.text("What happened", starred=True)
    kind: str | None = fields.one_of("cpi", "kpi")
    weight: float | None = fields.number(0, 100)
    effort: int | None = fields.number(1, 5, whole=True)
    kept: bool | None = fields.yes_no("Kept?")
    due: str | None = fields.day()
    purpose: str | None = fields.ref_to("purpose")
    values: tuple = fields.refs_to("value", "From which values")


def said(name: str, value) -> str:
    [problem] = fields.problems(Everything, {name: value})
    assert problem.field == name
    return problem.message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a word  ", "a word"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("tab\there", "tab here"),
        ("bell\x07, null\x00, escape\x1b[31m", "bell, null, escape[31m"),
        ("\u202eevil\u202c \u2066isolate\u2069 \u200emark\u200f", "evil isolate mark"),  # direction
        ("zero\u200bwidth \ufeff soft\u00adhyphen", "zerowidth  softhyphen"),
        ("a\u200db", "ab"),  # a joiner between Latin letters only hides a difference
        ("\u200djoiner first", "joiner first"),
        ("lone \ud800 half", "lone  half"),
        ("line\u2028and paragraph\u2029separator", "lineand paragraphseparator"),
        ("e\u0301te\u0301", "été"),
        ("👩\u200d🚒 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥", "👩\u200d🚒 👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("👍🏽 🇫🇷 1️⃣", "👍🏽 🇫🇷 1️⃣"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs the non-joiner
        ("क\u094d\u200dष", "क\u094d\u200dष"),  # and Hindi the joiner
        ("לא לחכות", "לא לחכות"),
        ("\u200b\u2060\n\t ", ""),
    ],
)
def test_clean_keeps_what_people_mean_and_drops_what_only_hides(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_leaves_no_control_character(text):
    once = clean(text)
    assert clean(once) == once
    assert once == unicodedata.normalize("NFC", once).strip()
    assert not [c for c in once if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c != "\n"]
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") & set(once)
    once.encode()


def test_what_is_accepted_is_ready_to_store():
    given_ = {
        "name": " Truth \n board ",
        "story": " One.\nTwo. ",
        "kind": "cpi",
        "weight": 30,
        "effort": 3.0,
        "kept": True,
        "due": "2026-03-12",
        "purpose": "P3",
        "values": ["V2", "V1", "V2"],
    }
    stored = {"name": "Truth board", "story": "One.\nTwo.", "kind": "cpi", "weight": 30.0, "effort": 3, "kept": 1,
              "due": "2026-03-12", "purpose": "P3", "values": ("V2", "V1")}  # fmt: skip
    accepted = fields.accept(Everything, given_)
    assert accepted == stored
    assert [type(accepted[name]) for name in ("weight", "effort", "kept")] == [float, int, int]


def test_what_was_left_empty_is_stored_as_nothing():
    empty = {
        "story": "  ",
        "kind": "",
        "weight": None,
        "effort": None,
        "kept": None,
        "due": "",
        "purpose": "",
        "values": [],
    }
    assert fields.accept(Everything, empty) == {
        "story": "",
        "kind": None,
        "weight": None,
        "effort": None,
        "kept": None,
        "due": None,
        "purpose": None,
        "values": (),
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("name", "", "Write something under “Name”."),
        ("name", " \u200b\n ", "Write something under “Name”."),
        ("name", None, "Write something under “Name”."),
        ("name", "x" * 21, "“Name” may have at most 20 characters, and this has 21."),
        ("name", 7, "“Name” must be text."),
        ("name", True, "“Name” must be text."),
        ("story", "x" * 5_000, "“What happened” may have at most 2,000 characters, and this has 5,000."),
        ("story", ["a"], "“What happened” must be text."),
        ("kind", "nps", "“Kind” must be one of: cpi, kpi."),
        ("kind", ["cpi"], "“Kind” must be one of: cpi, kpi."),
        ("weight", "30", "“Weight” must be a number."),
        ("weight", True, "“Weight” must be a number."),
        ("weight", float("nan"), "“Weight” must be a number."),
        ("weight", float("inf"), "“Weight” must be a number."),
        ("weight", 100.1, "“Weight” must lie between 0 and 100."),
        ("weight", -1, "“Weight” must lie between 0 and 100."),
        ("weight", 10**400, "“Weight” must lie between 0 and 100."),
        ("effort", 2.5, "“Effort” must be a whole number."),
        ("effort", 6, "“Effort” must lie between 1 and 5."),
        ("effort", -(10**400), "“Effort” must lie between 1 and 5."),
        ("kept", "yes", "“Kept?” must be yes or no."),
        ("kept", 2, "“Kept?” must be yes or no."),
        ("due", "12.3.2026", "“Due” must be a date such as 2026-03-12."),
        ("due", "2026-02-30", "“Due” must be a date such as 2026-03-12."),
        ("due", 20260312, "“Due” must be a date such as 2026-03-12."),
        ("due", "2026-W11-4", "“Due” must be a date such as 2026-03-12."),
        ("purpose", "the third", "“Purpose” must name an item, such as P3."),
        ("purpose", 3, "“Purpose” must name an item, such as P3."),
        ("purpose", "P3\n", "“Purpose” must name an item, such as P3."),
        ("values", "V1", "“From which values” must be a list of items."),
        ("values", ["V1", None], "“From which values” must name an item, such as P3."),
        ("unheard", 1, "“unheard” is not known here."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_refusal_is_a_sentence_about_its_field(name, value, sentence):
    assert said(name, value) == sentence
    with pytest.raises(Rejected) as refused:
        fields.accept(Everything, {"name": "fine", name: value})
    assert str(refused.value) == sentence
    assert refused.value.problems == (Problem(name, sentence),)


def test_a_figure_moves_by_one_in_its_last_place():
    moved = {None: 1, 0: 1, 85: 1, 85_000: 1, 1.5e7: 1, 4.2: 0.1, -0.45: 0.01, 4.300000000000001: 0.1}
    assert {figure: fields.last_place(figure) for figure in moved} == moved
    assert fields.last_place(85) != 0.01, "nobody counts hundredths of a minute"


def test_all_problems_are_told_at_once():
    assert fields.problems(Everything, {"name": "", "weight": -1, "kind": "cpi"}) == [
        Problem("name", "Write something under “Name”."), Problem("weight", "“Weight” must lie between 0 and 100."),
    ]  # fmt: skip


def test_a_starred_field_may_stay_empty_and_is_then_missing():
    assert fields.problems(Everything, {"name": "fine", "story": ""}) == []
    assert fields.missing(Everything, {"name": "fine", "story": ""}) == ["What happened"]
    assert fields.missing(Everything, {"name": "fine", "story": "told"}) == []


def test_exactly_as_long_as_allowed_is_allowed():
    assert fields.problems(Everything, {"name": "x" * 20, "story": "x" * 2_000, "effort": 5, "weight": 100}) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*fields.fields_of(Everything), "unheard"]), json_values))
def test_whatever_is_given_is_stored_or_refused_and_never_breaks(values):
    try:
        stored = fields.accept(Everything, values)
    except Rejected as refusal:
        assert {problem.field for problem in refusal.problems} <= set(values)
    else:
        assert fields.accept(Everything, stored) == stored
