"""What a step of the agenda is, and what it can show to the room."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop.items import Noun


@dataclass(frozen=True)
class Slip:
    """One thing the room wrote or chose: its ref, the noun that colours it, the words it opens with, the text."""

    ref: str
    noun: str
    lead: str
    text: str


@dataclass(frozen=True)
class Slips:
    """Several slips side by side, a page at a time."""

    slips: list[Slip]


@dataclass(frozen=True)
class Statement:
    """One sentence alone, with the (name, text) tests it must pass."""

    ref: str
    noun: str
    text: str
    tests: list[tuple[str, str]]


@dataclass(frozen=True)
class Ranked:
    """Concepts, best first, and the sentence that says what came out."""

    sentence: str
    rows: list[dict[str, Any]]


Shown = Slips | Statement | Ranked


@dataclass(frozen=True)
class Turn:
    """What an entry of the room can become at a step: its name, and what makes it from the text and gives its ref."""

    name: str
    into: Callable[[Database, str], str]


@dataclass(frozen=True)
class Rows:
    """Rows of a step that are no items: their key in the bundle, how they come out, and how one goes in."""

    key: str
    command: type
    read: Callable[[Database], list[dict[str, Any]]]
    load: Callable[[Database, Any], Any]


@dataclass(frozen=True)
class Step:
    """A step of the agenda: everything that navigation, screen, summary and bundle need to know about it.

    `openers` begin a sentence for those who write; `colour` is the noun that colours what they wrote; `shown(db)`
    is what a reveal shows, None while there is nothing; `section(db)` its blocks of the summary; `is_complete(db)`
    whether all starred fields are filled; `turns` are what the room's entries can become; `nouns` and `rows` are
    what it stores, which the bundle carries.
    """

    slug: str
    title: str
    minutes: int
    prompt: str
    below: str
    section: Callable[[Database], list]
    is_complete: Callable[[Database], bool]
    shown: Callable[[Database], Shown | None]
    openers: tuple[str, ...] = ()
    colour: str = "purpose"
    turns: tuple[Turn, ...] = ()
    nouns: tuple[Noun, ...] = ()
    rows: tuple[Rows, ...] = ()
