"""A document as slides (PPTX): each heading of level 2 begins one, on the layouts and placeholders of the template.

Words, tables, charts and pictures all stand in placeholders, tables in the template's own table style, and charts are
PowerPoint's own: who changes the template or its layouts restyles them. What does not fit a slide goes on to the next.
"""

import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as File
from pptx.shapes.placeholder import ChartPlaceholder, PicturePlaceholder, TablePlaceholder
from pptx.util import Emu, Inches, Pt

from workshop.document import (
    DAY,
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

TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
LEAD, SMALLEST, LARGEST = 1.3, 14, 28  # points; a lead is larger by that factor
NOTE = 18  # points; of the words below a drawing
CELL, CELL_SMALLEST = 18, 11
NARROW = " .,:;!'’|()[]/-ijltfrI1"
TABLES = (PP_PLACEHOLDER.TABLE, PP_PLACEHOLDER.OBJECT)
CHARTS = (PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.OBJECT)
PICTURES = (PP_PLACEHOLDER.PICTURE, PP_PLACEHOLDER.OBJECT)
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE_STYLE = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"  # medium style 2, accent 1
TABLE_STYLE = "{6B1F0C52-3E8D-4A57-9B0E-7D2C41A5F0E3}"
WIDE, HIGH = Inches(13.333), Inches(7.5)
# where our own layouts have what (inches from the left, from the top, wide, high): the opening on one left edge, and
# drawings as wide as the slide with their words below
PLACES = {
    0: {PP_PLACEHOLDER.CENTER_TITLE: (0.75, 2.0, 11.83, 1.6), PP_PLACEHOLDER.SUBTITLE: (0.75, 3.8, 11.83, 2.0)},
    7: {PP_PLACEHOLDER.TITLE: (0.75, 0.45, 11.83, 1.0), PP_PLACEHOLDER.OBJECT: (0.75, 1.65, 11.83, 4.5),
        PP_PLACEHOLDER.BODY: (0.75, 6.25, 11.83, 0.9)},
    8: {PP_PLACEHOLDER.TITLE: (0.75, 0.45, 11.83, 1.0), PP_PLACEHOLDER.PICTURE: (0.75, 1.65, 11.83, 4.5),
        PP_PLACEHOLDER.BODY: (0.75, 6.25, 11.83, 0.9)},
}  # fmt: skip
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
    for at, places in PLACES.items():
        for shape in file.slide_layouts[at].placeholders:
            if place := places.get(shape.placeholder_format.type):
                shape.left, shape.top, shape.width, shape.height = map(Inches, place)
                for level in shape._element.iter(qn("a:lvl1pPr")):
                    level.set("algn", "l")
                for tint in list(shape._element.iter(qn("a:tint"))):  # a grey that is hard to read
                    tint.getparent().remove(tint)
    for at in (7, 8):  # titles as on every other slide, not as small as captions
        words = file.slide_layouts[at].placeholders[0]._element.txBody
        words.find(qn("a:lstStyle")).clear()
        words.bodyPr.attrib.pop("anchor", None)
    opening = file.slide_layouts[0].placeholders[0]._element.txBody.find(qn("a:lstStyle"))
    opening.append(parse_xml(f'<a:lvl1pPr {nsdecls("a")} algn="l"><a:defRPr sz="4000"/></a:lvl1pPr>'))
    file.part.part_related_by(f"{RELATED}/tableStyles")._blob = _table_style()
    theme = master.part.part_related_by(f"{RELATED}/theme")
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


def _table_style() -> bytes:
    """Hairlines between the rows and a quiet head, in the theme's colours."""
    letters = '<a:fontRef idx="minor"><a:prstClr val="black"/></a:fontRef><a:schemeClr val="tx1"/>'
    grey = '<a:schemeClr val="bg1"><a:lumMod val="75000"/></a:schemeClr>'
    hair = f'<a:ln w="6350"><a:solidFill>{grey}</a:solidFill></a:ln>'
    line = '<a:ln w="12700"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a:tblStyleLst '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" def="{TABLE_STYLE}">'
        f'<a:tblStyle styleId="{TABLE_STYLE}" styleName="Throughline"><a:wholeTbl><a:tcTxStyle>{letters}</a:tcTxStyle>'
        f"<a:tcStyle><a:tcBdr><a:bottom>{hair}</a:bottom><a:insideH>{hair}</a:insideH></a:tcBdr>"
        f'<a:fill><a:noFill/></a:fill></a:tcStyle></a:wholeTbl><a:firstRow><a:tcTxStyle b="on">{letters}'
        f"</a:tcTxStyle><a:tcStyle><a:tcBdr><a:bottom>{line}</a:bottom></a:tcBdr><a:fill><a:solidFill>"
        '<a:schemeClr val="bg2"/></a:solidFill></a:fill></a:tcStyle></a:firstRow></a:tblStyle></a:tblStyleLst>'
    ).encode()


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


