"""What each kind of activity needs to be told before it opens. Pure.

write: openers · vote: targets, dots, cap · split: targets · rate: concepts, metrics, cells, share, confidence ·
pulse: scale, targets, words. Targets, concepts and metrics are refs; `share` is how many cells one person rates;
`cells` are pairs of a concept and a metric, none for every concept on every metric.
"""

from dataclasses import dataclass
from typing import Any

from workshop import fields
from workshop.problems import Problem, Rejected
from workshop.words import N_, _

MOST_TARGETS = 60
SCALES = {
    "yes": ("yes", "partly", "no", "unknown"),
    "kept": ("kept", "partly", "broken", "unknown"),
    "number": (*(str(n) for n in range(11)), "unknown"),
    "words": (),
}


@dataclass(frozen=True)
class Write:
    openers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vote:
    targets: tuple[str, ...] = fields.refs_to("", N_("What is voted on"))
    dots: int = fields.number(1, 100, whole=True, default=3)
    cap: int = fields.number(1, 100, whole=True, default=1)


@dataclass(frozen=True)
class Split:
    targets: tuple[str, ...] = fields.refs_to("", N_("What the points are shared over"))


@dataclass(frozen=True)
class Rate:
    concepts: tuple[str, ...] = fields.refs_to("concept", N_("Concepts"))
    metrics: tuple[str, ...] = fields.refs_to("metric", N_("What we count"))
    share: int | None = fields.number(1, 100_000, whole=True)
    confidence: bool = fields.yes_no(default=False)


@dataclass(frozen=True)
class Pulse:
    scale: str = fields.one_of(*SCALES, default="yes")
    targets: tuple[str, ...] = fields.refs_to("", N_("What it is asked of"))
    words: bool = fields.yes_no(default=False)


_LEAST = {"vote": {"targets": 2}, "split": {"targets": 2}, "rate": {"concepts": 1, "metrics": 1}}


def accepted(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with all that was left out, ready to store. Raises Rejected."""
    if kind == "write":
        return {"openers": _openers(settings)}
    cells = [_cell(one, settings) for one in settings.get("cells", ())] if kind == "rate" else None
    record = {"vote": Vote, "split": Split, "rate": Rate, "pulse": Pulse}[kind]
    defaults = {name: fields.default_of(f) for name, f in fields.fields_of(record).items()}
    values = fields.accept(record, defaults | {name: one for name, one in settings.items() if name != "cells"})
    for name, least in _LEAST.get(kind, {}).items():
        if len(values[name]) < least:
            few = _("There is too little to choose from yet: at least {least}.")
            raise Rejected(Problem(name, few.format(least=least)))
    if len(values.get("targets", ())) > MOST_TARGETS:
        many = _("These are {count} to choose from; nobody reads more than {most}. Shorten the list first.")
        raise Rejected(Problem("targets", many.format(count=len(values["targets"]), most=MOST_TARGETS)))
    ready = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return ready if cells is None else ready | {"cells": cells}


def _cell(cell: Any, settings: dict[str, Any]) -> list[str]:
    """[concept, metric], both among those that are rated."""
    pair = cell if isinstance(cell, list | tuple) and len(cell) == 2 else (None, None)
    if pair[0] not in settings.get("concepts", ()) or pair[1] not in settings.get("metrics", ()):
        raise Rejected(Problem("cells", _("That is not among what is asked.")))
    return list(pair)


def _openers(settings: dict[str, Any]) -> list[str]:
    openers = settings.get("openers", [])
    if set(settings) - {"openers"} or not isinstance(openers, list | tuple) or len(openers) > 8:
        raise Rejected(Problem("openers", _("“Openers” must be a list of at most 8 beginnings of a sentence.")))
    return [fields.accept(_Opener, {"text": opener})["text"] for opener in openers]


@dataclass(frozen=True)
class _Opener:
    text: str = fields.line(N_("Openers"), most=80, needed=True)
