"""What was rated, as the ranking takes it: ratings, agreed values and weights, a later round before an earlier one."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlite_utils import Database

from workshop import ranking
from workshop.activities.rate import SEEN, list_answers
from workshop.remembered import for_the_same, until_next_action
from workshop.steps import prepare, strategy
from workshop.steps.concepts import list_live
from workshop.steps.weighing import FIRMNESS, list_splits, own_weights

SEED = 0

# most actions change words, and leave every number that the order is made of as it was
_rank, _orders = for_the_same(ranking.rank), for_the_same(ranking.orders)


@dataclass(frozen=True)
class Impacts:
    """What the ranking is asked from: concepts, metrics, ratings (P, C, M) of the latest round, agreed values (C, M),
    the people's stream numbers; by kind what each person split, where own weights count; how firm the weights are, and
    whether these people are everyone who decides."""

    concepts: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
    ratings: np.ndarray
    agreed: np.ndarray
    streams: list[int]
    answers: int
    cannot_judge: int
    splits: dict[str, dict[int, dict[str, int]]]
    concentration: float
    everyone_decides: bool

    @property
    def customer(self) -> np.ndarray:
        return np.array([metric["kind"] == "cpi" for metric in self.metrics])

    def weights(self, share: float) -> np.ndarray:
        return ranking.joined_weights([metric["weight"] or 0 for metric in self.metrics], self.customer, share)


def list_agreements(db: Database) -> dict[tuple[str, str], int]:
    """What the room agreed on, by (concept, metric)."""
    rows = db.execute("SELECT concept, metric, value FROM agreement ORDER BY id")
    return {(concept, metric): value for concept, metric, value in rows.fetchall()}


@until_next_action
def read_ratings(db: Database) -> dict[tuple[str, str], dict[int, int]]:
    """By (concept, metric) how many people gave each value last, {value: people}, the lowest first.

    Those who could not judge are not counted; what the room agreed on stands in for all of a cell.
    """
    cells: dict[tuple[str, str], dict[int, int]] = {}
    rows = db.execute(
        f"""WITH seen AS (SELECT pen, concept, metric, round, value FROM rating WHERE {SEEN})
        SELECT concept, metric, value, count(*) FROM seen WHERE value IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM seen AS later WHERE later.pen = seen.pen AND later.concept = seen.concept
                AND later.metric = seen.metric AND later.round > seen.round)
        GROUP BY concept, metric, value ORDER BY value"""
    )
    for concept, metric, value, people in rows.fetchall():
        cells.setdefault((concept, metric), {})[value] = people
    return cells | {cell: {value: 1} for cell, value in list_agreements(db).items()}


def middle(people: dict[int, int]) -> float:
    """The median of {value: people}, the lowest value first; of an even number halfway between the two middle ones."""
    half, seen, low = sum(people.values()) / 2, 0, None
    for value, count in people.items():
        seen += count
        if low is not None:
            return (low + value) / 2
        if seen > half:
            return value
        if seen == half:
            low = value
    raise ValueError("nobody rated")


def list_efforts(db: Database) -> dict[str, int]:
    """The effort that is still to come, by concept: of every requirement that we do not have yet (METHOD.md §2.7)."""
    return dict(
        db.execute(
            """SELECT concept, sum(CASE WHEN status = 'have' THEN 0 ELSE effort END) FROM requirement
            WHERE archived_at IS NULL GROUP BY concept"""
        ).fetchall()
    )


def read_impacts(db: Database, tried: dict[str, float], *, with_open: int | None = None) -> Impacts | None:
    """What live concepts do to what is counted now; `with_open`: see rate.list_answers."""
    asked = _read_live(db, with_open) if with_open else _read_seen(db)
    if asked is None or not tried:
        return asked
    # whoever tries other weights tries them for everybody
    metrics = [row | {"weight": tried.get(row["ref"], row["weight"])} for row in asked.metrics]
    return replace(asked, metrics=metrics, splits={})


def _read_live(db: Database, with_open: int | None = None) -> Impacts | None:
    return impacts_of(db, list_live(db), strategy.list_metrics(db, "cpi", "kpi"), with_open=with_open)


_read_seen = until_next_action(_read_live)


def impacts_of(
    db: Database, concepts: list[dict], metrics: list[dict], *, with_open: int | None = None
) -> Impacts | None:
    """What these concepts do to these metrics; a later round's rating of a cell replaces an earlier one.

    None while nobody has rated.
    """
    row = {concept["ref"]: i for i, concept in enumerate(concepts)}
    column = {metric["ref"]: i for i, metric in enumerate(metrics)}
    latest = {
        (stream, row[concept], column[metric]): value
        for stream, concept, metric, _round, value in list_answers(db, with_open)
        if concept in row and metric in column
    }
    agreements = {cell: value for cell, value in list_agreements(db).items() if cell[0] in row and cell[1] in column}
    if not agreements and all(value is None for value in latest.values()):
        return None
    streams = sorted({stream for stream, *_cell in latest})
    place = {stream: i for i, stream in enumerate(streams)}
    ratings = np.full((len(streams), len(concepts), len(metrics)), np.nan)
    for (stream, c, m), value in latest.items():
        ratings[place[stream], c, m] = np.nan if value is None else value
    agreed = np.full((len(concepts), len(metrics)), np.nan)
    for (concept, metric), value in agreements.items():
        agreed[row[concept], column[metric]] = value
    cannot = sum(value is None for value in latest.values())
    workshop = prepare.get_workshop(db)
    splits = list_splits(db) if workshop["own_weights"] else {}
    return Impacts(concepts, metrics, ratings, agreed, streams, len(latest), cannot, splits,
                   FIRMNESS[workshop["firmness"]][0], bool(workshop["everyone_decides"]))  # fmt: skip


def rank_impacts(
    asked: Impacts, share: float, efforts: dict[str, int], replays: int, seed: int = SEED
) -> ranking.Ranking:
    effort = np.array([np.nan if (one := efforts.get(row["ref"])) is None else one for row in asked.concepts], float)
    found = _rank(
        asked.ratings, asked.weights(share), customer=asked.customer, effort=effort, own_weights=_own(asked, share),
        **_whatever_the_share(asked, replays, seed),
    )  # fmt: skip
    if share in (0, 100):
        # a group that counts nothing has no weights left to show its own score by
        even = asked.weights(50)
        parts = [ranking.part_score(found.means, even, group) for group in (asked.customer, ~asked.customer)]
        found = replace(found, customer_score=parts[0], business_score=parts[1])
    return found


def orders_at(asked: Impacts, shares: tuple[float, ...], replays: int) -> list[list[int]]:
    """The order at each customer share: places of the concepts in `asked`, best first. Pure."""
    found = _orders(
        asked.ratings, [asked.weights(share) for share in shares], [_own(asked, share) for share in shares],
        **_whatever_the_share(asked, replays, SEED),
    )  # fmt: skip
    return [order.tolist() for order in found]


def _own(asked: Impacts, share: float) -> np.ndarray | None:
    return own_weights(asked.splits, asked.streams, asked.metrics, share)


def _whatever_the_share(asked: Impacts, replays: int, seed: int) -> dict[str, Any]:
    return {
        "participants": asked.streams, "concepts": ids_of(asked.concepts), "metrics": ids_of(asked.metrics),
        "agreed": asked.agreed, "replays": replays, "concentration": asked.concentration, "seed": seed,
        "everyone_decides": asked.everyone_decides,
    }  # fmt: skip


def ids_of(rows: list[dict[str, Any]]) -> list[int]:
    """Refs as numbers: they name the random streams, so that an imported workshop ranks the same."""
    return [int(row["ref"], 36) for row in rows]
