"""How long a workshop is: the modes of the method with their breaks, chosen at the start and changed later."""

from datetime import datetime

import pytest

from workshop import agenda, bundle, journal, modes, room, run_sheet, store
from workshop.document import Bullets, Heading, Paragraph, Table
from workshop.problems import NotFound, Rejected
from workshop.steps import AGENDA, change_mode, create, prepare
from workshop.steps.prepare import StartWorkshop


def minutes(db):
    return {row["slug"]: row["minutes"] for row in agenda.list_agenda(db) if row["minutes"]}


def breaks(db):
    """(title, minutes, the step before it) of each break."""
    plan = agenda.list_plan(db)
    pairs = zip(plan, plan[1:], strict=False)
    return [(row["title"], row["minutes"], before["slug"]) for before, row in pairs if row["is_break"]]


@pytest.mark.parametrize(
    ("mode", "live", "pauses"),
    [
        # METHOD.md §3: 490 and 10 + 45; 260 + 230; 350 and 10; 150; 150
        ("full", [490], [("Break", 10, "principles"), ("Lunch", 45, "touchpoints")]),
        ("half_days", [260, 230], [("Break", 10, "principles"), ("Until the second half-day", 0, "strategy")]),
        ("one_day", [350], [("Break", 10, "touchpoints")]),
        ("short", [150], []),
        ("core", [150], []),
    ],
)
def test_each_mode_has_the_minutes_and_breaks_of_the_method(mode, live, pauses):
    with store.open(create(StartWorkshop(title="Ours", mode=mode), "host")) as db:
        _before, parts = run_sheet.parts_of(agenda.list_plan(db))
        assert [sum(row["minutes"] for row in part if not row["is_break"]) for part in parts] == live
        assert breaks(db) == pauses


def test_a_shorter_mode_prepares_steps_by_link_and_leaves_only_the_cores_others_out(db, do):
    everything = [step.slug for step in AGENDA]
    assert do(change_mode, modes.ChangeMode("short")) == "2½ hours, much of it prepared"
    assert [row["slug"] for row in agenda.list_agenda(db)] == everything
    assert set(minutes(db)) == {"promise", "reverse", "concepts", "ranking", "requirements", "commitment"}
    do(change_mode, modes.ChangeMode("core"))
    assert minutes(db) == modes.MODES["core"].minutes
    assert prepare.get_workshop(db)["mode"] == "core"


def test_changing_the_mode_keeps_words_and_order_and_undo_brings_minutes_and_breaks_back(db, do):
    do(agenda.edit_step, agenda.EditStep("promise", title="Brand promise", minutes=50))
    do(agenda.move_step, agenda.MoveStep("ranking", -1))
    before = agenda.list_every_row(db)
    do(change_mode, modes.ChangeMode("one_day"))
    order = [row["slug"] for row in agenda.list_agenda(db)]
    assert order.index("ranking") < order.index("concepts")
    titles = {row["slug"]: row["title"] for row in agenda.list_agenda(db)}
    assert (titles["promise"], minutes(db)["promise"]) == ("Brand promise", 35)
    journal.undo(db)
    assert agenda.list_every_row(db) == before
    assert prepare.get_workshop(db)["mode"] == "full"


def test_a_mode_does_not_take_the_step_away_that_the_room_is_at(db, do):
    do(room.go_to, room.GoTo("reverse"))
    before = agenda.list_every_row(db)
    with pytest.raises(Rejected) as refused:
        do(change_mode, modes.ChangeMode("core"))
    assert str(refused.value) == "The room is at Reverse now. Go to another step first."
    with pytest.raises(Rejected, match="must be one of: full, half_days, one_day, short, core"):
        do(change_mode, modes.ChangeMode("week"))
    assert agenda.list_every_row(db) == before


def test_breaks_are_added_moved_reworded_and_left_out_as_steps_are(db, do):
    do(modes.add_break, modes.AddBreak("concepts", 15))
    assert ("Break", 15, "concepts") in breaks(db)
    do(agenda.edit_step, agenda.EditStep("break-3", title="Coffee on the terrace", minutes=20))
    do(agenda.move_step, agenda.MoveStep("break-3", 1))
    assert ("Coffee on the terrace", 20, "ranking") in breaks(db)
    do(agenda.drop_step, agenda.DropStep("break-3"))
    assert len(breaks(db)) == 2
    with pytest.raises(NotFound, match="There is no step “lunch”"):
        do(modes.add_break, modes.AddBreak("lunch"))


def test_a_break_is_taken_and_the_room_cannot_go_to_it_as_to_a_step(db, do):
    do(room.go_to, room.GoTo("principles"))
    do(room.start_step, room.StartStep())
    assert do(modes.take_break, modes.TakeBreak("break-2")) == "Lunch"
    now = room.get_room(db)
    datetime.strptime(now["back_at"], "%H:%M")
    assert (now["step"], now["held_at"] is not None) == ("principles", True)
    with pytest.raises(NotFound):
        do(room.go_to, room.GoTo("break-2"))
    with pytest.raises(NotFound, match="no such break"):
        do(modes.take_break, modes.TakeBreak("principles"))


def test_breaks_travel_with_the_bundle(db, do):
    do(modes.add_break, modes.AddBreak("concepts", 15))
    do(agenda.drop_step, agenda.DropStep("break-1"))
    data = bundle.read(db)
    with store.open(bundle.load(data, "host", "Brought in")) as again:
        assert bundle.read(again)["agenda"] == data["agenda"]
    data["agenda"][0]["is_break"] = True
    with pytest.raises(Rejected, match=r"agenda\[0\]: A break is called break-1, break-2 …, not “prepare”"):
        bundle.load(data, "host", "Brought in")


def test_the_run_sheet_tells_the_hours_of_both_half_days(db, do):
    do(change_mode, modes.ChangeMode("half_days"))
    sheet = run_sheet.document(db, "13:30")
    headings = [block.text for block in sheet.blocks if isinstance(block, Heading)]
    assert headings == ["Before the day", "Part 1", "Part 2"]
    assert [block.items for block in sheet.blocks if isinstance(block, Bullets)] == [
        ["Prepare: What would we like to answer?"]
    ]
    first, second = (block for block in sheet.blocks if isinstance(block, Table))
    assert [(row[0], row[1]) for row in first.rows] == [
        ("13:30", "Opening"), ("13:45", "Purpose"), ("15:05", "Promise"), ("15:40", "Principles"), ("16:25", "Break"),
        ("16:35", "Reverse"), ("17:05", "Strategy"), ("18:00", "End"),
    ]  # fmt: skip
    assert (second.rows[0][0], second.rows[-1][0]) == ("13:30", "17:20")
    assert "Silent writing 6 min" in first.rows[2][4]
    with pytest.raises(Rejected, match="“half past” is not a time such as 09:00"):
        run_sheet.document(db, "half past")


def test_a_run_sheet_does_not_say_its_title_twice():
    question = "What would it take for a parcel to come when we said?"
    for title, leads in ((question, []), ("Parcels", [question])):
        with store.open(create(StartWorkshop(title=title, scope_question=question), "host")) as db:
            blocks = run_sheet.document(db).blocks
        assert [one.text for one in blocks if isinstance(one, Paragraph) and one.style == "lead"] == leads
