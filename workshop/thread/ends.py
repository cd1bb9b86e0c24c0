"""The ends beyond the columns: who comes with a customer purpose, and which goals the KPIs serve, theirs and ours.

`tables` and `web` as in strands.py. Pure.
"""

from typing import Any, NamedTuple

from workshop.thread.strands import live
from workshop.words import _

SIDES = ("segment", "customer", "business")  # who comes; then outwards what customers want, and what the company wants


class End(NamedTuple):
    """One end: on which of SIDES, its row, the refs that it is tied to, and what is missing, "" where it holds."""

    side: str
    row: dict[str, Any]
    near: list[str]
    missing: str


def list_ends(tables, web):
    """Every end, side by side in the order of SIDES; an end that holds is tied, over what holds itself, to a purpose
    or a KPI, and a goal to one of the other kind. What the workshop has not come to yet is not missing."""
    goals = live(tables, "goals")
    sides = {side: [row for row in goals.values() if row["kind"] == side] for side in SIDES[1:]}
    sides = {"segment": list(live(tables, "segments").values())} | sides
    ties = [*_coming(web, sides["segment"]), *_serving(tables, web, goals)]
    purposes, kpis = set(web.columns["purpose"]), set(web.columns["kpi"])
    held, outward, ends = purposes | kpis, {ref for ref, _end in ties}, []
    for side, rows in sides.items():
        for row in rows:
            ref, near, missing = row["id"], [one for one, end in ties if end == row["id"]], ""
            if not held.isdisjoint(near):
                held.add(ref)
            elif side == "segment":
                missing = _("nobody said yet what they come for") if purposes else ""
            elif side == "customer" and kpis:
                missing = _("no CPI ties it to a KPI of our goals yet")
            elif kpis:
                missing = _("no KPI serves it yet")
            if not missing and side == "customer" and sides["business"] and ref not in outward:
                missing = _("it carries none of our goals yet")
            if not missing and side == "business" and sides["customer"] and near and set(near) <= kpis:
                missing = _("no customer goal carries it yet")
            ends.append(End(side, row, near, missing))
    return ends


def _coming(web, segments):
    """(purpose, segment): who comes with it."""
    known = {row["id"] for row in segments}
    return [(ref, row["segment"]) for ref, row in web.columns["purpose"].items() if row.get("segment") in known]


def _serving(tables, web, goals):
    """(KPI, goal) and (customer goal, business goal), outwards along the company's strand.

    A KPI comes to its business goal by each customer goal that carries it and is shown by a CPI tied to the KPI;
    without one it comes there straight.
    """
    carried = [(one["customer"], one["business"]) for one in tables.get("goal_links") or []
               if one["customer"] in goals and one["business"] in goals]  # fmt: skip
    ties = []
    for kpi, row in web.columns["kpi"].items():
        cpis, own = set(web.tied(kpi, "cpi")), row.get("goal")
        between = [ref for ref, goal in goals.items() if not cpis.isdisjoint(goal.get("cpis") or ())
                   and (not own or (ref, own) in carried)]  # fmt: skip
        ties += [(kpi, ref) for ref in between or [own] if ref in goals]
    return ties + carried
