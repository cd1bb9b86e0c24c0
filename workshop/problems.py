"""What can go wrong between people and the workshop, in sentences that they can act on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One sentence about one field; an empty field name means the whole command."""

    field: str
    message: str


class Refusal(Exception):
    """The workshop said no and stored nothing. `str()` gives the sentence to show."""


class Rejected(Refusal):
    """What was entered cannot be stored; `problems` says why, field by field."""

    def __init__(self, *problems: Problem):
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class Conflict(Refusal):
    """Somebody else was faster. `theirs` and `mine` are the two versions, field by field, where there are two."""

    def __init__(self, message: str, ref: str = "", theirs: dict | None = None, mine: dict | None = None):
        super().__init__(message)
        self.ref, self.theirs, self.mine = ref, theirs or {}, mine or {}


class NotFound(Refusal):
    """There is no such workshop or item."""


class Unreadable(Refusal):
    """A file is damaged, of another kind, or newer than this program."""
