"""What a page asks Streamlit to draw, written down call by call, to be drawn again from constants.

The calls are caught where a page makes them: `st.text(…)`, `st.container(…)`, `with` around a container, a value put
into `st.session_state` for a widget. Everything that the page does in between (reading, sorting, wording) is gone,
and the arguments are the very objects that it gave.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.state import SessionStateProxy

COMMANDS = ("set_page_config", "logo", "Page", "navigation")  # what draws without being an element
SET = "session_state"


@dataclass(frozen=True)
class Made:
    """Stands for what an earlier call gave: its number, and which one of several."""

    call: int
    place: int | None = None


@dataclass
class Tape:
    """Calls in their order: (owner, name, arguments, named arguments); the owner is a container or None for `st`."""

    calls: list[tuple[Made | None, str, tuple, dict]] = field(default_factory=list)
    known: dict[int, Made] = field(default_factory=dict)
    results: list[Any] = field(default_factory=list)  # kept, so that no id is given twice

    def note(self, owner: Any, name: str, args: tuple, kwargs: dict, result: Any) -> None:
        self.calls.append((self.stand_in(owner), name, self.stand_in(args), self.stand_in(kwargs)))
        self.results.append(result)
        number = len(self.calls) - 1
        several = enumerate(result) if isinstance(result, list | tuple) else [(None, result)]
        for place, one in several:
            if isinstance(one, DeltaGenerator | StreamlitPage):
                self.known.setdefault(id(one), Made(number, place))

    def stand_in(self, value: Any) -> Any:
        return _replaced(value, lambda one: self.known.get(id(one), one))

    def play(self) -> None:
        """Makes the same calls again, in the run of whoever asks."""
        results: list[Any] = []

        def find(value: Any) -> Any:
            if not isinstance(value, Made):
                return value
            result = results[value.call]
            return result if value.place is None else result[value.place]

        for owner, name, args, kwargs in self.calls:
            given, named = _replaced(args, find), _replaced(kwargs, find)
            if name == SET:
                results.append(st.session_state.setdefault(*given))
            else:
                results.append(getattr(st if owner is None else find(owner), name)(*given, **named))


def _replaced(value: Any, by: Callable[[Any], Any]) -> Any:
    """A value with whatever `by` changes in it replaced, in lists, tuples and dicts too."""
    if type(value) in (list, tuple):
        return type(value)(_replaced(one, by) for one in value)
    if type(value) is dict:
        return {key: _replaced(one, by) for key, one in value.items()}
    return by(value)


@contextmanager
def recording(pages: Path) -> Iterator[Tape]:
    """Writes down what this thread draws. Page scripts are looked up in `pages`, wherever the running script lies."""
    tape, caught, here, inside = Tape(), [], threading.get_ident(), [False]

    def catch(place: Any, attribute: str, name: str = "") -> None:
        call = getattr(place, attribute)
        name = name or attribute

        @wraps(call)
        def noted(*args: Any, **kwargs: Any) -> Any:
            if inside[0] or threading.get_ident() != here:  # what Streamlit calls in turn is its own affair
                return call(*args, **kwargs)
            if name == "Page":
                args = (str(pages / args[0]), *args[1:])
            inside[0] = True
            try:
                result = call(*args, **kwargs)
            finally:
                inside[0] = False
            owner, given = (args[0], args[1:]) if place is DeltaGenerator else (None, args)
            tape.note(owner, name, given[1:] if place is SessionStateProxy else given, kwargs, result)
            return result

        caught.append((place, attribute, call))
        setattr(place, attribute, noted)

    for name, call in list(vars(st).items()):
        if isinstance(getattr(call, "__self__", None), DeltaGenerator):
            catch(st, name)
            catch(DeltaGenerator, name)
    for name in COMMANDS:
        catch(st, name)
    for name in ("__enter__", "__exit__"):
        catch(DeltaGenerator, name)
    catch(SessionStateProxy, "__setitem__", SET)
    try:
        yield tape
    finally:
        for place, attribute, call in caught:
            setattr(place, attribute, call)
