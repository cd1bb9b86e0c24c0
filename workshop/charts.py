"""Altair charts from plain rows, in the house style. Nothing of ours is imported but the colours.

A chart is given as its finished Vega-Lite specification: what altair puts together (0.4 s) depends on the layout alone
and is kept, the rows (5 ms) are filled in. Show it with st.vega_lite_chart(spec, theme=None, width="stretch").
"""

from dataclasses import dataclass
from functools import lru_cache

import altair as alt
import pandas as pd

from workshop import figures
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
MOST_PLAIN = 12  # rows that the eye keeps apart without a line


def whole(value):
    """A number as people read it; "–" for none."""
    return "–" if pd.isna(value) else figures.whole(value)


def cut(text, most):
    """At most that many characters, cut at a word and marked with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[:most]
    return (head[: head.rindex(" ")] if " " in head else head[:-1]).rstrip(" ,;:.–-") + "…"


def dressed(chart, padding=0, **axis):
    """A chart in the house's letters on whatever lies below it, its axes without lines and ticks."""
    chart = chart.configure(background="transparent", font=SANS, padding=padding).configure_view(strokeWidth=0)
    return chart.configure_axis(domain=False, ticks=False, **axis)


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
    group = frame["rank"]
    frame["place"] = [
        whole(rank) if first else "" for rank, first in zip(group, (group != group.shift()) | group.isna(), strict=True)
    ]
    frame["score_whole"] = frame.score.map(whole)
    frame["score_said"] = [whole(score) if not pd.isna(score) else words["none"] for score in frame.score]
    return frame


@dataclass(frozen=True)
class _Layout:
    """What the picture looks like before there is a number in it."""

    count: int
    parts: tuple[str, ...]
    losses: bool
    bands: bool
    mode: str
    titles: tuple[tuple[str, str], ...]

    @property
    def wide(self):
        """Of 1000 units, what the column of each part takes."""
        return 150 if self.losses else 122

    @property
    def edge(self):
        """Where the columns of the parts begin."""
        return 1000 - self.wide * len(self.parts)

    @property
    def right(self):
        """Where the ruler of scores ends."""
        return self.edge - (90 if self.parts else 70)

    def left(self, part):
        return self.edge + 6 + self.parts.index(part) * self.wide


class _Sheet:
    """Marks on a ruler of 1000 units: one view fills any width, where concatenated charts cannot.

    They read from three tables, for a page turns every table of a chart into bytes at each run.
    """

    def __init__(self, layout):
        self.layers, self.limits = [], {}
        self.down = alt.Scale(domain=[-1.5, layout.count - 0.5], reverse=True, nice=False, zero=False)
        self.rows, self.guides, self.bands = (alt.Chart(alt.NamedData(name)) for name in ("rows", "guides", "bands"))

    def x(self, field):
        return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, 1000], nice=False))

    def y(self, field="i"):
        return alt.Y(f"{field}:Q", axis=None, scale=self.down)

    def write(self, text, x, **look):
        self.layers.append(self.rows.mark_text(**_letters(look)).encode(self.x(x), self.y(), text=f"{text}:N"))

    def rule(self, start, end, **look):
        self.layers.append(self.rows.mark_rule(strokeCap="round", **look).encode(self.x(start), self.y(), x2=end))

    def dot(self, x, **look):
        self.layers.append(self.rows.mark_circle(opacity=1, **look).encode(self.x(x), self.y()))

    def across(self, mark, **more):
        """Something from edge to edge, from the column `top` down."""
        self.layers.append(mark.encode(self.y("top"), x=alt.value(0), x2=alt.value("width"), **more))

    def guide(self, kind, **look):
        """Lines down the rows ("line"), or words over them: their places and colours stand in the table."""
        only, colour = self.guides.transform_filter(alt.datum.kind == kind), alt.Color("colour:N", scale=None)
        if kind == "line":
            self.layers.append(only.mark_rule().encode(self.x("x"), self.y("start"), colour, y2="end"))
        else:
            mark = only.mark_text(**_letters(look))
            self.layers.append(mark.encode(self.x("x"), self.y("over"), colour, text="text:N"))


