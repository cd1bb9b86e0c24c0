"""Tables, charts and pictures on slides, each in the placeholder that the template has for it."""

import io
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as File
from pptx.shapes.placeholder import ChartPlaceholder, PicturePlaceholder, TablePlaceholder
from pptx.util import Emu, Inches, Pt

from workshop.document import DAY, Chart, Picture, Table, legible, number, widths
from workshop.exports import pictures
from workshop.exports.powerpoint.fit import Line, fitting, row_high, text_high
from workshop.exports.powerpoint.own_template import RELATED
from workshop.exports.powerpoint.placeholders import (
    BODIES,
    CHARTS,
    PICTURES,
    TABLES,
    TITLES,
    add_slide,
    drop_empty,
    first,
    is_upright,
    layout_with,
    placeholder,
)
from workshop.exports.powerpoint.words import SMALLEST, set_size, unbroken, write, write_title

NOTE = 18  # points; of the words below a drawing
SMALL = 0.7  # of the width that another layout would give
BARS = 15  # concepts that a chart on a slide keeps apart
OFFICE_STYLE = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"  # medium style 2, accent 1


def table_slides(file: File, title: str, table: Table) -> None:
    """The table, on as many slides as its rows take, the head on each."""
    rows = table.rows
    style = _own_table_style(file)
    while rows:
        room = _drawing_slide(file, title, TABLES)
        shares = widths(table, letters=84)
        size, taken = fitting(table.head, rows, shares, room.width, room.height)
        many = taken + 1, len(table.head)
        if room.holder is not None:
            made = TablePlaceholder(room.holder._element, room.holder._parent).insert_table(*many)
        else:
            made = room.slide.shapes.add_table(*many, room.left, room.top, room.width, Inches(0.3) * many[0])
        _described(made, table.caption, table.caption)
        made.table._tbl.tblPr.find(qn("a:tableStyleId")).text = style
        for at, share in enumerate(shares):
            made.table.columns[at].width = Emu(int(room.width * share))
        for line, cells in enumerate([table.head, *rows[:taken]]):
            made.table.rows[line].height = Emu(int(row_high(cells, shares, room.width, size)))
            for at, text in enumerate(cells):
                _fill(made.table.cell(line, at), text, size)
        made.height = sum(row.height for row in made.table.rows)
        rows = rows[taken:]


def _own_table_style(file: File) -> str:
    """The id of the style that the template gives its tables; without one PowerPoint's own."""
    for related in file.part.rels.values():
        if related.reltype == f"{RELATED}/tableStyles":
            return parse_xml(related.target_part.blob).get("def", OFFICE_STYLE)
    return OFFICE_STYLE


def _fill(cell, text: str, size: float) -> None:
    cell.text_frame.text = text if DAY.fullmatch(text) else DAY.sub(unbroken, legible(text))
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    set_size(cell.text_frame, size)


def chart_slide(file: File, title: str, block: Chart) -> None:
    """The figures as a chart of PowerPoint's own, which people can change."""
    rows = block.table.rows[:BARS]
    figures = CategoryChartData()
    figures.categories = [legible(row[0]) for row in rows]
    for at in block.bars:
        figures.add_series(block.table.head[at], [number(row[at]) for row in rows])
    room = _drawing_slide(file, title, CHARTS, block.text)
    box = room.left, room.top, room.width, room.height
    if room.holder is not None:
        holder = ChartPlaceholder(room.holder._element, room.holder._parent)
        frame = holder.insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, figures)
        frame.left, frame.top, frame.width, frame.height = box
    else:
        frame = room.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, figures)
    _described(frame, block.table.caption, block.spec.get("description", block.text))
    chart = frame.chart
    chart.has_title = False
    chart.has_legend = len(block.bars) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size = Pt(14)
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    chart.category_axis.format.line.fill.background()
    chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.font.size, plot.data_labels.position = Pt(14), XL_LABEL_POSITION.OUTSIDE_END


