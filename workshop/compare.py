"""Two workshops side by side, such as last year's and this year's: what came, went and changed; places; answers."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from workshop import fields, items
from workshop.document import Block, Bullets, Document, Heading, Paragraph, Table
from workshop.figures import figure, whole
from workshop.steps import AGENDA
from workshop.steps.opening import list_pulses, said_of
from workshop.steps.prepare import get_workshop
from workshop.steps.ranking import get_ranking
from workshop.words import N_, _, language

COMPARED = {
    "purpose": N_("Purposes"), "promise": N_("Promises"), "value": N_("Values"), "principle": N_("Principles"),
    "touchpoint": N_("Touchpoints"), "metric": N_("Metrics"), "concept": N_("Concepts"),
}  # fmt: skip


@dataclass(frozen=True)
class Snapshot:
    """A workshop as it is compared.

    `tables` are its live items by table; `places` the {name, rank, score} of its ranked concepts by ref; `answers`
    what the room said, in words, by (question, what it was about).
    """

    code: str
    parent: str
    title: str
    date: str
    tables: dict[str, list[dict[str, Any]]]
    places: dict[str, dict[str, Any]]
    answers: dict[tuple[str, str], str]


@dataclass(frozen=True)
class Changed:
    """An item that is in both: its ref and words now, and (label, before, after) of what is not as it was."""

    ref: str
    words: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Comparison:
    """By table, the (ref, words) that came and went, and what changed; then places and answers, before and after.

    `places` are (name, rank before, rank after, score before, score after), the order of now; None where there is no
    place. `answers` are (question, about, before, after).
    """

    came: dict[str, list[tuple[str, str]]]
    went: dict[str, list[tuple[str, str]]]
    changed: dict[str, list[Changed]]
    places: list[tuple[str, int | None, int | None, float | None, float | None]]
    answers: list[tuple[str, str, str, str]]


def snapshot(db: Database) -> Snapshot:
    workshop, ranking = get_workshop(db), get_ranking(db)
    tables = {table: items.list_items(db, table) for table in COMPARED}
    ranked = ranking.rows if ranking else []
    places = {row["ref"]: {name: row[name] for name in ("name", "rank", "score")} for row in ranked}
    answers = {
        (found.activity["prompt"], row["text"] if row["ref"] else ""): said_of(row)
        for step in AGENDA for found in list_pulses(db, step.slug) for row in found.rows if row["counts"]
    }  # fmt: skip
    return Snapshot(
        workshop["code"], workshop["parent"], workshop["title"], workshop["date"] or "", tables, places, answers
    )


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Items are the same by their ref where one workshop was made from the other, else by their words. Pure."""
    made_from = {before.parent, after.parent} - {""}
    kin = bool({before.code, after.code} & made_from) or "" != before.parent == after.parent
    came, went, changed, partner = {}, {}, {}, {}
    for table in COMPARED:
        pairs = _pairs(items.NOUNS[table], before.tables[table], after.tables[table], kin)
        partner |= {now["ref"]: then["ref"] for then, now in pairs}
        gone, new = ({row["ref"] for row in side[table]} for side in (before.tables, after.tables))
        gone -= {then["ref"] for then, _now in pairs}
        new -= {now["ref"] for _then, now in pairs}
        words = items.NOUNS[table].words
        came[table] = [(row["ref"], words(row)) for row in after.tables[table] if row["ref"] in new]
        went[table] = [(row["ref"], words(row)) for row in before.tables[table] if row["ref"] in gone]
        both = [(now, _differences(items.NOUNS[table], then, now, kin)) for then, now in pairs]
        changed[table] = [Changed(now["ref"], words(now), fields_) for now, fields_ in both if fields_]
    return Comparison(came, went, changed, _places(before, after, partner), _answers(before, after))


def _pairs(noun: items.Noun, before: list[dict], after: list[dict], kin: bool) -> list[tuple[dict, dict]]:
    by_ref = {row["ref"]: row for row in before} if kin else {}
    pairs = [(by_ref[now["ref"]], now) for now in after if now["ref"] in by_ref]
    taken = {row["ref"] for pair in pairs for row in pair} if kin else set()
    by_words = {noun.words(row).casefold(): row for row in before if row["ref"] not in taken}
    for now in after:
        if now["ref"] not in taken and (then := by_words.pop(noun.words(now).casefold(), None)):
            pairs.append((then, now))
    return pairs


def _differences(noun: items.Noun, then: dict, now: dict, kin: bool) -> list[tuple[str, str, str]]:
    found = []
    for name, about in fields.fields_of(noun.record).items():
        if fields.kind_of(about).table and not kin:
            continue  # another workshop's refs are other items
        pair = [_said(fields.kind_of(about), row[name]) for row in (then, now)]
        if pair[0] != pair[1]:
            found.append((fields.label_of(about), *pair))
    return found


def _said(kind: fields.Kind, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if kind.shape == "yes_no":
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return figure(value) if isinstance(value, int | float) else _(value) if kind.choices else str(value)


def _places(before: Snapshot, after: Snapshot, partner: dict[str, str]) -> list[tuple]:
    rows, seen = [], set()
    for ref, now in after.places.items():
        then = before.places.get(partner.get(ref, ""), {})
        seen.add(partner.get(ref))
        rows.append((now["name"], then.get("rank"), now["rank"], then.get("score"), now["score"]))
    gone = [then for ref, then in before.places.items() if ref not in seen]
    return rows + [(then["name"], then["rank"], None, then["score"], None) for then in gone]


def _answers(before: Snapshot, after: Snapshot) -> list[tuple[str, str, str, str]]:
    # a question stays the same where one of the two calls its nouns otherwise
    then, now = ({(_(question), about): said for (question, about), said in side.answers.items()}
                 for side in (before, after))  # fmt: skip
    return [(*one, then.get(one, ""), now.get(one, "")) for one in dict.fromkeys([*then, *now])]


def document(before: Snapshot, after: Snapshot) -> Document:
    """The comparison to read and to print: answers, places, then what came, went and changed."""
    found = compare(before, after)
    then, now = _named(before), _named(after)
    blocks: list[Block] = []
    if found.answers:
        rows = [[f"{question} {about}".strip(), was, is_] for question, about, was, is_ in found.answers]
        blocks += [Heading(_("What the room says")), Table([_("Question"), then, now], rows, _("Answers side by side"))]
    if found.places:
        rows = [[name, _place(was, score), _place(is_, scored)] for name, was, is_, score, scored in found.places]
        blocks += [Heading(_("Places")), Table([_("Concept"), then, now], rows, _("Place, and score from −100 to 100"))]
    for title, by_table in ((_("What came"), found.came), (_("What went"), found.went)):
        lines = [f"{_(COMPARED[table])}: {ref}  {words}" for table, rows in by_table.items() for ref, words in rows]
        blocks += [Heading(title), Bullets(lines)] if lines else []
    rows = [[one.ref, label, was or "–", is_ or "–"]
            for table in COMPARED for one in found.changed[table] for label, was, is_ in one.fields]  # fmt: skip
    if rows:
        blocks += [Heading(_("What changed")), Table(["", _("What"), then, now], rows, _("Changed, item by item"))]
    blocks = blocks or [Paragraph(_("Both say the same."))]
    return Document(after.title, _("Beside: {title}").format(title=then), language.get(), blocks)


def _named(side: Snapshot) -> str:
    return " · ".join(filter(None, (side.title, side.date)))


def _place(rank: int | None, score: float | None) -> str:
    return "–" if rank is None else f"{rank} ({whole(score)})"
