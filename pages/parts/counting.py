"""What will we count? CPIs and KPIs with their weights, one CPI for each customer purpose."""

import streamlit as st

from pages.parts import editor, findings, here
from pages.parts.cards import empty, handle, icon_only, label, line, row
from pages.parts.editor import Form
from workshop import items
from workshop.figures import figure
from workshop.steps.purpose import list_chosen
from workshop.steps.strategy import (
    HEALTH,
    KPI_TEMPLATES,
    STRENGTHS,
    LinkMetrics,
    UnlinkMetrics,
    add_metric,
    left_to_share,
    link_metrics,
    list_metric_links,
    list_metrics,
    list_shared,
    unlink_metrics,
)
from workshop.words import N_, _

PAGE = "ranking"
HEALTH_NAMES = {
    "csat": N_("Customer satisfaction"),
    "nps": N_("Recommendation (NPS)"),
    "employee_engagement": N_("Employee engagement"),
    "brand_perception": N_("Brand perception"),
}


def draw() -> None:
    """Both groups side by side, the editor at the right."""
    top = ("name", "unit", "baseline", "target")
    more = ("definition", "direction", "weight", "kind", "owner_role", "cadence", "data_source", "baseline_date",
            "target_date")  # fmt: skip
    goal = ("goal",) if items.list_items(here.db(), "goal") else ()  # a short session names none
    forms = [
        Form("metric", add_metric, title, top, (*own, *more), suits=lambda row, kinds=kinds: row["kind"] in kinds)
        for title, kinds, own in (
            (_("A CPI"), ("cpi",), ("purpose", "what_one_unit_means", *goal)),
            (_("A KPI"), ("kpi",), goal),
            (_("A health metric"), HEALTH, goal),
        )
    ]
    left, right = st.columns([7, 3], gap="medium")
    with left:
        customers, company = st.columns(2, gap="medium")
        with customers:
            _group("cpi", _("What customers count"), _("Add CPI"),
                   _("CPIs: outcomes that customers themselves would count, in a unit they would notice."))  # fmt: skip
            if not here.is_closed():
                _unmeasured()
        with company:
            _group("kpi", _("What the company counts"), _("Add KPI"),
                   _("KPIs: what the company counts to see how its own goals come on."))  # fmt: skip
        _guesses()
        _health()
        findings.put_aside("metric")
        editor.put_away(PAGE, "metric")
    with right:
        editor.draw(PAGE, forms, {"kind": "cpi"})


def _group(kind: str, title: str, add: str, meaning: str) -> None:
    metrics, found, shared = list_metrics(here.db(), kind), findings.by_ref("metric"), list_shared(here.db())
    with row("xsmall", wrap=False):
        st.markdown(f"**{title}**", width="stretch")
        here.button(add, icon=":material/add:", type="tertiary", key=f"new-{kind}", on_click=editor.open_series,
                    args=(PAGE, "metric"), kwargs={"kind": kind}, help=meaning)  # fmt: skip
    if metrics:
        st.caption(_shared(metrics))
    else:
        empty({"cpi": _("What would a customer count? In which unit?"),
               "kpi": _("What does the company count this year?")}[kind])  # fmt: skip
    for metric in metrics:
        with line(metric["ref"], horizontal=True, wrap=False):
            handle(metric["ref"], editor.open_item, PAGE, metric["ref"])
            with st.container(gap=None):
                st.text(metric["name"], width="stretch")
                with st.container(key=f"feeling-{metric['ref']}"):
                    st.text(ends(metric))
                if metric["ref"] in shared:
                    said = _("the room gave {points:g}, from {low} to {high}")
                    st.caption(said.format(**shared[metric["ref"]]), width="content")
            if serves := metric["purpose"] or metric["goal"]:
                st.markdown(label(serves), width="content")
            _weight(metric)
        findings.chips(PAGE, metric["ref"], found)
    if kind == "kpi" and not here.is_closed():
        _templates({metric["name"] for metric in metrics})


def _templates(there: set[str]) -> None:
    """What companies usually count, one click from being written down."""
    with st.popover(_("What companies usually count"), icon=":material/add:", type="tertiary"):
        for name, unit, direction in KPI_TEMPLATES:
            if _(name) not in there:
                st.button(_(name), key=f"usual-{name}", type="tertiary", on_click=editor.open_new,
                          args=(PAGE, "metric"),
                          kwargs={"kind": "kpi", "name": _(name), "unit": _(unit),
                                  "direction": direction})  # fmt: skip


def _shared(metrics: list[dict]) -> str:
    """How the weights of a group stand."""
    left = left_to_share(metrics)
    if not left:
        return _("Weights: all 100 points are shared.")
    sentence = _("Weights: {left} of 100 points left to share.") if left > 0 else _("Weights: {left} points too many.")
    counted = _("Until then the score counts them as parts of what is given.")
    return f"{sentence.format(left=figure(abs(left)))} {counted}"


def ends(metric: dict) -> str:
    """From today to the target, with the unit."""
    ends = " → ".join(filter(None, (figure(metric["baseline"]), figure(metric["target"]))))
    return f"{ends} {metric['unit']}".strip() or "–"


def _weight(metric: dict) -> None:
    if here.is_closed():
        st.caption(figure(metric["weight"]) or "–", width="content")
        return
    key = f"weight-{metric['ref']}-{metric['version']}"
    st.number_input(_("Weight of {ref}").format(ref=metric["ref"]), 0.0, 100.0, metric["weight"], 5.0, "%.4g", key=key,
                    placeholder=_("weight"), label_visibility="collapsed", width=84, on_change=_reweigh,
                    args=(metric, key))  # fmt: skip


