"""The core steps in a real browser, as a facilitator's hands go: entries, ideas, cards, metrics, findings, keys."""

import re

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation

from tests.browser import (  # noqa: F401  some are fixtures
    CHROMIUM,
    Visitor,
    beside,
    bus,
    choose,
    chromium,
    do,
    fill,
    house,
    key,
    open_editor,
    playwright,
    profile,
    prompt,
    rows,
    server,
    settled,
    told,
    turn_to,
    unfold,
    until,
    visitor,
    write,
)
from workshop import items, journal, store
from workshop.checks import findings
from workshop.entries import list_entries
from workshop.steps import create
from workshop.steps.ideas import list_ideas
from workshop.steps.prepare import StartWorkshop
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.strategy import list_metric_links

if CHROMIUM is None:
    pytest.skip("there is no Chromium here, so the journeys are left out", allow_module_level=True)

CONCEPTS = "How might we keep our promise here?"
FAR_AWAY = """
const Near = WebSocket;
window.WebSocket = class extends Near {
  addEventListener(kind, hear, ...more) {
    super.addEventListener(kind, kind === "message" ? (event) => setTimeout(hear, 400, event) : hear, ...more);
  }
};
"""


@pytest.fixture
def empty() -> str:
    return create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)


def read(code: str, get, *what):
    with store.open(code) as db:
        return get(db, *what)


def button(page: Page, name: str):
    return settled(page).get_by_role("button", name=name, exact=True)


def tick(page: Page, ref: str):
    """The box before one line of what the room wrote."""
    return settled(page).locator(f'.ticks [data-ref="{ref}"] input')


# --- entries and ideas --------------------------------------------------------------------------------------------


def test_what_the_room_wrote_becomes_purposes_and_keeps_where_it_came_from(visitor: Visitor, empty: str):
    page = visitor.open(f"/purpose?w={empty}")
    prompt(page, "What do people come to us for?")
    page.get_by_text("What the room wrote").click()
    pen = page.get_by_label("One line for each entry")
    pen.fill("I want to be told\nI need to get home\nWhat is <b>the fare</b>?")
    page.keyboard.press("Control+Enter")
    told(page, "Wrote N1–N3")
    expect(pen).to_be_focused()
    for ref in ("N1", "N2"):
        tick(page, ref).click()
    button(page, "Group").click()
    page.get_by_label("Heading").fill("On the way")
    page.keyboard.press("Enter")
    told(page, "Grouped under On the way")
    expect(page.get_by_label("Heading")).to_have_count(0)
    expect(settled(page).get_by_text("On the way", exact=True)).to_be_visible()
    expect(page.locator(".ticks input:checked")).to_have_count(0)
    page.keyboard.press("Alt+z")
    expect(page.locator(".ticks input:checked")).to_have_count(2)
    settled(page).keyboard.press("Alt+y")
    expect(page.locator(".ticks input:checked")).to_have_count(0)
    tick(page, "N3").click()
    tick(page, "N1").click(modifiers=["Shift"])
    expect(page.get_by_text("2 ticked become")).to_be_visible()
    page.locator('[class*="st-key-turn-purpose-"]').first.get_by_role("button").click()
    until(page, lambda: len(rows(empty, "purpose")) == 2)
    assert [row["text"] for row in rows(empty, "purpose")] == ["I want to be told", "What is <b>the fare</b>?"]
    assert [(row["ref"], row["heading"]) for row in read(empty, list_entries, "purpose")] == [("N2", "On the way")]
    assert {row["ref"]: row["became"] for row in rows(empty, "entry")} == {"N1": "P1", "N2": None, "N3": "P2"}


def test_a_pasted_list_is_asked_about_first_and_then_taken_whole(visitor: Visitor, bus: str):
    page = visitor.open(f"/concepts?w={bus}")
    prompt(page, CONCEPTS)
    before = len(rows(bus, "idea"))
    field = settled(page).get_by_label("Or a whole list, one idea a line")
    # the first More belongs to the ideas; a list that is opened stays open
    page.get_by_role("button", name="More", exact=True).first.click()
    field.fill("\n".join(f"Idea {n}" for n in range(60)))
    button(page, "Add the list").click()
    expect(page.get_by_text("These are 60 lines.")).to_be_visible()
    assert len(rows(bus, "idea")) == before
    button(settled(page), "Add the list").click()
    until(page, lambda: len(rows(bus, "idea")) == before + 60)


