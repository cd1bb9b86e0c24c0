"""The shared screen as HTML, piece by piece, from plain values. static/screen.css dresses it.

A page shows one st.html(screen(header(…), writing(…), footer(…))). Every text is escaped here, and only here;
st.html takes away scripts and svg, style and data-* attributes stay. Colours, sizes and motion are the stylesheet's.
"""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import accumulate, groupby
from math import ceil, floor

from pages.room.fitting import (
    BREATH,
    HEAD,
    LABEL,
    LINE,
    PICTURE,
    SANS,
    SMALL,
    THREAD,
    WIDE,
    WORDS,
    lines_of,
    stands,
    width_of,
)
from workshop.figures import whole
from workshop.step import Slip
from workshop.steps import verdict
from workshop.words import _

MOST_DISCS = 40


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
    code = f'<span class="code">{escape(_("Join"))} <b>{escape(_in_threes(code))}</b></span>' if code else ""
    kind = "head" + " speaks" * speaks
    return (
        f'<header class="{kind}"><p class="where"><b>{escape(step)}</b> <span>{escape(what)}</span></p>'
        f'<p class="in">{pages}{code}{_lost()}</p></header>'
    )


def _lost():
    """What takes the join code's place once the connection is gone, and what was drawn last stays."""
    return f'<span class="lost">{escape(_("Reconnecting"))}</span>'


def _in_threes(code):
    return code[:3] + " " + code[3:] if len(code) == 6 else code


def footer(promise_text="", started=None, deadline=None, passed=0):
    """The thread, and on it the promise (or the purpose, or the question, until there is one).

    With a deadline the thread is a clock: the page's script (live.js) reads data-started and data-deadline of its
    passed part and sets that part's width; passed (0…100) is where it stands until then.
    """
    size, lines = _line_below(promise_text)
    words = f'<p class="room clamp" style="{_set(size, lines)}">{escape(promise_text)}</p>' if promise_text else ""
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


def _line_below(text):
    """(size, most lines) of the words below the thread, which never take more than two lines of WORDS.

    They are the one text that may be cut, beyond some 220 characters: they only remind, and stand whole in their step.
    """
    return (WORDS, 2) if lines_of(text, BELOW / WORDS) <= 2 else (LABEL, 3)


def foot_high(text):
    """How much of the picture's height the footer takes."""
    size, most = _line_below(text)
    return THREAD + (min(most, lines_of(text, BELOW / size)) * size * LINE if text else 0)


