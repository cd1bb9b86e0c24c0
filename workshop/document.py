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


def widths(table: Table, letters: int = 118) -> list[float]:
    """The shares of the width, summing to 1: every column holds its longest word, and the rest goes where most stands.

    `letters` is how many of them stand on a line that is as wide as the table.
    """
    least, wanted = [], []
    for cells in zip(table.head, *table.rows, strict=True):
        longest = max(len(word) for cell in cells for word in (re.split(r"[ \n]", cell)))
        most = max(len(line) for cell in cells for line in cell.split("\n"))
        least.append(min(longest, 20) + 2)
        wanted.append(max(1, min(most, 90) - least[-1]))
    spare = max(0, letters - sum(least))
    filled = [low + spare * more / sum(wanted) for low, more in zip(least, wanted, strict=True)]
    return [one / sum(filled) for one in filled]


def without_empty_columns(block: Block) -> Block:
    """A table without the columns in which no row says anything; every other block as it is."""
    if not isinstance(block, Table) or not block.rows:
        return block
    kept = [i for i in range(len(block.head)) if any(row[i] for row in block.rows)]
    return Table([block.head[i] for i in kept], [[row[i] for i in kept] for row in block.rows], block.caption)


def legible(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of pairs, U+FFFE and U+FFFF."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
