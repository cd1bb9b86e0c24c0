"""Who is in the room now: who is ready, who is taken off the list, and who came in twice. `draw()` is all of it."""

import streamlit as st

from pages import door
from pages.parts import here
from pages.parts.cards import icon_only
from workshop import merging, people
from workshop.activities import ShowNames, can_be_shown, list_joined, show_names
from workshop.words import _

PANEL_WIDTH = 400


def draw() -> None:
    """One click away, with how many they are beside it: a count in the panel's own name would close it."""
    count = people.count_participants(here.db())
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        panel = st.popover(_("Taking part"), icon=":material/group:", type="tertiary", key="people", on_change="rerun")
        st.caption(str(count), width="content")
    if not panel.open:
        return
    everybody = people.list_participants(here.db())
    names = people.told_apart(everybody)
    ready = {one["id"] for one in list_joined(here.db()) if one["ready"]}
    with panel, st.container(width=PANEL_WIDTH):
        with st.container(gap=None):  # so that a dozen stand in sight, with what follows them
            for one in everybody:
                _person(one, names[one["id"]], ready)
        if len(everybody) > 1:
            _twice(names)
        if can_be_shown(here.db()):
            st.caption(_("What was written bears no names until the end. Once they are shown nothing takes them back."))
            st.button(_("Show the names"), key="show-names", on_click=here.carry_out,
                      args=(show_names, ShowNames(), _("Showed the names beside {ref} answers")))  # fmt: skip


def _person(one: dict, name: str, ready: set[int]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        st.text(name, width="stretch")
        st.caption(_("ready") if one["id"] in ready else "", width="content")
        st.button(**icon_only("person_remove", _("Take off the list; the answers stay")), type="tertiary",
                  key=f"remove-{one['id']}", on_click=here.carry_out,
                  args=(people.archive_participant, people.ArchiveParticipant(one["id"]),
                        _("Took somebody off the list")))  # fmt: skip


def _twice(names: dict[int, str]) -> None:
    """Somebody who came in again as another one."""
    with st.expander(_("The same person twice?"), key="twice"):
        for key, label in (("stays", _("Who stays")), ("goes", _("Who goes"))):
            st.selectbox(label, names, index=None, format_func=names.get, key=f"twice-{key}",
                         placeholder=_("Choose a name"))  # fmt: skip
        st.caption(_("Both phones are the one who stays, and what both wrote. Where both voted, rated or answered, "
                     "the fuller ballot counts, or else that of the one who stays. Whose answers are whose is written "
                     "down nowhere: where the one who goes came in with a phone, nothing takes it back."))  # fmt: skip
        if refused := here.refusal_for("goes", "twice"):
            st.text(refused)
        st.button(_("Make them one"), key="merge", on_click=_merge)


def _merge() -> None:
    stays, goes = st.session_state["twice-stays"], st.session_state["twice-goes"]
    if stays is None or goes is None:
        here.say_no(_("Choose two names: who stays, and who goes."), "goes", "twice")
        return
    command = merging.MergeParticipants(stays, goes)
    merged = here.attempt(lambda: here.with_file(lambda db: merging.merge(db, command, door.giver())), beside="twice")
    if merged:
        back = _(" {count} ballots that were there twice were taken back.").format(count=merged.taken_back)
        said = _("{name} is one person now.").format(name=merged.alias) + back * bool(merged.taken_back)
        st.toast(here.escaped(said), icon=":material/check:")
