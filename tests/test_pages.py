"""The facilitator's pages, told as what people do on them. Several AppTests on one real file are several browsers."""

import html
import json
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3
from streamlit.testing.v1 import AppTest

from pages import door
from tests.finished import finished
from workshop import agenda, bundle, fields, hosts, items, journal, people, room, samples, store
from workshop.entries import AddEntries, add_entries, list_entries
from workshop.library import list_library
from workshop.steps import create
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.ideas import AddIdea, add_idea, list_ideas
from workshop.steps.prepare import AddSegment, EditWorkshop, StartWorkshop, add_segment, edit_workshop, get_workshop
from workshop.steps.principles import AddPrinciple, add_principle
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.ranking import AgreeImpact, agree_impact, get_ranking
from workshop.steps.strategy import AddMetric, add_metric, list_metrics

FRAME = Path(__file__).parents[1] / "pages" / "frame.py"
STEPS = ("purpose", "promise", "principles", "concepts", "ranking")
ROOM = ("lobby", "afterwards", "plan", "summary", "history", "screen")
SCRIPTS = {slug: f"steps/{slug}.py" for slug in STEPS} | {slug: f"room/{slug}.py" for slug in ROOM}


# --- how people move about ---------------------------------------------------------------------------------------


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sits at this machine. Without it everybody is nobody."""
    come_in(monkeypatch, "host")


def come_in(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp(who)})


@pytest.fixture
def bus() -> str:
    return finished("bus")


def visit(code: str | None, page: str = "lobby") -> AppTest:
    """A browser that opens this page of this workshop as its first request."""
    at = AppTest.from_file(FRAME, default_timeout=20)
    at.switch_page(SCRIPTS[page])
    if code is not None:
        at.query_params["w"] = code
    return at.run()


def lead(code: str, page: str) -> AppTest:
    """The host goes to a page and brings the room there."""
    return click(visit(code, page), "move")


def go(at: AppTest, page: str) -> AppTest:
    return at.switch_page(SCRIPTS[page]).run()


def click(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def editing(at: AppTest, page: str):
    return at.session_state[f"editing-{at.session_state['workshop']}-{page}"]


def opened(at: AppTest, key: str) -> AppTest:
    """With this panel or fold open; what stands in it is drawn only then."""
    at.session_state[key] = True
    return at.run()


def unfolded(at: AppTest, page: str) -> AppTest:
    """With the editor's other fields in sight."""
    return opened(at, f"more-{editing(at, page).number}")


def field(at: AppTest, page: str, name: str):
    """A field of the editor, be it folded away."""
    key = editing(at, page).key(name)
    if key not in keys(at):
        unfolded(at, page)
    return at.get_by_key(key)


def write(at: AppTest, page: str, **words: Any) -> AppTest:
    """Fills in the editor's fields and saves."""
    for name, value in words.items():
        field(at, page, name).set_value(value)
    return click(at, editing(at, page).key("save"))


def keys(at: AppTest) -> list[str]:
    return [str(node.key) for node in all_nodes(at) if getattr(node, "key", None)]


def texts(at: AppTest) -> list[str]:
    return [text.value for text in at.text]


def captions(at: AppTest) -> list[str]:
    return [caption.value for caption in at.caption]


def buttons(at: AppTest) -> list[str]:
    return [button.key for button in at.button]


def handles(at: AppTest) -> list[str]:
    """The refs of the items on the page, in its order."""
    return [key.removeprefix("handle-") for key in buttons(at) if key.startswith("handle-")]


def tick(at: AppTest, step: str, *refs: str) -> AppTest:
    """Ticks these of what the room wrote, under no heading: the browser's side then holds it, which AppTest has not."""
    at.session_state[f"wrote-{at.session_state['workshop']}-{step}"] = {"ticked": dict.fromkeys(refs, "")}
    return at.run()


def wrote(at: AppTest) -> list[dict[str, str]]:
    """What the room wrote as lines of the page: `ref`, `text`, `heading`, `by` and what their labels say."""
    sides = [node.proto for node in all_nodes(at) if str(getattr(node, "key", "")).startswith("wrote-")]
    return [line for side in sides for line in json.loads(side.json)["lines"]]


def open_line(at: AppTest, ref: str) -> AppTest:
    """A click on the label of a line."""
    assert ref in [line["ref"] for line in wrote(at)]
    return hand_over(at, "wrote-", "ref", ref)


def hand_over(at: AppTest, prefix: str, event: str, value: Any) -> AppTest:
    """What the browser's side of a component of ours tells the page, which AppTest has not."""
    side = next(node.proto for node in all_nodes(at) if str(getattr(node, "key", "")).startswith(prefix))
    states = at._tree.get_widget_states()
    handed = json.dumps([{"event": event, "value": value}])
    states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{side.id}__events", json_trigger_value=handed)
    return at._run(states)


def read(code: str, get: Callable, *what: Any) -> Any:
    with store.open(code) as db:
        return get(db, *what)


def do(code: str, handler: Callable, command: Any) -> Any:
    """What somebody does in another browser."""
    with store.open(code) as db:
        return journal.act(db, journal.HOST, handler, command, f"{type(command).__name__} {{ref}}")


def refs(code: str, table: str) -> list[str]:
    return [row["ref"] for row in read(code, items.list_items, table)]


def item(code: str, ref: str) -> dict[str, Any]:
    return read(code, items.get_item, ref)


def revision(code: str) -> int:
    return read(code, store.revision)


def step_of_the_room(code: str) -> str:
    return read(code, room.get_room)["step"]


def all_nodes(at: AppTest) -> Iterator[Any]:
    """Every block and element of the page, sidebar and toasts included."""

    def below(block) -> Iterator[Any]:
        for child in block.children.values():
            yield child
            if hasattr(child, "children"):
                yield from below(child)

    yield from below(at._tree)


def screen_of(at: AppTest) -> str:
    """What the shared screen shows."""
    (picture,) = [one.value for one in at.get("html") if '<div class="screen">' in one.value]
    return picture


def everything_said(at: AppTest) -> str:
    """All that the page sends to the browser, as one text."""
    return "\n".join(str(node.proto) for node in all_nodes(at) if getattr(node, "proto", None) is not None)


# --- every page draws --------------------------------------------------------------------------------------------

PROMPTS = {
    "lobby": "From purpose to the concepts that keep it.",
    "purpose": "What do people come to us for?",
    "promise": "What do we promise today?",
    "principles": "Which rules will decide for us?",
    "concepts": "How might we keep our promise here?",
    "ranking": "Which concepts move what we count?",
    "afterwards": "Afterwards",
    "plan": "The plan of the day",
    "summary": "For somebody who was not here",
    "history": "What was done",
}


@pytest.mark.parametrize("page", SCRIPTS)
@pytest.mark.parametrize("full", [False, True], ids=["empty", "full"])
def test_a_page_draws_with_its_prompt(host, code, page, full):
    at = visit(finished("bus") if full else code, page)
    assert [error.message for error in at.exception] == []
    if page in PROMPTS:
        said = [title.value.replace("\\", "") for title in at.title] + captions(at)
        assert PROMPTS[page] in said
    else:
        assert 'class="stage"' in screen_of(at)


@pytest.mark.parametrize("page", STEPS)
def test_an_empty_page_says_what_to_do_next(host, code, page):
    do(code, items.archive, items.Archive("D0"))
    at = visit(code, page)
    assert any(len(sentence) > 20 for sentence in captions(at)[2:]), "beyond the phase and the prompt's own caption"


@pytest.mark.parametrize("page", SCRIPTS)
def test_a_page_shows_nothing_to_nobody(bus, page):
    before = revision(bus)
    at = visit(bus, page)
    assert texts(at) == ["This page is for the host."]
    assert {node.type for node in at.main.children.values()} <= {"html", "text", "link_button"}
    assert "valley" not in everything_said(at)
    assert bus not in everything_said(at)
    assert revision(bus) == before, "and the room does not follow nobody"


