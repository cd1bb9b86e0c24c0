"""A thread too large for one sheet, in parts: what one customer purpose is tied to, step by step outwards. Pure.

`tables` as in strands.py; a part is such tables again, so that it is drawn and told as the whole is.
"""

from workshop.thread.ends import list_ends
from workshop.thread.strands import read_web

OUTWARDS = (("purpose", "concept"), ("concept", "principle"), ("concept", "touchpoint"), ("principle", "value"),
            ("purpose", "cpi"), ("cpi", "kpi"))  # fmt: skip
FILTERED = ("segments", "purposes", "values", "principles", "touchpoints", "concepts", "metrics", "goals")


def list_parts(tables):
    """(customer purpose, its part) in the order of the table; promise and higher purposes stand in every part."""
    web = read_web(tables)
    ends = list_ends(tables, web)
    return [(row, _part(tables, web, ends, ref)) for ref, row in web.columns["purpose"].items()]


def _part(tables, web, ends, purpose):
    kept = {purpose, *(row["id"] for row in web.trunk)}
    for near, far in OUTWARDS:
        kept |= {other for ref in kept & web.columns[near].keys() for other in web.tied(ref, far)}
    for end in ends:  # customers' goals stand before those of the company that they carry
        if not kept.isdisjoint(end.near):
            kept.add(end.row["id"])
    torn = {end.row["id"] for end in ends if end.missing}
    while True:
        part = tables | {key: [row for row in tables.get(key, []) if row["id"] in kept] for key in FILTERED}
        # a goal that is held only by what another purpose is tied to would seem to hang loose here
        untrue = {end.row["id"] for end in list_ends(part, read_web(part)) if end.missing} - torn
        if not untrue:
            return part
        kept -= untrue
