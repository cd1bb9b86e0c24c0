"""When something upstream is changed, what hangs on it is marked until somebody confirms or edits it."""

import json

import pytest

from tests.finished import finished
from workshop import bundle, items, journal, second_look, store
from workshop.checks import findings
from workshop.checks.thread import read_whole
from workshop.items import Archive, Choose, Edit
from workshop.problems import Conflict
from workshop.second_look import Confirm
from workshop.steps import strategy
from workshop.steps.concepts import MergeConcepts, SplitConcept, merge_concepts, split_concept
from workshop.steps.promise import AddPromise, add_promise
from workshop.thread import tables_of
from workshop.thread.strands import list_strands
from workshop.thread.ways import list_ways


@pytest.fixture
def db():
    with store.open(finished("bus")) as opened:
        yield opened


def edited(db, ref: str, **changes) -> None:
    version = items.get_item(db, ref)["version"]
    journal.act(db, journal.HOST, items.edit, Edit(ref, version, changes), "Edited {ref}")


def marked(db) -> set[tuple[str, str]]:
    return {(ref, look["because"]) for ref, looks in second_look.list_second_looks(db).items() for look in looks}


def test_an_edited_purpose_marks_what_is_linked_to_it_and_nothing_else(db):
    was = items.get_item(db, "P6")["text"]
    linked = {row["ref"] for table in ("principle", "touchpoint", "goal", "concept", "promise")
              for row in items.list_items(db, table) if "P6" in row["purposes"]}  # fmt: skip
    linked |= {row["ref"] for row in items.list_items(db, "metric") if row["purpose"] == "P6"}
    gone = {row["ref"] for row in items.list_items(db, "concept") if row["status"] in ("parked", "rejected")}
    edited(db, "P6", text="How can I be sure that my frame fits?")
    assert marked(db) == {(ref, "P6") for ref in linked - gone}
    assert {"C4", "E5", "T4"} <= linked
    assert second_look.list_second_looks(db)["C4"] == [
        {"because": "P6", "label": "Purpose", "was": was, "now": "How can I be sure that my frame fits?"}
    ]


def test_what_is_no_word_of_it_marks_nothing(db):
    edited(db, "P6", evidence_note="Heard on three buses", ease_today=2)
    journal.act(db, journal.HOST, items.move, items.Move("P6", 1), "Moved {ref}")
    assert marked(db) == set()


def test_a_mark_goes_when_somebody_confirms_or_edits(db):
    edited(db, "V3", name="The slow ones first")
    before = marked(db)
    assert before == {(row["ref"], "V3") for row in items.list_items(db, "principle") if "V3" in row["values"]}
    ref = min(before)[0]
    journal.act(db, journal.HOST, second_look.confirm, Confirm((ref,)), "{ref} still holds")
    assert marked(db) == before - {(ref, "V3")}
    with pytest.raises(Conflict, match=f"{ref} was looked at already."):
        journal.act(db, journal.HOST, second_look.confirm, Confirm((ref,)), "{ref} still holds")
    journal.undo(db)
    assert marked(db) == before
    edited(db, ref, do_example="Wait until everybody sits")
    assert marked(db) == before - {(ref, "V3")}


def test_all_that_hangs_on_one_change_is_confirmed_at_once_and_undo_brings_all_marks_back(db):
    edited(db, "P6", text="How can I be sure that my frame fits?")
    edited(db, "V3", name="The slow ones first")
    before, revision = marked(db), store.revision(db)
    shown = tuple(sorted(ref for ref, because in before if because == "P6"))
    assert len(shown) > 3
    journal.act(db, journal.HOST, second_look.confirm, Confirm(shown[:1]), "{ref} still holds")  # somebody else
    done = journal.act(db, "host 2", second_look.confirm, Confirm(shown, "P6"), "What hangs on P6 still holds: {ref}")
    assert shown[0] not in done.split(", ") and shown[1] in done
    assert {because for _ref, because in marked(db)} == {"V3"}, "what hangs on another change is still to be looked at"
    assert store.revision(db) == revision + 2, "one action"
    with pytest.raises(Conflict, match="Somebody has looked at all of these already."):
        journal.act(db, journal.HOST, second_look.confirm, Confirm(shown, "P6"), "{ref} still holds")
    journal.undo(db, "host 2", whose="host 2")
    assert {ref for ref, because in marked(db) if because == "P6"} == set(shown[1:])


