"""A second house beside the real one: same routes, door and lifespan, but its script plays what a page drew.

Run by `streamlit run bench/stage/app.py`. A run's `?stage=` says what it does: `record` runs the real frame and keeps
its tape, `play` draws the tape again, `empty` draws nothing.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages import door, house, live

script = Path(__file__).with_name("script.py")
app = st.App(script, routes=live.ROUTES, middleware=[Middleware(door.Door)], lifespan=house.lifespan)
