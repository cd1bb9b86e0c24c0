"""What the room is asked, on the page of its step: answers typed for people without a phone, moderation, results."""

from typing import Any

import streamlit as st

from pages.parts import here
from pages.parts.cards import choose_button, empty, icon_only, one_page, row
from pages.phone.told import ANSWERS
from workshop import items, people, room
from workshop.activities import (
    AddAnswer,
    AnswerPulse,
    CastVote,
    HideAnswer,
    Results,
    SavePoints,
    TypeFor,
    add_answer,
    answer_pulse,
    cast_vote,
    count_written,
    get_current,
    get_results,
    get_task,
    hide_answer,
    list_activities,
    list_for_host,
    list_joined,
    save_points,
    type_for,
)
from workshop.activities.settings import SCALES
from workshop.steps.opening import list_groups, said_of
from workshop.words import _

MOST_LINES = 50  # of what came in, on one page
LINES_HIGH = 200  # pixels for what came out, some five lines


def draw(step: str, *, tells: str = "") -> None:
    """Below the step's prompt: what the room is asked here, or else what it was asked here last and has seen.

    `tells`: the kind of question whose answers the page tells itself.
    """
    if room.get_room(here.db())["step"] != step:
        seen = [one for one in list_activities(here.db(), step) if one["state"] == "revealed"]
        if seen and seen[-1]["kind"] != tells:
            _results(get_results(here.db(), seen[-1]["id"]), fresh=False)
        return
    asked = get_current(here.db())
    if asked is None:
        return
    if asked["state"] == "revealed":  # later it gives way to what was made of it
        if asked["kind"] != tells:
            fresh = room.get_room(here.db())["phase"] in ("reveal", "talk")
            _results(get_results(here.db(), asked["id"]), fresh=fresh)
    else:
        _typing(asked)
    if asked["kind"] == "write":
        _moderation(asked)


def _typing(asked: dict[str, Any]) -> None:
    """For somebody without a phone; what is typed is marked as typed, and as secret as any other answer."""
    if asked["state"] != "open" or asked["kind"] == "rate":
        return
    panel = st.expander(_("Type for somebody without a phone"), key=f"typing-{asked['id']}", on_change="rerun")
    if not panel.open:  # a thousand names, read and not seen, would hold up every run
        return
    with panel:
        names, key = people.told_apart(list_joined(here.db())), f"typing-for-{asked['id']}"
        person = st.selectbox(_("For whom"), names, format_func=lambda who: names.get(who, who), index=None, key=key,
                              placeholder=_("Choose a person, or write a new name"), accept_new_options=True,
                              on_change=_come_in, args=(key,))  # fmt: skip
        if person in names:
            {"write": _type_words, "vote": _type_numbers, "split": _type_numbers, "pulse": _type_pulse}[asked["kind"]](
                asked, person
            )
        if refusal := here.refusal("typing"):
            with st.container(key="problem-typing"):
                st.text(str(refusal))


def _come_in(key: str) -> None:
    """Callback: a name that was written, and not chosen, is somebody who takes part from now on."""
    if isinstance(name := st.session_state[key], str):
        command, done = people.AddParticipant(alias=name), _("Somebody takes part")
        st.session_state[key] = here.carry_out(people.add_participant, command, done, beside="typing")


def _type_words(asked: dict[str, Any], person: int) -> None:
    key = here.fresh(f"typed-{asked['id']}-{person}", "")
    st.text_input(_("Answer"), key=key)
    st.button(_("Add"), key="type-it", on_click=_add, args=(asked["id"], person, key))


def _add(activity: int, person: int, key: str) -> None:
    typed = TypeFor(add_answer, AddAnswer(activity, person, st.session_state[key]))
    if here.carry_out(type_for, typed, _("Typed an answer"), beside="typing"):
        here.renew(f"typed-{activity}-{person}")


def _type_numbers(asked: dict[str, Any], person: int) -> None:
    """Dots or points by line, saved as a whole; what the person gave on a phone is not read back."""
    targets = get_task(here.db(), person).targets
    for target in targets:
        with row("xsmall"):
            st.text(target["text"], width="stretch")
            # without a most: a number beyond it would be marked, and the one before it be saved without a word
            st.number_input(_("How many"), 0, value=0, key=_number_key(asked, person, target["ref"]), width=140,
                            label_visibility="collapsed")  # fmt: skip
    refs = [target["ref"] for target in targets]
    st.button(_("Save"), key="type-it", on_click=_save_numbers, args=(asked, person, refs))


def _number_key(asked: dict[str, Any], person: int, ref: str) -> str:
    return f"typed-{asked['id']}-{person}-{ref}"


def _save_numbers(asked: dict[str, Any], person: int, refs: list[str]) -> None:
    given = {ref: st.session_state[_number_key(asked, person, ref)] for ref in refs}
    handler, command = {"vote": (cast_vote, CastVote), "split": (save_points, SavePoints)}[asked["kind"]]
    typed = TypeFor(handler, command(asked["id"], person, given))
    here.carry_out(type_for, typed, _("Typed a ballot"), beside="typing")


