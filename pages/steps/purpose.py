"""Purpose: big, medium and small as three places; the small ones in columns by who says them."""

import streamlit as st

from pages.parts import activity, candidates, editor, findings, here, mattering, written
from pages.parts.cards import card, choose_button, empty, handle, head, promise_line, row, words
from pages.parts.editor import Form
from workshop.items import list_items
from workshop.steps.prepare import add_brand, add_segment
from workshop.steps.purpose import OPENERS, STEP, AddPurpose, add_purpose, list_purposes
from workshop.words import _

PAGE = STEP.slug
COLUMNS = 3  # of small purposes, beside one another
db = here.db()
levels = {level: list_purposes(db, level) for level in ("big", "medium", "small")}
segments = list_items(db, "segment")
found = findings.by_ref("purpose", "segment")
sole = segments[0]["ref"] if len(segments) == 1 else None  # nobody else could say it
brands = {one["ref"]: one["name"] for one in list_items(db, "brand")}
upper = ("kind", "beneficiaries", "what", "competitor_could_sign", "reason_to_choose", "status")
forms = [
    Form("purpose", add_purpose, _("The big purpose"), ("text", "why", "if_we_disappeared", "proof"), upper,
         suits=lambda row: row["level"] == "big"),
    Form("purpose", add_purpose, _("The medium purpose"), ("text", "brand", "same_as", "proof"), ("why", *upper),
         suits=lambda row: row["level"] == "medium"),
    Form("purpose", add_purpose, _("A customer purpose"),
         ("text", "segment", "evidence_source", "emotion_if_met"),
         ("emotion_if_missed", "evidence_note", "evidence_strength", "ease_today", "small_kind", "context",
          "motivation", "shared_with_big", "opener", "level", "status")),
    Form("segment", add_segment, _("A group of customers"), ("name", "context"), ("reached_how",)),
    Form("brand", add_brand, _("A brand or branch"), ("name", "kind")),
]  # fmt: skip


def place(level: str, name: str, role: str) -> None:
    """The chosen purposes of a level on their card, or what to write there."""
    chosen = [one for one in levels[level] if one["status"] == "chosen"]
    for one in chosen:
        with card(one["ref"], height="stretch", gap="small"):
            with row("xsmall"):
                handle(one["ref"], editor.open_item, PAGE, one["ref"])
                st.markdown(f"**{name}** :small[{role}]", width="content")
                if one["brand"] and len(brands) > 1:
                    with st.container(key=f"feeling-brand-{one['ref']}", width="content"):
                        st.text(brands.get(one["brand"], ""), width="content")
            words(one["text"], level, one["ref"])
            if one["why"]:
                words(one["why"], "quiet-line", f"why-{one['ref']}")
            findings.chips(PAGE, one["ref"], found)
    several = level == "medium" and len(brands) > 1
    for brand in [] if here.is_closed() else brands if several else [] if chosen else [None]:
        if brand not in {one["brand"] for one in chosen}:
            to_write(level, name, role, brand)


def to_write(level: str, name: str, role: str, brand: str | None) -> None:
    """A level, or with several brands one of them, that has no purpose yet."""
    at = f"{level}-{brand}" if brand else level
    with card(f"no-{at}", height="stretch", gap="small"):
        st.markdown(f"**{name}** :small[{role}]")
        if brand:
            st.text(brands[brand])
        empty(_("Why do we exist beyond money? … so that …") if level == "big" else _("In their lives, we are …"))
        with row("xsmall"):
            here.button(_("Write it"), key=f"write-{at}", on_click=editor.open_new, args=(PAGE, "purpose"),
                        kwargs={"level": level, "status": "chosen", "brand": brand})  # fmt: skip
            big = next((one for one in levels["big"] if one["status"] == "chosen"), None)
            if level == "medium" and big:
                same = AddPurpose(level="medium", text=big["text"], same_as=big["ref"], brand=brand, status="chosen")
                here.button(_("Same as the big one"), key=f"same-as-big-{at}", on_click=here.carry_out,
                            args=(add_purpose, same, _("Added {ref}")))  # fmt: skip


