"""The finished workshops in sample_data/, loaded as any bundle is. They teach, flaws included."""

from pathlib import Path

from workshop import bundle
from workshop.problems import NotFound
from workshop.words import _

FOLDER = Path(__file__).parents[1] / "sample_data"
NAMES = ("bus", "grocery", "clinic")


def read_sample(name: str) -> dict:
    """The sample as plain values. Raises NotFound."""
    if name not in NAMES:
        raise NotFound(
            _("There is no sample “{name}”; there are {names}.").format(name=name[:40], names=", ".join(NAMES))
        )
    return bundle.parse((FOLDER / f"{name}.json").read_bytes())


def load_sample(name: str, by: str) -> str:
    """A new workshop from a sample; gives its code."""
    return bundle.load(read_sample(name), by, _("Opened the sample “{name}”").format(name=name))
