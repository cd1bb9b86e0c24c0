"""Step 10: where the promise lives, from the first that people hear of us to what they tell others."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Paragraph, Table
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.step import Slip, Slips, Step, Turn
from workshop.steps.opening import list_pulses, said_of
from workshop.steps.purpose import FEELINGS_MET, FEELINGS_MISSED
from workshop.words import N_, _

STAGES = ("aware", "consider", "choose", "receive", "get help", "return", "recommend")
STATES = ("kept", "partly", "broken", "unknown")
_MARKS = {"kept": "●", "partly": "◐", "broken": "○"}


@dataclass(frozen=True, kw_only=True)
class AddTouchpoint:
    """A place where customers meet us, named as they would, and whether the promise is kept there today."""

    name: str = fields.line(N_("Touchpoint, in the customer’s words"), needed=True, unique=True, starred=True)
    stage: str = fields.line(starred=True, suggestions=STAGES)
    channel: str = fields.line(suggestions=("in person", "paper", "phone", "web", "message", "community"))
    what_happens_now: str = fields.text()
    emotion_today: str = fields.line(N_("Feeling today"), suggestions=(*FEELINGS_MET, *FEELINGS_MISSED))
    feeling: int | None = fields.number(-2, 2, whole=True, label=N_("How good is that, −2 to +2"))
    promise_state: str = fields.one_of(*STATES, label=N_("Is the promise kept here?"), default="unknown")
    moment: str | None = fields.one_of("moment that matters", "pain", "routine", label=N_("What kind of moment"))
    staff_may_decide: bool | None = fields.yes_no(N_("May the person serving decide?"))
    what_we_show: str = fields.text(N_("What do we show here, and is it told in time?"))
    area: str | None = fields.one_of("policy", "process", "presence", "promotion")
    owner_role: str = fields.line(N_("Owner"))
    purposes: tuple[str, ...] = fields.refs_to("purpose", N_("Which purposes it serves"))


@dataclass(frozen=True, kw_only=True)
class AddPromiseCheck:
    """Somebody's answer to “Are we keeping our promise?” about one place, such as a complaint that says we broke it."""

    answer: str = fields.one_of("yes", "partly", "no", "dont_know", label=N_("Was the promise kept?"), needed=True)
    note: str = fields.text(N_("What they said"), most=500, starred=True)
    heard_from: str = fields.one_of(
        "room", "complaint", "customer", "frontline", label=N_("Who says it"), default="room"
    )
    promise: str | None = fields.ref_to("promise")
    touchpoint: str | None = fields.ref_to("touchpoint", N_("Where"))
    concept: str | None = fields.ref_to("concept", N_("About which concept"))


@dataclass(frozen=True)
class TakeStates:
    """Writes what the room said of the promise at each touchpoint over what stands there; the host can still differ."""


TOUCHPOINT = items.noun("touchpoint", AddTouchpoint, "T")
PROMISE_CHECK = items.noun("promise_check", AddPromiseCheck, "PK")


def add_touchpoint(db: Database, command: AddTouchpoint) -> str:
    return items.add(db, TOUCHPOINT, command)


def add_promise_check(db: Database, command: AddPromiseCheck) -> str:
    return items.add(db, PROMISE_CHECK, command)


def take_states(db: Database, _command: TakeStates) -> str:
    """Gives the refs that say something else now. Raises Rejected when none does."""
    now = {row["ref"]: row for row in items.list_items(db, "touchpoint")}
    changed = [(ref, said["state"]) for ref, said in list_said(db).items() if said["differs"]]
    if not changed:
        raise Rejected(Problem("", _("What the room said stands here already.")))
    for ref, state in changed:
        items.edit(db, items.Edit(ref, now[ref]["version"], {"promise_state": state}))
    return ", ".join(ref for ref, _state in changed)


@until_next_action
def list_said(db: Database) -> dict[str, dict[str, Any]]:
    """What the room last said of the promise, by touchpoint: said (in words), marks, state, parts, differs.

    `state` is the middle answer of those who know, the worse of two middle ones; a quarrel stays a quarrel: `parts`
    says that some call it kept and some broken. Places of fewer than three answers are not told.
    """
    rows = {row["ref"]: row for found in list_pulses(db, "touchpoints") for row in found.rows if row["counts"]}
    found = {}
    for touchpoint in items.list_items(db, "touchpoint"):
        row = rows.get(touchpoint["ref"])
        if row is None or "kept" not in row["counts"]:
            continue
        counts, state = row["counts"], middle_of(row["counts"])
        found[touchpoint["ref"]] = {
            "said": said_of(row), "marks": "".join(_MARKS[one] * counts[one] for one in _MARKS), "state": state,
            "parts": do_part(counts),
            "differs": state not in ("unknown", touchpoint["promise_state"]),
        }  # fmt: skip
    return found


