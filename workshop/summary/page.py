"""The one page (METHOD.md §6): eight points in a fixed order, conclusion first."""

from collections import Counter
from datetime import date
from typing import Any

from sqlite_utils import Database

from workshop import items, store
from workshop.checks.thread import read_whole
from workshop.document import Block, Bullets, Document, Heading, Paragraph, Table, without_empty_columns
from workshop.figures import figure, whole
from workshop.people import GROUPS, list_participants
from workshop.steps import verdict
from workshop.steps.concepts import list_concepts, list_selected
from workshop.steps.prepare import get_workshop
from workshop.steps.promise import get_promise, tests_of
from workshop.steps.purpose import list_chosen
from workshop.steps.ranking import RankedConcepts, get_ranking
from workshop.steps.strategy import list_metrics
from workshop.thread import tables_of
from workshop.thread.loose import list_loose, thread_sentence
from workshop.thread.ways import health, list_ways
from workshop.words import _, language

MOST_STARTING, MOST_ASKED, MOST_CPIS, MOST_GIVEN_UP, MOST_LOOSE = 5, 3, 4, 6, 3


def one_page(db: Database, *, shareable: bool = False) -> Document:
    """What was promised, why, what starts, what is asked, how we will know, what was given up, how whole it is."""
    workshop = get_workshop(db)
    parts = (_promised(db), _why(db), _starting(db), _asked(db), _known_by(db), _given_up(db), _held(db))
    blocks = [block for part in (_about(db, workshop), _unsettled(parts), *parts) for block in part]
    blocks.append(Paragraph(_state(db, shareable), "quiet"))
    return Document(
        workshop["title"], subtitle(workshop), language.get(), list(map(without_empty_columns, blocks)), True
    )


def subtitle(workshop: dict[str, Any]) -> str:
    invented = _("An invented example") if workshop["fictional"] else ""
    day = date.fromisoformat(workshop["date"]).isoformat() if workshop["date"] else ""
    return " · ".join(filter(None, (workshop["organisation"], day, invented)))


def _state(db: Database, shareable: bool) -> str:
    version = _("Shareable version") if shareable else _("Internal version")
    moment = store.now()[:16].replace("T", " ")
    state = _("{version}, revision {number}, {moment} UTC.")
    left_out = _("Names and costs are left out, also of the effort.") if shareable else ""
    behind = _("The full version has everything behind this page.")
    return " ".join(filter(None, (
        state.format(version=version, number=store.revision(db), moment=moment), left_out, behind,
    )))  # fmt: skip


def _about(db: Database, workshop: dict) -> list[Block]:
    question = workshop["scope_question"]
    blocks: list[Block] = [Paragraph(question)] if question and question != workshop["title"] else []
    everybody = list_participants(db)
    groups = Counter(person["group"] for person in everybody)
    if set(groups) - {"other"}:
        who = ", ".join(f"{count} {_(group)}" for group, count in groups.items())
        missing = ", ".join(_(group) for group in GROUPS if group not in groups and group != "other")
        said = _("Took part: {who}.").format(who=who)
        blocks.append(Paragraph(f"{said} {_('Nobody from: {groups}.').format(groups=missing)}" if missing else said,
                                "quiet"))  # fmt: skip
    elif everybody:  # nobody said where they come from, so nobody is missed
        blocks.append(Paragraph(_("{count} took part.").format(count=len(everybody)), "quiet"))
    return blocks


def _unsettled(parts: tuple[list[Block], ...]) -> list[Block]:
    """What nobody has come to yet: half-way, what is not on the page is not forgotten."""
    names = (_("What we promise"), _("Why"), _("We start with"), _("What we ask of you"), _("How we will know"),
             _("What we gave up"))  # fmt: skip
    if not any(parts):
        return [Paragraph(_("Nothing has been chosen or decided in this workshop yet."))]
    missing = [f"“{name}”" for name, part in zip(names, parts, strict=False) if not part]
    return [Paragraph(_("Not settled yet: {parts}.").format(parts=", ".join(missing)))] if missing else []


