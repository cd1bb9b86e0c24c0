"""Tables that people bring: what each row will do is said before, and all of it is done, or nothing."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from tests.finished import finished
from workshop import forms, items, journal, lists, store
from workshop.__main__ import main
from workshop.problems import Rejected
from workshop.sheet import read
from workshop.steps.ranking import get_ranking


def sheet(text: str | bytes, kind: str = "concepts") -> lists.BringIn:
    return lists.BringIn(kind, read(text if isinstance(text, bytes) else text.encode(), kind))


def excel(*rows: list, title: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CONCEPTS = """Name,Who does what when?,Occurrence,Nonsense
Truth board,The driver says it,daily,x
Home anyway,A taxi comes,,
truth BOARD,Again,,
,Nobody,,
"""


def test_the_preview_says_for_every_row_what_will_happen_and_why_not(db):
    plan = lists.plan(db, sheet(CONCEPTS))
    assert [(row.line, row.does, row.words, row.why) for row in plan.rows] == [
        (2, "add", "E1 Truth board", ""),
        (3, "add", "E2 Home anyway", ""),
        (4, "refuse", "truth BOARD", "There is already “truth BOARD” (E1)."),
        (5, "refuse", "", "Write something under “Name”."),
    ]
    assert plan.passed_over == ["Nonsense"]
    assert items.list_items(db, "concept") == [] and store.revision(db) == 1


def test_with_one_row_refused_nothing_is_brought_in(db, do):
    with pytest.raises(Rejected, match=r"Line 4: There is already “truth BOARD” \(E1\)\. Nothing was brought in\."):
        do(lists.bring_in, sheet(CONCEPTS))
    assert items.list_items(db, "concept") == [] and store.revision(db) == 1


def test_all_rows_come_in_as_one_action_that_can_be_undone(db, do):
    text = "name;weight;kind;baseline;target;better is\nWaits kept;62,5;CPI;1.140,5;;Up\nIncome;30;kpi;−3;2;\n"
    assert do(lists.bring_in, sheet(text, "metrics")) == 2
    rows = items.list_items(db, "metric")
    assert [(r["ref"], r["kind"], r["weight"], r["baseline"], r["direction"]) for r in rows] == [
        ("C1", "cpi", 62.5, 1140.5, "up"), ("K1", "kpi", 30.0, -3.0, "up"),
    ]  # fmt: skip
    journal.undo(db)
    assert items.list_items(db, "metric") == []


def test_what_our_own_export_gives_comes_back_as_it_was_and_changes_nothing_else():
    code = finished("bus")
    with store.open(code) as db:
        before = {kind: items.list_items(db, kind[:-1]) for kind in lists.NOUNS}
        with zipfile.ZipFile(io.BytesIO(forms.make(db, "csv", forms.Wanted()))) as packed:
            for kind in lists.NOUNS:
                plan = lists.plan(db, sheet(packed.read(f"{kind}.csv"), kind))
                assert {row.does for row in plan.rows} == {"change"} and plan.passed_over == []
                journal.act(db, journal.HOST, lists.bring_in, sheet(packed.read(f"{kind}.csv"), kind), "Brought in")
        assert {kind: items.list_items(db, kind[:-1]) for kind in lists.NOUNS} == before
        raw = forms.make(db, "xlsx", forms.Wanted())
        assert {row.does for row in lists.plan(db, sheet(raw, "metrics")).rows} == {"change"}


def test_ratings_come_in_by_name_and_give_a_ranking(db, do):
    do(lists.bring_in, sheet("name\nTruth board\nHome anyway\n"))
    do(lists.bring_in, sheet("name,kind,weight\nWaits,cpi,100\nIncome,kpi,100\n", "metrics"))
    text = "rater,group,concept,metric,value\nAnn,frontline,E1,C1,3\nAnn,frontline,E2,C1,cannot judge\n7,,E1,C1,-1\n"
    assert [row.does for row in lists.plan(db, sheet(text, "ratings")).rows] == ["add"] * 3
    do(lists.bring_in, sheet(text, "ratings"))
    assert get_ranking(db).raters == 2 and get_ranking(db).cannot_judge == 1
    again = lists.plan(db, sheet(text.replace("E1,C1,3", "E1,C9,4"), "ratings"))
    assert [(row.does, row.why) for row in again.rows][:2] == [
        ("refuse", "“Value” must be a whole number −3 … 3, or empty, not 4."), ("change", ""),
    ]  # fmt: skip


def test_excel_days_and_numbers_keep_their_kind(db, do):
    raw = excel(["name", "kind", "target", "target date"], ["Waits", "cpi", 9.5, datetime(2026, 3, 12)])
    do(lists.bring_in, sheet(raw, "metrics"))
    row = items.list_items(db, "metric")[0]
    assert (row["target"], row["target_date"]) == (9.5, "2026-03-12")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(db, encoding):
    plan = lists.plan(db, sheet("name;channel\nÜbergröße – “hier”;façade\n".encode(encoding), "touchpoints"))
    assert plan.rows == [lists.Row(2, "add", "T1 Übergröße – “hier”")]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out, out.open("xl/workbook.xml", "w") as part:
        for _megabyte in range(31):
            part.write(bytes(1_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "There is no table in this file: it needs a line of column names and at least one row."),
        (b"name\n", "There is no table in this file: it needs a line of column names and at least one row."),
        (b"\x00\x01\x02", "This file is neither Excel nor text. Save it as CSV (UTF-8) or as .xlsx."),
        (b"PK\x03\x04broken", "This is not an Excel file that can be read. Save it as .xlsx or as CSV."),
        (bomb(), "This file unpacks to more than a table of a workshop can be."),
        (b"name,Name\na,b\n", "The column “name” is there twice."),
        (b'name\n"a', "This is not a CSV table: a quotation mark is opened and not closed, near line 2."),
        (
            b"name\n" + b"a\n" * 100_000,
            "This table has more than 2,000 rows, which is the most that can be brought in at once.",
        ),
        (bytes(20_000_001), "This file is too large: a table has at most 20 MB."),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(raw, sentence):
    with pytest.raises(Rejected) as refused:
        read(raw, "concepts")
    assert str(refused.value) == sentence


def test_no_row_of_an_excel_sheet_is_left_behind_below_empty_lines():
    book = openpyxl.Workbook()
    for line, words in ((1, "name"), (2, "Truth board"), (10_500, "Home anyway")):
        book.active.cell(line, 1, words)
    packed = io.BytesIO()
    book.save(packed)
    assert read(packed.getvalue(), "concepts").rows == [(2, ["Truth board"]), (10_500, ["Home anyway"])]


def test_a_table_without_a_needed_column_says_which_and_what_it_has(db):
    with pytest.raises(Rejected, match="The table has no column “name”. It has: Title, Text."):
        lists.plan(db, sheet("Title,Text\na,b\n"))


def test_control_characters_and_formulas_come_in_as_plain_words(db, do):
    do(lists.bring_in, sheet("name\n\"'=1+1\"\na\x1bb\u202ec\n"))
    assert [row["name"] for row in items.list_items(db, "concept")] == ["=1+1", "abc"]


def test_the_command_line_shows_what_would_happen_and_then_does_it(code, tmp_path, capsys):
    file = tmp_path / "concepts.csv"
    file.write_text("name\nTruth board\n")
    assert main(["import", str(file), "--into", code, "--as", "concepts", "--preview"]) == 0
    assert capsys.readouterr().out == "     2  add     E1 Truth board\n"
    assert main(["import", str(file), "--into", code]) == 0
    assert capsys.readouterr().out == f"{code}\n"
    assert main(["import", str(file), "--into", code]) == 2
    assert capsys.readouterr().err == "Line 2: There is already “Truth board” (E1). Nothing was brought in.\n"
