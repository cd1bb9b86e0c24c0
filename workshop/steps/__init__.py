"""The agenda: one module per step. A new step is one module, one page, one migration and one entry here."""

from dataclasses import dataclass, replace
from operator import attrgetter

from sqlite_utils import Database

from workshop import fields, modes, room, store
from workshop.activities import Results, get_current, get_results, list_names, open_activity
from workshop.entries import list_entries
from workshop.problems import Conflict, Problem, Rejected
from workshop.remembered import until_next_action, until_next_change
from workshop.step import Decided, Shown, Slip, Slips, Step, asking, opened
from workshop.steps import (
    commitment,
    concepts,
    opening,
    prepare,
    principles,
    promise,
    purpose,
    ranking,
    requirements,
    reverse,
    strategy,
    touchpoints,
)
from workshop.steps.decided import list_decided
from workshop.words import _

AGENDA: tuple[Step, ...] = (
    prepare.STEP,
    opening.STEP,
    purpose.STEP,
    promise.STEP,
    principles.STEP,
    reverse.STEP,
    strategy.STEP,
    touchpoints.STEP,
    concepts.STEP,
    ranking.STEP,
    requirements.STEP,
    commitment.STEP,
)
_MINUTES = {step.slug: step.minutes for step in AGENDA}


@dataclass(frozen=True)
class AskAt:
    """Brings the room to a step and asks it what the step offers of this kind, with this prompt if there is one, and
    where it asks of several things `about` these only."""

    step: str
    kind: str
    prompt: str = ""
    about: tuple[str, ...] = ()


def step_of(slug: str) -> Step:
    """The step with this slug. Raises KeyError: slugs come from the agenda's rows, never from people."""
    return {step.slug: step for step in AGENDA}[slug]


@until_next_action
def shown(db: Database, slug: str) -> Shown | None:
    """What a reveal of this step shows: what stands in it, or else what the room wrote there."""
    stands = step_of(slug).shown(db)
    wrote, colour = [] if stands else list_entries(db, slug), step_of(slug).colour
    names = list_names(db) if wrote else {}
    slips = [Slip(row["ref"], colour, "", row["text"], names.get(row["ref"], ""), row["heading"]) for row in wrote]
    return stands or (_grouped(slips) if slips else None)


def _grouped(slips: list[Slip]) -> Slips:
    """First what is in no group yet, then the groups by name: as the host's page lists them."""
    return Slips(sorted(slips, key=attrgetter("group")))


@until_next_change
def on_screen(db: Database) -> Shown | Decided | Results | None:
    """What the shared screen shows of the step that the room is at, once that is revealed; None: nothing yet.

    What the room has just answered, until the step is decided: written answers as slips, others as their results.
    """
    here, asked = room.get_room(db), get_current(db)
    if here["step"] is None or here["phase"] not in room.REVEALED:
        return None
    if asked and asked["state"] != "revealed":
        return None  # people are still answering, or the host has not shown it yet
    if asked and asked["kind"] != "rate" and here["phase"] != "decided" and (found := get_results(db, asked["id"])):
        if asked["kind"] == "write":
            colour, openers = step_of(asked["step"]).colour, asked["openers"]
            return _grouped([
                Slip(row["ref"], colour, *opened(row["text"], openers), row["name"], row["heading"])
                for row in found.rows
            ])  # fmt: skip
        return found
    rated = asked and asked["kind"] == "rate" and here["phase"] != "decided"
    return shown(db, "ranking") if rated else standing(db)


def standing(db: Database) -> Shown | Decided | None:
    """What stands at the step that the room is at; once that is decided, first what was decided there."""
    here = room.get_room(db)
    stands = shown(db, here["step"])
    decisions = list_decided(db, here["step"]) if here["phase"] == "decided" else []
    return Decided(decisions, stands) if decisions else stands


@until_next_action
def on_the_line(db: Database) -> str:
    """The promise once it was revealed; before that the purpose, likewise, and before that the question of the day.

    In a review both are known from last time.
    """
    workshop = prepare.get_workshop(db)
    known = workshop["kind"] == "review"
    kept = promise.get_promise(db) if known or room.is_revealed(db, "promise") else None
    purposes = purpose.list_chosen(db, "big", "medium") if known or room.is_revealed(db, "purpose") else []
    return kept["text"] if kept else purposes[0]["text"] if purposes else workshop["scope_question"]


def in_the_way(db: Database) -> str:
    """Why the room can be asked nothing new elsewhere now, in a sentence; "" when nothing is in the way."""
    asked = get_current(db)
    if room.get_room(db)["held_at"]:
        return _("There is a break. Go on first.")
    if asked and asked["state"] != "revealed":
        said = _("The room is still at “{prompt}”. Reveal it or leave it aside first.")
        return said.format(prompt=fields.in_short(asked["prompt"]))
    return ""


def ask_at(db: Database, command: AskAt) -> str:
    """Gives the prompt. Raises Conflict while something is in the way, Rejected when there is nothing to ask about."""
    if why := in_the_way(db):
        raise Conflict(why)
    room.go_to(db, room.GoTo(command.step))
    step = step_of(command.step)
    found = asking(db, step, next(one for one in step.activities if one.kind == command.kind))
    if found is None:
        raise Rejected(Problem("", _("There is nothing to choose from yet.")))
    only = {"targets": [ref for ref in found.settings["targets"] if ref in command.about]} if command.about else {}
    open_activity(db, replace(found, prompt=command.prompt or found.prompt, settings=found.settings | only))
    return command.prompt or found.prompt


def start(db: Database, command: prepare.StartWorkshop, code: str) -> str:
    """Fills a new file: the workshop, its agenda, the room. Gives the code. Raises Rejected."""
    prepare.start_workshop(db, command, code)
    for position, step in enumerate(AGENDA, 1):
        db.execute(
            "INSERT INTO agenda (slug, title, prompt, minutes, position) VALUES (?, ?, ?, ?, ?)",
            [step.slug, _(step.title), _(step.prompt), step.minutes, position],
        )
    db.execute("INSERT INTO room (id) VALUES (1)")
    modes.lay(db, prepare.get_workshop(db)["mode"], _MINUTES)
    return code


def change_mode(db: Database, command: modes.ChangeMode) -> str:
    """Gives the mode's name. Raises Rejected when there is no such mode, or it leaves out where the room is."""
    mode = fields.accept(prepare.StartWorkshop, {"mode": command.mode})["mode"]
    modes.lay(db, mode, _MINUTES)
    workshop = prepare.get_workshop(db)
    prepare.edit_workshop(db, prepare.EditWorkshop(workshop["version"], {"mode": mode}))
    return _(modes.MODES[mode].name)


def create(command: prepare.StartWorkshop, by: str) -> str:
    """A new workshop file for people to fill, the lead principle pinned already; gives its code. Raises Rejected."""
    if found := fields.problems(prepare.StartWorkshop, vars(command)):
        raise Rejected(*found)
    with store.creating(command.title) as (code, db), store.change(db, by, _("Created the workshop"), kind="start"):
        start(db, command, code)
        principles.add_lead_principle(db)
    return code
