"""One run on the stage (see app.py)."""

import runpy

import streamlit as st

from bench import tape
from bench.measure import ROOT

PAGES = ROOT / "pages"

match st.query_params.get("stage"):
    case "record":
        with tape.recording(PAGES) as tape.last:
            runpy.run_path(str(PAGES / "frame.py"))
    case "play":
        tape.last.play()
