"""The house when it opens, and its runs, which take turns."""

import asyncio
import gc
import socket
import threading
import time

import pytest

from pages import house
from pages.parts import here
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


def test_runs_draw_one_after_another_and_one_that_breaks_makes_room():
    inside, most = [], []

    def run(number: int) -> None:
        with pytest.raises(ZeroDivisionError), here.in_turn():
            inside.append(number)
            time.sleep(0.02)
            most.append(len(inside))
            inside.remove(number)
            raise ZeroDivisionError

    runs = [threading.Thread(target=run, args=(number,)) for number in range(5)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert most == [1] * 5


def test_a_run_that_hangs_holds_up_the_others_for_a_moment_only():
    ends, hangs = threading.Event(), threading.Event()

    def hang() -> None:
        with here.in_turn():
            hangs.set()
            ends.wait()

    hanging = threading.Thread(target=hang)
    hanging.start()
    try:
        assert hangs.wait(10)
        with here.in_turn():  # comes in all the same
            assert hanging.is_alive()
        with here.in_turn():  # whoever came in so gives nobody else's turn away
            assert hanging.is_alive()
    finally:
        ends.set()
        hanging.join()
