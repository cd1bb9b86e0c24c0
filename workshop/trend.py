"""A metric’s trend: its readings over time as a line, with the baseline that it started from and its target."""

from datetime import date, timedelta
from typing import Any

from workshop.figures import figure
from workshop.palette import ground, ink

SANS = "Throughline Sans, Inter, system-ui, sans-serif"
WORDS = {"baseline": "baseline", "target": "target"}


def draw_trend(
    metric: dict[str, Any], readings: list[dict[str, Any]], mode: str = "light", words: dict[str, str] = WORDS
) -> dict[str, Any]:
    """A Vega-Lite specification. `readings` have date and value; metric has kind, unit, baseline, target and dates.

    Baseline and target are level lines with their names at the right; nothing is drawn for one that is not set.
    """
    kind = metric["kind"] if metric["kind"] in ("cpi", "kpi") else "cpi"
    read = [{"date": row["date"], "value": row["value"]} for row in readings]
    if metric["baseline"] is not None and metric["baseline_date"]:
        read.insert(0, {"date": metric["baseline_date"], "value": metric["baseline"]})
    days = sorted([row["date"] for row in read] + ([metric["target_date"]] if metric["target_date"] else []))
    first, last = (days[0], days[-1]) if days else (date.today().isoformat(),) * 2
    if first == last:
        last = (date.fromisoformat(first) + timedelta(days=30)).isoformat()
    levels = [{"name": words[name], "value": metric[name], "date": last} for name in ("baseline", "target")
              if metric[name] is not None]  # fmt: skip
    known = [row["value"] for row in read + levels]
    said = "; ".join(f"{row['date']}: {figure(row['value'])}" for row in read)
    when = {"field": "date", "type": "temporal", "title": None,
            "scale": {"domain": [first, last]}, "axis": {"format": "%d %b %Y", "labelOverlap": True}}  # fmt: skip
    level = {"field": "value", "type": "quantitative", "title": metric["unit"] or None,
             "scale": {"zero": False, "domain": _room_for(known)}}  # fmt: skip
    text, far, line = ground("text", mode), ground("far", mode), ground("line", mode)
    names = {"mark": {"type": "text", "align": "right", "baseline": "bottom", "dy": -4, "color": far, "fontSize": 13},
             "encoding": {"x": when, "y": level, "text": {"field": "name"}}}  # fmt: skip
    return {
        "width": "container", "height": 240, "background": "transparent", "padding": 0, "description": said,
        "layer": [
            {"data": {"values": levels}, "mark": {"type": "rule", "color": far, "strokeDash": [4, 4]},
             "encoding": {"y": level}},
            {"data": {"values": levels}, **names},
            {"data": {"values": read},
             "mark": {"type": "line", "color": ink(kind, mode), "strokeWidth": 2,
                      "point": {"filled": True, "size": 70, "color": ink(kind, mode)}},
             "encoding": {"x": when, "y": level}},
        ],
        "config": {"font": SANS, "view": {"strokeWidth": 0},
                   "axis": {"domainColor": line, "gridColor": line, "tickColor": line, "labelColor": text,
                            "titleColor": far, "labelFontSize": 13, "titleFontSize": 13}},
    }  # fmt: skip


def _room_for(known: list[float]) -> list[float]:
    low, high = (min(known), max(known)) if known else (0, 1)
    edge = (high - low) * 0.12 or abs(high) * 0.12 or 1
    return [low - edge, high + edge]
