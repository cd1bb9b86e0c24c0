"""One workshop made from another: copied as a template, reviewed, compared, or with single things carried over."""

import copy as copies

import pytest

from tests.finished import finished
from workshop import agenda, bundle, compare, connections, journal, review, samples, store, template
from workshop.problems import NotFound, Rejected, Unreadable
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import get_workshop
from workshop.steps.ranking import get_ranking
from workshop.template import CarryOver, carry_over


@pytest.fixture
def bus() -> str:
    return finished("bus")


def read(code: str) -> dict:
    with store.open(code) as db:
        return bundle.read(db)


def act(code: str, handler, command):
    with store.open(code) as db:
        return journal.act(db, journal.HOST, handler, command, "{ref}")


# --- copies ------------------------------------------------------------------------------------------------------


def test_a_copy_with_content_has_every_item_and_nobodys_answers(bus):
    before = read(bus)
    made = read(template.copy(bus, "Next year", "host", content=True))
    for key in ("purposes", "promises", "values", "principles", "metrics", "touchpoints", "concepts", "goal_links",
                "activations", "reviews"):  # fmt: skip
        assert made[key] == before[key], key
    assert (made["participants"], made["ratings"]["rows"], made["entries"]) == ([], [], [])
    session = made["session"]
    assert (session["title"], session["parent"], session["kind"]) == ("Next year", bus, "workshop")
    assert {row["phase"] for row in made["agenda"]} == {"ready"}
    assert read(bus) == before


def test_a_copy_without_content_has_the_agenda_and_the_lead_principle(bus):
    act(bus, agenda.edit_step, agenda.EditStep("promise", title="Our word", minutes=20))
    made = read(template.copy(bus, "Empty", "host", content=False))
    titles = {row["slug"]: (row["title"], row["minutes"]) for row in made["agenda"]}
    assert titles["promise"] == ("Our word", 20)
    assert [row["text"] for row in made["principles"]] == ["Are we keeping our promise?"]
    filled = {key for key in bundle.NOUNS if made.get(key)}
    assert (filled, made["session"]["scope_question"], made["session"]["parent"]) == ({"principles"}, "", "")
    assert made["session"]["organisation"] == "Tarnwick Vale Buses"


def test_a_template_from_a_newer_file_an_unknown_code_and_an_empty_title_are_refused(bus, library):
    with pytest.raises(NotFound, match="There is no workshop with the code “ABCDEFGH” in this library."):
        template.copy("ABCDEFGH", "Next", "host", content=True)
    with pytest.raises(Rejected, match="^Write something under “Title”"):
        template.copy(bus, " ", "host", content=True)
    db = connections.connect(store.file_of(bus))
    db["_sqlite_migrations"].insert({"migration_set": "throughline", "name": "m999_later", "applied_at": "2030"})
    db.close()
    for make in (lambda: template.copy(bus, "Next", "host", content=False), lambda: review.start_review(bus, "host")):
        with pytest.raises(Unreadable, match="was made by a newer Throughline than this one"):
            make()
    # nothing was left behind
    assert len(list(library.glob("*.sqlite"))) == 1


# --- carried over ------------------------------------------------------------------------------------------------


def test_values_principles_metrics_and_touchpoints_are_carried_over_once(bus, code):
    before = read(bus)
    count = len(before["values"]) + len(before["principles"]) - 1 + len(before["metrics"]) + len(before["touchpoints"])
    assert act(code, carry_over, CarryOver(bus)) == count
    made = read(code)
    assert [row["name"] for row in made["values"]] == [row["name"] for row in before["values"]]
    assert [(row["text"], row["is_lead"]) for row in made["principles"]] == [
        (row["text"], row["is_lead"]) for row in before["principles"]
    ]
    named = [{row["id"]: row["name"] for row in data["values"]} for data in (before, made)]
    by_name = [[[names[ref] for ref in row["values"]] for row in data["principles"][1:]]
               for names, data in zip(named, (before, made), strict=True)]  # fmt: skip
    assert by_name[0] == by_name[1]
    assert all(row["purpose"] is None and row["goal"] is None for row in made["metrics"])
    assert [row["weight"] for row in made["metrics"]] == [row["weight"] for row in before["metrics"]]
    with pytest.raises(Rejected, match="There is nothing new: all of it is here already."):
        act(code, carry_over, CarryOver(bus))
    assert read(code) == made, "and nothing to undo"


def test_carrying_over_is_one_action_that_is_undone_and_weighs_nothing_twice(bus, code):
    act(code, carry_over, CarryOver(bus, ("metric",)))
    once = read(code)
    grocery = finished("grocery")
    act(code, carry_over, CarryOver(grocery, ("metric", "value")))
    metrics = read(code)["metrics"]
    assert {row["weight"] for row in metrics[len(once["metrics"]) :]} == {None}
    with store.open(code) as db:
        journal.undo(db)
    assert read(code)["metrics"] == once["metrics"]


@pytest.mark.parametrize(
    ("kinds", "sentence"), [(("promise",), "“promise” cannot be carried over."), ((), "This is the workshop itself.")]
)
def test_what_cannot_be_carried_over_is_refused(bus, code, kinds, sentence):
    with pytest.raises(Rejected, match=sentence):
        act(code, carry_over, CarryOver(bus if kinds else code, kinds))
    with pytest.raises(Rejected, match="Choose what to carry over."):
        act(code, carry_over, CarryOver(bus, ()))
    with pytest.raises(NotFound, match="There is no workshop with the code"):
        act(code, carry_over, CarryOver("ABCDEFGH"))