@pytest.mark.parametrize("page", [page for page in SCRIPTS if page != "screen"])
def test_the_browser_of_a_shared_screen_gets_no_other_page(monkeypatch, library, bus, page):
    token = hosts.enter(library, hosts.make_link(library, bus, "screen"))
    come_in(monkeypatch, f"screen:{bus}:{hosts.digest(token)}")
    at = visit(bus, page)
    assert texts(at) == []
    assert buttons(at) == []
    assert "valley" not in everything_said(at)


def test_the_browser_of_a_shared_screen_sees_its_own_workshop_only(monkeypatch, library, bus, code):
    token = hosts.enter(library, hosts.make_link(library, bus, "screen"))
    come_in(monkeypatch, f"screen:{bus}:{hosts.digest(token)}")
    at = visit(code, "screen")
    assert "the valley" in screen_of(at)
    hosts.withdraw_links(library, bus, "screen")
    assert texts(at.run()) == ["This page is for the host."]


def test_whoever_is_not_the_host_any_more_stores_nothing(host, monkeypatch, code):
    at = visit(code, "principles")
    before = revision(code)
    come_in(monkeypatch, "host:" + "0" * 64)
    write(at, "principles", name="Honesty")
    assert texts(at) == ["This page is for the host."]
    assert revision(code) == before


# --- every noun, everywhere the same way -------------------------------------------------------------------------

# table: its page, the button that opens an empty form (None: it stands there), the field that names an item
NOUNS = {
    "purpose": ("purpose", "open-I want", "text"),
    "segment": ("purpose", "new-segment", "name"),
    "promise": ("promise", None, "text"),
    "value": ("principles", None, "name"),
    "principle": ("principles", "derive-V1", "this"),
    "concept": ("concepts", "new-card", "name"),
    "idea": ("concepts", None, "text"),
    "metric": ("ranking", "new-cpi", "name"),
}
FORMS = [table for table in NOUNS if table != "idea"]  # an idea is jotted down in a line of its own
UNIQUE = ["segment", "value", "principle", "concept", "metric"]
STORED = {"this": "text"}


def begin(at: AppTest, table: str) -> AppTest:
    """An empty form of this kind."""
    page, opener, _name = NOUNS[table]
    if opener == "derive-V1" and opener not in buttons(at):
        write(at, page, name="Honesty")
    if opener:
        return click(at, opener)
    return click(at, f"close-{page}") if f"close-{page}" in buttons(at) else at


def add(at: AppTest, table: str, words: str) -> AppTest:
    page, _opener, name = NOUNS[table]
    if table == "idea":
        return jot_down(at, words)
    return write(begin(at, table), page, **{name: words})


def pen_of(at: AppTest) -> Any:
    """The field for one idea after another."""
    return next(node.proto for node in all_nodes(at) if str(getattr(node, "key", "")).startswith("pen-"))


def jot_down(at: AppTest, words: str) -> AppTest:
    """One line and Enter, into the pen."""
    return hand_over(at, "pen-", "lines", [{"key": secrets.token_hex(8), "text": words}])


def start(code: str, table: str, *words: str) -> AppTest:
    """Somebody on the page of this noun, where these have been added."""
    at = visit(code, NOUNS[table][0])
    for one in words:
        add(at, table, one)
    return at


def newest(code: str, table: str) -> dict[str, Any]:
    return read(code, items.list_items, table)[-1]


def words_of(row: dict[str, Any], table: str) -> str:
    name = NOUNS[table][2]
    return row[STORED.get(name, name)]


@pytest.mark.parametrize("table", NOUNS)
def test_what_is_added_is_stored_shown_and_told(host, code, table):
    at = start(code, table, "Something new")
    row = newest(code, table)
    assert words_of(row, table) == "Something new"
    assert "Something new" in texts(at)
    said = f"Added {row['ref']}" + (" as the promise" if table == "promise" else "")
    assert [toast.value for toast in at.toast] == [said]
    assert read(code, journal.list_journal)[0].what == said
    assert [error.message for error in at.exception] == []


@pytest.mark.parametrize("table", NOUNS)
def test_an_item_is_edited_in_place(host, code, table):
    at = start(code, table, "First words")
    page, _opener, name = NOUNS[table]
    before = newest(code, table)
    click(at, f"handle-{before['ref']}")
    assert field(at, page, name).value == "First words"
    write(at, page, **{name: "Better words"})
    after = item(code, before["ref"])
    assert words_of(after, table) == "Better words"
    changed = {STORED.get(name, name), "version"}
    assert {name for name in after if after[name] != before[name]} == changed, "and nothing else"
    assert "Better words" in texts(at)
    assert "First words" not in texts(at)


def held(at: AppTest) -> set[str]:
    """The items of whose forms the session keeps something."""
    return {key.split("-")[3] for key in at.session_state._state.filtered_state if key.startswith("edit-purpose-")}


def test_what_is_begun_about_an_item_waits_for_it_and_of_other_forms_nothing_is_kept(host, bus):
    at = click(visit(bus, "purpose"), "handle-P3")
    field(at, "purpose", "text").set_value("Half of it").run()
    field(at, "purpose", "evidence_note").set_value("Half of that").run()
    for ref in ("P4", "P5", "P6", "P7", "P1"):
        assert field(click(at, f"handle-{ref}"), "purpose", "text").value == item(bus, ref)["text"]
    assert held(at) == {"P3", "P1"}
    click(at, "handle-P3")
    assert [field(at, "purpose", name).value for name in ("text", "evidence_note")] == ["Half of it", "Half of that"]
    click(at, editing(at, "purpose").key("save"))
    assert (item(bus, "P3")["text"], item(bus, "P3")["evidence_note"]) == ("Half of it", "Half of that")
    click(click(at, "close-purpose"), "handle-P4")
    assert held(at) == {"P4"}


def test_what_is_written_under_more_is_saved_and_refused_when_it_is_folded_again(host, bus):
    at = click(visit(bus, "purpose"), "handle-P3")
    field(at, "purpose", "evidence_note").set_value("x" * 2001)
    at.session_state[f"more-{editing(at, 'purpose').number}"] = False
    save = editing(at, "purpose").key("save")
    said = "“What we saw” may have at most 2,000 characters, and this has 2,001."
    assert texts(click(at, save)).count(said) == 2, "beside its field, and where it is in sight"
    field(at, "purpose", "evidence_note").set_value("Nobody there at 5:40")
    click(at, save)
    assert item(bus, "P3")["evidence_note"] == "Nobody there at 5:40"


@pytest.mark.parametrize("table", [table for table in NOUNS if table != "segment"])
def test_an_item_moves_up_and_down_among_its_neighbours(host, code, table):
    at = start(code, table, "One", "Two", "Three")
    three, page = refs(code, table)[-3:], NOUNS[table][0]

    def listed() -> list[str]:
        return [ref for ref in handles(at) if ref in three]

    click(at, f"handle-{three[0]}")  # beside the editor concepts stand in one column
    first, second, third = listed()
    click(at, f"handle-{third}")
    click(at, f"arrow_upward-{page}")
    assert listed() == [first, third, second]
    click(at, f"arrow_upward-{page}")
    click(at, f"arrow_downward-{page}")
    assert listed() == [first, third, second], "up is up, however the page lists them"


@pytest.mark.parametrize("table", [table for table in NOUNS if table != "segment"])
def test_what_is_put_away_can_be_brought_back(host, code, table):
    at = start(code, table, "One", "Two")
    page, before = NOUNS[table][0], refs(code, table)
    click(at, f"handle-{before[-2]}")
    assert [button.key for button in at.button if not button.label] == [], "each says its name to those who hear it"
    click(at, f"inventory_2-{page}")
    assert refs(code, table) == [ref for ref in before if ref != before[-2]]
    assert before[-2] not in handles(at)
    assert "Put away :small[1]" in [expander.label for expander in at.expander]
    click(at, f"back-{before[-2]}")
    assert refs(code, table) == before
    assert before[-2] in handles(at)


@pytest.mark.parametrize(
    ("table", "chosen", "rest"),
    [("purpose", "chosen", "candidate"), ("concept", "selected", "candidate"), ("idea", None, "open")],
)
def test_an_item_is_parked_and_taken_up_again(host, code, table, chosen, rest):
    at = start(code, table, "One")
    page, ref = NOUNS[table][0], newest(code, table)["ref"]
    click(at, f"handle-{ref}")
    click(at, f"local_parking-{page}")
    assert item(code, ref)["status"] == "parked"
    assert f"local_parking-{page}" not in buttons(at)
    click(at, f"undo-{page}")
    assert item(code, ref)["status"] == rest
    if chosen:
        click(at, f"check_circle-{page}")
        assert item(code, ref)["status"] == chosen


