"""What the room wrote at this step: typed by the host line by line, grouped, and turned into what it becomes."""

from operator import itemgetter

import streamlit as st

from pages.parts import editor, here, ticks
from pages.parts.cards import icon_only, one_page, row
from workshop import entries
from workshop.activities import list_names
from workshop.step import Turn
from workshop.steps import step_of
from workshop.steps.commitment import question_from
from workshop.words import N_, _

QUESTION = Turn(N_("a parked question"), question_from)
MOST_LINES = 200  # on one page; what a large room writes is read and grouped as a whole


def draw(step: str) -> None:
    """Below the cards, folded away while there is nothing."""
    rows, names = entries.list_entries(here.db(), step), list_names(here.db())
    title = _("What the room wrote") + (f" :small[{len(rows)}]" if rows else "")
    with st.expander(title, expanded=bool(rows), key=f"written-{step}-{bool(rows)}"):
        if not here.is_closed():
            _pen(step)
        if not rows:
            return
        shown = one_page(sorted(rows, key=itemgetter("heading")), f"written-page-{step}", MOST_LINES)
        if not here.is_closed():
            _toolbar(step, rows)
        ticks.draw(_ticks_key(step), shown, names, lambda ref: editor.open_item(step, ref))


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
    with st.container(key=f"becoming-{step}", gap="xsmall"):
        with row("xsmall"):
            ticked = _ticked(step, rows)
            said = _("{n} ticked become").format(n=len(ticked)) if ticked else _("The ticked ones become")
            st.caption(said, width="content")
            for turn in (*step_of(step).turns, QUESTION):
                st.button(_(turn.name), key=f"turn-{step}-{turn.name}", on_click=_turn, args=(step, rows, turn))
                if turn.of:
                    _of_which(turn)
            panel = st.popover(_("Group"), type="tertiary", key=f"grouping-{step}", on_change="rerun")
            if panel.open:
                with panel:
                    st.text_input(_("Heading"), key=f"heading-{step}", persist_state="session")
                    st.button(_("Put under this heading"), key=f"group-{step}", on_click=_group, args=(step, rows))
            for by, icon, name in ((-1, "arrow_upward", _("Move up")), (1, "arrow_downward", _("Move down"))):
                st.button(**icon_only(icon, name), key=f"move-{step}{by}", type="tertiary",
                          on_click=_move, args=(step, rows, by))  # fmt: skip
        here.show_refusal("ticked")  # the top of the page is out of sight from here


def _of_which(turn: Turn) -> None:
    """What the ticked ones belong to, where they do not say it themselves."""
    names = turn.of(here.db())
    if not names:
        return
    st.selectbox(_(turn.of_which), list(names), index=0 if len(names) == 1 else None, key=f"of-{turn.name}", width=220,
                 format_func=lambda ref: f"{ref}  {names.get(ref, '')}", placeholder=_(turn.of_which),
                 label_visibility="collapsed")  # fmt: skip


def _ticks_key(step: str) -> str:
    return f"wrote-{here.code()}-{step}"


def _ticked(step: str, rows: list[dict]) -> tuple[str, ...]:
    return ticks.ticked(_ticks_key(step), rows)


def turn_ticked(step: str, turn: Turn, beside: str) -> None:
    """Callback of the room's next move: what is ticked at this step becomes that, or a sentence asks to tick it."""
    _turn(step, here.with_file(lambda db: entries.list_entries(db, step)), turn, beside)


def _turn(step: str, rows: list[dict], turn: Turn, beside: str = "ticked") -> None:
    of = [st.session_state.get(f"of-{turn.name}")] if turn.of else []

    def make(db, text: str) -> str:
        return turn.into(db, text, *of)

    command = entries.TurnEntries(_ticked(step, rows), make)
    here.carry_out(entries.turn, command, _("Made {ref}"), beside=beside)


def _move(step: str, rows: list[dict], by: int) -> None:
    command = entries.MoveEntries(_ticked(step, rows), by)
    here.carry_out(entries.move_entries, command, _("Moved {ref}"), beside="ticked")


def _group(step: str, rows: list[dict]) -> None:
    command = entries.Group(_ticked(step, rows), st.session_state[f"heading-{step}"])
    if here.carry_out(entries.group, command, _("Grouped under {ref}"), beside="ticked"):
        st.session_state[f"grouping-{step}"] = False