def _letters(look):
    look = {"align": "left", "baseline": "middle", "fontSize": 12} | look
    if "limit" in look:  # the letters a narrow window cannot hold
        look["limit"] = alt.ExprRef(f"width * {look['limit'] / 1000}")
    return look


@lru_cache(64)
def _picture(layout):
    """The specification of a layout, without its rows."""
    sheet, mode = _Sheet(layout), layout.mode
    text, muted, green = ground("text", mode), ground("muted", mode), ink("concept", mode)
    if layout.bands:
        sheet.across(sheet.bands.mark_rect(color=ground("band", mode), cornerRadius=8), y2="bottom")
    elif layout.count > MOST_PLAIN:
        # in a long list without bands a hairline every five rows keeps the eye in its row
        sheet.across(sheet.bands.mark_rule(color=ground("line", mode)))
    sheet.guide("line")
    sheet.guide("tick", align="center")
    sheet.guide("score", align="right", fontWeight=600)
    sheet.rule("lo_at", "hi_at", strokeWidth=3, opacity=0.4, color=green)
    sheet.dot("score_at", size=150, color=green)
    sheet.write("score_whole", "score_end", fontSize=13, fontWeight=600, align="right", color=text)
    sheet.write("place", "place_at", font=SERIF, fontSize=19, color=muted)
    sheet.write("ref", "ref_at", fontWeight=600, color=green)
    sheet.write("short", "name_at", font=SERIF, fontSize=16.5, color=text, limit=328)
    titles = dict(layout.titles)
    tips = [alt.Tooltip("name:N", title=titles["concept"]), alt.Tooltip("score_said:N", title=titles["score"])]
    for part in layout.parts:
        colour, look = ink(PARTS[part][1], mode), {"fontSize": 11.5, "color": text}
        sheet.rule(f"{part}_zero", f"{part}_at", strokeWidth=2, opacity=0.4, color=colour)
        sheet.dot(f"{part}_at", size=52, color=colour)
        sheet.write(f"{part}_said", f"{part}_gain", dx=9, **look)
        sheet.write(f"{part}_said", f"{part}_loss", dx=-9, align="right", **look)
        tips.append(alt.Tooltip(f"{part}_said:N", title=titles[part]))
    sheet.guide("part", fontWeight=600, limit=layout.wide - 4)
    # the whole row answers to the pointer, not only its dot
    sheet.across(sheet.rows.mark_rect(opacity=0), y2="bottom", tooltip=tips)
    return dressed(alt.layer(*sheet.layers)).to_dict(validate=False)


def _place_scores(frame, layout):
    """Where the dots and intervals of the scores stand; gives the guides of their ruler."""
    low, high, ticks = ruler(pd.concat([frame.score, frame.lo, frame.hi]))
    at = lambda value: RULER + (value - low) * (layout.right - RULER) / (high - low)  # noqa: E731
    frame["score_at"], frame["lo_at"], frame["hi_at"] = at(frame.score), at(frame.lo), at(frame.hi)
    muted, line, green = ground("muted", layout.mode), ground("line", layout.mode), ink("concept", layout.mode)
    lines = [{"kind": "line", "x": at(tick), "colour": line if tick else muted} for tick in ticks]
    said = [{"kind": "tick", "x": at(tick), "colour": muted, "text": whole(tick)} for tick in ticks]
    title = {"kind": "score", "x": layout.right + 52, "colour": green, "text": dict(layout.titles)["score"]}
    return [*lines, *said, title]


def _place_part(frame, part, layout, low, high):
    """Where the dots of a part stand: a stem from zero, which moves in for losses; gives the guides of its column."""
    left = layout.left(part)
    room = layout.wide - 10 - LABEL * ((low < 0) + (high > 0))
    zero = left + LABEL * (low < 0) + room * -low / (high - low)
    value = frame[PARTS[part][0]]
    at = zero + value * room / (high - low)
    frame[f"{part}_zero"], frame[f"{part}_at"] = zero, at
    frame[f"{part}_gain"], frame[f"{part}_loss"] = at.where(value >= 0), at.where(value < 0)
    frame[f"{part}_said"] = value.map(whole)
    title = {"kind": "part", "x": left, "colour": ink(PARTS[part][1], layout.mode), "text": dict(layout.titles)[part]}
    line = {"kind": "line", "x": zero, "colour": ground("line", layout.mode)}
    return [title, line] if low < 0 else [title]


