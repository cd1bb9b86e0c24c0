"""The search field, and what was found."""

import streamlit as st

from pages.parts import here
from pages.parts.cards import label
from workshop import search
from workshop.words import _

SHOWN = 12


def draw(code: str | None, place: str) -> bool:
    """A search field over one workshop (or all, without a code); whether something is being looked for."""
    asked = st.text_input(_("Search"), key=f"search-{place}", placeholder=_("Search"), label_visibility="collapsed",
                          icon=":material/search:")  # fmt: skip
    if not asked.strip():
        return False
    with st.spinner(_("Reading the library …")):  # seconds, where hundreds of workshops were never read before
        hits = here.unless_refused(lambda: search.search(asked, code)) or []
    for number, hit in enumerate(hits[:SHOWN]):
        with st.container(key=f"line-hit-{place}-{number}", horizontal=True, vertical_alignment="center", wrap=False):
            if hit.ref:
                st.markdown(label(hit.ref), width="content")
            with st.container(gap=None, width="stretch"):
                st.text(hit.name)
                with st.container(key=f"feeling-hit-{place}-{number}"):
                    st.text(" · ".join(filter(None, ("" if code else hit.title, hit.around)))[:160])
            st.button(_("Open"), key=f"hit-{place}-{number}", type="tertiary", on_click=open_hit, args=(hit, place))
    if not hits:
        st.caption(_("Nothing has all of these words."))
    elif len(hits) > SHOWN:
        st.caption(_("The {count} best of them. Another word finds it sooner.").format(count=SHOWN))
    return True


def open_hit(hit: search.Hit, place: str) -> None:
    """To the item on its step's page; to the first page of the method where the workshop itself was found.

    The panel that it was found in closes: it would cover the item, and take the Esc that is meant for it.
    """
    st.session_state[f"searching-{place}"] = False
    here.go_to(f"steps/{hit.step or 'purpose'}.py", hit.code, hit.ref)
