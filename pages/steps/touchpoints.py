"""Touchpoints: the walk from first to last, how it feels as a line, and below each stage where customers meet us."""

from functools import partial

import streamlit as st

from pages.parts import activity, editor, findings, here, written
from pages.parts.cards import drawing, empty, handle, head, icon_only, label, line, promise_line, row
from pages.parts.editor import Form
from workshop.items import list_items
from workshop.steps.touchpoints import (
    STEP,
    TakeStates,
    add_promise_check,
    add_touchpoint,
    by_stage,
    count_complaints,
    felt,
    list_pain,
    list_said,
    list_unwalked,
    take_states,
)
from workshop.walk import STATES, draw_walk
from workshop.words import _

PAGE = STEP.slug
db = here.db()
touchpoints, complaints, found = list_items(db, "touchpoint"), count_complaints(db), findings.by_ref("touchpoint")
said_here = list_said(db)
MARKS = {"kept": "check_circle", "partly": "contrast", "broken": "cancel", "unknown": "help"}
forms = [
    Form("touchpoint", add_touchpoint, _("A touchpoint"), ("name", "stage", "emotion_today", "promise_state"),
         ("feeling", "what_happens_now", "moment", "staff_may_decide", "what_we_show", "purposes", "channel", "area",
          "owner_role")),
    Form("promise_check", add_promise_check, _("Somebody says"), ("answer", "note", "heard_from"),
         ("touchpoint", "concept", "promise")),
]  # fmt: skip


def address(ref: str) -> str:
    return f"?w={here.code()}&item={ref}"


def draw_one(one: dict) -> None:
    with line(one["ref"], gap="xxsmall"):
        with row("xsmall", wrap=False):
            handle(one["ref"], editor.open_item, PAGE, one["ref"])
            st.text(one["name"], width="stretch")
            st.caption(f":material/{MARKS[one['promise_state']]}: {_(STATES[one['promise_state']])}", width="content")
            here.button(**icon_only("campaign", _("Somebody says that we kept or broke it here")), type="tertiary",
                        key=f"says-{one['ref']}", on_click=editor.open_new,
                        args=(PAGE, "promise_check"),
                        kwargs={"touchpoint": one["ref"], "answer": "no", "heard_from": "complaint"})  # fmt: skip
        decides = {0: _("staff may not decide"), 1: _("staff may decide")}.get(one["staff_may_decide"], "")
        said = complaints.get(one["ref"])
        many = _("one says that we broke it") if said == 1 else _("{many} say that we broke it")
        heard = many.format(many=said) if said else ""
        moment = _(one["moment"]) if one["moment"] in ("pain", "moment that matters") else ""
        facts = [one["what_happens_now"], one["emotion_today"], moment, decides, heard, one["owner_role"]]
        with st.container(key=f"feeling-{one['ref']}", horizontal=True, gap="xsmall", wrap=False):
            st.text(" · ".join(filter(None, facts)), width="stretch")
            st.markdown(label(*one["purposes"]), width="content")
        if said := said_here.get(one["ref"]):
            parts = _("You part here: hear both.") if said["parts"] else ""
            st.caption(" · ".join(filter(None, (f"{said['marks']} {said['said']}".strip(), parts))))
        findings.chips(PAGE, one["ref"], found)


def draw_said() -> None:
    """What the room said in silence, where it differs from what stands here; one click writes it over."""
    if differing := [ref for ref, said in said_here.items() if said["differs"]]:
        with row("xsmall"):
            st.caption(_("The room sees it otherwise than it stands here:"), width="content")
            st.markdown(label(*differing), width="content")
            here.button(_("Take over what the room said"), icon=":material/done_all:", type="tertiary",
                        key="take-states", on_click=here.carry_out,
                        args=(take_states, TakeStates(), _("Took over {ref}")))  # fmt: skip


def draw_pain() -> None:
    """Frustrations add up for the one who meets them all."""
    hurt = [one for one in list_pain(db) if one["broken"] or one["pain"]]
    if hurt:
        st.markdown(f"**{_('What adds up')}** :small[{_('for one person who meets it all')}]")
    for one in hurt:
        with line(f"pain-{one['ref']}", horizontal=True, wrap=False):
            st.text(one["name"], width="stretch")
            said = _("of {met} touchpoints {broken} break the promise, {pain} are a pain")
            st.caption(said.format(**one), width="content")


left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line(PAGE)
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    if touchpoints:
        drawing(draw_walk(felt(touchpoints), link=address), "walk", partial(editor.open_item, PAGE))
    draw_said()
    for stage, rows in by_stage(touchpoints).items():
        a, b = st.columns([1, 5], gap="small")
        with a, st.container(key=f"segment-{rows[0]['ref']}"):
            st.text(_(stage) if stage else _("No stage yet"))
        with b:
            for one in rows:
                draw_one(one)
    if not touchpoints:
        empty(_("Where do they first hear of us? Name it as they would: “the board at the stop”, not “CRM”."))
    with row("xsmall"):
        if not here.is_closed():
            st.caption(_("Not looked at yet"), width="content")
        for stage in list_unwalked(touchpoints):
            here.button(_(stage), icon=":material/add:", type="tertiary", key=f"new-{stage}", on_click=editor.open_new,
                        args=(PAGE, "touchpoint"), kwargs={"stage": stage})  # fmt: skip
    draw_pain()
    written.draw(PAGE)
    findings.put_aside("touchpoint")
    editor.put_away(PAGE, "touchpoint", "promise_check")
with right:
    editor.draw(PAGE, forms)
