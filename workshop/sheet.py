"""A table as people bring it, CSV or Excel: read whatever its encoding, signs and empty lines, or refused in one
sentence. Pure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl

from workshop import fields
from workshop.figures import figure
from workshop.problems import Problem, Refusal, Rejected
from workshop.words import _

MOST_BYTES, MOST_COLUMNS = 20_000_000, 200
MOST_UNPACKED = 30_000_000  # six times what 200 concepts and 300 raters take; more would hold the room up
MOST_ROWS = {"concepts": 2_000, "metrics": 500, "touchpoints": 2_000, "ratings": 20_000}


@dataclass(frozen=True)
class Sheet:
    """A table as it was read: column names, rows of (line in the file, cells), and the sign that decimals follow."""

    columns: list[str]
    rows: list[tuple[int, list[Any]]]
    decimal: str = "."


def read(raw: bytes, kind: str) -> Sheet:
    """The table in a CSV or XLSX file. Raises Rejected in one sentence: too large, no table, not readable."""
    if len(raw) > MOST_BYTES:
        raise _refused(_("This file is too large: a table has at most {most} MB.").format(most=MOST_BYTES // 10**6))
    filled, decimal = _excel(raw, kind) if raw[:2] == b"PK" else _csv(raw, kind)
    if len(filled) < 2:
        raise _refused(_("There is no table in this file: it needs a line of column names and at least one row."))
    if len(filled) - 1 > MOST_ROWS[kind]:
        many = _("This table has more than {most} rows, which is the most that can be brought in at once.")
        raise _refused(many.format(most=figure(MOST_ROWS[kind])))
    columns = [" ".join(fields.clean(str(cell or "")).split()) for cell in filled[0][1]]
    while columns and not columns[-1]:
        columns.pop()
    plain = [plain_name(name) for name in columns]
    doubled = next((name for name in columns if name and plain.count(plain_name(name)) > 1), "")
    if doubled:
        raise _refused(_("The column “{name}” is there twice.").format(name=fields.in_short(doubled)))
    return Sheet(columns, [(number, cells[: len(columns)]) for number, cells in filled[1:]], decimal)


def _filled(lines: Iterable[tuple[int, list]], kind: str) -> list[tuple[int, list]]:
    """Those that are not empty, and no more of them than tell whether there are too many to be brought in."""
    filled = ((number, cells) for number, cells in lines if any(cell not in (None, "") for cell in cells))
    return list(islice(filled, MOST_ROWS[kind] + 2))


def _csv(raw: bytes, kind: str) -> tuple[list, str]:
    """(line, cells) and the decimal sign, whatever the encoding; semicolons mean that commas are decimals."""
    text = _decoded(raw)
    head = text.lstrip("\n").split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
        lines = ((reader.line_num, [_unescaped(cell) for cell in cells[:MOST_COLUMNS]]) for cells in reader)
        filled = _filled(lines, kind)
    except csv.Error:
        sentence = _("This is not a CSV table: a quotation mark is opened and not closed, near line {line}.")
        raise _refused(sentence.format(line=reader.line_num)) from None
    return filled, "," if mark == ";" else "."


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise _refused(_("This file is neither Excel nor text. Save it as CSV (UTF-8) or as .xlsx."))


def _unescaped(cell: str) -> str:
    """The apostrophe goes that our own CSV puts before what a spreadsheet would run."""
    return cell[1:] if re.match(r"'\s*[=+\-@\t＝＋－＠]", cell) else cell


def _excel(raw: bytes, kind: str) -> tuple[list, str]:
    no_excel = _refused(_("This is not an Excel file that can be read. Save it as .xlsx or as CSV."))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise _refused(_("This file unpacks to more than a table of a workshop can be."))
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = next((one for one in book.worksheets if one.title.casefold() == kind), book.worksheets[0])
        lines = enumerate(map(list, sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)), 1)
        filled = _filled(lines, kind)
        book.close()
    except Refusal:
        raise
    except Exception:  # openpyxl raises whatever its XML and zip readers do
        raise no_excel from None
    return filled, "."


def plain_name(name: str) -> str:
    """A column's name without capitals and signs, so that "Better is:" is "better_is"."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def _refused(sentence: str) -> Rejected:
    return Rejected(Problem("file", sentence))
