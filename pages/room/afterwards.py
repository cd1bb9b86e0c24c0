"""Afterwards: is the promise kept, how do the metrics move, what stays, who still has to act; last time beside now."""

from datetime import date

import streamlit as st

from pages.parts import beside, here
from pages.parts.cards import empty, label, line, promise_line, row, words
from workshop import afterwards, closing, items
from workshop.activities import CloseActivity, RevealActivity, close_activity, list_activities, reveal_activity
from workshop.steps import prepare, promise
from workshop.steps.commitment import AddReading, add_reading
from workshop.steps.opening import said_of
from workshop.steps.strategy import figure
from workshop.trend import draw_trend
from workshop.words import N_, _

db = here.db()
shut = closing.is_closed(db)
MODE = "dark" if st.context.theme.type == "dark" else "light"
VERDICTS = {"reached": N_("target reached"), "nearer": N_("nearer to the target"), "no nearer": N_("no nearer"), "": ""}
STATES = {"overdue": N_("Overdue"), "open": N_("Open"), "doing": N_("Under way"), "done": N_("Done"),
          "dropped": N_("Dropped")}  # fmt: skip


def draw_promise() -> None:
    st.header(_("Are we keeping our promise?"), anchor=False)
    promise_line()
    asked = [one for one in list_activities(db, promise.STEP.slug)
             if one["prompt"] == _(promise.PROMISE_REVIEW.prompt) and one["state"] != "revealed"]  # fmt: skip
    if asked and asked[-1]["state"] == "open":
        move = close_activity, CloseActivity(asked[-1]["id"]), _("Closed the promise review")
        st.button(_("Close"), key="close-review", type="primary", on_click=here.carry_out, args=move)
    elif asked:
        move = reveal_activity, RevealActivity(asked[-1]["id"]), _("Revealed the promise review")
        st.button(_("Reveal"), key="reveal-review", type="primary", on_click=here.carry_out, args=move)
    elif not shut:
        st.button(_("Ask the room: 2 min"), key="ask-review", icon=":material/timer:", on_click=here.carry_out,
                  args=(afterwards.ask_promise_review, afterwards.AskPromiseReview(),
                        _("Asked whether the promise is kept")))  # fmt: skip
    for found in reversed(afterwards.list_promise_reviews(db)):
        for one in found.rows:
            with line(f"said-{found.activity['id']}", gap="xxsmall"):
                st.caption(found.activity["opened_at"][:10])
                said = said_of(one) or _("fewer than three answers are not shown")
                words(" · ".join([said, *one["words"]]), "quiet", f"said-{found.activity['id']}")


def draw_course_of_metrics() -> None:
    st.header(_("How it moves"), anchor=False)
    courses = {one["ref"]: one for one in afterwards.list_courses(db)}
    if not courses:
        empty(_("What is counted at “Strategy” stands here, with every reading."))
        return
    begun = next((ref for ref, one in courses.items() if one["readings"]), next(iter(courses)))
    chosen = st.selectbox(_("Which metric?"), list(courses), list(courses).index(begun), key="course",
                          format_func=lambda ref: f"{ref}  {courses[ref]['name']}")  # fmt: skip
    st.vega_lite_chart(draw_trend(courses[chosen], courses[chosen]["readings"], MODE), theme=None, width="stretch")
    head = (_("Metric"), _("Baseline"), _("Readings"), _("Target"), _("What it says"))
    rows = [(f"{ref}  {one['name']}", figure(one["baseline"]),
             ", ".join(f"{figure(read['value'])} ({read['date']})" for read in one["readings"]),
             f"{figure(one['target'])} {one['unit']}".strip(), _(VERDICTS[one["verdict"]]))
            for ref, one in courses.items()]  # fmt: skip
    st.dataframe([dict(zip(head, cells, strict=True)) for cells in rows], hide_index=True, width="stretch")
    if not shut:
        with st.popover(_("A reading"), icon=":material/add:", type="tertiary"):
            key = here.fresh("reading", "reading")
            st.date_input(_("Date"), date.today(), key=f"{key}-date")
            st.number_input(_("Value"), value=None, key=f"{key}-value")
            st.text_input(_("Note"), key=f"{key}-note")
            if problem := here.refusal_for("value", "reading"):
                st.text(problem)
            st.button(_("Add"), key="add-reading", on_click=read, args=(chosen, key))


