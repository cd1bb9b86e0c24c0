"""What is covered and what is not, as small heat maps with their gaps in sentences (METHOD.md 0.8, 2.5, 4.6, 4.15).

Pure; `Whole` is how checks/thread.py reads a workshop.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from workshop import fields
from workshop.checks.whole import Row, Whole
from workshop.figures import signed
from workshop.steps.requirements import TYPES
from workshop.words import _

MOST_NAMED = 6  # refs in one sentence
MOST_WORDS = 300  # letters of an item in a prompt, which has room for 500


@dataclass(frozen=True)
class Gap:
    """One sentence about what is missing, and where it can be closed: at `step`, with the item `ref` open there, or
    with a new item of `table` begun with `preset`; `button` names it. `asks` is the kind of what that step asks the
    room which would close it too, with `prompt` or else in its own words, and only `about` these items."""

    sentence: str
    button: str
    step: str
    ref: str = ""
    table: str = ""
    preset: dict[str, Any] = field(default_factory=dict)
    asks: str = ""
    prompt: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A heat map: `rows` and `columns` are (ref or name, what it says); cells are (shown, heat), None where nothing is.

    Heat is 0 (barely) to 1 (most), −1 where it is against us. `how` says what a cell means.
    """

    title: str
    how: str
    rows: list[tuple[str, str]]
    columns: list[tuple[str, str]]
    cells: list[list[tuple[str, float] | None]]
    gaps: list[Gap]


def list_grids(whole: Whole) -> list[Grid]:
    """Those that have anything in them."""
    grids = (_concepts(whole), _principles(whole), _requirements(whole), _stages(whole))
    return [grid for grid in grids if grid.rows and grid.columns]


def _concepts(whole: Whole) -> Grid:
    def cell(concept: Row, purpose: Row) -> tuple[str, float] | None:
        if purpose["ref"] not in concept["purposes"]:
            return None
        cpis = [row["ref"] for row in whole.metrics("cpi") if row["purpose"] == purpose["ref"]]
        medians = [whole.medians[concept["ref"], cpi] for cpi in cpis if (concept["ref"], cpi) in whole.medians]
        if not medians:
            return "·", 0.1
        best = max(medians)
        return signed(best), best / 3 if best >= 0 else -1.0

    unserved = [row for row in whole.small if not any(row["ref"] in one["purposes"] for one in whole.live)]
    aimless = [row for row in whole.live if whole.asked_for.isdisjoint(row["purposes"])]
    return Grid(
        _("Concepts × purposes"),
        _("The median of what the concept does to the purpose’s CPI; a dot where nobody has rated it."),
        _named(whole.live), _named(whole.small), _fill(whole.live, whole.small, cell),
        [*_gap(unserved, _("No concept serves {refs}."), _("Make a card for {ref}"), "concepts", "concept", "purposes",
               asks="write", prompt=_("What could we do for somebody who says: “{words}”")),
         *_gap(aimless, _("No customer purpose stands behind {refs}."), _("Open {ref}"), "concepts")],
    )  # fmt: skip


def _principles(whole: Whole) -> Grid:
    touchpoints = whole["touchpoint"]
    counts: dict[tuple[str, str], int] = {}
    for concept in whole.live:
        for pair in {(p, t) for p in concept["principles"] for t in concept["touchpoints"]}:
            counts[pair] = counts.get(pair, 0) + 1
    most = max(counts.values(), default=1)

    def cell(principle: Row, touchpoint: Row) -> tuple[str, float] | None:
        count = counts.get((principle["ref"], touchpoint["ref"]))
        return (str(count), count / most) if count else None

    used = {ref for pair in counts for ref in pair}
    bare = [row for row in touchpoints if row["ref"] not in used]
    idle = [row for row in whole.principles if row["ref"] not in used]
    return Grid(
        _("Principles × touchpoints"), _("How many live concepts show the principle there."),
        _named(whole["principle"]), _named(touchpoints), _fill(whole["principle"], touchpoints, cell),
        [*_gap(bare, _("No concept happens at {refs}."), _("Make a card for {ref}"), "concepts", "concept",
               "touchpoints", asks="write", prompt=_("What could we do here: “{words}”")),
         *_gap(idle, _("Nowhere to be seen: {refs}."), _("Make a card for {ref}"), "concepts", "concept",
               "principles", asks="write", prompt=_("How could people notice this: “{words}”"))],
    )  # fmt: skip


