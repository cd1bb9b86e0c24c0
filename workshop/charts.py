"""Altair charts from plain rows, in the house style. Nothing of ours is imported but the colours.

Show them with st.altair_chart(chart, theme=None, width="stretch"): colours and fonts are ours in both modes.
"""

import altair as alt
import pandas as pd

from workshop.palette import ground, ink

# a family name with a digit would have to be quoted, and a canvas drops a font list it cannot read
SANS, SERIF = "Throughline Sans, Inter, system-ui, sans-serif", "Throughline Serif, Georgia, serif"
WORDS = {
    "score": "Score",
    "customer": "For customers",
    "business": "For the business",
    "concept": "Concept",
    "none": "not rated",
    "about": "Concepts by score, from −100 to 100, best first: {rows}.",
    "row": "{place} {name}, {score}",
}
PARTS = {"customer": ("customer_score", "cpi"), "business": ("business_score", "kpi")}
RULER = 420  # of 1000 units: where the ruler of scores begins, after the names
LABEL = 36  # the number beside a part's dot


def whole(value):
    """A number as people read it: rounded, with a true minus; "–" for none."""
    return "–" if pd.isna(value) else f"{round(value):d}".replace("-", "−")


def cut(text, most):
    """At most that many characters, cut at a word and marked with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[:most]
    return (head[: head.rindex(" ")] if " " in head else head[:-1]).rstrip(" ,;:.–-") + "…"


def ruler(values, pad=0.06):
    """(low, high, ticks) of the smallest ruler that holds zero and all values; ticks are whole steps inside it."""
    known = [0.0, *(v for v in values if not pd.isna(v))]
    low, high = min(known), max(known)
    if high - low < 1:
        low, high = (-10, 10) if low == high == 0 else (low - 1, high + 1)
    edge = (high - low) * pad
    low, high = low - edge, high + edge
    step = next(s for s in (1, 2, 5, 10, 20, 25, 50, 100) if (high - low) / s <= 6)
    return low, high, [t for t in range(-100, 101, step) if low <= t <= high]


def _style(chart, mode):
    muted = ground("muted", mode)
    return (
        chart.configure(background="transparent", font=SANS, padding=0)
        .configure_view(strokeWidth=0)
        .configure_axis(labelColor=muted, titleColor=muted, domain=False, ticks=False, gridColor=ground("line", mode))
    )


def _read(rows, words):
    """The rows best first, as a frame with everything that is written about them."""
    rows = sorted(rows, key=lambda row: (row.get("rank") is None, row.get("rank") or 0))
    frame = pd.DataFrame(rows).reindex(
        columns=["ref", "name", "rank", "score", "customer_score", "business_score", "lo", "hi", "tier"]
    )
    for column in ("rank", "score", "customer_score", "business_score", "lo", "hi"):
        frame[column] = pd.to_numeric(frame[column])
    frame["i"] = range(len(frame))
    frame["top"], frame["bottom"] = frame.i - 0.5, frame.i + 0.5
    frame["short"] = [cut(name, 34) for name in frame.name]
    # a place stands once: the rows below it share it
    group = frame.tier if frame.tier.notna().any() else frame["rank"]
    frame["place"] = [
        whole(rank) if first else "" for rank, first in zip(group, (group != group.shift()) | group.isna(), strict=True)
    ]
    frame["score_column"] = frame.score.map(whole)
    frame["score_said"] = [whole(score) if not pd.isna(score) else words["none"] for score in frame.score]
    for column in PARTS.values():
        frame[column[0] + "_said"] = frame[column[0]].map(whole)
    return frame


class _Sheet:
    """Marks on a ruler of 1000 units: one view fills any width, where concatenated charts cannot.

    What is drawn of the concepts reads from one table, with a column for each place on the ruler, and lines and titles
    from a second one: a page turns every table of a chart into bytes at each run, and one for each mark took 35 ms.
    """

    def __init__(self, rows):
        self.rows = rows
        self.layers, self.guides = [], []
        self.down = alt.Scale(domain=[-1.5, len(rows) - 0.5], reverse=True, nice=False, zero=False)

    def x(self, field):
        return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, 1000], nice=False))

    def y(self, field="i"):
        return alt.Y(f"{field}:Q", axis=None, scale=self.down)

    def place(self, column, values):
        """Where a mark of each concept stands; without a number it is not drawn. Gives the column."""
        self.rows[column] = values
        return column

    def write(self, text, x, limit=None, **look):
        if self.rows[x].notna().any():
            mark = alt.Chart(self.rows).mark_text(**_letters(limit, look))
            self.layers.append(mark.encode(self.x(x), self.y(), text=f"{text}:N"))

    def rule(self, start, end, **look):
        if self.rows[[start, end]].notna().all(axis=1).any():
            mark = alt.Chart(self.rows).mark_rule(strokeCap="round", **look)
            self.layers.append(mark.encode(self.x(start), self.y(), x2=end))

    def dot(self, x, **look):
        if self.rows[x].notna().any():
            self.layers.append(alt.Chart(self.rows).mark_circle(opacity=1, **look).encode(self.x(x), self.y()))

    def across(self, chart):
        """Something from edge to edge, from the column `top` down."""
        return chart.encode(self.y("top"), x=alt.value(0), x2=alt.value("width"))

    def upright(self, x, colour):
        """A line from the first concept to the last."""
        self.guides.append({"kind": "line", "x": x, "colour": colour})

    def title(self, text, x, colour, **look):
        """A word over the first concept; those with the same look are one layer."""
        kind = " ".join(f"{name}={look[name]}" for name in sorted(look)) or "tick"
        self.guides.append({"kind": kind, "x": x, "colour": colour, "text": text, "look": look})

    def drawn_guides(self):
        frame = pd.DataFrame(self.guides).assign(i=-0.95, start=-0.5, end=len(self.rows) - 0.5)
        looks = {guide["kind"]: guide.get("look") for guide in self.guides}
        chart = alt.Chart(frame.drop(columns="look"))
        colour = alt.Color("colour:N", scale=None, legend=None)
        layers = []
        for kind, look in looks.items():
            only = chart.transform_filter(alt.datum.kind == kind)
            if look is None:
                layers.append(only.mark_rule().encode(self.x("x"), self.y("start"), colour, y2="end"))
            else:
                mark = only.mark_text(**_letters(look.get("limit"), look))
                layers.append(mark.encode(self.x("x"), self.y(), colour, text="text:N"))
        return layers


def _letters(limit, look):
    look = {"align": "left", "baseline": "middle", "fontSize": 12} | look
    if limit:  # the letters a narrow window cannot hold
        look["limit"] = alt.ExprRef(f"width * {limit / 1000}")
    return look


def _part(sheet, name, left, wide, span, mode, words):
    """A part's column: a stem from zero to a dot with its number on the far side; zero moves in for losses."""
    field, noun = PARTS[name]
    low, high = span
    rows, colour = sheet.rows, ink(noun, mode)
    room = wide - 10 - LABEL * ((low < 0) + (high > 0))
    zero = left + LABEL * (low < 0) + room * -low / (high - low)
    at = sheet.place(f"{name}_at", zero + rows[field] * room / (high - low))
    gain = sheet.place(f"{name}_gain", rows[at].where(rows[field] >= 0))
    loss = sheet.place(f"{name}_loss", rows[at].where(rows[field] < 0))
    look = {"fontSize": 11.5, "color": ground("text", mode)}
    if low < 0:
        sheet.upright(zero, ground("line", mode))
    sheet.rule(sheet.place(f"{name}_zero", zero), at, strokeWidth=2, opacity=0.4, color=colour)
    sheet.dot(at, size=52, color=colour)
    sheet.write(f"{field}_said", gain, dx=9, **look)
    sheet.write(f"{field}_said", loss, dx=-9, **look | {"align": "right"})
    sheet.title(words[name], left, colour, fontWeight=600, limit=wide - 4)


