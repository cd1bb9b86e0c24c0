"""What the room can be asked at its step: what the step offers, what was asked before, a question of one's own."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.parts import here, own_question
from workshop.activities import TakeUpActivity, list_activities, open_activity, take_up_activity
from workshop.step import Offer, Step, asking
from workshop.steps import step_of
from workshop.words import _


def draw(row: dict, asked: dict | None) -> None:
    """`row` is the agenda's row of the step that the room is at, `asked` what it is asked now."""
    panel = st.popover(_("Ask the room"), icon=":material/forum:", type="tertiary", key="ask", on_change="rerun")
    if not panel.open:
        return
    step, before = step_of(row["slug"]), list_activities(here.db(), row["slug"])
    with panel:
        for number, offer in enumerate(step.activities):
            _offered(number, step, offer)
        for one in before:
            if asked is None or one["id"] != asked["id"]:
                st.button(_said_before(one), key=f"take-up-{one['id']}", icon=":material/history:", type="tertiary",
                          on_click=_turn_to,
                          args=(take_up_activity, TakeUpActivity(one["id"]), _("Back at “{ref}”")))  # fmt: skip
        own_question.draw(row["slug"])


def name_of(offer: Offer) -> str:
    return _("{name}: {minutes} min").format(name=_(offer.name), minutes=offer.minutes)


def opened(offer: Offer) -> str:
    return _("Opened: {name}").format(name=_(offer.name))


def _offered(number: int, step: Step, offer: Offer) -> None:
    command = asking(here.db(), step, offer)
    st.button(name_of(offer), key=f"offer-{number}", width="stretch", disabled=command is None, on_click=_turn_to,
              args=(open_activity, command, opened(offer)))  # fmt: skip
    if command is None:
        st.caption(_("To rate, there must be concept cards, and something that we count.") if offer.kind == "rate"
                   else _("There is nothing to choose from yet."))  # fmt: skip


def _turn_to(handler: Callable, command: Any, done: str) -> None:
    """What the room is asked now covers no page: the panel closes."""
    if here.carry_out(handler, command, done):
        st.session_state["ask"] = False


def _said_before(one: dict) -> str:
    states = {"open": _("open"), "closed": _("not shown"), "revealed": _("shown")}
    said = _("Back to “{prompt}” (round {round}, {state})")
    return here.escaped(said.format(prompt=one["prompt"], round=one["round"], state=states[one["state"]]))
