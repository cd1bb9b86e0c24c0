"""A document as slides (PPTX): each heading of level 2 begins one, on the layouts and placeholders of the template.

Charts are PowerPoint's own, so that designers can restyle them. What does not fit a slide goes on to the next.
"""

import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as File
from pptx.util import Emu, Inches, Pt

from workshop.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    legible,
    number,
    widths,
)
from workshop.exports import pictures
from workshop.exports.template import opened
from workshop.palette import ground, ink

WIDE, HIGH = Inches(13.333), Inches(7.5)
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
LEAD, SMALLEST, LARGEST = 1.3, 14, 28  # points; a lead is larger by that factor
CELL, CELL_SMALLEST = 18, 11
BARS = 15  # concepts that a chart on a slide keeps apart


@dataclass(frozen=True)
class _Line:
    text: str
    style: str  # lead, plain, quiet or bullet


def render(document: Document, template: Path | None = None) -> bytes:
    """The document as the bytes of a .pptx. Raises Rejected when the template is no PowerPoint file."""
    file = opened(template, Presentation, (".pptx", ".potx")) if template else _ours()
    _without_slides(file)
    file.core_properties.title = legible(document.title)[:255]
    file.core_properties.author, file.core_properties.language = "", document.language
    parts = _parts(document.blocks)
    _title_slide(file, document, parts.pop(0)[1])
    for title, blocks in parts:
        _slides(file, title, blocks)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _ours() -> File:
    """python-pptx's own template, made 16:9 and quiet, in our colours and in letters that every office has."""
    file = Presentation()
    factor = WIDE / file.slide_width
    file.slide_width, file.slide_height = WIDE, HIGH
    master = file.slide_master
    for shape in [shape for layout in (master, *master.slide_layouts) for shape in layout.placeholders]:
        if shape._element.spPr.find(qn("a:xfrm")) is not None:
            shape.left, shape.width = int(shape.left * factor), int(shape.width * factor)
    for shape in master.placeholders:
        if shape.placeholder_format.type in TITLES:
            shape.left, shape.top, shape.width, shape.height = Inches(0.75), Inches(0.45), Inches(11.83), Inches(1.0)
            shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        elif shape.placeholder_format.type in BODIES:
            shape.left, shape.top, shape.width, shape.height = Inches(0.75), Inches(1.7), Inches(11.83), Inches(5.0)
    for shape in file.slide_layouts[0].placeholders:  # the opening: title and words on one left edge
        at = {PP_PLACEHOLDER.CENTER_TITLE: (2.0, 1.6), PP_PLACEHOLDER.SUBTITLE: (3.8, 2.0)}
        if place := at.get(shape.placeholder_format.type):
            shape.left, shape.top, shape.width, shape.height = map(Inches, (0.75, place[0], 11.83, place[1]))
            for paragraph in shape._element.iter(qn("a:lvl1pPr")):
                paragraph.set("algn", "l")
    theme = master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    )
    colours = {b"1F497D": ink("promise", "light"), b"4F81BD": ink("concept", "light"), b"C0504D": ink("cpi", "light"),
               b"9BBB59": ink("kpi", "light"), b"8064A2": ink("purpose", "light"), b"EEECE1": ground("band", "light"),
               b"4BACC6": ink("touchpoint", "light"), b"F79646": ink("value", "light")}  # fmt: skip
    for old, new in colours.items():
        theme._blob = theme.blob.replace(old, new[1:].encode())
    theme._blob = theme.blob.replace(b'<a:latin typeface="Calibri"/>', b'<a:latin typeface="Cambria"/>', 1)
    for style in master._element.iter(qn("p:titleStyle")):
        level = style.find(qn("a:lvl1pPr"))
        level.set("algn", "l")
        level.find(qn("a:defRPr")).set("sz", "3000")
        level.find(qn("a:defRPr")).find(qn("a:solidFill"))[0].set("val", "tx2")
    return file


def _without_slides(file: File) -> None:
    """A template's own example slides go; its layouts stay."""
    ids = file.slides._sldIdLst
    for one in list(ids):
        file.part.drop_rel(one.get(qn("r:id")))
        ids.remove(one)


