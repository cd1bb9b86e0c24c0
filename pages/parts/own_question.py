"""The host's own question, in the panel *Ask the room*: what, of which kind, how long, and of what."""

import streamlit as st

from pages.parts import here
from workshop.own_question import AskOwnQuestion, ask_own_question, list_choices
from workshop.words import N_, _

# what is chosen from: the kind of activity and, of a pulse, its scale
KINDS = {
    ("write", ""): N_("Write: short texts, in silence"),
    ("vote", ""): N_("Vote: dots"),
    ("split", ""): N_("Split: 100 points"),
    ("rate", ""): N_("Rate: concepts against what we count"),
    ("pulse", "yes"): N_("Pulse: yes, partly, no"),
    ("pulse", "kept"): N_("Pulse: kept, partly, broken"),
    ("pulse", "number"): N_("Pulse: 0 to 10"),
    ("pulse", "words"): N_("Pulse: in their own words"),
}


def draw(step: str) -> None:
    with st.expander(_("A question of your own"), key=f"own-question-{step}"):
        key = here.fresh(f"own-{step}")
        st.text_area(_("What do you ask?"), key=f"{key}-prompt", height=80)
        kind = st.selectbox(_("How is it answered?"), list(KINDS), format_func=lambda one: _(KINDS[one]),
                            key=f"{key}-kind")  # fmt: skip
        if kind[0] in ("vote", "split", "pulse"):
            named = {row["ref"]: row["text"] for row in list_choices(here.db(), step)}
            label = _("What of? (empty: one question)") if kind[0] == "pulse" else _("What is there to choose from?")
            st.multiselect(label, named, key=f"{key}-targets", format_func=lambda ref: f"{ref} {named[ref]}")
        if kind[0] == "vote":
            st.number_input(_("Dots for each person"), 1, 100, 3, key=f"{key}-dots")
            st.number_input(_("At most on one line"), 1, 100, 1, key=f"{key}-cap")
        if kind[0] == "pulse" and kind[1] != "words":
            st.checkbox(_("And a few words of their own"), key=f"{key}-words")
        st.number_input(_("Minutes"), 0, 240, 4, key=f"{key}-minutes")
        if refusal := here.refusal("own-question"):
            with st.container(key="problem-own-question"):
                st.text(str(refusal))
        st.button(_("Ask it"), key=f"ask-own-{step}", on_click=_ask, args=(step, key))


def _ask(step: str, key: str) -> None:
    names = ("prompt", "targets", "dots", "cap", "words", "minutes")
    given = {name: st.session_state[f"{key}-{name}"] for name in names if f"{key}-{name}" in st.session_state}
    kind, scale = st.session_state[f"{key}-kind"]
    targets = tuple(given.pop("targets", ()))
    command = AskOwnQuestion(step=step, kind=kind, scale=scale or "yes", targets=targets, **given)
    if here.carry_out(ask_own_question, command, _("Opened: a question of our own"), beside="own-question"):
        here.renew(f"own-{step}")
        st.session_state["ask"] = False  # the panel that this stands in
