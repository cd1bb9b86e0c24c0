"""A document as plain values: what the summary says, whatever it is rendered as."""

from dataclasses import dataclass


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


Block = Heading | Paragraph | Bullets | Table | Picture


@dataclass(frozen=True)
class Document:
    """`language` is a code such as "en"."""

    title: str
    subtitle: str
    language: str
    blocks: list[Block]
