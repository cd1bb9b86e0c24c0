"""Nothing is lost from the sources: each of the 165 things that they ask is carried by something, and exercised.

docs/coverage.csv: id, asked, carried_by (field, prompt, activity, command, check, picture, page, export or docs),
where (module:name, module:RULE, file:function or file#sentence), test (file::name in tests/).
"""

import ast
import csv
import importlib
from functools import cache
from pathlib import Path

import pytest

from workshop.checks.findings import RULES

ROOT = Path(__file__).parents[1]
# how many the sources ask, by source: METHOD.md §1
ASKED = {"0": 42, "1": 27, "2": 38, "3": 26, "4": 32}
CARRIERS = {"field", "prompt", "activity", "command", "check", "picture", "page", "export", "docs"}

with (ROOT / "docs" / "coverage.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["id"]: row for row in csv.DictReader(file)}


def test_every_row_of_the_method_is_there_once_and_in_its_order():
    assert list(ROWS) == [f"{source}.{number}" for source, many in ASKED.items() for number in range(1, many + 1)]
    assert len(ROWS) == 165


def test_nothing_is_missing():
    assert {row["carried_by"] for row in ROWS.values()} == CARRIERS


def test_a_row_is_carried_by_what_the_list_names():
    assert [(row["id"], row["where"]) for row in ROWS.values() if not is_there(row["where"])] == []


@pytest.mark.parametrize(
    "where",
    ["workshop.checks.text:PUR-NOTHING", "workshop.checks.text:THR-LEAD", "workshop.steps.purpose:AddPurpose.colour",
     "workshop.steps.purpose:no_such_thing", "pages/parts/cards.py:curtain", "docs/method.md#This was never said"],
)  # fmt: skip
def test_what_is_not_there_is_noticed(where):
    assert not is_there(where)


def is_there(where: str) -> bool:
    if "#" in where:
        path, _sign, sentence = where.partition("#")
        return sentence in (ROOT / path).read_text(encoding="utf-8")
    name, _sign, what = where.partition(":")
    if name.startswith("pages/"):
        return what in functions(ROOT / name)
    module = importlib.import_module(name)
    if rules := [rule for rule in RULES if rule.id == what]:
        return rules[0] in module.RULES
    noun, *field = what.split(".")
    held = getattr(module, noun, None)
    return held is not None and all(one in getattr(held, "__dataclass_fields__", {}) for one in field)


def test_a_row_is_exercised_by_the_test_that_the_list_names():
    tested = [(row["id"], *row["test"].split("::")) for row in ROWS.values() if row["carried_by"] != "docs"]
    assert [one for one in tested if one[2] not in functions(ROOT / "tests" / one[1])] == []
    told = [row["id"] for row in ROWS.values() if row["carried_by"] == "docs"]
    assert told == ["3.10", "3.14", "3.23"], "what no program can do, no test exercises"


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