def test_only_one_promise_is_chosen(host, code):
    at = start(code, "promise", "If a bus is due, it comes.", "We answer within a day.")
    assert [row["status"] for row in read(code, items.list_items, "promise")] == ["chosen", "candidate"]
    click(at, "handle-PR2")
    click(at, "check_circle-promise")
    assert [row["status"] for row in read(code, items.list_items, "promise")] == ["candidate", "chosen"]
    assert at.get_by_key("vow-PR2").children[0].value == "We answer within a day."


def test_only_one_big_purpose_is_chosen(host, code):
    at = visit(code, "purpose")
    write(click(at, "write-big"), "purpose", text="So that nobody is shut out.")
    do(code, add_purpose, AddPurpose(level="big", text="So that all can travel."))
    click(at.run(), "handle-P2")
    click(at, "check_circle-purpose")
    assert [row["status"] for row in read(code, items.list_items, "purpose")] == ["candidate", "chosen"]


# --- what is special about each step -----------------------------------------------------------------------------


def test_what_is_not_chosen_is_asked_about_too(host, code):
    do(code, add_purpose, AddPurpose(level="big", text="To be the leading provider."))
    do(code, add_promise, AddPromise(text="We strive to answer you."))
    at = visit(code, "purpose")
    assert "choose-P1" in buttons(at)
    assert "Claim words fade." in everything_said(at)
    assert "A hedge is not a promise." in everything_said(go(at, "promise"))


def test_an_opener_begins_a_small_purpose(host, code):
    at = click(visit(code, "purpose"), "open-How can I")
    assert field(at, "purpose", "text").value == "How can I "
    write(at, "purpose", text="How can I be sure there is room?", evidence_source="observation")
    row = newest(code, "purpose")
    assert (row["level"], row["status"], row["opener"], row["evidence_source"]) == (
        "small", "chosen", "How can I", "observation",
    )  # fmt: skip


def test_small_purposes_stand_below_those_who_say_them(host, code):
    at = start(code, "segment", "Shift workers")
    click(at, "open-I need")
    write(at, "purpose", text="I need to know.")  # the only group that there is says it
    do(code, add_segment, AddSegment(name="Students"))
    click(at.run(), "open-I want")
    write(at, "purpose", text="I want to sit.")
    columns = [[text.value for text in column.text] for column in at.columns]
    assert ["Shift workers", "I need to know."] in columns
    assert texts(at).index("Nobody named yet") < texts(at).index("I want to sit."), "below, in the whole width"
    assert ["Students"] in columns


def test_a_card_with_many_twins_names_a_few_of_them_and_counts_the_others(host, code):
    for _card in range(14):
        happens = "The driver is ten minutes away, your phone rings, and you say yes, later or next door."
        do(code, add_concept, AddConcept(name=f"Bell {_card}", what_happens=happens))
    at = visit(code, "concepts")
    twins = [one for one in all_nodes(at) if one.type == "popover" and "look alike" in one.proto.popover.label]
    assert 0 < len(twins) <= 14 * 8, "of 91 pairs, which would stand twice each"
    assert [one for one in captions(at) if one.startswith("and ")]


def test_small_purposes_of_nobody_are_spread_over_the_width(host, code):
    for text in ("I want to sit.", "I want to know.", "I want to pay once.", "I want to go home."):
        do(code, add_purpose, AddPurpose(level="small", text=text))
    for groups in (0, 1, 4):
        for number in range(groups):
            do(code, add_segment, AddSegment(name=f"Group {number} of {groups}"))
        at = visit(code, "purpose")
        columns = [[text.value for text in column.text] for column in at.columns]
        assert ["I want to sit.", "I want to go home."] in columns and ["I want to know."] in columns
        assert min(node.weight for node in all_nodes(at) if node.type == "column") > 0.29, "none is narrow"


def test_only_the_first_promise_stands_at_once_and_the_next_is_a_candidate(host, code):
    at = start(code, "promise", "If a bus is promised, it comes.")
    write(at, "promise", text="Every bus is warm.")
    assert [toast.value for toast in at.toast] == ["Added PR2 as a candidate"]
    assert [row["status"] for row in read(code, items.list_items, "promise")] == ["chosen", "candidate"]


def test_a_value_that_changes_nothing_offers_to_derive_from_it(host, code):
    at = start(code, "value", "Honesty", "Patience")
    click(opened(at, "find-THR-VALUE-ORPHAN-V2-V2"), "write-THR-VALUE-ORPHAN-V2-V2")
    write(at, "principles", this="Waiting", that="hurrying")
    assert item(code, "D1")["values"] == ["V2"]


def test_what_we_would_do_and_why_we_exist_stand_on_their_cards(host, code):
    do(
        code,
        add_principle,
        AddPrinciple(text="The truth early even over good news late.", do_example="Say it at noon."),
    )
    do(code, add_purpose, AddPurpose(level="big", text="Nobody is shut out.", why="so that all can work",
                                     status="chosen"))  # fmt: skip
    shown = texts(visit(code, "principles"))
    assert "We would: Say it at noon." in shown
    assert not any(text.startswith("We would never") for text in shown)
    assert "so that all can work" in texts(visit(code, "purpose"))


def test_a_label_says_in_words_what_it_stands_for(host, code):
    at = start(code, "concept", "Truth board")
    assert at.button(key="handle-E1").help == "Concept 1: click to edit"


def test_each_way_to_add_something_to_count_has_a_name_of_its_own(host, code):
    at = visit(code, "ranking")
    assert [at.button(key=key).label for key in ("new-cpi", "new-kpi")] == ["Add CPI", "Add KPI"]
    assert "**A KPI**" in [text.value for text in click(at, "new-kpi").markdown]


def test_a_promise_comes_from_the_chosen_purposes_and_stands_on_every_page(host, code):
    do(code, add_purpose, AddPurpose(level="big", text="So that all can travel.", status="chosen"))
    at = visit(code, "promise")
    tests = {"kept_when": "It comes.", "broken_when": "It does not.", "when_we_fail": "We bring you."}
    write(at, "promise", text="If a bus is due, it comes.", **tests)
    promise = newest(code, "promise")
    assert (promise["purposes"], promise["audience"], promise["status"]) == (["P1"], "customers", "chosen")
    assert {"It comes.", "It does not.", "We bring you."} <= set(texts(at))
    for page in ("purpose", "principles", "concepts", "ranking"):
        assert "If a bus is due, it comes." in texts(go(at, page))


def test_a_principle_is_derived_from_its_value(host, code):
    at = start(code, "value", "Honesty")
    click(at, "derive-V1")
    write(at, "principles", this="A late truth", that="an early comfort")
    row = newest(code, "principle")
    assert (row["text"], row["values"]) == ("A late truth even over an early comfort.", ["V1"])
    assert {"A late truth", "an early comfort"} <= set(texts(at))
    click(at, "handle-D1")
    assert [field(at, "principles", name).value for name in ("this", "that")] == ["A late truth", "an early comfort"]


def test_an_idea_becomes_a_card_for_the_same_purpose(host, code):
    do(code, add_purpose, AddPurpose(level="small", text="I need to know.", status="chosen"))
    at = visit(code, "concepts")
    at.selectbox(key="idea-for").set_value("P1")
    add(at, "idea", "A driver calls ahead")
    click(at, "take-up-I1")
    card = newest(code, "concept")
    assert (card["name"], card["purposes"]) == ("A driver calls ahead", ["P1"])
    assert read(code, list_ideas) == []
    assert item(code, "I1")["concept"] == card["ref"]
    assert editing(at, "concepts").ref == card["ref"], "it is opened, to be finished"