def test_a_combination_nobody_thought_of_gives_the_idea_its_links(visitor: Visitor, bus: str):
    page = visitor.open(f"/concepts?w={bus}")
    prompt(page, CONCEPTS)
    button(page, "What could we ask for?").or_(settled(page).get_by_text("What could we ask for?")).first.click()
    page.get_by_role("button", name="Ask this").or_(page.locator('[class*="st-key-ask-"] button')).first.click()
    told_question = page.locator(".st-key-quiet-prompted")
    expect(told_question).to_contain_text("How might we answer")
    field = settled(page).get_by_label("One line, then Enter")
    field.fill("A board that says when")
    field.press("Enter")
    until(page, lambda: rows(bus, "idea")[-1]["text"] == "A board that says when")
    idea = rows(bus, "idea")[-1]
    assert all(idea[name] for name in ("purpose", "touchpoint", "principle"))
    page.get_by_role("button", name="Clear value").first.click()
    expect(told_question).to_have_count(0)
    field.fill("A bell")
    field.press("Enter")
    until(page, lambda: rows(bus, "idea")[-1]["text"] == "A bell")
    assert not any(rows(bus, "idea")[-1][name] for name in ("purpose", "touchpoint", "principle"))


def test_the_worst_idea_is_flipped_and_twins_are_merged(visitor: Visitor, empty: str):
    page = visitor.open(f"/concepts?w={empty}")
    prompt(page, CONCEPTS)
    for idea in ("Leave people at the stop", "Call riders back within the hour", "Call the rider back within an hour"):
        field = settled(page).get_by_label("One line, then Enter")
        field.fill(idea)
        field.press("Enter")
        until(page, lambda idea=idea: any(row["text"] == idea for row in rows(empty, "idea")))
    expect(settled(page).get_by_text("look alike")).to_be_visible()
    key(page, "twins-I2-I3").get_by_role("button", name="Merge").click()
    until(page, lambda: [row["ref"] for row in read(empty, list_ideas)] == ["I1", "I2"])
    open_editor(page, "concepts", key(settled(page), "handle-I1").get_by_role("button"))
    page.get_by_text("More", exact=True).last.click()
    choose(page, "Round", "worst")
    button(page, "Save").or_(page.locator('[class*="st-key-editor-"] button', has_text="Save")).first.click()
    told(page, "Edited I1")
    button(page, "Close").or_(page.locator('.st-key-close-concepts button')).first.click()
    write(page, "concepts", key(settled(page), "flip-I1").get_by_role("button"), Idea="Nobody is left at the stop")
    until(page, lambda: len(rows(empty, "idea")) == 4)
    flipped = rows(empty, "idea")[-1]
    assert (flipped["text"], flipped["round"], flipped["builds_on"]) == ("Nobody is left at the stop", "flipped", "I1")


def test_one_card_goes_into_another_and_a_second_comes_out(visitor: Visitor, bus: str):
    page = visitor.open(f"/concepts?w={bus}")
    prompt(page, CONCEPTS)
    open_editor(page, "concepts", key(settled(page), "handle-E3").get_by_role("button"))
    unfold(page, "Merge or split", page.get_by_role("combobox", name="It goes into"))
    choose(page, "It goes into", "E1  Truth board")
    key(page, "merge-E3").get_by_role("button").click()
    told(page, "Merged into E1")
    assert {row["ref"]: row["merged_into"] for row in rows(bus, "concept")}["E3"] == "E1"
    second = page.get_by_label("Or a second card comes out of it, named")
    unfold(page, "Merge or split", second)
    second.fill("A voice at the stop")
    key(page, "split-E1").get_by_role("button").click()
    until(page, lambda: any(row["name"] == "A voice at the stop" for row in rows(bus, "concept")))


# --- what we count ------------------------------------------------------------------------------------------------


