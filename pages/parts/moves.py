"""The host's moves: one primary button that names the next one, who is ready, and what else can be done now."""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from pages.parts import here, offers, present, written
from workshop import modes, room
from workshop.activities import (
    CallBack,
    CloseActivity,
    DecideStep,
    ReopenActivity,
    RevealActivity,
    SkipActivity,
    awaits_choice,
    call_back,
    close_activity,
    count_ready,
    decide_step,
    ends_rating,
    get_current,
    is_forgotten_with,
    is_left_aside,
    is_withheld,
    open_activity,
    reopen_activity,
    reveal_activity,
    skip_activity,
)
from workshop.problems import Problem
from workshop.step import Offer, Step, asking, next_offer, waiting_offer
from workshop.steps import step_of
from workshop.words import _

MOST_BEADS = 40
MOVE = "move"  # where a refusal of the primary button is said


def draw(slug: str, row: dict | None, agenda: list[dict]) -> None:
    """On the page of a step, '' beside the agenda; `row` is that of the step that the room is at, None before it began.

    Looking is private: another page than the room's offers to bring the room there, and does nothing by itself.
    """
    asked, here_now = get_current(here.db()), room.get_room(here.db())
    is_here = row is not None and row["slug"] == slug
    with st.container():
        _ready(asked)
    with st.container(key="next-move", gap="xsmall"):
        if is_here:
            _next(row, agenda, asked, here_now)
        elif slug:
            _bring(slug, row, asked)
    with st.container(key="asides", gap="xxsmall"):
        if is_here:
            _beside(row, asked, here_now)
        elif row:
            st.button(_("Back to {title}").format(title=here.escaped(row["title"])), icon=":material/arrow_back:",
                      type="tertiary", key="to-the-room", on_click=here.go_to,
                      args=(f"steps/{row['slug']}.py",))  # fmt: skip
        present.draw()


def _next(row: dict, agenda: list[dict], asked: dict | None, here_now: dict) -> None:
    if here_now["held_at"]:
        _primary(_("Go on"), room.resume, room.Resume(), _("Went on"))
        st.caption(_("The screen says that there is a break. What was left of the time is left still."))
    elif asked and asked["state"] == "open":
        _primary(_("Close"), close_activity, CloseActivity(asked["id"]), _("Closed “{ref}”"))
        st.caption(_("Then nobody can answer any more, and nobody sees the answers yet."))
    elif asked and asked["state"] == "closed":
        _primary(_("Reveal"), reveal_activity, RevealActivity(asked["id"]), _("Revealed “{ref}”"))
        st.caption(_before_reveal(asked))
    else:
        _step_on(row, agenda, asked)


def _before_reveal(asked: dict) -> str:
    if is_withheld(here.db(), asked):
        return _("Fewer than three have answered, so nothing will be shown. Open it again, or leave it aside.")
    if is_forgotten_with(here.db(), asked["id"]):
        return _("Then everybody sees all answers at once. Whose they were is forgotten, so nothing takes it back.")
    return _("Then everybody sees all answers at once.")


def _bring(slug: str, row: dict | None, asked: dict | None) -> None:
    """The host looks at another step than the room's."""
    # without the key: a hand that is used to it on the room's own page must not move the room by it from here
    _primary(_("Bring the room here"), room.go_to, room.GoTo(slug), _("Went to {ref}"), shortcut=None)
    if row is None:
        said = _("Only you see this page until then.")
    elif asked and asked["state"] == "open":
        said = _("Only you see this page. The room is still answering at {title}; that is closed then.")
    else:
        said = _("Only you see this page. The room is at {title}.")
    st.caption(said.format(title=here.escaped(row["title"]) if row else ""))


def _primary(name: str, handler: Callable, command: Any, done: str, shortcut: str | None = "Alt+Enter") -> None:
    """The next move, where it is one command."""
    _move(name, _carry_out, handler, command, done, shortcut=shortcut)


