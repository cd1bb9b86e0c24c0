"""The whole way in a real browser on a real server, by clicking, as a facilitator and a room would go it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import (  # noqa: F401  some are fixtures
    CHROMIUM,
    LAPTOP,
    PHONE,
    PICTURES,
    PROJECTOR,
    Server,
    Visitor,
    address_in_the_network,
    beside,
    bus,
    choose,
    chromium,
    do,
    fill,
    house,
    key,
    move,
    playwright,
    profile,
    prompt,
    rows,
    running,
    server,
    settled,
    told,
    turn_to,
    unfold,
    until,
    visiting,
    visitor,
    write,
)
from workshop import bundle, hosts, journal, room, store
from workshop.library import list_library
from workshop.steps import create
from workshop.steps.prepare import StartWorkshop
from workshop.steps.principles import AddValue, add_value
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.ranking import RankedConcepts, get_ranking, list_agreements

if CHROMIUM is None:
    pytest.skip("there is no Chromium here, so the journeys are left out", allow_module_level=True)

PAGES = ("", "purpose", "promise", "principles", "concepts", "ranking", "plan", "summary", "history", "screen")
QUESTION = "What would it take for a bus to come when we say so?"


def first_cell(page: Page) -> None:
    """Clicks into the grid, again if it was just then drawn anew."""
    cell = page.locator("#glide-cell-1-0")
    expect(cell).to_be_attached()
    for _try in range(5):
        settled(page).get_by_test_id("stDataFrame").click(position={"x": 230, "y": 55})
        page.wait_for_timeout(300)
        if cell.get_attribute("aria-selected") == "true":
            return
    raise AssertionError("no cell was chosen")


def rate(page: Page, right: int, down: int, answer: str) -> None:
    """Goes to a cell of the grid from its first one by the arrows, and types the answer."""
    first_cell(page)
    for arrow in ["ArrowRight"] * right + ["ArrowDown"] * down:
        page.keyboard.press(arrow)
    answer_here(page, answer)


def answer_here(page: Page, answer: str) -> None:
    page.keyboard.type(answer, delay=80)  # as fast as a hand types
    page.keyboard.press("Enter")


def download(page: Page, name: str) -> tuple[str, str]:
    """Name and content of the file that this button gives."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=name).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_text("utf-8")


# --- the main job -------------------------------------------------------------------------------------------------


