"""What a phone shows now: the task, and only the task, as values for one of the templates."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from math import ceil
from typing import Any

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response

from pages.phone import told, visit
from workshop import room, store
from workshop.activities import Task, get_task, time_is_up
from workshop.activities.further import BATCH
from workshop.activities.leader import count_before
from workshop.activities.settings import SCALES
from workshop.figures import figure, signed
from workshop.hosts import digest
from workshop.joining import own_code
from workshop.steps.prepare import get_workshop
from workshop.words import N_, _

SEEN_BY = {
    "always": N_("Nobody sees yours."),
    "until_end": N_("Names are shown at the end."),
    "named": N_("Your name is shown with what you write."),
}
RATINGS = {
    3: N_("helps a lot"), 2: N_("helps"), 1: N_("helps a little"), 0: N_("no effect"),
    -1: N_("hurts a little"), -2: N_("hurts"), -3: N_("hurts a lot"),
}  # fmt: skip
WRITTEN_IN = ("write.html", "change.html", "pulse.html")  # other pages give refused words back beside their refusal
LEADER_LAST = ("write", "vote", "split", "pulse")  # ratings are many, and take everybody about as long
FURTHER = (
    N_("One more that would settle the top"), N_("Two more that would settle the top"),
    N_("Three more that would settle the top"),
)  # fmt: skip
Given = Mapping[str, str]  # what was typed into a form that was not accepted


@visit.endpoint
async def show(request: Request) -> Response:
    """GET /phone, with `at` (a cell or question), `change` (an own answer) or `mine` (what I wrote)."""
    return await draw(request, request.query_params)


@visit.endpoint
async def show_code(request: Request) -> Response:
    """GET /phone/code: the own code, which brings this person back on another phone."""
    return await visit.reading(request, partial(_draw_code, own_code(visit.phone_of(request)[1])))


def _draw_code(code: str, db: Database, person: dict[str, Any]) -> Response:
    return visit.page("code.html", **_frame(db, person, Task("wait")), own=code)


async def draw(request: Request, look: Given, status: int = 200, refusal: str = "", given: Given | None = None):
    """The page of the task as it is now; with a refusal, and what was typed, when something was not accepted."""

    def read(db: Database, person: dict[str, Any]) -> Response:
        template, values = picture(db, person, look, given or {})
        back = "" if template in WRITTEN_IN else (given or {}).get("text") or (given or {}).get("words", "")
        return visit.page(template, status, **(values | {"refusal": refusal, "back": back}))

    return await visit.reading(request, read)


def picture(db: Database, person: dict[str, Any], look: Given, given: Given) -> tuple[str, dict[str, Any]]:
    """(template, its values) for this person."""
    revision = store.revision(db)  # first: what comes in between is then news
    task = get_task(db, person["id"])
    frame = _frame(db, person, task) | {"revision": revision}
    draw_page = {"write": _write, "vote": _vote, "rate": _rate, "split": _split, "pulse": _pulse,
                 "result": _result, "hold": _hold, "wait": _wait}[task.page]  # fmt: skip
    template, values = draw_page(db, task, look, given)
    kind = template.removesuffix(".html")
    return template, frame | {"kind": kind, "same": f"{frame['same']} {kind}"} | values


def _frame(db: Database, person: dict[str, Any], task: Task) -> dict[str, Any]:
    workshop, here, asked = get_workshop(db), room.get_room(db), task.activity
    return {
        "kind": task.page, "person": digest(f"phone of {workshop['code']} {person['id']}")[:12], "now": store.now(),
        "revision": store.revision(db), "workshop": workshop["title"], "organisation": workshop["organisation"],
        "step": _(here["title"] or ""), "anonymity": workshop["anonymity"], "key": secrets.token_urlsafe(16),
        "seen_by": _(SEEN_BY[workshop["anonymity"]]), "activity": asked["id"] if asked else "",
        "prompt": _(asked["prompt"]) if asked else "", "ready": task.ready, "words": _words(task),
        "same": f"{task.page} {asked['id'] if asked else ''} {task.ready}", "refusal": "", "back": "", "mine": [],
        "again": bool(asked) and task.page == asked["kind"] and asked["round"] > 1,
        "draft": _draft(asked), "unsent": _unsent(asked),
        "last": _leader_last(db, person) if task.page in LEADER_LAST and not task.ready else "",
        "clock": _clock(here, asked) if asked and asked["state"] == "open" and task.page != "hold" else _no_clock(),
    }  # fmt: skip


def _draft(asked: dict[str, Any] | None) -> str:
    """Under which name the phone keeps what is half written: the same when the same is asked a second time."""
    return digest(f"{asked['kind']} {asked['step']} {asked['prompt']}")[:12] if asked else ""


def _unsent(asked: dict[str, Any] | None) -> list[str]:
    """The names of what may have been half written when this was closed; none while it can still be sent."""
    if asked is None or asked["state"] == "open" or asked["kind"] not in ("write", "pulse"):
        return []
    draft = _draft(asked)
    return [draft] if asked["kind"] == "write" else [f"{draft}-{ref}" for ref in asked["settings"]["targets"] or [""]]


def _leader_last(db: Database, person: dict[str, Any]) -> str:
    """Asks whoever leads to let the others go first, and says when they have."""
    before = count_before(db, person)
    if before is None:
        return ""
    if before == 0:
        return _("Everybody else is ready. Now it is your turn.")
    if before == 1:
        return _("You lead here, so please answer last: one of the others is not ready yet.")
    return _("You lead here, so please answer last: {count} of the others are not ready yet.").format(count=before)


def _words(task: Task) -> dict[str, str]:
    """What the script says."""
    settings = task.activity["settings"] if task.activity else {}
    points = task.page == "split"
    return {
        "lost": _("No connection since {time}"),
        "keep": _("Keep writing. It stays on this phone and goes out by itself."),
        "back": _("All sent."),
        "refused": _("This could not be taken."),
        "long": _(visit.TOO_LONG),
        "kept": _("Saved"),
        "change": _("Change"),
        "remove": _("Remove"),
        "minutes": _("{minutes} min left"),
        "seconds": _("{seconds} s left"),
        "over": time_is_up(task.activity),
        "saved": _("{count} of {all} saved"),
        "cap": _("{cap} is the most for one line.").format(cap=settings.get("cap", "")),
        "none": _("No dot left. Take one back first."),
        "left": _("{count} points left") if points else _("{count} dots left"),
        "one": _("1 point left") if points else _("1 dot left"),
        "over_by": _("{count} points too many.") if points else _("{count} dots too many."),
    }


def _no_clock() -> dict[str, Any]:
    return {"started_at": "", "deadline": "", "said": "", "passed": 0}


def _clock(here: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    if not here["deadline"] or not here["started_at"]:
        return _no_clock()
    begin, end = datetime.fromisoformat(here["started_at"]), datetime.fromisoformat(here["deadline"])
    now = max(begin, datetime.now(UTC))  # where the machine's clock was set back all of it is left, and no more
    left, whole = (end - now).total_seconds(), (end - begin).total_seconds()
    minutes = _("{minutes} min left").format(minutes=max(1, ceil(left / 60)))
    return {
        "started_at": here["started_at"], "deadline": here["deadline"],
        "said": minutes if left > 0 else time_is_up(asked),
        "passed": round(min(1.0, max(0.0, 1 - left / whole)), 3) if whole > 0 else 1,
    }  # fmt: skip


# One function for each page


def _write(db: Database, task: Task, look: Given, given: Given) -> tuple[str, dict[str, Any]]:
    values = {"mine": task.own, "text": given.get("text", ""), "opener": given.get("opener", "")}
    seen_by = _("Nobody sees who wrote what.")
    openers = [_(opener) for opener in task.activity["openers"]]
    changed = next((one for one in task.own if str(one["id"]) == look.get("change")), None)
    if changed:
        return "change.html", values | {"one": changed, "text": given.get("text", changed["text"])}
    return "write.html", values | {"openers": openers, "nobody": seen_by}


def _vote(_db: Database, task: Task, _look: Given, _given: Given) -> tuple[str, dict[str, Any]]:
    if task.ready:
        return _waiting(_("Look up."), _("Your dots are in."), change=True)
    settings = task.activity["settings"]
    lines = [_line(target, task.own.get(target["ref"], 0)) for target in task.targets]
    left = settings["dots"] - sum(line["count"] for line in lines)
    return "vote.html", {"lines": lines, "dots": settings["dots"], "cap": settings["cap"], "left": left}


def _split(_db: Database, task: Task, _look: Given, given: Given) -> tuple[str, dict[str, Any]]:
    if task.ready and not given:
        return _waiting(_("Look up."), _("Your points are in."), change=True)
    lines = [_line(target, _number(given, target["ref"], task.own.get(target["ref"], 0))) for target in task.targets]
    return "split.html", {"lines": lines, "left": 100 - sum(line["count"] for line in lines)}


def _line(target: dict[str, Any], count: int) -> dict[str, Any]:
    return {"ref": target["ref"], "text": target["text"], "unit": target["item"].get("unit") or "", "count": count}


def _number(given: Given, ref: str, otherwise: int) -> int:
    """What stood in the field of a form that comes back, after − or +."""
    typed = given.get(f"n-{ref}", "")
    count = int(typed) if typed.isdecimal() and len(typed) < 5 else otherwise
    stepped, _space, by = given.get("step", "").partition(" ")
    return max(0, count + int(by)) if stepped == ref and re.fullmatch(r"-?\d{1,3}", by) else count


def _rate(_db: Database, task: Task, look: Given, _given: Given) -> tuple[str, dict[str, Any]]:
    cells = [(target["concept"]["ref"], target["metric"]["ref"]) for target in task.targets]
    open_ = [place for place, cell in enumerate(cells) if cell not in task.own]
    at = _place(look, len(cells), open_[0] if open_ else None)
    saved = len(cells) - len(open_)
    if at is None:
        last = (f"/phone?at={len(cells) - 1}", _("Back")) if cells else None
        return _waiting(_("All {count} done. Thank you.").format(count=len(cells)), "", link=last)
    concept, metric = task.targets[at]["concept"], task.targets[at]["metric"]
    known = {name: {t[name]["ref"]: _what(t[name]) for t in task.targets} for name in ("concept", "metric")}
    coming = {
        "cells": [[*cells[place], place] for place in open_ if place != at],
        "concepts": known["concept"], "metrics": known["metric"], "saved": saved, "all": len(cells),
        "again": at not in open_, "share": len(cells) - task.further,
    }  # fmt: skip
    further = _(FURTHER[(task.further - 1) % BATCH]) if task.further else ""
    return "rate.html", {
        "concept": concept, "metric": metric, "what": _what(concept)[1], "asked": _what(metric),
        "own": task.own.get(cells[at], "nothing"), "saved": saved, "all": len(cells), "at": at, "coming": coming,
        "scale": [(value, signed(value), _(RATINGS[value])) for value in RATINGS],
        "round": task.activity["round"], "further": further, "sure": task.activity["settings"]["confidence"],
        "saved_said": _("{count} of {all} saved").format(count=saved, all=len(cells)),
    }  # fmt: skip


def _place(look: Given, many: int, otherwise: int | None) -> int | None:
    at = look.get("at", "")
    return int(at) if at.isdecimal() and len(at) < 6 and int(at) < many else otherwise


def _what(target: dict[str, Any]) -> tuple[str, str]:
    """A concept's name and what happens; a measure as a question, where it stands and where it is to go."""
    item = target["item"]
    if "baseline" not in item:
        return target["text"], item["what_happens"]
    said = []
    if item["baseline"] is not None:
        said.append(_("Today {number}.").format(number=f"{figure(item['baseline'])} {item['unit']}".strip()))
    if item["target"] is not None:
        said.append(_("We want {number}.").format(number=figure(item["target"])))
    return f"{target['text']}?", " ".join(said)


