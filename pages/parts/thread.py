"""The pieces of the thread page: the way to an item's own page, one way knot by knot, all ways in words."""

from html import escape

import streamlit as st
from sqlite_utils import Database

from pages.parts import here
from pages.parts.cards import handle, label, line, words
from pages.parts.sidebar import has_page
from workshop import items
from workshop.agenda import list_agenda
from workshop.checks.whole import STEP_OF
from workshop.thread.ways import NAMES, Knot, Way
from workshop.words import _


def page_by_table(db: Database) -> dict[str, str]:
    """The step whose page shows a table's items; tables without such a page in this workshop are missing."""
    agenda = [one["slug"] for one in list_agenda(db) if has_page(one["slug"])]
    found = {table: slug for table, slug in STEP_OF.items() if slug in agenda}
    # a session without a strategy names what it counts in the ranking
    return found if "metric" in found or "ranking" not in agenda else found | {"metric": "ranking"}


def go(ref: str) -> None:
    """Callback: to the page of an item, which is open there."""
    slug = here.attempt(lambda: here.with_file(lambda db: page_by_table(db).get(items.table_of(db, ref))))
    if slug:
        here.go_to(f"steps/{slug}.py", item=ref)


def called(db: Database, ref: str) -> str:
    """What an item says, in short."""
    row = items.get_item(db, ref)
    return items.NOUNS[items.table_of(db, ref)].words(row)


def draw_ways(ways: list[Way]) -> None:
    """Every customer purpose with what breaks its thread, those first that are not whole."""
    for way in sorted(ways, key=lambda way: way.whole):
        ref = way.purpose["ref"]
        with line(f"way-{ref}", horizontal=True, wrap=False, vertical_alignment="center"):
            handle(ref, go, ref)
            st.text(way.purpose["text"], width="stretch")
            with st.container(key=f"feeling-{ref}", width="content"):
                st.text(" ".join(way.gaps) or _("whole"), width="content")


def draw_loose(loose: list[tuple[str, str]]) -> None:
    """Every loose end with what is missing, one click from where it is tied: (ref, reason) each."""
    known = page_by_table(here.db())
    with st.expander(_("What hangs loose") + f" :small[{len(loose)}]"):
        for ref, reason in loose:
            with line(f"loose-{ref}", horizontal=True, wrap=False, vertical_alignment="center"):
                _ref(ref, known, "handle-loose")
                st.text(called(here.db(), ref), width="stretch")
                with st.container(key=f"feeling-loose-{ref}", width="content"):
                    st.text(reason, width="content")


def draw_verdict(way: Way) -> None:
    """The customer purpose that is followed, and whether its thread is whole or what is missing in it."""
    with st.container(gap=None):
        words(way.purpose["text"], "medium", "way")
        with st.container(key="feeling-way"):
            st.text(" ".join(way.gaps) or _("This thread is whole from end to end."))


def draw_way(way: Way) -> None:
    """One way from end to end: what stands at each knot, and what is missing there."""
    known = page_by_table(here.db())
    for knot in way.knots:
        if knot.row or knot.gap:
            with line(f"knot-{knot.noun}", horizontal=True, wrap=False, vertical_alignment="center"):
                st.caption(_(NAMES[knot.noun]), width=120)
                _knot(knot, known)


def _knot(knot: Knot, known: dict[str, str]) -> None:
    if knot.row:
        _ref(knot.row["ref"], known, "handle-way")
        st.text(said(knot), width="stretch")
    if knot.gap:
        words(knot.gap, "problem", f"gap-{knot.noun}")


def _ref(ref: str, known: dict[str, str], key: str) -> None:
    """The ref, which leads to its item where that has a page in this workshop."""
    if items.table_of(here.db(), ref) in known:
        handle(ref, go, ref, key=key)
    else:
        st.markdown(label(ref), width="content")


def said(knot: Knot) -> str:
    return knot.row.get("text") or knot.row.get("name") or ""


def in_words(ways: list[Way]) -> str:
    """All ways as lists within a list, for those who hear the page: HTML in which every text is escaped."""
    return f"<ol>{''.join(map(_way_in_words, ways))}</ol>"


def _way_in_words(way: Way) -> str:
    knots = "".join(
        f"<li>{escape(_(NAMES[knot.noun]))}: {escape(_ref_and_words(knot))}{_gap_in_words(knot)}</li>"
        for knot in way.knots
        if knot.noun != "purpose" and (knot.row or knot.gap)
    )
    state = _("whole") if way.whole else " ".join(way.gaps)
    return f"<li>{escape(way.purpose['ref'])} “{escape(way.purpose['text'])}”: {escape(state)}<ul>{knots}</ul></li>"


def _ref_and_words(knot: Knot) -> str:
    return f"{knot.row['ref']} {said(knot)}" if knot.row else _("nothing yet")


def _gap_in_words(knot: Knot) -> str:
    return f" <strong>{escape(knot.gap)}</strong>" if knot.gap else ""
