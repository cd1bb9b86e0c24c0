"""The walk past all touchpoints as a picture: how it feels today as a line, and whether the promise is kept there."""

from html import escape
from itertools import groupby

from workshop.palette import FONT, drawing_colours
from workshop.words import N_, _

WIDE, HIGH, TOP, STEP = 680, 138, 34, 17
LETTER, WORD = 6.2, 44  # of a stage's name, and what a feeling's name takes; closer together only refs stand
# the beads of the line: full where the promise is kept, half, empty and crossed where it is broken, dotted unknown
STATES = {"kept": N_("kept"), "partly": N_("partly kept"), "broken": N_("broken"), "unknown": N_("unknown")}


def draw_walk(touchpoints, *, colours=None, link=None):
    """SVG text. `touchpoints` in their order: ref, name, stage, emotion_today, feeling (−2…+2 or None), promise_state.

    `colours` is palette.drawing_colours(…); `link(ref)` gives the address that a bead leads to. The line breaks where
    nobody said how it feels.
    """
    colours = colours or drawing_colours()
    ink, quiet = colours["touchpoint"], colours["line"]
    gap = WIDE / max(len(touchpoints), 1)
    places = [(gap * (i + 0.5), _height(row["feeling"])) for i, row in enumerate(touchpoints)]
    out = [f'<path d="M0 {_height(0):.0f}H{WIDE}" stroke="{quiet}"/>']
    out += [_stage(stage, start, wide, colours) for stage, start, wide in _stages(touchpoints, gap)]
    for felt, run in groupby(zip(touchpoints, places, strict=True), lambda one: one[0]["feeling"] is not None):
        if felt:
            way = " L".join(f"{x:.1f} {y:.1f}" for _row, (x, y) in run)
            out.append(f'<path d="M{way}" fill="none" stroke="{ink}" stroke-width="1.5" stroke-linejoin="round"/>')
    for row, (x, y) in zip(touchpoints, places, strict=True):
        feeling = row["emotion_today"] if row["emotion_today"] and gap >= WORD else ""
        bead, ref = _bead(row, x, y, feeling, ink, colours), escape(row["ref"])
        out.append(f'<a href="{escape(link(row["ref"]))}" data-ref="{ref}">{bead}</a>' if link else bead)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="100%" role="img" '
        f'font-family="{FONT}" aria-label="{escape(_said(touchpoints))}" style="display:block">{"".join(out)}</svg>'
    )


def _height(feeling):
    """Better is higher; where nobody said it the bead lies on the middle line."""
    return TOP + (2 - (feeling or 0)) * STEP


def _stages(touchpoints, gap):
    """(stage, where it begins, how wide it is) for each run of touchpoints with the same stage."""
    place = 0
    for stage, run in groupby(touchpoints, lambda row: row["stage"]):
        count = len(list(run))
        yield stage, place * gap, count * gap
        place += count


def _stage(stage, start, wide, colours):
    name = _(stage) if len(_(stage)) * LETTER <= wide - 6 else ""  # half a name says nothing
    return (
        f'<path d="M{start:.1f} 4V{HIGH - 4}" stroke="{colours["line"]}"/><text x="{start + 6:.1f}" y="14" '
        f'font-size="11.5" font-weight="600" fill="{colours["text"]}">{escape(name)}</text>'
    )


def _bead(row, x, y, feeling, ink, colours):
    fill = {"kept": ink, "partly": "none"}.get(row["promise_state"], colours["ground"])
    dashes = ' stroke-dasharray="1.5 2"' if row["promise_state"] == "unknown" else ""
    inside = {
        "partly": f'<path d="M{x:.1f} {y - 5:.1f}a5 5 0 0 0 0 10z" fill="{ink}"/>',
        "broken": f'<path d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6" stroke="{ink}" stroke-width="1.5"/>',
    }
    under = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{colours["ground"]}"/>'
    return (
        f"<g><title>{escape(row['ref'])}: {escape(row['name'])}</title>{under}"
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{ink}" stroke-width="1.5"{dashes}/>'
        f'{inside.get(row["promise_state"], "")}<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle" '
        f'font-size="10.5" font-weight="600" fill="{ink}">{escape(row["ref"])}</text>'
        f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle" font-size="10.5" fill="{colours["text"]}">'
        f"{escape(feeling)}</text></g>"
    )


def _said(touchpoints):
    """The picture in words."""
    each = [
        ", ".join(filter(None, (f"{row['ref']} {row['name']}", row["emotion_today"], _(STATES[row["promise_state"]]))))
        for row in touchpoints
    ]
    return "; ".join(each) + "."
