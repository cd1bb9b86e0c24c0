"""The twelve who take part in a rehearsal: who they are, what each of them says, and how long it takes them. Pure.

They go by what their phone would show them (Task) and give the commands that it would give. The same seed always says
the same, so that a rehearsal which the server left in the middle goes on as it would have.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from workshop.activities import (
    AddAnswer,
    AnswerPulse,
    CastVote,
    RateImpact,
    SavePoints,
    SayReady,
    Task,
    add_answer,
    answer_pulse,
    cast_vote,
    rate_impact,
    save_points,
    say_ready,
)
from workshop.activities.settings import SCALES
from workshop.activities.split import POINTS
from workshop.words import N_, _

PEOPLE = (
    ("Amara", "frontline"), ("Bruno", "frontline"), ("Chen", "operations"), ("Dalia", "operations"),
    ("Emil", "technology"), ("Farah", "data"), ("Goran", "people"), ("Hanna", "leadership"), ("Ivo", "finance"),
    ("Jun", "partner"), ("Kofi", "customer"), ("Lucia", "customer"),
)  # fmt: skip
SECONDS = {  # that somebody takes for one answer, at least and at most; in all of it there is reading and thinking
    "write": (9, 32), "vote": (10, 35), "rate": (3, 9), "split": (20, 60), "pulse": (6, 25),
}  # fmt: skip
MOST_WRITTEN, STEP = 4, 5  # answers by one person; points are shared out in fives
WORDS = (
    N_("Somebody tells me before I have to ask."),
    N_("One person knows my case from beginning to end."),
    N_("I am believed when I say what went wrong."),
    N_("What I was told on Monday is still true on Friday."),
    N_("Nobody asks me for the same thing twice."),
    N_("I can reach a person when it matters."),
    N_("Bad news comes early, and with a way out."),
    N_("I know what happens next, and when."),
    N_("Whoever answers may also decide."),
    N_("Small print does not take back what the large print says."),
    N_("My time counts as much as theirs."),
    N_("I am greeted, also when it is busy."),
    N_("A mistake is put right before I have to complain."),
    N_("It works for my mother as well as for me."),
    N_("I can change my mind without being punished."),
    N_("They remember what I like, and forget what I told them in anger."),
    N_("There is a way in for people who come late."),
    N_("I understand the bill without a telephone call."),
    N_("Nobody hides behind the system."),
    N_("The first answer is the right one."),
    N_("I am asked what I think, and see what became of it."),
    N_("Waiting is short, or at least honest."),
    N_("I never stand before a locked door."),
    N_("Somebody looks after me when everything goes wrong at once."),
    N_("Colleagues help each other without being told to."),
    N_("We say no when we cannot keep a yes."),
    N_("New people feel at home within a week."),
    N_("I leave with less to worry about than I came with."),
    N_("Everybody here could explain why we do this."),
    N_("What we promise is what we practise."),
)
Deed = tuple[Callable[..., Any], Any, str]  # handler, command, what is done in words


def next_deed(task: Task, participant: int, seed: str) -> Deed | None:
    """What this person does next; None when there is nothing to do, or no more."""
    if task.page not in _DEEDS:
        return None
    done = len(task.own)
    deed = _DEEDS[task.page](task, participant, Random(f"{seed} {task.activity['id']} {participant} {done}"))
    if deed or task.ready:
        return deed
    return say_ready, SayReady(task.activity["id"], participant), "Somebody is ready"


def pause(kind: str, seed: str) -> float:
    """Seconds that somebody takes for one answer of this kind."""
    return Random(seed).uniform(*SECONDS[kind])


def _write(task: Task, participant: int, chance: Random) -> Deed | None:
    most = 1 + participant % MOST_WRITTEN
    if len(task.own) >= most:
        return None
    text = _(WORDS[(participant * 7 + task.activity["id"] * 3 + len(task.own) * 11) % len(WORDS)])
    return add_answer, AddAnswer(task.activity["id"], participant, text), "Somebody wrote"


def _vote(task: Task, participant: int, chance: Random) -> Deed | None:
    if task.own:
        return None
    settings, dots = task.activity["settings"], {}
    for _dot in range(settings["dots"]):
        free = [ref for ref in settings["targets"] if dots.get(ref, 0) < settings["cap"]]
        if free:
            ref = free[_liked(len(free), chance)]
            dots[ref] = dots.get(ref, 0) + 1
    return cast_vote, CastVote(task.activity["id"], participant, dots), "Somebody voted"


def _rate(task: Task, participant: int, chance: Random) -> Deed | None:
    cells = [(cell["concept"]["ref"], cell["metric"]["ref"]) for cell in task.targets]
    cell = next((one for one in cells if one not in task.own), None)
    if cell is None:
        return None
    value = chance.choice((None, -2, -1, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3))
    command = RateImpact(participant, *cell, value, round=task.activity["round"], activity=task.activity["id"])
    return rate_impact, command, "Somebody rated"


def _split(task: Task, participant: int, chance: Random) -> Deed | None:
    if task.own:
        return None
    targets = task.activity["settings"]["targets"]
    points = dict.fromkeys(targets, 0)
    for _step in range(POINTS // STEP):
        points[targets[_liked(len(targets), chance)]] += STEP
    return save_points, SavePoints(task.activity["id"], participant, points), "Somebody shared out points"


def _pulse(task: Task, participant: int, chance: Random) -> Deed | None:
    asked = task.activity["settings"]
    target = next((one for one in asked["targets"] or [""] if one not in task.own), None)
    if target is None:
        return None
    answers = SCALES[asked["scale"]]
    answer = answers[_liked(len(answers), chance)] if answers else ""
    words = _(chance.choice(WORDS)) if not answers or asked["words"] else ""
    return answer_pulse, AnswerPulse(task.activity["id"], participant, answer, words, target), "Somebody answered"


def _liked(count: int, chance: Random) -> int:
    """One of so many, the first ones more often than the last: a room is seldom of all opinions alike."""
    return min(int(chance.triangular(0, count, count / 4)), count - 1)


_DEEDS = {"write": _write, "vote": _vote, "rate": _rate, "split": _split, "pulse": _pulse}
