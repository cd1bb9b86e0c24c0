"""Principles: a row per value with what was derived from it, the lead principle on top."""

import streamlit as st

from pages.parts import activity, editor, findings, here, sharing_values, written
from pages.parts.cards import card, empty, handle, head, label, line, promise_line, words
from pages.parts.editor import Form
from workshop.items import list_items
from workshop.steps.principles import STEP, add_principle, add_value, even_over, halves, list_principles
from workshop.words import _

PAGE = STEP.slug
db = here.db()
found = findings.by_ref("value", "principle")
values, principles = list_items(db, "value"), list_principles(db)


def unfold(principle: dict) -> dict:
    this, that = halves(principle["text"])
    return principle | {"this": this, "that": that}


def fold(shown: dict) -> dict:
    rest = {name: value for name, value in shown.items() if name not in ("this", "that")}
    return rest | {"text": even_over(shown["this"], shown["that"])}


forms = [
    Form("value", add_value, _("A value"), ("name", "meaning", "type"),
         ("lived_example", "keep_if_it_cost_us", "matches_customer", "match_note")),
    Form("principle", add_principle, _("Derive a principle"), ("this", "that", "do_example", "dont_example"),
         ("values", "purposes"), {"this": _("This good thing"), "that": _("even over this good thing")}, unfold, fold),
]  # fmt: skip


def derived(principle: dict) -> None:
    this, that = halves(principle["text"])
    with card(principle["ref"], horizontal=True, wrap=False):
        handle(principle["ref"], editor.open_item, PAGE, principle["ref"])
        with st.container(gap=None):
            st.text(this)
            if that:
                with st.container(key=f"quiet-{principle['ref']}", horizontal=True, gap="xxsmall"):
                    st.caption(_("even over"), width="content")
                    st.text(that, width="content")
            for field, said in (("do_example", _("We would: {what}")), ("dont_example", _("We would never: {what}"))):
                if principle[field]:
                    words(said.format(what=principle[field]), "quiet-line", f"{field}-{principle['ref']}")
            findings.chips(PAGE, principle["ref"], found)


left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line(PAGE)
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    for lead in (one for one in principles if one["is_lead"]):
        with card(lead["ref"], horizontal=True, vertical_alignment="center"):
            handle(lead["ref"], editor.open_item, PAGE, lead["ref"])
            words(lead["text"], "medium", lead["ref"])
            st.caption(_("leads every decision"), width="content")
            findings.chips(PAGE, lead["ref"], found)
    seen: set[str] = set()
    for value in values:
        mine = [one for one in principles if value["ref"] in one["values"] and not one["is_lead"]]
        with line(value["ref"]):
            a, b = st.columns([5, 8], gap="small")
            with a, st.container(gap="xxsmall"):
                with st.container(key=f"name-{value['ref']}", horizontal=True, gap="xsmall", wrap=False):
                    handle(value["ref"], editor.open_item, PAGE, value["ref"])
                    st.text(value["name"], width="stretch")
                if value["meaning"]:
                    words(value["meaning"], "quiet", value["ref"])
                findings.chips(PAGE, value["ref"], found)
                here.button(_("Derive"), icon=":material/add:", type="tertiary", key="derive-" + value["ref"],
                            on_click=editor.open_new, args=(PAGE, "principle"),
                            kwargs={"values": [value["ref"]]})  # fmt: skip
            with b, st.container(gap="xsmall"):
                for principle in mine:
                    if principle["ref"] not in seen:
                        derived(principle)
                if again := [one["ref"] for one in mine if one["ref"] in seen]:
                    st.markdown(f":small[{_('also')}]  " + label(*again))
                if not mine:
                    empty(_("Nothing follows from it yet. What would we do because of it, even over what?"))
            seen.update(one["ref"] for one in mine)
    for principle in principles:
        if principle["ref"] not in seen and not principle["is_lead"]:
            derived(principle)
    if not values:
        empty(_("Which value have we paid for? Write the first one at the right, with the story."))
    sharing_values.draw(PAGE, values)
    written.draw(PAGE)
    findings.put_aside("value", "principle")
    editor.put_away(PAGE, "value", "principle")
with right:
    editor.draw(PAGE, forms, {"type": "core"})
