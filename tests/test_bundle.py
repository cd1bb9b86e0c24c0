"""The workshop as one JSON: everything out, an equal workshop in, and one sentence for whatever is no workshop."""

import copy
import json
import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workshop import bundle, items, journal, people, room, samples, store
from workshop.library import backup, list_library
from workshop.problems import NotFound, Refusal, Rejected, Unreadable
from workshop.steps import create
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.ideas import AddIdea, add_idea
from workshop.steps.prepare import StartWorkshop
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.ranking import get_ranking


def out(code: str) -> dict:
    with store.open(code) as db:
        return bundle.read(db)


def again(data: dict) -> dict:
    """In and out once more, by way of the text of a file."""
    return out(bundle.load(bundle.parse(bundle.to_json(data)), "host", "Brought in"))


def ranked(code: str) -> list[dict] | None:
    with store.open(code) as db:
        found = get_ranking(db)
        return found and found.rows


# One row of everything, small enough to be brought in by the hundred
LITTLE = json.loads((Path(__file__).parent / "cases" / "one_of_everything.json").read_text(encoding="utf-8"))


def little(**changed) -> dict:
    return copy.deepcopy(LITTLE) | changed


# Out and in


@pytest.mark.parametrize("name", samples.NAMES)
def test_a_sample_comes_out_and_goes_in_again_as_an_equal_workshop(name):
    code = samples.load_sample(name, "host")
    first = out(code)
    copied = bundle.load(bundle.parse(bundle.to_json(first)), "host", "Brought in")
    assert out(copied) == first
    assert ranked(copied) == ranked(code)
    with store.open(code) as one, store.open(copied) as other:
        for table in items.NOUNS:
            assert [row["ref"] for row in items.list_items(one, table)] == [
                row["ref"] for row in items.list_items(other, table)
            ]


def empty(value) -> bool:
    return value in (None, "", [], False)


def lost(given, found, place: str = "") -> list[str]:
    """Where a value that was given is not found again; null, "", [] and false are one and the same nothing."""
    if isinstance(given, dict):
        return [p for key, value in given.items() for p in lost(value, (found or {}).get(key), f"{place}.{key}")]
    if isinstance(given, list) and given and isinstance(given[0], dict):
        if len(given) != len(found or []):
            return [f"{place}: {len(given)} rows became {len(found or [])}"]
        return [p for i, value in enumerate(given) for p in lost(value, found[i], f"{place}[{i}]")]
    return [] if given == found or empty(given) and empty(found) else [f"{place}: {given!r} became {found!r}"]


@pytest.mark.parametrize("name", samples.NAMES)
def test_every_value_of_a_sample_is_in_the_export(name):
    given_ = samples.read_sample(name)
    del given_["expected_findings"]  # says what a check has to find, and is no part of the workshop
    found = out(samples.load_sample(name, "host"))
    ratings, stored = given_.pop("ratings"), found.pop("ratings")
    assert lost(given_, found) == []
    assert ratings == stored, "every rating, in its order"


def test_a_lost_value_would_be_noticed():
    assert lost(LITTLE, {**LITTLE, "fictional": False}) == [".fictional: True became False"]
    assert lost(LITTLE, {**LITTLE, "brands": []}) == [".brands: 2 rows became 0"]
    assert lost({"a": [{"b": ["V2", "V1"], "c": ""}]}, {"a": [{"b": ["V1", "V2"]}]}) == [
        ".a[0].b: ['V2', 'V1'] became ['V1', 'V2']"
    ]


def test_everything_at_once_goes_in_and_comes_out_twice_the_same():
    first = again(LITTLE)
    agenda = first.pop("agenda")
    assert lost(little(agenda=[]), first | {"agenda": []}) == []
    rows = {row["slug"]: row for row in agenda}
    assert rows["ranking"] == {
        "slug": "ranking",
        "title": "What counts?",
        "prompt": "And how much?",
        "minutes": 7,
        "phase": "reveal",
        "dropped": False,
        "is_break": False,
    }
    assert rows["reverse"]["dropped"] is True
    assert agenda[0]["slug"] == "ranking"
    assert again(first | {"agenda": agenda}) == first | {"agenda": agenda}


