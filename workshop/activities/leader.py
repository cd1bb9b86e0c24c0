"""The leader last: whoever leads is asked to answer after the others. A request on the phone, never a block."""

from typing import Any

from sqlite_utils import Database

from workshop.activities.course import list_joined


def leads(person: dict[str, Any]) -> bool:
    """Whether others in the room look to what this person says (METHOD.md §3: the leader speaks last)."""
    return person["role_in_room"] == "decider" or person["group"] == "leadership"


def count_before(db: Database, person: dict[str, Any]) -> int | None:
    """How many are not ready yet who should be before this person; None for those who need not wait for anybody."""
    before = [one for one in list_joined(db) if not leads(one)] if leads(person) else []
    return sum(not one["ready"] for one in before) if before else None