def test_what_a_customer_would_count_is_one_click_from_the_purpose(host, code):
    do(code, add_purpose, AddPurpose(level="small", text="I need to know.", status="chosen"))
    at = click(visit(code, "ranking"), "measure-P1")
    write(at, "ranking", name="Buses that come", unit="of 100")
    metric = newest(code, "metric")
    assert (metric["ref"], metric["kind"], metric["purpose"]) == ("C1", "cpi", "P1")
    assert "measure-P1" not in buttons(at)


def test_weights_are_shared_out_and_what_is_left_is_said(host, code):
    at = start(code, "metric", "Buses that come", "Calls answered")
    assert any(said.startswith("Weights: 100 of 100 points left to share") for said in captions(at))
    at.number_input(key="weight-C1-1").set_value(60.0).run()
    assert any(said.startswith("Weights: 40 of 100 points left to share") for said in captions(at))
    at.number_input(key="weight-C2-1").set_value(55.0).run()
    assert any(said.startswith("Weights: 15 points too many") for said in captions(at))
    at.number_input(key="weight-C2-2").set_value(40.0).run()
    assert "Weights: all 100 points are shared." in captions(at)
    assert [row["weight"] for row in read(code, list_metrics, "cpi")] == [60, 40]


def test_two_cards_that_say_the_same_are_both_drawn(host, code):
    for name in ("A board that tells the truth", "A board which tells the truth"):
        do(code, add_concept, AddConcept(name=name, what_happens="A rider looks at the stop and hears of the bus."))
    at = visit(code, "concepts")
    assert [error.message for error in at.exception] == []
    assert handles(at) == ["E1", "E2"]


@pytest.fixture
def torn(code: str) -> str:
    """A workshop in which customers and the business want different things."""
    for kind in ("cpi", "kpi"):
        do(code, add_metric, AddMetric(kind=kind, name=f"A {kind}", weight=100))
    for name in ("For customers", "For the business"):
        do(code, add_concept, AddConcept(name=name))
    for concept, metric, value in (("E1", "C1", 3), ("E1", "K1", -1), ("E2", "C1", -2), ("E2", "K1", 3)):
        do(code, agree_impact, AgreeImpact(concept, metric, value))
    return code


def test_the_customer_share_moves_the_order(host, torn):
    at = visit(torn, "ranking")
    assert "For customers comes first with 47, For the business second with 0." in texts(at)
    at.button_group(key="customer-share").set_value(0.0).run()
    assert "For the business comes first with 100, For customers second with −33." in texts(at)
    assert read(torn, get_ranking).customer_share == 0
    assert read(torn, journal.list_journal)[0].what == "Customers weigh 0 of 100"


def test_the_ranking_opens_where_the_work_is(host, code, torn):
    other = create(StartWorkshop(title="Another"), journal.HOST)
    assert visit(other, "ranking").button_group(key="ranking-view").value == "count"
    do(other, add_metric, AddMetric(kind="cpi", name="Buses"))
    assert visit(other, "ranking").button_group(key="ranking-view").value == "rate"
    assert visit(torn, "ranking").button_group(key="ranking-view").value == "order"


def test_somebody_without_a_phone_is_added_and_rated_for(host, torn):
    at = visit(torn, "ranking")
    at.button_group(key="ranking-view").set_value("rate").run()
    at.text_input(key=f"alias-{fresh(at, 'person')}").set_value("Ana")
    at.selectbox(key=f"group-{fresh(at, 'person')}").set_value("frontline")
    click(at, "add-person")
    (ana,) = read(torn, people.list_participants)
    assert (ana["alias"], ana["group"]) == ("Ana", "frontline")
    assert at.selectbox(key="rater").value == ana["id"]
    at.session_state["people"] = True
    assert "Ana" in [text.value for text in at.run().sidebar.text], "who takes part is one click away"


def test_the_grid_shows_what_was_rated_before(host, torn):
    at = visit(torn, "ranking")
    at.button_group(key="ranking-view").set_value("rate").run()
    grid = at.data_editor[0].value
    assert grid.to_dict("list") == {
        "concept": ["E1  For customers", "E2  For the business"],
        "C1": ["+3", "-2"],
        "K1": ["-1", "+3"],
    }


# --- the room's controls -----------------------------------------------------------------------------------------


def test_a_question_is_parked(host, code):
    at = opened(visit(code, "purpose"), "parking")
    at.text_input(key=fresh(at, "question")).set_value("May we refund without asking?")
    click(at, "park")
    assert newest(code, "question")["text"] == "May we refund without asking?"
    assert at.text_input(key=fresh(at, "question")).value == ""


def test_undo_and_redo_take_the_last_action_back_and_forth(host, code):
    at = start(code, "value", "Honesty", "Courage")
    assert at.button(key="undo").label == "Undo “Added V2”"
    click(at, "undo")
    assert refs(code, "value") == ["V1"]
    assert "Courage" not in texts(at)
    assert (at.button(key="undo").label, at.button(key="redo").label) == ("Undo “Added V1”", "Redo “Added V2”")
    click(at, "redo")
    assert refs(code, "value") == ["V1", "V2"]
    assert "redo" not in buttons(at)
    click(click(at, "undo"), "undo")
    assert refs(code, "value") == []
    assert "undo" not in buttons(at)


def test_an_undo_that_would_take_somebody_elses_words_is_refused_in_a_sentence_and_not_offered_again(host, code):
    at = start(code, "value", "Honesty")
    with store.open(code) as db:
        journal.act(db, "participant 3", items.edit, items.Edit("V1", 1, {"meaning": "We say it."}), "Edited {ref}")
    click(at, "undo")
    said = "“Added V1” cannot be undone: it has been changed since (participant 3: Edited V1)."
    assert texts(at).count(said) == 1
    assert refs(code, "value") == ["V1"]
    assert "undo" not in buttons(at.run())


def test_one_primary_button_leads_through_the_step_and_on_to_the_next(host, code):
    at = lead(code, "purpose")
    assert at.button(key="move").label == "Open: 80 min"
    click(at, "move")
    assert read(code, room.get_room)["phase"] == "write"
    assert at.button(key="move").label == "Reveal"
    click(at, "move")
    assert read(code, room.get_room)["phase"] == "reveal"
    click(at, "hide")
    assert read(code, room.get_room)["phase"] == "write"
    click(at, "move")
    assert at.button(key="move").label == "Next: Promise"
    click(at, "move")
    assert [title.value for title in at.title] == [PROMPTS["promise"]]
    assert step_of_the_room(code) == "promise"


def test_a_minute_more_moves_the_deadline(host, code):
    at = click(lead(code, "purpose"), "move")
    before = read(code, room.get_room)["deadline"]
    click(at, "minutes+1")
    assert read(code, room.get_room)["deadline"] > before
    click(at, "minutes−1")
    assert read(code, room.get_room)["deadline"] == before


def test_looking_at_other_pages_moves_nobody(host, code):
    at = visit(code, "purpose")
    assert step_of_the_room(code) is None, "before the first move people are still coming in"
    assert at.button(key="move").label == "Bring the room here"
    click(at, "move")
    assert at.button(key="move").label == "Open: 80 min"
    before = revision(code)
    for page in ("concepts", "promise", "ranking", "summary", "history", "screen", "lobby", "concepts"):
        go(at, page)
    assert (step_of_the_room(code), revision(code)) == ("purpose", before), "nobody else saw where the host looked"
    assert "Only you see this page. The room is at Purpose." in captions(at)
    assert at.button(key="move").label == "Bring the room here"
    click(at, "to-the-room")
    assert [title.value for title in at.title] == [PROMPTS["purpose"]]
    assert (step_of_the_room(code), revision(code)) == ("purpose", before)


def test_the_next_move_takes_the_room_along_and_undo_takes_it_back_with_its_clock(host, code):
    at = click(click(lead(code, "purpose"), "move"), "move")
    before = read(code, agenda.list_time_spent)
    assert at.button(key="move").label == "Next: Promise"
    click(at, "move")
    assert [title.value for title in at.title] == [PROMPTS["promise"]]
    assert step_of_the_room(code) == "promise"
    assert at.button(key="undo").label == "Undo “Went to Promise”"
    click(at, "undo")
    assert (step_of_the_room(code), read(code, agenda.list_time_spent)) == ("purpose", before)


