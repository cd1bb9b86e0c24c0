"""Step 1: an honest start."""

from workshop.activities import Offer
from workshop.step import Step
from workshop.words import N_

STEP = Step(
    slug="opening",
    title=N_("Opening"),
    minutes=15,
    prompt=N_("Do you know what our purpose is?"),
    below=N_("“I don’t know” is a good answer."),
    section=lambda db: [],
    is_complete=lambda db: True,
    shown=lambda db: None,
    activities=(
        Offer("pulse", N_("Do you know it?"), 4, settings=lambda db: {"scale": "yes", "words": True}),
        Offer("pulse", N_("Do you believe it?"), 2, N_("Do you believe in it?"), lambda db: {"scale": "number"}),
    ),
)
