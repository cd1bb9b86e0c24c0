"""The thread rules: where the thread between the steps is broken, in METHOD's order.

The workshop is read once into plain rows (`read_whole`); every rule is a pure question about all of them. A rule is
silent while a step that it needs was dropped, and until there is something in that step to hang on to, or the room
has gone past it: an empty page is not a mistake.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from workshop import items, room
from workshop.agenda import list_agenda
from workshop.checks.text import Finding
from workshop.checks.whole import Row, Whole
from workshop.figures import figure
from workshop.steps import strategy
from workshop.steps.impacts import read_ratings
from workshop.words import N_, _

TABLES = (
    "segment", "purpose", "promise", "value", "principle", "reverse_case", "goal", "metric", "touchpoint", "concept",
    "requirement", "activation", "decision", "review",
)  # fmt: skip
HELD_BY = {"promise": ("promise",), "selection": ("concepts", "ranking", "requirements", "commitment")}


@dataclass(frozen=True)
class ThreadRule:
    """One question about the whole workshop; `breaks(whole)` gives (ref, matched words) of each place that is broken.

    A ref of "" stands for the step: the first of `steps`, all of which must be on the agenda and have begun. `after`
    names a step that must lie behind as well. `table` and `field` are what the rule is about. `theirs` is what it asks
    of a customers' goal, where the question looks another way from there.
    """

    id: str
    severity: str
    table: str
    field: str
    steps: tuple[str, ...]
    breaks: Callable[[Whole], Iterator[tuple[str, str]]]
    message: str
    after: str = ""
    theirs: str = ""


def findings_in(whole: Whole) -> list[Finding]:
    """What the thread rules find, by rule."""
    return [
        Finding(rule.id, ref or steps[0], rule.severity, _(rule.message), matched, rule.field)
        for rule in RULES
        if (steps := _ripe(whole, rule))
        for ref, matched in rule.breaks(whole)
    ]


def _ripe(whole: Whole, rule: ThreadRule) -> tuple[str, ...]:
    """The steps of a rule that can be asked now; none while it cannot."""
    # a short session says in the ranking what it will count
    counted = "ranking" if "strategy" not in whole.agenda and rule.table == "metric" else "strategy"
    steps = tuple(counted if slug == "strategy" and rule.id != "THR-HEALTH" else slug for slug in rule.steps)
    if any(slug not in whole.agenda for slug in steps):
        return ()
    if any(slug not in whole.begun for slug in rule.steps) or (rule.after and not whole.past(rule.after)):
        return ()
    return steps


def read_whole(db: Database) -> Whole:
    """Everything that the rules look at."""
    return Whole(
        {table: items.list_items(db, table) for table in TABLES},
        tuple(row["slug"] for row in list_agenda(db)),
        room.get_room(db)["step"],
        frozenset((link["business"], link["customer"]) for link in strategy.list_goal_links(db)),
        frozenset((link["cpi"], link["kpi"]) for link in strategy.list_metric_links(db)),
        read_ratings(db),
    )


# --- the questions, each a few lines: they give (ref, matched) ---


def _each(rows: Callable[[Whole], list[Row]], broken: Callable[[Whole, Row], bool]) -> Callable:
    """Every one of these rows for which this holds."""
    return lambda whole: ((row["ref"], "") for row in rows(whole) if broken(whole, row))


def _once(broken: Callable[[Whole], bool | str]) -> Callable:
    """The step itself, when this holds; a text says what is missing."""

    def breaks(whole: Whole) -> Iterator[tuple[str, str]]:
        if found := broken(whole):
            yield "", found if isinstance(found, str) else ""

    return breaks


def _of(table: str) -> Callable[[Whole], list[Row]]:
    return lambda whole: whole[table]


def _missing_levels(whole: Whole) -> str:
    names = {"big": _("big purpose"), "medium": _("medium purpose"), "small": _("customer purpose")}
    chosen = {row["level"] for row in whole["purpose"] if row["status"] == "chosen"}
    return ", ".join(name for level, name in names.items() if level not in chosen)


def _has_no_voice(whole: Whole, segment: Row) -> bool:
    return not any(row["segment"] == segment["ref"] and row["status"] != "parked" for row in whole["purpose"])


def _comes_from_no_purpose(whole: Whole, promise: Row) -> bool:
    upper = {row["ref"] for row in whole["purpose"] if row["level"] != "small"}
    return upper.isdisjoint(promise["purposes"])


def _lead_is_not_first(whole: Whole) -> bool:
    first = next(iter(whole["principle"]), None)
    return not (first and first["is_lead"] and "?" in first["text"])


def _is_not_joined(whole: Whole, goal: Row) -> bool:
    there = whole.refs("goal")
    return not any(goal["ref"] in link and there.issuperset(link) for link in whole.goal_links)


def _has_no_guess(whole: Whole, metric: Row) -> bool:
    there = whole.refs("metric")
    return not any(metric["ref"] in link and there.issuperset(link) for link in whole.cpi_kpi_links)


def _are_unevenly_shared(whole: Whole) -> str:
    """The groups whose weights do not sum to 100; nobody has shared out anything yet where there is no weight."""
    sums = {}
    for kind, name in (("cpi", _("CPIs")), ("kpi", _("KPIs"))):
        group = whole.metrics(kind)
        weights = [row["weight"] for row in group if row["weight"] is not None]
        if (weights or (group and "ranking" in whole.begun)) and strategy.left_to_share(group):
            sums[name] = figure(sum(weights))
    return ", ".join(f"{name} {total}" for name, total in sums.items())


def _missing_health(whole: Whole) -> str:
    names = {"csat": _("CSAT"), "nps": _("NPS"), "employee_engagement": _("employee engagement"),
             "brand_perception": _("brand perception")}  # fmt: skip
    return ", ".join(name for kind, name in names.items() if not whole.metrics(kind))


def _is_not_rated(whole: Whole, concept: Row) -> bool:
    return not any((concept["ref"], metric["ref"]) in whole.medians for metric in whole.metrics("cpi"))


def _missing_movers(whole: Whole) -> str:
    names = {"employees": _("employees"), "leadership": _("leadership")}
    kinds = {row["kind"] for row in whole.actions}
    return ", ".join(name for kind, name in names.items() if kind not in kinds)


def _unmeasured(whole: Whole) -> Iterator[tuple[str, str]]:
    """The CPIs of what was chosen that no review looks at; the step alone while no review is planned."""
    if whole.selected and not whole.planned:
        yield "", ""
        return
    looked_at = {ref for review in whole.planned for ref in review["metrics"]}
    for metric in whole.metrics("cpi"):
        if whole.gains(whole.selected, metric["ref"]) and metric["ref"] not in looked_at:
            yield metric["ref"], ""


def _undecided(whole: Whole) -> str:
    decided = {row["step"] for row in whole["decision"]}
    held = {"promise": (_("the promise"), whole.promises), "selection": (_("the selection"), whole.selected)}
    return ", ".join(
        name for what, (name, there) in held.items() if there and decided.isdisjoint(HELD_BY[what])
    )


_SMALL, _CONCEPTS, _LIVE = (lambda whole: whole.small), (lambda whole: whole.concepts), (lambda whole: whole.live)
_PROMISES, _PRINCIPLES = (lambda whole: whole.promises), (lambda whole: whole.principles)
_CPIS, _COUNTED = (lambda whole: whole.metrics("cpi")), (lambda whole: whole.metrics("cpi", "kpi"))

RULES: tuple[ThreadRule, ...] = (
    ThreadRule("THR-LEVELS", "fix", "purpose", "level", ("purpose",), _once(_missing_levels),
        N_("Three levels are needed before the promise."), after="purpose"),
    ThreadRule("THR-FEW-SMALL", "hint", "purpose", "level", ("purpose",), _once(lambda w: len(w.small) < 3),
        N_("Listen wider before you narrow."), after="purpose"),
    ThreadRule("THR-EVIDENCE", "ask", "purpose", "evidence_source", ("purpose",),
        _each(_SMALL, lambda w, row: row["evidence_source"] in (None, "", "assumption")),
        N_("We believe this, we have not heard it. Plan a listening step.")),
    ThreadRule("THR-EMOTION", "hint", "purpose", "emotion_if_met", ("purpose",),
        _each(_SMALL, lambda w, row: not (row["emotion_if_met"] and row["emotion_if_missed"])),
        N_("How do they feel when it works, and when it does not?")),
    ThreadRule("THR-SEGMENT", "ask", "segment", "name", ("purpose",), _each(_of("segment"), _has_no_voice),
        N_("You named a group and gave it no voice.")),
    ThreadRule("THR-PROMISE-PURPOSE", "fix", "promise", "purposes", ("promise", "purpose"),
        _each(_PROMISES, _comes_from_no_purpose),
        N_("A promise comes from a purpose. Which?")),
    ThreadRule("THR-PROMISE-TEST", "fix", "promise", "kept_when", ("promise",),
        _each(_PROMISES, lambda w, row: not (row["kept_when"] and row["broken_when"])),
        N_("How would a customer check it, and what counts as broken?")),
    ThreadRule("THR-PROMISE-REPAIR", "ask", "promise", "when_we_fail", ("promise",),
        _each(_PROMISES, lambda w, row: not row["when_we_fail"]),
        N_("Plan the bad day now.")),
    ThreadRule("THR-VALUE-ORPHAN", "fix", "value", "name", ("principles",),
        _each(_of("value"), lambda w, row: not any(row["ref"] in one["values"] for one in w["principle"])),
        N_("The value changes nothing. Derive a principle or drop it.")),
    ThreadRule("THR-VALUE-MANY", "hint", "value", "type", ("principles",),
        _once(lambda w: sum(row["type"] == "core" for row in w["value"]) > 6),
        N_("Are some of them practices?")),
    ThreadRule("THR-LEAD", "fix", "principle", "text", ("principles",), _once(_lead_is_not_first),
        N_("The lead question belongs at the top.")),
    ThreadRule("THR-PRINCIPLE-SOURCE", "fix", "principle", "values", ("principles",),
        _each(_PRINCIPLES, lambda w, row: w.refs("value").isdisjoint(row["values"])),
        N_("Where does it come from?")),
    ThreadRule("THR-PRINCIPLE-EXAMPLE", "ask", "principle", "do_example", ("principles",),
        _each(_PRINCIPLES, lambda w, row: not (row["do_example"] and row["dont_example"])),
        N_("Show one thing we would do and one we would not.")),
    ThreadRule("THR-PRINCIPLE-IDLE", "ask", "principle", "text", ("principles", "concepts"),
        _each(_PRINCIPLES, lambda w, row: not any(row["ref"] in one["principles"] for one in w.live)),
        N_("Nothing in the plan makes this visible.")),
    ThreadRule("THR-GOAL-LINK", "fix", "goal", "text", ("strategy",), _each(_of("goal"), _is_not_joined),
        N_("The missing connection. Which customer goal carries it?"),
        theirs=N_("The missing connection. Which goal of ours does it carry?")),
    ThreadRule("THR-TOUCH-PURPOSE", "ask", "touchpoint", "purposes", ("touchpoints", "purpose"),
        _each(_of("touchpoint"), lambda w, row: w.refs("purpose").isdisjoint(row["purposes"])),
        N_("Why do we have it? Stop it, or name the purpose.")),
    ThreadRule("THR-TOUCH-STATE", "hint", "touchpoint", "promise_state", ("touchpoints",),
        _each(_of("touchpoint"), lambda w, row: row["promise_state"] == "unknown"),
        N_("Kept, partly or broken? Somebody knows.")),
    ThreadRule("THR-TOUCH-BROKEN", "fix", "touchpoint", "promise_state", ("touchpoints", "concepts"),
        _each(_of("touchpoint"), lambda w, row: row["promise_state"] == "broken"
              and not any(row["ref"] in one["touchpoints"] for one in w.live)),
        N_("We break our promise here and plan nothing.")),
    ThreadRule("THR-PURPOSE-METRIC", "fix", "purpose", "text", ("purpose", "strategy"),
        _each(_SMALL, lambda w, row: not any(row["ref"] == one["purpose"] for one in w.metrics("cpi"))),
        N_("We cannot know whether this purpose is met.")),
    ThreadRule("THR-PURPOSE-CONCEPT", "fix", "purpose", "text", ("purpose", "concepts"),
        _each(_SMALL, lambda w, row: not any(row["ref"] in one["purposes"] for one in w.live)),
        N_("Nothing we plan helps with this.")),
    ThreadRule("THR-METRIC-PURPOSE", "fix", "metric", "purpose", ("strategy", "purpose"),
        _each(_CPIS, lambda w, row: row["purpose"] not in w.asked_for),
        N_("Which purpose does it prove?")),
    ThreadRule("THR-METRIC-IDLE", "ask", "metric", "name", ("strategy", "ranking"),
        _each(_COUNTED, lambda w, row: not w.gains(w.live, row["ref"])),
        N_("A target with nothing behind it.")),
    ThreadRule("THR-CPI-KPI", "ask", "metric", "name", ("strategy",),
        _each(lambda w: _COUNTED(w) if w.metrics("cpi") and w.metrics("kpi") else [], _has_no_guess),
        N_("How does helping them help us?")),
    ThreadRule("THR-WEIGHTS", "fix", "metric", "weight", ("strategy",), _once(_are_unevenly_shared),
        N_("Weights must add up to 100 in each group.")),
    ThreadRule("THR-WEIGHT-ONE", "ask", "metric", "weight", ("strategy",),
        _each(_COUNTED, lambda w, row: (row["weight"] or 0) > 60),
        N_("The ranking now follows one number.")),
    ThreadRule("THR-HEALTH", "ask", "metric", "kind", ("strategy",), _once(_missing_health),
        N_("All four watch the whole: customers, recommendation, employees, brand."), after="strategy"),
    ThreadRule("THR-CONCEPT-PURPOSE", "fix", "concept", "purposes", ("concepts", "purpose"),
        _each(_CONCEPTS, lambda w, row: w.asked_for.isdisjoint(row["purposes"])),
        N_("Who asked for this?")),
    ThreadRule("THR-CONCEPT-PRINCIPLE", "fix", "concept", "principles", ("concepts", "principles"),
        _each(_CONCEPTS, lambda w, row: w.refs("principle").isdisjoint(row["principles"])),
        N_("By which principle is this ours?")),
    ThreadRule("THR-CONCEPT-TOUCH", "fix", "concept", "touchpoints", ("concepts", "touchpoints"),
        _each(_CONCEPTS, lambda w, row: w.refs("touchpoint").isdisjoint(row["touchpoints"])),
        N_("Where does the customer meet it?")),
    ThreadRule("THR-CONCEPT-RATED", "ask", "concept", "name", ("concepts", "ranking"), _each(_LIVE, _is_not_rated),
        N_("Not measured yet against what customers value.")),
    ThreadRule("THR-SELECT-LIFE", "fix", "concept", "status", ("commitment", "concepts"),
        _each(lambda w: w.selected, lambda w, row: not any(row["ref"] == one["concept"] for one in w.actions)),
        N_("Chosen, and nobody starts.")),
    ThreadRule("THR-LIFE-BOTH", "ask", "activation", "kind", ("commitment",), _once(_missing_movers),
        N_("Employees and leaders both have to move.")),
    ThreadRule("THR-MEASURE", "fix", "metric", "name", ("commitment", "concepts"), _unmeasured,
        N_("When will we look, and who decides to keep, change or stop?")),
    ThreadRule("THR-DECISION", "fix", "decision", "text", ("commitment",), _once(_undecided),
        N_("An absent executive needs the decision, the reason and the owner.")),
)  # fmt: skip
