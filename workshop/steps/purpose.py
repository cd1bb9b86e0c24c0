"""Steps 2–4: the purpose in the world (big), in customers' lives (medium), and what customers come for (small)."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, second_look
from workshop.activities import Offer
from workshop.document import Bullets, Heading, Paragraph, Table
from workshop.problems import Problem, Rejected
from workshop.step import Slip, Slips, Step, Turn, choice, opened
from workshop.steps.prepare import SOURCES
from workshop.words import N_, _

LEVELS = ("big", "medium", "small")
OPENERS = ("I want", "I need", "Can you", "How can I")
KINDS = ("technology", "range", "quality", "price", "service", "access", "other")
BENEFICIARIES = ("customers", "employees", "community", "world")
MOTIVATIONS = ("esteem", "actualization", "belonging", "function")
# where it matters to them (METHOD.md §1, row 2.28)
CONTEXTS = {"life": N_("In their lives"), "world": N_("In the world"), "specific": N_("In this very case")}
MATTERS = N_("What matters most to them: in their lives, in the world, in this very case?")
FEELINGS_MET = ("excitement", "joy", "satisfaction", "anticipation")
FEELINGS_MISSED = ("frustration", "confusion", "disappointment", "anger")


@dataclass(frozen=True, kw_only=True)
class AddPurpose:
    """A purpose on one of the three levels; a small one is in the customer's words and has a source."""

    level: str = fields.one_of(*LEVELS, needed=True)
    text: str = fields.text(N_("Purpose"), most=500, needed=True, starred=True)
    kind: str | None = fields.one_of(*KINDS, label=N_("What kind of purpose"))
    what: str = fields.text(N_("What we do"))
    why: str = fields.text(N_("Why: … so that …"))
    beneficiaries: tuple[str, ...] = fields.some_of(*BENEFICIARIES, label=N_("Who is better off"))
    if_we_disappeared: str = fields.text(N_("What would be missing if we disappeared?"))
    competitor_could_sign: bool | None = fields.yes_no(N_("Could a competitor sign it?"))
    proof: str = fields.text(N_("What do we already do that proves it?"))
    reason_to_choose: str = fields.text(N_("Why would someone choose us for this?"))
    same_as: str | None = fields.ref_to("purpose", N_("Same as"))
    brand: str | None = fields.ref_to("brand")
    segment: str | None = fields.ref_to("segment", N_("Who says it"))
    opener: str | None = fields.one_of(*OPENERS, "other")
    evidence_source: str | None = fields.one_of(*SOURCES, label=N_("Where did we hear it?"))
    evidence_note: str = fields.text(N_("What we saw"))
    evidence_strength: int | None = fields.number(1, 3, whole=True, label=N_("How strong is that, 1–3"))
    small_kind: str | None = fields.one_of("need", "desire", "question", label=N_("Need, desire or question"))
    context: str | None = fields.one_of(*CONTEXTS, label=N_("Where does it matter to them?"))
    motivation: tuple[str, ...] = fields.some_of(*MOTIVATIONS, label=N_("What moves them"))
    ease_today: int | None = fields.number(1, 5, whole=True, label=N_("How easy is it today, 1–5"))
    shared_with_big: bool | None = fields.yes_no(N_("Is it our big purpose too?"))
    emotion_if_met: str = fields.line(N_("When it works"), suggestions=FEELINGS_MET)
    emotion_if_missed: str = fields.line(N_("When it fails"), suggestions=FEELINGS_MISSED)
    status: str = fields.one_of("candidate", "chosen", "parked", default="candidate")


def _no_circle(db: Database, values: dict, ref: str) -> None:
    """Following “same as” from one purpose to the next must come to an end."""
    to, seen = values.get("same_as"), [ref]
    while ref and to:
        if to in seen:
            message = _("{refs} would be the same as one another in a circle. Leave “Same as” empty at one of them.")
            if len(seen) == 1:
                message = _("{refs} would be the same as itself. Choose another one, or leave “Same as” empty.")
            raise Rejected(Problem("same_as", message.format(refs=", ".join(seen))))
        seen.append(to)
        to = (db.execute("SELECT same_as FROM purpose WHERE ref = ?", [to]).fetchone() or [None])[0]


PURPOSE = items.noun(
    "purpose",
    AddPurpose,
    "P",
    among=("level", "segment"),
    check=_no_circle,
    changed=second_look.watching("text"),
    sole=lambda row: None if row["level"] == "small" else (row["level"], row["brand"]),
)


def add_purpose(db: Database, command: AddPurpose) -> str:
    return items.add(db, PURPOSE, command)


