"""Every table as CSV in one zip: UTF-8 that spreadsheets recognise, a header line, commas.

A spreadsheet runs what begins with = + - @ (also after a tab or a line's end): such text gets an apostrophe in front.
Numbers are written as numbers.
"""

import csv
import io
import zipfile

from workshop.document import Cell, Grid

RUNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def render(grids: list[Grid]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for grid in grids:
            out.writestr(f"{grid.name.replace(' ', '_')}.csv", one(grid))
    return packed.getvalue()


def one(grid: Grid) -> bytes:
    """One table as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(column.name for column in grid.columns)
    lines.writerows([cell(value) for value in row] for row in grid.rows)
    return text.getvalue().encode("utf-8-sig")


def cell(value: Cell) -> str:
    """A cell as it is written: "" for nothing, yes and no as such, text that nothing will run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.lstrip(" \n").startswith(RUNS) else value