def test_what_is_archived_parked_or_in_its_place_stays_so():
    with store.open(bundle.load(little(), "host", "Brought in")) as db:
        assert [row["ref"] for row in items.list_items(db, "purpose")] == ["P3", "P1"]
        assert [row["ref"] for row in items.list_items(db, "purpose", archived=True)] == ["P7"]
        assert [row["ref"] for row in items.list_items(db, "concept")] == ["E2", "E1"]
        assert [row["ref"] for row in items.list_items(db, "concept", archived=True)] == ["E9"]
        assert {row["ref"]: row["status"] for row in items.list_items(db, "idea")} == {"I1": "open", "I2": "parked"}
        assert [(row["alias"], row["stream"]) for row in people.list_participants(db)] == [("Ana", 2), ("Cy", None)]
        assert [(row["alias"], row["stream"]) for row in people.list_participants(db, archived=True)] == [("Ben", 1)]
        assert room.get_room(db)["step"] == "concepts"
        assert items.get_item(db, "I1")["concept"] == "E2"
        assert [row["effort"] for row in items.list_items(db, "requirement")] == [3, None]


@pytest.mark.parametrize("archived_first", [True, False])
def test_a_name_may_be_that_of_an_archived_item_before_or_after_it(archived_first):
    live, gone = {"id": "E1", "name": "Truth board"}, {"id": "E2", "name": "Truth board", "archived": True}
    rows = [gone, live] if archived_first else [live, gone]
    leads = [
        {"id": "D1", "text": "New lead", "is_lead": True},
        {"id": "D0", "text": "Old lead", "is_lead": True, "archived": True},
    ]
    data = {
        "schema": bundle.SCHEMA,
        "session": {"title": "x"},
        "concepts": rows,
        "principles": leads[:: -1 if archived_first else 1],
    }
    first = again(data)
    assert [row["id"] for row in first["concepts"]] == [row["id"] for row in rows]
    assert [row["id"] for row in first["principles"]] == [row["id"] for row in data["principles"]]
    assert lost(data, first) == []
    assert again(first) == first


def test_what_hangs_on_an_archived_item_still_hangs_on_it(db, do):
    do(add_purpose, AddPurpose(level="small", text="I want to be told"))
    do(add_purpose, AddPurpose(level="small", text="I want it gone"))
    do(add_concept, AddConcept(name="Truth board", purposes=("P1", "P2")))
    do(add_idea, AddIdea(text="A board", concept="E1"))  # an idea stands before the concept that it points to
    for ref in ("P1", "D0", "E1"):
        do(items.archive, items.Archive(ref))
    first = bundle.read(db)
    assert (first["concepts"][0]["purposes"], first["ideas"][0]["concept"]) == (["P1", "P2"], "E1")
    assert again(first) == first


def test_a_workshop_of_todays_making_goes_out_and_in(db, do, code):
    do(add_purpose, AddPurpose(level="small", text="👩\u200d🚒 “quoted” \\ <b> \u2028 line"))
    do(add_concept, AddConcept(name="Truth board", purposes=("P1",)))
    do(items.archive, items.Archive("E1"))
    do(add_concept, AddConcept(name="Truth board"))
    do(add_concept, AddConcept(name="Home anyway"))
    do(items.move, items.Move("E3", -1))
    do(room.go_to, room.GoTo("promise"))
    do(room.start_step, room.StartStep())
    first = bundle.read(db)
    assert [row["id"] for row in first["concepts"]] == ["E1", "E3", "E2"]
    assert first["purposes"][0]["text"] == "👩\u200d🚒 “quoted” \\ <b>  line"
    assert again(first) == first


def test_the_schema_alone_with_a_title_is_a_workshop():
    data = {"schema": "throughline-workshop/1", "session": {"title": "Bare"}}
    first = again(data)
    assert again(first) == first
    assert (first["session"]["title"], first["purposes"], first["ratings"]["rows"]) == ("Bare", [], [])
    assert len([row for row in first["agenda"] if not row["is_break"]]) == 12


def test_rows_without_an_id_get_the_next_free_one():
    data = {
        "schema": bundle.SCHEMA,
        "session": {"title": "x"},
        "purposes": [{"level": "big", "text": "one"}, {"level": "small", "text": "two"}],
    }
    assert [row["id"] for row in again(data)["purposes"]] == ["P1", "P2"]


def test_requirements_may_stand_in_their_concept_or_in_a_list_of_their_own():
    data = little()
    needs = data["concepts"][0].pop("requirements")
    data["requirements"] = [{**need, "concept": "E2"} for need in needs]
    assert again(data)["concepts"] == again(LITTLE)["concepts"]


