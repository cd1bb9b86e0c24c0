"""Throughline's server: `streamlit run app.py`."""

import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from pages import door, live
from workshop import hosts, keeper, store
from workshop.words import _


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    import altair  # noqa: F401  heavy, so before the first visitor comes
    import numpy  # noqa: F401
    import pandas  # noqa: F401

    gc.collect()
    gc.freeze()  # what the imports made stays for ever: no collection needs to look at it again
    live.allow_streams()
    keeper.start()
    print_links()
    try:
        yield
    finally:
        keeper.stop()


def print_links() -> None:
    """Says in the terminal how to get in: here, and from other machines."""
    port = st.get_option("server.port")
    here, elsewhere = f"http://localhost:{port}", f"http://{own_address()}:{port}"
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


def own_address() -> str:
    """The address that other machines in the room reach this one by. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return probe.getsockname()[0]
        except OSError:  # no network yet
            return f"{socket.gethostname().partition('.')[0]}.local"


app = st.App("pages/frame.py", routes=live.ROUTES, middleware=[Middleware(door.Door)], lifespan=lifespan)
