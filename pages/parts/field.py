"""One field of a record with the widget that suits it, and what stands in it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages.parts import here
from workshop import agenda, fields, items
from workshop.words import _


def draw_field(about: Any, title: str, key: str, value: Any, **keep: Any) -> None:
    """One field of a record with the widget that suits it; `about` None is a line that the record does not have."""
    kind = fields.kind_of(about) if about else None
    _widget(kind, title, key, _for_widget(kind, value), {"key": key, "persist_state": "session"} | keep)


def read_field(about: Any, title: str, value: Any) -> None:
    """One field as it is read; nothing where nobody wrote anything."""
    if words := _words(fields.kind_of(about) if about else None, value):
        with st.container(gap=None):
            st.caption(title)
            st.text(words)


def value_of(key: str) -> Any:
    """What stands in a field drawn under this key, as its record takes it."""
    return _value(st.session_state.get(key))


def _widget(kind: fields.Kind | None, title: str, key: str, value: Any, keep: dict) -> None:
    if kind is not None and kind.suggestions:
        own = st.session_state.get(key, value)
        words = _with(kind.suggestions, own)
        st.selectbox(title, words, index=_index(words, value), accept_new_options=True,
                     placeholder=_("pick, or own words"), **keep)  # fmt: skip
    elif kind is None or kind.shape == "line":
        st.text_input(title, value or "", **keep)
    elif kind.shape == "choices":
        st.pills(title, kind.choices, default=value, selection_mode="multi", format_func=_said, **keep)
    elif kind.shape == "text":
        st.text_area(title, value or "", height="content", **keep)
    elif kind.shape == "number":
        now = st.session_state.get(key, value)
        look = {"step": 1} if kind.whole else {"step": fields.last_place(now), "format": "%g"}  # no needless decimals
        st.number_input(title, value=value, **look, **keep)
    elif kind.shape == "day":
        st.date_input(title, value, **keep)
    elif kind.shape == "yes_no":
        answers = {True: _("Yes"), False: _("No")}
        st.selectbox(title, list(answers), index=_index(list(answers), value), format_func=answers.get,
                     placeholder=_("not answered"), **keep)  # fmt: skip
    elif kind.shape == "choice":
        st.selectbox(title, kind.choices, index=_index(kind.choices, value), format_func=_said,
                     placeholder=_("not chosen"), **keep)  # fmt: skip
    elif kind.shape == "step":
        slugs = _with((one["slug"] for one in agenda.list_agenda(here.db())), st.session_state.get(key, value), value)
        st.selectbox(title, slugs, index=_index(slugs, value), format_func=_steps().get, placeholder=_("not chosen"),
                     **keep)  # fmt: skip
    else:
        _pointing(kind, title, value, keep)


def _pointing(kind: fields.Kind, title: str, value: Any, keep: dict) -> None:
    """Which other items this one points to; what was put away since stays pointed to, and is said to be."""
    names, now = _names(kind.tables), st.session_state.get(keep["key"], value)
    look = {"format_func": lambda ref: names.get(ref) or _gone(ref), "placeholder": _("none yet")} | keep
    if kind.many:
        st.multiselect(title, _with(names, *(now or ()), *(value or ())), default=value, **look)
    else:
        refs = _with(names, now, value)
        st.selectbox(title, refs, index=_index(refs, value), **look)


def _with(choices: Iterable[str], *own: str | None) -> list[str]:
    return list(dict.fromkeys([*choices, *(one for one in own if one)]))


def _index(choices: Sequence, value: Any) -> int | None:
    return choices.index(value) if value in choices else None


def _names(tables: Iterable[str]) -> dict[str, str]:
    """What can be pointed to: ref and words; what went into another item is pointed to there."""
    return {
        row["ref"]: f"{row['ref']}  {items.NOUNS[table].words(row)}"
        for table in tables
        for row in items.list_items(here.db(), table)
        if not row.get("merged_into")
    }


def _gone(ref: str) -> str:
    """What can be pointed to no more, because it was put away or went into another."""
    row = here.unless_refused(lambda: items.get_item(here.db(), ref))
    if row is None:  # its adding was undone
        return ref
    into = row.get("merged_into")
    return f"{ref}  {words_of(ref)} " + (_("(now {ref})").format(ref=into) if into else _("(put away)"))


def words_of(ref: str) -> str:
    """What an item is called by, wherever it is."""
    return items.NOUNS[items.table_of(here.db(), ref)].words(items.get_item(here.db(), ref))


def _words(kind: fields.Kind | None, value: Any) -> str:
    values = value if isinstance(value, list) else [] if value in (None, "") else [value]
    if kind is None or kind.shape in ("line", "text", "day"):
        return ", ".join(map(str, values))
    if kind.tables:
        return "\n".join(f"{ref}  {words_of(ref)}" for ref in values)
    if kind.shape == "step":
        return ", ".join(map(_steps().get, values))
    if kind.shape == "yes_no":
        return "".join(_("Yes") if one else _("No") for one in values)
    return ", ".join(f"{one:g}" if isinstance(one, int | float) else _said(one) for one in values)


def _said(choice: str) -> str:
    return _(choice.replace("_", " "))


def _steps() -> dict[str, str]:
    """The title of every step in this workshop, also of those that were left out."""
    return {one["slug"]: _(one["title"]) for one in agenda.list_every_row(here.db())}


def _for_widget(kind: fields.Kind | None, value: Any) -> Any:
    shape = kind.shape if kind else "line"
    if shape == "day" and value:
        return date.fromisoformat(value)
    if shape == "yes_no" and value is not None:
        return bool(value)
    if kind and kind.suggestions:
        return value or None
    return shown(value)


def differ(one: Any, other: Any) -> bool:
    """Whether somebody changed it: an empty field is an empty field, whatever a widget calls it."""
    return shown(one) != shown(other) and not (one in ("", None) and other in ("", None))


def shown(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
