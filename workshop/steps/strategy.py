"""Steps 8–9: goals of the company and of customers, and how we will know: CPIs, KPIs, health metrics, weights."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items, second_look
from workshop.activities import Offer, get_results, list_activities
from workshop.document import Bullets, Heading, Table
from workshop.figures import figure
from workshop.problems import Problem, Rejected
from workshop.remembered import until_next_action
from workshop.step import Rows, Slip, Slips, Step, Turn, choice
from workshop.words import N_, _

HEALTH = ("csat", "nps", "employee_engagement", "brand_perception")
KINDS = ("cpi", "kpi", *HEALTH)
STRENGTHS = ("hypothesis", "correlation", "experiment")
# what stands at either end of a link
ENDS = {
    "business": N_("a goal of the company"),
    "customer": N_("a goal of its customers"),
    "cpi": N_("a CPI"),
    "kpi": N_("a KPI"),
}
# METHOD.md §2.7: name, unit and direction of what companies usually count
KPI_TEMPLATES = (
    (N_("Returning customers"), "%", "up"),
    (N_("Unprompted repeat"), "%", "up"),
    (N_("Referrals"), N_("per 100 customers"), "up"),
    (N_("Cost to acquire a customer"), "€", "down"),
    (N_("Lifetime value"), "€", "up"),
    (N_("Cost per order or visit"), "€", "down"),
    (N_("Cost of faults"), "€", "down"),
    (N_("Repeat contacts"), "%", "down"),
    (N_("Staff turnover"), "%", "down"),
    (N_("Budget kept"), "%", "up"),
)


@dataclass(frozen=True, kw_only=True)
class AddGoal:
    """What the company wants, or what its customers must gain for that."""

    kind: str = fields.one_of("business", "customer", label=N_("Whose goal"), needed=True)
    text: str = fields.text(N_("Goal"), most=500, needed=True)
    due: str | None = fields.day(ahead=True)
    status: str = fields.one_of("defined", "needed", default="defined")
    purposes: tuple[str, ...] = fields.refs_to("purpose", N_("Which purposes it serves"))
    cpis: tuple[str, ...] = fields.refs_to("metric", N_("Which CPIs show it"))


@dataclass(frozen=True, kw_only=True)
class AddMetric:
    """What is counted: a CPI what customers gain, a KPI what the company gains; health metrics watch the whole."""

    kind: str = fields.one_of(*KINDS, label=N_("Kind of measure"), needed=True)
    name: str = fields.line(N_("What we count"), needed=True, unique=True, starred=True)
    definition: str = fields.text(N_("How it is counted"), starred=True)
    unit: str = fields.line(most=40, starred=True)
    baseline: float | None = fields.number(label=N_("Today"), starred=True)
    baseline_date: str | None = fields.day(N_("Today’s figure is of"))
    target: float | None = fields.number(starred=True)
    target_date: str | None = fields.day(N_("Target by"), ahead=True)
    direction: str | None = fields.one_of("up", "down", label=N_("Better is"), starred=True)
    weight: float | None = fields.number(0, 100)
    data_source: str = fields.line(N_("Where the figure comes from"))
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
class UnlinkGoals:
    business: str
    customer: str


@dataclass(frozen=True)
class LinkMetrics:
    """The guess that moving a CPI moves a KPI, and what the gain goes back into, so that the loop closes."""

    cpi: str
    kpi: str
    hypothesis: str = ""
    strength: str = "hypothesis"
    reinvest: str = ""


@dataclass(frozen=True)
class UnlinkMetrics:
    cpi: str
    kpi: str


def _tied(db: Database, goal: dict[str, Any]) -> list[str]:
    """The CPIs that a goal names, and the customer goals that carry it."""
    return [*goal["cpis"], *(one["customer"] for one in list_goal_links(db) if one["business"] == goal["ref"])]


def _direction(metric: dict[str, Any]) -> dict[str, str]:
    """Better is where the target lies, seen from today, unless somebody says otherwise."""
    today, target = metric["baseline"], metric["target"]
    if metric["direction"] or today is None or target in (None, today):
        return {}
    return {"direction": "up" if target > today else "down"}


GOAL = items.noun(
    "goal",
    AddGoal,
    lambda values: "B" if values["kind"] == "business" else "U",
    among=("kind",),
    changed=second_look.watching("text", tied=_tied),
)
METRIC = items.noun(
    "metric",
    AddMetric,
    lambda values: {"cpi": "C", "kpi": "K"}.get(values["kind"], "H"),
    among=("kind",),
    implied=_direction,
)


def add_goal(db: Database, command: AddGoal) -> str:
    return items.add(db, GOAL, command)


def add_metric(db: Database, command: AddMetric) -> str:
    return items.add(db, METRIC, command)


def link_goals(db: Database, command: LinkGoals, *, as_it_was: bool = False) -> str:
    """Gives both refs, "B1→U2". Linking the same two again says anew why. Raises Rejected.

    With `as_it_was`, for an import, goals that were put away stay linked.
    """
    if command.business == command.customer:
        message = _("A goal cannot carry itself. Choose a goal of the company and one of its customers.")
        raise Rejected(Problem("customer", message))
    for ref, kind in ((command.business, "business"), (command.customer, "customer")):
        _check_kind(db, ref, "goal", kind, as_it_was)
    db.execute(
        """INSERT INTO goal_link (business, customer, why) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET why = excluded.why""",
        [command.business, command.customer, _words(command.why)],
    )
    return f"{command.business}→{command.customer}"


def unlink_goals(db: Database, command: UnlinkGoals) -> str:
    db.execute("DELETE FROM goal_link WHERE business = ? AND customer = ?", [command.business, command.customer])
    return f"{command.business}→{command.customer}"


def link_metrics(db: Database, command: LinkMetrics, *, as_it_was: bool = False) -> str:
    """Gives both refs, "C1→K2". Linking the same two again says the guess anew. Raises Rejected.

    With `as_it_was`, for an import, metrics that were put away stay linked.
    """
    for ref, kind in ((command.cpi, "cpi"), (command.kpi, "kpi")):
        _check_kind(db, ref, "metric", kind, as_it_was)
    said = [_words(command.hypothesis), _words(command.reinvest)]
    if command.strength not in STRENGTHS:
        message = _("“Strength” must be one of: {choices}.").format(choices=", ".join(STRENGTHS))
        raise Rejected(Problem("strength", message))
    db.execute(
        """INSERT INTO cpi_kpi_link (cpi, kpi, hypothesis, reinvest, strength) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            hypothesis = excluded.hypothesis, reinvest = excluded.reinvest, strength = excluded.strength""",
        [command.cpi, command.kpi, *said, command.strength],
    )
    return f"{command.cpi}→{command.kpi}"


def unlink_metrics(db: Database, command: UnlinkMetrics) -> str:
    db.execute("DELETE FROM cpi_kpi_link WHERE cpi = ? AND kpi = ?", [command.cpi, command.kpi])
    return f"{command.cpi}→{command.kpi}"


def _words(text: str) -> str:
    return fields.accept(AddMetric, {"definition": text})["definition"]


def _check_kind(db: Database, ref: str, table: str, kind: str, as_it_was: bool) -> None:
    found = fields.is_ref(ref) and db.execute(f"SELECT kind, archived_at FROM {table} WHERE ref = ?", [ref]).fetchone()
    if not found or found[0] != kind:
        message = _("{ref} is not {wanted}. Choose one that is.")
    elif found[1] and not as_it_was:
        message = _("{ref} was put away. Bring it back first.")
    else:
        return
    raise Rejected(Problem(kind, message.format(ref=fields.in_short(ref), wanted=_(ENDS[kind]))))


def list_goal_links(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT business, customer, why FROM goal_link ORDER BY id"))


def list_metric_links(db: Database) -> list[dict[str, Any]]:
    return list(db.query("SELECT cpi, kpi, hypothesis, strength, reinvest FROM cpi_kpi_link ORDER BY id"))


def list_goals(db: Database, kind: str) -> list[dict[str, Any]]:
    """The goals of the company ("business") or of its customers ("customer"), in their order."""
    return [row for row in items.list_items(db, "goal") if row["kind"] == kind]


def list_metrics(db: Database, *kinds: str) -> list[dict[str, Any]]:
    """Metrics of these kinds (all without one), CPIs before KPIs before health, each in its order."""
    rows = [row for row in items.list_items(db, "metric") if not kinds or row["kind"] in kinds]
    return sorted(rows, key=lambda row: KINDS.index(row["kind"]))


@until_next_action
def list_shared(db: Database) -> dict[str, dict[str, Any]]:
    """What the room gave each metric when it last shared out 100 points: ref, text, points (the median), low, high."""
    asked = [one for one in list_activities(db) if one["kind"] == "split" and one["state"] == "revealed"]
    given = [row for one in asked for row in get_results(db, one["id"]).rows if row["points"] is not None]
    metrics = {row["ref"] for row in list_metrics(db)}
    return {row["ref"]: row for row in given if row["ref"] in metrics}


def left_to_share(metrics: list[dict[str, Any]]) -> float:
    """What is missing until the weights of a group sum to 100; negative when there is too much. Pure."""
    return round(100 - sum(row["weight"] or 0 for row in metrics), 6)


def shown(db: Database) -> Slips | None:
    """Each goal of the company with the customer goals that carry it; what stands alone as well."""
    links, goals = list_goal_links(db), {row["ref"]: row for row in items.list_items(db, "goal")}
    slips = []
    for goal in goals.values():
        carried = [link["customer"] for link in links if link["business"] == goal["ref"] and link["customer"] in goals]
        words = " · ".join([goal["text"], *(goals[ref]["text"] for ref in carried)])
        slips.append(Slip(goal["ref"], "kpi" if goal["kind"] == "business" else "cpi", "", words))
    return Slips(slips) if slips else None


def _goals(db: Database) -> list:
    kinds = {"business": _("Company"), "customer": _("Customers")}
    rows = [[row["ref"], kinds[row["kind"]], row["text"], row["due"] or "", _(row["status"])]
            for row in items.list_items(db, "goal")]  # fmt: skip
    head = ["", _("Whose"), _("Goal"), _("Due"), _("Status")]
    blocks: list = [Table(head, rows, _("Two strategies"))] if rows else []
    there = {row[0] for row in rows}
    joined = [f"{one['business']} → {one['customer']}: {one['why']}" for one in list_goal_links(db)
              if there.issuperset((one["business"], one["customer"]))]  # fmt: skip
    return [*blocks, Bullets(joined)] if joined else blocks


def _metrics(db: Database) -> list:
    blocks: list = []
    titles = {
        "cpi": (_("What customers count (CPIs)"), _("CPIs: today, target and weight")),
        "kpi": (_("What the company counts (KPIs)"), _("KPIs: today, target and weight")),
        "": (_("Health metrics"), _("Health metrics: today and target")),
    }
    for kind, (title, caption) in titles.items():
        rows = [
            [row["ref"], "\n".join(filter(None, (row["name"], row["definition"]))),
             "\n".join(filter(None, (row["unit"], row["what_one_unit_means"]))), figure(row["baseline"]),
             figure(row["target"]), figure(row["weight"]), row["data_source"], row["owner_role"]]
            for row in list_metrics(db, *([kind] if kind else HEALTH))
        ]  # fmt: skip
        if rows:
            head = ["", _("What we count"), _("Unit, and what one means"), _("Today"), _("Target"), _("Weight"),
                    _("Source"), _("Owner")]  # fmt: skip
            blocks += [Heading(title, 3), Table(head, rows, caption)]
    if shared := list_shared(db):
        rows = [[ref, row["text"], *(figure(row[name]) for name in ("points", "low", "high"))]
                for ref, row in sorted(shared.items())]  # fmt: skip
        head = ["", _("What we count"), _("Median"), _("Least"), _("Most")]
        blocks.append(Table(head, rows, _("How everybody shared out 100 points, in silence")))
    there = {row["ref"] for row in list_metrics(db)}
    guesses = [
        f"{one['cpi']} → {one['kpi']}: {one['hypothesis']} ({_(one['strength'])})"
        + (f" → {one['reinvest']}" if one["reinvest"] else "")
        for one in list_metric_links(db)
        if there.issuperset((one["cpi"], one["kpi"]))
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
    chapters={8: _goals, 9: _metrics},
    is_complete=is_complete,
    shown=shown,
    openers=(N_("This year we want to …"), N_("For that, customers must be able to …")),
    colour="cpi",
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
    turns=(
        Turn(N_("a goal of ours"), lambda db, text: add_goal(db, AddGoal(kind="business", text=text))),
        Turn(N_("a goal of theirs"), lambda db, text: add_goal(db, AddGoal(kind="customer", text=text))),
    ),
    nouns=(GOAL, METRIC),
    rows=(
        Rows("goal_links", LinkGoals, list_goal_links, lambda db, row: link_goals(db, row, as_it_was=True)),
        Rows("cpi_kpi_links", LinkMetrics, list_metric_links, lambda db, row: link_metrics(db, row, as_it_was=True)),
    ),
)
