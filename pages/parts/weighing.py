"""Where the weights come from; and what if they were others? A slider for each re-ranks at once, and stops where
another concept comes first."""

import streamlit as st

from pages.parts import here, tables, weight_sources
from pages.parts.cards import label, row
from workshop.figures import whole
from workshop.steps.flips import list_flips
from workshop.steps.order import RankedConcepts, get_ranking
from workshop.steps.strategy import list_metrics
from workshop.steps.weighing import SetWeights, set_weights
from workshop.words import N_, _

VIEWS = {"others": N_("What if they were others?"), "sources": N_("Where they come from")}


def draw(stands: RankedConcepts) -> None:
    view = st.segmented_control(_("Weights"), list(VIEWS), key="weights-view", default="others", required=True,
                                format_func=lambda name: _(VIEWS[name]), label_visibility="collapsed")  # fmt: skip
    if view == "sources":
        weight_sources.draw()
        return
    metrics = list_metrics(here.db(), "cpi", "kpi")
    share = stands.customer_share
    tried = _tried(metrics)
    flips = list_flips(here.db(), share, tried)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        for kind, title in (("cpi", _("What customers count")), ("kpi", _("What the company counts"))):
            group = [metric for metric in metrics if metric["kind"] == kind]
            if group:
                st.markdown(f"**{title}**")
            for metric in group:
                _slider(metric, flips[metric["ref"]])
        _buttons(metrics, tried)
    with right:
        _outcome(stands, metrics, tried)


def _tried(metrics: list[dict]) -> tuple[tuple[str, float], ...]:
    """The weights as the sliders stand; a metric whose slider was not moved keeps its own, to the last decimal."""
    slid = [st.session_state.get(_key(one), _point(one)) for one in metrics]
    return tuple(
        (one["ref"], float(one["weight"] or 0) if slid_ == _point(one) else float(slid_))
        for one, slid_ in zip(metrics, slid, strict=True)
    )


def _point(metric: dict) -> int:
    """Where a slider of whole points begins."""
    return round(metric["weight"] or 0)


def _key(metric: dict) -> str:
    return f"try-{metric['ref']}-{metric['version']}"


def _slider(metric: dict, flips: list[dict]) -> None:
    now = _point(metric)
    st.session_state.setdefault(_key(metric), now)
    with row("xsmall", wrap=False):
        st.markdown(label(metric["ref"]), width="content")
        st.text(metric["name"], width="stretch")
        st.slider(_("Weight of {ref}").format(ref=metric["ref"]), 0, 100, key=_key(metric), width=260,
                  label_visibility="collapsed", on_change=_stop, args=(_key(metric), now, flips))  # fmt: skip


def _stop(key: str, began: int, flips: list[dict]) -> None:
    """A move that would pass a flip ends at it, once; the next move goes on from there."""
    moved, before = st.session_state[key], st.session_state.get(f"was-{key}", began)
    for flip in flips:
        if min(before, moved) < flip["point"] < max(before, moved):
            moved = flip["point"]
    st.session_state[key] = st.session_state[f"was-{key}"] = moved


def _outcome(stands: RankedConcepts, metrics: list[dict], tried: tuple[tuple[str, float], ...]) -> None:
    points = dict(tried)
    for kind, name in (("cpi", _("CPI")), ("kpi", _("KPI"))):
        group = [metric for metric in metrics if metric["kind"] == kind]
        if group and not sum(points[metric["ref"]] for metric in group):
            st.text(
                _("All weights of the {name}s are 0: then nothing counts. Give one of them some.").format(name=name)
            )
            return
    moved = [metric["ref"] for metric in metrics if points[metric["ref"]] != (metric["weight"] or 0)]
    found = get_ranking(here.db(), stands.customer_share, tried) if moved else stands
    before = {one["ref"]: n for n, one in enumerate(stands.rows, 1)}
    leads = found.rows[0]
    st.text(found.sentence)
    if leads["ref"] != stands.rows[0]["ref"]:
        st.text(_("With these weights {name} comes first.").format(name=leads["name"]))
    if found.flip:
        st.text(found.flip["sentence"])
    rows = [
        [f"{one['ref']}  {one['name']}", one["rank"], whole(one["score"]), _moved(before[one["ref"]] - n)]
        for n, one in enumerate(found.rows, 1)
    ]
    tables.draw(_("The order with the weights as they stand here"),
                [_("Concept"), _("Place"), _("Score"), _("Moved")], rows,
                strong=frozenset(n for n, one in enumerate(found.rows) if one["rank"] == 1))  # fmt: skip


def _moved(by: int) -> str:
    return "" if not by else f"↑ {by}" if by > 0 else f"↓ {-by}"


def _buttons(metrics: list[dict], tried: tuple[tuple[str, float], ...]) -> None:
    differs = any(weight != (metric["weight"] or 0) for metric, (_ref, weight) in zip(metrics, tried, strict=True))
    if not differs:
        st.caption(_("Move a slider: nothing is stored, and the order on the right follows at once."))
        return
    with row("small"):
        here.button(_("Keep these weights"), key="keep-weights", on_click=_keep, args=(tried,))
        st.button(
            _("Back to what was agreed"), key="agreed-weights", type="tertiary", on_click=_forget, args=(metrics,)
        )


def _keep(tried: tuple[tuple[str, float], ...]) -> None:
    here.carry_out(set_weights, SetWeights(tried), _("Kept {ref} weights"))


def _forget(metrics: list[dict]) -> None:
    for metric in metrics:
        for key in (_key(metric), f"was-{_key(metric)}"):
            st.session_state.pop(key, None)
