"""Further cells: what one person is asked to rate once their fair share is done.

Which cells those are is for the steps to say, who know what a rating is for; here they are kept, by pen, so that a
phone shows the same ones until they are answered.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop.activities.activity import get_activity, own_pen, sign

BATCH = 3  # cells that are asked for at once


@dataclass(frozen=True)
class AskFurther:
    """Asks one person to rate these cells as well: (concept, metric)."""

    activity: int
    participant: int
    cells: tuple[tuple[str, str], ...]


def ask_further(db: Database, command: AskFurther) -> int:
    """Gives how many cells. Raises Rejected when the round takes no more answers."""
    asked, pen = sign(db, "rate", command.activity, command.participant)
    for concept, metric in command.cells:
        db.execute(
            "INSERT OR IGNORE INTO further_cell (activity, pen, concept, metric) VALUES (?, ?, ?, ?)",
            [asked["id"], pen, concept, metric],
        )
    return len(command.cells)


def list_further(db: Database, asked: dict, participant: int) -> list[tuple[str, str]]:
    """What one person was asked beyond the fair share, in the order in which it was asked."""
    pen = own_pen(db, participant, asked["feed"])
    sql = "SELECT concept, metric FROM further_cell WHERE activity = ? AND pen = ? ORDER BY id"
    return [(concept, metric) for concept, metric in db.execute(sql, [asked["id"], pen]).fetchall()]


def count_under_way(db: Database, activity: int) -> dict[tuple[str, str], int]:
    """How many people were asked for each cell beyond their share and have not answered yet."""
    rows = db.execute(
        """SELECT further_cell.concept, further_cell.metric, count(*) FROM further_cell LEFT JOIN rating
            ON rating.pen = further_cell.pen AND rating.concept = further_cell.concept
            AND rating.metric = further_cell.metric AND rating.round = ?
        WHERE further_cell.activity = ? AND rating.id IS NULL GROUP BY 1, 2""",
        [get_activity(db, activity)["round"], activity],
    )
    return {(concept, metric): many for concept, metric, many in rows.fetchall()}
