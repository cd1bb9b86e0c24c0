"""What the room's last round came to, as rows for the rules about a round (checks/text.py).

A round is asked about once it is revealed and as long as the room is at it; before that its answers do not leave the
database, and nobody is named afterwards.
"""

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from workshop import room
from workshop.activities.activity import get_current
from workshop.activities.course import list_joined
from workshop.activities.rate import SEEN
from workshop.checks.whole import Whole

ANSWERS = {"write": "written", "vote": "vote", "rate": "rating", "split": "share", "pulse": "pulse"}
Rows = dict[str, list[dict[str, Any]]]


def read_round(db: Database, whole: Whole) -> Rows:
    """The rows by their table in ROUND; none while no round is shown."""
    asked = get_current(db)
    if asked is None:
        # what the host typed in from paper is shown with the step
        shown = whole.at == "ranking" and room.get_room(db)["phase"] in ("reveal", "talk")
        return _rated(db, whole, "activity IS NULL", []) if shown and whole.ratings else {}
    if asked["state"] != "revealed":
        return {}
    mine = ("activity = ?", [asked["id"]])
    rows = {"round": [{"ref": asked["step"], "voted": _voted(db, asked), "joined": len(list_joined(db))}]}
    if asked["kind"] == "write":
        counts = db.execute("SELECT pen, count(*) FROM written WHERE activity = ? GROUP BY pen", mine[1]).fetchall()
        # people may have come to listen: who did not write is asked about by nobody
        return {"board": [{"ref": asked["step"], "entries": dict(counts)}]}
    return rows | (_rated(db, whole, *mine) if asked["kind"] == "rate" else {})


def _voted(db: Database, asked: dict[str, Any]) -> int:
    table = ANSWERS[asked["kind"]]
    return db.execute(f"SELECT count(DISTINCT pen) FROM {table} WHERE activity = ?", [asked["id"]]).fetchone()[0]


def _rated(db: Database, whole: Whole, which: str, values: list[Any]) -> Rows:
    """Cells with all of their ratings, and the ballot of one who rated everything alike: one is enough to say so."""
    known = {row["ref"] for row in whole.live} | {row["ref"] for row in whole.metrics("cpi", "kpi")}
    cells: dict[str, list[int]] = {}
    ballots: dict[int, dict[tuple[str, str], int]] = {}
    for pen, concept, metric, value in db.execute(
        f"SELECT pen, concept, metric, value FROM rating WHERE {which} AND {SEEN} AND value IS NOT NULL ORDER BY round",
        values,
    ).fetchall():
        if {concept, metric} <= known:
            cells.setdefault(f"{concept}+{metric}", []).append(value)
            ballots.setdefault(pen, {})[concept, metric] = value
    return {
        "cell": [{"ref": ref, "values": values} for ref, values in cells.items()],
        "ballot": [{"ref": "ranking", "values": flat} for flat in _flat(ballots.values())][:1],
    }


def _flat(ballots: Iterable[dict[tuple[str, str], int]]) -> list[list[int]]:
    """The ballots on four concepts or more that give all of them one rating."""
    return [
        list(ballot.values())
        for ballot in ballots
        if len({concept for concept, _metric in ballot}) >= 4 and len(set(ballot.values())) == 1
    ]
