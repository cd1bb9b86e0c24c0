"""What a step of the agenda is, and what it can show to the room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop.activities import Offer, OpenActivity, list_activities
from workshop.items import Noun
from workshop.words import _


@dataclass(frozen=True)
class Slip:
    """One thing the room wrote or chose: its ref, the noun that colours it, the words it opens with, the text.

    `name` is whose it is, where the workshop shows names; `group` is the heading that it was put under.
    """

    ref: str
    noun: str
    lead: str
    text: str
    name: str = ""
    group: str = ""


def opened(text: str, openers: Iterable[str]) -> tuple[str, str]:
    """The beginning of these ("I want …") that a text opens with, or '', and the rest of it. Pure."""
    leads = (opener.removesuffix("…").strip() for opener in openers)
    lead = next((lead for lead in leads if lead and text.startswith(f"{lead} ")), "")
    return lead, text[len(lead) :].strip()


@dataclass(frozen=True)
class Slips:
    """Several slips side by side, a page at a time, those of a group together."""

    slips: list[Slip]


@dataclass(frozen=True)
class Statement:
    """One sentence alone, with the tests that it must pass or the reasons that it has, each led by its name."""

    ref: str
    noun: str
    text: str
    tests: list[Slip]


@dataclass(frozen=True)
class Ranked:
    """Concepts, best first, and the sentence that says what came out."""

    sentence: str
    rows: list[dict[str, Any]]


Shown = Slips | Statement | Ranked


@dataclass(frozen=True)
class Decided:
    """What was decided at a step, the last first, and then what stands there, if anything does."""

    decisions: list[Statement]
    stands: Shown | None


@dataclass(frozen=True)
class Turn:
    """What an entry of the room can become at a step: its name, and what makes it from the text and gives its ref.

    `of(db)` gives what it can belong to, words by ref, under the name `of_which`; `into` then takes the ref that was
    chosen too, or None.
    """

    name: str
    into: Callable[..., str]
    of: Callable[[Database], dict[str, str]] | None = None
    of_which: str = ""


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
    is what a reveal shows, None while there is nothing; `chapters` are what it says in the full version, by the number
    of the chapter there (summary/everything.py); `is_complete(db)` whether all starred fields are filled;
    `activities` what it can ask the room, in their order; `turns` are what the room's entries can become; `nouns` and
    `rows` are what it stores, which the bundle carries.
    """

    slug: str
    title: str
    minutes: int
    prompt: str
    below: str
    chapters: dict[int, Callable[[Database], list]]
    is_complete: Callable[[Database], bool]
    shown: Callable[[Database], Shown | None]
    openers: tuple[str, ...] = ()
    colour: str = "purpose"
    activities: tuple[Offer, ...] = ()
    turns: tuple[Turn, ...] = ()
    nouns: tuple[Noun, ...] = ()
    rows: tuple[Rows, ...] = ()


def asking(db: Database, step: Step, offer: Offer) -> OpenActivity | None:
    """The command that opens what a step offers, in the words of this workshop's agenda; None while it cannot be."""
    settings = offer.settings(db)
    if settings is None:
        return None
    if offer.kind == "write":
        settings = {"openers": [_(opener) for opener in step.openers]} | settings
    prompt = _prompt(db, step, offer)
    return OpenActivity(step=step.slug, kind=offer.kind, prompt=prompt, minutes=offer.minutes, feed=offer.feed,
                        settings=settings)  # fmt: skip


def _prompt(db: Database, step: Step, offer: Offer) -> str:
    own = db.execute("SELECT prompt FROM agenda WHERE slug = ?", [step.slug]).fetchone()[0]
    return _(offer.prompt) or own or _(step.prompt)


def next_offer(db: Database, step: Step) -> Offer | None:
    """The first of a step's offers that was not asked there yet and can be; None when there is none."""
    return next((offer for offer in _unasked(db, step) if asking(db, step, offer)), None)


def waiting_offer(db: Database, step: Step) -> Offer | None:
    """What a step would ask next, were there something to choose from: the room writes there first, and what it wrote
    becomes that. None when nothing waits.
    """
    if not step.turns or step.activities[0].kind != "write":
        return None
    return next((offer for offer in _unasked(db, step) if not asking(db, step, offer)), None)


def _unasked(db: Database, step: Step) -> list[Offer]:
    asked = {(one["kind"], one["prompt"]) for one in list_activities(db, step.slug)}
    return [offer for offer in step.activities if (offer.kind, _prompt(db, step, offer)) not in asked]


def choice(rows: list[dict[str, Any]], *, dots: int | None = None, **settings: Any) -> dict[str, Any] | None:
    """The settings of a vote or split over these items; None while there are fewer than two. Pure.

    A vote has at most half as many dots as there are items: where everybody marks everything, nothing is said.
    """
    if len(rows) < 2:
        return None
    votes = {"dots": min(dots, len(rows) // 2)} if dots else {}
    return {"targets": [row["ref"] for row in rows]} | votes | settings