def purpose_from(db: Database, text: str, segment: str | None = None) -> str:
    """A candidate in the customer's words, from what somebody wrote; whose words they are may come later."""
    opener = next((one for one in OPENERS if text.lower().startswith(one.lower() + " ")), None)
    return add_purpose(db, AddPurpose(level="small", text=text, opener=opener, segment=segment))


def _segments(db: Database) -> dict[str, str]:
    return {row["ref"]: row["name"] for row in items.list_items(db, "segment")}


def upper_purpose_from(db: Database, text: str) -> str:
    return add_purpose(db, AddPurpose(level="big", text=text))


def list_purposes(db: Database, level: str | None = None) -> list[dict[str, Any]]:
    """Purposes of one level, or of all, in their order; parked ones are among them."""
    return [row for row in items.list_items(db, "purpose") if level in (None, row["level"])]


def list_chosen(db: Database, *levels: str) -> list[dict[str, Any]]:
    """The chosen purposes of these levels, the highest level first."""
    chosen = [row for row in list_purposes(db) if row["status"] == "chosen" and row["level"] in (levels or LEVELS)]
    return sorted(chosen, key=lambda row: LEVELS.index(row["level"]))


def by_context(purposes: list[dict[str, Any]]) -> dict[str | None, list[dict[str, Any]]]:
    """The purposes by where they matter to customers, all three columns; under None what nobody has placed. Pure."""
    return {place: [row for row in purposes if row["context"] == place] for place in (*CONTEXTS, None)}


def shown(db: Database) -> Slips | None:
    """The chosen purposes, or what was written while nothing is chosen yet."""
    rows = list_chosen(db) or [row for row in list_purposes(db) if row["status"] != "parked"]
    return Slips([Slip(row["ref"], "purpose", *opened(row["text"], OPENERS)) for row in rows]) if rows else None


def section(db: Database) -> list:
    blocks: list = []
    names = {"big": _("Big: our role in the world"), "medium": _("Medium: our role in customers’ lives")}
    for level, name in names.items():
        chosen = list_chosen(db, level)
        if chosen:
            blocks += [Heading(name, 3), *(Paragraph(f"{row['ref']}  {row['text']}") for row in chosen)]
    segments = _segments(db)
    small = list_chosen(db, "small")
    if small:
        rows = [
            [row["ref"], row["text"], segments.get(row["segment"], ""), _(row["evidence_source"] or ""),
             " / ".join(filter(None, (row["emotion_if_met"], row["emotion_if_missed"])))]
            for row in small
        ]  # fmt: skip
        head = ["", _("In their words"), _("Who"), _("Heard in"), _("Works / fails")]
        blocks += [Heading(_("Small: what customers come for"), 3), Table(head, rows, _("Customer purposes"))]
        places = by_context(small)
        matter = [f"{_(name)}: {', '.join(row['ref'] for row in places[place])}"
                  for place, name in CONTEXTS.items() if places[place]]  # fmt: skip
        blocks += [Bullets(matter)] if matter else []
    others = [row for row in list_purposes(db) if row["status"] != "chosen"]
    if others:
        rows = [[row["ref"], _(row["level"]), row["text"], _(row["status"])] for row in others]
        blocks.append(Table(["", _("Level"), _("Purpose"), _("Status")], rows, _("Not chosen")))
    return blocks


def is_complete(db: Database) -> bool:
    """One chosen on each level, and each small one with a source."""
    chosen = list_chosen(db)
    sourced = all(row["evidence_source"] for row in chosen if row["level"] == "small")
    return {row["level"] for row in chosen} == set(LEVELS) and sourced


def list_candidates(db: Database) -> list[dict[str, Any]]:
    """What customers may come for: every small purpose that is not parked."""
    return [row for row in list_purposes(db, "small") if row["status"] != "parked"]


STEP = Step(
    slug="purpose",
    title=N_("Purpose"),
    minutes=80,
    prompt=N_("What do people come to us for?"),
    below=N_("Finish it as they would say it. Each card needs a source and a feeling."),
    chapters={4: section},
    is_complete=is_complete,
    shown=shown,
    openers=tuple(f"{opener} …" for opener in OPENERS),
    activities=(
        Offer("write", N_("Silent writing"), 8),
        Offer(
            "vote",
            N_("Vote"),
            4,
            N_("What counts most to those we serve?"),
            lambda db: choice(list_candidates(db), dots=3, cap=1),
        ),
    ),  # fmt: skip
    turns=(
        Turn(N_("a customer purpose"), purpose_from, _segments, N_("who says it")),
        Turn(N_("a big purpose"), upper_purpose_from),
    ),
    nouns=(PURPOSE,),
)
