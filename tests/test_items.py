"""What every item can do, everywhere the same way: be added, edited, moved, archived, brought back, chosen."""

import pytest

from workshop import items, journal
from workshop.problems import Conflict, NotFound, Problem, Rejected
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.ideas import AddIdea, add_idea
from workshop.steps.prepare import AddBrand, AddSegment, add_brand, add_segment
from workshop.steps.promise import AddPromise, add_promise
from workshop.steps.purpose import AddPurpose, add_purpose
from workshop.steps.strategy import AddMetric, add_metric


def small(text: str, **more) -> AddPurpose:
    return AddPurpose(level="small", text=text, **more)


def order(db, table: str) -> list[str]:
    return [row["ref"] for row in items.list_items(db, table)]


def refused(do, handler, command) -> tuple[Problem, ...]:
    with pytest.raises(Rejected) as refusal:
        do(handler, command)
    return refusal.value.problems


# Refs


def test_each_kind_counts_its_own_refs_and_a_metric_is_called_by_what_it_counts(do):
    told = [
        do(add_purpose, small("I want to be told")),
        do(add_purpose, small("I want to be heard")),
        do(add_promise, AddPromise(text="It comes")),
        do(add_concept, AddConcept(name="Truth board")),
        do(add_metric, AddMetric(kind="cpi", name="Told")),
        do(add_metric, AddMetric(kind="kpi", name="Paid")),
        do(add_metric, AddMetric(kind="nps", name="Would say so")),
        do(add_metric, AddMetric(kind="cpi", name="On time")),
        do(add_segment, AddSegment(name="Commuters")),
        do(add_brand, AddBrand(name="Tarnwick")),
    ]
    assert told == ["P1", "P2", "PR1", "E1", "C1", "K1", "H1", "C2", "G1", "BR1"]


def test_a_ref_is_never_used_again(db, do):
    do(add_purpose, small("one"))
    do(items.archive, items.Archive("P1"))
    assert do(add_purpose, small("two")) == "P2"
    journal.undo(db)
    assert do(add_purpose, small("three")) == "P3", "P2 was said aloud, and stays what it was"
    assert order(db, "purpose") == ["P3"]
    with pytest.raises(NotFound) as gone:
        items.get_item(db, "P2")
    assert str(gone.value) == "P2 is no longer there."


def test_a_refused_item_uses_no_ref(do):
    refused(do, add_purpose, small(""))
    assert do(add_purpose, small("one")) == "P1"


@pytest.mark.parametrize("ref", ["P9", "X1", "", "p1", "'; DROP TABLE purpose; --", None, 7, "P1\n"])
def test_what_is_not_there_is_not_found(db, do, ref):
    do(add_purpose, small("one"))
    with pytest.raises(NotFound) as refusal:
        do(items.edit, items.Edit(ref, 1, {"text": "two"}))
    assert str(refusal.value) == f"There is no item {str(ref).strip()} in this workshop."
    assert items.get_item(db, "P1")["text"] == "one"


# Adding and editing


def test_an_item_is_stored_whole_with_its_links_in_their_order(db, do):
    for number in range(3):
        do(add_purpose, small(f"I want {number}"))
    do(
        add_concept,
        AddConcept(name="Truth board", what_happens="A rider\nlooks up.", purposes=("P3", "P1"), keeps_promise="yes"),
    )
    row = items.get_item(db, "E1")
    filled = {name: value for name, value in row.items() if value not in ("", None)}
    assert filled == {
        "id": 1, "ref": "E1", "version": 1, "position": 1, "name": "Truth board", "what_happens": "A rider\nlooks up.",
        "keeps_promise": "yes", "status": "candidate", "purposes": ["P3", "P1"], "principles": [], "touchpoints": [],
        "tags": [],
    }  # fmt: skip
    assert items.list_items(db, "concept") == [items.get_item(db, "E1")]
    do(items.edit, items.Edit("E1", 1, {"purposes": ["P2", "P3"], "hmw": "How might we?"}))
    row = items.get_item(db, "E1")
    assert (row["purposes"], row["hmw"], row["version"], row["name"]) == (
        ["P2", "P3"],
        "How might we?",
        2,
        "Truth board",
    )


