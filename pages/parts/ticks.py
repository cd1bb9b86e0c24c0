"""Lines of the room's words that are ticked or opened, under their headings.

They are one element of the page, however many there are: sixty lines made of Streamlit's own parts are 240, and hold up
every run. A tick is of a line under its heading: under another one it is gone, and back when that is undone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts import here
from pages.parts.cards import opens

# as Streamlit draws its own text, buttons and ticks, and with the house's own lines (look.css)
CSS = """
.ticks { font-family: var(--st-font); color: var(--st-text-color); }
.ticks ul { margin: 0; padding: 0; list-style: none; }
.ticks li { display: flex; align-items: flex-start; gap: .5rem; margin: 0; padding: .8125rem 0; font-size: 1rem;
  border-bottom: 1px solid var(--line); scroll-margin-block: 11rem 12rem; }
.ticks input { appearance: none; flex: none; width: 1rem; height: 1rem; margin: .25rem 0 0; cursor: pointer;
  background: var(--surface); border: 1px solid var(--line); border-radius: .25rem; }
.ticks input:checked { background: var(--st-primary-color); border-color: var(--st-primary-color); }
.ticks input:checked::after { content: ""; display: block; height: 100%; background: light-dark(#FFFFFF, #15141A);
  clip-path: polygon(16% 48%, 27% 37%, 42% 53%, 74% 20%, 85% 31%, 42% 75%); }
.ticks .ref { flex: none; padding: 0; font: inherit; font-size: .875rem; font-weight: 600; line-height: 1.375rem;
  color: inherit; background: none; border: 0; border-radius: 4px; cursor: pointer; }
.ticks .ref:hover { box-shadow: 0 0 0 2px var(--line); }
.ticks :focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.ticks .words { flex: 1; min-width: 0; font-family: var(--serif); font-size: 1.0625rem; line-height: 1.34;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.ticks .by { max-width: 50%; font-size: .875rem; line-height: 1.3125rem; color: var(--muted); }
.ticks .heading { margin: 1rem 0 0; font-size: .875rem; font-weight: 600; line-height: 1.3125rem; }
"""
JS = (Path(__file__).parents[1] / "ticks.js").read_text("utf-8")
# in the page's own tree, not in a shadow of it: the listener finds the line of what is open
_component: Any = st.components.v2.component(
    "throughline_ticks", html='<div class="ticks"></div>', css=CSS, js=JS, isolate_styles=False
)


def draw(key: str, rows: list[dict[str, Any]], names: dict[str, str], on_open: Callable[[str], None]) -> None:
    """Items with `ref`, `text` and `heading`, in the order of their headings; `names`: who wrote them, by ref.

    `on_open` is called with the ref whose label is clicked. In a closed workshop nothing is ticked.
    """

    def opened() -> None:
        if ref := st.session_state[key].get("ref"):
            on_open(ref)

    lines = [
        {"ref": row["ref"], "opens": opens(row["ref"]), "text": row["text"], "heading": row["heading"],
         "by": names.get(row["ref"], "")}
        for row in rows
    ]  # fmt: skip
    data = {"lines": lines, "ticks": not here.is_closed(), "ticked": _headings(key)}
    _component(key=key, data=data, on_ticked_change=_nothing, on_ref_change=opened)


def ticked(key: str, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """The refs of these rows that are ticked, in their order."""
    headings = _headings(key)
    return tuple(row["ref"] for row in rows if headings.get(row["ref"]) == row["heading"])


def _headings(key: str) -> dict[str, str]:
    """What was ticked, by ref: the heading that it stood under."""
    return st.session_state.get(key, {}).get("ticked") or {}


def _nothing() -> None:
    """A state needs a callback to exist; what is ticked is read when something is done with it."""
