"""Where everything lies in the picture of the thread: columns, nodes, and the lanes of the strands. Pure."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import NamedTuple

TOP, BOTTOM, RIGHT = 54, 34, 34
CROWDED = 10  # less air than this between two beads has no room for a label of its own
LANE, MOST_BUNDLE = 2.3, 180  # between two strands; many strands lie closer, so that all of them make no thicker bundle


class Layout(NamedTuple):
    """Where everything lies, in the units of the picture: columns' x, middle line, nodes and lanes of strands.

    `crowded` are the nodes that stand so close over one another that a label above one would seem to be the next one's.
    """

    xs: list
    mid: float
    height: float
    y: dict
    bead: dict
    lane: dict
    fork: float
    crowded: set


def _order(strands, columns):
    """The refs of each column, moved beside the neighbours of their strands by six barycentre sweeps."""
    order = [list(rows) for rows in columns.values()]
    sides = defaultdict(list), defaultdict(list)
    for strand in strands:
        for a, b in pairwise(filter(None, strand)):
            sides[0][b].append(a)
            sides[1][a].append(b)
    at = {}

    def place(refs):
        at.update((ref, i / max(1, len(refs) - 1)) for i, ref in enumerate(refs))

    for refs in order:
        place(refs)
    for sweep in range(6):
        beside = sides[sweep % 2]
        for refs in order[::-1] if sweep % 2 else order:
            mean = {ref: sum(at[b] for b in beside[ref]) / len(beside[ref]) if beside[ref] else at[ref] for ref in refs}
            refs.sort(key=mean.get)
            place(refs)
    # what is tied to nothing goes to the foot of its column
    return [sorted(refs, key=lambda ref: not (sides[0][ref] or sides[1][ref])) for refs in order]


def lay_out(strands, web, width, height, right=RIGHT):
    """Places every node and every strand's lane inside it, so that a bundle reads as threads; `right` is kept free."""
    fork = 78 + 26 * max(0, len(web.trunk) - 2)
    xs = [fork + 72 + i * (width - fork - 72 - right) / 7 for i in range(8)]
    through = Counter(ref for strand in strands for ref in strand if ref)
    step = min(LANE, MOST_BUNDLE / max(1, len(strands)))
    bead = {ref: through[ref] * step + 5 for ref in through}
    order = _order(strands, web.columns)
    # a column that cannot hold its labels makes the picture taller, never the letters smaller
    span = max(height - TOP - BOTTOM, *(sum(max(bead[ref] + 8, 15) for ref in refs) for refs in order))
    y, crowded = {}, set()
    for refs in order:
        air = (span - sum(bead[ref] for ref in refs)) / max(1, len(refs))
        crowded.update(refs if air < CROWDED else ())
        top = TOP + air / 2
        for ref in refs:
            y[ref] = top + bead[ref] / 2
            top += bead[ref] + air
    lane = {}
    for s in range(8):
        for ref in order[s]:
            mine = [i for i, strand in enumerate(strands) if strand[s] == ref]
            mine.sort(key=lambda i: [y[near] for near in _beside(strands[i], s)] + [i])
            for j, i in enumerate(mine):
                lane[i, s] = y[ref] + (j - (len(mine) - 1) / 2) * step
    return Layout(xs, TOP + span / 2, span + TOP + BOTTOM, y, bead, lane, fork, crowded)


def _beside(strand, s):
    """The refs before and after a column in a strand, the column's own where there is none."""
    before, after = [ref for ref in strand[:s] if ref], [ref for ref in strand[s + 1 :] if ref]
    return (before or [strand[s]])[-1], (after or [strand[s]])[0]


def curve(x0, y0, x1, y1):
    """The part of a path from here to there that leaves and arrives level."""
    half = (x1 - x0) / 2
    return f"C{x0 + half:.1f} {y0:.1f} {x1 - half:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