def test_saving_without_a_change_changes_nothing(db, do):
    do(add_purpose, small("one"))
    do(add_promise, AddPromise(text="It comes", purposes=("P1",)))
    before = items.get_item(db, "PR1")
    do(items.edit, items.Edit("PR1", 1, {"text": " It comes ", "purposes": ["P1"], "kind": None, "kept_when": ""}))
    assert items.get_item(db, "PR1") == before


@pytest.mark.parametrize(
    ("handler", "command", "problem"),
    [
        (add_purpose, small(""), Problem("text", "Write something under “Purpose”.")),
        (add_purpose, small(" \u200b "), Problem("text", "Write something under “Purpose”.")),
        (add_purpose, AddPurpose(text="no level"), Problem("level", "Choose something under “Level”.")),
        (
            add_purpose,
            AddPurpose(level="huge", text="x"),
            Problem("level", "“Level” must be one of: big, medium, small."),
        ),
        (
            add_purpose,
            small("x" * 5_000),
            Problem("text", "“Purpose” may have at most 500 characters, and this has 5,000."),
        ),
        (
            add_concept,
            AddConcept(name="x" * 201),
            Problem("name", "“Name” may have at most 200 characters, and this has 201."),
        ),
        (
            add_purpose,
            small("x", segment="G7"),
            Problem("segment", "“Who says it” names G7, and there is no such segment."),
        ),
        (
            add_purpose,
            small("x", segment="PR1"),
            Problem("segment", "“Who says it” names PR1, and there is no such segment."),
        ),
        (
            add_concept,
            AddConcept(name="x", purposes=("P1",)),
            Problem("purposes", "“For which purposes” names P1, and there is no such purpose."),
        ),
        (
            add_metric,
            AddMetric(kind="cpi", name="x", weight=101),
            Problem("weight", "“Weight” must lie between 0 and 100."),
        ),
    ],
)
def test_what_cannot_be_stored_is_refused_beside_its_field(db, do, handler, command, problem):
    do(add_promise, AddPromise(text="It comes"))
    before = journal.list_journal(db)
    assert refused(do, handler, command) == (problem,)
    assert journal.list_journal(db) == before
    assert [order(db, table) for table in ("purpose", "concept", "metric")] == [[], [], []]


def test_the_pure_check_finds_what_the_handler_would_refuse():
    assert items.problems(AddPurpose, small("")) == [Problem("text", "Write something under “Purpose”.")]
    assert items.problems(AddPurpose, small("one")) == []


@pytest.mark.parametrize("again", ["Truth board", "TRUTH BOARD", "  truth\n board ", "Truth\u200b board"])
def test_a_name_that_is_taken_is_refused_with_the_one_that_has_it(db, do, again):
    do(add_concept, AddConcept(name="Truth board"))
    [problem] = refused(do, add_concept, AddConcept(name=again))
    assert problem == Problem("name", f"There is already “{' '.join(again.replace(chr(0x200B), '').split())}” (E1).")
    do(add_concept, AddConcept(name="Home anyway"))
    assert refused(do, items.edit, items.Edit("E2", 1, {"name": again}))[0].field == "name"
    assert [row["name"] for row in items.list_items(db, "concept")] == ["Truth board", "Home anyway"]


def test_a_name_is_taken_in_every_script(db, do):
    do(add_concept, AddConcept(name="Écoute d’abord"))
    assert refused(do, add_concept, AddConcept(name="écoute d’abord")) == (
        Problem("name", "There is already “écoute d’abord” (E1)."),
    )


