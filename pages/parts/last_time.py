"""In a review: what was said at this step last time, folded above what is said now."""

import streamlit as st

from pages.parts import here
from workshop import review
from workshop.words import _


def draw(slug: str) -> None:
    said = here.unless_refused(lambda: review.said_last_time(here.db(), slug))
    if said:
        with st.expander(f"{_('Last time')} :small[{len(said)}]", icon=":material/history:", key="last-time"):
            for line in said:
                st.text(line)
