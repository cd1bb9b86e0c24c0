"""Ranking concepts by their impact on what customers count and what the company counts. Pure numpy.

The base is a sentence that anyone can repeat: average rating times agreed weight.
"""

from workshop.ranking.score import Ranking, rank
from workshop.ranking.weights import joined_weights, roc_weights

__all__ = ["Ranking", "joined_weights", "rank", "roc_weights"]