def small(one: dict) -> None:
    with card(one["ref"]):
        with row("xsmall"):
            handle(one["ref"], editor.open_item, PAGE, one["ref"])
            facts = (one["evidence_source"], one["status"] if one["status"] != "chosen" else "")
            st.caption(", ".join(_(fact) for fact in facts if fact), width="content")
            if one["status"] == "candidate":
                choose_button(one["ref"])
        st.text(one["text"])
        if one["emotion_if_met"] or one["emotion_if_missed"]:
            felt = _("{met}, or else {missed}")
            with st.container(key=f"feeling-{one['ref']}"):
                st.text(felt.format(met=one["emotion_if_met"] or "…", missed=one["emotion_if_missed"] or "…"))
        findings.chips(PAGE, one["ref"], found)


def group(segment: dict | None, purposes: list[dict], width: int) -> None:
    """What the people of one segment come for, or what nobody was named for, in so many columns."""
    with st.container(key=f"segment-{segment['ref'] if segment else 'nobody'}", horizontal=True, gap="xsmall",
                      wrap=False):  # fmt: skip
        st.text(segment["name"] if segment else _("Nobody named yet"), width="stretch")
        if segment:
            handle(segment["ref"], editor.open_item, PAGE, segment["ref"])
    if segment:
        findings.chips(PAGE, segment["ref"], found)
    beside = st.columns(width, gap="small") if width > 1 else [st.container(gap="small")]
    for i, one in enumerate(purposes):
        with beside[i % width]:
            small(one)
    if not purposes:
        empty(_("What do they come for? Begin with one of the four openers."))


left, right = st.columns([7, 3], gap="medium")
with left:
    promise_line()
    head(STEP.prompt, STEP.below)
    activity.draw(PAGE)
    big, medium = st.columns([5, 3], gap="small")
    with big:
        place("big", _("Big"), _("in the world"))
    with medium:
        place("medium", _("Medium"), _("in their lives"))
    not_chosen = [one for one in levels["big"] + levels["medium"] if one["status"] != "chosen"]
    candidates.draw(PAGE, [(one, f"{_(one['level'])}, {_(one['status'])}") for one in not_chosen], found)
    with row("xsmall"):
        st.markdown(f"**{_('Small')}** :small[{_('in their words')}]", width="content")
        st.space("stretch")
        for opener in OPENERS:
            here.button(f"{opener}…", key=f"open-{opener}", on_click=editor.open_new, args=(PAGE, "purpose"),
                        kwargs={"level": "small", "status": "chosen", "segment": sole, "opener": opener,
                                "text": f"{opener} "})  # fmt: skip
    named = {one["ref"] for one in segments}
    loose = [one for one in levels["small"] if one["segment"] not in named]
    for start in range(0, len(segments), COLUMNS):
        beside = segments[start : start + COLUMNS]
        widths = [*[1] * (len(beside) - 1), COLUMNS + 1 - len(beside)]  # the last one takes what the others leave
        for column, width, segment in zip(st.columns(widths, gap="small"), widths, beside, strict=True):
            with column:
                group(segment, [one for one in levels["small"] if one["segment"] == segment["ref"]], width)
    if loose or not segments:
        group(None, loose, COLUMNS)
    with row("xsmall"):
        more = _("Another group") if segments else _("Name a group of customers")
        brand = _("Another brand") if brands else _("A brand or branch")
        others = {"segment": (more, "segment", {}), "brand": (brand, "brand", {})}
        for level, name in (("big", _("A big candidate")), ("medium", _("A medium candidate"))):
            if levels[level]:
                others[level] = name, "purpose", {"level": level}
        for key, (name, table, preset) in others.items():
            here.button(name, icon=":material/add:", type="tertiary", key=f"new-{key}", on_click=editor.open_series,
                        args=(PAGE, table), kwargs=preset)  # fmt: skip
    mattering.draw(PAGE, [one for one in levels["small"] if one["status"] != "parked"])
    written.draw(PAGE)
    findings.put_aside("purpose", "segment")
    editor.put_away(PAGE, "purpose", "segment", "brand")
with right:
    editor.draw(PAGE, forms, {"level": "small", "status": "chosen", "segment": sole})