def test_an_item_may_keep_its_own_name_and_take_that_of_an_archived_one(db, do):
    do(add_concept, AddConcept(name="Truth board"))
    do(items.edit, items.Edit("E1", 1, {"name": "Truth board", "hmw": "How?"}))
    do(items.archive, items.Archive("E1"))
    assert do(add_concept, AddConcept(name="Truth board")) == "E2"
    assert refused(do, items.bring_back, items.BringBack("E1")) == (
        Problem("name", "There is already “Truth board” (E2)."),
    )
    assert order(db, "concept") == ["E2"]


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d🚒 puts it out",
        "می\u200cخواهم",
        "<script>alert(1)</script>",
        "'; DROP TABLE purpose; --",
        "{ref} 100 % \\n",
        "“quoted” and “even”",
    ],
)
def test_people_get_back_what_they_wrote(db, do, text):
    do(add_purpose, small(text))
    assert items.get_item(db, "P1")["text"] == text


# Two editors


def test_of_two_editors_the_second_is_told_and_nothing_is_overwritten(db, do):
    do(add_purpose, small("I want to be told", emotion_if_met="calm"))
    do(items.edit, items.Edit("P1", 1, {"text": "I want to be told early"}), by="host Ana")
    with pytest.raises(Conflict) as refusal:
        do(
            items.edit,
            items.Edit("P1", 1, {"text": "I want to be told always", "emotion_if_met": "calm"}),
            by="host Ben",
        )
    told = refusal.value
    assert str(told) == "P1 was changed by somebody else in the meantime. Nothing was overwritten."
    assert (told.ref, told.theirs["text"], told.mine["text"]) == (
        "P1",
        "I want to be told early",
        "I want to be told always",
    )
    assert told.theirs == items.get_item(db, "P1")
    assert told.mine == told.theirs | {"text": "I want to be told always"}
    assert [done.what for done in journal.list_journal(db, 1)] == ["Edit P1"]
    do(items.edit, items.Edit("P1", told.theirs["version"], {"text": told.mine["text"]}), by="host Ben")
    assert items.get_item(db, "P1")["text"] == "I want to be told always"


def test_when_both_wrote_the_same_nobody_is_told_anything(db, do):
    do(add_purpose, small("I want to be told"))
    do(items.edit, items.Edit("P1", 1, {"text": "early"}))
    assert do(items.edit, items.Edit("P1", 1, {"text": "early"}), by="host Ben") == "P1"
    assert items.get_item(db, "P1")["version"] == 2


# Order


def test_items_move_among_their_neighbours_and_not_beyond_the_end(db, do):
    for number in range(3):
        do(add_purpose, small(f"small {number}"))
        do(add_purpose, AddPurpose(level="big", text=f"big {number}"))

    def small_ones() -> list[str]:
        return [row["ref"] for row in items.list_items(db, "purpose") if row["level"] == "small"]

    assert small_ones() == ["P1", "P3", "P5"]
    do(items.move, items.Move("P5", -1))
    assert small_ones() == ["P1", "P5", "P3"]
    do(items.move, items.Move("P1", 1))
    assert small_ones() == ["P5", "P1", "P3"]
    before = items.list_items(db, "purpose")
    do(items.move, items.Move("P5", -1))
    do(items.move, items.Move("P3", 1))
    assert items.list_items(db, "purpose") == before
    assert [row["ref"] for row in before if row["level"] == "big"] == ["P2", "P4", "P6"]
    assert sorted(row["position"] for row in before) == [1, 2, 3, 4, 5, 6]


def test_archived_items_are_stepped_over_and_come_back_to_their_place(db, do):
    for number in range(3):
        do(add_idea, AddIdea(text=f"idea {number}"))
    do(items.archive, items.Archive("I2"))
    assert (order(db, "idea"), [r["ref"] for r in items.list_items(db, "idea", archived=True)]) == (
        ["I1", "I3"],
        ["I2"],
    )
    do(items.move, items.Move("I3", -1))
    assert order(db, "idea") == ["I3", "I1"]
    do(items.bring_back, items.BringBack("I2"))
    assert order(db, "idea") == ["I3", "I2", "I1"]
    assert items.list_items(db, "idea", archived=True) == []


