"""The five things that a room can be asked: write, vote, rate, split, pulse.

Whoever asks or answers takes what is needed from here. A command goes through journal.act, as everywhere; an answer
is given `by` ROOM, never by a name, so that the journal cannot tell whose it was, and with a submission key.

Asked:     OpenActivity, CloseActivity, ReopenActivity, RevealActivity, SkipActivity, TakeUpActivity, DecideStep,
           CallBack, HideAnswer, ShowNames; room.AddMinutes, room.Hide, room.Hold, room.Resume.
Answered:  AddAnswer, EditAnswer, WithdrawAnswer, CastVote, SavePoints, RateImpact (with its activity and round),
           TakeBackRating, AnswerPulse, SayReady; AskFurther, which follows from an answer; TypeFor, an answer
           that the host types.
Read:      get_current, get_task, get_results, is_withheld, is_left_aside, is_forgotten_with, ends_rating, count_ready,
           list_joined, list_activities, list_names; for the host alone list_for_host and count_written.
"""

from workshop.activities.activity import Offer, get_activity, get_current, list_activities
from workshop.activities.course import (
    CallBack,
    CloseActivity,
    DecideStep,
    OpenActivity,
    ReopenActivity,
    RevealActivity,
    SayReady,
    SkipActivity,
    TakeUpActivity,
    call_back,
    close_activity,
    count_ready,
    decide_step,
    ends_rating,
    is_forgotten_with,
    is_left_aside,
    list_joined,
    open_activity,
    reopen_activity,
    reveal_activity,
    say_ready,
    skip_activity,
    take_up_activity,
)
from workshop.activities.further import AskFurther, ask_further
from workshop.activities.names import ShowNames, can_be_shown, check_promise, list_names, show_names
from workshop.activities.pulse import AnswerPulse, answer_pulse
from workshop.activities.rate import RateImpact, TakeBackRating, rate_impact, take_back_rating
from workshop.activities.results import Results, awaits_choice, get_results, is_withheld
from workshop.activities.split import SavePoints, save_points
from workshop.activities.task import Task, TypeFor, get_task, note_told, note_turned, time_is_up, type_for
from workshop.activities.vote import CastVote, cast_vote
from workshop.activities.write import (
    AddAnswer,
    EditAnswer,
    HideAnswer,
    WithdrawAnswer,
    add_answer,
    count_written,
    edit_answer,
    hide_answer,
    list_for_host,
    withdraw_answer,
)

ROOM = "room"

__all__ = [
    "ROOM", "AddAnswer", "AnswerPulse", "AskFurther", "CallBack", "CastVote", "CloseActivity", "DecideStep",
    "EditAnswer", "HideAnswer", "Offer", "OpenActivity", "RateImpact", "ReopenActivity", "Results", "RevealActivity",
    "SavePoints", "SayReady", "ShowNames", "SkipActivity", "TakeBackRating", "TakeUpActivity", "Task", "TypeFor",
    "WithdrawAnswer", "add_answer", "answer_pulse", "ask_further", "awaits_choice", "call_back", "can_be_shown",
    "cast_vote", "check_promise", "close_activity", "count_ready", "count_written", "decide_step", "edit_answer",
    "ends_rating", "get_activity", "get_current", "get_results", "get_task", "hide_answer", "is_forgotten_with",
    "is_left_aside", "is_withheld", "list_activities", "list_for_host", "list_joined", "list_names", "note_told",
    "note_turned", "open_activity", "rate_impact", "reopen_activity", "reveal_activity", "save_points", "say_ready",
    "show_names", "skip_activity", "take_back_rating", "take_up_activity", "time_is_up", "type_for", "withdraw_answer",
]  # fmt: skip
