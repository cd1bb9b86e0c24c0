"""A document as plain values: what the summary says, whatever it is rendered as."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heading:
    """`level` 2 to 4; the document's title is level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """`style` is plain, lead (the sentence that counts) or quiet (how to read it)."""

    text: str
    style: str = "plain"


@dataclass(frozen=True)
class Bullets:
    items: list[str]


@dataclass(frozen=True)
class Table:
    """`head` names the columns ('' for refs); every row has as many cells."""

    head: list[str]
    rows: list[list[str]]
    caption: str


@dataclass(frozen=True)
class Picture:
    """A trusted drawing, what it says in words, and what its file is called where it stands alone."""

    svg: str
    text: str
    name: str = "thread"


@dataclass(frozen=True)
class Chart:
    """Figures as a picture or as a table: each form of the document takes what its readers can use.

    `spec` is a Vega-Lite specification; `table` has the same figures, names in its first column; `bars` are the
    columns (from 0) that a form with charts of its own draws; `text` says in words what is to be seen.
    """

    spec: dict[str, Any]
    table: Table
    bars: tuple[int, ...]
    text: str


Block = Heading | Paragraph | Bullets | Table | Picture | Chart


@dataclass(frozen=True)
class Document:
    """`language` is a code such as "en"; `on_one_sheet` says that it is meant to fit a single piece of paper."""

    title: str
    subtitle: str
    language: str
    blocks: list[Block]
    on_one_sheet: bool = False


Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """`holds` is text, number, day or yes_no; days are text such as 2026-03-12, yes_no True, False or None."""

    name: str
    holds: str = "text"


@dataclass(frozen=True)
class Grid:
    """A table for a program: its name (a noun in the plural), its columns, and rows of as many cells."""

    name: str
    columns: list[Column]
    rows: list[list[Cell]]


def number(cell: str) -> float | None:
    """What a cell says as a number, or None: "−5" and "1,140" are numbers, "E5" and "5 min" are not."""
    try:
        return float(cell.replace("−", "-").replace(",", ""))
    except ValueError:
        return None


STRIP = 4  # times as wide as high
# how many letters of a table's size stand on a line: of a sheet, and of a sheet that lies on its side
LETTERS, LETTERS_ON_SIDE = 104, 157
LONGEST = 20  # letters of a word that a column makes room for
SHORT = (0, 10, 14, 18, 22)  # letters of the cells that stay on one line
SMALLER = (0.92, 0.85)  # by what letters may be made smaller before paper is turned
CRAMMED, MUCH_LOWER = 0.8, 0.8  # of the width for single words alone; of the height, when letters are made smaller
TOGETHER = 24  # lines of a table that a page keeps together


@dataclass(frozen=True)
class Fit:
    """How a table stands on paper.

    `turned`: the paper lies on its side for it; `shares` of its width, one a column, summing to 1; `scale`: by what its
    letters are made smaller; `high`: about how many lines its rows take; `together`: it is so short that a page keeps
    it whole.
    """

    turned: bool
    shares: list[float]
    scale: float
    high: int
    together: bool


class _Measured:
    """The letters of a table, counted once: `least` that each column needs so that no word is broken, with two for the
    air beside it; `most` of its longest line; `lines` of every cell."""

    def __init__(self, table: Table):
        self.lines = [[[len(line) for line in cell.split("\n")] for cell in row] for row in table.rows]
        self.least = _least(table)
        self.most = [max(map(len, title.split("\n"))) for title in table.head]
        for row in self.lines:
            self.most = [max(most, *cell) for most, cell in zip(self.most, row, strict=True)]

    def high(self, shares: list[float], letters: float) -> int:
        """About how many lines the rows take."""
        room = [max(1.0, share * letters - 2) for share in shares]
        return sum(
            max(sum(1 + int(line / wide) for line in cell) for cell, wide in zip(row, room, strict=True))
            for row in self.lines
        )

    def widths(self, letters: float) -> list[float]:
        tried = []
        for short in SHORT:
            kept = [max(low, high + 2) if high <= short else low
                    for low, high in zip(self.least, self.most, strict=True)]  # fmt: skip
            if not short or sum(kept) <= letters:
                tried.append(_shares(kept, self.most, letters))
        return min(tried, key=lambda shares: self.high(shares, letters))


