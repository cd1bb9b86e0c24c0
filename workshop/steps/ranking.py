"""Step 13 and the order: each concept rated alone against what we count, then ranked by impact."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop.activities import Offer, note_told
from workshop.activities.rate import (
    VALUES,
    RateImpact,
    TakeBackRating,
    check_cell,
    check_value,
    rate_impact,
    take_back_rating,
)
from workshop.document import Paragraph, Table
from workshop.figures import figure, whole
from workshop.step import Ranked, Rows, Step
from workshop.steps import strategy, verdict
from workshop.steps.concepts import list_live
from workshop.steps.disagreement import has_second_round, list_cells
from workshop.steps.impacts import list_agreements
from workshop.steps.kept_order import KEPT
from workshop.steps.order import RankedConcepts, get_ranking, list_shares
from workshop.steps.weighing import SOURCED
from workshop.words import N_, _


@dataclass(frozen=True)
class AgreeImpact:
    """A value that the room agreed on; it stands in for everybody's ratings of this cell. None takes it back."""

    concept: str
    metric: str
    value: int | None


def agree_impact(db: Database, command: AgreeImpact) -> None:
    check_value(command.value, "value", VALUES, "−3 … 3")
    check_cell(db, command.concept, command.metric)
    db.execute("DELETE FROM agreement WHERE concept = ? AND metric = ?", [command.concept, command.metric])
    if command.value is not None:
        db.execute(
            "INSERT INTO agreement (concept, metric, value) VALUES (?, ?, ?)",
            [command.concept, command.metric, command.value],
        )


def carry_out_all(db: Database, commands: list[RateImpact | TakeBackRating | AgreeImpact]) -> int:
    """Several cells filled in at once, as one action. Gives how many."""
    handlers = {RateImpact: rate_impact, TakeBackRating: take_back_rating, AgreeImpact: agree_impact}
    for command in commands:
        handlers[type(command)](db, command)
    for person in {command.participant for command in commands if isinstance(command, RateImpact)}:
        note_told(db, person, "rate")
    return len(commands)


def _agreement_rows(db: Database) -> list[dict[str, Any]]:
    return [{"concept": c, "metric": m, "value": value} for (c, m), value in list_agreements(db).items()]


def shown(db: Database) -> Ranked | None:
    ranking = get_ranking(db)
    return Ranked(ranking.sentence, ranking.rows) if ranking else None


def section(db: Database) -> list:
    ranking = get_ranking(db)
    if not ranking:
        return []
    leading, doubt, flip = ranking.leading, ranking.doubt, ranking.flip
    said = [
        _("This is {reading}.").format(reading=_(verdict.READINGS[leading["reading"]])) if leading else "",
        f"{doubt['why']} {doubt['settles']}" if doubt else "",
        flip["sentence"] if flip else "",
        ranking.parting,
        *ranking.remarks,
        ranking.untold,
    ]
    return [
        Paragraph(ranking.sentence, "lead"),
        *(Paragraph(sentence) for sentence in said if sentence),
        _order_table(ranking),
        _shares_table(db),
        *_ratings_table(db),
        Paragraph(_how_to_read(ranking), "quiet"),
    ]


def _order_table(ranking: RankedConcepts) -> Table:
    sure = ranking.leading is not None
    head = [_("Place"), "", _("Concept"), _("Score"), _("For customers"), _("For the business"), _("Effort"),
            *([_("First of 100"), _("Places in 80 of 100")] if sure else [])]  # fmt: skip
    rows = [
        [str(row["rank"]), row["ref"], row["name"],
         *(whole(row[part]) for part in ("score", "customer_score", "business_score")),
         str(row["effort"] or ""),
         *([str(row["first_of_100"]), f"{row['rank_lo']}–{row['rank_hi']}"] if sure else [])]
        for row in ranking.rows
    ]  # fmt: skip
    return Table(head, rows, _("Concepts by their impact on what we count"))


def _shares_table(db: Database) -> Table:
    rows = [[str(one["share"]), *one["names"], *[""] * (3 - len(one["names"]))] for one in list_shares(db)]
    head = [_("Customer share"), _("First"), _("Second"), _("Third")]
    return Table(head, rows, _("Who leads when customers’ measures weigh more or less"))


def _ratings_table(db: Database) -> list[Table]:
    """Of every cell the middle rating, how many rated it, and the lowest and highest; metrics in columns."""
    cells, metrics = list_cells(db), strategy.list_metrics(db, "cpi", "kpi")
    if not cells:
        return []
    rows = [
        [row["ref"], *(cells.get((row["ref"], metric["ref"]), "–") for metric in metrics)]
        for row in get_ranking(db).rows
    ]
    caption = _("Ratings: the middle one (how many people), lowest…highest")
    return [Table(["", *(metric["ref"] for metric in metrics)], rows, caption)]


def _how_to_read(ranking: RankedConcepts) -> str:
    sentences = [
        _(
            "Score: average rating times agreed weight, −100 to 100; customers’ measures weigh {share} of 100. "
            "{raters} rated."
        ).format(share=f"{ranking.customer_share:g}", raters=ranking.raters)
    ]
    if ranking.leading:
        method = ranking.method
        replays = _(
            "A replay holds this workshop again with the same people, some heard more and some less, and with weights "
            "nearby. Concepts that share a place are too close to call. "
            "Method {version}, {replays} replays, seed {seed}."
        )
        told = {"version": method["version"], "replays": figure(method["replays"]), "seed": method["seed"]}
        sentences.append(replays.format(**told))
    alpha, w = ranking.agreement["krippendorff_alpha"], ranking.agreement["kendall_w"]
    if w is not None and alpha is not None:
        agreement = _(
            "Agreement, which is another thing: Kendall’s W {w} over the people’s orders, "
            "Krippendorff’s α {alpha} over the ratings (1: all agree, 0: as by chance)."
        )
        sentences.append(agreement.format(w=figure(round(w, 2)), alpha=figure(round(alpha, 2))))
    return " ".join(sentences)


def _to_rate(db: Database) -> dict[str, Any] | None:
    concepts, metrics = list_live(db), strategy.list_metrics(db, "cpi", "kpi")
    if not concepts or not metrics or has_second_round(db):
        return None
    return {"concepts": [row["ref"] for row in concepts], "metrics": [row["ref"] for row in metrics]}


STEP = Step(
    slug="ranking",
    title=N_("Ranking"),
    minutes=30,
    prompt=N_("Which concepts move what we count?"),
    below=N_("Each rates alone: −3 hurts a lot, 0 no effect, +3 helps a lot, or cannot judge."),
    chapters={12: section},
    is_complete=lambda db: get_ranking(db) is not None,
    shown=shown,
    activities=(Offer("rate", N_("Rate"), 15, settings=_to_rate, feed="ranking"),),
    rows=(Rows("agreements", AgreeImpact, _agreement_rows, agree_impact), SOURCED, KEPT),
)
