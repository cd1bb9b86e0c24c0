"""A finished workshop is closed: it can be read and exported, and is written into only to open it again.

That nothing else is stored is the store's own rule (`store.change`), so that no page and no phone can pass it by.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from workshop import room
from workshop.problems import Conflict
from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop
from workshop.words import _


@dataclass(frozen=True)
class CloseWorkshop:
    """Nothing changes from now on, until somebody opens it again."""


@dataclass(frozen=True)
class ReopenWorkshop:
    """The workshop goes on where it stood."""


def is_closed(db: Database) -> bool:
    return db.execute("SELECT status FROM workshop").fetchone()[0] == "closed"


def close_workshop(db: Database, _command: CloseWorkshop) -> str:
    """Gives the title. Raises Conflict while people are answering something, or when somebody was faster."""
    if is_closed(db):
        raise Conflict(_("The workshop is closed already."))
    if room.is_asking(db):
        raise Conflict(_("People are answering something. Close or reveal that first."))
    room.stop_clock(db)
    return _set_status(db, "closed")


def reopen_workshop(db: Database, _command: ReopenWorkshop) -> str:
    """Gives the title. Raises Conflict when it is open."""
    if not is_closed(db):
        raise Conflict(_("The workshop is open already."))
    return _set_status(db, "live")


def _set_status(db: Database, status: str) -> str:
    return edit_workshop(db, EditWorkshop(get_workshop(db)["version"], {"status": status}))
