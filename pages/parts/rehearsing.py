"""A rehearsal: the way into it, and the band that says on every page that this is one."""

import streamlit as st

from pages import door
from pages.parts import here
from workshop import journal, rehearsal
from workshop.words import _

PLAN = "room/plan.py"


def button(code: str, key: str) -> None:
    """Begins a rehearsal of this workshop, or goes back to the one that goes on. A co-host sees no other workshop."""
    if door.own_code() or rehearsal.original_of(code):
        return
    going_on = code in rehearsal.list_rehearsals().values()
    name = _("Go on with the rehearsal") if going_on else _("Rehearse it")
    st.button(name, key=key, icon=":material/theater_comedy:", type="tertiary", on_click=_begin, args=(code,),
              help=_("Twelve pretend people answer in a copy, which is thrown away."))  # fmt: skip


def _begin(code: str) -> None:
    if copy := here.attempt(lambda: rehearsal.begin(code, journal.HOST)):
        here.go_to(PLAN, copy)


def band() -> None:
    """On top of every page of a rehearsal."""
    if not rehearsal.is_rehearsal(here.db()):
        return
    with st.container(key="rehearsal", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{_('Rehearsal')}**", width="content")
        st.markdown(_("Twelve pretend people answer. Nothing of this reaches the real workshop."), width="stretch")
        st.button(_("End the rehearsal"), key="end-rehearsal", on_click=_end, args=(here.code(),))


def _end(copy: str) -> None:
    if original := here.attempt(lambda: rehearsal.end(copy), _("The rehearsal is over; nothing of it was kept")):
        here.go_to(PLAN, original)
