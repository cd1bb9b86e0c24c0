"""Which layout of a template, and which of its placeholders, takes what."""

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation as File

TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
TABLES = (PP_PLACEHOLDER.TABLE, PP_PLACEHOLDER.OBJECT)
CHARTS = (PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.OBJECT)
PICTURES = (PP_PLACEHOLDER.PICTURE, PP_PLACEHOLDER.OBJECT)
FILLED = (*BODIES, PP_PLACEHOLDER.PICTURE, PP_PLACEHOLDER.SUBTITLE)  # what would stand empty


def layout_with(file: File, *kinds: tuple):
    """The layout that has a placeholder for each of these kinds and the fewest others, and of several such the one that
    gives them the most room; None if none has."""
    best = None
    for layout in file.slide_layouts:
        left = [shape for shape in layout.placeholders if not is_upright(shape)]
        room = 0
        for kind in kinds:
            if (found := next((shape for shape in left if shape.placeholder_format.type in kind), None)) is None:
                break
            left.remove(found)
            room += found.width * found.height
        else:
            others = sum(shape.placeholder_format.type in FILLED for shape in left)
            if best is None or (others, -room) < best[0]:
                best = (others, -room), layout
    return best[1] if best else None


def add_slide(file: File, layout):
    """A slide on this layout, each of its placeholders where the layout has it.

    Both PowerPoint and python-pptx find that place by a number, and LibreOffice gives all placeholders the same one.
    """
    slide = file.slides.add_slide(layout)
    own = [shape for shape in slide.shapes if shape.is_placeholder]
    if len({shape.placeholder_format.idx for shape in own}) < len(own):
        for shape, model in zip(own, layout.iter_cloneable_placeholders(), strict=True):
            shape.left, shape.top, shape.width, shape.height = model.left, model.top, model.width, model.height
    return slide


def placeholder(slide, kinds: tuple):
    """The first of these kinds on a slide or layout; None without."""
    return next((shape for shape in slide.placeholders
                 if shape.placeholder_format.type in kinds and not is_upright(shape)), None)  # fmt: skip


def is_upright(shape) -> bool:
    """Whether its lines stand from top to bottom: no place for words such as ours."""
    return shape._element.xpath(".//p:ph")[0].get("orient") == "vert"


def drop_empty(slide, kept=None) -> None:
    """Placeholders that nobody filled would ask the audience to click and add text; `kept` is filled later."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text and (kept is None or shape.shape_id != kept.shape_id):
            shape._element.getparent().remove(shape._element)


def first(found):
    """The first that is not None; None without."""
    return next((one for one in found if one is not None), None)
