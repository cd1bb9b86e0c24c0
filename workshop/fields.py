"""What may be entered: the kinds of field, their limits, and the one clean() that every text passes.

A record is a frozen dataclass whose fields are made by the functions below; `accept` turns a filled-in record into
column values, or raises `Rejected` with a sentence for each field that cannot be stored.
"""

import dataclasses
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import MISSING, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workshop.figures import figure
from workshop.problems import Problem, Rejected
from workshop.words import _

LINE, TEXT = 200, 2_000
# ZWNJ and ZWJ shape Arabic, Indic and other scripts and join emoji; anywhere else they only hide differences
_JOINERS = "\u200c\u200d"
_JOINABLE = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\ufe0f\u2190-\u2bff\U0001f000-\U0001faff]"
)
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clean(text: str) -> str:
    """NFC, without control and direction characters, joiners only where a script or an emoji needs them."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    kept = []
    for i, char in enumerate(text):
        if char in _JOINERS:
            if i and _JOINABLE.match(text[i - 1]):
                kept.append(char)
        elif char == "\n" or unicodedata.category(char) not in _INVISIBLE or "\U000e0020" <= char <= "\U000e007f":
            kept.append(char)
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip()


def first_refs(refs: list[str], most: int) -> str:
    """The first few refs, and how many more there are."""
    named, left = ", ".join(refs[:most]), len(refs) - most
    return _("{refs} and {count} more").format(refs=named, count=figure(left)) if left > 0 else named


def in_short(text: Any) -> str:
    """What somebody gave, on one line and short enough to stand in a sentence."""
    return " ".join(clean(str(text)).split())[:40]


@dataclass(frozen=True)
class Kind:
    """How one field is checked. `check(value)` gives the value to store or raises ValueError with the sentence.

    `shape` is text, line, choice, choices, number, yes_no, day, step or ref. `starred` fields must be filled before a
    step counts as done, never before saving. `suggestions` are words to pick from where own words do as well.
    `table` names what a reference points to; `many` references live in the link table <record>_<table>, and where
    they may point to `also` other tables, in a link table for each.
    `ahead` days are meant to come: one in the past is asked about, never refused.
    """

    check: Callable[[Any], Any]
    shape: str
    label: str = ""
    needed: bool = False
    starred: bool = False
    unique: bool = False
    choices: tuple = ()
    suggestions: tuple[str, ...] = ()
    table: str = ""
    many: bool = False
    also: tuple[str, ...] = ()
    ahead: bool = False
    whole: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *self.also) if self.table else ()


def kind_of(field: dataclasses.Field) -> Kind:
    return field.metadata["kind"]


def label_of(field: dataclasses.Field) -> str:
    """The field's name as people read it."""
    return _(kind_of(field).label or field.name.replace("_", " ").capitalize())


def _field(check, shape: str, *, default=None, **about) -> Any:
    return dataclasses.field(default=default, metadata={"kind": Kind(check, shape, **about)})


def text(label: str = "", *, most: int = TEXT, default: str | None = "", **about) -> Any:
    """Words of any number of lines, at most `most` characters; empty is `default`."""

    def check(value):
        if value is None:
            return default
        if not isinstance(value, str):
            raise ValueError(_("must be text"))
        value = clean(value)
        if len(value) > most:
            raise ValueError(
                _("may have at most {most} characters, and this has {many}").format(
                    most=f"{most:,}", many=f"{len(value):,}"
                )
            )
        return value or default

    return _field(check, "text", label=label, default=default, **about)


def line(label: str = "", *, most: int = LINE, **about) -> Any:
    """Words on one line."""
    field = text(label, most=most, **about)
    kind = kind_of(field)

    def check(value):
        return " ".join((kind.check(value) or "").split()) or field.default

    return dataclasses.field(
        default=field.default, metadata={"kind": dataclasses.replace(kind, check=check, shape="line")}
    )


def one_of(*choices: str, label: str = "", default: str | None = None, **about) -> Any:
    """One of the given words, or None."""

    def check(value):
        if value in (None, ""):
            return default
        if not isinstance(value, str) or value not in choices:
            raise ValueError(_("must be one of: {choices}").format(choices=", ".join(choices)))
        return value

    return _field(check, "choice", label=label, default=default, choices=choices, **about)


def step(label: str = "") -> Any:
    """A step of the agenda by its slug, or None; whether this workshop has it, its noun's `check` says."""
    kind = kind_of(line(label, default=None))
    return dataclasses.field(default=None, metadata={"kind": dataclasses.replace(kind, shape="step")})


def some_of(*choices: str, label: str = "", **about) -> Any:
    """Several of the given words, in their given order, each once."""

    def check(value):
        if not isinstance(value, list | tuple) or any(not isinstance(one, str) or one not in choices for one in value):
            raise ValueError(_("must be a list of some of: {choices}").format(choices=", ".join(choices)))
        return tuple(choice for choice in choices if choice in value)

    return _field(check, "choices", label=label, default=(), choices=choices, **about)


