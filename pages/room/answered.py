"""More pieces of the shared screen: how to come in, a break, and what a vote, a split or a pulse gave.

As in pages/room/pieces.py: plain values in, escaped HTML out, sizes in u; static/screen.css dresses it.
"""

from html import escape

import segno

from pages.room import dealt
from pages.room.fitting import BREATH, HEAD, LABEL, LINE, PICTURE, SANS, SMALL, WIDE, WORDS, lines_of, stands, width_of
from pages.room.pieces import MOST_DISCS, foot_high, header, in_threes, lost, sized
from workshop.activities import Results
from workshop.step import Slip
from workshop.steps.opening import ANSWERS
from workshop.words import N_, _

FIGURES = 7.5  # u that a row of figures takes
TEXT, BESIDE, LEADING, MOST_DOTS = 104, 54, 3, 18  # widths of a line's text and discs; how many lead; above it they go
MOST_LINES, UNDER_PILE = 4, 26  # of the question over a pulse; u for number and answer below a pile


def joining(address: str, code: str, present: int, wifi: str = "") -> str:
    """How to come in: by which Wi-Fi and where to, the code, the same as a QR code, and how many have come."""
    shown = address.rsplit("//", maxsplit=1)[-1] + "/join"
    size = next((size for size in (8.3, WORDS, SMALL) if width_of(shown) * size * 1.1 <= 76), LABEL)  # it is bold
    threes = in_threes(code)
    code_size = next((size for size in (16.2, 14) if width_of(threes) * size * 1.03 <= 78), 12)
    discs = f'<span class="people" aria-hidden="true">{"<i class=on></i>" * present}</span>' * (present <= MOST_DISCS)
    count = _("{n} are in").format(n=present) if present != 1 else _("1 is in")
    there = f'<p class="there"><b>{escape(count)}</b>{discs}</p>' if present else ""
    by = _("Wi-Fi {name}, then").format(name=wifi) if wifi else _("On this room’s Wi-Fi")
    picture = segno.make(f"{address}/join/{code}", error="m").png_data_uri(scale=8, border=4)
    return (
        f'<div class="main joining"><div><h1>{escape(_("Come in with your phone"))}</h1>'
        f'<div><p class="far">{escape(by)}</p><p class="address" style="{sized(size)}">'
        f'{escape(shown)}</p><p class="far">{escape(_("Code"))}</p>'
        f'<p class="join" style="{sized(code_size)}"><span class="code">{escape(threes)}</span>'
        f"{lost()}</p></div>{there}</div>"
        f'<img class="qr" src="{picture}" alt="{escape(_("The same address as a QR code"))}"></div>'
    )


def holding(line: str, back_at: str) -> str:
    """A break: what we promised, and when we go on."""
    back = _("Back at {time}").format(time=back_at) if back_at else _("We go on in a moment.")
    high = 74 - lines_of(back, WIDE / 11 / SANS) * 11 * LINE
    size = next((size for size in (17, 12, 9.5, WORDS, SMALL) if stands(line, size, WIDE, high)), LABEL)
    words = f'<p class="vow" style="{sized(size)}">{escape(line)}</p>' if line else ""
    return f'<div class="main alone holding">{words}<p class="back" style="{sized(11)}">{escape(back)}</p></div>'


def pages_of(found: Results, noun: str, below: str = "") -> list[tuple[str, str]]:
    """(which of how many, main part) of each page of what a vote, a split or a pulse gave; the host turns them.

    What people said in their own words follows the counts, as slips.
    """
    if found.withheld:
        return [("", _too_few())]
    if found.activity["kind"] != "pulse":
        return _lines_of(found, noun, below)
    rows, said = found.rows, [(row["ref"], words) for row in found.rows for words in row["words"]]
    before = {row["ref"]: row["counts"] for row in found.earlier[0].rows} if found.earlier else {}
    pages: list[tuple[str, str]] = []
    if any(row["counts"] for row in rows):
        if _is_one_question(found):
            question = found.activity["prompt"]
            pages = [("", _counted(question, rows[0]["counts"], before.get("", {}), noun, below))]
        else:
            pages = _judged(rows, before, below)
    if said:
        cards = [Slip("", noun, ref, words) for ref, words in said]
        many = dealt.count_pages(cards, below)
        pages += [(dealt.page_of(cards, page, below), dealt.draw(cards, page, below)) for page in range(many)]
    return pages or [("", _too_few())]


