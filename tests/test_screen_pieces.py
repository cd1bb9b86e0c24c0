"""The shared screen's HTML: what stands on it, what is cut, and that people's words stay words."""
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pages.room import alone, dealt, fitting, pieces, ranked
from workshop import palette
from workshop.step import Slip, Statement

CSS = (Path(__file__).parents[1] / "pages/static/screen.css").read_text()
TAGS = {"div", "header", "footer", "p", "b", "span", "i", "h1", "h2", "ul", "li", "dl", "dt", "dd", "table",
        "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}
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
            pieces.writing(words, [words], ready=1, present=2, deadline=words, left=words, quiet=words),
            dealt.draw([slip("purpose", words, words)] * 9, 1),
            dealt.draw([Slip("N1", "purpose", words, words, words[:40], words)]),
            alone.pages_of(Statement(words, "promise", words, [slip("value", words, words)]))[0],
            pieces.empty(words), ranked.draw(rows, words, strong=[words], customers=words, business=words),
            ranked.draw(placed, words, strong=[words[:3], words[2:]])]


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
    html = pieces.writing("Finish it.", ["I want …"], ready=9, present=12, started="2026-03-12T10:00:00Z",
                          deadline="2026-03-12T10:08:00Z", left="4 min left", quiet="in silence")
    assert text_of(html) == "Finish it.I want …9 of 12 ready4 min leftin silence"
    assert (html.count("<i class=on>"), html.count("<i>")) == (9, 3)
    assert Reader(html).having("data-clock") == [{"data-clock": "minutes", "data-started": "2026-03-12T10:00:00Z",
                                                 "data-deadline": "2026-03-12T10:08:00Z"}]


@pytest.mark.parametrize(("present", "discs"), [(40, 40), (41, 0)])
def test_over_forty_people_are_a_number_only(present, discs):
    assert pieces.writing("x", ready=0, present=present).count("<i>") == discs


def test_writing_shows_neither_count_nor_clock_where_there_is_none():
    assert text_of(pieces.writing("Finish it.")) == "Finish it."


def columns_of(slips):
    """The numbers of the slips on every page, column by column."""
    return [[[number for number, _slip in column] for column in page.columns] for page in dealt.pages_of(slips)]


def test_slips_keep_their_order_down_the_left_column_then_down_the_right_then_on_the_next_page():
    two_lines = "to know when the bus will come"
    slips = [slip("purpose", "I need", f"{two_lines} {i}") for i in range(10)]
    assert columns_of(slips) == [[[1, 2, 3, 4], [5, 6, 7, 8]], [[9], [10]]]
    assert columns_of(slips[:5]) == [[[1, 2, 3], [4, 5]]], "the left column is the fuller one"
    assert columns_of(slips[:1]) == [[[1]]], "one alone has the whole width"


def test_the_header_says_which_of_how_many_a_page_shows_and_beyond_the_last_is_the_last():
    slips = [slip("purpose", "I need", "to know when the bus will come")] * 9
    assert [dealt.page_of(slips, page) for page in (-1, 0, 1, 99)] == ["1–8 of 9", "1–8 of 9", "9 of 9", "9 of 9"]
    assert text_of(pieces.header("Purpose", pages="9 of 9")) == "Purpose 9 of 9Reconnecting"
    assert dealt.draw(slips, 99) == dealt.draw(slips, 1) and dealt.draw(slips, -1) == dealt.draw(slips, 0)
    assert dealt.count_pages(slips) == 2
    assert dealt.page_of(slips[:8]) == dealt.page_of([]) == "", "one page is all there is"


def test_long_slips_set_their_page_smaller_and_those_too_long_for_half_the_width_have_all_of_it():
    def page(*lengths):
        return dealt.pages_of([slip("purpose", "", ("word " * 200)[:length]) for length in lengths])[0]

    assert [page(n, n).size for n in (40, 100, 160, 480)] == [6.7, 6.7, 5.4, 5.4]
    assert [len(page(30, n).columns) for n in (100, 480)] == [2, 1]


@given(st.lists(st.tuples(st.integers(1, 900), st.sampled_from("lWi字 🎉"), st.integers(0, 40))))
def test_every_word_of_every_slip_is_shown_in_order_and_no_page_is_higher_than_its_room(given_):
    room = 108 - 13.5 - 5.6 - 0.9  # u: between the header and the thread, with no words below it
    slips = [slip("purpose", "o" * lead, f"{i} " + letter * length) for i, (length, letter, lead) in enumerate(given_)]
    pages = dealt.pages_of(slips)
    cards = [card for page in pages for column in page.columns for card in column]
    assert [number for number, _slip in cards] == sorted(number for number, _slip in cards)
    for i, one in enumerate(slips, 1):
        shown = "".join(part.text for number, part in cards if number == i).replace("…", "")
        assert shown.replace(" ", "") == one.text.replace(" ", "")
    for page in pages:
        for column in page.columns:
            highs = [dealt._high(part, page.size, len(page.columns)) for _number, part in column]
            assert sum(highs) <= room + dealt.GAP


