"""Who and where this run is: the workshop's code, its open file, and the one way to carry out a command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st
from sqlite_utils import Database

from pages import door
from workshop import journal, room, store
from workshop.problems import Problem, Refusal, Rejected
from workshop.words import _

_db: ContextVar[Database] = ContextVar("db")


def code() -> str | None:
    """The workshop that this browser is in: from the address, else where it was before."""
    given = st.query_params.get("w") or st.session_state.get("workshop")
    st.session_state["workshop"] = given
    return given


def db() -> Database:
    """The workshop's file, open for this run."""
    return _db.get()


@contextmanager
def opened(code: str) -> Iterator[Database]:
    """The workshop's file for everything that this run draws; ends the run with a sentence when it cannot be had."""
    try:
        with store.open(code) as db:
            token = _db.set(db)
            try:
                yield db
            finally:
                _db.reset(token)
    except Refusal as refusal:
        st.session_state.pop("workshop", None)
        st.session_state["refusal"] = refusal
        show_refusal()
        st.link_button(_("To the lobby"), "/", icon=":material/arrow_back:")


def carry_out(handler: Callable, command: Any, done: str) -> Any:
    """Carries out a host's command in this workshop and says `done`, with the answer in place of {ref}.

    Gives the handler's answer, or None after a refusal, which is then shown beside its field or on top of the page.
    """
    return attempt(lambda: _act(handler, command, done), done)


def _act(handler: Callable, command: Any, done: str) -> Any:
    with store.open(st.session_state["workshop"]) as db:
        return journal.act(db, journal.HOST, handler, command, done)


def attempt(do: Callable[[], Any], done: str = "") -> Any:
    """Anything that can be refused, such as making or bringing in a workshop. The only `except` of the pages."""
    st.session_state.pop("refusal", None)
    try:
        if not door.still_host():
            raise Rejected(Problem("", _("You are not the host any more. Come in again with the host key.")))
        answer = do()
    except Refusal as refusal:
        refused(refusal)
        return None
    if done:
        st.toast(done.format(ref=answer), icon=":material/check:")
    return answer


def with_file(use: Callable[[Database], Any]) -> Any:
    """Something with the workshop's file in a callback, before the page's own is open: a look, an undo."""

    def opened_and_used() -> Any:
        with store.open(st.session_state["workshop"]) as db:
            return use(db)

    return attempt(opened_and_used)


def refused(refusal: Refusal) -> None:
    st.session_state["refusal"] = refusal


def refusal_for(field: str) -> str:
    """What was wrong with this field of the last command, or ''."""
    refusal = st.session_state.get("refusal")
    if not isinstance(refusal, Rejected):
        return ""
    return " ".join(problem.message for problem in refusal.problems if problem.field == field)


def show_refusal(beside: tuple[str, ...] = ()) -> None:
    """The last refusal, except for what is said beside its field anyway. People's words in it stay text."""
    refusal = st.session_state.get("refusal")
    if refusal is None:
        return
    problems = refusal.problems if isinstance(refusal, Rejected) else (Problem("", str(refusal)),)
    sentences = [problem.message for problem in problems if not problem.field or problem.field not in beside]
    if sentences:
        with st.container(key="refusal", horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
            st.markdown(":material/error:", width="content")
            st.text("\n".join(sentences), width="stretch")


def follow(step: str) -> None:
    """Moves the room, and with it the shared screen, to the step whose page the host has just come to.

    Only on coming to the page: a tab that is merely drawn again must not drag the room back to it.
    """
    came_from = st.session_state.get("followed")
    st.session_state["followed"] = (code(), step)
    if came_from == (code(), step):
        return
    if room.get_room(db())["step"] != step:
        with store.change(db(), journal.HOST, _("Went to another step"), kind="follow") as action:
            action.what = _("Went to {title}").format(title=room.go_to(db(), room.GoTo(step)))


def go_to(page: str, code: str | None = None) -> None:
    """Opens another page after this callback, in the same workshop or in another one."""
    if code:
        st.session_state["workshop"] = code
        st.query_params["w"] = code
    st.session_state["go_to"] = page
