"""The pen: one line, then Enter, as fast as a room calls things out. Its field never waits for the server.

The browser keeps every line until the server has answered for it, and hands over again all that are still open. A
line is stored once however often it comes, for it carries a key of its own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts import here
from workshop.words import _

HTML = """<div class="pen"><label></label><input type="text" autocomplete="off" enterkeyhint="send">
<div role="status"></div></div>"""
# as Streamlit draws its own fields, and with the house's own lines (look.css)
CSS = """
.pen { font-family: var(--st-font); color: var(--st-text-color); }
.pen label { display: block; margin-bottom: .25rem; font-size: .875rem; line-height: 1.5; }
.pen input { display: block; box-sizing: border-box; width: 100%; height: 2.5rem; padding: 0 .75rem; font: inherit;
  font-size: 1rem; color: inherit; background: var(--st-secondary-background-color); border: 1px solid var(--line);
  border-radius: var(--st-base-radius); outline: none; }
.pen input:focus { border-color: var(--st-primary-color); }
.pen input::placeholder { color: inherit; opacity: .6; }
.pen p { margin: .375rem 0 0; font-size: .875rem; line-height: 1.3; overflow-wrap: anywhere; }
.pen .waiting { color: var(--muted); }
.pen .words { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 3; }
.pen .sentence { font-weight: 600; }
.pen button { margin-top: .25rem; padding: 0; font: inherit; font-size: .875rem; color: inherit; background: none;
  border: 0; cursor: pointer; text-decoration: underline; text-underline-offset: .15em; }
"""
JS = (Path(__file__).parents[1] / "pen.js").read_text("utf-8")
# in the page's own tree, not in a shadow of it: Streamlit's keys, such as R, must see that somebody is writing
_field = st.components.v2.component("throughline_pen", html=HTML, css=CSS, js=JS, isolate_styles=False)


def draw(
    name: str, label: str, placeholder: str, handler: Callable, command: Callable[[str], Any], done: str
) -> None:
    """A field for one line after another; each becomes one action of its own, in the order of the Enters.

    `command` makes the command of a line, in the callback: what it adds to the line are the choices of that moment.
    """
    key = key_of(name)

    def heard() -> None:
        take(name, st.session_state[key]["lines"], handler, command, done)

    words = {"label": label, "placeholder": placeholder, "waiting": _("waiting: {text}"), "again": _("Write it again")}
    data = {"name": key, "answers": answers(name), "words": words}
    lines = _field(key=key, data=data, on_lines_change=heard).lines or []
    if any(line["key"] not in answers(name) for line in lines):
        # the first run of a session, after a restart: Streamlit did not know the callback yet (as in here.button)
        heard()
        st.rerun()


def key_of(name: str) -> str:
    return f"pen-{here.code()}-{name}"


def answers(name: str) -> dict[str, str]:
    """For each line of the last hand-over, by its key: '' when it is stored, or why it is not."""
    return st.session_state.setdefault(f"answers-{key_of(name)}", {})


def take(name: str, lines: list[dict[str, str]], handler: Callable, command: Callable[[str], Any], done: str) -> None:
    """Answers for every line (`key`, `text`) that was handed over: all that the browser has no answer for yet."""
    known = answers(name)
    handed = {line["key"] for line in lines}
    for key in known.keys() - handed:
        del known[key]
    for line in lines:
        if line["key"] not in known:
            known[line["key"]] = _carry_out(handler, command(line["text"]), done, line["key"])


def _carry_out(handler: Callable, command: Any, done: str, key: str) -> str:
    """Gives '', or the sentence of the refusal, which the pen says itself."""
    here.carry_out(handler, command, done, beside="pen", key=key)
    refusal = here.refusal("pen")
    here.forget_refusal()
    return str(refusal or "")
