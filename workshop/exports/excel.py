"""Every table as a sheet of one Excel file (XLSX): typed columns, header row that stays, filters, native charts.

What people wrote is only ever text: no formula, no link.
"""

import io
from datetime import date
from typing import Any

import xlsxwriter

from workshop.document import Column, Grid, legible
from workshop.palette import ground, ink
from workshop.words import _

MOST_CELL = 32_767  # letters that Excel takes
CHARTS = {"ranking": (1, ("score", "customer_score", "business_score")), "weights": (1, ("weight",))}
COLOURS = {"score": "concept", "customer_score": "cpi", "business_score": "kpi", "weight": "purpose"}
HATCHED = {"customer_score": "wide_upward_diagonal", "business_score": "light_vertical"}
MOST_BARS = 40
# how what stands in a column stands there, its head included
CELLS = {"text": {"align": "left", "text_wrap": True}, "number": {"align": "right", "indent": 1},
         "day": {"align": "left", "num_format": "yyyy-mm-dd"}, "yes_no": {"align": "left"}}  # fmt: skip
ACROSS = 180  # letters that a page can be read with; a wider table goes on on the next
LINE, MOST_LINES = 15.5, 20  # points; of one row
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def render(grids: list[Grid], title: str) -> bytes:
    """The tables as the bytes of an .xlsx, one sheet each."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, PLAIN)
    book.set_properties({"title": legible(title)[:255]})
    head = {"bold": True, "bottom": 1, "bg_color": ground("band", "light"), "valign": "top", "text_wrap": True}
    looks = {name: book.add_format({"valign": "top"} | look) for name, look in CELLS.items()}
    for name, look in CELLS.items():
        side = {key: look[key] for key in ("align", "indent") if key in look}
        looks[f"{name} head"] = book.add_format(head | side)
    taken: set[str] = set()
    for grid in grids:
        _sheet(book, grid, looks, _sheet_name(grid, taken))
    if not grids:
        book.add_worksheet(_("Empty")).write_string(0, 0, _("Nothing has been written in this workshop yet."))
    book.close()
    return out.getvalue()


def _title(grid: Grid) -> str:
    return _(grid.name.replace("_", " ").capitalize())


def _sheet_name(grid: Grid, taken: set[str]) -> str:
    """Excel takes 31 letters, none of []:*?/\\, and no name twice."""
    name = "".join(char for char in _title(grid) if char not in "[]:*?/\\")[:31]
    if name.casefold() in taken:
        name = f"{name[:28]} {len(taken)}"
    taken.add(name.casefold())
    return name


def _sheet(book: xlsxwriter.Workbook, grid: Grid, looks: dict, name: str) -> None:
    sheet = book.add_worksheet(name)
    wide = [_wide(grid, at) for at in range(len(grid.columns))]
    for at, column in enumerate(grid.columns):
        sheet.write_string(0, at, legible(column.name.replace("_", " ")), looks[f"{column.holds} head"])
        sheet.set_column(at, at, wide[at], looks[column.holds])
    for line, row in enumerate(grid.rows, 1):
        sheet.set_row(line, _high(row, wide))
        for at, (value, column) in enumerate(zip(row, grid.columns, strict=True)):
            _write(sheet, line, at, value, column, looks)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(grid.rows), len(grid.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(max(1, round(sum(wide) / ACROSS)), 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    if grid.name in CHARTS:
        _chart(book, sheet, grid, name)


def _wide(grid: Grid, at: int) -> float:
    longest = max((len(str(row[at])) for row in grid.rows[:200] if row[at] is not None), default=0)
    return max(8, min(60, longest, 34 if longest > 120 else 60), min(18, len(grid.columns[at].name) + 3))


def _high(row: list, wide: list[float]) -> float:
    """Points that the row's longest cell takes, broken over lines: not every program measures that itself."""
    lines = [sum(len(part) // int(room + 1) + 1 for part in cell.split("\n"))
             for cell, room in zip(row, wide, strict=True) if isinstance(cell, str)]  # fmt: skip
    return LINE * min(MOST_LINES, max(lines, default=1))


def _write(sheet: Any, line: int, at: int, value: Any, column: Column, looks: dict) -> None:
    look = looks[column.holds]
    if value is None:
        return
    if column.holds == "day":
        sheet.write_datetime(line, at, date.fromisoformat(value), look)
    elif column.holds == "yes_no":
        sheet.write_boolean(line, at, value, look)
    elif column.holds == "number":
        sheet.write_number(line, at, value, look)
    else:
        sheet.write_string(line, at, legible(str(value))[:MOST_CELL], look)


def _fill(part: str) -> dict[str, Any]:
    """The colour of a part, and hatching where colour alone would tell it from the score: paper may be grey."""
    colour = ink(COLOURS[part], "light")
    if part not in HATCHED:
        return {"fill": {"color": colour}}
    hatched = {"pattern": HATCHED[part], "fg_color": colour, "bg_color": "white"}
    return {"pattern": hatched, "border": {"color": colour}}


def _chart(book: xlsxwriter.Workbook, sheet: Any, grid: Grid, name: str) -> None:
    """A chart of Excel's own, which follows the figures when somebody changes them; beside its table."""
    words, parts = CHARTS[grid.name]
    last = min(len(grid.rows), MOST_BARS)
    chart = book.add_chart({"type": "bar"})
    for at, column in enumerate(grid.columns):
        if column.name in parts and any(row[at] is not None for row in grid.rows):
            chart.add_series(
                {
                    "name": [name, 0, at],
                    "categories": [name, 1, words, last, words],
                    "values": [name, 1, at, last, at],
                    **_fill(column.name),
                    "gap": 60,
                }
            )
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": ground("line", "light")}}})
    chart.set_title({"name": _title(grid), "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"} if len(parts) > 1 else {"none": True})
    chart.set_size({"width": 640, "height": 120 + 34 * last})
    sheet.insert_chart(1, len(grid.columns) + 1, chart, {"description": _title(grid), "object_position": 3})
