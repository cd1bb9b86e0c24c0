"""In a review: what was said last time, folded above what is said now."""

from collections.abc import Callable

import streamlit as st
from sqlite_utils import Database

from pages.parts import here
from workshop import review
from workshop.words import _


def draw(slug: str) -> None:
    """What is asked anew at a step."""
    _draw(lambda db: review.said_last_time(db, slug))


def draw_promise() -> None:
    """Whether the room found its promise kept."""
    _draw(review.promise_last_time)


def _draw(read: Callable[[Database], list[str]]) -> None:
    said = here.unless_refused(lambda: read(here.db()))
    if said:
        with st.expander(f"{_('Last time')} :small[{len(said)}]", icon=":material/history:", key="last-time"):
            for line in said:
                st.text(line)
