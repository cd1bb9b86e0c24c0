"""A translation is one file: what stands in it, and that the phones are told nothing in another language."""

import ast
import re
from pathlib import Path

import polib
import pytest

from workshop import words
from workshop.steps import AGENDA
from workshop.steps.promise import PROMISE_REVIEW

ROOT = Path(__file__).parents[1]
FOR_THE_HOST = re.compile("Somebody |Wi-Fi in this room")  # lines of the journal, a field of the join panel


def texts(path: Path) -> set[str]:
    """Every text that a module or a template of ours marks for translation."""
    if path.suffix == ".html":
        return set(re.findall(r'_\("([^"]*)"\)', path.read_text("utf-8")))
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_")
        and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip


PHONE = set().union(*map(texts, [*(ROOT / "pages/phone").rglob("*.py"), *(ROOT / "pages/phone").rglob("*.html"),
                                 ROOT / "workshop/joining.py", ROOT / "workshop/beforehand.py",
                                 ROOT / "workshop/steps/decided.py"]))  # fmt: skip
# what steps ask is said on phones as well: titles, prompts and the beginnings of a sentence
ASKED = {text for step in AGENDA for text in (step.title, step.prompt, *step.openers)}
ASKED |= {offer.prompt for step in AGENDA for offer in step.activities} | {PROMISE_REVIEW.prompt}
FILES = sorted((ROOT / "workshop/translations").glob("*.po"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_everything_a_phone_says_is_translated(file):
    known = {entry.msgid for entry in polib.pofile(str(file)) if entry.msgstr}
    assert len(PHONE) > 100
    assert sorted(text for text in PHONE - known if not FOR_THE_HOST.match(text)) == []
    assert len(ASKED) > 40
    assert sorted(ASKED - known - {""}) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_translation_leaves_the_same_gaps_as_the_source(file):
    for entry in polib.pofile(str(file)):
        gaps = [sorted(re.findall(r"\{\w+\}", text)) for text in (entry.msgid, entry.msgstr)]
        assert gaps[0] == gaps[1], entry.msgid


def test_a_file_in_the_folder_is_a_language_without_anything_else(tmp_path, monkeypatch):
    (tmp_path / "eo.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                                    'msgid "Come in"\nmsgstr "Envenu"\n', "utf-8")  # fmt: skip
    monkeypatch.setattr(words, "TRANSLATIONS", tmp_path)
    words.languages.cache_clear()
    try:
        assert words.preferred("de, eo;q=0.5, en;q=0.3") == "eo"
        token = words.language.set("eo")
        assert (words._("Come in"), words._("Look up.")) == ("Envenu", "Look up.")
        words.language.reset(token)
    finally:
        monkeypatch.undo()
        words.languages.cache_clear()


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("de-CH, fr;q=0.8", "de"), ("fr, de;q=0.2, en;q=0.1", "de"), ("en, de", "en"), ("fr", "en"), ("", "en"),
     ("de;q=0", "en"), ("de;q=9", "en"), (",;q=;,de;;", "de"), ("DE", "de"), ("../../etc/passwd", "en")],
)  # fmt: skip
def test_the_language_is_what_the_browser_likes_best_of_those_there_are(wanted, spoken):
    assert words.preferred(wanted) == spoken
