"""The shared screen: no controls, follows the room by itself, readable from the last row."""

from pathlib import Path

import streamlit as st

from pages.live import listener
from pages.parts import here
from pages.room import pieces, thread_piece
from workshop import room, step, store
from workshop.checks.thread import read_whole
from workshop.steps import shown, step_of
from workshop.steps.prepare import get_workshop
from workshop.steps.promise import get_promise
from workshop.steps.purpose import list_chosen
from workshop.ways import list_ways
from workshop.words import N_, _

FALLBACK_SECONDS = 10  # should the event stream not come through
# where nobody finishes a sentence: what an answer can be, read down the columns as the host's page says it
SAID_AT = {"ranking": (N_("−3 hurts a lot"), N_("+3 helps a lot"), N_("0 no effect"), N_("or cannot judge"))}


def on_the_line(db) -> str:
    """The promise once it was revealed; before that the purpose, likewise, and before that the question of the day."""
    promise = get_promise(db) if room.is_revealed(db, "promise") else None
    purposes = list_chosen(db, "big", "medium") if room.is_revealed(db, "purpose") else []
    return promise["text"] if promise else purposes[0]["text"] if purposes else get_workshop(db)["scope_question"]


def revealed(db, now: dict, line: str) -> list[str]:
    """Header and main part of what the step shows, above what stands on the line."""
    match shown(db, now["step"]):
        case step.Slips(slips):
            return [
                pieces.header(now["title"], _("what stands so far"), pages=pieces.page_of(slips, now["page"] - 1)),
                pieces.slips(slips, now["page"] - 1),
            ]
        case step.Statement(ref, noun, text, tests):
            return [pieces.header(now["title"], _("decided")), pieces.statement(noun, ref, text, tests)]
        case step.Ranked(sentence, rows):
            strong = [row["name"] for row in rows[:2]]
            return [pieces.ranking(rows, sentence, strong=strong, below=line)]
    return [pieces.header(now["title"]), pieces.empty(now["title"])]


def picture(db) -> str:
    now, line = room.get_room(db), on_the_line(db)
    if now["step"] is None:
        workshop = get_workshop(db)
        return pieces.screen(
            pieces.header(workshop["organisation"]), pieces.empty(workshop["title"]), pieces.footer(line)
        )
    if room.shows_thread(db):
        ways = list_ways(read_whole(db))
        return pieces.screen(*thread_piece.threads(ways, now["page"] - 1), pieces.footer(line))
    if now["phase"] in room.REVEALED:
        main, foot = revealed(db, now, line), pieces.footer(line)
        if now["step"] == "promise" and get_promise(db):
            foot = pieces.footer()
    else:
        at = step_of(now["step"])
        openers = (at.openers or SAID_AT.get(at.slug, ())) if now["phase"] == "write" else ()
        what = _("in silence") if now["phase"] == "write" else ""
        words = [_(opener) for opener in openers]
        writing = pieces.writing(now["prompt"], words, noun=at.colour, deadline=now["deadline"])
        main = [pieces.header(now["title"], what), writing]
        foot = pieces.footer(line, now["started_at"], now["deadline"])
    return pieces.screen(*main, foot)


@st.fragment(run_every=FALLBACK_SECONDS)
def draw(code: str) -> None:
    with store.open(code) as db:
        st.html(picture(db))
        listener(code, store.revision(db), key="screen-listener")


st.html(Path(__file__).parents[1] / "static" / "screen.css")
draw(here.code())
