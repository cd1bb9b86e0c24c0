"""A new workshop made from another one: as an empty template, with its content, or as a review of it.

Who was there and what they answered stays behind; what was written, chosen and decided keeps its refs. Single
things, such as values and metrics, are carried over into a workshop that is there already.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from workshop import bundle, fields, items, store
from workshop.problems import Problem, Rejected
from workshop.steps import prepare
from workshop.words import N_, _

# what can be carried over, in this order, and its key in the bundle
CARRIED = {"value": "values", "principle": "principles", "metric": "metrics", "touchpoint": "touchpoints"}
NAMES = {"value": N_("Values"), "principle": N_("Principles"), "metric": N_("Metrics"),
         "touchpoint": N_("Touchpoints")}  # fmt: skip
OF_THE_DAY = {"date", "status", "kind", "parent", "step"}
QUESTIONS = {"scope_question", "aims", "success_sentence", "cost_of_standing_still"}  # content of the session itself
# who was there, what they answered, and what hangs on their answers
STAYS_BEHIND = {"participants", "entries", "ratings", "agreements", "dismissed_findings", "time_spent", "activities",
                "pens", *bundle.ANSWERS}  # fmt: skip
SETTINGS = {"schema", "fictional", "session", "agenda", "silenced_rules", "own_names"}


@dataclass(frozen=True)
class CarryOver:
    """Takes these kinds of items over from another workshop, without what is there already by the same words."""

    code: str
    kinds: tuple[str, ...] = field(default=tuple(CARRIED))


def copy(code: str, title: str, by: str, *, content: bool) -> str:
    """A new workshop with the agenda of this one, and its items with `content`. Gives the code. Raises Refusal."""
    title = fields.accept(prepare.StartWorkshop, {"title": title})["title"]
    with store.open(code) as db:
        data = copied(bundle.read(db), content=content)
    data["session"] |= {"title": title, "parent": code if content else ""}
    return bundle.load(data, by, _("Made from the workshop {code}").format(code=code))


def copied(data: dict[str, Any], *, content: bool) -> dict[str, Any]:
    """What of a bundle goes into a new workshop: every step ready to open, nobody's answers. Pure."""
    kept = {key: rows for key, rows in data.items() if key not in STAYS_BEHIND and (content or key in SETTINGS)}
    if not content:
        lead = [row for row in data["principles"] if row["is_lead"] and not row.get("archived")]
        kept["principles"] = [row | {"values": [], "purposes": []} for row in lead]
    left = OF_THE_DAY if content else OF_THE_DAY | QUESTIONS
    kept["session"] = {name: value for name, value in data["session"].items() if name not in left}
    kept["agenda"] = [row | {"phase": "ready"} for row in data["agenda"]]
    return kept


def carry_over(db: Database, command: CarryOver) -> int:
    """Gives how many items came. They keep their links to one another, not those to what stays behind.

    Weights come only where nothing is weighed yet. Raises NotFound, Unreadable, or Rejected for an unknown kind and
    where there is nothing new.
    """
    if command.code == prepare.get_workshop(db)["code"]:
        raise Rejected(Problem("code", _("This is the workshop itself. Choose another one.")))
    if unknown := set(command.kinds) - set(CARRIED):
        sentence = _("“{kind}” cannot be carried over.").format(kind=fields.in_short(min(unknown)))
        raise Rejected(Problem("kinds", sentence))
    if not command.kinds:
        raise Rejected(Problem("kinds", _("Choose what to carry over.")))
    with store.open(command.code) as other:
        rows = {table: items.list_items(other, table) for table in CARRIED}
    came: dict[str, str] = {}
    count = 0
    for table in (table for table in CARRIED if table in command.kinds):
        noun = items.NOUNS[table]
        own = items.list_items(db, table)
        there = {noun.words(row).casefold(): row["ref"] for row in own}
        lead = next((row["ref"] for row in own if row.get("is_lead")), None)
        weighed = any(row.get("weight") for row in own)
        for row in rows[table]:
            words = noun.words(row).casefold()
            if row.get("is_lead") and lead:
                there[words] = lead  # there is one question that leads
            if words not in there:
                there[words] = items.add(db, noun, _as_new(noun, row, came, weighed))
                count += 1
            came[row["ref"]] = there[words]
    if not count:
        raise Rejected(Problem("kinds", _("There is nothing new: all of it is here already.")))
    return count


def _as_new(noun: items.Noun, row: dict[str, Any], came: dict[str, str], weighed: bool) -> Any:
    values = {}
    for name, about in fields.fields_of(noun.record).items():
        kind = fields.kind_of(about)
        if kind.many:
            values[name] = tuple(came[ref] for ref in row[name] if ref in came)
        elif kind.table:
            values[name] = came.get(row[name])
        else:
            values[name] = row[name]
    if weighed:
        values["weight"] = None
    return noun.record(**values)
