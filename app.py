"""Throughline's server: `streamlit run app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from pages import door, house, live

app = st.App("pages/frame.py", routes=live.ROUTES, middleware=[Middleware(door.Door)], lifespan=house.lifespan)
