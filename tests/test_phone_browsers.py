"""Phones are three years old, and come over plain http: what their script and their looks may use (docs/phones.md)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "pages/phone/static"
NEWER = {
    "phone.js": r"\|\|=|&&=|\?\?=|\.(at|replaceAll|findLast|toSorted|toReversed|toSpliced|checkVisibility)\(|#\w+ in "
                r"|structuredClone|Object\.(hasOwn|groupBy)|withResolvers|fromAsync|AbortSignal\.|startViewTransition"
                r"|popover|static \{|\bimport\b|\bexport\b",
    "phone.css": r":has\(|:is\(|@(layer|container|property|scope|starting-style)|color-mix|oklch|light-dark|subgrid"
                 r"|field-sizing|accent-color|anchor-name|(?m:^\s*&)",
}  # fmt: skip
ONLY_UNDER_HTTPS = r"randomUUID|crypto\.subtle|serviceWorker|navigator\.(clipboard|wakeLock|share|locks)|caches\."


@pytest.mark.parametrize("name", NEWER)
def test_phones_are_asked_for_nothing_that_a_browser_of_three_years_ago_lacks(name):
    said = (STATIC / name).read_text("utf-8")
    assert len(said) > 5000
    assert [found[0] for found in re.finditer(NEWER[name], said)] == []
    assert re.findall(ONLY_UNDER_HTTPS, said) == []
