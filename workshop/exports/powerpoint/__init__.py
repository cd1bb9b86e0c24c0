"""A document as slides (PPTX): each heading of level 2 begins one, on the layouts and placeholders of the template.

Words, tables, charts and pictures all stand in placeholders, tables in the template's own table style, and charts are
PowerPoint's own: who changes the template or its layouts restyles them. What does not fit a slide goes on to the next.
"""

import io
from pathlib import Path

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as File

from workshop.document import Block, Bullets, Chart, Document, Heading, Paragraph, Picture, Table, legible
from workshop.exports.powerpoint.drawn import chart_slide, picture_slide, table_slides
from workshop.exports.powerpoint.fit import Line
from workshop.exports.powerpoint.own_template import own_template
from workshop.exports.powerpoint.placeholders import BODIES, TITLES, add_slide, drop_empty, layout_with, placeholder
from workshop.exports.powerpoint.words import text_slides, write, write_title
from workshop.exports.template import opened


def render(document: Document, template: Path | None = None) -> bytes:
    """The document as the bytes of a .pptx. Raises Rejected when the template is no PowerPoint file."""
    file = opened(template, Presentation, (".pptx", ".potx")) if template else own_template()
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


def _title_slide(file: File, document: Document, blocks: list[Block]) -> None:
    slide = add_slide(file, layout_with(file, TITLES, (PP_PLACEHOLDER.SUBTITLE,)) or file.slide_layouts[0])
    write_title(slide, document.title)
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    under = placeholder(slide, (PP_PLACEHOLDER.SUBTITLE, *BODIES))
    if under is not None:
        write(under, [Line(text, "plain") for text in (*said, document.subtitle) if text])
    drop_empty(slide)


def _slides(file: File, title: str, blocks: list[Block]) -> None:
    lines: list[Line] = []
    for block in blocks:
        match block:
            case Paragraph(text, style):
                lines.append(Line(text, style))
            case Bullets(items):
                lines += [Line(item, "bullet") for item in items]
            case Heading(text):
                lines.append(Line(text, "plain"))
    if lines:
        text_slides(file, title, lines)
    for block in blocks:
        if isinstance(block, Table):
            table_slides(file, title, block)
        elif isinstance(block, Chart):
            chart_slide(file, title, block)
        elif isinstance(block, Picture):
            picture_slide(file, title, block)
