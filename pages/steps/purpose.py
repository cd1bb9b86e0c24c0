"""Purpose: big, medium and small as three places; the small ones in columns by who says them."""

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import card, empty, handle, head, line, promise_line, row, words
from pages.parts.editor import Form
from workshop.items import list_items
from workshop.steps.prepare import add_segment
from workshop.steps.purpose import OPENERS, STEP, add_purpose, list_purposes
from workshop.words import _

PAGE = STEP.slug
db = here.db()
levels = {level: list_purposes(db, level) for level in ("big", "medium", "small")}
segments = list_items(db, "segment")
forms = [
    Form("purpose", add_purpose, _("A customer purpose"),
         ("text", "segment", "evidence_source", "emotion_if_met"),
         ("emotion_if_missed", "evidence_note", "opener", "level", "brand", "status")),
    Form("segment", add_segment, _("A group of customers"), ("name", "context"), ("reached_how",)),
]  # fmt: skip


def place(level: str, name: str, role: str) -> None:
    """The chosen purpose of a level on its card, the other candidates below it."""
    chosen = [one for one in levels[level] if one["status"] == "chosen"]
    for one in chosen:
        with card(one["ref"], height="stretch", gap="small"):
            with row("xsmall"):
                handle(one["ref"], editor.open_item, PAGE, one["ref"])
                st.markdown(f"**{name}** :small[{role}]", width="content")
            words(one["text"], level, one["ref"])
    if not chosen:
        with card(f"no-{level}", height="stretch", gap="small"):
            st.markdown(f"**{name}** :small[{role}]")
            empty(
                {"big": _("Why do we exist beyond money? … so that …"), "medium": _("In their lives, we are …")}[level]
            )
            st.button(_("Write it"), key=f"write-{level}", on_click=editor.open_new, args=(PAGE, "purpose"),
                      kwargs={"level": level, "status": "chosen"})  # fmt: skip


def candidates() -> None:
    for one in levels["big"] + levels["medium"]:
        if one["status"] != "chosen":
            with line(one["ref"], horizontal=True, wrap=False):
                handle(one["ref"], editor.open_item, PAGE, one["ref"])
                st.text(one["text"], width="stretch")
                st.caption(f"{_(one['level'])}, {_(one['status'])}", width="content")


def small(one: dict) -> None:
    with card(one["ref"]):
        with row("xsmall"):
            handle(one["ref"], editor.open_item, PAGE, one["ref"])
            said = filter(
                None, (_(one["evidence_source"] or ""), _(one["status"]) if one["status"] != "chosen" else "")
            )
            st.caption(", ".join(said), width="content")
        st.text(one["text"])
        if one["emotion_if_met"] or one["emotion_if_missed"]:
            with st.container(key=f"feeling-{one['ref']}"):
                st.text(
                    _("{met}, or else {missed}").format(
                        met=one["emotion_if_met"] or "…", missed=one["emotion_if_missed"] or "…"
                    )
                )


left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line()
    head(STEP.prompt, STEP.below)
    big, medium = st.columns([5, 3], gap="small")
    with big:
        place("big", _("Big"), _("in the world"))
    with medium:
        place("medium", _("Medium"), _("in their lives"))
    candidates()
    with row("xsmall"):
        st.markdown(f"**{_('Small')}** :small[{_('in their words')}]", width="content")
        st.space("stretch")
        for opener in OPENERS:
            st.button(f"{opener}…", key=f"open-{opener}", on_click=editor.open_new, args=(PAGE, "purpose"),
                      kwargs={"level": "small", "status": "chosen", "opener": opener,
                              "text": f"{opener} "})  # fmt: skip
    loose = [one for one in levels["small"] if one["segment"] is None]
    groups = [(one, [p for p in levels["small"] if p["segment"] == one["ref"]]) for one in segments]
    columns = [*groups, *([(None, loose)] if loose or not groups else [])]
    for column, (segment, purposes) in zip(st.columns(max(len(columns), 3), gap="small"), columns, strict=False):
        with column:
            with st.container(key=f"segment-{segment['ref'] if segment else 'nobody'}"):
                st.text(segment["name"] if segment else _("Nobody named yet"))
            for one in purposes:
                small(one)
            if not purposes:
                empty(_("What do they come for? Begin with one of the four openers."))
    st.button(_("Another group of customers"), icon=":material/add:", type="tertiary", key="new-segment",
              on_click=editor.open_new, args=(PAGE, "segment"))  # fmt: skip
    editor.put_away("purpose", "segment")
with right:
    editor.draw(PAGE, forms, {"level": "small", "status": "chosen"})