def test_from_one_command_to_the_summary(visitor: Visitor, tmp_path: Path):
    page, before = visitor.open("/"), len(list_library())
    page.get_by_label("What would you like to answer?").fill(QUESTION)
    page.get_by_role("button", name="Create workshop").dblclick()
    prompt(page, "What do people come to us for?")
    assert len(list_library()) == before + 1, "a double click makes one"
    entry = list_library()[0]  # the one last written to
    code = entry.code

    big, medium = key(page, "write-big").get_by_role("button"), key(page, "write-medium").get_by_role("button")
    write(page, "purpose", big, Purpose="So that nobody is shut out because they do not drive.")
    told(page, "Added P1")
    write(page, "purpose", medium, Purpose="To be the ride people can plan their day around.")
    told(page, "Added P2")
    write(page, "purpose", key(page, "new-segment").get_by_role("button"), Group_of_customers="Shift workers")
    told(page, "Added G1")
    for opener, rest, number in (
        ("I need", "to know whether the 5:40 will come.", 3),
        ("Can you", "get me home if the last bus does not turn up?", 4),
        ("How can I", "be sure there is room for my walking frame?", 5),
    ):
        page.get_by_role("button", name=f"{opener}…").click()
        expect(page.get_by_label("Purpose", exact=True).first).to_have_value(f"{opener} ")
        choose(page, "Who says it", "G1  Shift workers")
        choose(page, "Where did we hear it?", "ride-along")
        fill(page, "purpose", Purpose=f"{opener} {rest}")
        told(page, f"Added P{number}")

    for name in ("Bring the room here", "Open: 35 min", "Reveal", "Next: Promise"):
        move(page, name)
    prompt(page, "What do we promise today?")
    promise = "If we say a bus is coming, it comes, or we get you there."
    fill(page, "promise", We_promise=promise, Kept_when="It comes within 5 minutes.",
         Broken_when="A rider is left at a stop.", When_we_fail="We pay the taxi.")  # fmt: skip
    told(page, "Added PR1")

    turn_to(page, "Principles")
    prompt(page, "Which rules will decide for us?")
    fill(page, "principles", Value="Honesty", What_it_means_here="We say what we know.")
    told(page, "Added V1")
    fill(page, "principles", Value="Nobody left standing")
    told(page, "Added V2")
    write(page, "principles", key(page, "derive-V1").get_by_role("button"),
          This_good_thing="The truth early", even_over_this_good_thing="the good news late")  # fmt: skip
    told(page, "Added D1")

    turn_to(page, "Concepts")
    prompt(page, "How might we keep our promise here?")
    for number, idea in enumerate(("A board that tells the truth", "A taxi when we fail"), 1):
        choose(page, "For", "P3")
        page.get_by_role("textbox", name="One line, then Enter").fill(idea)
        page.get_by_role("textbox", name="One line, then Enter").press("Enter")
        told(page, f"Added I{number}")
    for number, happens in ((1, "A rider hears one of three things."), (2, "The driver calls a taxi.")):
        key(settled(page), f"take-up-I{number}").get_by_role("button").click()
        told(page, f"Made E{number}")
        fill(page, "concepts", **{"Who_does_what,_when?": happens})
        told(page, f"Edited E{number}")

    turn_to(page, "Ranking")
    prompt(page, "Which concepts move what we count?")
    write(page, "ranking", key(page, "measure-P3").get_by_role("button"),
          What_we_count="Buses that came as told", Unit="of 100", Today="81", Target="95")  # fmt: skip
    told(page, "Added C1")
    write(page, "ranking", key(page, "new-kpi").get_by_role("button"),
          What_we_count="Season tickets", Unit="a year", Today="900", Target="1200")  # fmt: skip
    told(page, "Added K1")
    for metric in ("C1", "K1"):
        weight = settled(page).get_by_label(f"Weight of {metric}")
        weight.fill("100")
        weight.press("Enter")
        told(page, f"Weighed {metric}")
    expect(page.get_by_text("Weights: all 100 points are shared.")).to_have_count(2)

    page.get_by_role("radio", name="Rate").click()
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Name", exact=True).fill("Ana")
    key(page, "add-person").get_by_role("button").click()
    told(page, "Added a person")
    expect(settled(page).get_by_role("combobox", name="Whose ratings")).to_have_value("Ana")
    page.keyboard.press("Escape")
    cells = [(0, 0, "+3"), (1, 0, "+1"), (0, 1, "?"), (1, 1, "+2")]
    for count, cell in enumerate(cells, 1):
        rate(page, *cell)
        until(page, lambda count=count: rated(code) == count)
    choose(page, "Whose ratings", "The room agreed")
    rate(page, 0, 1, "0")
    until(page, lambda: ranking(code).rows[1]["customer_score"] == 0)

    page.get_by_role("radio", name="The order").click()
    sentence = "A board that tells the truth comes first with 73, A taxi when we fail second with 27."
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()

    turn_to(page, "Summary")
    prompt(page, "For somebody who was not here")
    read = page.frame_locator("iframe").first
    expect(read.get_by_role("heading", name=QUESTION)).to_be_visible()
    settled(page).get_by_role("radio", name="Everything").click()
    expect(read.get_by_role("cell", name="Nobody left standing").first).to_be_visible()
    settled(page)
    name, text = download(page, "Markdown")
    assert name.endswith(".md")
    assert text.startswith("# " + QUESTION)
    assert f"> {promise}" in text.splitlines()
    assert sentence in text
    name, text = download(page, "Web page")
    assert name.endswith(".html")
    (tmp_path / name).write_text(text, "utf-8")
    taken_along = visitor.context.new_page()
    taken_along.goto((tmp_path / name).as_uri())
    expect(taken_along.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(taken_along.get_by_text(promise).first).to_be_visible()
    assert [url for url in visitor.asked if url.startswith("file:")] == [(tmp_path / name).as_uri()], "it needs nothing"
    name, text = download(page, "Everything as JSON")
    assert name.endswith(".json")
    with store.open(code) as db:
        assert json.loads(text) == bundle.read(db)
    again = bundle.load(json.loads(text), journal.HOST, "Brought in")
    assert ranking(again).rows == ranking(code).rows


def rated(code: str) -> int:
    with store.open(code) as db:
        return db.execute("SELECT count(*) FROM rating").fetchone()[0]


def ranking(code: str) -> RankedConcepts:
    with store.open(code) as db:
        return get_ranking(db)


@pytest.mark.parametrize("answers", [("+3", "+1"), ("-2", "-1")], ids=["plus", "minus"])
def test_the_grid_is_filled_in_from_the_keyboard(visitor: Visitor, bus: str, answers: tuple[str, str]):
    page = visitor.open(f"/ranking?w={bus}")
    page.get_by_role("radio", name="Rate").click()
    expect(settled(page).get_by_role("combobox", name="Whose ratings")).to_have_value("The room agreed")
    first_cell(page)
    for count, answer in enumerate(answers, 1):
        answer_here(page, answer)
        until(page, lambda count=count: len(agreed(bus)) == count, 3)
    assert list(agreed(bus).values()) == [int(answer) for answer in answers]


def agreed(code: str) -> dict:
    with store.open(code) as db:
        return list_agreements(db)


def test_a_finished_workshop_is_opened_from_the_lobby(visitor: Visitor):
    page = visitor.open("/")
    page.get_by_role("button", name="Look at a finished workshop").click()
    page.get_by_text("An online grocery").click()
    page.get_by_role("button", name="Open the sample").click()
    prompt(page, "What do people come to us for?")
    expect(page).to_have_url(re.compile(f"/purpose\\?w={list_library()[0].code}$"))


# --- the shared screen --------------------------------------------------------------------------------------------


def test_the_shared_screen_follows_at_once_and_shows_only_what_is_revealed(visitor: Visitor, beside: Visitor):
    code = create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)
    host = visitor.open(f"/purpose?w={code}")
    prompt(host, "What do people come to us for?")
    screen = beside.open(f"/screen?w={code}")
    shown = screen.locator(".screen")
    expect(shown).to_contain_text("Come in with your phone")
    screen.evaluate("window.untouched = true")
    expect(screen.get_by_test_id("stSidebar")).not_to_be_visible()

    at_once = {"timeout": 2000}
    settled(host).get_by_role("button", name="Bring the room here").click()
    expect(shown).to_contain_text("What do people come to us for?", **at_once)
    move(host, "Open: 35 min")
    expect(shown.get_by_text("in silence").first).to_be_visible(**at_once)
    expect(shown).to_contain_text("35 min left", **at_once)
    write(host, "purpose", host.get_by_role("button", name="I need…"), Purpose="I need to know whether it comes.")
    told(host, "Added P1")
    settled(host).get_by_role("button", name="+1").click()
    expect(shown).to_contain_text("36 min left", **at_once)
    expect(shown).not_to_contain_text("whether it comes")
    settled(host).get_by_role("button", name="Reveal").click()
    expect(shown).to_contain_text("to know whether it comes.", **at_once)
    settled(host).get_by_role("button", name="Hide it again").click()
    expect(shown).not_to_contain_text("whether it comes", **at_once)

    settled(host)
    turn_to(host, "Concepts")
    prompt(host, "How might we keep our promise here?")
    expect(settled(host).get_by_text("Only you see this page. The room is at Purpose.")).to_be_visible()
    assert "What do people come to us for?" in shown.inner_text(), "where the host looks is nobody else's business"
    host.get_by_role("button", name="Bring the room here").click()
    expect(shown).to_contain_text("How might we keep our promise here?", **at_once)
    for name in ("Open", "Reveal", "Next: Ranking"):
        move(host, name)
    expect(shown).to_contain_text("Which concepts move what we count?", **at_once)
    assert screen.evaluate("window.untouched"), "all of it without a reload"