def _layout(file: File, *kinds: tuple):
    """The first layout that has a placeholder for each of these kinds and the fewest others; None if none has."""
    best = None
    for layout in file.slide_layouts:
        left = [shape.placeholder_format.type for shape in layout.placeholders]
        for kind in kinds:
            if (found := next((type_ for type_ in left if type_ in kind), None)) is None:
                break
            left.remove(found)
        else:
            others = sum(type_ in (*BODIES, PP_PLACEHOLDER.PICTURE, PP_PLACEHOLDER.SUBTITLE) for type_ in left)
            if best is None or others < best[0]:
                best = others, layout
    return best[1] if best else None


def _placeholder(slide, kinds: tuple):
    return next((shape for shape in slide.placeholders if shape.placeholder_format.type in kinds), None)


def _title_slide(file: File, document: Document, blocks: list[Block]) -> None:
    slide = file.slides.add_slide(_layout(file, TITLES, (PP_PLACEHOLDER.SUBTITLE,)) or file.slide_layouts[0])
    _write_title(slide, document.title)
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    under = _placeholder(slide, (PP_PLACEHOLDER.SUBTITLE, *BODIES))
    if under is not None:
        _write(under, [_Line(text, "plain") for text in (*said, document.subtitle) if text])
    _drop_empty(slide)


def _write_title(slide, text: str) -> None:
    """In the template's own size, or smaller where it would not fit."""
    title = _placeholder(slide, TITLES)
    if title is not None:
        title.text_frame.text = legible(text)
        title.text_frame.word_wrap = True
        own = _own_size(slide)
        fits = lambda size: _high([_Line(text, "plain")], size, title.width) <= title.height  # noqa: E731
        if not fits(own):
            _set_size(title.text_frame, next((size for size in range(own, SMALLEST, -2) if fits(size)), SMALLEST))


def _own_size(slide) -> int:
    """Points in which the layout, or else the master, writes titles."""
    layout = _placeholder(slide.slide_layout, TITLES)
    for element in (layout._element, slide.slide_layout.slide_master._element.find(f".//{qn('p:titleStyle')}")):
        for look in element.iter(qn("a:defRPr")) if element is not None else ():
            if look.get("sz"):
                return int(look.get("sz")) // 100
    return LARGEST


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
        slide = file.slides.add_slide(_layout(file, TITLES, BODIES) or file.slide_layouts[0])
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


def _write(shape, lines: list[_Line], most: int = LARGEST) -> None:
    """The lines in a placeholder, as large as they fit."""
    size = next((size for size in range(most, SMALLEST, -1) if _high(lines, size, shape.width) <= shape.height),
                SMALLEST)  # fmt: skip
    frame = shape.text_frame
    frame.word_wrap = True
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
        for place, text in enumerate(DAY.sub(_unbroken, legible(line.text)).splitlines() or [""]):
            if place:
                paragraph.add_line_break()
            paragraph.add_run().text = text
        for run in paragraph.runs:
            run.font.size = Pt(round(size * LEAD) if line.style == "lead" else size)
        if line.style != "bullet":
            about = paragraph._p.get_or_add_pPr()
            about.set("marL", "0")
            about.set("indent", "0")
            about.insert(0, about.makeelement(qn("a:buNone"), {}))
        paragraph.space_before, paragraph.space_after = Pt(0), Pt(size * 0.4)


