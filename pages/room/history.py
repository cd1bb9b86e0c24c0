"""What was done, by whom, newest first."""

import streamlit as st

from pages.parts import here
from workshop import journal
from workshop.words import _

SHOWN = 200

st.title(_("What was done"), anchor=False)
for action in journal.list_journal(here.db(), SHOWN):
    with st.container(key=f"line-{action.number}", horizontal=True, gap="small"):
        st.caption(f"{action.at[:16].replace('T', ' ')} UTC", width=150)
        with st.container(key=f"feeling-{action.number}", width=120):
            st.text(action.by)
        st.text(action.what, width="content")
