"""Steps 8–9: goals of the company and of customers, and how we will know: CPIs, KPIs, health metrics, weights."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.activities import Offer
from workshop.document import Bullets, Heading, Table
from workshop.problems import Problem, Rejected
from workshop.step import Rows, Step, choice
from workshop.words import N_, _

HEALTH = ("csat", "nps", "employee_engagement", "brand_perception")
KINDS = ("cpi", "kpi", *HEALTH)


@dataclass(frozen=True, kw_only=True)
class AddGoal:
    kind: str = fields.one_of("business", "customer", needed=True)
    text: str = fields.text(N_("Goal"), most=500, needed=True)
    due: str | None = fields.day(ahead=True)
    status: str = fields.one_of("defined", "needed", default="defined")
    purposes: tuple[str, ...] = fields.refs_to("purpose")
    cpis: tuple[str, ...] = fields.refs_to("metric")


@dataclass(frozen=True, kw_only=True)
class AddMetric:
    """What is counted: a CPI what customers gain, a KPI what the company gains; health metrics watch the whole."""

    kind: str = fields.one_of(*KINDS, needed=True)
    name: str = fields.line(N_("What we count"), needed=True, unique=True, starred=True)
    definition: str = fields.text(starred=True)
    unit: str = fields.line(most=40, starred=True)
    baseline: float | None = fields.number(label=N_("Today"), starred=True)
    baseline_date: str | None = fields.day()
    target: float | None = fields.number(starred=True)
    target_date: str | None = fields.day(ahead=True)
    direction: str | None = fields.one_of("up", "down", label=N_("Better is"), starred=True)
    weight: float | None = fields.number(0, 100)
    data_source: str = fields.line()
    owner_role: str = fields.line(N_("Owner"))
    cadence: str = fields.line(N_("How often"))
    what_one_unit_means: str = fields.line(N_("What one unit means to the customer"), most=500)
    purpose: str | None = fields.ref_to("purpose", N_("Which purpose it proves"))
    goal: str | None = fields.ref_to("goal", N_("Which goal it serves"))


@dataclass(frozen=True)
class LinkGoals:
    """Which customer goal carries which business goal, and why."""

    business: str
    customer: str
    why: str = ""


@dataclass(frozen=True)
class LinkMetrics:
    """The guess that moving a CPI moves a KPI."""

    cpi: str
    kpi: str
    hypothesis: str = ""
    strength: str = "hypothesis"


@dataclass(frozen=True)
class UnlinkMetrics:
    cpi: str
    kpi: str


GOAL = items.noun("goal", AddGoal, lambda values: "B" if values["kind"] == "business" else "U", among=("kind",))
METRIC = items.noun(
    "metric", AddMetric, lambda values: {"cpi": "C", "kpi": "K"}.get(values["kind"], "H"), among=("kind",)
)


def add_goal(db: Database, command: AddGoal) -> str:
    return items.add(db, GOAL, command)


def add_metric(db: Database, command: AddMetric) -> str:
    return items.add(db, METRIC, command)


def link_goals(db: Database, command: LinkGoals) -> None:
    for ref, kind in ((command.business, "business"), (command.customer, "customer")):
        _check_kind(db, ref, "goal", kind, kind)
    why = fields.accept(AddGoal, {"text": command.why})["text"] if command.why else ""
    db.execute(
        "INSERT INTO goal_link (business, customer, why) VALUES (?, ?, ?)", [command.business, command.customer, why]
    )


def link_metrics(db: Database, command: LinkMetrics) -> str:
    """Gives both refs, "C1→K2". Linking the same two again says the guess anew. Raises Rejected."""
    for ref, kind in ((command.cpi, "cpi"), (command.kpi, "kpi")):
        _check_kind(db, ref, "metric", kind, kind)
    hypothesis = fields.accept(AddMetric, {"definition": command.hypothesis})["definition"]
    strengths = ("hypothesis", "correlation", "experiment")
    if command.strength not in strengths:
        message = _("“Strength” must be one of: {choices}.").format(choices=", ".join(strengths))
        raise Rejected(Problem("strength", message))
    db.execute(
        """INSERT INTO cpi_kpi_link (cpi, kpi, hypothesis, strength) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET hypothesis = excluded.hypothesis, strength = excluded.strength""",
        [command.cpi, command.kpi, hypothesis, command.strength],
    )
    return f"{command.cpi}→{command.kpi}"


def unlink_metrics(db: Database, command: UnlinkMetrics) -> str:
    db.execute("DELETE FROM cpi_kpi_link WHERE cpi = ? AND kpi = ?", [command.cpi, command.kpi])
    return f"{command.cpi}→{command.kpi}"


def _check_kind(db: Database, ref: str, table: str, kind: str, field: str) -> None:
    found = fields.is_ref(ref) and db.execute(f"SELECT kind FROM {table} WHERE ref = ?", [ref]).fetchone()
    if not found or found[0] != kind:
        message = _("“{field}” names {ref}, and there is no such {kind}.").format(
            field=field, ref=fields.in_short(ref), kind=kind
        )
        raise Rejected(Problem(field, message))


def list_goal_links(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT business, customer, why FROM goal_link ORDER BY id"))


def list_metric_links(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT cpi, kpi, hypothesis, strength FROM cpi_kpi_link ORDER BY id"))


def list_metrics(db: Database, *kinds: str) -> list[dict[str, Any]]:
    """Metrics of these kinds (all without one), CPIs before KPIs before health, each in its order."""
    rows = [row for row in items.list_items(db, "metric") if not kinds or row["kind"] in kinds]
    return sorted(rows, key=lambda row: KINDS.index(row["kind"]))


def left_to_share(metrics: list[dict[str, Any]]) -> float:
    """What is missing until the weights of a group sum to 100; negative when there is too much. Pure."""
    return round(100 - sum(row["weight"] or 0 for row in metrics), 6)


def figure(value: float | None) -> str:
    """A number as people write it: no needless decimals."""
    return "" if value is None else f"{value:,.6g}"


def section(db: Database) -> list:
    blocks: list = []
    goals = items.list_items(db, "goal")
    if goals:
        kinds = {"business": _("Company"), "customer": _("Customers")}
        rows = [[row["ref"], kinds[row["kind"]], row["text"]] for row in goals]
        blocks += [Heading(_("Goals"), 3), Table(["", _("Whose"), _("Goal")], rows, _("Two strategies"))]
    titles = {
        "cpi": _("What customers count (CPIs)"),
        "kpi": _("What the company counts (KPIs)"),
        "": _("Health metrics"),
    }
    for kind, title in titles.items():
        metrics = list_metrics(db, *([kind] if kind else HEALTH))
        if metrics:
            rows = [
                [row["ref"], row["name"], row["unit"], figure(row["baseline"]), figure(row["target"]),
                 figure(row["weight"]), row["owner_role"]]
                for row in metrics
            ]  # fmt: skip
            head = ["", _("What we count"), _("Unit"), _("Today"), _("Target"), _("Weight"), _("Owner")]
            blocks += [Heading(title, 3), Table(head, rows, title)]
    guesses = [
        f"{one['cpi']} → {one['kpi']}: {one['hypothesis']} ({_(one['strength'])})" for one in list_metric_links(db)
    ]
    if guesses:
        blocks += [Heading(_("How helping customers helps us: our guesses"), 3), Bullets(guesses)]
    return blocks


def is_complete(db: Database) -> bool:
    """A CPI and a KPI, every starred field filled, and the weights of both groups sum to 100."""
    groups = [list_metrics(db, "cpi"), list_metrics(db, "kpi")]
    filled = not any(fields.missing(AddMetric, row) for group in groups for row in group)
    return all(groups) and filled and not any(left_to_share(group) for group in groups)


STEP = Step(
    slug="strategy",
    title=N_("Strategy"),
    minutes=55,
    prompt=N_("How will we know?"),
    below=N_("What customers would count, what the company counts, and how the two hang together."),
    section=section,
    is_complete=is_complete,
    shown=lambda db: None,
    activities=(
        Offer(
            "split",
            N_("Share out what customers count"),
            4,
            N_("Which of these counts more to those we serve?"),
            lambda db: choice(list_metrics(db, "cpi")),
            "ranking",
        ),
        Offer(
            "split",
            N_("Share out what the business counts"),
            4,
            N_("Which of these counts more to the business?"),
            lambda db: choice(list_metrics(db, "kpi")),
            "ranking",
        ),
    ),  # fmt: skip
    nouns=(GOAL, METRIC),
    rows=(
        Rows("goal_links", LinkGoals, list_goal_links, link_goals),
        Rows("cpi_kpi_links", LinkMetrics, list_metric_links, link_metrics),
    ),
)
