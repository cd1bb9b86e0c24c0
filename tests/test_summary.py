"""What the summary says: the eight points of the one page, the sections behind it, at any moment."""

from itertools import pairwise

from tests.finished import finished
from workshop import items, store, summary, withheld
from workshop.activities.rate import RateImpact, rate_impact
from workshop.document import (
    Bullets,
    Chart,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    fit,
    lies_on_its_side,
    widths,
    without_empty_columns,
)
from workshop.people import AddParticipant, add_participant
from workshop.steps.concepts import AddConcept, MergeConcepts, add_concept, merge_concepts
from workshop.steps.strategy import AddMetric, add_metric

CHAPTERS = [
    "1  One page", "2  How to read the scores", "3  Who took part, how it went, and how the room felt", "4  Purposes",
    "5  Promise", "6  Values and design principles", "7  What we learn from those who do not",
    "8  Goals of the company and of its customers", "9  What we count", "10  Touchpoints", "11  Concepts",
    "12  Ratings and the order of the concepts", "13  What it takes", "14  Decisions", "15  Bringing it to life",
    "16  When we measure and look again", "17  The golden thread", "18  Open questions, assumptions and evidence",
    "19  All ideas",
]  # fmt: skip
NOTHING = [
    "Nothing has been rated yet, so there are no scores.", "Nobody has joined yet.", "No purpose has been written yet.",
    "Nothing is promised yet.", "No case has been collected yet.", "No goal has been named yet.",
    "No measure has been named yet.", "No touchpoint has been looked at yet.", "There is no concept yet.",
    "Nothing has been rated yet, so there is no order.", "No requirement has been named yet.",
    "No decision is recorded.", "Nobody has been asked to do anything yet.", "No date has been set yet.",
    "There is nothing yet that a thread could join.", "Nothing is open, nothing assumed, and nothing proved.",
    "No idea has been written yet.",
]  # fmt: skip


def chapters(document: Document, level: int = 2) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == level]


def table(document: Document, caption: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.caption.startswith(caption))


def test_the_one_page_and_the_full_version_of_the_bus_sample():
    with store.open(finished("bus")) as db:
        page, full = summary.one_page(db), summary.full(db)
    points = ["What we promise", "Why", "We start with", "What we ask of you", "How we will know",
              "What we gave up", "How whole it is"]  # fmt: skip
    assert chapters(page) == points and page.on_one_sheet and not full.on_one_sheet
    assert page.blocks[1] == Paragraph(
        "Took part: 3 frontline, 2 operations, 1 technology, 1 people, 2 leadership, 1 partner, 2 customer. "
        "Nobody from: data, finance.", "quiet",
    )  # fmt: skip
    assert table(page, "What starts first").rows[0] == [
        "Truth board (E1)",
        "A rider looks at the stop or calls a number and hears one of three things: coming, late by so much, or not "
        "coming and here is your ride.", "P3", "33", "36", "11", "Control room · 2026-04-03",
    ]  # fmt: skip
    assert table(page, "What is missing").rows[0] == [
        "About 1,900 euro a month at today's failure rate", "E2", "budget", "Finance",
    ]  # fmt: skip
    told = [block.text for block in page.blocks if isinstance(block, Paragraph)]
    assert (
        "Truth board beats Home anyway in 80 of 100 replays of this workshop. How sure the room was: leaning. "
        "A replay is the same people once more, some heard more, some less."
    ) in told
    assert "We were to look again on 2026-09-15." in told and not [one for one in told if "Not settled" in one]
    assert chapters(full) == CHAPTERS
    assert not [block for block in full.blocks if isinstance(block, Paragraph) and block.text in NOTHING]
    assert chapters(full, 3)[:7] == points
    assert len([block for block in full.blocks if isinstance(block, Chart)]) == 3


def test_half_way_the_one_page_says_what_is_not_settled(db, do):
    nothing = "Nothing has been chosen or decided in this workshop yet."
    assert [block.text for block in summary.one_page(db).blocks][0] == nothing
    do(add_metric, AddMetric(kind="cpi", name="Waits"))
    said = [block.text for block in summary.one_page(db).blocks if isinstance(block, Paragraph)]
    names = "“What we promise”, “Why”, “We start with”, “What we ask of you”, “What we gave up”"
    assert said[0] == f"Not settled yet: {names}." and nothing not in said


def test_no_two_tables_of_the_bus_sample_in_one_chapter_are_captioned_alike():
    with store.open(finished("bus")) as db:
        blocks = summary.full(db).blocks
    chapter, seen = "", []
    for block in blocks:
        if isinstance(block, Heading):
            chapter = block.text
        elif isinstance(block, Table):
            seen.append((chapter, block.caption))
    assert len(set(seen)) > 30
    assert [pair for pair in set(seen) if seen.count(pair) > 1] == []
    following = [(one, two) for one, two in pairwise(blocks) if isinstance(one, Heading) and isinstance(two, Table)]
    assert [one for one, two in following if one.text == two.caption] == [], "nothing is said twice in a row"