def _unbroken(day) -> str:
    """A day with hyphens at which no line ends."""
    return day[0].replace("-", "\u2011")


def _set_size(frame, size: float) -> None:
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _breadth(text: str) -> float:
    """How wide the words run, in times of the size of the letters; careful, since nobody knows the reader's font."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.34 if char in NARROW
               else 0.66 if char.isupper() else 0.56 for char in text)  # fmt: skip


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


def _drop_empty(slide, kept=None) -> None:
    """Placeholders that nobody filled would ask the audience to click and add text; `kept` is filled later."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text and (kept is None or shape.shape_id != kept.shape_id):
            shape._element.getparent().remove(shape._element)


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
    """A slide with room for something of the first of these kinds that the template knows, and its words.

    Words for which there is no room beside it get a slide of their own before.
    """
    layout = _first(_layout(file, TITLES, (kind,), beside)
                    for kind in kinds for beside in ((PP_PLACEHOLDER.BODY,), BODIES) if words)  # fmt: skip
    layout = layout or _first(_layout(file, TITLES, (kind,)) for kind in kinds)
    slide = file.slides.add_slide(layout or _layout(file, TITLES) or file.slide_layouts[0])
    _write_title(slide, title)
    holder = _first(_placeholder(slide, (kind,)) for kind in kinds)
    if words:
        _write_beside(file, slide, holder, title, words)
    if holder is not None:
        box = holder.left, holder.top, holder.width, holder.height
    else:
        head = _placeholder(slide, TITLES)
        top = head.top + head.height + Inches(0.2) if head is not None else Inches(0.6)
        left = head.left if head is not None else Inches(0.75)
        box = left, top, file.slide_width - 2 * left, file.slide_height - top - Inches(0.55)
    _drop_empty(slide, holder)
    return _Room(slide, holder, *box)


def _write_beside(file: File, slide, holder, title: str, words: str) -> None:
    lines = [_Line(words, "plain")]
    beside = next((shape for shape in slide.placeholders if shape.placeholder_format.type in BODIES
                   and (holder is None or shape.shape_id != holder.shape_id)), None)  # fmt: skip
    if beside is not None and _high(lines, SMALLEST, beside.width) <= beside.height:
        _write(beside, lines, NOTE)
    else:
        _text_slides(file, title, lines)


def _first(found):
    return next((one for one in found if one is not None), None)


def _described(shape, name: str, text: str) -> None:
    about = shape._element.xpath(".//p:cNvPr")[0]
    about.set("name", legible(name)[:250])
    about.set("descr", legible(text))


def _table_slides(file: File, title: str, table: Table) -> None:
    rows = table.rows
    style = _own_table_style(file)
    while rows:
        room = _drawing_slide(file, title, TABLES)
        shares = widths(table, letters=84)
        size, taken = _fitting(table.head, rows, shares, room.width, room.height)
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
            made.table.rows[line].height = Emu(int(_row_high(cells, shares, room.width, size)))
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


def _fill(cell, text: str, size: float) -> None:
    cell.text_frame.text = legible(text if DAY.fullmatch(text) else DAY.sub(_unbroken, text))
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    _set_size(cell.text_frame, size)


def _chart_slide(file: File, title: str, block: Chart) -> None:
    rows = block.table.rows[:BARS]
    figures = CategoryChartData()
    figures.categories = [legible(row[0]) for row in rows]
    for at in block.bars:
        figures.add_series(block.table.head[at], [number(row[at]) for row in rows])
    room = _drawing_slide(file, title, CHARTS, block.text)
    if room.holder is not None:
        holder = ChartPlaceholder(room.holder._element, room.holder._parent)
        frame = holder.insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, figures)
    else:
        box = room.left, room.top, room.width, room.height
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


def _picture_slide(file: File, title: str, block: Picture) -> None:
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
