"""Nothing leaves the machine, and what every page looks like, in a real browser: its pictures are left to look at."""

import pytest
from playwright.sync_api import Page, expect

from bench import grown
from tests.browser import (  # noqa: F401  some are fixtures
    CHROMIUM,
    LAPTOP,
    PHONE,
    PICTURES,
    PROJECTOR,
    Visitor,
    chromium,
    do,
    house,
    key,
    playwright,
    profile,
    prompt,
    server,
    settled,
    told,
    visitor,
)
from tests.finished import finished
from workshop import bundle, journal, samples
from workshop.steps import AGENDA, create
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import StartWorkshop
from workshop.steps.principles import AddValue, add_value
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.strategy import AddMetric, add_metric

if CHROMIUM is None:
    pytest.skip("there is no Chromium here, so the pictures are left out", allow_module_level=True)

PAGES = ("", "purpose", "promise", "principles", "concepts", "ranking", "plan", "thread", "summary", "screen")
CORE = ("purpose", "promise", "principles", "concepts", "ranking", "screen")
LONG = ("purpose", "concepts", "ranking")  # the pages that grow
BEYOND = ("prepare", "opening", "reverse", "strategy", "touchpoints", "requirements", "commitment", "afterwards",
          "history")  # fmt: skip


def test_markup_in_peoples_words_fetches_and_runs_nothing(visitor: Visitor):
    image, script = "![x](http://evil.example/x.png)", "<img src=http://evil.example/y.png onerror=alert(1)>"
    data = samples.read_sample("bus")
    for table in ("purposes", "promises", "values", "principles", "concepts", "metrics", "segments"):
        for number, row in enumerate(data[table]):
            name = "name" if "name" in row else "text"
            row[name] = f"{script if number % 2 else image} {row['id']}"
    data["session"] |= {"title": script, "organisation": image}
    titles = [{"slug": step.slug, "title": script, "prompt": image, "minutes": 5} for step in AGENDA]
    code = bundle.load(data | {"agenda": titles}, journal.HOST, "Brought in")
    page = visitor.open(f"/?w={code}")
    prompt(page, "From purpose to the concepts that keep it.")
    for slug in ("purpose", "concepts", "ranking", "summary", "screen"):
        page.goto(f"{visitor.server.url}/{slug}?w={code}")
        drawn(page, slug)
        assert page.locator("img[src*=evil]").count() == 0
        if slug == "purpose":
            # brought there, opened, closed, which is said with its prompt in toasts and on the screen
            for said in ("Went to", "Opened", "evil"):
                key(settled(page), "move").get_by_role("button").click()
                told(page, said)
                page.wait_for_timeout(600)  # a second press at once is taken for a double click


def half_full() -> str:
    """A core session on its way: a promise, one value, one card, nothing counted yet."""
    code = create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)
    for handler, command in (
        (add_purpose, AddPurpose(level="big", text="So that nobody is left waiting in the dark.", status="chosen")),
        (add_purpose, AddPurpose(level="small", text="I want to be told when it is late.", status="chosen")),
        (add_promise, AddPromise(text="If we say it comes, it comes.", purposes=("P1",), status="chosen")),
        (add_value, AddValue(name="Candour", meaning="We say what we know, and what we do not.")),
        (add_concept, AddConcept(name="Truth board", what_happens="A rider looks up and sees how late it is.")),
    ):
        do(code, handler, command)
    return code


WORKSHOPS = {
    "empty": lambda: create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST),
    "half": half_full,
    "full": lambda: finished("bus"),
    "grown": grown.make,
}


# besides the laptop: what is projected, and what is looked at on a phone
ALSO = {"": (PROJECTOR, PHONE), "purpose": (PHONE,), "ranking": (PROJECTOR,), "thread": (PROJECTOR,),
        "summary": (PHONE,), "screen": (PROJECTOR,)}  # fmt: skip
DARK = ("purpose", "ranking", "thread", "screen")


@pytest.mark.parametrize("state", WORKSHOPS)
def test_every_page_is_pictured(visitor: Visitor, state: str):
    code = WORKSHOPS[state]()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = visitor.context.new_page()
    some = (("light", LONG if state == "grown" else CORE),)
    for mode, pages in (("light", (*PAGES, *BEYOND)), ("dark", DARK)) if state == "full" else some:
        page.emulate_media(color_scheme=mode)
        for slug in pages:
            page.goto(f"{visitor.server.url}/{slug}?w={code}")
            for size in (LAPTOP, *(ALSO.get(slug, ()) if (state, mode) == ("full", "light") else ())):
                page.set_viewport_size(size)
                drawn(page, slug)
                name = f"{slug or 'lobby'}_{state}_{mode}_{size['width']}x{size['height']}.png"
                page.screenshot(path=PICTURES / name, animations="disabled")
            page.set_viewport_size(LAPTOP)


def test_what_breaks_a_thread_stands_beside_the_words_and_never_in_their_place(visitor: Visitor):
    code = half_full()
    do(code, add_metric, AddMetric(kind="cpi", name="Told in time", purpose="P2"))
    page = visitor.open(f"/thread?w={code}")
    line = page.locator(".st-key-line-way-P2")
    expect(line).to_contain_text("No guess ties it to a KPI")
    assert settled(page) and line.bounding_box()["height"] < 90, "two or three lines, and not a letter on each"


def drawn(page: Page, slug: str) -> None:
    """Waits until a page is all there: its words, its drawings, its fonts."""
    last = {"": ".st-key-thread svg", "screen": ".screen", "summary": "iframe"}
    expect(page.locator(last.get(slug, "[data-testid=stMainBlockContainer]")).first).to_be_visible()
    expect(settled(page).get_by_test_id("stSkeleton")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    if slug == "ranking" and page.get_by_test_id("stVegaLiteChart").count():
        expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
