"""Promise: one sentence, large, with its tests; the purposes that it comes from above it."""

import streamlit as st

from pages.parts import activity, candidates, editor, findings, here, written
from pages.parts.cards import card, empty, handle, head, label, row, words
from pages.parts.editor import Form
from workshop.items import list_items
from workshop.steps.promise import STEP, AddPromise, add_promise, get_promise, tests_of
from workshop.steps.purpose import list_chosen
from workshop.words import _

PAGE = STEP.slug
ICONS = ("check_circle", "link_off", "healing")
db = here.db()
promise, purposes, small = get_promise(db), list_chosen(db, "big", "medium"), list_chosen(db, "small")
found = findings.by_ref("promise")
others = [one for one in list_items(db, "promise") if one is not promise and one["status"] != "chosen"]


def added(new: AddPromise) -> str:
    return _("Added {ref} as the promise") if new.status == "chosen" else _("Added {ref} as a candidate")


forms = [
    Form("promise", add_promise, _("Another candidate") if promise else _("A promise"),
         ("text", "kept_when", "broken_when", "when_we_fail"),
         ("owner_role", "audience", "kind", "purposes", "what_keeping_takes", "expectation", "break_point",
          "valid_from", "review_by", "status"), added=added),
]  # fmt: skip


def purpose_lines(rows: list[dict]) -> None:
    """What is the same on two levels stands there once."""
    said: dict[str, list[str]] = {}
    for one in rows:
        said.setdefault(one["text"], []).append(one["ref"])
    for text, refs in said.items():
        with st.container(key=f"quiet-{refs[0]}", horizontal=True, gap="xsmall", wrap=False):
            st.markdown(label(*refs), width="content")
            st.text(text, width="stretch")


left, right = st.columns([7, 3], gap="medium")
with left:
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    purpose_lines(purposes)
    if small:
        with st.expander(f"{_('What customers come for')} :small[{len(small)}]"):
            purpose_lines(small)
    with card("vow", gap="small"):
        if promise:
            with row("xsmall"):
                handle(promise["ref"], editor.open_item, PAGE, promise["ref"])
                to = _("to {audience}").format(audience=_(promise["audience"])) if promise["audience"] else ""
                by = _("kept by {role}").format(role=promise["owner_role"]) if promise["owner_role"] else ""
                with st.container(key="feeling-promise"):
                    st.text(", ".join(filter(None, (to, by))), width="content")
            words(promise["text"], "vow", promise["ref"])
        else:
            empty(_("No promise is chosen yet. Write one at the right: to somebody, about something they could check."))
    if promise:
        for column, (name, text), icon in zip(st.columns(3, gap="small"), tests_of(promise), ICONS, strict=False):
            with column, st.container(key="test-" + icon, gap="xxsmall"):
                st.markdown(f":small[:material/{icon}: **{name}**]")
                st.text(text)
        findings.chips(PAGE, promise["ref"], found)
    if others:
        st.markdown(f"**{_('Candidates')}** :small[{len(others)}]")
        candidates.draw(PAGE, [(one, _(one["status"])) for one in others], found)
    written.draw(PAGE)
    findings.put_aside("promise")
    editor.put_away(PAGE, "promise")
with right:
    begin = {"status": "candidate" if promise else "chosen", "audience": "customers"}
    editor.draw(PAGE, forms, begin | {"purposes": [one["ref"] for one in purposes]})
