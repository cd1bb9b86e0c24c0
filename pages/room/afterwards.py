"""Afterwards: is the promise kept, how do the metrics move, what stays, who still has to act; last time beside now."""

import streamlit as st

from pages.parts import beside, here, last_time, outcome, readings
from pages.parts.cards import line, promise_line, row, words
from workshop import afterwards, closing
from workshop.activities import CloseActivity, RevealActivity, close_activity, list_activities, reveal_activity
from workshop.steps import prepare, promise
from workshop.steps.opening import said_of
from workshop.words import _

db = here.db()
shut = here.is_closed()


def draw_promise() -> None:
    st.header(_("Are we keeping our promise?"), anchor=False)
    asked = [one for one in list_activities(db, promise.STEP.slug)
             if afterwards.is_promise_review(one) and one["state"] != "revealed"]  # fmt: skip
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
    last_time.draw_promise()
    for found in reversed(afterwards.list_promise_reviews(db)):
        for one in found.rows:
            with line(f"said-{found.activity['id']}", gap="xxsmall"):
                st.caption(found.activity["opened_at"][:10])
                said = said_of(one) or _("fewer than three answers are not shown")
                words(" · ".join([said, *one["words"]]), "quiet", f"said-{found.activity['id']}")


promise_line()
with st.container(gap=None):
    st.title(_("Afterwards"), anchor=False)
    kind = prepare.get_workshop(db)["kind"]
    st.caption(_("This is a review.") if kind == "review" else _("What became of what was decided."))
if not shut:
    with row("xsmall"):
        st.button(_("Close the workshop"), key="close-workshop", icon=":material/lock:", type="tertiary",
                  help=_("Then it can be read, and not changed. It can be opened again."), on_click=here.carry_out,
                  args=(closing.close_workshop, closing.CloseWorkshop(), _("Closed “{ref}”")))  # fmt: skip
left, right = st.columns([5, 6], gap="large")
with left:
    draw_promise()
    outcome.draw_kept()
    outcome.draw_actions()
with right:
    readings.draw()
beside.draw()
