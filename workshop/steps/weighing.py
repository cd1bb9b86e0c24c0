"""Where the weights come from, how firm they are, and whose they are (RANKING.md §1, §3).

Whatever the source, the result is the metrics' own weights, which anybody can read and change. A source is told while
they stand as it gave them; once one is typed over, they are the facilitator's.
"""

import json
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
from sqlite_utils import Database

from workshop import fields, items, ranking
from workshop.activities import is_withheld, list_activities
from workshop.activities.rate import FEED
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.step import Rows
from workshop.steps import prepare, strategy
from workshop.words import N_, _

SOURCES = {
    "typed": N_("Typed"),
    "split": N_("The room’s split: the middle of what each gave"),
    "swing": N_("Swings, the largest 100"),
    "order": N_("From the order alone (rank-order-centroid)"),
}
FIRMNESS = {
    "argued": (20.0, N_("Still argued about")),
    "usual": (50.0, N_("As usual")),
    "agreed": (200.0, N_("Agreed")),
}


@dataclass(frozen=True)
class SetWeights:
    """Weights of several metrics at once: (metric, points of 100 within its group)."""

    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class TakeSplit:
    """Takes over what the room split: the middle of what each gave to the metrics of this kind."""

    kind: str


@dataclass(frozen=True)
class WeighBySwings:
    """100 to the metric one would most like to move from its worst to its best, the others relative to it."""

    kind: str
    swings: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class WeighByOrder:
    """The metrics of this kind were only put in order, most important first."""

    kind: str
    refs: tuple[str, ...]


@dataclass(frozen=True)
class SourceWeights:
    """Which source gave the weights of a kind, and what it gave; for an import."""

    kind: str
    source: str
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SetFirmness:
    """How far the replays may stray from the weights: still argued about, as usual, agreed."""

    firmness: str


@dataclass(frozen=True)
class CountOwnWeights:
    """Whether each person's own split is drawn together with their ratings."""

    count: bool


@dataclass(frozen=True)
class SayWhoDecides:
    """Whether these people are everyone who decides: then their ratings stand, and only the weights vary."""

    everyone: bool


def set_weights(db: Database, command: SetWeights) -> int:
    """Stores those that differ, and gives how many. Raises Rejected."""
    now = {metric["ref"]: metric for metric in strategy.list_metrics(db, "cpi", "kpi")}
    changed = [(now[ref], weight) for ref, weight in command.weights if (now[ref]["weight"] or 0) != weight]
    for metric, weight in changed:
        items.edit(db, items.Edit(metric["ref"], metric["version"], {"weight": weight}))
    return len(changed)


def take_split(db: Database, command: TakeSplit) -> int:
    """Gives how many people split. Raises Rejected when nobody has."""
    metrics, splits = _metrics(db, command.kind), list_splits(db).get(command.kind, {})
    if not splits:
        raise Rejected(Problem("kind", _("Nobody has split points over these yet. Ask the room at Strategy.")))
    table = [[given.get(metric["ref"], 0) for metric in metrics] for given in splits.values()]
    _give(db, command.kind, "split", ranking.split_weights(table))
    return len(splits)


def weigh_by_swings(db: Database, command: WeighBySwings) -> int:
    """Gives how many metrics were weighed. Raises Rejected."""
    given, metrics = dict(command.swings), _metrics(db, command.kind)
    swings = [given.get(metric["ref"], 0) for metric in metrics]
    if any(not 0 <= swing <= 100 for swing in swings) or max(swings, default=0) != 100:
        message = _("Give 100 to the one that you would most like to move, and 0 to 100 to the others.")
        raise Rejected(Problem("swings", message))
    _give(db, command.kind, "swing", ranking.swing_weights(swings))
    return len(metrics)


def weigh_by_order(db: Database, command: WeighByOrder) -> int:
    """Gives how many metrics were weighed. Raises Rejected unless all are there, each once."""
    metrics = _metrics(db, command.kind)
    if sorted(command.refs) != sorted(metric["ref"] for metric in metrics):
        raise Rejected(Problem("refs", _("Put all of them in order, the most important first.")))
    weights = ranking.roc_weights(len(metrics))
    _give(db, command.kind, "order", np.array([weights[command.refs.index(metric["ref"])] for metric in metrics]))
    return len(metrics)


def _metrics(db: Database, kind: str) -> list[dict[str, Any]]:
    metrics = strategy.list_metrics(db, kind) if kind in ("cpi", "kpi") else []
    if not metrics:
        raise Rejected(Problem("kind", _("There is nothing to weigh yet.")))
    return metrics


