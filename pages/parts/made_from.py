"""What can be made from a workshop of the library: a copy, a review; and looking at it beside another."""

from collections.abc import Callable

import streamlit as st

from pages.parts import here, rehearsing
from pages.parts.cards import icon_only
from workshop import journal, review, template
from workshop.library import Entry
from workshop.words import _

PLAN, AFTERWARDS = "room/plan.py", "room/afterwards.py"


def draw(entry: Entry) -> None:
    """Folded away, because most who come to the lobby want to go on."""
    with st.popover(**icon_only("more_horiz", _("Rehearse, copy, review, compare")), type="tertiary",
                    key=f"more-{entry.code}"):  # fmt: skip
        rehearsing.button(entry.code, f"rehearse-{entry.code}")
        key = f"copy-{entry.code}"
        st.text_input(_("Title of the copy"), entry.title, key=f"{key}-title")
        st.checkbox(_("With what was written in it"), key=f"{key}-content",
                    help=_("Who was there and what they answered stays behind."))  # fmt: skip
        st.button(_("Copy it"), key=key, on_click=here.once(key, lambda: copy(entry.code, key), _to(PLAN)))
        st.button(_("Take it up again as a review"), key=f"review-{entry.code}", icon=":material/history:",
                  type="tertiary", on_click=here.once(f"review-{entry.code}", lambda: look_back(entry.code),
                                                      _to(AFTERWARDS)))  # fmt: skip
        st.button(_("See it beside another workshop"), key=f"beside-{entry.code}", icon=":material/compare_arrows:",
                  type="tertiary", on_click=here.go_to, args=(AFTERWARDS, entry.code))  # fmt: skip


def _to(page: str) -> Callable[[str], None]:
    return lambda code: here.go_to(page, code)


def copy(code: str, key: str) -> str | None:
    title, content = st.session_state[f"{key}-title"], st.session_state[f"{key}-content"]
    return here.attempt(lambda: template.copy(code, title, journal.HOST, content=content))


def look_back(code: str) -> str | None:
    return here.attempt(lambda: review.start_review(code, journal.HOST))
