"""Ideas: one line each, as fast as they come; what to ask for, rounds, twins, and the way to a card."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import streamlit as st

from pages.parts import editor, here, pen
from pages.parts.cards import empty, handle, icon_only, label, line, one_page, row
from workshop.entries import Group, doubts, group
from workshop.items import list_items
from workshop.steps.concepts import MakeCard, make_card
from workshop.steps.ideas import (
    ROUNDS,
    AddIdeas,
    MergeIdeas,
    add_ideas,
    by_heading,
    list_ideas,
    list_prompts,
    list_twins,
    merge_ideas,
    trail_of,
)
from workshop.steps.purpose import list_chosen
from workshop.words import N_, _

PAGE = "concepts"
MOST_TWINS = 5  # pointed out at once
ROUND_NAMES = {
    "first": N_("First round"),
    "second": N_("Build on another’s"),
    "worst": N_("The worst version"),
    "flipped": N_("Flipped"),
}
HINTS = {
    "first": N_("Eight ideas in eight minutes: one line each, nobody judges."),
    "second": N_("Take somebody’s idea, and say what would make it better."),
    "worst": N_("How would we break our promise best? Then flip it."),
    "flipped": N_("What would be the opposite of the worst?"),
}


def draw() -> None:
    ideas = list_ideas(here.db())
    st.markdown(f"**{_('Ideas')}** :small[{len(ideas)}]")
    if not here.is_closed():
        _pen(ideas)
        _prompts()
        _twins(ideas)
    merged = trail_of(list_items(here.db(), "idea"))
    for heading, grouped in groupby(one_page(by_heading(ideas), "ideas-page"), lambda idea: idea["heading"]):
        under = list(grouped)
        if heading:
            with st.container(key=f"segment-{under[0]['ref']}"):
                st.text(heading)
        for idea in under:
            _idea(idea, merged.get(idea["ref"], []))
    if not ideas:
        empty(_(HINTS[st.session_state.get("idea-round") or "first"]))


def _pen(ideas: list[dict]) -> None:
    field = st.container()
    purposes = {one["ref"]: f"{one['ref']}  {one['text']}" for one in list_chosen(here.db(), "small")}
    st.selectbox(_("For"), list(purposes), index=None, format_func=purposes.get, key="idea-for",
                 placeholder=_("which purpose?"), label_visibility="collapsed", persist_state="session")  # fmt: skip
    with row():
        with st.popover(_("More"), type="tertiary"):
            st.selectbox(_("Round"), ROUNDS, key="idea-round", format_func=lambda one: _(ROUND_NAMES[one]))
            _list()
        _sort_out(ideas)
    with field:  # drawn last: a line that comes with the first run of a session has to find what it is for
        pen.draw("idea", _("One line, then Enter"), _("How might we …"), add_ideas, _asked_for, _("Added {ref}"))


def _list() -> None:
    key = here.fresh("list", "idea")
    with st.form("idea-list", border=False):
        st.text_area(_("Or a whole list, one idea a line"), key=key, persist_state="session")
        if problem := here.refusal_for("text", "ideas"):
            with st.container(key="problem-idea"):
                st.text(problem)
        here.button(_("Add the list"), in_form=True, key="add-list", on_click=_add_list)


def _add_list() -> None:
    key = here.fresh("list", "idea")
    lines = st.session_state.get(key) or ""
    if here.in_doubt(doubts(lines, "text"), "ideas"):
        return
    if here.carry_out(add_ideas, _asked_for(lines), _("Added {ref}"), beside="ideas"):
        here.renew("list")


def _asked_for(lines: str) -> AddIdeas:
    """Ideas for the chosen purpose and round, with the links of the prompt that was taken up."""
    about = _prompted()
    return AddIdeas(lines, st.session_state.get("idea-for"), about.get("touchpoint"), about.get("principle"),
                    st.session_state.get("idea-round") or "first")  # fmt: skip


def _prompts() -> None:
    """Combinations that nobody has thought of come first; the one taken up gives the next ideas their links."""
    prompts = list_prompts(here.db(), 6)
    if not prompts:
        return
    with st.popover(_("What could we ask for?"), icon=":material/casino:", type="tertiary", key="prompts",
                    on_change="rerun"):  # fmt: skip
        for prompt in prompts:
            with line(f"prompt-{prompt.purpose}-{prompt.touchpoint}-{prompt.principle}", horizontal=True, wrap=False):
                st.text(prompt.text, width="stretch")
                about = {"purpose": prompt.purpose, "touchpoint": prompt.touchpoint, "principle": prompt.principle}
                st.button(**icon_only("arrow_forward", _("Ask this")), type="tertiary",
                          key="ask-" + "-".join(filter(None, about.values())), on_click=_ask,
                          args=(about, prompt.text))  # fmt: skip
    if asked := _prompted():
        with row("xsmall", wrap=False), st.container(key="quiet-prompted"):
            st.text(asked["text"], width="stretch")


def _ask(about: dict, text: str) -> None:
    st.session_state["prompted"] = about | {"text": text}
    st.session_state["idea-for"] = about["purpose"]
    st.session_state["prompts"] = False


def _prompted() -> dict:
    """The prompt that was taken up, until ideas are for another purpose, or for none."""
    asked = st.session_state.get("prompted") or {}
    return asked if asked.get("purpose") == st.session_state.get("idea-for") else {}


def _twins(ideas: list[dict]) -> None:
    twins = list_twins(ideas)
    for one, other in twins[:MOST_TWINS]:
        with row("xsmall", key=f"twins-{one}-{other}"):
            st.markdown(f"{label(one)} {label(other)} {_('look alike')}", width="content")
            st.button(_("Merge"), key=f"merge-{one}-{other}", type="tertiary", on_click=here.carry_out,
                      args=(merge_ideas, MergeIdeas(one, (other,)), _("Merged into {ref}")))  # fmt: skip
    if len(twins) > MOST_TWINS:
        st.caption(_("and {count} more that look alike").format(count=len(twins) - MOST_TWINS))


def _sort_out(ideas: list[dict]) -> None:
    """Several that belong together, or that are one."""
    if len(ideas) < 2:
        return
    panel = st.popover(_("Group or merge"), icon=":material/join:", type="tertiary", key="sorting-out",
                       on_change="rerun")  # fmt: skip
    if not panel.open:
        return
    said = {one["ref"]: f"{one['ref']}  {one['text']}" for one in by_heading(ideas)}
    with panel:
        st.multiselect(_("Which ideas"), said, format_func=said.get, key="together", placeholder=_("none yet"))
        st.text_input(_("Heading"), key="together-heading")
        st.button(_("Put under this heading"), key="group-ideas", on_click=_group)
        st.button(_("Merge into the first"), key="merge-ideas", on_click=_merge)
        here.show_refusal("sorting-out")


def _group() -> None:
    command = Group(tuple(st.session_state["together"]), st.session_state["together-heading"])
    _sorted_out(group, command, _("Grouped under {ref}"))


def _merge() -> None:
    into, *rest = st.session_state["together"] or [""]
    _sorted_out(merge_ideas, MergeIdeas(into, tuple(rest)), _("Merged into {ref}"))


def _sorted_out(handler: Callable, command: Any, done: str) -> None:
    if here.carry_out(handler, command, done, beside="sorting-out"):
        st.session_state["together"] = []
        st.session_state["sorting-out"] = False


def _idea(idea: dict, merged: list[dict]) -> None:
    with line(idea["ref"], horizontal=True, vertical_alignment="center", wrap=False):
        handle(idea["ref"], editor.open_item, PAGE, idea["ref"])
        with st.container(gap="xxsmall"):
            st.text(idea["text"], width="stretch")
            said = [_("with {ref}: {text}").format(**one) for one in merged]
            if idea["builds_on"]:
                said.append(_("builds on {ref}").format(ref=idea["builds_on"]))
            if said:
                with st.container(key=f"feeling-{idea['ref']}"):
                    st.text("\n".join(said))
        if idea["purpose"]:
            st.markdown(label(idea["purpose"]), width="content")
        if idea["round"] == "worst":
            here.button(**icon_only("swap_vert", _("Flip it: what would be the opposite?")), type="tertiary",
                        key=f"flip-{idea['ref']}", on_click=editor.open_new, args=(PAGE, "idea"),
                        kwargs={"round": "flipped", "builds_on": idea["ref"], "purpose": idea["purpose"]})  # fmt: skip
        else:
            here.button(**icon_only("arrow_forward", _("Make a card")), type="tertiary",
                        key=f"take-up-{idea['ref']}", on_click=_take_up, args=(idea["ref"],))  # fmt: skip


def _take_up(idea: str) -> None:
    if made := here.carry_out(make_card, MakeCard(idea), _("Made {ref}")):
        editor.open_item(PAGE, made)
