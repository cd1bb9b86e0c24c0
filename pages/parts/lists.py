"""Bringing in a table of concepts, metrics, touchpoints or ratings: choose, see what will happen, then do it."""

import streamlit as st

from pages.parts import here
from workshop import journal, lists, sheet, store
from workshop.library import Entry
from workshop.words import _

MOST_SHOWN = 200
LEADS_TO = {"concepts": "concepts", "metrics": "strategy", "touchpoints": "touchpoints", "ratings": "ranking"}


def table_button(entries: list[Entry]) -> None:
    """A button that opens the table's own window; nothing without a workshop to bring it into."""
    if any(not entry.problem for entry in entries):
        st.button(_("Bring in a table"), icon=":material/table_view:", type="tertiary", key="bring-table",
                  on_click=lambda: st.session_state.update({"table_open": True}))  # fmt: skip
    if st.session_state.pop("table_open", False):
        window([entry for entry in entries if not entry.problem])


@st.dialog(_("Bring in a table"), width="large")
def window(entries: list[Entry]) -> None:
    if "go_to" in st.session_state:
        st.rerun()  # a window runs by itself, and where its last button led to is the page's to open
    st.caption(_("CSV or Excel, with a line of column names. What each row does is shown before anything is stored."))
    left, right = st.columns(2)
    names = _told_apart(entries)
    here_first = sorted(names, key=lambda code: code != here.code())
    code = left.selectbox(_("Into which workshop?"), here_first, format_func=names.get, key="table-code")
    kind = right.selectbox(_("What is in it?"), list(lists.KINDS), key="table-kind",
                           format_func=lambda kind: _(lists.KINDS[kind]))  # fmt: skip
    upload = st.file_uploader(_("A table (.csv or .xlsx)"), key="table-file", label_visibility="collapsed")
    if upload is None:
        return
    found = here.attempt(lambda: _planned(code, kind, upload.getvalue()), beside="table")
    here.show_refusal("table")
    if found is None:
        return
    command, plan = found
    _show(plan)
    if not plan.refused:
        st.button(_("Bring in {count} rows").format(count=len(plan.rows)), type="primary", key="table-do",
                  on_click=_bring_in, args=(code, command))  # fmt: skip


def _told_apart(entries: list[Entry]) -> dict[str, str]:
    """What each workshop is called, by code; of several of one name with the code that stands in the address."""
    titles = [entry.title for entry in entries]
    return {entry.code: f"{entry.title} ({entry.code})" if titles.count(entry.title) > 1 else entry.title
            for entry in entries}  # fmt: skip


def _planned(code: str, kind: str, raw: bytes) -> tuple[lists.BringIn, lists.Plan]:
    command = lists.BringIn(kind, sheet.read(raw, kind))
    with store.open(code) as db:
        return command, lists.plan(db, command)


def _show(plan: lists.Plan) -> None:
    names = {"add": _("added"), "change": _("changed"), "refuse": _("refused")}
    counts = [f"{sum(row.does == does for row in plan.rows)} {name}" for does, name in names.items()]
    st.text(" · ".join(counts))
    if plan.passed_over:
        st.text(_("Columns that are passed over: {names}").format(names=", ".join(plan.passed_over)))
    if plan.refused:
        st.text(_("Mend the refused rows in the file, and choose it again: all rows come in, or none."))
    shown = sorted(plan.rows, key=lambda row: row.does != "refuse")[:MOST_SHOWN]
    columns = {_("Line"): [row.line for row in shown], _("What happens"): [names[row.does] for row in shown],
               _("Row"): [row.words for row in shown], _("Why"): [row.why for row in shown]}  # fmt: skip
    wide = dict(zip(columns, (70, 110, 240, 780), strict=True))  # the longest reason can be read
    st.dataframe(columns, hide_index=True, height=min(420, 40 + 35 * len(shown)),
                 column_config={name: st.column_config.Column(width=wide[name]) for name in columns})


def _bring_in(code: str, command: lists.BringIn) -> None:
    done = _("Brought in {ref} rows")

    def act() -> int:
        with store.open(code) as db:
            return journal.act(db, journal.HOST, lists.bring_in, command, done)

    if here.attempt(act, done, beside="") is not None:
        here.go_to(f"steps/{LEADS_TO[command.kind]}.py", code)
