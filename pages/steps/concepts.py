"""Concepts: one-line ideas at the left, the cards that they become at the right."""

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import card, empty, handle, head, label, line, promise_line, row
from pages.parts.editor import Form
from workshop.steps.concepts import STEP, MakeCard, add_concept, list_concepts, make_card
from workshop.steps.ideas import AddIdea, add_idea, list_ideas
from workshop.steps.purpose import list_chosen
from workshop.words import _

PAGE = STEP.slug
db = here.db()
ideas, cards = list_ideas(db), list_concepts(db)
forms = [
    Form("concept", add_concept, _("A concept card"), ("name", "what_happens", "purposes", "principles"),
         ("touchpoints", "keeps_promise", "occurrence", "hmw", "evidence", "status")),
    Form("idea", add_idea, _("An idea"), ("text", "purpose"), ("principle", "touchpoint", "status")),
]  # fmt: skip


def jot_down() -> None:
    """Stores the line that was written, and makes room for the next one."""
    number = st.session_state.get("ideas", 0)
    command = AddIdea(text=st.session_state[f"idea-{number}"], purpose=st.session_state.get("idea-for"))
    if here.carry_out(add_idea, command, _("Added {ref}")):
        st.session_state["ideas"] = number + 1


def take_up(idea: str) -> None:
    if made := here.carry_out(make_card, MakeCard(idea), _("Made {ref}")):
        editor.open_item(PAGE, made)


def draw_card(concept: dict) -> None:
    with card(concept["ref"]):
        with st.container(key=f"name-{concept['ref']}", horizontal=True, gap="xsmall", wrap=False):
            handle(concept["ref"], editor.open_item, PAGE, concept["ref"])
            st.text(concept["name"], width="stretch")
        if concept["what_happens"]:
            st.text(concept["what_happens"])
        else:
            empty(_("Who does what, when?"))
        with st.container(horizontal=True, vertical_alignment="center"):
            own = [ref for ref in concept["principles"] if ref != "D0"]
            st.markdown(label(*concept["purposes"], *own, *concept["touchpoints"]), width="stretch")
            if concept["status"] != "candidate":
                st.caption(_(concept["status"]), width="content")


# the cards have the whole width until one of them is being written
main, right = st.columns([7, 3], gap="medium") if editor.editing(PAGE) else (st.container(), None)
with main:
    promise_line()
    head(STEP.prompt, STEP.below)
    left, middle = st.columns([3, 7] if right is None else [5, 7], gap="large" if right is None else "medium")
    with left:
        st.markdown(f"**{_('Ideas')}** :small[{len(ideas)}]")
        with st.form("jot", border=False):
            purposes = {one["ref"]: f"{one['ref']}  {one['text']}" for one in list_chosen(db, "small")}
            st.text_input(_("One line, then Enter"), key=f"idea-{st.session_state.get('ideas', 0)}",
                          placeholder=_("How might we …"), persist_state="session")  # fmt: skip
            st.selectbox(_("For"), list(purposes), index=None, format_func=purposes.get, key="idea-for",
                         placeholder=_("which purpose?"), label_visibility="collapsed")  # fmt: skip
            st.form_submit_button(_("Add"), key="jot-down", on_click=jot_down)
        for idea in reversed(ideas):
            with line(idea["ref"], horizontal=True, vertical_alignment="center", wrap=False):
                handle(idea["ref"], editor.open_item, PAGE, idea["ref"])
                st.text(idea["text"], width="stretch")
                if idea["purpose"]:
                    st.markdown(label(idea["purpose"]), width="content")
                st.button("", icon=":material/arrow_forward:", help=_("Make a card"), type="tertiary",
                          key=f"card-of-{idea['ref']}", on_click=take_up, args=(idea["ref"],))  # fmt: skip
        if not ideas and not cards:
            empty(_("Eight ideas in eight minutes: one line each, nobody judges."))
    with middle:
        with row("xsmall"):
            st.markdown(f"**{_('Cards')}** :small[{len(cards)}]", width="content")
            st.space("stretch")
            st.button(_("New card"), icon=":material/add:", type="tertiary", key="new-card", on_click=editor.open_new,
                      args=(PAGE, "concept"))  # fmt: skip
        columns = st.columns(2, gap="small") if right is None else [st.container()]
        for i, concept in enumerate(cards):
            with columns[i % len(columns)]:
                draw_card(concept)
        if not cards:
            empty(_("An idea becomes a card with its arrow, or write one at the right."))
    editor.put_away("concept", "idea")
if right is not None:
    with right:
        editor.draw(PAGE, forms)
