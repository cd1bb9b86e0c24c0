"""What became of what was decided: concepts and practices kept, changed or stopped, and who still has to act."""

from datetime import date

import streamlit as st

from pages.parts import here
from pages.parts.cards import empty, label, line
from workshop import afterwards, items
from workshop.words import N_, _

STATES = {"overdue": N_("Overdue"), "open": N_("Open"), "doing": N_("Under way"), "done": N_("Done"),
          "dropped": N_("Dropped")}  # fmt: skip


def draw_kept() -> None:
    st.header(_("Kept, changed or stopped"), anchor=False)
    results = list(afterwards.RESULTS)
    judged, practices = afterwards.list_judged(here.db()), items.list_items(here.db(), "practice_review")
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
        if here.is_closed():
            st.caption(_(afterwards.RESULTS[result]) if result else "–", width="content")
            return
        key = f"judge-{ref}-{state}"
        st.segmented_control(_("Result"), results, default=result, key=key, width="content",
                             format_func=lambda one: _(afterwards.RESULTS[one]), label_visibility="collapsed",
                             required=True, on_change=judge, args=(ref, key))  # fmt: skip


def judge(ref: str, key: str) -> None:
    result = st.session_state[key]
    if ref.startswith("E"):
        here.carry_out(afterwards.judge, afterwards.Judge(ref, result), _("Judged {ref}"))
    else:
        row = here.attempt(lambda: here.with_file(lambda db: items.get_item(db, ref)))
        if row:
            here.carry_out(items.edit, items.Edit(ref, row["version"], {"decision": result}), _("Judged {ref}"))


def draw_actions() -> None:
    st.header(_("Who acts"), anchor=False)
    by_state = afterwards.list_actions(here.db(), date.today())
    if not by_state:
        empty(_("What somebody takes on stands here, by date."))
    for state, actions in by_state:
        st.markdown(f"**{_(STATES[state])}** :small[{len(actions)}]")
        for one in actions:
            with line(one["ref"], horizontal=True, vertical_alignment="center", wrap=False):
                st.markdown(label(one["ref"]), width="content")
                with st.container(gap=None, width="stretch"):
                    st.text(one["action"])
                    with st.container(key=f"feeling-{one['ref']}"):
                        st.text(" · ".join(filter(None, (one["due"], one["owner_role"]))) or "–")
                if here.is_closed():  # its state stands above it
                    continue
                key = f"state-{one['ref']}-{one['status']}"
                st.selectbox(_("State"), ("open", "doing", "done", "dropped"), key=key, width=140,
                             index=("open", "doing", "done", "dropped").index(one["status"]),
                             format_func=lambda name: _(STATES[name]), label_visibility="collapsed",
                             on_change=set_state, args=(one["ref"], key))  # fmt: skip


def set_state(ref: str, key: str) -> None:
    here.carry_out(items.set_status, items.SetStatus(ref, st.session_state[key]), _("Moved on {ref}"))
