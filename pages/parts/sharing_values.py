"""Our values and what customers value, side by side: where they match, and where there is a gap."""

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import empty, handle, label, line, row
from workshop import items
from workshop.steps.principles import MATCHES, compare_values
from workshop.steps.purpose import list_chosen
from workshop.words import _


def draw(page: str, values: list[dict]) -> None:
    """Folded away until somebody looks: a short session does without it."""
    if not values:
        return
    fold = st.expander(_("Do customers value what we value?"), key="sharing-values", on_change="rerun")
    if not fold.open:
        return
    with fold:
        purposes = list_chosen(here.db(), "small")
        st.caption(compare_values(values))
        ours, theirs = st.columns(2, gap="medium")
        with ours:
            st.markdown(f"**{_('What we value')}**")
            for value in values:
                _value(page, value)
        with theirs:
            st.markdown(f"**{_('What customers value')}**")
            for one in purposes:
                with line(f"valued-{one['ref']}", horizontal=True, wrap=False):
                    st.markdown(label(one["ref"]), width="content")
                    st.text(one["text"], width="stretch")
            if not purposes:
                empty(_("What do they come for? It is written down at Purpose."))


def _value(page: str, value: dict) -> None:
    ref = value["ref"]
    with line(f"match-{ref}", gap="xxsmall"):
        with row("xsmall", wrap=False):
            handle(ref, editor.open_at, page, ref, "match_note", key="match")
            st.text(value["name"], width="stretch")
        key = f"choice-match-{ref}-{value['version']}"
        st.segmented_control(_("Do customers share it?"), list(MATCHES), default=value["matches_customer"], key=key,
                             format_func=lambda answer: _(MATCHES[answer]), label_visibility="collapsed",
                             disabled=here.is_closed(), on_change=_mark, args=(ref, value["version"], key))  # fmt: skip
        if value["match_note"]:
            with st.container(key=f"feeling-match-{ref}"):
                st.text(value["match_note"])


def _mark(ref: str, version: int, key: str) -> None:
    edit = items.Edit(ref, version, {"matches_customer": st.session_state[key]})
    here.carry_out(items.edit, edit, _("Marked {ref}"))
