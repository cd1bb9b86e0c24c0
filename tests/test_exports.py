"""A document as Markdown and as HTML: whole files compared, and people's words kept from becoming markup."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.document import Bullets, Document, Heading, Paragraph, Picture, Table
from workshop.exports import html, markdown

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
DOCUMENT = Document(
    "Keeping our word",
    "Tarnwick, 12 March",
    "en",
    [
        Heading("What we promise", 2),
        Paragraph("It comes,\nor we get you there.", "lead"),
        Paragraph("Kept in 9 of 10."),
        Heading("Why", 3),
        Bullets(["So that nobody is shut out", "2 * 3 = 6"]),
        Table(
            ["", "Concept", "Score"], [["E1", "Truth | board", "33"], ["E2", "Home\nanyway", "−5"]], "What starts first"
        ),
        Picture(SVG, "One thread holds."),
        Paragraph("Half-way.", "quiet"),
    ],
)
NASTY = [
    "<script>alert(1)</script>",
    "# big",
    "big #",
    "- item",
    "+ item",
    "1. one",
    "1) one",
    "> quote",
    "***",
    "---",
    "===",
    "```code```",
    "~~~",
    "![x](http://evil/x.png)",
    "[x](javascript:alert(1))",
    "**bold** _it_ `c`",
    "&copy; &#60;",
    "a | b\n|---|---|\n| c | d |",
    "http://evil.example",
    "www.evil.example",
    "me@evil.example",
    "\\",
    "\\*",
    "a\n\n    code",
    "    code",
    "[x]: http://evil",
    "Title\n=====",
    "$x$",
    "line\n# big",
    "a  \nb",
    ": term",
    "<!-- x -->",
    "\t- x",
]


def document(words):
    return Document(
        words,
        words,
        "en",
        [
            Heading(words, 2),
            Paragraph(words),
            Paragraph(words, "lead"),
            Bullets([words, words]),
            Table([words, words], [[words, words]], words),
            Picture(SVG, words),
        ],
    )


def test_markdown_is_exactly_this():
    assert (
        markdown.render(DOCUMENT)
        == """# Keeping our word

Tarnwick, 12 March

## What we promise

> It comes,\\
> or we get you there.

Kept in 9 of 10.

### Why

- So that nobody is shut out
- 2 \\* 3 = 6

What starts first

|  | Concept | Score |
| --- | --- | --- |
| E1 | Truth \\| board | 33 |
| E2 | Home anyway | −5 |

One thread holds.

Half-way.
"""
    )


@pytest.mark.parametrize("words", NASTY)
def test_markdown_escapes_all_that_could_be_markup(words):
    text = markdown.render(Document("t", "", "en", [Paragraph(words), Bullets([words])]))
    for line in text.splitlines()[2:]:
        said = line.removeprefix("- ").removesuffix("\\") if "\\\\" not in line[-2:] else line.removeprefix("- ")
        assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>&|~$#]", said), said
        assert not re.match(r"\s*(#|[-+>:](?!\S)|=|\d+[.)]|\s{4})", said), said
        assert not re.search(r"(?<!\\)://|www\.|(?<!\\)@", line), line


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])))
def test_markdown_gives_the_words_back_when_its_escapes_are_taken_away(words):
    last = markdown.render(Document("t", "", "en", [Paragraph("x " + words)])).split("\n\n", 1)[1]
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", last).strip() == " ".join(("x " + words).split())


@given(st.lists(st.text(), min_size=2, max_size=2), st.lists(st.text(), min_size=2, max_size=2))
def test_a_markdown_table_keeps_one_line_per_row_and_its_number_of_cells(head, row):
    text = markdown.render(Document("t", "", "en", [Table(head, [row], "caption")]))
    lines = text.rstrip("\n").split("caption\n\n", 1)[1].split("\n")
    assert len(lines) == 3
    assert [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines] == [3, 3, 3]


def test_markdown_of_an_empty_document_is_its_title():
    assert markdown.render(Document("Title", "", "en", [Paragraph(""), Bullets([])])) == "# Title\n"


class Reader(HTMLParser):
    """Tags (name, attributes) and words of the body, every tag closed in order."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style" and data.strip():
            self.words.append(data)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def main_of(text):
    return re.search(r"<body>\n(.*)\n</body>", text, re.S)[1]