def _score(sheet, right, mode, words):
    """The ruler with one dot per concept, its interval where there is one, and the score in a column of its own."""
    rows, green, muted = sheet.rows, ink("concept", mode), ground("muted", mode)
    low, high, ticks = ruler(pd.concat([rows.score, rows.lo, rows.hi]))
    at = lambda value: RULER + (value - low) * (right - RULER) / (high - low)  # noqa: E731
    for tick in ticks:
        sheet.upright(at(tick), ground("line", mode) if tick else muted)
        sheet.title(whole(tick), at(tick), muted, align="center")
    sheet.rule(sheet.place("lo_at", at(rows.lo)), sheet.place("hi_at", at(rows.hi)), strokeWidth=3, opacity=0.4,
               color=green)  # fmt: skip
    sheet.dot(sheet.place("score_at", at(rows.score)), size=150, color=green)
    sheet.write("score_column", sheet.place("score_end", right + 52), fontSize=13, fontWeight=600, align="right",
                color=ground("text", mode))  # fmt: skip
    sheet.title(words["score"], right + 52, green, align="right", fontWeight=600)


def ranked_dots(rows, *, mode="light", words=None, width="container", row_height=39):
    """Concepts best first: place, ref, name, score as a dot on a ruler zoomed to the data, and its two parts.

    rows: dicts with ref, name, rank (None: not rated), score, customer_score, business_score (−100…100 or None),
    and, once they are known, lo and hi (80% interval of the score) and tier (rows too close to call share a band).
    words: replaces entries of WORDS. width: pixels, or "container" to fill the page.
    """
    words = WORDS | (words or {})
    frame = _read(rows, words)
    sheet = _Sheet(frame)
    parts = [name for name, (field, _noun) in PARTS.items() if frame[field].notna().any()]
    values = [0, *(v for name in parts for v in frame[PARTS[name][0]].dropna())]
    span = (min(values), max(values)) if any(values) else (0, 1)
    wide = 150 if min(values) < 0 < max(values) else 122
    edge = 1000 - wide * len(parts)
    text, muted = ground("text", mode), ground("muted", mode)
    tiers = frame[frame.tier % 2 == 1].groupby("tier", as_index=False).agg(top=("top", "min"), bottom=("bottom", "max"))
    under = []
    if len(tiers):
        bands = alt.Chart(tiers).mark_rect(color=ground("band", mode), cornerRadius=8)
        under = [sheet.across(bands).encode(y2="bottom")]
    elif len(frame) > 12:
        # in a long list without bands a hairline every five rows keeps the eye in its row
        fifths = frame[(frame.i % 5 == 0) & (frame.i > 0)]
        under = [sheet.across(alt.Chart(fifths[["top"]]).mark_rule(color=ground("line", mode)))]
    _score(sheet, edge - (90 if parts else 70), mode, words)
    sheet.write("place", sheet.place("place_at", 14), font=SERIF, fontSize=19, color=muted)
    sheet.write("ref", sheet.place("ref_at", 46), fontWeight=600, color=ink("concept", mode))
    sheet.write("short", sheet.place("name_at", 88), font=SERIF, fontSize=16.5, color=text, limit=290)
    for i, name in enumerate(parts):
        _part(sheet, name, edge + 6 + i * wide, wide, span, mode, words)
    # the whole row answers to the pointer, not only its dot
    tips = [alt.Tooltip("name:N", title=words["concept"]), alt.Tooltip("score_said:N", title=words["score"])]
    tips += [alt.Tooltip(f"{PARTS[name][0]}_said:N", title=words[name]) for name in parts]
    pointed = sheet.across(alt.Chart(frame).mark_rect(opacity=0)).encode(y2="bottom", tooltip=tips)
    said = "; ".join(
        words["row"].format(place=whole(r.rank), name=r.name, score=r.score_said)
        for r in frame[["rank", "name", "score_said"]].itertuples(index=False, name="Row")
    )
    return _style(
        alt.layer(*under, *sheet.drawn_guides(), *sheet.layers, pointed).properties(
            height=row_height * (len(frame) + 1.1), width=width, description=words["about"].format(rows=said)
        ),
        mode,
    )
