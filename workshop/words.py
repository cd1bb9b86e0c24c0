"""The language of this request. English is the source; a translation is one file, translations/<language>.mo."""

import gettext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

language: ContextVar[str] = ContextVar("language", default="en")


@lru_cache
def _catalogue(code: str) -> gettext.NullTranslations:
    folder = Path(__file__).parent / "translations"
    return gettext.translation("throughline", folder, languages=[code], fallback=True)


def _(text: str) -> str:
    """The text in the language of this request, or as it is where no translation is known."""
    return _catalogue(language.get()).gettext(text) if text else ""


def N_(text: str) -> str:
    """Marks a text for translators where it is written down before anybody's language is known."""
    return text