def _parts(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """(title, blocks) of each slide; the first, without a title, is what stands before any heading."""
    parts: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append((block.text, []))
        else:
            parts[-1][1].append(block)
    return parts


def _layout(file: File, *kinds: tuple) -> tuple:
    """The first layout that has a placeholder of each of these kinds and the fewest others, or else any."""
    best = None
    for layout in file.slide_layouts:
        types = [shape.placeholder_format.type for shape in layout.placeholders]
        fitting = all(any(type_ in kind for type_ in types) for kind in kinds)
        others = sum(type_ in (*BODIES, PP_PLACEHOLDER.PICTURE, PP_PLACEHOLDER.SUBTITLE) for type_ in types)
        if fitting and (best is None or others < best[0]):
            best = others, layout
    return best[1] if best else file.slide_layouts[0]


def _placeholder(slide, kinds: tuple):
    return next((shape for shape in slide.placeholders if shape.placeholder_format.type in kinds), None)


def _title_slide(file: File, document: Document, blocks: list[Block]) -> None:
    slide = file.slides.add_slide(_layout(file, TITLES, (PP_PLACEHOLDER.SUBTITLE,)))
    _write_title(slide, document.title, 40)
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    under = _placeholder(slide, (PP_PLACEHOLDER.SUBTITLE, *BODIES))
    if under is not None:
        _write(under, [_Line(text, "plain") for text in (*said, document.subtitle) if text])
    _drop_empty(slide)


def _write_title(slide, text: str, most: int = 30) -> None:
    title = _placeholder(slide, TITLES)
    if title is not None:
        title.text_frame.text = legible(text)
        title.text_frame.word_wrap = True
        size = next((size for size in range(most, SMALLEST, -2) if _high([_Line(text, "plain")], size, title.width)
                     <= title.height), SMALLEST)  # fmt: skip
        _set_size(title.text_frame, size)


def _slides(file: File, title: str, blocks: list[Block]) -> None:
    lines: list[_Line] = []
    for block in blocks:
        match block:
            case Paragraph(text, style):
                lines.append(_Line(text, style))
            case Bullets(items):
                lines += [_Line(item, "bullet") for item in items]
            case Heading(text):
                lines.append(_Line(text, "plain"))
    if lines:
        _text_slides(file, title, lines)
    for block in blocks:
        if isinstance(block, Table):
            _table_slides(file, title, block)
        elif isinstance(block, Chart):
            _chart_slide(file, title, block)
        elif isinstance(block, Picture):
            _picture_slide(file, title, block)


def _text_slides(file: File, title: str, lines: list[_Line]) -> None:
    """As few slides as hold the lines at a size that can be read from the back of a room."""
    while lines:
        slide = file.slides.add_slide(_layout(file, TITLES, BODIES))
        _write_title(slide, title)
        body = _placeholder(slide, BODIES)
        if body is None:  # a template without any text: there is nowhere to say it
            return
        taken = len(lines)
        while taken > 1 and _high(lines[:taken], SMALLEST, body.width) > body.height:
            taken -= 1
        _write(body, lines[:taken])
        _drop_empty(slide)
        lines = lines[taken:]


def _write(shape, lines: list[_Line]) -> None:
    """The lines in a placeholder, as large as they fit."""
    size = next((size for size in range(LARGEST, SMALLEST, -1) if _high(lines, size, shape.width) <= shape.height),
                SMALLEST)  # fmt: skip
    frame = shape.text_frame
    frame.word_wrap = True
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
        for place, text in enumerate(legible(line.text).splitlines() or [""]):
            if place:
                paragraph.add_line_break()
            paragraph.add_run().text = text
        paragraph.space_after = Pt(size * 0.4)
        for run in paragraph.runs:
            run.font.size = Pt(round(size * LEAD) if line.style == "lead" else size)
        if line.style != "bullet":
            about = paragraph._p.get_or_add_pPr()
            about.set("marL", "0")
            about.set("indent", "0")
            about.insert(0, about.makeelement(qn("a:buNone"), {}))
            if about.find(qn("a:spcAft")) is not None:  # the order that the schema asks for
                about.insert(0, about.find(qn("a:spcAft")))


def _set_size(frame, size: float) -> None:
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _breadth(text: str) -> float:
    """How wide the words run, in times of the size of the letters; careful, since nobody knows the reader's font."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56 for char in text)


def _rows(text: str, size: float, width: float) -> int:
    return sum(max(1, -(-_breadth(line) * size // (width / Pt(1)))) for line in text.splitlines() or [""])


def _high(lines: list[_Line], size: float, width: int) -> float:
    """How high these lines stand (EMU) in a text box that is so wide, with its insets."""
    room, high = width - Inches(0.25), 0.0
    for line in lines:
        letters = size * LEAD if line.style == "lead" else size
        inside = room - Inches(0.4) if line.style == "bullet" else room
        high += _rows(line.text, letters, inside) * letters * 1.22 + size * 0.4
    return high * Pt(1) + Inches(0.12)


def _drop_empty(slide) -> None:
    """Placeholders that nobody filled would ask the audience to click and add text."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text:
            shape._element.getparent().remove(shape._element)


def _bare_slide(file: File, title: str):
    """(slide, left, top, width, height) of a slide with a title and room for something below it."""
    slide = file.slides.add_slide(_layout(file, TITLES))
    _write_title(slide, title)
    head = _placeholder(slide, TITLES)
    top = head.top + head.height + Inches(0.2) if head is not None else Inches(0.6)
    left = head.left if head is not None else Inches(0.75)
    width = head.width if head is not None else file.slide_width - 2 * left
    _drop_empty(slide)
    return slide, left, top, width, file.slide_height - top - Inches(0.55)


def _table_slides(file: File, title: str, table: Table) -> None:
    rows = table.rows
    while rows:
        slide, left, top, width, height = _bare_slide(file, title)
        shares = widths(table, letters=90)
        size, taken = _fitting(table.head, rows, shares, width, height)
        made = slide.shapes.add_table(taken + 1, len(table.head), left, top, width, Inches(0.3) * (taken + 1))
        made.name = legible(table.caption)[:250]
        made._element.nvGraphicFramePr.cNvPr.set("descr", legible(table.caption))
        for at, share in enumerate(shares):
            made.table.columns[at].width = Emu(int(width * share))
        for line, cells in enumerate([table.head, *rows[:taken]]):
            made.table.rows[line].height = Emu(int(_row_high(cells, shares, width, size)))
            for at, text in enumerate(cells):
                _fill(made.table.cell(line, at), text, size, head=not line)
        rows = rows[taken:]


def _fitting(head: list[str], rows: list[list[str]], shares: list[float], width: int, height: int) -> tuple[int, int]:
    """(points, rows) of a slide: all rows if they can be read, or else as many as fit at the smallest size."""
    high = lambda some, size: sum(_row_high(cells, shares, width, size) for cells in [head, *some])  # noqa: E731
    for size in range(CELL, CELL_SMALLEST - 1, -1):
        if high(rows, size) <= height:
            return size, len(rows)
    taken = len(rows)
    while taken > 1 and high(rows[:taken], CELL_SMALLEST) > height:
        taken -= 1
    return CELL_SMALLEST, taken


def _row_high(cells: list[str], shares: list[float], width: int, size: float) -> float:
    most = max(_rows(text, size, width * share - Inches(0.2)) for text, share in zip(cells, shares, strict=True))
    return (most * size * 1.22) * Pt(1) + Inches(0.1)


def _fill(cell, text: str, size: float, *, head: bool) -> None:
    cell.text_frame.text = legible(text)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(ground("band" if head else "surface", "light")[1:])
    for paragraph in cell.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), head
            run.font.color.rgb = RGBColor.from_string(ground("text", "light")[1:])


