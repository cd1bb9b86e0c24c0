"""Ratings typed by the host: one person after the other, or what the room agreed on."""

import secrets

import pandas as pd
import streamlit as st

from pages.parts import here
from pages.parts.cards import empty
from workshop import people, store
from workshop.activities.rate import RateImpact, TakeBackRating, list_ratings
from workshop.steps.concepts import list_live
from workshop.steps.further import get_progress
from workshop.steps.ranking import AgreeImpact, carry_out_all, list_agreements
from workshop.steps.strategy import list_metrics
from workshop.words import _

ROOM = 0  # in the list of people: what the room agreed on
VALUES = {"+3": 3, "+2": 2, "+1": 1, "0": 0, "-1": -1, "-2": -2, "-3": -3}


CANNOT = "?"
# typed, not picked: in a list of answers a fast "-2" lost its minus while the list opened, and became +2
TYPED = r"^([+\-−]?[0-3]?|\?)$"  # a lone minus is on its way to a number


def draw() -> None:
    db = here.db()
    concepts, metrics = list_live(db), list_metrics(db, "cpi", "kpi")
    if not concepts or not metrics:
        empty(_("To rate, there must be concept cards, and something that we count."))
        return
    _progress()
    names = {ROOM: _("The room agreed")} | {one["id"]: one["alias"] for one in people.list_participants(db)}
    who, add = st.columns([7, 3], gap="medium", vertical_alignment="bottom")
    with who:
        person = st.selectbox(_("Whose ratings"), list(names), format_func=names.get, key="rater")
    with add:
        if not here.is_closed():
            _add_person()
    if here.is_closed():
        scale = _("From −3 (hurts a lot) over 0 (no effect) to 3 (helps a lot), ? for “cannot judge”.")
    else:
        scale = _("Type −3 (hurts a lot) over 0 (no effect) to 3 (helps a lot), ? for “cannot judge”, then Enter.")
    st.caption(f"{scale} {_('A cell stays empty where nobody was asked.')}")
    _grid(person, concepts, metrics)
    for metric in metrics:
        with st.container(key=f"feeling-key-{metric['ref']}"):
            st.text(f"{metric['ref']}  {metric['name']}")


def _progress() -> None:
    """While the room rates: how much is covered, and what more of it would settle. Nothing about what was rated."""
    so_far = get_progress(here.db())
    if so_far is None:
        return
    with st.container(key="feeling-progress"):
        st.text(so_far.covered)
        if so_far.five_minutes:
            st.text(so_far.five_minutes)


def _grid(person: int, concepts: list[dict], metrics: list[dict]) -> None:
    """The cells of one person. What the grid starts from stays the same while it is filled in, or the cursor jumps.

    Answers are written with plain hyphens, so that typing -2 finds its own.
    """
    state = st.session_state.setdefault("grid", {})
    now = store.revision(here.db())
    shape = (person, [one["ref"] for one in concepts], [one["ref"] for one in metrics])
    if state.get("shape") != shape or state.get("revision") != now:
        known = list_agreements(here.db()) if person == ROOM else list_ratings(here.db(), person)
        state |= {"shape": shape, "revision": now, "key": f"grid-{secrets.token_hex(4)}", "written": {},
                  "cells": [[_said(known, c["ref"], m["ref"]) for m in metrics] for c in concepts]}  # fmt: skip
    frame = pd.DataFrame(state["cells"], columns=shape[2])
    frame.insert(0, "concept", [f"{one['ref']}  {one['name']}" for one in concepts])
    columns = {"concept": st.column_config.TextColumn(_("Concept"), disabled=True, width="medium", pinned=True)}
    columns |= {
        one["ref"]: st.column_config.TextColumn(one["ref"], max_chars=2, validate=TYPED, help=one["ref"])
        for one in metrics
    }
    key = state["key"]
    st.data_editor(frame, hide_index=True, column_config=columns, key=key, disabled=here.is_closed(), on_change=_store,
                   args=(key,), row_height=39, placeholder="",
                   height=min(39 * (len(concepts) + 1) + 3, 620))  # fmt: skip


def _said(known: dict, concept: str, metric: str) -> str | None:
    if (concept, metric) not in known:
        return None
    value = known[concept, metric]
    return CANNOT if value is None else next(word for word, number in VALUES.items() if number == value)


def _store(key: str) -> None:
    """Writes the cells that were filled in since the grid was drawn, as one action."""
    state = st.session_state["grid"]
    person, concepts, metrics = state["shape"]
    commands = []
    for place, cells in st.session_state[key]["edited_rows"].items():
        for metric, word in cells.items():
            cell = (int(place), metric)
            if state["written"].get(cell, state["cells"][cell[0]][metrics.index(metric)]) != word:
                commands.append(_command(person, concepts[cell[0]], metric, word))
                state["written"][cell] = word
    if commands and here.carry_out(carry_out_all, commands, _("Ratings: {count}").format(count=len(commands))):
        state["revision"] = here.attempt(lambda: here.with_file(store.revision))


def _command(person: int, concept: str, metric: str, word: str | None):
    if person == ROOM:
        return AgreeImpact(concept, metric, _number(word))
    if not word:
        return TakeBackRating(person, concept, metric)
    return RateImpact(person, concept, metric, _number(word))


def _number(word: str | None) -> int | str | None:
    """What was typed, as a rating; None for "?". What is no number stays as it is, and the workshop refuses it."""
    if word in (None, "", CANNOT):
        return None
    plain = word.replace("−", "-")
    return int(plain) if plain.lstrip("+-").isdecimal() else word


def _add_person() -> None:
    with st.popover(_("Add a person"), icon=":material/person_add:", width="stretch"):
        number = here.fresh("person")
        st.text_input(_("Name"), key=f"alias-{number}")
        st.selectbox(_("Role group"), people.GROUPS, key=f"group-{number}", format_func=_)
        st.button(_("Add"), key="add-person", on_click=_add, args=(number,))


def _add(number: str) -> None:
    command = people.AddParticipant(
        alias=st.session_state[f"alias-{number}"], group=st.session_state[f"group-{number}"]
    )
    if made := here.carry_out(people.add_participant, command, _("Added a person")):
        here.renew("person")
        st.session_state["rater"] = made