@pytest.mark.parametrize("step", ["purpose", "promise"])
def test_what_was_chosen_is_not_on_the_screen_before_it_is_revealed(visitor: Visitor, step: str):
    code = create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)
    do(code, room.go_to, room.GoTo(step))
    do(code, room.start_step, room.StartStep())
    if step == "purpose":
        do(code, add_purpose, AddPurpose(level="big", text="A secret so far.", status="chosen"))
    else:
        do(code, add_promise, AddPromise(text="A secret so far.", status="chosen"))
    screen = visitor.open(f"/screen?w={code}")
    expect(screen.locator(".prompt")).to_be_visible()
    assert "A secret so far." not in screen.content()
    do(code, room.reveal, room.Reveal())
    expect(screen.get_by_text("A secret so far.").first).to_be_visible(timeout=2000)


def test_the_ranking_on_the_screen_moves_with_the_customer_share(visitor: Visitor, beside: Visitor, bus: str):
    do(bus, room.go_to, room.GoTo("ranking"))
    do(bus, room.hide, room.Hide())
    screen = beside.open(f"/screen?w={bus}")
    shown = screen.locator(".screen")
    expect(shown).to_contain_text("Which concepts move what we count?")
    assert "Truth board" not in screen.content()
    host = visitor.open(f"/ranking?w={bus}")
    prompt_line = host.get_by_text(ranking(bus).sentence)
    expect(prompt_line).to_be_visible()
    do(bus, room.reveal, room.Reveal())
    expect(shown).to_contain_text(ranking(bus).sentence, timeout=2000)
    settled(host).get_by_role("radio", name="0", exact=True).click()
    expect(prompt_line).not_to_be_visible()
    expect(shown).to_contain_text(ranking(bus).sentence, timeout=2000)


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("concepts", "How might we keep our promise here?"),
        ("summary", "For somebody who was not here"),
        ("screen", "Tarnwick"),
    ],
)
def test_a_deep_link_is_the_first_request_to_a_fresh_server(visitor: Visitor, bus: str, page: str, seen: str):
    visitor.server.stop()
    visitor.server.start()
    opened = visitor.open(f"/{page}?w={bus}")
    expect(opened.get_by_text(seen).first).to_be_visible()
    expect(opened).to_have_url(f"{visitor.server.url}/{page}?w={bus}")


