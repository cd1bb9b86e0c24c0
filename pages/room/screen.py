"""The shared screen: no controls, follows the room by itself, readable from the last row."""

from pathlib import Path

import streamlit as st

from pages import door
from pages.house import address_in_the_room
from pages.live import listener
from pages.parts import here
from pages.room import answered, pieces, revealed, thread_piece
from workshop import closing, joining, rehearsal, room, store
from workshop.activities import count_ready, get_current, list_activities, time_is_up
from workshop.agenda import list_agenda
from workshop.checks.thread import read_whole
from workshop.problems import NotFound
from workshop.steps import on_screen, on_the_line, step_of
from workshop.steps.prepare import get_workshop
from workshop.thread.ways import list_ways
from workshop.words import N_, _

ARRIVING = ("prepare", "opening")  # before these begin, people come in
FALLBACK_SECONDS = 10  # should the event stream not come through
# where nobody finishes a sentence: what a rating can be, read down the columns as the host's page says it
RATED = (N_("−3 hurts a lot"), N_("+3 helps a lot"), N_("0 no effect"), N_("or cannot judge"))


def entrance(db) -> tuple[str | None, int, str]:
    """(the join code, None while nobody can come in; how many have come in; the Wi-Fi's name or '')."""
    door = joining.get_entrance(db)
    shut = door["locked"] or closing.is_closed(db)
    return (None if shut else door["join_code"]), count_ready(db)[1], door["wifi"]


def asking(db, now: dict, code: str | None) -> list[str]:
    """Header and main part while people write, vote or rate: what is asked, who is ready, and the time."""
    at, asked = step_of(now["step"]), get_current(db)
    hidden = asked is not None and asked["state"] == "revealed"
    asked = None if hidden else asked
    writes = asked["state"] == "open" if asked else now["phase"] == "write" and not hidden
    openers = asked["openers"] if asked else [_(opener) for opener in at.openers]
    rates = asked["kind"] == "rate" if asked else at.slug == "ranking"
    helped = openers or ([_(said) for said in RATED] if rates else [])
    ready, joined = count_ready(db)
    deadline = now["deadline"] if writes else None
    quiet = _quiet(asked, now) if writes else _("closed") if asked else ""
    main = pieces.writing(asked["prompt"] if asked else now["prompt"], helped if writes else [], noun=at.colour,
                          started=now["started_at"], deadline=deadline, ready=ready,
                          present=joined if asked and writes else None, quiet=quiet)  # fmt: skip
    which = [_("round {n}").format(n=asked["round"])] if asked and asked["round"] > 1 else []
    where = " · ".join([place(db, now["step"]), *which])
    return [pieces.header(now["title"], where, code), main]


def place(db, slug: str) -> str:
    """Which step of the agenda this is, in words; '' for one that was left out since."""
    slugs = [row["slug"] for row in list_agenda(db)]
    return _("step {n} of {all}").format(n=slugs.index(slug) + 1, all=len(slugs)) if slug in slugs else ""


def _quiet(asked: dict | None, now: dict) -> str:
    """How the room works just now; nothing while the host has only taken off again what was shown."""
    if asked and asked["kind"] != "write":
        return _("each alone")
    return _("in silence") if asked or now["started_at"] else ""


def picture(db) -> list[str]:
    """The pieces of what the room sees now, top to bottom."""
    now, line = room.get_room(db), on_the_line(db)
    code, came, wifi = entrance(db)
    instead = room.shown_instead(db)
    if instead == "entrance" and code:
        return [answered.joining(address_in_the_room(), code, came, wifi)]
    if now["held_at"]:
        ends = room.end_of_break(now["held_at"], now["back_at"])
        clock = pieces.footer(started=now["held_at"], deadline=ends)
        return [pieces.header(_("Break"), "", code), answered.holding(line, now["back_at"]), clock]
    if instead == "thread":
        ways = list_ways(read_whole(db))
        return [*thread_piece.threads(ways, now["page"] - 1, line), pieces.footer(line)]
    arriving = now["step"] is None or (now["step"] in ARRIVING and now["phase"] == "ready")
    if arriving and code and not list_activities(db):
        return [answered.joining(address_in_the_room(), code, came, wifi)]
    if now["step"] is None:
        workshop = get_workshop(db)
        return [pieces.header(workshop["organisation"], "", code), pieces.empty(workshop["title"]), pieces.footer(line)]
    asked = get_current(db)
    if now["phase"] in room.REVEALED and not (asked and asked["state"] != "revealed"):
        return revealed.draw(now, on_screen(db), line, code, came)
    return [*asking(db, now, code), pieces.footer(line, now["started_at"], now["deadline"])]


def draw(db) -> None:
    code, rehearsed = here.code(), rehearsal.is_rehearsal(db)
    st.session_state["rehearses"] = rehearsal.original_of(code) if rehearsed else None
    dark = st.session_state["dark"] = room.is_dark(db)
    st.html(pieces.screen(*picture(db), rehearsal=rehearsed, dark=dark))
    listener(code, store.revision(db), key="screen-listener", clicks=False, over=time_is_up(get_current(db)))


@st.fragment(run_every=FALLBACK_SECONDS)
def follow() -> None:
    try:
        here.with_file(draw)
    except NotFound as gone:
        leave(str(gone))


def leave(why: str) -> None:
    """The file is gone. From a rehearsal that has ended a host's window goes on to the real workshop."""
    original = st.session_state.pop("rehearses", None)
    if original and door.still_host():
        st.session_state["workshop"] = st.query_params["w"] = original
        st.rerun()
    said, dark = _("The rehearsal is over.") if original else why, st.session_state.get("dark", False)
    st.html(pieces.screen(pieces.header(""), pieces.empty(said), pieces.footer(), dark=dark))


st.html(Path(__file__).parents[1] / "static" / "screen.css")
follow()