@given(st.lists(st.integers(1, 500), min_size=1))
def test_a_slip_that_is_added_last_leaves_the_pages_before_as_they_were(lengths):
    slips = [slip("purpose", "", "word " * (length // 5)) for length in lengths]
    pages = dealt.pages_of(slips)
    assume(pages[0].size == dealt.pages_of(slips[:-1])[0].size)  # it may be the one with which all become smaller
    assert pages[:-1][: len(dealt.pages_of(slips[:-1])) - 1] == dealt.pages_of(slips[:-1])[:-1]


def test_forty_lines_are_few_pages_that_still_read_from_the_back_of_the_room():
    lines = ("I need to know whether it comes", "I want to be told the truth early, not five minutes after it was due",
             "Can you get me home when the last one fails, without my having to ask for it twice?")  # fmt: skip
    slips = [slip("purpose", "", lines[i % 3]) for i in range(41)]
    below = "If we say a bus is coming, it comes, or we get you there."
    pages = dealt.pages_of(slips, below)
    assert [number for page in pages for number in page.numbers] == list(range(1, 42))
    assert len(pages) <= 6
    assert {page.size for page in pages} == {5.4}, "16 minutes of arc at 8 m, and nothing below that"
    few = dealt.pages_of(slips[:6], below)
    assert [page.size for page in few] == [6.7], "a few are not set smaller"


def test_a_group_begins_on_a_page_of_its_own_below_its_heading_and_all_are_counted_through():
    slips = [Slip(f"N{i}", "purpose", "I need", "to know when it comes", "", group)
             for i, group in enumerate(["", "", *["At the stop"] * 9, "On the way"])]  # fmt: skip
    pages = dealt.pages_of(slips)
    assert [(page.group, page.numbers) for page in pages] == [
        ("", [1, 2]), ("At the stop", [3, 4, 5, 6, 7, 8, 9, 10, 11]), ("On the way", [12]),
    ]  # fmt: skip
    assert [dealt.page_of(slips, page) for page in range(3)] == ["1–2 of 12", "3–11 of 12", "12 of 12"]
    assert text_of(dealt.draw(slips, 2)) == "What we wroteOn the wayI need to know when it comes"
    assert text_of(dealt.draw(slips, 0)).startswith("What we wroteIn no group yetI need to know")
    assert text_of(dealt.draw(slips[:2])).startswith("What we wroteI need to know"), "where there are no groups"


def test_a_heading_takes_its_room_from_the_cards():
    heading = "What people who wait say they would have wanted to know before they left the house"
    slips = [Slip(f"N{i}", "purpose", "", "To know when it comes, before I leave", "", heading) for i in range(40)]
    room = 108 - 13.5 - 5.6 - 0.9 - dealt._heading_high(heading)
    for page in dealt.pages_of(slips):
        for column in page.columns:
            assert sum(dealt._high(one, page.size, len(page.columns)) for _number, one in column) <= room + dealt.GAP


def test_no_slips_leave_the_page_empty():
    assert text_of(dealt.draw([])) == "What we wrote"


@pytest.mark.parametrize(("length", "lines"), [(5, 1), (26, 1), (52, 2), (104, 5)])
def test_lines_are_rather_too_many_than_too_few(length, lines):
    assert lines <= fitting.lines_of(("word " * 40)[:length], 12.2) <= lines + 1


def test_what_has_no_width_takes_none_and_wide_scripts_take_more():
    assert fitting.width_of("e\u0301") == fitting.width_of("e")
    assert fitting.width_of("字") > fitting.width_of("W") - 0.05 > fitting.width_of("i")


def test_words_below_the_thread_stand_in_two_lines_or_smaller_in_three():
    assert [re.findall("--size:([\\d.]+);--lines:(\\d)", pieces.footer(("word " * 50)[:n]))[0]
            for n in (40, 85, 200)] == [("6.7", "2"), ("6.7", "2"), ("5", "3")]


def test_a_long_prompt_is_set_smaller_with_its_openers_and_stands_whole():
    def sizes(length):
        return re.findall("--size:([\\d.]+)", pieces.writing(("word " * 100)[:length], ["I want …"] * 4))

    assert [sizes(n) for n in (20, 120, 500)] == [["12", "11"], ["6.7", "6.7"], ["5"]]


def test_every_screen_has_one_heading():
    for html in [*every_piece("words")[2:], pieces.empty("Opening")]:
        assert [tag for tag, _attrs in Reader(html).tags].count("h1") == 1


def cells(html):
    """The body of the table, row by row, as it is read aloud."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", html)[1:]]


def test_the_ranking_reads_place_name_score_and_the_place_for_each_side():
    html = ranked.draw(ROWS, "Truth board leads.", strong=["Truth board"], customers="Riders")
    assert cells(html) == ["1 Truth board 33 #2 #1", "2 Home anyway 28 #1 #3", "Stop letter 28 #3 #2"]
    assert "<b>Truth board</b> leads." in html and "Riders" in html
    assert "iv" not in [attrs.get("class") for _tag, attrs in Reader(html).tags] and "tier" not in html


def test_known_places_bring_intervals_bands_and_places_on_the_ruler():
    rows = [row | {"tier": tier, "rank_lo": 1, "rank_hi": 2} for row, tier in zip(ROWS, (1, 1, 2), strict=True)]
    html = ranked.draw(rows, "x")
    assert cells(html) == ["1 Truth board 33 Likely 1 to 2. #2 #1", "Home anyway 28 Likely 1 to 2. #1 #3", "",
                           "2 Stop letter 28 Likely 1 to 2. #3 #2"]
    assert (len(Reader(html).having("iv")), html.count('<tbody class=tier>')) == (3, 2)
    assert "Line: 8 of 10 replays" in html and "Too few people" not in html


def test_an_order_of_which_nobody_can_say_how_sure_it_is_says_that():
    html = ranked.draw([ROWS[0]] * 14, "x", below="We come.")
    assert "Too few people to say how sure." in html and "Line:" not in html, "there is none"
    assert len(cells(html)) == 10 and "and 4 more, on your phones" in html


def test_without_business_scores_their_column_is_left_out():
    html = ranked.draw([row | {"business_score": None} for row in ROWS], "x")
    assert cells(html)[0] == "1 Truth board 33 #2" and "Business" not in html


def test_what_nobody_rated_has_no_dot():
    rows = [ROWS[0], {"name": "Late", "rank": None, "score": None, "customer_score": None, "business_score": None}]
    html = ranked.draw(rows, "x")
    assert cells(html)[1] == "– Late not rated – –" and len(Reader(html).having("dot")) == 1


def test_dots_stand_in_the_order_of_the_scores_on_either_side_of_zero():
    html = ranked.draw([row | {"score": score} for row, score in zip(ROWS, (20.0, -5.0, -30.0), strict=True)], "x")
    left = [float(re.search(r"left:([\d.]+)%", attrs["style"])[1]) for attrs in Reader(html).having("dot")]
    zero = float(re.search(r'"zero" style="left:([\d.]+)%', html)[1])
    assert 0 < left[2] < left[1] < zero < left[0] < 100


def test_sides_that_part_by_six_places_or_more_are_set_bold():
    rows = [{"name": str(i), "rank": i + 1, "score": 50.0 - i, "customer_score": 50.0 - i,
             "business_score": 90.0 if i == 7 else 50.0 - i} for i in range(8)]
    assert re.findall(r'"(. part)">#(\d)', ranked.draw(rows, "x")) == [("c part", "8"), ("b part", "1")]
    assert "part" not in ranked.draw(rows[:7], "x")


def test_names_stand_whole_and_rows_without_room_are_counted():
    name = "A very long name of a concept that somebody typed in the heat of the moment and nobody has shortened since"
    placed = ROWS[0] | {"rank_lo": 1, "rank_hi": 2}
    html = ranked.draw([placed | {"name": name}] * 14, "x")
    assert html.count(f"<span>{name}</span>") == len(cells(html)) == 2 and "and 12 more, on your phones" in html
    assert len(cells(ranked.draw([placed] * 14, "x", below="We come."))) == 11
    assert len(cells(ranked.draw([placed] * 14, "word " * 15, below="word " * 15))) == 9
    assert "more, on your phones" not in ranked.draw(ROWS, "x")


def test_those_that_share_a_place_have_their_dots_where_they_stand_in_the_order():
    rows = [ROWS[0] | {"rank": 1, "tier": 1, "rank_lo": low, "rank_hi": low + 1} for low in (1, 2, 3)]
    dots = Reader(ranked.draw(rows, "x")).having("dot")
    left = [float(re.search(r"left:([\d.]+)%", one["style"])[1]) for one in dots]
    assert left == [16.7, 50.0, 83.3], "not all three at the first place, outside the intervals of two of them"


def test_ten_concepts_stand_whole_below_a_sentence_that_steps_back_no_further_than_it_must():
    names = ["Pass that renews itself"] * 9 + ["Answer from a person by tomorrow"]
    rows = [ROWS[0] | {"name": name, "tier": tier, "rank_lo": 1, "rank_hi": 10}
            for name, tier in zip(names, (1, 1, 2, 2, 3, 3, 3, 3, 3, 3), strict=True)]
    said = "Truth board beats Home anyway in 80 of 100 replays of this workshop."
    promise = "We come, or we get you there."
    html = ranked.draw(rows, said, below=promise)
    assert 'class="finding" style="--size:6.7"' in html and html.count('scope="row"') == 10
    assert "more, on your phones" not in html
    assert 'class="finding" style="--size:8.3"' in ranked.draw(rows[:8], said, below=promise)
    below = ranked.draw([row | {"name": "Stop letter"} for row in rows], said, below=promise * 2)
    assert 'style="--size:6.2"' in below and below.count('scope="row"') == 10


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
    sizes = re.findall(r"(?:font-size|--(?:label|read|words|speak)): calc\(([\d.]+) \*", CSS)
    assert len(sizes) > 4 and min(map(float, sizes)) == fitting.LABEL == 5
    for html in every_piece("word " * 200):
        assert all(float(size) >= 5 for size in re.findall(r"--size:([\d.]+)", html))
