"""The language of this request. English is the source; a translation is one file, translations/<language>.po."""

import gettext
import io
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

SOURCE = "en"
TRANSLATIONS = Path(__file__).parent / "translations"

language: ContextVar[str] = ContextVar("language", default=SOURCE)


@lru_cache
def languages() -> frozenset[str]:
    """What people can be spoken to in: English, and every translation that lies in the folder."""
    return frozenset({SOURCE, *(file.stem for file in TRANSLATIONS.glob("*.po"))})


def preferred(wanted: str) -> str:
    """The language that a browser likes best of those there are, by its Accept-Language ("de-CH, fr;q=0.8, en;q=0.7").

    English where it names none of them.
    """
    best, liked = SOURCE, 0.0
    for one in wanted[:500].split(","):
        name, _semicolon, quality = one.partition(";")
        code = name.strip().partition("-")[0].lower()
        try:
            weight = float(quality.partition("=")[2] or 1)
        except ValueError:
            continue
        if code in languages() and liked < weight <= 1:
            best, liked = code, weight
    return best


@lru_cache
def _catalogue(code: str) -> gettext.NullTranslations:
    file = TRANSLATIONS / f"{code}.po"
    if code == SOURCE or not file.is_file():
        return gettext.NullTranslations()
    import polib  # noqa: PLC0415  needed only where somebody reads another language

    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(file)).to_binary()))


def _(text: str) -> str:
    """The text in the language of this request, or as it is where no translation is known."""
    return _catalogue(language.get()).gettext(text) if text else ""


def N_(text: str) -> str:
    """Marks a text for translators where it is written down before anybody's language is known."""
    return text
