"""A customer purpose followed from end to end, on the bus sample with one thing broken at a time."""

import copy
import re
from dataclasses import replace

import pytest

from pages.room import thread_piece
from tests.finished import finished
from workshop import items, journal, store, summary, thread
from workshop.checks.thread import read_whole
from workshop.checks.whole import Whole
from workshop.coverage import list_grids
from workshop.document import Paragraph, Picture, Table, size_of
from workshop.thread.ways import NAMES, Way, health, list_ways


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Whole:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THROUGHLINE_HOME", str(tmp_path_factory.mktemp("library")))
        with store.open(finished("bus")) as db:
            return read_whole(db)


@pytest.fixture
def whole(shipped: Whole) -> Whole:
    return replace(shipped, rows=copy.deepcopy(shipped.rows))


def row(whole: Whole, ref: str) -> dict:
    return next(one for rows in whole.rows.values() for one in rows if one["ref"] == ref)


def way_of(whole: Whole, ref: str) -> Way:
    return next(way for way in list_ways(whole) if way.purpose["ref"] == ref)


def on_the_way(way: Way) -> list[str]:
    return [knot.row["ref"] if knot.row else "–" for knot in way.knots]


def test_a_whole_thread_goes_from_who_to_the_business_goal(whole):
    way = way_of(whole, "P5")
    assert on_the_way(way) == ["G1", "P5", "PR1", "V2", "D2", "T6", "E2", "C2", "K3", "U1", "B3"]
    assert not ({"U3"} & set(on_the_way(way))), "no measure of this purpose shows that goal"
    assert (way.whole, way.gaps) == (True, [])
    assert health(list_ways(whole)) == "5 of 5 customer purposes have a whole thread."


