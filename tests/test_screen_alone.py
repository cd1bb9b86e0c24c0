"""One sentence alone on the shared screen: it and what belongs to it stand whole, on more pages where they must."""


import pytest

from pages.room import alone
from tests.test_screen_pieces import Reader, text_of
from workshop.step import Slip, Statement

LONG = "word " * 100


def statement(text: str, *tests: tuple[str, str], ref: str = "") -> Statement:
    """With these tests; as they follow from an item where there is a ref."""
    return Statement("PR1", "promise", text, [Slip(ref, "principle", name, words) for name, words in tests])


@pytest.mark.parametrize(("text", "size"), [("We come.", 17), ("word " * 18, 12), ("word " * 50, 6.7),
                                            ("Donaudampfschifffahrtsgesellschaft", 9.5)])  # fmt: skip
def test_it_is_as_large_as_it_stands_whole_and_breaks_no_word(text, size):
    [only] = alone.pages_of(statement(text))
    assert f"--size:{size:g}" in only and "<dl" not in only


def test_it_shows_its_ref_and_its_tests():
    [only] = alone.pages_of(statement("We come.", ("Kept when", "It runs."), ("Broken when", "Nobody comes.")))
    assert text_of(only) == "PR1We come.Kept when It runs.Broken when Nobody comes."


def test_what_it_follows_has_the_colour_of_its_noun_and_a_name_has_none():
    [only] = alone.pages_of(statement("We come.", ("D2", "The last rider home."), ref="D2"))
    assert len(Reader(only).having("principle")) == 1
    [only] = alone.pages_of(statement("We come.", ("Because", "They wait.")))
    assert Reader(only).having("principle") == []


def test_long_tests_stand_one_below_the_other_and_too_long_ones_on_pages_of_their_own():
    def pages(length: int, many: int = 3) -> list[str]:
        return alone.pages_of(statement("We come.", *[("Kept when", LONG[:length])] * many), "It comes.")

    assert [["tests under" in html for html in pages(n)] for n in (60, 100)] == [[False], [True]]
    assert ["tests under" in pages(20, many)[0] for many in (3, 4)] == [False, True], "four have no room side by side"
    first, *rest = pages(450, 4)
    assert text_of(first) == "PR1We come." and len(rest) > 1
    assert "".join(rest).count("word") == 4 * 90, "and no word of them is left out"


@pytest.mark.parametrize("text", ["字" * 500, "W" * 500])
def test_a_sentence_that_finds_no_room_alone_is_dealt_onto_pages_as_cards_are(text):
    pages = alone.pages_of(statement(text, ("Because", "They wait.")), "word " * 40)
    shown = [html.split('class="sr"')[-1].split("</h1>")[-1] for html in pages]
    assert "".join(shown).count(text[0]) == 500 and "They wait." in shown[-1] and len(pages) > 1
    assert not any("clamp" in html for html in pages), "nothing is cut"


def test_which_page_it_is_is_said_only_where_there_are_several():
    assert (alone.page_of(["a", "b"], 1), alone.page_of(["a"], 0)) == ("2 of 2", "")