def _give(db: Database, kind: str, source: str, weights: np.ndarray) -> None:
    points = dict(zip((metric["ref"] for metric in _metrics(db, kind)), ranking.as_points(weights), strict=True))
    set_weights(db, SetWeights(tuple(points.items())))
    source_weights(db, SourceWeights(kind, source, points))


def source_weights(db: Database, command: SourceWeights) -> None:
    """Raises Rejected."""
    if command.kind not in ("cpi", "kpi") or command.source not in list(SOURCES)[1:]:
        raise Rejected(Problem("source", _("There is no such source of weights.")))
    if not isinstance(command.weights, dict):
        raise Rejected(Problem("weights", _("“{field}” is not as it should be.").format(field="weights")))
    db.execute(
        """INSERT INTO weight_source (kind, source, weights) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET source = excluded.source, weights = excluded.weights""",
        [command.kind, command.source, json.dumps(command.weights)],
    )


def list_sources(db: Database) -> list[dict[str, Any]]:
    rows = db.query("SELECT kind, source, weights FROM weight_source ORDER BY id")
    return [row | {"weights": json.loads(row["weights"])} for row in rows]


def get_source(db: Database, kind: str) -> str:
    """Which source the weights of a kind are from; "typed" once they are not as it gave them."""
    given = next((row for row in list_sources(db) if row["kind"] == kind), None)
    now = {metric["ref"]: metric["weight"] for metric in strategy.list_metrics(db, kind)}
    return given["source"] if given and given["weights"] == now else "typed"


@until_next_action
def list_splits(db: Database) -> dict[str, dict[int, dict[str, int]]]:
    """By kind, what each person (by stream) gave to the metrics of that kind in the last split that was revealed."""
    found = {}
    for kind in ("cpi", "kpi"):
        refs = {metric["ref"] for metric in strategy.list_metrics(db, kind)}
        asked = [one["id"] for one in list_activities(db)
                 if (one["kind"], one["state"], one["feed"]) == ("split", "revealed", FEED)
                 and refs & set(one["settings"]["targets"]) and not is_withheld(db, one)]  # fmt: skip
        rows = db.execute(
            """SELECT stream, target, points FROM share JOIN pen ON pen.id = share.pen
            WHERE activity = ? ORDER BY stream""",
            asked[-1:] or [None],
        ).fetchall()
        given: dict[int, dict[str, int]] = {}
        for stream, target, points in rows:
            if target in refs:
                given.setdefault(stream, {})[target] = points
        found[kind] = {stream: points for stream, points in given.items() if sum(points.values())}
    return {kind: splits for kind, splits in found.items() if splits}


def spread_of(splits: dict[int, dict[str, int]], ref: str) -> tuple[float, int, int]:
    """(middle, least, most) of the points that people gave to one metric. Pure."""
    points = [given.get(ref, 0) for given in splits.values()]
    return median(points), min(points), max(points)


def own_weights(
    splits: dict[str, dict[int, dict[str, int]]], streams: list[int], metrics: list[dict], share: float
) -> np.ndarray | None:
    """(P, M): each person's own weights, joined by the customer share; a row of NaN for who split nothing. Pure.

    Who split one kind alone takes the agreed weights of the other.
    """
    own, customer = np.full((len(streams), len(metrics)), np.nan), np.array([one["kind"] == "cpi" for one in metrics])
    for row, stream in enumerate(streams):
        if any(stream in given for given in splits.values()):
            given = {kind: of_kind[stream] for kind, of_kind in splits.items() if stream in of_kind}
            points = [
                given[one["kind"]].get(one["ref"], 0) if one["kind"] in given else one["weight"] or 0
                for one in metrics
            ]  # fmt: skip
            own[row] = ranking.joined_weights(points, customer, share)
    return None if np.isnan(own).all() else own


def set_firmness(db: Database, command: SetFirmness) -> str:
    _set(db, firmness=command.firmness)
    return _(FIRMNESS[command.firmness][1])


def count_own_weights(db: Database, command: CountOwnWeights) -> None:
    _set(db, own_weights=command.count)


def say_who_decides(db: Database, command: SayWhoDecides) -> None:
    _set(db, everyone_decides=command.everyone)


def _set(db: Database, **value: Any) -> None:
    ((name, accepted),) = fields.accept(prepare.StartWorkshop, value).items()
    db.execute(f"UPDATE workshop SET {name} = ?, version = version + 1", [accepted])


SOURCED = Rows("weight_sources", SourceWeights, list_sources, source_weights)
