"""The strands of the thread from purpose to KPIs, and what is tied to what. Pure.

`tables` is a dict in the layout of sample_data/*.json (purposes, promises, values, principles, touchpoints, concepts,
metrics, cpi_kpi_links); any key may be missing, ids are refs. What is archived, rejected, parked, merged or retired
is left out. Nothing is counted that is not linked in the tables.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

COLUMNS = ("purpose", "promise", "value", "principle", "touchpoint", "concept", "cpi", "kpi")
GONE = {"parked", "rejected", "merged", "retired", "archived"}


class Strand(NamedTuple):
    """One way along the thread, a ref per column; None where the strand has nothing to run through."""

    purpose: str | None = None
    promise: str | None = None
    value: str | None = None
    principle: str | None = None
    touchpoint: str | None = None
    concept: str | None = None
    cpi: str | None = None
    kpi: str | None = None


class Web(NamedTuple):
    """The live part of the tables: rows per column by ref, purposes on the trunk, and refs tied to a ref by column."""

    columns: dict
    trunk: list
    ties: dict

    def tied(self, ref, column):
        """The refs of that column that the ref is linked to, in the order of the tables."""
        return self.ties.get((ref, column), [])


def live(tables, key):
    """{ref: row} of what was not put away, in the order of the table."""
    return {
        row["id"]: row
        for row in tables.get(key) or []
        if row.get("status") not in GONE and not row.get("archived_at") and not row.get("merged_into")
    }


def read_web(tables):
    """The live items of the tables and their links, each link readable from both its ends."""
    concepts, metrics, purposes = (live(tables, key) for key in ("concepts", "metrics", "purposes"))
    principles = live(tables, "principles")
    links = [
        ("concept", e, column, ref)
        for e, row in concepts.items()
        for column in ("purpose", "principle", "touchpoint")
        for ref in row.get(column + "s") or []
    ]
    links += [("principle", d, "value", v) for d, row in principles.items() for v in row.get("values") or []]
    links += [("cpi", c, "purpose", row["purpose"]) for c, row in metrics.items() if row.get("purpose")]
    links += [("cpi", link["cpi"], "kpi", link["kpi"]) for link in tables.get("cpi_kpi_links") or []]

    used = {ref for _column, _ref, column, ref in links if column == "purpose"}
    chosen = {row.get("level") for row in purposes.values() if row.get("status") != "candidate"}
    purposes = {
        ref: row
        for ref, row in purposes.items()  # candidates stand in until one of their level is chosen
        if row.get("status") != "candidate" or row.get("level") not in chosen or ref in used
    }
    knots = {ref: row for ref, row in live(tables, "promises").items() if row.get("status", "chosen") == "chosen"}
    columns = {
        "purpose": {ref: row for ref, row in purposes.items() if row.get("level") == "small" or ref in used},
        "promise": dict(list(knots.items())[:1]),
        "value": live(tables, "values"),
        "principle": principles,
        "touchpoint": live(tables, "touchpoints"),
        "concept": concepts,
        **{kind: {ref: row for ref, row in metrics.items() if row.get("kind") == kind} for kind in ("cpi", "kpi")},
    }
    trunk = sorted(
        (row for ref, row in purposes.items() if ref not in columns["purpose"]),
        key=lambda row: row.get("level") != "big",
    )
    ties = defaultdict(list)
    for here, a, there, b in dict.fromkeys(links):
        if a in columns[here] and b in columns[there]:
            ties[a, there].append(b)
            ties[b, here].append(a)
    return Web(columns, trunk, dict(ties))


def list_strands(tables):
    """The strands of the thread: every link lies in at least one of them, and none of them invents a link.

    A concept gets as many strands as it has purposes, principles or touchpoints, whichever are most; links that
    then still lie bare get a strand of their own, and so does every item that is tied to nothing.
    """
    web, used, strands = read_web(tables), Counter(), []
    knot = next(iter(web.columns["promise"]), None)

    def least(ref, column):
        return min(web.tied(ref, column), key=lambda other: (used[ref, other], used[other]), default=None)

    def spin(purpose=None, value=None, principle=None, touchpoint=None, concept=None, cpi=None, kpi=None):
        purpose = purpose or least(cpi, "purpose") or least(concept, "purpose")
        principle = principle or least(concept, "principle")
        touchpoint = touchpoint or least(concept, "touchpoint")
        value = value or least(principle, "value")
        cpi = cpi or least(purpose, "cpi")
        kpi = kpi or least(cpi, "kpi")
        held = purpose or value or (principle and not web.columns["value"])
        strand = Strand(purpose, knot if held else None, value, principle, touchpoint, concept, cpi, kpi)
        for link in (
            (concept, purpose),
            (concept, principle),
            (concept, touchpoint),
            (principle, value),
            (purpose, cpi),
            (cpi, kpi),
        ):
            used.update((link, link[::-1]) if None not in link else ())
        used.update(ref for ref in strand if ref)
        strands.append(strand)

    for concept in web.columns["concept"]:
        ways = [web.tied(concept, column) or [None] for column in ("purpose", "principle", "touchpoint")]
        for i in range(max(map(len, ways))):
            purpose, principle, touchpoint = (way[i % len(way)] for way in ways)
            spin(purpose, principle=principle, touchpoint=touchpoint, concept=concept)
    for near, far in (("principle", "value"), ("purpose", "cpi"), ("cpi", "kpi")):
        for a in web.columns[near]:
            for b in web.tied(a, far):
                if not used[a, b]:
                    purpose = least(a, "purpose") if near == "cpi" else a
                    bearer = least(a if near == "principle" else purpose, "concept")
                    spin(**{"concept": bearer, near: a, far: b})
    for column, rows in web.columns.items():
        for ref in rows:
            if not used[ref] and column != "promise":
                spin(**{column: ref})
    return strands + ([Strand(promise=knot)] if knot and not used[knot] else [])


def runs_of(strand, filled):
    """The unbroken pieces of a strand as lists of column numbers. A column that is empty for everyone is passed over,
    and so is a missing touchpoint between a concept and its principle: that link exists."""
    runs = [[]]
    for s in filled:
        if strand[s]:
            runs[-1].append(s)
        elif not (COLUMNS[s] == "touchpoint" and strand.principle and strand.concept):
            runs.append([])
    return [run for run in runs if run]


def filled_columns(web):
    """The numbers of the columns that have any item."""
    return [s for s, column in enumerate(COLUMNS) if web.columns[column]]
