"""The lobby: make a workshop, open one again, look at a finished one, bring one in."""

import tempfile
import textwrap
from pathlib import Path

import streamlit as st

from pages.parts import here, made_from, searching
from pages.parts.cards import drawing, empty
from pages.parts.lists import table_button
from pages.parts.sidebar import has_page
from workshop import bundle, journal, room, samples, store
from workshop.connections import in_sentences
from workshop.document import Picture, size_of
from workshop.library import Entry, list_library
from workshop.modes import MODES
from workshop.steps import create
from workshop.steps.prepare import StartWorkshop
from workshop.thread.loose import thread_sentence
from workshop.thread.picture import draw_thread
from workshop.thread.strands import list_strands
from workshop.words import _

FIRST = "steps/purpose.py"
MOST_HIGH = 400  # of the picture, in parts of which the page is some 1,200 wide


def enter(code: str) -> None:
    """To the step that the room is at, so that coming back moves nobody."""
    step = here.attempt(lambda: where(code))
    here.go_to(f"steps/{step}.py" if step and has_page(step) else FIRST, code)


def where(code: str) -> str | None:
    with store.open(code) as db:
        return room.get_room(db)["step"]


def new() -> str | None:
    question = st.session_state["question"].strip()
    if not (question or st.session_state["title"].strip()):
        here.say_no(_("Write first what you would like to answer."), "question", "new")
        return None
    title = st.session_state["title"] or textwrap.shorten(question, 120, placeholder=" …")
    command = StartWorkshop(title=title, scope_question=question,
                            organisation=st.session_state["organisation"], mode=st.session_state["length"])  # fmt: skip
    return here.attempt(lambda: create(command, journal.HOST), beside="new")


def look() -> str | None:
    return here.attempt(lambda: samples.load_sample(st.session_state["sample"], journal.HOST))


def bring_in() -> str | None:
    """The upload lies in memory; a workshop's own file needs a place on the disk to be looked at."""
    upload = st.session_state["upload"]
    if upload is None:
        return None

    def from_disk() -> str:
        with in_sentences(upload.name), tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "upload"
            file.write_bytes(upload.getvalue())
            return bundle.bring_in(file, journal.HOST, upload.name)

    return here.attempt(from_disk)


@st.cache_data(max_entries=8, show_spinner=False)
def picture(code: str, revision: int) -> tuple[str, str] | None:
    """(SVG, sentence) of a workshop's thread, drawn anew only when something was written in it.

    None while no strand leads from a purpose to a concept: a picture of loose ends would say nothing to a visitor.
    """
    if code:
        with store.open(code) as db:
            tables = bundle.read(db)
    else:
        tables = samples.read_sample("bus")
    if not any(strand.purpose and strand.concept for strand in list_strands(tables)):
        return None
    who = tables["session"].get("organisation") or tables["session"]["title"]
    # many nodes are drawn smaller, so that what can be done here stays in sight
    wide, high = size_of(Picture(draw_thread(tables), ""))
    drawn = draw_thread(tables, width=round(wide * max(1, high / MOST_HIGH)))
    return drawn, f"{who}: {thread_sentence(tables)}"


def latest_picture(entries: list[Entry]) -> tuple[str, str]:
    """The thread of the workshop that was last written to and has one; else that of the sample."""
    for entry in entries[:5]:
        drawn = None if entry.problem else here.unless_refused(lambda: picture(entry.code, entry.revision))  # noqa: B023
        if drawn:
            return drawn
    return picture("", 0)


entries = list_library()
svg, sentence = latest_picture(entries)
with st.container(gap=None):
    st.title(_("From purpose to the concepts that keep it."), anchor=False)
    with st.container(key="feeling-lobby"):
        st.text(sentence)
drawing(svg, "thread")
here.show_refusal()
making, again, other = st.columns([4, 5, 3], gap="xlarge")
with making:
    st.header(_("New workshop"), anchor=False)
    with st.form("new", border=False):
        st.text_input(_("What would you like to answer?"), placeholder=_("What would it take for …"), key="question")
        here.show_refusal("new")
        with st.expander(_("More")):
            st.text_input(_("Title"), key="title", placeholder=_("as the question, if left empty"))
            st.text_input(_("Organisation"), key="organisation")
        st.selectbox(_("Length"), list(MODES), list(MODES).index("core"), key="length",
                     format_func=lambda mode: _(MODES[mode].name), label_visibility="collapsed")  # fmt: skip
        st.form_submit_button(_("Create workshop"), type="primary", on_click=here.once("new", new, enter))
with again:
    st.header(_("Open again"), anchor=False)
    looked_for = searching.draw(None, "library") if entries else False
    for entry in [] if looked_for else entries[:20]:
        with st.container(key=f"line-{entry.file}", horizontal=True, vertical_alignment="center", wrap=False):
            with st.container(gap=None):
                st.text(entry.title or entry.file)
                about = [entry.organisation, _("at {step}").format(step=entry.step) if entry.step else "",
                         _("{count} people").format(count=entry.people) if entry.people else ""]  # fmt: skip
                with st.container(key=f"feeling-{entry.file}"):
                    st.text(entry.problem or " · ".join(filter(None, about)) or _("just made"))
            if not entry.problem:
                st.button(_("Open"), key=f"open-{entry.code}", type="tertiary", on_click=enter, args=(entry.code,))
                made_from.draw(entry)
    if not entries:
        empty(_("Your workshops will stand here, each one a file of your own."))
    if len(entries) > 20 and not looked_for:
        st.caption(_("and {count} more in {folder}").format(count=len(entries) - 20, folder=store.library().name))
with other:
    st.header(_("Or"), anchor=False)
    with st.container(gap="xsmall"):
        with st.popover(_("Look at a finished workshop"), icon=":material/auto_stories:", type="tertiary"):
            titles = {"bus": _("A bus company"), "grocery": _("An online grocery"), "clinic": _("A clinic")}
            st.radio(_("Which one?"), list(titles), format_func=titles.get, key="sample")
            st.button(_("Open the sample"), key="open-sample", on_click=here.once("sample", look, enter))
        with st.popover(_("Bring in a file"), icon=":material/upload_file:", type="tertiary"):
            st.file_uploader(_("A workshop as JSON, or its own .sqlite file"), key="upload")
            st.button(_("Bring it in"), key="bring-in", on_click=here.once("file", bring_in, enter))
        table_button(entries)
