"""Before the day: /before/<key>, the page with its few questions. Nobody comes in, and nobody says who they are."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pages.phone import visit
from pages.phone.limits import Allowance
from workshop import joining, journal, store
from workshop.activities import ROOM
from workshop.beforehand import AnswerBeforehand, answer_beforehand, nowhere, open_with
from workshop.hosts import digest
from workshop.problems import NotFound, Refusal
from workshop.steps.prepare import get_workshop
from workshop.words import N_, _

ANSWERS = Allowance(at_once=30, a_second=0.2)  # a whole company may sit behind one address


@visit.endpoint
async def show(request: Request) -> Response:
    """GET /before/<key>; `thanks` once something was sent."""
    return await _page(request, thanks="thanks" in request.query_params)


@visit.endpoint
async def answer(request: Request) -> Response:
    """POST /before/<key>: all answers of one person, as one action; what is refused is given back."""
    form, key = await visit.read_form(request), request.path_params["key"]
    if not visit.is_near(request) and not ANSWERS.take(visit.neighbourhood(request)):
        sentence = _("That was a lot at once. Wait a moment, then go on.")
        return await _page(request, form, sentence, 429)
    answers = {name.removeprefix("to "): text for name, text in form.items() if name.startswith("to ")}

    def write(db: Database) -> None:
        once = visit.submission(key, form.get("key", ""))
        command = AnswerBeforehand(key, answers)
        journal.act(db, ROOM, answer_beforehand, command, N_("Somebody answered before the day"), key=once)

    try:
        await _in_workshop(key, write)
    except NotFound:
        return await _page(request)
    except Refusal as refusal:
        return await _page(request, form, str(refusal), 503 if refusal.__cause__ else 422)
    return RedirectResponse(f"{request.url.path}?thanks=1", 303)


async def _page(
    request: Request, given: Mapping[str, str] | None = None, refusal: str = "", status: int = 200, *,
    thanks: bool = False,
) -> Response:  # fmt: skip
    """The questions, with what was typed into a form that was not accepted."""
    key = request.path_params["key"]

    def read(db: Database) -> dict[str, Any]:
        return {"about": get_workshop(db), **open_with(db, key)}

    try:
        asked = await _in_workshop(key, read)
    except NotFound:
        return visit.page("sentence.html", 404, sentence=nowhere(), alone=True)
    except Refusal as fault:
        return visit.page("sentence.html", 503, sentence=str(fault), alone=True)
    questions = [(question, _(question), (given or {}).get(f"to {question}", "")) for question in asked["questions"]]
    return visit.page(
        "before.html", status, about=asked["about"], questions=questions, locked=asked["locked"], thanks=thanks,
        refusal=refusal, key=secrets.token_urlsafe(16), path=request.url.path, draft=digest(key)[:12],
    )  # fmt: skip


async def _in_workshop(key: str, use):
    """`use(db)` in the workshop that the link leads to. Raises NotFound, or another Refusal."""

    def visit_it() -> Any:
        with store.open(joining.find(key)) as db:
            return use(db)

    return await visit.apart(visit_it)
