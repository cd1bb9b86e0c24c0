"""The workshop as one JSON, out and in: the layout throughline-workshop/1 (docs/file-format.md).

One key per table, ids are refs. An import goes through the steps' own commands, all of it as one action or nothing.
"""

from workshop.bundle.into import bring_in, load
from workshop.bundle.layout import ANSWERS, NOUNS, ROWS, SCHEMA
from workshop.bundle.out import read, to_json
from workshop.bundle.parsed import parse

__all__ = ["ANSWERS", "NOUNS", "ROWS", "SCHEMA", "bring_in", "load", "parse", "read", "to_json"]
