"""The words of this request: its language, and what the workshop calls its nouns.

English is the source; a translation is one file, translations/<language>.po.
"""

import gettext
import io
import re
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

SOURCE = "en"
TRANSLATIONS = Path(__file__).parent / "translations"

language: ContextVar[str] = ContextVar("language", default=SOURCE)

NOUNS = ("promise", "purpose", "value", "principle", "touchpoint", "concept")
# (noun, name) of those that the workshop whose file is open calls otherwise (store.open)
own_names: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("own_names", default=())


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
    """The text in the language of this request, or as it is where no translation is known.

    In English it says what the workshop calls its nouns; other languages would have to bend them.
    """
    if not text:
        return ""
    names = own_names.get()
    if names and language.get() == SOURCE:
        return _in_own_names(text, names)
    return _catalogue(language.get()).gettext(text)


@lru_cache(8192)
def _in_own_names(text: str, names: tuple[tuple[str, str], ...]) -> str:
    known = dict(names)
    # what has the name already stays; “we promise” is a verb, and {purpose} a gap
    named = "|".join(re.escape(name) for name in known.values())
    nouns = rf"({named})|(?<![\w{{])(?<!we )(\ba )?({'|'.join(known)})(s?)(?![\w}}])"

    def called(found: re.Match) -> str:
        has_name, article, noun, many = found.groups(default="")
        if has_name:
            return found[0]
        name = known[noun.lower()]
        if article and name[0].lower() in "aeiou":
            article = f"{article[0]}n "
        if many:
            name = f"{name[:-1]}ies" if re.search("[^aeiou]y$", name) else name + ("es" if name[-1] in "sxz" else "s")
        return article + (name[0].upper() + name[1:] if noun[0].isupper() else name)

    return re.sub(nouns, called, text, flags=re.IGNORECASE)


def N_(text: str) -> str:
    """Marks a text for translators where it is written down before anybody's language is known."""
    return text


def quoted(text: str) -> str:
    """The text in quotation marks, and what is quoted in it in single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"
