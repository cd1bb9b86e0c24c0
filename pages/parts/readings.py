"""How the metrics move: one as a chart with its readings, all as a table, against baseline and target."""

from datetime import date

import streamlit as st

from pages.parts import here, tables
from pages.parts.cards import empty
from pages.parts.field import draw_field
from workshop import fields
from workshop.afterwards import list_courses
from workshop.figures import figure
from workshop.steps.commitment import AddReading, add_reading
from workshop.trend import draw_trend
from workshop.words import N_, _

VERDICTS = {"reached": N_("target reached"), "nearer": N_("nearer to the target"), "no nearer": N_("no nearer"), "": ""}


def draw() -> None:
    st.header(_("How it moves"), anchor=False)
    courses = {one["ref"]: one for one in list_courses(here.db())}
    if not courses:
        empty(_("What is counted stands here, with every reading."))
        return
    begun = next((ref for ref, one in courses.items() if one["readings"]), next(iter(courses)))
    chosen = st.selectbox(_("Which metric?"), list(courses), list(courses).index(begun), key="course",
                          format_func=lambda ref: f"{ref}  {courses[ref]['name']}")  # fmt: skip
    mode = "dark" if st.context.theme.type == "dark" else "light"
    levels = {"baseline": _("baseline"), "target": _("target")}
    st.vega_lite_chart(draw_trend(courses[chosen], courses[chosen]["readings"], mode, levels), theme=None,
                       width="stretch")  # fmt: skip
    for one in courses[chosen]["readings"]:
        with st.container(key=f"feeling-{one['ref']}", horizontal=True, gap="small"):
            said = (one["date"], f"{figure(one['value'])} {courses[chosen]['unit']}", one["note"], one["source"])
            st.text(" · ".join(filter(None, said)))
    if not here.is_closed():
        _pen(chosen)
    head = [_("Metric"), _("Baseline"), _("Last"), _("Target"), _("What it says")]
    rows = [[f"{ref}  {one['name']}", figure(one["baseline"]),
             figure(one["readings"][-1]["value"]) if one["readings"] else "",
             figure(one["target"]), _(VERDICTS[one["verdict"]])]
            for ref, one in courses.items()]  # fmt: skip
    tables.draw(_("Every metric, against where it began and where it is to go"), head, rows, words=True)


def _pen(chosen: str) -> None:
    """A new reading of the metric that is shown."""
    with st.popover(_("A reading of {ref}").format(ref=chosen), icon=":material/add:", type="tertiary", key="reading"):
        key = here.fresh("reading", "reading")
        st.date_input(_("On which day"), date.today(), key=f"{key}-date")
        draw_field(fields.fields_of(AddReading)["value"], _("It stood at"), f"{key}-value", None)
        st.text_input(_("Note"), key=f"{key}-note")
        here.show_refusal("reading")
        st.button(_("Add"), key="add-reading", on_click=read, args=(chosen, key))


def read(metric: str, key: str) -> None:
    given = {name: st.session_state[f"{key}-{name}"] for name in ("date", "value", "note")}
    command = AddReading(metric=metric, date=given["date"].isoformat(), value=given["value"], note=given["note"])
    if here.carry_out(add_reading, command, _("Read {ref}"), beside="reading"):
        here.renew("reading")
