"""The colours: one ink and one tint per noun, and the ground they stand on, in light and dark.

The only source for charts, thread and screen; .streamlit/config.toml and screen.css repeat the values, and a test
compares them.
Colour is never the only carrier: a ref's letters say the noun as well.
"""

import re

MODES = ("light", "dark")
FONT = "'Throughline Sans', Inter, system-ui, sans-serif"  # of our own drawings

LETTERS = {
    "P": "purpose",
    "PR": "promise",
    "V": "value",
    "D": "principle",
    "T": "touchpoint",
    "E": "concept",
    "C": "cpi",
    "K": "kpi",
}
NOUNS = tuple(LETTERS.values())

# Streamlit's palette name that carries each noun's colour, so that :violet-badge[P3] follows the theme by itself.
SLOTS = {
    "purpose": "violet",
    "promise": "primary",
    "value": "yellow",
    "principle": "red",
    "touchpoint": "gray",
    "concept": "green",
    "cpi": "blue",
    "kpi": "orange",
}

INKS = {
    "light": {
        "purpose": "#5A3EA6",
        "promise": "#1B2740",
        "value": "#765400",
        "principle": "#A3195B",
        "touchpoint": "#2B616D",
        "concept": "#2E6B23",
        "cpi": "#0A55AC",
        "kpi": "#97401C",
    },
    "dark": {
        "purpose": "#BBAAF4",
        "promise": "#F1E9DA",
        "value": "#E9C45F",
        "principle": "#F49AC3",
        "touchpoint": "#94C9D4",
        "concept": "#97D486",
        "cpi": "#8BBEF7",
        "kpi": "#F0A684",
    },
}
TINTS = {
    "light": {
        "purpose": "#EFEBFA",
        "promise": "#E6E7EA",
        "value": "#FAF0CF",
        "principle": "#FBE9F1",
        "touchpoint": "#E2EEF0",
        "concept": "#E6F3E2",
        "cpi": "#E4EFFB",
        "kpi": "#FBE9DF",
    },
    "dark": {
        "purpose": "#2A2347",
        "promise": "#3A3840",
        "value": "#352B0F",
        "principle": "#431A2D",
        "touchpoint": "#173037",
        "concept": "#1C3316",
        "cpi": "#10294A",
        "kpi": "#3B2117",
    },
}
# "far" is the muted text of the shared screen (7:1, read from the last row), "edge" its thread and empty discs.
GROUNDS = {
    "light": {
        "ground": "#FBFAF7",
        "surface": "#FFFFFF",
        "sidebar": "#F4F1EA",
        "band": "#F4F1EA",
        "line": "#E3DFD6",
        "text": "#1D1B20",
        "muted": "#5E5A66",
        "far": "#55515D",
        "edge": "#77727F",
    },
    "dark": {
        "ground": "#15141A",
        "surface": "#1E1D25",
        "sidebar": "#1A1920",
        "band": "#23212B",
        "line": "#34323E",
        "text": "#F2F0F5",
        "muted": "#B1ACBB",
        "far": "#B1ACBB",
        "edge": "#8E8999",
    },
}


def noun(ref):
    """The noun a ref's letters stand for: "PR1" -> "promise", "P2b" -> "purpose". ValueError for any other ref."""
    letters = re.match(r"[A-Z]*", ref)[0]
    if letters not in LETTERS:
        raise ValueError(f"{ref!r} names none of {', '.join(LETTERS)}")
    return LETTERS[letters]


def ink(noun, mode):
    """The dark colour of a noun's letters and lines, as "#RRGGBB"; mode is "light" or "dark"."""
    return INKS[mode][noun]


def tint(noun, mode):
    """The pale colour behind a noun's words, as "#RRGGBB"."""
    return TINTS[mode][noun]


def ground(name, mode):
    """A colour without a noun: ground, surface, sidebar, band, line, text, muted, far or edge."""
    return GROUNDS[mode][name]


def slot(noun):
    """Streamlit's palette name for a noun, as in :violet-badge[…]."""
    return SLOTS[noun]


def drawing_colours(mode=None):
    """What a drawing needs: eight inks and ground, text, line. Hex values of a mode (exports), or, without one,
    the theme's CSS variables as Streamlit hands them to components, which turn with the theme by themselves."""
    if mode:
        return INKS[mode] | {name: GROUNDS[mode][name] for name in ("ground", "text", "line")}
    inks = {n: "var(--st-primary-color)" if s == "primary" else f"var(--st-{s}-text-color)" for n, s in SLOTS.items()}
    return inks | {
        "ground": "var(--st-background-color)",
        "text": "var(--st-text-color)",
        "line": "var(--st-border-color)",
    }
