"""The editor at the right of every step page: one item at a time, added or edited in place.

What is typed lies in the session until it is saved; what it was made from is remembered from the moment of opening,
so that somebody else's newer words are never overwritten. The widgets' keys follow from what is edited alone: after a
restart of the server the browser brings its half-typed words along, and they must find their fields again.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import streamlit as st

from pages.parts import here
from pages.parts.cards import icon_only, label
from pages.parts.field import differ, draw_field, plain, read_field, shown, value_of
from workshop import fields, items
from workshop.entries import add_entry
from workshop.problems import Conflict
from workshop.steps.prepare import get_workshop
from workshop.words import _


@dataclass(frozen=True)
class Form:
    """How one kind of item is written: at most four fields on top, the rest folded under More.

    `add` is the handler of the record's command; `suits` tells the form for a row where a noun has several.
    `unfold` and `fold` turn a row into what is shown and back, for a noun whose form has other fields than its
    record; `labels` names those. `added` says what became of a new record, with {ref} in place of its own.
    `newest_first` is how the page lists them, so that up is up.
    """

    table: str
    add: Callable
    title: str
    top: tuple[str, ...]
    more: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    unfold: Callable[[dict], dict] = dict
    fold: Callable[[dict], dict] = dict
    suits: Callable[[dict], bool] = lambda _row: True
    added: Callable[[Any], str] = lambda _record: _("Added {ref}")
    newest_first: bool = False


@dataclass(frozen=True)
class Editing:
    """What the editor holds: a new item (ref None) or one that is there, as it was when it was opened.

    `at_rest` when nobody asked for it, so that there is nothing to close. After one of a `series` is added, the next
    begins as it did. `asked` is what its fields hold where nobody wrote in them.
    """

    table: str
    ref: str | None
    version: int
    before: dict[str, Any]
    number: str
    at_rest: bool = False
    series: bool = False
    asked: dict[str, Any] = field(default_factory=dict)

    def key(self, name: str) -> str:
        return f"edit-{self.table}-{self.number}-{name}"


def open_new(page: str, table: str, **preset: Any) -> None:
    """Callback: an empty form for a new item."""
    _hold(page, _blank(table, preset))


def open_series(page: str, table: str, **preset: Any) -> None:
    """Callback: an empty form for one new item after another of this kind, until it is closed.

    Where a page writes several kinds: what is typed next would otherwise be stored as its first one.
    """
    _hold(page, _blank(table, preset, series=True))


def _blank(table: str, preset: dict[str, Any], **how: bool) -> Editing:
    record = items.NOUNS[table].record
    before = {name: shown(fields.default_of(f)) for name, f in fields.fields_of(record).items()} | preset
    return Editing(table, None, 0, before, f"{here.code()}-new-{here.given(table)}-{_mark(before)}", **how)


def open_item(page: str, ref: str) -> None:
    """Callback: an item as it is now."""
    here.attempt(lambda: here.with_file(lambda db: _open(page, db, ref)))


def open_at(page: str, ref: str, name: str) -> None:
    """Callback: an item as it is now, with this field in sight."""
    open_item(page, ref)
    st.session_state[f"in_sight-{_slot(page)}"] = name


def _open(page: str, db, ref: str) -> None:
    row = items.get_item(db, ref)
    if row["archived_at"]:
        raise Conflict(_("{ref} was put away. Bring it back below, then it can be changed.").format(ref=ref))
    if into := row.get("merged_into"):
        raise Conflict(_("{ref} went into {into}. Open that one instead.").format(ref=ref, into=into))
    version = row["version"]
    _hold(page, Editing(items.table_of(db, ref), ref, version, row, f"{here.code()}-{ref}-{version}"))


def _hold(page: str, opened: Editing) -> None:
    _leave(page)
    st.session_state.pop(f"in_sight-{_slot(page)}", None)
    st.session_state[_slot(page)] = opened
    if not opened.at_rest:
        here.forget_refusal()


def _leave(page: str) -> None:
    """What somebody has begun to write stays: a new item waits until the form opened instead of it is done with, what
    was typed about an item until that one is opened again. Of other forms nothing is kept: Streamlit looks through all
    that a session holds once for every field that it draws.
    """
    now = editing(page)
    if now is None:
        return
    if not any(_is_written_in(now, name) for name in now.asked):
        here.forget(now.key(""))
    elif now.ref is None:
        st.session_state.setdefault(f"waiting-{_slot(page)}", []).append(now)


def _mark(values: dict[str, Any]) -> int:
    """Forms that begin with other words are other forms."""
    return zlib.crc32(repr(sorted(values.items())).encode())


def _slot(page: str) -> str:
    return f"editing-{here.code()}-{page}"


def editing(page: str) -> Editing | None:
    return st.session_state.get(_slot(page))


def asked_for(page: str) -> str:
    """Which form somebody opened to write in, or goes on writing in; "" for one that merely stands there."""
    now = editing(page)
    return now.number if now and (not now.at_rest or st.session_state.get(_goes_on(page))) else ""


def _goes_on(page: str) -> str:
    """Where it is noted that somebody has just added something, and may add the next."""
    return f"goes-on-{_slot(page)}"


def close(page: str) -> None:
    """Callback: leaves the open item as it is, and forgets what was typed."""
    _done(page)
    st.session_state.pop(_goes_on(page), None)
    here.forget_refusal()


def _done(page: str) -> None:
    """The open form is finished with; what was half typed before it was opened comes back."""
    if now := st.session_state.pop(_slot(page), None):
        here.forget(now.key(""))
    if waiting := st.session_state.get(f"waiting-{_slot(page)}"):
        st.session_state[_slot(page)] = waiting.pop()


def _typed(now: Editing, name: str) -> Any:
    """What stands in a field of the open form; where it was never drawn, what it would have held."""
    key = now.key(name)
    return value_of(key) if key in st.session_state else now.asked[name]


def _is_written_in(now: Editing, name: str) -> bool:
    return differ(now.asked[name], _typed(now, name))


def is_asked_for(page: str, table: str) -> bool:
    """Whether the address newly names an item of this table, or leads here with it: the page turns to its view."""
    given = st.query_params.get("item")
    if not given or (given == st.session_state.get(f"item-{page}") and not here.arrived()):
        return False
    return here.unless_refused(lambda: items.table_of(here.db(), given)) == table


def follow_address(page: str, forms: list[Form]) -> None:
    """The open item stands in the address, so that a link to a card can be shared and the browser's Back works."""
    given, known = st.query_params.get("item"), st.session_state.get(f"item-{page}")
    # coming from another page the address names no item, and what was open here stays open
    if given != known and (given or not here.arrived()):
        if given:
            open_item(page, given)
            here.show_refusal()  # no such item: the frame, which says so, was drawn before
        else:
            close(page)
        if (now := editing(page)) and now.table not in {"entry", *(form.table for form in forms)}:
            close(page)
    now = editing(page)
    ref = now.ref if now else None
    if ref:
        st.query_params["item"] = ref
    else:
        st.query_params.pop("item", None)
    st.session_state[f"item-{page}"] = ref


