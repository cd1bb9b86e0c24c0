"""The whole answer: scores, order, and how sure it is."""

from dataclasses import dataclass, replace

import numpy as np

from workshop.ranking import certainty
from workshop.ranking.doubt import Doubt, next_cells, why_unsure
from workshop.ranking.given import Given, checked
from workshop.ranking.replays import Replays, is_even, replay
from workshop.ranking.score import cells, part_score

WATCHED = 24  # replays that a room can watch


@dataclass(frozen=True)
class Ranking:
    """What comes out of `rank`. Scores are in rating units (−3…3); times 100/3 they are what people see. Chances are
    parts of 1, counted over replays; with fewer than five people they say nothing (RANKING.md §3).

    score (C,) · order (C,) indices, best first · tier (C,) 1-based, those of one tier are too close to call ·
    place (C,) 1-based, counted as in sport · rank_acceptability (C, C) [concept, rank] · pairwise (C, C) NaN beyond
    the leading 20 of more than 60 · central_weights (C, M), NaN for those that never win · confidence (C,) the chance
    of being first under the own central weights, NaN under 1 of 100 · rank_interval (C, 2) and score_interval (C, 2),
    the middle 80 of 100 · best_set indices · pareto (C,) chance of lying on the front of impact against effort ·
    severity (P,) how much higher than the others a person rates · raters (C,) people who rated a concept in any way ·
    coverage (C, M) counts · means (C, M) · filled (C, M) cells that nobody rated and that took their column's mean ·
    pull (C,) 1, or less where uneven coverage pulled a score to the mean · customer_score, business_score (C,) or
    None · why_unsure · next_cells (N, 2) [concept, metric] · next_gains (N,) their variance × weight² · replayed
    (24 or fewer, C) the orders of the first replays, to be watched.
    """

    score: np.ndarray
    order: np.ndarray
    tier: np.ndarray
    place: np.ndarray
    rank_acceptability: np.ndarray
    pairwise: np.ndarray
    central_weights: np.ndarray
    confidence: np.ndarray
    rank_interval: np.ndarray
    score_interval: np.ndarray
    best_set: np.ndarray
    pareto: np.ndarray | None
    severity: np.ndarray
    raters: np.ndarray
    coverage: np.ndarray
    means: np.ndarray
    filled: np.ndarray
    pull: np.ndarray
    customer_score: np.ndarray | None
    business_score: np.ndarray | None
    why_unsure: Doubt | None
    next_cells: np.ndarray
    next_gains: np.ndarray
    replayed: np.ndarray


def rank(
    ratings,
    weights,
    *,
    participants=None,
    concepts=None,
    metrics=None,
    own_weights=None,
    customer=None,
    agreed=None,
    effort=None,
    replays: int = 2000,
    concentration: float = 50.0,
    seed: int = 0,
    everyone_decides: bool = False,
) -> Ranking:
    """Scores and order of the concepts, and how sure the order is.

    ratings (P, C, M) of −3…3 or NaN · weights (M,), not negative, of any positive sum · participants, concepts,
    metrics: stable whole numbers that name the random streams, so that the order of rows never matters · own_weights
    (P, M) as each person split them, a row of NaN for none · customer (M,) bool, which metrics are CPIs · agreed
    (C, M) values that stand in for everybody's ratings of a cell, NaN elsewhere · effort (C,), NaN for unknown ·
    concentration: how firm the weights are (200 agreed, 50, 20 still argued about) · everyone_decides: these people
    are all who decide, so their ratings stand and only the weights vary.

    Raises ValueError with the offending value named.
    """
    given = checked(
        ratings, weights, participants=participants, concepts=concepts, metrics=metrics, own_weights=own_weights,
        customer=customer, agreed=agreed, effort=effort, replays=replays, concentration=concentration, seed=seed,
    )  # fmt: skip
    what = cells(given)
    played = replay(given, what, replays=replays, concentration=concentration, seed=seed, firm=everyone_decides)
    order = _best_first(played.base)
    replayed = certainty.orders(played.scores)
    acceptability = certainty.rank_acceptability(replayed)
    tier = certainty.tiers(order, played.scores)
    central = certainty.central_weights(replayed[:, 0], played.weights, len(order))
    best = certainty.best_set(acceptability[:, 0])
    then, gains = next_cells(given, what, best)
    parts = [None, None]
    if given.customer is not None:
        parts = [part_score(what.means, given.weights, group) for group in (given.customer, ~given.customer)]
    found = Ranking(
        score=played.base,
        order=order,
        tier=tier,
        place=certainty.places(tier),
        rank_acceptability=acceptability,
        pairwise=certainty.pairwise(played.scores, played.leading),
        central_weights=central,
        confidence=_confidence(played, central, acceptability[:, 0]),
        rank_interval=certainty.rank_interval(acceptability),
        score_interval=certainty.score_interval(played.scores),
        best_set=best,
        pareto=None if given.effort is None else certainty.front(played.scores, given.effort),
        severity=what.severity,
        raters=given.raters,
        coverage=given.coverage,
        means=what.means,
        filled=what.filled,
        pull=played.pull,
        customer_score=parts[0],
        business_score=parts[1],
        why_unsure=why_unsure(given, what, played, order),
        next_cells=then,
        next_gains=gains,
        replayed=replayed[:WATCHED],
    )
    return _as_given(found, given)


