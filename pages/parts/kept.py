"""Orders that decisions were made upon: each can be worked out again, and what is not as it was then is said."""

import streamlit as st

from pages.parts import here
from pages.parts.cards import empty, label, line, row
from workshop.figures import figure
from workshop.steps.kept_order import list_differences, list_kept
from workshop.words import _


def draw() -> None:
    st.markdown(f"**{_('Orders that decisions were made upon')}**")
    orders = list_kept(here.db())
    for one in orders:
        with line(f"kept-{one['decision']}", gap="xxsmall"):
            with row("xsmall", wrap=False):
                st.markdown(label(one["decision"]), width="content")
                st.text(one["sentence"], width="stretch")
                again = st.button(_("Work it out again"), icon=":material/replay:", type="tertiary",
                                  key=f"reproduce-{one['decision']}")  # fmt: skip
            how = _("{day}  ·  {raters} people  ·  customers {share} of 100  ·  method {version}, {replays} replays, "
                    "weights as firm as {firm}, seed {seed}")  # fmt: skip
            st.caption(how.format(day=one["kept_at"][:10] or "–", raters=one["raters"],
                                  share=f"{one['customer_share']:g}", version=here.escaped(one["version"]),
                                  replays=figure(one["replays"]), firm=figure(one["concentration"]),
                                  seed=one["seed"]))  # fmt: skip
            if again:
                _outcome(one)
    if not orders:
        empty(_("None yet. A decision at Ranking, Requirements or Commitment keeps the order of its moment."))


def _outcome(one: dict) -> None:
    differences = list_differences(here.db(), one)
    with st.container(key=f"feeling-reproduced-{one['decision']}"):
        if not differences:
            st.text(_("The same: every place, score and count is as it was printed."))
        for sentence in differences:
            st.text(sentence)
