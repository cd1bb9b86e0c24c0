"""Step 7: learning from those who do not keep their promise."""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Table
from workshop.step import Step
from workshop.words import N_, _

CAUSES = (
    "promise missing in action", "no promise", "values breached", "process", "policy", "people", "other",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AddReverseCase:
    """A bad experience elsewhere (a kind of company, not its name), worked backwards and turned on ourselves."""

    company_kind: str = fields.line(N_("A kind of company"), needed=True, starred=True)
    what_drives_you_crazy: str = fields.text(starred=True)
    why: str = fields.text(starred=True)
    what_is_missing: str = fields.text(starred=True)
    what_would_have_worked: str = fields.text()
    cause: str | None = fields.one_of(*CAUSES)
    what_it_means_for_us: str = fields.text()
    touchpoint: str | None = fields.ref_to("touchpoint")
    principle: str | None = fields.ref_to("principle")


REVERSE_CASE = items.noun("reverse_case", AddReverseCase, "RV")


def add_reverse_case(db: Database, command: AddReverseCase) -> str:
    return items.add(db, REVERSE_CASE, command)


def section(db: Database) -> list:
    rows = [
        [
            row["ref"],
            row["company_kind"],
            row["what_drives_you_crazy"],
            row["what_is_missing"],
            row["what_it_means_for_us"],
        ]
        for row in items.list_items(db, "reverse_case")
    ]
    head = ["", _("Who"), _("What drives us crazy"), _("What is missing"), _("What it means for us")]
    return [Table(head, rows, _("Learning from those who do not"))] if rows else []


STEP = Step(
    slug="reverse",
    title=N_("Reverse"),
    minutes=30,
    prompt=N_("What drives you crazy as a customer?"),
    below=N_("Work it backwards: why is it so, and what is missing? Then turn it on us."),
    section=section,
    is_complete=lambda db: bool(items.list_items(db, "reverse_case")),
    shown=lambda db: None,
    activities=(Offer("write", N_("Silent writing"), 5),),
    nouns=(REVERSE_CASE,),
)
