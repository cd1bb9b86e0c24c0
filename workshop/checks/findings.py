"""What the checks find in a workshop now, and what was put aside with a reason or switched off.

No check blocks anything. A finding that was put aside comes back when the words that it was about change.
"""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields
from workshop.checks import text, thread
from workshop.checks.round import read_round
from workshop.checks.text import Finding
from workshop.checks.thread import read_whole
from workshop.checks.whole import STEP_OF, Whole
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.step import Rows
from workshop.words import N_, _

RULES = (*text.RULES, *thread.RULES)
TABLES = tuple(dict.fromkeys(rule.table for rule in text.RULES if rule.table not in text.ROUND))
TABLE_OF = {rule.id: rule.table for rule in RULES}
MESSAGE_OF = {rule.id: rule.message for rule in RULES}
THEIRS = {rule.id: rule.theirs for rule in thread.RULES}


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


def said(finding: Finding) -> str:
    """What a finding asks, as people read it: what a rule asks of a customers' goal can have words of its own."""
    theirs = THEIRS.get(finding.rule) if finding.ref.startswith("U") else None
    return _(theirs or finding.message)


@until_next_action
def list_findings(db: Database, *tables: str) -> list[Found]:
    """What the rules about these tables find (about everything without one), the rules in their order.

    Rules that were switched off, and those of steps that were dropped, stay silent.
    """
    if tables:
        return [one for one in list_findings(db) if TABLE_OF[one.finding.rule] in tables]
    silent = list_silenced(db)
    dismissed = {(aside["rule"], aside["ref"]): aside for aside in list_dismissals(db)}
    found = []
    for finding, about in _look(db):
        if finding.rule in silent:
            continue
        aside = dismissed.get((finding.rule, finding.ref))
        if aside and aside["about"] == about:
            found.append(Found(finding, "dismissed", aside["reason"]))
        else:
            found.append(Found(finding))
    return found


def dismiss(db: Database, command: Dismiss) -> str:
    """Gives the ref. Raises Rejected without a reason, or when there is no such finding."""
    values = fields.accept(Dismiss, vars(command))
    found = ((finding.rule, finding.ref, about) for finding, about in _look(db))
    about = next((about for *one, about in found if one == [values["rule"], values["ref"]]), None)
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


def _look(db: Database) -> list[tuple[Finding, str]]:
    """Everything that all rules find now, each with the words that it is about."""
    whole = read_whole(db)
    rows = {table: _rows(whole, table) for table in TABLES if _is_heard(whole, table)} | read_round(db, whole)
    found = [finding for table in rows for finding in text.findings_in(table, rows[table])]
    found += thread.findings_in(whole)
    order = {rule.id: place for place, rule in enumerate(RULES)}
    known = {row["ref"]: row for table in rows for row in rows[table]}
    by_rule = sorted(found, key=lambda finding: order[finding.rule])
    return [(finding, _about(finding, known)) for finding in by_rule]


def _is_heard(whole: Whole, table: str) -> bool:
    """Whether the step of a table is on this workshop's agenda. Metrics are also ranking's, which opens with them."""
    return STEP_OF[table] in whole.agenda or (table == "metric" and "ranking" in whole.agenda)


def _rows(whole: Whole, table: str) -> list[dict[str, Any]]:
    if table != "concept":
        return whole[table]
    needs: dict[str, list[dict]] = {}
    for need in whole["requirement"]:
        needs.setdefault(need["concept"], []).append(need)
    rows = []
    for row in whole["concept"]:
        # before anybody has asked what the concepts take, or rated them, there is nothing to find about it
        asked = {"requirements": needs.get(row["ref"], [])} if needs else {}
        rated = {"impact": _impact(whole, row["ref"])} if whole.ratings else {}
        rows.append(row | asked | rated | ({"status": "merged"} if row["merged_into"] else {}))
    return rows


def _impact(whole: Whole, concept: str) -> dict[str, list[float]]:
    cells = {kind: [(concept, metric["ref"]) for metric in whole.metrics(kind)] for kind in ("cpi", "kpi")}
    return {kind: [whole.medians[cell] for cell in cells[kind] if cell in whole.medians] for kind in cells}


def _about(finding: Finding, known: dict[str, dict]) -> str:
    """The words that a finding is about, as they stand now; what matched where it is about no item."""
    rows = [known.get(ref) for ref in finding.ref.split("+")]
    return " | ".join(str(row.get(finding.field, finding.matched)) for row in rows) if all(rows) else finding.matched


def _dismissed_rows(db: Database) -> list[dict[str, Any]]:
    aside = [one for one in list_findings(db) if one.state == "dismissed"]
    return [{"rule": one.finding.rule, "ref": one.finding.ref, "reason": one.reason} for one in aside]


def _silenced_rows(db: Database) -> list[dict[str, Any]]:
    return [{"rule": rule} for rule in sorted(list_silenced(db))]


ROWS = (
    Rows("dismissed_findings", Dismiss, _dismissed_rows, dismiss),
    Rows("silenced_rules", Silence, _silenced_rows, silence),
)
