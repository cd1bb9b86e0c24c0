"""Opens the house when the server starts, says in the terminal how to get in, and closes it at the end.

What nobody foresaw is written in the terminal, too; people get one sentence.
"""

import gc
import importlib
import os
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import streamlit as st

from pages import live
from pages.room import pieces
from workshop import hosts, keeper, rehearsal, search, store
from workshop.words import _

INTERNET = (socket.AF_INET, socket.AF_INET6)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    for heavy in ("altair", "numpy", "pandas"):  # before the first visitor comes
        importlib.import_module(heavy)

    answer_at_once()  # before anything is frozen, which also hides it from this search
    live.allow_streams()
    gc.collect()
    gc.freeze()  # what the imports made stays for ever: no collection needs to look at it again
    keeper.start()
    rehearsal.start()
    threading.Thread(target=search.look_through, name="look through", daemon=True).start()
    print_links()
    try:
        yield
    finally:
        rehearsal.stop()
        keeper.stop()


def answer_at_once() -> None:
    """Sets TCP_NODELAY where we listen, and so on every connection: without it an answer can wait 40 ms.

    Streamlit makes the listening socket itself and gives asyncio no reason to set it.
    """
    # a type check alone: asking some lazy objects for more would wake them up
    for one in [one for one in gc.get_objects() if type(one) is socket.socket and one.fileno() >= 0]:
        if one.family in INTERNET and one.type == socket.SOCK_STREAM:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def say_sorry(_fault: Exception) -> bool:
    """What people see when a page breaks, in place of Streamlit's box; the shared screen asks for patience alone."""
    if urlsplit(st.context.url).path.endswith("/screen"):
        dark = st.session_state.get("dark", False)
        st.html(pieces.screen(pieces.header(""), pieces.empty(_("One moment, please.")), pieces.footer(), dark=dark))
    else:
        st.text(_("Something went wrong on this page. All that was saved is safe."))
        st.caption(_("What happened stands in the terminal window. Other pages, the phones and the screen go on."))
        st.button(_("Show this page again"), icon=":material/refresh:")
    return True


def print_links() -> None:
    """Says in the terminal how to get in: here, and from other machines."""
    here, elsewhere = f"http://localhost:{st.get_option('server.port')}", address_in_the_room()
    key = hosts.open_house(store.library())
    lines = ["", _("Throughline is ready."), ""]
    if hosts.own_key():
        lines.append(_("Open {link} with the host key from THROUGHLINE_HOST_KEY.").format(link=f"{elsewhere}/door"))
    else:
        lines.append(_("On this machine:    {link}").format(link=here))
        if key:
            lines.append(_("On another machine: {link}").format(link=f"{elsewhere}/door#k={key}"))
            lines.append(_("The host key is {key}. It is shown only this once: keep it.").format(key=key))
        else:
            lines.append(_("On another machine: {link} with the host key.").format(link=f"{elsewhere}/door"))
    print("\n  ".join(lines), end="\n\n", flush=True)


def address_in_the_room() -> str:
    """Where other machines reach this server, e.g. "http://192.168.1.20:8501"."""
    return os.environ.get("THROUGHLINE_URL") or f"http://{_own_address()}:{st.get_option('server.port')}"


def _own_address() -> str:
    """This machine's address in its network. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return probe.getsockname()[0]
        except OSError:  # no network yet
            return f"{socket.gethostname().partition('.')[0]}.local"
