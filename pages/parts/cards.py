"""Labels, cards, lines, heads. The room's words go through st.text, always: they are only ever text."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from pages.parts import here
from workshop import afterwards, items, palette
from workshop.steps.opening import said_of
from workshop.steps.promise import get_promise, review_of
from workshop.thread.ways import NAMES
from workshop.words import _

MOST_LINES = 60  # of a list, on one page


def label(*refs: str) -> str:
    """Refs as small coloured labels, for any Streamlit label. Only refs, which are ours, never people's words."""
    return " ".join(_label(ref) for ref in refs)


def _label(ref: str) -> str:
    # nouns without a colour of their own (goals, health metrics, ideas) are told by their letters alone
    noun = palette.LETTERS.get(_letters(ref))
    return f":{palette.SLOTS[noun]}-badge[{ref}]" if noun else f":small[**{ref}**]"


def _letters(ref: str) -> str:
    return ref.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")


def spelled(ref: str) -> str:
    """A ref as a newcomer would say it: "Concept 3" for E3; as it stands where its letters name no noun here."""
    noun = palette.LETTERS.get(_letters(ref))
    return f"{_(NAMES[noun])} {ref.removeprefix(_letters(ref))}" if noun else ref


def icon_only(icon: str, name: str) -> dict[str, str]:
    """How a button or panel looks that shows nothing but an icon: the tooltip says its name, and so does a voice.

    Its label is set as code, which no other button's is: look.css shows that to nobody, and reads it to those who hear.
    """
    return {"label": f"`{name}`", "icon": f":material/{icon}:", "help": name}


def row(gap: str = "small", align: str = "center", **about):
    return st.container(horizontal=True, vertical_alignment=align, gap=gap, **about)


def card(ref: str, **about):
    return st.container(border=True, key=f"card-{ref}", **{"gap": "xsmall"} | about)


def line(ref: str, **about):
    return st.container(key=f"line-{ref}", **{"gap": "xsmall"} | about)


def words(text: str, role: str, key: str) -> None:
    """The room's words in one of the sizes of look.css: vow, big, medium, name, quiet, finding-line."""
    with st.container(key=f"{role}-{key}"):
        st.text(text, width="stretch")


def handle(ref: str, on_click: Callable, *args, key: str = "handle") -> None:
    """An item's label; a click on it opens the item, to be edited or read."""
    st.button(
        label(ref),
        key=f"{key}-{ref}",
        type="tertiary",
        on_click=on_click,
        args=args,
        help=opens(ref),
    )


def opens(ref: str) -> str:
    """What a click on an item's label does, in words."""
    return (_("{ref}: click to read") if here.is_closed() else _("{ref}: click to edit")).format(ref=spelled(ref))


def choose_button(ref: str, key: str = "choose") -> None:
    """On a candidate's line: it becomes the one."""
    here.button(_("Choose"), key=f"{key}-{ref}", type="tertiary", on_click=here.carry_out,
                args=(items.choose, items.Choose(ref), _("Chose {ref}")))  # fmt: skip


def promise_line(step: str = "") -> None:
    """The promise and its review: what the room said of it at this `step`, or by when it is looked at again."""
    if kept := get_promise(here.db()):
        with line("promise", horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(label(kept["ref"]), width="content")
            st.text(kept["text"], width="stretch")
            if review := _said_at(step) or review_of(kept, date.today()):
                st.caption(review, width="content")
            if step:
                _ask_review(step)


def _said_at(step: str) -> str:
    """What the room said when it last stopped for its promise here."""
    said = [said_of(one.rows[0]) for one in afterwards.list_promise_reviews(here.db()) if one.activity["step"] == step]
    return said[-1] if said else ""


def _ask_review(step: str) -> None:
    if afterwards.can_ask_promise_review(here.db(), step):
        with st.popover(_("Do we keep it?"), icon=":material/fact_check:", type="tertiary", key="keep-it"):
            st.caption(_("Two minutes: the room says in silence whether the promise is kept with what stands here. "
                         "The phones and the shared screen show it at once."))  # fmt: skip
            here.button(_("Ask the room now"), key="promise-review", on_click=here.carry_out,
                        args=(afterwards.ask_promise_review, afterwards.AskPromiseReview(step),
                              _("Opened: do we keep it?")))  # fmt: skip


def head(prompt: str, below: str) -> None:
    """The prompt and one caption."""
    with st.container(gap=None):
        st.title(here.escaped(_(prompt)), anchor=False)
        st.caption(here.escaped(_(below)))


def one_page(rows: list, key: str, most: int = MOST_LINES) -> list:
    """The rows that are drawn now; where there are more than a run can draw at once, above them which ones."""
    pages = -(-len(rows) // most)
    if pages < 2:
        return rows
    st.session_state[key] = min(st.session_state.get(key, 1), pages)
    at = st.number_input(_("Page, of {pages}").format(pages=pages), 1, pages, key=key)
    return rows[(at - 1) * most : at * most]


def empty(sentence: str) -> None:
    """What to do next, where there is nothing yet and something can come."""
    if not here.is_closed():
        st.caption(sentence)


# st.html drops SVG and st.image cannot use the page's fonts: our own drawings go through one small component
_drawing = st.components.v2.component(
    "throughline_drawing",
    html="<div></div>",
    css="""div { font-family: var(--st-font); font-variant-numeric: tabular-nums } svg { display: block }
a { cursor: pointer; outline: none } a:hover text { text-decoration: underline }
a:focus-visible rect, a:focus-visible circle { stroke-width: 4 }""",
    js="""export default ({ data, parentElement, setTriggerValue }) => {
  const place = parentElement.querySelector("div");
  if (place.drawn !== data.svg) place.innerHTML = place.drawn = data.svg;
  place.onclick = (click) => {
    const ref = click.target.closest("a")?.dataset.ref;
    // with Ctrl or the middle button the link opens beside this page, as any link does
    if (!ref || click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    setTriggerValue("ref", ref);
  };
  // one stop for the Tab key, however many items there are; the arrows go from one to the next
  const items = [...place.querySelectorAll("a")];
  const reach = (at) => items.forEach((item, i) => item.setAttribute("tabindex", i === at ? "0" : "-1"));
  if (!items.some((item) => item.getAttribute("tabindex") === "0")) reach(0);
  place.onkeydown = (key) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key.key];
    const at = items.indexOf(key.target.closest("a")) + by;
    if (!items[at]) return;
    key.preventDefault();
    reach(at);
    items[at].focus();
  };
}""",
)


def drawing(svg: str, key: str, on_ref: Callable[[str], None] | None = None) -> None:
    """A drawing of ours, with every text in it escaped. `on_ref` is called with the ref of a link that is clicked."""

    def clicked() -> None:
        if on_ref and (ref := st.session_state[key].get("ref")):
            on_ref(ref)

    _drawing(data={"svg": svg}, key=key, on_ref_change=clicked)