def _set(size, lines=None):
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
    said = f'<ul class="openers{below} room {noun}" style="{_set(small)}">{said}</ul>' if openers and small else ""
    lines = floor(room[size, small] / (size * LINE))
    return (
        f'<div class="main writing"><div><h1 class="prompt clamp" style="{_set(size, lines)}">'
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


# ---------------------------------------------------------------- slips

GAP, PAD = 1.4, (2.1, 5.2)  # between cards; a card's own edges, above and below together, at both sides together
LONG = 60  # in sizes, some 125 letters: where one is longer all are set in the smaller size
MOST_LARGE = 2  # pages in the larger size; a room that turns more than these has forgotten the first
LOW = PICTURE[1] - HEAD - THREAD - 2 * WORDS * LINE - BREATH  # what there is room for whatever stands below the thread


@dataclass(frozen=True)
class Page:
    """What stands together: the size of its words, and one or two columns of (number of the slip from 1, slip)."""

    size: float
    columns: tuple[list[tuple[int, Slip]], ...]

    @property
    def numbers(self):
        return [number for column in self.columns for number, _slip in column]


def pages_of(slips, below=""):
    """The slips dealt onto pages, in their order: down the left column, down the right one, then the next page.

    A page takes as many as stand on it whole, above what stands below the thread. All have one size, the smaller one
    where the larger would take many pages. Cards are as high as their words. One alone, and those too long for half
    the width, have the whole width; what not even a page of its own holds goes on on the next one.
    """
    return _pages(tuple(slips), PICTURE[1] - HEAD - foot_high(below) - BREATH)


@lru_cache(64)  # the screen draws them, and the host's page counts them, whatever else has happened
def _pages(slips, high):
    if all(width_of(_said(slip)) <= LONG for slip in slips):
        pages = _dealt(slips, WORDS, high)
        if len(pages) <= MOST_LARGE:
            return pages
    return _dealt(slips, SMALL, high)


def _dealt(slips, size, high):
    parts = [(number, part) for number, slip in enumerate(slips, 1) for part in _parts(slip, high)]
    pages, begin = [], 0
    while begin < len(parts):
        page, end = _page(parts[begin : begin + 1], size, high), begin + 1
        while end < len(parts) and (longer := _page(parts[begin : end + 1], size, high)):
            page, end = longer, end + 1
        pages.append(page)
        begin = end
    return pages or [Page(size, ([],))]


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
        slip = Slip(slip.ref, slip.noun, "", f"{slip.lead} {slip.text}", slip.name)
    while _high(slip, SMALL, 1) > high + GAP:
        text = slip.text
        some = (Slip(slip.ref, slip.noun, slip.lead, text[:n] + " …") for n in range(len(text) - 20, 0, -20))
        most = len(next(part for part in some if _high(part, SMALL, 1) <= high + GAP).text) - 2
        space = text.rfind(" ", most - 60, most)  # in the middle of a word only where it is wider than that
        most = space if space > 2 else most
        parts.append(Slip(slip.ref, slip.noun, slip.lead, text[:most].rstrip() + " …"))
        slip = Slip(slip.ref, slip.noun, "", "… " + text[most:].strip(), slip.name)
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


def slips(slips, page=0, below="", title=""):
    """One page of what the room wrote, or of what `title` says; a page beyond the last is the last. Pages: pages_of."""
    pages = pages_of(slips, below)
    page = pages[min(max(page, 0), len(pages) - 1)]
    first = page.numbers[0] if page.numbers else 0
    columns = "".join(
        f"<ul>{''.join(_slip(number - first, slip) for number, slip in column)}</ul>" for column in page.columns
    )
    return (
        f'<div class="main"><h1 class="sr">{escape(title or _("What we wrote"))}</h1>'
        f'<div class="slips" style="{_set(page.size)}">{columns}</div></div>'
    )


def _slip(i, slip):
    lead = f"<b>{escape(slip.lead)}</b> " if slip.lead else ""
    by = f' <span class="by">{escape(slip.name)}</span>' if slip.name else ""
    return f'<li class="slip room {escape(slip.noun)}" style="--i:{i}">{lead}{escape(slip.text)}{by}</li>'


# ---------------------------------------------------------------- nothing yet


def empty(title):
    """Nothing is open or revealed: just where we are."""
    sizes = (11, 9.5, WORDS, SMALL, LABEL)
    size = next((size for size in sizes if stands(title, size, WIDE, LOW)), LABEL)
    return f'<div class="main alone"><h1 class="back" style="{_set(size)}">{escape(title)}</h1></div>'


# ---------------------------------------------------------------- ranking


NAME, TITLES = 68, 6  # the most that the names' column is wide; the height of the titles, thead in the stylesheet
MORE = 6.5  # the height of a line below the table
TEN = 10  # what a room takes in at once: for these the sentence steps back
SENTENCE = (8.3, WORDS, 6.2)  # its sizes; in the last its capitals are just as high as a sentence needs


def ranking(rows, sentence, *, strong=(), customers=None, business=None, below=""):
    """The order of the concepts as a table that can be read aloud: place, name, score, dot, the place for each side.

    rows: dicts, best first, with name, rank, score, customer_score, business_score (−100…100 or None) and, once
    known, rank_lo and rank_hi (then dots and intervals stand on places) and tier (then bands). strong: parts of the
    sentence set bold. below: what stands below the thread. Names stand whole, on as many lines as they need; the
    sentence is as large as leaves room for ten of them, and rows for which there is no room are counted.
    """
    sure = _("Line: 8 of 10 replays") if any(row.get("rank_lo") for row in rows) else ""
    size, room = _ranked_in(rows, sentence, below, MORE if not sure else 0)
    shown = rows[:room]
    hidden = len(rows) - len(shown)
    sides = [side for side in ("customer", "business") if any(row.get(f"{side}_score") is not None for row in rows)]
    titles = {"customer": customers or _("Customers"), "business": business or _("Business")}
    places = {side: verdict.places([row.get(f"{side}_score") for row in rows]) for side in sides}
    axis, marks = _place_ruler(rows) if sure else _score_ruler(rows)
    cells = []
    for i, row in enumerate(shown):
        own = [places[side][i] for side in sides]
        apart = len(own) == 2 and None not in own and abs(own[0] - own[1]) >= 6
        part = " part" if apart else ""
        parts = "".join(f'<td class="{side[0]}{part}">{_place(places[side][i])}</td>' for side in sides)
        cells.append(
            f'<th scope="row" class="n"><span>{escape(row["name"])}</span></th>{_score(row)}'
            f'<td class="x concept">{marks(i)}</td>{parts}'
        )
    head = "".join(f'<th scope="col" class="{side[0]}">{escape(titles[side])}</th>' for side in sides)
    name = min(NAME, 2 + max(map(width_of, [sure, *(row["name"] for row in shown)])) * LABEL * SANS / 0.98)
    cols = f'<col class="p"><col style="width:calc({name:.1f}*var(--u))"><col class="s"><col class="x">'
    cols += "".join(f'<col class="{side[0]}">' for side in sides)
    below = [_("and {n} more, on your phones").format(n=hidden)] if hidden > 0 else []
    below += [] if sure else [_("Too few people to say how sure.")]
    more = "".join(f'<p class="more">{escape(words)}</p>' for words in below)
    caption = escape(_("The concepts, best first. The same place means level. # is the place for one side."))
    place, concept, score = map(escape, (_("Place"), _("Concept"), _("Score")))
    return (
        f'<h1 class="finding" style="{_set(size)}">{_emphasised(sentence, strong)}{_lost()}</h1>'
        f'<div class="main"><table class="rank"><caption class="sr">{caption}</caption><colgroup>{cols}</colgroup>'
        f'<thead><tr><th scope="col" class="p"><span class="sr">{place}</span></th>'
        f'<th scope="col" class="n"><span class="sr">{concept}</span> {escape(sure)}</th>'
        f'<th scope="col" class="s">{score}</th>'
        f'<th scope="col" class="x"><span class="axis">{axis}</span></th>{head}</tr></thead>'
        f"{_bodies(shown, cells)}</table>{more}</div>"
    )


def _ranked_in(rows, sentence, below, left):
    """(size of the sentence, how many rows stand under it where so much has to be left below them)."""
    lines = {size: lines_of(sentence, WIDE / size / SANS) for size in (*SENTENCE, LABEL)}
    high = PICTURE[1] - foot_high(below) - BREATH - 4.8 - left
    room = {size: _how_many(rows, high - lines[size] * size * LINE) for size in lines}
    sizes = [size for size in SENTENCE if lines[size] <= 2] or [LABEL]
    size = max(sizes, key=lambda size: (min(room[size], TEN), size))
    return size, room[size]


def _how_many(rows, high):
    """How many rows stand in this height, with the line that counts the others where not all do."""
    tiers = [row.get("tier") for row in rows]
    tops, top = [], TITLES
    for i, row in enumerate(rows):
        lines = lines_of(row["name"], (NAME - 2) / LABEL / SANS)
        top += max(5.9, lines * LABEL * 1.06) + (1.3 if i and tiers[i] != tiers[i - 1] else 0)
        tops.append(top)
    if top <= high:
        return len(rows)
    return max(1, sum(top + MORE <= high for top in tops))


def _score(row):
    said = f'<span class="sr">{escape(_("not rated"))}</span>' if row.get("score") is None else whole(row["score"])
    return f'<td class="s">{said}</td>'


def _place(number):
    """A place for one side; the sign tells it from a score."""
    return f"#{number}" if number else "–"


def _bodies(rows, cells):
    """Rows that share a tier, or else a place, share one row header; tiers are bands with air between them."""
    tiered = any(row.get("tier") is not None for row in rows)
    numbered = list(zip(rows, cells, strict=True))
    groups = [list(group) for _key, group in groupby(numbered, key=lambda rc: rc[0].get("tier" if tiered else "rank"))]
    out = []
    for group in groups:
        place = group[0][0].get("rank")
        place = f'<th scope="rowgroup" class="p" rowspan="{len(group)}">{"–" if place is None else f"{place:d}"}</th>'
        first = ' class="first"' if group is groups[0] and rows[0].get("rank") else ""
        body = "".join(f"<tr{first}>{'' if i else place}{cell}</tr>" for i, (_row, cell) in enumerate(group))
        out.append(f"<tbody{' class=tier' if tiered else ''}>{body}</tbody>")
    gap = (
        f'<tbody class="gap" aria-hidden="true"><tr><td colspan="{cells[0].count("</td>") + 2}"></td></tr></tbody>'
        if tiered
        else ""
    )
    return gap.join(out)


def _score_ruler(rows):
    """(axis, marks of the row at i) on a ruler of scores that reaches from the lowest to the highest and holds zero."""
    scores = [0, *(row["score"] for row in rows if row.get("score") is not None)]
    low, high = min(scores), max(scores)
    at = lambda score: 12 + 76 * (score - low) / (high - low or 1)  # noqa: E731
    ends = {round(at(v)): f'<span style="left:{at(v):.1f}%">{whole(v)}</span>' for v in (low, high, 0)}

    def marks(i):
        score = rows[i].get("score")
        dot = "" if score is None else f'<span class="dot" style="left:{at(score):.1f}%"></span>'
        return f'<span class="zero" style="left:{at(0):.1f}%"></span>{dot}'

    return "".join(ends.values()), marks


def _place_ruler(rows):
    """(axis, marks of the row at i) on a ruler of places, with the interval of places in 80 of 100 replays.

    The dot is where the row stands in the order: those that share a place would else stand outside their intervals.
    """
    step = 100 / len(rows)
    at = lambda place: (place - 0.5) * step  # noqa: E731
    *places, last = sorted({1, (len(rows) + 1) // 2, len(rows)})
    axis = "".join(f'<span style="left:{at(place):.1f}%">{place}</span>' for place in places)
    axis += f'<span class="last">{last}</span>'

    def marks(i):
        low, high = rows[i]["rank_lo"], rows[i]["rank_hi"]
        said = _("Likely {low} to {high}.").format(low=low, high=high)
        return (
            f'<span class="iv" style="left:{at(low) - 0.8:.1f}%;width:{at(high) - at(low) + 1.6:.1f}%"></span>'
            f'<span class="dot" style="left:{at(i + 1):.1f}%"></span><span class="sr">{escape(said)}</span>'
        )

    return axis, marks


def _emphasised(sentence, strong):
    """The sentence escaped, with every part of it that is named in strong set bold."""
    for words in filter(None, strong):
        before, found, after = sentence.partition(words)
        if found:
            return f"{_emphasised(before, strong)}<b>{escape(found)}</b>{_emphasised(after, strong)}"
    return escape(sentence)