def test_a_cpi_is_one_click_from_its_purpose_and_a_guess_joins_it_to_a_kpi(visitor: Visitor, empty: str):
    page = visitor.open(f"/purpose?w={empty}")
    prompt(page, "What do people come to us for?")
    write(page, "purpose", key(settled(page), "open-I-want").get_by_role("button"), Purpose="I want to be told")
    told(page, "Added P1")
    page = visitor.open(f"/ranking?w={empty}")
    settled(page).get_by_role("radio", name="What we count").click()
    open_editor(page, "ranking", key(settled(page), "measure-P1").get_by_role("button"))
    fill(page, "ranking", What_we_count="Minutes waited unknowing", Unit="minutes")
    told(page, "Added C1")
    write(page, "ranking", key(settled(page), "new-kpi").get_by_role("button"), What_we_count="Rides a week")
    told(page, "Added K1")
    assert [(row["ref"], row["kind"], row["purpose"]) for row in rows(empty, "metric")] == [
        ("C1", "cpi", "P1"),
        ("K1", "kpi", None),
    ]
    settled(page).get_by_label("because").fill("Who is told, comes back")
    key(page, "add-guess").get_by_role("button").click()
    until(page, lambda: len(read(empty, list_metric_links)) == 1)
    link = read(empty, list_metric_links)[0]
    assert (link["cpi"], link["kpi"], link["hypothesis"]) == ("C1", "K1", "Who is told, comes back")


# --- findings -----------------------------------------------------------------------------------------------------


def test_a_finding_is_put_aside_with_a_reason_and_back_when_the_words_change(visitor: Visitor, bus: str):
    page = visitor.open(f"/promise?w={bus}&item=PR1")
    prompt(page, "What do we promise today?")
    hedge = "A hedge is not a promise."
    fill(page, "promise", We_promise="We strive to bring you home by ten.")
    told(page, "Edited PR1")
    chip = settled(page).get_by_role("button").filter(has_text=hedge)
    chip.click()
    page.get_by_label("Put aside, because").wait_for()
    button(page, "Put aside").click()
    expect(page.get_by_text("Write something under “Put aside, because”.")).to_be_visible()
    page.get_by_label("Put aside, because").fill("The lawyers ask for it")
    button(page, "Put aside").click()
    told(page, "Put aside: PR1")
    expect(chip).to_have_count(0)
    assert [one["reason"] for one in read(bus, findings.list_dismissals)] == ["The lawyers ask for it"]
    fill(page, "promise", We_promise="We strive to bring you home by eleven.")
    told(page, "Edited PR1")
    expect(chip).to_be_visible()


# --- hands and eyes -----------------------------------------------------------------------------------------------


def test_one_after_another_is_written_down_without_the_mouse(visitor: Visitor, bus: str):
    page = visitor.open(f"/purpose?w={bus}")
    prompt(page, "What do people come to us for?")
    editor = key(settled(page), "editor-purpose")
    purpose = editor.get_by_label("Purpose", exact=True)
    purpose.click()
    for ref, text in (("P8", "I want to be told"), ("P9", "Can you wait for me")):
        page.keyboard.type(text)
        page.keyboard.press("Control+Enter")
        told(page, f"Added {ref}")
        expect(purpose).to_be_focused()
        expect(purpose).to_have_value("")
        settled(page)
    who = editor.get_by_role("combobox", name="Who says it")
    page.keyboard.press("Tab")
    expect(who).to_be_focused()
    page.keyboard.type("Stud")
    page.keyboard.press("Enter")
    expect(who).to_have_value("G2  College students 16–19")
    page.keyboard.press("Tab")
    expect(editor.get_by_role("combobox", name="Where did we hear it?")).to_be_focused()
    page.keyboard.type("interview")
    page.keyboard.press("Enter")
    expect(who).to_have_value("G2  College students 16–19")


def test_what_is_open_stays_in_sight_and_the_editor_beside_it(visitor: Visitor, bus: str):
    page = visitor.open(f"/concepts?w={bus}")
    prompt(page, CONCEPTS)
    last = key(settled(page), "handle-E11").get_by_role("button")
    open_editor(page, "concepts", last)
    expect(key(settled(page), "editor-concepts").get_by_label("Name", exact=True)).to_be_in_viewport()
    expect(last).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(key(page, "close-concepts")).to_have_count(0)
    expect(last).to_be_in_viewport()


