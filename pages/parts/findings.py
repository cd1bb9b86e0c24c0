"""Findings as chips beside what they are about: the sentence itself, the words, and the way to put it aside."""

import streamlit as st

from pages.parts import editor, field, here
from pages.parts.cards import label
from workshop import items, second_look
from workshop.checks import findings
from workshop.checks.findings import Dismiss, Found, Restore, Silence
from workshop.checks.text import Finding
from workshop.second_look import Confirm
from workshop.words import N_, _

# what a finding asks to be written: the button's name, the noun, and the new one's fields for the item it is about
MISSING = {
    "THR-VALUE-ORPHAN": (N_("Derive a principle"), "principle", lambda ref: {"values": [ref]}),
    "THR-SEGMENT": (
        N_("Write what they come for"),
        "purpose",
        lambda ref: {"level": "small", "status": "chosen", "segment": ref},
    ),
    "THR-SELECT-LIFE": (N_("Write who does what"), "activation", lambda ref: {"concept": ref, "kind": "employees"}),
}
MOST_CHIPS = 8  # beside one item: of sixty cards that look alike each has fifty-nine twins
ICONS = {"fix": "link_off", "ask": "contact_support", "hint": "lightbulb"}


def by_ref(*tables: str) -> dict[str, list[Found]]:
    """What is open about the items of these tables, by ref; twins stand with both."""
    found: dict[str, list[Found]] = {}
    for one in findings.list_findings(here.db(), *tables):
        if one.state == "open":
            for ref in one.finding.ref.split("+"):
                found.setdefault(ref, []).append(one)
    return found


def about_step(slug: str) -> None:
    """What is open about a step as a whole, and no item of it; pages.frame draws it above every step's page."""
    found, cells = by_ref(), _parting() if slug == "ranking" else []
    if (slug in found or cells) and not here.is_closed():
        with st.container(key=f"about-{slug}", horizontal=True, gap="medium"):
            chips(slug, slug, found)
            _cells(cells)


def _parting() -> list[Finding]:
    """The cells, concept by metric, that the room sees very differently; of fifty of them one chip speaks."""
    return [one.finding for one in findings.list_findings(here.db(), "cell") if one.state == "open"]


def _cells(cells: list[Finding]) -> None:
    if not cells:
        return
    rule, said = cells[0].rule, f"{_(cells[0].message)} ({len(cells)})"
    chip = st.popover(said, icon=f":material/{ICONS[cells[0].severity]}:", type="tertiary", key=f"find-{rule}",
                      on_change="rerun")  # fmt: skip
    if not chip.open:
        return
    with chip:
        for cell in cells:
            with st.container(key=f"line-cell-{cell.ref}", horizontal=True, gap="xsmall", wrap=False):
                st.markdown(label(*cell.ref.split("+")), width="content")
                st.text(cell.matched, width="stretch")
                st.button(_("Put aside"), key=f"aside-{rule}-{cell.ref}", type="tertiary", on_click=_dismiss,
                          args=(rule, cell.ref, rule))  # fmt: skip
        _because(rule)
        _off_button(rule)


def chips(page: str, ref: str, found: dict[str, list[Found]]) -> None:
    """What is open about one item of a page, or about its step (`ref` is the slug too).

    Twins stand with both, so the key names the item as well. In a closed workshop nothing is asked.
    """
    if here.is_closed():
        return
    _look_again(page, ref)
    _let_go(ref)
    mine = found.get(ref, [])
    for one in mine[:MOST_CHIPS]:
        finding = one.finding
        key = f"{finding.rule}-{finding.ref}-{ref}"
        icon = f":material/{ICONS[finding.severity]}:"
        twins = label(*(other for other in finding.ref.split("+") if other != ref))
        # what is missing of a step is named in our words, never in people's
        missing = f" ({here.escaped(finding.matched)})" if ref == page and finding.matched else ""
        said = f"{findings.said(finding)}{missing} {twins}"
        chip = st.popover(said, icon=icon, type="tertiary", key=f"find-{key}", on_change="rerun")
        if chip.open:  # of a hundred chips one is looked into
            with chip:
                _say_more(page, ref, finding, key)
    if len(mine) > MOST_CHIPS:
        st.caption(_("and {count} more").format(count=len(mine) - MOST_CHIPS))


def _look_again(page: str, ref: str) -> None:
    """What was changed upstream since somebody last looked at this item."""
    looks = second_look.list_second_looks(here.db()).get(ref)
    if not looks:
        return
    causes = label(*dict.fromkeys(look["because"] for look in looks))
    chip = st.popover(f"{_('To be looked at again:')} {causes}", icon=":material/history:", type="tertiary",
                      key=f"find-again-{ref}", on_change="rerun")  # fmt: skip
    if chip.open:
        with chip:
            for look in looks:
                st.caption(_("{ref}, {field}, was:").format(ref=look["because"], field=look["label"]))
                st.text(look["was"] or "–")
                st.caption(_("and is now:"))
                st.text(look["now"] or "–")
            with st.container(horizontal=True, gap="xsmall"):
                st.button(_("It still holds"), icon=":material/check:", key=f"holds-{ref}", on_click=here.carry_out,
                          args=(second_look.confirm, Confirm((ref,)), _("{ref} still holds")))  # fmt: skip
                st.button(_("Change it"), icon=":material/edit:", key=f"again-edit-{ref}", type="tertiary",
                          on_click=editor.open_item, args=(page, ref))  # fmt: skip


