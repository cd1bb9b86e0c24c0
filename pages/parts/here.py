"""Who and where this run is: the workshop's code, its open file, and the one way to carry out a command."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from sqlite_utils import Database

from pages import door
from workshop import closing, items, journal, store
from workshop.problems import Problem, Refusal, Rejected
from workshop.words import _

_db: ContextVar[Database] = ContextVar("db")
_closed: ContextVar[bool] = ContextVar("closed", default=False)
_making = threading.Lock()
_drawing = threading.Lock()
PATIENCE = 1.0  # seconds


@contextmanager
def in_turn() -> Iterator[None]:
    """One run after another: runs that draw together take each other's processor at every query, and all of them are
    late, the phones' entries too. A run that hangs holds up nobody for longer than PATIENCE.
    """
    mine = _drawing.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _drawing.release()


def code() -> str | None:
    """The workshop that this browser is in: the only one it may see, else the address, else where it was before."""
    given = door.own_code() or st.query_params.get("w") or st.session_state.get("workshop")
    st.session_state["workshop"] = given
    return given


def db() -> Database:
    """The workshop's file, open for this run."""
    return _db.get()


@contextmanager
def opened(code: str) -> Iterator[Database]:
    """The workshop's file for everything that this run draws; ends the run with a sentence when it cannot be had."""
    try:
        with store.open(code) as db:
            token, closed = _db.set(db), _closed.set(closing.is_closed(db))
            try:
                yield db
            finally:
                _db.reset(token)
                _closed.reset(closed)
    except Refusal as refusal:
        st.session_state.pop("workshop", None)
        st.session_state["refused"] = Refused(refusal, "")
        show_refusal()
        st.link_button(_("To the lobby"), "/", icon=":material/arrow_back:")
        st.stop()


@dataclass(frozen=True)
class Refused:
    """The last refusal, and where on the page it is said: beside a form's fields, or on top ('')."""

    refusal: Refusal
    beside: str


def carry_out(
    handler: Callable, command: Any, done: str, *, beside: str = "", key: str | None = None, kind: str = "do"
) -> Any:
    """Carries out a host's command in this workshop and says `done`, with the answer in place of {ref}.

    Gives the handler's answer, or None after a refusal. That is said by whoever draws the place called `beside`,
    or else on top of the page. `key` and `kind` are those of journal.act.
    """
    act = partial(journal.act, by=door.giver(), handler=handler, command=command, done=done, key=key, kind=kind)
    return attempt(lambda: with_file(act), done, beside=beside)


def with_file(use: Callable[[Database], Any]) -> Any:
    """Something with the workshop's file: the one that is open for this run, or in a callback one of its own.

    Raises Refusal.
    """
    if mine := _db.get(None):
        return use(mine)
    with store.open(st.session_state["workshop"]) as db:
        return use(db)


def attempt(do: Callable[[], Any], done: str = "", *, beside: str = "") -> Any:
    """Anything that can be refused, such as making or bringing in a workshop. The only `except` of the callbacks."""
    st.session_state.pop("refused", None)
    try:
        if not door.still_host():
            raise Rejected(Problem("", _("You are not the host any more. Come in again with the host key.")))
        answer = do()
    except Refusal as refusal:
        st.session_state["refused"] = Refused(refusal, beside)
        return None
    if done:
        st.toast(escaped(done.format(ref=answer)), icon=":material/check:")
    return answer


def once(name: str, make: Callable[[], Any], then: Callable[[Any], None]) -> Callable[[], None]:
    """A callback that makes a new workshop, for which no journal keeps a key yet: a click that comes twice makes one.

    `then` is called with what was made, for both clicks. `make` gives None when it was refused.
    """
    key = st.session_state.setdefault(f"once-{name}", secrets.token_hex(8))

    def clicked() -> None:
        with _making:  # Streamlit hears a second click in a thread of its own, while the first is still at it
            made = st.session_state.setdefault("made", {})
            if made.get(key) is None:
                st.session_state.pop(f"once-{name}", None)  # the page is drawn with another key from now on
                made[key] = make()
        if made[key] is not None:
            then(made[key])

    return clicked


def unless_refused(read: Callable[[], Any]) -> Any:
    """What can be read, or None; for what the page can do without."""
    try:
        return read()
    except Refusal:
        return None


def say_no(message: str, field: str, beside: str) -> None:
    """Callback: a sentence beside a field, before anything was asked of the workshop."""
    st.session_state["refused"] = Refused(Rejected(Problem(field, message)), beside)


