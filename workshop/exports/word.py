"""A document as Word (DOCX): real heading styles, captions, header rows, alternative texts, a table of contents.

With a template of the house its styles are taken as they are; without one ours are laid over python-docx's own.
"""

import io
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document as File
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

from workshop.document import (
    LETTERS,
    LETTERS_ON_SIDE,
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
)
from workshop.exports import pictures
from workshop.exports.template import opened
from workshop.palette import ground, ink
from workshop.words import _

# (style, points, colour, space before, space after)
LOOK = (
    ("Normal", 10.5, "text", 0, 6),
    ("Title", 26, "promise", 0, 4),
    ("Subtitle", 11, "muted", 0, 14),
    ("Heading 1", 16, "promise", 22, 6),
    ("Heading 2", 12.5, "text", 14, 4),
    ("Heading 3", 11, "muted", 10, 3),
    ("Quote", 15, "text", 2, 8),
    ("Caption", 9, "muted", 10, 3),
    ("List Bullet", 10.5, "text", 0, 3),
)
STYLES = {"plain": "Normal", "lead": "Quote", "quiet": "Caption"}
WORDS, TOOL = "Cambria", "Calibri"  # what Word has; the names of the tool's letters would only be replaced
AIR = "12"  # twentieths of a point above and below the words of a cell
CELL, TIGHT = 9, 0.72  # points; what one sheet takes off every size


def render(document: Document, template: Path | None = None) -> bytes:
    """The document as the bytes of a .docx. Raises Rejected when the template is no Word file."""
    file = opened(template, docx.Document, (".docx", ".dotx")) if template else docx.Document()
    if not template:
        _dress(file, tight=document.on_one_sheet)
    _make_styles(file)
    _describe(file, document)
    _paragraph(file, document.title, "Title")
    if document.subtitle:
        _paragraph(file, document.subtitle, "Subtitle")
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    if len(headings) > 12:  # one page needs no contents
        _contents(file, headings)
    place = {"table": 0, "figure": 0, "letters": CELL - document.on_one_sheet, "air": 0 if document.on_one_sheet else 6}
    upright = file.sections[-1].page_width < file.sections[-1].page_height
    letters = (LETTERS if upright else LETTERS_ON_SIDE) * CELL / place["letters"]
    may_turn, turned = upright and not document.on_one_sheet, False
    for block in document.blocks:
        fitted = fit(block, letters, may_turn=may_turn) if isinstance(block, Table) else None
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


def _dress(file: File, *, tight: bool) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16 if tight else 20)
    section.top_margin = section.bottom_margin = Mm(9 if tight else 18)
    section.header_distance = section.footer_distance = Mm(6)
    colours = {name: ground(name, "light") for name in ("text", "muted")} | {"promise": ink("promise", "light")}
    for name, points, colour, before, after in LOOK:
        style = file.styles[name]
        style.font.size, style.font.italic = Pt(points * (TIGHT if tight else 1)), False
        style.font.color.rgb = RGBColor.from_string(colours[colour][1:])
        _set_letters(style, TOOL if name in ("Heading 2", "Heading 3", "Caption", "Subtitle") else WORDS)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = (Pt(one * (0.3 if tight else 1)) for one in (before, after))
        if tight:
            spacing.line_spacing = 1.0
        if name == "Title":  # the default's rule below it is Office's blue
            for border in style.element.findall(".//" + qn("w:pBdr")):
                border.getparent().remove(border)
    file.styles["Caption"].font.bold = False


