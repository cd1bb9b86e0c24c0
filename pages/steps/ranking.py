"""Ranking: what we count, then the ratings, then the order."""

import streamlit as st

from pages.parts import activity, certainty, counting, editor, findings, here, rating, tables
from pages.parts.cards import empty, head, promise_line, row, words
from workshop.activities import get_current
from workshop.charts import ranked_dots
from workshop.checks.text import ROUND
from workshop.figures import whole
from workshop.steps.order import SHARES, RankedConcepts, get_ranking
from workshop.steps.prepare import SetCustomerShare, get_workshop, set_customer_share
from workshop.steps.ranking import STEP
from workshop.steps.strategy import list_metrics
from workshop.words import _

db = here.db()
ranking, metrics = get_ranking(db), list_metrics(db, "cpi", "kpi")
views = {"count": _("What we count"), "rate": _("Rate"), "order": _("The order")}


@st.cache_data(max_entries=32, show_spinner=False)
def chart(rows: list[dict], mode: str) -> dict:
    """The finished chart of these very rows."""
    names = {"score": _("Score"), "customer": _("For customers"), "business": _("For the business")}
    return ranked_dots(rows, mode=mode, words=names)


def share_customers() -> None:
    share = st.session_state["customer-share"]
    done = _("Customers weigh {share} of 100").format(share=f"{share:g}")
    here.carry_out(set_customer_share, SetCustomerShare(share), done)


def draw_share() -> None:
    """How much the customers' measures weigh: where it is moved, the order moves at once."""
    now = get_workshop(db)["customer_share"]
    st.session_state["customer-share"] = now
    st.segmented_control(_("Customer share"), sorted({*SHARES, now}), key="customer-share", required=True,
                         width="stretch", format_func=lambda share: f"{share:g}", disabled=here.is_closed(),
                         on_change=share_customers,
                         help=_("How many of 100 parts of the score come from what customers count; the rest comes "
                                "from what the company counts."))  # fmt: skip


def draw_order(found: RankedConcepts) -> None:
    with st.container(gap="xsmall"):
        st.caption(STEP.prompt)
        words(found.sentence, "finding-line", "order")
    mode = "dark" if st.context.theme.type == "dark" else "light"
    with st.container(key="ranked-chart"):
        st.vega_lite_chart(chart(found.rows, mode), theme=None, width="stretch")
    with st.container(gap="xxsmall"):
        if found.parting:
            st.text(found.parting)
        sure = _("Line: 80 of 100 replays. Shaded together: too close to call.") if found.leading else ""
        scale = _(
            "Dot: average rating times agreed weight, −100 to 100. {sure} "
            "{raters} people, {ratings} ratings, {cannot} times “cannot judge”."
        )
        st.caption(scale.format(sure=sure, raters=found.raters, ratings=found.ratings, cannot=found.cannot_judge))
    tables.fold(
        _("The order"),
        [_("Concept"), _("Place"), _("Score"), _("80 of 100"), _("For customers"), _("For the business")],
        [[f"{one['ref']}  {one['name']}", one["rank"], whole(one["score"]),
          None if one["lo"] is None else f"{whole(one['lo'])} … {whole(one['hi'])}",
          *(None if one[part] is None else whole(one[part]) for part in ("customer_score", "business_score"))]
         for one in found.rows],
    )  # fmt: skip
    certainty.draw(found, mode)


# a view that is opened by a click stays; until then the page opens where the work is, and a reveal shows what came out
first = "order" if ranking else "rate" if metrics else "count"
asked = get_current(db)
revealed = asked["id"] if asked and asked["kind"] == "rate" and asked["state"] == "revealed" else None
if revealed not in (None, st.session_state.get("ranking-revealed")):
    st.session_state["ranking-view"] = first
st.session_state["ranking-revealed"] = revealed
if editor.is_asked_for(STEP.slug, "metric"):
    st.session_state["ranking-view"] = "count"
view = st.session_state.setdefault("ranking-view", first)
promise_line(STEP.slug)
if view != "order" or not ranking:
    head(STEP.prompt, STEP.below)
activity.draw(STEP.slug)
with row("large", align="bottom"):
    st.segmented_control(_("View"), list(views), key="ranking-view", format_func=views.get,
                         label_visibility="collapsed", required=True)  # fmt: skip
    st.space("stretch")
    if view != "rate":
        with st.container(width=300):
            draw_share()
if view == "count":
    counting.draw()
elif view == "rate":
    rating.draw()
elif ranking:
    draw_order(ranking)
else:
    empty(_("Nothing has been rated yet. The order appears with the first rating."))
findings.put_aside(*ROUND)