def in_doubt(problems: list[Problem], beside: str) -> bool:
    """Callback: says what is hardly meant, once; the second time that it is asked for it is meant."""
    if not problems or st.session_state.pop("in_doubt", None) == problems:
        return False
    st.session_state["in_doubt"] = problems
    st.session_state["refused"] = Refused(Rejected(*problems), beside)
    return True


def escaped(text: str) -> str:
    """Words for a place that reads Markdown: prompts and step titles come from bundles, which anybody may write."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()<>#+-.!|~$:&" else char for char in text)


def fresh(name: str, table: str = "") -> str:
    """The key of a widget that is filled in again and again; after `renew` another one, which draws an empty widget.

    It follows from how many items of that table, or else actions, there were when it was first drawn: a browser that
    comes back after a restart of the server brings what is half typed along under its old key, and finds it here.
    """
    slot = f"fresh-{code()}-{name}"
    if slot not in st.session_state:
        st.session_state[slot] = f"{name}-{code()}-{given(table)}"
    return st.session_state[slot]


def renew(name: str) -> None:
    """Callback: what was written under this name is stored, and there is room for the next."""
    if key := st.session_state.pop(f"fresh-{code()}-{name}", None):
        forget(key)


def forget(keys: str) -> None:
    """What stands in the fields whose keys begin so is needed no more."""
    for key in [key for key in st.session_state if key.startswith(keys)]:
        del st.session_state[key]


def given(table: str) -> int:
    """How many refs of this noun were ever given; without a noun, how many actions there were."""
    return with_file(lambda db: items.count_given(db, table) if table else store.revision(db))


def is_closed() -> bool:
    """Whether this workshop was closed: it is read, and nothing invites to write in it."""
    return _closed.get()


def button(
    label: str, *, key: str, on_click: Callable, args: tuple = (), kwargs: dict[str, Any] | None = None,
    in_form: bool = False, **look: Any,
) -> None:  # fmt: skip
    """A button by which something is written, or begun; in a closed workshop there is none.

    Its click is heard even by the first run of a session: after a restart of the server that run may be the click
    itself, and Streamlit does not know its callback yet.
    """
    if is_closed():
        return

    def hear() -> None:
        _heard().add(key)
        on_click(*args, **kwargs or {})

    draw = st.form_submit_button if in_form else st.button
    if draw(label, key=key, on_click=hear, **look):
        if key not in _heard():
            on_click(*args, **kwargs or {})
            st.rerun()
        _heard().discard(key)


def _heard() -> set[str]:
    """Clicks that come together are heard in one run."""
    return st.session_state.setdefault("heard", set())


def forget_refusal() -> None:
    st.session_state.pop("refused", None)


def refusal(beside: str = "") -> Refusal | None:
    """The last refusal that this place has to say."""
    refused = st.session_state.get("refused")
    return refused.refusal if refused and refused.beside == beside else None


def refusal_for(field: str, beside: str) -> str:
    """What was wrong with one field of the last command, or ''."""
    found = refusal(beside)
    problems = found.problems if isinstance(found, Rejected) else ()
    return " ".join(problem.message for problem in problems if problem.field == field)


def show_refusal(beside: str = "", but: tuple[str, ...] = ()) -> None:
    """Says the refusal, except for the fields that say theirs themselves. People's words in it stay text."""
    found = refusal(beside)
    if found is None:
        return
    problems = found.problems if isinstance(found, Rejected) else (Problem("", str(found)),)
    sentences = [problem.message for problem in problems if problem.field not in but]
    if sentences:
        key = f"refusal-{beside or 'page'}"
        with st.container(key=key, horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
            st.markdown(":material/error:", width="content")
            st.text("\n".join(sentences), width="stretch")


def arrive(page: str) -> None:
    """Notes which page is drawn, so that the page can tell coming to it from being drawn again."""
    st.session_state["first-run"] = "page" not in st.session_state
    st.session_state["arrived"] = st.session_state.get("page") != page
    st.session_state["page"] = page


def arrived() -> bool:
    return st.session_state["arrived"]


def is_drawn(panel: Any, begun: bool) -> bool:
    """Whether what stands in a panel or fold is drawn: while it is open, or somebody has begun to write in it.

    A browser keeps what is half typed while it is drawn, and brings it to the first run after a restart of the server.
    """
    return panel.open or begun or st.session_state["first-run"]


def go_to(page: str, code: str | None = None, item: str = "") -> None:
    """Opens another page after this callback, in the same workshop or in another one, with this item in its editor."""
    if code:
        st.session_state["workshop"] = code
        st.query_params["w"] = code
    st.session_state["go_to"] = page, item
