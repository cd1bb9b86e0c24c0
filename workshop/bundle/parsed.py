"""A bundle read strictly: what a lenient reader would let pass is refused with one sentence that says where."""

import json
import math
import re
from typing import Any

from workshop import fields
from workshop.bundle.layout import SCHEMA
from workshop.problems import Problem, Rejected
from workshop.words import _

MOST_BYTES = 20_000_000
MOST_NESTED = 10


def parse(raw: bytes | str) -> dict[str, Any]:
    """A bundle read strictly: size, nesting, numbers and keys. Raises Rejected with one sentence."""
    if raw[:4] == b"PK\x03\x04":
        raise refused("", _("This file is a zip, whatever its name says; a workshop comes as .json or .sqlite."))
    if len(raw) > MOST_BYTES:
        limit = _("This file is too large: a workshop has at most {most} MB.")
        raise refused("", limit.format(most=round(MOST_BYTES / 1e6)))
    try:
        data = json.loads(
            raw, object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_float=_finite, parse_int=_whole
        )
        _check_depth(data)
    except RecursionError:
        raise refused("", _("This file is nested too deeply to be a workshop.")) from None
    except UnicodeDecodeError:
        raise refused("", _("This file is not JSON: it is not text in UTF-8.")) from None
    except json.JSONDecodeError as error:
        fault = _("This file is not JSON: line {line}, column {column}.")
        raise refused("", fault.format(line=error.lineno, column=error.colno)) from None
    except ValueError as error:
        raise refused("", _("This file cannot be read: {fault}.").format(fault=error)) from None
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        newer = isinstance(schema, str) and re.fullmatch(r"throughline-workshop/([2-9]|[1-9]\d+)", schema)
        sentence = (
            _("This workshop was written by a newer Throughline than this one. Update Throughline to bring it in.")
            if newer
            else _("This is not a Throughline workshop: “schema” must be “{schema}”.").format(schema=SCHEMA)
        )
        raise refused("" if newer else "schema", sentence)
    return data


def refused(place: str, message: str) -> Rejected:
    """What is wrong, and where in the file."""
    return Rejected(Problem(place, f"{place}: {message}" if place else message))


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _value in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("the key “{key}” is there twice").format(key=fields.in_short(twin)))
    return data


def _check_depth(data: Any) -> None:
    """Raises RecursionError, as a reader does whose own depth ends first."""
    level = [data]
    for _depth in range(MOST_NESTED):
        inside = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [value for values in inside for value in values]
    if level:
        raise RecursionError


def _no_constant(name: str):
    raise ValueError(_("{name} is not a number that a workshop can hold").format(name=name))


def _whole(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError(_("{digits} is too large a number").format(digits=digits[:20]))
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(_("{digits} is too large a number").format(digits=digits[:20]))
    return value