def test_a_reference_may_point_further_down_the_file():
    data = {
        "schema": bundle.SCHEMA,
        "session": {"title": "x"},
        "goals": [{"id": "B1", "kind": "business", "text": "g", "cpis": ["C1", "C2"]}],
        "metrics": [
            {"id": "C2", "kind": "cpi", "name": "two"},
            {"id": "C1", "kind": "cpi", "name": "one", "goal": "B1"},
        ],
    }
    found = again(data)
    assert (found["goals"][0]["cpis"], found["metrics"][1]["goal"]) == (["C1", "C2"], "B1")
    assert again(found) == found


def test_the_importers_own_data_is_left_as_it_was():
    data = little()
    bundle.load(data, "host", "Brought in")
    assert data == LITTLE


def test_a_whole_import_is_one_journalled_action(library):
    code = bundle.bring_in(write(library, bundle.to_json(LITTLE)), "host Ana", "my workshop.json")
    with store.open(code) as db:
        assert [(d.number, d.by, d.what, d.kind) for d in journal.list_journal(db)] == [
            (1, "host Ana", "Brought in my workshop.json", "start")
        ]
        journalled = db.execute("SELECT DISTINCT journal FROM change").fetchall()
        rows = {
            t: db.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0]
            for t in ("concept", "rating", "concept_principle", "agreement")
        }
        assert (journalled, rows) == ([(1,)], {"concept": 3, "rating": 4, "concept_principle": 2, "agreement": 1})
        for table, count in rows.items():
            assert db.execute('SELECT count(DISTINCT row) FROM change WHERE "table" = ?', [table]).fetchone() == (
                count,
            )
        with pytest.raises(NotFound):
            journal.undo(db, whose=None)


def test_the_same_bundle_may_come_in_twice_as_two_workshops():
    codes = [bundle.load(little(), "host", "Brought in") for _time in range(2)]
    assert len(set(codes)) == 2
    assert out(codes[0]) == out(codes[1])


def test_samples_are_found_by_their_names_only():
    assert samples.NAMES == ("bus", "grocery", "clinic")
    for name in ("lorry", "../bus", ""):
        with pytest.raises(NotFound, match="there are bus, grocery, clinic"):
            samples.load_sample(name, "host")


# What is no workshop


def write(library: Path, text: str | bytes, name: str = "given.json") -> Path:
    file = library.parent / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refused(library: Path, text: str | bytes) -> str:
    """The sentence with which a file is refused; nothing of it may be left."""
    keep = create(StartWorkshop(title="Was here before"), "host")
    listed, there = list_library(), sorted(path.name for path in library.iterdir())
    with pytest.raises(Refusal) as refusal:
        bundle.bring_in(write(library, text), "host")
    assert list_library() == listed
    assert sorted(path.name for path in library.iterdir()) == there == [f"was-here-before--{keep}.sqlite"]
    sentence = str(refusal.value)
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 250
    sentence.encode()
    return sentence


NEWER = (
    "This workshop was written by a newer Throughline than this one. Update Throughline to bring it in."
)
NOT_OURS = "schema: This is not a Throughline workshop: “schema” must be “throughline-workshop/1”."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This file is not JSON: line 1, column 1."),
        ("{", "This file is not JSON: line 1, column 2."),
        ('{"schema":\n x}', "This file is not JSON: line 2, column 2."),
        ("Dear all,", "This file is not JSON: line 1, column 1."),
        (
            b"PK\x03\x04 a spreadsheet \xff\xfe",
            "This file is a zip, whatever its name says; a workshop comes as .json or .sqlite.",
        ),
        ("{\"title\": \"caf\u00e9\"}".encode("latin-1"), "This file is not JSON: it is not text in UTF-8."),
        ("[]", NOT_OURS),
        ("null", NOT_OURS),
        ("7", NOT_OURS),
        ("{}", NOT_OURS),
        ('{"schema": "throughline-workshop/2", "session": {"title": "x"}}', NEWER),
        ('{"schema": "throughline-workshop/12"}', NEWER),
        ('{"schema": "throughline-workshop/0", "session": {"title": "x"}}', NOT_OURS),
        ('{"schema": "throughline-workshop/2\\n"}', NOT_OURS),
        ('{"schema": ["throughline-workshop/1"]}', NOT_OURS),
        ('{"schema": "a", "schema": "b"}', "This file cannot be read: the key “schema” is there twice."),
        ('{"a": NaN}', "This file cannot be read: NaN is not a number that a workshop can hold."),
        ('{"a": -Infinity}', "This file cannot be read: -Infinity is not a number that a workshop can hold."),
        ('{"a": 1e999}', "This file cannot be read: 1e999 is too large a number."),
        ('{"a": ' + "9" * 5000 + "}", "This file cannot be read: 99999999999999999999 is too large a number."),
        ("[" * 100_000, "This file is nested too deeply to be a workshop."),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "This file is nested too deeply to be a workshop."),
        (b"[" + b" " * 50_000_000 + b"]", "This file is too large: a workshop has at most 20 MB."),
        (b"SQLite format 3\0 but no more of it", "“given.json” is damaged and cannot be opened."),
    ],
    ids=lambda value: str(value[:40]),
)  # fmt: skip
def test_a_file_that_is_no_bundle_is_refused_in_one_sentence(library, text, sentence):
    assert refused(library, text) == sentence


