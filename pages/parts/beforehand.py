"""Before the day: the few questions that are asked by a link, the link itself, and how many have answered."""

import streamlit as st

from pages import house
from pages.parts import here
from pages.parts.cards import row
from workshop import beforehand
from workshop.beforehand import AskBeforehand, LockBeforehand
from workshop.words import _


def draw() -> None:
    if here.is_closed():  # what came in stands among the entries
        return
    asked = beforehand.get_beforehand(here.db())
    with row("xsmall"):
        st.markdown(f"**{_('Before the day')}**", width="content")
        st.space("stretch")
        _questions(asked)
        if asked:
            _lock(asked["locked"])
    if asked and not asked["locked"]:
        st.code(f"{house.address_in_the_room()}/before/{here.code()}{asked['secret']}", language=None)
    st.caption(_said(asked))


def _said(asked: dict | None) -> str:
    if asked is None:
        return _("A link with a few questions: people answer on their own, and nobody asks who they are.")
    if asked["answered"]:
        said = _("{count} have answered. What they wrote stands below, under each question.")
    else:
        said = _("Nobody has answered yet. Send them the link; they must reach this machine.")
    closed = _("The link takes no more answers.") if asked["locked"] else ""
    return f"{said} {closed}".format(count=asked["answered"])


def _questions(asked: dict | None) -> None:
    """One question a line, so that each can be worded as these people would ask it."""
    now = asked["questions"] if asked else [_(question) for question in beforehand.QUESTIONS]
    with st.popover(_("The questions") if asked else _("Ask by link"), icon=":material/link:", type="tertiary",
                    key="beforehand"):  # fmt: skip
        key = f"beforehand-{here.code()}-{hash(tuple(now))}"
        st.text_area(_("One line for each question"), "\n".join(now), key=key, height="content", width=460,
                     persist_state="session")  # fmt: skip
        if problem := here.refusal_for("questions", "beforehand") or here.refusal_for("text", "beforehand"):
            st.text(problem)
        st.button(_("Change them") if asked else _("Make the link"), key="ask-beforehand", on_click=_ask, args=(key,))


def _ask(key: str) -> None:
    command = AskBeforehand(st.session_state[key])
    # as at the entrance there is nothing to undo: a link that was sent out stays the link
    here.carry_out(beforehand.ask_beforehand, command, _("{ref} questions are asked by link"), beside="beforehand",
                   kind="follow")  # fmt: skip


def _lock(locked: bool) -> None:
    name, icon = (_("Open it again"), "lock_open") if locked else (_("Close it"), "lock")
    st.button(name, icon=f":material/{icon}:", type="tertiary", key="lock-beforehand", on_click=here.carry_out,
              args=(beforehand.lock_beforehand, LockBeforehand(not locked), name),
              kwargs={"kind": "follow"})  # fmt: skip
