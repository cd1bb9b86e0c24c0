"""The template of our own: python-pptx's, made 16:9 and quiet, in our colours and in letters that every office has."""

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as File
from pptx.util import Inches

from workshop.exports.powerpoint.placeholders import BODIES, TITLES
from workshop.palette import ground, ink

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
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


def own_template() -> File:
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
