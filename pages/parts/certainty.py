"""How sure the order is, and why: one view at a time, each with its picture as a sentence and as a table."""

import streamlit as st

from pages.parts import here, kept, replay, tables, weighing
from pages.parts.cards import empty, label, row, words
from workshop import room
from workshop.activities import open_activity
from workshop.certainty_charts import impact_and_effort, rank_heatmap
from workshop.figures import figure, signed, whole
from workshop.steps.disagreement import has_second_round, list_split_cells, once_more
from workshop.steps.order import RankedConcepts, list_shares
from workshop.steps.ranking import STEP
from workshop.steps.strategy import list_metrics
from workshop.steps.verdict import READINGS
from workshop.words import N_, _

VIEWS = {
    "sure": N_("How sure?"),
    "weights": N_("Weights"),
    "sides": N_("Customers and business"),
    "effort": N_("Effort"),
    "split": N_("Where we are split"),
    "analyst": N_("For the analyst"),
}


def draw(ranking: RankedConcepts, mode: str) -> None:
    for remark in ranking.remarks:
        with st.container(key=f"feeling-remark-{ranking.remarks.index(remark)}"):
            st.text(remark)
    view = st.segmented_control(_("Why this order"), list(VIEWS), key="why-view", default="sure", required=True,
                                format_func=lambda name: _(VIEWS[name]), label_visibility="collapsed")  # fmt: skip
    match view:
        case "sure":
            _sure(ranking, mode)
        case "weights":
            weighing.draw(ranking)
        case "sides":
            _sides(ranking)
        case "effort":
            _effort(ranking, mode)
        case "split":
            _split()
        case "analyst":
            _analyst(ranking, mode)


def _sure(ranking: RankedConcepts, mode: str) -> None:
    leading, doubt = ranking.leading, ranking.doubt
    left, right = st.columns(2, gap="medium")
    with left:
        if leading is None:
            empty(_("Scores are shown; how sure the order is can be said from five people on."))
        else:
            said = _("{n} of 100: this is {reading}.")
            words(said.format(n=leading["a_beats_b_of_100"], reading=_(READINGS[leading["reading"]])), "big", "reading")
        if doubt:
            st.text(doubt["why"])
            st.text(doubt["settles"])
            st.caption(doubt["five_minutes"])
            share = _("If the ratings stood firm, {r} of 100 parts of the doubt would go; if the weights did, {w}.")
            st.caption(share.format(r=doubt["ratings_of_100"], w=doubt["weights_of_100"]))
        if ranking.flip:
            st.text(ranking.flip["sentence"])
        if ranking.tables:
            counts = [n for line in ranking.tables["coverage"] for n in line]
            covered = _("Every cell was rated by {least} to {most} of {raters} people.")
            st.caption(covered.format(least=min(counts), most=max(counts), raters=ranking.raters))
        if leading:
            replay.draw(ranking, mode)
    with right:
        if leading:
            tables.draw(
                _("In 100 replays of this workshop"),
                [_("Concept"), _("Place"), _("First"), _("Places in 80 of 100")],
                [[f"{one['ref']}  {one['name']}", one["rank"], one["first_of_100"],
                  f"{one['rank_lo']}–{one['rank_hi']}"] for one in ranking.rows],
                strong=frozenset(n for n, one in enumerate(ranking.rows) if one["rank"] == 1),
            )  # fmt: skip


