"""The order of the concepts on the shared screen: a table that can be read aloud, with the places as dots on a ruler.

As in pages/room/pieces.py: plain values in, escaped HTML out, sizes in u; static/screen.css dresses it.
"""

from html import escape
from itertools import groupby

from pages.room.fitting import BREATH, LABEL, LINE, PICTURE, SANS, WIDE, WORDS, lines_of, width_of
from pages.room.pieces import foot_high, lost, sized
from workshop.figures import whole
from workshop.steps import verdict
from workshop.words import _

NAME, TITLES = 68, 6  # the most that the names' column is wide; the height of the titles, thead in the stylesheet
MORE = 6.5  # the height of a line below the table
TEN = 10  # what a room takes in at once: for these the sentence steps back
SENTENCE = (8.3, WORDS, 6.2)  # its sizes; in the last its capitals are just as high as a sentence needs


def draw(rows, sentence, *, strong=(), customers=None, business=None, below=""):
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
        f'<h1 class="finding" style="{sized(size)}">{_emphasised(sentence, strong)}{lost()}</h1>'
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
