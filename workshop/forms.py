"""Every form in which a workshop can be taken along: what it is called, what it is for, and how it is made."""

import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlite_utils import Database

from workshop import bundle, dates, story, summary, tables, withheld
from workshop.document import Document, Grid
from workshop.exports import calendar, csv, html, markdown
from workshop.problems import Problem, Rejected
from workshop.steps.prepare import get_workshop
from workshop.words import N_, _


@dataclass(frozen=True)
class Wanted:
    """One page or everything; internal or shareable; Word and slides on a template of the house."""

    onepage: bool = False
    shareable: bool = False
    template: Path | None = None


@dataclass(frozen=True)
class Form:
    """A form: the ending and media type of its file, its name, what it is for, and what it takes into account.

    `make(db, wanted)` gives the bytes; `db` is a copy without what is private where a shareable version is wanted.
    """

    ending: str
    media: str
    name: str
    for_whom: str
    make: Callable[[Database, Wanted], bytes]
    has_onepage: bool = False
    takes_template: bool = False
    internal_only: bool = False


OFFICE = "application/vnd.openxmlformats-officedocument"


def _render(form: str) -> Callable[..., bytes]:
    """The form's own, loaded once it is asked for: beside a large document the libraries of the others have no room."""
    return import_module(f"workshop.exports.{form}").render


def _document(db: Database, wanted: Wanted) -> Document:
    return (summary.one_page if wanted.onepage else summary.full)(db, shareable=wanted.shareable)


def _bundle(db: Database, wanted: Wanted) -> bytes:
    data = bundle.read(db)
    if wanted.shareable:  # single answers are nobody else's business; what became of them stays
        data["ratings"]["rows"] = []
        data |= {key: [] for key in (*bundle.ANSWERS, "activities", "pens")}
        for person in data["participants"]:
            del person["stream"]
    return bundle.to_json(data).encode()


def _file(db: Database, _wanted: Wanted) -> bytes:
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
        copy = Path(folder) / "copy.sqlite"
        withheld.backup(get_workshop(db)["code"], copy)
        return copy.read_bytes()


FORMS = {
    "pdf": Form(
        "pdf", "application/pdf", N_("PDF"), N_("to read, print and send"),
        lambda db, wanted: _render("pdf")(_document(db, wanted)), has_onepage=True,
    ),
    "docx": Form(
        "docx", f"{OFFICE}.wordprocessingml.document", N_("Word"), N_("to go on writing, in the house’s own style"),
        lambda db, wanted: _render("word")(_document(db, wanted), wanted.template),
        has_onepage=True, takes_template=True,
    ),
    "pptx": Form(
        "pptx", f"{OFFICE}.presentationml.presentation", N_("Slides"), N_("to present, and for designers to restyle"),
        lambda db, wanted: _render("powerpoint")(summary.slides(db, shareable=wanted.shareable), wanted.template),
        takes_template=True,
    ),
    "html": Form(
        "html", "text/html", N_("Web page"), N_("one file for phone and browser, also for paper"),
        lambda db, wanted: html.render(_document(db, wanted)).encode(), has_onepage=True,
    ),
    "md": Form(
        "md", "text/markdown", N_("Markdown"), N_("for a wiki or a mail"),
        lambda db, wanted: markdown.render(_document(db, wanted)).encode(), has_onepage=True,
    ),
    "xlsx": Form(
        "xlsx", f"{OFFICE}.spreadsheetml.sheet", N_("Excel"), N_("every table with filters and charts, to reckon with"),
        lambda db, wanted: _render("excel")(_grids(db, wanted), get_workshop(db)["title"]),
    ),
    "csv": Form(
        "zip", "application/zip", N_("CSV"), N_("every table on its own, for analysts"),
        lambda db, wanted: csv.render(_grids(db, wanted)),
    ),
    "pictures": Form(
        "zip", "application/zip", N_("Pictures"), N_("every chart as SVG and PNG, for other documents"),
        lambda db, wanted: _render("pictures")(summary.full(db, shareable=wanted.shareable)),
    ),
    "ics": Form(
        "ics", "text/calendar", N_("Calendar"), N_("reviews and actions with a date, for everybody’s calendar"),
        lambda db, _wanted: calendar.render(get_workshop(db)["title"], dates.list_dates(db)),
    ),
    "actions": Form(
        "csv", "text/csv", N_("Actions"), N_("who does what by when, for a task tracker"),
        lambda db, _wanted: csv.one(tables.actions(db)),
    ),
    "story": Form(
        "md", "text/markdown", N_("Story of the session"), N_("what was done, step by step, planned and real minutes"),
        lambda db, _wanted: markdown.render(story.document(db)).encode(), internal_only=True,
    ),
    "json": Form(
        "json", "application/json", N_("Everything as JSON"), N_("to bring the workshop into another Throughline"),
        _bundle,
    ),
    "sqlite": Form(
        "sqlite", "application/vnd.sqlite3", N_("The workshop’s file"),
        N_("to go on with it on another machine; internal, without codes and links"), _file, internal_only=True,
    ),
}  # fmt: skip


def _grids(db: Database, wanted: Wanted) -> list[Grid]:
    return tables.list_grids(db, shareable=wanted.shareable)


def make(db: Database, form: str, wanted: Wanted) -> bytes:
    """The workshop in this form. Raises Rejected where the form and what is wanted do not go together."""
    about = FORMS[form]
    if wanted.template and not about.takes_template:
        raise Rejected(Problem("template", _("A template is only for Word and for slides.")))
    if wanted.onepage and not about.has_onepage:
        raise Rejected(Problem("onepage", _("“{form}” has no one-page version.").format(form=_(about.name))))
    if wanted.shareable and about.internal_only:
        sentence = _("“{form}” is internal: it names who did what.")
        raise Rejected(Problem("shareable", sentence.format(form=_(about.name))))
    with withheld.shareable(db) if wanted.shareable else nullcontext(db) as source:
        return about.make(source, wanted)
