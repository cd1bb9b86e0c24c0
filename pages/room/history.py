"""What was done, by whom: newest first, as a story step by step, or what changed since a moment."""

from zoneinfo import ZoneInfo

import streamlit as st

from pages.parts import here, tables
from pages.parts.cards import empty, line
from workshop import journal, story
from workshop.document import Bullets, Document, Heading, Paragraph, Table
from workshop.words import _

SHOWN = 200
db = here.db()
zone = ZoneInfo(st.context.timezone) if st.context.timezone else None  # the clock of whoever reads
views = {"newest": _("Newest first"), "story": _("As a story"), "changes": _("What changed since …")}


def draw_newest() -> None:
    for action in journal.list_journal(db, SHOWN):
        with line(str(action.number), horizontal=True, gap="small"):
            st.caption(story.clock(action.at, zone), width=150)
            with st.container(key=f"feeling-{action.number}", width=120):
                st.text(action.by)
            st.text(action.what, width="content")


def draw(document: Document) -> None:
    """A document's words, as text and nothing else."""
    for at, block in enumerate(document.blocks):
        match block:
            case Heading(text):
                with st.container(key=f"name-{at}"):
                    st.text(text)
            case Paragraph(text):
                st.text(text)
            case Bullets(items):
                for place, item in enumerate(items):
                    with line(f"{at}-{place}"):
                        st.text(item)
            case Table(head, rows, caption):
                tables.draw(caption, head, rows, words=True)


def draw_changes() -> None:
    """Since when: every arrival at a step is a moment that people remember."""
    moments = story.list_moments(db)
    said = {one.number: f"{story.clock(one.at, zone)}  {one.what}" for one in moments}
    since = st.selectbox(_("Since when?"), list(said), format_func=said.get, key="since")
    until = st.selectbox(_("Until when?"), [None, *said], key="until",
                         format_func=lambda number: said.get(number, _("now")))  # fmt: skip
    if until is not None and until < since:
        empty(_("The second moment lies before the first."))
        return
    draw(story.changes_document(db, since, until))


st.title(_("What was done"), anchor=False)
view = st.segmented_control(_("View"), list(views), default="newest", format_func=views.get, key="history-view",
                            required=True, label_visibility="collapsed")  # fmt: skip
if view == "newest":
    draw_newest()
elif view == "story":
    draw(story.document(db, zone))
else:
    draw_changes()