BREAKS = {
    "assumed": ({"P5": {"evidence_source": "assumption"}}, "We believe it, and have not heard it."),
    "no CPI": ({"C2": {"purpose": None}}, "No measure yet. We will not know."),
    "parked concepts": ({ref: {"status": "parked"} for ref in ("E2", "E6", "E7", "E8", "E11")},
                        "No concept yet. We heard it and do nothing."),
    "no principle": ({"E2": {"principles": []}}, "No principle: what makes it ours?"),
    "no value": ({ref: {"values": []} for ref in ("D0", "D1", "D2", "D3", "D4", "D5")},
                 "No value stands behind the principle."),
    "no touchpoint": ({"E2": {"touchpoints": []}}, "It happens nowhere yet."),
    "lead question": ({"E2": {"keeps_promise": "partly"}}, "Are we keeping our promise? was not answered with yes."),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_a_thread_is_said(name, whole):
    changes, sentence = BREAKS[name]
    for ref, values in changes.items():
        row(whole, ref).update(values)
    for other in ("E7", "E8", "E11"):  # nothing else serves P5, or the way would lead over it
        row(whole, other)["purposes"] = [ref for ref in row(whole, other)["purposes"] if ref != "P5"]
    way = way_of(whole, "P5")
    assert (way.whole, way.gaps) == (False, [sentence])
    assert way_of(whole, "P7").whole or name == "no value"


def test_a_cpi_without_a_guess_and_a_concept_without_effect_break_it_too(whole):
    links = frozenset(link for link in whole.cpi_kpi_links if link[0] != "C2")
    assert way_of(replace(whole, cpi_kpi_links=links), "P5").gaps == [
        "No guess ties it to a KPI: why would the company pay?"
    ]
    ratings = {cell: {0: 12} if cell[1] == "C2" else people for cell, people in whole.ratings.items()}
    assert way_of(replace(whole, ratings=ratings), "P5").gaps == [
        "Nobody has found yet that it moves what they count."
    ]


def test_a_session_without_touchpoints_does_not_miss_them(whole):
    row(whole, "E2")["touchpoints"] = []
    short = replace(whole, agenda=tuple(slug for slug in whole.agenda if slug != "touchpoints"))
    assert way_of(short, "P5").whole


def test_the_concept_with_the_fewest_gaps_carries_the_way(whole):
    row(whole, "E2")["keeps_promise"] = "no"
    assert way_of(whole, "P5").at("concept").row["ref"] != "E2"
    assert way_of(whole, "P5").whole


def test_how_many_are_whole_is_said_in_words(whole):
    ways = list_ways(whole)
    torn = replace(ways[0], knots=(replace(ways[0].knots[0], gap="Gone."),))
    assert [health([]), health(ways[:1]), health([torn]), health([torn, ways[1]])] == [
        "No customer purpose has been chosen yet.",
        "The one customer purpose has a whole thread.",
        "The one thread is not whole yet.",
        "1 of 2 customer purposes has a whole thread.",
    ]


# --- what is drawn of it ------------------------------------------------------------------------------------------


def test_the_followed_way_stands_out_and_is_dotted_where_it_breaks(whole):
    tables = thread.tables_of(whole)
    every = thread.draw_thread(tables)
    held = thread.draw_thread(tables, follow=thread.columns_of(way_of(whole, "P5")))
    assert 'stroke-width="3.5"' not in every
    assert held.count('stroke-width="3.5"') == 8
    tail = '{}<path d="[^"]*" fill="none" stroke="[^"]*" stroke-width="1.25" stroke-dasharray="1 4"'
    assert re.search(tail.format('<g opacity="1">'), every)
    assert re.search(tail.format('<g opacity="0.3">'), held), "what hangs loose does not stand out beside it"
    dotted = 'stroke-dasharray=".1 7"'
    assert dotted not in held
    for concept in whole["concept"]:
        concept["purposes"] = [ref for ref in concept["purposes"] if ref != "P5"]
    torn = thread.draw_thread(thread.tables_of(whole), follow=thread.columns_of(way_of(whole, "P5")))
    assert torn.count(dotted) == 1


def test_a_node_leads_to_its_item_and_its_words_stay_text(whole):
    row(whole, "E2")["name"] = '"><script>x</script>'
    svg = thread.draw_thread(thread.tables_of(whole), link=lambda ref: f"concepts?item={ref}" if ref == "E2" else "")
    assert svg.count("<a ") == 1
    assert 'href="concepts?item=E2" data-ref="E2"' in svg
    assert "<script" not in svg


def test_the_summary_tells_the_thread_with_table_picture_and_findings():
    with store.open(finished("clinic")) as db:
        blocks = thread.section(db)
    assert [type(block) for block in blocks] == [Paragraph, Table, Picture, Table, Table, Table]
    assert blocks[0].text == "5 of 5 customer purposes have a whole thread."
    assert [row[0] for row in blocks[1].rows] == ["P3", "P4", "P5", "P6", "P7"]
    assert {row[-1] for row in blocks[1].rows} == {"whole"}
    assert "var(--" not in blocks[2].svg
    assert [row[0] for row in blocks[4].rows] == ["T8", "U3"], "what the picture dashes is told in words"
    assert [row[0] for row in blocks[5].rows] == ["E11", "T1", "E11"]


def test_a_thread_too_large_for_a_sheet_is_drawn_a_customer_purpose_at_a_time():
    with store.open(finished("bus")) as db:
        with store.change(db, journal.HOST, "Grew"):
            noun, [like, *_rest] = items.NOUNS["concept"], items.list_items(db, "concept")
            for number in range(60):
                tied = {name: like[name] for name in ("purposes", "principles", "touchpoints")}
                items.add(db, noun, noun.record(name=f"More {number}", **tied))
        drawn = [block for block in thread.section(db) if isinstance(block, Picture)]
        small = [way.purpose["ref"] for way in list_ways(read_whole(db))]
        slides = summary.slides(db).blocks
    shown = next(block for block in slides if isinstance(block, Table))
    assert [row[0] for row in shown.rows] == small, "on a slide every way is a row"
    assert not [block for block in slides if isinstance(block, Picture)]
    assert [picture.text.partition(" ")[0] for picture in drawn] == small
    assert "hang loose: E" not in " ".join(picture.text for picture in drawn), "tied to nothing here is tied elsewhere"
    assert all(size_of(picture)[1] <= size_of(picture)[0] * 1.4 for picture in drawn), "on a sheet in its whole width"


def test_the_screen_shows_what_breaks_first_and_hides_no_thread(whole):
    row(whole, "C4")["purpose"] = None
    ways = list_ways(whole)
    pages = thread_piece.pages_of(ways)
    assert [page.way.purpose["ref"] for page in pages] == ["P6", "P3", "P4", "P5", "P7"]
    header, main = thread_piece.threads(ways)
    assert 'class="head speaks"' in header and "<b>4 of 5 threads are whole</b>" in header
    assert "No measure yet. We will not know." in main
    assert thread_piece.threads(ways, 99)[1] == thread_piece.threads(ways, len(pages) - 1)[1]
    assert "No customer purpose has been chosen yet." in thread_piece.threads([])[1]


def test_a_thread_is_drawn_knot_by_knot_and_what_hangs_behind_a_break_comes_with_it(whole):
    def turns(way: Way) -> list[tuple[str, int]]:
        return [(knot.split()[0], int(turn)) for knot, turn in re.findall(
            r'<li class="([^"]+)" style="[^"]*--i:(\d+)"', thread_piece.threads([way])[1])]  # fmt: skip

    row(whole, "C4")["purpose"] = None
    assert [turn for _knot, turn in turns(way_of(whole, "P7"))] == list(range(7))
    torn = turns(way_of(whole, "P6"))
    at = [knot for knot, _turn in torn].index("gap")
    assert [turn for _knot, turn in torn] == [*range(at), *[at] * (len(torn) - at)]


def test_a_page_of_the_screen_is_one_purpose_from_who_comes_to_the_companys_goal(whole):
    way = way_of(whole, "P5")
    [header, main] = thread_piece.threads([way])
    assert "<b>The thread is whole</b>" in header, "short enough to be read from the last row"
    assert re.findall(r'class="ref">(\w+)<', main) == ["V2", "D2", "T6", "E2", "C2", "K3", "U1", "B3"]
    assert '<p class="who">Shift workers</p>' in main
    assert "loose" not in main


def test_a_long_name_has_more_of_its_row_than_a_short_one_and_a_row_is_as_wide_as_the_screen(whole):
    [page] = thread_piece.pages_of([way_of(whole, "P5")], "If we say a bus is coming, it comes.")
    for row_ in page.rows:
        assert sum(row_.widths) == pytest.approx(thread_piece.ROW)
    value, principle, touchpoint, concept = page.rows[0].widths
    assert principle > touchpoint > concept, "“The last rider home even over the next run on time.” – “Home anyway”"
    assert [one.lines for one in page.rows] == [2, 3]
    for ref in ("V2", "D2", "T6", "E2"):
        row(whole, ref)["text" if ref == "D2" else "name"] = "Nobody left"
    [page] = thread_piece.pages_of([way_of(whole, "P5")])
    assert len(set(page.rows[0].widths)) == 1, "names that are alike stand at even distances"


@pytest.mark.parametrize("letters", ["the bus that was said to come and did not ", "Fahrgastinformation"])
def test_names_too_long_for_one_page_take_more_and_no_knot_is_lost(whole, letters):
    row(whole, "D2")["text"] = row(whole, "U1")["text"] = (letters * 30)[:500].strip()
    row(whole, "P5")["text"] = ("How can I be sure of it " * 9).strip()
    pages = thread_piece.pages_of([way_of(whole, "P5")], "We get you there.")
    assert len(pages) > 1
    assert [place for page in pages for one in page.rows for place in one.knots] == list(range(8))
    shown = "".join(thread_piece.threads([way_of(whole, "P5")], page)[1] for page in range(len(pages)))
    assert re.findall(r'class="ref">(\w+)<', shown) == ["V2", "D2", "T6", "E2", "C2", "K3", "U1", "B3"]
    assert shown.count("…") == 0


def test_what_a_short_session_leaves_out_is_no_break_on_the_screen(whole):
    short = replace(whole, agenda=tuple(slug for slug in whole.agenda if slug != "touchpoints"))
    row(short, "E2")["touchpoints"] = []
    [_header, main] = thread_piece.threads([way_of(short, "P5")])
    assert re.findall(r'class="ref">(\w+)<', main) == ["V2", "D2", "E2", "C2", "K3", "U1", "B3"]
    assert main.count(" begins") == 2
    assert ("loose" in main, "gap" in main) == (False, False)


def test_behind_a_break_everything_hangs_loose(whole):
    for ref in ("E2", "E7", "E8", "E11"):
        row(whole, ref)["status"] = "parked"
    [_header, main] = thread_piece.threads([way_of(whole, "P5")])
    assert main.index("No concept yet. We heard it and do nothing.") < main.index("C2")
    assert "cpi loose" in main


def test_words_on_the_screen_stay_text(whole):
    row(whole, "P5")["text"] = row(whole, "E2")["name"] = "<b>x</b>"
    for page in range(len(thread_piece.pages_of(list_ways(whole)))):
        assert "<b>x" not in thread_piece.threads(list_ways(whole), page)[1]


def test_every_knot_has_a_name():
    assert all(NAMES.values())


# --- what is covered ----------------------------------------------------------------------------------------------


def grid(whole: Whole, title: str):
    return next(grid for grid in list_grids(whole) if grid.title == title)


def gaps(whole: Whole, title: str) -> list[tuple[str, str, str]]:
    return [(gap.sentence, gap.button, gap.ref or str(gap.preset)) for gap in grid(whole, title).gaps]


def test_a_cell_tells_what_a_concept_does_for_a_purpose(whole):
    found = grid(whole, "Concepts × purposes")
    cells = {
        (row_[0], column[0]): cell
        for row_, cells in zip(found.rows, found.cells, strict=True)
        for column, cell in zip(found.columns, cells, strict=True)
    }
    assert cells["E2", "P5"] == ("+3", 1.0)
    assert cells["E2", "P3"] is None
    assert ("E10", "P3") not in cells
    assert found.gaps == []


def test_gaps_are_sentences_with_the_way_to_close_them(whole):
    for concept in whole["concept"]:
        concept["purposes"] = [ref for ref in concept["purposes"] if ref != "P7"]
    row(whole, "E9")["purposes"] = []
    assert gaps(whole, "Concepts × purposes") == [
        ("No concept serves P7.", "Make a card for P7", "{'purposes': ['P7']}"),
        ("No customer purpose stands behind E9.", "Open E9", "E9"),
    ]
    row(whole, "T1")["promise_state"] = "unknown"
    assert ("Nobody knows yet whether it is kept at T1.", "Open T1", "T1") in gaps(whole, "Stages × promise")


def test_an_empty_workshop_has_no_grid_and_no_way():
    empty = Whole({})
    assert (list_grids(empty), list_ways(empty), thread.tables_of(empty)["principles"]) == ([], [], [])