def _reweigh(metric: dict, key: str) -> None:
    edit = items.Edit(metric["ref"], metric["version"], {"weight": st.session_state[key]})
    here.carry_out(items.edit, edit, _("Weighed {ref}"))


def _unmeasured() -> None:
    """Purposes without a CPI, each one click from having one."""
    measured = {metric["purpose"] for metric in list_metrics(here.db(), "cpi")}
    missing = [one for one in list_chosen(here.db(), "small") if one["ref"] not in measured]
    if missing:
        st.caption(_("No measure yet. What would they count?"))
    for purpose in missing:
        with line(f"unmeasured-{purpose['ref']}", horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(label(purpose["ref"]), width="content")
            with st.container(key=f"feeling-unmeasured-{purpose['ref']}"):
                st.text(purpose["text"], width="stretch")
            here.button(**icon_only("add", _("What would they count?")), type="tertiary",
                        key=f"measure-{purpose['ref']}", on_click=editor.open_new, args=(PAGE, "metric"),
                        kwargs={"kind": "cpi", "purpose": purpose["ref"]})  # fmt: skip


def _guesses() -> None:
    """How does helping them help us? A guess from each CPI to the KPI that it should move."""
    cpis, kpis = (list_metrics(here.db(), kind) for kind in ("cpi", "kpi"))
    if not cpis or not kpis:
        return
    st.markdown(f"**{_('How does helping them help us?')}** :small[{_('our guesses')}]")
    for link in list_metric_links(here.db()):
        with line(f"guess-{link['cpi']}-{link['kpi']}", horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(f"{label(link['cpi'])} → {label(link['kpi'])}", width="content")
            with st.container(gap=None, width="stretch"):
                st.text(link["hypothesis"] or "–", width="stretch")
                if link["reinvest"]:
                    with st.container(key=f"feeling-gain-{link['cpi']}-{link['kpi']}"):
                        st.text(_("and the gain: {what}").format(what=link["reinvest"]))
            if not here.is_closed():
                _loop(link)
            here.button(**icon_only("link_off", _("Take this guess back")), type="tertiary",
                        key=f"unlink-{link['cpi']}-{link['kpi']}", on_click=here.carry_out,
                        args=(unlink_metrics, UnlinkMetrics(link["cpi"], link["kpi"]),
                              _("Took a guess back")))  # fmt: skip
    if here.is_closed():
        return
    number = here.fresh("guess")
    with st.form(f"guess-{number}", border=False), row("xsmall", align="bottom"):
        names = {one["ref"]: f"{one['ref']}  {one['name']}" for one in (*cpis, *kpis)}
        for name, title, metrics in (("cpi", _("More of this"), cpis), ("kpi", _("moves this"), kpis)):
            st.selectbox(title, [one["ref"] for one in metrics], format_func=names.get, key=f"guess-{name}-{number}")
        st.text_input(_("because"), key=f"guess-why-{number}")
        here.show_refusal("guess")
        st.form_submit_button(_("Add the guess"), key="add-guess", on_click=_guess, args=(number,))


def _loop(link: dict) -> None:
    """How sure the guess is, and what the gain goes back into, so that the loop closes."""
    key = f"loop-{link['cpi']}-{link['kpi']}"
    with st.popover(_(link["strength"]), type="tertiary", key=f"{key}-popover"):
        st.selectbox(_("How sure is it?"), STRENGTHS, STRENGTHS.index(link["strength"]), format_func=_,
                     key=f"{key}-strength")  # fmt: skip
        st.text_input(_("What goes the gain back into?"), link["reinvest"], key=f"{key}-reinvest")
        st.button(_("Save"), key=f"{key}-save", on_click=_say_again, args=(link, key))


def _say_again(link: dict, key: str) -> None:
    given = {name: st.session_state[f"{key}-{name}"] for name in ("strength", "reinvest")}
    here.carry_out(link_metrics, LinkMetrics(**link | given), _("Linked {ref}"))


def _guess(number: str) -> None:
    given = {name: st.session_state[f"guess-{name}-{number}"] for name in ("cpi", "kpi", "why")}
    command = LinkMetrics(given["cpi"], given["kpi"], given["why"])
    if here.carry_out(link_metrics, command, _("Linked {ref}"), beside="guess"):
        here.renew("guess")


def _health() -> None:
    """The four that watch the whole: customers, recommendation, employees, brand."""
    metrics, found = list_metrics(here.db(), *HEALTH), findings.by_ref("metric")
    with row("xsmall"):
        st.markdown(f"**{_('Health')}** :small[{_('watched, never weighed')}]", width="content",
                    help=_("Satisfaction, recommendation, engagement and brand are followed over time and count "
                           "nothing in the ranking."))  # fmt: skip
        missing = [kind for kind in HEALTH if not any(metric["kind"] == kind for metric in metrics)]
        if missing and not here.is_closed():
            st.space("stretch")
            with st.popover(_("Add a health metric"), icon=":material/add:", type="tertiary"):
                for kind in missing:
                    st.button(_(HEALTH_NAMES[kind]), type="tertiary", key=f"new-{kind}", on_click=editor.open_new,
                              args=(PAGE, "metric"),
                              kwargs={"kind": kind, "name": _(HEALTH_NAMES[kind])})  # fmt: skip
    for metric in metrics:
        with line(metric["ref"], horizontal=True, wrap=False):
            handle(metric["ref"], editor.open_item, PAGE, metric["ref"])
            st.text(metric["name"], width="stretch")
            with st.container(key=f"feeling-{metric['ref']}", width="content"):
                st.text(ends(metric), width="content")
        findings.chips(PAGE, metric["ref"], found)
