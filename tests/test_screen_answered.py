"""The shared screen's pieces for what was answered: numbers first, nothing clickable, words only ever words."""

import base64
import re

import pytest

from pages.room import answered
from tests.test_screen_pieces import Reader, text_of
from workshop.activities import Results

SHORT = "I need to know the 5:40 is really coming."
LONG = "I want to get to college for the first lesson without asking my parents for a lift, and back again. "
EVIL = "<script>alert(1)</script>\"' onload=x &amp;<img src=x>"


def found(kind: str, rows: list[dict], earlier: list[dict] | None = None, prompt: str = "What counts most?") -> Results:
    asked = {"id": 1, "kind": kind, "prompt": prompt, "step": "purpose"}
    before = [Results(asked, 9, 0, earlier)] if earlier else []
    return Results(asked, 12, 0, rows, before)


def votes(*dots: int, text: str = SHORT) -> list[dict]:
    return [{"ref": f"P{n}", "text": text, "dots": given, "people": given} for n, given in enumerate(dots)]


def pulse(counts: dict, ref: str = "", text: str = "Do you believe it?") -> dict:
    return {"ref": ref, "text": text, "counts": counts, "answered": sum(counts.values()), "groups": {}, "words": []}


def first(*about, **more) -> str:
    """The first page of what was answered."""
    return answered.pages_of(*about, **more)[0][1]


def test_a_vote_shows_a_disc_for_each_dot_and_the_leading_lines_first():
    html = first(found("vote", votes(5, 3, 2, 1, 0)), "purpose")
    assert re.findall(r'class="n">(\d+)', html) == ["5", "3", "2", "1", "0"]
    assert html.count("<i></i>") == 11
    assert html.count('<li class="top">') == 3
    assert "→" not in html, "there is no round before this one"


@pytest.mark.parametrize(("dots", "leading"), [
    ((4, 3, 2, 2, 1), 2), ((2, 2, 2, 2), 0), ((2, 2, 2, 1), 3), ((1, 0, 0, 0), 1), ((0, 0), 0),
])  # fmt: skip
def test_lines_with_the_same_number_of_dots_lead_together_or_not_at_all(dots, leading):
    html = first(found("vote", votes(*dots)), "purpose")
    assert re.findall(r'<li class="(\w+)">', html) == ["top"] * leading + ["rest"] * (len(dots) - leading)


@pytest.mark.parametrize("kind", ["vote", "split"])
def test_what_is_withheld_says_so_and_shows_no_line(kind):
    asked = {"id": 1, "kind": kind, "prompt": "What counts most?", "step": "purpose"}
    alone = Results(asked, 1, 0, withheld=True)
    assert text_of(first(alone, "purpose")) == "Answers are shown from three people on."
    assert "1 of 3" in text_of(answered.head(alone, 3, "Purpose", None)), "how many answered is no secret"


def test_many_dots_are_a_number_alone_and_the_words_have_their_place():
    text = LONG.removesuffix(", and back again. ")
    html = first(found("vote", votes(40, 3, text=text)), "purpose")
    assert "<i></i>" not in html and '<ol class="votes purpose bare">' in html and "--size:6.7" in html
    html = first(found("vote", votes(18, 3, text=text)), "purpose")
    assert html.count("<i></i>") == 21 and "bare" not in html and "--size:6.7" not in html


def test_a_second_round_shows_the_first_beside_it():
    html = first(found("vote", votes(5, 3), votes(2, 4)), "purpose")
    assert text_of(html) == f"2 →5{SHORT}4 →3{SHORT}"


@pytest.mark.parametrize(("many", "text"), [(12, SHORT), (60, SHORT), (60, LONG * 2)])
def test_what_does_not_fit_goes_to_the_next_page_and_every_line_has_one(many, text):
    rows = [row | {"text": f"{row['ref']} {text}"} for row in votes(*range(many, 0, -1))]
    pages = answered.pages_of(found("vote", rows), "purpose", below=LONG)
    on_pages = [re.findall(r">(P\d+) ", html) for _which, html in pages]
    assert [ref for page in on_pages for ref in page] == [row["ref"] for row in rows]
    assert len(pages) > 1 and all(on_pages)
    assert pages[0][0] == f"1–{len(on_pages[0])} of {many}"
    assert "class=\"pages\"" in answered.head(found("vote", rows), 12, "Purpose", "K7Q4MD", pages[0][0])


def test_a_judgement_of_sixty_things_has_pages_too():
    rows = [pulse({"kept": 3, "broken": 1}, f"T{n}", f"Stop {n} {SHORT}") for n in range(60)]
    pages = answered.pages_of(found("pulse", rows), "touchpoint")
    assert [n for _which, html in pages for n in re.findall(r">Stop (\d+) ", html)] == [str(n) for n in range(60)]


def test_own_words_follow_the_counts_as_slips_and_stand_alone_where_nothing_is_counted():
    said = pulse({"yes": 3}) | {"words": ["because it comes", EVIL, "I drive it"]}
    counts, words = answered.pages_of(found("pulse", [said]), "purpose")
    assert ("yes" in counts[1], "because it comes" in counts[1]) == (True, False)
    assert "because it comes" in words[1] and "<script>" not in words[1]
    [(_which, only)] = answered.pages_of(found("pulse", [said | {"counts": {}}]), "purpose")
    assert "I drive it" in only


