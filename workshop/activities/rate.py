"""Rate: what each concept does to what we count, −3 … +3 or “cannot judge”, each person alone.

While a round is open everybody rates a fair share of the cells; what the host types outside a round stands at once.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlite_utils import Database

from workshop import fields, people
from workshop.activities.activity import RANKING as FEED
from workshop.activities.activity import (
    check_here,
    check_takes_answers,
    get_activity,
    list_activities,
    own_pen,
    shuffled,
)
from workshop.problems import Problem, Rejected
from workshop.words import _

VALUES = (-3, -2, -1, 0, 1, 2, 3)
FAIR_SHARE = 40  # cells for one person; more where too few people would leave a cell unrated
# a round that is not revealed does not leave the database
SEEN = "(rating.activity IS NULL OR rating.activity IN (SELECT id FROM activity WHERE state = 'revealed'))"


@dataclass(frozen=True)
class RateImpact:
    """What one person says a concept does to a metric: −3 (hurts a lot) to +3 (helps a lot), None: cannot judge.

    `activity` is what asks for it; without one the host types it, which goes to what is under way if that asks for
    this cell. A `round` of None is the one under way, else the one in which this person rated the cell last.
    """

    participant: int
    concept: str
    metric: str
    value: int | None
    confidence: int | None = None
    round: int | None = None
    activity: int | None = None


@dataclass(frozen=True)
class TakeBackRating:
    """Leaves the cell as if the person had not been asked."""

    participant: int
    concept: str
    metric: str
    round: int | None = None
    activity: int | None = None


def rate_impact(db: Database, command: RateImpact, pen: int | None = None) -> None:
    """Stores one rating, in place of an earlier one of the same round. Raises Rejected.

    `pen` is given by an import, where the person behind it may no longer be known.
    """
    check_value(command.value, "value", VALUES, "−3 … 3")
    check_value(command.confidence, "confidence", (1, 2, 3), "1 … 3")
    if command.round is not None and (type(command.round) is not int or command.round not in (1, 2)):
        raise Rejected(
            Problem("round", _("“Round” must be 1 or 2, not {value}.").format(value=repr(command.round)[:20]))
        )
    check_cell(db, command.concept, command.metric)
    carried = pen is not None
    round_, activity = _carried_round(db, command) if carried else _round_of(db, command)
    pen = pen or people.pen_of(db, command.participant, FEED)
    db.execute(
        """INSERT INTO rating (pen, concept, metric, round, value, confidence, activity, typed_by_host)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value,
            confidence = excluded.confidence, activity = coalesce(excluded.activity, activity),
            typed_by_host = excluded.typed_by_host""",
        [pen, command.concept, command.metric, round_, command.value, command.confidence, activity,
         int(not carried and activity is not None and command.activity is None)],
    )  # fmt: skip


def take_back_rating(db: Database, command: TakeBackRating) -> None:
    round_, _activity = _round_of(db, command)
    db.execute(
        "DELETE FROM rating WHERE pen = ? AND concept = ? AND metric = ? AND round = ?",
        [people.pen_of(db, command.participant, FEED), command.concept, command.metric, round_],
    )


def _round_of(db: Database, command: RateImpact | TakeBackRating) -> tuple[int, int | None]:
    """(round, activity) that an answer belongs to and that must take it; no activity for what the host types between
    rounds."""
    cell = (command.concept, command.metric)
    if command.activity is None:
        return _typed_round(db, command, cell)
    asked = get_activity(db, command.activity)
    check_takes_answers(asked)
    check_here(db, command.participant)
    if asked["kind"] != "rate" or command.round not in (None, asked["round"]) or cell not in cells_of(asked):
        raise Rejected(Problem("concept", _("That is not among what is asked.")))
    return asked["round"], asked["id"]


def _typed_round(db: Database, command: RateImpact | TakeBackRating, cell: tuple[str, str]) -> tuple[int, int | None]:
    for asked in list_activities(db):
        is_open = (asked["kind"], asked["state"]) == ("rate", "open")
        if is_open and cell in cells_of(asked) and command.round in (None, asked["round"]):
            return asked["round"], asked["id"]
    last = db.execute(
        """SELECT max(round) FROM rating JOIN pen_owner ON pen_owner.pen = rating.pen
        WHERE participant = ? AND concept = ? AND metric = ?""",
        [command.participant, *cell],
    ).fetchone()[0]
    return command.round or last or 1, None


def _carried_round(db: Database, command: RateImpact) -> tuple[int, int | None]:
    round_ = command.round or 1
    found = db.execute(
        "SELECT id FROM activity WHERE kind = 'rate' AND round = ? AND state = 'revealed'", [round_]
    ).fetchone()
    return round_, found[0] if found else None


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
    """What the host typed for one person, by (concept, metric), the latest round; never what came from a phone.

    None is “cannot judge”, no key not answered.
    """
    rows = db.execute(
        """SELECT concept, metric, value FROM rating JOIN pen_owner ON pen_owner.pen = rating.pen
        WHERE participant = ? AND (activity IS NULL OR typed_by_host = 1) ORDER BY round""",
        [participant],
    )
    return {(concept, metric): value for concept, metric, value in rows.fetchall()}


def list_answers(db: Database, with_open: int | None = None) -> list[tuple[int, str, str, int, int | None]]:
    """(stream, concept, metric, round, value) of every rating that the room has seen, by round.

    Those `with_open`, of a round under way, come along for what shows them to nobody.
    """
    return db.execute(
        f"""SELECT pen.stream, concept, metric, round, value FROM rating JOIN pen ON pen.id = rating.pen
        WHERE {SEEN} OR rating.activity = ? ORDER BY round, rating.id""",
        [with_open],
    ).fetchall()


def get_own(db: Database, asked: dict, participant: int) -> dict[tuple[str, str], int | None]:
    """One person's answers of this round by (concept, metric)."""
    pen = own_pen(db, participant, asked["feed"])
    rows = db.execute("SELECT concept, metric, value FROM rating WHERE pen = ? AND round = ?", [pen, asked["round"]])
    return {(concept, metric): value for concept, metric, value in rows.fetchall()}


