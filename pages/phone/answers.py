"""What a phone gives: one form, one command, one action, acknowledged once it is stored.

The script gets JSON; without it a form leads back to the task, or to a page that gives the words back.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from pages.phone import task, visit
from workshop import activities, journal
from workshop.activities import (
    AddAnswer,
    AnswerPulse,
    AskFurther,
    CastVote,
    EditAnswer,
    RateImpact,
    SavePoints,
    SayReady,
    WithdrawAnswer,
    get_task,
)
from workshop.problems import Problem, Refusal, Rejected
from workshop.steps.further import list_next
from workshop.words import N_, _

Form = Mapping[str, str]
Asked = tuple[Callable[[Database, Any], Any], Any, str]  # handler, command, what is done in words
READY = N_("Somebody is ready")
HAVE_AN_END = (RateImpact, SavePoints, AnswerPulse)  # whoever has answered all of it is ready


@visit.endpoint
async def answer(request: Request) -> Response:
    """POST /phone/<what>: write, change, vote, rate, split, pulse or ready."""
    make = COMMANDS.get(request.path_params["what"])
    if make is None:
        return visit.refused(request, _("There is no such page."), 404)
    form = await visit.read_form(request)
    phone = visit.phone_of(request)
    if phone is None:
        raise visit.NotIn
    if not visit.PER_PERSON.take(phone[1]):
        return await _say_no(request, form, _("That was a lot at once. Wait a moment, then go on."), 429)
    if "step" in form and make is _split:  # − and + without the script: nothing is stored before *Save my split*
        return await task.draw(request, {}, given=form)
    key = visit.submission(phone[1], form.get("key", ""))
    try:
        await visit.writing(request, lambda db, person: _carry_out(db, person["id"], make, form, key))
    except Refusal as refusal:
        # what SQLite could not do just now, such as on a full disk, is worth another try; a refusal of ours is not
        return await _say_no(request, form, str(refusal), 503 if refusal.__cause__ else 422)
    return JSONResponse({}) if visit.wants_json(request) else RedirectResponse("/phone", 303)


def _carry_out(db: Database, participant: int, make: "Make", form: Form, key: str | None) -> None:
    handler, command, done = make(form, participant)
    journal.act(db, activities.ROOM, handler, command, done, key=key)
    if isinstance(command, AddAnswer) and "ready" in form:  # who presses *I am ready* over half a sentence means both
        now = get_task(db, participant)
        if now.page == "write" and now.activity["id"] == command.activity:  # words come late, being ready does not
            journal.act(db, activities.ROOM, *_ready(form, participant))
    if not isinstance(command, HAVE_AN_END):
        return
    now = get_task(db, participant)
    if now.left == 0 and not now.ready:
        journal.act(db, activities.ROOM, activities.say_ready, SayReady(now.activity["id"], participant), READY)
    if now.left == 0 and now.page == "rate" and (cells := list_next(db, now)):
        further = AskFurther(now.activity["id"], participant, tuple(cells))
        journal.act(db, activities.ROOM, activities.ask_further, further, N_("Somebody rates on"))


async def _say_no(request: Request, form: Form, sentence: str, status: int) -> Response:
    """The sentence; without the script on the page of the task, which gives back what was typed."""
    if visit.wants_json(request):
        return visit.refused(request, sentence, status)
    look = {"change": form["answer"]} if "answer" in form else {"at": form["at"]} if "at" in form else {}
    return await task.draw(request, look, status, sentence, form)


# What each form asks for


def _write(form: Form, participant: int) -> Asked:
    if "ready" in form and not form.get("text", "").strip():
        return _ready(form, participant)
    # “I want …” begins a sentence as far as its dots; “… even over …” only shows how one goes
    begin, words = form.get("opener", "").partition("…")[0].strip(), form.get("text", "").strip()
    is_whole = words.casefold().startswith(begin.casefold())  # somebody wrote the beginning too
    said = f"{begin} {words}" if words and not is_whole else words
    command = AddAnswer(_number(form, "activity"), participant, said)
    return activities.add_answer, command, N_("Somebody wrote")


def _change(form: Form, participant: int) -> Asked:
    if "withdraw" in form:
        command = WithdrawAnswer(_number(form, "answer"), participant)
        return activities.withdraw_answer, command, N_("Somebody took an answer back")
    command = EditAnswer(_number(form, "answer"), participant, form.get("text", ""))
    return activities.edit_answer, command, N_("Somebody changed an answer")


def _vote(form: Form, participant: int) -> Asked:
    if "ready" in form:
        return _ready(form, participant)
    command = CastVote(_number(form, "activity"), participant, _ballot(form))
    return activities.cast_vote, command, N_("Somebody voted")


def _split(form: Form, participant: int) -> Asked:
    command = SavePoints(_number(form, "activity"), participant, _ballot(form))
    return activities.save_points, command, N_("Somebody shared out points")


def _rate(form: Form, participant: int) -> Asked:
    if not form.get("rating"):
        raise Rejected(Problem("rating", _("Choose one of the answers.")))
    value = None if form["rating"] == "none" else _number(form, "rating")
    sure = _number(form, "confidence") if form.get("confidence") else None
    command = RateImpact(participant, form.get("concept", ""), form.get("metric", ""), value, sure,
                         _number(form, "round"), _number(form, "activity"))  # fmt: skip
    return activities.rate_impact, command, N_("Somebody rated")


def _pulse(form: Form, participant: int) -> Asked:
    given = form.get("answer", ""), form.get("words", ""), form.get("target", "")
    command = AnswerPulse(_number(form, "activity"), participant, *given)
    return activities.answer_pulse, command, N_("Somebody answered")


def _ready(form: Form, participant: int) -> Asked:
    command = SayReady(_number(form, "activity"), participant, form.get("ready") != "0")
    return activities.say_ready, command, READY


Make = Callable[[Form, int], Asked]
COMMANDS: dict[str, Make] = {
    "write": _write, "change": _change, "vote": _vote, "rate": _rate, "split": _split, "pulse": _pulse,
    "ready": _ready,
}  # fmt: skip


def _ballot(form: Form) -> dict[str, int]:
    """Numbers by ref, from the fields n-<ref>, after the button that was pressed."""
    ballot = {name.removeprefix("n-"): _number(form, name) for name in form if name.startswith("n-")}
    if "step" in form:
        ref, _space, by = form["step"].partition(" ")
        step = _number({"by": by}, "by")
        count = ballot.get(ref, 0) + step
        ballot[ref] = max(0, count) if step < 0 else count  # a − at 0 takes nothing away
    return ballot


def _number(form: Form, name: str) -> int:
    """A whole number as our own forms have it; an empty field is 0."""
    text = form.get(name, "").strip().replace("−", "-") or "0"
    if not text.removeprefix("-").isdecimal() or len(text) > 9:
        raise Rejected(Problem(name, _("Give whole numbers, 0 or more.")))
    return int(text)