def _chart_slide(file: File, title: str, block: Chart) -> None:
    slide, left, top, width, height = _bare_slide(file, title)
    rows = block.table.rows[:BARS]
    figures = CategoryChartData()
    figures.categories = [legible(row[0]) for row in rows]
    for at in block.bars:
        figures.add_series(block.table.head[at], [number(row[at]) for row in rows])
    under = Inches(0.5)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, left, top, width, height - under, figures)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", legible(block.spec.get("description", block.text)))
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
    _note(slide, block.text, left, top + height - under, width, under)


def _picture_slide(file: File, title: str, block: Picture) -> None:
    slide, left, top, width, height = _bare_slide(file, title)
    under = Inches(0.6)
    shape = slide.shapes.add_picture(io.BytesIO(pictures.png(block)), left, top, width=width)
    if shape.height > height - under:
        shape.width, shape.height = int(shape.width * (height - under) / shape.height), int(height - under)
    shape._element.nvPicPr.cNvPr.set("descr", legible(block.text))
    _note(slide, block.text, left, top + shape.height, width, under)


def _note(slide, text: str, left: int, top: int, width: int, height: int) -> None:
    box = slide.shapes.add_textbox(left, top, width, height)
    _write(box, [_Line(text, "plain")])
    _set_size(box.text_frame, 16)
