"""Opening: what the room says when nobody has spoken yet, whole and by role group, before and after."""

import streamlit as st

from pages.parts import activity, editor, here, written
from pages.parts.cards import card, empty, head, line, promise_line, row, words
from workshop.activities import Results
from workshop.steps.opening import ANSWERS, LOW, STEP, compare_belief, list_groups, list_pulses, said_of
from workshop.words import _

PAGE = STEP.slug
db = here.db()
pulses = list_pulses(db, PAGE)


def draw_pulse(found: Results) -> None:
    """A question with its answers as a line of blocks, and below it the groups that part from the rest."""
    for one in found.rows:
        with card(f"pulse-{found.activity['id']}-{one['ref']}"):
            with row("xsmall", wrap=False):
                st.text(found.activity["prompt"], width="stretch")
                st.caption(_("{answered} answered").format(answered=one["answered"]), width="content")
            if one["counts"]:
                words(said_of(one), "finding-line", f"said-{found.activity['id']}")
                draw_share(one)
            elif not one["words"]:
                empty(_("Fewer than three answers are not shown."))
            for group, part in list_groups(one):
                with line(f"group-{found.activity['id']}-{group}", horizontal=True, wrap=False):
                    st.caption(group, width=120)
                    st.text(said_of(part), width="stretch")
            for text in one["words"]:
                st.text(text)


def draw_share(one: dict) -> None:
    """How many of all said that they do not know: as good an answer as any, and worth seeing."""
    unknown = one["counts"].get("unknown", 0)
    if unknown:
        said = _("{unknown} of {answered} say: {words}")
        st.caption(said.format(unknown=unknown, answered=one["answered"], words=_(ANSWERS["unknown"])))


def draw_belief() -> None:
    before, after = compare_belief(db)
    if before is not None and after is not None:
        words(_("Belief: {before} of 10 at the opening, {after} at the close.").format(before=before, after=after),
              "medium", "belief")  # fmt: skip
    if (last := after if after is not None else before) is not None and last < LOW:
        st.caption(_("Few believe it. Who does something about that, by when? Commitment has a place for it."))


def draw_offers() -> None:
    with st.container(key="editor-opening"):
        st.markdown(f"**{_('What can be asked')}**")
        for offer in STEP.activities:
            with line(f"offer-{offer.name}", gap=None):
                st.text(_(offer.prompt) or _(STEP.prompt))
                st.caption(_("{minutes} minutes").format(minutes=offer.minutes))
        st.caption(_("The buttons at the left open one after the other. Everybody may pass."))


editor.follow_address(PAGE, [])
left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line()
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE, tells="pulse")
    draw_belief()
    for found in reversed(pulses):  # what was just revealed is talked about
        draw_pulse(found)
    if not pulses:
        empty(_("Ask before anybody speaks: everyone answers in silence, and all answers appear at once."))
    written.draw(PAGE)
    editor.put_away(PAGE)
with right:
    if editor.editing(PAGE):
        editor.draw(PAGE, [])
    elif not here.is_closed():
        draw_offers()
