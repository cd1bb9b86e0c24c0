"""The room's controls, always in sight: step, time, one primary button that names the next move, undo, park."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import streamlit as st

from pages import door, house
from pages.parts import here, joining, moves, searching
from pages.parts.cards import handle, icon_only, label
from pages.parts.field import draw_field
from pages.room import revealed
from workshop import closing, fields, hosts, items, journal, people, rehearsal, room, store
from workshop.activities import get_current, is_left_aside, names, note_turned
from workshop.agenda import NoteForHosts, list_host_notes, note_for_hosts, planned_time
from workshop.steps import on_screen, on_the_line
from workshop.steps.commitment import AddDecision, ParkQuestion, add_decision, park_question
from workshop.words import _, quoted

DECISION = ("text", "rationale", "decided_by_role", "owner_role", "dissent")
PAGES = Path(__file__).parents[1]


@cache
def has_page(slug: str) -> bool:
    """Whether there is a page script for a step yet."""
    return (PAGES / "steps" / f"{slug}.py").exists()


def draw(slug: str, agenda: list[dict]) -> None:
    """Everything the host steers with, on the page of this step; what the room is at, wherever the host looks.

    '' on pages beside the agenda: from there the way leads back to the room. `agenda` are the workshop's steps.
    """
    db = here.db()
    now = room.get_room(db)
    agenda = [row for row in agenda if has_page(row["slug"])]
    row = next((row for row in agenda if row["slug"] == now["step"]), None)
    with st.sidebar:
        if here.is_closed():
            _closed()
        else:
            # places of their own: what comes and goes in one does not have all that stands below it drawn anew
            with st.container():
                if row:
                    _clock(row, now)
                else:
                    st.markdown(f"**{_('The room has not begun')}**")
                    if not people.count_participants(db) and not rehearsal.is_rehearsal(db):
                        st.caption(_("First let people in: **Show the code** below puts it on the shared screen."))
            moves.draw(slug, row, agenda)
            with st.container():
                if slug:
                    _turn_page(now)
        _always(slug)


def _always(slug: str) -> None:
    """What is taken back and kept comes first; then who is in the room, and what is looked at."""
    with st.container(key="asides-always", gap="xxsmall"):
        if not here.is_closed():
            _undo()
            _park()
            if slug:
                _decide(slug)
                _note(slug)
            if not rehearsal.is_rehearsal(here.db()):  # nobody really comes in there
                joining.draw()
        panel = st.popover(_("Search"), icon=":material/search:", type="tertiary", key="searching-workshop",
                           on_change="rerun")  # fmt: skip
        if panel.open:
            with panel:
                searching.draw(here.code(), "workshop")
        _screen()
        _keys()


def _closed() -> None:
    """Nothing can be changed, and nothing is shown that would be refused."""
    with st.container(gap=None):
        st.markdown(f"**{_('This workshop is closed')}**")
        st.caption(_("It can be read and taken along. To write in it, open it again."))
    st.button(_("Open it again"), key="reopen", icon=":material/lock_open:", on_click=here.carry_out,
              args=(closing.reopen_workshop, closing.ReopenWorkshop(), _("Opened “{ref}” again")))  # fmt: skip


def _clock(row: dict, now: dict) -> None:
    asked = get_current(here.db())
    phases = {"ready": _("Not open yet"), "write": _("Writing"), "reveal": _("Revealed"), "talk": _("Talk"),
              "vote": _("Vote"), "decided": _("Decided")}  # fmt: skip
    if asked and asked["state"] != "revealed":
        phases[row["phase"]] = asked["prompt"] if asked["state"] == "open" else _("Closed, not shown yet")
    elif asked:
        phases["write"] = _("Hidden")
    elif is_left_aside(here.db(), row):
        phases["ready"] = _("Left aside")
    if now["held_at"]:
        phases[row["phase"]] = _("A break")
    state = phases.get(row["phase"], row["phase"])
    began, ends = now["started_at"], now["deadline"]
    if not ends and (planned := planned_time(here.db(), row["slug"])):
        began, ends = (moment.isoformat() for moment in planned)
        state = _("{state} · {minutes} min planned").format(state=state, minutes=row["minutes"])
    left = timedelta(minutes=row["minutes"])
    if now["held_at"]:
        ends, left = None, room.left_in_break(here.db())
    with st.container(gap=None):
        with st.container(key="step-name"):
            st.text(row["title"])
        st.caption(here.escaped(state))
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", wrap=False):
        deadline = f' data-started="{began}" data-deadline="{ends}"' if ends else ""
        if ends or row["minutes"]:
            figures = "{}:{:02}".format(*divmod(round(left.total_seconds()), 60))
            shown = "&nbsp;" if ends else figures  # until the page paints what is left
            st.html(f'<p class="clock" data-clock="mm:ss"{deadline}>{shown}</p>', width="stretch")
        else:
            st.caption(_("No time is set"), width="stretch")
        for minutes, name, why in ((-1, "−1", _("One minute less")), (1, "+1", _("One minute more"))):
            st.button(name, key=f"minutes{name}", help=why, on_click=here.carry_out,
                      args=(room.add_minutes, room.AddMinutes(minutes), why))  # fmt: skip
    if room.was_set_back(here.db()):
        st.caption(_("This machine’s clock was set back, so the time stands still: +1 or −1 lets it run."))


def _turn_page(now: dict) -> None:
    if now["phase"] not in room.REVEALED:
        return
    pages = revealed.count_pages(on_screen(here.db()), on_the_line(here.db()))
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
            for by, icon, name in ((-1, "chevron_left", _("Page back")), (1, "chevron_right", _("Page on"))):
                at_the_end = not 1 <= now["page"] + by <= pages
                st.button(**icon_only(icon, name), key=f"page{by}", disabled=at_the_end, on_click=here.carry_out,
                          args=(room.turn_page, room.TurnPage(by), _("Turned to page {ref}")),
                          kwargs={"kind": "follow"})  # fmt: skip
            said = _("Screen page {page} of {pages}").format(page=min(now["page"], pages), pages=pages)
            st.caption(said, width="content")


def _undo() -> None:
    for find, name, key, shortcut in (
        (journal.next_undo, _("Undo"), "undo", "Alt+Z"),
        (journal.next_redo, _("Redo"), "redo", "Alt+Y"),
    ):
        action = find(here.db(), door.giver())
        if action:
            st.button(f"{name} {here.escaped(quoted(action.what))}", icon=f":material/{key}:", type="tertiary", key=key,
                      shortcut=shortcut, on_click=_step_back, args=(key,))  # fmt: skip


def _step_back(which: str) -> None:
    turn, by = {"undo": journal.undo, "redo": journal.redo}[which], door.giver()
    done = here.attempt(lambda: here.with_file(lambda db: turn(db, by, whose=by, then=note_turned)))
    if done:
        said = _("Took back {what}") if which == "undo" else _("Did {what} again")
        st.toast(here.escaped(said.format(what=quoted(done.what))), icon=f":material/{which}:")


def _park() -> None:
    panel = st.popover(_("Park a question"), icon=":material/local_parking:", type="tertiary", key="parking",
                       on_change="rerun")  # fmt: skip
    key = here.fresh("question", "question")
    if not here.is_drawn(panel, bool(st.session_state.get(key))):
        return
    with panel:
        st.text_input(_("Question"), key=key, placeholder=_("May we …?"), persist_state="session")
        st.button(_("Park it"), key="park", on_click=_park_it, args=(key,))
        if problem := here.refusal_for("text", "park"):
            st.text(problem)
        for one in items.list_items(here.db(), "question"):
            with st.container(key=f"line-parked-{one['ref']}", horizontal=True, gap="xsmall", wrap=False):
                st.markdown(label(one["ref"]), width="content")
                st.text(one["text"], width="stretch")


def _park_it(key: str) -> None:
    if here.carry_out(park_question, ParkQuestion(text=st.session_state[key]), _("Parked {ref}"), beside="park"):
        here.renew("question")


def _screen() -> None:
    """The shared screen: a window of its own on this machine, or a link that lets another machine show only that."""
    panel = st.popover(_("Shared screen"), icon=":material/tv:", type="tertiary", key="shared-screen",
                       on_change="rerun")  # fmt: skip
    if not panel.open:
        return
    with panel:
        st.link_button(_("Open it in a window"), f"/screen?w={here.code()}", icon=":material/open_in_new:")
        if room.is_dark(here.db()):
            name, icon, command = _("Make it light"), "light_mode", room.DarkenScreen(False)
            done = _("The shared screen is light")
        else:
            name, icon, command = _("Make it dark"), "dark_mode", room.DarkenScreen()
            done = _("The shared screen is dark")
        here.button(name, key="darken-screen", icon=f":material/{icon}:", on_click=here.carry_out,
                    args=(room.darken_screen, command, done), kwargs={"kind": "follow"},
                    help=_("Light for a lit room and a projector, dark for a dim room or a wall of LEDs."))  # fmt: skip
        st.button(_("Make a link for another machine"), key="screen-link", on_click=_make_link)
        if link := st.session_state.get("screen-link-made"):
            st.code(link, language=None, wrap_lines=True)


def _decide(slug: str) -> None:
    """What was decided at this step, why, by whom, and who disagreed: for the summary, and for later."""
    panel = st.popover(_("Record a decision"), icon=":material/gavel:", type="tertiary", key="deciding",
                       on_change="rerun")  # fmt: skip
    key = here.fresh("decision", "decision")
    if not here.is_drawn(panel, any(st.session_state.get(f"{key}-{name}") for name in DECISION)):
        return
    with panel, st.container(width=480):
        about = fields.fields_of(AddDecision)
        for name in DECISION:
            st.text_input(fields.label_of(about[name]), key=f"{key}-{name}", persist_state="session")
            if problem := here.refusal_for(name, "decision"):
                st.text(problem)
        rests = about["because_of"]
        draw_field(rests, fields.label_of(rests), f"{key}-because_of", ())
        whole = _("Once the step is decided the room sees it, with who disagreed.")
        but = _("Once the step is decided the room sees it, but not who disagreed or why.")
        st.caption(whole if names.stand_by(here.db()) else but)
        st.button(_("Record it"), key="record-decision", on_click=_record, args=(key, slug))
        for one in items.list_items(here.db(), "decision"):
            if one["step"] == slug:
                with st.container(key=f"line-decided-{one['ref']}", horizontal=True, gap="xsmall", wrap=False):
                    handle(one["ref"], _open_decision, one["ref"], key="decided")
                    st.text(one["text"], width="stretch")


def _open_decision(ref: str) -> None:
    """Callback: to the editor that holds it; the panel would cover it."""
    st.session_state["deciding"] = False
    here.go_to("steps/commitment.py", item=ref)


def _record(key: str, slug: str) -> None:
    given = {name: st.session_state[f"{key}-{name}"] for name in (*DECISION, "because_of")}
    if here.carry_out(add_decision, AddDecision(step=slug, **given), _("Recorded {ref}"), beside="decision"):
        here.renew("decision")


def _note(slug: str) -> None:
    """For the hosts alone: on no screen, on no phone, in no document."""
    panel = st.popover(_("My notes"), icon=":material/sticky_note_2:", type="tertiary", key="my-notes",
                       on_change="rerun")  # fmt: skip
    noted = {one["step"]: one["text"] for one in list_host_notes(here.db())}.get(slug, "")
    key = f"note-{here.code()}-{slug}-{len(noted)}"
    if not here.is_drawn(panel, st.session_state.get(key, noted) != noted):
        return
    with panel:
        st.text_area(_("Only hosts see this"), noted, key=key, height=160, persist_state="session")
        st.button(_("Keep it"), key="keep-note", on_click=_keep_note, args=(slug, key))
        if problem := here.refusal_for("text", "note"):
            st.text(problem)


def _keep_note(slug: str, key: str) -> None:
    here.carry_out(note_for_hosts, NoteForHosts(slug, st.session_state[key]), _("Noted at {ref}"), beside="note")


def _keys() -> None:
    """Everything that the keyboard does."""
    keys = (
        ("Alt+Enter", _("the next move: open, reveal, next step")),
        ("Ctrl+Enter", _("add or save what stands in the editor")),
        ("Esc", _("close the editor")),
        ("Enter", _("add an idea in one line")),
        ("Alt+Z  Alt+Y", _("undo, redo")),
        ("Shift+click", _("tick all lines from the last one to this one")),
        ("← → ↑ ↓", _("from one item to the next in a drawing; Enter opens it")),
    )
    panel = st.popover(_("Keys"), icon=":material/keyboard:", type="tertiary", key="keys", on_change="rerun")
    if panel.open:
        with panel:
            for key, what in keys:
                st.markdown(f":small[**{key}**] {what}")


def _make_link() -> None:
    secret = hosts.make_link(store.library(), here.code(), "screen")
    st.session_state["screen-link-made"] = door.screen_link(house.address_in_the_room(), here.code(), secret)
