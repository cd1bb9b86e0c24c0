"""How large the letters may be for a document to fit one sheet, before anybody has set it."""

from workshop.document import LETTERS, Bullets, Document, Heading, Paragraph, Table, fit
from workshop.exports.word.styles import LOOK, STYLES

CELL = 9  # points of the letters in a table
SHEETS = (0.84, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6)  # by what one sheet makes all letters smaller, until it holds them
WIDE = 504  # points that a line of an A4 sheet has
HIGH = 866  # points that it holds, as reckoned below: an eighth more than what they come to in Word's own letters


def letters(tight: float) -> float:
    """Points of the letters in a table."""
    return CELL * (1 + tight) / 2


def tightness(document: Document) -> float:
    """The largest letters (1: as on other pages) with which the document should fit one sheet of A4."""
    return next((tight for tight in SHEETS if _high(document, tight) <= HIGH), SHEETS[-1])


def _high(document: Document, tight: float) -> float:
    """About how high (points) the document stands."""
    look = {name: (points * tight, (before + after) * 0.3) for name, points, _colour, before, after in LOOK}
    said = [(document.title, "Title"), (document.subtitle, "Subtitle")]
    high = 0.0
    for block in document.blocks:
        match block:
            case Heading(text, level):
                said.append((text, f"Heading {min(level - 1, 3)}"))
            case Paragraph(text, style):
                said.append((text, STYLES[style]))
            case Bullets(items):
                said += [(item, "List Bullet") for item in items]
            case Table(_head, _rows, caption):
                fitted = fit(block, LETTERS * CELL / letters(tight), may_turn=False)
                said.append((caption, "Caption"))
                high += (fitted.high + 1) * letters(tight) * 1.22 + (len(block.rows) + 1) * 2
    for text, style in said:
        points, apart = look[style]
        high += (1 + len(text) * points * 0.5 // WIDE) * points * 1.2 + apart
    return high
