"""The golden thread on the shared screen: one customer purpose over its line, from value to goal; breaks come first.

The host turns from one purpose to the next. Knots stand in two rows, four to a row, and a long name has more of its row
than a short one; names too long for that take more pages with fewer knots, so that every name is read whole. Who comes
with the purpose stands above it, the promise below the thread, as on every page of the screen.
"""

from bisect import bisect_left
from dataclasses import dataclass
from html import escape
from itertools import count

from pages.room import pieces
from pages.room.fitting import BREATH, HEAD, LABEL, PICTURE, SANS, SMALL, WIDE, WORDS, lines_of, width_of
from workshop.thread.ways import Knot, Way, health
from workshop.words import _

KNOTS = ("value", "principle", "touchpoint", "concept", "cpi", "kpi", "customer goal", "business goal")
INKS = {"customer goal": "promise", "business goal": "promise"}
LAYOUTS = ((4, 2), (4, 1), (2, 1), (1, 1))  # knots in a row, rows on a page; the first in which all names stand whole
EDGE, REF = 2.5, 22  # u kept free at the right of a name, and what a knot takes at least
ROW = WIDE + 8 - 0.5  # u from the left margin to the right edge, rather less: a knot must not fall into the next row
LINE = 1.16  # from line to line, in sizes
PILL, BELOW, AIR = 8.7, 2.4, 2  # u that a knot's ref takes, and air below the question and between rows
GAP = 9  # u that a break takes from the sentence behind it


@dataclass(frozen=True)
class Row:
    """Knots beside one another: where they stand on the line, how wide each is in u, and the lines of their names."""

    knots: range
    widths: list[float]
    lines: int


@dataclass(frozen=True)
class Page:
    """What of a way stands together."""

    way: Way
    rows: list[Row]


def pages_of(ways: list[Way], below: str = "") -> list[Page]:
    """A way to a page, or to several where its names are long; those that break first. `below` is on the footer."""
    room = PICTURE[1] - HEAD - pieces.foot_high(below) - BREATH
    return [page for way in sorted(ways, key=lambda way: way.whole) for page in _pages_of(way, room)]


def threads(ways: list[Way], page: int = 0, below: str = "") -> list[str]:
    """Header and main part; a page beyond the last one shows the last."""
    if not ways:
        return [pieces.header(""), pieces.empty(health(ways))]
    pages = pages_of(ways, below)
    page = min(page, len(pages) - 1)
    said = _("{page} of {pages}").format(page=page + 1, pages=len(pages)) if len(pages) > 1 else ""
    return [pieces.header(_finding(ways), pages=said, speaks=True),
            f'<div class="threads">{_strand(pages[page])}</div>']  # fmt: skip


def _finding(ways: list[Way]) -> str:
    """How many are whole, in as few words as are read from the last row."""
    whole = sum(way.whole for way in ways)
    if len(ways) == 1:
        return _("The thread is whole") if whole else _("The thread is not whole yet")
    said = _("{n} of {all} threads is whole") if whole == 1 else _("{n} of {all} threads are whole")
    return said.format(n=whole, all=len(ways))


def _pages_of(way: Way, room: float) -> list[Page]:
    last, pages = len(_on_the_line(way)), []
    for in_a_row, most in LAYOUTS:
        rows = [_row(way, range(first, min(first + in_a_row, last))) for first in range(0, last, in_a_row)]
        pages = [Page(way, rows[first : first + most]) for first in range(0, len(rows), most)]
        if all(_high(page) <= room for page in pages):
            break
    return pages


def _high(page: Page) -> float:
    """How high the question and the rows of knots below it are, in u; rather too much."""
    return _above(page.way) + sum(PILL + row.lines * LABEL * LINE + AIR for row in page.rows)


def _row(way: Way, knots: range) -> Row:
    """As few lines as names can take side by side; alike in width where that takes no more lines."""
    line = _on_the_line(way)
    said = [(line[place].gap, GAP + EDGE) if line[place].row is None else (_name(line[place]), EDGE) for place in knots]
    even = ROW / len(knots)
    for lines in count(1):
        narrow = [_narrowest(text, lines, beside, even) for text, beside in said]
        if max(narrow) <= even:
            return Row(knots, [even] * len(knots), lines)
        if sum(narrow) <= ROW:
            more = (ROW - sum(narrow)) / len(knots)
            return Row(knots, [wide + more for wide in narrow], lines)
    raise AssertionError("with enough lines every name is as narrow as its place")


def _narrowest(text: str, lines: int, beside: float, even: float) -> float:
    """The smallest width in u, from that of the longest word on, in which the name takes no more than these lines."""
    size = LABEL * SANS
    least = min(max([REF, *(width_of(word) * size / 0.98 + beside for word in text.split())]), even)
    wider = range(round(ROW - least) + 1)
    return least + bisect_left(wider, -lines, key=lambda more: -lines_of(text, (least + more - beside) / size))


def _above(way: Way) -> float:
    labels = bool(way.at("segment").row) + bool(_elsewhere(way))
    return lines_of(way.purpose["text"], WIDE / _size(way)) * _size(way) * LINE + labels * LABEL * LINE + BELOW


def _size(way: Way) -> float:
    return WORDS if lines_of(way.purpose["text"], WIDE / WORDS) == 1 else SMALL


def _name(knot: Knot) -> str:
    return (knot.row.get("name") or knot.row.get("text") or "") if knot.row else ""


def _on_the_line(way: Way) -> list[Knot]:
    """What stands there or is missing; what a way can do without leaves no hole."""
    return [knot for knot in map(way.at, KNOTS) if knot.row or knot.gap]


def _elsewhere(way: Way) -> str:
    """What breaks at no place of the line is said with the question."""
    there = {knot.gap for knot in _on_the_line(way) if not knot.row}
    return " ".join(gap for gap in way.gaps if gap not in there)


def _strand(page: Page) -> str:
    way = page.way
    who = way.at("segment").row
    above = f'<p class="who">{escape(who["name"])}</p>' if who else ""
    why = f'<span class="why">{escape(_elsewhere(way))}</span>' if _elsewhere(way) else ""
    question = f'<h2 class="room" style="--size:{_size(way)}">{escape(way.purpose["text"])}{why}</h2>'
    return f'<section class="strand">{above}{question}<ol>{_drawn(page)}</ol></section>'


def _drawn(page: Page) -> str:
    """The knots up to the first that is missing, there what is missing, and what hangs loose behind it."""
    line = _on_the_line(page.way)
    torn = next((place for place, knot in enumerate(line) if not knot.row), len(line))
    out = []
    for row in page.rows:
        for place, wide in zip(row.knots, row.widths, strict=True):
            knot, begins = line[place], " begins" * (place == row.knots[0])
            shape = INKS.get(knot.noun, knot.noun) + " loose" * (place > torn) if knot.row else "gap"
            ref = f'<span class="ref">{escape(knot.row["ref"])}</span>' if knot.row else ""
            words = escape(_name(knot) if knot.row else knot.gap)
            style = f"--wide:{wide:.1f};--names:{row.lines};--i:{min(place, torn) - page.rows[0].knots[0]}"
            out.append(f'<li class="{shape}{begins}" style="{style}">{ref}<span class="t">{words}</span></li>')
    return "".join(out)
