"""What the room has seen, told on the phone in words: the text of the shared screen for those who cannot see it."""

from typing import Any

from sqlite_utils import Database

from workshop import room
from workshop.activities import Results
from workshop.step import Decided, Ranked, Shown, Slip, Slips, Statement
from workshop.steps import standing
from workshop.steps.opening import said_of
from workshop.steps.verdict import places
from workshop.words import N_, _

ANSWERS = {
    "yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No"), "kept": N_("Kept"), "broken": N_("Broken"),
    "unknown": N_("I don’t know"),
}  # fmt: skip
FEW = N_("Fewer than 3 answers: they are not shown.")
Row = tuple[str, str, str, str]  # the number in front, what stands out, the words, the small print
Told = dict[str, Any]  # heading, note, rows, end, and whether it is the room that speaks


def of_activity(db: Database, found: Results) -> Told | None:
    """What came out of an activity; of a rating what the step shows. None: there is nothing to tell yet."""
    kind = found.activity["kind"]
    if kind == "rate":
        return of_step(db)
    note, rows = {"write": _written, "vote": _vote, "split": _split, "pulse": _pulse}[kind](found)
    if found.withheld:
        rows = [("", "", _(FEW), "")]
    return {"heading": _(found.activity["prompt"]), "note": note, "rows": rows, "end": "", "room": True}


def of_step(db: Database) -> Told | None:
    """What the shared screen shows of the step that the room is at, once that is revealed."""
    here = room.get_room(db)
    if here["step"] is None or here["phase"] not in room.REVEALED:
        return None
    return _standing(standing(db))


def _standing(found: Shown | Decided | None) -> Told | None:
    match found:
        case Decided(decisions, stands):
            rows = [row for one in decisions for row in (("", one.text, "", ""), *_led(one.tests))]
            if then := _standing(stands):
                rows += [("", then["heading"], "", then["note"]), *then["rows"]]
            end = then["end"] if then else ""
            return {"heading": _("What was decided"), "note": "", "rows": rows, "end": end, "room": True}
        case Slips(slips):
            heading = _("What stands so far")
            return {"heading": heading, "note": "", "rows": _led(slips), "end": "", "room": True}
        case Statement(_ref, _noun, text, tests):
            return {"heading": text, "note": "", "rows": _led(tests), "end": "", "room": True}
        case Ranked(sentence, ranked):
            note = _("Same number, same place: too close to call.") if _share_places(ranked) else ""
            if not any(row.get("rank_lo") for row in ranked):
                note = _("Too few people to say how sure.")
            return {
                "heading": sentence, "note": note,
                "rows": [
                    (str(row["rank"]), "", row["name"], _places(row, *sides))
                    for row, sides in zip(ranked, _by_side(ranked), strict=True)
                ],
                "end": _part_most(ranked), "room": False,
            }  # fmt: skip
    return None


def _share_places(rows: list[dict[str, Any]]) -> bool:
    return len({row["rank"] for row in rows}) < len(rows)


def _led(slips: list[Slip]) -> list[Row]:
    return [("", slip.lead, slip.text, "") for slip in slips]


def _written(found: Results) -> tuple[str, list[Row]]:
    note = _("What we wrote, shuffled.") if found.rows else _("Nobody wrote anything this time.")
    return note, [
        ("", "", row["text"], " · ".join(filter(None, (row["heading"], row["name"])))) for row in found.rows
    ]


def _vote(found: Results) -> tuple[str, list[Row]]:
    note = _("1 voted.") if found.answered == 1 else _("{count} voted.").format(count=found.answered)
    return note, [(str(row["dots"]), "", row["text"], "") for row in found.rows]


def _split(found: Results) -> tuple[str, list[Row]]:
    if found.answered == 1:
        note = _("1 shared out 100 points.")
    else:
        note = _("{count} shared out 100 points. This is the middle of what each line got.")
    rows = [(_points(row), "", row["text"], _range(row)) for row in found.rows]
    return note.format(count=found.answered), rows


def _points(row: dict[str, Any]) -> str:
    return "–" if row["points"] is None else str(round(row["points"]))  # as the screen says it


def _range(row: dict[str, Any]) -> str:
    return "" if row["points"] is None else _("from {low} to {high}").format(low=row["low"], high=row["high"])


def _pulse(found: Results) -> tuple[str, list[Row]]:
    rows: list[Row] = []
    for row in found.rows:
        said = _(FEW) if row["answered"] < 3 else said_of(row)
        if row["ref"]:
            rows.append(("", "", row["text"], said))
        elif said:  # the question itself is the heading
            rows.append(("", said, "", ""))
        rows += [("", "", words, "") for words in row["words"]]
    note = _("1 answered.") if found.answered == 1 else _("{count} answered.").format(count=found.answered)
    return note, rows


def _places(row: dict[str, Any], customers: int | None, business: int | None) -> str:
    said = []
    if row.get("rank_lo") and row.get("rank_hi"):
        said.append(_("Likely {low} to {high}.").format(low=row["rank_lo"], high=row["rank_hi"]))
    if customers and business:
        said.append(_("Customers {customers}, business {business}.").format(customers=customers, business=business))
    return " ".join(said)


def _by_side(rows: list[dict[str, Any]]) -> list[tuple[int | None, int | None]]:
    """Each row's place for customers alone and for business alone, None where that side was not rated."""
    customers, business = (places([row[f"{side}_score"] for row in rows]) for side in ("customer", "business"))
    return list(zip(customers, business, strict=True))


def _part_most(rows: list[dict[str, Any]]) -> str:
    """Where customers and business part most; nothing where they hardly do."""
    both = [(row["name"], *sides) for row, sides in zip(rows, _by_side(rows), strict=True) if all(sides)]
    if not both:
        return ""
    name, customers, business = max(both, key=lambda one: abs(one[1] - one[2]))
    if abs(customers - business) < 2:
        return ""
    sentence = _("Customers and business part most over {name}: {customers} for customers, {business} for business.")
    return sentence.format(name=name, customers=customers, business=business)
