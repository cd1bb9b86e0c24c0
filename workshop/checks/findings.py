"""What the checks find in a workshop now, and what was put aside with a reason or switched off.

No check blocks anything. A finding that was put aside comes back when the words that it was about change.
"""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.agenda import list_agenda
from workshop.checks.text import RULES, Finding, findings_in
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.step import Rows
from workshop.steps import AGENDA
from workshop.words import N_, _

TABLES = tuple(dict.fromkeys(rule.table for rule in RULES))


@dataclass(frozen=True, kw_only=True)
class Dismiss:
    """Puts a finding aside, with the reason why."""

    rule: str = fields.line(needed=True)
    ref: str = fields.line(needed=True)
    reason: str = fields.line(N_("Put aside, because"), most=500, needed=True)


@dataclass(frozen=True)
class Restore:
    """Takes back that a finding was put aside."""

    rule: str
    ref: str


@dataclass(frozen=True)
class Silence:
    """Switches a rule off in this workshop."""

    rule: str


@dataclass(frozen=True)
class Unsilence:
    rule: str


@dataclass(frozen=True)
class Found:
    """A finding as it stands: `state` is open or dismissed, `reason` why it was put aside."""

    finding: Finding
    state: str = "open"
    reason: str = ""


@until_next_action
def list_findings(db: Database, *tables: str) -> list[Found]:
    """What the rules about these tables find (about all of them without one), the rules in their order.

    Rules that were switched off, and those of steps that were dropped, stay silent.
    """
    silent = list_silenced(db)
    found = []
    for table in _heard(db, tables or TABLES):
        rows = _rows(db, table)
        texts = {row["ref"]: row for row in rows}
        dismissed = {(d["rule"], d["ref"]): d for d in list_dismissals(db)}
        for finding in findings_in(table, rows):
            if finding.rule in silent:
                continue
            aside = dismissed.get((finding.rule, finding.ref))
            if aside and aside["about"] == _about(finding, texts):
                found.append(Found(finding, "dismissed", aside["reason"]))
            else:
                found.append(Found(finding))
    return found


def dismiss(db: Database, command: Dismiss) -> str:
    """Gives the ref. Raises Rejected without a reason, or when there is no such finding."""
    values = fields.accept(Dismiss, vars(command))
    about = _about_now(db, values["rule"], values["ref"])
    if about is None:
        raise Rejected(Problem("rule", _("There is nothing to put aside any more.")))
    db.execute(
        """INSERT INTO dismissal (rule, ref, about, reason) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET about = excluded.about, reason = excluded.reason""",
        [values["rule"], values["ref"], about, values["reason"]],
    )
    return values["ref"]


def restore(db: Database, command: Restore) -> str:
    db.execute("DELETE FROM dismissal WHERE rule = ? AND ref = ?", [command.rule, command.ref])
    return command.ref


def silence(db: Database, command: Silence) -> str:
    if command.rule not in {rule.id for rule in RULES}:
        raise Rejected(Problem("rule", _("There is no rule “{rule}”.").format(rule=str(command.rule)[:40])))
    db.execute("INSERT INTO silenced_rule (rule) VALUES (?) ON CONFLICT DO NOTHING", [command.rule])
    return command.rule


def unsilence(db: Database, command: Unsilence) -> str:
    db.execute("DELETE FROM silenced_rule WHERE rule = ?", [command.rule])
    return command.rule


def list_dismissals(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT rule, ref, about, reason FROM dismissal ORDER BY id"))


def list_silenced(db: Database) -> set[str]:
    return {rule for (rule,) in db.execute("SELECT rule FROM silenced_rule").fetchall()}


def _heard(db: Database, tables: tuple[str, ...]) -> list[str]:
    """The tables whose step is on this workshop's agenda. Metrics are also ranking's, which opens with them."""
    on_agenda = {row["slug"] for row in list_agenda(db)}
    silent = {noun.table for step in AGENDA if step.slug not in on_agenda for noun in step.nouns}
    if "ranking" in on_agenda:
        silent.discard("metric")
    return [table for table in tables if table not in silent]


def _rows(db: Database, table: str) -> list[dict[str, Any]]:
    rows = items.list_items(db, table)
    if table != "concept":
        return rows
    needs: dict[str, list[dict]] = {}
    for need in items.list_items(db, "requirement"):
        needs.setdefault(need["concept"], []).append(need)
    # before anybody has asked what the concepts take, there is nothing to find about it
    asked = {row["ref"]: {"requirements": needs.get(row["ref"], [])} if needs else {} for row in rows}
    return [row | asked[row["ref"]] | ({"status": "merged"} if row["merged_into"] else {}) for row in rows]


def _about_now(db: Database, rule: str, ref: str) -> str | None:
    """The words that a rule finds fault with in an item now; None when it finds none."""
    for table in (one.table for one in RULES if one.id == rule):
        rows = _rows(db, table)
        for finding in findings_in(table, rows):
            if (finding.rule, finding.ref) == (rule, ref):
                return _about(finding, {row["ref"]: row for row in rows})
    return None


def _about(finding: Finding, rows: dict[str, dict]) -> str:
    """The words that a finding is about, as they stand now."""
    return " | ".join(str(rows[ref].get(finding.field)) for ref in finding.ref.split("+"))


def _dismissed_rows(db: Database) -> list[dict[str, Any]]:
    aside = [one for one in list_findings(db) if one.state == "dismissed"]
    return [{"rule": one.finding.rule, "ref": one.finding.ref, "reason": one.reason} for one in aside]


def _silenced_rows(db: Database) -> list[dict[str, Any]]:
    return [{"rule": rule} for rule in sorted(list_silenced(db))]


ROWS = (
    Rows("dismissed_findings", Dismiss, _dismissed_rows, dismiss),
    Rows("silenced_rules", Silence, _silenced_rows, silence),
)