def _promised(db: Database) -> list[Block]:
    promise = get_promise(db)
    if not promise:
        return []
    blocks = [Heading(_("What we promise")), Paragraph(promise["text"], "lead")]
    tests = tests_of(promise)
    return [*blocks, *([Bullets([f"{name}: {text}" for name, text in tests])] if tests else [])]


def _why(db: Database) -> list[Block]:
    upper, small = list_chosen(db, "big", "medium"), list_chosen(db, "small")[:5]
    blocks: list[Block] = [Paragraph(row["text"]) for row in upper]
    if small:
        said = [
            f"{row['ref']}  “{row['text']}”" + (f" ({_(row['evidence_source'])})" if row["evidence_source"] else "")
            for row in small
        ]
        blocks.append(Bullets(said))
    return [Heading(_("Why")), *blocks] if blocks else []


def list_starting(db: Database) -> list[dict[str, Any]]:
    """The selected concepts, best first, each with its `scores` (of its row in the ranking) and its `actions`."""
    ranking, selected = get_ranking(db), list_selected(db)
    scored = {row["ref"]: row for row in ranking.rows} if ranking else {}
    place = {ref: number for number, ref in enumerate(scored)}
    actions = items.list_items(db, "activation")
    return [
        concept
        | {"scores": scored.get(concept["ref"], {}),
           "actions": [one for one in actions if one["concept"] == concept["ref"] and one["status"] != "dropped"]}
        for concept in sorted(selected, key=lambda row: place.get(row["ref"], len(place)))
    ]  # fmt: skip


def first_test(concept: dict[str, Any]) -> str:
    """What is tried first, with whom, by when; '' where nobody has said."""
    return " · ".join(filter(None, (concept["first_test"], concept["test_with"], concept["test_by"])))


def _starting(db: Database) -> list[Block]:
    ranking, rows, tests = get_ranking(db), [], []
    for concept in list_starting(db)[:MOST_STARTING]:
        first = concept["actions"][0] if concept["actions"] else None
        who = " · ".join(filter(None, (first["owner_role"], first["due"]))) if first else ""
        scores = [whole(concept["scores"].get(part)) for part in ("customer_score", "business_score", "effort")]
        rows.append(
            [f"{concept['name']} ({concept['ref']})", concept["what_happens"], ", ".join(concept["purposes"]),
             *scores, who]
        )  # fmt: skip
        if test := first_test(concept):
            tests.append(_("{ref}, first test: {test}").format(ref=concept["ref"], test=test))
    head = [_("Concept"), _("What happens"), _("For"), _("Customers"), _("Business"), _("Effort"), _("Who, by when")]
    blocks: list[Block] = [Table(head, rows, _("What starts first"))] if rows else []
    if any(row[3:5] != ["", ""] for row in rows):
        scale = _("Customers and business: what it does to what each counts, −100 to 100. Effort: more is harder.")
        blocks.append(Paragraph(scale, "quiet"))
    blocks += [Bullets(tests)] if tests else []
    if ranking:
        said = (ranking.sentence, _how_sure(ranking), ranking.untold)
        blocks.append(Paragraph(" ".join(filter(None, said))))
    return [Heading(_("We start with")), *blocks] if blocks else []


def _how_sure(ranking: RankedConcepts) -> str:
    """How sure the room was, for somebody who has never heard of a replay; where too few rated, that."""
    if ranking.leading:
        said = _("How sure the room was: {reading}. A replay is the same people once more, some heard more, some less.")
        return said.format(reading=_(verdict.READINGS[ranking.leading["reading"]]))
    return ranking.remarks[0] if ranking.rows[0]["tier"] is None else ""