def _turn(file: File) -> None:
    """What comes next begins a page that lies on its side, or stands again."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    stands = section.page_width < section.page_height
    section.orientation = WD_ORIENT.LANDSCAPE if stands else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width


def _set_letters(style, name: str) -> None:
    letters = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(letters.attrib):
        del letters.attrib[key]
    for kind in ("ascii", "hAnsi"):
        letters.set(qn(f"w:{kind}"), name)


def _make_styles(file: File) -> None:
    """A template without one of the styles that we need gets it, looking like its body text."""
    for name, *_look in LOOK:
        if name not in [style.name for style in file.styles]:
            file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)


def _describe(file: File, document: Document) -> None:
    about = file.core_properties
    about.title, about.subject, about.author = legible(document.title)[:255], legible(document.subtitle)[:255], ""
    about.language, about.comments = document.language, ""
    fonts = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if fonts is not None:
        for old in fonts.findall(qn("w:lang")):
            fonts.remove(old)
        fonts.append(_element("w:lang", val=document.language))


def _element(tag: str, text: str | None = None, **attributes: str):
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    if text is not None:
        made.text = text
        made.set(qn("xml:space"), "preserve")
    return made


def _paragraph(file: File, text: str, style: str):
    paragraph = file.add_paragraph(legible(text))
    # by its id: python-docx looks through all styles for each paragraph
    paragraph._p.style = _style_ids(file.styles.element)[style]
    return paragraph


@lru_cache(1)
def _style_ids(styles) -> dict[str, str]:
    """Style ids by their names. A file says "heading 1" and "caption" where people and python-docx see capitals."""
    return {style.name_val[0].upper() + style.name_val[1:]: style.styleId
            for style in styles.style_lst if style.name_val}  # fmt: skip


def _field(paragraph, code: str, shown: str, *, dirty: bool = False) -> None:
    """A field that Word works out again, with what it says until then."""
    for kind in ("begin", "separate"):
        mark = _element("w:fldChar", fldCharType=kind)
        if kind == "begin" and dirty:
            mark.set(qn("w:dirty"), "true")
        paragraph.add_run()._r.append(mark)
        if kind == "begin":
            paragraph.add_run()._r.append(_element("w:instrText", code))
    paragraph.add_run(shown)
    paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="end"))


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
    section = file.sections[-1]
    room = (section.page_width - section.left_margin - section.right_margin) // Twips(1)
    shares = [int(room * share) for share in fitted.shares]
    right = [all(number(row[i]) is not None for row in table.rows if row[i]) for i in range(len(table.head))]
    points, named = place["letters"] * fitted.scale, not table.head[0]
    rows = [_row(table.head, shares, right, points, [True] * len(shares), head=True)]
    bold = [named and not i for i in range(len(shares))]
    # a short table stays on its page; of a long one no row stands alone above or below
    last = len(table.rows) - 1
    kept = range(last) if fitted.together else (0, last - 1)
    rows += [_row(cells, shares, right, points, bold, keep=at in kept) for at, cells in enumerate(table.rows)]
    grid = "".join(f'<w:gridCol w:w="{share}"/>' for share in shares)
    made = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(shares)}" w:type="dxa"/>{_borders()}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="90" w:type="dxa"/>'
        f'</w:tblCellMar><w:tblLook w:val="0420" w:firstRow="1" w:noHBand="0" w:noVBand="1"/>'
        f'<w:tblDescription w:val={quoteattr(legible(table.caption))}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    file.element.body._insert_tbl(made)


def _row(cells: list[str], shares: list[int], right: list[bool], points: float, bold: list[bool], *, head=False,
         keep=True) -> str:  # fmt: skip
    """A row that no page cuts, and with `keep` on the page of the next one; a head that every page repeats."""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{share}" w:type="dxa"/></w:tcPr>'
        f"{_words(text, points, strong, to_right, keep)}</w:tc>"
        for text, share, strong, to_right in zip(cells, shares, bold, right, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{inside}</w:tr>"


def _words(text: str, points: float, bold: bool, right: bool, keep: bool) -> str:
    letters = f'<w:rFonts w:ascii="{TOOL}" w:hAnsi="{TOOL}"/>{"<w:b/>" * bold}<w:sz w:val="{round(points * 2)}"/>'
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in legible(text).splitlines())
    side = '<w:jc w:val="right"/>' * right
    about = f'<w:pPr>{"<w:keepNext/>" * keep}<w:spacing w:before="{AIR}" w:after="{AIR}"/>{side}</w:pPr>'
    return f"<w:p>{about}<w:r><w:rPr>{letters}</w:rPr>{lines}</w:r></w:p>"


def _borders() -> str:
    """Hairlines between the rows, which print in grey as well."""
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{ground("line", "light")[1:]}"'
    return f"<w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"


def _drawing(file: File, block: Picture | Chart, place: dict[str, int]) -> None:
    section = file.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    paragraph = _paragraph(file, "", "Normal")
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(pictures.png(block)), width=room)
    tallest = section.page_height * 0.72
    if shape.height > tallest:
        shape.width, shape.height = int(shape.width * tallest / shape.height), int(tallest)
    said = block.spec.get("description", block.text) if isinstance(block, Chart) else block.text
    shape._inline.docPr.set("descr", legible(said))
    _caption(file, block.text, _("Figure"), "figure", place)
