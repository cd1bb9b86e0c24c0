"""A document as Word (DOCX): real heading styles, captions, header rows, alternative texts, a table of contents.

With a template of the house its styles are taken as they are; without one ours are laid over python-docx's own.
"""

import io
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document as File
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, Twips

from workshop.document import (
    DAY,
    LETTERS,
    Bullets,
    Chart,
    Document,
    Fit,
    Heading,
    Paragraph,
    Picture,
    Table,
    fit,
    legible,
    lies_on_its_side,
    number,
    runs_left,
)
from workshop.exports import pictures
from workshop.exports.template import opened
from workshop.exports.word.sheet import CELL, letters, tightness
from workshop.exports.word.styles import STYLES, add_missing, dress, element, style_ids
from workshop.palette import ground
from workshop.words import _

AIR = "12"  # twentieths of a point above and below the words of a cell
RIGHT = '<w:jc w:val="right"/>'
COLUMN, THEIRS = Mm(170), 0.8  # on which LETTERS of 9 points stand; how many of them where a house brings its own


def render(document: Document, template: Path | None = None) -> bytes:
    """The document as the bytes of a .docx. Raises Rejected when the template is no Word file."""
    file = opened(template, docx.Document, (".docx", ".dotx")) if template else docx.Document()
    file.element.body.clear_content()  # a template's example text goes; its page, head and foot stay
    tight = tightness(document) if document.on_one_sheet else 1
    add_missing(file)
    if not template:
        dress(file, tight)
    _describe(file, document)
    _paragraph(file, document.title, "Title")
    if document.subtitle:
        _paragraph(file, document.subtitle, "Subtitle")
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    if len(headings) > 12:  # one page needs no contents
        _contents(file, headings)
    place = {"table": 0, "figure": 0, "letters": letters(tight), "air": 6 if tight == 1 else 2}
    upright = file.sections[-1].page_width < file.sections[-1].page_height
    most = LETTERS * _room(file) / COLUMN * CELL / place["letters"] * (THEIRS if template else 1)
    may_turn, turned = upright and not document.on_one_sheet, False
    for block in document.blocks:
        fitted = fit(block, most, may_turn=may_turn) if isinstance(block, Table) else None
        turns = fitted.turned if fitted else may_turn and lies_on_its_side(block)
        if turns != turned:
            _turn(file)
        turned = turns
        if fitted:
            _table(file, block, fitted, place)
        else:
            _block(file, block, place)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _room(file: File) -> int:
    """How wide a line is here (EMU)."""
    section = file.sections[-1]
    return section.page_width - section.left_margin - section.right_margin


