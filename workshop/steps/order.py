"""The order of the concepts: what was rated, handed to the ranking, and given back as people read it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlite_utils import Database

from workshop import ranking, room, withheld
from workshop.remembered import until_next_action
from workshop.steps import prepare, verdict
from workshop.steps.concepts import list_selected
from workshop.steps.flips import nearest_flip
from workshop.steps.further import look_ahead
from workshop.steps.impacts import SEED, Impacts, list_efforts, orders_at, rank_impacts, read_impacts

LIVE_REPLAYS, REVEAL_REPLAYS = 2_000, 10_000
SHARES = (0, 50, 60, 70, 100)


@dataclass(frozen=True)
class RankedConcepts:
    """The order as people read it.

    `rows` best first: ref, name, rank (places as in sport), score, customer_score, business_score (−100…100, or None
    without such metrics), effort (still to come, or None), keeps_promise; and how sure they are, None while fewer than
    five people rated: tier, lo and hi (80% of the score), rank_interval [rank_lo, rank_hi], first_of_100,
    front_of_100 (on the front of impact against effort). `raters` how many people rated; `ratings` and `cannot_judge`
    how many answers. `sentence`, `parting`, `remarks` what came out, in words; `untold` whose scores a shareable
    version leaves out, in words, '' for nobody's. `leading` the first two concepts:
    a, b, a_beats_b_of_100, reading ("clear", "leaning", "too close to call"), or None; `doubt` why they are unsure and
    what would settle it; `flip` which weights would put another one first; `agreement` kendall_w and
    krippendorff_alpha, None where nothing can be compared. `next_cells` (concept, metric) to be rated next.
    `tables` for the analyst; `method` what gives these numbers again; `mode` own_weights (each person's are drawn with
    their ratings) and everyone_decides (the ratings stand).
    """

    rows: list[dict[str, Any]]
    raters: int
    ratings: int
    cannot_judge: int
    customer_share: float
    sentence: str
    parting: str
    remarks: list[str]
    untold: str
    leading: dict[str, Any] | None
    doubt: dict[str, Any] | None
    flip: dict[str, Any] | None
    agreement: dict[str, float | None]
    next_cells: list[tuple[str, str]]
    tables: dict[str, Any] | None
    method: dict[str, Any]
    mode: dict[str, bool]


@until_next_action
def get_ranking(
    db: Database, customer_share: float | None = None, tried: tuple[tuple[str, float], ...] = ()
) -> RankedConcepts | None:
    """The live concepts in their order, at the workshop's customer share or another one.

    `tried`: (metric, weight) pairs that stand in for the stored weights, to see what would happen. None while there
    is no live concept, no metric to rate against, or nobody has rated.
    """
    asked = read_impacts(db, dict(tried))
    if asked is None:
        return None
    share = prepare.get_workshop(db)["customer_share"] if customer_share is None else customer_share
    replays = REVEAL_REPLAYS if room.is_revealed(db, "ranking") and not tried else LIVE_REPLAYS
    efforts = list_efforts(db)
    found = rank_impacts(asked, share, efforts, replays)
    sure = is_sure(asked)
    rows = as_rows(asked.concepts, found, efforts, sure)
    untold = _leave_out(rows, asked)
    leading = _leading(rows, found) if sure else None
    flip = nearest_flip(asked, found, share)
    if flip and {rows[0]["ref"], flip["first"]} & {row["ref"] for row in untold}:
        flip = None  # how far apart their averages are would follow from it
    return RankedConcepts(
        rows=rows,
        raters=len(asked.streams),
        ratings=asked.answers,
        cannot_judge=asked.cannot_judge,
        customer_share=share,
        sentence=verdict.sentence(rows, leading),
        parting=verdict.parting(rows),
        remarks=[*verdict.remarks(asked.concepts, asked.metrics, found, sure), *_taken_as(asked)],
        untold=verdict.untold([row["name"] for row in untold], len(rows)),
        leading=leading,
        doubt=_doubt(asked, found, leading) if leading else None,
        flip=flip,
        agreement=_agreement(asked, share),
        next_cells=[(asked.concepts[c]["ref"], asked.metrics[m]["ref"]) for c, m in found.next_cells.tolist()],
        tables=_tables(asked, found) if sure else None,
        method={"version": ranking.VERSION, "replays": replays, "concentration": asked.concentration,
                "customer_share": share, "seed": SEED},
        mode={"own_weights": bool(asked.splits), "everyone_decides": asked.everyone_decides},
    )  # fmt: skip


def is_sure(asked: Impacts) -> bool:
    """Whether these are enough people to say how sure the order is. Pure."""
    return len(asked.streams) >= ranking.LEAST_RATERS or asked.everyone_decides


def list_passed_over(db: Database, concept: str) -> list[str]:
    """The concepts that stand in a better place than this one and were not chosen, best first."""
    ranking_ = get_ranking(db)
    rows = ranking_.rows if ranking_ else []
    own = next((row["rank"] for row in rows if row["ref"] == concept), None)
    chosen = {row["ref"] for row in list_selected(db)}
    return [row["ref"] for row in rows if own is not None and row["rank"] < own and row["ref"] not in chosen]


@until_next_action
def list_shares(db: Database) -> list[dict[str, Any]]:
    """The order at each customer share: share, refs best first, and the names of the first three."""
    asked = read_impacts(db, {})
    if asked is None:
        return []
    orders = orders_at(asked, SHARES, LIVE_REPLAYS)
    return [
        {"share": share, "refs": [asked.concepts[i]["ref"] for i in order],
         "names": [asked.concepts[i]["name"] for i in order[:3]]}
        for share, order in zip(SHARES, orders, strict=True)
    ]  # fmt: skip


def as_rows(concepts: list[dict], found: ranking.Ranking, efforts: dict, sure: bool) -> list[dict[str, Any]]:
    """The concepts as people read them, best first; see RankedConcepts. Pure."""
    rows: list[dict[str, Any]] = []
    for place, i in enumerate(found.order.tolist(), 1):
        score = _shown(found.score, i)
        level = rows and round(rows[-1]["score"]) == round(score)  # equal numbers share a place
        rows.append(
            {
                "ref": concepts[i]["ref"],
                "name": concepts[i]["name"],
                "rank": int(found.place[i]) if sure else rows[-1]["rank"] if level else place,
                "score": score,
                "customer_score": _shown(found.customer_score, i),
                "business_score": _shown(found.business_score, i),
                "effort": efforts.get(concepts[i]["ref"]),
                "keeps_promise": concepts[i]["keeps_promise"],
            }
            | _certainty(found, i, sure)
        )
    return rows


def _leave_out(rows: list[dict[str, Any]], asked: Impacts) -> list[dict[str, Any]]:
    """Takes the scores out of the rows that rest on fewer people than may be told of (withheld.py); gives those rows.

    One person's ratings could be read from them: each group of metrics has a score of its own.
    """
    heard, counts, few = ~np.isnan(asked.ratings) & np.isnan(asked.agreed), asked.weights(50) > 0, set()
    for group in (asked.customer, ~asked.customer):
        people = heard[:, :, group & counts].any(axis=2).sum(axis=0)
        few |= {asked.concepts[c]["ref"] for c in np.flatnonzero((people > 0) & (people < withheld.fewest.get()))}
    left_out = [row for row in rows if row["ref"] in few]
    for row in left_out:
        row.update(dict.fromkeys(("score", "customer_score", "business_score", "lo", "hi")))
    return left_out


def _certainty(found: ranking.Ranking, i: int, sure: bool) -> dict[str, Any]:
    names = ("tier", "lo", "hi", "rank_interval", "rank_lo", "rank_hi", "first_of_100", "front_of_100")
    if not sure:
        return dict.fromkeys(names)
    lo, hi = (round(float(end) * 100 / 3, 1) for end in found.score_interval[i])
    low, high = found.rank_interval[i].tolist()
    front = None if np.isnan(found.pareto[i]) else _of_100(found.pareto[i])
    first = _of_100(found.rank_acceptability[i, 0])
    return dict(zip(names, (int(found.tier[i]), lo, hi, [low, high], low, high, first, front), strict=True))


def _of_100(part: float) -> int:
    return round(float(part) * 100)


def _shown(score: np.ndarray | None, i: int) -> float | None:
    return None if score is None else round(float(score[i]) * 100 / 3, 1)


def _taken_as(asked: Impacts) -> list[str]:
    said = [verdict.whole_room()] if asked.everyone_decides else []
    split = {stream for given in asked.splits.values() for stream in given} & set(asked.streams)
    return [*said, verdict.own_weights(len(split))] if split else said


def _leading(rows: list[dict[str, Any]], found: ranking.Ranking) -> dict[str, Any] | None:
    if len(rows) < 2:
        return None
    a, b = found.order[:2]
    beats = float(found.pairwise[a, b])
    return {"a": rows[0]["ref"], "b": rows[1]["ref"], "a_beats_b_of_100": _of_100(beats),
            "reading": verdict.reading(beats)}  # fmt: skip


def _doubt(asked: Impacts, found: ranking.Ranking, leading: dict[str, Any]) -> dict[str, Any] | None:
    """Why the first two are unsure; None where they are clear."""
    why = found.why_unsure
    if why is None or leading["reading"] == "clear":
        return None
    pair = found.order[:2]
    beats, after, unrated = look_ahead(asked, found)
    return {
        "reason": why.reason,
        "metric": asked.metrics[why.metric]["ref"],
        "ratings_of_100": _of_100(why.ratings_share),
        "weights_of_100": _of_100(why.weights_share),
        "why": verdict.why(why.reason, asked.metrics[why.metric]["name"], int(found.raters[pair].min())),
        "settles": verdict.settles(why.reason, asked.metrics[why.metric]["name"]),
        "five_minutes": verdict.five_minutes(_of_100(beats), _of_100(after), unrated),
    }


def _agreement(asked: Impacts, share: float) -> dict[str, float | None]:
    people, *cells = asked.ratings.shape
    scores = ranking.persons_scores(asked.ratings, asked.weights(share))
    found = {
        "kendall_w": ranking.kendall_w(scores),
        "krippendorff_alpha": ranking.krippendorff_alpha(asked.ratings.reshape(people, cells[0] * cells[1])),
    }
    return {name: None if np.isnan(value) else round(value, 2) for name, value in found.items()}


def _tables(asked: Impacts, found: ranking.Ranking) -> dict[str, Any]:
    """Counts of 100 in the order of the rows: ranks (concept × rank), pairs (concept × concept, None beyond those that
    were compared), central weights (concept × metric, None for those that never win), confidence, spread and coverage
    of every cell; replayed: for some replays the row numbers, best first."""
    order = found.order
    place = {c: n for n, c in enumerate(order.tolist())}
    hundred = lambda table: [[None if np.isnan(v) else _of_100(v) for v in line] for line in table]  # noqa: E731
    spread = ranking.spread(asked.ratings)[order]
    return {
        "metrics": [metric["ref"] for metric in asked.metrics],
        "ranks": hundred(found.rank_acceptability[order]),
        "pairs": hundred(found.pairwise[np.ix_(order, order)]),
        "central": hundred(found.central_weights[order]),
        "confidence": [None if np.isnan(v) else _of_100(v) for v in found.confidence[order]],
        "spread": [[None if np.isnan(v) else round(float(v), 1) for v in line] for line in spread],
        "coverage": found.coverage[order].tolist(),
        "replayed": [[place[c] for c in line] for line in found.replayed.tolist()],
    }
