"""Another workshop beside this one, and what can be carried over from it."""

import streamlit as st

from pages.parts import here
from workshop import compare, store, template
from workshop.exports import html
from workshop.library import Entry, list_library
from workshop.steps.prepare import get_workshop
from workshop.words import _


def draw() -> None:
    """Last time, or any other workshop of the library, beside this one; as it will be printed."""
    others = {entry.code: entry for entry in list_library() if not entry.problem and entry.code != here.code()}
    st.header(_("Beside another workshop"), anchor=False)
    parent = get_workshop(here.db())["parent"]
    if parent and parent not in others:
        missing = _("The workshop that this one looks back at ({code}) is not in this library. Bring its file in.")
        st.caption(missing.format(code=parent))
    if not others:
        st.caption(_("Another year’s workshop in this library can stand here beside this one."))
        return
    codes = list(others)
    chosen = st.selectbox(
        _("Which one?"), codes, codes.index(parent) if parent in codes else None, key="beside",
        format_func=lambda code: _named(others[code]), placeholder=_("Choose a workshop"),
    )  # fmt: skip
    if chosen is None:
        return
    page = here.unless_refused(lambda: html.render(_compared(chosen)))
    if page is None:
        st.caption(_("That workshop cannot be read any more."))
        return
    with st.container(horizontal=True, gap="xsmall"):
        st.download_button(_("Take the comparison along"), page, "beside.html", "text/html", on_click="ignore",
                           icon=":material/download:", type="tertiary", key="take-beside")  # fmt: skip
        if not here.is_closed():
            with st.popover(_("Carry over from it"), icon=":material/move_down:", type="tertiary"):
                st.multiselect(_("What?"), list(template.CARRIED), list(template.CARRIED), key="carry",
                               format_func=lambda kind: _(template.NAMES[kind]))  # fmt: skip
                st.caption(_("What is here already by the same words stays as it is."))
                st.button(_("Carry it over"), key="carry-over", on_click=carry, args=(chosen,))
    st.iframe(page, height=700)


def carry(chosen: str) -> None:
    command = template.CarryOver(chosen, tuple(st.session_state["carry"]))
    here.carry_out(template.carry_over, command, _("Carried over {ref}"))


def _compared(chosen: str):
    with store.open(chosen) as other:
        then = compare.snapshot(other)
    return compare.document(then, compare.snapshot(here.db()))  # in the words of this workshop


def _named(entry: Entry) -> str:
    return " · ".join(filter(None, (entry.title, entry.organisation)))
