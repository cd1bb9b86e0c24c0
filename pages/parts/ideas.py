"""Ideas: one line each, as fast as they come; what to ask for, rounds, twins, and the way to a card."""

import streamlit as st

from pages.parts import editor, here, pen
from pages.parts.cards import empty, handle, label, line, one_page, row
from workshop.entries import doubts
from workshop.steps.concepts import MakeCard, make_card
from workshop.steps.ideas import (
    ROUNDS,
    AddIdeas,
    MergeIdeas,
    add_ideas,
    list_ideas,
    list_prompts,
    list_twins,
    merge_ideas,
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
    _pen()
    _prompts()
    _twins(ideas)
    for idea in one_page(ideas[::-1], "ideas-page"):
        _idea(idea)
    if not ideas:
        empty(_(HINTS[st.session_state.get("idea-round") or "first"]))


def _pen() -> None:
    field = st.container()
    purposes = {one["ref"]: f"{one['ref']}  {one['text']}" for one in list_chosen(here.db(), "small")}
    st.selectbox(_("For"), list(purposes), index=None, format_func=purposes.get, key="idea-for",
                 placeholder=_("which purpose?"), label_visibility="collapsed", persist_state="session")  # fmt: skip
    with st.popover(_("More"), type="tertiary"):
        st.selectbox(_("Round"), ROUNDS, key="idea-round", format_func=lambda one: _(ROUND_NAMES[one]))
        _list()
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
    about = st.session_state.get("prompted") or {}
    purpose = st.session_state.get("idea-for") or about.get("purpose")
    return AddIdeas(lines, purpose, about.get("touchpoint"), about.get("principle"),
                    st.session_state.get("idea-round") or "first")  # fmt: skip


def _prompts() -> None:
    """Combinations that nobody has thought of come first; the one taken up gives the next ideas their links."""
    prompts = list_prompts(here.db(), 6)
    if not prompts:
        return
    with st.popover(_("What could we ask for?"), icon=":material/casino:", type="tertiary"):
        for prompt in prompts:
            with line(f"prompt-{prompt.purpose}-{prompt.touchpoint}-{prompt.principle}", horizontal=True, wrap=False):
                st.text(prompt.text, width="stretch")
                about = {"purpose": prompt.purpose, "touchpoint": prompt.touchpoint, "principle": prompt.principle}
                st.button("", icon=":material/arrow_forward:", type="tertiary", help=_("Ask this"),
                          key="ask-" + "-".join(filter(None, about.values())), on_click=_ask,
                          args=(about, prompt.text))  # fmt: skip
    if asked := st.session_state.get("prompted"):
        with row("xsmall", wrap=False), st.container(key="quiet-prompted"):
            st.text(asked["text"], width="stretch")


def _ask(about: dict, text: str) -> None:
    st.session_state["prompted"] = about | {"text": text}
    st.session_state["idea-for"] = about["purpose"]


def _twins(ideas: list[dict]) -> None:
    twins = list_twins(ideas)
    for one, other in twins[:MOST_TWINS]:
        with row("xsmall", key=f"twins-{one}-{other}"):
            st.markdown(f"{label(one)} {label(other)} {_('look alike')}", width="content")
            st.button(_("Merge"), key=f"merge-{one}-{other}", type="tertiary", on_click=here.carry_out,
                      args=(merge_ideas, MergeIdeas(one, (other,)), _("Merged into {ref}")))  # fmt: skip
    if len(twins) > MOST_TWINS:
        st.caption(_("and {count} more that look alike").format(count=len(twins) - MOST_TWINS))


def _idea(idea: dict) -> None:
    with line(idea["ref"], horizontal=True, vertical_alignment="center", wrap=False):
        handle(idea["ref"], editor.open_item, PAGE, idea["ref"])
        st.text(idea["text"], width="stretch")
        if idea["purpose"]:
            st.markdown(label(idea["purpose"]), width="content")
        if idea["round"] == "worst":
            st.button("", icon=":material/swap_vert:", help=_("Flip it: what would be the opposite?"), type="tertiary",
                      key=f"flip-{idea['ref']}", on_click=editor.open_new, args=(PAGE, "idea"),
                      kwargs={"round": "flipped", "builds_on": idea["ref"], "purpose": idea["purpose"]})  # fmt: skip
        else:
            st.button("", icon=":material/arrow_forward:", help=_("Make a card"), type="tertiary",
                      key=f"take-up-{idea['ref']}", on_click=_take_up, args=(idea["ref"],))  # fmt: skip


def _take_up(idea: str) -> None:
    if made := here.carry_out(make_card, MakeCard(idea), _("Made {ref}")):
        editor.open_item(PAGE, made)