def draw(page: str, forms: list[Form], preset: dict[str, Any] | None = None) -> None:
    """The editor of a page. With nothing open it holds a new item of the first form, begun with `preset`.

    In a closed workshop it shows what was written, and nothing until an item is opened.
    """
    follow_address(page, forms)
    if here.arrived():
        st.session_state.pop(_goes_on(page), None)
    if here.is_closed():
        _read(page, forms)
        return
    if editing(page) is None:
        _hold(page, _blank(forms[0].table, preset or {}, at_rest=True))
    now = editing(page)
    form = _form_of(now, forms)
    values = form.unfold(now.before)
    now = st.session_state[_slot(page)] = replace(now, asked={name: values[name] for name in (*form.top, *form.more)})
    with st.container(key=f"editor-{page}"):
        st.markdown(f"{label(now.ref)} **{_('Edit')}**" if now.ref else f"**{form.title}**")
        _quarrel(page, form, now)
        # no st.form: what is half typed in one lies in the browser alone, and is lost with the page
        for name in form.top:
            _field(page, form, now, name)
        is_open = bool(form.more) and _more(page, form, now)
        _say(page, form.top + form.more if is_open else form.top)
        here.button(_("Save") if now.ref else _("Add"), key=now.key("save"), shortcut="Mod+Enter", on_click=_save,
                    args=(page, form))  # fmt: skip
        if now.ref:
            _actions(page, form, now)
        if not now.at_rest:
            _close_button(page)


