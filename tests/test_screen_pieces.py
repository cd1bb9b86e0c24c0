"""The shared screen's HTML: what stands on it, what is cut, and that people's words stay words."""
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.room import pieces
from workshop import palette
from workshop.step import Slip

CSS = (Path(__file__).parents[1] / "pages/static/screen.css").read_text()
TAGS = {"div", "header", "footer", "main", "p", "b", "span", "i", "h1", "ul", "li", "dl", "dt", "dd", "table",
        "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}
TESTS = [("Kept when", "It runs."), ("Broken when", "Nobody comes.")]
ROWS = [{"name": "Truth board", "rank": 1, "score": 33.4, "customer_score": 33.0, "business_score": 34.0},
        {"name": "Home anyway", "rank": 2, "score": 28.0, "customer_score": 34.0, "business_score": -2.0},
        {"name": "Stop letter", "rank": 2, "score": 28.0, "customer_score": 1.0, "business_score": 3.0}]


def slip(noun, lead, text):
    return Slip("P1", noun, lead, text)


class Reader(HTMLParser):
    """Tags (name, attributes) and words of a piece, as a browser reads them; every tag must be closed in order."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "col":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def having(self, name):
        """The attributes of every tag with that attribute or class."""
        return [attrs for _tag, attrs in self.tags if name in attrs or name in (attrs.get("class") or "").split()]


def text_of(html):
    return " ".join("".join(Reader(html).words).split())


def every_piece(words):
    """Each piece with the same words in every place that takes any."""
    rows = [row | {"name": words} for row in ROWS]
    placed = [row | {"tier": 1, "rank_lo": 1, "rank_hi": 2} for row in rows]
    return [pieces.header(words, words, words), pieces.footer(words, words, words, 50),
            pieces.writing(words, [words], ready=1, present=2, deadline=words, left=words, silent=True),
            pieces.slips([slip("purpose", words, words)] * 9, 1, promise_text=words),
            pieces.statement("promise", words, words, [(words, words)]),
            pieces.empty(words), pieces.ranking(rows, words, strong=[words], customers=words, business=words),
            pieces.ranking(placed, words, strong=[words[:3], words[2:]])]


@given(st.text(min_size=1).map(lambda text: text + "<script>alert(1)</script>\"' onload=x &amp;<img src=x>"))
def test_no_word_of_the_room_becomes_a_tag_or_an_attribute(words):
    for html in every_piece(words):
        tags = Reader(html).tags
        assert {tag for tag, _attrs in tags} <= TAGS
        assert {name for _tag, attrs in tags for name in attrs} <= {
            "class", "style", "role", "aria-label", "aria-hidden", "scope", "rowspan", "colspan", "data-passed",
            "data-started", "data-deadline", "data-clock"}


def test_the_header_says_where_we_are_and_how_to_come_in():
    assert text_of(pieces.header("Purpose", "in their own words", "K7Q4MD")) == (
        "Purpose in their own wordsJoin K7Q 4MDReconnecting")


def test_without_a_join_code_nothing_is_offered_but_the_lost_connection_can_still_be_said():
    html = pieces.header("Purpose", "in their own words")
    assert "Join" not in html and len(Reader(html).having("lost")) == 1


def test_a_lost_connection_puts_its_word_in_the_place_of_the_code():
    assert re.search(r'body\[data-connection="lost"\] \.screen \.code \{ display: none; \}', CSS)
    assert re.search(r"\.screen \.lost \{ display: none;", CSS)


def test_the_thread_is_a_clock_only_with_a_deadline():
    still = pieces.footer("We come.")
    assert "data-" not in still and "<i" not in still
    running = Reader(pieces.footer("We come.", "2026-03-12T10:00:00Z", "2026-03-12T10:08:00Z", passed=25))
    assert running.having("data-passed") == [{"data-passed": "25", "data-started": "2026-03-12T10:00:00Z",
                                              "data-deadline": "2026-03-12T10:08:00Z", "style": "width:25%"}]
    assert running.having("thread")[0]["aria-label"] == "25 of 100 of the time has passed"


def test_writing_shows_who_is_ready_as_discs_and_the_clock_in_minutes():
    html = pieces.writing("Finish it.", ["I want …"], ready=9, present=12, deadline="2026-03-12T10:08:00Z",
                          left="4 min left", silent=True)
    assert text_of(html) == "Finish it.I want …9 of 12 ready4 min leftin silence"
    assert (html.count("<i class=on>"), html.count("<i>")) == (9, 3)
    assert Reader(html).having("data-clock") == [{"data-clock": "minutes", "data-deadline": "2026-03-12T10:08:00Z"}]


@pytest.mark.parametrize(("present", "discs"), [(40, 40), (41, 0)])
def test_over_forty_people_are_a_number_only(present, discs):
    assert pieces.writing("x", ready=0, present=present).count("<i>") == discs


def test_writing_shows_neither_count_nor_clock_where_there_is_none():
    assert text_of(pieces.writing("Finish it.")) == "Finish it."


def dealt(slips, rows=4):
    """The slips of every page by their text."""
    return [[card[0].text for card in page] for page in pieces.pages_of(slips, rows)]


def test_seven_short_slips_fill_a_page_beside_the_pager():
    slips = [slip("purpose", "I need", str(i)) for i in range(15)]
    assert dealt(slips) == [list("0123456"), ["7", "8", "9", "10", "11", "12", "13"], ["14"]]
    assert [len(page) for page in dealt(slips, rows=3)] == [5, 5, 5]


def test_a_page_says_which_of_how_many_it_shows_and_beyond_the_last_is_the_last():
    slips = [slip("purpose", "I need", f"text {i}") for i in range(9)]
    assert text_of(pieces.slips(slips, 0)).endswith("I need text 61–7 of 9")
    last = pieces.slips(slips, 1)
    assert text_of(last) == "What we wroteI need text 7I need text 88–9 of 9"
    assert pieces.slips(slips, 99) == last and pieces.slips(slips, -1) == pieces.slips(slips, 0)


def test_longer_slips_take_more_places_and_never_smaller_type():
    def shape(length):
        return pieces.pages_of([slip("purpose", "", ("word " * 200)[:length])])[0][0][3:]

    assert [shape(n) for n in (40, 90, 180, 300, 900)] == [(1, 1, 2), (1, 2, 4), (2, 2, 4), (2, 3, 7), (2, 3, 7)]
    assert "font-size" not in pieces.slips([slip("purpose", "", "word " * 60)])


@given(st.lists(st.tuples(st.integers(1, 400), st.sampled_from("lWi字 "))), st.sampled_from([3, 4]))
def test_every_slip_is_shown_once_and_none_lies_on_another_or_on_the_pager(lengths, rows):
    slips = [slip("purpose", "", f"{i} " + letter * length) for i, (length, letter) in enumerate(lengths)]
    pages = pieces.pages_of(slips, rows)
    assert sorted(card[0].text for page in pages for card in page) == sorted(slip.text for slip in slips)
    for page in pages:
        taken = [(row + i, column + j) for _slip, row, column, across, down, _lines in page
                 for i in range(down) for j in range(across)]
        assert len(taken) == len(set(taken))
        assert set(taken) <= {(r, c) for r in range(1, rows + 1) for c in (1, 2)} - {(rows, 2)}


def test_no_slips_leave_the_page_empty_without_a_pager():
    html = pieces.slips([])
    assert "pager" not in html and text_of(html) == "What we wrote"


def test_what_fits_on_one_page_has_no_pager():
    assert "pager" not in pieces.slips([slip("purpose", "I need", "a bus")] * 7)
    assert "pager" in pieces.slips([slip("purpose", "I need", "a bus")] * 8)


@pytest.mark.parametrize(("length", "size"), [(55, "vow clamp"), (97, "vow long clamp"), (200, "vow longer clamp")])
def test_a_statement_alone_is_as_large_as_it_stands_whole(length, size):
    assert ("h1", {"class": size}) in Reader(pieces.statement("promise", "PR1", "x" * length)).tags


def test_a_statement_shows_its_ref_and_its_tests():
    assert text_of(pieces.statement("promise", "PR1", "We come.", TESTS)) == (
        "PR1We come.Kept whenIt runs.Broken whenNobody comes.")
    assert "<dl" not in pieces.statement("promise", "PR1", "We come.")


def test_every_screen_has_one_heading():
    for html in [*every_piece("words")[2:], pieces.empty("Opening")]:
        assert [tag for tag, _attrs in Reader(html).tags].count("h1") == 1


def cells(html):
    """The body of the table, row by row, as it is read aloud."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", html)[1:]]