def was_rated(db: Database, cells: list[tuple[str, str]], asked: int) -> bool:
    """Whether most of those who are `asked` have rated any of these cells before, however that came in; what the host
    typed ahead for a few is no round."""
    among = set(cells)
    raters = {stream for stream, concept, metric, _round, _value in list_answers(db) if (concept, metric) in among}
    return 2 * len(raters) > max(asked, 2)


def cells_of(asked: dict) -> list[tuple[str, str]]:
    """Every (concept, metric) that a round asks for. Pure."""
    settings = asked["settings"]
    cells = settings.get("cells") or [(c, m) for c in settings["concepts"] for m in settings["metrics"]]
    return [(concept, metric) for concept, metric in cells]


def fair_share(cells: int, joined: int) -> int:
    """How many of the cells one person rates: about 40, more where that many people would leave one out. Pure."""
    return min(cells, max(FAIR_SHARE, ceil(cells / max(joined, 1))))


def cells_for(asked: dict, place: int, participant: int) -> list[tuple[str, str]]:
    """The cells of the person who is the `place`-th to have joined (from 0), in an order of their own. Pure.

    Shares lie end to end on one shuffled ring of all cells, so that none is left out and each is rated by as many
    people as any other, give or take one. A concept's cells stay together, so that it is read once.
    """
    settings = asked["settings"]
    ring, share = shuffled(cells_of(asked), asked["feed"], asked["id"]), settings["share"]
    own = [ring[(place * share + step) % len(ring)] for step in range(share)]
    concepts = shuffled(settings["concepts"], asked["id"], participant)
    metrics = shuffled(settings["metrics"], asked["id"], participant)
    return sorted(own, key=lambda cell: (concepts.index(cell[0]), metrics.index(cell[1])))
