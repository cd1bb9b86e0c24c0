"""The shared screen as HTML, piece by piece, from plain values. static/screen.css dresses it.

A page shows one st.html(screen(header(…), writing(…), footer(…))). Every text is escaped here, and only here;
st.html takes away scripts and svg, style and data-* attributes stay. Colours, sizes and motion are the stylesheet's.
"""

import unicodedata
from functools import lru_cache
from html import escape
from itertools import groupby

from workshop.words import _

SHORT_PROMISE = 58  # characters that stand on one line of the footer
MOST_DISCS = 40
MOST_MARKS = 14


def screen(*pieces):
    """The whole picture from its pieces, top to bottom."""
    return f'<div class="screen"><div class="stage">{"".join(pieces)}</div></div>'


def header(step, what="", code=None):
    """Where we are, what is happening, and the join code in groups of three; without a code nothing is offered."""
    code = f'<span class="code">{escape(_("Join"))} <b>{escape(_in_threes(code))}</b></span>' if code else ""
    return (
        f'<header class="head"><p class="where"><b>{escape(step)}</b> <span>{escape(what)}</span></p>'
        f'<p class="in">{code}<span class="lost">{escape(_("Reconnecting"))}</span></p></header>'
    )


def _in_threes(code):
    return code[:3] + " " + code[3:] if len(code) == 6 else code


def footer(promise_text="", started=None, deadline=None, passed=0):
    """The thread, and on it the promise (or the purpose, or the question, until there is one).

    With a deadline the thread is a clock: the page's script (live.js) reads data-started and data-deadline of its
    passed part and sets that part's width; passed (0…100) is where it stands until then.
    """
    words = f'<p class="room clamp">{escape(promise_text)}</p>' if promise_text else ""
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


def writing(prompt, openers=(), *, noun="purpose", ready=None, present=None, deadline=None, left="", silent=False):
    """The prompt and its openers; below, how many of those present are ready, and the clock.

    `left` is what the clock says until the page's script paints it; `deadline` goes through as it is.
    """
    said = "".join(f"<li>{escape(opener)}</li>" for opener in openers)
    said = f'<ul class="openers room {noun}">{said}</ul>' if openers else ""
    size, clock = " long" if len(prompt) > 85 else "", ""
    if deadline is not None:
        quiet = f'<span class="quiet">{escape(_("in silence"))}</span>' if silent else ""
        clock = (
            f'<p class="clock"><span data-clock="minutes" data-deadline="{escape(str(deadline))}">'
            f"{escape(left)}</span>{quiet}</p>"
        )
    return (
        f'<main class="main writing"><div><h1 class="prompt{size} clamp">{escape(prompt)}</h1>{said}</div>'
        f'<div class="below">{_ready(ready, present)}{clock}</div></main>'
    )


def _ready(ready, present):
    if not present:
        return ""
    count = escape(_("{n} of {all} ready")).format(n=f"<b>{ready:d}</b>", all=f"<b>{present:d}</b>")
    discs = ""
    if present <= MOST_DISCS:
        discs = "".join(f"<i{' class=on' if i < ready else ''}></i>" for i in range(present))
        discs = f'<div class="people" aria-hidden="true">{discs}</div>'
    return f'<div class="count"><p>{count}</p>{discs}</div>'


# ---------------------------------------------------------------- slips


def _width(text):
    """The text's width in average letters: capitals and wide scripts take more room, thin letters less."""
    wide = {"W": 2.1, "F": 2.1}
    return sum(
        wide.get(unicodedata.east_asian_width(c))
        or (0.6 if c in "ilIjtfr.,:;'’|! ()-" else 1.45 if c.isupper() or c in "mwMW@%—" else 1.05)
        for c in text
    )


