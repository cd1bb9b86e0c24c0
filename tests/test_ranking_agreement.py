"""Whether people agree: Kendall's W and Krippendorff's α against published examples and against other programs."""

import json
import warnings
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.testing import assert_allclose
from scipy import stats

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own, at its import
    import pingouin

from workshop.ranking import kendall_w, krippendorff_alpha, persons_scores, split_cells, spread

NAN = np.nan
CASE = json.loads((Path(__file__).parent / "cases" / "kendall_w.json").read_text(encoding="utf-8"))
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units
OBSERVERS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
])  # fmt: skip


def test_a_textbooks_four_judges_of_ten_projects():
    judges = np.array(CASE["inputs"]["judges_by_items"])
    assert judges.sum(axis=0).tolist() == CASE["expected"]["rank_sums"]
    assert_allclose(kendall_w(judges), CASE["expected"]["W"], atol=CASE["tolerance"])


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_own_example(level, alpha):
    assert_allclose(krippendorff_alpha(OBSERVERS, level), alpha, atol=5e-4)


judges = st.tuples(st.integers(2, 7), st.integers(2, 6)).flatmap(
    lambda shape: arrays.arrays(float, shape, elements=st.integers(-3, 3).map(float))
)


@given(judges)
def test_w_is_that_of_friedmans_test_as_scipy_corrects_it_for_ties(scores):
    """W = χ² / (m (n − 1)); scipy.stats.friedmanchisquare takes three items or more."""
    m, n = scores.shape
    if n < 3 or any(len(set(judge)) == 1 for judge in scores):
        return  # a judge without a preference leaves scipy's correction, and W, to what the others say
    expected = stats.friedmanchisquare(*scores.T).statistic / (m * (n - 1))
    assert_allclose(kendall_w(scores), expected, atol=1e-9)


def test_w_is_that_of_pingouin():
    chance = np.random.default_rng(3)
    for _turn in range(5):
        scores = chance.integers(-3, 4, (8, 5)).astype(float)
        long = pd.DataFrame(scores).melt(ignore_index=False, var_name="item").rename_axis("judge").reset_index()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pingouin.friedman(data=long, dv="value", within="item", subject="judge")
        assert_allclose(kendall_w(scores), found["W"].iloc[0], atol=1e-9)


@given(
    st.tuples(st.integers(2, 6), st.integers(1, 6)).flatmap(
        lambda shape: arrays.arrays(float, shape, elements=st.integers(1, 4).map(float) | st.just(NAN))
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
@settings(max_examples=150)
def test_alpha_is_that_of_the_krippendorff_package(values, level):
    paired = values[:, np.count_nonzero(~np.isnan(values), axis=0) >= 2]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        assert np.isnan(krippendorff_alpha(values, level)), "where all say the same there is nothing to compare"
        return
    # values that stand in no pair shift nothing for us; the package is asked about the pairs alone
    assert_allclose(
        krippendorff_alpha(values, level), krippendorff.alpha(paired, level_of_measurement=level), atol=1e-9
    )


def test_all_alike_agree_and_none_can_be_compared_where_nobody_prefers_anything():
    assert kendall_w([[1, 2, 3]] * 4) == 1
    assert np.isnan(kendall_w([[1, 1], [2, 2]])) and np.isnan(kendall_w([[1, 2]]))
    assert krippendorff_alpha([[1, 2, 3], [1, 2, 3]]) == 1
    assert np.isnan(krippendorff_alpha([[1, 1], [1, 1]])) and np.isnan(krippendorff_alpha([[NAN, NAN]]))


def test_what_cannot_be_compared_is_refused():
    for ask, sentence in (
        (lambda: kendall_w([1, 2]), "scores have 1 dimensions, expected judges × items"),
        (lambda: kendall_w([[1, NAN], [1, 2]]),
         "scores must be complete: leave out judges who did not judge everything"),
        (lambda: krippendorff_alpha([1, 2]), "values have 1 dimensions, expected raters × units"),
        (lambda: krippendorff_alpha([[1], [2]], "rank"),
         "the level is 'rank', expected one of nominal, ordinal, interval, ratio"),
    ):  # fmt: skip
        with pytest.raises(ValueError) as refusal:
            ask()
        assert str(refusal.value) == sentence


def test_a_persons_own_order_counts_only_where_they_said_something_of_every_concept():
    x = np.array([[[3, NAN], [1, 2]], [[NAN, NAN], [1, 1]], [[0, 2], [2, 0]]], float)
    assert_allclose(persons_scores(x, [0.5, 0.5]), [[3, 1.5], [1, 1]])


def test_a_room_is_split_with_a_quarter_at_each_end():
    cell = lambda *said: np.array(said, float).reshape(-1, 1, 1)  # noqa: E731
    assert split_cells(cell(-1, 0, 0, 2))[0, 0] and split_cells(cell(-2, 0, 0, 1))[0, 0]
    assert not split_cells(cell(-1, 0, 0, 1))[0, 0], "one step to either side is no split"
    assert not split_cells(cell(-1, 0, 0, 0, 2))[0, 0], "one of five is less than a quarter"
    assert not split_cells(cell(NAN, NAN))[0, 0]
    assert_allclose(spread(cell(1, 3, NAN))[0, 0], 2**0.5)
    assert np.isnan(spread(cell(1, NAN))[0, 0])
