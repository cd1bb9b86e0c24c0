"""How sure the order is: replays against a naive reading of the method, exact results, and what must never matter."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, stats
from threadpoolctl import threadpool_info

from workshop.ranking import certainty, flip_any, flip_one, moves, rank, roc_weights, score, split_weights, streams
from workshop.ranking.given import checked
from workshop.ranking.replays import TIE, replay
from workshop.ranking.weights import swing_weights

NAN = np.nan
CASES = Path(__file__).parent / "cases"


def a_workshop(people=7, concepts=4, metrics=3, missing=0.0, seed=1):
    """Ratings in which concepts differ and people are generous or strict; the weights of three measures."""
    chance = np.random.default_rng(seed)
    means = chance.normal(0, 1, (concepts, metrics))
    x = np.clip(np.round(means + chance.normal(0, 0.7, (people, 1, 1)) + chance.normal(0, 1, (people, *means.shape))),
                -3, 3)  # fmt: skip
    x[chance.random(x.shape) < missing] = NAN
    return x, np.arange(1.0, metrics + 1)


def given_of(x, w, **more):
    names = ("participants", "concepts", "metrics", "own_weights", "customer", "agreed", "effort")
    return checked(x, w, **dict.fromkeys(names) | {"replays": 1, "concentration": 1.0, "seed": 0} | more)


# A naive reading of RANKING.md §3, number by number, with the same random numbers


def naive(x, w, *, replays, concentration=50.0, seed=0, own=None, firm=False):
    """(scores (C, B), score (C,)): loops alone, one replay after the other."""
    people, concepts, metrics = x.shape
    w = [one / sum(w) for one in w]
    bias = naive_severity(x)
    y = [[[x[p, c, m] - bias[p] for m in range(metrics)] for c in range(concepts)] for p in range(people)]
    rated = lambda c, m: [p for p in range(people) if not np.isnan(x[p, c, m])]  # noqa: E731
    mean, squares = {}, {}
    for c in range(concepts):
        for m in range(metrics):
            values = [y[p][c][m] for p in rated(c, m)]
            mean[c, m] = sum(values) / len(values)
            squares[c, m] = sum((value - mean[c, m]) ** 2 for value in values)
    s2 = sum(squares.values()) / sum(len(rated(c, m)) - 1 for c, m in mean)
    top = {}
    for c, m in mean:
        n = len(rated(c, m))
        v = (squares[c, m] + 4 * s2) / (n - 1 + 4)
        seen = squares[c, m] / (n * (n - 1)) if n > 1 else 0
        top[c, m] = max(0, v / n - seen)
    raters = [len([p for p in range(people) if any(not np.isnan(x[p, c, m]) for m in range(metrics))])
              for c in range(concepts)]  # fmt: skip
    nu = max(float(np.median(raters)) - 1, 1)
    g = streams.exponentials(seed, np.arange(people), replays).astype(float)
    z = streams.normals(seed, np.arange(concepts), replays).astype(float)
    chi = 2 * streams.gammas(np.array([[nu / 2]]), seed, streams.ROOM, np.array([0]), replays)[0].astype(float)
    drawn = np.empty((concepts, replays))
    for b in range(replays):
        base = [sum(g[p, b] * own[p][m] for p in range(people)) / sum(g[p, b] for p in range(people))
                for m in range(metrics)] if own is not None else w  # fmt: skip
        parts = [streams.gammas(np.full((1, replays), concentration * base[m], np.float32), seed, streams.METRIC,
                                np.array([m]), replays)[0, b] for m in range(metrics)]  # fmt: skip
        wb = [float(part) / float(sum(parts)) for part in parts]
        f = (nu / chi[b]) ** 0.5
        for c in range(concepts):
            total = 0.0
            for m in range(metrics):
                n, who = len(rated(c, m)), rated(c, m)
                a = min(((n + 1) / (n - 1)) ** 0.5 if n > 1 else 3**0.5, 3**0.5)
                d = a * sum(g[p, b] * (y[p][c][m] - mean[c, m]) for p in who) / sum(g[p, b] for p in who)
                total += wb[m] * (mean[c, m] + (0 if firm else f * d))
            extra = sum(wb[m] ** 2 * top[c, m] for m in range(metrics)) ** 0.5
            drawn[c, b] = total + (0 if firm else f * z[c, b] * extra) + TIE * z[c, b]
    score_ = np.array([sum(w[m] * mean[c, m] for m in range(metrics)) for c in range(concepts)])
    if max(raters) > 2 * min(raters):
        away = drawn - drawn.mean(axis=0)
        v = away.var(axis=1, ddof=1)
        tau = max(score_.var(ddof=1) - v.mean(), 0.1 * v.mean())
        pull = tau / (tau + v)
        middle = score_.mean()
        moved = drawn - score_[:, None]
        common = moved.mean(axis=0)
        drawn = (middle + pull * (score_ - middle))[:, None] + common + np.sqrt(pull)[:, None] * (moved - common)
        score_ = middle + pull * (score_ - middle)
    return drawn, score_


def naive_severity(x):
    """b_p by alternating least squares, as RANKING.md §2 says it; 0 for all where nothing is missing."""
    people = range(len(x))
    if not np.isnan(x).any():
        return [0.0 for _p in people]
    b = [0.0 for _p in people]
    for _round in range(10):
        mu = np.nanmean(x - np.array(b)[:, None, None], axis=0)
        left = x - mu
        n = [int((~np.isnan(left[p])).sum()) for p in people]
        raw = [float(np.nansum(left[p]) / n[p]) for p in people]
        s2 = sum(float(np.nansum((left[p] - raw[p]) ** 2)) for p in people) / (sum(n) - mu.size - len(x) + 1)
        vb = float(np.var(raw, ddof=1))
        b = [raw[p] * vb / (vb + s2 / n[p]) for p in people]
        b = [one - sum(b) / len(b) for one in b]
    return b


def uneven():
    x, w = a_workshop(8, 4, 3, 0.1, seed=3)
    x[:6, 3] = NAN  # two people alone have seen the last concept
    return x, w


@pytest.mark.parametrize(
    ("workshop", "more"),
    [
        (a_workshop(), {}),
        (a_workshop(missing=0.25), {}),
        (a_workshop(people=2), {}),
        (a_workshop(), {"concentration": 20.0, "seed": 7}),
        (a_workshop(), {"everyone_decides": True}),
        (a_workshop(missing=0.2), {"own_weights": np.random.default_rng(5).dirichlet([2, 1, 1], 7)}),
        (uneven(), {}),
    ],
    ids=["complete", "missing", "two people", "still arguing", "everyone decides", "own weights", "uneven coverage"],
)
def test_the_fast_replays_are_those_of_the_method(workshop, more):
    x, w = workshop
    replays = 60
    named = {"concentration": 50.0, "seed": 0} | {k: v for k, v in more.items() if k in ("concentration", "seed")}
    firm, own = more.get("everyone_decides", False), more.get("own_weights")
    slow, base = naive(x, w, replays=replays, own=own, firm=firm, **named)
    given_ = given_of(x, w, own_weights=own)
    fast = replay(given_, score.cells(given_), replays=replays, firm=firm, **named)
    assert_allclose(fast.scores, slow, atol=2e-4)
    assert_allclose(fast.base, base, atol=2e-4)
    found = rank(x, w, replays=replays, **more)
    orders = np.argsort(-slow, axis=0)
    expected = np.array([[np.mean(orders[r] == c) for r in range(len(base))] for c in range(len(base))])
    assert_allclose(found.rank_acceptability, expected, atol=1 / replays)
    beats = np.array(
        [[np.mean(slow[a] > slow[b]) if a != b else 0.5 for b in range(len(base))] for a in range(len(base))]
    )
    assert_allclose(found.pairwise, beats, atol=1 / replays)


def test_replays_in_several_chunks_are_those_in_one():
    x, w = a_workshop(missing=0.1)
    many, few = rank(x, w, replays=3000), rank(x, w, replays=1000)
    given_ = given_of(x, w)
    cells = score.cells(given_)
    long = replay(given_, cells, replays=3000, concentration=50.0, seed=0, firm=False)
    short = replay(given_, cells, replays=1000, concentration=50.0, seed=0, firm=False)
    assert_allclose(long.scores[:, :1000], short.scores, atol=1e-5)
    assert many.order.tolist() == few.order.tolist()


def test_the_order_is_the_same_to_the_last_digit_on_any_number_of_cores(monkeypatch):
    x, w = a_workshop(people=120, concepts=20, metrics=10, missing=0.1)
    found = []
    for cores in (1, 2, 3):
        monkeypatch.setattr("workshop.ranking.threads.CORES", cores)
        streams._kept.cache_clear()
        found.append(rank(x, w, replays=10_000))
    one, *more = found
    for other in more:
        for part in ("rank_acceptability", "pairwise", "confidence", "score_interval", "central_weights"):
            assert_array_equal(getattr(other, part), getattr(one, part))
    assert not np.array_equal(rank(x, w, replays=10_000, seed=1).pairwise, one.pairwise)


def test_numpy_wakes_no_threads_of_its_own():
    numpys = [library for library in threadpool_info() if "numpy" in library["filepath"]]
    assert {library["num_threads"] for library in numpys} <= {1}


# Exact and published results


def test_unit_vectors_share_every_rank_and_have_known_central_weights():
    """The geometry of the simplex: concepts as unit vectors under uniform weights (Lahdelma & Salminen 2001)."""
    case = json.loads((CASES / "smaa_unit_vectors.json").read_text(encoding="utf-8"))
    replays = 40_000
    found = rank([case["inputs"]["matrix"]], [1, 1, 1], concentration=3.0, replays=replays, everyone_decides=True)
    tolerance = 4 * (1 / 3 * 2 / 3 / replays) ** 0.5
    assert_allclose(found.rank_acceptability, case["expected"]["rank_acceptability"], atol=tolerance)
    assert_allclose(found.central_weights, case["expected"]["central_weights"], atol=tolerance)


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_sorted_uniform_weights_average_to_the_rank_order_centroid(n):
    """Barron & Barrett 1996: the exact mean of a uniform Dirichlet's weights, sorted."""
    given_ = given_of(np.zeros((1, 1, n)), np.ones(n))
    drawn = replay(given_, score.cells(given_), replays=40_000, concentration=float(n), seed=2, firm=True).weights
    assert_allclose(np.sort(drawn, axis=1)[:, ::-1].mean(axis=0), roc_weights(n), atol=0.004)
    assert_allclose(drawn.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("shape", [0.2, 0.9, 1.0, 2.5, 15.0, 120.0])
def test_gammas_follow_their_law(shape):
    drawn = streams.gammas(np.array([[shape]]), 1, streams.METRIC, np.array([3]), 20_000)[0]
    assert stats.kstest(drawn, stats.gamma(shape).cdf).pvalue > 1e-4
    assert (streams.gammas(np.array([[0.0]]), 1, streams.METRIC, np.array([3]), 50) == 0).all()


def test_people_and_concepts_are_drawn_by_their_laws():
    assert stats.kstest(streams.exponentials(0, np.array([4]), 20_000)[0], stats.expon.cdf).pvalue > 1e-4
    assert stats.kstest(streams.normals(0, np.array([4]), 20_000)[0], stats.norm.cdf).pvalue > 1e-4


def test_a_weight_that_moves_a_little_moves_every_replay_a_little():
    x, w = a_workshop()
    one, other = (
        replay(g, score.cells(g), replays=500, concentration=50.0, seed=0, firm=False).weights
        for g in (given_of(x, w), given_of(x, w + [0, 0, 0.01]))
    )
    # the same random numbers: a fresh draw would differ by some hundredths everywhere
    assert np.quantile(np.abs(one - other), 0.99) < 0.004


def test_a_weight_of_zero_stays_zero():
    x, w = a_workshop()
    given_ = given_of(x, [0, 1, 2])
    assert (
        replay(given_, score.cells(given_), replays=300, concentration=50.0, seed=0, firm=False).weights[:, 0] == 0
    ).all()
    mirrored = x.copy()
    mirrored[:, :, 0] *= -1  # as far apart as before, which is all that may count of it
    assert_array_equal(rank(mirrored, [0, 1, 2]).pairwise, rank(x, [0, 1, 2]).pairwise)


# Weights


def test_what_people_split_silently_becomes_the_median_of_a_hundred():
    splits = [[50, 30, 20], [60, 20, 20], [10, 10, 80], [NAN, NAN, NAN]]
    assert_allclose(split_weights(splits), 100 * np.array([0.5, 0.2, 0.2]) / 0.9)
    assert_allclose(split_weights([[100, 0, 0], [0, 100, 0], [0, 0, 100]]), [100 / 3] * 3)
    for bad, sentence in (([[1, -1]], "a weight is -1.0"), ([[0, 0]], "sum to 0"), ([[NAN, NAN]], "nobody has split")):
        with pytest.raises(ValueError, match=sentence):
            split_weights(bad)


def test_swings_are_relative_to_the_one_that_matters_most():
    """von Winterfeldt & Edwards 1986: 100, 50 and 50 points are weights of a half and two quarters."""
    assert_allclose(swing_weights([100, 50, 50]), [50, 25, 25])
    for bad, sentence in (([80, 50], "must have 100"), ([100, 120], "a swing is 120"), ([100, -1], "a swing is -1")):
        with pytest.raises(ValueError, match=sentence):
            swing_weights(bad)


# Flips


def test_a_flip_worked_by_hand():
    # d = (2, −1, 0), D = 1 − 0.3 = 0.7. First metric: R = (0.7 − 1)/0.5 = −0.6, t = 0.6/2.6 = 3/13, a move of 0.27;
    # second: R = 1/0.7, t = 10/17, a move of 0.29; third: t = 1
    means, w = [[2, 0, 1], [0, 1, 1]], [0.5, 0.3, 0.2]
    metric, rival, new = flip_one(means, w)
    assert (metric, rival) == (0, 1)
    assert_allclose(new, 3 / 13)
    # any weights: each point from the first to the second makes up 3
    assert_allclose(flip_any(means, w, 1), 0.7 / 3)
    taken, to = moves(means, w, 1)
    assert ([metric for metric, _part in taken], to) == ([0], 1)


def test_who_leads_on_every_metric_leads_under_any_weights():
    assert flip_one([[2, 2], [1, 1]], [1, 1]) is None
    assert flip_any([[2, 2], [1, 1]], [1, 1], 1) == np.inf


means_of = arrays.arrays(float, (3, 4), elements=st.integers(-6, 6).map(lambda v: v / 2))
weights_of = arrays.arrays(float, 4, elements=st.integers(1, 9).map(float))


@given(means_of, weights_of)
def test_the_least_weight_to_move_is_that_of_a_linear_programme(means, w):
    """scipy's solver: the least Σ|v − w|/2 over weights v ≥ 0 that sum to 1 and put the rival level."""
    w = w / w.sum()
    leader = int(np.argmax(np.round(means @ w, 9)))
    for rival in set(range(3)) - {leader}:
        d = means[leader] - means[rival]
        away = np.ones(4) / 2
        solved = optimize.linprog(
            np.concatenate([away, away]),
            A_eq=[np.concatenate([d, -d]), np.concatenate([np.ones(4), -np.ones(4)])], b_eq=[-(d @ w), 0],
            bounds=[(0, None)] * 4 + [(0, one) for one in w],
        )  # fmt: skip
        assert_allclose(flip_any(means, w, rival), solved.fun if solved.status == 0 else np.inf, atol=1e-6)


@given(means_of, weights_of)
def test_at_a_flip_both_are_level_and_before_it_they_are_not(means, w):
    w = w / w.sum()
    leader, found = int(np.argmax(np.round(means @ w, 9))), flip_one(means, w)
    if found is None:
        return
    metric, rival, new = found
    v = w * (1 - new) / (1 - w[metric])
    v[metric] = new
    assert_allclose(means[leader] @ v, means[rival] @ v, atol=1e-9)


# Counting


def test_tiers_start_where_the_leader_clearly_beats_and_places_are_counted_as_in_sport():
    tier = np.array([1, 1, 2, 3, 3])
    assert certainty.places(tier).tolist() == [1, 1, 3, 4, 4]
    steps = np.arange(100) / 100
    scores = np.array([steps + 1.0, steps[::-1] + 0.9, steps * 0 + 0.95, steps - 5])
    # the first beats the second in half of the replays, the third always; the third leads the next tier
    assert certainty.tiers(np.array([0, 1, 2, 3]), scores).tolist() == [1, 1, 2, 3]


def test_ranks_intervals_best_set_and_front_are_counted_over_replays():
    scores = np.array([[3.0, 3, 3, 0, 3], [2, 2, 2, 2, 2], [1, 1, 1, 1, 4]])
    order = certainty.orders(scores)
    assert order.tolist() == [[0, 1, 2], [0, 1, 2], [0, 1, 2], [1, 2, 0], [2, 0, 1]]
    b = certainty.rank_acceptability(order)
    assert_allclose(b, [[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]])
    assert certainty.rank_interval(b).tolist() == [[1, 3], [1, 3], [1, 3]]
    assert certainty.best_set(np.array([0.02, 0.7, 0.25, 0.03])).tolist() == [1, 2]
    assert certainty.best_set(np.array([1.0, 0])).tolist() == [0]
    # the second costs least and is always on the front; the third never costs less than one that scores more, but once
    assert_allclose(certainty.front(scores, np.array([5.0, 1, 7])), [0.8, 1, 0.2])
    assert np.isnan(certainty.front(scores, np.array([5.0, 1, NAN]))[2])


@pytest.mark.parametrize("count", [61, 300])
def test_many_concepts_are_compared_pair_by_pair_among_the_leading_twenty(count):
    chance = np.random.default_rng(0)
    x = np.clip(np.round(chance.normal(np.linspace(2, -2, count)[None, :, None], 1, (6, count, 2))), -3, 3)
    found = rank(x, [1, 1], replays=200)
    compared = ~np.isnan(found.pairwise)
    leading = np.sort(found.order[:20])
    assert_array_equal(np.flatnonzero(compared.any(axis=1)), leading)
    assert_allclose(found.rank_acceptability.sum(axis=0), 1)
    assert_allclose(found.rank_acceptability.sum(axis=1), 1)


# What is small, empty or level


@pytest.mark.parametrize(
    ("ratings", "weights"),
    [([[[2]]], [1]), ([[[2, NAN]]], [1, 1]), ([[[1], [1]]], [1]), (np.zeros((6, 3, 2)), [1, 1]),
     (np.full((3, 2, 2), NAN), [1, 1]), (np.empty((0, 2, 2)), [1, 1]), ([[[3], [NAN]], [[NAN], [-3]]], [1])],
    ids=["one of each", "a metric without ratings", "one person, level", "all level", "nothing rated", "nobody",
         "nobody rated what another did"],
)  # fmt: skip
def test_small_and_empty_rooms_are_ranked_without_an_odd_number(ratings, weights):
    found = rank(ratings, weights, replays=500)
    assert np.isfinite(found.score).all() and np.isfinite(found.pairwise).all()
    assert_allclose(found.rank_acceptability.sum(axis=1), 1)
    assert (found.tier >= 1).all() and found.place.min() == 1


def test_equal_concepts_take_turns():
    found = rank(np.ones((6, 3, 2)), [1, 1], replays=3000)
    assert_allclose(found.rank_acceptability, np.full((3, 3), 1 / 3), atol=4 * (2 / 9 / 3000) ** 0.5)
    assert found.tier.tolist() == [1, 1, 1] and found.place.tolist() == [1, 1, 1]


def test_what_the_room_agreed_claims_no_certainty():
    x, w = a_workshop()
    agreed = np.full((4, 3), NAN)
    agreed[0] = 3
    found = rank(x, w, agreed=agreed)
    assert_allclose(found.score[0], 3)
    low, high = found.score_interval[0]
    assert low < 2.9 and high > 3.0, "an agreed value is as uncertain as an ordinary cell"


def test_a_seed_an_id_or_a_weight_of_ones_own_that_cannot_be_is_refused():
    x = np.zeros((2, 1, 2))
    for more, sentence in (
        ({"seed": -1}, "the seed is -1, expected a whole number, 0 or more"),
        ({"participants": [0, -2]}, "participants must be whole numbers, 0 or more"),
        ({"own_weights": [[1, 1], [-1, 2]]}, "a weight is -1.0, expected 0 or more"),
        ({"own_weights": [[1, 1], [0, 0]]}, "the weights of one person sum to 0"),
        ({"own_weights": [[1, 1], [1, NAN]]}, "a weight is nan, expected 0 or more"),
    ):
        with pytest.raises(ValueError) as refusal:
            rank(x, [1, 1], **more)
        assert str(refusal.value) == sentence


# Why it is unsure


def test_split_people_disputed_weights_and_few_votes_are_told_apart():
    agree = np.ones((12, 2, 2))
    agree[:, 0] = [2, -1]
    agree[:, 1] = [-1, 1.9]  # everybody says the same; the weights alone decide
    assert rank(agree, [1, 1], concentration=20).why_unsure.reason == "weights"
    torn = np.full((12, 2, 2), 1.0)
    torn[::2, 0, 0], torn[1::2, 0, 0] = 3, -2  # the first concept's first metric splits the room
    why = rank(torn, [1, 1], concentration=200).why_unsure
    assert (why.reason, why.metric) == ("votes", 0)
    few = np.random.default_rng(2).integers(-1, 2, (5, 2, 2)).astype(float)
    assert rank(few, [1, 1], concentration=200).why_unsure.reason == "few"
    assert rank([[[1]]], [1]).why_unsure is None


def test_what_is_asked_next_is_heavy_thinly_rated_and_in_the_running():
    x, _w = a_workshop(people=9)
    x[3:, 0, 2] = NAN
    x[:, 3] = -3
    found = rank(x, [1, 1, 2])
    assert found.next_cells[0].tolist() == [0, 2]
    assert 3 not in found.next_cells[:, 0], "who cannot be first is not asked about"
    assert 2 not in rank(x, [1, 1, 0]).next_cells[:, 1], "what weighs nothing is not asked about"


# What must never matter


def rooms(missing=True):
    value = st.integers(-3, 3).map(float)
    values = st.one_of(value, value, value, st.just(NAN)) if missing else value
    shapes = st.tuples(st.integers(1, 7), st.integers(2, 5), st.integers(1, 4))
    return shapes.flatmap(lambda shape: st.tuples(
        arrays.arrays(float, shape, elements=values),
        arrays.arrays(float, shape[2], elements=st.integers(1, 100).map(float)),
    ))  # fmt: skip


FIELDS = ("score", "tier", "place", "rank_acceptability", "confidence", "rank_interval", "score_interval")


@given(rooms(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_reordering_people_concepts_and_metrics_changes_nothing_at_all(room, chance):
    x, w = room
    p, c, m = (list(range(n)) for n in x.shape)
    for one in (p, c, m):
        chance.shuffle(one)
    effort = np.arange(x.shape[1]) % 3 + 1.0
    once = rank(x, w, replays=200, effort=effort)
    again = rank(x[np.ix_(p, c, m)], w[m], participants=p, concepts=c, metrics=m, effort=effort[c], replays=200)
    for name in FIELDS:
        assert_array_equal(getattr(again, name), getattr(once, name)[c], name)
    assert_array_equal(again.pairwise, once.pairwise[np.ix_(c, c)])
    assert_array_equal(again.central_weights, once.central_weights[np.ix_(c, m)])
    assert_array_equal(again.severity, once.severity[p])
    assert_array_equal(again.pareto, once.pareto[c])
    assert [c[i] for i in again.order] == once.order.tolist()
    assert [c[i] for i in again.best_set] == once.best_set.tolist()
    assert [(c[i], m[j]) for i, j in again.next_cells] == [tuple(cell) for cell in once.next_cells.tolist()]


@given(rooms())
@settings(max_examples=40)
def test_asking_again_gives_the_same_numbers(room):
    x, w = room
    one, other = rank(x, w, replays=200), rank(x, w, replays=200)
    for name in (*FIELDS, "pairwise", "central_weights"):
        assert_array_equal(getattr(one, name), getattr(other, name))


@given(st.lists(st.integers(0, 2**48), min_size=2, max_size=8, unique=True), st.integers(0, 2**32))
def test_another_person_moves_nobody_elses_numbers(ids, seed):
    ids = np.sort(np.array(ids))
    fewer, more = streams.exponentials(seed, ids[1:], 50), streams.exponentials(seed, ids, 50)
    assert_array_equal(more[1:], fewer)
    assert not np.array_equal(more[0], more[1])
    assert not np.array_equal(streams.normals(seed, ids, 50), more), "a concept of the same id is another stream"


@given(rooms(), st.sampled_from([1e-3, 0.5, 64.0, 1e6]))
@settings(max_examples=40)
def test_scaling_the_weights_changes_nothing(room, factor):
    x, w = room
    once, again = rank(x, w, replays=200), rank(x, w * factor, replays=200)
    assert_allclose(again.rank_acceptability, once.rank_acceptability, atol=1 / 200)
    assert again.order.tolist() == once.order.tolist()


@given(rooms(missing=False), st.lists(st.integers(-3, 3), min_size=28, max_size=28))
@settings(max_examples=40)
def test_with_complete_ratings_another_concept_leaves_the_others_as_they_were(room, more):
    x, w = room
    added = np.resize(np.array(more, float), (x.shape[0], 1, x.shape[2]))
    once, again = rank(x, w, replays=200), rank(np.concatenate([x, added], axis=1), w, replays=200)
    assert [i for i in again.order if i < x.shape[1]] == once.order.tolist()


@given(rooms(missing=False), st.integers(0, 4))
@settings(max_examples=40)
def test_a_dominating_concept_is_never_second(room, which):
    x, w = room
    best = which % x.shape[1]
    x = np.minimum(x, 2)
    x[:, best] = 3
    found = rank(x, w, replays=200)
    assert found.order[0] == best and found.tier[best] == 1
    assert rank(x, w, replays=200, everyone_decides=True).rank_acceptability[best, 0] == 1


@given(rooms())
@settings(max_examples=40)
def test_chances_are_chances(room):
    x, w = room
    found = rank(x, w, replays=200)
    assert_allclose(found.rank_acceptability.sum(axis=0), 1)
    assert_allclose(found.rank_acceptability.sum(axis=1), 1)
    assert_allclose(found.pairwise + found.pairwise.T, 1)
    assert (np.diff(found.rank_interval, axis=1) >= 0).all() and (np.diff(found.score_interval, axis=1) >= 0).all()
    tiers = found.tier[found.order]
    assert (np.diff(tiers) >= 0).all() and tiers[0] == 1
    assert found.rank_acceptability[found.best_set, 0].sum() >= 0.9 - 1e-9


def test_where_coverage_is_uneven_what_all_concepts_share_tells_none_apart():
    x = np.full((6, 3, 3), np.nan)
    x[:, [0, 2], ::2] = 2  # two that everybody rates alike, one that nobody rates and that stands at their average
    found = rank(x, [0.3, 0.3, 0.4], concepts=[505, 506, 507], replays=4_000)
    assert (found.pull < 1).all() and len(set(found.pull.tolist())) == 3
    assert np.abs(found.rank_acceptability - 1 / 3).max() < 0.03, "no place belongs to anyone"
