"""Step 6: values that were paid for, and the design principles that come from them."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, second_look
from workshop.activities import Offer
from workshop.document import Heading, Table
from workshop.problems import Problem, Rejected
from workshop.step import Slip, Slips, Step, Turn
from workshop.words import N_, _

EVEN_OVER = " even over "
# whether customers value what we do (METHOD.md §1, row 0.1)
MATCHES = {"yes": N_("match"), "no": N_("gap"), "unknown": N_("not known")}
LEAD = N_("Are we keeping our promise?")


@dataclass(frozen=True, kw_only=True)
class AddValue:
    """A value, what it means here, and whether it was ever paid for. Values are decided, never voted."""

    name: str = fields.line(N_("Value"), needed=True, unique=True, starred=True)
    meaning: str = fields.text(N_("What it means here"), starred=True)
    type: str | None = fields.one_of(
        "core", "aspirational", "permission_to_play", "accidental", label=N_("What kind of value"), starred=True
    )
    lived_example: str = fields.text(N_("When we lived it"))
    keep_if_it_cost_us: bool | None = fields.yes_no(N_("Keep it if it cost us?"))
    matches_customer: str | None = fields.one_of("yes", "no", "unknown", label=N_("Do customers share it?"))
    match_note: str = fields.text(N_("How do we know?"))


@dataclass(frozen=True, kw_only=True)
class AddPrinciple:
    """A rule for deciding: one good thing even over another good thing."""

    text: str = fields.text(N_("Principle"), most=500, needed=True, unique=True)
    is_lead: bool = fields.yes_no(default=False)
    do_example: str = fields.text(N_("We would"))
    dont_example: str = fields.text(N_("We would never"))
    values: tuple[str, ...] = fields.refs_to("value", N_("From which values"), starred=True)
    purposes: tuple[str, ...] = fields.refs_to("purpose")


def _one_lead(db: Database, values: dict, ref: str) -> None:
    leads = [row["ref"] for row in items.list_items(db, "principle") if row["is_lead"]]
    if values.get("is_lead") and leads not in ([], [ref]):
        raise Rejected(Problem("is_lead", _("There is a lead principle already, and there can be only one.")))


VALUE = items.noun("value", AddValue, "V", changed=second_look.watching("name", "meaning"))
PRINCIPLE = items.noun(
    "principle", AddPrinciple, "D", among=("is_lead",), check=_one_lead, changed=second_look.watching("text")
)


def even_over(this: str, that: str) -> str:
    """“This even over that.” Just the first half while there is no second."""
    this, that = this.strip().rstrip("."), that.strip().rstrip(".")
    return f"{this}{EVEN_OVER}{that}." if this and that else this


def halves(text: str) -> tuple[str, str]:
    """A principle's two good things; the second is empty where it names none."""
    this, _over, that = text.rstrip(".").partition(EVEN_OVER)
    return (this, that) if that else (text, "")


def compare_values(values: list[dict[str, Any]]) -> str:
    """How many values customers share and how many they do not, in a sentence; '' without values. Pure."""
    counts = {answer: sum(row["matches_customer"] == answer for row in values) for answer in ("yes", "no")}
    open_ = len(values) - sum(counts.values())
    said = _("{shared} shared, {gaps} not, {open} that nobody knows about.")
    return said.format(shared=counts["yes"], gaps=counts["no"], open=open_) if values else ""


def add_value(db: Database, command: AddValue) -> str:
    return items.add(db, VALUE, command)


def add_principle(db: Database, command: AddPrinciple) -> str:
    return items.add(db, PRINCIPLE, command)


def principle_from(db: Database, text: str, value: str | None = None) -> str:
    """From what somebody wrote; the value that it comes from may be named later."""
    return add_principle(db, AddPrinciple(text=text, values=(value,) if value else ()))


def _names_of_values(db: Database) -> dict[str, str]:
    return {row["ref"]: row["name"] for row in items.list_items(db, "value")}


def add_lead_principle(db: Database) -> str:
    """The question that every concept is asked, pinned first from the start."""
    return items.add(db, PRINCIPLE, AddPrinciple(text=_(LEAD), is_lead=True), "D0")


def list_principles(db: Database) -> list[dict[str, Any]]:
    """The lead principle first, then the others in their order."""
    return sorted(items.list_items(db, "principle"), key=lambda row: not row["is_lead"])


def shown(db: Database) -> Slips | None:
    rows = list_principles(db)
    slips = []
    for row in rows:
        this, that = halves(row["text"])
        slips.append(Slip(row["ref"], "principle", this if that else "", f"even over {that}" if that else this))
    return Slips(slips) if slips else None


def section(db: Database) -> list:
    blocks: list = []
    values, principles = items.list_items(db, "value"), list_principles(db)
    if values:
        rows = [
            [row["ref"], row["name"], row["meaning"], row["lived_example"],
             "\n".join(filter(None, (_(MATCHES.get(row["matches_customer"], "")), row["match_note"])))]
            for row in values
        ]  # fmt: skip
        head = ["", _("Value"), _("What it means here"), _("When we lived it"), _("Do customers share it?")]
        blocks += [Heading(_("Values"), 3), Table(head, rows, _("What each value means, and when we lived it"))]
    if principles:
        rows = [
            [row["ref"], row["text"], ", ".join(row["values"]), row["do_example"], row["dont_example"]]
            for row in principles
        ]
        head = ["", _("Principle"), _("From"), _("We would"), _("We would never")]
        blocks += [
            Heading(_("Design principles"), 3),
            Table(head, rows, _("Rules for deciding, the lead question first")),
        ]
    return blocks


def is_complete(db: Database) -> bool:
    """A lead principle, a value, and every principle from a value."""
    values, principles = items.list_items(db, "value"), list_principles(db)
    filled = not any(fields.missing(AddValue, row) for row in values)
    sourced = all(row["values"] for row in principles if not row["is_lead"])
    return bool(values) and len(principles) > 1 and bool(principles[0]["is_lead"]) and filled and sourced


STEP = Step(
    slug="principles",
    title=N_("Principles"),
    minutes=45,
    prompt=N_("Which rules will decide for us?"),
    below=N_("From each value: one good thing even over another good thing."),
    chapters={6: section},
    is_complete=is_complete,
    shown=shown,
    openers=(N_("… even over …"),),
    colour="principle",
    activities=(Offer("write", N_("Silent writing"), 6),),
    turns=(
        Turn(N_("a value"), lambda db, text: add_value(db, AddValue(name=text))),
        Turn(N_("a principle"), principle_from, _names_of_values, N_("from which value")),
    ),
    nouns=(VALUE, PRINCIPLE),
)