@pytest.mark.parametrize("depth", [20, 300, *range(900, 1010, 10), 3_000, 20_000])
def test_nesting_of_any_depth_is_refused_wherever_it_stands(library, depth):
    for key in (
        '"purposes": [{"id": "P1", "level": "big", "text": %s}]',
        '"ratings": {"rows": [[%s, 1, 1, 1, 1, 1]]}',
        '"goal_links": [{"business": %s, "customer": "U1"}]',
        '"participants": [{"alias": "Ana", "stream": %s}]',
        '"expected_findings": %s',  # even where nobody looks
    ):
        text = (
            '{"schema": "throughline-workshop/1", "session": {"title": "x"}, ' + key % ("[" * depth + "]" * depth) + "}"
        )
        with pytest.raises(Rejected, match=r"^This file is nested too deeply to be a workshop\.$"):
            bundle.load(bundle.parse(text), "host", "Brought in")
    assert list(library.iterdir()) == []


def change_at(data: dict, path: tuple, value) -> dict:
    there = data
    for key in path[:-1]:
        there = there[key]
    there[path[-1]] = value
    return data


BROKEN = [
    (("session",), [], "session: “session” must be an object."),
    (("session",), {}, "session: Write something under “Title”."),
    (("session", "title"), "", "session: Write something under “Title”."),
    (("session", "title"), "x" * 5_000, "session: “Title” may have at most 200 characters, and this has 5,000."),
    (("session", "title"), 7, "session: “Title” must be text."),
    (("session", "customer_share"), 101, "session: “Customer share” must lie between 0 and 100."),
    (("session", "customer_share"), 10**300, "This file cannot be read: 1" + "0" * 19 + " is too large a number."),
    (("session", "date"), "12 March", "session: “Date” must be a date such as 2026-03-12."),
    (("session", "step"), "lunch", "session: This workshop has no step “lunch”."),
    (("session", "weather"), "fine", "session: “weather” is not known here."),
    (("fictional",), "yes", "session: “Fictional” must be yes or no."),
    (("wishes",), [], "“wishes” is not part of a workshop."),
    (("purposes",), {}, "purposes: “purposes” must be a list."),
    (("purposes",), None, "purposes: “purposes” must be a list."),
    (("purposes", 0), "P1", "purposes[0]: Each row must be an object."),
    (("purposes", 0, "level"), None, "purposes[0] (P3): Choose something under “Level”."),
    (("purposes", 0, "level"), "huge", "purposes[0] (P3): “Level” must be one of: big, medium, small."),
    (("purposes", 0, "text"), " \u200b", "purposes[0] (P3): Write something under “Purpose”."),
    (
        ("purposes", 1, "text"),
        "x" * 5_000,
        "purposes[1] (P1): “Purpose” may have at most 500 characters, and this has 5,000.",
    ),
    (("purposes", 0, "segment"), "G9", "purposes[0] (P3): “Who says it” names G9, and there is no such segment."),
    (("purposes", 0, "segment"), "P1", "purposes[0] (P3): “Who says it” names P1, and there is no such segment."),
    (("purposes", 0, "mood"), 1, "purposes[0] (P3): “mood” is not known here."),
    (("purposes", 1, "id"), "P3", "purposes[1] (P3): The ref P3 is used twice."),
    (("purposes", 1, "id"), 7, "purposes[1]: “7” is not a ref such as P3."),
    (("purposes", 1, "id"), "third", "purposes[1]: “third” is not a ref such as P3."),
    (("purposes", 1, "id"), "x" * 5_000, "purposes[1]: “" + "x" * 40 + "” is not a ref such as P3."),
    (("purposes", 1, "archived"), "no", "purposes[1] (P1): “archived” must be true or false."),
    (("values", 0, "keep_if_it_cost_us"), "maybe", "values[0] (V1): “Keep it if it cost us?” must be yes or no."),
    (("values", 1, "name"), "STRAIGHT", "values[1] (V2): There is already “STRAIGHT” (V1)."),
    (
        ("principles", 1, "is_lead"),
        True,
        "principles[1] (D1): There is a lead principle already, and there can be only one.",
    ),
    (("promises", 0, "purposes"), "P1", "promises[0] (PR1): “From which purposes” must be a list of items."),
    (
        ("promises", 0, "purposes"),
        ["P1", "P9"],
        "promises[0] (PR1): “From which purposes” names P9, and there is no such purpose.",
    ),
    (("metrics", 0, "weight"), "much", "metrics[0] (C1): “Weight” must be a number."),
    (("metrics", 0, "weight"), True, "metrics[0] (C1): “Weight” must be a number."),
    (("goal_links", 0, "customer"), "B1",
     "goal_links[0]: A goal cannot carry itself. Choose a goal of the company and one of its customers."),
    (("goal_links", 0), {"business": "B1"}, "goal_links[0]: Something is missing in this row."),
    (("goal_links", 0, "weight"), 1, "goal_links[0]: “weight” is not known here."),
    (
        ("cpi_kpi_links", 0, "strength"),
        "proof",
        "cpi_kpi_links[0]: “Strength” must be one of: hypothesis, correlation, experiment.",
    ),
    (("concepts", 0, "requirements"), {}, "concepts[0].requirements: “requirements” must be a list."),
    (("concepts", 0, "requirements", 1), "time", "concepts[0].requirements[1]: Each row must be an object."),
    (("agreements", 0, "value"), 7, "agreements[0]: “Value” must be a whole number −3 … 3, or empty, not 7."),
    (("agenda", 0, "slug"), "lunch", "agenda[0]: There is no step “lunch”."),
    (("agenda", 0, "minutes"), -1, "agenda[0]: “Minutes” must lie between 0 and 1,440."),
    (("agenda", 1, "slug"), "ranking", "agenda[1]: The step “ranking” is there twice."),
    (("participants", 0, "alias"), "", "participants[0]: Write something under “Name”."),
    (("participants", 1, "stream"), 2, "participants[1]: “stream” must be a whole number of its own, not 2."),
    (("participants", 1, "stream"), True, "participants[1]: “stream” must be a whole number of its own, not True."),
    (("participants", 1, "stream"), 10**30, "This file cannot be read: 1" + "0" * 19 + " is too large a number."),
    (("ratings",), [], "ratings: “ratings” must be an object."),
    (
        ("ratings", "columns"),
        ["value"],
        "ratings: “ratings” must have the columns stream, concept, metric, round, value, confidence.",
    ),
    (("ratings", "note"), "x", "ratings: “note” is not known here."),
    (("ratings", "rows", 0), [1, "E2"], "ratings.rows[0]: Each row must have 6 values."),
    (("ratings", "rows", 0, 0), 9, "ratings.rows[0]: No participant has the stream 9."),
    (("ratings", "rows", 0, 0), True, "ratings.rows[0]: No participant has the stream True."),
    (("ratings", "rows", 0, 1), "E7", "ratings.rows[0]: “concept” names 'E7', and there is no such concept."),
    (("ratings", "rows", 0, 2), "H1", "ratings.rows[0]: “metric” names 'H1', and there is no such metric."),
    (("ratings", "rows", 0, 3), 3, "ratings.rows[0]: “Round” must be 1 or 2, not 3."),
    (("ratings", "rows", 0, 4), 7, "ratings.rows[0]: “Value” must be a whole number −3 … 3, or empty, not 7."),
    (("ratings", "rows", 0, 4), "abc", "ratings.rows[0]: “Value” must be a whole number −3 … 3, or empty, not 'abc'."),
    (("ratings", "rows", 0, 4), True, "ratings.rows[0]: “Value” must be a whole number −3 … 3, or empty, not True."),
    (("ratings", "rows", 0, 4), 1.5, "ratings.rows[0]: “Value” must be a whole number −3 … 3, or empty, not 1.5."),
    (("ratings", "rows", 0, 5), 4, "ratings.rows[0]: “Confidence” must be a whole number 1 … 3, or empty, not 4."),
    (
        ("ratings", "rows", 1),
        [2, "E2", "C1", 1, 1, None],
        "ratings.rows[1]: This cell was rated twice by the same person in the same round.",
    ),
]


