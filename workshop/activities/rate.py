"""Rate: what each concept does to what we count, −3 … +3 or “cannot judge”, each person alone."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, people
from workshop.problems import Problem, Rejected
from workshop.words import _

FEED = "ranking"
VALUES = (-3, -2, -1, 0, 1, 2, 3)


@dataclass(frozen=True)
class RateImpact:
    """What one person says a concept does to a metric: −3 (hurts a lot) to +3 (helps a lot), None: cannot judge."""

    participant: int
    concept: str
    metric: str
    value: int | None
    confidence: int | None = None
    round: int = 1


@dataclass(frozen=True)
class TakeBackRating:
    """Leaves the cell as if the person had not been asked."""

    participant: int
    concept: str
    metric: str
    round: int = 1


def rate_impact(db: Database, command: RateImpact, pen: int | None = None) -> None:
    """Stores one rating, in place of an earlier one of the same round. Raises Rejected.

    `pen` is given by an import, where the person behind it may no longer be known.
    """
    check_value(command.value, "value", VALUES, "−3 … 3")
    check_value(command.confidence, "confidence", (1, 2, 3), "1 … 3")
    if type(command.round) is not int or command.round not in (1, 2):
        raise Rejected(
            Problem("round", _("“Round” must be 1 or 2, not {value}.").format(value=repr(command.round)[:20]))
        )
    check_cell(db, command.concept, command.metric)
    pen = pen or people.pen_of(db, command.participant, FEED)
    db.execute(
        """INSERT INTO rating (pen, concept, metric, round, value, confidence) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET value = excluded.value, confidence = excluded.confidence""",
        [pen, command.concept, command.metric, command.round, command.value, command.confidence],
    )


def take_back_rating(db: Database, command: TakeBackRating) -> None:
    db.execute(
        "DELETE FROM rating WHERE pen = ? AND concept = ? AND metric = ? AND round = ?",
        [people.pen_of(db, command.participant, FEED), command.concept, command.metric, command.round],
    )


def check_value(value: Any, field: str, allowed: tuple[int, ...], words: str) -> None:
    if value is not None and (type(value) is not int or value not in allowed):
        message = _("“{field}” must be a whole number {words}, or empty, not {value}.")
        raise Rejected(Problem(field, message.format(field=field.capitalize(), words=words, value=repr(value)[:20])))


def check_cell(db: Database, concept: str, metric: str) -> None:
    for field, ref, sql in (
        ("concept", concept, "SELECT 1 FROM concept WHERE ref = ?"),
        ("metric", metric, "SELECT 1 FROM metric WHERE ref = ? AND kind IN ('cpi', 'kpi')"),
    ):
        if not fields.is_ref(ref) or not db.execute(sql, [ref]).fetchone():
            message = _("“{field}” names {ref}, and there is no such {field}.")
            raise Rejected(Problem(field, message.format(field=field, ref=repr(ref)[:20])))


def list_ratings(db: Database, participant: int) -> dict[tuple[str, str], int | None]:
    """One person's answers of the latest round by (concept, metric); None is “cannot judge”, no key not answered."""
    rows = db.execute(
        """SELECT concept, metric, value FROM rating JOIN pen_owner ON pen_owner.pen = rating.pen
        WHERE participant = ? ORDER BY round""",
        [participant],
    )
    return {(concept, metric): value for concept, metric, value in rows.fetchall()}
