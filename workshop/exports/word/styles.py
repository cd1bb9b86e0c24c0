"""The styles of a Word file: ours, laid over python-docx's own, or a house's with those of ours that it has not."""

from copy import deepcopy
from functools import lru_cache

import docx
from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.shared import Mm, Pt, RGBColor

from workshop.palette import ground, ink

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
    ("Table Contents", 9, "text", 0, 0),
)
STYLES = {"plain": "Normal", "lead": "Quote", "quiet": "Caption"}
WORDS, TOOL = "Cambria", "Calibri"  # what Word has; the names of the tool's letters would only be replaced
TOOLS = ("Heading 2", "Heading 3", "Caption", "Subtitle", "Table Contents")  # the styles in which the tool speaks
BULLET = 4711  # the number of our list in a house's file


def dress(file: File, tight: float) -> None:
    section, one_sheet = file.sections[0], tight < 1
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16 if one_sheet else 20)
    section.top_margin = section.bottom_margin = Mm(9 if one_sheet else 18)
    section.header_distance = section.footer_distance = Mm(6)
    colours = {name: ground(name, "light") for name in ("text", "muted")} | {"promise": ink("promise", "light")}
    for name, points, colour, before, after in LOOK:
        style = file.styles[name]
        style.font.size, style.font.italic = Pt(points * tight), False
        style.font.color.rgb = RGBColor.from_string(colours[colour][1:])
        _set_letters(style, TOOL if name in TOOLS else WORDS)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = (Pt(one * (0.3 if one_sheet else 1)) for one in (before, after))
        if one_sheet:
            spacing.line_spacing = 1.0
        if name == "Title":  # the default's rule below it is Office's blue
            for border in style.element.findall(".//" + qn("w:pBdr")):
                border.getparent().remove(border)
    file.styles["Caption"].font.bold = False


def _set_letters(style, name: str) -> None:
    look = style.element.get_or_add_rPr()
    letters = look.get_or_add_rFonts()
    for key in list(letters.attrib):
        del letters.attrib[key]
    for kind in ("ascii", "hAnsi"):
        letters.set(qn(f"w:{kind}"), name)
    size = look.find(qn("w:sz"))
    for old in look.findall(qn("w:szCs")):
        look.remove(old)
    size.addnext(element("w:szCs", val=size.get(qn("w:val"))))  # Arabic and Hebrew as large as all else


def add_missing(file: File) -> None:
    """A house whose file has not all the styles that we need gets those of ours, in its own letters.

    Word keeps only those in a file that were used there: the headings of a new template may well be missing.
    """
    there = {style.name for style in file.styles}
    missing = [name for name, *_look in LOOK if name not in there]
    if not missing:
        return
    ours = docx.Document()
    ours.styles.add_style("Table Contents", WD_STYLE_TYPE.PARAGRAPH).base_style = ours.styles["Normal"]
    dress(ours, 1)
    for name in missing:
        style = deepcopy(ours.styles[name].element)
        for tag in ("w:link", "w:rPr/w:rFonts", "w:pPr/w:numPr"):
            for found in style.xpath(tag):
                found.getparent().remove(found)
        for other in style.xpath("w:basedOn | w:next"):
            other.set(qn("w:val"), file.styles["Normal"].style_id)
        file.styles.element.append(style)
    if "List Bullet" in missing:
        _add_list(file)


def _add_list(file: File) -> None:
    """Gives the style of lists its bullets."""
    numbers = _numbering(file)
    listed = (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{BULLET}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/>'
        '<w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl>'
        "</w:abstractNum>"
    )
    numbers.insert(0, parse_xml(listed))  # they stand before the lists that use them
    used = f'<w:num {nsdecls("w")} w:numId="{BULLET}"><w:abstractNumId w:val="{BULLET}"/></w:num>'
    numbers.append(parse_xml(used))
    about = file.styles["List Bullet"].element.get_or_add_pPr()
    about.get_or_add_numPr().get_or_add_numId().val = BULLET


def _numbering(file: File):
    """The part of the file in which its lists are told, made where there is none."""
    for related in file.part.rels.values():
        if related.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return related.target_part.element
    empty = parse_xml(f'<w:numbering {nsdecls("w")}/>')
    part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, empty, file.part.package)
    file.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return empty


@lru_cache(1)
def style_ids(styles) -> dict[str, str]:
    """Style ids by their names. A file says "heading 1" and "caption" where people and python-docx see capitals."""
    return {style.name_val[0].upper() + style.name_val[1:]: style.styleId
            for style in styles.style_lst if style.name_val}  # fmt: skip


def element(tag: str, text: str | None = None, **attributes: str):
    """An element of WordprocessingML, such as w:bidi."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    if text is not None:
        made.text = text
        made.set(qn("xml:space"), "preserve")
    return made
