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
    known = (
        fields.is_ref(command.decision)
        and db.execute("SELECT 1 FROM decision WHERE ref = ?", [command.decision]).fetchone()
    )
    if not known:
        message = _("“{field}” names {ref}, and there is no such {field}.")
        raise Rejected(Problem("decision", message.format(field="decision", ref=fields.in_short(command.decision))))
    whole = type(command.replays) is int and command.replays >= 1 and type(command.raters) is int
    if not whole or not isinstance(command.weights, dict) or not isinstance(command.places, list):
        raise Rejected(Problem("", _("A kept order has replays, raters, weights by metric and a list of places.")))
    values = [command.decision, str(command.version), command.replays, float(command.concentration), int(command.seed),
              float(command.customer_share), json.dumps(command.weights), command.raters, str(command.sentence),
              json.dumps(command.places, ensure_ascii=False)]  # fmt: skip
    db.execute(
        """INSERT INTO kept_order (decision, version, replays, concentration, seed, customer_share, weights, raters,
            sentence, places) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
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
