"""A document as one HTML file that stands alone: no script, no outside request, no font but the reader's own.

Light on screen, black on white on paper; readable on a phone and aloud. What people wrote is text, never markup.
"""

from html import escape

from workshop.document import (
    DAY,
    Bullets,
    Chart,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    lies_on_its_side,
    number,
    runs_left,
)
from workshop.palette import ground, ink

# Words of the room in the reader's serif, words of the tool in the reader's sans.
STYLE = f"""
:root {{ color-scheme: light; --ground: {ground("ground", "light")}; --text: {ground("text", "light")};
  --muted: {ground("far", "light")}; --line: {ground("line", "light")}; --band: {ground("band", "light")};
  --promise: {ink("promise", "light")};
  --concept: {ink("concept", "light")};
  --room: ui-serif, "New York", Georgia, "Noto Serif", serif;
  --tool: system-ui, -apple-system, "Segoe UI", sans-serif; }}
* {{ box-sizing: border-box; }}
html {{ background: var(--ground); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }}
body {{ margin: 0 auto; padding: clamp(1.5rem, 6vw, 4.5rem) 1rem 4rem; max-width: 46rem; color: var(--text);
  font: 1.0625rem/1.5 var(--room); overflow-wrap: break-word; }}
header {{ padding-bottom: 1.5rem; border-bottom: 2px solid var(--promise); margin-bottom: 2rem; }}
h1 {{ font-size: clamp(1.75rem, 6vw, 2.5rem); font-weight: 500; line-height: 1.12; letter-spacing: -.015em; margin: 0;
  text-wrap: balance; }}
header p {{ font-family: var(--tool); color: var(--muted); margin: .6rem 0 0; }}
h2 {{ font: 600 1.3125rem/1.25 var(--room); margin: 2.6rem 0 .7rem; text-wrap: balance; }}
h3 {{ font: 600 1rem/1.35 var(--tool); margin: 1.8rem 0 .4rem; }}
h4 {{ font: 600 .9375rem/1.35 var(--tool); color: var(--muted); margin: 1.4rem 0 .3rem; }}
p {{ margin: 0 0 .8rem; white-space: pre-line; }}
.lead {{ font-size: clamp(1.3125rem, 4vw, 1.5rem); line-height: 1.28; letter-spacing: -.01em; margin-bottom: 1rem;
  text-wrap: balance; }}
.quiet {{ font: .9375rem/1.45 var(--tool); color: var(--muted); }}
ul {{ margin: 0 0 1rem; padding-left: 1.25rem; }}
li {{ margin-bottom: .3rem; }} li[dir] {{ margin-right: 1.25rem; }}
.wide {{ overflow-x: auto; margin: 1.2rem 0 1.6rem; }}
table {{ width: 100%; border-collapse: collapse; font-size: 1rem; line-height: 1.4; }}
caption, figcaption {{ font: .875rem/1.4 var(--tool); color: var(--muted); text-align: left; padding-bottom: .5rem; }}
th, td {{ text-align: start; vertical-align: baseline; white-space: pre-line; padding: .5rem .9rem .5rem 0;
  min-width: 4em; border-bottom: 1px solid var(--line); }}
th:last-child, td:last-child {{ padding-right: 0; }}
thead td {{ border-bottom-color: var(--text); min-width: 2.5em; }}
thead th {{ font: 600 .875rem/1.35 var(--tool); border-bottom: 1px solid var(--text); vertical-align: bottom; }}
time {{ white-space: nowrap; direction: ltr; unicode-bidi: isolate; }}
tbody th {{ font: 600 .875rem/1.4 var(--tool); min-width: 2.5em; }}
td.bar {{ position: relative; width: 45%; }} td.bar b {{ font-weight: 600; position: relative; padding-left: .35rem;
  background: color-mix(in srgb, var(--ground) 80%, transparent); padding-right: .35rem; }}
td.bar i {{ position: absolute; top: .45rem; bottom: .45rem; background: var(--concept); opacity: .35;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
figure {{ margin: 1.4rem 0 1.8rem; }} figure .wide {{ margin: 0; }}
figure svg {{ display: block; width: 100%; height: auto; }}
@media screen and (max-width: 40rem) {{
  .wide table:not(.cards):has(th:nth-child(4), td:nth-child(4)) {{ min-width: 38rem; }}
  .wide svg {{ min-width: 48rem; }}
  .cards, .cards :is(caption, tbody, tr, th, td) {{ display: block; min-width: 0; padding: 0; border: 0; }}
  .cards thead, .cards td:empty {{ display: none; }} .cards caption {{ padding-bottom: .2rem; }}
  .cards tr {{ padding: .7rem 0; border-bottom: 1px solid var(--line); }}
  .cards :is(th, td):first-child {{ font-weight: 600; }}
  .cards td[data-head]::before {{ content: attr(data-head) ": "; font: .875rem/1.4 var(--tool); color: var(--muted); }}
}}
figcaption {{ padding: .5rem 0 0; }}
@page {{ margin: 18mm 16mm; }}
@media print {{
  :root {{ --ground: #fff; --text: #000; --muted: #444; --line: #bbb; --promise: #000; }}
  html {{ font-size: 9.75pt; }}
  body {{ max-width: none; padding: 0; line-height: 1.42; }}
  h1 {{ font-size: 22pt; }} .lead {{ font-size: 14pt; }} h2 {{ margin-top: 1.8em; }}
  .wide {{ overflow: visible; }}
  h2, h3, h4, caption, thead {{ break-after: avoid; }}
  tr, li, figure, .lead {{ break-inside: avoid; }}
  .wide:not(:has(tbody tr:nth-child(13))) {{ break-inside: avoid; }}
  .dense :is(th, td) {{ font-size: 5.6pt; padding-right: .4em; min-width: 0; }}
  p {{ orphans: 3; widows: 3; }}
  thead {{ display: table-header-group; }}
}}
"""
# what is meant for one sheet of paper comes on one sheet, A4 or Letter
SHEET = """
@media print {
  @page { margin: 7mm 13mm; }
  html { font-size: 6.8pt; } body { line-height: 1.22; }
  h1 { font-size: 16pt; } .lead { font-size: 11pt; margin-bottom: .4em; }
  header { padding-bottom: .4em; margin-bottom: .5em; }
  h2 { margin: .7em 0 .2em; font-size: 1.2rem; } p { margin-bottom: .25em; } ul { margin-bottom: .25em; }
  li { margin-bottom: 0; } .wide { margin: .25em 0 .3em; } th, td { padding-top: .1rem; padding-bottom: .1rem; }
  caption { padding-bottom: .2rem; }
}
@media print and (max-height: 285mm) { html { font-size: 6.3pt; } }  /* Letter is lower than A4 */
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(document: Document) -> str:
    """The document as the text of one HTML file."""
    subtitle = f"<p>{escape(document.subtitle)}</p>" if document.subtitle else ""
    blocks = "\n".join(map(_block, document.blocks))
    return f"""<!doctype html>