def picture_slide(file: File, title: str, block: Picture) -> None:
    """The drawing, whole."""
    room = _drawing_slide(file, title, PICTURES, block.text)
    drawing = io.BytesIO(pictures.png(block))
    if room.holder is not None:
        shape = PicturePlaceholder(room.holder._element, room.holder._parent).insert_picture(drawing)
        shape.crop_left = shape.crop_right = shape.crop_top = shape.crop_bottom = 0  # whole, not cut to the placeholder
    else:
        shape = room.slide.shapes.add_picture(drawing, room.left, room.top)
    wide, high = shape.image.size
    scale = min(room.width / wide, room.height / high)
    shape.width, shape.height = int(wide * scale), int(high * scale)
    shape.left, shape.top = room.left + (room.width - shape.width) // 2, room.top
    _described(shape, title, block.text)


@dataclass(frozen=True)
class _Room:
    """Where a drawing or a table goes: its placeholder, or without one the room below the title (EMU)."""

    slide: Any
    holder: Any
    left: int
    top: int
    width: int
    height: int


def _drawing_slide(file: File, title: str, kinds: tuple, words: str = "") -> _Room:
    """A slide with room for something of the first of these kinds that the template knows, and its words: in a
    placeholder beside it, or else below it."""
    layout = _layout_for(file, kinds, words) or layout_with(file, TITLES) or file.slide_layouts[0]
    slide = add_slide(file, layout)
    write_title(slide, title)
    holder = first(placeholder(slide, (kind,)) for kind in kinds)
    beside = _beside(slide, holder, words) if words else None
    if beside is not None:
        write(beside, [Line(words, "plain")], NOTE)
    if holder is not None:
        box = holder.left, holder.top, holder.width, holder.height
    else:
        head = placeholder(slide, TITLES)
        top = head.top + head.height + Inches(0.2) if head is not None else Inches(0.6)
        left = head.left if head is not None else Inches(0.75)
        box = left, top, file.slide_width - 2 * left, file.slide_height - top - Inches(0.55)
    drop_empty(slide, holder)
    return _Room(slide, holder, *(box if beside is not None or not words else _write_below(slide, box, words)))


def _layout_for(file: File, kinds: tuple, words: str):
    """The layout with a place for it and its words, by the order of the kinds; but none on which it would be small."""
    asked = [(TITLES, (kind,), beside) for kind in kinds for beside in ((PP_PLACEHOLDER.BODY,), BODIES) if words]
    asked += [(TITLES, (kind,)) for kind in kinds]
    found = [layout for one in asked if (layout := layout_with(file, *one))]
    wide = [placeholder(layout, kinds).width for layout in found]
    return first(layout for layout, own in zip(found, wide, strict=True) if own > SMALL * max(wide))


def _beside(slide, holder, words: str):
    """A placeholder that is free for these words; None where there is none in which they would fit."""
    lines = [Line(words, "plain")]
    return next((shape for shape in slide.placeholders
                 if shape.placeholder_format.type in BODIES and not is_upright(shape)
                 and (holder is None or shape.shape_id != holder.shape_id)
                 and text_high(lines, SMALLEST, shape.width) <= shape.height), None)  # fmt: skip


def _write_below(slide, box: tuple[int, int, int, int], words: str) -> tuple[int, int, int, int]:
    """What is left of the box (EMU: left, top, width, height) above the words; they take half of it at most."""
    left, top, wide, high = box
    lines = [Line(words, "plain")]
    size = next((size for size in range(NOTE, SMALLEST, -1) if text_high(lines, size, wide) <= high / 4), SMALLEST)
    taken = int(min(text_high(lines, size, wide), high / 2))
    write(slide.shapes.add_textbox(left, top + high - taken, wide, taken), lines, NOTE)
    return left, top, wide, high - taken


def _described(shape, name: str, text: str) -> None:
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("name", legible(name)[:250])
    about.set("descr", legible(text))
