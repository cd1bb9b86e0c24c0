"""Figures as people read them, in one way wherever they stand."""

import io

import pptx
import pytest

from workshop import forms
from workshop.figures import figure, signed, whole
from workshop.steps.strategy import AddMetric, add_metric


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-6, "−6"), (-1234.5, "−1,234.5"), (2_300_000, "2,300,000"), (1_234_567.8, "1,234,568"), (100 / 3, "33.3333"),
        (0.00002, "0.00002"), (0, "0"), (None, ""),
    ],
)  # fmt: skip
def test_a_figure_has_a_true_minus_and_all_its_digits(value, said):
    assert figure(value) == said


def test_scores_are_whole_and_ratings_have_their_sign():
    assert [whole(value) for value in (-33.4, 0.4, -0.4, None)] == ["−33", "0", "0", ""]
    assert [signed(value) for value in (2, -1.5, 0.5, 0)] == ["+2", "−1.5", "+0.5", "0"]


def test_what_we_count_is_told_alike_in_every_form_and_without_an_exponent(db, do):
    do(add_metric, AddMetric(kind="cpi", name="Balance of the rides", unit="euro", baseline=-6, target=2_300_000))
    told = [forms.make(db, form, forms.Wanted()).decode() for form in ("md", "html")]
    file = pptx.Presentation(io.BytesIO(forms.make(db, "pptx", forms.Wanted())))
    table = next(shape.table for slide in file.slides for shape in slide.shapes if shape.has_table)
    told.append(" ".join(cell.text for row in table.rows for cell in row.cells))
    for text in told:
        assert "−6" in text and "2,300,000" in text
        assert "-6" not in text and "e+0" not in text
