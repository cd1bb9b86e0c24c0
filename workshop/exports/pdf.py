"""A document as PDF by typst: tagged for screen readers, searchable, with our letters inside.

page.typ is the layout; the document goes in as JSON, so that nothing people wrote is read as markup. Letters that
ours do not have (Arabic, Chinese, emoji) come from the fonts of the machine that makes the PDF; where it has none, the
PDF says so at its beginning.
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from workshop.document import (
    Block,
    Bullets,
    Chart,
    Document,
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
from workshop.exports import letters, pictures
from workshop.palette import ground, ink
from workshop.words import _

LAYOUT = Path(__file__).with_name("page.typ")
SIZE = 10  # points
SHEET_SIZES = (10, 9.5, 9, 8.5, 8, 7.5, 7)  # the largest that fits one sheet; smaller nobody reads
FALLBACK = ("Noto Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari",
            "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Noto Color Emoji", "Segoe UI Emoji",
            "Apple Color Emoji", "DejaVu Sans")  # fmt: skip


def render(document: Document, paper: str = "a4", fonts: typst.Fonts | None = None) -> bytes:
    """The document as the bytes of a PDF; `paper` is a4 or us-letter, `fonts` those of this machine and ours."""
    fonts = fonts or _fonts()
    given = {
        "title": _said(document.title),
        "subtitle": _said(document.subtitle),
        "language": document.language[:2],
        "on_one_sheet": document.on_one_sheet,
        "contents": _("Contents") if sum(isinstance(block, Heading) for block in document.blocks) > 12 else "",
        "paper": paper,
        "fallback": _known_fonts(fonts),
        "colours": {name: ground(name, "light") for name in ("text", "muted", "line")}
        | {"promise": ink("promise", "light")},
        "blocks": [_plain(block, may_turn=not document.on_one_sheet) for block in document.blocks],
    }
    if missing := letters.undrawn(json.dumps(given, ensure_ascii=False), fonts):
        said = _(
            "The machine that made this PDF has no font for: {scripts}. Empty boxes stand in their place here; the web "
            "page, Word and Markdown have every letter."
        )
        warning = Paragraph(said.format(scripts=", ".join(missing)), "quiet")
        given["blocks"].insert(0, _plain(warning))
    for size in SHEET_SIZES if document.on_one_sheet else (SIZE,):
        made = typst.compile(
            LAYOUT.read_bytes(),
            font_paths=fonts,
            sys_inputs={"document": json.dumps(given | {"size": size})},
        )
        if not document.on_one_sheet or _pages(made) == 1:
            break
    return made


@lru_cache(1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(pictures.FONTS)])


def _known_fonts(fonts: typst.Fonts) -> list[str]:
    """Those of FALLBACK that are there: typst warns about every other one."""
    there = {font.family for font in fonts.fonts()}
    return [name for name in FALLBACK if name in there]


def _pages(made: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", made))


def _plain(block: Block, *, may_turn: bool = False) -> dict[str, Any]:
    """The block as page.typ reads it; `turned` where its page lies on its side."""
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": _said(text), "level": level}
        case Paragraph(text, style):
            return {"kind": "paragraph", "text": _said(text), "style": style}
        case Bullets(items):
            return {"kind": "bullets", "items": [_said(item) for item in items]}
        case Picture(_svg, text):
            return _drawn(block, text, text) | {"turned": may_turn and lies_on_its_side(block)}
        case Chart(spec, _figures, _bars, text):
            return _drawn(block, text, spec.get("description", text))
        case Table(head, rows, caption):
            columns = range(len(head))
            fitted = fit(block, may_turn=may_turn)
            return {
                "kind": "table",
                "head": [_said(title) for title in head],
                "rows": [[_said(cell) for cell in row] for row in rows],
                "caption": _said(caption),
                "widths": fitted.shares,
                "scale": fitted.scale,
                "together": fitted.together,
                "turned": fitted.turned,
                "right": [bool(rows) and all(number(row[i]) is not None for row in rows if row[i]) for i in columns],
            }


def _drawn(block: Picture | Chart, text: str, said: str) -> dict[str, Any]:
    return {"kind": "picture", "svg": pictures.svg(block), "text": _said(text), "said": legible(said)}


def _said(text: str) -> str:
    """Words for page.typ, with a mark before those that run to the left."""
    return ("\u200f" if runs_left(text) else "") + legible(text)
