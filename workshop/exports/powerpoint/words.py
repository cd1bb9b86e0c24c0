"""Titles and lines of text in a template's placeholders, as large as they fit."""

from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as File
from pptx.util import Pt

from workshop.document import DAY, legible, runs_left
from workshop.exports.powerpoint.fit import LEAD, Line, text_high
from workshop.exports.powerpoint.placeholders import BODIES, TITLES, add_slide, drop_empty, layout_with, placeholder

SMALLEST, LARGEST = 14, 28  # points


def write_title(slide, text: str) -> None:
    """In the template's own size, or smaller where it would not fit."""
    title = placeholder(slide, TITLES)
    if title is not None:
        title.text_frame.text = legible(text)
        title.text_frame.word_wrap = True
        own = _own_size(slide)
        fits = lambda size: text_high([Line(text, "plain")], size, title.width) <= title.height  # noqa: E731
        if not fits(own):
            set_size(title.text_frame, next((size for size in range(own, SMALLEST, -2) if fits(size)), SMALLEST))


def _own_size(slide) -> int:
    """Points in which the layout, or else the master, writes titles."""
    layout = placeholder(slide.slide_layout, TITLES)
    for element in (layout._element, slide.slide_layout.slide_master._element.find(f".//{qn('p:titleStyle')}")):
        for look in element.iter(qn("a:defRPr")) if element is not None else ():
            if look.get("sz"):
                return int(look.get("sz")) // 100
    return LARGEST


def text_slides(file: File, title: str, lines: list[Line]) -> None:
    """As few slides as hold the lines at a size that can be read from the back of a room."""
    while lines:
        slide = add_slide(file, layout_with(file, TITLES, BODIES) or file.slide_layouts[0])
        write_title(slide, title)
        body = placeholder(slide, BODIES)
        if body is None:  # a template without any text: there is nowhere to say it
            return
        taken = len(lines)
        while taken > 1 and text_high(lines[:taken], SMALLEST, body.width) > body.height:
            taken -= 1
        write(body, lines[:taken])
        drop_empty(slide)
        lines = lines[taken:]


def write(shape, lines: list[Line], most: int = LARGEST) -> None:
    """The lines in a placeholder, as large as they fit."""
    size = next((size for size in range(most, SMALLEST, -1) if text_high(lines, size, shape.width) <= shape.height),
                SMALLEST)  # fmt: skip
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE  # should the letters of the house be wider
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
        for place, text in enumerate(DAY.sub(unbroken, legible(line.text)).splitlines() or [""]):
            if place:
                paragraph.add_line_break()
            paragraph.add_run().text = text
        for run in paragraph.runs:
            run.font.size = Pt(round(size * LEAD) if line.style == "lead" else size)
        about = paragraph._p.get_or_add_pPr()
        if runs_left(line.text):
            about.set("algn", "r")
            about.set("rtl", "1")
        if line.style != "bullet":
            about.set("marL", "0")
            about.set("indent", "0")
            about.insert(0, about.makeelement(qn("a:buNone"), {}))
        paragraph.space_before, paragraph.space_after = Pt(0), Pt(size * 0.4)


def unbroken(day) -> str:
    """A day with hyphens at which no line ends."""
    return day[0].replace("-", "\u2011")


def set_size(frame, size: float) -> None:
    """The size of all words in a text frame, points."""
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = Pt(size)
