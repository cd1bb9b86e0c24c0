"""Concepts: one-line ideas at the left, the cards that they become at the right."""

import streamlit as st

from pages.parts import activity, editor, findings, here, ideas, written
from pages.parts.cards import card, empty, handle, head, label, promise_line, row
from pages.parts.editor import Form
from workshop.steps.concepts import (
    STEP,
    MergeConcepts,
    SplitConcept,
    add_concept,
    list_concepts,
    list_live,
    merge_concepts,
    split_concept,
)
from workshop.steps.ideas import add_idea
from workshop.words import _

PAGE = STEP.slug
db = here.db()
found = findings.by_ref("concept")
concepts = list_concepts(db)
cards = [one for one in concepts if not one["merged_into"]]
merged: dict[str, list[dict]] = {}
for one in concepts:
    merged.setdefault(one["merged_into"], []).append(one)
forms = [
    Form("concept", add_concept, _("A concept card"), ("name", "what_happens", "purposes", "principles"),
         ("touchpoints", "keeps_promise", "enables", "feeling_before", "feeling_after", "occurrence", "area", "size",
          "biggest_guess", "first_test", "test_with", "test_by", "evidence", "side_effects", "tags", "hmw", "status")),
    Form("idea", add_idea, _("An idea"), ("text", "purpose", "builds_on"),
         ("principle", "touchpoint", "round", "heading", "status"), newest_first=True),
]  # fmt: skip


def draw_card(concept: dict) -> None:
    with card(concept["ref"]):
        with st.container(key=f"name-{concept['ref']}", horizontal=True, gap="xsmall", wrap=False):
            handle(concept["ref"], editor.open_item, PAGE, concept["ref"])
            st.text(concept["name"], width="stretch")
        if concept["what_happens"]:
            st.text(concept["what_happens"])
        else:
            empty(_("Who does what, when?"))
        for one in merged.get(concept["ref"], ()):
            with st.container(key=f"feeling-merged-{one['ref']}"):
                said = _("with {ref} {name}: {what}") if one["what_happens"] else _("with {ref} {name}")
                st.text(said.format(ref=one["ref"], name=one["name"], what=one["what_happens"]))
        with st.container(horizontal=True, vertical_alignment="center"):
            own = [ref for ref in concept["principles"] if ref != "D0"]
            st.markdown(label(*concept["purposes"], *own, *concept["touchpoints"]), width="stretch")
            if concept["status"] != "candidate":
                st.caption(_(concept["status"]), width="content")
        findings.chips(PAGE, concept["ref"], found)


def merge_and_split(ref: str) -> None:
    """For the card that is open: it goes into another one, or a second one comes out of it."""
    others = {one["ref"]: f"{one['ref']}  {one['name']}" for one in list_live(db) if one["ref"] != ref}
    with st.expander(_("Merge or split"), icon=":material/call_merge:", key=f"merge-or-split-{ref}"):
        st.selectbox(_("It goes into"), list(others), index=None, format_func=others.get, key=f"into-{ref}",
                     placeholder=_("which card?"))  # fmt: skip
        st.button(_("Merge"), key=f"merge-{ref}", on_click=merge, args=(ref,))
        st.text_input(_("Or a second card comes out of it, named"), key=f"split-name-{ref}")
        st.button(_("Split"), key=f"split-{ref}", on_click=split, args=(ref,))
        here.show_refusal("merge-or-split")


def merge(ref: str) -> None:
    into = st.session_state[f"into-{ref}"]
    if here.carry_out(merge_concepts, MergeConcepts(ref, into), _("Merged into {ref}"), beside="merge-or-split"):
        editor.open_item(PAGE, into)


def split(ref: str) -> None:
    command = SplitConcept(ref, st.session_state[f"split-name-{ref}"])
    if made := here.carry_out(split_concept, command, _("Split off {ref}"), beside="merge-or-split"):
        editor.open_item(PAGE, made)


editor.follow_address(PAGE, forms)
# the cards have the whole width until one of them is being written
main, right = st.columns([7, 3], gap="medium") if editor.editing(PAGE) else (st.container(), None)
with main:
    promise_line(PAGE)
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    left, middle = st.columns([3, 7] if right is None else [5, 7], gap="large" if right is None else "medium")
    with left:
        ideas.draw()
    with middle:
        with row("xsmall"):
            st.markdown(f"**{_('Cards')}** :small[{len(cards)}]", width="content")
            st.space("stretch")
            here.button(_("New card"), icon=":material/add:", type="tertiary", key="new-card", on_click=editor.open_new,
                        args=(PAGE, "concept"))  # fmt: skip
        columns = st.columns(2, gap="small") if right is None else [st.container()]
        for i, concept in enumerate(cards):
            with columns[i % len(columns)]:
                draw_card(concept)
        if not cards:
            empty(_("An idea becomes a card with its arrow, or write one with New card."))
    written.draw(PAGE)
    findings.put_aside("concept")
    editor.put_away(PAGE, "concept", "idea")
if right is not None:
    with right:
        editor.draw(PAGE, forms)
        open_one = editor.editing(PAGE)
        if open_one.ref and open_one.table == "concept" and not here.is_closed():
            with st.container(key="editor-merge-or-split"):
                merge_and_split(open_one.ref)