def _pulse(_db: Database, task: Task, look: Given, given: Given) -> tuple[str, dict[str, Any]]:
    questions = task.targets or [{"ref": "", "text": _(task.activity["prompt"])}]
    open_ = [place for place, one in enumerate(questions) if one["ref"] not in task.own]
    at = _place(look, len(questions), open_[0] if open_ else None)
    if at is None:
        last = (f"/phone?at={len(questions) - 1}", _("Change"))
        return _waiting(_("Look up."), _("Your answer is in."), link=last)
    settings, question = task.activity["settings"], questions[at]
    own = task.own.get(question["ref"], {"answer": "", "words": ""})
    scale = SCALES[settings["scale"]]
    return "pulse.html", {
        "question": question, "own": own, "number": settings["scale"] == "number",
        "answers": [(answer, answer if answer.isdecimal() else _(told.ANSWERS[answer])) for answer in scale],
        "takes_words": settings["words"] or not scale, "only_words": not scale,
        "text": given.get("words", own["words"]), "at": at,
        "where": _("{number} of {all}").format(number=at + 1, all=len(questions)) if len(questions) > 1 else "",
    }  # fmt: skip


def _waiting(heading: str, said: str, *, link: tuple[str, str] | None = None, change: bool = False):
    """The page that wakes up by itself. `link` is (address, words); `change` offers not to be ready after all."""
    return "wait.html", {"heading": heading, "said": said, "link": link, "change": change}


