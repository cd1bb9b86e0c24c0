"""Pictures of how sure the order is: impact against effort, and how often each concept stands where."""

from functools import lru_cache

import altair as alt

from workshop.charts import SERIF, cut, dressed, whole
from workshop.palette import ground, ink

EFFORT_WORDS = {
    "effort": "Effort still to come",
    "score": "Score",
    "about": "Impact against effort, from the front: {rows}.",
    "row": "{name}, score {score}, effort {effort}, on the front in {front} of 100",
}


@lru_cache(8)
def _effort_picture(mode, titles):
    """Impact against effort without its rows: dots with crosses for the intervals, the front as a stepped line."""
    rows, steps = (alt.Chart(alt.NamedData(name)) for name in ("rows", "front"))
    text, muted, green = ground("text", mode), ground("muted", mode), ink("concept", mode)
    axis = {"grid": True, "tickCount": 6, "labelColor": muted, "titleColor": muted, "gridColor": ground("line", mode),
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}  # fmt: skip
    x = alt.X("effort:Q", title=titles[0], axis=alt.Axis(**axis), scale=alt.Scale(zero=True, nice=True))
    y = alt.Y("score:Q", title=titles[1], axis=alt.Axis(**axis), scale=alt.Scale(zero=True, nice=True))
    tips = [alt.Tooltip("name:N"), alt.Tooltip("score:Q", title=titles[1], format=".0f"),
            alt.Tooltip("effort:Q", title=titles[0])]  # fmt: skip
    layers = [
        steps.mark_line(interpolate="step-after", strokeWidth=1.5, color=muted, strokeDash=[5, 4]).encode(x, y),
        rows.mark_rule(strokeWidth=3, opacity=0.4, strokeCap="round", color=green).encode(x, alt.Y("lo:Q"), y2="hi"),
        # on the front filled, behind it a ring: told apart without colour
        rows.mark_point(filled=True, size=150, opacity=1, color=green)
        .encode(x, y, tooltip=tips).transform_filter(alt.datum.front),
        rows.mark_point(filled=True, size=150, opacity=1, color=ground("ground", mode), stroke=green, strokeWidth=2)
        .encode(x, y, tooltip=tips).transform_filter("!datum.front"),
        rows.mark_text(font=SERIF, fontSize=15, align="left", baseline="middle", dx=10, dy=-13, color=text)
        .encode(x, y, text="label:N").transform_filter(alt.datum.front),
        rows.mark_text(fontSize=12, fontWeight=600, align="left", baseline="middle", dx=11, color=green)
        .encode(x, y, text="label:N").transform_filter("!datum.front"),
    ]  # fmt: skip
    return dressed(alt.layer(*layers), padding=4).to_dict()


def impact_and_effort(rows, *, mode="light", words=None, height=420):
    """Score against effort of the rows (ref, name, score, effort, front_of_100, lo and hi or None) that have both.

    A concept is on the front when none of at most the same effort scores more. Gives a Vega-Lite specification.
    """
    words = EFFORT_WORDS | (words or {})
    known = sorted((row for row in rows if row["effort"] is not None), key=lambda row: (row["effort"], -row["score"]))
    best, frame = -101, []
    for row in known:
        front = row["score"] > best
        best = max(best, row["score"])
        lo, hi = (row["score"] if row.get(end) is None else row[end] for end in ("lo", "hi"))
        # behind the front there may be many: their refs are enough, the table names them
        label = f"{row['ref']}  {cut(row['name'], 24)}" if front else row["ref"]
        frame.append({"name": row["name"], "label": label, "score": row["score"], "effort": row["effort"], "lo": lo,
                      "hi": hi, "front": front})  # fmt: skip
    steps = [{"effort": row["effort"], "score": row["score"]} for row in frame if row["front"]]
    said = "; ".join(
        words["row"].format(name=row["name"], score=whole(row["score"]), effort=row["effort"],
                            front=whole(row.get("front_of_100")))
        for row in known
    )  # fmt: skip
    return _effort_picture(mode, (words["effort"], words["score"])) | {
        "width": "container",
        "height": height,
        "description": words["about"].format(rows=said),
        "datasets": {"rows": frame, "front": steps},
    }


RANK_WORDS = {
    "rank": "Place",
    "about": "How often of 100 each concept stands at each place: {rows}.",
    "row": "{name}, first {first}",
}


def rank_heatmap(rows, ranks, *, mode="light", words=None, row_height=30):
    """How often of 100 replays each concept stands at each place: ranks[row][place], counts; the number stands in its
    cell, so that the picture also reads in grey. rows: dicts with ref and name, best first."""
    words = RANK_WORDS | (words or {})
    names = [f"{row['ref']}  {cut(row['name'], 30)}" for row in rows]
    cells = [
        {"name": name, "place": place, "n": n, "said": str(n) if n else ""}
        for name, line in zip(names, ranks, strict=True)
        for place, n in enumerate(line, 1)
    ]
    text, muted = ground("text", mode), ground("muted", mode)
    base = alt.Chart(alt.NamedData("cells")).encode(
        alt.X("place:O", title=words["rank"], axis=alt.Axis(orient="top", labelAngle=0, labelColor=muted,
                                                            titleColor=muted, titleFontWeight="normal")),
        alt.Y("name:N", sort=None, title=None,
              axis=alt.Axis(labelFont=SERIF, labelFontSize=14, labelColor=text, labelLimit=260)),
    )  # fmt: skip
    shade = alt.Color("n:Q", scale=alt.Scale(domain=[0, 100], range=[ground("ground", mode), ink("concept", mode)]),
                      legend=None)  # fmt: skip
    letters = alt.condition("datum.n > 60", alt.value(ground("ground", mode)), alt.value(text))
    said = "; ".join(
        words["row"].format(name=row["name"], first=line[0]) for row, line in zip(rows, ranks, strict=True)
    )
    rects = base.mark_rect(stroke=ground("line", mode)).encode(shade)
    counts = base.mark_text(fontSize=12).encode(text="said:N", color=letters)
    return dressed(alt.layer(rects, counts), padding=4).to_dict() | {
        "width": "container",
        "height": row_height * (len(rows) + 1),
        "description": words["about"].format(rows=said),
        "datasets": {"cells": cells},
    }  # fmt: skip