def test_the_address_keeps_the_workshop_and_back_goes_back(visitor: Visitor, bus: str):
    page = visitor.open(f"/purpose?w={bus}")
    prompt(page, "What do people come to us for?")
    for title, words in (("Promise", "What do we promise today?"), ("Concepts", "How might we keep our promise here?")):
        turn_to(settled(page), title)
        prompt(page, words)
        expect(page).to_have_url(re.compile(f"/{title.lower()}\\?w={bus}$"))
    settled(page).go_back()
    prompt(page, "What do we promise today?")
    expect(page).to_have_url(re.compile(f"w={bus}"))
    page.reload()
    prompt(page, "What do we promise today?")
    turn_to(settled(page), "Lobby")
    prompt(page, "From purpose to the concepts that keep it.")


# --- who may come in ----------------------------------------------------------------------------------------------


@pytest.fixture
def away(server: Server) -> str:
    """The server's address as another machine uses it."""
    address = address_in_the_network()
    return f"http://{address}:{server.port}" if address else f"http://localhost:{server.port}"


@pytest.fixture
def stranger(chromium: Browser, server: Server) -> Iterator[Visitor]:
    """Somebody at another machine; without a network somebody who says so."""
    forwarded = {} if address_in_the_network() else {"extra_http_headers": {"X-Forwarded-For": "192.0.2.9"}}
    with visiting(chromium, server, **forwarded) as visitor:
        yield visitor
        # the door answers 403, and the browser complains of it
        visitor.complaints = [one for one in visitor.complaints if "403" not in one]


