"""Step 13 and the order: each concept rated alone against what we count, then ranked by impact."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlite_utils import Database

from workshop.activities import Offer
from workshop.activities.rate import (
    VALUES,
    RateImpact,
    TakeBackRating,
    check_cell,
    check_value,
    list_answers,
    rate_impact,
    take_back_rating,
)
from workshop.document import Paragraph, Table
from workshop.ranking import Ranking, joined_weights, rank
from workshop.remembered import until_next_action
from workshop.step import Ranked, Rows, Step
from workshop.steps import prepare, strategy
from workshop.steps.concepts import list_live
from workshop.words import N_, _


@dataclass(frozen=True)
class AgreeImpact:
    """A value that the room agreed on; it stands in for everybody's ratings of this cell. None takes it back."""

    concept: str
    metric: str
    value: int | None


@dataclass(frozen=True)
class RankedConcepts:
    """The order as people read it.

    `rows` best first: ref, name, rank, score, customer_score, business_score (−100…100, or None without such
    metrics), effort (sum of its requirements' effort, or None). `raters` how many people rated; `ratings` and
    `cannot_judge` how many answers; `sentence` and `parting` what came out, in words.
    """

    rows: list[dict[str, Any]]
    raters: int
    ratings: int
    cannot_judge: int
    customer_share: float
    sentence: str
    parting: str


def agree_impact(db: Database, command: AgreeImpact) -> None:
    check_value(command.value, "value", VALUES, "−3 … 3")
    check_cell(db, command.concept, command.metric)
    db.execute("DELETE FROM agreement WHERE concept = ? AND metric = ?", [command.concept, command.metric])
    if command.value is not None:
        db.execute(
            "INSERT INTO agreement (concept, metric, value) VALUES (?, ?, ?)",
            [command.concept, command.metric, command.value],
        )


def carry_out_all(db: Database, commands: list[RateImpact | TakeBackRating | AgreeImpact]) -> int:
    """Several cells filled in at once, as one action. Gives how many."""
    handlers = {RateImpact: rate_impact, TakeBackRating: take_back_rating, AgreeImpact: agree_impact}
    for command in commands:
        handlers[type(command)](db, command)
    return len(commands)


def list_agreements(db: Database) -> dict[tuple[str, str], int]:
    """What the room agreed on, by (concept, metric)."""
    return {(row["concept"], row["metric"]): row["value"] for row in _agreement_rows(db)}


