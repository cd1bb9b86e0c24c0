"""One sentence alone on the shared screen: a promise with its tests, a decision with its reasons.

As in pages/room/pieces.py: plain values in, escaped HTML out, sizes in u; static/screen.css dresses it.
"""

from html import escape
from itertools import product

from pages.room import dealt
from pages.room.fitting import HEAD, LABEL, PICTURE, SANS, SMALL, WIDE, WORDS, lines_of, stands
from pages.room.pieces import foot_high, sized
from workshop.step import Slip, Statement
from workshop.words import _

LINE, BELOW = 1.14, 6  # from line to line of a test, in sizes; u between the sentence and its tests
REF, BREATH = 10, 3  # u that the sentence's ref takes, and that are kept free above the thread
# sizes of the sentence and of its tests, the first in which they stand whole: side by side, or one below the other
SIZES = [(17, SMALL), (12, SMALL), (9.5, SMALL), (WORDS, SMALL), (9.5, LABEL), (WORDS, LABEL)]
MOST_BESIDE = 3
ALONE = (17, 12, 9.5, WORDS, SMALL, LABEL)


def pages_of(found: Statement, below: str = "") -> list[str]:
    """The main part of each page: the sentence with its tests, or where those find no room it alone and then they."""
    high = PICTURE[1] - HEAD - foot_high(below) - BREATH - REF
    for (size, small), under in product(SIZES if found.tests else [], (False, True)):
        left = high - BELOW - _high(found.tests, small, under)
        if (under or len(found.tests) <= MOST_BESIDE) and stands(found.text, size, WIDE, left):
            return [_main(found, size, _tests(found.tests, small, under))]
    size = next((size for size in ALONE if stands(found.text, size, WIDE, high)), None)
    first = [_main(found, size)] if size else []
    rest = found.tests if size else [Slip(found.ref, found.noun, "", found.text), *found.tests]
    more = range(dealt.count_pages(rest, below) if rest else 0)
    return [*first, *(dealt.draw(rest, page, below, found.text) for page in more)]


def page_of(pages: list, page: int) -> str:
    """Which page of how many it is, in words; nothing where one is all."""
    return _("{page} of {pages}").format(page=page + 1, pages=len(pages)) if len(pages) > 1 else ""


def _high(tests: list[Slip], small: float, under: bool) -> float:
    if under:
        lines = [lines_of(f"{test.lead} {test.text}", WIDE / small / SANS) for test in tests]
        return sum(lines) * small * LINE + len(lines) * 1.2
    wide = (WIDE - 5 * (len(tests) - 1)) / len(tests)
    heads = max(lines_of(test.lead, wide / small) for test in tests)
    return (heads + max(lines_of(test.text, wide / small) for test in tests)) * small * LINE + 1.5


def _tests(tests: list[Slip], small: float, under: bool) -> str:
    said = "".join(
        f"<div><dt{f' class={escape(test.noun)}' if test.ref else ''}>{escape(test.lead)}</dt> "
        f'<dd class="room">{escape(test.text)}</dd></div>'
        for test in tests
    )
    return f'<dl class="tests{" under" if under else ""}" style="{sized(small)}">{said}</dl>'


def _main(found: Statement, size: float, tests: str = "") -> str:
    return (
        f'<div class="main alone"><div><p class="ref {escape(found.noun)}">{escape(found.ref)}</p>'
        f'<h1 class="vow" style="{sized(size)}">{escape(found.text)}</h1></div>{tests}</div>'
    )