def test_the_ranking_reads_place_name_score_and_the_place_for_each_side():
    html = pieces.ranking(ROWS, "Truth board leads.", strong=["Truth board"], customers="Riders")
    assert cells(html) == ["1 Truth board score 33 2 1", "2 Home anyway score 28 1 3", "Stop letter score 28 3 2"]
    assert "<b>Truth board</b> leads." in html and "Riders" in html
    assert "iv" not in [attrs.get("class") for _tag, attrs in Reader(html).tags] and "tier" not in html


def test_known_places_bring_intervals_bands_and_places_instead_of_scores():
    rows = [row | {"tier": tier, "rank_lo": 1, "rank_hi": 2} for row, tier in zip(ROWS, (1, 1, 2), strict=True)]
    html = pieces.ranking(rows, "x")
    assert cells(html) == ["1 Truth board place 1, likely 1 to 2 2 1", "Home anyway place 2, likely 1 to 2 1 3", "",
                           "2 Stop letter place 2, likely 1 to 2 3 2"]
    assert (len(Reader(html).having("iv")), html.count('<tbody class=tier>'), "score" in html) == (3, 2, False)


def test_without_business_scores_their_column_is_left_out():
    html = pieces.ranking([row | {"business_score": None} for row in ROWS], "x")
    assert cells(html)[0] == "1 Truth board score 33 2" and "Business" not in html