def _agreement_rows(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT concept, metric, value FROM agreement ORDER BY id"))


@until_next_action
def get_ranking(db: Database, customer_share: float | None = None) -> RankedConcepts | None:
    """The live concepts in their order, at the workshop's customer share or another one.

    None while there is no live concept, no metric to rate against, or nobody has rated.
    """
    concepts, metrics = list_live(db), strategy.list_metrics(db, "cpi", "kpi")
    share = prepare.get_workshop(db)["customer_share"] if customer_share is None else customer_share
    answers = list_answers(db)
    agreements = list_agreements(db)
    if not concepts or not metrics or not (answers or agreements):
        return None
    ratings, agreed, pens = _as_arrays(concepts, metrics, answers, agreements)
    customer = np.array([metric["kind"] == "cpi" for metric in metrics])
    weights = joined_weights([metric["weight"] or 0 for metric in metrics], customer, share)
    ids = [concept["id"] for concept in concepts]
    result = rank(ratings, weights, concepts=ids, customer=customer, agreed=agreed, participants=pens)
    if share in (0, 100):
        # a group that counts nothing has no weights left to show its own score by
        even = joined_weights([metric["weight"] or 0 for metric in metrics], customer, 50)
        parts = rank(ratings, even, concepts=ids, customer=customer, agreed=agreed, participants=pens)
        result = replace(result, customer_score=parts.customer_score, business_score=parts.business_score)
    rows = _as_rows(concepts, result, list_efforts(db))
    judged = int(result.coverage.sum())
    return (
        RankedConcepts(
            rows, len(pens), len(answers), len(answers) - _judged(answers), share, _sentence(rows), _parting(rows)
        )
        if judged or agreements
        else None
    )


def list_efforts(db: Database) -> dict[str, int]:
    """The effort that is still to come, by concept: of every requirement that we do not have yet (METHOD.md §2.7)."""
    return dict(
        db.execute(
            """SELECT concept, sum(CASE WHEN status = 'have' THEN 0 ELSE effort END) FROM requirement
            WHERE archived_at IS NULL GROUP BY concept"""
        ).fetchall()
    )


def _judged(answers: list[tuple]) -> int:
    return sum(value is not None for *_cell, value in answers)


def _as_arrays(concepts, metrics, answers, agreements) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Ratings (P, C, M), agreed values (C, M), and the pens, in one stable order. A later round replaces an earlier."""
    row = {concept["ref"]: i for i, concept in enumerate(concepts)}
    column = {metric["ref"]: i for i, metric in enumerate(metrics)}
    kept = [answer for answer in answers if answer[1] in row and answer[2] in column]
    pens = sorted({pen for pen, *_cell in kept})
    place = {pen: i for i, pen in enumerate(pens)}
    ratings = np.full((len(pens), len(concepts), len(metrics)), np.nan)
    for pen, concept, metric, value in kept:
        ratings[place[pen], row[concept], column[metric]] = np.nan if value is None else value
    agreed = np.full((len(concepts), len(metrics)), np.nan)
    for (concept, metric), value in agreements.items():
        if concept in row and metric in column:
            agreed[row[concept], column[metric]] = value
    return ratings, agreed, pens


def _as_rows(concepts: list[dict], result: Ranking, efforts: dict[str, int]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for place, i in enumerate(result.order, 1):
        score = _shown(result.score, i)
        # equal numbers share a place, and places are counted as in sport
        rank_ = rows[-1]["rank"] if rows and round(rows[-1]["score"]) == round(score) else place
        rows.append(
            {
                "ref": concepts[i]["ref"],
                "name": concepts[i]["name"],
                "rank": rank_,
                "score": score,
                "customer_score": _shown(result.customer_score, i),
                "business_score": _shown(result.business_score, i),
                "effort": efforts.get(concepts[i]["ref"]),
            }
        )
    return rows


def _shown(score: np.ndarray | None, i: int) -> float | None:
    return None if score is None else round(float(score[i]) * 100 / 3, 1)


def _sentence(rows: list[dict[str, Any]]) -> str:
    first = [row for row in rows if row["rank"] == 1]
    if len(rows) == 1:
        return _("“{a}” scores {x}; there is nothing to compare it with yet.").format(
            a=rows[0]["name"], x=_whole(rows[0]["score"])
        )
    if len(first) > 1:
        names = ", ".join(row["name"] for row in first[:-1])
        return _("{names} and {last} share the first place.").format(names=names, last=first[-1]["name"])
    a, b = rows[0], rows[1]
    return _("{a} comes first with {x}, {b} second with {y}.").format(
        a=a["name"], x=_whole(a["score"]), b=b["name"], y=_whole(b["score"])
    )


def _parting(rows: list[dict[str, Any]]) -> str:
    """Over which concept customers and business part most; '' when one of the two counts nothing."""
    both = [row for row in rows if row["customer_score"] is not None and row["business_score"] is not None]
    if not both:
        return ""
    most = max(both, key=lambda row: abs(row["customer_score"] - row["business_score"]))
    return _("Customers and business part most over {name}: {x} against {y}.").format(
        name=most["name"], x=_whole(most["customer_score"]), y=_whole(most["business_score"])
    )


def _whole(score: float) -> str:
    """People see whole numbers only, with a true minus."""
    return f"{round(score):d}".replace("-", "−")


def shown(db: Database) -> Ranked | None:
    ranking = get_ranking(db)
    return Ranked(ranking.sentence, ranking.rows) if ranking else None


def section(db: Database) -> list:
    ranking = get_ranking(db)
    if not ranking:
        return []
    rows = [
        [str(row["rank"]), row["ref"], row["name"], _whole(row["score"]),
         *("" if row[part] is None else _whole(row[part]) for part in ("customer_score", "business_score")),
         str(row["effort"] or "")]
        for row in ranking.rows
    ]  # fmt: skip
    head = [_("Place"), "", _("Concept"), _("Score"), _("For customers"), _("For the business"), _("Effort")]
    share = _(
        "Score: average rating times agreed weight, −100 to 100; customers’ measures weigh {share} of 100. "
        "{raters} rated."
    )
    return [
        Paragraph(ranking.sentence, "lead"),
        *([Paragraph(ranking.parting)] if ranking.parting else []),
        Table(head, rows, _("Concepts by their impact on what we count")),
        Paragraph(share.format(share=f"{ranking.customer_share:g}", raters=ranking.raters), "quiet"),
    ]


def _to_rate(db: Database) -> dict[str, Any] | None:
    concepts, metrics = list_live(db), strategy.list_metrics(db, "cpi", "kpi")
    if not concepts or not metrics:
        return None
    return {"concepts": [row["ref"] for row in concepts], "metrics": [row["ref"] for row in metrics]}


STEP = Step(
    slug="ranking",
    title=N_("Ranking"),
    minutes=30,
    prompt=N_("Which concepts move what we count?"),
    below=N_("Each rates alone: −3 hurts a lot, 0 no effect, +3 helps a lot, or cannot judge."),
    section=section,
    is_complete=lambda db: get_ranking(db) is not None,
    shown=shown,
    activities=(Offer("rate", N_("Rate"), 15, settings=_to_rate, feed="ranking"),),
    rows=(Rows("agreements", AgreeImpact, _agreement_rows, agree_impact),),
)
