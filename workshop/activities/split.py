"""Split: each person shares 100 points over a few things, in private."""

from dataclasses import dataclass, field

from sqlite_utils import Database

from workshop.activities.activity import check_whole, own_pen, sign
from workshop.problems import Problem, Rejected
from workshop.words import _

POINTS = 100


@dataclass(frozen=True)
class SavePoints:
    """One person's whole split, in place of an earlier one: points by ref, 100 in all."""

    activity: int
    participant: int
    points: dict[str, int] = field(default_factory=dict)
    typed_by_host: bool = False


def save_points(db: Database, command: SavePoints) -> int:
    """Raises Rejected unless they sum to 100."""
    asked, pen = sign(db, "split", command.activity, command.participant)
    points = check_whole(command.points, asked["settings"]["targets"], "points")
    left = POINTS - sum(points.values())
    if left:
        sentence = _("{count} points left.") if left > 0 else _("{count} points too many.")
        raise Rejected(Problem("points", sentence.format(count=abs(left))))
    db.execute("DELETE FROM share WHERE activity = ? AND pen = ?", [asked["id"], pen])
    for ref in asked["settings"]["targets"]:
        db.execute(
            "INSERT INTO share (activity, pen, target, points, typed_by_host) VALUES (?, ?, ?, ?, ?)",
            [asked["id"], pen, ref, points.get(ref, 0), int(command.typed_by_host)],
        )
    return POINTS


def get_own(db: Database, asked: dict, participant: int) -> dict[str, int]:
    """One person's points by ref."""
    pen = own_pen(db, participant, asked["feed"])
    return dict(db.execute("SELECT target, points FROM share WHERE activity = ? AND pen = ?", [asked["id"], pen]))
