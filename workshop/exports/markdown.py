"""A document as Markdown (CommonMark with tables). What people wrote stays their words: none of it becomes markup."""

import re

from workshop.document import Bullets, Chart, Document, Heading, Paragraph, Picture, Table

# What opens markup anywhere in a line, HTML and entities included; "|" would end a table's cell, "#" a heading.
INLINE = re.compile(r"([\\`*_\[\]<>&|~$#])")
# What makes a line a list, a rule, a table's divider or the underline of a heading.
OPENING = re.compile(r"^(?:[+\-=:]|\d{1,9}(?=[.)]))")
# Addresses that many readers turn into links by themselves.
ADDRESS = re.compile(r"(?i)(:)(?=//)|(?<=\bwww)(\.)|(@)|(?<=\bmailto)(:)")


def render(document: Document) -> str:
    """The document as Markdown text that ends in a newline."""
    blocks = [f"# {_line(document.title)}"]
    if document.subtitle:
        blocks.append(_line(document.subtitle))
    return "\n\n".join(filter(None, [*blocks, *map(_block, document.blocks)])) + "\n"


def _block(block):
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_line(text)}"
        case Paragraph(text, style):
            lines = [_line(line) for line in text.splitlines() if line.strip()]
            words = "\\\n".join(lines)
            # a quotation mark at the margin is how plain text says: these are the words that count
            return "> " + words.replace("\n", "\n> ") if style == "lead" and words else words
        case Bullets(items):
            return "\n".join(f"- {_line(item)}" for item in items)
        case Table(head, rows, caption):
            return _table(head, rows, caption)
        case Picture(_svg, text):
            return _line(text)
        case Chart(_spec, figures, _bars, text):
            return "\n\n".join(filter(None, [_line(text), _table(figures.head, figures.rows, figures.caption)]))


def _table(head, rows, caption):
    """A caption as a paragraph above the table, since Markdown knows none."""
    lines = [[_line(cell) for cell in cells] for cells in [head, *rows]]
    drawn = [f"| {' | '.join(cells)} |" for cells in lines]
    drawn.insert(1, f"|{' --- |' * len(head)}")
    return "\n\n".join(filter(None, [_line(caption), "\n".join(drawn)]))


def _line(text):
    """The text on one line, with everything escaped that a reader could take for markup."""
    text = INLINE.sub(r"\\\1", " ".join(text.split()))
    text = ADDRESS.sub(lambda found: "\\" + found[0], text)
    return OPENING.sub(lambda found: found[0] + "\\" if found[0].isdigit() else "\\" + found[0], text)
