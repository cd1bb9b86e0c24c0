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
    """A trusted drawing and what it says in words."""

    svg: str
    text: str


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


# how many letters of a table's size stand on a line: of a sheet, and of a sheet that lies on its side
LETTERS, LETTERS_ON_SIDE = 104, 157
LONGEST = 20  # letters of a word that a column makes room for
SHORT = (0, 10, 14, 18, 22)  # letters of the cells that stay on one line


def widths(table: Table, letters: int = LETTERS) -> list[float]:
    """The shares of the width, summing to 1: every column holds its longest word, and the table is as low as can be.

    `letters` is how many of them stand on a line that is as wide as the table.
    """
    least, most = _least(table), _most(table)
    tried = []
    for short in SHORT:
        kept = [max(low, high + 2) if high <= short else low for low, high in zip(least, most, strict=True)]
        if not short or sum(kept) <= letters:
            tried.append(_shares(kept, most, letters))
    return min(tried, key=lambda shares: _lines(table, shares, letters))


def _shares(least: list[int], most: list[int], letters: int) -> list[float]:
    """What each column needs, and of what is left the more the more stands in it."""
    wanted = [max(1, min(high, 90) + 2 - low) for low, high in zip(least, most, strict=True)]
    spare = max(0, letters - sum(least))
    filled = [low + more * min(1, spare / sum(wanted)) for low, more in zip(least, wanted, strict=True)]
    return [one / sum(filled) for one in filled]


def _lines(table: Table, shares: list[float], letters: int) -> int:
    """About how many lines the rows take."""
    room = [max(1.0, share * letters - 2) for share in shares]
    return sum(
        max(sum(1 + int(len(line) / wide) for line in cell.split("\n")) for cell, wide in zip(row, room, strict=True))
        for row in table.rows
    )


def _least(table: Table) -> list[int]:
    """The letters that each column needs so that no word is broken, with two for the air beside it."""
    return [
        min(max(len(word) for cell in cells for word in re.split(r"[ \n]", cell)), LONGEST) + 2
        for cells in zip(table.head, *table.rows, strict=True)
    ]


def _most(table: Table) -> list[int]:
    return [
        max(len(line) for cell in cells for line in cell.split("\n"))
        for cells in zip(table.head, *table.rows, strict=True)
    ]


def lies_on_its_side(block: Block) -> bool:
    """Whether paper is turned for it: a drawing that is wider than high, a table too wide for the words in it."""
    if isinstance(block, Picture):
        wide, high = size_of(block)
        return wide > high
    return isinstance(block, Table) and sum(_least(block)) > LETTERS


def shrunk(table: Table, letters: int) -> float:
    """By what a table's letters are made smaller so that no word reaches into the next column; 1 for as they are."""
    return min(1.0, letters / sum(_least(table)))


def is_short(table: Table, most: int = 24) -> bool:
    """Whether a page keeps the table together: it takes at most so many lines."""
    return len(table.rows) <= most and _lines(table, widths(table), LETTERS) <= most


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


def legible(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of pairs, U+FFFE and U+FFFF."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
