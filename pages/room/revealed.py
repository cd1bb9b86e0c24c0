"""What is revealed at a step, page by page: the shared screen shows one of them, and the host turns them."""

from typing import Any

from pages.room import alone, answered, dealt, pieces, ranked
from workshop.activities import Results
from workshop.step import Decided, Ranked, Shown, Slips, Statement
from workshop.steps import step_of
from workshop.words import _

Found = Shown | Decided | Results | None


def count_pages(found: Found, line: str) -> int:
    """How many pages it takes; `line` is what stands below the thread."""
    match found:
        case Slips(slips):
            return dealt.count_pages(slips, line)
        case Statement():
            return len(alone.pages_of(found, _below(found, line)))
        case Decided(decisions, stands):
            return sum(count_pages(one, line) for one in (*decisions, stands) if one)
        case Results():
            return len(answered.pages_of(found, "", line))
    return 1


def draw(now: dict[str, Any], found: Found, line: str, code: str | None, came: int) -> list[str]:
    """The whole picture of the page that the room is at; a page beyond the last shows the last."""
    match found:
        case Decided(decisions, stands):
            made = [page for one in decisions for page in alone.pages_of(one, line)]
            if stands and now["page"] > len(made):
                return draw(now | {"page": now["page"] - len(made)}, stands, line, code, came)
            return _sentence(now, made, line, code)
        case Statement():
            below = _below(found, line)
            return _sentence(now, alone.pages_of(found, below), below, code)
    return [*_several(now, found, line, code, came), pieces.footer(line)]


def _below(found: Statement, line: str) -> str:
    """The promise does not stand below itself."""
    return "" if found.noun == "promise" else line


def _sentence(now: dict[str, Any], pages: list[str], below: str, code: str | None) -> list[str]:
    what = _("decided") if now["phase"] == "decided" else _("chosen so far")
    at = min(now["page"], len(pages)) - 1
    return [pieces.header(now["title"], what, code, alone.page_of(pages, at)), pages[at], pieces.footer(below)]


def _several(now: dict[str, Any], found: Found, line: str, code: str | None, came: int) -> list[str]:
    """Header and main part."""
    match found:
        case Slips([]):
            what = _("Nobody wrote anything this time.")
            return [pieces.header(now["title"], "", code), pieces.empty(what)]
        case Slips(slips):
            asked = now["activity"] and now["phase"] != "decided"
            if now["phase"] == "talk":
                wrote = _("let us talk about it")
            elif any(slip.group for slip in slips):
                wrote = _("what we wrote, in groups")
            else:
                wrote = _("what we wrote, shuffled")
            stands = _("what stands") if now["phase"] == "decided" else _("what stands so far")
            at = now["page"] - 1
            which = dealt.page_of(slips, at, line)
            head = pieces.header(now["title"], wrote if asked else stands, code, which)
            return [head, dealt.draw(slips, at, line, "" if asked else now["title"])]
        case Ranked(sentence, rows):
            strong = [row["name"] for row in rows[:2]]
            return [ranked.draw(rows, sentence, strong=strong, below=line)]
        case Results(activity=asked):
            pages = answered.pages_of(found, step_of(asked["step"]).colour, line)
            which, main = pages[min(now["page"], len(pages)) - 1]
            return [answered.head(found, came, now["title"], code, which), main]
    return [pieces.header(now["title"], "", code), pieces.empty(now["title"])]