def test_a_second_host_moves_nobody_by_coming_in(host, code):
    first = lead(code, "purpose")
    second = visit(code, "promise")
    assert step_of_the_room(code) == "purpose"
    click(second, "move")
    assert step_of_the_room(code) == "promise"
    first.run()
    assert "Only you see this page. The room is at Promise." in captions(first)
    assert first.button(key="move").label == "Bring the room here", "what was the next move here is none any more"


# --- refused ------------------------------------------------------------------------------------------------------

LONG = "x" * 5000
LABELS = {"purpose": "Purpose", "segment": "Group of customers", "promise": "We promise", "value": "Value",
          "principle": "Principle", "concept": "Name", "metric": "What we count", "idea": "Idea"}  # fmt: skip
MOST = {"purpose": 500, "segment": 200, "promise": 500, "value": 200, "principle": 500, "concept": 200, "metric": 200,
        "idea": 300}  # fmt: skip


def fresh(at: AppTest, name: str) -> str:
    """The key under which there is room for the next one to be written."""
    return at.session_state[f"fresh-{at.session_state['workshop']}-{name}"]


def refused_by_the_pen(at: AppTest, sentence: str) -> None:
    data = json.loads(pen_of(at).json or pen_of(at).mixed.json)
    assert list(data["answers"].values()) == [sentence]
    assert [error.message for error in at.exception] == []
    assert len(at.toast) == 0


def refused_once(at: AppTest, sentence: str) -> None:
    assert [text.value for text in at.main.text].count(sentence) == 1
    assert [error.message for error in at.exception] == []
    assert len(at.toast) == 0


def test_a_day_in_the_past_is_asked_about_once_and_then_stored(host, bus):
    at = click(visit(bus, "promise"), "handle-PR1")
    write(at, "promise", review_by=date(2020, 2, 29))
    refused_once(at, "“Review by” is in the past: 2020-02-29. Press the button again if you mean it.")
    assert read(bus, items.get_item, "PR1")["review_by"] != "2020-02-29"
    click(at, editing(at, "promise").key("save"))
    assert read(bus, items.get_item, "PR1")["review_by"] == "2020-02-29"
    write(at, "promise", review_by=date(2019, 2, 28))
    refused_once(at, "“Review by” is in the past: 2019-02-28. Press the button again if you mean it.")


def test_a_long_list_off_the_wall_is_asked_about_once_and_then_taken_whole(host, code):
    at = visit(code, "purpose")
    at.text_area(key=fresh(at, "entries-purpose")).set_value("\n".join(f"Line {n}" for n in range(2_000)))
    click(at, "add-entries-purpose")
    refused_once(at, "These are 2,000 lines. Press the button again if you mean all of them.")
    assert refs(code, "entry") == []
    click(at, "add-entries-purpose")
    assert len(refs(code, "entry")) == 2_000
    assert at.text_area(key=fresh(at, "entries-purpose")).value == ""


@pytest.mark.parametrize("step", ["purpose", "concepts"])
def test_what_the_room_wrote_is_put_right_put_away_and_brought_back(host, code, step):
    do(code, add_entries, AddEntries(step, "a seet\nrude"))
    do(code, add_entries, AddEntries("promise", "elsewhere"))
    at = open_line(visit(code, step), "N1")
    write(at, step, text="a seat", heading="On the bus")
    assert [(row["text"], row["heading"]) for row in read(code, list_entries, step)][0] == ("a seat", "On the bus")
    click(open_line(at, "N2"), f"inventory_2-{step}")
    assert [row["text"] for row in read(code, list_entries, step)] == ["a seat"]
    assert [line["ref"] for line in wrote(at)] == ["N1"] and "back-N2" in buttons(at)
    assert "back-N2" not in buttons(visit(code, "promise")), "each page has its own"
    click(at, "back-N2")
    click(at, "undo")
    assert "back-N2" in buttons(at)
    click(at, "undo")
    assert [row["text"] for row in read(code, list_entries, step)] == ["a seat", "rude"]


def input_of(at: AppTest, table: str):
    return at.text_input(key=fresh(at, "idea")) if table == "idea" else field(at, NOUNS[table][0], NOUNS[table][2])


@pytest.mark.parametrize("blank", ["", " \n\t", "\u200b\u202e\x00"], ids=["empty", "blank", "invisible"])
@pytest.mark.parametrize("table", NOUNS)
def test_a_blank_text_is_refused(host, code, table, blank):
    at = begin(start(code, table), table)
    before = revision(code)
    add(at, table, blank)
    if table == "idea":
        refused_by_the_pen(at, "Write an idea first, in one line.")
    else:
        refused_once(at, f"Write something under “{LABELS[table]}”.")
    assert revision(code) == before


@pytest.mark.parametrize("table", NOUNS)
def test_a_text_of_5000_characters_is_refused_and_stays_in_its_field(host, code, table):
    at = begin(start(code, table), table)
    before = revision(code)
    add(at, table, LONG)
    sentence = f"“{LABELS[table]}” may have at most {MOST[table]} characters, and this has 5,000."
    if table == "idea":  # its words are kept by the browser: test_pen.py
        refused_by_the_pen(at, sentence)
    else:
        refused_once(at, sentence)
        assert field(at, NOUNS[table][0], NOUNS[table][2]).value == LONG
    assert revision(code) == before


@pytest.mark.parametrize("table", UNIQUE)
def test_a_name_that_is_taken_is_refused_and_stays_in_its_field(host, code, table):
    at = start(code, table, "Honest people")
    ref, before = newest(code, table)["ref"], revision(code)
    add(at, table, "HONEST people")
    refused_once(at, f"There is already “HONEST people” ({ref}).")
    assert input_of(at, table).value == "HONEST people"
    assert revision(code) == before


def test_an_edit_that_is_refused_stays_in_its_field(host, code):
    at = start(code, "value", "Honesty", "Courage")
    click(at, "handle-V2")
    write(at, "principles", name="Honesty", meaning="We say it.")
    refused_once(at, "There is already “Honesty” (V1).")
    assert field(at, "principles", "meaning").value == "We say it."
    assert item(code, "V2")["name"] == "Courage"


def test_a_refusal_is_said_in_one_place(host, code):
    at = start(code, "purpose", " ")
    assert texts(at).count("Write something under “Purpose”.") == 1


def test_a_refusal_is_not_said_on_the_next_page(host, code):
    at = start(code, "purpose", " ")
    go(at, "promise")
    assert "Write something under “Purpose”." not in texts(at)


def test_a_blank_question_is_refused_where_it_was_asked(host, code):
    at = click(opened(visit(code, "purpose"), "parking"), "park")
    assert "Write something under “Question”." in [text.value for text in at.sidebar.text]
    assert "Write something under “Question”." not in [text.value for text in at.main.text]


def test_a_person_without_a_name_is_refused(host, torn):
    at = visit(torn, "ranking")
    at.button_group(key="ranking-view").set_value("rate").run()
    click(at, "add-person")
    refused_once(at, "Write something under “Name”.")


def test_a_card_that_cannot_be_made_twice_is_refused_in_a_sentence(host, code):
    at = start(code, "idea", "A driver calls ahead")
    other = visit(code, "concepts")
    click(other, "take-up-I1")
    click(at, "take-up-I1")
    refused_once(at, "I1 is a card already: E1.")
    assert refs(code, "concept") == ["E1"]


# --- people's words are only ever text ---------------------------------------------------------------------------

HOSTILE = ("![x](http://evil/x.png)", "<script>x()</script>", ":red[x]", "**b**", ":material/home:", "$x^2$")
# what shows words as they are: text, fields and lists to choose from, cells, drawings, the frame of the export
PLAIN = {"text", "text_input", "text_area", "number_input", "selectbox", "multiselect", "dataframe",
         "vega_lite_chart", "html", "bidi_component", "iframe", "page_config", "json"}  # fmt: skip