def _more(page: str, form: Form, now: Editing) -> bool:
    """The form's other fields, folded away; gives whether they are in sight."""
    wanted = st.session_state.get(f"in_sight-{_slot(page)}")
    more = st.expander(_("More"), expanded=wanted in form.more, key=f"more-{now.number}", on_change="rerun")
    if here.is_drawn(more, any(_is_written_in(now, name) for name in form.more)):
        with more:
            for name in form.more:
                _field(page, form, now, name)
    return bool(more.open)


def _form_of(now: Editing, forms: list[Form]) -> Form:
    """Every page can also put right what the room wrote at its step."""
    wrote = Form("entry", add_entry, _("What the room wrote"), ("text", "heading"))
    return next(form for form in (*forms, wrote) if form.table == now.table and form.suits(now.before))


def _close_button(page: str) -> None:
    st.button(_("Close"), key="close-" + page, icon=":material/close:", type="tertiary", shortcut="Esc",
              on_click=close, args=(page,))  # fmt: skip


def _read(page: str, forms: list[Form]) -> None:
    """The open item with all that was written about it."""
    now = editing(page)
    with st.container(key=f"editor-{page}"):
        if now is None or now.ref is None:
            st.caption(_("A click on a label shows all that was written about it."))
            return
        form = _form_of(now, forms)
        st.markdown(label(now.ref))
        shown_here = form.unfold(now.before)
        for name in (*form.top, *form.more):
            read_field(_about(form, name), _label(form, name), shown_here[name])
        _close_button(page)


def _save(page: str, form: Form) -> None:
    now, given = editing(page), _given(page, form)
    record, changes = items.NOUNS[form.table].record, _changes(now, given)
    workshop = here.unless_refused(lambda: here.with_file(get_workshop))  # gone: the command says so
    if workshop and here.in_doubt(fields.doubts(record, changes, date.today(), workshop["date"]), _place(page)):
        return
    if now.ref is None:
        rest = {name: value for name, value in now.before.items() if name in fields.fields_of(record)}
        new = record(**rest | given)
        if here.carry_out(form.add, new, form.added(new), beside=_place(page)):
            _done(page)
            if now.series and editing(page) is None:
                open_series(page, now.table, **now.before)
            st.session_state[_goes_on(page)] = True
        return
    _store(page, now.ref, now.version, changes)


def _given(page: str, form: Form) -> dict[str, Any]:
    """What stands in the form, as the record's fields."""
    now = editing(page)
    return form.fold({name: _typed(now, name) for name in now.asked})


def _changes(now: Editing, given: dict[str, Any]) -> dict[str, Any]:
    """What was changed in the form since it was opened."""
    return {name: value for name, value in given.items() if differ(now.before.get(name), value)}


def _store(page: str, ref: str, version: int, changes: dict[str, Any]) -> None:
    if here.carry_out(items.edit, items.Edit(ref, version, changes), _("Edited {ref}"), beside=_place(page)):
        here.forget(editing(page).key(""))
        open_item(page, ref)


def _place(page: str) -> str:
    """Where what was wrong with a saved form is said."""
    return f"editor-{page}"


def _say(page: str, in_sight: tuple[str, ...]) -> None:
    """What no field in sight says itself; a quarrel with somebody else's words is said above."""
    found = here.refusal(_place(page))
    if not (isinstance(found, Conflict) and found.theirs):
        here.show_refusal(_place(page), but=in_sight)


def _quarrel(page: str, form: Form, now: Editing) -> None:
    """Two have edited the same item: both texts, and who decides."""
    refusal = here.refusal(_place(page))
    if not isinstance(refusal, Conflict) or not refusal.theirs or refusal.ref != now.ref:
        return
    theirs, mine = form.unfold(refusal.theirs), form.unfold(refusal.mine)
    with st.container(key="quarrel", gap="xsmall"):
        st.text(str(refusal))
        for name in (*form.top, *form.more):
            if shown(theirs.get(name)) != shown(mine.get(name)):
                st.caption(_("“{field}” is now:").format(field=_label(form, name)))
                st.text(plain(theirs.get(name)) or "–")
                st.caption(_("You wrote:"))
                st.text(plain(mine.get(name)) or "–")
        keep, take = st.columns(2, gap="xsmall")
        keep.button(
            _("Keep theirs"), key="keep-theirs", on_click=open_item, args=(page, now.ref), width="stretch"
        )
        take.button(_("Take mine"), key="take-mine", on_click=_take_mine, args=(page, form), width="stretch")


