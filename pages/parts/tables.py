"""Figures as a table that a screen reader reads; every word in it is escaped."""

from html import escape

import streamlit as st

from workshop.words import _


def draw(
    caption: str, head: list[str], rows: list[list], *, strong: frozenset[int] = frozenset(), words: bool = False
) -> None:
    """The first column heads its row; `strong` are the rows that stand out; `words` says that the cells hold words."""
    titles = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in head)
    body = "".join(
        f'<tr{" class=strong" if number in strong else ""}><th scope="row">{escape(str(line[0]))}</th>'
        + "".join(f"<td>{'–' if cell is None else escape(str(cell))}</td>" for cell in line[1:])
        + "</tr>"
        for number, line in enumerate(rows)
    )
    st.html(
        f'<div class="figures{" words" if words else ""}" tabindex="0"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def fold(caption: str, head: list[str], rows: list[list]) -> None:
    """The table behind a picture."""
    with st.expander(_("As a table")):
        draw(caption, head, rows)
