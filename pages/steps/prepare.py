"""Prepare: the question of the day, whom it is for, what they have told us, and who will be in the room."""

import streamlit as st

from pages.parts import activity, beforehand, counting, editor, here, taking_part, written
from pages.parts.cards import empty, handle, head, label, line, row, words
from pages.parts.editor import Form
from pages.parts.field import draw_field, read_field, value_of
from workshop import fields
from workshop.items import list_items
from workshop.problems import Conflict
from workshop.steps import prepare
from workshop.steps.prepare import STEP, EditWorkshop, StartWorkshop, add_brand, add_evidence, add_segment
from workshop.steps.strategy import add_metric, list_metrics
from workshop.words import _

PAGE = STEP.slug
db = here.db()
workshop, segments, evidence = prepare.get_workshop(db), list_items(db, "segment"), list_items(db, "evidence")
forms = [
    Form("segment", add_segment, _("A group of customers"), ("name", "context", "reached_how")),
    Form("evidence", add_evidence, _("What they told us"), ("note", "kind", "strength", "about"), ("date", "link")),
    Form("brand", add_brand, _("A brand or branch"), ("name", "kind")),
    Form("metric", add_metric, _("What we know today"), ("name", "unit", "baseline", "baseline_date"),
         ("kind", "definition", "data_source", "owner_role")),
]  # fmt: skip
OWN = ("scope_question", "organisation", "date", "decider_role")
MORE = ("aims", "cost_of_standing_still", "success_sentence", "title", "industry", "organisation_note",
        "length_minutes", "facilitator_role", "sponsor_role")  # fmt: skip


def draw_own(name: str) -> None:
    """A field of the workshop's own record; it is stored as soon as it is left."""
    about = fields.fields_of(StartWorkshop)[name]
    if here.is_closed():
        read_field(about, fields.label_of(about), workshop[name])
        return
    key = f"workshop-{name}-{here.code()}-{workshop[name]}"
    draw_field(about, fields.label_of(about), key, workshop[name], on_change=store_own, args=(name, key))
    if problem := here.refusal_for(name, "workshop"):
        with st.container(key=f"problem-workshop-{name}"):
            st.text(problem)


def store_own(name: str, key: str) -> None:
    edit = EditWorkshop(workshop["version"], {name: value_of(key)}, {name: workshop[name]})
    here.carry_out(prepare.edit_workshop, edit, _("Changed the workshop"), beside="workshop")


def give_back() -> None:
    """What was typed into a field that somebody else has filled in meanwhile."""
    found = here.refusal("workshop")
    if isinstance(found, Conflict):
        for name in (name for name in (*OWN, *MORE) if found.mine.get(name) != found.theirs.get(name)):
            about = fields.fields_of(StartWorkshop)[name]
            st.caption(_("{field}, as you wrote it:").format(field=fields.label_of(about)))
            st.text(str(found.mine[name]))


def add_button(table: str, name: str, **preset) -> None:
    here.button(name, icon=":material/add:", type="tertiary", key=f"new-{table}", on_click=editor.open_series,
                args=(PAGE, table), kwargs=preset)  # fmt: skip


def draw_customers() -> None:
    st.markdown(f"**{_('For whom')}** :small[{len(segments)}]")
    for one in segments:
        with line(one["ref"], horizontal=True, wrap=False):
            handle(one["ref"], editor.open_item, PAGE, one["ref"])
            st.text(one["name"])
            with st.container(key=f"feeling-{one['ref']}", width="stretch"):
                st.text(" · ".join(filter(None, (one["context"], one["reached_how"]))))
    brands = list_items(db, "brand")
    if brands:
        with row("xsmall"):
            for one in brands:
                handle(one["ref"], editor.open_item, PAGE, one["ref"])
                st.text(one["name"], width="content")
    with row("xsmall"):
        add_button("segment", _("A group of customers"))
        add_button("brand", _("A brand or branch"))


def draw_evidence() -> None:
    with row("xsmall"):
        st.markdown(f"**{_('What they have told us')}** :small[{len(evidence)}]", width="content")
        st.space("stretch")
        add_button("evidence", _("Evidence"), kind="interview")
    for one in evidence:
        with line(one["ref"], gap="xxsmall"):
            with row("xsmall", wrap=False):
                handle(one["ref"], editor.open_item, PAGE, one["ref"])
                st.text(one["note"], width="stretch")
                st.markdown(label(*one["about"]), width="content")
            strength = "●" * (one["strength"] or 0) + "○" * (3 - (one["strength"] or 0)) if one["strength"] else ""
            st.caption(" · ".join(filter(None, (_(one["kind"]), one["date"], strength))))
    if not evidence:
        empty(_("What have customers said or done, in front of whom? What nobody has heard is an assumption."))


def draw_today() -> None:
    """What we count and what it stands at now."""
    metrics = list_metrics(db)
    with row("xsmall"):
        st.markdown(f"**{_('What we know today')}** :small[{len(metrics)}]", width="content")
        st.space("stretch")
        add_button("metric", _("A figure"), kind="cpi")
    for metric in metrics:
        with line(metric["ref"], horizontal=True, wrap=False):
            handle(metric["ref"], editor.open_item, PAGE, metric["ref"])
            st.text(metric["name"], width="stretch")
            st.caption(counting.ends(metric), width="content")


editor.follow_address(PAGE, forms)
left, right = st.columns([7, 3], gap="medium")
with left:
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    if workshop["scope_question"]:
        words(workshop["scope_question"], "big", "question")
    with row("small"):
        for said, done in prepare.list_prepared(db):
            st.caption(f":material/{'check_circle' if done else 'radio_button_unchecked'}: {said}", width="content")
    beforehand.draw()
    draw_customers()
    draw_evidence()
    taking_part.draw()
    draw_today()
    written.draw(PAGE)
    editor.put_away(PAGE, "segment", "brand", "evidence")
with right:
    if editor.editing(PAGE):
        editor.draw(PAGE, forms)
    else:
        with st.container(key="editor-workshop"):
            st.markdown(f"**{_('The workshop')}**")
            for name in OWN:
                draw_own(name)
            with st.expander(_("More"), key="more-workshop"):
                for name in MORE:
                    draw_own(name)
            here.show_refusal("workshop", but=(*OWN, *MORE))
            give_back()