def _let_go(ref: str) -> None:
    """What was put away and still stands on this item."""
    gone = second_look.list_left_hanging(here.db()).get(ref)
    if not gone:
        return
    chip = st.popover(f"{_('Put away, and still named here:')} {label(*gone)}", icon=":material/link_off:",
                      type="tertiary", key=f"find-gone-{ref}", on_change="rerun")  # fmt: skip
    if chip.open:
        with chip:
            for one in gone:
                st.text(field.words_of(one))
                st.button(_("Bring {ref} back").format(ref=one), icon=":material/undo:", key=f"again-{one}-{ref}",
                          type="tertiary", on_click=here.carry_out,
                          args=(items.bring_back, items.BringBack(one), _("Brought {ref} back")))  # fmt: skip
            st.button(_("Take it off"), icon=":material/link_off:", key=f"let-go-{ref}", on_click=here.carry_out,
                      args=(second_look.let_go, second_look.LetGo(ref), _("Took off {ref}")))  # fmt: skip


def _say_more(page: str, ref: str, finding: Finding, key: str) -> None:
    if finding.matched and ref != page:
        st.caption(_("because of the words"))
        st.text(finding.matched)
    if finding.rule in MISSING:
        name, table, begun = MISSING[finding.rule]
        st.button(_(name), icon=":material/add:", key=f"write-{key}", on_click=editor.open_new, args=(page, table),
                  kwargs=begun(ref))  # fmt: skip
    if ref != page:
        st.button(_("Change it"), icon=":material/edit:", key=f"change-{key}", on_click=editor.open_at,
                  args=(page, ref, finding.field))  # fmt: skip
    _because(key)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(_("Put aside"), key=f"aside-{key}", on_click=_dismiss, args=(finding.rule, finding.ref, key))
        _off_button(finding.rule, key)


def _because(key: str) -> None:
    st.text_input(_("Put aside, because"), key=f"why-{key}", persist_state="session")
    if problem := here.refusal_for("reason", key):
        with st.container(key=f"problem-why-{key}"):
            st.text(problem)


def _off_button(rule: str, key: str = "") -> None:
    st.button(_("Do not ask this here"), key=f"off-{key or rule}", type="tertiary", on_click=here.carry_out,
              args=(findings.silence, Silence(rule), _("Switched {ref} off")))  # fmt: skip


def _dismiss(rule: str, ref: str, key: str) -> None:
    command = Dismiss(rule=rule, ref=ref, reason=st.session_state[f"why-{key}"])
    here.carry_out(findings.dismiss, command, _("Put aside: {ref}"), beside=key)


def put_aside(*about: str) -> None:
    """What was put aside, with its reason, and the rules that were switched off; each can be taken back.

    `about`: of these tables, and single rules by their id.
    """
    db = here.db()
    rules = {rule for rule, table in findings.TABLE_OF.items() if table in about or rule in about}
    aside = [one for one in findings.list_findings(db) if one.state == "dismissed" and one.finding.rule in rules]
    silenced = sorted(findings.list_silenced(db) & rules)
    if not aside and not silenced:
        return
    with st.expander(f"{_('Not asked')} :small[{len(aside) + len(silenced)}]"):
        for one in aside:
            rule, ref = one.finding.rule, one.finding.ref
            with st.container(key=f"line-aside-{rule}-{ref}", horizontal=True, gap="xsmall", wrap=False,
                              vertical_alignment="center"):
                st.text(f"{ref}: {findings.said(one.finding)} – {one.reason}", width="stretch")
                here.button(_("Ask again"), key=f"again-{rule}-{ref}", type="tertiary", on_click=here.carry_out,
                            args=(findings.restore, Restore(rule, ref), _("Asked again about {ref}")))  # fmt: skip
        for rule in silenced:
            with st.container(key=f"line-silent-{rule}", horizontal=True, gap="xsmall", wrap=False,
                              vertical_alignment="center"):
                st.text(_("{rule}: {question} – not in this workshop").format(
                    rule=rule, question=_(findings.MESSAGE_OF.get(rule, "–"))), width="stretch")  # fmt: skip
                here.button(_("Switch on"), key=f"on-{rule}", type="tertiary", on_click=here.carry_out,
                            args=(findings.unsilence, findings.Unsilence(rule), _("Switched {ref} on")))  # fmt: skip
