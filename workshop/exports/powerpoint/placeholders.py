"""Which layout of a template, and which of its placeholders, takes what."""

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation as File

TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
TABLES = (PP_PLACEHOLDER.TABLE, PP_PLACEHOLDER.OBJECT)
CHARTS = (PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.OBJECT)
PICTURES = (PP_PLACEHOLDER.PICTURE, PP_PLACEHOLDER.OBJECT)


def layout_with(file: File, *kinds: tuple):
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


def placeholder(slide, kinds: tuple):
    """The first of these kinds on a slide or layout; None without."""
    return next((shape for shape in slide.placeholders if shape.placeholder_format.type in kinds), None)


def drop_empty(slide, kept=None) -> None:
    """Placeholders that nobody filled would ask the audience to click and add text; `kept` is filled later."""
    for shape in list(slide.placeholders):
        if shape.has_text_frame and not shape.text_frame.text and (kept is None or shape.shape_id != kept.shape_id):
            shape._element.getparent().remove(shape._element)


def first(found):
    """The first that is not None; None without."""
    return next((one for one in found if one is not None), None)
