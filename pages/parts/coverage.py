"""Heat maps of what is covered, as tables that can be read aloud, with the gaps beside them."""

from html import escape

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import line, row, words
from pages.parts.sidebar import has_page
from workshop.agenda import list_agenda
from workshop.coverage import Gap, Grid
from workshop.steps import AskAt, ask_at, in_the_way
from workshop.words import _


def draw_grids(grids: list[Grid]) -> None:
    pages = {one["slug"] for one in list_agenda(here.db()) if has_page(one["slug"])}
    for grid in grids:
        with line(f"grid-{grid.title}", gap="small"):
            with st.container(gap=None):
                st.header(grid.title, anchor=False)
                st.caption(grid.how)
            for place, gap in enumerate(grid.gaps):
                _gap(gap, f"{grid.title}-{place}", gap.step in pages)
            if not grid.gaps:
                st.caption(_("No gaps."))
            st.html(as_table(grid))


def _gap(gap: Gap, key: str, has_page: bool) -> None:
    with row("small", wrap=False):
        words(gap.sentence, "problem", f"gap-{key}")
        if has_page:
            if gap.asks:
                why = in_the_way(here.db())
                here.button(_("Ask the room"), key=f"ask-{key}", icon=":material/forum:", type="tertiary",
                            disabled=bool(why), help=here.escaped(why or gap.prompt) or None, on_click=_ask,
                            args=(gap,))  # fmt: skip
            here.button(gap.button, key=f"close-{key}", icon=":material/arrow_forward:", type="tertiary", on_click=_go,
                        args=(gap,))  # fmt: skip


def _ask(gap: Gap) -> None:
    """Callback: the room is asked at once what would close the gap, and the host is where the answers come in."""
    if here.carry_out(ask_at, AskAt(gap.step, gap.asks, gap.prompt, gap.about), _("Asked the room")):
        here.go_to(f"steps/{gap.step}.py")


def _go(gap: Gap) -> None:
    """Callback: to the page where the gap can be closed, with what closes it open."""
    if gap.table:
        editor.open_new(gap.step, gap.table, **gap.preset)
    elif gap.ref:
        editor.open_item(gap.step, gap.ref)
    here.go_to(f"steps/{gap.step}.py")


def as_table(grid: Grid) -> str:
    """One HTML table; every text in it is escaped. Beside few columns there is room for the rows' names."""
    told = "named" if len(grid.columns) <= 12 else "unseen"
    head = "".join(
        f'<th scope="col" title="{escape(said)}">{_head(ref, said, "unseen")}</th>' for ref, said in grid.columns
    )
    rows = "".join(
        f'<tr><th scope="row" title="{escape(said)}">{_head(ref, said, told)}</th>'
        f"{''.join(map(_cell, cells))}</tr>"
        for (ref, said), cells in zip(grid.rows, grid.cells, strict=True)
    )
    return (
        f'<div class="heat" role="region" tabindex="0" aria-label="{escape(grid.title)}"><table>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(ref: str, said: str, how: str) -> str:
    if not ref:
        return escape(said)
    return f'<b>{escape(ref)}</b><span class="{how}"> {escape(said)}</span>'


def _cell(cell: tuple[str, float] | None) -> str:
    if cell is None:
        return "<td></td>"
    shown, heat = cell
    against = ' class="against"' if heat < 0 else ""
    return f'<td{against} style="--heat:{round(abs(heat) * 100)}%">{escape(shown)}</td>'
