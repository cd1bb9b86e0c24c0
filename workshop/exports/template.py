"""The house's own template for Word or slides."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from workshop.problems import Problem, Rejected
from workshop.words import _

MOST_BYTES = 200_000_000  # unpacked: a zip of a few kB can claim gigabytes
MOST_MARKUP = 20_000_000  # of them as XML, which takes many times its size to read; the rest are pictures
# what a template (.dotx, .potx) says of itself, and what a file says that is written on it
KINDS = {
    b"wordprocessingml.template.main+xml": b"wordprocessingml.document.main+xml",
    b"presentationml.template.main+xml": b"presentationml.presentation.main+xml",
}


def opened(template: Path, read: Callable[[IO[bytes]], Any], endings: tuple[str, ...]) -> Any:
    """What `read` makes of the template. Raises Rejected in one sentence where it is not one."""
    sentence = _("“{name}” is not a template that can be used here: it must be a {kinds} file.")
    refused = Rejected(Problem("template", sentence.format(name=template.name, kinds=_(" or ").join(endings))))
    if not template.is_file():
        raise Rejected(Problem("template", _("There is no file “{name}”.").format(name=template)))
    try:
        with zipfile.ZipFile(template) as packed:
            made = None if _is_large(packed.infolist()) else read(_to_write_on(packed))
    except Exception:  # both libraries raise whatever their XML and zip readers do
        raise refused from None
    if made is None:
        raise refused
    return made


def _is_large(entries: list[zipfile.ZipInfo]) -> bool:
    markup = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    return sum(entry.file_size for entry in entries) > MOST_BYTES or markup > MOST_MARKUP


def _to_write_on(packed: zipfile.ZipFile) -> IO[bytes]:
    """The same file as one that is no template any more: neither library reads templates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for entry in packed.infolist():
            raw = packed.read(entry)
            if entry.filename == "[Content_Types].xml":
                for template, file in KINDS.items():
                    raw = raw.replace(template, file)
            copy.writestr(entry.filename, raw)
    out.seek(0)
    return out