@pytest.fixture(params=HOSTILE[:2], ids=["image", "script"])
def hostile(request: pytest.FixtureRequest) -> tuple[str, str]:
    """(code, words): the bus sample, with markup in every word that people can write."""
    words, code = request.param, finished("bus")
    with store.open(code) as db, store.change(db, journal.HOST, "Filled with markup"):
        for table, noun in items.NOUNS.items():
            about = fields.fields_of(noun.record)
            names = [name for name, one in about.items() if fields.kind_of(one).shape in ("text", "line")]
            names = [name for name in names if not fields.kind_of(about[name]).table and name != "step"]
            for row in items.list_items(db, table):
                new = dict.fromkeys(names, f"{words} {row['ref']}")
                items.edit(db, items.Edit(row["ref"], row["version"], new))
        version = get_workshop(db)["version"]
        edit_workshop(db, EditWorkshop(version, dict.fromkeys(("title", "organisation", "scope_question"), words)))
        people.add_participant(db, people.AddParticipant(alias=words))
        add_idea(db, AddIdea(text=words))
        row = next(row for row in agenda.list_agenda(db) if row["slug"] == "purpose")
        same = {name: row[name] for name in ("position", "slug", "title", "minutes")}
        agenda.set_agenda_row(db, agenda.SetAgendaRow(**same, prompt=words))
    return code, words


def shown_as_markup(at: AppTest, words: str) -> list[str]:
    """Where the page shows these words in anything that reads Markdown or HTML: kind and content."""
    found = []
    for node in all_nodes(at):
        if getattr(node, "proto", None) is None:
            continue
        kind, said = node.type, str(node.proto)
        if kind in PLAIN:  # its title, its help and its placeholder read Markdown all the same
            said = " ".join(str(getattr(node.proto, name, "")) for name in ("label", "help"))
            if kind in ("html", "iframe", "bidi_component"):
                said += raw_html(str(node.proto), words)
        if as_sent(words) in said or words in said:
            found.append(f"{kind}: {said[:200]}")
    return found


def as_sent(words: str) -> str:
    return json.dumps(words)[1:-1]


def raw_html(said: str, words: str) -> str:
    """The words where they stand in HTML without having been escaped."""
    return words if html.escape(words) != words and words in said else ""


@pytest.mark.parametrize("page", SCRIPTS)
def test_markup_in_peoples_words_is_shown_as_it_was_typed(host, hostile, page):
    code, words = hostile
    at = visit(code, page)
    assert [error.message for error in at.exception] == []
    assert shown_as_markup(at, words) == []
    if page in STEPS:
        assert any(words in text for text in texts(at)), "and it is there to be read"


def test_markup_is_text_in_the_editor_the_toast_and_the_controls(host, hostile):
    code, words = hostile
    at = visit(code, "purpose")
    for press in ("handle-P3", "check_circle-purpose", "inventory_2-purpose", "undo", "move", "move", "open-I want"):
        if press in buttons(at):
            click(at, press)
            assert shown_as_markup(at, words) == []
    go(at, "concepts")
    for press in ("handle-E1", "local_parking-concepts", "take-up-I1"):
        if press in buttons(at):
            click(at, press)
            assert shown_as_markup(at, words) == []
    go(at, "ranking")
    for view in ("count", "rate", "order"):
        at.button_group(key="ranking-view").set_value(view).run()
        assert shown_as_markup(at, words) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_refusal_is_text(host, code, words):
    at = start(code, "value", words)
    add(at, "value", words)
    assert any(words in text for text in texts(at))
    refused_once(at, f"There is already “{words}” (V1).")
    assert shown_as_markup(at, words) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_steps_title_is_text(host, bus, words):
    """Titles come from bundles, which anybody may have written."""
    with store.open(bus) as db, store.change(db, journal.HOST, "Renamed"):
        for row in agenda.list_agenda(db):
            same = {name: row[name] for name in ("position", "slug", "minutes", "prompt")}
            agenda.set_agenda_row(db, agenda.SetAgendaRow(**same, title=words))
    at, found = visit(bus, "purpose"), []
    for press in ("move", "hide", "move", "move", "undo"):
        found += shown_as_markup(at, words)
        if press in buttons(at):
            click(at, press)
    assert found == []


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_quarrel_is_text(host, code, words):
    at, other = two_tabs(code, words)
    write(other, "principles", name=f"{words} theirs")
    write(at, "principles", name=f"{words} mine")
    assert {f"{words} theirs", f"{words} mine"} <= set(texts(at))
    assert shown_as_markup(at, words) == []


# --- two tabs edit one card --------------------------------------------------------------------------------------


def two_tabs(code: str, name: str = "Honesty") -> tuple[AppTest, AppTest]:
    """Two browsers in which V1 is open."""
    at = start(code, "value", name)
    other = visit(code, "principles")
    return click(at, "handle-V1"), click(other, "handle-V1")


def test_the_second_of_two_tabs_is_told_and_nothing_is_overwritten(host, code):
    at, other = two_tabs(code)
    write(other, "principles", name="Openness")
    before = revision(code)
    write(at, "principles", name="Frankness")
    said = "V1 was changed by somebody else in the meantime. Nothing was overwritten."
    assert said in texts(at)
    quarrel = [text.value for text in at.get_by_key("quarrel").children.values() if text.type == "text"]
    assert quarrel == [said, "Openness", "Frankness"]
    assert field(at, "principles", "name").value == "Frankness"
    assert (item(code, "V1")["name"], revision(code)) == ("Openness", before)


def test_a_quarrel_is_said_once(host, code):
    at, other = two_tabs(code)
    write(other, "principles", name="Openness")
    write(at, "principles", name="Frankness")
    assert texts(at).count("V1 was changed by somebody else in the meantime. Nothing was overwritten.") == 1


def test_take_mine_stores_ones_own_words(host, code):
    at, other = two_tabs(code)
    write(other, "principles", name="Openness")
    write(at, "principles", name="Frankness")
    click(at, "take-mine")
    assert item(code, "V1")["name"] == "Frankness"
    assert "take-mine" not in buttons(at)
    write(at, "principles", name="Candour")
    assert item(code, "V1")["name"] == "Candour", "and the next edit is no quarrel any more"


def test_keep_what_is_there_stores_nothing_and_shows_the_others_words(host, code):
    at, other = two_tabs(code)
    write(other, "principles", name="Openness")
    write(at, "principles", name="Frankness")
    before = revision(code)
    click(at, "keep-theirs")
    assert (item(code, "V1")["name"], revision(code)) == ("Openness", before)
    assert field(at, "principles", "name").value == "Openness"
    assert "keep-theirs" not in buttons(at)


def test_take_mine_takes_only_what_was_quarrelled_about(host, code):
    at, other = two_tabs(code)
    write(other, "principles", name="Openness", meaning="We say it.")
    write(at, "principles", name="Frankness")
    click(at, "take-mine")
    now = item(code, "V1")
    assert (now["name"], now["meaning"]) == ("Frankness", "We say it."), "what I did not touch is not mine"


def test_a_card_that_was_put_away_meanwhile_is_not_edited_unseen(host, code):
    at, other = two_tabs(code)
    click(other, "inventory_2-principles")
    write(at, "principles", name="Frankness")
    assert [error.message for error in at.exception] == []
    assert item(code, "V1")["name"] == "Honesty"
    assert any("V1" in text for text in texts(at)), "and one is told"


def test_two_tabs_that_weigh_one_metric(host, code):
    at = start(code, "metric", "Buses that come")
    other = visit(code, "ranking")
    other.button_group(key="ranking-view").set_value("count").run()
    other.number_input(key="weight-C1-1").set_value(60.0).run()
    at.number_input(key="weight-C1-1").set_value(30.0).run()
    assert item(code, "C1")["weight"] == 60
    said = "C1 was changed by somebody else in the meantime. Nothing was overwritten."
    assert texts(at).count(said) == 1


# --- addresses and files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("unknown", ["ZZZZ2222", "abc", "../../etc", "' OR 1=1", "![x](http://evil/x)", "é" * 500])
@pytest.mark.parametrize("page", ["lobby", "purpose", "summary", "screen"])
def test_an_unknown_code_is_said_in_a_sentence(host, page, unknown):
    at = visit(unknown, page)
    assert [error.message for error in at.exception] == []
    assert texts(at) == [f"There is no workshop with the code “{unknown[:20]}” in this library."]
    assert [link.label for link in at.get("link_button")] == ["To the lobby"]
    assert shown_as_markup(at, unknown) == []


