"""What is not chosen: its words on a line, what is asked about them, and the click that chooses them."""

import streamlit as st

from pages.parts import editor, findings
from pages.parts.cards import choose_button, handle, line, row
from workshop.checks.findings import Found


def draw(page: str, candidates: list[tuple[dict, str]], found: dict[str, list[Found]]) -> None:
    """`candidates`: each with what is said of it at the right; `found` as findings.by_ref gives it."""
    for one, said in candidates:
        with line(one["ref"]):
            with row(wrap=False):
                handle(one["ref"], editor.open_item, page, one["ref"])
                st.text(one["text"], width="stretch")
                st.caption(said, width="content")
                choose_button(one["ref"])
            findings.chips(page, one["ref"], found)
