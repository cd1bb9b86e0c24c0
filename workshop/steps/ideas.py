"""Step 11: many ideas in one line. Prompts made from what exists, rounds, ideas that build on others, twins."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils
from sqlite_utils import Database

from workshop import fields, items
from workshop.entries import add_lines
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.steps.principles import list_principles
from workshop.steps.purpose import list_chosen
from workshop.words import N_, _

ROUNDS = ("first", "second", "worst", "flipped")
NEWEST = 200  # ideas that are compared with all the others: a page of a long session does it at every run
TWINS_FROM = 88  # of 100, by rapidfuzz's token_set_ratio: the same words in another order, or a part of them


@dataclass(frozen=True, kw_only=True)
class AddIdea:
    """An idea in one line, what it is for, and which idea it builds on or turns round."""

    text: str = fields.line(N_("Idea"), most=300, needed=True)
    round: str = fields.one_of(*ROUNDS, default="first")
    heading: str = fields.line(most=80)
    builds_on: str | None = fields.ref_to("idea")
    purpose: str | None = fields.ref_to("purpose")
    touchpoint: str | None = fields.ref_to("touchpoint")
    principle: str | None = fields.ref_to("principle")
    concept: str | None = fields.ref_to("concept")
    status: str = fields.one_of("open", "parked", "merged", default="open")


@dataclass(frozen=True)
class AddIdeas:
    """Ideas pasted or typed one a line; all of them, or none."""

    lines: str
    purpose: str | None = None
    touchpoint: str | None = None
    principle: str | None = None
    round: str = "first"


@dataclass(frozen=True)
class MergeIdeas:
    """Several ideas that are one: the first stays, the others say that they went into it."""

    into: str
    ideas: tuple[str, ...]


@dataclass(frozen=True)
class Prompt:
    """A combination that ideas can be asked for; how many came to it already."""

    purpose: str
    touchpoint: str | None
    principle: str | None
    text: str
    ideas: int


IDEA = items.noun("idea", AddIdea, "I", among=("heading", "concept", "status"))


def add_idea(db: Database, command: AddIdea) -> str:
    return items.add(db, IDEA, command)


def add_ideas(db: Database, command: AddIdeas) -> str:
    """Gives the refs, first to last. Raises Rejected."""
    about = {name: getattr(command, name) for name in ("purpose", "touchpoint", "principle", "round")}

    def add(line: str) -> str:
        return add_idea(db, AddIdea(text=line, **about))

    return add_lines(command.lines, add, Problem("text", _("Write an idea first, in one line.")))


def merge_ideas(db: Database, command: MergeIdeas) -> str:
    """Gives the ref of the one that stays."""
    if command.into in command.ideas or not command.ideas:
        raise Rejected(Problem("ideas", _("An idea cannot be merged into itself; choose two different ones.")))
    items.get_item(db, command.into)
    for ref in command.ideas:
        row = items.get_item(db, ref)
        items.edit(db, items.Edit(ref, row["version"], {"status": "merged", "builds_on": command.into}))
    return command.into


def list_ideas(db: Database) -> list[dict[str, Any]]:
    """Ideas that are neither a card yet nor merged into another, in their order."""
    return [row for row in items.list_items(db, "idea") if not row["concept"] and row["status"] != "merged"]


def by_heading(ideas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest first under each heading, and first of all what stands under none. Pure."""
    newest = ideas[::-1]
    return sorted(newest, key=lambda row: row["heading"])


def trail_of(ideas: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By the idea that stayed, those that went into it. Pure."""
    went: dict[str, list[dict[str, Any]]] = {}
    for row in ideas:
        if row["status"] == "merged":
            went.setdefault(row["builds_on"], []).append(row)
    return went


@until_next_action
def list_prompts(db: Database, most: int = 12) -> list[Prompt]:
    """How might we [purpose] at [touchpoint], with [principle]? What nobody has thought of comes first."""
    purposes = list_chosen(db, "small")
    touchpoints: list[dict | None] = items.list_items(db, "touchpoint") or [None]
    principles: list[dict | None] = [row for row in list_principles(db) if not row["is_lead"]] or [None]
    counts: dict[tuple, int] = {}
    for row in items.list_items(db, "idea"):
        key = (row["purpose"], row["touchpoint"], row["principle"])
        counts[key] = counts.get(key, 0) + 1
    found = []
    for place, (purpose, touchpoint, principle) in enumerate(product(purposes, touchpoints, principles)):
        refs = tuple(one and one["ref"] for one in (purpose, touchpoint, principle))
        served = sum(count for key, count in counts.items() if key[0] == refs[0])
        found.append(
            (
                counts.get(refs, 0),
                served,
                _spread(place),
                Prompt(*refs, _asked(purpose, touchpoint, principle), counts.get(refs, 0)),
            )
        )
    return [prompt for *_order, prompt in sorted(found, key=lambda one: one[:3])[:most]]


def _spread(place: int) -> int:
    """Neighbouring combinations are alike: a fixed stride of a prime mixes them, the same way every time."""
    return place * 7919 % 104_729


def _asked(purpose: dict, touchpoint: dict | None, principle: dict | None) -> str:
    parts = {"purpose": purpose["text"].rstrip(".?!"), "touchpoint": touchpoint and touchpoint["name"],
             "principle": principle and principle["text"].rstrip(".")}  # fmt: skip
    if touchpoint and principle:
        return _("How might we answer “{purpose}” at “{touchpoint}”, with “{principle}”?").format(**parts)
    if touchpoint:
        return _("How might we answer “{purpose}” at “{touchpoint}”?").format(**parts)
    if principle:
        return _("How might we answer “{purpose}”, with “{principle}”?").format(**parts)
    return _("How might we answer “{purpose}”?").format(**parts)


def list_twins(ideas: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of refs whose words are nearly the same, each idea at most once; of a long list for its newest. Pure."""
    texts = [utils.default_process(row["text"]) for row in ideas]
    first = max(0, len(texts) - NEWEST)
    likeness = process.cdist(texts[first:], texts, scorer=fuzz.token_set_ratio, score_cutoff=TWINS_FROM)
    free = np.array([len(text.split()) >= 3 for text in texts], dtype=bool)
    pairs = []
    for place, row in enumerate(likeness, first):
        alike = np.flatnonzero(free[:place] & (row[:place] > 0))
        if free[place] and alike.size:
            free[[place, alike[0]]] = False
            pairs.append((ideas[alike[0]]["ref"], ideas[place]["ref"]))
    return pairs
