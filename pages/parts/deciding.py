"""Start, later or not: every concept with its scores, its first test, and what was decided."""

import streamlit as st

from pages.parts import editor, findings, here
from pages.parts.cards import empty, handle, label, line, row
from workshop.figures import whole
from workshop.items import list_items
from workshop.steps.commitment import CHOICES, Decide, decide, list_in_order
from workshop.words import _

ABOUT_DECIDING = ("KON-PROMISE", "THR-SELECT-LIFE")


def draw(page: str) -> None:
    concepts, found = list_in_order(here.db()), findings.by_ref("concept")
    for concept in concepts:
        _concept(page, concept, found)
    if not concepts:
        empty(_("There is no concept to decide about yet."))
    _decisions(page)


def _concept(page: str, concept: dict, found: dict) -> None:
    ref = concept["ref"]
    with line(ref, gap="xxsmall"):
        with row("xsmall", wrap=False):
            handle(ref, editor.open_item, page, ref)
            with st.container(key=f"name-{ref}", width="stretch"):
                st.text(concept["name"], width="stretch")
            _choice(concept)
        with st.container(key=f"feeling-{ref}"):
            st.text(_facts(concept))
        if concept["status"] == "selected":
            test = " · ".join(filter(None, (concept["first_test"], concept["test_with"], concept["test_by"])))
            if test:
                with st.container(key=f"quiet-{ref}", gap=None):
                    st.caption(_("First test"))
                    st.text(test)
            else:
                here.button(_("First test: what, with whom, by when?"), icon=":material/science:", type="tertiary",
                            key=f"try-{ref}", on_click=editor.open_item, args=(page, ref))  # fmt: skip
        _why(ref)
        mine = [one for one in found.get(ref, ()) if one.finding.rule in ABOUT_DECIDING]
        findings.chips(page, ref, {ref: mine})


def _choice(concept: dict) -> None:
    ref, now = concept["ref"], concept["status"] if concept["status"] in CHOICES else None
    if here.is_closed():
        st.caption(_(CHOICES[now]) if now else "", width="content")
        return
    key = f"choice-{ref}-{concept['version']}"
    st.session_state.setdefault(key, now)
    st.segmented_control(_("What becomes of {ref}?").format(ref=ref), list(CHOICES), key=key, required=True,
                         format_func=lambda choice: _(CHOICES[choice]), label_visibility="collapsed",
                         on_change=_choose, args=(ref, key, now), width="content")  # fmt: skip


def _facts(concept: dict) -> str:
    """Both scores, never their sum alone."""
    scores = ((_("customers {score}"), "customer_score"), (_("business {score}"), "business_score"))
    said = [words.format(score=whole(concept[part])) for words, part in scores
            if concept[part] is not None]  # fmt: skip
    effort = _("effort {effort}").format(effort=concept["effort"]) if concept["effort"] else ""
    kept = {"partly": _("keeps the promise partly"), "no": _("breaks the promise")}.get(concept["keeps_promise"], "")
    return " · ".join(filter(None, (*said, effort, kept))) or _("not rated")


def _choose(ref: str, key: str, now: str | None) -> None:
    """Callback: what was refused is not left standing there as if it were decided."""
    command = Decide(ref, st.session_state[key])
    if not here.carry_out(decide, command, _("Decided about {ref}"), beside=f"decide-{ref}"):
        st.session_state[key] = now


def _why(ref: str) -> None:
    """Starting what does not keep the promise takes a reason."""
    here.show_refusal(f"decide-{ref}")
    if here.refusal_for("rationale", f"decide-{ref}"):
        with row("xsmall", align="bottom"):
            st.text_input(_("The reason, in your words"), key=f"reason-{ref}", width="stretch")
            st.text_input(_("Who is against it"), key=f"against-{ref}", width=200)
            st.button(_("Start it"), key=f"start-{ref}", on_click=_start, args=(ref,))


def _start(ref: str) -> None:
    command = Decide(ref, "selected", st.session_state[f"reason-{ref}"], st.session_state[f"against-{ref}"])
    here.carry_out(decide, command, _("Decided about {ref}"), beside=f"decide-{ref}")


def _decisions(page: str) -> None:
    decisions = list_items(here.db(), "decision")
    with row("xsmall"):
        st.markdown(f"**{_('Decisions')}** :small[{len(decisions)}]", width="content")
        st.space("stretch")
        here.button(_("Decision"), icon=":material/add:", type="tertiary", key="new-decision", on_click=editor.open_new,
                    args=(page, "decision"), kwargs={"step": page})  # fmt: skip
    for one in decisions:
        with line(one["ref"], gap="xxsmall"):
            with row("xsmall", wrap=False):
                handle(one["ref"], editor.open_item, page, one["ref"])
                st.text(one["text"], width="stretch")
                st.markdown(label(*one["because_of"]), width="content")
            given_up = _("we give up: {what}").format(what=one["gives_up"]) if one["gives_up"] else ""
            against = _("against it: {who}").format(who=one["dissent"]) if one["dissent"] else ""
            state = _(one["state"]) if one["state"] != "made" else ""
            owner = _("owner: {who}").format(who=one["owner_role"]) if one["owner_role"] else ""
            facts = (one["rationale"], one["decided_by_role"], owner, one["due"], against, given_up, state)
            with st.container(key=f"feeling-{one['ref']}"):
                st.text(" · ".join(filter(None, facts)))
    if not decisions:
        empty(_("What did we decide, because of what, and what do we give up for it? An absent executive will ask."))
