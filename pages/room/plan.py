"""The plan of the day: planned and real minutes side by side, and every way to change it while it runs."""

from datetime import UTC, datetime, time

import streamlit as st

from pages.parts import here, own_names, rehearsing
from pages.parts.cards import icon_only, line, row
from pages.parts.sidebar import has_page
from workshop import agenda, modes, room, run_sheet
from workshop.agenda import DropStep, EditStep, MoveStep, TakeUpStep
from workshop.exports import html
from workshop.steps import change_mode, prepare
from workshop.words import _

db = here.db()
rows = agenda.list_plan(db)
steps = [one for one in rows if one["is_break"] or has_page(one["slug"])]
spent, now = agenda.minutes_spent(db, datetime.now(UTC)), room.get_room(db)["step"]


def pace() -> str:
    behind = round(agenda.minutes_behind(steps, spent, now))
    if not spent:
        return _("Time is counted from the first Open.")
    if behind == 0:
        return _("On time.")
    late = _("{minutes} minutes behind the plan.") if behind > 0 else _("{minutes} minutes ahead of the plan.")
    return late.format(minutes=abs(behind))


def said(one: dict) -> str:
    """Below the title: where the room is, what is asked, and that it is done when the day begins."""
    if one["slug"] == now:
        return _("the room is here")
    before = _("prepared before the day") if not one["minutes"] and not one["is_break"] else ""
    return " · ".join(filter(None, (one["prompt"], before)))


def draw_step(one: dict, place: int) -> None:
    slug = one["slug"]
    with line(f"step-{slug}", horizontal=True, vertical_alignment="center", wrap=False):
        if here.is_closed():
            draw_words(one)
            st.caption(_("{minutes} min").format(minutes=one["minutes"]), width="content")
            return
        for by, icon, name in ((-1, "arrow_upward", _("Earlier")), (1, "arrow_downward", _("Later"))):
            there = 0 <= place + by < len(steps)
            # over the next step that has a page, whatever lies between
            far = rows.index(steps[place + by]) - rows.index(one) if there else 0
            st.button(**icon_only(icon, name), key=f"{icon}-{slug}", type="tertiary",
                      disabled=not there, on_click=here.carry_out,
                      args=(agenda.move_step, MoveStep(slug, far), _("Moved {ref}")))  # fmt: skip
        draw_words(one)
        if one["is_break"]:
            st.button(**icon_only("pause", _("Take this break now")), key=f"pause-{slug}", type="tertiary",
                      on_click=here.carry_out,
                      args=(modes.take_break, modes.TakeBreak(slug), _("Began: {ref}")))  # fmt: skip
        key = f"minutes-{slug}-{one['minutes']}"
        st.number_input(_("Minutes of {step}").format(step=here.escaped(one["title"])), 0, 1440, one["minutes"], 5,
                        key=key, label_visibility="collapsed", width=120, on_change=set_minutes,
                        args=(slug, key))  # fmt: skip
        st.caption(_("min"), width="content")
        with st.popover(**icon_only("edit", _("Title and prompt")), type="tertiary", key=f"words-{slug}"):
            # by other keys once they are others: what was undone, or renamed elsewhere, must not be saved anew
            title, prompt = f"title-{slug}-{one['title']}", f"prompt-{slug}-{one['prompt']}"
            st.text_input(_("Title"), one["title"], key=title)
            st.text_area(_("Prompt"), one["prompt"], key=prompt)
            st.button(_("Save"), key=f"save-{slug}", on_click=set_words, args=(slug, title, prompt))
        st.button(**icon_only("close", _("Leave it out")), key=f"drop-{slug}", type="tertiary",
                  on_click=here.carry_out, args=(agenda.drop_step, DropStep(slug), _("Left {ref} out")))  # fmt: skip


