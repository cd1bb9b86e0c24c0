"""The drawings of a document as SVG and PNG, without network and with our own letters.

vl-convert carries Vega and a JavaScript engine inside it; the first chart of a process wakes that up (over a second).
What was drawn is remembered, since forms and versions of one summary share their pictures.
"""

import io
import json
import re
import zipfile
from functools import lru_cache
from pathlib import Path

import vl_convert

from workshop.document import Chart, Document, Picture, size_of
from workshop.palette import ground

FONTS = Path(__file__).parent / "fonts"
WIDE = 880  # units of a drawing's width, at which none of its labels is cut
MOST_PIXELS = 1_500_000


@lru_cache(1)
def _with_our_letters():
    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def svg(block: Chart | Picture) -> str:
    """The drawing as SVG text, with the width and height that it wants, on paper of its own: its inks are those of a
    light page, whatever it is opened on."""
    if isinstance(block, Picture):
        wide, high = size_of(block)
        drawing = block.svg.replace('width="100%"', f'width="{wide:g}" height="{high:g}"', 1)
    else:
        drawing = _drawn(json.dumps(block.spec | {"width": WIDE}, sort_keys=True))
    paper = f'<rect width="100%" height="100%" fill="{ground("surface", "light")}"/>'
    return re.sub("<svg[^>]*>", lambda opening: opening[0] + paper, drawing, count=1)


@lru_cache(32)
def _drawn(spec: str) -> str:
    # allowed_base_urls: a specification may name no address to fetch from
    return _with_our_letters().vegalite_to_svg(spec, allowed_base_urls=[])


def png(block: Chart | Picture) -> bytes:
    """At twice its size, or less where it is so large that its pixels would take half a minute."""
    drawing = svg(block)
    wide, high = (float(value) for value in re.search(r'width="([\d.]+)" height="([\d.]+)"', drawing).groups())
    return _pixels(drawing, min(2, (MOST_PIXELS / (wide * high)) ** 0.5))


@lru_cache(32)
def _pixels(drawing: str, scale: float) -> bytes:
    return _with_our_letters().svg_to_png(drawing, scale=scale)


def render(document: Document) -> bytes:
    """Every drawing of the document as SVG and as PNG, in one zip."""
    drawings = [block for block in document.blocks if isinstance(block, Chart | Picture)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for number, block in enumerate(drawings, 1):
            name = _name(block)
            out.writestr(f"{number}-{name}.svg", svg(block))
            out.writestr(f"{number}-{name}.png", png(block))
    return packed.getvalue()


def _name(block: Chart | Picture) -> str:
    return re.sub(r"\W+", "-", block.table.caption.lower())[:50] if isinstance(block, Chart) else block.name
