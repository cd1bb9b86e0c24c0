"""One phone through a session, in Chromium: what only a browser can show of the script that keeps every word."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser import (  # noqa: F401  some are fixtures
    CHROMIUM,
    PHONE,
    chromium,
    do,
    house,
    playwright,
    server,
    until,
    visiting,
)
from tests.phones import bus, join_code  # noqa: F401  bus is a fixture
from workshop import activities, joining, people, room, store
from workshop.activities import (
    CallBack,
    CloseActivity,
    OpenActivity,
    ReopenActivity,
    RevealActivity,
    count_ready,
    get_results,
    get_task,
    list_for_host,
)

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")
AXE = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed").Axe


@pytest.fixture
def phone(chromium, server):  # noqa: F811
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    assert page.faults == []
    context.close()

# what would have to be looked for sideways, or is cut off
BEYOND = """[...document.querySelectorAll('body, body *:not(.sr, .sr *)')].filter((e) => {
    const { left, right } = e.getBoundingClientRect(), { overflowX } = getComputedStyle(e);
    return left < -1 || right > innerWidth + 1 || (overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 &&
        !e.matches('textarea, input, select')); }).map((e) => e.outerHTML.slice(0, 80))"""

WHOLE = """[...document.querySelectorAll('h1')].every((e) => {
    e.style.overflowWrap = 'normal';
    const fits = e.scrollWidth <= e.clientWidth;
    e.style.overflowWrap = '';
    return fits; })"""


def ask(code: str, kind: str, step: str, prompt: str, **settings) -> int:
    do(code, room.go_to, room.GoTo(step))
    feed = "ranking" if kind == "rate" else ""
    command = OpenActivity(step=step, kind=kind, prompt=prompt, minutes=4, feed=feed, settings=settings)
    return do(code, activities.open_activity, command)


def come_in(phone: Page, server, code: str) -> None:
    phone.goto(f"{server.url}/join/{join_code(code)}")
    phone.get_by_role("button", name="Come in").click()


def written(code: str, activity: int) -> list[str]:
    with store.open(code) as db:
        return sorted(one["text"] for one in list_for_host(db, activity))


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Add").click()


def sound(page: Page) -> None:
    """No finding of axe-core, nothing wider than the screen, nothing too small for a thumb, nothing that moves.

    As people hold it, and once more as at 200% zoom, in the dark.
    """
    for width, height, scheme in ((*PHONE.values(), "light"), (PHONE["width"] // 2, PHONE["height"] // 2, "dark")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        found = AXE().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate(BEYOND) == [] and page.evaluate("document.getAnimations().length") == 0
        assert page.evaluate(WHOLE), "no word of the heading is broken"
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    small = """[...document.querySelectorAll('button:not(.sr), .button, .me, textarea, select, summary')].filter(e => {
        const { width, height } = e.getBoundingClientRect(); return height && (width < 44 || height < 44); }).length"""
    assert page.evaluate(small) == 0


def test_nothing_that_a_phone_is_told_gets_lost_or_doubled(server, phone, bus):  # noqa: F811
    phone.goto(f"{server.url}/join/{join_code(bus)}")
    sound(phone)
    phone.get_by_label("Your name").fill("Ana")
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_role("main").get_by_text("Nothing to do right now.")).to_be_visible()
    sound(phone)
    assert phone.get_by_role("list").count() == 0, "nothing that is empty is read out"
    aloud = phone.locator("#aloud")  # what somebody hears who cannot see the page

    # the page wakes up by itself
    wants = ask(bus, "write", "purpose", "Finish it as a rider would say it.", openers=["I want …", "I need …"])
    expect(phone.get_by_role("heading", name="Finish it as a rider would say it.")).to_be_visible()
    expect(aloud).to_have_text("Finish it as a rider would say it.")
    expect(phone.get_by_role("radio", checked=True)).to_have_count(0)
    phone.get_by_text("I want …", exact=True).click()
    write(phone, "to be told early")
    expect(phone.get_by_role("list").get_by_text("Saved")).to_be_visible()
    expect(aloud).to_have_text("Saved")
    sound(phone)

    # the Wi-Fi goes: it is kept, shown as waiting, and sent when the Wi-Fi is back
    phone.context.set_offline(True)
    write(phone, "a seat for my frame")
    expect(phone.get_by_text("Waiting to be sent")).to_be_visible()
    expect(phone.get_by_text("No connection since")).to_be_visible()
    phone.get_by_role("textbox").fill("half a sen")
    assert written(bus, wants) == ["I want to be told early"]
    phone.context.set_offline(False)
    expect(phone.get_by_text("Waiting to be sent")).to_be_hidden()
    assert phone.get_by_role("textbox").input_value() == "half a sen", "what is half typed stays where it is"
    assert written(bus, wants) == ["I want a seat for my frame", "I want to be told early"]

    # half typed words and how they begin survive that the page is loaded again
    phone.reload()
    assert phone.get_by_role("textbox").input_value() == "half a sen"
    expect(phone.get_by_label("I want …", exact=True)).to_be_checked()

    # the power fails in the middle: kept over a reload without a server, sent to the next one, once
    server.kill()
    write(phone, "to hear back")
    expect(phone.get_by_text("Waiting to be sent")).to_be_visible()
    server.start()
    began = time.monotonic()
    expect(phone.get_by_text("Waiting to be sent")).to_be_hidden()
    assert time.monotonic() - began < 10
    three = ["I want a seat for my frame", "I want to be told early", "I want to hear back"]
    assert written(bus, wants) == three

    # an answer whose acknowledgement got lost is sent again, and is there once
    phone.route("**/phone/write", lambda route: (route.fetch(), route.abort()), times=1)
    write(phone, "no doubles")
    until(phone, lambda: len(written(bus, wants)) == 4)
    expect(phone.get_by_text("Waiting to be sent")).to_be_hidden()
    assert written(bus, wants) == sorted([*three, "I want no doubles"])

    # own words are changed; what is refused is given back with the reason
    phone.get_by_role("listitem").filter(has_text="no doubles").get_by_role("link").click()
    expect(phone.get_by_role("button", name="Take it back")).to_be_visible()
    phone.get_by_role("textbox").fill("I want no doublets")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("I want no doublets", exact=True)).to_be_visible()
    expect(phone.get_by_role("button", name="Add")).to_be_visible()
    write(phone, "x" * 3000)
    said = "Your text is longer than 500 characters: it has 3,007."
    expect(phone.get_by_role("main").get_by_text(said)).to_be_visible()
    expect(aloud).to_contain_text("Your text is longer than 500 characters")
    phone.get_by_role("listitem").filter(has_text="xxx").get_by_role("button").click()
    assert phone.get_by_role("textbox").input_value() == "I want " + "x" * 3000
    phone.get_by_role("textbox").fill("to be hal")

    # closed in the middle of a sentence: it stays in sight, and goes on where it is opened again
    do(bus, activities.close_activity, CloseActivity(wants))
    unsent = phone.locator("[data-unsent]")
    expect(unsent).to_contain_text("Not sent: it was closed first.")
    expect(unsent).to_contain_text("to be hal")
    do(bus, activities.reopen_activity, ReopenActivity(wants))
    expect(phone.get_by_role("textbox")).to_have_value("to be hal")
    phone.get_by_role("textbox").fill("")

    # closed and revealed: the phone follows
    do(bus, activities.close_activity, CloseActivity(wants))
    expect(phone.get_by_role("main")).to_contain_text("Your 4 entries are in. They are shown in a moment.")
    expect(aloud).to_have_text("Look up. Your 4 entries are in. They are shown in a moment.")
    expect(unsent).to_be_hidden()
    sound(phone)
    do(bus, activities.reveal_activity, RevealActivity(wants))
    expect(phone.get_by_text("What we wrote, shuffled.")).to_be_visible()
    sound(phone)

    # dots: painted at once, counted once, offline too
    votes = ask(bus, "vote", "purpose", "What counts most?", targets=["P3", "P4", "P5"], dots=3, cap=2)
    more = phone.locator("#more-P3")
    for left in (2, 1):
        more.click()
        expect(phone.get_by_text(f"{left} dot")).to_be_visible()
    phone.context.set_offline(True)
    phone.locator("#more-P4").click()
    expect(phone.get_by_text("0 dots left", exact=True)).to_be_visible()
    more.click(force=True)
    expect(phone.get_by_text("2 is the most for one line.")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Waiting to be sent")).to_be_hidden()
    sound(phone)
    phone.get_by_role("button", name="Done").click()
    expect(phone.get_by_role("main").get_by_text("Your dots are in.")).to_be_visible()
    do(bus, activities.call_back, CallBack(votes))
    expect(phone.get_by_role("main").get_by_text("Your dots are in.")).to_be_hidden()
    with store.open(bus) as db:
        own = get_task(db, people.list_participants(db)[-1]["id"]).own
    assert {ref: dots for ref, dots in own.items() if dots} == {"P3": 2, "P4": 1}
    do(bus, activities.reveal_activity, RevealActivity(votes))
    with store.open(bus) as db:
        assert get_results(db, votes).rows == [], "one ballot alone is shown to nobody"

    # ratings go on without a connection, tap by tap
    ask(bus, "rate", "ranking", "What would it do?", concepts=["E1", "E2"], metrics=["C1", "K1"])
    expect(phone.get_by_text("0 of 4 saved")).to_be_visible()
    sound(phone)
    with phone.expect_response(lambda answer: answer.url.endswith("/phone") and answer.request.method == "GET"):
        phone.get_by_role("button", name="helps a lot").press("Enter")
    expect(phone.get_by_text("1 of 4 saved")).to_be_visible()
    expect(aloud).to_have_text(re.compile("^What would it do to Paid journeys?"))  # not the concept once more
    expect(phone.get_by_role("button", name="helps a lot")).to_be_focused()  # the page was drawn anew meanwhile
    phone.context.set_offline(True)
    for number in (2, 3, 4):
        phone.get_by_role("button", name="hurts a little").click()
        expect(phone.get_by_text(f"{number} of 4 saved")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_role("main").get_by_text("All 4 done. Thank you.")).to_be_visible()
    expect(phone.locator("header.top + progress.time")).to_be_visible()  # it had come in at the foot of the page
    with store.open(bus) as db:
        assert count_ready(db)[0] == 1

    # points, a question, a break
    ask(bus, "split", "strategy", "Which counts more?", targets=["C1", "C2"])
    for _five in range(4):
        phone.locator("#more-C1").click()
    phone.locator("#n-C2").fill("90")
    phone.get_by_role("button", name="Save my split").click()
    expect(phone.locator("#news")).to_have_text("10 points too many.")
    phone.locator("#n-C2").fill("80")
    expect(phone.get_by_text("0 points left", exact=True)).to_be_visible()
    sound(phone)
    phone.get_by_role("button", name="Save my split").click()
    expect(phone.get_by_role("main").get_by_text("Your points are in.")).to_be_visible()
    expect(phone.locator("#news")).to_be_empty()
    ask(bus, "pulse", "opening", "Do we keep our promise today?", scale="number")
    expect(phone.get_by_role("button", name="10")).to_be_visible()
    sound(phone)
    phone.get_by_role("button", name="7").click()
    expect(phone.get_by_role("main").get_by_text("Your answer is in.")).to_be_visible()
    do(bus, room.hold, room.Hold("10:45"))
    expect(phone.get_by_role("main").get_by_text("Back at 10:45")).to_be_visible()

    # whoever is removed is told at once, and is one person all the while
    with store.open(bus) as db:
        (ana,) = [one for one in people.list_participants(db) if one["alias"] == "Ana"]
    do(bus, people.archive_participant, people.ArchiveParticipant(ana["id"]))
    expect(phone.get_by_role("button", name="Come in")).to_be_visible()


def test_a_personal_link_opens_the_door_that_the_same_page_found_locked(phone, server, bus):  # noqa: F811
    old, link = join_code(bus), joining.new_link(bus)
    do(bus, joining.make_links, joining.MakeLinks((link,)))
    do(bus, joining.lock_door, joining.LockDoor(True))
    phone.goto(f"{server.url}/join")
    phone.get_by_label("Code on the big screen").fill(old)
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_text("The door is closed now.")).to_be_visible()
    phone.evaluate(f"location.href = '/join#{link}'")
    expect(phone.get_by_label("Code on the big screen")).to_have_value(link)
    assert link not in phone.url
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_role("main").get_by_text("Nothing to do right now.")).to_be_visible()

    # the phone's own Back leads from the code to the activity, and not to the entrance
    phone.locator("header").get_by_role("link", name="My code").click()
    expect(phone.get_by_role("heading", name="My code")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("main").get_by_text("Nothing to do right now.")).to_be_visible()
    expect(phone.get_by_role("button", name="Come in")).to_have_count(0)


def test_letters_of_twice_the_size_run_over_no_edge_and_a_sign_keeps_its_number(chromium, server, bus):  # noqa: F811
    with visiting(chromium, server, viewport=PHONE, locale="de") as visitor:
        page = visitor.open(f"/join/{join_code(bus)}")
        page.get_by_role("button", name="Hereinkommen").click()
        for kind, step, settings in (
            ("vote", "purpose", {"targets": ["P3", "P4"], "dots": 12, "cap": 6}),
            ("rate", "ranking", {"concepts": ["E1", "E2"], "metrics": ["C1", "K1"]}),
        ):
            ask(bus, kind, step, "What counts?", **settings)
            expect(page.locator(".steps" if kind == "vote" else ".scale")).to_be_visible()
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(BEYOND) == []
        high = "[...document.querySelectorAll('.scale b')].map(b => b.offsetHeight)"
        assert len(set(page.evaluate(high))) == 1, "a minus stands on one line with its number, as the 0 does"


def test_a_phone_with_a_wrong_clock_counts_the_same_minutes(server, phone, bus):  # noqa: F811
    phone.clock.install(time="2019-01-01T00:00:00Z")
    come_in(phone, server, bus)
    ask(bus, "write", "purpose", "What do you want?")
    phone.reload()
    expect(phone.get_by_text("4 min left")).to_be_visible()
    do(bus, room.add_minutes, room.AddMinutes(3))
    expect(phone.get_by_text("7 min left")).to_be_visible()
    expect(phone.locator("#aloud")).to_be_empty()  # neither the minutes nor what stands there already is read out


@pytest.fixture
def inside(server, phone, bus) -> Page:  # noqa: F811
    """A phone that is in, and asked to write."""
    come_in(phone, server, bus)
    ask(bus, "write", "purpose", "What do you want?")
    expect(phone.get_by_role("textbox")).to_be_visible()
    return phone


def test_a_minute_without_wifi_loses_and_doubles_nothing(inside, bus):  # noqa: F811
    inside.clock.install()
    inside.context.set_offline(True)
    write(inside, "to be told")
    inside.get_by_role("textbox").fill("to get home")
    inside.get_by_role("button", name="I am ready").click()  # means both, and is seen at once
    expect(inside.get_by_role("textbox")).to_have_value("")
    expect(inside.get_by_role("button", name="I am ready")).to_have_attribute("aria-pressed", "true")
    expect(inside.get_by_text("You count as ready.")).to_be_visible()
    inside.clock.fast_forward("01:00")
    expect(inside.get_by_text("Waiting to be sent").first).to_be_visible()
    inside.context.set_offline(False)
    expect(inside.get_by_text("Waiting to be sent")).to_have_count(0)
    with store.open(bus) as db:
        (activity,) = [one["id"] for one in activities.list_activities(db) if one["prompt"] == "What do you want?"]
    assert written(bus, activity) == ["to be told", "to get home"]
    with store.open(bus) as db:
        assert count_ready(db)[0] == 1


def test_a_phone_whose_memory_is_full_loses_nothing(server, phone, bus):  # noqa: F811
    phone.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }")
    come_in(phone, server, bus)
    activity = ask(bus, "write", "purpose", "What do you want?")
    expect(phone.get_by_role("textbox")).to_be_visible()
    write(phone, "x" * 70_000)
    expect(phone.get_by_text("That is too long to be sent. Shorten it, or send it in parts.")).to_be_visible()
    assert len(phone.get_by_role("textbox").input_value()) == 70_000, "it stays where it is, and holds nothing up"
    phone.context.set_offline(True)
    write(phone, "to be told")
    expect(phone.get_by_text("Waiting to be sent")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_role("list").get_by_text("Saved")).to_be_visible()
    assert written(bus, activity) == ["to be told"]


def test_a_browser_that_does_not_tell_which_button_it_was_stores_the_one_that_was_pressed(server, phone, bus):  # noqa: F811
    phone.add_init_script("delete SubmitEvent.prototype.submitter")  # Safari before 15.4
    come_in(phone, server, bus)
    ask(bus, "rate", "ranking", "What would it do?", concepts=["E1", "E2"], metrics=["C1"])
    phone.get_by_role("button", name="hurts a lot").click()
    expect(phone.get_by_text("1 of 2 saved")).to_be_visible()
    with store.open(bus) as db:
        own = get_task(db, people.list_participants(db)[-1]["id"]).own
    assert list(own.values()) == [-3], "and no 0 in its place"


def test_what_one_tab_gives_is_not_taken_back_by_another_of_the_same_person(server, phone, bus):  # noqa: F811
    come_in(phone, server, bus)
    ask(bus, "vote", "purpose", "What counts most?", targets=["P3", "P4"], dots=3, cap=2)
    expect(phone.locator("#more-P3")).to_be_visible()
    tab = phone.context.new_page()
    tab.goto(f"{server.url}/phone")
    expect(tab.get_by_text("3 dots left")).to_be_visible()
    phone.locator("#more-P3").click()
    expect(tab.get_by_text("2 dots left")).to_be_visible()
    tab.locator("#more-P4").click()
    expect(phone.get_by_text("1 dot left")).to_be_visible()
    with store.open(bus) as db:
        own = get_task(db, people.list_participants(db)[-1]["id"]).own
    assert own == {"P3": 1, "P4": 1}, "it had been the second tab's dot alone"


def test_a_tap_is_heard_also_when_the_page_has_news_under_the_finger(server, phone, bus):  # noqa: F811
    come_in(phone, server, bus)
    ask(bus, "vote", "purpose", "What counts most?", targets=["P3", "P4"], dots=3, cap=2)
    phone.locator("#more-P3").hover()
    phone.evaluate("document.querySelector('main').id = 'old'")
    phone.mouse.down()
    with phone.expect_response(lambda answer: answer.url.endswith("/phone") and answer.ok):
        do(bus, room.add_minutes, room.AddMinutes(3))
    phone.wait_for_timeout(300)  # the page would be drawn anew by now
    phone.mouse.up()
    expect(phone.get_by_text("2 dots left")).to_be_visible()
    expect(phone.locator("#old")).to_have_count(0)
    expect(phone.get_by_text("7 min left")).to_be_visible()


def test_a_phone_that_gets_no_news_asks_for_them(server, phone, bus):  # noqa: F811
    phone.route("**/phone/live", lambda route: route.abort())
    come_in(phone, server, bus)
    ask(bus, "write", "purpose", "What do you want?")
    expect(phone.get_by_role("main").get_by_text("What do you want?")).to_be_visible()


def test_a_server_that_is_stopped_lets_go_of_every_phone_and_finds_it_again(server, inside, bus):  # noqa: F811
    server.stop()
    assert server.process.returncode >= 0, "nobody had to kill it"
    assert not list(server.library.glob("*-wal")), "the file is whole without its -wal"
    server.start()
    began = time.monotonic()
    do(bus, room.hold, room.Hold("10:45"))
    expect(inside.get_by_role("main").get_by_text("Back at 10:45")).to_be_visible()
    assert time.monotonic() - began < 10
