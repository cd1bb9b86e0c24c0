"""The golden thread on the shared screen: customer purposes over their lines, those that break first."""

from html import escape
from itertools import groupby
from math import ceil

from pages.room import pieces
from workshop.ways import Knot, Way, health
from workshop.words import _

KNOTS = ("touchpoint", "concept", "principle", "cpi", "kpi")
ROOM = 72  # u between header and footer, whatever stands below the thread
WIDE, COLUMN = 176, 33  # u for a question, and for a knot's name
LINE, LETTER = 1.14, 0.5  # from line to line and from letter to letter, in sizes
QUESTION, SMALL, LABEL = 6.7, 5.4, 5
MOST_LINES = 3  # of a knot's name


def pages_of(ways: list[Way]) -> list[list[Way]]:
    """As many ways as have room on a page, those that break first; always at least one page."""
    pages: list[list[Way]] = [[]]
    left = ROOM
    for way in sorted(ways, key=lambda way: way.whole):
        high = _high(way)
        if pages[-1] and high > left:
            pages.append([])
            left = ROOM
        pages[-1].append(way)
        left -= high
    return pages


def threads(ways: list[Way], page: int = 0) -> list[str]:
    """Header and main part; a page beyond the last one shows the last."""
    pages = pages_of(ways)
    page = min(page, len(pages) - 1)
    said = _("{page} of {pages}").format(page=page + 1, pages=len(pages)) if len(pages) > 1 else ""
    strands = "".join(map(_strand, pages[page]))
    return [pieces.header(health(ways), pages=said), f'<main class="threads">{strands}</main>']


def _high(way: Way) -> float:
    """How much room a way needs, in u; it rather says too much."""
    names = max((_lines(_name(way.at(noun)), LABEL, COLUMN) for noun in KNOTS), default=1)
    gone = sum(not way.at(noun).row for noun in KNOTS)
    missing = max(_lines(way.at(noun).gap, LABEL, gone * COLUMN - 9) for noun in KNOTS) if gone else 0
    question = _lines(way.purpose["text"], _size(way), WIDE) * _size(way) * LINE
    knots = max(8.7 + min(names, MOST_LINES) * LABEL * LINE, missing * LABEL * LINE)
    return question + (LABEL * LINE + 0.8 if _elsewhere(way) else 0) + 2.4 + knots + 2


def _lines(text: str, size: float, wide: float) -> int:
    return ceil(len(text) * LETTER * size / wide)


def _size(way: Way) -> float:
    return QUESTION if _lines(way.purpose["text"], QUESTION, WIDE) <= 2 else SMALL


def _name(knot: Knot) -> str:
    return (knot.row.get("name") or knot.row.get("text") or "") if knot.row else ""


def _elsewhere(way: Way) -> str:
    """What breaks at no place of the line is said with the question."""
    there = {way.at(noun).gap for noun in KNOTS if not way.at(noun).row}
    return " ".join(gap for gap in way.gaps if gap not in there)


def _strand(way: Way) -> str:
    why = f'<span class="why">{escape(_elsewhere(way))}</span>' if _elsewhere(way) else ""
    question = f'<h2 class="room" style="--size:{_size(way)}">{escape(way.purpose["text"])}{why}</h2>'
    return f'<section class="strand">{question}<ol>{_knots(way)}</ol></section>'


def _knots(way: Way) -> str:
    """The knots up to the first that is missing, there what is missing, and what hangs loose behind it."""
    out, torn = [], False
    for missing, run in groupby(map(way.at, KNOTS), key=lambda knot: not knot.row):
        knots = list(run)
        if not missing:
            out += [_knot(knot, loose=torn) for knot in knots]
        else:
            said = next((knot.gap for knot in knots if knot.gap and not torn), "")
            shape = "loose" if torn else "gap"
            wide = f"grid-column:span {len(knots)}"
            out.append(f'<li class="{shape}" style="{wide}"><span class="t">{escape(said)}</span></li>')
            torn = True
    return "".join(out)


def _knot(knot: Knot, *, loose: bool) -> str:
    shape = f"{knot.noun} loose" if loose else knot.noun
    name = f'<span class="t">{escape(_name(knot))}</span>'
    return f'<li class="{shape}"><span class="ref">{escape(knot.row["ref"])}</span>{name}</li>'
