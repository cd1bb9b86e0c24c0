"""What will we count? CPIs and KPIs with their weights, one CPI for each customer purpose."""

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import empty, handle, label, line, row
from pages.parts.editor import Form
from workshop import items
from workshop.steps.purpose import list_chosen
from workshop.steps.strategy import add_metric, figure, left_to_share, list_metrics
from workshop.words import _

PAGE = "ranking"


def draw() -> None:
    """Both groups side by side, the editor at the right."""
    form = Form("metric", add_metric, _("Something to count"), ("name", "unit", "baseline", "target"),
                ("definition", "direction", "weight", "purpose", "kind", "owner_role", "cadence", "data_source",
                 "what_one_unit_means"))  # fmt: skip
    left, right = st.columns([7, 3], gap="medium")
    with left:
        customers, company = st.columns(2, gap="medium")
        with customers:
            _group("cpi", _("What customers count"), _("CPIs"))
            _unmeasured()
        with company:
            _group("kpi", _("What the company counts"), _("KPIs"))
        editor.put_away("metric")
    with right:
        editor.draw(PAGE, [form], {"kind": "cpi"})


def _group(kind: str, title: str, short: str) -> None:
    metrics = list_metrics(here.db(), kind)
    with row("xsmall"):
        st.markdown(f"**{title}** :small[{short}]", width="content")
        st.space("stretch")
        st.button(_("Add"), icon=":material/add:", type="tertiary", key=f"new-{kind}", on_click=editor.open_new,
                  args=(PAGE, "metric"), kwargs={"kind": kind})  # fmt: skip
    for metric in metrics:
        with line(metric["ref"], horizontal=True, wrap=False):
            handle(metric["ref"], editor.open_item, PAGE, metric["ref"])
            with st.container(gap=None):
                st.text(metric["name"], width="stretch")
                ends = " → ".join(filter(None, (figure(metric["baseline"]), figure(metric["target"]))))
                with st.container(key=f"feeling-{metric['ref']}"):
                    st.text(f"{ends} {metric['unit']}".strip() or "–")
            if metric["purpose"]:
                st.markdown(label(metric["purpose"]), width="content")
            _weight(metric)
    if metrics:
        left = left_to_share(metrics)
        if left:
            sentence = _("{left} of 100 points left to share") if left > 0 else _("{left} points too many")
            st.caption(sentence.format(left=figure(abs(left))))
        else:
            st.caption(_("100 of 100 points shared"))
    else:
        empty({"cpi": _("What would a customer count? In which unit?"),
               "kpi": _("What does the company count this year?")}[kind])  # fmt: skip


def _weight(metric: dict) -> None:
    key = f"weight-{metric['ref']}-{metric['version']}"
    st.number_input(_("Weight of {ref}").format(ref=metric["ref"]), 0.0, 100.0, metric["weight"], 5.0, "%.4g", key=key,
                    label_visibility="collapsed", width=110, on_change=_reweigh, args=(metric, key))  # fmt: skip


def _reweigh(metric: dict, key: str) -> None:
    edit = items.Edit(metric["ref"], metric["version"], {"weight": st.session_state[key]})
    here.carry_out(items.edit, edit, _("Weighed {ref}"))


def _unmeasured() -> None:
    """Purposes without a CPI, each one click from having one."""
    measured = {metric["purpose"] for metric in list_metrics(here.db(), "cpi")}
    for purpose in list_chosen(here.db(), "small"):
        if purpose["ref"] not in measured:
            st.button(f"{label(purpose['ref'])} {_('What would they count?')}", icon=":material/add:", type="tertiary",
                      key=f"measure-{purpose['ref']}", on_click=editor.open_new, args=(PAGE, "metric"),
                      kwargs={"kind": "cpi", "purpose": purpose["ref"]})  # fmt: skip
