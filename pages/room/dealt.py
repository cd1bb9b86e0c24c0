"""What the room wrote, as cards dealt onto pages of the shared screen.

As in pages/room/pieces.py: plain values in, escaped HTML out, sizes in u; static/screen.css dresses it.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from itertools import accumulate, groupby

from pages.room.fitting import BREATH, HEAD, LINE, PICTURE, SMALL, WIDE, WORDS, lines_of, width_of
from pages.room.pieces import foot_high, reminder, reminder_high, sized
from workshop.step import Slip
from workshop.words import _

GAP, PAD = 1.4, (2.1, 5.2)  # between cards; a card's own edges, above and below together, at both sides together
LONG = 60  # in sizes, some 125 letters: where one is longer all are set in the smaller size
MOST_LARGE = 2  # pages in the larger size; a room that turns more than these has forgotten the first


@dataclass(frozen=True)
class Page:
    """What stands together: the size of its words, one or two columns of (number of the slip from 1, slip), and the
    group that these are in: '' for none, None where there are no groups."""

    size: float
    columns: tuple[list[tuple[int, Slip]], ...]
    group: str | None = None

    @property
    def numbers(self):
        return [number for column in self.columns for number, _slip in column]


def pages_of(slips, below=""):
    """The slips dealt onto pages, in their order: down the left column, down the right one, then the next page.

    A page takes as many as stand on it whole, above what stands below the thread. All have one size, the smaller one
    where the larger would take many pages. Cards are as high as their words. One alone, and those too long for half
    the width, have the whole width; what not even a page of its own holds goes on on the next one. A group begins
    on a page of its own, below its heading.
    """
    return _pages(tuple(slips), PICTURE[1] - HEAD - foot_high(below) - BREATH)


@lru_cache(64)  # the screen draws them, and the host's page counts them, whatever else has happened
def _pages(slips, high):
    if all(width_of(_said(slip)) <= LONG for slip in slips):
        pages = _dealt(slips, WORDS, high)
        if len(pages) <= max(MOST_LARGE, len({page.group for page in pages})):
            return pages
    return _dealt(slips, SMALL, high)


def _dealt(slips, size, high):
    pages, grouped = [], any(slip.group for slip in slips)
    for group, some in groupby(enumerate(slips, 1), lambda numbered: numbered[1].group if grouped else None):
        room = high - _heading_high(group)
        pages += [replace(page, group=group) for page in _onto_pages(some, size, room)]
    return pages or [Page(size, ([],))]


HEADED = WIDE / 1.05  # the width of a group's heading, whose letters are bold


def _heading(group):
    """What stands above the cards of a group; of what is in none that is said only where there are groups."""
    return "" if group is None else group or _("In no group yet")


def _heading_high(group):
    """Its height and the gap below it."""
    return reminder_high(_heading(group), HEADED) + GAP if group is not None else 0


def _onto_pages(slips, size, high):
    parts = [(number, part) for number, slip in slips for part in _parts(slip, high)]
    pages, begin = [], 0
    while begin < len(parts):
        page, end = _page(parts[begin : begin + 1], size, high), begin + 1
        while end < len(parts) and (longer := _page(parts[begin : end + 1], size, high)):
            page, end = longer, end + 1
        pages.append(page)
        begin = end
    return pages


def _page(parts, size, high):
    """The page that holds exactly these, or None when they are too many. One alone always has a page."""
    tops = [0, *accumulate(_high(slip, size, 2) for _number, slip in parts)]
    split = min(range(1, len(parts) + 1), key=lambda k: (max(tops[k], tops[-1] - tops[k]), -k))
    if len(parts) > 1 and max(tops[split], tops[-1] - tops[split]) <= high + GAP:
        return Page(size, (parts[:split], parts[split:]))
    if len(parts) == 1 or sum(_high(slip, size, 1) for _number, slip in parts) <= high + GAP:
        return Page(size, (parts,))
    return None


def _said(slip):
    return f"{slip.lead} {slip.text} {slip.name}".strip()


def _high(slip, size, columns):
    """The height of a card and the gap below it. The opener is bold, which is a little wider."""
    wide = (WIDE - 2 * (columns - 1)) / columns - PAD[1]
    return lines_of(_said(slip), (wide - 0.04 * width_of(slip.lead)) / size) * size * LINE + PAD[0] + GAP


def _parts(slip, high):
    """The slip, or pieces of it that each stand on a page of their own: words of the room are never cut off."""
    parts = []
    if width_of(slip.lead) > LONG:  # no words to open with
        slip = replace(slip, lead="", text=f"{slip.lead} {slip.text}")
    while _high(slip, SMALL, 1) > high + GAP:
        text = slip.text
        some = (replace(slip, text=text[:n] + " …", name="") for n in range(len(text) - 20, 0, -20))
        most = len(next(part for part in some if _high(part, SMALL, 1) <= high + GAP).text) - 2
        space = text.rfind(" ", most - 60, most)  # in the middle of a word only where it is wider than that
        most = space if space > 2 else most
        parts.append(replace(slip, text=text[:most].rstrip() + " …", name=""))
        slip = replace(slip, lead="", text="… " + text[most:].strip())
    return [*parts, slip]


def count_pages(slips, below=""):
    """How many pages the slips take on the screen."""
    return len(pages_of(slips, below))


def page_of(slips, page=0, below=""):
    """Which slips of how many a page shows, in words; nothing where one page is all."""
    pages = pages_of(slips, below)
    numbers = pages[min(max(page, 0), len(pages) - 1)].numbers
    said = _("{a}–{b} of {n}") if numbers[-1:] != numbers[:1] else _("{a} of {n}")
    return said.format(a=numbers[0], b=numbers[-1], n=len(slips)) if len(pages) > 1 else ""


def draw(slips, page=0, below="", title=""):
    """One page of what the room wrote, or of what `title` says; a page beyond the last is the last. Pages: pages_of."""
    pages = pages_of(slips, below)
    page = pages[min(max(page, 0), len(pages) - 1)]
    first = page.numbers[0] if page.numbers else 0
    columns = "".join(
        f"<ul>{''.join(_slip(number - first, slip) for number, slip in column)}</ul>" for column in page.columns
    )
    heading = _heading(page.group)
    headed, face = sized(*reminder(heading, HEADED)), "room" if page.group else "far"
    group = f'<h2 class="group {face} clamp" style="{headed}">{escape(heading)}</h2>' if heading else ""
    return (
        f'<div class="main"><h1 class="sr">{escape(title or _("What we wrote"))}</h1>{group}'
        f'<div class="slips" style="{sized(page.size)}">{columns}</div></div>'
    )


def _slip(i, slip):
    lead = f"<b>{escape(slip.lead)}</b> " if slip.lead else ""
    by = f' <span class="by">{escape(slip.name)}</span>' if slip.name else ""
    return f'<li class="slip room {escape(slip.noun)}" style="--i:{i}">{lead}{escape(slip.text)}{by}</li>'
