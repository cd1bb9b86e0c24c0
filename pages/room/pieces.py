"""The shared screen as HTML, piece by piece, from plain values. static/screen.css dresses it.

A page shows one st.html(screen(header(…), writing(…), footer(…))). Every text is escaped here, and only here;
st.html takes away scripts and svg, style and data-* attributes stay. Colours, sizes and motion are the stylesheet's.
"""

from html import escape
from math import ceil, floor

from pages.room.fitting import (
    BREATH,
    HEAD,
    LABEL,
    LINE,
    PICTURE,
    SMALL,
    THREAD,
    WIDE,
    WORDS,
    lines_of,
    stands,
    width_of,
)
from workshop.words import _

MOST_DISCS = 40
LOW = PICTURE[1] - HEAD - THREAD - 2 * WORDS * LINE - BREATH  # what there is room for whatever stands below the thread


def screen(*pieces, rehearsal=False, dark=False):
    """The whole picture from its pieces, top to bottom; a rehearsal has a frame around it that says so."""
    mark = f'<p class="mark">{escape(_("Rehearsal"))}</p>' if rehearsal else ""
    kind = "screen" + " rehearsed" * rehearsal + " dark" * dark
    return f'<div class="{kind}"><div class="stage">{"".join(pieces)}{mark}</div></div>'


def header(step, what="", code=None, pages="", *, speaks=False):
    """Where we are, what is happening, which of how many, and the join code; without a code nothing is offered.

    It `speaks` where a sentence that says what came out stands in its place.
    """
    pages = f'<span class="pages">{escape(pages)}</span>' if pages else ""
    code = f'<span class="code">{escape(_("Join"))} <b>{escape(in_threes(code))}</b></span>' if code else ""
    kind = "head" + " speaks" * speaks
    return (
        f'<header class="{kind}"><p class="where"><b>{escape(step)}</b> <span>{escape(what)}</span></p>'
        f'<p class="in">{pages}{code}{lost()}</p></header>'
    )


def lost():
    """What takes the join code's place once the connection is gone, and what was drawn last stays."""
    return f'<span class="lost">{escape(_("Reconnecting"))}</span>'


def in_threes(code):
    return code[:3] + " " + code[3:] if len(code) == 6 else code


def footer(promise_text="", started=None, deadline=None, passed=0):
    """The thread, and on it the promise (or the purpose, or the question, until there is one).

    With a deadline the thread is a clock: the page's script (live.js) reads data-started and data-deadline of its
    passed part and sets that part's width; passed (0…100) is where it stands until then.
    """
    size, lines = reminder(promise_text, BELOW)
    words = f'<p class="room clamp" style="{sized(size, lines)}">{escape(promise_text)}</p>' if promise_text else ""
    if deadline is None:
        thread = '<div class="thread" aria-hidden="true"></div>'
    else:
        label = escape(_("{n} of 100 of the time has passed").format(n=round(passed)))
        thread = (
            f'<div class="thread" role="img" aria-label="{label}"><i data-passed="{passed:g}" '
            f'data-started="{escape(str(started))}" data-deadline="{escape(str(deadline))}" '
            f'style="width:{passed:g}%"></i></div>'
        )
    return f'<footer class="foot">{thread}{words}</footer>'


BELOW = 186  # the footer's width, and a little for its letters standing closer


def reminder(text, wide):
    """(size, most lines) of words below the thread or above a group, which hardly take more than two lines of WORDS.

    They are the one text that may be cut, beyond some 220 characters: they only remind, and stand whole elsewhere.
    """
    return (WORDS, 2) if lines_of(text, wide / WORDS) <= 2 else (LABEL, 3)


def reminder_high(text, wide):
    """How much of the picture's height such words take."""
    size, most = reminder(text, wide)
    return min(most, lines_of(text, wide / size)) * size * LINE if text else 0


def foot_high(text):
    """How much of the picture's height the footer takes."""
    return THREAD + reminder_high(text, BELOW)


def sized(size, lines=None):
    return f"--size:{size:g}" + (f";--lines:{lines}" if lines else "")


def writing(prompt, openers=(), *, noun="purpose", ready=None, present=None, started=None, deadline=None, left="",
            quiet=""):  # fmt: skip
    """The prompt and its openers; below, how many of those present are ready, and the clock over `quiet`, how we work.

    `left` is what the clock says until the page's script paints it; `started` and `deadline` go through as they are.
    """
    said = "".join(f"<li>{escape(opener)}</li>" for opener in openers)
    longest, half = max(map(width_of, openers), default=0), (WIDE - 16) / 2
    beside = longest * 8.3 <= half  # or else one below the other
    rows, wide, clock = (ceil(len(openers) / 2), half, "") if beside else (len(openers), WIDE, "")
    sizes = [(12, 11), (9.5, 11), (9.5, 8.3), (WORDS, WORDS), (SMALL, SMALL), (LABEL, LABEL), (SMALL, 0), (LABEL, 0)]
    # what is left above the count and the clock; no room at all for the openers leaves them out
    room = {pair: 50 - (pair[1] and rows and 3.4 + rows * (pair[1] * 1.1 + 1.6)) for pair in sizes}
    fitting = (pair for pair in sizes if longest * pair[1] <= wide and stands(prompt, pair[0], WIDE, room[pair]))
    size, small = next(fitting, sizes[-1])
    if deadline is not None:
        clock = (
            f'<span data-clock="minutes" data-started="{escape(str(started))}" '
            f'data-deadline="{escape(str(deadline))}">{escape(left)}</span>'
        )
    if quiet:
        clock += f'<span class="quiet">{escape(quiet)}</span>'
    below = "" if beside else " below"
    said = f'<ul class="openers{below} room {noun}" style="{sized(small)}">{said}</ul>' if openers and small else ""
    lines = floor(room[size, small] / (size * LINE))
    return (
        f'<div class="main writing"><div><h1 class="prompt clamp" style="{sized(size, lines)}">'
        f"{escape(prompt)}</h1>{said}</div>"
        f'<div class="below">{_ready(ready, present)}<p class="clock">{clock}</p></div></div>'
    )


def _ready(ready, present):
    if not present:
        return ""
    count = escape(_("{count} ready")).format(count=f"<b>{escape(_('{n} of {all}').format(n=ready, all=present))}</b>")
    discs = ""
    if present <= MOST_DISCS:
        discs = "".join(f"<i{' class=on' if i < ready else ''}></i>" for i in range(present))
        discs = f'<div class="people" aria-hidden="true">{discs}</div>'
    return f'<div class="count"><p>{count}</p>{discs}</div>'


def empty(title):
    """Nothing is open or revealed: just where we are."""
    sizes = (11, 9.5, WORDS, SMALL, LABEL)
    size = next((size for size in sizes if stands(title, size, WIDE, LOW)), LABEL)
    return f'<div class="main alone"><h1 class="back" style="{sized(size)}">{escape(title)}</h1></div>'