def test_another_machine_sees_the_door_and_comes_in_with_the_key(stranger: Visitor, away: str, bus: str):
    for path in PAGES:
        answer = stranger.context.request.get(f"{away}/{path}?w={bus}")
        assert answer.status == 403
        assert "This door opens with the host key" in answer.text()
    page = stranger.open(f"/concepts?w={bus}", away)
    page.get_by_label("Host key").fill("AAAA-AAAA")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_have_text("That key does not open this door.")
    key_ = re.search(r"The host key is (\S+)\. ", stranger.server.said())[1]
    page.get_by_label("Host key").fill(key_.lower())
    page.get_by_role("button", name="Come in").click()
    prompt(page, "How might we keep our promise here?")
    expect(page).to_have_url(f"{away}/concepts?w={bus}")


def test_a_screens_link_shows_the_screen_and_no_other_page(visitor: Visitor, stranger: Visitor, bus: str):
    host = visitor.open(f"/purpose?w={bus}")
    prompt(host, "What do people come to us for?")
    settled(host).get_by_role("button", name="Shared screen").click()
    host.get_by_role("button", name="Make a link for another machine").click()
    link = host.get_by_test_id("stCode").inner_text().strip()
    screen = stranger.context.new_page()
    screen.goto(link)
    host.keyboard.press("Escape")
    settled(host).get_by_role("button", name="Bring the room here").click()
    expect(screen.locator(".screen")).to_contain_text("what stands")
    assert "#" not in screen.url, "the secret does not stay in the address"
    there = f"{urlsplit(link).scheme}://{urlsplit(link).netloc}"
    for path in PAGES[:-1]:
        answer = stranger.context.request.get(f"{there}/{path}?w={bus}")
        assert answer.status == 403
        assert "This door opens with the host key" in answer.text()
    turn_to(host, "Promise")
    prompt(host, "What do we promise today?")
    settled(host).get_by_role("button", name="Bring the room here").click()
    expect(screen.locator(".screen")).to_contain_text("six-month trial", timeout=2000)


def test_a_screens_link_shows_its_own_workshop_only(stranger: Visitor, away: str, library: Path, bus: str):
    other = create(StartWorkshop(title="None of their business"), journal.HOST)
    secret = hosts.make_link(library, bus, "screen")
    page = stranger.open(f"/door?to=/screen?w={other}#k={secret}", away)
    expect(page.locator(".screen")).to_be_visible()
    assert "None of their business" not in page.content()


# --- what must not be lost ----------------------------------------------------------------------------------------


def test_half_typed_words_survive_news_from_another_tab(visitor: Visitor, beside: Visitor, bus: str):
    page = visitor.open(f"/principles?w={bus}")
    prompt(page, "Which rules will decide for us?")
    field = settled(page).get_by_label("What it means here")
    field.press_sequentially("We say what ")
    do(bus, add_value, AddValue(name="Courage"))
    expect(page.get_by_text("Courage").first).to_be_visible(timeout=3000)
    page.keyboard.type("we know.")
    expect(field).to_have_value("We say what we know.")


def test_half_typed_words_survive_a_visit_to_another_page(visitor: Visitor, bus: str):
    page = visitor.open(f"/principles?w={bus}")
    prompt(page, "Which rules will decide for us?")
    settled(page).get_by_label("What it means here").press_sequentially("We say what ")
    turn_to(page, "Promise")
    prompt(page, "What do we promise today?")
    turn_to(settled(page), "Principles")
    prompt(page, "Which rules will decide for us?")
    expect(settled(page).get_by_label("What it means here")).to_have_value("We say what ")