def widths(table: Table, letters: float = LETTERS) -> list[float]:
    """The shares of the width, summing to 1: every column holds its longest word, and the table is as low as can be.

    `letters` is how many of them stand on a line that is as wide as the table.
    """
    return _Measured(table).widths(letters)


def fit(table: Table, letters: float = LETTERS, *, may_turn: bool = True) -> Fit:
    """How the table stands on a sheet on whose line so many letters stand; one sheet alone may not be turned."""
    measured = _Measured(table)
    turned = may_turn and lies_on_its_side(table)
    room = letters * LETTERS_ON_SIDE / LETTERS if turned else letters
    needed = min(1.0, room / sum(measured.least))
    scale = needed if turned else _smaller(measured, room, needed)
    shares = measured.widths(room / scale)
    high = measured.high(shares, room / scale)
    return Fit(turned, shares, scale, high, len(table.rows) <= TOGETHER >= high)


def _smaller(measured: _Measured, room: float, needed: float) -> float:
    """`needed` so that words stay whole, or less where the columns are crammed and that makes the table much lower."""
    if sum(measured.least) < CRAMMED * room:
        return needed
    high = lambda scale: measured.high(measured.widths(room / scale), room / scale)  # noqa: E731
    most = MUCH_LOWER * high(needed)
    return next((scale for scale in SMALLER if scale < needed and high(scale) <= most), needed)


def _shares(least: list[int], most: list[int], letters: float) -> list[float]:
    """What each column needs, and of what is left the more the more stands in it."""
    wanted = [max(1, min(high, 90) + 2 - low) for low, high in zip(least, most, strict=True)]
    spare = max(0, letters - sum(least))
    filled = [low + more * min(1, spare / sum(wanted)) for low, more in zip(least, wanted, strict=True)]
    return [one / sum(filled) for one in filled]


def _least(table: Table) -> list[int]:
    return [
        min(max(len(word) for cell in cells for word in re.split(r"[ \n]", cell)), LONGEST) + 2
        for cells in zip(table.head, *table.rows, strict=True)
    ]


def lies_on_its_side(block: Block) -> bool:
    """Whether paper is turned for it: a table too wide for the words in it, a drawing that is wider than high; not for
    a strip, which would leave most of that sheet empty."""
    if isinstance(block, Picture):
        wide, high = size_of(block)
        return high < wide < STRIP * high
    return isinstance(block, Table) and sum(_least(block)) * min(SMALLER) > LETTERS


def size_of(picture: Picture) -> tuple[float, float]:
    """(width, height) of a drawing in its own units; a square where it says none."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg)
    return (float(found[1]), float(found[2])) if found else (1.0, 1.0)


def without_empty_columns(block: Block) -> Block:
    """A table without the columns in which no row says anything; every other block as it is."""
    if not isinstance(block, Table) or not block.rows:
        return block
    kept = [i for i in range(len(block.head)) if any(row[i] for row in block.rows)]
    return Table([block.head[i] for i in kept], [[row[i] for i in kept] for row in block.rows], block.caption)


DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
TO_THE_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # letters of Hebrew, Arabic and their like


def legible(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of pairs, U+FFFE and U+FFFF.

    Among letters that run to the left a day keeps its order: without a mark it would be read from its end.
    """
    text = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    return DAY.sub("\u200e\\g<0>", text) if TO_THE_LEFT.search(text) else text


def runs_left(text: str) -> bool:
    """Whether most of its letters are of a script that runs from right to left."""
    found = len(TO_THE_LEFT.findall(text))
    return found > 0 and 2 * found > sum(map(str.isalpha, text))