def _move(name: str, on_click: Callable, *args: Any, shortcut: str | None = "Alt+Enter") -> None:
    """The one primary button. What it refuses is said below it, where it is seen wherever the page is pushed."""
    st.button(name, type="primary", width="stretch", key="move", shortcut=shortcut, on_click=on_click, args=args)
    here.show_refusal(MOVE)


def _carry_out(handler: Callable, command: Any, done: str) -> Any:
    return here.carry_out(handler, command, done, beside=MOVE)


def _step_on(row: dict, agenda: list[dict], asked: dict | None) -> None:
    """Nothing is asked at the moment: the step's next offer, the step itself, its decision, or the next step."""
    step, after = step_of(row["slug"]), agenda[agenda.index(row) + 1 :]
    asks = count_ready(here.db())[1] and row["phase"] != "decided"
    offer = next_offer(here.db(), step) if asks else None
    waits = waiting_offer(here.db(), step) if asks and not step.is_complete(here.db()) else None
    undecided = row["phase"] in ("reveal", "talk", "vote")
    chooses = not offer and undecided and asked is not None and asked["kind"] == "vote"
    talks = row["phase"] == "reveal" and asked is not None and asked["kind"] == "write"
    left_aside = is_left_aside(here.db(), row)
    decide = _("It is decided"), decide_step, DecideStep(row["slug"]), _("Decided at {ref}")
    reveal = _("Reveal"), room.reveal, room.Reveal(), _("Revealed {ref}")
    if offer:
        _primary(offers.name_of(offer), open_activity, asking(here.db(), step, offer), offers.opened(offer))
        st.caption(_("The phones and the shared screen show it, and the time begins to run."))
    elif row["phase"] == "ready" and not left_aside:
        name = _("Open: {minutes} min").format(minutes=row["minutes"]) if row["minutes"] else _("Open")
        _primary(name, room.start_step, room.StartStep(), _("Opened {ref}"))
        runs = _("The shared screen shows the prompt, and the time begins to run.")
        st.caption(runs if row["minutes"] else _("The shared screen shows the prompt."))
    elif row["phase"] == "write" or left_aside and step.shown(here.db()):
        _primary(*reveal)
        st.caption(_("Then everybody sees what stands here, all at once."))
    elif chooses:
        _move(decide[0], _decide, asked["id"], *decide[1:])
        st.caption(_("Choose first what stands: then the shared screen shows what was chosen."))
    elif talks:
        _primary(_("Talk"), room.talk, room.Talk(), _("Talk at {ref}"))
        st.caption(_("The shared screen says so, and what was written stays on it."))
    elif waits and row["phase"] == "talk":
        _make_candidates(step, waits)
    else:
        _go_on(row, after)
    if row["phase"] in room.REVEALED:
        if offer or chooses or talks or waits:
            _next_step(after)
        _aside("hide", "visibility_off", _("Hide it again"), room.hide, room.Hide(), _("Hid {ref}"))
    elif offer and row["phase"] == "write":
        _aside("reveal", "visibility", *reveal)
    if undecided and not chooses:
        _aside("decide", "task_alt", *decide)
        if ends_rating(here.db(), row["slug"]):
            st.caption(_("Then whose ratings were whose is forgotten, and nobody can rate any more."))


def _make_candidates(step: Step, waits: Offer) -> None:
    _move(_("Make candidates"), written.turn_ticked, step.slug, step.turns[0], MOVE)
    said = _("Tick first what stands out under “What the room wrote”. From two on the room can be asked: {name}.")
    st.caption(said.format(name=_(waits.name)))


def _decide(vote: int, handler: Callable, command: Any, done: str) -> None:
    """Callback: with nothing chosen the screen would show every candidate as what stands, which is hardly meant."""
    if here.with_file(lambda db: awaits_choice(db, vote)):
        said = _("Nothing of what was voted on is chosen yet. Press the button again to leave it at that.")
        if here.in_doubt([Problem("", said)], MOVE):
            return
    _carry_out(handler, command, done)