def test_what_nobody_rated_has_no_dot():
    rows = [ROWS[0], {"name": "Late", "rank": None, "score": None, "customer_score": None, "business_score": None}]
    html = pieces.ranking(rows, "x")
    assert cells(html)[1] == "– Late not rated – –" and len(Reader(html).having("dot")) == 1


def test_dots_stand_in_the_order_of_the_scores_on_either_side_of_zero():
    html = pieces.ranking([row | {"score": score} for row, score in zip(ROWS, (20.0, -5.0, -30.0), strict=True)], "x")
    left = [float(re.search(r"left:([\d.]+)%", attrs["style"])[1]) for attrs in Reader(html).having("dot")]
    zero = float(re.search(r'"zero" style="left:([\d.]+)%', html)[1])
    assert 0 < left[2] < left[1] < zero < left[0] < 100


def test_sides_that_part_by_six_places_or_more_are_set_bold():
    rows = [{"name": str(i), "rank": i + 1, "score": 50.0 - i, "customer_score": 50.0 - i,
             "business_score": 90.0 if i == 7 else 50.0 - i} for i in range(8)]
    assert re.findall(r'"(. part)">(\d)', pieces.ranking(rows, "x")) == [("c part", "8"), ("b part", "1")]
    assert "part" not in pieces.ranking(rows[:7], "x")


def test_what_does_not_fit_is_counted_and_long_names_are_cut_but_read_whole():
    name = "A very long name of a concept that somebody typed in the heat of the moment and nobody has shortened since"
    html = pieces.ranking([ROWS[0] | {"name": name}] * 14, "x")
    assert len(cells(html)) == 10 and "and 4 more, on your phones" in html
    assert html.count(f'aria-label="{name}"') == 10 and ">A very long name of a…<" in html
    assert "more, on your phones" not in pieces.ranking(ROWS, "x")


@pytest.mark.parametrize("noun", sorted(set(palette.NOUNS)))
def test_the_stylesheet_repeats_the_palette(noun):
    rule = next(line for line in CSS.splitlines() if f".screen .{noun}" in line and "--ink" in line)
    inks = f"--ink: light-dark({palette.ink(noun, 'light')}, {palette.ink(noun, 'dark')})"
    tints = f"--tint: light-dark({palette.tint(noun, 'light')}, {palette.tint(noun, 'dark')})"
    assert inks in rule and tints in rule


@pytest.mark.parametrize("name", ["ground", "text", "far", "edge", "band"])
def test_the_stylesheet_stands_on_the_palettes_ground(name):
    assert f"--{name}: light-dark({palette.ground(name, 'light')}, {palette.ground(name, 'dark')})" in CSS


def test_the_stylesheet_knows_no_colour_that_is_not_the_palettes():
    own = {colour for table in (palette.INKS, palette.TINTS, palette.GROUNDS) for mode in table.values()
           for colour in mode.values()}
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", CSS)) <= own


def test_no_type_is_smaller_than_the_label():
    sizes = re.findall(r"(?:font-size|--(?:label|read|words|speak|say|prompt|vow)): calc\(([\d.]+) \*", CSS)
    assert len(sizes) > 8 and min(map(float, sizes)) == 5
