"""How people come in with their phones, and come back as the same person.

Three ways in: the join code on the shared screen, a personal link that opens once (also a locked door), and one's own
code for somebody who was here before. A phone holds one secret, its token of 128 bits; the file holds the hash. The
join code gives nothing but joining.
"""

import re
import secrets
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from workshop import fields, people, store
from workshop.hosts import digest
from workshop.library import list_library
from workshop.migrations import new_join_code
from workshop.problems import NotFound, Problem, Rejected
from workshop.words import N_, _

MOST_PEOPLE = 2000
LINK_SIGNS, OWN_SIGNS = 16, 8  # of store.ALPHABET: 79 and 40 bits
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_CODE = re.compile(f"[{store.ALPHABET}]{{6}}")
_LINK = re.compile(f"([{store.ALPHABET}]{{8}})[{store.ALPHABET}]{{{LINK_SIGNS}}}")


@dataclass(frozen=True)
class ComeIn:
    """Somebody at the entrance with a join code or a personal link; `token` is what their phone will be known by.

    `is_another` says that somebody else bears the same name.
    """

    key: str
    token: str
    alias: str = ""
    group: str = "other"
    is_another: bool = False


class Namesake(Rejected):
    """Somebody of that name came in with a phone before: the same person once more, who must not vote twice?"""


@dataclass(frozen=True)
class ComeBack:
    """Somebody who was here before, with the code that their phone showed them."""

    own_code: str
    token: str


@dataclass(frozen=True)
class RenewCode:
    """Another join code; the one before opens nothing any more. Whoever is in stays in."""


@dataclass(frozen=True)
class LockDoor:
    """While the door is locked only personal links and own codes open it."""

    locked: bool


@dataclass(frozen=True)
class NameWifi:
    """The Wi-Fi that the phones come in by, as its name stands in their lists; '' is told as this room's."""

    name: str = fields.line(N_("Wi-Fi in this room"), most=32)


@dataclass(frozen=True)
class MakeLinks:
    """Personal links, given by their secrets (`new_link`), which cannot be read again afterwards."""

    links: tuple[str, ...]


# Pure


def new_token() -> str:
    return secrets.token_urlsafe(16)


def new_link(code: str) -> str:
    """The secret of a personal link to this workshop: the workshop's code, then 16 random signs."""
    return code + "".join(secrets.choice(store.ALPHABET) for _sign in range(LINK_SIGNS))


def own_code(token: str) -> str:
    """The short code that brings somebody back as the same person, e.g. "K7Q4-MD2X". It follows from the token."""
    number, signs = int.from_bytes(sha256(f"own code of {token}".encode()).digest()), ""
    for _sign in range(OWN_SIGNS):
        number, place = divmod(number, len(store.ALPHABET))
        signs += store.ALPHABET[place]
    return f"{signs[:4]}-{signs[4:]}"


def plain(code: str) -> str:
    """A code as people type it, without its dashes, spaces and small letters."""
    return re.sub(r"[\s-]", "", code[:200]).upper()


def link_to(key: str) -> str:
    """The code of the workshop that a personal link names; '' when it is none."""
    found = _LINK.fullmatch(plain(key))
    return found[1] if found else ""


# Finding the workshop


def find(key: str) -> str:
    """The code of the workshop that a join code or a personal link leads to. Raises NotFound.

    Goes by the library's list, which opens a file again only after somebody has written to it.
    """
    key = plain(key)
    if code := link_to(key):
        store.file_of(code)
        return code
    if _CODE.fullmatch(key):
        for entry in list_library():
            if entry.join_code == key and not entry.problem:
                return entry.code
    raise _closed()


def _closed() -> NotFound:
    return NotFound(_("That code is not open. Look at the big screen."))


# Coming in


def come_in(db: Database, command: ComeIn) -> int:
    """Gives the participant's id; with a token that is known here, the same person again.

    Raises NotFound, Rejected, or Namesake where it may be somebody who was here before.
    """
    _check_token(command.token)
    if known := get_person(db, command.token):
        return known["id"]
    key = plain(command.key)
    link = _unused_link(db, key) if link_to(key) else None
    if link is None:
        _check_door(db, key)
    count = db.execute("SELECT count(*) FROM participant").fetchone()[0]
    if count >= MOST_PEOPLE:
        raise Rejected(Problem("", _("This workshop is full. Ask the facilitator.")))
    if not command.is_another:
        _check_name(db, command.alias)
    alias = command.alias if fields.clean(command.alias) else _("Guest {number}").format(number=count + 1)
    person = people.add_participant(db, people.AddParticipant(alias=alias, group=command.group))
    if link is not None:
        db.execute("UPDATE personal_link SET participant = ? WHERE id = ?", [person, link])
    _know(db, person, command.token)
    return person


