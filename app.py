"""Throughline's server: `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from pages import door, house, live
from pages.phone import routes as phone

app = st.App(
    "pages/frame.py",
    routes=[*phone.ROUTES, *live.ROUTES],
    middleware=[Middleware(door.Door, open_to_all=phone.OPEN)],
    lifespan=house.lifespan,
    on_script_error=house.say_sorry,
)