def _wait(db: Database, task: Task, look: Given, given: Given) -> tuple[str, dict[str, Any]]:
    """The answers are closed and not yet seen, or nothing is asked: then what the room sees is told here too."""
    if task.activity is None:
        found = told.of_step(db)
        return ("result.html", found) if found else _waiting(_("Nothing to do right now."), "")
    if task.activity["kind"] != "write":
        said = _("Your answer is in.") if task.own else _("Nothing from you this time. That is fine.")
        return _waiting(_("Look up."), said)
    if "mine" in look or "change" in look:
        template, values = _write(db, task, look, given)
        return ("mine.html" if template == "write.html" else template), values
    count = len(task.own or ())
    link = ("/phone?mine=1", _("What I wrote")) if count else None
    if count == 0:
        said = _("Nothing from you this time. That is fine.")
    elif count == 1:
        said = _("Your entry is in. It is shown in a moment.")
    else:
        said = _("Your {count} entries are in. They are shown in a moment.").format(count=count)
    return _waiting(_("Look up."), said, link=link)


def _hold(_db: Database, task: Task, _look: Given, _given: Given) -> tuple[str, dict[str, Any]]:
    said = _("Back at {time}").format(time=task.back_at) if task.back_at else _("We go on in a moment.")
    return _waiting(_("Nothing to do right now."), said)


def _result(db: Database, task: Task, _look: Given, _given: Given) -> tuple[str, dict[str, Any]]:
    decided = told.of_step(db) if room.get_room(db)["phase"] == "decided" else None
    found = decided or told.of_activity(db, task.results)
    return ("result.html", found) if found else _waiting(_("Look up."), "")