_OF = {
    "vote": N_("{n} of {asked} voted"), "split": N_("{n} of {asked} shared out 100 points"),
    "pulse": N_("{n} of {asked} answered"),
}  # fmt: skip
_ALONE = {"vote": N_("{n} voted"), "split": N_("{n} shared out 100 points"), "pulse": N_("{n} answered")}


def head(found: Results, asked: int, title: str, code: str | None, pages: str = "") -> str:
    """What was asked, and how many of those `asked` answered.

    The step stands there where the prompt is too long for one line, or stands above its answers.
    """
    prompt, kind = found.activity["prompt"], found.activity["kind"]
    room = WIDE - (48 if code else 0) - (width_of(pages) * LABEL + 8 if pages else 0)
    # where somebody has left the list since, more answered than are asked now
    forms = (_ALONE,) if found.answered > asked else (_OF, _ALONE)
    said = [_(form[kind]).format(n=found.answered, asked=asked) for form in forms]
    if _is_one_question(found):
        return header(title, said[0], code, pages)
    for one in said:
        if width_of(f"{prompt}   {one}") * LABEL * 1.08 <= room:
            return header(prompt, one, code, pages)
    return header(*((prompt, "") if width_of(prompt) * LABEL * 1.12 <= room else (title, said[0])), code, pages)


def _is_one_question(found: Results) -> bool:
    """A pulse whose counts stand below its question, for which they leave room."""
    return found.activity["kind"] == "pulse" and [row["ref"] for row in found.rows if row["counts"]] == [""]


def _dealt(needs: list[float], high: float) -> list[range]:
    """The rows of these heights dealt onto pages, in their order, as many as stand on each; at least one."""
    pages, first, taken = [], 0, 0.0
    for place, need in enumerate(needs):
        if place > first and taken + need > high:
            pages.append(range(first, place))
            first, taken = place, 0.0
        taken += need
    return [*pages, range(first, len(needs))]


def _which(rows: range, pages: int, all_: int) -> str:
    if pages < 2:
        return ""
    said = _("{a}–{b} of {n}") if len(rows) > 1 else _("{a} of {n}")
    return said.format(a=rows.start + 1, b=rows.stop, n=all_)


def _lines_of(found: Results, noun: str, below: str) -> list[tuple[str, str]]:
    """Lines of text and number, with that of the round before where there was one, the leading ones larger.

    All that lead have one size, and so have the others.
    """
    name = {"vote": "dots", "split": "points"}[found.activity["kind"]]
    before = {row["ref"]: row[name] for row in found.earlier[0].rows} if found.earlier else {}
    rows = [(row["text"], row[name], before.get(row["ref"])) for row in found.rows]
    again = any(before is not None for _text, _number, before in rows)
    most = max([*(row[1] or 0 for row in rows), 1])
    bare = name == "dots" and most > MOST_DOTS
    wide = TEXT + (BESIDE if bare else 0) - (18 if again else 0)
    high = PICTURE[1] - HEAD - foot_high(below) - BREATH - 2
    numbers = [number or 0 for _text, number, _before in rows]
    # those that have the same lead together, or not at all
    leads = [number > 0 and sum(other >= number for other in numbers) <= LEADING for number in numbers]
    sizes = {lead: _size([row[0] for row, own in zip(rows, leads, strict=True) if own == lead], lead, wide)
             for lead in (True, False)}  # fmt: skip
    sizes[False] = min(sizes[True], sizes[False])
    needs = [max(lines_of(row[0], wide / sizes[lead]) * sizes[lead] * LINE, 10 if lead else 6.4) + 1.6
             for row, lead in zip(rows, leads, strict=True)]  # fmt: skip
    drawn = [_line(*row, 0 if bare else most, sizes[lead], lead=lead, again=again, discs=name == "dots")
             for row, lead in zip(rows, leads, strict=True)]  # fmt: skip
    pages = _dealt(needs, high)
    kind = f'votes {escape(noun)}{" again" * again}{" bare" * bare}'
    return [
        (_which(page, len(pages), len(rows)),
         f'<div class="main"><ol class="{kind}">{"".join(drawn[place] for place in page)}</ol></div>')
        for page in pages
    ]  # fmt: skip