def number(
    low: float = -1e12, high: float = 1e12, *, whole: bool = False, label: str = "", default=None, **about
) -> Any:
    """A finite number from low to high, or None."""

    def check(value):
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not -math.inf < value < math.inf:
            raise ValueError(_("must be a number"))
        if whole and value != int(value):
            raise ValueError(_("must be a whole number"))
        if not low <= value <= high:
            raise ValueError(_("must lie between {low} and {high}").format(low=figure(low), high=figure(high)))
        return int(value) if whole else float(value)

    return _field(check, "number", label=label, default=default, whole=whole, **about)


def yes_no(label: str = "", *, default: bool | None = None, **about) -> Any:
    """True, False, or None for not answered; stored as 1, 0, NULL."""

    def check(value):
        if value is None:
            return None if default is None else int(default)
        if not isinstance(value, bool) and value not in (0, 1):
            raise ValueError(_("must be yes or no"))
        return int(value)

    return _field(check, "yes_no", label=label, default=default, **about)


def day(label: str = "", **about) -> Any:
    """A date as 2026-03-12, or None."""

    def check(value):
        if value in (None, ""):
            return None
        try:
            # fromisoformat knows other spellings too, such as 20260312, which nobody means
            return date.fromisoformat(re.fullmatch(r"[0-9-]{10}", str(value))[0]).isoformat()
        except (TypeError, ValueError):
            raise ValueError(_("must be a date such as 2026-03-12")) from None

    return _field(check, "day", label=label, **about)


def is_ref(value: Any) -> bool:
    """Whether this could be the ref of an item, such as P3."""
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z]{1,3}[0-9]{1,5}[a-z]?", value))


def _check_ref(value):
    if not is_ref(value):
        raise ValueError(_("must name an item, such as P3"))
    return value


def ref_to(table: str, label: str = "", **about) -> Any:
    """The ref of one item of another table, or None."""
    return _field(
        lambda value: None if value in (None, "") else _check_ref(value), "ref", label=label, table=table, **about
    )


def refs_to(table: str, label: str = "", **about) -> Any:
    """The refs of several items of another table, in order, each once."""

    def check(value):
        if not isinstance(value, list | tuple):
            raise ValueError(_("must be a list of items"))
        return tuple(dict.fromkeys(_check_ref(one) for one in value))

    return _field(check, "ref", label=label, default=(), table=table, many=True, **about)


def fields_of(record: type) -> dict[str, dataclasses.Field]:
    return {field.name: field for field in dataclasses.fields(record)}


def problems(record: type, values: dict[str, Any]) -> list[Problem]:
    """What is wrong with these values, field by field. Pure; empty when all can be stored."""
    return _look(record, values)[1]


def accept(record: type, values: dict[str, Any]) -> dict[str, Any]:
    """The values ready to store. Raises Rejected with every problem found."""
    good, found = _look(record, values)
    if found:
        raise Rejected(*found)
    return good


def _look(record: type, values: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    good, found, known = {}, [], fields_of(record)
    for name, value in values.items():
        if name not in known:
            found.append(Problem(name, _("“{name}” is not known here.").format(name=in_short(name))))
            continue
        field = known[name]
        try:
            good[name] = kind_of(field).check(value)
        except ValueError as error:
            found.append(Problem(name, _("“{label}” {fault}.").format(label=label_of(field), fault=error)))
            continue
        if kind_of(field).needed and good[name] in ("", None):
            is_words = kind_of(field).shape in ("line", "text", "number")
            said = _("Write something under “{label}”.") if is_words else _("Choose something under “{label}”.")
            found.append(Problem(name, said.format(label=label_of(field))))
    return good, found


def doubts(record: type, values: dict[str, Any], today: date, workshop: str | None = None) -> list[Problem]:
    """What can be stored and is hardly meant, field by field; `workshop` is the day of it, if it has one. Pure."""
    past = _("“{label}” is in the past: {day}. Press the button again if you mean it.")
    early = _("“{label}” is {day}, and the workshop is on {workshop}. Press the button again if you mean it.")
    found = []
    for name, field in fields_of(record).items():
        day = str(values.get(name) or "")
        if kind_of(field).ahead and day and day < max(today.isoformat(), workshop or ""):
            said = past if day < today.isoformat() else early
            found.append(Problem(name, said.format(label=label_of(field), day=day, workshop=workshop)))
    return found


def last_place(figure: float | None) -> float:
    """One in the last place that is written of a figure, by which + and − move it; of a whole one 1. Pure."""
    written = Decimal(f"{figure or 0:.6g}")  # as pages write it
    return 10.0 ** min(written.as_tuple().exponent, 0)


def missing(record: type, row: dict[str, Any]) -> list[str]:
    """The labels of the starred fields that are still empty in a stored row."""
    return [label_of(f) for f in dataclasses.fields(record) if kind_of(f).starred and row.get(f.name) in (None, "", ())]


def default_of(field: dataclasses.Field):
    return None if field.default is MISSING else field.default