def test_a_principle_that_is_changed_in_turn_marks_its_concepts(db):
    edited(db, "D4", text="A seat for one even over room for two.")
    concepts = {row["ref"] for row in items.list_items(db, "concept") if "D4" in row["principles"]}
    assert {ref for ref, _because in marked(db) if ref[0] == "E"} == concepts


def test_a_changed_goal_marks_what_is_counted_for_it_and_the_goals_that_carry_it(db):
    edited(db, "B1", text="Fewer empty buses")
    kpis = {row["ref"] for row in items.list_items(db, "metric") if row["goal"] == "B1"}
    carrying = {one["customer"] for one in strategy.list_goal_links(db) if one["business"] == "B1"}
    assert marked(db) == {(ref, "B1") for ref in kpis | carrying}
    assert min(len(kpis), len(carrying)) > 0
    goal = next(row for row in items.list_items(db, "goal") if row["cpis"])
    edited(db, goal["ref"], text="Nobody waits in the dark")
    assert {ref for ref, because in marked(db) if because == goal["ref"]} == set(goal["cpis"])
    edited(db, "B2", due="2027-12-31")
    assert "B2" not in {because for _ref, because in marked(db)}


def test_marks_go_one_link_far_and_no_further(db):
    edited(db, "V3", name="The slow ones first")
    assert {ref[0] for ref, _because in marked(db)} == {"D"}


def test_another_promise_marks_every_answer_to_the_lead_question(db):
    promise = AddPromise(text="We tell you the truth about every bus", purposes=("P1",))
    ref = journal.act(db, journal.HOST, add_promise, promise, "Added {ref}")
    assert marked(db) == set()
    journal.act(db, journal.HOST, items.choose, Choose(ref), "Chose {ref}")
    answered = {row["ref"] for row in items.list_items(db, "concept")
                if row["keeps_promise"] and row["status"] not in ("parked", "rejected")}  # fmt: skip
    states = {row["ref"] for row in items.list_items(db, "touchpoint") if row["promise_state"] != "unknown"}
    assert marked(db) == {(one, ref) for one in answered | states}


def test_words_that_are_put_back_need_no_second_look(db):
    was = items.get_item(db, "P6")["text"]
    edited(db, "P6", text="Something else")
    edited(db, "P6", text="And something else again")
    assert second_look.list_second_looks(db)["C4"][0]["was"] == was
    edited(db, "P6", text=was)
    assert marked(db) == set()


def test_undo_takes_the_marks_back_with_the_edit(db):
    edited(db, "P6", text="Something else")
    journal.undo(db)
    assert marked(db) == set()


def test_an_item_that_was_put_away_is_not_asked_about(db):
    edited(db, "P6", text="Something else")
    journal.act(db, journal.HOST, items.archive, Archive("E5"), "Put {ref} away")
    assert "E5" not in {ref for ref, _because in marked(db)}


def test_a_card_merged_in_the_middle_of_a_thread_leaves_it_whole_and_is_asked_nothing(db):
    journal.act(db, journal.HOST, merge_concepts, MergeConcepts("E5", "E8"), "Merged into {ref}")
    whole = read_whole(db)
    way = next(one for one in list_ways(whole) if one.purpose["ref"] == "P6")
    assert (way.at("concept").row["ref"], "E5" in way.refs) == ("E8", False)
    assert "E5" not in {ref for strand in list_strands(tables_of(whole)) for ref in strand}
    edited(db, "P6", text="Something else")
    asked = {ref for ref, _because in marked(db)}
    assert ("E8" in asked, "E5" in asked) == (True, False)


def test_marks_go_out_and_in_with_the_bundle(db):
    edited(db, "P6", text="Something else")
    code = bundle.load(bundle.parse(bundle.to_json(bundle.read(db))), journal.HOST, "Brought in")
    with store.open(code) as again:
        assert marked(again) == marked(db) != set()


def test_a_mark_about_nothing_is_refused_with_its_place(db):
    data = json.loads(bundle.to_json(bundle.read(db)))
    data["second_looks"] = [{"ref": "E99", "because": "P6", "field": "text", "was": ""}]
    with pytest.raises(Exception, match="E99"):
        bundle.load(data, journal.HOST, "Brought in")


def test_earlier_words_of_the_promise_are_kept_with_their_date(db):
    first = items.get_item(db, "PR1")["text"]
    edited(db, "PR1", text="We get you there")
    edited(db, "PR1", text="We get you there, or pay")
    versions = second_look.list_versions(db, "PR1")
    assert [one["text"] for one in versions] == ["We get you there", first]
    assert versions[0]["until"] >= versions[1]["until"] > "2026"