def draw_words(one: dict) -> None:
    """What comes, what is asked then, and how long it took."""
    with st.container(gap=None):
        st.text(one["title"])
        with st.container(key=f"feeling-step-{one['slug']}"):
            st.text(said(one))
    if one["slug"] in spent:
        st.caption(_("took {minutes} min").format(minutes=round(spent[one["slug"]])), width="content")


def set_minutes(slug: str, key: str) -> None:
    done = _("Planned {minutes} minutes for {{ref}}").format(minutes=st.session_state[key])
    here.carry_out(agenda.edit_step, EditStep(slug, minutes=st.session_state[key]), done)


def set_words(slug: str, title: str, prompt: str) -> None:
    words = EditStep(slug, st.session_state[title], st.session_state[prompt])
    here.carry_out(agenda.edit_step, words, _("Reworded {ref}"))


def draw_changes() -> None:
    """How long the workshop is, another break, and what it calls its nouns."""
    mode = prepare.get_workshop(db)["mode"]
    # another popover for another length: it closes when the plan has become that
    with st.popover(_(modes.MODES[mode].name), icon=":material/schedule:", type="tertiary", key=f"length-{mode}"):
        st.radio(_("How long is it?"), list(modes.MODES), list(modes.MODES).index(mode), key=f"mode-{mode}",
                 format_func=lambda one: _(modes.MODES[one].name))  # fmt: skip
        st.caption(_("Minutes and breaks become those of the length; your order, titles and prompts stay."))
        st.button(_("Plan it so"), key="set-mode", on_click=set_mode, args=(f"mode-{mode}",))
    with st.popover(_("Add a break"), icon=":material/coffee:", type="tertiary"):
        titles = {one["slug"]: one["title"] for one in steps}
        st.selectbox(_("After"), list(titles), format_func=titles.get, key="break-after")
        st.number_input(_("Minutes"), 0, 240, 10, 5, key="break-minutes")
        st.button(_("Add it"), key="add-break", on_click=add_break)
    own_names.draw()


def draw_run_sheet() -> None:
    """The plan on paper."""
    with st.popover(_("Run sheet"), icon=":material/print:", type="tertiary"):
        begins = st.time_input(_("Begins at"), time(9), key="begins-at")
        page = html.render(run_sheet.document(db, f"{begins:%H:%M}"))
        st.download_button(_("Take the run sheet along"), page, "run-sheet.html", "text/html", key="run-sheet",
                           on_click="ignore")  # fmt: skip


def set_mode(key: str) -> None:
    here.carry_out(change_mode, modes.ChangeMode(st.session_state[key]), _("Planned as: {ref}"))


def add_break() -> None:
    command = modes.AddBreak(st.session_state["break-after"], st.session_state["break-minutes"])
    here.carry_out(modes.add_break, command, _("Added: {ref}"))


with st.container(gap=None):
    st.title(_("The plan of the day"), anchor=False)
    planned = sum(one["minutes"] for one in steps if not one["is_break"])
    breaks = sum(one["minutes"] for one in steps if one["is_break"])
    st.caption(" ".join(filter(None, (
        _("{minutes} minutes are planned.").format(minutes=planned), pace(),
        _("Breaks of {minutes} minutes come on top.").format(minutes=breaks) if breaks else ""))))  # fmt: skip
with row("xsmall"):
    if not here.is_closed():
        draw_changes()
    draw_run_sheet()
    if not here.is_closed():
        rehearsing.button(here.code(), "rehearse")
for place, one in enumerate(steps):
    draw_step(one, place)
left_out = [one for one in agenda.list_dropped(db) if one["is_break"] or has_page(one["slug"])]
if left_out:
    st.markdown(f"**{_('Left out')}**")
for one in left_out:
    with row("xsmall"):
        st.text(one["title"], width="stretch")
        here.button(_("Take it up"), key=f"take-{one['slug']}", type="tertiary", on_click=here.carry_out,
                    args=(agenda.take_up_step, TakeUpStep(one["slug"]), _("Took up {ref}")))  # fmt: skip