def _type_pulse(asked: dict[str, Any], person: int) -> None:
    answers, targets = SCALES[asked["settings"]["scale"]], get_task(here.db(), person).targets
    for target in targets or [{"ref": "", "text": asked["prompt"]}]:
        key = _number_key(asked, person, target["ref"])
        st.text(target["text"])
        if answers:
            st.selectbox(_("Answer"), answers, index=None, key=key, label_visibility="collapsed",
                         format_func=lambda answer: _(ANSWERS.get(answer, answer)))  # fmt: skip
        if asked["settings"]["words"] or not answers:
            st.text_input(_("In their words"), key=f"{key}-words")
        st.button(_("Save"), key=f"type-it-{target['ref']}", on_click=_save_pulse,
                  args=(asked["id"], person, target["ref"], key))  # fmt: skip


def _save_pulse(activity: int, person: int, target: str, key: str) -> None:
    answer, words = st.session_state.get(key) or "", st.session_state.get(f"{key}-words") or ""
    typed = TypeFor(answer_pulse, AnswerPulse(activity, person, answer, words, target))
    here.carry_out(type_for, typed, _("Typed an answer"), beside="typing")


def _moderation(asked: dict[str, Any]) -> None:
    """What came in, without names, for the host alone: what does not belong on the screen is kept off it."""
    name = _("What came in") if asked["state"] == "revealed" else _("What came in, for your eyes only")
    with row("small", align="top", wrap=False):  # a count in the panel's own name would close it with every answer
        panel = st.expander(name, key=f"moderation-{asked['id']}", on_change="rerun")
        with st.container(key="count-written", width="content"):
            st.caption(str(count_written(here.db(), asked["id"])))
    if not panel.open:  # 60 answers, drawn and not seen, would hold up every run
        return
    rows = list_for_host(here.db(), asked["id"])
    with panel:
        for one in one_page(rows, "moderation-page", MOST_LINES):
            with st.container(key=f"line-answer-{one['id']}", horizontal=True, gap="xsmall", wrap=False):
                st.text(one["text"], width="stretch")
                if notes := [_("hidden")] * one["hidden"] + [_("typed by you")] * one["typed_by_host"]:
                    st.caption(", ".join(notes), width="content")
                if one["hidden"]:
                    name, icon, done = _("Show"), "visibility", _("Put an answer back on the screen")
                else:
                    name, icon, done = _("Hide"), "visibility_off", _("Kept an answer off the screen")
                here.button(**icon_only(icon, name), type="tertiary", key=f"hide-answer-{one['id']}",
                            on_click=here.carry_out,
                            args=(hide_answer, HideAnswer(one["id"], not one["hidden"]), done))  # fmt: skip
        if not rows:
            empty(_("Nothing yet."))


def _results(found: Results, *, fresh: bool) -> None:
    """What a vote, a split or a pulse gave, as the shared screen shows it; what was written stands below as entries."""
    kind = found.activity["kind"]
    if kind not in ("vote", "split", "pulse"):
        return
    title = here.escaped(found.activity["prompt"])
    with st.expander(title, expanded=fresh, key=f"results-{found.activity['id']}-{fresh}"):
        said = _("{n} answered, {typed} of them through the host") if found.typed else _("{n} answered")
        st.caption(said.format(n=found.answered, typed=found.typed))
        if found.withheld:
            st.caption(_("Answers are shown from three people on."))
        lines = len(found.rows) + sum(len(one.get("words", ())) for one in found.rows)
        # the cards below must not be pushed off the page
        with st.container(gap="xsmall", border=False, height=LINES_HIGH if lines > 5 else "content"):
            before = {row["ref"]: row for round_ in found.earlier for row in round_.rows}
            if kind == "pulse":
                for one in found.rows:
                    _pulsed(found, one, before.get(one["ref"], {}))
            else:
                for one in found.rows:
                    _numbered(found, one, before.get(one["ref"], {}))


def _numbered(found: Results, one: dict[str, Any], before: dict[str, Any]) -> None:
    """A line of a vote or a split; what can be chosen is chosen here, where its number stands."""
    name = {"vote": "dots", "split": "points"}[found.activity["kind"]]
    with row("xsmall", wrap=False):
        st.markdown(f"**{'–' if one[name] is None else round(one[name])}**", width=40)
        st.text(one["text"], width="stretch")
        if before.get(name) is not None:
            st.caption(_("before: {answers}").format(answers=round(before[name])), width="content")
        if name == "points" and one["points"] is not None:
            st.caption(_("from {low} to {high}").format(low=one["low"], high=one["high"]), width="content")
        if name == "dots" and items.can_be_chosen(here.db(), one["item"]):
            choose_button(one["ref"], "choose-voted")
        elif one["item"].get("status") == "chosen":
            st.caption(_("chosen"), width="content")


def _pulsed(found: Results, one: dict[str, Any], before: dict[str, Any]) -> None:
    if one["text"] != found.activity["prompt"]:
        st.text(one["text"], width="stretch")
    counted = _counted(one)
    if counted or not one["words"]:
        st.caption(counted or _("Answers are shown from three people on."))
    if before and (earlier := _counted(before)):
        st.caption(_("before: {answers}").format(answers=earlier))
    for words in one["words"]:
        st.text(words)


def _counted(one: dict[str, Any]) -> str:
    """A pulse's answers in words, and the mean of the role groups that are large enough."""
    means = [f"{name} {part['mean']:g}" for name, part in list_groups(one) if part["mean"] is not None]
    return ". ".join(filter(None, (said_of(one), ", ".join(means))))
