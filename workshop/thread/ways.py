"""A customer purpose followed from end to end (METHOD.md §4.1): its thread is whole, or it is said where it breaks.

A thread is whole when the purpose was heard and not assumed; a CPI measures it; a live concept serves it and moves
that CPI; that concept has a principle with a value behind it, a touchpoint, and answered the lead question with yes;
and a guess ties the CPI to a KPI. Pure; `Whole` is how checks/thread.py reads a workshop.
"""

from dataclasses import dataclass
from typing import Any

from workshop.checks.whole import Whole
from workshop.words import N_, _

Row = dict[str, Any]
NAMES = {
    "segment": N_("Who"),
    "purpose": N_("Purpose"),
    "promise": N_("Promise"),
    "value": N_("Value"),
    "principle": N_("Principle"),
    "touchpoint": N_("Touchpoint"),
    "concept": N_("Concept"),
    "cpi": N_("CPI"),
    "kpi": N_("KPI"),
    "customer goal": N_("Customer goal"),
    "business goal": N_("Business goal"),
}


@dataclass(frozen=True)
class Knot:
    """One place on the way: what stands there (None: nothing), and what breaks there, "" where it holds."""

    noun: str
    row: Row | None
    gap: str = ""


@dataclass(frozen=True)
class Way:
    """The best way along the thread that a customer purpose has; knots in the order of NAMES."""

    purpose: Row
    knots: tuple[Knot, ...]

    @property
    def gaps(self) -> list[str]:
        return [knot.gap for knot in self.knots if knot.gap]

    @property
    def whole(self) -> bool:
        return not self.gaps

    def at(self, noun: str) -> Knot:
        return next(knot for knot in self.knots if knot.noun == noun)

    @property
    def refs(self) -> set[str]:
        return {knot.row["ref"] for knot in self.knots if knot.row}


def list_ways(whole: Whole) -> list[Way]:
    """The way of every chosen customer purpose, in their order."""
    return [_follow(whole, purpose) for purpose in whole.small]


def health(ways: list[Way]) -> str:
    """How many threads are whole, as METHOD says it: never a percentage alone."""
    count, most = sum(way.whole for way in ways), len(ways)
    if not ways:
        return _("No customer purpose has been chosen yet.")
    if most == 1:
        return _("The one customer purpose has a whole thread.") if count else _("The one thread is not whole yet.")
    if count == 1:
        return _("1 of {most} customer purposes has a whole thread.").format(most=most)
    return _("{count} of {most} customer purposes have a whole thread.").format(count=count, most=most)


def _follow(whole: Whole, purpose: Row) -> Way:
    """The concept that leaves the fewest gaps carries the way; a selected one before others, then the one that helps
    most."""
    cpis = [row for row in whole.metrics("cpi") if row["purpose"] == purpose["ref"]]
    serving = [row for row in whole.live if purpose["ref"] in row["purposes"]]
    assumed = purpose["evidence_source"] in (None, "", "assumption")
    ways = [_carry(whole, cpis, concept, assumed) for concept in serving or [None]]
    knots = min(ways, key=lambda one: _badness(whole, one, cpis))
    segment = next((row for row in whole["segment"] if row["ref"] == purpose["segment"]), None)
    said = Knot("purpose", purpose, _("We believe it, and have not heard it.") if assumed else "")
    promise = Knot("promise", next(iter(whole.promises), None))
    return Way(purpose, (Knot("segment", segment), said, promise, *knots))


def _badness(whole: Whole, knots: tuple[Knot, ...], cpis: list[Row]) -> tuple:
    concept = knots[3].row
    best = max((whole.medians.get((concept["ref"], row["ref"]), 0) for row in cpis), default=0) if concept else 0
    return sum(bool(knot.gap) for knot in knots), bool(concept) and concept["status"] != "selected", -best


def _carry(whole: Whole, cpis: list[Row], concept: Row | None, assumed: bool) -> tuple[Knot, ...]:
    """From the value to the KPI by one concept, or as far as it goes without one."""
    moved = [row for row in cpis if concept and whole.medians.get((concept["ref"], row["ref"]), 0) > 0]
    guesses = {row["ref"]: _kpi_of(whole, row) for row in cpis}
    cpi = next((row for row in (moved or cpis) if guesses[row["ref"]]), next(iter(moved or cpis), None))
    principles = _linked(whole, "principle", concept)
    sourced = [row for row in principles if _linked(whole, "value", row)]
    principle = next(iter(sourced or principles), None)
    value = next(iter(_linked(whole, "value", principle)), None)
    touchpoint = next(iter(_linked(whole, "touchpoint", concept)), None)
    kpi = guesses[cpi["ref"]] if cpi else None
    customer, business = _goals(whole, cpi, kpi)
    return (
        Knot("value", value, "" if value or not principle else _("No value stands behind the principle.")),
        Knot("principle", principle, "" if principle or not concept else _("No principle: what makes it ours?")),
        Knot("touchpoint", touchpoint, _placed(whole, concept, touchpoint)),
        Knot("concept", concept, _served(concept, cpis, moved, assumed)),
        Knot("cpi", cpi, "" if cpi else _("No measure yet. We will not know.")),
        Knot("kpi", kpi, "" if kpi or not cpi else _("No guess ties it to a KPI: why would the company pay?")),
        Knot("customer goal", customer),
        Knot("business goal", business),
    )


def _linked(whole: Whole, table: str, row: Row | None) -> list[Row]:
    """What a row names of another table, without what was put away, in its order there."""
    refs = row[f"{table}s"] if row else ()
    # the lead question is everybody's: what is the concept's own comes first
    return sorted((one for one in whole[table] if one["ref"] in refs), key=lambda one: bool(one.get("is_lead")))


def _goals(whole: Whole, cpi: Row | None, kpi: Row | None) -> tuple[Row | None, Row | None]:
    """The company's strand: the business goal that the KPI serves, and the customer goal that the CPI shows, one that
    carries that business goal before others."""
    business = next((row for row in whole["goal"] if kpi and row["ref"] == kpi["goal"]), None)
    counted = [row for row in whole["goal"] if row["kind"] == "customer" and cpi and cpi["ref"] in row["cpis"]]
    carrying = [row for row in counted if business and (business["ref"], row["ref"]) in whole.goal_links]
    return next(iter(carrying or counted), None), business


def _kpi_of(whole: Whole, cpi: Row) -> Row | None:
    return next((row for row in whole.metrics("kpi") if (cpi["ref"], row["ref"]) in whole.cpi_kpi_links), None)


def _placed(whole: Whole, concept: Row | None, touchpoint: Row | None) -> str:
    # a session that does not walk the touchpoints cannot say where
    wanted = concept and "touchpoints" in whole.agenda
    return _("It happens nowhere yet.") if wanted and not touchpoint else ""


def _served(concept: Row | None, cpis: list[Row], moved: list[Row], assumed: bool) -> str:
    if not concept:
        return _("No concept yet.") if assumed else _("No concept yet. We heard it and do nothing.")
    if cpis and not moved:
        return _("Nobody has found yet that it moves what they count.")
    if concept["keeps_promise"] != "yes":
        return _("Are we keeping our promise? was not answered with yes.")
    return ""
