"""What matters most to customers, in three columns: in their lives, in the world, in this very case."""

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import handle, icon_only, line, row
from workshop import items
from workshop.steps import AskAt, ask_at, in_the_way
from workshop.steps.purpose import CONTEXTS, MATTERS, by_context
from workshop.words import _


def draw(page: str, purposes: list[dict]) -> None:
    """Folded away until somebody looks: a short session does without it."""
    places = by_context(purposes)
    placed = len(purposes) - len(places[None])
    title = _("What matters most to them") + (f" :small[{placed}/{len(purposes)}]" if purposes else "")
    st.session_state["mattering"] = st.session_state.get("mattering", False)  # else another count would close it
    fold = st.expander(title, key="mattering", on_change="rerun")
    if not fold.open:
        return
    with fold:
        with row("xsmall"):
            st.space("stretch")
            why = in_the_way(here.db())
            here.button(_("Ask the room"), icon=":material/forum:", type="tertiary", key="ask-mattering",
                        disabled=bool(why), help=here.escaped(why) or None, on_click=here.carry_out,
                        args=(ask_at, AskAt(page, "write", _(MATTERS)), _("Asked the room")))  # fmt: skip
        for column, (place, name) in zip(st.columns(3, gap="small"), CONTEXTS.items(), strict=True):
            with column:
                with row("xsmall"):
                    st.markdown(f"**{_(name)}** :small[{len(places[place])}]", width="content")
                    st.space("stretch")
                    here.button(**icon_only("add", _("Add to “{what}”").format(what=_(name))), type="tertiary",
                                key=f"new-{place}", on_click=editor.open_series, args=(page, "purpose"),
                                kwargs={"level": "small", "status": "chosen", "context": place})  # fmt: skip
                for one in places[place]:
                    _purpose(page, one)
        if places[None]:
            st.markdown(f"**{_('Not placed yet')}** :small[{len(places[None])}]")
        for one in places[None]:
            _purpose(page, one)
            if not here.is_closed():
                _place(one)


def _purpose(page: str, one: dict) -> None:
    with line(f"matters-{one['ref']}", horizontal=True, wrap=False):
        handle(one["ref"], editor.open_at, page, one["ref"], "context", key="matters")
        st.text(one["text"], width="stretch")


def _place(one: dict) -> None:
    key = f"choice-place-{one['ref']}-{one['version']}"
    st.segmented_control(_("Where does it matter to them?"), list(CONTEXTS), default=None, key=key,
                         format_func=lambda place: _(CONTEXTS[place]), label_visibility="collapsed",
                         on_change=_store, args=(one["ref"], one["version"], key))  # fmt: skip


def _store(ref: str, version: int, key: str) -> None:
    edit = items.Edit(ref, version, {"context": st.session_state[key]})
    here.carry_out(items.edit, edit, _("Placed {ref}"))
