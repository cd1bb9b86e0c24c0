"""Days as a calendar file (iCalendar, RFC 5545): whole days; the next export of the same day replaces it."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from workshop.document import legible


class Day(Protocol):
    """What an event is made of; `day` as 2026-03-12, `version` from 1."""

    id: str
    version: int
    day: str
    what: str
    note: str


def render(title: str, days: list[Day]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Throughline//Workshop//EN", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{_text(title)}"]  # fmt: skip
    for day in days:
        lines += _event(day, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _event(day: Day, stamp: str) -> list[str]:
    start = date.fromisoformat(day.day)
    return [
        "BEGIN:VEVENT", f"UID:{day.id}@throughline", f"DTSTAMP:{stamp}", f"SEQUENCE:{day.version - 1}",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{start + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(day.what)}", f"DESCRIPTION:{_text(day.note)}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _text(text: str) -> str:
    """Words as a property's value: backslash, semicolon, comma and line ends escaped."""
    for char, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(char, instead)
    return legible(text)


def _folded(line: str) -> str:
    """At most 75 bytes a line, never cut inside a letter; what follows begins with a space."""
    parts, size, begin = [], 0, 0
    for at, char in enumerate(line):
        size += len(char.encode())
        if size > 75 - bool(parts):
            parts.append(line[begin:at])
            begin, size = at, len(char.encode())
    return "\r\n ".join([*parts, line[begin:]])