def test_a_day_is_typed_and_saved_without_the_mouse(visitor: Visitor, bus: str):
    page = visitor.open(f"/promise?w={bus}&item=PR1")
    prompt(page, "What do we promise today?")
    editor = key(settled(page), "editor-promise")
    year = editor.get_by_role("spinbutton", name="year, Review by")
    unfold(page, re.compile("^More$"), year)
    year.click()
    page.keyboard.type("20310204", delay=40)
    processor = page.context.new_cdp_session(page)
    processor.send("Emulation.setCPUThrottlingRate", {"rate": 10})  # a slow one takes the day later than it hears keys
    page.keyboard.press("Control+Enter")  # while its calendar still stands open
    told(page, "Edited PR1")
    assert [row["review_by"] for row in rows(bus, "promise") if row["ref"] == "PR1"] == ["2031-02-04"]
    expect(key(page, "close-promise"), "and nothing was closed by it").to_be_visible()


def test_the_navigation_stands_there_all_the_time(visitor: Visitor, bus: str):
    drawn = []

    def hear(frame: bytes | str) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        if message.WhichOneof("type") == "navigation":
            drawn.append(message.navigation)

    page = visitor.context.new_page()
    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    page.goto(f"{visitor.server.url}/concepts?w={bus}")
    prompt(page, CONCEPTS)
    turn_to(page, "Commitment")
    prompt(page, "What starts first?")
    assert len(drawn) >= 2 and "Earlier" in drawn[-1].sections, "what lies well before is folded away"
    assert {one.position for one in drawn} == {Navigation.Position.TOP}, "hidden for a moment, it would blink"


def test_the_keyboard_adds_undoes_redoes_and_closes(visitor: Visitor, empty: str):
    page = visitor.open(f"/principles?w={empty}")
    prompt(page, "Which rules will decide for us?")
    settled(page).get_by_label("Value", exact=True).fill("Candour")
    page.keyboard.press("Tab")
    page.keyboard.type("We say what we know")
    page.keyboard.press("Control+Enter")
    told(page, "Added V1")
    assert [(row["name"], row["meaning"]) for row in rows(empty, "value")] == [("Candour", "We say what we know")]
    settled(page)
    page.keyboard.press("Alt+z")
    expect(key(page, "redo")).to_be_visible()
    assert rows(empty, "value") == []
    settled(page)
    page.keyboard.press("Alt+y")
    until(page, lambda: len(rows(empty, "value")) == 1)
    open_editor(page, "principles", key(settled(page), "handle-V1").get_by_role("button"))
    page.keyboard.press("Escape")
    expect(key(page, "close-principles")).to_have_count(0)


def test_the_keyboard_walks_the_thread_and_needs_one_tab_to_pass_it(visitor: Visitor, bus: str):
    page = visitor.open(f"/thread?w={bus}")
    first, last = (settled(page).get_by_role("link", name=name) for name in ("G1: Shift workers", "P1: So that"))
    first.focus()
    for _item in range(3):
        page.keyboard.press("ArrowRight")
    expect(last).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show it to the room")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Enter")
    prompt(page, "What do people come to us for?")
    expect(page).to_have_url(re.compile("item=P1"))


def test_a_page_that_a_button_far_below_leads_to_begins_at_its_head(visitor: Visitor, bus: str):
    do(bus, items.edit, items.Edit("T3", rows(bus, "touchpoint")[2]["version"], {"promise_state": "unknown"}))
    page = visitor.open(f"/thread?w={bus}")
    settled(page).get_by_text("Coverage").click()
    button = settled(page).get_by_role("button", name="Ask the room").last
    button.scroll_into_view_if_needed()
    button.click()
    expect(page.get_by_role("heading", name="Where does the promise live?", level=1)).to_be_in_viewport()
    settled(page)
    expect(page.get_by_role("heading", name="Where does the promise live?", level=1)).to_be_in_viewport()


def test_what_is_opened_is_written_in_at_once_and_esc_closes_what_is_in_front_first(visitor: Visitor, bus: str):
    page = visitor.open(f"/purpose?w={bus}")
    prompt(page, "What do people come to us for?")
    open_editor(page, "purpose", key(settled(page), "open-I-need").get_by_role("button"))
    field = key(page, "editor-purpose").get_by_label("Purpose", exact=True)
    expect(field).to_have_value("I need ")
    expect(field).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("to be told")
    settled(page).get_by_role("combobox", name="Who says it").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("I need to be told")
    settled(page)
    page.keyboard.press("Escape")
    expect(key(page, "close-purpose")).to_have_count(0)


