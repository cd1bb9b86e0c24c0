"""The whole workshop as the thread rules see it: plain rows, and what several rules ask of them. Pure."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workshop.checks.text import NOT_LIVE
from workshop.steps import AGENDA
from workshop.steps.impacts import middle

Row = dict[str, Any]
STEP_OF = {noun.table: step.slug for step in AGENDA for noun in step.nouns}
ANY_TIME = ("decision", "metric")  # what is decided or known already may be written down long before its step


@dataclass(frozen=True)
class Whole:
    """The workshop as the rules read it: what was not put away of each table, in its order.

    `agenda` the slugs of the steps that were not dropped, `at` where the room is; `goal_links` and `cpi_kpi_links`
    pairs of refs; `ratings` as in read_ratings.
    """

    rows: dict[str, list[Row]]
    agenda: tuple[str, ...] = ()
    at: str | None = None
    goal_links: frozenset[tuple[str, str]] = frozenset()
    cpi_kpi_links: frozenset[tuple[str, str]] = frozenset()
    ratings: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows.get(table, [])

    @cached_property
    def medians(self) -> dict[tuple[str, str], float]:
        return {cell: middle(people) for cell, people in self.ratings.items()}

    @cached_property
    def small(self) -> list[Row]:
        """The chosen customer purposes."""
        return [row for row in self["purpose"] if row["level"] == "small" and row["status"] == "chosen"]

    @cached_property
    def asked_for(self) -> set[str]:
        """The refs of all customer purposes, whatever became of them."""
        return {row["ref"] for row in self["purpose"] if row["level"] == "small"}

    @cached_property
    def concepts(self) -> list[Row]:
        """Those that were not merged into another, the rejected ones too."""
        return [row for row in self["concept"] if not row["merged_into"]]

    @cached_property
    def live(self) -> list[Row]:
        return [row for row in self.concepts if row["status"] not in NOT_LIVE]

    @cached_property
    def selected(self) -> list[Row]:
        return [row for row in self.concepts if row["status"] == "selected"]

    @cached_property
    def promises(self) -> list[Row]:
        return [row for row in self["promise"] if row["status"] == "chosen"]

    @cached_property
    def principles(self) -> list[Row]:
        """Without the lead question, which comes from the promise and is asked of every concept."""
        return [row for row in self["principle"] if not row["is_lead"]]

    @cached_property
    def actions(self) -> list[Row]:
        return [row for row in self["activation"] if row["status"] != "dropped"]

    @cached_property
    def planned(self) -> list[Row]:
        """The reviews that have a date."""
        return [row for row in self["review"] if row["date"]]

    def metrics(self, *kinds: str) -> list[Row]:
        return self._kept(kinds, lambda: [row for row in self["metric"] if row["kind"] in kinds])

    def refs(self, table: str) -> set[str]:
        return self._kept(table, lambda: {row["ref"] for row in self[table]})

    def _kept(self, name: Hashable, work_out: Callable[[], Any]) -> Any:
        """Worked out once: rules ask the same of every row."""
        if name not in self._known:
            self._known[name] = work_out()
        return self._known[name]

    @cached_property
    def _known(self) -> dict[Hashable, Any]:
        return {}

    def gains(self, concepts: list[Row], metric: str) -> bool:
        """Whether one of these concepts moves the metric: the median of its ratings there is above 0."""
        return any(self.medians.get((concept["ref"], metric), 0) > 0 for concept in concepts)

    @cached_property
    def begun(self) -> set[str]:
        """The steps that hold something, or that the room has gone past."""
        behind = self.agenda[: self.agenda.index(self.at)] if self.at in self.agenda else ()
        return {*self._held, *behind} | ({STEP_OF["metric"]} if self["metric"] else set())

    @cached_property
    def _held(self) -> set[str]:
        """The steps that hold something which is written at no other step. A new file has the lead question."""
        rows = {table: rows for table, rows in self.rows.items() if table not in ANY_TIME}
        rows |= {"principle": self.principles}
        return {STEP_OF[table] for table in rows if rows[table]} | ({"ranking"} if self.ratings else set())

    def past(self, slug: str) -> bool:
        """Whether the room is at a later step of the agenda, or a later step holds something."""
        later = self.agenda[self.agenda.index(slug) + 1 :]
        return self.at in later or not self._held.isdisjoint(later)
