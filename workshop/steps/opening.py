"""Step 1: an honest start. Does everybody know our purpose, and believe it? Asked again at the close."""

from typing import Any

from sqlite_utils import Database

from workshop.activities import Offer, Results, get_results, list_activities
from workshop.document import Bullets, Heading, Paragraph, Table
from workshop.remembered import until_next_action
from workshop.step import Step
from workshop.words import N_, _

LOW = 5  # of 10: below that belief is something to act upon
ANSWERS = {"yes": N_("yes"), "partly": N_("partly"), "no": N_("no"), "unknown": N_("I don’t know"),
           "kept": N_("kept"), "broken": N_("broken")}  # fmt: skip
SEVERAL = "several"  # as results.py calls the groups that are too small to be shown alone
# the same words both times, so that before and after can stand side by side
BELIEF = Offer(
    "pulse", N_("Do you believe it?"), 2, N_("Do you believe in our purpose, 0 to 10?"), lambda db: {"scale": "number"}
)


@until_next_action
def list_pulses(db: Database, step: str) -> list[Results]:
    """What came out of the questions that were asked at a step and revealed."""
    asked = [one["id"] for one in list_activities(db, step) if one["kind"] == "pulse"]
    return [found for number in asked if (found := get_results(db, number))]


def compare_belief(db: Database) -> tuple[float | None, float | None]:
    """The mean belief of the room, 0–10, at the opening and at the close; None where it was not asked."""

    def last(step: str) -> float | None:
        means = [one.rows[0]["mean"] for one in list_pulses(db, step) if one.activity["settings"]["scale"] == "number"]
        return means[-1] if means else None

    return last("opening"), last("commitment")


def said_of(row: dict[str, Any]) -> str:
    """The answers to a question, or of one role group, in words: “7 yes, 2 I don’t know”, or mean and spread. Pure."""
    counts = {answer: count for answer, count in row["counts"].items() if count}
    given = []
    if row["mean"] is not None:
        numbers = [int(answer) for answer in counts if answer.isdigit()]
        low, high = min(numbers), max(numbers)
        given = [_("{mean} of 10, from {low} to {high}").format(mean=row["mean"], low=low, high=high)]
        counts = {answer: count for answer, count in counts.items() if not answer.isdigit()}
    return ", ".join([*given, *(f"{count} {_(ANSWERS.get(answer, answer))}" for answer, count in counts.items())])


def list_groups(row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(name, answers) of each role group that is large enough to be shown, and of the smaller ones together. Pure.

    A group that is everybody says nothing that was not said of all.
    """
    return [
        (_("smaller groups") if group == SEVERAL else _(group), part)
        for group, part in row["groups"].items()
        if part["answered"] < row["answered"]
    ]


def pulse_tables(db: Database, step: str, when: str) -> list:
    """Each question with its answers, whole and by role group, as blocks of the summary; `when` it was answered."""
    blocks: list = []
    for found in list_pulses(db, step):
        rows = [
            [name, str(part["answered"]), said_of(part)]
            for row in found.rows
            for name, part in ((row["text"] if row["ref"] else _("everybody"), row), *list_groups(row))
            if part["counts"]
        ]
        words = [text for row in found.rows for text in row["words"]]
        asked = f"{found.activity['prompt']} ({when})"
        if rows:
            blocks.append(Table([_("Who"), _("Answers"), _("What they say")], rows, asked))
        elif words:
            blocks.append(Heading(asked, 3))
        if words:
            blocks.append(Bullets(words))
    return blocks


def section(db: Database) -> list:
    blocks, (before, after) = pulse_tables(db, "opening", _("at the opening")), compare_belief(db)
    if before is not None and after is not None:
        changed = _("Belief, 0 to 10: {before} at the opening, {after} at the close.")
        blocks.append(Paragraph(changed.format(before=before, after=after)))
    return blocks


STEP = Step(
    slug="opening",
    title=N_("Opening"),
    minutes=15,
    prompt=N_("Do you know what our purpose is?"),
    below=N_("“I don’t know” is a good answer."),
    chapters={3: section},
    is_complete=lambda db: True,  # everybody may pass, and a room may open in its own way
    shown=lambda db: None,
    activities=(
        Offer("pulse", N_("Do you know it?"), 4, settings=lambda db: {"scale": "yes", "words": True}),
        BELIEF,
        Offer("pulse", N_("Your part in it"), 4, N_("Where does your work show in our purpose?"),
              lambda db: {"scale": "words"}),
        Offer("write", N_("Community"), 4, N_("What does community mean to you, to your people, to those you serve?"),
              lambda db: {"openers": [_("To me …"), _("To our people …"), _("To those we serve …")]}),
    ),
)  # fmt: skip