def read(metric: str, key: str) -> None:
    given = {name: st.session_state[f"{key}-{name}"] for name in ("date", "value", "note")}
    command = AddReading(metric=metric, date=given["date"].isoformat(), value=given["value"], note=given["note"])
    if here.carry_out(add_reading, command, _("Read {ref}"), beside="reading"):
        here.renew("reading")


def draw_kept() -> None:
    st.header(_("Kept, changed or stopped"), anchor=False)
    results = list(afterwards.RESULTS)
    judged, practices = afterwards.list_judged(db), items.list_items(db, "practice_review")
    if not judged + practices:
        empty(_("What was started, and what we do today, is judged here when we look again."))
    for one in judged:
        last = one["judged"] or {"ref": "", "result": None, "date": "", "what_changed": ""}
        about = " · ".join(filter(None, (last["date"], last["what_changed"])))
        _judged(one["ref"], one["name"], last["result"], about, results, last["ref"])
    for one in practices:
        _judged(one["ref"], one["practice"], one["decision"], one["whose"], results, one["version"])


def _judged(ref: str, name: str, result: str | None, about: str, results: list[str], state: str | int) -> None:
    """One line with its result; `state` is another after every change of it, so that the choice is drawn anew."""
    with line(ref, horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(label(ref), width="content")
        with st.container(gap=None, width="stretch"):
            st.text(name)
            if about:
                with st.container(key=f"feeling-{ref}"):
                    st.text(about)
        key = f"judge-{ref}-{state}"
        st.segmented_control(_("Result"), results, default=result, key=key, disabled=shut, width="content",
                             format_func=lambda one: _(afterwards.RESULTS[one]), label_visibility="collapsed",
                             on_change=judge, args=(ref, key))  # fmt: skip


def judge(ref: str, key: str) -> None:
    result = st.session_state[key]
    if result is None:
        return
    if ref.startswith("E"):
        here.carry_out(afterwards.judge, afterwards.Judge(ref, result), _("Judged {ref}"))
    else:
        version = here.with_file(lambda db: items.get_item(db, ref)["version"])
        here.carry_out(items.edit, items.Edit(ref, version, {"decision": result}), _("Judged {ref}"))


def draw_actions() -> None:
    st.header(_("Who acts"), anchor=False)
    by_state = afterwards.list_actions(db, date.today())
    if not by_state:
        empty(_("Actions of “Commitment” stand here, by date."))
    for state, actions in by_state:
        st.markdown(f"**{_(STATES[state])}** :small[{len(actions)}]")
        for one in actions:
            with line(one["ref"], horizontal=True, vertical_alignment="center", wrap=False):
                st.markdown(label(one["ref"]), width="content")
                with st.container(gap=None, width="stretch"):
                    st.text(one["action"])
                    with st.container(key=f"feeling-{one['ref']}"):
                        st.text(" · ".join(filter(None, (one["due"], one["owner_role"]))) or "–")
                key = f"state-{one['ref']}-{one['status']}"
                st.selectbox(_("State"), ("open", "doing", "done", "dropped"), key=key, disabled=shut, width=140,
                             index=("open", "doing", "done", "dropped").index(one["status"]),
                             format_func=lambda name: _(STATES[name]), label_visibility="collapsed",
                             on_change=set_state, args=(one["ref"], key))  # fmt: skip


def set_state(ref: str, key: str) -> None:
    here.carry_out(items.set_status, items.SetStatus(ref, st.session_state[key]), _("Moved on {ref}"))


with st.container(gap=None):
    st.title(_("Afterwards"), anchor=False)
    kind = prepare.get_workshop(db)["kind"]
    st.caption(_("This is a review.") if kind == "review" else _("What became of what was decided."))
if not shut:
    with row("xsmall"):
        st.button(_("Close the workshop"), key="close-workshop", icon=":material/lock:", type="tertiary",
                  help=_("Then it can be read, and not changed. It can be opened again."), on_click=here.carry_out,
                  args=(closing.close_workshop, closing.CloseWorkshop(), _("Closed “{ref}”")))  # fmt: skip
left, right = st.columns([1, 1], gap="xlarge")
with left:
    draw_promise()
    draw_kept()
    draw_actions()
with right:
    draw_course_of_metrics()
beside.draw()
