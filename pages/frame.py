"""First lines of every run: who is this, which workshop, and the navigation from the workshop's own agenda."""

from pathlib import Path

import streamlit as st

from pages import door
from pages.live import listener
from pages.parts import editor, findings, here, last_time, rehearsing, sidebar
from workshop import room, store
from workshop.agenda import TakeUpStep, list_agenda, take_up_step
from workshop.steps import AGENDA
from workshop.words import _

HERE = Path(__file__).parent
STEPS_SEEN, STEPS_BEFORE = 8, 6  # side by side at 1280 pixels; of these at most so many before the current one


def lay_out() -> None:
    mode = "dark" if st.context.theme.type == "dark" else "light"
    mark = str(HERE / f"static/mark-{mode}.svg")
    st.set_page_config("Throughline", mark, layout="wide", initial_sidebar_state=288)
    st.logo(str(HERE / f"static/wordmark-{mode}.svg"), size="large")
    st.html(HERE / "static" / "look.css")


def pages(agenda: dict[str, str], *, visible: bool) -> dict[str, st.Page]:
    """The agenda's steps that have a page, those that were left out, and what stands beside them.

    Hidden ones answer links only.
    """
    shown = "visible" if visible else "hidden"
    titles = agenda | {step.slug: _(step.title) for step in AGENDA if step.slug not in agenda}
    steps = {
        slug: st.Page(f"steps/{slug}.py", title=title, visibility=shown if slug in agenda else "hidden")
        for slug, title in titles.items()
        if sidebar.has_page(slug)
    }
    lobby = st.Page("room/lobby.py", title=_("Lobby"), default=True)
    if door.own_code():  # a co-host has one workshop and no others
        lobby = st.Page(_to_the_room, title=_("The room"), url_path="room", default=True)
    return steps | {
        "lobby": lobby,
        "plan": st.Page("room/plan.py", title=_("Plan"), visibility=shown),
        "thread": st.Page("room/thread.py", title=_("Thread"), visibility=shown),
        "afterwards": st.Page("room/afterwards.py", title=_("Afterwards"), visibility=shown),
        "summary": st.Page("room/summary.py", title=_("Summary"), visibility=shown),
        "history": st.Page("room/history.py", title=_("History"), visibility=shown),
        "screen": st.Page("room/screen.py", title=_("Shared screen"), visibility="hidden"),
    }


def navigate(known: dict[str, st.Page], agenda: dict[str, str]) -> st.Page:
    """The agenda's steps side by side, the current one always among them; what stands beside them in one menu.

    A long agenda does not stand whole in a narrow window: what lies well before the current step goes into a menu.
    Which step is the current one the navigation itself tells: only a page turned to in a long agenda draws it twice,
    because what is drawn anew may be gone from the window for a moment.
    """
    steps = [one for slug, one in known.items() if slug in agenda]
    beside = {_("Workshop"): [one for slug, one in known.items() if slug not in agenda]}

    def draw(before: int) -> st.Page:
        earlier = {_("Earlier"): steps[:before]} if before else {}
        return st.navigation(earlier | beside | {"": steps[before:]}, position="top")

    drawn = st.session_state.get("steps-before", 0)
    page = draw(drawn)
    before = max(steps.index(page) - STEPS_BEFORE, 0) if page in steps and len(steps) > STEPS_SEEN else 0
    st.session_state["steps-before"] = before
    return page if before == drawn else draw(before)


def _left_out(slug: str) -> None:
    """A step that is not on the agenda, and holds what a link or a search led to: it is read as any other."""
    with st.container(key="left-out", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("This step was left out of the agenda."), width="content")
        here.button(_("Take it up"), key="take-up-step", type="tertiary", on_click=here.carry_out,
                    args=(take_up_step, TakeUpStep(slug), _("Took up {ref}")))  # fmt: skip


def _to_the_room() -> None:
    """Leads to the step that the room is at, or else to the first one."""
    slugs = [row["slug"] for row in list_agenda(here.db()) if sidebar.has_page(row["slug"])]
    at = room.get_room(here.db())["step"]
    st.switch_page(f"steps/{at if at in slugs else slugs[0]}.py", query_params={"w": here.code()})


def draw_for_screen(code: str) -> None:
    """The browser of a shared screen gets that one page of that one workshop."""
    st.session_state["workshop"] = code
    screen = st.Page("room/screen.py", title=_("Shared screen"))
    # a page alone would become the default one and lose its address
    nothing = st.Page(lambda: None, title="–", url_path="nothing", default=True)
    if st.navigation([nothing, screen], position="hidden") == screen:
        with here.opened(code):
            screen.run()


def draw_for_host() -> None:
    code = here.code()
    if code is None:
        every = {step.slug: _(step.title) for step in AGENDA}
        known = pages(every, visible=False)
        page = navigate(known, every)
        page.run() if page == known["lobby"] else st.switch_page(known["lobby"])
        return
    with here.opened(code) as db:
        steps = list_agenda(db)
        agenda = {row["slug"]: row["title"] for row in steps}
        known = pages(agenda, visible=True)
        page = navigate(known, agenda)
        if target := st.session_state.pop("go_to", None):
            page, item = target
            st.switch_page(page, query_params={"w": code} | ({"item": item} if item else {}))
        st.query_params["w"] = code
        slug = next(slug for slug, one in known.items() if one == page)
        here.arrive(f"{code} {slug}")
        if slug != "screen":
            rehearsing.band()
        if slug not in ("lobby", "screen"):
            sidebar.draw(slug if slug in agenda else "", steps)
            here.show_refusal()
        if slug in agenda:
            findings.about_step(slug)
            last_time.draw(slug)
        elif sidebar.has_page(slug):
            _left_out(slug)
        page.run()
        if slug != "screen":
            listener(code, store.revision(db), focus=editor.asked_for(slug))


with here.in_turn():
    lay_out()
    screen_of = door.screen_code()
    if screen_of:
        draw_for_screen(screen_of)
    elif door.still_host():
        draw_for_host()
    else:
        st.text(_("This page is for the host."))
        st.link_button(_("Come in with the host key"), "/door")
