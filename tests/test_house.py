"""The house when it opens."""

import asyncio
import gc
import socket

import pytest

from pages import house
from workshop import keeper


@pytest.fixture
def door():
    """Where a server listens, made before its house opens, as Streamlit does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_answers_do_not_wait_for_more_to_send(door, library, capsys):
    """Otherwise a small answer can wait 40 ms for the other side to acknowledge the one before."""

    async def a_visit() -> int:
        async with house.lifespan(None):
            with socket.create_connection(door.getsockname()), door.accept()[0] as line:
                return line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    try:
        assert door.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
        assert asyncio.run(a_visit()) != 0
    finally:
        gc.unfreeze()
        keeper.stop()
    assert "Throughline is ready." in capsys.readouterr().out
