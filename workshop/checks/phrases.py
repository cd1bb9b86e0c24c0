"""The reading of words: a language's word lists as patterns, and how many words a text has. Pure.

The lists are words/<language>.toml, one file per language; its head says how they are written.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workshop.words import language

FOLDER = Path(__file__).parent / "words"

# İ is the one letter that grows when it becomes small
_PLAIN = str.maketrans("’‘ʼ‐‑\u00a0İ", "'''-- I")
_SIGNS = {"*": r"\w*", "#": r"\d", " ": r"[\s-]{1,3}", "-": r"[\s-]{1,3}"}
# Chinese, Japanese and Thai put no spaces between words: two of their letters, or five, stand for one
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]{1,2}|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,5}")
_LEAD = re.compile(r"\W*")
_LETTER = re.compile(r"[^\W_]")
_GAPS = re.compile(r"[\s–—]+")


class Phrases:
    """A list of words and phrases, compiled once."""

    def __init__(self, entries: Iterable[str]):
        # the longest first, and what does not count before what does: a pattern takes the first that fits
        ordered = sorted(entries, key=len, reverse=True)
        apart = [_pattern(entry[1:]) for entry in ordered if entry.startswith("-")]
        wanted = "|".join(_pattern(entry) for entry in ordered if not entry.startswith("-"))
        self._pattern = re.compile(rf"(?<!\w)(?<!\w-)(?:{''.join(f'{one}|' for one in apart)}({wanted}))(?!\w)(?!-\w)")

    def _matches(self, text: str) -> Iterator[re.Match]:
        # in small letters: a pattern that minds no capitals takes four times as long
        return (match for match in self._pattern.finditer(text.lower()) if match[1])

    def found_in(self, text: str) -> str | None:
        """The words of the list that the text holds, as it writes them; None when it holds none."""
        return ", ".join(dict.fromkeys(text[slice(*match.span(1))] for match in self._matches(text))) or None

    def before(self, text: str) -> str:
        """The text up to the first of these words; all of it when it holds none."""
        return next((text[: match.start()] for match in self._matches(text)), text)

    def after(self, text: str) -> str:
        """The text that follows the first of these words; none when it holds none."""
        return next((text[match.end() :] for match in self._matches(text)), "")

    def open(self, text: str) -> bool:
        """Whether the text begins with one of these words; quotation marks and the like come before a beginning."""
        match = self._pattern.match(text.lower(), _LEAD.match(text).end())
        return bool(match and match[1])

    def parts(self, text: str) -> list[str]:
        """The text cut at each of these words."""
        ends = [match.span() for match in self._matches(text)]
        starts = [0, *(end for _start, end in ends)]
        return [text[start:end] for start, end in zip(starts, [*(start for start, _end in ends), None], strict=True)]

    def are_all_of(self, text: str) -> bool:
        """Whether the text holds words, and none but these."""
        return bool(count_words(text)) and not count_words(self._pattern.sub(" ", text.lower()))


@dataclass(frozen=True)
class Words:
    """The word lists of one language by name, and the letters it is written in."""

    lists: dict[str, Phrases]
    letters: frozenset[str]

    def __getitem__(self, name: str) -> Phrases:
        return self.lists[name]

    def can_read(self, text: str) -> bool:
        """Whether the text seems to be in this language. What it lacks says nothing where it is not."""
        letters = {letter for letter in text.lower() if letter.isalpha()}
        return bool(letters) and letters <= self.letters and not self["foreign"].found_in(text)


@lru_cache
def read_words(language: str = "en") -> Words:
    """The word lists of a language; the English ones where nobody has written its own yet."""
    path = FOLDER / f"{language}.toml"
    lists = tomllib.loads((path if path.exists() else FOLDER / "en.toml").read_text(encoding="utf-8"))
    letters = frozenset(lists.pop("letters"))
    return Words({name: Phrases(entries) for name, entries in lists.items()}, letters)


def words() -> Words:
    """The word lists in the language of this request."""
    return read_words(language.get())


def plain(text: str) -> str:
    """The text with straight apostrophes, plain hyphens and plain spaces, so that a phrase is found however typed."""
    return text.translate(_PLAIN)


def count_words(text: str) -> int:
    """How many words a reader would count. Dashes part words, hyphens join them, punctuation alone is none."""
    spaced = text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text)
    return sum(1 for word in _GAPS.split(spaced) if _LETTER.search(word))


def longer_words(text: str) -> frozenset[str]:
    """The different words of four letters and more, in small letters."""
    return frozenset(re.findall(r"\w{4,}", text.lower()))


def _pattern(entry: str) -> str:
    return "".join(_SIGNS.get(sign, re.escape(sign)) for sign in entry)
