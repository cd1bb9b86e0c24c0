"""What hangs loose in the thread, and how far it reaches, in plain words. Pure.

`tables` as in strands.py. With `ends` the goals and those who come (ends.py) are counted too, where they are in sight.
"""

from collections import Counter

from workshop import fields
from workshop.thread.ends import list_ends
from workshop.thread.strands import filled_columns, list_strands, read_web, runs_of
from workshop.words import N_, _

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


def list_loose(tables, ends=False):
    """(ref, what is missing in plain words) of every item that hangs loose, in the order of the columns."""
    web, loose = read_web(tables), {}
    for column, other, reason in NEEDS:
        for ref in web.columns[column] if web.columns[other] else ():
            if not web.tied(ref, other):
                loose.setdefault(ref, _(reason))
    if ends:
        loose |= {end.row["id"]: end.missing for end in list_ends(tables, web) if end.missing}
    return list(loose.items())


def thread_sentence(tables, ends=False):
    """How far the thread reaches and how many ends hang loose, as one sentence for a caption."""
    return _how_far(tables, len(list_loose(tables, ends)))


def _how_far(tables, loose):
    filled = filled_columns(read_web(tables))
    reached = Counter(
        runs[0][-1] for runs in (runs_of(strand, filled) for strand in list_strands(tables)) if runs and runs[0][0] <= 1
    )
    reach = max(reached, default=0)
    if filled in ([], [0]):
        return _("The thread begins with a purpose.")
    if reach == 7:
        held = _("One thread holds") if reached[7] == 1 else _("{n} threads hold").format(n=reached[7])
    elif reach == 0:
        held = _("No thread holds yet")
    elif reached[reach] == 1:
        held = _("One thread reaches {column}").format(column=_(REACHED[reach]))
    else:
        held = _("{n} threads reach {column}").format(n=reached[reach], column=_(REACHED[reach]))
    if not loose:
        return held + "."
    return held + (_(", one end hangs loose.") if loose == 1 else _(", {n} ends hang loose.").format(n=loose))


def loose_sentence(loose):
    """(what hangs loose, why) of what list_loose gives: ("K5 hangs loose:", "no CPI is tied to it yet"), or refs: the
    first few and how many more."""
    if not loose:
        return "", ""
    if len(loose) == 1:
        return _("{ref} hangs loose:").format(ref=loose[0][0]), loose[0][1]
    refs = [ref for ref, _reason in loose]
    return _("{n} ends hang loose:").format(n=len(loose)), fields.first_refs(refs, MOST_NAMED)


def told(tables, loose):
    """The picture in words, for who hears it: how far the thread reaches, what hangs loose (list_loose), and why."""
    sentence, (who, why) = _how_far(tables, len(loose)), loose_sentence(loose)
    if len(loose) > 1:
        return f"{sentence.removesuffix('.')}: {why}."
    return f"{sentence} {who} {why}." if who else sentence