# --- reviews -----------------------------------------------------------------------------------------------------


def test_a_review_keeps_the_refs_asks_about_today_anew_and_looks_back(bus):
    made = review.start_review(bus, "host")
    with store.open(made) as db:
        workshop, last = get_workshop(db), review.last_time(db)
        now = compare.snapshot(db)
    assert (workshop["kind"], workshop["parent"]) == ("review", bus)
    assert (last.code, last.title) == (bus, read(bus)["session"]["title"])
    assert {row["promise_state"] for row in now.tables["touchpoint"]} == {"unknown"}
    states = {row["ref"]: row["promise_state"] for row in last.tables["touchpoint"]}
    asked = {one.ref: one.fields for one in compare.compare(last, now).changed["touchpoint"]}
    question = "Is the promise kept here?"
    assert asked == {ref: [(question, state, "unknown")] for ref, state in states.items() if state != "unknown"}
    assert not any(compare.compare(last, now).came.values())
    assert not any(compare.compare(last, now).went.values())


def test_a_review_of_a_review_looks_back_at_that_review(bus):
    first = review.start_review(bus, "host")
    second = review.start_review(first, "host")
    with store.open(second) as db:
        assert review.last_time(db).code == first
        assert get_workshop(db)["title"] == "Review: Keeping our word on the valley network", "and not once more"
        assert review.said_last_time(db, "touchpoints") == [], "where nobody answered there is nothing to look back at"


def test_what_is_asked_anew_stands_beside_last_times_answers(bus):
    made = review.start_review(bus, "host")
    with store.open(made) as db:
        said = {step: review.said_last_time(db, step) for step in ("opening", "touchpoints", "ranking", "promise")}
    assert said["opening"][1] == "Do you believe in our purpose, 0 to 10? 5.6 of 10, from 3 to 9"
    asked, states = said["touchpoints"][0], [line for line in said["touchpoints"] if line.startswith("T")]
    assert asked == "Do we keep our promise here? Timetable at the stop: 3 kept, 6 partly, 2 broken, 1 I don’t know"
    assert states[:2] == ["T1  Timetable at the stop: partly", "T2  Finding the fare: broken"]
    assert said["ranking"][:2] == ["1  Truth board (E1)", "1  Home anyway (E2)"]
    assert said["promise"] == [], "nothing is asked anew there"
    with store.open(made) as db:
        assert review.promise_last_time(db) == ["2026-03-12  5 yes, 4 partly, 2 no, 1 I don’t know"]
    with store.open(bus) as db:
        assert review.said_last_time(db, "touchpoints") == [], "which looks back at nothing"
        assert review.promise_last_time(db) == []


def test_a_review_whose_parent_is_elsewhere_says_which_file_is_missing(bus, code):
    made = review.start_review(bus, "host")
    store.file_of(bus).unlink()
    with store.open(made) as db, pytest.raises(NotFound) as refused:
        review.last_time(db)
    assert str(refused.value) == (
        f"The workshop that this one looks back at ({bus}) is not in this library. Bring its file in."
    )
    with store.open(code) as db, pytest.raises(NotFound, match="looks back at no other one"):
        review.last_time(db)


# --- compared ----------------------------------------------------------------------------------------------------


def test_last_year_and_this_year_side_by_side(bus):
    data = copies.deepcopy(samples.read_sample("bus"))
    gone = data["values"][0]
    data["values"][1]["meaning"] = "Something else now."
    for row in data["principles"]:
        row["values"] = [ref for ref in row["values"] if ref != gone["id"]] or ["V2"]
    data["values"] = data["values"][1:]
    this = bundle.load(data, "host", "This year")
    act(this, add_concept, AddConcept(name="A bell at the stop"))
    with store.open(bus) as old, store.open(this) as new:
        found = compare.compare(compare.snapshot(old), compare.snapshot(new))
        then = {row["name"]: (row["rank"], row["score"]) for row in get_ranking(old).rows}
        now = [(row["name"], row["rank"], row["score"]) for row in get_ranking(new).rows]
    assert found.went == {table: [] for table in compare.COMPARED} | {"value": [("V1", gone["name"])]}
    assert [words for _ref, words in found.came["concept"]] == ["A bell at the stop"]
    second = data["values"][0]
    before = samples.read_sample("bus")["values"][1]["meaning"]
    assert found.changed["value"] == [
        compare.Changed("V2", second["name"], [("What it means here", before, "Something else now.")])
    ]
    nowhere = (None, None)
    assert found.places == [
        (name, then.get(name, nowhere)[0], rank, then.get(name, nowhere)[1], score) for name, rank, score in now
    ]


def test_workshops_of_two_houses_have_little_in_common(bus):
    grocery = finished("grocery")
    with store.open(bus) as old, store.open(grocery) as new:
        before, after = compare.snapshot(old), compare.snapshot(new)
    found = compare.compare(before, after)
    assert len(found.went["concept"]) == len(before.tables["concept"])
    assert [place[1] for place in found.places[:3]] == [None, None, None]
    assert [place[2] for place in found.places[-3:]] == [None, None, None]
    titles = [block.text for block in compare.document(before, after).blocks if hasattr(block, "level")]
    assert titles == ["What the room says", "Places", "What came", "What went", "What changed"]
    titles = [block.text for block in compare.document(before, before).blocks if hasattr(block, "level")]
    assert titles == ["What the room says", "Places"]
    assert all(was == now for _question, _about, was, now in compare.compare(before, before).answers)
