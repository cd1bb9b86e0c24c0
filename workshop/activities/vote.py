"""Vote: so many dots for each person, at most so many on one line, in private."""

from dataclasses import dataclass, field

from sqlite_utils import Database

from workshop.activities.activity import check_whole, own_pen, sign
from workshop.problems import Problem, Rejected
from workshop.words import _


@dataclass(frozen=True)
class CastVote:
    """One person's whole ballot, in place of an earlier one: dots by ref. None at all is a way to pass."""

    activity: int
    participant: int
    dots: dict[str, int] = field(default_factory=dict)
    typed_by_host: bool = False


def cast_vote(db: Database, command: CastVote) -> int:
    """Gives how many dots were given. Raises Rejected."""
    asked, pen = sign(db, "vote", command.activity, command.participant)
    settings = asked["settings"]
    dots = check_whole(command.dots, settings["targets"], "dots")
    if too_many := next((ref for ref, given in dots.items() if given > settings["cap"]), None):
        raise Rejected(Problem(too_many, _("{cap} is the most for one line.").format(cap=settings["cap"])))
    if sum(dots.values()) > settings["dots"]:
        over = sum(dots.values()) - settings["dots"]
        raise Rejected(Problem("dots", _("{over} dots too many.").format(over=over)))
    db.execute("DELETE FROM vote WHERE activity = ? AND pen = ?", [asked["id"], pen])
    for ref, given in dots.items():
        if given:
            db.execute(
                "INSERT INTO vote (activity, pen, target, dots, typed_by_host) VALUES (?, ?, ?, ?, ?)",
                [asked["id"], pen, ref, given, int(command.typed_by_host)],
            )
    return sum(dots.values())


def get_own(db: Database, asked: dict, participant: int) -> dict[str, int]:
    """One person's dots by ref."""
    pen = own_pen(db, participant, asked["feed"])
    return dict(db.execute("SELECT target, dots FROM vote WHERE activity = ? AND pen = ?", [asked["id"], pen]))
