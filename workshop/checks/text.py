"""The text rules: what one record's own words and values say, in METHOD's order. Pure.

They look at words and not at meaning, so they ask and never block. A rule that reads a text is silent while the
text is empty, and one that fires because a word is missing reads only texts in the language of its word lists.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from workshop.checks.phrases import count_words, longer_words, plain, words
from workshop.words import N_, _, language

_CLAUSE_END = re.compile(r"[.,;:!?]")
NOT_LIVE = ("parked", "rejected")
MOST_TEXTS = 2_000  # whose answers a rule remembers: few texts change from one action to the next


@dataclass(frozen=True)
class Rule:
    """One question about the rows of a table; `field` is the column it is about.

    `when(row)` gives the matched words, "" when nothing particular matched, None when the rule does not fire. A rule
    that compares takes as many rows as `compares` says. `scope` is which rows it looks at, archived ones never: all;
    whole (not merged into another); or live (nor parked or rejected). The tables ROUND are no tables of the file:
    their rows are what one round of voting or rating came to.
    """

    id: str
    severity: str
    table: str
    field: str
    when: Callable[..., str | None]
    message: str
    scope: str = "all"
    compares: int = 1


@dataclass(frozen=True)
class Finding:
    """A rule that fired: at which item ("E4", or "E4+E9" for twins), and on which words of it."""

    rule: str
    ref: str
    severity: str
    message: str
    matched: str
    field: str


def findings_in(table: str, rows: Iterable[dict[str, Any]]) -> list[Finding]:
    """What the text rules find in the rows of one table, by rule; archived rows are never looked at.

    Concepts may carry their requirements as a list `requirements`, and the medians of their ratings as `impact`, a
    list for each of "cpi" and "kpi"; without them the rules about them do not run.
    """
    every = [row for row in rows if row.get("archived_at") is None]
    whole = [row for row in every if not row.get("merged_into")]
    scopes = {"all": every, "whole": whole, "live": [row for row in whole if row.get("status") not in NOT_LIVE]}
    return [
        Finding(rule.id, "+".join(row["ref"] for row in some), rule.severity, _(rule.message), matched, rule.field)
        for rule in RULES
        if rule.table == table
        for some in combinations(scopes[rule.scope], rule.compares)
        if (matched := rule.when(*some)) is not None
    ]


# --- what a text can be asked: each gives the matched words, "" or None, as a rule does ---


def has(wanted: str, but_no: str | None = None) -> Callable[[str], str | None]:
    """Holds words of one list, and none of another."""
    return lambda text: None if but_no and words()[but_no].found_in(text) else words()[wanted].found_in(text)


def lacks(*lists: str) -> Callable[[str], str | None]:
    """Holds no word of these lists, in a language that they are for."""
    return _if(lambda text: not any(words()[name].found_in(text) for name in lists) and words().can_read(text))


def longer_than(most: int) -> Callable[[str], str | None]:
    return _if(lambda text: count_words(text) > most)


def shorter_than(least: int) -> Callable[[str], str | None]:
    return _if(lambda text: 0 < count_words(text) < least)


def _if(holds: Callable[..., bool]) -> Callable[..., str | None]:
    return lambda *asked: "" if holds(*asked) else None


def _is_spoken(text: str) -> bool:
    # "get my invoice right" begins like an order, and only a customer says "my"
    return words()["speech"].open(text) or words()["first_person"].found_in(text) is not None


def _is_not_spoken(text: str) -> bool:
    return not _is_spoken(text) and words().can_read(text)


def _has_no_opener(text: str) -> bool:
    return not words()["openers"].open(text) and _is_spoken(text) and words().can_read(text)


def _speaks_for_the_company(text: str) -> str | None:
    # a household that wants "our bins emptied" says "our" too: alone it tells only of what does not begin like speech
    voice = None if words()["speech"].open(text) else words()["company_voice"].found_in(text)
    return words()["company"].found_in(text) or voice


def _names_a_solution(text: str) -> str | None:
    # "without downloading an app" asks for none
    return words()["technology"].found_in(words()["avoiding"].before(text))


def _has_two_openers(text: str) -> bool:
    # "can you tell me what I need" is one: a second opener begins a clause of its own
    clauses = [part for clause in _CLAUSE_END.split(text) for part in words()["joiners"].parts(clause)]
    return sum(map(words()["openers"].open, clauses)) > 1


def _is_vague(text: str) -> bool:
    opened = words()["openers"].open(text)
    rest = words()["openers"].after(text) if opened else text
    return (opened and count_words(rest) < 4) or words()["generic"].are_all_of(rest)


def _gives_nothing_up(text: str) -> bool:
    return "?" not in text and lacks("trade_offs")(text) is not None


def _is_no_choice(text: str) -> str | None:
    # "even over avoiding errors" is a good thing too
    return words()["straw_men"].found_in(words()["avoiding"].before(words()["even_over"].after(text)))


def _opens_with_technology(text: str) -> str | None:
    first = " ".join(text.split()[:3])
    return None if words()["people"].found_in(text) else words()["technology"].found_in(first)


# --- what a row can be asked ---


def _on(table: str, field: str, only: Callable[[dict], bool] = lambda row: True) -> Callable[..., Rule]:
    """Makes rules that read one column of some rows."""

    def rule(id: str, severity: str, asks: Callable[[str], str | None], message: str) -> Rule:
        @lru_cache(MOST_TEXTS)
        def says(text: str, _language: str) -> str | None:
            return asks(plain(text))

        def when(row: dict) -> str | None:
            return says(row[field], language.get()) if only(row) else None

        return Rule(id, severity, table, field, when, message)

    return rule


def _empty(value: Any) -> bool:
    return value is None or value == "" or str(value).isspace()


def misses(*fields: str) -> Callable[[dict], str | None]:
    """At least one of these columns is empty; 0 is not."""
    return _if(lambda row: any(_empty(row[field]) for field in fields))


def _is_generic(row: dict) -> bool:
    return words()["standards"].are_all_of(plain(row["name"])) and count_words(row["meaning"]) < 6


def _has_no_story(row: dict) -> bool:
    return row["type"] == "core" and _empty(row["lived_example"])


def _would_be_dropped(row: dict) -> bool:
    return row["type"] == "core" and not row["keep_if_it_cost_us"]


def _contradicts_its_direction(row: dict) -> bool:
    baseline, target = row["baseline"], row["target"]
    if baseline is None or target is None:
        return False
    return (
        target == baseline
        or (row["direction"] == "up" and target < baseline)
        or (row["direction"] == "down" and target > baseline)
    )


def _is_left_unexplained(row: dict) -> bool:
    asked = ("why",) if row.get("form") == "worst" else ("why", "what_is_missing")  # the flip says what is missing
    return not _empty(row["what_drives_you_crazy"]) and any(_empty(row[name]) for name in asked)


def _helps_the_company_alone(row: dict) -> bool:
    impact = row.get("impact", {})
    return any(median > 0 for median in impact.get("kpi", ())) and not any(
        median > 0 for median in impact.get("cpi", ())
    )


def _is_picked_without_a_yes(row: dict) -> bool:
    return row["status"] in ("shortlisted", "selected") and row["keeps_promise"] != "yes"


def _has_one_kind_of_requirement(row: dict) -> bool:
    return "requirements" in row and len({one["type"] for one in row["requirements"]} - {None}) < 2


def _has_a_gap_without_owner(row: dict) -> bool:
    return any(
        one["status"] == "missing" and (one["effort"] or 0) >= 3 and _empty(one["owner_role"])
        for one in row.get("requirements", ())
    )


@lru_cache(1024)
def _words_of_concept(name: str, what_happens: str) -> frozenset[str]:
    return longer_words(f"{name} {what_happens}")


def _are_alike(one: dict, other: dict) -> bool:
    mine = _words_of_concept(one["name"], one["what_happens"])
    theirs = _words_of_concept(other["name"], other["what_happens"])
    if not 0.6 <= len(mine) / (len(theirs) or 1) <= 1 / 0.6:
        return False  # so much longer that they cannot share enough: most pairs
    shared = len(mine & theirs)
    # "Night bus" and "Night desk", not described yet, have a word in common and nothing else
    return shared > 1 and shared >= 0.6 * (len(mine) + len(theirs) - shared)


# --- what a round of voting or rating can be asked ---


def _span(cell: dict) -> str | None:
    """The lowest and the highest rating of one concept and metric, where they lie 4 or more apart."""
    low, high = min(cell["values"], default=0), max(cell["values"], default=0)
    return f"{low} … {high}".replace("-", "−") if high - low >= 4 else None


def _is_flat(ballot: dict) -> bool:
    """One person's ratings of the same metrics, concept by concept."""
    return len(ballot["values"]) >= 4 and len(set(ballot["values"])) == 1