def test_a_split_is_whole_points_on_a_strand():
    rows = [{"ref": "C1", "text": "Told in time", "points": 62.5}, {"ref": "C2", "text": "A seat", "points": None}]
    html = first(found("split", rows), "cpi")
    assert text_of(html) == "62Told in time–A seat"
    assert re.findall(r"width:([\d.]+)%", html) == ["100.0", "0.0"]


def test_a_pulse_is_a_disc_a_person_over_each_answer_and_without_decimals():
    html = first(found("pulse", [pulse({"yes": 5, "partly": 0, "no": 2, "unknown": 1})]), "purpose")
    assert html.count("<i></i>") == 8
    assert text_of(html) == "What counts most?5yespartly2no1I don’t know"


@pytest.mark.parametrize("question", ["Why?", LONG, LONG * 5])
def test_what_one_question_gave_stands_below_the_question_and_leaves_its_place_to_the_step(question):
    asked = found("pulse", [pulse({"yes": 40, "no": 2})], prompt=question)
    assert question.strip() in text_of(first(asked, "purpose", LONG))
    assert "Purpose 12 of 12 answered" in text_of(answered.head(asked, 12, "Purpose", "K7Q4MD"))
    of_several = found("pulse", [pulse({"yes": 3}, "T1"), pulse({"yes": 3}, "T2")], prompt="Why?")
    assert "Why?" not in first(of_several, "purpose"), "there the header says it"


def test_a_pulse_of_fewer_than_three_says_only_that():
    for rows in ([pulse({})], [pulse({}, "T1"), pulse({}, "T2")]):
        assert text_of(first(found("pulse", rows), "purpose")) == "Answers are shown from three people on."


def test_each_thing_that_was_judged_has_a_row_and_what_most_said_is_bold():
    counts = {"kept": 1, "partly": 2, "broken": 4, "unknown": 0}
    html = first(found("pulse", [pulse(counts, "T1", "The stop"), pulse({}, "T2", "The ride")]), "purpose")
    assert text_of(html) == "keptpartlybrokenI don’t knowThe stop1240The ride––––"
    assert html.count("class=most") == 1


@pytest.mark.parametrize("prompt", ["Why?", "Which of these counts most of all to those whom we want to serve?", LONG])
def test_the_prompt_stands_whole_in_the_header_or_leaves_its_place_to_the_step(prompt):
    html = answered.head(found("vote", [], prompt=prompt), 12, "Purpose", "K7Q4MD")
    assert (prompt.strip() in html) != ("Purpose" in html)


def test_the_header_says_how_many_of_those_asked_answered():
    assert "12 of 14 voted" in answered.head(found("vote", []), 14, "Purpose", None)
    assert "12 of 12 shared out 100 points" in answered.head(found("split", []), 12, "Purpose", None)
    somebody_left = answered.head(found("pulse", []), 11, "Purpose", None)
    assert "12 answered" in somebody_left and "of 11" not in somebody_left


@pytest.mark.parametrize("ref", ["", "T1"])
def test_a_pulse_asked_twice_shows_both_rounds(ref):
    once, twice = pulse({"yes": 3, "no": 4}, ref), pulse({"yes": 6, "no": 1}, ref)
    html = first(found("pulse", [twice], [once]), "purpose")
    assert [text.split() for text in re.findall(r"class=.?was.?>([^<]*)<", html)] == [["3", "→"], ["4", "→"]]
    assert "→" not in first(found("pulse", [twice]), "purpose")


def test_the_way_in_is_the_address_the_code_and_the_same_as_a_picture():
    html = answered.joining("http://192.168.8.2:8501", "K7Q4MD", 7)
    assert "192.168.8.2:8501/join" in html and "K7Q 4MD" in html and "7 are in" in html
    assert "1 is in" in answered.joining("http://192.168.8.2:8501", "K7Q4MD", 1)
    [image] = Reader(html.replace('">', '"></img>', 0).replace("QR code\">", "QR code\"></img>")).having("qr")
    assert base64.b64decode(image["src"].split(",")[1]).startswith(b"\x89PNG")
    assert "<i class=on>" not in answered.joining("http://192.168.8.2:8501", "K7Q4MD", 41)


@pytest.mark.parametrize(("code", "size"), [("K7Q4MD", "16.2"), ("Q5MMWC", "14"), ("WWWMMM", "12")])
def test_the_code_is_as_large_as_its_letters_let_it_stand_beside_the_picture(code, size):
    assert f'<p class="join" style="--size:{size}">' in answered.joining("http://x", code, 1)


def test_a_break_says_when_we_go_on_and_keeps_the_promise_in_sight():
    assert text_of(answered.holding("It comes.", "10:45")) == "It comes.Back at 10:45"
    assert text_of(answered.holding("", "")) == "We go on in a moment."


def test_no_word_of_the_room_becomes_a_tag_or_an_attribute():
    rows = votes(3, 2, text=EVIL)
    for html in (
        first(found("vote", rows, rows), "purpose"),
        first(found("split", [{"ref": "C1", "text": EVIL, "points": 5.0}]), "cpi"),
        first(found("pulse", [pulse({"kept": 3}, "T1", EVIL)]), "purpose"),
        answered.head(found("vote", [], prompt=EVIL), 12, EVIL, None),
        answered.holding(EVIL, EVIL),
        answered.joining("http://x", "K7Q4MD", 1),
    ):
        assert not re.search(r"<(script|a|button|input|form)\b|onload=x [^&]", html)
        assert "<img src=x>" not in html