def _requirements(whole: Whole) -> Grid:
    live = {row["ref"] for row in whole.live}
    needs = [row for row in whole["requirement"] if row["concept"] in live]
    states = [("missing", _("missing")), ("partial", _("partly there")), ("have", _("there"))]
    types = [kind for kind in TYPES if any(row["type"] == kind for row in needs)]
    unnamed = [_(kind) for kind in TYPES if kind not in types]
    unowned = [row for row in needs if row["status"] == "missing" and not row["owner_role"]]
    gaps = []
    if needs and unnamed:
        said = _("Nobody has asked about: {types}.").format(types=", ".join(unnamed))
        asked = _("What does it take: {types}?").format(types=", ".join(unnamed))
        gaps.append(Gap(said, _("Write them down"), "requirements", asks="write", prompt=asked))
    gaps += _gap(unowned, _("Missing, and without an owner: {refs}."), _("Open {ref}"), "requirements")
    return _counted(_("Requirements by kind"), _("How many requirements of live concepts."),
                    [(kind, _(kind)) for kind in types], states,
                    [(row["type"], row["status"]) for row in needs], gaps)  # fmt: skip


def _stages(whole: Whole) -> Grid:
    touchpoints = whole["touchpoint"]
    states = [("kept", _("kept")), ("partly", _("partly")), ("broken", _("broken")), ("unknown", _("unknown"))]
    stages = list(dict.fromkeys(row["stage"] or "–" for row in touchpoints))
    there = {ref for concept in whole.live for ref in concept["touchpoints"]}
    broken = [row for row in touchpoints if row["promise_state"] == "broken" and row["ref"] not in there]
    unknown = [row for row in touchpoints if row["promise_state"] == "unknown"]
    gaps = [
        *_gap(broken, _("The promise is broken at {refs}, and nothing is planned there."), _("Make a card for {ref}"),
              "concepts", "concept", "touchpoints", asks="write", prompt=_("What could we do here: “{words}”")),
        *_gap(unknown, _("Nobody knows yet whether it is kept at {refs}."), _("Open {ref}"), "touchpoints",
              asks="pulse", about=tuple(row["ref"] for row in unknown)),
    ]  # fmt: skip
    return _counted(_("Stages × promise"), _("How many touchpoints, from first to last."),
                    [(stage, stage) for stage in stages], states,
                    [(row["stage"] or "–", row["promise_state"]) for row in touchpoints], gaps)  # fmt: skip


def _counted(
    title: str, how: str, rows: list[tuple[str, str]], columns: list[tuple[str, str]], pairs: list[tuple], gaps
) -> Grid:
    """A grid of counts; a row's and a column's key are what is counted, their words what is shown."""
    most = max((pairs.count(pair) for pair in set(pairs)), default=1)

    def cell(row: str, column: str) -> tuple[str, float] | None:
        count = pairs.count((row, column))
        return (str(count), count / most) if count else None

    cells = [[cell(row, column) for column, _said in columns] for row, _said in rows]
    shown = [("", said) for _key, said in rows], [("", said) for _key, said in columns]
    return Grid(title, how, *shown, cells, gaps)


def _named(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row["ref"], row.get("name") or row.get("text") or "") for row in rows]


def _fill(rows: list[Row], columns: list[Row], cell: Callable) -> list[list[tuple[str, float] | None]]:
    return [[cell(row, column) for column in columns] for row in rows]


def _gap(
    rows: list[Row], sentence: str, button: str, step: str, table: str = "", link: str = "", *, asks="", prompt="",
    about=(),
) -> list[Gap]:
    """One sentence about all of these items; its button and its prompt are about the first."""
    if not rows:
        return []
    refs = [row["ref"] for row in rows]
    words = shorten(rows[0].get("text") or rows[0].get("name") or "", MOST_WORDS, placeholder=" …")
    closes = {"preset": {link: [refs[0]]}, "table": table} if table else {"ref": refs[0]}
    return [Gap(sentence.format(refs=fields.first_refs(refs, MOST_NAMED)), button.format(ref=refs[0]), step, asks=asks,
                prompt=prompt.format(words=words), about=about, **closes)]  # fmt: skip
