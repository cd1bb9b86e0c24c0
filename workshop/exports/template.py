"""The house's own template for Word or slides."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workshop.problems import Problem, Rejected
from workshop.words import _

MOST_BYTES = 200_000_000  # unpacked: a zip of a few kB can claim gigabytes


def opened(template: Path, read: Callable[[str], Any], endings: tuple[str, ...]) -> Any:
    """What `read` makes of the template. Raises Rejected in one sentence where it is not one."""
    sentence = _("“{name}” is not a template that can be used here: it must be a {kinds} file.")
    refused = Rejected(Problem("template", sentence.format(name=template.name, kinds=_(" or ").join(endings))))
    if not template.is_file():
        raise Rejected(Problem("template", _("There is no file “{name}”.").format(name=template)))
    try:
        with zipfile.ZipFile(template) as packed:
            large = sum(entry.file_size for entry in packed.infolist()) > MOST_BYTES
        made = None if large else read(str(template))
    except Exception:  # both libraries raise whatever their XML and zip readers do
        raise refused from None
    if made is None:
        raise refused
    return made
