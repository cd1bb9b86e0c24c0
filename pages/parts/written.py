"""What the room wrote at this step: typed by the host line by line, grouped, and turned into what it becomes."""

from itertools import groupby

import streamlit as st

from pages.parts import editor, here
from pages.parts.cards import handle, icon_only, one_page
from workshop import entries
from workshop.activities import list_names
from workshop.step import Turn
from workshop.steps import step_of
from workshop.steps.commitment import question_from
from workshop.words import N_, _

QUESTION = Turn(N_("a parked question"), question_from)


def draw(step: str) -> None:
    """Below the cards, folded away while there is nothing."""
    rows, names = entries.list_entries(here.db(), step), list_names(here.db())
    title = _("What the room wrote") + (f" :small[{len(rows)}]" if rows else "")
    with st.expander(title, expanded=bool(rows), key=f"written-{step}-{bool(rows)}"):
        if not here.is_closed():
            _pen(step)
        rows = one_page(sorted(rows, key=lambda row: row["heading"]), f"written-page-{step}")
        if rows and not here.is_closed():
            _toolbar(step, sorted(rows, key=lambda row: row["position"]))  # they become something in their own order
        for heading, grouped in groupby(rows, lambda row: row["heading"]):
            under = list(grouped)
            if heading:
                with st.container(key=f"segment-{under[0]['ref']}"):
                    st.text(heading)
            for row in under:
                with st.container(key=f"line-{row['ref']}", horizontal=True, gap="xsmall", wrap=False):
                    if not here.is_closed():
                        st.checkbox(row["ref"], key=f"chosen-{row['ref']}", label_visibility="collapsed")
                    handle(row["ref"], editor.open_item, step, row["ref"])
                    st.text(row["text"], width="stretch")
                    if name := names.get(row["ref"]):
                        with st.container(key=f"feeling-by-{row['ref']}", width="content"):
                            st.text(name, width="content")


def _pen(step: str) -> None:
    with st.form(f"pen-{step}", border=False):
        st.text_area(_("One line for each entry"), key=_pen_key(step), height=76, persist_state="session",
                     placeholder=_("Typed off the wall, or pasted"))  # fmt: skip
        if problem := here.refusal_for("lines", "written"):
            with st.container(key="problem-entries"):
                st.text(problem)
        here.button(_("Add"), in_form=True, key=f"add-entries-{step}", on_click=_write, args=(step,))


def _pen_key(step: str) -> str:
    return here.fresh(f"entries-{step}", "entry")


def _write(step: str) -> None:
    command = entries.AddEntries(step, st.session_state[_pen_key(step)])
    if here.in_doubt(entries.doubts(command.lines, "lines"), "written"):
        return
    if here.carry_out(entries.add_entries, command, _("Wrote {ref}"), beside="written"):
        here.renew(f"entries-{step}")


def _toolbar(step: str, rows: list[dict]) -> None:
    refs = [row["ref"] for row in rows]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(_("The ticked ones become"), width="content")
        for turn in (*step_of(step).turns, QUESTION):
            st.button(_(turn.name), key=f"turn-{step}-{turn.name}", on_click=_turn, args=(refs, turn))
            if turn.of:
                _of_which(turn)
        with st.popover(_("Group"), type="tertiary", key=f"grouping-{step}", on_change="rerun"):
            st.text_input(_("Heading"), key=f"heading-{step}")
            st.button(_("Put under this heading"), key=f"group-{step}", on_click=_group, args=(step, refs))
        for by, icon, name in ((-1, "arrow_upward", _("Move up")), (1, "arrow_downward", _("Move down"))):
            st.button(**icon_only(icon, name), key=f"move-{step}{by}", type="tertiary",
                      on_click=_move, args=(refs, by))  # fmt: skip
    here.show_refusal("ticked")  # the top of the page is out of sight from here


def _of_which(turn: Turn) -> None:
    """What the ticked ones belong to, where they do not say it themselves."""
    names = turn.of(here.db())
    if not names:
        return
    st.selectbox(_(turn.of_which), list(names), index=0 if len(names) == 1 else None, key=f"of-{turn.name}", width=220,
                 format_func=lambda ref: f"{ref}  {names.get(ref, '')}", placeholder=_(turn.of_which),
                 label_visibility="collapsed")  # fmt: skip


def _ticked(refs: list[str]) -> tuple[str, ...]:
    return tuple(ref for ref in refs if st.session_state.get(f"chosen-{ref}"))


def turn_ticked(step: str, turn: Turn) -> None:
    """Callback of the room's next move: what is ticked at this step becomes that, or a sentence asks to tick it."""
    _turn([row["ref"] for row in here.with_file(lambda db: entries.list_entries(db, step))], turn, beside="")


def _turn(refs: list[str], turn: Turn, beside: str = "ticked") -> None:
    of = [st.session_state.get(f"of-{turn.name}")] if turn.of else []

    def make(db, text: str) -> str:
        return turn.into(db, text, *of)

    here.carry_out(entries.turn, entries.TurnEntries(_ticked(refs), make), _("Made {ref}"), beside=beside)


def _move(refs: list[str], by: int) -> None:
    command = entries.MoveEntries(_ticked(refs), by)
    here.carry_out(entries.move_entries, command, _("Moved {ref}"), beside="ticked")


def _group(step: str, refs: list[str]) -> None:
    command = entries.Group(_ticked(refs), st.session_state[f"heading-{step}"])
    if here.carry_out(entries.group, command, _("Grouped under {ref}"), beside="ticked"):
        st.session_state[f"grouping-{step}"] = False
        for ref in refs:
            st.session_state[f"chosen-{ref}"] = False
