"""A browser without a window: speaks Streamlit's websocket as its frontend does, and draws nothing."""

import asyncio
import time
from collections import Counter
from typing import Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.measure import Unmeasured

RUN_SECONDS = 60


class Session:
    """One tab: `async with Session(port, "purpose", "w=CODE") as tab: seconds = await tab.rerun()`.

    `elements` counts what the last run drew, by kind; `widgets` are the ids of those with a key of ours, by that key.
    `move(key, value)` does what a hand does, and runs the page. Raises Unmeasured when a page shows an exception.
    """

    def __init__(self, port: int, page: str = "", query: str = ""):
        self.address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self.page, self.query = page, query
        self.page_hash = ""
        self.kept: set[str] = set()  # large messages, which a browser keeps: the server then sends their hash alone
        self.elements: Counter[str] = Counter()
        self.widgets: dict[str, str] = {}
        self.moved: dict[str, str | float] = {}  # a browser sends all of them with every run
        self._finished: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self.address, subprotocols=["streamlit", "no-token"], max_size=None, compression=None, ping_interval=None
        )
        self._reader = asyncio.create_task(self._read())
        await self.rerun()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._socket.close()
        await self._reader

    async def move(self, key: str, value: str | float) -> float:
        """Chooses an option of a row of buttons, or moves a slider; gives the seconds until all was drawn."""
        self.moved[self.widgets[key]] = value
        return await self.rerun()

    async def rerun(self) -> float:
        """Runs the page and gives the seconds until its last element was here."""
        self.elements.clear()
        self._finished = asyncio.get_running_loop().create_future()
        ask = BackMsg()
        run = ask.rerun_script
        run.query_string = self.query
        run.page_script_hash = self.page_hash
        run.page_name = "" if self.page_hash else self.page
        run.cached_message_hashes.extend(self.kept)
        for id_, value in self.moved.items():
            if isinstance(value, str):
                run.widget_states.widgets.add(id=id_).string_array_value.data.append(value)
            else:
                run.widget_states.widgets.add(id=id_).double_array_value.data.append(value)
        began = time.perf_counter()
        await self._socket.send(ask.SerializeToString())
        await asyncio.wait_for(self._finished, RUN_SECONDS)
        return time.perf_counter() - began

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self._hear(ForwardMsg.FromString(data))
            self._give_up("The server hung up.")
        except websockets.ConnectionClosed as closed:
            self._give_up(f"The server hung up: {closed}")

    def _hear(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self.page_hash = message.new_session.page_script_hash
            case "navigation":
                self.page_hash = message.navigation.page_script_hash or self.page_hash
            case "page_not_found":
                self._give_up(f"There is no page “{self.page}”.")
            case "ref_hash":
                self.elements["kept"] += 1
            case "delta":
                self._draw(message)
            case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if self._finished and not self._finished.done():
                    self._finished.set_result(None)

    def _draw(self, message: ForwardMsg) -> None:
        delta = message.delta
        if message.metadata.cacheable:
            self.kept.add(message.hash)
        if delta.WhichOneof("type") != "new_element":
            self.elements[delta.WhichOneof("type") or ""] += 1
            return
        kind = delta.new_element.WhichOneof("type") or ""
        self.elements[kind] += 1
        id_ = getattr(getattr(delta.new_element, kind), "id", "")
        if id_.count("-") > 1:
            self.widgets[id_.split("-", 2)[2]] = id_
        if kind == "exception":
            self._give_up(f"“{self.page}” shows an error: {delta.new_element.exception.message}")

    def _give_up(self, sentence: str) -> None:
        if self._finished and not self._finished.done():
            self._finished.set_exception(Unmeasured(sentence))