def _line(
    text: str, number: float | None, before: float | None, most: float, size: float, *, lead: bool, again: bool,
    discs: bool,
) -> str:  # fmt: skip
    show = ""
    if most and discs:
        show = f'<span class="discs">{"<i></i>" * round(number or 0)}</span>'
    elif most:
        show = f'<span class="strand"><i style="width:{100 * (number or 0) / most:.1f}%"></i></span>'
    show = show and f'<span class="shown" aria-hidden="true">{show}</span>'
    was = f'<span class="was">{"" if before is None else round(before)} →</span>' if again else ""
    return (
        f'<li class="{"top" if lead else "rest"}">{was}<span class="n">{"–" if number is None else round(number)}'
        f'</span><span class="room" style="{sized(size)}">{escape(text)}</span>{show}</li>'
    )


def _size(texts: list[str], lead: bool, wide: float) -> float:
    """The largest size in which none of these takes more than two lines."""
    sizes = (WORDS, SMALL, LABEL) if lead else (SMALL, LABEL)
    return next((size for size in sizes if all(lines_of(text, wide / size) <= 2 for text in texts)), LABEL)


def _counted(question: str, counts: dict[str, int], before: dict[str, int], noun: str, below: str) -> str:
    """One question: a column of discs over each answer, one disc a person; above forty people a strand.

    What the round before gave stands over each number.
    """
    sizes = [(size, lines_of(question, WIDE / size)) for size in (9.5, WORDS, SMALL, LABEL)]
    size, lines = next(((size, lines) for size, lines in sizes if lines <= 2), (LABEL, MOST_LINES))
    taken = HEAD + foot_high(below) + BREATH + lines * size * LINE + UNDER_PILE + (6 if before else 0)
    most, high = max([*counts.values(), 1]), min(44, PICTURE[1] - taken)
    disc = min(4.6, high / most - 0.8)
    columns = []
    for answer, count in counts.items():
        pile = f'<span class="pile">{"<i></i>" * count}</span>'
        if disc < 1.2:
            pile = f'<span class="bar" style="--high:{high * count / most:.1f}"></span>'
        name = _(ANSWERS[answer]) if answer in ANSWERS else answer
        was = f'<span class="was">{before.get(answer, 0)} →</span>' if before else ""
        columns.append(f'<li>{pile}{was}<b>{count or ""}</b><span>{escape(name)}</span></li>')
    return (
        f'<div class="main"><h1 class="question room clamp" style="{sized(size, lines)}">{escape(question)}</h1>'
        f'<ol class="pulse {escape(noun)}" style="--disc:{max(disc, 1.2):.2f}">'
        f"{''.join(columns)}</ol></div>"
    )


def _judged(rows: list[dict], before: dict[str, dict], below: str) -> list[tuple[str, str]]:
    """The same question of several things: a row each, and how often each answer was given."""
    answers = next(list(row["counts"]) for row in rows if row["counts"])
    head = "".join(f'<th scope="col">{escape(_(ANSWERS.get(answer, answer)))}</th>' for answer in answers)
    needs = [max(lines_of(row["text"], 76 / LABEL) * LABEL * 1.06 + 1, FIGURES) for row in rows]
    beside = (WIDE - 80) / len(answers) / LABEL / SANS
    named = max(lines_of(_(ANSWERS.get(answer, answer)), beside) for answer in answers) * LABEL * 1.05 + 1
    pages = _dealt(needs, PICTURE[1] - HEAD - foot_high(below) - BREATH - named)
    return [
        (_which(page, len(pages), len(rows)),
         f'<div class="main"><table class="judged"><thead><tr><td></td>{head}</tr></thead>'
         f"<tbody>{''.join(_judgement(rows[place], before, answers) for place in page)}</tbody></table></div>")
        for page in pages
    ]  # fmt: skip


def _judgement(row: dict, before: dict[str, dict], answers: list[str]) -> str:
    most, earlier = max([*row["counts"].values(), 1]), before.get(row["ref"])
    cells = "".join(
        f'<td{" class=most" if row["counts"].get(answer) == most else ""}>'
        f'{f"<span class=was>{earlier[answer]} → </span>" if earlier else ""}{row["counts"].get(answer, "–")}</td>'
        for answer in answers
    )
    return f'<tr><th scope="row" class="room">{escape(row["text"])}</th>{cells}</tr>'


def _too_few() -> str:
    said = escape(_("Answers are shown from three people on."))
    return f'<div class="main alone"><p class="back" style="{sized(8.3)}">{said}</p></div>'
