"""How much room words take on the shared screen, before any browser has drawn them."""

import unicodedata
from functools import lru_cache

# Everything on the screen is in u, 1/192 of the picture's width. The stylesheet lays out by itself and clips nothing by
# these numbers; they decide which size a text gets and what goes to the next page, so they rather say too much.
PICTURE = (192, 108)
WIDE = PICTURE[0] - 2 * 8  # between the margins
LABEL, SMALL, WORDS = 5, 5.4, 6.7  # nothing is set below LABEL, and what is read whole rather not below SMALL
HEAD, THREAD, BREATH = 13.5, 5.6, 0.9  # THREAD: the footer without its words; BREATH: kept free above it
LINE = 1.12  # from line to line, in sizes
SANS = 1.02  # how much wider the tool's face runs than the room's

# widths in sizes, measured in the serif and rounded up; every other letter is 0.65, a capital or an unknown one 0.76
_WIDTHS = {
    letter: width
    for letters, width in (
        (" ", 0.24),
        ("ijl'’‘.,:;!|/\\[]{}-·", 0.33),
        ("ftIJ()", 0.38),
        ('rs?"“”*`', 0.47),
        ("cz$€_–", 0.53),
        ("aegS0123456789+<>=^~#−", 0.56),
        ("kovxyFZ", 0.6),
        ("LEBPTC", 0.66),
        ("wH", 0.85),
        ("mMW@%—…", 1.02),
    )
    for letter in letters
}


@lru_cache(4096)
def _letter(c):
    if c in _WIDTHS:
        return _WIDTHS[c]
    kind = unicodedata.category(c)
    if kind in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(c) in "WF":
        return 1.3 if kind == "So" else 1.02
    return 1.3 if kind == "So" else 0.65 if c < "\u0250" and not c.isupper() else 0.76


def width_of(text):
    """How wide the text is on one line, in its size."""
    return sum(map(_letter, text))


@lru_cache(4096)
def lines_of(text, wide):
    """How many lines of that width the text needs; a word that is wider than a line is broken."""
    wide *= 0.98
    lines, taken = 1, 0
    for word in text.split():
        need = width_of(word)
        if taken and taken + _letter(" ") + need > wide:
            lines, taken = lines + 1, 0
        elif taken:
            need += _letter(" ")
        lines, taken = lines + int((taken + need) // wide), (taken + need) % wide
    return lines


def stands(text, size, wide, high):
    """Whether a text of this size stands whole in this room, and no word of it has to be broken."""
    unbroken = size <= WORDS or all(width_of(word) * size <= wide for word in text.split())
    return unbroken and lines_of(text, wide / size) * size * LINE <= high