def test_archiving_twice_and_bringing_back_what_is_there_change_nothing(db, do):
    do(add_idea, AddIdea(text="one"))
    do(items.bring_back, items.BringBack("I1"))
    assert items.get_item(db, "I1")["version"] == 1
    do(items.archive, items.Archive("I1"))
    archived = items.get_item(db, "I1")
    do(items.archive, items.Archive("I1"))
    assert items.get_item(db, "I1") == archived


def test_an_archived_item_is_still_what_others_point_to(db, do):
    do(add_purpose, small("one"))
    do(add_concept, AddConcept(name="Truth board", purposes=("P1",)))
    do(items.archive, items.Archive("P1"))
    assert items.get_item(db, "E1")["purposes"] == ["P1"]
    assert items.get_item(db, "P1")["archived_at"] is not None


# Choosing


def statuses(db, table: str) -> dict[str, str]:
    return {row["ref"]: row["status"] for row in items.list_items(db, table)}


def test_one_purpose_is_chosen_per_level_and_brand_and_as_many_small_ones_as_it_takes(db, do):
    do(add_brand, AddBrand(name="Tarnwick"))
    for level, brand in (
        ("big", None),
        ("big", None),
        ("big", "BR1"),
        ("medium", None),
        ("small", None),
        ("small", None),
    ):
        do(add_purpose, AddPurpose(level=level, text=f"{level} {brand}", brand=brand))
    for ref in ("P1", "P3", "P4", "P5", "P6", "P2"):
        do(items.choose, items.Choose(ref))
    assert statuses(db, "purpose") == {
        "P1": "candidate", "P2": "chosen", "P3": "chosen", "P4": "chosen", "P5": "chosen", "P6": "chosen",
    }  # fmt: skip


def test_one_promise_is_chosen_and_several_concepts(db, do):
    for number in range(2):
        do(add_promise, AddPromise(text=f"promise {number}"))
        do(add_concept, AddConcept(name=f"concept {number}"))
    for ref in ("PR1", "PR2", "E1", "E2"):
        do(items.choose, items.Choose(ref))
    assert statuses(db, "promise") == {"PR1": "candidate", "PR2": "chosen"}
    assert statuses(db, "concept") == {"E1": "selected", "E2": "selected"}


def test_a_status_that_there_is_not_is_refused(db, do):
    do(add_promise, AddPromise(text="It comes"))
    assert refused(do, items.set_status, items.SetStatus("PR1", "parked")) == (
        Problem("status", "“Status” must be one of: candidate, chosen, retired."),
    )
    assert statuses(db, "promise") == {"PR1": "candidate"}


def test_purposes_that_would_be_the_same_as_one_another_in_a_circle_are_refused(db, do):
    for text in ("I want a seat", "I need a place", "Can you keep one for me?"):
        do(add_purpose, AddPurpose(level="small", text=text))
    same = [("P1", "P2"), ("P2", "P3")]
    for ref, other in same:
        do(items.edit, items.Edit(ref, 1, {"same_as": other}))
    with pytest.raises(Rejected) as refused:
        do(items.edit, items.Edit("P3", 1, {"same_as": "P1"}))
    assert str(refused.value) == (
        "P3, P1, P2 would be the same as one another in a circle. Leave “Same as” empty at one of them."
    )
    with pytest.raises(Rejected, match="P3 would be the same as itself. Choose another one"):
        do(items.edit, items.Edit("P3", 1, {"same_as": "P3"}))
    assert [(row["ref"], row["same_as"]) for row in items.list_items(db, "purpose")] == [*same, ("P3", None)]
