"""The golden thread on the shared screen: one customer purpose over its line, from value to goal; breaks come first.

The host turns from one purpose to the next. Knots stand in two rows, four to a row, so that a concept's name is read
whole; who comes with the purpose stands above it, the promise below the thread, as on every page of the screen.
"""

from html import escape
from math import ceil

from pages.room import pieces
from workshop.thread.ways import Knot, Way, health
from workshop.words import _

KNOTS = ("value", "principle", "touchpoint", "concept", "cpi", "kpi", "customer goal", "business goal")
INKS = {"customer goal": "promise", "business goal": "promise"}
IN_A_ROW = 4
ROOM = 72  # u between header and footer, whatever stands below the thread
WIDE, COLUMN = 176, 41  # u for a question, and for a knot's name
LINE, LETTER = 1.14, 0.5  # from line to line and from letter to letter, in sizes
QUESTION, SMALL, LABEL = 6.7, 5.4, 5
PILL, BELOW = 8.7, 2.4  # u that a knot's ref takes, and air below the question
MOST_LINES = 3  # of a knot's name, two where a long question leaves no room


def pages_of(ways: list[Way]) -> list[list[Way]]:
    """One way to a page, those that break first; always at least one page."""
    return [[way] for way in sorted(ways, key=lambda way: way.whole)] or [[]]


def threads(ways: list[Way], page: int = 0) -> list[str]:
    """Header and main part; a page beyond the last one shows the last."""
    pages = pages_of(ways)
    page = min(page, len(pages) - 1)
    said = _("{page} of {pages}").format(page=page + 1, pages=len(pages)) if len(pages) > 1 else ""
    strands = "".join(map(_strand, pages[page]))
    return [pieces.header(health(ways), pages=said), f'<main class="threads">{strands}</main>']


def _lines(text: str, size: float, wide: float) -> int:
    return ceil(len(text) * LETTER * size / wide)


def _size(way: Way) -> float:
    return QUESTION if _lines(way.purpose["text"], QUESTION, WIDE) == 1 else SMALL


def _names(way: Way, knots: list[Knot]) -> int:
    """How many lines a knot's name may take; what is said above rather takes too much."""
    labels = bool(way.at("segment").row) + bool(_elsewhere(way))
    above = _lines(way.purpose["text"], _size(way), WIDE) * _size(way) * LINE + labels * LABEL * LINE + BELOW
    rows = [knots[place : place + IN_A_ROW] for place in range(0, len(knots), IN_A_ROW)]
    names = [min(MOST_LINES, max(_lines(_name(knot), LABEL, COLUMN) for knot in row)) for row in rows]
    high = sum(PILL + lines * LABEL * LINE + 2 for lines in names)
    return MOST_LINES if above + high <= ROOM else MOST_LINES - 1


def _name(knot: Knot) -> str:
    return (knot.row.get("name") or knot.row.get("text") or "") if knot.row else ""


def _on_the_line(way: Way) -> list[Knot]:
    """What stands there or is missing; what a way can do without leaves no hole."""
    return [knot for knot in map(way.at, KNOTS) if knot.row or knot.gap]


def _elsewhere(way: Way) -> str:
    """What breaks at no place of the line is said with the question."""
    there = {knot.gap for knot in _on_the_line(way) if not knot.row}
    return " ".join(gap for gap in way.gaps if gap not in there)


def _strand(way: Way) -> str:
    who = way.at("segment").row
    above = f'<p class="who">{escape(who["name"])}</p>' if who else ""
    why = f'<span class="why">{escape(_elsewhere(way))}</span>' if _elsewhere(way) else ""
    question = f'<h2 class="room" style="--size:{_size(way)}">{escape(way.purpose["text"])}{why}</h2>'
    knots = _on_the_line(way)
    style = f"--names:{_names(way, knots)}"
    return f'<section class="strand">{above}{question}<ol style="{style}">{"".join(_drawn(knots))}</ol></section>'


def _drawn(knots: list[Knot]) -> list[str]:
    """The knots up to the first that is missing, there what is missing, and what hangs loose behind it.

    The last one takes what is left of its row, so that the line reaches the edge.
    """
    out, torn, rest = [], False, -len(knots) % IN_A_ROW
    for place, knot in enumerate(knots, 1):
        wide = f' style="grid-column:span {rest + 1}"' if rest and place == len(knots) else ""
        shape = f"{INKS.get(knot.noun, knot.noun)} loose" if torn else INKS.get(knot.noun, knot.noun)
        if knot.row:
            ref = f'<span class="ref">{escape(knot.row["ref"])}</span>'
            out.append(f'<li class="{shape}"{wide}>{ref}<span class="t">{escape(_name(knot))}</span></li>')
        else:
            out.append(f'<li class="gap"{wide}><span class="t">{escape(knot.gap)}</span></li>')
            torn = True
    return out
