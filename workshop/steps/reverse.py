"""Step 7: learning from those who do not keep their promise, and from the worst that we could do ourselves."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Table
from workshop.step import Slip, Slips, Step, Turn
from workshop.words import N_, _

CAUSES = (
    "promise missing in action", "no promise", "values breached", "process", "policy", "people", "other",
)  # fmt: skip
ENOUGH = 4  # sentences about ourselves that the step is to bring (METHOD.md §3, row 7)
# asked in this order, each from the answer to the one before it
QUESTIONS = {
    "what_drives_you_crazy": N_("What drives you crazy?"),
    "why": N_("Why is that?"),
    "what_is_missing": N_("What’s missing?"),
    "what_would_have_worked": N_("What would have made it work for you?"),
    "cause": N_("Was the promise missing in action, or was something else going on?"),
}


@dataclass(frozen=True, kw_only=True)
class AddReverseCase:
    """A bad experience elsewhere (a kind of company, not its name), worked backwards and turned on ourselves.

    In its form “worst” it is the worst version of our own company, flipped.
    """

    company_kind: str = fields.line(N_("A kind of company, not its name"), needed=True, starred=True)
    what_drives_you_crazy: str = fields.text(QUESTIONS["what_drives_you_crazy"], starred=True)
    why: str = fields.text(QUESTIONS["why"], starred=True)
    what_is_missing: str = fields.text(QUESTIONS["what_is_missing"], starred=True)
    what_would_have_worked: str = fields.text(QUESTIONS["what_would_have_worked"])
    cause: str | None = fields.one_of(*CAUSES, label=QUESTIONS["cause"])
    what_it_means_for_us: str = fields.text(N_("Now us: where do we do this, and what will we do instead?"))
    touchpoint: str | None = fields.ref_to("touchpoint", N_("Where at ours?"))
    principle: str | None = fields.ref_to("principle", N_("Which principle stands against it?"))
    form: str = fields.one_of("real", "worst", default="real")


REVERSE_CASE = items.noun("reverse_case", AddReverseCase, "RV")


def add_reverse_case(db: Database, command: AddReverseCase) -> str:
    return items.add(db, REVERSE_CASE, command)


def case_from(db: Database, text: str) -> str:
    """A case from what somebody wrote, the kind of company before a colon; the questions come next."""
    kind, colon, crazy = text.partition(": ")
    named = bool(colon) and len(kind) <= 60
    kind, crazy = (kind, crazy) if named else (_("A company"), text)
    return add_reverse_case(db, AddReverseCase(company_kind=kind, what_drives_you_crazy=crazy))


def worst_from(db: Database, text: str) -> str:
    worst = AddReverseCase(company_kind=_("We ourselves"), what_drives_you_crazy=text, form="worst")
    return add_reverse_case(db, worst)


def list_flipped(db: Database) -> list[dict[str, Any]]:
    """The cases that say something about ourselves."""
    return [row for row in items.list_items(db, "reverse_case") if row["what_it_means_for_us"]]


def shown(db: Database) -> Slips | None:
    """What the cases mean for us, or while nobody has turned any, what drives people crazy."""
    flipped = list_flipped(db)
    if flipped:
        return Slips([Slip(row["ref"], "principle", "", row["what_it_means_for_us"]) for row in flipped])
    cases = [row for row in items.list_items(db, "reverse_case") if row["what_drives_you_crazy"]]
    slips = [Slip(row["ref"], "principle", f"{row['company_kind']}:", row["what_drives_you_crazy"]) for row in cases]
    return Slips(slips) if slips else None


def section(db: Database) -> list:
    rows = [
        [row["ref"], row["company_kind"], row["what_drives_you_crazy"], row["why"], row["what_is_missing"],
         row["what_would_have_worked"], _(row["cause"] or ""), row["what_it_means_for_us"],
         ", ".join(filter(None, (row["touchpoint"], row["principle"])))]
        for row in items.list_items(db, "reverse_case")
    ]  # fmt: skip
    head = ["", _("Who"), _("What drives us crazy"), _("Why"), _("What is missing"), _("What would have worked"),
            _("Cause"), _("What it means for us"), _("At")]  # fmt: skip
    return [Table(head, rows, _("Learning from those who do not"))] if rows else []


def is_complete(db: Database) -> bool:
    """Enough sentences about ourselves, each from a case that was worked backwards."""
    flipped = list_flipped(db)
    return len(flipped) >= ENOUGH and not any(map(_left_open, flipped))


def _left_open(case: dict[str, Any]) -> list[str]:
    """The questions that nobody answered; what is missing in our own worst version is what we turn it into."""
    turned = {"what_is_missing": case["what_it_means_for_us"]} if case["form"] == "worst" else {}
    return fields.missing(AddReverseCase, case | turned)


STEP = Step(
    slug="reverse",
    title=N_("Reverse"),
    minutes=30,
    prompt=N_("What drives you crazy as a customer?"),
    below=N_("Work it backwards: why is it so, and what is missing? Then turn it on us."),
    chapters={7: section},
    is_complete=is_complete,
    shown=shown,
    openers=(N_("It drives me crazy when …"), N_("The worst we could do is …")),
    colour="principle",
    activities=(
        Offer("write", N_("Silent writing"), 5),
        Offer(
            "write",
            N_("The worst version of us"),
            5,
            N_("What is the worst that we could do to those we serve?"),
            lambda db: {"openers": []},
        ),
    ),  # fmt: skip
    turns=(Turn(N_("a bad experience"), case_from), Turn(N_("our worst version"), worst_from)),
    nouns=(REVERSE_CASE,),
)