def test_two_tabs_edit_one_card_and_nothing_is_overwritten(visitor: Visitor, bus: str):
    page, other = visitor.open(f"/principles?w={bus}"), visitor.open(f"/principles?w={bus}")
    for one in (page, other):
        prompt(one, "Which rules will decide for us?")
        key(settled(one), "handle-V1").get_by_role("button").click()
        expect(key(one, "close-principles")).to_be_visible()
    fill(other, "principles", Value="Openness")
    told(other, "Edited V1")
    fill(page, "principles", Value="Frankness")
    quarrel = key(page, "quarrel")
    expect(quarrel).to_contain_text("Openness")
    expect(quarrel).to_contain_text("Frankness")
    assert rows(bus, "value")[0]["name"] == "Openness"
    settled(page).get_by_role("button", name="Take mine").click()
    until(page, lambda: rows(bus, "value")[0]["name"] == "Frankness")
    expect(quarrel).to_have_count(0)


def test_a_server_that_dies_loses_nothing_that_it_acknowledged(server: Server, visitor: Visitor):
    code = create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)
    page = visitor.open(f"/principles?w={code}")
    for number, name in enumerate(("Honesty", "Courage"), 1):
        prompt(page, "Which rules will decide for us?")
        fill(page, "principles", Value=name)
        told(page, f"Added V{number}")
        die_and_come_back(server, page)
        page.reload()
        expect(page.get_by_test_id("stText").get_by_text(name).first).to_be_visible()
    assert [row["name"] for row in rows(code, "value")] == ["Honesty", "Courage"]
    with store.open(code) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    visitor.complaints.clear()  # of a server that was not there


def test_the_first_words_after_a_restart_are_stored(server: Server, visitor: Visitor):
    code = create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)
    page = visitor.open(f"/principles?w={code}")
    prompt(page, "Which rules will decide for us?")
    fill(page, "principles", Value="Honesty")
    told(page, "Added V1")
    settled(page)
    die_and_come_back(server, page)
    visitor.complaints.clear()  # of a server that was not there
    fill(page, "principles", Value="Courage")
    until(page, lambda: len(rows(code, "value")) == 2, 5)


def test_what_is_half_typed_stands_in_its_field_after_a_restart(server: Server, visitor: Visitor, bus: str):
    page = visitor.open(f"/principles?w={bus}")
    prompt(page, "Which rules will decide for us?")
    key(settled(page), "handle-V1").get_by_role("button").click()
    expect(key(page, "close-principles")).to_be_visible()
    meaning = settled(page).get_by_label("What it means here")
    meaning.fill("We say what we know, and")
    example = page.get_by_label("When we lived it")
    unfold(page, re.compile("^More$"), example)
    example.fill("In the storm of March")
    example.press("Tab")
    settled(page).get_by_text(re.compile("^More$")).click()
    expect(example).to_be_hidden()
    parking, panel = key(page, "parking").get_by_test_id("stPopoverButton"), page.get_by_test_id("stPopoverBody")
    parking.click()
    panel.get_by_label("Question", exact=True).fill("Who told them?")
    panel.get_by_label("Question", exact=True).press("Escape")
    expect(panel).to_be_hidden()
    settled(page)
    die_and_come_back(server, page)
    visitor.complaints.clear()  # of a server that was not there
    settled(page).get_by_role("button", name="Save").click()
    until(page, lambda: rows(bus, "value")[0]["meaning"] == "We say what we know, and", 20)
    assert rows(bus, "value")[0]["lived_example"] == "In the storm of March", "also where it was folded away again"
    key(settled(page), "parking").get_by_test_id("stPopoverButton").click()
    expect(panel.get_by_label("Question", exact=True)).to_have_value("Who told them?")


def die_and_come_back(server: Server, page: Page) -> None:
    app = page.get_by_test_id("stApp")
    server.kill()
    expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    server.start()
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=20_000)