@pytest.mark.parametrize(("path", "value", "sentence"), BROKEN, ids=lambda value: str(value)[:60])
def test_a_bundle_with_one_fault_is_refused_with_its_place_and_nothing_is_stored(library, path, value, sentence):
    assert refused(library, json.dumps(change_at(little(), path, value))) == sentence


@pytest.mark.parametrize("nasty", ["\ud800", "\u202eevil", "line\nbreak", "k" * 5_000, "", "{name}"])
def test_no_key_and_no_ref_can_break_the_sentence_that_refuses_it(library, nasty):
    for path in (
        (nasty,),
        ("session", nasty),
        ("purposes", 0, nasty),
        ("goal_links", 0, nasty),
        ("participants", 0, nasty),
        ("agenda", 0, nasty),
        ("ratings", nasty),
    ):
        refused_quickly(library, change_at(little(), path, 1))
    for path in (
        ("purposes", 0, "id"),
        ("goal_links", 0, "business"),
        ("session", "step"),
        ("decisions", 0, "step"),
        ("agenda", 0, "slug"),
        ("ratings", "rows", 0, 1),
    ):
        refused_quickly(
            library, change_at(little(), path, nasty), allowed=path[0] == "decisions" and nasty in ("", "\ud800")
        )


def refused_quickly(library: Path, data: dict, *, allowed: bool = False) -> None:
    try:
        bundle.load(bundle.parse(json.dumps(data)), "host", "Brought in")
    except Refusal as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 250 and "\u202e" not in sentence
        sentence.encode()
        assert list(library.glob(".making*")) == []
    else:
        assert allowed, "this was to be refused"


