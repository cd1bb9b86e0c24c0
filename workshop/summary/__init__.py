"""The session as a document: one page for somebody who was not there, everything, or slides. Renderers only render."""

from workshop.summary.everything import full
from workshop.summary.page import one_page
from workshop.summary.slides import slides

__all__ = ["full", "one_page", "slides"]