def _go_on(row: dict, after: list[dict]) -> None:
    """The step is done: the break that the agenda has here, the next step, or the summary."""
    pause = modes.next_break(here.db(), row["slug"])
    if pause:
        name = _("{name}: {minutes} min") if pause["minutes"] else "{name}"
        said = name.format(name=here.escaped(pause["title"]), minutes=pause["minutes"])
        _primary(said, modes.take_break, modes.TakeBreak(pause["slug"]), _("Began: {ref}"))
        st.caption(_("The screen and the phones say that there is a break, and until when."))
        _next_step(after)
        return
    _move(_name_of(after), *_way_to(after))
    note = _("{minutes} minutes.").format(minutes=after[0]["minutes"]) if after else ""
    st.caption(note or _("What an executive who was not here will read."))


def _next_step(after: list[dict]) -> None:
    on_click, target = _way_to(after)
    st.button(_name_of(after), width="stretch", key="next-step", on_click=on_click, args=(target,))


def _name_of(after: list[dict]) -> str:
    return _("Next: {title}").format(title=here.escaped(after[0]["title"])) if after else _("Summary")


def _way_to(after: list[dict]) -> tuple[Callable, str]:
    return (_take_along, after[0]["slug"]) if after else (here.go_to, "room/summary.py")


def _take_along(slug: str) -> None:
    """The host and the room go on together."""
    if _carry_out(room.go_to, room.GoTo(slug), _("Went to {ref}")):
        here.go_to(f"steps/{slug}.py")


def _aside(
    key: str, icon: str, name: str, handler: Callable, command: Any, done: str, kind: str = "do", why: str = ""
) -> None:
    st.button(name, type="tertiary", key=key, icon=f":material/{icon}:", help=why or None, on_click=here.carry_out,
              args=(handler, command, done), kwargs={"kind": kind})  # fmt: skip


def _beside(row: dict, asked: dict | None, here_now: dict) -> None:
    """What else can be done with what is asked now, and what else can be asked."""
    if asked and asked["state"] == "open":
        if count_ready(here.db())[0]:
            _aside("call-back", "undo", _("Call back"), call_back, CallBack(asked["id"]), _("Called everybody back"),
                   "follow", _("Nobody is ready any more, and the phones ask everybody to look again"))  # fmt: skip
        _leave_aside(asked)
    elif asked and asked["state"] == "closed":
        done = _("Opened “{ref}” again")
        _aside("reopen", "replay", _("Open it again"), reopen_activity, ReopenActivity(asked["id"]), done)
        _leave_aside(asked)
    offers.draw(row, asked)
    if not here_now["held_at"]:
        _break()


def _leave_aside(asked: dict) -> None:
    _aside("skip", "skip_next", _("Leave it aside"), skip_activity, SkipActivity(asked["id"]), _("Left it aside"),
           why=_("Nothing is shown; what was answered is kept, and “Ask the room” takes it up again"))  # fmt: skip


def _break() -> None:
    panel = st.popover(_("Break"), icon=":material/coffee:", type="tertiary", key="break", on_change="rerun")
    if not panel.open:
        return
    with panel:
        key = here.fresh("back-at", "")
        st.text_input(_("Back at"), key=key, placeholder="10:45", persist_state="session")
        if problem := here.refusal_for("back_at", "hold"):
            st.text(problem)
        st.button(_("Hold"), key="hold", on_click=_hold, args=(key,))


def _hold(key: str) -> None:
    here.carry_out(room.hold, room.Hold(st.session_state[key] or ""), _("A break, back {ref}"), beside="hold")


def _ready(asked: dict | None) -> None:
    """How many are ready, a bead each, and nothing about what they answered."""
    ready, joined = count_ready(here.db())
    if asked and asked["state"] == "open" and joined:
        beads = "".join(f'<i{" class=on" if i < ready else ""}></i>' for i in range(joined))
        beads = f'<span aria-hidden="true">{beads}</span>' if joined <= MOST_BEADS else ""
        count = escape(_("{ready} of {joined} ready").format(ready=ready, joined=joined))
        st.html(f'<p class="beads" role="status">{count}{beads}</p>')