def _misses_people(round_: dict) -> str | None:
    voted, joined = round_["voted"], round_["joined"]
    return _("{voted} of {joined}").format(voted=voted, joined=joined) if voted < 0.6 * joined else None


def _is_one_voice(board: dict) -> bool:
    counts = board["entries"].values()
    return sum(counts) >= 6 and len(counts) >= 3 and max(counts) > sum(counts) / 2


ROUND = ("cell", "ballot", "round", "board")

PURPOSE = _on("purpose", "text", lambda row: row["level"] != "small")
WISH = _on("purpose", "text", lambda row: row["level"] == "small")
PROMISE = _on("promise", "text")
TO_CUSTOMERS = _on("promise", "text", lambda row: row["audience"] in (None, "customers", "patients"))
PRINCIPLE = _on("principle", "text")
CUSTOMER_GOAL = _on("goal", "text", lambda row: row["kind"] == "customer")
CPI = _on("metric", "name", lambda row: row["kind"] == "cpi")
CPI_UNIT = _on("metric", "unit", lambda row: row["kind"] == "cpi")
TOUCHPOINT = _on("touchpoint", "name")
CONCEPT = _on("concept", "what_happens")

RULES: tuple[Rule, ...] = (
    PURPOSE("PUR-PROFIT", "fix", has("money", but_no="people"),
        N_("This reads as a financial goal. Who is better off because you exist?")),
    PURPOSE("PUR-WHAT", "ask", has("operations", but_no="reasons"),
        N_("That is what you do. Finish the sentence: '…so that…'")),
    PURPOSE("PUR-LONG", "ask", longer_than(25),
        N_("Purpose should be graspable in a few words. Read it aloud once; what would people repeat?")),
    PURPOSE("PUR-HYPE", "ask", has("hype"),
        N_("Claim words fade. What would we see on a Tuesday if this were true?")),
    PURPOSE("PUR-WHO", "ask", lacks("people", "beneficiaries"),
        N_("Who is it for? Name them.")),
    PURPOSE("PUR-DATED", "ask", has("dates"),
        N_("Purpose endures while plans change. Move the date to a goal.")),
    WISH("CUS-VOICE", "fix", _if(_is_not_spoken),
        N_("Write it as the customer would say it: 'I want… / I need… / Can you… / How can I…'")),
    WISH("CUS-OPENER", "hint", _if(_has_no_opener),
        N_("Try one of the four: I want… / I need… / Can you… / How can I…")),
    WISH("CUS-COMPANY", "fix", _speaks_for_the_company,
        N_("A customer would not say that. Whose wish is this?")),
    WISH("CUS-SOLUTION", "ask", _names_a_solution,
        N_("That is one answer. What would it let them do?")),
    WISH("CUS-DOUBLE", "ask", _if(_has_two_openers),
        N_("Two purposes in one. Split them so that each can be measured.")),
    WISH("CUS-VAGUE", "ask", _if(_is_vague),
        N_("Too general to design for. When, where, what would count as done?")),
    PROMISE("PRO-LONG", "ask", longer_than(20),
        N_("A promise people cannot repeat cannot be kept. Cut it.")),
    PROMISE("PRO-HEDGE", "fix", has("hedges"),
        N_("A hedge is not a promise. What will you actually do?")),
    PROMISE("PRO-ABSOLUTE", "ask", has("absolutes", but_no="failing"),
        N_("You will break this one day. What happens then? Say it in the promise.")),
    TO_CUSTOMERS("PRO-WHOM", "ask", lacks("you"),
        N_("A promise is made to somebody. Say 'you'.")),
    PROMISE("PRO-VAGUE", "fix", has("qualities", but_no="checkable"),
        N_("Nobody could tell whether this was kept. How would a customer check it?")),
    Rule("VAL-GENERIC", "ask", "value", "name", _if(_is_generic),
         N_("Most organisations say this. What do you do that others would not?")),
    Rule("VAL-LIVED", "ask", "value", "lived_example", _if(_has_no_story),
         N_("No story yet: is it a value you have, or one you would like?")),
    Rule("VAL-COST", "ask", "value", "keep_if_it_cost_us", _if(_would_be_dropped),
         N_("A core value is kept when it hurts. Otherwise it is a practice.")),
    PRINCIPLE("PRI-PLATITUDE", "fix", has("platitudes", but_no="even_over"),
        N_("Nobody would choose the opposite. What will you give up for it?")),
    PRINCIPLE("PRI-TRADE", "hint", _if(_gives_nothing_up),
        N_("Try: one good thing even over another good thing.")),
    PRINCIPLE("PRI-STRAW", "fix", _is_no_choice,
        N_("The second half must also be good, or there is no choice.")),
    PRINCIPLE("PRI-CHANNEL", "ask", has("channels", but_no="trade_offs"),
        N_("Should hold for every team and channel. Lift it one level.")),
    PRINCIPLE("PRI-LONG", "ask", longer_than(15),
        N_("Too long to remember in a meeting.")),
    Rule("REV-WHY", "ask", "reverse_case", "why", _if(_is_left_unexplained),
         N_("Work it backwards: why is it so, and what is missing?")),
    Rule("REV-FLIP", "ask", "reverse_case", "what_it_means_for_us", misses("what_it_means_for_us"),
         N_("Now apply it to us.")),
    CUSTOMER_GOAL("STR-DISGUISE", "fix", has("company_goals"),
        N_("That is your goal, not theirs. What would the customer gain?")),
    CPI("CPI-COMPANY", "fix", has("company_measures"),
        N_("Customers do not wake up caring about this. Which outcome of theirs sits behind it?")),
    CPI("CPI-OPINION", "ask", has("opinions"),
        N_("Keep it, under health metrics. A CPI counts the outcome itself.")),
    CPI_UNIT("CPI-INCREMENT", "ask", has("increments"),
        N_("Would a customer notice one unit? Choose minutes, days, euro, items, people in 100.")),
    Rule("MET-UNIT", "fix", "metric", "unit", misses("unit", "baseline", "target"),
         N_("Without unit, baseline and target nobody can tell whether it moved.")),
    Rule("MET-DIRECTION", "fix", "metric", "target", _if(_contradicts_its_direction),
         N_("Target and direction disagree.")),
    TOUCHPOINT("TCH-INSIDE", "ask", has("inside"),
        N_("Name what the customer sees or does.")),
    CONCEPT("KON-TECH", "ask", _opens_with_technology,
        N_("Begin with a person: 'A rider looks at…'")),
    CONCEPT("KON-THIN", "ask", shorter_than(10),
        N_("Somebody who was not in the room could not picture this. Who does what, when?")),
    Rule("KON-REQ", "ask", "concept", "requirements", _if(_has_one_kind_of_requirement),
         N_("Look again: technical, operations, organization, data, occurrence, people, policy, process."),
         scope="live"),
    Rule("KON-COMPANY-ONLY", "fix", "concept", "name", _if(_helps_the_company_alone),
         N_("Good for us, not for them. What does the customer get?"), scope="whole"),
    Rule("KON-PROMISE", "fix", "concept", "keeps_promise", _if(_is_picked_without_a_yes),
         N_("The lead question was not answered with yes.")),
    Rule("KON-OWNER", "fix", "concept", "requirements", _if(_has_a_gap_without_owner),
         N_("Who will find out?"), scope="live"),
    Rule("KON-TWIN", "hint", "concept", "what_happens", _if(_are_alike),
         N_("These look alike. Merge, or say what differs."), scope="live", compares=2),
    Rule("VOT-SPREAD", "ask", "cell", "values", _span,
         N_("You see this very differently. Hear the highest and the lowest first.")),
    Rule("VOT-FLAT", "ask", "ballot", "values", _if(_is_flat),
         N_("No difference between them? Then the rating cannot help to choose.")),
    Rule("VOT-QUORUM", "ask", "round", "voted", _misses_people,
         N_("Wait for the others, or record who was missing.")),
    Rule("VOI-ONE", "hint", "board", "entries", _if(_is_one_voice),
         N_("One voice fills the board. Ask for one entry from each person.")),
    Rule("ACT-OWNER", "fix", "activation", "owner_role", misses("owner_role", "due"),
         N_("An action without owner and date will not happen.")),
)  # fmt: skip