def _sides(ranking: RankedConcepts) -> None:
    """Two rankings, and where they part; who leads as the customer share moves."""
    left, right = st.columns(2, gap="medium")
    with left:
        places = {side: _places([one[f"{side}_score"] for one in ranking.rows]) for side in ("customer", "business")}
        rows = [
            [f"{one['ref']}  {one['name']}", _with_place(one["customer_score"], places["customer"][n]),
             _with_place(one["business_score"], places["business"][n])]
            for n, one in enumerate(ranking.rows)
        ]  # fmt: skip
        most = max(3, len(rows) // 2)  # places that nobody would call near
        apart = frozenset(
            n for n in range(len(rows))
            if None not in (c := places["customer"][n], b := places["business"][n]) and abs(c - b) >= most
        )  # fmt: skip
        tables.draw(_("Two rankings: score and place for each side; where they part stands out"),
                    [_("Concept"), _("For customers"), _("For the business")], rows, strong=apart)  # fmt: skip
    with right:
        shares = list_shares(here.db())
        leads = [one["refs"][0] for one in shares]
        same = len(set(leads)) == 1
        st.text(
            _("The same concept leads at every customer share.")
            if same
            else _("Who leads depends on how much customers weigh.")
        )
        tables.draw(
            _("The first three at each customer share"),
            [_("Share"), _("First"), _("Second"), _("Third")],
            [[one["share"], *(one["names"] + [""] * 3)[:3]] for one in shares],
            strong=frozenset(n for n, one in enumerate(shares) if one["share"] == ranking.customer_share),
            words=True,
        )


def _places(scores: list[float | None]) -> list[int | None]:
    known = [score for score in scores if score is not None]
    return [None if score is None else 1 + sum(other > score for other in known) for score in scores]


def _with_place(score: float | None, place: int | None) -> str | None:
    return None if score is None else f"{whole(score)} (#{place})"


@st.cache_data(max_entries=16, show_spinner=False)
def _effort_chart(rows: list[dict], mode: str) -> dict:
    return impact_and_effort(rows, mode=mode, words={"effort": _("Effort still to come"), "score": _("Score")})


def _effort(ranking: RankedConcepts, mode: str) -> None:
    known = [one for one in ranking.rows if one["effort"] is not None]
    if not known:
        empty(_("No concept has an effort yet. Say what each takes at the step Requirements."))
        return
    front = max(known, key=lambda one: (one["front_of_100"] or 0, one["score"]))
    if front["front_of_100"] is not None:
        said = _("{name} is on the front in {n} of 100: nothing moves as much for as little effort.")
        st.text(said.format(name=front["name"], n=front["front_of_100"]))
    st.vega_lite_chart(_effort_chart(ranking.rows, mode), theme=None, width="stretch")
    st.caption(_("Filled: on the front; a ring: another one moves more for no more effort. Line: 80 of 100 replays."))
    tables.fold(
        _("Score, effort still to come, and how often of 100 on the front"),
        [_("Concept"), _("Score"), _("Effort"), _("On the front")],
        [[f"{one['ref']}  {one['name']}", whole(one["score"]), one["effort"], one["front_of_100"]] for one in known],
    )


def _split() -> None:
    """Cells where the room is split: talk, then rate once more; both rounds stay, and both are shown."""
    cells = list_split_cells(here.db())
    if not cells:
        empty(_("Nowhere do a quarter of the people stand at each end."))
        return
    for cell in cells:
        with st.container(key=f"line-split-{cell['concept']}-{cell['metric']}", gap="xsmall"):
            with row("xsmall", wrap=False):
                st.markdown(label(cell["concept"], cell["metric"]), width="content")
                st.text(f"{cell['name']}: {cell['metric_name']}", width="stretch")
                if cell["talked"] and not cell["split"]:
                    st.caption(_("closer now"), width="content")
            rounds = {1: _("First round"), 2: _("Second round")}
            tables.draw(
                _("How many said what of {concept} on {metric}").format(**cell),
                ["", *map(signed, range(-3, 4)), _("Middle")],
                [[rounds[one["round"]], *(n or "" for n in one["said"]), signed(one["median"])]
                 for one in cell["rounds"]],
            )  # fmt: skip
    if has_second_round(here.db()):
        twice = any(cell["talked"] for cell in cells)
        st.caption(_("These were rated twice; the second round counts, and the first stays to be seen.") if twice
                   else _("These are rated once more; until the reveal the first round counts."))  # fmt: skip
        return
    if here.is_closed():
        return
    st.caption(_("Hear the highest and the lowest first. Then each rates these once more, alone."))
    there = room.get_room(here.db())["step"] == STEP.slug
    here.button(_("Rate these once more"), key="rate-again", icon=":material/replay:", disabled=not there,
                help=None if there else _("Bring the room here first."), on_click=here.carry_out,
                args=(open_activity, once_more(cells), _("Opened a second round")))  # fmt: skip


@st.cache_data(max_entries=16, show_spinner=False)
def _heatmap(rows: list[dict], ranks: list[list[int]], mode: str) -> dict:
    return rank_heatmap(rows, ranks, mode=mode, words={"rank": _("Place")})


def _analyst(ranking: RankedConcepts, mode: str) -> None:
    if ranking.tables is None:
        empty(_("From five people on."))
    else:
        _figures(ranking, mode)
    kept.draw()


def _figures(ranking: RankedConcepts, mode: str) -> None:
    found, refs = ranking.tables, [one["ref"] for one in ranking.rows]
    names = [f"{one['ref']}  {one['name']}" for one in ranking.rows]
    agreement = {"kendall_w": _("Kendall’s W"), "krippendorff_alpha": _("Krippendorff’s α")}
    said = "  ·  ".join(
        f"{title} {'–' if ranking.agreement[name] is None else ranking.agreement[name]}"
        for name, title in agreement.items()
    )
    st.text(_("How much people agree: {said}").format(said=said))
    st.caption(_("W over the people’s orders, α over single ratings; 1: all agree, 0: as by chance. "
                 "Agreement is not certainty: many who disagree can still make a sure average."))  # fmt: skip
    first, last = found["ranks"][0], found["ranks"][-1]
    where = _("{first} stands at place 1 in {n} of 100 replays; {last} most often at place {place}, in {m} of 100.")
    if len(refs) > 1:
        st.text(where.format(first=ranking.rows[0]["name"], n=first[0], last=ranking.rows[-1]["name"],
                             place=last.index(max(last)) + 1, m=max(last)))  # fmt: skip
    st.vega_lite_chart(_heatmap(ranking.rows, found["ranks"], mode), theme=None, width="stretch")
    tables.fold(_("How often of 100 at each place"), [_("Concept"), *map(str, range(1, len(refs) + 1))],
                [[name, *line] for name, line in zip(names, found["ranks"], strict=True)])  # fmt: skip
    tables.draw(_("How often of 100 the row beats the column"), ["", *refs],
                [[name, *line] for name, line in zip(names, found["pairs"], strict=True)])  # fmt: skip
    tables.draw(
        _("Central weights: how 100 points lie, on average, in the replays that a concept wins; last, how often it "
          "would be first with them"),
        ["", *found["metrics"], _("First")],
        [[name, *line, sure] for name, line, sure in zip(names, found["central"], found["confidence"], strict=True)],
    )  # fmt: skip
    tables.draw(
        _("Ratings of each cell, and how far they spread (standard deviation)"), ["", *found["metrics"]],
        [[name, *(f"{n} ({'–' if sd is None else sd})" for n, sd in zip(counts, spread, strict=True))]
         for name, counts, spread in zip(names, found["coverage"], found["spread"], strict=True)],
    )  # fmt: skip
    titles = {metric["ref"]: metric["name"] for metric in list_metrics(here.db(), "cpi", "kpi")}
    cells = [f"{concept} × {metric} ({titles[metric]})" for concept, metric in ranking.next_cells[:5]]
    if cells:
        st.text(_("What the next ratings should be of: {cells}").format(cells="; ".join(cells)))
    method = _("Method {version}, {replays} replays, weights as firm as {concentration}, seed {seed}.")
    values = ranking.method | {name: figure(ranking.method[name]) for name in ("replays", "concentration")}
    st.caption(method.format(**values))
