"""The order that a decision was made upon, with what gives it again: it can be explained years later."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, store
from workshop.figures import figure
from workshop.problems import Problem, Rejected
from workshop.ranking import VERSION
from workshop.step import Rows
from workshop.steps import strategy
from workshop.steps.impacts import impacts_of, list_efforts, rank_impacts
from workshop.steps.order import as_rows, get_ranking, is_sure
from workshop.steps.weighing import list_splits
from workshop.words import N_, _

STEPS = ("ranking", "requirements", "commitment")  # decisions of which rest on the order
_PRINTED = ("ref", "name", "rank", "tier", "score", "customer_score", "business_score", "effort", "first_of_100",
            "rank_interval")  # fmt: skip
_NAMES = {"name": N_("name"), "rank": N_("place"), "score": N_("score"),
          "customer_score": N_("for customers"), "business_score": N_("for the business"), "effort": N_("effort"),
          "first_of_100": N_("first of 100"), "rank_interval": N_("places in 80 of 100")}  # fmt: skip
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
    own_weights: bool = False
    everyone_decides: bool = False
    raters: int = 0
    kept_at: str = ""
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
        db, KeepOrder(decision, **ranking.method, **ranking.mode, raters=ranking.raters, kept_at=store.now(),
                      sentence=ranking.sentence, weights=weights, places=places)
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
    for name, kind in (("version", str), ("sentence", str), ("kept_at", str), ("weights", dict), ("places", list),
                       ("own_weights", bool), ("everyone_decides", bool)):  # fmt: skip
        if not isinstance(getattr(command, name), kind):
            raise _unlike(name)
    _check_refs(db, "weights", command.weights, "metric")
    _check_refs(db, "places", [row.get("ref") if isinstance(row, dict) else None for row in command.places], "concept")
    if any(type(weight) not in (int, float) or not 0 <= weight <= 100 for weight in command.weights.values()):
        raise _unlike("weights")
    values = vars(command) | {name: json.dumps(getattr(command, name), ensure_ascii=False)
                              for name in ("weights", "places")}  # fmt: skip
    db.execute(
        """INSERT INTO kept_order (decision, version, replays, concentration, seed, customer_share, weights,
            own_weights, everyone_decides, raters, kept_at, sentence, places)
        VALUES (:decision, :version, :replays, :concentration, :seed, :customer_share, :weights,
            :own_weights, :everyone_decides, :raters, :kept_at, :sentence, :places)""",
        values,
    )


def _check_refs(db: Database, name: str, refs: Iterable[Any], table: str) -> None:
    if any(not fields.is_ref(ref) or items.table_of(db, ref) != table for ref in refs):
        raise _unlike(name)


def _unlike(name: str) -> Rejected:
    return Rejected(Problem(name, _("“{field}” is not as a kept order has it.").format(field=name)))


def list_kept(db: Database) -> list[dict[str, Any]]:
    """Every order that a decision was made upon."""
    rows = db.query(
        """SELECT decision, version, replays, concentration, seed, customer_share, own_weights, everyone_decides,
            raters, kept_at, sentence, weights, places
        FROM kept_order ORDER BY id"""
    )
    flags = ("own_weights", "everyone_decides")
    return [
        row | {name: json.loads(row[name]) for name in ("weights", "places")} | {name: row[name] == 1 for name in flags}
        for row in rows
    ]


def list_differences(db: Database, kept: dict[str, Any]) -> list[str]:
    """Works a kept order out again, from its settings and the ratings as they are stored now; what is not as it was
    printed then, in sentences. None: every printed figure is the same."""
    concepts = [items.get_item(db, row["ref"]) for row in kept["places"]]
    metrics = [items.get_item(db, ref) | {"weight": weight} for ref, weight in kept["weights"].items()]
    asked = impacts_of(db, concepts, metrics)
    if asked is None:
        return [_("None of the ratings is here any more.")]
    asked = replace(asked, splits=list_splits(db) if kept["own_weights"] else {}, concentration=kept["concentration"],
                    everyone_decides=kept["everyone_decides"])  # fmt: skip
    efforts = list_efforts(db)
    found = rank_impacts(asked, kept["customer_share"], efforts, kept["replays"], kept["seed"])
    now = {row["ref"]: row for row in as_rows(asked.concepts, found, efforts, is_sure(asked))}
    said = []
    if kept["version"] != VERSION:
        said.append(_("The method was version {then} and is {now}.").format(then=kept["version"], now=VERSION))
    if kept["raters"] != len(asked.streams):
        people = _("{then} people had rated then, {now} have now.")
        said.append(people.format(then=kept["raters"], now=len(asked.streams)))
    changed = db.execute(
        """SELECT count(*) FROM change JOIN journal ON journal.id = change.journal
        WHERE "table" = 'rating' AND journal.kind <> 'start' AND journal.at > ?""",
        [kept["kept_at"]],
    ).fetchone()[0]
    apart = [one for was in kept["places"] if (one := _difference(was, now[was["ref"]]))]
    if changed and apart:
        said.append(_("Ratings that came in or were changed since: {n}.").format(n=changed))
    return [*said, *apart]


def _difference(was: dict[str, Any], now: dict[str, Any]) -> str:
    parts = [
        _("{what} {was}, now {now}").format(what=_(name), was=_figure(was.get(key)), now=_figure(now[key]))
        for key, name in _NAMES.items()
        if was.get(key) != now[key]
    ]
    return f"{was['ref']}: {'; '.join(parts)}." if parts else ""


def _figure(value: Any) -> str:
    if isinstance(value, list):
        return "–".join(map(str, value))
    return "–" if value is None else f"“{value}”" if isinstance(value, str) else figure(value)


KEPT = Rows("kept_orders", KeepOrder, list_kept, keep_order)
