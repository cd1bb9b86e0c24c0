"""Search over one workshop and over all: what was written a moment ago is found, what was put away is not."""

import pytest

from tests.finished import finished
from workshop import entries, items, journal, search, store
from workshop.items import Archive
from workshop.problems import NotFound
from workshop.steps import create
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import StartWorkshop
from workshop.steps.purpose import AddPurpose, add_purpose


def act(code, handler, command):
    with store.open(code) as db:
        return journal.act(db, journal.HOST, handler, command, "{ref}")


def concepts(code):
    with store.open(code) as db:
        return items.list_items(db, "concept")


def found(words, code=None):
    return [(hit.code, hit.ref) for hit in search.search(words, code)]


def test_words_are_found_in_one_workshop_and_in_all(code):
    other = create(StartWorkshop(title="Bakery"), "host")
    act(code, add_purpose, AddPurpose(level="big", text="So that nobody waits in the rain."))
    act(other, add_concept, AddConcept(name="A roof", what_happens="Who waits stands in the dry, also when it rains."))
    assert set(found("rain waits")) == {(code, "P1"), (other, "E1")}
    assert found("rain waits", other) == [(other, "E1")]
    (hit,) = search.search("dry", other)
    assert (hit.title, hit.table, hit.step, hit.name) == ("Bakery", "concept", "concepts", "A roof")
    assert "stands in the dry" in hit.around
    assert found("bakery") == [(other, "")]


def test_what_was_written_since_is_found_and_what_was_put_away_is_not(code):
    assert found("umbrella") == []
    ref = act(code, add_concept, AddConcept(name="Umbrellas to lend"))
    assert found("umbrella") == [(code, ref)]
    act(code, items.edit, items.Edit(ref, 1, {"name": "Coats to lend"}))
    assert (found("umbrella"), found("coats")) == ([], [(code, ref)])
    act(code, items.archive, Archive(ref))
    assert found("coats") == []
    store.file_of(code).unlink()
    assert found("keeping our word") == []


def test_what_the_room_wrote_is_found_until_it_becomes_something_which_is_found_then(code):
    act(code, entries.add_entries, entries.AddEntries("concepts", "A bench for two"))
    assert found("bench") == [(code, "N1")]
    into_a_card = entries.TurnEntries(("N1",), lambda db, text: add_concept(db, AddConcept(name=text)))
    made = act(code, entries.turn, into_a_card)
    assert found("bench") == [(code, made)]


def test_around_the_words_no_sign_is_left_over(code):
    act(code, add_concept, AddConcept(name="A roof", what_happens="Who waits stands in the dry."))
    (hit,) = search.search("roof", code)
    assert hit.around == "Who waits stands in the dry."


def test_accents_capitals_and_signs_of_the_query_language_do_not_matter(code):
    ref = act(code, add_concept, AddConcept(name="Café à la gare"))
    for words in ("cafe", "CAFÉ gare", '"café" OR (', "caf*", "gare AND -"):
        expected = [] if "OR" in words or "AND" in words else [(code, ref)]
        assert found(words) == expected, words
    assert found("") == found(" … ") == []


def test_an_unknown_code_is_said_and_a_damaged_file_is_passed_over(code, library):
    with pytest.raises(NotFound, match="There is no workshop with the code “ABCDEFGH”"):
        search.search("rain", "ABCDEFGH")
    (library / "broken--23456789.sqlite").write_bytes(b"SQLite format 3\0 and no more")
    assert found("keeping our word") == [(code, "")]


def test_the_words_of_a_sample_lead_to_their_step():
    bus = finished("bus")
    named = {row["ref"]: row["name"] for row in concepts(bus)}
    best = search.search("truth board", bus)[0]
    assert (best.table, best.step, named[best.ref]) == ("concept", "concepts", "Truth board")
    assert len(search.search("the", bus)) == search.MOST
