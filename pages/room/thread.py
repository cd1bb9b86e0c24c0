"""The golden thread: does the purpose reach what customers experience and the company counts, link by link?"""

import streamlit as st

from pages.parts import here
from pages.parts.cards import drawing, empty, handle, head, line
from pages.parts.thread import draw_way, go, in_words, page_by_table
from workshop import store, thread
from workshop.checks.thread import read_whole
from workshop.ways import health, list_ways
from workshop.words import _

db, code = here.db(), here.code()
ways = list_ways(read_whole(db))
EVERY = ""


@st.cache_data(max_entries=32, show_spinner=False)
def picture(code: str, revision: int, followed: str, known: tuple[str, ...]) -> tuple[str, str]:
    """(SVG, how far the thread reaches); drawn anew only when something was written. `known`: tables with a page."""
    pages = dict(one.split(" ") for one in known)
    with store.open(code) as opened:
        whole = read_whole(opened)
        tables = {ref: table for table in pages for ref in whole.refs(table)}

    def link(ref: str) -> str:
        return f"{pages[tables[ref]]}?w={code}&item={ref}" if ref in tables else ""

    way = next((one for one in list_ways(whole) if one.purpose["ref"] == followed), None)
    follow = thread.columns_of(way) if way else None
    drawn = thread.tables_of(whole)
    return thread.draw_thread(drawn, height=330, link=link, follow=follow), thread.thread_sentence(drawn)


def name(ref: str) -> str:
    way = next((one for one in ways if one.purpose["ref"] == ref), None)
    if way is None:
        return _("All threads")
    return f":material/{'check' if way.whole else 'link_off'}: {ref}"


known = tuple(f"{table} {slug}" for table, slug in page_by_table(db).items())
followed = st.session_state.get("followed") or EVERY
svg, reach = picture(code, store.revision(db), followed, known)
head(health(ways), reach)
if ways:
    st.pills(_("Follow one purpose"), [EVERY, *(way.purpose["ref"] for way in ways)], default=EVERY, format_func=name,
             key="followed", label_visibility="collapsed")  # fmt: skip
else:
    empty(_("Choose what customers come for on the purpose page: each of them is followed from end to end here."))
drawing(svg, "thread", go)
way = next((one for one in ways if one.purpose["ref"] == followed), None)
if way:
    draw_way(way)
else:
    for one in sorted(ways, key=lambda one: one.whole):
        with line(f"way-{one.purpose['ref']}", horizontal=True, wrap=False, vertical_alignment="center"):
            handle(one.purpose["ref"], go, one.purpose["ref"])
            st.text(one.purpose["text"], width="stretch")
            with st.container(key=f"feeling-{one.purpose['ref']}", width="content"):
                st.text(" ".join(one.gaps) or _("whole"), width="content")
if ways:
    with st.expander(_("All threads in words")):
        st.html(in_words(ways))