def _bands(frame):
    """Every second group of concepts that are too close to call; without groups every fifth row of a long list."""
    if frame.tier.notna().any():
        odd = frame[frame.tier % 2 == 1]
        return odd.groupby("tier", as_index=False).agg(top=("top", "min"), bottom=("bottom", "max"))
    return frame.loc[(frame.i % 5 == 0) & (frame.i > 0), ["top", "bottom"]]


def ranked_dots(rows, *, mode="light", words=None, row_height=39):
    """Concepts best first: place, ref, name, score as a dot on a ruler zoomed to the data, and its two parts.

    rows: dicts with ref, name, rank (None: not rated), score, customer_score, business_score (−100…100 or None),
    and, once they are known, lo and hi (80% interval of the score) and tier (rows too close to call share a band).
    words: replaces entries of WORDS. Gives a Vega-Lite specification that fills the width of its place.
    """
    words = WORDS | (words or {})
    frame = _read(rows, words)
    parts = tuple(part for part, (field, _noun) in PARTS.items() if frame[field].notna().any())
    values = [0, *(value for part in parts for value in frame[PARTS[part][0]].dropna())]
    low, high = (min(values), max(values)) if any(values) else (0, 1)
    titles = tuple((name, words[name]) for name in ("concept", "score", *PARTS))
    layout = _Layout(len(frame), parts, low < 0 < high, bool(frame.tier.notna().any()), mode, titles)
    guides = _place_scores(frame, layout)
    for part in parts:
        guides += _place_part(frame, part, layout, low, high)
    frame["score_end"], frame["place_at"], frame["ref_at"], frame["name_at"] = layout.right + 52, 14, 46, 88
    guides = pd.DataFrame(guides).assign(over=-0.95, start=-0.5, end=len(frame) - 0.5)
    tables = {"rows": frame, "guides": guides, "bands": _bands(frame)}
    said = "; ".join(
        words["row"].format(place=whole(r.rank), name=r.name, score=r.score_said)
        for r in frame[["rank", "name", "score_said"]].itertuples(index=False, name="Row")
    )
    return _picture(layout) | {
        "width": "container",
        "height": row_height * (len(frame) + 1.1),
        "description": words["about"].format(rows=said),
        "datasets": {name: _values(table) for name, table in tables.items()},
    }


def _values(table):
    """A table as Vega reads it: what is not known is null."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def weight_bars(rows, *, mode="light"):
    """What counts how much: a bar for each metric, in the colour of its kind; the figure stands at its end.

    rows: dicts with ref, name, kind (cpi or kpi) and weight. Gives a Vega-Lite specification.
    """
    frame = pd.DataFrame(
        [{"name": f"{row['ref']}  {cut(row['name'], 40)}", "weight": row["weight"], "said": whole(row["weight"]),
          "colour": ink(row["kind"], mode)} for row in rows]
    )  # fmt: skip
    down = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelFontSize=15, labelLimit=420, labelPadding=8))
    base = alt.Chart(frame).encode(alt.X("weight:Q", title=None, axis=None), down)
    said = "; ".join(f"{row.name}, {row.said}" for row in frame.itertuples(index=False, name="Row"))
    bars = base.mark_bar(height=16, cornerRadiusEnd=3).encode(alt.Color("colour:N", scale=None))
    labels = base.mark_text(align="left", dx=6, fontSize=15, color=ground("text", mode)).encode(text="said:N")
    chart = alt.layer(bars, labels).properties(width="container", height=alt.Step(29), description=said)
    return dressed(chart, labelColor=ground("text", mode)).to_dict(validate=False)