@pytest.mark.parametrize("page", [page for page in SCRIPTS if page != "lobby"])
def test_a_page_without_a_workshop_is_the_lobby(host, code, page):
    at = visit(None, page)
    assert [title.value for title in at.title] == [PROMPTS["lobby"]]
    assert step_of_the_room(code) is None


def test_the_address_keeps_the_workshop(host, code):
    at = visit(code, "purpose")
    assert at.query_params["w"] == code
    go(at, "promise")
    assert at.query_params["w"] == code


def test_an_address_leads_to_its_own_workshop(host, code, bus):
    at = visit(bus, "purpose")
    at.query_params["w"] = code
    at.run()
    assert not any("valley" in text for text in texts(at))
    do(code, add_promise, AddPromise(text="We answer.", status="chosen"))
    assert "We answer." in texts(at.run())


def test_a_damaged_file_is_said_in_a_sentence(host, library, code):
    file = store.file_of(code)
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    at = visit(code, "purpose")
    assert texts(at) == [f"“{file.name}” is damaged and cannot be opened."]
    assert [error.message for error in at.exception] == []


def test_a_file_that_is_no_workshop_is_said_in_a_sentence(host, library):
    file = library / "foreign--ZZZZ2222.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    at = visit("ZZZZ2222", "purpose")
    assert texts(at) == [f"“{file.name}” is not a Throughline workshop."]


def test_a_workshop_that_goes_away_behind_the_pages_back(host, code):
    at = visit(code, "principles")
    store.file_of(code).unlink()
    write(at, "principles", name="Honesty")
    assert texts(at) == [f"There is no workshop with the code “{code}” in this library."]
    assert [error.message for error in at.exception] == []


# --- the lobby ---------------------------------------------------------------------------------------------------


def test_a_workshop_is_made_from_one_question(host, library):
    at = visit(None)
    at.text_input(key="question").set_value("What would it take for buses to come?")
    click(at, "FormSubmitter:new-Create workshop")
    (entry,) = list_library()
    assert entry.title == "What would it take for buses to come?"
    assert at.query_params["w"] == entry.code
    assert [title.value for title in at.title] == [PROMPTS["purpose"]]
    steps = [row["slug"] for row in read(entry.code, agenda.list_agenda)]
    assert steps == list(STEPS), "two and a half hours are the core path"


def test_a_workshop_without_a_question_is_refused(host, library):
    at = click(visit(None), "FormSubmitter:new-Create workshop")
    assert texts(at).count("Write first what you would like to answer.") == 1
    assert not [text for text in texts(at) if "Title" in text], "that field is folded away"
    assert list_library() == []


def test_a_long_question_is_not_refused_for_a_title_that_nobody_wrote(host, library):
    at = visit(None)
    question = "What would it take " + "really " * 40 + "for buses to come?"
    at.text_input(key="question").set_value(question)
    click(at, "FormSubmitter:new-Create workshop")
    (entry,) = list_library()
    assert read(entry.code, get_workshop)["scope_question"] == question


def test_a_finished_workshop_is_one_click_away(host, library):
    at = visit(None)
    at.radio(key="sample").set_value("grocery")
    click(at, "open-sample")
    (entry,) = list_library()
    assert at.query_params["w"] == entry.code
    assert [title.value for title in at.title] == [PROMPTS["purpose"]]


def test_a_workshop_is_opened_again(host, code, bus):
    at = visit(None)
    assert {f"open-{code}", f"open-{bus}"} <= set(buttons(at))
    click(at, f"open-{code}")
    assert at.query_params["w"] == code
    assert [title.value for title in at.title] == [PROMPTS["purpose"]]


def test_opening_a_workshop_again_leaves_the_room_where_it_is(host, code):
    do(code, room.go_to, room.GoTo("concepts"))
    at = click(visit(None), f"open-{code}")
    assert [title.value for title in at.title] == [PROMPTS["concepts"]]
    assert read(code, room.get_room)["step"] == "concepts"


def test_a_workshop_with_loose_ends_alone_is_no_picture_for_the_lobby(host, code):
    """Its pinned lead principle hangs on nothing yet, so the lobby shows the sample's thread."""
    (sentence,) = [text for text in texts(visit(None)) if "thread" in text]
    assert sentence.startswith("Tarnwick Vale Buses: ")


def test_a_large_thread_leaves_the_lobby_in_sight(host, bus):
    with store.open(bus) as db, store.change(db, journal.HOST, "Grew"):
        for number in range(80):
            add_concept(db, AddConcept(name=f"Idea {number}", purposes=("P3",)))
    (shown,) = [str(node.proto) for node in all_nodes(visit(None)) if "viewBox" in str(getattr(node, "proto", ""))]
    wide, high = map(float, re.search(r"viewBox=\W*0 0 ([\d.]+) ([\d.]+)", shown).groups())
    assert high > 1000, "every node has room for its label"
    assert high / wide < 0.36, "and the picture is not higher than wide"


def test_a_bundle_is_brought_in(host, bus):
    data = read(bus, bundle.read)
    at = visit(None)
    at.file_uploader(key="upload").upload("bus.json", bundle.to_json(data).encode(), "application/json")
    click(at, "bring-in")
    assert at.query_params["w"] != bus
    assert read(at.query_params["w"], bundle.read) | {"session": 0} == data | {"session": 0}


@pytest.mark.parametrize("file", [b"", b"no json", b"[]", b'{"schema": "another/1"}', b"[" * 100_000, b"\xff\xfe"])
def test_a_file_that_is_no_workshop_is_refused_in_one_sentence(host, library, file):
    at = visit(None)
    at.file_uploader(key="upload").upload("a.json", file, "application/json")
    before = texts(at.run())
    click(at, "bring-in")
    (sentence,) = [text for text in texts(at) if text not in before]
    assert re.fullmatch(r"[^\n]+\.", sentence)
    assert list_library() == []