<html lang="{escape(document.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(document.title)}</title>
<style>{STYLE}{SHEET if document.on_one_sheet else ''}</style>
</head>
<body>
<header><h1{_side(document.title)}>{escape(document.title)}</h1>{subtitle}</header>
<main>
{blocks}
</main>
</body>
</html>
"""


def _block(block):
    match block:
        case Heading(text, level):
            return f"<h{level}{_side(text)}>{escape(text)}</h{level}>"
        case Paragraph(text, style):
            dress = "" if style == "plain" else f' class="{escape(style)}"'
            return f"<p{dress}{_side(text)}>{_words(text)}</p>"
        case Bullets(items):
            return "<ul>" + "".join(f"<li{_side(item)}>{_words(item)}</li>" for item in items) + "</ul>"
        case Table():
            return _table(block)
        case Picture(svg, text):
            return f"<figure>{_wide(svg, text)}<figcaption>{escape(text)}</figcaption></figure>"
        case Chart():
            return _chart(block)


def _words(text):
    """What people wrote; no line ends inside a day."""
    return DAY.sub(r"<time>\g<0></time>", escape(text))


def _side(text):
    """Where the text begins, if that is not on the left."""
    return ' dir="rtl"' if runs_left(text) else ""


MOST_CARDS = 24  # rows that a phone shows one below the other
WORDS = 30  # letters of a cell that is more than a name or a figure


def _table(table):
    """A table that scrolls by itself on a phone; one of a few rows with sentences stands there row by row, each cell
    after the title of its column, so that nothing lies beyond the edge. A first column without a title names the rows.
    """
    named = bool(table.head) and not table.head[0]
    cards = len(table.head) > 3 and len(table.rows) <= MOST_CARDS and any(
        len(cell) > WORDS for row in table.rows for cell in row
    )  # fmt: skip
    head = "".join(f'<th scope="col">{escape(title)}</th>' if title else "<td></td>" for title in table.head)
    titles = ["", *table.head[1:]] if cards else [""] * len(table.head)
    rows = "".join(
        f"<tr>{''.join(_cell(cell, named and not i, titles[i]) for i, cell in enumerate(row))}</tr>"
        for row in table.rows
    )
    looks = " ".join(["dense"] * lies_on_its_side(table) + ["cards"] * cards)
    dress = f' class="{looks}"' if looks else ""
    return _wide(
        f"<table{dress}><caption>{escape(table.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
        table.caption,
    )


def _chart(chart):
    """The figures as a table whose numbers are bars as well: nothing to wait for, and it is read aloud as it is."""
    figures = chart.table
    known = [number(row[at]) or 0 for row in figures.rows for at in chart.bars]
    low, high = min([0, *known]), max([0, *known])
    span = high - low or 1
    rows = ""
    for row in figures.rows:
        cells = [f'<th scope="row">{escape(row[0])}</th>']
        for at, cell in enumerate(row[1:], 1):
            value = number(cell) if at in chart.bars else None
            bar = ""
            if value is not None:
                left, wide = (min(value, 0) - low) / span * 100, abs(value) / span * 100
                bar = f'<i style="left:{left:.1f}%;width:{wide:.1f}%"></i>'
            cells.append(f'<td class="bar">{bar}<b>{escape(cell)}</b></td>' if bar else f"<td>{escape(cell)}</td>")
        rows += f"<tr>{''.join(cells)}</tr>"
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in figures.head)
    caption = f"<caption>{escape(figures.caption)}</caption>"
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<figure>{_wide(table, figures.caption)}<figcaption>{escape(chart.text)}</figcaption></figure>"


def _wide(html, name):
    """What may be wider than a phone scrolls by itself, by keyboard as well."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)}">{html}</div>'


def _cell(text, names_row, title):
    if names_row:
        return f'<th scope="row"{_side(text)}>{escape(text)}</th>'
    head = f' data-head="{escape(title)}"' if title else ""
    return f"<td{head}{_side(text)}>{_words(text)}</td>"
