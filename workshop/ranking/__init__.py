"""Ranking concepts by their impact on what customers count and what the company counts. Pure numpy.

The base is a sentence that anyone can repeat: average rating times agreed weight. Everything else says how far to
trust it.
"""

from workshop.ranking.agreement import kendall_w, krippendorff_alpha, persons_scores, split_cells, spread
from workshop.ranking.certainty import CLEAR, LEANING
from workshop.ranking.doubt import after_more
from workshop.ranking.flip import flip_any, flip_one, moves
from workshop.ranking.order import Ranking, orders, rank
from workshop.ranking.score import part_score
from workshop.ranking.weights import as_points, joined_weights, roc_weights, split_weights, swing_weights

VERSION = "1"  # of the method: another one may give other numbers for the same ratings
LEAST_RATERS = 5  # fewer people say nothing about how sure an order is

__all__ = [
    "CLEAR",
    "LEANING",
    "LEAST_RATERS",
    "VERSION",
    "Ranking",
    "after_more",
    "as_points",
    "flip_any",
    "flip_one",
    "joined_weights",
    "kendall_w",
    "krippendorff_alpha",
    "moves",
    "orders",
    "part_score",
    "persons_scores",
    "rank",
    "roc_weights",
    "split_cells",
    "split_weights",
    "spread",
    "swing_weights",
]
