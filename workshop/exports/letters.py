"""Which letters the fonts of this machine can draw: no PDF shows empty boxes without a sentence that says so."""

import unicodedata

import typst
from fontTools.ttLib import TTFont, TTLibError

from workshop.words import _

CARRIED = ("LATIN", "GREEK", "CYRILLIC")  # typst has a font for these inside it
FIRST_EMOJI = 0x1F000  # the signs below that it has as well


def undrawn(text: str, fonts: typst.Fonts) -> list[str]:
    """The scripts of the letters that none of these fonts has, by their names in Unicode; emoji are one of them."""
    left = {char for char in set(text) if _script(char)}
    seen: set[str] = set()
    for font in fonts.fonts():
        if left and font.path and font.family not in seen:
            seen.add(font.family)
            left -= _drawn(str(font.path), font.index, left)
    return sorted({_script(char) for char in left})


def _script(char: str) -> str:
    """The script of a letter or an emoji; '' for what every machine can draw, and for what is no letter."""
    kind = unicodedata.category(char)
    if kind == "So" and ord(char) >= FIRST_EMOJI:
        return _("emoji")
    script = unicodedata.name(char, "").partition(" ")[0]
    if not kind.startswith("L") or script in CARRIED or not script or ord(char) < 0x250:
        return ""
    return script if script == "CJK" else script.capitalize()


def _drawn(path: str, index: int, chars: set[str]) -> set[str]:
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            known = font.getBestCmap() or {}
    except (TTLibError, OSError):
        return set()
    return {char for char in chars if ord(char) in known}
