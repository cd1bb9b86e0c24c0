"""The names beside what was written, where the workshop's anonymity has them: from the reveal on, or at the end.

Nothing else that people answer ever bears a name. A name stands with its answer, so that whose pen was whose can be
forgotten as soon as names are shown.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import people
from workshop.activities.activity import RANKING
from workshop.problems import Problem, Rejected
from workshop.words import _

ORDER = ("always", "until_end", "named")  # from the strictest promise to the loosest


@dataclass(frozen=True)
class ShowNames:
    """The end has come, in a workshop that is anonymous until then. Nothing takes the names back."""


def stand_by(db: Database) -> bool:
    """Whether what is revealed now bears names at once: in a workshop with names, or after they were shown."""
    return are_told(db) or (_anonymity(db) == "until_end" and _are_shown(db))


def are_told(db: Database) -> bool:
    """Whether this is a workshop with names: everybody answers knowing that they are."""
    return _anonymity(db) == "named"


def forgets(db: Database) -> bool:
    """Whether the owners of what is revealed now are forgotten with it."""
    anonymity = _anonymity(db)
    return anonymity == "always" or (anonymity == "until_end" and _are_shown(db))


def check_promise(db: Database, anonymity: str) -> None:
    """Raises Rejected when people have answered under a promise that would be broken by this one.

    Whoever told the host what to type as a rating was promised nothing by a phone.
    """
    looser = ORDER.index(anonymity) > ORDER.index(_anonymity(db))
    waiting = " UNION ALL ".join(f"SELECT pen FROM {table}" for table in ("written", "vote", "share", "pulse"))
    rated = "SELECT pen FROM rating WHERE activity IS NOT NULL AND typed_by_host = 0"
    given = f"SELECT 1 FROM pen_owner WHERE pen IN ({waiting} UNION ALL {rated}) LIMIT 1"
    if looser and db.execute(given).fetchone():
        said = _("People have answered under the promise that they were given. Only a stricter one can follow now.")
        raise Rejected(Problem("anonymity", said))


def write_names(db: Database, activity: int) -> None:
    db.execute(
        """UPDATE written SET name = coalesce((SELECT alias FROM participant JOIN pen_owner
            ON pen_owner.participant = participant.id WHERE pen_owner.pen = written.pen), '') WHERE activity = ?""",
        [activity],
    )


def can_be_shown(db: Database) -> bool:
    """Whether there is something written that waits for its names."""
    return _anonymity(db) == "until_end" and bool(_waiting(db, "AND kind = 'write'"))


def show_names(db: Database, _command: ShowNames) -> int:
    """Writes the names beside all that was revealed, and forgets whose pens were whose. Gives how many answers."""
    if not can_be_shown(db):
        raise Rejected(Problem("", _("There is nothing that waits for its names.")))
    for activity, _feed in _waiting(db, "AND kind = 'write'"):
        write_names(db, activity)
    for _activity, feed in _waiting(db):
        people.forget_owners(db, feed)
        db.execute("UPDATE activity SET sealed = 1 WHERE feed = ? AND state = 'revealed' AND sealed = 0", [feed])
    return db.execute("SELECT count(*) FROM written WHERE name <> ''").fetchone()[0]


def list_names(db: Database) -> dict[str, str]:
    """Who wrote it, by entry; nothing where names are not shown, or not yet, or where the host has put words right:
    a name stands by nothing but its bearer's own words."""
    rows = db.execute(
        "SELECT ref, name FROM written JOIN entry ON entry.ref = written.entry AND entry.text = written.text"
    )
    return {ref: name for ref, name in rows.fetchall() if name}


def _anonymity(db: Database) -> str:
    return db.execute("SELECT anonymity FROM workshop").fetchone()[0]


def _are_shown(db: Database) -> bool:
    return db.execute("SELECT 1 FROM written WHERE name <> '' LIMIT 1").fetchone() is not None


def _waiting(db: Database, which: str = "") -> list[tuple[int, str]]:
    """(activity, feed) of what was revealed and whose owners are known; of the ranking only once it is decided."""
    return db.execute(
        f"""SELECT id, feed FROM activity WHERE state = 'revealed' AND sealed = 0 AND (feed <> :ranking OR EXISTS
            (SELECT 1 FROM activity AS rated JOIN agenda ON agenda.slug = rated.step AND agenda.phase = 'decided'
            WHERE (rated.feed, rated.kind, rated.state) = (:ranking, 'rate', 'revealed'))) {which}""",
        {"ranking": RANKING},
    ).fetchall()