def test_what_was_begun_comes_back_when_what_was_opened_instead_is_done(visitor: Visitor, bus: str):
    page = visitor.open(f"/purpose?w={bus}")
    prompt(page, "What do people come to us for?")
    open_editor(page, "purpose", key(settled(page), "open-I-need").get_by_role("button"))
    field = key(page, "editor-purpose").get_by_label("Purpose", exact=True)
    expect(field).to_be_focused()
    field.fill("I need to be told")
    key(page, "new-segment").get_by_role("button").click(delay=70)
    expect(key(page, "editor-purpose").get_by_label("Group of customers")).to_be_focused()
    fill(page, "purpose", Group_of_customers="Night workers")
    until(page, lambda: any(row["name"] == "Night workers" for row in rows(bus, "segment")))
    expect(field).to_have_value("I need to be told")


def test_what_the_room_wrote_is_sent_off_without_what_the_editor_holds_half_typed(visitor: Visitor, bus: str):
    page = visitor.open(f"/principles?w={bus}")
    prompt(page, "Which rules will decide for us?")
    value = key(settled(page), "editor-principles").get_by_label("Value", exact=True)
    value.fill("Half a val")
    wrote = page.get_by_label("One line for each entry")
    unfold(page, "What the room wrote", wrote)
    wrote.fill("Off the wall")
    page.keyboard.press("Control+Enter")
    told(page, "Wrote")
    expect(settled(page).get_by_text("Off the wall")).to_be_visible()
    expect(value).to_have_value("Half a val")
    assert "Half a val" not in [row["name"] for row in rows(bus, "value")]
    value.press("Control+Enter")
    told(page, "Added")


def test_what_is_found_is_read_whole_also_in_a_narrow_column(visitor: Visitor, bus: str):
    do(bus, items.edit, items.Edit("K1", 1, {"target": None}))
    page = visitor.open(f"/strategy?w={bus}&item=K1")
    chip = page.get_by_role("button", name="Without unit, baseline and target nobody can tell whether it moved.")
    expect(chip).to_be_visible()
    cut = "chip => [...chip.querySelectorAll('*')].filter(part => part.scrollWidth > part.clientWidth + 1).length"
    until(page, lambda: settled(page) and chip.evaluate(cut) == 0)


@pytest.mark.parametrize("by", ["a click", "its shortcut"])
def test_a_second_press_of_a_move_does_not_make_the_next_one(beside: Visitor, empty: str, by: str):
    page = beside.open(f"/purpose?w={empty}")
    move = settled(page).locator(".st-key-move").get_by_role("button")
    expect(move).to_contain_text("Bring the room here")
    prompt(page, "What do people come to us for?")
    for reads in ("Open", "Reveal", "Next: Promise"):
        if by == "a click" or reads == "Open":  # no key moves the room from a page that only the host sees
            move.dblclick()
        else:
            for _press in range(4):  # the last of them long after the first
                page.keyboard.press("Alt+Enter")
                page.wait_for_timeout(200)
        expect(move).to_contain_text(reads)
        page.wait_for_timeout(1000)
        expect(settled(page).locator(".st-key-move").get_by_role("button")).to_contain_text(reads)
    prompt(page, "What do people come to us for?")


def test_a_move_that_was_taken_back_is_made_again_at_once(beside: Visitor, empty: str):
    page = beside.open(f"/purpose?w={empty}")
    move = settled(page).locator(".st-key-move").get_by_role("button")
    move.click()
    for _time in range(2):
        expect(move).to_contain_text("Open")
        page.wait_for_timeout(600)  # sooner it would be taken for a double click
        move.click()
        expect(move).to_contain_text("Reveal")
        key(settled(page), "undo").get_by_role("button").click()
    expect(move).to_contain_text("Open")
    assert rows(empty, "purpose") == []