def middle_of(counts: dict[str, int]) -> str:
    """The middle answer of those who know, the worse of two; unknown while nobody does. Pure."""
    known = [state for state in ("broken", "partly", "kept") for _answer in range(counts.get(state, 0))]
    return known[(len(known) - 1) // 2] if known else "unknown"


def do_part(counts: dict[str, int]) -> bool:
    """Whether some call it kept and some broken, each of them one in six at least of those who know. Pure."""
    known = sum(counts[state] for state in _MARKS)
    return bool(known) and 6 * min(counts["kept"], counts["broken"]) >= known


def by_stage(touchpoints: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The touchpoints below their stages, in the order in which customers walk through them. Pure."""
    stages: dict[str, list[dict[str, Any]]] = {}
    for row in touchpoints:
        stages.setdefault(row["stage"], []).append(row)
    return stages


def list_unwalked(touchpoints: list[dict[str, Any]]) -> list[str]:
    """The usual stages that nobody has looked at. Pure."""
    walked = {row["stage"].casefold() for row in touchpoints}
    return [stage for stage in STAGES if stage not in walked]


def felt(touchpoints: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The touchpoints with a `feeling` each; a word from the list to which nobody gave a number is +1 or −1. Pure."""
    usual = dict.fromkeys(FEELINGS_MET, 1) | dict.fromkeys(FEELINGS_MISSED, -1)
    return [row | {"feeling": usual.get(row["emotion_today"]) if row["feeling"] is None else row["feeling"]}
            for row in touchpoints]  # fmt: skip


def list_pain(db: Database) -> list[dict[str, Any]]:
    """For each group of customers (name, ref): touchpoints that serve their purposes, how many broken, how many pain.

    Frustrations add up for the one who meets them all (METHOD.md §1, row 4.13).
    """
    touchpoints, purposes = items.list_items(db, "touchpoint"), items.list_items(db, "purpose")
    found = []
    for segment in items.list_items(db, "segment"):
        theirs = {row["ref"] for row in purposes if row["segment"] == segment["ref"] and row["status"] == "chosen"}
        met = [row for row in touchpoints if theirs & set(row["purposes"])]
        broken = sum(row["promise_state"] == "broken" for row in met)
        pain = sum(row["moment"] == "pain" for row in met)
        found.append({"ref": segment["ref"], "name": segment["name"], "met": len(met), "broken": broken, "pain": pain})
    return found


def count_complaints(db: Database) -> dict[str, int]:
    """How often somebody said that the promise was not kept, by touchpoint."""
    rows = [row for row in items.list_items(db, "promise_check") if row["answer"] == "no" and row["touchpoint"]]
    return {row["touchpoint"]: sum(one["touchpoint"] == row["touchpoint"] for one in rows) for row in rows}


def shown(db: Database) -> Slips | None:
    rows = items.list_items(db, "touchpoint")
    return Slips([Slip(row["ref"], "touchpoint", row["name"], _said(row)) for row in rows]) if rows else None


def _said(row: dict[str, Any]) -> str:
    state = "" if row["promise_state"] == "unknown" else _(row["promise_state"])
    return ", ".join(filter(None, (state, row["emotion_today"])))


def section(db: Database) -> list:
    touchpoints, complaints = items.list_items(db, "touchpoint"), count_complaints(db)
    decide = {None: "", 0: _("no"), 1: _("yes")}
    rows = [
        [row["ref"], row["stage"], row["name"], row["what_happens_now"], row["emotion_today"], _(row["promise_state"]),
         _(row["moment"] or ""), decide[row["staff_may_decide"]], str(complaints.get(row["ref"], "")),
         row["owner_role"]]
        for row in touchpoints
    ]  # fmt: skip
    if not rows:
        return []
    head = ["", _("Stage"), _("Touchpoint"), _("What happens now"), _("Feeling today"), _("Promise"), _("Moment"),
            _("Staff may decide"), _("Complaints"), _("Owner")]  # fmt: skip
    blocks: list = [Table(head, rows, _("From first to last"))]
    pain = [[one["name"], str(one["met"]), str(one["broken"]), str(one["pain"])] for one in list_pain(db)]
    if pain:
        head = [_("Group of customers"), _("Touchpoints"), _("Promise broken"), _("Pain")]
        blocks.append(Table(head, pain, _("What adds up for whom")))
    if said := list_said(db):
        names = {row["ref"]: row["name"] for row in touchpoints}
        told = [[ref, names[ref], one["said"], _("they part") if one["parts"] else ""] for ref, one in said.items()]
        head = ["", _("Touchpoint"), _("What the room said"), ""]
        blocks.append(Table(head, told, _("Is the promise kept here? Answered in silence")))
    if missed := list_unwalked(touchpoints):
        blocks.append(Paragraph(_("Not looked at: {stages}.").format(stages=", ".join(map(_, missed))), "quiet"))
    return blocks


def is_complete(db: Database) -> bool:
    """Touchpoints with their stage, and for each whether the promise is kept there."""
    rows = items.list_items(db, "touchpoint")
    known = all(row["promise_state"] != "unknown" and not fields.missing(AddTouchpoint, row) for row in rows)
    return bool(rows) and known


def _to_judge(db: Database) -> dict[str, Any] | None:
    rows = items.list_items(db, "touchpoint")
    return {"scale": "kept", "targets": [row["ref"] for row in rows]} if rows else None


STEP = Step(
    slug="touchpoints",
    title=N_("Touchpoints"),
    minutes=30,
    prompt=N_("Where does the promise live?"),
    below=N_("Walk it as they do, first to last."),
    chapters={10: section},
    is_complete=is_complete,
    shown=shown,
    openers=(N_("First they …"), N_("then they …")),
    colour="touchpoint",
    activities=(
        Offer("write", N_("Silent writing"), 6),
        Offer("pulse", N_("Promise kept?"), 6, N_("Do we keep our promise here?"), _to_judge),
    ),
    turns=(Turn(N_("a touchpoint"), lambda db, text: add_touchpoint(db, AddTouchpoint(name=text[: fields.LINE]))),),
    nouns=(TOUCHPOINT, PROMISE_CHECK),
)