def _turn(file: File) -> None:
    """What comes next begins a page that lies on its side, or stands again."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    stands = section.page_width < section.page_height
    section.orientation = WD_ORIENT.LANDSCAPE if stands else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width


def _describe(file: File, document: Document) -> None:
    about = file.core_properties
    about.title, about.subject, about.author = legible(document.title)[:255], legible(document.subtitle)[:255], ""
    about.language, about.comments = document.language, ""
    fonts = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if fonts is not None:
        for old in fonts.findall(qn("w:lang")):
            fonts.remove(old)
        fonts.append(element("w:lang", val=document.language))


def _paragraph(file: File, text: str, style: str):
    paragraph = file.add_paragraph()
    # by its id: python-docx looks through all styles for each paragraph
    paragraph._p.style = style_ids(file.styles.element)[style]
    if text:
        right = runs_left(text)
        if right:
            paragraph._p.pPr.append(element("w:bidi"))
        paragraph._p.append(parse_xml(_run(text, "<w:rtl/>" * right, nsdecls("w"))))
    return paragraph


def _run(text: str, look: str, names: str = "") -> str:
    """Words as XML: lines stay lines, and none ends inside a day."""
    lines = [DAY.sub(_unbroken, escape(line)) for line in legible(text).splitlines()]
    said = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f"<w:r {names}>{f'<w:rPr>{look}</w:rPr>' if look else ''}{said}</w:r>"


def _unbroken(day) -> str:
    return day[0].replace("-", '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">')


def _field(paragraph, code: str, shown: str, *, dirty: bool = False) -> None:
    """A field that Word works out again, with what it says until then."""
    for kind in ("begin", "separate"):
        mark = element("w:fldChar", fldCharType=kind)
        if kind == "begin" and dirty:
            mark.set(qn("w:dirty"), "true")
        paragraph.add_run()._r.append(mark)
        if kind == "begin":
            paragraph.add_run()._r.append(element("w:instrText", code))
    paragraph.add_run(shown)
    paragraph.add_run()._r.append(element("w:fldChar", fldCharType="end"))


def _contents(file: File, headings: list[Heading]) -> None:
    """The table of contents: a field that Word fills with pages; until then the chapters, for readers that do not."""
    _paragraph(file, _("Contents"), "Subtitle")
    paragraph = _paragraph(file, "", "Normal")
    chapters = [legible(heading.text) for heading in headings if heading.level == 2]
    _field(paragraph, 'TOC \\o "1-2" \\h \\z \\u', "", dirty=True)
    shown = paragraph.runs[3]
    for place, chapter in enumerate(chapters):
        if place:
            shown.add_break()
        shown.add_text(chapter)


def _block(file: File, block, place: dict[str, int]) -> None:
    match block:
        case Heading(text, level):
            _paragraph(file, text, f"Heading {min(level - 1, 3)}")
        case Paragraph(text, style):
            _aired(_paragraph(file, text, STYLES[style]), place)
        case Bullets(items):
            for item in items:
                _aired(_paragraph(file, item, "List Bullet"), place)
        case Picture() | Chart():
            _drawing(file, block, place)


def _aired(paragraph, place: dict[str, int]) -> None:
    """Words do not cling to the table above them."""
    above = paragraph._p.getprevious()
    if above is not None and above.tag == qn("w:tbl"):
        paragraph.paragraph_format.space_before = Pt(place["air"])


def _caption(file: File, text: str, name: str, kind: str, place: dict[str, int]):
    place[kind] += 1
    paragraph = _paragraph(file, f"{name} ", "Caption")
    _field(paragraph, f"SEQ {kind.capitalize()} \\* ARABIC", str(place[kind]))
    paragraph.add_run(f". {legible(text)}")
    return paragraph


def _table(file: File, table: Table, fitted: Fit, place: dict[str, int]) -> None:
    """Written as XML in one go: a table of 200 concepts has thousands of cells, and python-docx takes a ms for each."""
    caption = _caption(file, table.caption, _("Table"), "table", place)
    caption.paragraph_format.keep_with_next = True
    room = _room(file) // Twips(1)
    shares = [int(room * share) for share in fitted.shares]
    right = [all(number(row[i]) is not None for row in table.rows if row[i]) for i in range(len(table.head))]
    look = style_ids(file.styles.element)["Table Contents"], place["letters"] * fitted.scale
    named = not table.head[0]
    rows = [_row(table.head, shares, right, *look, [True] * len(shares), head=True)]
    bold = [named and not i for i in range(len(shares))]
    # a short table stays on its page; of a long one no row stands alone above or below
    last = len(table.rows) - 1
    kept = range(last) if fitted.together else (0, last - 1)
    rows += [_row(cells, shares, right, *look, bold, keep=at in kept) for at, cells in enumerate(table.rows)]
    grid = "".join(f'<w:gridCol w:w="{share}"/>' for share in shares)
    made = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(shares)}" w:type="dxa"/>{_borders()}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="140" w:type="dxa"/>'
        f'</w:tblCellMar><w:tblLook w:val="0420" w:firstRow="1" w:noHBand="0" w:noVBand="1"/>'
        f'<w:tblDescription w:val={quoteattr(legible(table.caption))}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    file.element.body._insert_tbl(made)


def _row(cells: list[str], shares: list[int], right: list[bool], style: str, points: float, bold: list[bool], *,
         head=False, keep=True) -> str:  # fmt: skip
    """A row that no page cuts, and with `keep` on the page of the next one; a head that every page repeats."""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{share}" w:type="dxa"/></w:tcPr>'
        f"{_words(text, style, points, strong, to_right, keep)}</w:tc>"
        for text, share, strong, to_right in zip(cells, shares, bold, right, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{inside}</w:tr>"


def _words(text: str, style: str, points: float, bold: bool, right: bool, keep: bool) -> str:
    size, to_left = round(points * 2), runs_left(text)
    look = f'{"<w:b/><w:bCs/>" * bold}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>{"<w:rtl/>" * to_left}'
    about = (
        f'<w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" * keep}{"<w:bidi/>" * to_left}'
        f'<w:spacing w:before="{AIR}" w:after="{AIR}"/>{RIGHT * right}</w:pPr>'
    )
    return f"<w:p>{about}{_run(text, look)}</w:p>"


def _borders() -> str:
    """Hairlines between the rows, which print in grey as well."""
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{ground("line", "light")[1:]}"'
    return f"<w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"


def _drawing(file: File, block: Picture | Chart, place: dict[str, int]) -> None:
    paragraph = _paragraph(file, "", "Normal")
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(pictures.png(block)), width=_room(file))
    tallest = file.sections[-1].page_height * 0.72
    if shape.height > tallest:
        shape.width, shape.height = int(shape.width * tallest / shape.height), int(tallest)
    said = block.spec.get("description", block.text) if isinstance(block, Chart) else block.text
    shape._inline.docPr.set("descr", legible(said))
    _caption(file, block.text, _("Figure"), "figure", place)
