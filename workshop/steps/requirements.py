"""Step 14: what each concept takes."""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import fields, items
from workshop.document import Table
from workshop.step import Step
from workshop.words import N_, _

TYPES = (
    "technical", "operations", "organization", "data", "occurrence", "people", "policy", "process", "product",
    "partner", "budget",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AddRequirement:
    """One thing that a concept needs before it can start."""

    concept: str = fields.ref_to("concept", needed=True)
    type: str = fields.one_of(*TYPES, needed=True, starred=True)
    text: str = fields.text(N_("Requirement"), most=500, needed=True, starred=True)
    status: str | None = fields.one_of("have", "partial", "missing")
    effort: int | None = fields.number(1, 5, whole=True)
    owner_role: str = fields.line(N_("Owner"))
    depends_on: str = fields.line()


REQUIREMENT = items.noun("requirement", AddRequirement, "RQ", among=("concept",))


def add_requirement(db: Database, command: AddRequirement) -> str:
    return items.add(db, REQUIREMENT, command)


def section(db: Database) -> list:
    order = {"missing": 0, "partial": 1, "have": 2, None: 3}
    rows = [
        [
            row["concept"],
            _(row["type"]),
            row["text"],
            _(row["status"] or ""),
            str(row["effort"] or ""),
            row["owner_role"],
        ]
        for row in sorted(items.list_items(db, "requirement"), key=lambda row: order[row["status"]])
    ]
    head = [_("Concept"), _("Kind"), _("What it takes"), _("Status"), _("Effort, 1–5"), _("Owner")]
    return [Table(head, rows, _("What is missing first"))] if rows else []


STEP = Step(
    slug="requirements",
    title=N_("Requirements"),
    minutes=30,
    prompt=N_("What does it take?"),
    below=N_("Technical, operations, organization, data, people, policy: have, partly, or missing?"),
    section=section,
    is_complete=lambda db: bool(items.list_items(db, "requirement")),
    shown=lambda db: None,
    nouns=(REQUIREMENT,),
)