def _take_mine(page: str, form: Form) -> None:
    now, theirs = editing(page), here.refusal(_place(page)).theirs
    _store(page, now.ref, theirs["version"], _changes(now, _given(page, form)))


def _actions(page: str, form: Form, now: Editing) -> None:
    """What every item can do, everywhere the same way."""
    kind = items.NOUNS[now.table]
    statuses = fields.kind_of(fields.fields_of(kind.record)["status"]).choices if "status" in now.before else ()
    rest = next((status for status in ("candidate", "open") if status in statuses), "")
    ref, status = now.ref, now.before.get("status")
    up = 1 if form.newest_first else -1
    buttons = [
        ("arrow_upward", _("Move up"), items.move, items.Move(ref, up), _("Moved {ref} up")),
        ("arrow_downward", _("Move down"), items.move, items.Move(ref, -up), _("Moved {ref} down")),
    ]
    if kind.chosen in statuses and status != kind.chosen:
        buttons.append(("check_circle", _("Choose"), items.choose, items.Choose(ref), _("Chose {ref}")))
    if "parked" in statuses and status != "parked":
        buttons.append(
            ("local_parking", _("Park"), items.set_status, items.SetStatus(ref, "parked"), _("Parked {ref}"))
        )
    if rest and status not in (rest, None):
        buttons.append(("undo", _("Back to the candidates"), items.set_status, items.SetStatus(ref, rest),
                        _("Put {ref} back")))  # fmt: skip
    buttons.append(("inventory_2", _("Put away"), items.archive, items.Archive(ref), _("Put {ref} away")))
    with st.container(key=f"actions-{page}", horizontal=True, gap="xxsmall"):
        for icon, name, handler, command, done in buttons:
            look = icon_only(icon, name)
            if handler is items.choose:
                look["label"] = name
            st.button(**look, key=f"{icon}-{page}", type="tertiary", on_click=_do,
                      args=(page, handler, command, done))  # fmt: skip


def _do(page: str, handler: Callable, command: Any, done: str) -> None:
    if here.carry_out(handler, command, done):
        if isinstance(command, items.Archive):
            _done(page)
        else:
            open_item(page, command.ref)


def put_away(page: str, *tables: str) -> None:
    """The archived items of these kinds and of what the room wrote on this page, each to be brought back."""
    rows = [(table, row) for table in tables for row in items.list_items(here.db(), table, archived=True)]
    rows += [("entry", row) for row in items.list_items(here.db(), "entry", archived=True) if row["step"] == page]
    if rows:
        with st.expander(f"{_('Put away')} :small[{len(rows)}]"):
            for table, row in rows:
                with st.container(key=f"line-away-{row['ref']}", horizontal=True, gap="xsmall", wrap=False):
                    st.markdown(label(row["ref"]), width="content")
                    st.text(items.NOUNS[table].words(row), width="stretch")
                    here.button(_("Bring back"), key=f"back-{row['ref']}", type="tertiary", on_click=here.carry_out,
                                args=(items.bring_back, items.BringBack(row["ref"]),
                                      _("Brought {ref} back")))  # fmt: skip


def _field(page: str, form: Form, now: Editing, name: str) -> None:
    key = now.key(name)
    draw_field(_about(form, name), _label(form, name), key, now.asked[name])
    if problem := here.refusal_for(name, _place(page)):
        with st.container(key=f"problem-{key}"):
            st.text(problem)


def _about(form: Form, name: str) -> Any:
    """The record's field; None for one that only the form has."""
    return fields.fields_of(items.NOUNS[form.table].record).get(name)


def _label(form: Form, name: str) -> str:
    about = _about(form, name)
    return form.labels.get(name) or (fields.label_of(about) if about else name)
