"""The pen in a real browser: every line is stored, in order, once, however fast it is typed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import (  # noqa: F401  some are fixtures
    CHROMIUM,
    Server,
    Visitor,
    chromium,
    house,
    playwright,
    profile,
    rows,
    server,
    settled,
    until,
    visitor,
)
from workshop import journal
from workshop.steps import create
from workshop.steps.prepare import StartWorkshop

if CHROMIUM is None:
    pytest.skip("there is no Chromium here, so the journeys are left out", allow_module_level=True)

MOST = "“Idea” may have at most 300 characters, and this has 400."


@pytest.fixture
def empty() -> str:
    return create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)


@pytest.fixture
def page(visitor: Visitor, empty: str) -> Page:
    """The ideas of an empty workshop, with the cursor in the field."""
    page = visitor.open(f"/concepts?w={empty}")
    field(page).click()
    return settled(page)


def field(page: Page):
    return page.get_by_label("One line, then Enter")


def below(page: Page):
    """What the pen says under its field."""
    return page.locator(".pen").get_by_role("status")


def type_line(page: Page, text: str) -> None:
    page.keyboard.type(text, delay=15)
    page.keyboard.press("Enter")


def ideas(code: str) -> list[str]:
    return [row["text"] for row in rows(code, "idea")]


def test_ten_ideas_in_a_row_are_stored_in_order_and_the_cursor_stays(page: Page, empty: str):
    said = [f"A driver says what he knows, number {number}" for number in range(10)]
    for idea in said:
        type_line(page, idea)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    until(page, lambda: len(ideas(empty)) >= 10)
    expect(settled(page).locator('[class*="st-key-line-I"]')).to_have_count(10)
    expect(below(page)).to_be_empty()
    assert ideas(empty) == said
    expect(field(page)).to_be_focused()


def test_what_is_typed_while_a_line_is_stored_stays_in_the_field(page: Page, empty: str):
    type_line(page, "A board that says when")
    page.keyboard.type("and one that sa")
    until(page, lambda: ideas(empty) == ["A board that says when"])
    settled(page)
    page.keyboard.type("ys why")
    expect(field(page)).to_have_value("and one that says why")


def test_an_idea_that_is_too_long_is_refused_and_its_words_come_back(page: Page, empty: str):
    field(page).fill("x" * 400)
    page.keyboard.press("Enter")
    expect(below(page)).to_have_text(MOST)
    expect(field(page)).to_have_value("x" * 400)
    expect(field(page)).to_be_focused()
    field(page).fill("x" * 300)
    page.keyboard.press("Enter")
    until(page, lambda: ideas(empty) == ["x" * 300])
    expect(below(page)).to_be_empty()


def test_refused_words_stand_under_the_field_while_something_else_is_written(page: Page, empty: str):
    field(page).fill("x" * 400)
    page.keyboard.press("Enter")
    page.keyboard.type("A board")
    expect(below(page)).to_contain_text(f"{'x' * 400}{MOST}")
    expect(field(page)).to_have_value("A board")
    page.get_by_role("button", name="Write it again").click()
    expect(field(page)).to_have_value("x" * 400)
    expect(below(page)).to_contain_text("A board")
    field(page).fill("Short")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Write it again").click()
    page.keyboard.press("Enter")
    until(page, lambda: ideas(empty) == ["Short", "A board"])
    expect(below(page)).to_be_empty()


def test_an_idea_outlives_a_server_that_dies(page: Page, empty: str, server: Server, visitor: Visitor):
    type_line(page, "Before the power fails")
    until(page, lambda: len(ideas(empty)) == 1)
    settled(page)
    server.kill()
    said = ["Written into the dark", "and another one"]
    for idea in said:
        type_line(page, idea)
    page.keyboard.type("half")
    expect(below(page)).to_have_text(f"waiting: {said[0]}waiting: {said[1]}")
    server.start()
    until(page, lambda: len(ideas(empty)) >= 3, 30)
    expect(below(page)).to_be_empty(timeout=20_000)
    expect(field(settled(page))).to_have_value("half")
    expect(field(page)).to_be_focused()
    assert ideas(empty) == ["Before the power fails", *said]
    visitor.complaints.clear()  # of a server that was not there


def test_an_idea_outlives_a_reload_without_a_server(page: Page, empty: str, server: Server, visitor: Visitor):
    server.kill()
    type_line(page, "Written into the dark")
    server.start()
    page.reload()
    until(page, lambda: len(ideas(empty)) >= 1, 20)
    expect(below(page)).to_be_empty()
    settled(page)
    assert ideas(empty) == ["Written into the dark"]
    visitor.complaints.clear()  # of a server that was not there


def test_markup_is_only_ever_text(page: Page, empty: str, visitor: Visitor):
    image = "<img src=http://evil.example/x.png onerror=alert(1)>"
    for idea in (image, "![x](http://evil.example/y.png)"):
        type_line(page, idea)
    until(page, lambda: len(ideas(empty)) == 2)
    field(page).fill(image * 8)
    page.keyboard.press("Enter")
    page.keyboard.type("next")
    expect(below(page)).to_contain_text(image * 8)
    assert page.locator("img[src*=evil]").count() == 0
    assert ideas(empty) == [image, "![x](http://evil.example/y.png)"]


def test_enter_belongs_to_the_input_method_while_it_composes(page: Page, empty: str):
    field(page).fill("つく")
    composing = {"key": "Enter", "isComposing": True, "bubbles": True}
    field(page).dispatch_event("keydown", composing)
    expect(field(page)).to_have_value("つく")
    page.keyboard.press("Enter")
    until(page, lambda: ideas(empty) == ["つく"])
