"""The summary as it will be read, and every form of it to take along."""

import streamlit as st

from pages.parts import here
from pages.parts.cards import line, row
from workshop import forms, store
from workshop.press import Order
from workshop.steps.requirements import tell_without_kind
from workshop.words import _

# these take seconds, or room on the disk that may not be there, and are made beside the room's work
LARGE = ("pdf", "docx", "pptx", "xlsx", "pictures", "sqlite")
db, code = here.db(), here.code()
lengths = {"one": _("One page"), "full": _("Everything")}
audiences = {"internal": _("Internal"), "shareable": _("Shareable")}


@st.cache_data(max_entries=8, show_spinner=False)
def preview(code: str, _revision: int, length: str, shareable: bool) -> str:
    """The page as HTML, drawn anew only when something was written."""
    with store.open(code) as opened:
        return forms.make(opened, "html", forms.Wanted(length == "one", shareable)).decode()


def made_now(form: str, wanted: forms.Wanted):
    """A function that makes the form at the moment of the click."""

    def make() -> bytes:
        with store.open(code) as opened:
            return forms.make(opened, form, wanted)

    return make


def order(form: str, key: str, wanted: forms.Wanted) -> None:
    upload = st.session_state.get(f"template-{form}")
    st.session_state[key] = here.attempt(
        lambda: Order(code, form, onepage=wanted.onepage, shareable=wanted.shareable,
                      template=upload.getvalue() if upload else b""),
        beside=form,
    )  # fmt: skip


@st.fragment(run_every=0.7)
def wait(form: str, key: str) -> None:
    """How long it takes; the page is drawn anew once it is ready, and asks no more."""
    ordered: Order = st.session_state[key]
    if not ordered.is_running:
        st.rerun()
    seconds = _("{seconds} s").format(seconds=round(ordered.seconds))
    st.button(seconds, key=f"making-{form}", icon="spinner", disabled=True, width="stretch",
              help=_("It is being made beside the room’s work."))  # fmt: skip


def draw_large(form: str, key: str, file: str, wanted: forms.Wanted) -> None:
    """A button that has it made, and then one that downloads it."""
    ordered: Order | None = st.session_state.get(key)
    if ordered and ordered.is_running:
        wait(form, key)
        return
    made = here.attempt(ordered.take, beside=form) if ordered else None
    name = _(forms.FORMS[form].name)
    if made:
        st.download_button(name, made, file, forms.FORMS[form].media, key=f"download-{form}", on_click="ignore",
                           icon=":material/download:", type="primary", width="stretch",
                           help=_("It is ready: download it."))  # fmt: skip
    again = _("Make it anew") if made else name
    st.button(again, key=f"make-{form}", icon=None if made else ":material/draft:", on_click=order,
              type="tertiary" if made else "secondary", args=(form, key, wanted), width="stretch")  # fmt: skip


def draw(form: str, onepage: bool, shareable: bool) -> None:
    about = forms.FORMS[form]
    wanted = forms.Wanted(onepage and about.has_onepage, shareable)
    whole = "-full" if about.has_onepage and not wanted.onepage else ""
    file = f"{name}{whole}{'-shareable' if shareable else ''}.{about.ending}"
    if form == "sqlite":
        file = store.file_of(code).name
    with line(f"form-{form}", horizontal=True, vertical_alignment="center", wrap=False):
        with st.container(width=176, gap="xxsmall"):
            if form in LARGE:
                draw_large(form, f"order-{code}-{form}-{wanted.onepage}-{shareable}", file, wanted)
            else:
                st.download_button(_(about.name), made_now(form, wanted), file, about.media, key=f"download-{form}",
                                   icon=":material/download:", on_click="ignore", width="stretch")  # fmt: skip
        st.caption(_(about.for_whom))
    here.show_refusal(form)


with st.container(gap=None):
    st.title(_("For somebody who was not here"), anchor=False)
    st.caption(_("It can be taken along at any moment, also half-way."))
with st.container(horizontal=True, gap="medium"):
    length = st.segmented_control(_("Version"), list(lengths), default="one", format_func=lengths.get, key="version",
                                  required=True, label_visibility="collapsed")  # fmt: skip
    audience = st.segmented_control(
        _("For whom"), list(audiences), default="internal", format_func=audiences.get, key="audience", required=True,
        label_visibility="collapsed", help=_("Shareable goes without names, costs, notes and single ratings."),
    )  # fmt: skip
shareable = audience == "shareable"
if shareable and (told := tell_without_kind(db)):
    with row("small", wrap=True):
        st.caption(told, width="content")
        st.button(_("To the requirements"), key="to-requirements", type="tertiary", on_click=here.go_to,
                  args=("steps/requirements.py",))  # fmt: skip
name = store.file_of(code).name.split("--")[0]
taken, seen = st.columns([9, 11], gap="large")
with taken, st.container(key="forms", gap="small"):
    for form, about in forms.FORMS.items():
        if not (shareable and about.internal_only):
            draw(form, length == "one", shareable)
    with st.expander(_("On a template of your house")):
        st.file_uploader(_("Word template (.docx or .dotx)"), key="template-docx")
        st.file_uploader(_("Slides template (.pptx or .potx)"), key="template-pptx")
with seen:
    st.iframe(preview(code, store.revision(db), length, shareable), height=1100)
