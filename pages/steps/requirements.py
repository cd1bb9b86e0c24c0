"""Requirements: below each concept what it takes, what is missing first, and the effort that is still to come."""

import streamlit as st

from pages.parts import activity, editor, findings, here, written
from pages.parts.cards import empty, handle, head, label, line, promise_line, row
from pages.parts.editor import Form
from workshop.steps.concepts import list_live
from workshop.steps.impacts import list_efforts
from workshop.steps.requirements import (
    STEP,
    add_requirement,
    likely_next,
    list_requirements,
    list_untouched,
    of_side,
    tell_sides,
)
from workshop.words import _

PAGE = STEP.slug
db = here.db()
needs, efforts, found = list_requirements(db), list_efforts(db), findings.by_ref("requirement", "concept")
names = {one["ref"]: one for one in list_live(db)}
MARKS = {"have": "check_circle", "partial": "contrast", "missing": "cancel", None: "help"}
SAID = {"have": _("have"), "partial": _("partly"), "missing": _("missing"), None: _("not looked at")}
VIEWS = {"all": _("Everything"), "capability": _("Capabilities"), "culture": _("Culture")}
ABOUT_NEEDS = ("KON-REQ", "KON-OWNER")
forms = [
    Form("requirement", add_requirement, _("What it takes"), ("concept", "text", "type", "status"),
         ("effort", "owner_role", "waits_for", "depends_on"), suits=lambda need: "ref" not in need),
    # once it stands below its concept, the effort is more in question than where it belongs
    Form("requirement", add_requirement, _("What it takes"), ("text", "type", "status", "effort"),
         ("owner_role", "waits_for", "depends_on", "concept")),
]  # fmt: skip


def draw_need(need: dict) -> None:
    with line(need["ref"], horizontal=True, wrap=False, vertical_alignment="top"):
        handle(need["ref"], editor.open_item, PAGE, need["ref"])
        with st.container(gap=None):
            st.text(need["text"], width="stretch")
            waits = _("waits for {what}")
            after = [waits.format(what=one) for one in (need["waits_for"], need["depends_on"]) if one]
            kind = _(need["type"]) if need["type"] else _("which kind?")
            with st.container(key=f"feeling-{need['ref']}"):
                st.text(" · ".join(filter(None, (kind, need["owner_role"], *after))))
            findings.chips(PAGE, need["ref"], found)
        if need["effort"]:
            st.caption("●" * need["effort"] + "○" * (5 - need["effort"]), width="content")
        st.caption(f":material/{MARKS[need['status']]}: {SAID[need['status']]}", width="content")


def draw_concept(ref: str, rows: list[dict]) -> None:
    concept = names[ref]
    with row("xsmall", wrap=False):
        st.markdown(label(ref), width="content")
        with st.container(key=f"name-{ref}"):
            st.text(concept["name"], width="stretch")
        chosen = _("chosen") if concept["status"] == "selected" else ""
        left = _("effort {effort} to come").format(effort=efforts[ref]) if efforts.get(ref) else ""
        st.caption(", ".join(filter(None, (chosen, left))), width="content")
        here.button(_("Add"), icon=":material/add:", type="tertiary", key=f"new-{ref}", on_click=editor.open_new,
                    args=(PAGE, "requirement"), kwargs={"concept": ref})  # fmt: skip
    view = st.session_state.get("requirements-view", "all")
    for need in rows if view == "all" else of_side(rows, view):
        draw_need(need)
    untouched = list_untouched(rows)
    if rows and untouched:
        st.caption(_("Not looked at: {kinds}.").format(kinds=", ".join(map(_, untouched))))
    mine = [one for one in found.get(ref, ()) if one.finding.rule in ABOUT_NEEDS]
    findings.chips(PAGE, ref, {ref: mine})


editor.follow_address(PAGE, forms)
left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line(PAGE)
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    every = [need for rows in needs.values() for need in rows]
    missing = [need for need in every if need["status"] == "missing"]
    if every:
        ownerless = sum(not need["owner_role"] for need in missing)
        said = _("{missing} of {all} are missing, {ownerless} of these without an owner.")
        all_in_all = said.format(missing=len(missing), all=len(every), ownerless=ownerless)
        st.caption(" ".join([all_in_all, *tell_sides(every)]))
        st.segmented_control(_("View"), list(VIEWS), key="requirements-view", default="all", required=True,
                             format_func=VIEWS.get, label_visibility="collapsed")  # fmt: skip
    chosen = [ref for ref in needs if names[ref]["status"] == "selected"]
    others = [ref for ref in needs if ref not in chosen]
    for ref in chosen or others:
        draw_concept(ref, needs[ref])
    if chosen and others:
        title = f"{_('Concepts that were not chosen')} :small[{len(others)}]"
        if (fold := st.expander(title, key="not-chosen", on_change="rerun")).open:
            with fold:
                for ref in others:
                    draw_concept(ref, needs[ref])
    if not needs:
        empty(_("There is no concept yet. What it takes is asked of each concept card."))
        here.button(_("To the concepts"), icon=":material/arrow_forward:", type="tertiary", key="to-concepts",
                    on_click=here.go_to, args=("steps/concepts.py",))  # fmt: skip
    written.draw(PAGE)
    findings.put_aside(*ABOUT_NEEDS)
    editor.put_away(PAGE, "requirement")
if needs or editor.editing(PAGE):
    with right:
        editor.draw(PAGE, forms, {"concept": likely_next(db)})
