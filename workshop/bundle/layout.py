"""Which keys a bundle has, and what stands under each (docs/file-format.md)."""

from functools import partial

from workshop import agenda, own_names, second_look
from workshop.activities import carried
from workshop.checks import findings
from workshop.entries import ENTRY
from workshop.step import Rows
from workshop.steps import AGENDA

SCHEMA = "throughline-workshop/1"
COLUMNS = ["stream", "concept", "metric", "round", "value", "confidence"]  # of the ratings

# the key of each noun and of each step's other rows, in the order of the agenda
NOUNS = {noun.plural: noun for noun in (ENTRY, *(noun for step in AGENDA for noun in step.nouns))}
# what was asked comes before the ratings, which are answers to it; the other answers after the people
ACTIVITIES = (
    Rows("activities", carried.CarryActivity, carried.list_carried, carried.carry_activity),
    Rows("pens", carried.CarryPen, carried.list_pens, carried.carry_pen),
)
ANSWERS = {
    key: Rows(key, record, partial(carried.list_answers, record=record), carried.carry_answer)
    for key, record in (
        ("written", carried.CarryWritten),
        ("votes", carried.CarryVote),
        ("shares", carried.CarryShare),
        ("pulses", carried.CarryPulse),
    )
}
TIME_SPENT = Rows("time_spent", agenda.SpendTime, agenda.list_time_spent, agenda.spend_time)
_OF_STEPS = (rows for step in AGENDA for rows in step.rows)
HOST_NOTES = Rows("host_notes", agenda.NoteForHosts, agenda.list_host_notes, agenda.note_for_hosts)
SECOND_LOOKS = Rows("second_looks", second_look.SecondLook, second_look.list_rows, second_look.second_look)
OWN_NAMES = Rows("own_names", own_names.NameNoun, own_names.list_own_names, own_names.name_noun)
ROWS = {
    rows.key: rows
    for rows in (*_OF_STEPS, *findings.ROWS, TIME_SPENT, SECOND_LOOKS, HOST_NOTES, OWN_NAMES, *ACTIVITIES)
}
OTHERS = {"schema", "fictional", "session", "participants", "agenda", "ratings", "expected_findings"}
