"""The golden thread: does the purpose reach what customers experience and the company counts, link by link?"""

import streamlit as st

from pages.parts import here
from pages.parts.cards import drawing, empty, handle, head, icon_only, line, one_page, row, words
from pages.parts.coverage import draw_grids
from pages.parts.thread import called, draw_loose, draw_verdict, draw_way, draw_ways, go, in_words, page_by_table
from pages.room.thread_piece import pages_of
from workshop import room, second_look, store, thread
from workshop.checks.thread import read_whole
from workshop.coverage import list_grids
from workshop.second_look import Confirm, confirm
from workshop.steps import on_the_line
from workshop.steps.promise import get_promise
from workshop.thread.loose import list_loose, thread_sentence
from workshop.thread.ways import health, list_ways
from workshop.words import _

db, code = here.db(), here.code()
whole, looks = read_whole(db), second_look.list_second_looks(db)
ways, tables = list_ways(whole), thread.tables_of(whole)
EVERY = ""
WIDE = 960  # as the column is beside the sidebar of a laptop, so that no letter is drawn smaller than it is


@st.cache_data(max_entries=32, show_spinner=False)
def picture(code: str, revision: int, followed: str, known: tuple[str, ...]) -> str:
    """SVG; drawn anew only when something was written. `known`: tables with the slug of their page."""
    pages = dict(one.split(" ") for one in known)
    with store.open(code) as opened:
        whole = read_whole(opened)
        table_of = {ref: table for table in pages for ref in whole.refs(table)}

    def link(ref: str) -> str:
        return f"{pages[table_of[ref]]}?w={code}&item={ref}" if ref in table_of else ""

    way = next((one for one in list_ways(whole) if one.purpose["ref"] == followed), None)
    follow = thread.columns_of(way) if way else None
    return thread.draw_thread(thread.tables_of(whole), width=WIDE, height=330, link=link, follow=follow, ends=True)


def name(ref: str) -> str:
    way = next((one for one in ways if one.purpose["ref"] == ref), None)
    if way is None:
        return _("All threads")
    return f":material/{'check' if way.whole else 'link_off'}: {ref}"


def draw_threads() -> None:
    followed = st.session_state.get("followed") or EVERY
    if ways:
        st.pills(_("Follow one purpose"), [EVERY, *(way.purpose["ref"] for way in ways)], default=EVERY,
                 format_func=name, key="followed", label_visibility="collapsed")  # fmt: skip
    else:
        empty(_("Choose what customers come for on the purpose page: each of them is followed from end to end here."))
    known = tuple(f"{table} {slug}" for table, slug in page_by_table(db).items())
    way = next((one for one in ways if one.purpose["ref"] == followed), None)
    if way:  # above the picture, which may be higher than the window
        draw_verdict(way)
    drawing(picture(code, store.revision(db), followed, known), "thread", go)
    draw_on_screen()
    draw_way(way) if way else draw_ways(ways)
    if not way and (loose := list_loose(tables, ends=True)):
        draw_loose(loose)
    if ways:
        with st.expander(_("All threads in words")):
            st.html(in_words(ways))


def draw_on_screen() -> None:
    """Whether the room looks at the thread, and at which page of it."""
    with row("xsmall"):
        if room.shown_instead(db) != "thread":
            here.button(_("Show it to the room"), icon=":material/desktop_windows:", key="show-thread", type="tertiary",
                        disabled=not ways, on_click=here.carry_out,
                        args=(room.show_instead, room.ShowInstead("thread"),
                              _("The room looks at the thread")))  # fmt: skip
            return
        here.button(_("Take it off the screen"), icon=":material/desktop_access_disabled:", key="hide-thread",
                    on_click=here.carry_out,
                    args=(room.show_instead, room.ShowInstead(""), _("Took the thread off the screen")))  # fmt: skip
        page, pages = room.get_room(db)["page"], len(pages_of(ways, on_the_line(db)))
        for by, icon, name in ((-1, "chevron_left", _("Page before")), (1, "chevron_right", _("Next page"))):
            here.button(**icon_only(icon, name), key=icon, type="tertiary",
                        disabled=not 1 <= page + by <= pages, on_click=here.carry_out,
                        args=(room.turn_page, room.TurnPage(by), _("Page {ref}")))  # fmt: skip
        if pages > 1:
            st.caption(_("{page} of {pages}").format(page=min(page, pages), pages=pages), width="content")


def draw_again() -> None:
    """What hangs on something that was changed, change by change, and what the promise said before."""
    for because, changed in second_look.by_change(looks).items():
        draw_changed(because, changed)
    if not looks:
        empty(_("Nothing upstream was changed since the rest was written, or all of it was looked at again."))
    promise = get_promise(db)
    versions = second_look.list_versions(db, promise["ref"]) if promise else []
    if versions:
        st.header(_("What the promise said before"), anchor=False)
    for place, version in enumerate(versions):
        with line(f"version-{place}"):
            st.text(version["text"])
            st.caption(_("until {day}").format(day=version["until"][:10]))


def draw_changed(because: str, changed: second_look.Change) -> None:
    """What was changed, below it everything that hangs on it, and last that all which stands there still holds."""
    with st.container(key=f"changed-{because}", gap=None):
        with row("xsmall", wrap=False):
            handle(because, go, because)
            words(called(db, because), "name", f"changed-{because}")
        for place, (label, was) in enumerate(changed.was):
            words(_("{field}, was: {words}").format(field=label, words=was or "–"), "quiet", f"was-{because}-{place}")
    refs = one_page(changed.refs, f"again-page-{because}")
    for ref in refs:
        with line(f"again-{because}-{ref}", horizontal=True, wrap=False, vertical_alignment="center"):
            handle(ref, go, ref, key=f"handle-{because}")
            st.text(called(db, ref), width="stretch")
            here.button(_("It still holds"), key=f"holds-{because}-{ref}", icon=":material/check:", type="tertiary",
                        on_click=here.carry_out,
                        args=(confirm, Confirm((ref,), because), _("{ref} still holds")))  # fmt: skip
    if len(refs) > 1:
        done = _("What hangs on {because} still holds: {{ref}}").format(because=because)
        here.button(_("All {count} still hold").format(count=len(refs)), key=f"hold-{because}",
                    icon=":material/done_all:", on_click=here.carry_out,
                    args=(confirm, Confirm(tuple(refs), because), done))  # fmt: skip


views = {"thread": _("Thread"), "coverage": _("Coverage"), "again": _("To be looked at again")}
if looks:
    views["again"] += f" :small[{len(looks)}]"
head(health(ways), thread_sentence(tables, ends=True))
view = st.segmented_control(_("View"), list(views), default="thread", format_func=views.get, key="thread-view",
                            label_visibility="collapsed", required=True)  # fmt: skip
if view == "thread":
    draw_threads()
elif view == "coverage":
    draw_grids(list_grids(whole))
else:
    draw_again()