def orders(
    ratings, weightings, own_weights, *, participants, concepts, metrics, agreed, replays: int, concentration: float,
    seed: int, everyone_decides: bool,
) -> list[np.ndarray]:  # fmt: skip
    """The order (C,) that `rank` gives under each of the weightings (N, M), and not how sure it is.

    own_weights holds those of each weighting, (P, M) or None. No weight moves what the ratings say of a cell, so that
    is worked out once; and only where coverage is uneven do replays move a score.
    """
    what, found = None, []
    for weights, own in zip(weightings, own_weights, strict=True):
        given = checked(
            ratings, weights, participants=participants, concepts=concepts, metrics=metrics, own_weights=own,
            customer=None, agreed=agreed, effort=None, replays=replays, concentration=concentration, seed=seed,
        )  # fmt: skip
        what = what or cells(given)
        needed = 1 if is_even(given) else replays
        played = replay(given, what, replays=needed, concentration=concentration, seed=seed, firm=everyone_decides)
        found.append(given.places[1][_best_first(played.base)])
    return found


def _best_first(scores: np.ndarray) -> np.ndarray:
    # rounded before it is compared, so that sums of the same numbers in another order tie
    return np.argsort(-np.round(scores, 9), kind="stable")


def _confidence(played: Replays, central: np.ndarray, first: np.ndarray) -> np.ndarray:
    """(C,): how often a leading concept is first when the weights are its own central ones; NaN for those that are
    first in fewer than 1 of 100 replays, whose central weights are hearsay."""
    confidence = np.full(len(central), np.nan)
    places = np.flatnonzero(first[played.leading] >= 0.01)
    whose = played.leading[places]
    confidence[whose] = played.wins(central[whose], places)
    return confidence


def _as_given(found: Ranking, given: Given) -> Ranking:
    """The answer in the order in which the rows came."""
    p, c, m = given.places
    if all((np.diff(place) > 0).all() for place in given.places):
        return found
    back_p, back_c, back_m = (np.argsort(place) for place in given.places)
    rows = {name: getattr(found, name)[back_c] for name in (
        "score", "tier", "place", "rank_acceptability", "confidence", "rank_interval", "score_interval", "pull",
        "raters",
    )}  # fmt: skip
    tables = {name: getattr(found, name)[np.ix_(back_c, back_m)]
              for name in ("central_weights", "coverage", "means", "filled")}  # fmt: skip
    maybe = {name: None if getattr(found, name) is None else getattr(found, name)[back_c]
             for name in ("pareto", "customer_score", "business_score")}  # fmt: skip
    why = found.why_unsure and replace(
        found.why_unsure,
        first=int(c[found.why_unsure.first]),
        second=int(c[found.why_unsure.second]),
        metric=int(m[found.why_unsure.metric]),
    )
    cells_ = np.stack([c[found.next_cells[:, 0]], m[found.next_cells[:, 1]]], axis=1)
    return replace(
        found, **rows, **tables, **maybe, order=c[found.order], best_set=c[found.best_set], why_unsure=why,
        severity=found.severity[back_p], replayed=c[found.replayed],
        pairwise=found.pairwise[np.ix_(back_c, back_c)], next_cells=cells_,
    )  # fmt: skip
