"""What the summary says: the eight points of the one page, the sections behind it, at any moment."""

from tests.finished import finished
from workshop import items, store, summary
from workshop.activities.rate import RateImpact, rate_impact
from workshop.document import Bullets, Chart, Document, Heading, Paragraph, Table, widths, without_empty_columns
from workshop.people import AddParticipant, add_participant
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.strategy import AddMetric, add_metric


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
        "Missing: data, finance.", "quiet",
    )  # fmt: skip
    assert table(page, "What starts first").rows[0] == [
        "Truth board (E1)",
        "A rider looks at the stop or calls a number and hears one of three things: coming, late by so much, or not "
        "coming and here is your ride.", "P3", "33", "36", "11", "Control room · 2026-04-03",
    ]  # fmt: skip
    assert table(page, "What is missing").rows[0] == [
        "About 1,900 euro a month at today's failure rate", "E2", "budget", "Finance",
    ]  # fmt: skip
    assert chapters(full) == [
        "On one page", "How to read the scores", "Prepare", "Opening", "Purpose", "Promise", "Principles", "Reverse",
        "Strategy", "Touchpoints", "Concepts", "Ranking", "Requirements", "Commitment", "The golden thread",
        "Open points and evidence", "All ideas",
    ]  # fmt: skip
    assert chapters(full, 3)[:7] == points
    assert len([block for block in full.blocks if isinstance(block, Chart)]) == 2


def test_what_two_people_rated_is_not_told_to_everybody(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    do(add_metric, AddMetric(kind="cpi", name="Waits", weight=100))
    do(add_metric, AddMetric(kind="kpi", name="Income", weight=100))
    for value in (3, 1, -1):
        person = do(add_participant, AddParticipant(alias=f"Somebody {value}"))
        do(rate_impact, RateImpact(person, "E1", "C1", value, 2))
        if value > 0:
            do(rate_impact, RateImpact(person, "E1", "K1", value, 3))
    assert table(summary.full(db), "Ratings: ").rows == [["E1", "+1 (−1 … +3, 3)", "+2 (+1 … +3, 2)"]]
    assert table(summary.full(db, shareable=True), "Ratings: ").rows == [["E1", "+1 (−1 … +3, 3)", "<3"]]
    assert table(summary.full(db), "How sure people").rows == [["E1", "Truth board", "2.4"]]


def test_an_empty_workshop_says_so_and_has_no_empty_chapters(db):
    page = summary.one_page(db)
    assert [block.text for block in page.blocks][0] == "Nothing has been written in this workshop yet."
    assert "Ranking" not in chapters(summary.full(db))
    assert summary.slides(db).blocks == []


def test_with_two_hundred_concepts_the_one_page_stays_a_page(db, do):
    for number in range(200):
        status = "selected" if number < 20 else "rejected"
        do(add_concept, AddConcept(name=f"Concept {number}", what_happens="Somebody does something.", status=status))
    page = summary.one_page(db)
    assert len(table(page, "What starts first").rows) == 5
    gone = next(block for block in page.blocks if isinstance(block, Bullets))
    assert len(gone.items) == 7 and gone.items[-1] == "and 174 more"
    assert len(items.list_items(db, "concept")) == 200


def test_widths_hold_the_longest_word_and_sum_to_one():
    found = widths(Table(["", "Responsibility"], [["E1", "a " * 200]], "c"))
    assert abs(sum(found) - 1) < 1e-9 and found[1] > found[0] > 3 / 118


def test_a_column_in_which_nobody_said_anything_is_left_out():
    assert without_empty_columns(Table(["a", "b"], [["1", ""], ["2", ""]], "c")) == Table(["a"], [["1"], ["2"]], "c")
    assert without_empty_columns(Table(["a"], [], "c")) == Table(["a"], [], "c")