@lru_cache(4096)
def _lines(text, wide):
    """How many lines of that many average letters the text needs."""
    lines, room = 1, wide
    for word in text.split():
        need = _width(word + " ")
        if need > room and room < wide:
            lines, room = lines + 1, wide
        lines, room = lines + int(need // wide), room - need % wide
    return lines


def _shape(slip, rows):
    """(columns, rows, lines) of the smallest card that holds a slip; the largest leaves the last row to the pager."""
    text = f"{slip.lead} {slip.text}"
    for across, down, lines in ((1, 1, 2), (1, 2, 4), (2, 2, 4), (2, 3, 7)):
        if down < rows and _lines(text, 26 if across == 1 else 54) <= lines:
            return across, down, lines
    return 2, rows - 1, (0, 2, 4, 7)[rows - 1]


def pages_of(slips, rows=4):
    """The slips dealt onto pages of two columns: lists of (slip, row, column, columns, rows, lines).

    The last place of every page is the pager's. rows is 3 when the promise below takes two lines.
    """
    pages, free = [[]], [_empty(rows)]
    for slip in slips:
        across, down, lines = _shape(slip, rows)
        # what was shuffled may also fill the gap that a long slip left on an earlier page
        number = next((i for i, places in enumerate(free) if _spot(places, across, down)), len(pages))
        if number == len(pages):
            pages.append([])
            free.append(_empty(rows))
        row, column = _spot(free[number], across, down)
        free[number] -= {(row + i, column + j) for i in range(down) for j in range(across)}
        pages[number].append((slip, row, column, across, down, lines))
    return [sorted(page, key=lambda card: card[1:3]) for page in pages]


def _empty(rows):
    return {(row, column) for row in range(1, rows + 1) for column in (1, 2)} - {(rows, 2)}


def _spot(free, across, down):
    return next(
        (
            (row, column)
            for row, column in sorted(free)
            if all((row + i, column + j) in free for i in range(down) for j in range(across))
        ),
        None,
    )


def count_pages(slips, promise_text=""):
    """How many pages the slips take on a screen with this promise below."""
    return len(pages_of(slips, _rows(promise_text)))


def _rows(promise_text):
    return 3 if len(promise_text) > SHORT_PROMISE else 4


def slips(slips, page=0, *, promise_text=""):
    """One page of what the room wrote, and a pager; a page beyond the last is the last. Pages: pages_of."""
    rows = _rows(promise_text)
    pages = pages_of(slips, rows)
    page = min(max(page, 0), len(pages) - 1)
    before, total = sum(map(len, pages[:page])), sum(map(len, pages))
    cards = "".join(_slip(i, *card) for i, card in enumerate(pages[page]))
    said = _("{a}–{b} of {n}").format(a=before + 1, b=before + len(pages[page]), n=total)
    marks = "".join(f"<i{' class=on' if before <= i < before + len(pages[page]) else ''}></i>" for i in range(total))
    marks = f'<span class="marks" aria-hidden="true">{marks}</span>' if total <= MOST_MARKS else ""
    noun = pages[page][0][0].noun if total else "purpose"
    pager = f'<li class="pager {noun}" style="grid-area:{rows}/2">{marks}<span>{escape(said)}</span></li>'
    return (
        f'<main class="main"><h1 class="sr">{escape(_("What we wrote"))}</h1>'
        f'<ul class="slips">{cards}{pager if len(pages) > 1 else ""}</ul></main>'
    )


def _slip(i, slip, row, column, across, down, lines):
    lead = f"<b>{escape(slip.lead)}</b> " if slip.lead else ""
    return (
        f'<li class="slip room {escape(slip.noun)}" '
        f'style="--i:{i};--lines:{lines};grid-area:{row}/{column}/span {down}/span {across}">'
        f'<span class="clamp">{lead}{escape(slip.text)}</span></li>'
    )


# ---------------------------------------------------------------- one thing alone


def _vow(text, tested=False):
    """The sentence in the largest of three sizes in which it stands whole; tests below it take the largest away."""
    sizes = (("vow long", 60),) if tested else (("vow", 62), ("vow long", 150))
    size = next((name for name, most in sizes if len(text) <= most), "vow longer")
    return f'<h1 class="{size} clamp">{escape(text)}</h1>'


def statement(noun, ref, text, tests=()):
    """One sentence alone, as large as it goes, with its ref; tests are (name, text) pairs below it, at most three."""
    told = "".join(f'<div><dt>{escape(name)}</dt><dd class="clamp">{escape(words)}</dd></div>' for name, words in tests)
    return (
        f'<main class="main alone{" tested" if tests else ""}"><div><p class="ref {noun}">{escape(ref)}</p>'
        f"{_vow(text, bool(tests))}</div>{f'<dl class=tests>{told}</dl>' if tests else ''}</main>"
    )


def empty(title):
    """Nothing is open or revealed: just where we are."""
    return f'<main class="main alone"><h1 class="back">{escape(title)}</h1></main>'


# ---------------------------------------------------------------- ranking


def ranking(rows, sentence, *, strong=(), customers=None, business=None, most=10):
    """The order of the concepts as a table that can be read aloud: sentence, place, name, dot, place for each side.

    rows: dicts, best first, with name, rank, score, customer_score, business_score (−100…100 or None) and, once
    known, rank_lo and rank_hi (then dots and intervals stand on places) and tier (then bands). strong: parts of the
    sentence set bold. most: rows shown (8 when the promise takes two lines); the others are counted.
    """
    shown, hidden = rows[:most], len(rows) - most
    sides = [side for side in ("customer", "business") if any(row.get(f"{side}_score") is not None for row in rows)]
    titles = {"customer": customers or _("Customers"), "business": business or _("Business")}
    places = {side: _places([row.get(f"{side}_score") for row in rows]) for side in sides}
    axis, marks = _place_ruler(rows) if any(row.get("rank_lo") for row in rows) else _score_ruler(rows)
    cells = []
    for i, row in enumerate(shown):
        own = [places[side][i] for side in sides]
        apart = len(own) == 2 and None not in own and abs(own[0] - own[1]) >= 6
        part = " part" if apart else ""
        parts = "".join(f'<td class="{side[0]}{part}">{places[side][i] or "–"}</td>' for side in sides)
        cells.append(
            f'<th scope="row" class="n"{_whole_name(row["name"])}</th><td class="x concept">{marks(row)}</td>{parts}'
        )
    head = "".join(f'<th scope="col" class="{side[0]}">{escape(_cut(titles[side], 10))}</th>' for side in sides)
    cols = "".join(f'<col class="{c}">' for c in ["p", "n", "x", *(side[0] for side in sides)])
    more = f'<p class="more">{escape(_("and {n} more, on your phones").format(n=hidden))}</p>' if hidden > 0 else ""
    caption, place, concept = map(
        escape, (_("The concepts, best first. The same place means level."), _("Place"), _("Concept"))
    )
    return (
        f'<h1 class="finding"><span class="clamp">{_emphasised(sentence, strong)}</span></h1>'
        f'<main class="main"><table class="rank"><caption class="sr">{caption}</caption><colgroup>{cols}</colgroup>'
        f'<thead><tr><th scope="col" class="p"><span class="sr">{place}</span></th>'
        f'<th scope="col" class="n"><span class="sr">{concept}</span></th>'
        f'<th scope="col" class="x"><span class="axis">{axis}</span></th>{head}</tr></thead>'
        f"{_bodies(shown, cells)}</table>{more}</main>"
    )


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


def _places(scores):
    """The place of each score, the highest first, equal scores level; None where there is no score."""
    known = [score for score in scores if score is not None]
    return [None if score is None else 1 + sum(other > score for other in known) for score in scores]


def _score_ruler(rows):
    """(axis, marks of a row) on a ruler of scores that reaches from the lowest to the highest and holds zero."""
    scores = [0, *(row["score"] for row in rows if row.get("score") is not None)]
    low, high = min(scores), max(scores)
    at = lambda score: 6 + 88 * (score - low) / (high - low or 1)  # noqa: E731
    ends = {round(at(v)): f'<span style="left:{at(v):.1f}%">{_whole(v)}</span>' for v in (low, high, 0)}

    def marks(row):
        zero = f'<span class="zero" style="left:{at(0):.1f}%"></span>'
        if row.get("score") is None:
            return f'{zero}<span class="sr">{escape(_("not rated"))}</span>'
        return (
            f'{zero}<span class="dot" style="left:{at(row["score"]):.1f}%"></span>'
            f'<span class="sr">{escape(_("score {n}").format(n=_whole(row["score"])))}</span>'
        )

    return "".join(ends.values()), marks


def _place_ruler(rows):
    """(axis, marks of a row) on a ruler of places, with the interval of places in 80 of 100 replays."""
    step = 100 / len(rows)
    at = lambda place: (place - 0.5) * step  # noqa: E731
    axis = "".join(f'<span style="left:{at(p):.1f}%">{p}</span>' for p in sorted({1, (len(rows) + 1) // 2, len(rows)}))

    def marks(row):
        low, high = row["rank_lo"], row["rank_hi"]
        said = _("place {n}, likely {low} to {high}").format(n=row["rank"], low=low, high=high)
        return (
            f'<span class="iv" style="left:{at(low) - 0.8:.1f}%;width:{at(high) - at(low) + 1.6:.1f}%"></span>'
            f'<span class="dot" style="left:{at(row["rank"]):.1f}%"></span><span class="sr">{escape(said)}</span>'
        )

    return axis, marks


def _whole(value):
    return f"{round(value):d}".replace("-", "−")


def _whole_name(name):
    """The end of a row header's tag and the name, cut at a word; the whole of it for those who listen."""
    short = _cut(name, 23)
    label = f' aria-label="{escape(name)}"' if short != name else ""
    return f"{label}>{escape(short)}"


def _cut(text, most):
    if _width(text) <= most + 1.5:
        return text
    while text and _width(text) > most - 1:
        text = text.rpartition(" ")[0] if " " in text else text[:-1]
    return text.rstrip(" ,;:.–-") + "…"


def _emphasised(sentence, strong):
    """The sentence escaped, with every part of it that is named in strong set bold."""
    for words in filter(None, strong):
        before, found, after = sentence.partition(words)
        if found:
            return f"{_emphasised(before, strong)}<b>{escape(found)}</b>{_emphasised(after, strong)}"
    return escape(sentence)
