"""Who takes part: by role group, so that a voice that is missing is seen while somebody can still be asked."""

import streamlit as st

from pages.parts import here
from pages.parts.cards import line, row
from workshop import people
from workshop.people import GROUPS, ROLES, AddParticipant
from workshop.steps.prepare import count_groups
from workshop.words import _


def draw() -> None:
    everybody = people.list_participants(here.db())
    counts = count_groups(everybody)
    with row("xsmall"):
        st.markdown(f"**{_('Who is in the room')}** :small[{len(everybody)}]", width="content")
        st.space("stretch")
        if not here.is_closed():
            _add()
    present = ", ".join(f"{count} {_(group)}" for group, count in counts.items() if count)
    missing = ", ".join(_(group) for group, count in counts.items() if not count)
    if any(count for group, count in counts.items() if group != "other"):
        st.caption(f"{present}. {_('Nobody from: {groups}.').format(groups=missing)}" if missing else f"{present}.")
    elif everybody:  # then nobody is missed
        st.caption(_("Nobody has said yet where they work."))
    else:
        st.caption(_("A purpose reaches across the whole organisation: somebody from every function, and a customer."))
    if everybody:
        with st.expander(_("By name")):
            for person in everybody:
                with line(f"taking-part-{person['id']}", horizontal=True, wrap=False):
                    st.text(person["alias"], width="stretch")
                    st.caption(", ".join((_(person["group"]), _(person["role_in_room"]))), width="content")


def _add() -> None:
    with st.popover(_("Somebody"), icon=":material/add:", type="tertiary"):
        key = here.fresh("participant")
        st.text_input(_("Name"), key=f"{key}-alias")
        if problem := here.refusal_for("alias", "participant"):
            st.text(problem)
        st.selectbox(_("Role group"), GROUPS, key=f"{key}-group", format_func=_)
        st.selectbox(_("Role in the room"), ROLES, ROLES.index("member"), key=f"{key}-role_in_room", format_func=_)
        st.button(_("Add"), key="add-participant", on_click=_store, args=(key,))


def _store(key: str) -> None:
    given = {name: st.session_state[f"{key}-{name}"] for name in ("alias", "group", "role_in_room")}
    if here.carry_out(people.add_participant, AddParticipant(**given), _("Somebody takes part"), beside="participant"):
        here.renew("participant")