def test_html_is_exactly_this():
    assert (
        main_of(html.render(DOCUMENT))
        == f"""<header><h1>Keeping our word</h1><p>Tarnwick, 12 March</p></header>
<main>
<h2>What we promise</h2>
<p class="lead">It comes,
or we get you there.</p>
<p>Kept in 9 of 10.</p>
<h3>Why</h3>
<ul><li>So that nobody is shut out</li><li>2 * 3 = 6</li></ul>
<div class="wide" role="region" tabindex="0" aria-label="What starts first"><table>\
<caption>What starts first</caption><thead><tr><td></td><th scope="col">Concept</th>\
<th scope="col">Score</th></tr></thead><tbody><tr><th scope="row">E1</th><td>Truth | board</td><td>33</td></tr>\
<tr><th scope="row">E2</th><td>Home
anyway</td><td>−5</td></tr></tbody></table></div>
<figure><div class="wide" role="region" tabindex="0" aria-label="One thread holds.">{SVG}</div>\
<figcaption>One thread holds.</figcaption></figure>
<p class="quiet">Half-way.</p>
</main>"""
    )


@given(st.one_of(st.sampled_from(NASTY), st.text(min_size=1)))
def test_html_shows_the_words_and_lets_none_become_a_tag(words):
    text = html.render(document(words))
    known = Reader(html.render(document("x"))).tags
    assert [tag for tag, _attrs in Reader(text).tags] == [tag for tag, _attrs in known]
    assert unescape(re.search(r"<title>(.*)</title>", text, re.S)[1]) == words


def test_no_line_of_a_web_page_ends_inside_a_day():
    words = "By 2026-05-15 <b>, not 12026-05-15"
    text = html.render(Document("t", "", "en", [Paragraph(words), Bullets([words]), Table(["a"], [[words]], "c")]))
    assert text.count("By <time>2026-05-15</time> &lt;b&gt;, not 12026-05-15") == 3
    assert "time { white-space: nowrap;" in text


def test_html_asks_for_nothing_outside_and_runs_nothing():
    text = html.render(DOCUMENT)
    tags = Reader(text).tags
    policy = next(attrs["content"] for _tag, attrs in tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert not {tag for tag, _attrs in tags} & {"script", "link", "img", "iframe", "object", "form", "base", "a"}
    assert not {name for _tag, attrs in tags for name in attrs if name in ("src", "href") or name.startswith("on")}
    assert "url(" not in text and "@import" not in text and "@font-face" not in text


def test_a_phone_shows_rows_with_sentences_one_below_the_other_each_cell_after_its_title():
    """Who owns it stood beyond the edge of the screen."""
    def heads(rows):
        table = Table(["Decision", "Because", "Owner", "By"], rows, "c")
        return re.findall('<td data-head="([^"]*)">([^<]*)', html.render(Document("t", "", "en", [table])))

    sentence, figures = "Most failures and most shift workers are there", ["E1", "12", "3", "4"]
    assert heads([["Start", sentence, "Control", ""]]) == [("Because", sentence), ("Owner", "Control"), ("By", "")]
    assert heads([figures]) == [], "figures are read column by column, and the table scrolls"
    assert heads([[sentence, *figures[1:]]] * 25) == [], "nor is a long table unrolled"


def test_html_is_marked_up_to_be_read_aloud():
    tags = Reader(html.render(Document("t", "", "de", DOCUMENT.blocks))).tags
    assert ("html", {"lang": "de"}) in tags
    assert [tag for tag, _attrs in tags if re.fullmatch(r"h\d", tag)] == ["h1", "h2", "h3"]
    assert [attrs["scope"] for tag, attrs in tags if tag == "th"] == ["col", "col", "row", "row"]
    assert [tag for tag, _attrs in tags].count("caption") == 1


def test_rows_are_named_only_by_a_column_without_a_title():
    text = html.render(Document("t", "", "en", [Table(["Owner", "Due"], [["Control", "May"]], "c")]))
    assert 'scope="row"' not in text
