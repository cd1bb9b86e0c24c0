"""Strategy: the company's goals beside those of its customers, joined by a why; and what both are counted by."""

import streamlit as st

from pages.parts import activity, counting, editor, findings, here, written
from pages.parts.cards import card, empty, handle, head, icon_only, label, line, promise_line, row
from pages.parts.editor import Form
from workshop.steps.strategy import (
    STEP,
    LinkGoals,
    UnlinkGoals,
    add_goal,
    link_goals,
    list_goal_links,
    list_goals,
    list_metrics,
    unlink_goals,
)
from workshop.words import _

PAGE = STEP.slug
db = here.db()
business, customer = list_goals(db, "business"), list_goals(db, "customer")
links, metrics, found = list_goal_links(db), list_metrics(db), findings.by_ref("goal")
goals = {one["ref"]: one for one in (*business, *customer)}
views = {"goals": _("Goals"), "count": _("What we count")}
FIRST = {
    "business": _("What do we want this year? Growth belongs here, not into the purpose."),
    "customer": _("What would customers gain, in their own words?"),
}
forms = [
    Form("goal", add_goal, _("A goal of our customers"), ("text", "purposes", "cpis"), ("due", "status", "kind"),
         suits=lambda goal: goal["kind"] == "customer"),
    Form("goal", add_goal, _("A goal of ours"), ("text", "due"), ("status", "purposes", "kind")),
]  # fmt: skip


def draw_goal(goal: dict) -> None:
    own = goal["kind"] == "business"
    mine = [one for one in links if one["business" if own else "customer"] == goal["ref"]]
    shown_by = goal["cpis"] if not own else [one["ref"] for one in metrics if one["goal"] == goal["ref"]]
    with card(goal["ref"]):
        with row("xsmall"):
            handle(goal["ref"], editor.open_item, PAGE, goal["ref"])
            if facts := [*filter(None, [goal["due"], _("still needed") if goal["status"] == "needed" else ""])]:
                st.caption(" · ".join(facts), width="content")
            carried = [one["business"] for one in mine if not own]
            st.markdown(label(*carried, *goal["purposes"], *shown_by), width="content")
        st.text(goal["text"])
        for one in mine if own else ():
            carries(one)
        if not mine and not any(one.finding.rule == "THR-GOAL-LINK" for one in found.get(goal["ref"], ())):
            empty(_("What must customers gain for that?") if own else _("Which goal of ours does it carry?"))
        findings.chips(PAGE, goal["ref"], found)


def carries(one: dict) -> None:
    """A customer goal below the goal of the company that it carries, and why."""
    with line(f"carries-{one['business']}-{one['customer']}", horizontal=True, wrap=False):
        st.markdown(label(one["customer"]), width="content")
        st.text(one["why"] or "–", width="stretch")
        here.button(**icon_only("link_off", _("Take this link back")), type="tertiary",
                    key=f"unjoin-{one['business']}-{one['customer']}", on_click=here.carry_out,
                    args=(unlink_goals, UnlinkGoals(one["business"], one["customer"]),
                          _("Took {ref} apart")))  # fmt: skip


def draw_joining() -> None:
    """Why does one lead to the other?"""
    if not business or not customer or here.is_closed():
        return
    number = here.fresh("joining")
    with st.popover(_("Join two goals"), icon=":material/link:", type="tertiary", key="join-two"):
        two = (("business", _("To reach this"), business), ("customer", _("they need"), customer))
        with st.form(f"joining-{number}", border=False):
            for name, title, rows in two:
                st.selectbox(title, [one["ref"] for one in rows], key=f"join-{name}-{number}",
                             format_func=lambda ref: f"{ref}  {goals[ref]['text']}")  # fmt: skip
            st.text_input(_("because"), key=f"join-why-{number}")
            st.form_submit_button(_("Join"), key="join-goals", on_click=join, args=(number,))
        here.show_refusal("joining")


def join(number: str) -> None:
    given = {name: st.session_state[f"join-{name}-{number}"] for name in ("business", "customer", "why")}
    if here.carry_out(link_goals, LinkGoals(**given), _("Joined {ref}"), beside="joining"):
        here.renew("joining")


def draw_goals() -> None:
    left, right = st.columns([7, 3], gap="medium")
    with left:
        columns = st.columns(2, gap="small")
        for column, kind, title, rows in zip(columns, ("business", "customer"), (_("Our goals"), _("Their goals")),
                                             (business, customer), strict=True):  # fmt: skip
            with column:
                with row("xsmall"):
                    st.markdown(f"**{title}** :small[{len(rows)}]", width="content")
                    st.space("stretch")
                    here.button(_("Add"), icon=":material/add:", type="tertiary", key=f"new-{kind}",
                                on_click=editor.open_series, args=(PAGE, "goal"), kwargs={"kind": kind})  # fmt: skip
                for goal in rows:
                    draw_goal(goal)
                if not rows:
                    empty(FIRST[kind])
        draw_joining()
        written.draw(PAGE)
        findings.put_aside("goal")
        editor.put_away(PAGE, "goal")
    with right:
        editor.draw(PAGE, forms, {"kind": "customer" if business else "business"})


promise_line(PAGE)
head(STEP.prompt, STEP.below)
activity.draw(PAGE)
if editor.is_asked_for(counting.PAGE, "metric"):
    st.session_state["strategy-view"] = "count"
elif editor.is_asked_for(PAGE, "goal"):
    st.session_state["strategy-view"] = "goals"
view = st.session_state.setdefault("strategy-view", "goals")
st.segmented_control(_("View"), list(views), key="strategy-view", format_func=views.get,
                     label_visibility="collapsed", required=True)  # fmt: skip
if view == "count":
    counting.draw()
else:
    draw_goals()
