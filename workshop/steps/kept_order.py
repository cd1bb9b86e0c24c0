"""The order that a decision was made upon, with what gives it again: it can be explained years later."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import fields
from workshop.problems import Problem, Rejected
from workshop.step import Rows
from workshop.steps import strategy
from workshop.steps.order import get_ranking
from workshop.words import _

STEPS = ("ranking", "requirements", "commitment")  # decisions of which rest on the order
_PRINTED = ("ref", "name", "rank", "tier", "score", "customer_score", "business_score", "effort", "first_of_100",
            "rank_interval")  # fmt: skip
_LIMITS = {"replays": (int, 1, 10**9), "concentration": (int | float, 1e-9, 1e9), "seed": (int, 0, 2**62),
           "customer_share": (int | float, 0, 100), "raters": (int, 0, 10**9)}  # fmt: skip


@dataclass(frozen=True)
class KeepOrder:
    """`weights` by metric; `places` the concepts, best first, as they were printed."""

    decision: str
    version: str = ""
    replays: int = 1
    concentration: float = 1.0
    seed: int = 0
    customer_share: float = 0.0
    raters: int = 0
    sentence: str = ""
    weights: dict[str, float] = field(default_factory=dict)
    places: list[dict[str, Any]] = field(default_factory=list)


def keep(db: Database, decision: str) -> None:
    """Stores the order of this moment with a decision; without an order, nothing."""
    ranking = get_ranking(db)
    if not ranking:
        return
    weights = {metric["ref"]: metric["weight"] or 0 for metric in strategy.list_metrics(db, "cpi", "kpi")}
    places = [{name: row[name] for name in _PRINTED} for row in ranking.rows]
    keep_order(
        db, KeepOrder(decision, **ranking.method, raters=ranking.raters, sentence=ranking.sentence, weights=weights,
                      places=places)
    )  # fmt: skip


def keep_order(db: Database, command: KeepOrder) -> None:
    """Stores an order as it was printed. Raises Rejected."""
    sql = "SELECT 1 FROM decision WHERE ref = ?"
    if not fields.is_ref(command.decision) or not db.execute(sql, [command.decision]).fetchone():
        message = _("“{field}” names {ref}, and there is no such {field}.")
        raise Rejected(Problem("decision", message.format(field="decision", ref=fields.in_short(command.decision))))
    for name, (kind, least, most) in _LIMITS.items():
        value = getattr(command, name)
        if not isinstance(value, kind) or isinstance(value, bool) or not least <= value <= most:
            message = _("“{field}” must be a number from {least} to {most}.")
            raise Rejected(Problem(name, message.format(field=name, least=least, most=most)))
    for name, kind in (("version", str), ("sentence", str), ("weights", dict), ("places", list)):
        if not isinstance(getattr(command, name), kind):
            raise Rejected(Problem(name, _("“{field}” is not as a kept order has it.").format(field=name)))
    values = vars(command) | {name: json.dumps(getattr(command, name), ensure_ascii=False)
                              for name in ("weights", "places")}  # fmt: skip
    db.execute(
        """INSERT INTO kept_order (decision, version, replays, concentration, seed, customer_share, weights, raters,
            sentence, places) VALUES (:decision, :version, :replays, :concentration, :seed, :customer_share, :weights,
            :raters, :sentence, :places)""",
        values,
    )


def list_kept(db: Database) -> list[dict[str, Any]]:
    """Every order that a decision was made upon."""
    rows = db.query(
        """SELECT decision, version, replays, concentration, seed, customer_share, raters, sentence, weights, places
        FROM kept_order ORDER BY id"""
    )
    return [row | {name: json.loads(row[name]) for name in ("weights", "places")} for row in rows]


KEPT = Rows("kept_orders", KeepOrder, list_kept, keep_order)
