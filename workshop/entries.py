"""What the room wrote, before it is anything: grouped under headings, one click away from what it becomes.

An entry keeps what it became, and so everything keeps where it came from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.problems import Conflict, Problem, Rejected
from workshop.words import N_, _

MOST_PASTED = 2_000
ASK_FROM = 50  # pasted lines: more than a person types by mistake
LONGEST = 500  # characters of one entry


@dataclass(frozen=True, kw_only=True)
class AddEntry:
    """One thing that somebody wrote at a step."""

    step: str = fields.line(needed=True)
    text: str = fields.text(N_("What the room wrote"), most=LONGEST, needed=True)
    heading: str = fields.line(most=80)
    became: str | None = fields.ref_to("", N_("What it became"))


@dataclass(frozen=True)
class AddEntries:
    """Several entries at once, one a line, as they are pasted or typed off the wall."""

    step: str
    lines: str
    heading: str = ""


@dataclass(frozen=True)
class Group:
    """Puts entries under a heading; '' takes them out from under theirs."""

    entries: tuple[str, ...]
    heading: str


@dataclass(frozen=True)
class MoveEntries:
    """Moves entries, given in their order, up (-1) or down (+1) under their headings."""

    entries: tuple[str, ...]
    by: int


@dataclass(frozen=True)
class TurnEntries:
    """Makes something of each of these entries, as a step's Turn says."""

    entries: tuple[str, ...]
    into: Callable[[Database, str], str]


def check_step(db: Database, values: dict, _ref: str) -> None:
    """For a noun that belongs to a step: refuses one that is not on this workshop's agenda."""
    step = values.get("step")
    if step and not db.execute("SELECT 1 FROM agenda WHERE slug = ? AND is_break = 0", [step]).fetchone():
        raise Rejected(Problem("step", _("This workshop has no step “{step}”.").format(step=step[:40])))


ENTRY = items.noun("entry", AddEntry, "N", among=("step", "heading", "became"), check=check_step, plural="entries")


def lines_of(text: str) -> list[str]:
    """What was pasted, line by line, without bullets and empty lines. Pure."""
    kept = (line.strip().lstrip("-*•–·").strip() for line in fields.clean(text).split("\n"))
    return [line for line in kept if line]


def doubts(text: str, field: str) -> list[Problem]:
    """What can be taken and is hardly meant: a list longer than anybody types. Pure."""
    count = len(lines_of(text))
    if not ASK_FROM < count <= MOST_PASTED:
        return []
    return [Problem(field, _("These are {count} lines. Press the button again if you mean all of them.").format(
        count=f"{count:,}"))]  # fmt: skip


def own_words(text: Any) -> str:
    """What a person wrote, cleaned. Raises Rejected with a sentence said to that person. Pure."""
    words = fields.clean(text) if isinstance(text, str) else ""
    if not words:
        raise Rejected(Problem("text", _("Write something first.")))
    if len(words) > LONGEST:
        long = _("Your text is longer than {most} characters: it has {many}. Shorten it, or send it in parts.")
        raise Rejected(Problem("text", long.format(most=LONGEST, many=f"{len(words):,}")))
    return words


def add_entry(db: Database, command: AddEntry) -> str:
    return items.add(db, ENTRY, command)


def add_lines(text: str, add: Callable[[str], str], problem: Problem) -> str:
    """Adds one item a line, all of them or none, and gives their refs, first to last.

    Raises Rejected with `problem` when there is no line, and when there are too many.
    """
    lines = lines_of(text)
    if not lines:
        raise Rejected(problem)
    if len(lines) > MOST_PASTED:
        many = _("These are {count} lines; at most {most} can be brought in at once.")
        raise Rejected(Problem(problem.field, many.format(count=f"{len(lines):,}", most=f"{MOST_PASTED:,}")))
    refs = [add(line) for line in lines]
    return refs[0] if len(refs) == 1 else f"{refs[0]}–{refs[-1]}"


def add_entries(db: Database, command: AddEntries) -> str:
    """All of the lines, or none. Gives the refs, first to last. Raises Rejected."""

    def add(line: str) -> str:
        return add_entry(db, AddEntry(step=command.step, text=line, heading=command.heading))

    return add_lines(command.lines, add, Problem("lines", _("Write something first: one line for each entry.")))


def list_entries(db: Database, step: str) -> list[dict[str, Any]]:
    """What was written at a step and has not become anything yet, in its order."""
    return [row for row in items.list_items(db, "entry") if row["step"] == step and not row["became"]]


def group(db: Database, command: Group) -> str:
    """Gives the heading."""
    if not command.entries:
        raise Rejected(Problem("entries", _("Choose one or more of what the room wrote first.")))
    heading = fields.accept(AddEntry, {"heading": command.heading})["heading"]
    for ref in command.entries:
        row = items.get_item(db, ref)
        items.edit(db, items.Edit(ref, row["version"], {"heading": heading}))
    return heading or "–"


def move_entries(db: Database, command: MoveEntries) -> str:
    """They keep their order among themselves. Gives their refs."""
    if not command.entries:
        raise Rejected(Problem("entries", _("Choose one or more of what the room wrote first.")))
    for ref in command.entries if command.by < 0 else reversed(command.entries):
        items.move(db, items.Move(ref, command.by), beyond=command.entries)
    return ", ".join(command.entries)


def turn(db: Database, command: TurnEntries) -> str:
    """Makes something of each entry and gives the new refs. Raises Conflict when one has become something already."""
    if not command.entries:
        raise Rejected(Problem("entries", _("Choose one or more of what the room wrote first.")))
    refs = []
    for entry in command.entries:
        row = items.get_item(db, entry)
        if row["became"]:
            raise Conflict(_("{entry} became {ref} already.").format(entry=entry, ref=row["became"]))
        refs.append(command.into(db, row["text"]))
        items.edit(db, items.Edit(entry, row["version"], {"became": refs[-1]}))
    return ", ".join(refs)
