"""How much room words take on a slide, before anybody has drawn them."""

import unicodedata
from dataclasses import dataclass

from pptx.util import Inches, Pt

from workshop.document import LONGEST

LEAD = 1.3  # how much larger a lead is
CELL, CELL_SMALLEST = 18, 11
BOLD = 1.1  # how much wider words of a head are
NARROW = " .,:;!'’|()[]/-ijltfrI1"


@dataclass(frozen=True)
class Line:
    text: str
    style: str  # lead, plain, quiet or bullet


def _breadth(text: str) -> float:
    """How wide the words run, in times of the size of the letters; careful, since nobody knows the reader's font."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.34 if char in NARROW
               else 0.66 if char.isupper() else 0.56 for char in text)  # fmt: skip


def _rows(text: str, size: float, width: float) -> int:
    return sum(max(1, -(-_breadth(line) * size // (width / Pt(1)))) for line in text.splitlines() or [""])


def text_high(lines: list[Line], size: float, width: int) -> float:
    """How high these lines stand (EMU) in a text box that is so wide, with its insets."""
    room, high = width - Inches(0.25), 0.0
    for line in lines:
        letters = size * LEAD if line.style == "lead" else size
        inside = room - Inches(0.4) if line.style == "bullet" else room
        high += _rows(line.text, letters, inside) * letters * 1.22 + size * 0.4
    return high * Pt(1) + Inches(0.12)


def fitting(head: list[str], rows: list[list[str]], shares: list[float], width: int, height: int) -> tuple[int, int]:
    """(points, rows) of a slide: all rows if they can be read, or else as many as fit at the smallest size."""
    high = lambda some, size: sum(row_high(cells, shares, width, size) for cells in [head, *some])  # noqa: E731
    for size in range(_unbroken(head, rows, shares, width), CELL_SMALLEST - 1, -1):
        if high(rows, size) <= height:
            return size, len(rows)
    taken = len(rows)
    while taken > 1 and high(rows[:taken], CELL_SMALLEST) > height:
        taken -= 1
    return CELL_SMALLEST, taken


def _unbroken(head: list[str], rows: list[list[str]], shares: list[float], width: int) -> int:
    """The largest points at which no word of a column is broken, but for words as long as an address."""
    words = [[word for cell in cells for word in cell.split() if len(word) <= LONGEST]
             for cells in zip(head, *rows, strict=True)]  # fmt: skip
    stands = lambda size: all(  # noqa: E731
        BOLD * _breadth(word) * size * Pt(1) <= width * share - Inches(0.2)
        for column, share in zip(words, shares, strict=True) for word in column
    )  # fmt: skip
    return next((size for size in range(CELL, CELL_SMALLEST, -1) if stands(size)), CELL_SMALLEST)


def row_high(cells: list[str], shares: list[float], width: int, size: float) -> float:
    """How high a row of a table stands (EMU) whose columns have these shares of the width (EMU)."""
    most = max(_rows(text, size, width * share - Inches(0.2)) for text, share in zip(cells, shares, strict=True))
    return (most * size * 1.22) * Pt(1) + Inches(0.1)
