"""Reverse: each bad experience as one card that is worked backwards, question by question, and turned on ourselves."""

import streamlit as st

from pages.parts import activity, editor, findings, here, written
from pages.parts.cards import card, empty, handle, head, label, promise_line, row
from pages.parts.editor import Form
from workshop.items import list_items
from workshop.steps.reverse import ENOUGH, QUESTIONS, STEP, add_reverse_case, list_flipped
from workshop.words import _

PAGE = STEP.slug
db = here.db()
cases, found = list_items(db, "reverse_case"), findings.by_ref("reverse_case")
told = ("company_kind", "what_drives_you_crazy", "why", "what_is_missing")
turned = ("what_would_have_worked", "cause", "what_it_means_for_us", "touchpoint")
WORST = {
    "what_drives_you_crazy": _("The worst that we could do to a customer"),
    "why": _("How would we bring it about?"),
    "what_it_means_for_us": _("Turn it round: what will we do instead?"),
    "what_is_missing": _("What would be missing?"),
}
forms = [
    Form("reverse_case", add_reverse_case, _("The worst version of us"),
         ("what_drives_you_crazy", "why", "what_it_means_for_us", "touchpoint"),
         ("principle", "what_is_missing", "what_would_have_worked", "cause", "company_kind"), WORST,
         suits=lambda case: case["form"] == "worst"),
    Form("reverse_case", add_reverse_case, _("A bad experience"), told, (*turned, "principle"),
         suits=lambda case: not case["what_is_missing"]),
    Form("reverse_case", add_reverse_case, _("A bad experience"), turned, ("principle", *told)),
]  # fmt: skip


def draw_case(case: dict) -> None:
    names = QUESTIONS | (WORST if case["form"] == "worst" else {})
    with card(case["ref"]):
        with st.container(key=f"name-{case['ref']}", horizontal=True, gap="xsmall", wrap=False):
            handle(case["ref"], editor.open_item, PAGE, case["ref"])
            st.text(case["company_kind"], width="stretch")
        asked = [name for name in QUESTIONS if case[name]]
        for name in asked:
            with st.container(key=f"quiet-{case['ref']}-{name}", gap=None):
                st.caption(_(names[name]))
                st.text(_(case[name]) if name == "cause" else case[name])
        following = next((name for name in QUESTIONS if not case[name]), None)
        if case["what_it_means_for_us"]:
            with st.container(key=f"test-{case['ref']}", gap=None):
                st.caption(_("For us"))
                st.text(case["what_it_means_for_us"])
        elif case["form"] == "worst" or following in (None, "cause"):
            ask(case["ref"], _("Now us"), "what_it_means_for_us")
        else:
            ask(case["ref"], _(names[following]), following)
        st.markdown(label(*filter(None, (case["touchpoint"], case["principle"]))))
        findings.chips(PAGE, case["ref"], found)


def ask(ref: str, question: str, name: str) -> None:
    """The next question, one click from its answer."""
    here.button(question, icon=":material/arrow_forward:", type="tertiary", key=f"ask-{ref}", on_click=editor.open_at,
                args=(PAGE, ref, name))  # fmt: skip


left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line(PAGE)
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    with row("xsmall"):
        said = _("{flipped} of at least {enough} sentences about ourselves")
        st.caption(said.format(flipped=len(list_flipped(db)), enough=ENOUGH))
        st.space("stretch")
        for form, name in (("real", _("A bad experience")), ("worst", _("The worst version of us"))):
            kind = _("We ourselves") if form == "worst" else ""
            here.button(name, icon=":material/add:", type="tertiary", key=f"new-{form}", on_click=editor.open_series,
                        args=(PAGE, "reverse_case"), kwargs={"form": form, "company_kind": kind})  # fmt: skip
    columns = st.columns(2, gap="small")
    for i, case in enumerate(cases):
        with columns[i % 2]:
            draw_case(case)
    if not cases:
        empty(_("What drives you crazy as a customer? A kind of company, not its name: “a parcel carrier”."))
        empty(_("Orders that arrive damaged, words of care read from a script: noble aims fail in small moments."))
    written.draw(PAGE)
    findings.put_aside("reverse_case")
    editor.put_away(PAGE, "reverse_case")
with right:
    editor.draw(PAGE, forms)
