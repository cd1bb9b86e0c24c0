"""What this workshop calls its nouns: a popover on the plan."""

import streamlit as st

from pages.parts import here
from workshop.own_names import NameNoun, list_own_names, name_all
from workshop.words import NOUNS, _


def draw() -> None:
    now = {one["noun"]: one["name"] for one in list_own_names(here.db())}
    with st.popover(_("Your own words"), icon=":material/translate:", type="tertiary"):
        st.caption(_("As in the middle of a sentence. It is said so on every page, screen, phone and export."))
        sides = st.columns(2)
        for place, noun in enumerate(NOUNS):
            with sides[place % 2]:
                st.text_input(noun.capitalize(), now.get(noun, ""), max_chars=40, key=f"own-{noun}", placeholder=noun)
                if problem := here.refusal_for(noun, "own-names"):
                    with st.container(key=f"problem-own-{noun}"):
                        st.text(problem)
        st.button(_("Call them so"), key="save-own-names", on_click=save)


def save() -> None:
    commands = [NameNoun(noun, st.session_state[f"own-{noun}"]) for noun in NOUNS]
    here.carry_out(name_all, commands, _("Named what the workshop speaks of"), beside="own-names")