def test_the_lobby_says_which_file_is_damaged_and_opens_the_others(host, library, code):
    (library / "broken--ZZZZ2222.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    at = visit(None)
    assert "“broken--ZZZZ2222.sqlite” is damaged and cannot be opened." in texts(at)
    assert f"open-{code}" in buttons(at)
    assert "open-ZZZZ2222" not in buttons(at)


@pytest.mark.parametrize("table", ["journal", "purpose"])
def test_the_lobby_bears_a_file_whose_damage_lies_deep(host, library, code, table):
    other = finished("bus")
    file = store.file_of(other)
    with store.open(other) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = db.execute("PRAGMA page_size").fetchone()[0]
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    raw = bytearray(file.read_bytes())
    raw[(root - 1) * size : root * size] = b"\xff" * size
    file.write_bytes(raw)
    at = visit(None)
    assert [error.message for error in at.exception] == []
    assert f"open-{code}" in buttons(at)


def test_the_lobby_bears_a_copy_of_a_file(host, library, code):
    file = store.file_of(code)
    (library / f"copy-of-{file.name}").write_bytes(file.read_bytes())
    at = visit(None)
    assert [error.message for error in at.exception] == []
    assert any(button.label == "Open" for button in at.button)


# --- the plan of the day ------------------------------------------------------------------------------------------


def test_the_plan_is_changed_while_the_room_works(host, code):
    at = visit(code, "plan")
    assert any("minutes are planned. Time is counted from the first Open." in said for said in captions(at))
    click(at, "arrow_downward-reverse")
    order = [row["slug"] for row in read(code, agenda.list_agenda)]
    assert order.index("reverse") == order.index("strategy") + 1
    click(at, "drop-ranking")
    assert "ranking" not in [row["slug"] for row in read(code, agenda.list_agenda)]
    click(at, "take-ranking")
    at.get_by_key("title-promise-Promise").set_value("Brand *promise*")
    click(at, "save-promise")
    at.get_by_key("minutes-promise-35").set_value(20).run()
    row = next(row for row in read(code, agenda.list_agenda) if row["slug"] == "promise")
    assert (row["title"], row["minutes"]) == ("Brand *promise*", 20)


def test_the_step_that_the_room_is_at_is_not_left_out(host, code):
    at = go(lead(code, "promise"), "plan")
    click(at, "drop-promise")
    refused_once(at, "The room is at Promise now. Go to another step first.")
    assert "promise" in [row["slug"] for row in read(code, agenda.list_agenda)]


def test_a_decision_is_recorded_at_its_step_with_its_reason_and_dissent(host, bus):
    at = visit(bus, "promise")
    opened(at, "deciding")
    key = fresh(at, "decision")
    given = {"text": "We take this one", "rationale": "It can be checked", "dissent": "Finance: costly"}
    for name, words in given.items():
        at.get_by_key(f"{key}-{name}").set_value(words)
    click(at, "record-decision")
    made = read(bus, items.list_items, "decision")[-1]
    assert {name: made[name] for name in ("step", *given)} == {"step": "promise"} | given
    click(at, "record-decision")
    assert "Write something under “What was decided”." in texts(at)
    recorded = [(one["ref"], one["step"]) for one in read(bus, items.list_items, "decision")]
    for ref, step in recorded:
        assert (f"decided-{ref}" in buttons(at)) == (step == "promise")
    click(at, f"decided-{made['ref']}")
    assert editing(at, "commitment").ref == made["ref"], "its label leads to the editor that holds it"
    assert not at.session_state["deciding"], "nor does the panel cover it"
    assert len(read(bus, items.list_items, "decision")) == len(samples.read_sample("bus")["decisions"]) + 1


# --- a workshop lives on -------------------------------------------------------------------------------------------


def test_the_length_is_changed_a_break_is_added_and_taken(host, code):
    at = visit(code, "plan")
    at.radio(key="mode-full").set_value("one_day")
    click(at, "set-mode")
    assert any("350 minutes are planned." in said for said in captions(at))
    at.selectbox(key="break-after").set_value("concepts")
    at.number_input(key="break-minutes").set_value(15)
    click(at, "add-break")
    assert any("Breaks of 25 minutes come on top." in said for said in captions(at))
    click(at, "pause-break-2")
    assert read(code, room.get_room)["held_at"] is not None


def test_a_closed_workshop_is_read_on_every_page_and_opened_again(host, bus):
    at = click(visit(bus, "afterwards"), "close-workshop")
    at = go(go(at, "purpose"), "ranking")
    assert [error.message for error in at.exception] == []
    assert "reopen" in buttons(at)
    assert not {"undo", "move", "park", "record-decision"} & set(buttons(at))
    assert read(bus, get_workshop)["status"] == "closed"
    at = click(go(at, "plan"), "reopen")
    click(at, "drop-reverse")
    assert "reverse" not in [row["slug"] for row in read(bus, agenda.list_agenda)]


def test_a_workshop_of_the_lobby_is_copied_reviewed_and_seen_beside_its_parent(host, bus):
    at = visit(None)
    at.get_by_key(f"copy-{bus}-title").set_value("Next year")
    click(at, f"copy-{bus}")
    made = at.session_state["workshop"]
    assert (made != bus, read(made, get_workshop)["title"], refs(made, "concept")) == (True, "Next year", [])
    click(visit(None), f"review-{bus}")
    (review,) = [e.code for e in list_library() if read(e.code, get_workshop)["kind"] == "review"]
    at = visit(review, "afterwards")
    assert [error.message for error in at.exception] == []
    assert at.selectbox(key="beside").value == bus
    at = visit(made, "afterwards")
    at.selectbox(key="beside").set_value(bus).run()
    click(at, "carry-over")
    assert refs(made, "value") == refs(bus, "value")


def test_an_unfit_copy_is_refused_and_makes_no_file(host, bus, library):
    at = visit(None)
    at.get_by_key(f"copy-{bus}-title").set_value("  ")
    click(at, f"copy-{bus}")
    refused_once(at, "Write something under “Title”.")
    assert len(list(library.glob("*.sqlite"))) == 1


def test_what_is_looked_for_is_found_in_the_lobby_and_leads_to_its_item(host, code, bus):
    at = visit(None)
    at.text_input(key="search-library").set_value("truth board").run()
    assert "Truth board" in texts(at)
    assert f"open-{code}" not in buttons(at)
    click(at, "hit-library-0")
    assert (at.session_state["workshop"], editing(at, "concepts").ref) == (bus, refs(bus, "concept")[0])
    at = opened(visit(code, "promise"), "searching-workshop")
    at.text_input(key="search-workshop").set_value("truth board").run()
    assert "Nothing has all of these words." in captions(at)
    at = opened(visit(bus, "promise"), "searching-workshop")
    at.text_input(key="search-workshop").set_value("truth board").run()
    click(at, "hit-workshop-0")
    assert editing(at, "concepts").ref == refs(bus, "concept")[0]
    assert not at.session_state["searching-workshop"], "the panel does not stand before what it led to"


def test_readings_results_and_states_are_noted_afterwards(host, bus):
    at = visit(bus, "afterwards")
    at.selectbox(key="course").set_value("C2").run()
    key = fresh(at, "reading")
    click(at, "add-reading")
    assert "Write something under “It stood at”." in texts(at)
    at.get_by_key(f"{key}-value").set_value(72.5)
    click(at, "add-reading")
    readings = [(row["metric"], row["value"]) for row in read(bus, items.list_items, "reading")]
    assert readings[-1] == ("C2", 72.5)
    assert len(readings) == len(samples.read_sample("bus").get("readings", [])) + 1
    started = next(row["ref"] for row in read(bus, items.list_items, "concept") if row["status"] == "selected")
    at.get_by_key(f"judge-{started}-").set_value("keep").run()
    assert [(r["about"], r["result"]) for r in read(bus, items.list_items, "review")][-1] == ([started], "keep")
    at.get_by_key("state-A1-open").set_value("done").run()
    assert item(bus, "A1")["status"] == "done"
    click(at, "ask-review")
    assert "close-review" in buttons(at)


@pytest.mark.parametrize(("page", "ref", "view"), [("strategy", "K1", "count"), ("strategy", "U1", "goals"),
                                                   ("ranking", "C1", "count")])  # fmt: skip
def test_a_link_to_an_item_opens_the_view_in_which_it_stands(host, bus, page, ref, view):
    at = AppTest.from_file(FRAME, default_timeout=20)
    at.switch_page(f"steps/{page}.py")
    at.query_params["w"], at.query_params["item"] = bus, ref
    at.run()
    assert at.button_group(key=f"{page}-view").value == view
    assert (editing(at, "ranking" if view == "count" else page).ref, at.query_params["item"]) == (ref, ref)
    other = {"count": "order" if page == "ranking" else "goals", "goals": "count"}[view]
    at.button_group(key=f"{page}-view").set_value(other).run()
    assert at.button_group(key=f"{page}-view").value == other, "the address holds nobody there"


def test_what_hangs_on_something_put_away_stays_on_the_page_says_so_and_lets_go(host, bus):
    for ref in ("G1", "V2", "T4"):
        do(bus, items.archive, items.Archive(ref))
    for page, table, link, gone in (
        ("purpose", "purpose", "segment", "G1"), ("principles", "principle", "values", "V2"),
        ("concepts", "concept", "touchpoints", "T4"),
    ):  # fmt: skip
        at = visit(bus, page)
        hanging = [row["ref"] for row in read(bus, items.list_items, table) if gone in (row[link] or ())]
        assert hanging and set(hanging) <= set(handles(at)), page
        chips = [node for node in all_nodes(at) if str(getattr(node, "key", "")) == f"find-gone-{hanging[0]}"]
        assert [chip.proto.popover.label.split(":")[0] for chip in chips] == ["Put away, and still named here"]
    click(opened(at, f"find-gone-{hanging[0]}"), f"let-go-{hanging[0]}")
    assert "T4" not in item(bus, hanging[0])["touchpoints"]
    assert f"find-gone-{hanging[0]}" not in [str(getattr(node, "key", "")) for node in all_nodes(at)]
    click(at, f"handle-{hanging[1]}")
    said = field(at, "concepts", "touchpoints").options
    assert f"T4  {item(bus, 'T4')['name']} (put away)" in said
    assert not [one for one in said if one.endswith("(put away)") and not one.startswith("T4")]
