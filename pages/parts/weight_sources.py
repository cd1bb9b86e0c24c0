"""Where the weights come from: typed, the room's split, swings, their order alone; how firm they are, and whose."""

import streamlit as st

from pages.parts import here, tables
from pages.parts.cards import empty, row
from workshop.figures import figure
from workshop.steps.prepare import get_workshop
from workshop.steps.strategy import list_metrics
from workshop.steps.weighing import (
    FIRMNESS,
    SOURCES,
    CountOwnWeights,
    SayWhoDecides,
    SetFirmness,
    TakeSplit,
    WeighByOrder,
    WeighBySwings,
    count_own_weights,
    get_source,
    list_splits,
    say_who_decides,
    set_firmness,
    spread_of,
    take_split,
    weigh_by_order,
    weigh_by_swings,
)
from workshop.words import N_, _

DONE = N_("Weighed what is counted")


def draw() -> None:
    splits = list_splits(here.db())
    sides = st.columns(2, gap="medium")
    for side, (kind, title) in zip(sides, (("cpi", _("What customers count")), ("kpi", _("What the company counts"))),
                                   strict=True):  # fmt: skip
        with side:
            _kind(kind, title, splits.get(kind, {}))
    _whose(any(splits.values()))


def _kind(kind: str, title: str, splits: dict) -> None:
    metrics = list_metrics(here.db(), kind)
    st.markdown(f"**{title}**")
    if not metrics:
        empty(_("There is nothing to weigh yet."))
        return
    st.caption(_("In use: {source}").format(source=_(SOURCES[get_source(here.db(), kind)])))
    head = ["", _("Weight"), *([_("The room’s middle"), _("Least … most")] if splits else [])]
    rows = [[f"{one['ref']}  {one['name']}", figure(one["weight"]) or "–", *_split(splits, one["ref"])]
            for one in metrics]  # fmt: skip
    tables.draw(_("Points of 100"), head, rows)
    with row("xsmall"):
        if splits:
            here.button(_("Take over the room’s split"), key=f"take-split-{kind}", icon=":material/groups:",
                        on_click=here.carry_out, args=(take_split, TakeSplit(kind), _(DONE)),
                        kwargs={"beside": f"weigh-{kind}"})  # fmt: skip
        if not here.is_closed():
            with st.popover(_("Swings"), key=f"swings-{kind}"):
                _swings(kind, metrics)
            with st.popover(_("Only their order"), key=f"order-{kind}"):
                _order(kind, metrics)
    if not splits and not here.is_closed():
        st.caption(_("The room can split 100 points over these: Ask the room, at Strategy."))
    here.show_refusal(f"weigh-{kind}")


def _split(splits: dict, ref: str) -> list[str]:
    if not splits:
        return []
    middle, least, most = spread_of(splits, ref)
    return [figure(middle), f"{least} … {most}"]


def _swings(kind: str, metrics: list[dict]) -> None:
    st.caption(_("Which would you most like to move from its worst to its best? That one has 100; the others less."))
    for one in metrics:
        with row("xsmall", wrap=False):
            st.text(one["name"], width="stretch")
            st.number_input(_("Swing of {ref}").format(ref=one["ref"]), step=5, value=0, key=f"swing-{one['ref']}",
                            label_visibility="collapsed", width=120)  # fmt: skip
    st.button(_("Weigh by these swings"), key=f"weigh-swings-{kind}", on_click=_weigh_by_swings, args=(kind, metrics))


def _weigh_by_swings(kind: str, metrics: list[dict]) -> None:
    swings = tuple((one["ref"], st.session_state[f"swing-{one['ref']}"]) for one in metrics)
    here.carry_out(weigh_by_swings, WeighBySwings(kind, swings), _(DONE), beside=f"weigh-{kind}")


def _order(kind: str, metrics: list[dict]) -> None:
    names = {one["ref"]: f"{one['ref']}  {one['name']}" for one in metrics}
    st.multiselect(_("Choose all of them, the most important first"), list(names), format_func=names.get,
                   key=f"in-order-{kind}")  # fmt: skip
    st.button(_("Weigh by this order"), key=f"weigh-order-{kind}", on_click=_weigh_by_order, args=(kind,))


def _weigh_by_order(kind: str) -> None:
    command = WeighByOrder(kind, tuple(st.session_state[f"in-order-{kind}"]))
    here.carry_out(weigh_by_order, command, _(DONE), beside=f"weigh-{kind}")


def _whose(was_split: bool) -> None:
    """How firm the weights are, and whether each person's own, or these people alone, are what counts."""
    workshop, shut = get_workshop(here.db()), here.is_closed()
    for name, key in (("firmness", "firmness"), ("own_weights", "own-weights"), ("everyone_decides", "everyone")):
        now = workshop[name]
        st.session_state[key] = now if name == "firmness" else bool(now)
    st.segmented_control(_("How firm are the weights?"), list(FIRMNESS), key="firmness", required=True, disabled=shut,
                         format_func=lambda name: _(FIRMNESS[name][1]), on_change=_set_firmness)  # fmt: skip
    st.toggle(_("Each person’s own split is drawn together with their ratings"), key="own-weights",
              disabled=shut or not was_split, on_change=_count_own_weights)  # fmt: skip
    st.toggle(_("These people are everyone who decides: their ratings stand, and only the weights vary"),
              key="everyone", disabled=shut, on_change=_say_who_decides)  # fmt: skip


def _set_firmness() -> None:
    here.carry_out(set_firmness, SetFirmness(st.session_state["firmness"]), _("Weights: {ref}"))


def _count_own_weights() -> None:
    here.carry_out(count_own_weights, CountOwnWeights(st.session_state["own-weights"]), _("Whose weights count"))


def _say_who_decides() -> None:
    here.carry_out(say_who_decides, SayWhoDecides(st.session_state["everyone"]), _("Who decides"))