def test_a_workshop_file_that_comes_as_a_bundle_is_recovered(code, library, tmp_path, monkeypatch):
    backup(code, tmp_path / "copy.json")
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "elsewhere"))
    assert bundle.bring_in(tmp_path / "copy.json", "host") == code
    (tmp_path / "noise.sqlite").write_bytes(b"SQLite format 3\0" + os.urandom(4000))
    with pytest.raises(Unreadable, match="^“upload.sqlite” is damaged and cannot be opened.$"):
        bundle.bring_in(tmp_path / "noise.sqlite", "host", "upload.sqlite")
    assert len(list_library()) == 1


# Any file at all


def places(data, path: tuple = ()) -> list[tuple]:
    """The path to every value of a bundle."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path + (key,) for key, _value in inside] + [
        p for key, value in inside for p in places(value, path + (key,))
    ]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-4, 8)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["P3", "E2", "C1", "", "2026-03-12", 10**400, -(10**30), "x" * 5_000, "\ud800", "archived", 1e300]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["id", "text"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(st.sampled_from(places(LITTLE)), json_values)
@example(("participants", 0, "stream"), 2**63)
@example(("goal_links", 0, "business"), {})
@example(("decisions", 0, "step"), [])
@example(("session", "customer_share"), 10**400)
@example(("metrics", 0, "target"), 10**30)
def test_a_bundle_changed_anywhere_either_comes_in_whole_or_is_refused(path, value):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as home:
        home.setenv("THROUGHLINE_HOME", folder)
        data = change_at(little(), path, value)
        try:
            code = bundle.load(bundle.parse(json.dumps(data)), "host", "Brought in")
        except Refusal as refusal:
            assert str(refusal).endswith(".")
            assert os.listdir(folder) == []
        else:
            first = out(code)
            assert again(first) == first
            assert not [name for name in os.listdir(folder) if not name.endswith(".sqlite")]


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.sampled_from(samples.NAMES))
def test_a_file_cut_or_scribbled_over_never_breaks_the_reader(seed, name):
    chance = random.Random(seed)
    raw = bytearray((samples.FOLDER / f"{name}.json").read_bytes()[: chance.randrange(1, 60_000)])
    for _scribble in range(chance.randrange(5)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    with pytest.raises(Rejected):
        bundle.parse(bytes(raw))