def test_what_was_put_away_is_told_wherever_it_is_still_named_until_somebody_lets_go_of_it(db):
    for ref in ("T4", "P6", "D3", "C4"):
        journal.act(db, journal.HOST, items.archive, Archive(ref), "Put {ref} away")
    left = second_look.list_left_hanging(db)
    for table, link, gone in (("concept", "touchpoints", "T4"), ("concept", "purposes", "P6"), ("goal", "cpis", "C4"),
                              ("concept", "principles", "D3"), ("touchpoint", "purposes", "P6")):  # fmt: skip
        named = {row["ref"] for row in items.list_items(db, table) if gone in row[link]}
        assert named and named <= left.keys() and all(gone in left[ref] for ref in named), (table, link)
    assert "T4" not in left, "what lies away itself is asked nothing"
    (ref, *_others) = [row["ref"] for row in items.list_items(db, "concept") if "T4" in row["touchpoints"]]
    kept = [one for one in items.get_item(db, ref)["touchpoints"] if one != "T4"]
    journal.act(db, journal.HOST, second_look.let_go, second_look.LetGo(ref), "Took off {ref}")
    assert items.get_item(db, ref)["touchpoints"] == kept
    assert ref not in second_look.list_left_hanging(db)
    journal.undo(db)
    assert "T4" in items.get_item(db, ref)["touchpoints"]


def test_what_a_metric_proves_is_let_go_of_too_and_what_is_brought_back_is_told_no_more(db):
    purpose = items.get_item(db, "C4")["purpose"]
    journal.act(db, journal.HOST, items.archive, Archive(purpose), "Put {ref} away")
    assert second_look.list_left_hanging(db)["C4"] == [purpose]
    journal.act(db, journal.HOST, items.bring_back, items.BringBack(purpose), "Brought {ref} back")
    assert second_look.list_left_hanging(db) == {}
    with pytest.raises(Conflict, match="C4 names nothing that was put away."):
        second_look.let_go(db, second_look.LetGo("C4"))
    journal.act(db, journal.HOST, items.archive, Archive(purpose), "Put {ref} away")
    journal.act(db, journal.HOST, second_look.let_go, second_look.LetGo("C4"), "Took off {ref}")
    assert items.get_item(db, "C4")["purpose"] is None


def test_where_a_card_came_from_is_nothing_to_let_go_of(db):
    made = journal.act(db, journal.HOST, split_concept, SplitConcept("E1", "Another board"), "Split off {ref}")
    journal.act(db, journal.HOST, items.archive, Archive("E1"), "Put {ref} away")
    assert made not in second_look.list_left_hanging(db)


def test_a_goal_and_a_figure_tell_that_what_they_were_joined_with_was_put_away(db):
    joined = strategy.list_goal_links(db)
    (business,) = {link["business"] for link in joined if link["customer"] == "U3"}
    journal.act(db, journal.HOST, items.archive, Archive("U3"), "Put {ref} away")
    journal.act(db, journal.HOST, items.archive, Archive("K1"), "Put {ref} away")
    left = second_look.list_left_hanging(db)
    assert left[business] == ["U3"]
    assert {ref for ref, gone in left.items() if "K1" in gone} >= {"C4"}
    told = str(strategy.STEP.chapters[8](db)) + str(strategy.STEP.chapters[9](db))
    assert "→ U3" not in told and "→ K1" not in told, "the summary names nothing that it does not hold"
    journal.act(db, journal.HOST, second_look.let_go, second_look.LetGo(business), "Took off {ref}")
    assert [link for link in joined if link not in strategy.list_goal_links(db)] == [
        link for link in joined if link["customer"] == "U3"
    ], "what else it is joined with stays"
    journal.undo(db)
    assert strategy.list_goal_links(db) == joined


def test_a_goal_joined_only_with_what_was_put_away_is_not_joined(db):
    def unjoined() -> set[str]:
        return {one.finding.ref for one in findings.list_findings(db) if one.finding.rule == "THR-GOAL-LINK"}

    assert unjoined() == set()
    journal.act(db, journal.HOST, items.archive, Archive("U3"), "Put {ref} away")
    (business,) = {link["business"] for link in strategy.list_goal_links(db) if link["customer"] == "U3"}
    assert unjoined() == {business}
