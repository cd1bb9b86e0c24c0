"""What this workshop calls its nouns ("brand promise"): given by the host, said wherever the tool speaks (words.py)."""

import re
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields
from workshop.problems import Problem, Rejected
from workshop.words import NOUNS, _

MOST = 40
# they are put into sentences and labels of the tool, where a sign could be read as markup
LETTERS = re.compile(r"[^\W\d_]+([ ’-][^\W\d_]+)*")


@dataclass(frozen=True)
class NameNoun:
    """What a promise, purpose, value, principle, touchpoint or concept is called here, in the singular; '' as usual."""

    noun: str
    name: str = ""


def name_noun(db: Database, command: NameNoun) -> str:
    """Gives what it is called now. Raises Rejected."""
    if command.noun not in NOUNS:
        known = ", ".join(NOUNS)
        raise Rejected(Problem("noun", _("Choose one of these to rename: {nouns}.").format(nouns=known)))
    name = " ".join(fields.clean(str(command.name or "")).replace("'", "’").split())
    if len(name) > MOST or (name and not LETTERS.fullmatch(name)):
        sentence = _("A name has letters, spaces and hyphens alone, at most {most} in all.")
        raise Rejected(Problem(command.noun, sentence.format(most=MOST)))
    db.execute("DELETE FROM own_name WHERE noun = ?", [command.noun])
    if name and name.casefold() != command.noun:
        db.execute("INSERT INTO own_name (noun, name) VALUES (?, ?)", [command.noun, name])
    return name or command.noun


def name_all(db: Database, commands: list[NameNoun]) -> int:
    """Several as one action. Gives how many."""
    for command in commands:
        name_noun(db, command)
    return len(commands)


def list_own_names(db: Database) -> list[dict[str, Any]]:
    """noun, name."""
    return list(db.query("SELECT noun, name FROM own_name ORDER BY id"))
