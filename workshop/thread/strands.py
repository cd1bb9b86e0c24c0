"""The strands of the thread from purpose to KPIs: where it holds, how far it reaches and what hangs loose.

`tables` is a dict in the layout of sample_data/*.json (purposes, promises, values, principles, touchpoints, concepts,
metrics, cpi_kpi_links); any key may be missing, ids are refs. What is archived, rejected, parked, merged or retired
is left out. Nothing is counted that is not linked in the tables.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from workshop import fields
from workshop.words import N_, _

COLUMNS = ("purpose", "promise", "value", "principle", "touchpoint", "concept", "cpi", "kpi")
REACHED = (
    N_("the purpose"),
    N_("the promise"),
    N_("the values"),
    N_("the principles"),
    N_("the touchpoints"),
    N_("the concepts"),
    N_("the CPIs"),
    N_("the KPIs"),
)
MOST_NAMED = 5  # loose ends in one sentence
GONE = {"parked", "rejected", "merged", "retired", "archived"}

# What an item must be tied to, once the other column has anything in it, or else it hangs loose.
NEEDS = (
    ("purpose", "concept", N_("no concept serves it yet")),
    ("purpose", "cpi", N_("no CPI measures it yet")),
    ("value", "principle", N_("no principle follows from it yet")),
    ("principle", "value", N_("no value stands behind it yet")),
    ("principle", "concept", N_("no concept embodies it yet")),
    ("touchpoint", "concept", N_("no concept happens there yet")),
    ("concept", "purpose", N_("it serves no purpose yet")),
    ("concept", "principle", N_("no principle stands behind it yet")),
    ("concept", "touchpoint", N_("it happens at no touchpoint yet")),
    ("cpi", "purpose", N_("it measures no purpose yet")),
    ("cpi", "kpi", N_("it is tied to no KPI yet")),
    ("kpi", "cpi", N_("no CPI is tied to it yet")),
)


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


def read_web(tables):
    """The live items of the tables and their links, each link readable from both its ends."""

    def live(key):
        return {
            row["id"]: row
            for row in tables.get(key) or []
            if row.get("status") not in GONE and not row.get("archived_at") and not row.get("merged_into")
        }

    concepts, metrics, purposes = live("concepts"), live("metrics"), live("purposes")
    links = [
        ("concept", e, column, ref)
        for e, row in concepts.items()
        for column in ("purpose", "principle", "touchpoint")
        for ref in row.get(column + "s") or []
    ]
    links += [("principle", d, "value", v) for d, row in live("principles").items() for v in row.get("values") or []]
    links += [("cpi", c, "purpose", row["purpose"]) for c, row in metrics.items() if row.get("purpose")]
    links += [("cpi", link["cpi"], "kpi", link["kpi"]) for link in tables.get("cpi_kpi_links") or []]

    used = {ref for _column, _ref, column, ref in links if column == "purpose"}
    chosen = {row.get("level") for row in purposes.values() if row.get("status") != "candidate"}
    purposes = {
        ref: row
        for ref, row in purposes.items()  # candidates stand in until one of their level is chosen
        if row.get("status") != "candidate" or row.get("level") not in chosen or ref in used
    }
    knots = {ref: row for ref, row in live("promises").items() if row.get("status", "chosen") == "chosen"}
    columns = {
        "purpose": {ref: row for ref, row in purposes.items() if row.get("level") == "small" or ref in used},
        "promise": dict(list(knots.items())[:1]),
        "value": live("values"),
        "principle": live("principles"),
        "touchpoint": live("touchpoints"),
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


def list_loose(tables):
    """(ref, what is missing in plain words) of every item that hangs loose, in the order of the columns."""
    web, loose = read_web(tables), {}
    for column, other, reason in NEEDS:
        for ref in web.columns[column] if web.columns[other] else ():
            if not web.tied(ref, other):
                loose.setdefault(ref, _(reason))
    return list(loose.items())


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


def thread_sentence(tables):
    """How far the thread reaches and how many ends hang loose, as one sentence for a caption."""
    filled, loose = filled_columns(read_web(tables)), len(list_loose(tables))
    ends = Counter(
        runs[0][-1] for runs in (runs_of(strand, filled) for strand in list_strands(tables)) if runs and runs[0][0] <= 1
    )
    reach = max(ends, default=0)
    if filled in ([], [0]):
        return _("The thread begins with a purpose.")
    if reach == 7:
        held = _("One thread holds") if ends[7] == 1 else _("{n} threads hold").format(n=ends[7])
    elif reach == 0:
        held = _("No thread holds yet")
    elif ends[reach] == 1:
        held = _("One thread reaches {column}").format(column=_(REACHED[reach]))
    else:
        held = _("{n} threads reach {column}").format(n=ends[reach], column=_(REACHED[reach]))
    if not loose:
        return held + "."
    return held + (_(", one end hangs loose.") if loose == 1 else _(", {n} ends hang loose.").format(n=loose))


def loose_sentence(tables):
    """(what hangs loose, why): ("K5 hangs loose:", "no CPI is tied to it yet"), or refs: the first few and how many
    more."""
    loose = list_loose(tables)
    if not loose:
        return "", ""
    if len(loose) == 1:
        return _("{ref} hangs loose:").format(ref=loose[0][0]), loose[0][1]
    refs = [ref for ref, _reason in loose]
    return _("{n} ends hang loose:").format(n=len(loose)), fields.first_refs(refs, MOST_NAMED)
