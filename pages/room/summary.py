"""The summary as it will be read, and its forms to take along."""

import tempfile
from pathlib import Path

import streamlit as st

from pages.parts import here
from workshop import bundle, store, summary
from workshop.exports import html, markdown
from workshop.words import _

db, code = here.db(), here.code()
versions = {"one": _("One page"), "full": _("Everything")}

with st.container(gap=None):
    st.title(_("For somebody who was not here"), anchor=False)
    st.caption(_("It can be taken along at any moment, also half-way."))
version = st.segmented_control(_("Version"), list(versions), default="one", format_func=versions.get, key="version",
                               required=True, label_visibility="collapsed")  # fmt: skip
document = summary.one_page(db) if version == "one" else summary.full(db)
name = store.file_of(code).name.split("--")[0] + ("" if version == "one" else "-full")


def as_json() -> str:
    with store.open(code) as opened:
        return bundle.to_json(bundle.read(opened))


def whole_file() -> bytes:
    """A copy that is whole although people are writing."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "workshop.sqlite"
        store.backup(code, target)
        return target.read_bytes()


page = html.render(document)
with st.container(horizontal=True, gap="xsmall"):
    st.download_button(_("Web page"), page, f"{name}.html", "text/html", icon=":material/download:", on_click="ignore")
    st.download_button(_("Markdown"), markdown.render(document), f"{name}.md", "text/markdown",
                       icon=":material/download:", on_click="ignore")  # fmt: skip
    st.download_button(_("Everything as JSON"), as_json, f"{name}.json", "application/json",
                       icon=":material/download:", on_click="ignore")  # fmt: skip
    st.download_button(_("The workshop’s file"), whole_file, store.file_of(code).name, "application/vnd.sqlite3",
                       icon=":material/download:", on_click="ignore")  # fmt: skip
st.iframe(page, height=1100)

