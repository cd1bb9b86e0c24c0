"""What is done with what was decided: actions by kind, practices, when we look again, and what is still open."""

import streamlit as st

from pages.parts import editor, findings, here
from pages.parts.cards import empty, handle, icon_only, label, line, row
from workshop.figures import figure
from workshop.items import list_items
from workshop.steps.commitment import latest_readings, list_behind
from workshop.steps.strategy import HEALTH, list_metrics
from workshop.words import N_, _

# the kinds of action that are asked for, each with its question; the others follow
ASKED = {
    "employees": N_("Employees: who is thanked, and what do they need?"),
    "leadership": N_("Leaders: what do they do first, visibly?"),
    "daily_task": N_("Daily tasks: which one changes?"),
    "vision": N_("Vision: which words change?"),
    "policy": N_("Policies: which rule goes, or comes?"),
}


def draw_life(page: str) -> None:
    actions, found = list_items(here.db(), "activation"), findings.by_ref("activation")
    for kind, question in ASKED.items():
        _heading(page, "activation", _(question), kind=kind)
        for one in actions:
            if one["kind"] == kind:
                _action(page, one, found)
    others = [one for one in actions if one["kind"] not in ASKED]
    _heading(page, "activation", _("Training, recognition, research, partners and more"), kind="training")
    for one in others:
        _action(page, one, found)
    _heading(page, "practice_review", _("Practices: what do we keep, change or stop?"), decision="stop")
    for one in list_items(here.db(), "practice_review"):
        _row(page, one, one["practice"], one["whose"], _(one["decision"] or ""), one["principle"])


def draw_measure(page: str) -> None:
    _heading(page, "review", _("Which figure when, who reads it, who may stop a concept?"))
    reviews = list_items(here.db(), "review")
    for one in reviews:
        result = ": ".join(filter(None, (_(one["result"] or ""), one["what_changed"])))
        _row(page, one, one["forum"] or "–", result, one["date"], *one["metrics"], *one["about"])
    if not reviews:
        empty(_("A first date in six weeks: it is kept, changed or stopped there."))
    latest, looked_at = latest_readings(here.db()), {ref for one in reviews for ref in one["metrics"]}
    behind = {one["ref"]: one["movers"] for one in list_behind(here.db())}
    st.markdown(f"**{_('What we count')}**")
    for metric in list_metrics(here.db()):
        read = latest.get(metric["ref"])
        steps = [metric["baseline"], *([read["value"]] if read else []), metric["target"]]
        ends = " → ".join(filter(None, map(figure, steps)))
        with line(f"read-{metric['ref']}", horizontal=True, wrap=False, vertical_alignment="center"):
            st.markdown(label(metric["ref"]), width="content")
            with st.container(gap=None, width="stretch"):
                st.text(metric["name"], width="stretch")
                if movers := behind.get(metric["ref"]):
                    st.markdown(f":small[{_('to be moved by')}] {label(*movers)}")
                elif metric["ref"] in behind:  # no concept is rated on what watches the whole
                    st.caption(_("behind its target") if metric["kind"] in HEALTH
                               else _("behind its target, and nothing that starts moves it"))  # fmt: skip
            if metric["ref"] not in looked_at:
                st.caption(_("in no review"), width="content")
            st.caption(f"{ends} {here.escaped(metric['unit'])}", width="content")
            here.button(**icon_only("add", _("A new reading")), type="tertiary",
                        key=f"read-{metric['ref']}", on_click=editor.open_new, args=(page, "reading"),
                        kwargs={"metric": metric["ref"]})  # fmt: skip
    for one in list_items(here.db(), "reading"):
        _row(page, one, f"{figure(one['value'])} {one['note']}", one["source"], one["date"], one["metric"])


def draw_open(page: str) -> None:
    for table, title in (("question", _("Open questions")), ("assumption", _("What we take to be true"))):
        _heading(page, table, title)
        for one in list_items(here.db(), table):
            _row(page, one, one["text"], one["answer"], " · ".join(filter(None, (one["owner_role"], one["due"]))))


def _heading(page: str, table: str, title: str, **preset) -> None:
    with row("xsmall"):
        st.markdown(f"**{title}**", width="content")
        st.space("stretch")
        here.button(**icon_only("add", _("Add to “{what}”").format(what=title)), type="tertiary",
                    key=f"new-{table}-{preset.get('kind', '')}", on_click=editor.open_series, args=(page, table),
                    kwargs=preset)  # fmt: skip


def _action(page: str, one: dict, found: dict) -> None:
    status = _(one["status"]) if one["status"] != "open" else ""
    due = " · ".join(filter(None, (one["owner_role"], one["due"], status)))
    _row(page, one, one["action"], "", due, one["concept"] or one["promise"], found=found)


def _row(
    page: str, one: dict, said: str, below: str, fact: str | None, *refs: str | None, found: dict | None = None
) -> None:
    with line(one["ref"], horizontal=True, wrap=False):
        handle(one["ref"], editor.open_item, page, one["ref"])
        with st.container(gap=None, width="stretch"):
            st.text(said, width="stretch")
            if below:
                with st.container(key=f"feeling-{one['ref']}"):
                    st.text(below)
            findings.chips(page, one["ref"], found or {})
        if fact:
            with st.container(key=f"feeling-fact-{one['ref']}", width="content"):
                st.text(fact, width="content")
        st.markdown(label(*filter(None, refs)), width="content")