def come_back(db: Database, command: ComeBack) -> int:
    """Gives the id of the participant whose own code this is. Raises NotFound."""
    _check_token(command.token)
    found = db.execute(
        """SELECT participant FROM participant_token JOIN participant ON participant.id = participant
        WHERE personal_code = ? AND archived_at IS NULL""",
        [digest(plain(command.own_code))],
    ).fetchone()
    if not found:
        raise NotFound(_("Nobody here has that code of their own. Look at it once more, or come in anew."))
    _know(db, found[0], command.token)
    return found[0]


def _check_token(token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise Rejected(Problem("", _("This page is too old. Load it again.")))


def _unused_link(db: Database, key: str) -> int:
    found = db.execute("SELECT id, participant FROM personal_link WHERE link = ?", [digest(key)]).fetchone()
    if not found:
        raise _closed()
    if found[1] is not None:
        raise Rejected(Problem("", _("This link was used already. Ask the facilitator for another one.")))
    return found[0]


def _check_door(db: Database, key: str) -> None:
    entrance = get_entrance(db)
    if key != entrance["join_code"]:
        raise _closed()
    if entrance["locked"]:
        raise Rejected(Problem("", _("The door is closed now. Ask the facilitator to let you in.")))


def _check_name(db: Database, alias: str) -> None:
    """Nobody is asked about those whom the host has put on the list: they have no code of their own."""
    with_phones = db.execute(
        "SELECT alias FROM participant WHERE archived_at IS NULL AND id IN (SELECT participant FROM participant_token)"
    )
    name = fields.clean(alias)
    if name.casefold() in {known.casefold() for (known,) in with_phones.fetchall()}:
        sentence = _("Are you the {name} who is here already? Then give your own code, so that you are not here twice.")
        raise Namesake(Problem("own", sentence.format(name=name)))


def _know(db: Database, participant: int, token: str) -> None:
    db.execute(
        "INSERT OR IGNORE INTO participant_token (participant, token, personal_code) VALUES (?, ?, ?)",
        [participant, digest(token), digest(plain(own_code(token)))],
    )


def get_person(db: Database, token: str) -> dict[str, Any] | None:
    """Whose phone this is: id, alias, group, role_in_room. None when nobody's, or of somebody who was removed."""
    row = db.execute(
        """SELECT participant.id, alias, "group", role_in_room FROM participant_token
        JOIN participant ON participant.id = participant_token.participant
        WHERE token = ? AND archived_at IS NULL""",
        [digest(token)],
    ).fetchone()
    return dict(zip(("id", "alias", "group", "role_in_room"), row, strict=True)) if row else None


def list_namesakes(db: Database) -> list[str]:
    """Names that stand on the list more than once, whoever put them there: perhaps one person came in again."""
    names = [one["alias"] for one in people.list_participants(db)]
    counted = Counter(name.casefold() for name in names)
    return list({name.casefold(): name for name in names if counted[name.casefold()] > 1}.values())


# What the host does at the entrance


def get_entrance(db: Database) -> dict[str, Any]:
    """join_code ('' in a file that came from elsewhere and was not unlocked yet); locked; wifi, '' where nobody named
    it; links (personal ones that nobody has used yet)."""
    row = db.execute(
        "SELECT join_code, locked, wifi, (SELECT count(*) FROM personal_link WHERE participant IS NULL) FROM entrance"
    ).fetchone()
    return {"join_code": row[0], "locked": bool(row[1]), "wifi": row[2], "links": row[3]}


def renew_code(db: Database, _command: RenewCode) -> str:
    """Gives a join code that no other workshop of this library has."""
    taken = {entry.join_code for entry in list_library()}
    code = next(code for code in iter(new_join_code, "") if code not in taken)
    db.execute("UPDATE entrance SET join_code = ?", [code])
    return code


def lock_door(db: Database, command: LockDoor) -> None:
    if not command.locked and not get_entrance(db)["join_code"]:
        renew_code(db, RenewCode())
    db.execute("UPDATE entrance SET locked = ?", [int(command.locked)])


def name_wifi(db: Database, command: NameWifi) -> str:
    """Gives its name. Raises Rejected."""
    name = fields.accept(NameWifi, vars(command))["name"]
    db.execute("UPDATE entrance SET wifi = ?", [name])
    return name


def make_links(db: Database, command: MakeLinks) -> int:
    """Gives how many links were made."""
    for link in command.links:
        db.execute("INSERT INTO personal_link (link) VALUES (?)", [digest(link)])
    return len(command.links)
