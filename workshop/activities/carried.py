"""What a bundle carries of the activities: those that are revealed, their pens without owners, and the answers.

What the room has not seen is not in a bundle; the workshop's file carries that.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, people
from workshop.activities.activity import KINDS, RANKING, list_activities
from workshop.activities.settings import SCALES, accepted
from workshop.problems import Problem, Rejected
from workshop.words import N_, _


@dataclass(frozen=True, kw_only=True)
class CarryActivity:
    """An activity that was revealed. `number` tells it from the others of the workshop."""

    number: int = fields.number(1, 1_000_000_000, whole=True, needed=True)
    step: str = fields.line(needed=True)
    kind: str = fields.one_of(*KINDS, needed=True)
    prompt: str = fields.line(N_("Prompt"), most=500, needed=True)
    round: int = fields.number(1, 1000, whole=True, default=1)
    opened_at: str = fields.line(needed=True, most=40)
    feed: str = fields.line(needed=True, most=40)
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CarryPen:
    """A pen that is nobody's: of which result, which number there, which role group."""

    feed: str = fields.line(needed=True, most=40)
    stream: int = fields.number(1, 1_000_000, whole=True, needed=True)
    group: str = fields.one_of(*people.GROUPS, default="other")


@dataclass(frozen=True, kw_only=True)
class CarryWritten:
    activity: int
    stream: int
    text: str = fields.text(most=500, needed=True)
    hidden: bool = fields.yes_no(default=False)
    typed_by_host: bool = fields.yes_no(default=False)
    name: str = fields.line(most=60)
    entry: str | None = fields.ref_to("entry")


@dataclass(frozen=True, kw_only=True)
class CarryVote:
    activity: int
    stream: int
    target: str = fields.ref_to("", needed=True)
    dots: int = fields.number(1, 100, whole=True, needed=True)
    typed_by_host: bool = fields.yes_no(default=False)


@dataclass(frozen=True, kw_only=True)
class CarryShare:
    activity: int
    stream: int
    target: str = fields.ref_to("", needed=True)
    points: int = fields.number(0, 100, whole=True, needed=True)
    typed_by_host: bool = fields.yes_no(default=False)


@dataclass(frozen=True, kw_only=True)
class CarryPulse:
    activity: int
    stream: int
    target: str = fields.line(most=10)
    answer: str = fields.one_of(*dict.fromkeys(answer for scale in SCALES.values() for answer in scale), default="")
    words: str = fields.text(most=500)
    typed_by_host: bool = fields.yes_no(default=False)


# the table of each kind of answer
ANSWERS = {CarryWritten: "written", CarryVote: "vote", CarryShare: "share", CarryPulse: "pulse"}


def list_carried(db: Database) -> list[dict[str, Any]]:
    """The activities that were revealed."""
    names = ("step", "kind", "prompt", "round", "opened_at", "feed", "settings")
    return [
        {"number": one["id"]} | {name: one[name] for name in names}
        for one in list_activities(db)
        if one["state"] == "revealed"
    ]


def list_pens(db: Database) -> list[dict[str, Any]]:
    """The pens of what was revealed, but for those of the ranking that participants still own."""
    return list(
        db.query(
            """SELECT feed, stream, "group" FROM pen LEFT JOIN pen_owner ON pen_owner.pen = pen.id
            WHERE feed IN (SELECT feed FROM activity WHERE state = 'revealed') AND feed <> :ranking
                OR feed = :ranking AND participant IS NULL ORDER BY feed, stream""",
            {"ranking": RANKING},
        )
    )


def list_answers(db: Database, record: type) -> list[dict[str, Any]]:
    """The answers of one kind to what was revealed, as `record` has them."""
    own = [name for name in fields.fields_of(record) if name not in ("activity", "stream")]
    rows = db.query(
        f"""SELECT activity, pen.stream, {", ".join(own)} FROM {ANSWERS[record]} AS answer
        JOIN pen ON pen.id = answer.pen JOIN activity ON activity.id = answer.activity
        WHERE activity.state = 'revealed' ORDER BY answer.id"""
    )
    flags = ("hidden", "typed_by_host")
    return [row | {name: bool(row[name]) for name in flags if name in row} for row in rows]


def carry_activity(db: Database, command: CarryActivity) -> int:
    values = fields.accept(CarryActivity, {name: value for name, value in vars(command).items() if name != "settings"})
    if not isinstance(command.settings, dict):
        raise Rejected(Problem("settings", _("“Settings” must be an object.")))
    settings = accepted(values["kind"], command.settings)
    db.execute(
        """INSERT INTO activity (id, step, kind, prompt, round, state, opened_at, feed, settings, sealed)
        VALUES (:number, :step, :kind, :prompt, :round, 'revealed', :opened_at, :feed, :settings, :sealed)""",
        values | {"settings": json.dumps(settings), "sealed": int(values["feed"] != RANKING)},
    )
    return values["number"]


def carry_pen(db: Database, command: CarryPen) -> None:
    values = fields.accept(CarryPen, vars(command))
    people.add_pen(db, values["feed"], values["stream"], values["group"])


def carry_answer(db: Database, command: Any) -> None:
    """Stores an answer of any kind. Raises Rejected when its activity or pen is not in the bundle."""
    own = {name: value for name, value in vars(command).items() if name not in ("activity", "stream")}
    values = fields.accept(type(command), own)
    pen = db.execute(
        "SELECT pen.id FROM pen JOIN activity USING (feed) WHERE activity.id = ? AND stream = ?",
        [command.activity, command.stream],
    ).fetchone()
    if not pen:
        raise Rejected(Problem("stream", _("No pen has the stream {stream}.").format(stream=repr(command.stream)[:20])))
    values |= {"activity": command.activity, "pen": pen[0]}
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    db.execute(f"INSERT INTO {ANSWERS[type(command)]} ({names}) VALUES ({marks})", values)