@pytest.mark.parametrize("by", ["a click", "its shortcut"])
def test_news_do_not_call_a_host_back_who_goes_on(beside: Visitor, empty: str, by: str):
    beside.context.add_init_script(FAR_AWAY)  # so that the page hears late that its run has begun
    page = beside.open(f"/purpose?w={empty}")
    for asks in ("What do people come to us for?", "What do we promise today?"):
        prompt(page, asks)
        at = [] if asks != "What do people come to us for?" else ["Bring the room here"]
        for name in (*at, "Open", "Reveal", "Next"):
            move = settled(page).locator(".st-key-move").get_by_role("button", name=name)
            move.wait_for()
            page.wait_for_timeout(600)  # sooner it would be taken for a double click
            if name == "Next":
                do(empty, add_purpose, AddPurpose(level="big", text=f"to answer “{asks}”"))
            by_click = by == "a click" or name in at
            move.click(delay=70) if by_click else page.keyboard.press("Alt+Enter")
    prompt(page, "Which rules will decide for us?")


@pytest.mark.parametrize("step", ["purpose", "promise", "principles", "concepts", "ranking"])
@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
def test_prompt_first_card_and_next_move_need_no_scrolling(
    visitor: Visitor, empty: str, bus: str, step: str, full: bool
):
    """DESIGN.md §4, at 1280×800: the top of each lies in the window, and the primary button wholly."""
    page = visitor.open(f"/{step}?w={bus if full else empty}")
    move = key(page, "move").get_by_role("button")
    expect(move).to_be_visible()
    boxes = {"the next move": move.bounding_box()}
    if full and step == "ranking":
        boxes["the order"] = key(settled(page), "finding-line-order").bounding_box()
    else:
        boxes["the prompt"] = settled(page).get_by_role("heading", level=1).first.bounding_box()
    if full and step != "ranking":
        boxes["the first card"] = page.locator('[class*="st-key-card-"]').first.bounding_box()
    here = page.locator('[data-testid="stTopNavLink"][aria-current="page"]:not([inert], [inert] *)')
    expect(here, "and the step that one looks at is marked, however long the agenda").to_have_text(step.capitalize())
    for what, box in boxes.items():
        assert box["y"] >= 0 and box["y"] + min(box["height"], 120) <= 800, what
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280, "nor is anything cut off at the right"


# --- the sidebar's panels -----------------------------------------------------------------------------------------


def test_a_panel_stands_whole_beside_the_sidebar_keeps_what_is_half_written_and_goes_with_esc(
    visitor: Visitor, bus: str
):
    page = visitor.open(f"/purpose?w={bus}")
    prompt(page, "What do people come to us for?")
    panel = page.get_by_test_id("stPopoverBody")
    for opener, last in (("join-panel", "Co-hosts and observers"), ("people", "The same person twice?"),
                         ("deciding", "Record it")):  # fmt: skip
        key(settled(page), opener).get_by_test_id("stPopoverButton").click()
        expect(panel.get_by_text(last)).to_be_in_viewport(ratio=1)
        assert panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight"), f"{opener} is not cut off"
        page.mouse.click(1270, 790)  # beside everything
        expect(panel).to_be_hidden()
    key(settled(page), "people").get_by_test_id("stPopoverButton").click()
    off = panel.get_by_role("button", name="Take off the list; the answers stay", exact=True).first
    expect(off).to_be_visible()
    expect(off.get_by_test_id("stMarkdownContainer")).to_have_css("position", "absolute")  # heard, and not seen
    page.mouse.click(1270, 790)
    key(settled(page), "deciding").get_by_test_id("stPopoverButton").click()
    panel.get_by_label("What was decided").fill("We say so at the stop")
    choose(page, "Which promise, purpose, value, principle", "PR1")
    panel.get_by_role("button", name="Record it").click(delay=70)
    told(page, "Recorded X4")
    assert rows(bus, "decision")[-1]["because_of"] == ["PR1"], "what was chosen last takes no click away"
    page.mouse.click(1270, 790)
    parking = key(page, "parking").get_by_test_id("stPopoverButton")
    parking.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_label("Question", exact=True)).to_be_focused()
    page.keyboard.type("May we wait?")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(parking).to_be_focused()
    settled(page)
    page.keyboard.press("Enter")
    expect(panel.get_by_label("Question", exact=True)).to_have_value("May we wait?")
    expect(panel.get_by_label("Question", exact=True)).to_be_focused()
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told(page, "Parked Q3")
    expect(panel.get_by_text("May we wait?")).to_be_visible()
    assert [row["text"] for row in rows(bus, "question")][2:] == ["May we wait?"]