def _asked(db: Database) -> list[Block]:
    """Decisions with their owners and dates, and what is missing for what starts, money first."""
    blocks: list[Block] = []
    decided = [
        [f"{row['text']} ({row['ref']})", row["rationale"], row["owner_role"], row["due"] or ""]
        for row in items.list_items(db, "decision")
    ]
    if decided:
        head = [_("Decision"), _("Because"), _("Owner"), _("By")]
        blocks.append(Table(head, decided, _("Decisions to stand behind")))
    starting = {row["ref"] for row in list_selected(db)}
    lacking = [row for row in items.list_items(db, "requirement")
               if row["concept"] in starting and row["status"] == "missing"]  # fmt: skip
    lacking.sort(key=lambda row: row["type"] != "budget")
    if lacking:
        rows = [[row["text"], row["concept"], _(row["type"] or ""), row["owner_role"]] for row in lacking[:MOST_ASKED]]
        head = [_("What is missing"), _("For"), _("Kind"), _("From")]
        caption = _("What is missing before they can start")
        if len(lacking) > MOST_ASKED:
            caption = _("{caption}: {some} of {all}").format(caption=caption, some=MOST_ASKED, all=len(lacking))
        blocks.append(Table(head, rows, caption))
    return [Heading(_("What we ask of you")), *blocks] if blocks else []


def _known_by(db: Database) -> list[Block]:
    rows = [
        [f"{row['name']} ({row['ref']})",
         f"{figure(row['baseline'])} → {figure(row['target'])} {row['unit']}".strip(" →"),
         row["cadence"], row["owner_role"]]
        for row in list_metrics(db, "cpi")[:MOST_CPIS]
    ]  # fmt: skip
    dates = sorted(row["date"] for row in items.list_items(db, "review") if row["date"])
    blocks: list[Block] = []
    if rows:
        head = [_("What customers count"), _("Today → target"), _("How often"), _("Owner")]
        blocks.append(Table(head, rows, _("CPIs")))
    if dates:
        coming = next((day for day in dates if day >= store.now()[:10]), dates[-1])
        ahead = coming >= store.now()[:10]
        said = _("We look again on {date}.") if ahead else _("We were to look again on {date}.")
        blocks.append(Paragraph(said.format(date=coming)))
    return [Heading(_("How we will know")), *blocks] if blocks else []


def _given_up(db: Database) -> list[Block]:
    gone = [row for row in list_concepts(db, "parked", "rejected") if not row["merged_into"]]
    out = _first([f"{row['name']} ({row['ref']}): {_(row['status'])}" for row in gone], MOST_GIVEN_UP)
    decisions = items.list_items(db, "decision")
    out += [f"{row['gives_up']} ({row['ref']})" for row in decisions if row["gives_up"]]
    disagreed = _("Who disagreed: {dissent}")
    out += [disagreed.format(dissent=row["dissent"]) for row in items.list_items(db, "decision") if row["dissent"]]
    guess = next(((row["ref"], row["biggest_guess"]) for row in list_starting(db) if row["biggest_guess"]), None)
    if guess:
        out.append(_("Our biggest guess ({ref}): {guess}").format(ref=guess[0], guess=guess[1]))
    return [Heading(_("What we gave up")), Bullets(out)] if out else []


def _held(db: Database) -> list[Block]:
    """Whether the thread holds, and where it does not."""
    read = read_whole(db)
    tables = tables_of(read)
    if not tables["purposes"]:
        return []
    said = Paragraph(f"{health(list_ways(read))} {thread_sentence(tables, ends=True)}")
    loose = list_loose(tables, ends=True)
    name = {row["id"]: row.get("name") or row["text"] for rows in tables.values() for row in rows if "id" in row}
    ends = _first([f"{name[ref]} ({ref}): {why}" for ref, why in loose], MOST_LOOSE)
    return [Heading(_("How whole it is")), said, *([Bullets(ends)] if ends else [])]


def _first(lines: list[str], most: int) -> list[str]:
    """The first few lines, and how many more there are."""
    more = [_("and {count} more").format(count=figure(len(lines) - most))] if len(lines) > most else []
    return [*lines[:most], *more]