def test_what_two_people_rated_is_not_told_to_everybody(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    do(add_metric, AddMetric(kind="cpi", name="Waits", weight=100))
    do(add_metric, AddMetric(kind="kpi", name="Income", weight=100))
    for value in (3, 1, -1):
        person = do(add_participant, AddParticipant(alias=f"Somebody {value}"))
        do(rate_impact, RateImpact(person, "E1", "C1", value, 2))
        if value > 0:
            do(rate_impact, RateImpact(person, "E1", "K1", value, 3))
    cells = ["+1\u00a0(3)\n−1…+3", "+2\u00a0(2)\n+1…+3"]
    assert table(summary.full(db), "Ratings: ").rows == [["E1", *cells]], "no line ends inside a range"
    with withheld.shareable(db) as copy:
        assert table(summary.full(copy, shareable=True), "Ratings: ").rows == [["E1", cells[0], "<3"]]
    assert table(summary.full(db), "How sure people").rows == [["E1", "Truth board", "2.4"]]


def test_what_is_asked_of_many_takes_no_page_of_refs_and_a_picture_of_the_first_says_so(db, do):
    do(add_metric, AddMetric(kind="cpi", name="Waits", weight=100))
    for number in range(1, 32):
        do(add_concept, AddConcept(name=f"Board {number}", what_happens=f"Board number {number} says what comes"))
    do(rate_impact, RateImpact(do(add_participant, AddParticipant(alias="Somebody")), "E1", "C1", 2, 3))
    full = summary.full(db)
    [refs] = [row[0] for row in table(full, "What the checks still ask").rows if "Who does what" in row[1]]
    assert refs.startswith("E1, E2, ") and refs.endswith(", E12 and 19 more") and "E13" not in refs
    chart = next(block for block in full.blocks if isinstance(block, Chart))
    assert chart.text.endswith("These are the first 30 of 31.")


def test_how_sure_somebody_was_is_not_told_because_they_rated_much(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    person = do(add_participant, AddParticipant(alias="Somebody"))
    for number in (1, 2, 3):
        do(add_metric, AddMetric(kind="cpi", name=f"Waits {number}", weight=30))
        do(rate_impact, RateImpact(person, "E1", f"C{number}", 2, 3))
    captions = [block.caption for block in summary.full(db).blocks if isinstance(block, Table)]
    assert not [caption for caption in captions if caption.startswith("How sure people")]


def test_a_score_that_would_tell_what_two_people_rated_is_told_to_nobody_else(db, do):
    for name in ("Truth board", "Home anyway"):
        do(add_concept, AddConcept(name=name, status="selected"))
    do(add_metric, AddMetric(kind="cpi", name="Waits", weight=100))
    do(add_metric, AddMetric(kind="kpi", name="Income", weight=100))
    for number in range(3):
        person = do(add_participant, AddParticipant(alias=f"Somebody {number}"))
        for concept, metric in (("E1", "C1"), ("E1", "K1"), ("E2", "C1"), *((("E2", "K1"),) if number else ())):
            do(rate_impact, RateImpact(person, concept, metric, 2 - (concept == "E2")))
    head = "Concepts by their impact"
    assert [row[:6] for row in table(summary.full(db), head).rows] == [
        ["1", "E1", "Truth board", "67", "67", "67"], ["2", "E2", "Home anyway", "33", "33", "33"],
    ]  # fmt: skip
    with withheld.shareable(db) as copy:
        page, full = (make(copy, shareable=True) for make in (summary.one_page, summary.full))
        slides = summary.slides(copy, shareable=True)
    assert [row[:6] for row in table(full, head).rows] == [
        ["1", "E1", "Truth board", "67", "67", "67"], ["2", "E2", "Home anyway", "", "", ""],
    ]  # fmt: skip
    untold = "Fewer than three people rated Home anyway: no score is told here, because it would say who rated what."
    said = [block.text for block in page.blocks if isinstance(block, Paragraph)]
    few = "Too few people to say how sure: fewer than 5 have rated."
    assert f"Truth board comes first, Home anyway second. {few} {untold}" in said
    chart = next(block for block in slides.blocks if isinstance(block, Chart))
    assert untold in chart.text and chart.table.rows[1] == ["E2 Home anyway", "", "", ""]
    drawn = chart.spec["datasets"]["rows"][1]
    assert [drawn[part] for part in ("score", "customer_score", "business_score", "lo", "hi")] == [None] * 5
    assert withheld.fewest.get() == 1, "and the room's own pages go on telling it"


def test_an_empty_workshop_says_so_in_one_line_a_chapter(db):
    page, full = summary.one_page(db), summary.full(db)
    assert [block.text for block in page.blocks][0] == "Nothing has been chosen or decided in this workshop yet."
    assert chapters(full) == CHAPTERS
    said = [block.text for block in full.blocks if isinstance(block, Paragraph) and block.text in NOTHING]
    assert said == NOTHING, "all but the page itself and the principle that every workshop has"
    assert summary.slides(db).blocks == []


def test_a_page_of_what_was_only_written_says_that_nothing_is_chosen_and_not_that_nothing_was_written(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    page, full = summary.one_page(db), summary.full(db)
    assert page.blocks[0] == Paragraph("Nothing has been chosen or decided in this workshop yet.")
    assert "E1  Truth board" in chapters(full, 3)
    assert not [block for block in full.blocks if isinstance(block, Paragraph) and "written in this" in block.text]


def test_with_two_hundred_concepts_the_one_page_stays_a_page(db, do):
    for number in range(200):
        status = "selected" if number < 20 else "rejected"
        do(add_concept, AddConcept(name=f"Concept {number}", what_happens="Somebody does something.", status=status))
    page = summary.one_page(db)
    assert len(table(page, "What starts first").rows) == 5
    gone = next(block for block in page.blocks if isinstance(block, Bullets))
    assert len(gone.items) == 7 and gone.items[-1] == "and 174 more"
    assert len(items.list_items(db, "concept")) == 200


def test_a_card_that_went_into_another_neither_starts_nor_is_given_up(db, do):
    for name in ("Truth board", "Board of truth"):
        do(add_concept, AddConcept(name=name, status="selected", first_test="One stop"))
    do(add_concept, AddConcept(name="Chalk board", status="parked"))
    for went in ("E2", "E3"):
        do(merge_concepts, MergeConcepts(went, "E1"))
    page, full = summary.one_page(db), summary.full(db)
    assert [row[0] for row in table(page, "What starts first").rows] == ["Truth board (E1)"]
    assert "What we gave up" not in chapters(page), "what it was lives on in the other"
    assert [row[0] for row in table(full, "First tests").rows] == ["E1"]


def test_who_said_nothing_about_their_work_is_counted_and_nobody_is_missed(db, do):
    for name in ("Ana", "Ben"):
        do(add_participant, AddParticipant(alias=name))
    about = [block.text for block in summary.one_page(db).blocks if isinstance(block, Paragraph)]
    assert "2 took part." in about and not [text for text in about if "Nobody from" in text]
    do(add_participant, AddParticipant(alias="Cy", group="data"))
    (about, *_rest) = [block.text for block in summary.one_page(db).blocks if isinstance(block, Paragraph)]
    assert about.startswith("Took part: 2 other, 1 data. Nobody from: frontline, operations,")


def test_widths_hold_the_longest_word_and_sum_to_one():
    found = widths(Table(["", "Responsibility"], [["E1", "a " * 200]], "c"))
    assert abs(sum(found) - 1) < 1e-9 and found[1] > found[0] > 3 / 118


def test_short_cells_stay_on_one_line_where_the_table_gets_lower_by_it():
    rows = [[f"It takes a second shift in the control room, number {at}", "Managing director"] for at in range(9)]
    assert widths(Table(["What it takes", "Owner"], rows, "c"))[1] * 104 - 2 >= len("Managing director")


def test_paper_is_turned_for_a_table_whose_words_would_be_broken_and_for_a_wide_drawing():
    cells = ["+1\u00a0(−1\u00a0…\u00a0+3,\u00a012)"] * 10
    wide, many = Table(["C1"] * 10, [cells], "c"), Table(["C1"] * 10, [["+1.5\u00a0(12)\n−1…+3"] * 10], "c")
    assert lies_on_its_side(wide) and (fit(wide).turned, fit(wide).scale) == (True, 157 / 180)
    assert (fit(wide, may_turn=False).turned, fit(wide, may_turn=False).scale) == (False, 104 / 180)
    assert not fit(many).turned and 0.85 < fit(many).scale < 1, "a little smaller, it stands on an upright sheet"
    assert not lies_on_its_side(Table(["C1"] * 10, [[cell.replace("\u00a0", " ") for cell in cells]], "c"))
    sizes = ("900 480", "900 2400", "680 138")  # the last a strip, which would leave most of a turned sheet empty
    assert [lies_on_its_side(Picture(f'<svg viewBox="0 0 {size}"/>', "t")) for size in sizes] == [True, False, False]
    assert not lies_on_its_side(Picture("<svg/>", "t"))


def test_a_table_that_smaller_letters_make_much_lower_takes_them_and_no_other():
    words = ["Touchpoint", "Responsibilities", "Complaints", "Department", "Feeling", "Understanding", "Moments"]
    crammed = Table(words, [["Corrects on the day it is printed, and silent after that"] + ["yes"] * 6] * 8, "c")
    assert fit(crammed).scale < 1 and len(fit(crammed).shares) == 7
    assert fit(Table(["What", "Owner"], [["word " * 12, "Finance"]] * 8, "c")).scale == 1


def test_a_short_table_stays_on_its_page():
    assert fit(Table(["a"], [["1"]] * 24, "c")).together and not fit(Table(["a"], [["1"]] * 25, "c")).together
    assert not fit(Table(["a"], [["word " * 600]], "c")).together


def test_a_column_in_which_nobody_said_anything_is_left_out():
    assert without_empty_columns(Table(["a", "b"], [["1", ""], ["2", ""]], "c")) == Table(["a"], [["1"], ["2"]], "c")
    assert without_empty_columns(Table(["a"], [], "c")) == Table(["a"], [], "c")
