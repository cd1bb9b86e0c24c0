"""Commitment: what starts, who brings it to life, when we look again, and what is still open."""

import streamlit as st

from pages.parts import activity, carrying_out, deciding, editor, findings, here, written
from pages.parts.cards import head, promise_line
from pages.parts.editor import Form
from workshop.steps.commitment import (
    STEP,
    add_activation,
    add_assumption,
    add_decision,
    add_practice_review,
    add_reading,
    add_review,
    list_uncommitted,
    park_question,
)
from workshop.steps.concepts import add_concept
from workshop.words import _

PAGE = STEP.slug
DECISION = Form("decision", add_decision, _("A decision"), ("text", "rationale", "decided_by_role", "gives_up"),
                ("because_of", "dissent", "owner_role", "due", "state", "step"))  # fmt: skip
TEST = Form("concept", add_concept, _("A first test"), ("first_test", "test_with", "test_by", "biggest_guess"),
            ("keeps_promise", "name", "what_happens"))  # fmt: skip
KINDS = {
    "employees": _("An action for employees"), "leadership": _("An action of leaders"),
    "daily_task": _("A daily task"), "vision": _("A change of the vision"), "policy": _("A policy"),
}  # fmt: skip
ACTIONS = [
    Form("activation", add_activation, KINDS.get(kind, _("An action")), ("action", "concept", "owner_role", "due"),
         ("kind", "promise", "status"), suits=lambda one, kind=kind: kind in (one["kind"], None))
    for kind in (*KINDS, None)
]  # fmt: skip
PRACTICE = Form("practice_review", add_practice_review, _("A practice"), ("practice", "decision", "whose", "principle"))
REVIEW = Form("review", add_review, _("We look again"), ("date", "forum", "metrics", "about"),
              ("result", "what_changed"))  # fmt: skip
READING = Form("reading", add_reading, _("A reading"), ("metric", "date", "value"), ("note", "source"))
QUESTION = Form("question", park_question, _("An open question"), ("text", "owner_role", "due", "answer"))
ASSUMPTION = Form("assumption", add_assumption, _("An assumption"), ("text", "owner_role", "due", "answer"))
VIEWS = {
    "decide": (_("Decide"), deciding.draw, [DECISION, TEST]),
    "life": (_("Bring to life"), carrying_out.draw_life, [*ACTIONS, PRACTICE]),
    "measure": (_("Measure and adapt"), carrying_out.draw_measure, [REVIEW, READING]),
    "open": (_("Still open"), carrying_out.draw_open, [QUESTION, ASSUMPTION]),
}
FORMS = [DECISION, TEST, *ACTIONS, PRACTICE, REVIEW, READING, QUESTION, ASSUMPTION]
BEGIN = {"decide": {"step": PAGE}, "life": {"kind": "employees"}}


def turn_to_view() -> None:
    """Callback: what was open belongs to the view that was left."""
    editor.close(PAGE)


left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line(PAGE)
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    for name, (_title, _draw, forms) in VIEWS.items():
        if any(editor.is_asked_for(PAGE, form.table) for form in forms):  # a link to an item turns to where it stands
            st.session_state["commitment-view"] = name
    view = st.session_state.setdefault("commitment-view", "decide")
    st.segmented_control(_("View"), list(VIEWS), key="commitment-view", required=True,
                         format_func=lambda name: VIEWS[name][0], label_visibility="collapsed",
                         on_change=turn_to_view)  # fmt: skip
    _title, draw, forms = VIEWS[view]
    if left_over := list_uncommitted(here.db()):
        st.caption(" ".join(left_over[:3]))
    draw(PAGE)
    written.draw(PAGE)
    findings.put_aside("activation", "decision", *deciding.ABOUT_DECIDING)
    editor.put_away(
        PAGE, "decision", "activation", "practice_review", "review", "reading", "question", "assumption"
    )
with right:
    editor.draw(PAGE, [*forms, *(form for form in FORMS if form not in forms)], BEGIN.get(view))
