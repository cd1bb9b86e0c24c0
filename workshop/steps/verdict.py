"""What came out of the ranking, in words. Counts out of 100, never decimals."""

from typing import Any

import numpy as np

from workshop.figures import whole
from workshop.ranking import CLEAR, LEANING, LEAST_RATERS, Ranking
from workshop.words import N_, _

READINGS = {"clear": N_("clear"), "leaning": N_("leaning"), "too close to call": N_("too close to call")}


def places(scores: list[float | None]) -> list[int | None]:
    """The place of each score, the highest first, equal scores level; None where there is no score."""
    known = [score for score in scores if score is not None]
    return [None if score is None else 1 + sum(other > score for other in known) for score in scores]


def reading(beats: float) -> str:
    """How sure it is that one concept beats another, from the part of replays in which it does."""
    return "clear" if beats >= CLEAR else "leaning" if beats >= LEANING else "too close to call"


def sentence(rows: list[dict[str, Any]], leading: dict[str, Any] | None) -> str:
    if len(rows) == 1:
        if rows[0]["score"] is None:
            return _("“{a}” was rated; there is nothing to compare it with yet.").format(a=rows[0]["name"])
        return _("“{a}” scores {x}; there is nothing to compare it with yet.").format(
            a=rows[0]["name"], x=whole(rows[0]["score"])
        )
    a, b = rows[0], rows[1]
    if leading and leading["a_beats_b_of_100"] <= 50:
        return _("{a} and {b} are level: {a} comes first in {n} of 100 replays of this workshop.").format(
            a=a["name"], b=b["name"], n=leading["a_beats_b_of_100"]
        )
    if leading:
        return _("{a} beats {b} in {n} of 100 replays of this workshop.").format(
            a=a["name"], b=b["name"], n=leading["a_beats_b_of_100"]
        )
    first = [row["name"] for row in rows if row["rank"] == 1]
    if len(first) > 1:
        return _("{names} and {last} share the first place.").format(names=", ".join(first[:-1]), last=first[-1])
    if None in (a["score"], b["score"]):
        return _("{a} comes first, {b} second.").format(a=a["name"], b=b["name"])
    return _("{a} comes first with {x}, {b} second with {y}.").format(
        a=a["name"], x=whole(a["score"]), b=b["name"], y=whole(b["score"])
    )


def parting(rows: list[dict[str, Any]]) -> str:
    """Over which concept customers and business part most; '' when one of the two counts nothing."""
    both = [row for row in rows if row["customer_score"] is not None and row["business_score"] is not None]
    if not both:
        return ""
    most = max(both, key=lambda row: abs(row["customer_score"] - row["business_score"]))
    return _("Customers and business part most over {name}: {x} against {y}.").format(
        name=most["name"], x=whole(most["customer_score"]), y=whole(most["business_score"])
    )


def remarks(concepts: list[dict], metrics: list[dict], found: Ranking, sure: bool) -> list[str]:
    """What must be known before the numbers are believed."""
    said = [] if sure else [_("Too few people to say how sure: fewer than {n} have rated.").format(n=LEAST_RATERS)]
    for kind, name in (("cpi", _("CPI")), ("kpi", _("KPI"))):
        group = [metric for metric in metrics if metric["kind"] == kind]
        if group and not any(metric["weight"] for metric in group):
            said.append(_("No {name} has a weight yet, so all of them count the same.").format(name=name))
    filled = found.filled
    for m in np.flatnonzero(filled.all(axis=0)):
        said.append(_("Nobody has rated {name}. It counts nothing.").format(name=metrics[m]["name"]))
    some = ~filled.all(axis=0)
    for c in np.flatnonzero(filled[:, some].all(axis=1)) if some.any() else ():
        said.append(
            _("Nobody has rated {name}. It stands at the average of the others.").format(name=concepts[c]["name"])
        )
    empty = int((filled & ~filled.all(axis=0) & ~filled[:, some].all(axis=1)[:, None]).sum()) if some.any() else 0
    if empty:
        said.append(_("Cells that nobody rated take the average of their column: {n}.").format(n=empty))
    if (found.pull < 1).any():
        said.append(_("Some concepts were rated by far fewer people; their scores are pulled towards the average."))
    return said


def untold(names: list[str], concepts: int) -> str:
    """Whose scores are left out of a shareable version; '' for nobody's."""
    if not names:
        return ""
    if len(names) == concepts:
        return _("Fewer than three people rated: scores are left out here, because they would say who rated what.")
    said = _("Fewer than three people rated {names}: no score is told here, because it would say who rated what.")
    return said.format(names=", ".join(names))


def whole_room() -> str:
    return _("These people are everyone who decides: their ratings stand, and only the weights vary.")


def own_weights(people: int) -> str:
    return _("Each person’s own weights are drawn with their ratings: {n} people split points.").format(n=people)


def why(reason: str, metric: str, raters: int) -> str:
    """Why the first two are hard to tell apart."""
    return {
        "votes": _("Unsure because people are split, most of all over {metric}."),
        "weights": _("Unsure because the weights are open, most of all that of {metric}."),
        "few": _("Unsure because only {n} people have rated; most depends on {metric}."),
    }[reason].format(metric=metric, n=raters)


def settles(reason: str, metric: str) -> str:
    return {
        "votes": _("What would settle it: hear the highest and the lowest on {metric}, then rate it once more."),
        "weights": _("What would settle it: agree on how much {metric} weighs."),
        "few": _("What would settle it: more people rating {metric}."),
    }[reason].format(metric=metric)


def five_minutes(now: int, then: int, unrated: int) -> str:
    """What another five minutes of rating would do for the first two."""
    if not unrated:
        return _("Everybody has rated everything about these two: only talking can settle more.")
    if then <= now:
        return _("Another five minutes of rating would hardly make it surer.")
    return _("Another five minutes of rating would take {now} of 100 to about {then}.").format(now=now, then=then)


def covered(people: int, counts: list[int]) -> str:
    """How far a round of rating has come; `counts` how many people rated each cell."""
    least, most, none = min(counts), max(counts), counts.count(0)
    times = f"{least}–{most}" if least < most else str(most)
    said = _("{people} people have rated so far, each cell {times} times.").format(people=people, times=times)
    return f"{said} {_('Cells that nobody has rated yet: {n}.').format(n=none)}" if none else said


def would_settle(now: float, then: float, unrated: int) -> str:
    """The same while people still rate: how much, and nothing about whom or which way."""
    more = round(100 * (then - now))
    if not unrated or more < 1:
        return _("Another five minutes of rating would hardly make the top surer.")
    return _("Another five minutes of rating would make the top surer by about {n} of 100.").format(n=more)


def flip(taken: list[tuple[str, float]], to: str, first: str) -> str:
    """`taken` (metric, points) that must move to the metric `to` before another concept is first."""
    parts = [_("{points} of 100 points from {metric}").format(points=_points(p), metric=m) for m, p in taken[:1]]
    parts += [_("{points} from {metric}").format(points=_points(p), metric=m) for m, p in taken[1:]]
    return _("Moving {parts} to {to} puts {first} first.").format(parts=_(" and ").join(parts), to=to, first=first)


def level(leader: str, rival: str) -> str:
    return _("{a} and {b} are level: the smallest change of a weight decides.").format(a=leader, b=rival)


def _points(points: float) -> str:
    """Rounded up, for less would not do it."""
    return str(max(1, int(np.ceil(round(points, 6)))))


def no_flip(leader: str) -> str:
    return _("No weights would put another concept first: {name} leads on everything that counts.").format(name=leader)
