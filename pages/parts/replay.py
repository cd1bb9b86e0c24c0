"""Replays to be watched: the concepts change places as they do when the workshop is held again."""

from html import escape

import streamlit as st

from pages.parts.cards import drawing
from workshop.charts import cut
from workshop.palette import ground, ink
from workshop.steps.order import RankedConcepts
from workshop.words import _

ROW, SECONDS = 30, 0.9  # px, and how long a replay stands


def draw(ranking: RankedConcepts, mode: str) -> None:
    key = "replay"
    if st.button(_("Watch replays"), icon=":material/replay:", key=key):
        orders = ranking.tables["replayed"]
        st.caption(
            _("{n} replays of this workshop, one after the other; then the order as it stands.").format(n=len(orders))
        )
        drawing(moving(ranking.rows, orders, mode), "replays")


def moving(rows: list[dict], orders: list[list[int]], mode: str) -> str:
    """An SVG whose names move from replay to replay and end in the order as it stands. `orders`: row numbers, best
    first."""
    steps, text, green = len(orders) + 1, ground("text", mode), ink("concept", mode)
    places = [[*(order.index(n) for order in orders), n] for n in range(len(rows))]
    names = "".join(
        f'<g transform="translate(0 {n * ROW})"><animateTransform attributeName="transform" type="translate" '
        f'values="{";".join(f"0 {place * ROW}" for place in places[n])}" dur="{steps * SECONDS:.1f}s" fill="freeze" '
        f'calcMode="spline" keySplines="{";".join(["0.6 0 0.4 1"] * (steps - 1))}"/>'
        f'<text x="44" y="20" fill="{green}" font-weight="600" font-size="12">{escape(row["ref"])}</text>'
        f'<text x="84" y="20" fill="{text}" font-size="16">{escape(cut(row["name"], 48))}</text></g>'
        for n, row in enumerate(rows)
    )
    numbers = "".join(
        f'<text x="8" y="{n * ROW + 20}" fill="{ground("muted", mode)}" font-size="14">{n + 1}</text>'
        for n in range(len(rows))
    )
    said = escape(_("The concepts change places from replay to replay; how often is in the table beside."))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="560" height="{len(rows) * ROW}" role="img" '
        f'aria-label="{said}">{numbers}{names}</svg>'
    )
