"""The bus sample in every form, read back by other people's libraries: its structure, and what must not be in it."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import icalendar
import openpyxl
import pptx
import pypdf
import pytest
import typst
from PIL import Image
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn

from tests.finished import finished
from workshop import connections, forms, items, joining, journal, room, store, summary, tables, withheld
from workshop.__main__ import main
from workshop.activities import (
    CastVote,
    CloseActivity,
    OpenActivity,
    RevealActivity,
    SavePoints,
    TypeFor,
    cast_vote,
    close_activity,
    open_activity,
    rate,
    reveal_activity,
    save_points,
    type_for,
)
from workshop.activities.pulse import AnswerPulse, answer_pulse
from workshop.dates import Date
from workshop.document import Bullets, Document, Grid, Heading, Paragraph, Picture, Table, runs_left
from workshop.document import Column as C
from workshop.exports import FORMATS, calendar, excel, html, pdf, pictures, powerpoint, word
from workshop.exports import csv as csv_form
from workshop.library import list_library
from workshop.people import AddParticipant, add_participant, pen_of
from workshop.problems import Rejected
from workshop.steps import commitment, concepts, requirements, strategy, weighing

ALIAS, COST, KEEPING, NOTE = "Quillfeather Secretname", "PLANTEDCOST", "PLANTEDKEEPING", "PLANTEDNOTE"
JOIN, TOKEN, LINK, KEY, WIFI = "JQ7XPW", "0f9e8d7c" * 8, "1b2c3d4e" * 8, "key-1a2b3c4d", "PLANTEDWIFI"
PULSE, LONE = "PLANTEDPULSE", "Lone opinion"
POINTS = "50 39 61"  # the middle, the least and the most of what two people gave, one after the other in every form
OFFICE = ("docx", "pptx", "xlsx")


def sealed() -> str:
    """The bus sample with every kind of secret planted in it; gives its code."""
    code = finished("bus")
    with store.open(code) as db:
        journal.act(db, journal.HOST, _plant, None, "Planted", key=KEY)
    db = connections.connect(store.file_of(code))  # as other parts of the house keep them
    db.execute("ALTER TABLE agenda ADD COLUMN host_note TEXT")
    db.close()
    with store.open(code) as db, store.change(db, journal.HOST, "Opened the door"):
        db.execute("UPDATE entrance SET join_code = ?, wifi = ?", [JOIN, WIFI])
        db.execute("UPDATE agenda SET host_note = ? WHERE slug = 'purpose'", [NOTE])
        db.execute("INSERT INTO participant_token (participant, token, personal_code) VALUES (1, ?, ?)",
                   [TOKEN, TOKEN[::-1]])
        db.execute("INSERT INTO personal_link (link) VALUES (?)", [LINK])
    return code


def _plant(db, _command):
    person = add_participant(db, AddParticipant(alias=ALIAS, group="finance"))
    costs = requirements.AddRequirement(concept="E1", type="budget", text=f"{COST} 4711 euro", status="missing")
    requirements.add_requirement(db, costs)
    promise = items.list_items(db, "promise")[0]
    items.edit(db, items.Edit(promise["ref"], promise["version"], {"what_keeping_takes": KEEPING}))
    room.go_to(db, room.GoTo("opening"))
    asked = open_activity(db, OpenActivity(step="opening", kind="pulse", prompt="?", settings={"scale": "words"}))
    for person_ in (1, person):  # two answers say who gave them
        answer_pulse(db, AnswerPulse(asked, person_, words=PULSE))
    close_activity(db, CloseActivity(asked))
    reveal_activity(db, RevealActivity(asked))
    _plant_ballots(db, person)
    lone = concepts.add_concept(db, concepts.AddConcept(name=LONE, what_happens="=cmd|' /C calc'!A0"))
    pen_of(db, person, rate.FEED)
    rate.rate_impact(db, rate.RateImpact(person, lone, "C1", -3, 3))


def _plant_ballots(db, person):
    """A vote, and points shared out, of two people each; the room is shown them because the host typed all of it."""
    for step, kind, targets in (("purpose", "vote", ["P3", "P4"]), ("strategy", "split", ["C1", "C2"])):
        room.go_to(db, room.GoTo(step))
        settings = {"targets": targets} | ({"cap": 2} if kind == "vote" else {})
        asked = open_activity(db, OpenActivity(step=step, kind=kind, prompt="?", settings=settings,
                                               feed="ranking" if kind == "split" else ""))  # fmt: skip
        for voter, first in ((1, 39), (person, 61)):
            if kind == "vote":
                cast_vote(db, CastVote(asked, voter, {targets[0]: 2}, typed_by_host=True))
            else:
                save_points(db, SavePoints(asked, voter, dict(zip(targets, (first, 100 - first), strict=True)),
                                           typed_by_host=True))  # fmt: skip
        close_activity(db, CloseActivity(asked))
        reveal_activity(db, RevealActivity(asked))
    weighing.source_weights(db, weighing.SourceWeights("cpi", "split", {"C1": 50, "C2": 50}))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """{(form, "internal" or "shareable" or "onepage"): bytes} of every form, and the workshop's code and library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THROUGHLINE_HOME", str(tmp_path_factory.mktemp("library")))
        code = sealed()
        found = {"code": code}
        with store.open(code) as db:
            for name, form in forms.FORMS.items():
                found[name, "internal"] = forms.make(db, name, forms.Wanted())
                if not form.internal_only:
                    found[name, "shareable"] = forms.make(db, name, forms.Wanted(shareable=True))
                if form.has_onepage:
                    found[name, "onepage"] = forms.make(db, name, forms.Wanted(onepage=True, shareable=True))
            found["slides"] = summary.slides(db)
            found["full"] = summary.full(db)
            with withheld.shareable(db) as copy:
                found["grids"] = tables.list_grids(copy, shareable=True)
                found["ballots"] = {
                    table: copy.execute(
                        f"SELECT count(DISTINCT pen) FROM {table} GROUP BY activity ORDER BY activity DESC"
                    ).fetchall()
                    for table in ("vote", "share", "pulse")
                }
        return found


@cache
def streams(raw: bytes) -> list[bytes]:
    """Every byte stream in there: the file itself, what is zipped inside it, and what a PDF says."""
    found = [raw]
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                found += [name.encode(), *streams(packed.read(name))]
    elif raw[:4] == b"%PDF":
        reader = pypdf.PdfReader(io.BytesIO(raw))
        found += ["".join(page.extract_text() for page in reader.pages).encode(), str(reader.metadata).encode()]
    return found


def has(raw: bytes, secret: str) -> bool:
    return any(form in stream for stream in streams(raw) for form in (secret.encode(), secret.encode("utf-16-le")))


def test_the_search_for_secrets_finds_them_where_they_belong(made):
    assert has(made["xlsx", "internal"], ALIAS) and has(made["docx", "internal"], COST)
    assert has(made["pdf", "internal"], COST) and has(made["json", "internal"], KEEPING)
    assert has(made["csv", "internal"], ALIAS) and has(made["json", "internal"], PULSE)


def test_no_shareable_form_holds_a_name_a_cost_or_a_note(made):
    leaks = [
        (form, secret)
        for (form, version), raw in [pair for pair in made.items() if isinstance(pair[0], tuple)]
        if version in ("shareable", "onepage")
        for secret in (ALIAS, "Driver 1", COST, KEEPING, NOTE, PULSE)
        if has(raw, secret)
    ]
    assert leaks == []


def shows(raw: bytes, figures: str) -> bool:
    """Whether these figures stand there one after the other, whatever is between them."""
    return any(figures.encode() in b" ".join(re.findall(rb"\d+", re.sub(rb"<[^>]*>", b" ", stream)))
               for stream in streams(raw))  # fmt: skip


def test_no_shareable_form_tells_what_one_or_two_people_voted_or_shared_out(made):
    told = [form for form in ("pdf", "docx", "html", "md") if shows(made[form, "internal"], POINTS)]
    assert told == ["pdf", "docx", "html", "md"], "the room was shown them"
    assert '"points": 61' in made["json", "internal"].decode() and '"dots": 2' in made["json", "internal"].decode()
    leaks = [name for name, raw in made.items() if name[1] in ("shareable", "onepage")
             and (shows(raw, POINTS) or has(raw, '"points": 61') or has(raw, '"dots": 2'))]  # fmt: skip
    assert leaks == []
    assert not [row for row in json.loads(made["json", "shareable"])["weight_sources"] if row["kind"] == "cpi"]
    few = {table: [count for (count,) in counts if count < 3] for table, counts in made["ballots"].items()}
    assert few == {"vote": [], "share": [2], "pulse": []}, "and only what the order may rest upon is kept at all"


def test_a_shareable_version_counts_no_costs_in_the_effort(db, do):
    """Told with them, what a cost takes would be what is left of the effort when all else is taken away."""
    metric = do(strategy.add_metric, strategy.AddMetric(kind="cpi", name="Waits"))
    concept = do(concepts.add_concept, concepts.AddConcept(name="Truth board", what_happens="It says where the bus is"))
    for kind, effort in (("technical", 2), ("budget", 5)):
        command = requirements.AddRequirement(concept=concept, type=kind, text=kind, status="missing", effort=effort)
        do(requirements.add_requirement, command)
    for number in range(3):
        person = do(add_participant, AddParticipant(alias=f"Driver {number}"))
        do(rate.rate_impact, rate.RateImpact(person, concept, metric, 2, None))
    decided = commitment.AddDecision(step="ranking", text="We start", rationale="It helps", owner_role="Control")
    do(commitment.add_decision, decided)
    efforts, kept = {}, {}
    for shareable in (False, True):
        wanted = forms.Wanted(shareable=shareable)
        sheet = openpyxl.load_workbook(io.BytesIO(forms.make(db, "xlsx", wanted)))["Ranking"]
        efforts[shareable] = dict(zip(*([cell.value for cell in row] for row in sheet), strict=True))["effort"]
        kept[shareable] = json.loads(forms.make(db, "json", wanted))["kept_orders"][0]["places"][0]["effort"]
        said = "what costs would take is not counted in the effort" in forms.make(db, "md", wanted).decode()
        assert said == shareable
    assert (efforts, kept) == ({False: 7, True: 2}, {False: 7, True: None})


def test_no_form_at_all_holds_a_join_code_a_token_or_a_key(made):
    leaks = [
        (*name, secret)
        for name, raw in made.items()
        if isinstance(name, tuple)
        for secret in (JOIN, TOKEN, TOKEN[::-1], LINK, KEY, WIFI, made["code"])
        if has(raw, secret) and not (name[0] == "sqlite" and secret == made["code"])
    ]
    assert leaks == []


def test_a_shareable_version_shows_no_single_rating(made):
    assert json.loads(made["json", "shareable"])["ratings"]["rows"] == []
    assert "stream" not in json.loads(made["json", "shareable"])["participants"][0]
    assert not [grid.name for grid in made["grids"] if grid.name.startswith("ratings")]
    lines = {version: made["md", version].decode().splitlines() for version in ("internal", "shareable")}
    rows = {version: next(line for line in told if "−3 (" in line or "\\<3" in line) for version, told in lines.items()}
    assert rows["internal"].startswith("| E12 | −3 (1) −3…−3 | – |")
    assert rows["shareable"].startswith("| E12 | \\<3 | – |")
    scores = {version: openpyxl.load_workbook(io.BytesIO(made["xlsx", version]))["Ranking"]
              for version in ("internal", "shareable")}  # fmt: skip
    told = {version: next([cell.value for cell in row[1:5]] for row in sheet if row[0].value == "E12")
            for version, sheet in scores.items()}  # fmt: skip
    assert told["internal"][2] is not None and told["shareable"] == [LONE, told["internal"][1], None, None]


def test_the_file_taken_along_opens_and_knows_no_owner_of_a_pen(made, tmp_path, monkeypatch):
    file = tmp_path / "copy.sqlite"
    file.write_bytes(made["sqlite", "internal"])
    db = connections.connect(file)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    counts = [db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
              for name in ("pen_owner", "participant_token", "submission", "rating")]  # fmt: skip
    assert counts == [0, 0, 0, 1301]
    assert joining.get_entrance(db) == {"join_code": "", "locked": True, "wifi": "", "links": 0}
    with pytest.raises(Exception, match="the journal cannot be edited"):
        db.execute("DELETE FROM journal")
    db.close()
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path))
    file.rename(tmp_path / f"copy--{made['code']}.sqlite")
    with store.open(made["code"]) as db:
        journal.act(db, journal.HOST, joining.lock_door, joining.LockDoor(False), "Unlocked the door")
        assert len(joining.get_entrance(db)["join_code"]) == 6 and not joining.get_entrance(db)["locked"]
    assert [entry.join_code for entry in list_library()] != [JOIN]


def test_every_form_is_described_and_known_to_the_command_line():
    assert tuple(forms.FORMS) == FORMATS
    assert all(form.name and form.for_whom for form in forms.FORMS.values())


# --- Word --------------------------------------------------------------------------------------------------------


def test_word_has_an_outline_of_real_headings(made):
    file = docx.Document(io.BytesIO(made["docx", "internal"]))
    outline = [(p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith("Heading 1")]
    assert outline == [
        ("Heading 1", block.text) for block in made["full"].blocks if isinstance(block, Heading) and block.level == 2
    ]
    assert [p.text for p in file.paragraphs if p.style.name == "Title"] == ["Keeping our word on the valley network"]
    assert file.core_properties.title == "Keeping our word on the valley network"
    fields = file.element.xpath("//w:instrText")
    assert fields[0].text.startswith("TOC ") and any(field.text.startswith("SEQ Table") for field in fields)


def test_word_repeats_the_head_of_every_table_and_describes_every_picture(made):
    file = docx.Document(io.BytesIO(made["docx", "internal"]))
    assert len(file.tables) == sum(isinstance(block, Table) for block in made["full"].blocks)
    assert all(table._tbl.tr_lst[0].xpath("./w:trPr/w:tblHeader") for table in file.tables)
    captions = [p.text for p in file.paragraphs if p.style.name == "Caption" and p.text.startswith("Table ")]
    assert len(captions) == len(file.tables) and captions[0] == "Table 1. What starts first"
    told = [shape._inline.docPr.get("descr") for shape in file.inline_shapes]
    assert len(told) == 5 and told[0].startswith("How it feels today from T1 to T8, ")
    assert "best first: 1 Truth board, " in told[1] and told[4].startswith("26 threads hold, ")
    assert told[2].startswith("Impact against effort, from the front: Wheel-swap week, score ")


def test_word_turns_the_page_for_the_thread_and_back(made):
    file = docx.Document(io.BytesIO(made["docx", "internal"]))
    upright = [section.page_height > section.page_width for section in file.sections]
    assert upright == [True, False, True], "the ratings stand on an upright sheet, as in the PDF"
    wide = file.sections[1].page_width - file.sections[1].left_margin - file.sections[1].right_margin
    assert [shape.width for shape in file.inline_shapes][4] == wide, "the thread fills the width"
    page = docx.Document(io.BytesIO(made["docx", "onepage"]))
    assert len(page.sections) == 1 and page.sections[0].page_height > page.sections[0].page_width


def test_word_keeps_a_short_table_on_its_page_and_no_row_of_a_long_one_alone():
    short, long = Table(["a"], [["1"]] * 3, "s"), Table(["a"], [["1"]] * 60, "l")
    file = docx.Document(io.BytesIO(word.render(Document("T", "", "en", [short, long]))))
    kept = [[bool(row._tr.xpath(".//w:keepNext")) for row in table.rows] for table in file.tables]
    assert kept[0] == [True, True, True, False]
    assert kept[1] == [True, True, *[False] * 57, True, False]


def test_word_takes_the_styles_of_the_house(tmp_path):
    house = docx.Document()
    house.styles["Heading 1"].font.name = "House Sans"
    house.save(tmp_path / "house.docx")
    document = Document("T", "", "en", [Heading("First"), Paragraph("Words")])
    file = docx.Document(io.BytesIO(word.render(document, tmp_path / "house.docx")))
    assert file.styles["Heading 1"].font.name == "House Sans"
    assert [(p.style.name, p.text) for p in file.paragraphs] == [
        ("Title", "T"), ("Heading 1", "First"), ("Normal", "Words"),
    ]  # fmt: skip


def test_a_house_whose_file_has_hardly_any_styles_gets_real_headings_and_lists_in_its_own_letters(tmp_path):
    """Word keeps only those styles in a file that were used there."""
    house = docx.Document()
    for style in [style for style in house.styles if style.type == 1 and style.name != "Normal"]:
        style.element.getparent().remove(style.element)
    house.part.drop_rel(next(key for key, rel in house.part.rels.items() if rel.reltype.endswith("/numbering")))
    house.styles["Normal"].font.name = "House Sans"
    house.save(tmp_path / "house.docx")
    blocks = [Heading("First"), Bullets(["One"]), Table(["a", "b"], [["1", "by 2026-04-03"]], "c")]
    file = docx.Document(io.BytesIO(word.render(Document("T", "", "en", blocks), tmp_path / "house.docx")))
    assert file.styles["Heading 1"].element.xpath("w:pPr/w:outlineLvl/@w:val") == ["0"]
    number = file.styles["List Bullet"].element.xpath("w:pPr/w:numPr/w:numId/@w:val")
    assert file.part.numbering_part.element.xpath("w:num/@w:numId") == number
    assert "Calibri" not in file.element.xml and "Cambria" not in file.styles.element.xml, "no letters of ours"
    assert file.tables[0].cell(1, 1).text == "by 2026-04-03"
    assert file.tables[0].cell(1, 1)._tc.xpath(".//w:noBreakHyphen"), "and no line ends inside a day"


def test_one_page_in_word_takes_smaller_letters_the_more_stands_on_it():
    def size(count: int) -> float:
        blocks = [Paragraph("Somebody waits at the stop and asks whether the bus will come today. " * 2)] * count
        file = docx.Document(io.BytesIO(word.render(Document("T", "", "en", blocks, on_one_sheet=True))))
        return file.styles["Normal"].font.size.pt

    assert size(3) > size(38) > size(48) >= 6, "but never so small that nobody reads it"


# --- slides ------------------------------------------------------------------------------------------------------


def slides_of(raw: bytes) -> list:
    return list(pptx.Presentation(io.BytesIO(raw)).slides)


def test_slides_come_in_the_order_of_the_story_with_their_titles_in_placeholders(made):
    titles = [slide.shapes.title.text for slide in slides_of(made["pptx", "internal"])]
    said = [block.text for block in made["slides"].blocks if isinstance(block, Heading)]
    assert titles == ["Keeping our word on the valley network", *said]
    assert said[:3] == ["What we promise", "Why", "The thread from purpose to KPIs"]
    assert said[3:7] == [
        "E1  Truth board", "E2  Home anyway", "E11  Wheel-swap week", "E5  Room made, not begged",
    ]  # fmt: skip


def test_slides_fill_every_placeholder_and_describe_what_is_drawn(made):
    for slide in slides_of(made["pptx", "internal"]):
        assert all(shape.text_frame.text for shape in slide.placeholders if shape.has_text_frame)
        for shape in slide.shapes:
            if shape.shape_type is not None and (shape.has_chart or shape.has_table or hasattr(shape, "image")):
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
    promise = slides_of(made["pptx", "internal"])[1]
    body = next(shape for shape in promise.placeholders if shape.placeholder_format.type != PP_PLACEHOLDER.TITLE)
    assert body.text_frame.text.startswith("If we say a bus is coming, it comes, or we get you there.")
    charts = [shape.chart for slide in slides_of(made["pptx", "internal"]) for shape in slide.shapes if shape.has_chart]
    assert list(charts[0].plots[0].categories)[:2] == ["E1 Truth board", "E2 Home anyway"]


def test_nothing_leaves_a_slide_however_much_was_written():
    much = "Somebody waits at the stop and asks whether the bus will come today or not. " * 6
    blocks = [Heading("A title that goes on and on " * 6), Bullets([much] * 9), Heading("Table"),
              Table(["Concept", "What happens"], [["E1", much]] * 12, "All")]  # fmt: skip
    file = pptx.Presentation(io.BytesIO(powerpoint.render(Document("T", "", "en", blocks))))
    assert len(file.slides) > 4
    told = "".join(shape.text_frame.text for slide in file.slides for shape in slide.placeholders
                   if shape.has_text_frame)  # fmt: skip
    assert told.count(much.strip()) == 9
    rows = [row for slide in file.slides for shape in slide.shapes if shape.has_table for row in shape.table.rows]
    assert sum(row.cells[0].text == "E1" for row in rows) == 12
    for slide in file.slides:
        for shape in slide.shapes:
            high = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.left >= 0 and shape.left + shape.width <= file.slide_width
            assert shape.top + high <= file.slide_height


def test_no_word_of_a_table_on_a_slide_is_broken_because_its_letters_are_large():
    head = ["", "Who", "Value", "Principle", "Touchpoint", "Concept", "CPI", "KPI", "Customer goal", "Business goal",
            "Thread"]  # fmt: skip
    row = ["P3", "G1", "V1", "D1", "T1", "E1", "C1", "K1", "U1", "B1", "whole"]
    few, many = (Table(head[:count], [row[:count]], "Ways") for count in (4, 11))
    made = [slides_of(powerpoint.render(Document("T", "", "en", [Heading("H"), table])))[1] for table in (few, many)]
    sizes = [next(shape.table for shape in slide.shapes if shape.has_table).cell(0, 1).text_frame.paragraphs[0].runs[0]
             .font.size.pt for slide in made]  # fmt: skip
    assert sizes[0] == 18 > sizes[1] >= 11, "and where there is room they stay large"


def test_all_that_stands_on_a_slide_stands_in_a_placeholder_of_its_layout(made):
    slides = slides_of(made["pptx", "internal"])
    loose = [(slide.shapes.title.text, shape.name) for slide in slides for shape in slide.shapes
             if not shape.is_placeholder]  # fmt: skip
    assert loose == []
    layouts = {slide.shapes.title.text: slide.slide_layout.name for slide in slides}
    assert layouts["The thread from purpose to KPIs"] == "Picture with Caption"
    assert layouts["Concepts by their impact"] == "Content with Caption"
    assert layouts["What was decided"] == layouts["What comes next"] == "Title and Content"
    thread = next(shape for shape in slides[3].placeholders if hasattr(shape, "image"))
    assert (thread.crop_left, thread.crop_right, thread.crop_top, thread.crop_bottom) == (0, 0, 0, 0)
    assert abs(thread.width / thread.height - thread.image.size[0] / thread.image.size[1]) < 0.01


DRAWN = [
    Heading("Table"), Table(["Concept", "Score"], [["E1", "33"]], "All"), Heading("Picture"),
    Picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" width="100%"><path d="M0 0h9"/></svg>',
            "It holds."),
]  # fmt: skip


def test_tables_go_into_the_table_placeholder_and_the_table_style_of_the_house(tmp_path):
    house, style = pptx.Presentation(), "{073A0DAA-6AF3-43AB-8588-CEC1D06C72B9}"
    place = house.slide_layouts[9].placeholders[1]._element.xpath(".//p:ph")[0]
    place.set("type", "tbl")
    del place.attrib["orient"]
    styles = next(rel.target_part for rel in house.part.rels.values() if rel.reltype.endswith("/tableStyles"))
    styles._blob = styles.blob.replace(b"{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}", style.encode())
    house.save(tmp_path / "house.pptx")
    slides = slides_of(powerpoint.render(Document("T", "", "en", DRAWN), tmp_path / "house.pptx"))
    assert [slide.slide_layout.name for slide in slides] == [
        "Title Slide", "Title and Vertical Text", "Title and Content",
    ], "the layout for pictures would make it much smaller"  # fmt: skip
    (table,) = [shape for shape in slides[1].placeholders if shape.has_table]
    assert table._element.xpath(".//a:tableStyleId")[0].text == style
    assert not table._element.xpath(".//a:tcPr/a:solidFill"), "nothing is painted over the style of the house"
    assert not slides[1].shapes.title._element.xpath(".//a:rPr/@sz"), "and its titles keep their size"


def test_a_house_without_room_for_drawings_gets_them_below_the_title_with_their_words(tmp_path):
    house = pptx.Presentation()
    for layout in [house.slide_layouts[at] for at in (3, 4, 7, 8)] + [house.slide_layouts[1]]:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.PICTURE):
                shape._element.getparent().remove(shape._element)
    house.save(tmp_path / "house.pptx")
    slides = slides_of(powerpoint.render(Document("T", "", "en", DRAWN), tmp_path / "house.pptx"))
    assert [slide.shapes.title.text for slide in slides] == ["T", "Table", "Picture"], "and none for one line alone"
    drawing = next(shape for shape in slides[2].shapes if hasattr(shape, "image"))
    words = next(shape for shape in slides[2].shapes if shape.has_text_frame and shape.text_frame.text == "It holds.")
    assert words.top >= drawing.top + drawing.height
    for slide in slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= 9144000 and shape.top + shape.height <= 6858000


def test_no_words_stand_upright_and_text_takes_the_layout_with_the_most_room_whatever_their_order(tmp_path):
    house = pptx.Presentation()
    ids = house.slide_master._element.find(qn("p:sldLayoutIdLst"))
    ids[:] = reversed(list(ids))  # those with vertical text and the section header come first
    house.save(tmp_path / "house.pptx")
    blocks = [Heading("Words"), Paragraph("Said aloud"), *DRAWN]
    slides = slides_of(powerpoint.render(Document("T", "", "en", blocks), tmp_path / "house.pptx"))
    assert {slide.slide_layout.name for slide in slides[1:]} == {"Title and Content"}
    assert not [shape for slide in slides for shape in slide.placeholders if shape._element.xpath(".//p:ph[@orient]")]


def test_what_libreoffice_numbers_alike_stands_apart(tmp_path):
    house = pptx.Presentation()
    for place in house.slide_layouts[1]._element.xpath(".//p:ph[@idx]"):
        del place.attrib["idx"]
    house.save(tmp_path / "house.pptx")
    blocks = [Heading("First"), Paragraph("Words")]
    slide = slides_of(powerpoint.render(Document("T", "", "en", blocks), tmp_path / "house.pptx"))[1]
    title, body = (next(shape for shape in slide.placeholders if shape.text_frame.text == said)
                   for said in ("First", "Words"))  # fmt: skip
    assert slide.slide_layout.name == "Title and Content" and body.top >= title.top + title.height
    assert body.height > 3 * title.height


def _as_template(file: Path, form: str) -> Path:
    """The file as Office saves it for others to begin with: .dotx, .potx."""
    template = file.with_suffix({"docx": ".dotx", "pptx": ".potx"}[form])
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(template, "w") as out:
        for name in packed.namelist():
            raw = packed.read(name)
            if name == "[Content_Types].xml":
                for kind in (b"document.main+xml", b"presentation.main+xml"):
                    raw = raw.replace(kind, b"template.main+xml")
            out.writestr(name, raw)
    return template


def test_what_office_saves_as_a_template_is_taken_and_gives_an_ordinary_file(tmp_path):
    document = Document("Ours", "", "en", [Heading("First"), Paragraph("Words")])
    house, slides = docx.Document(), pptx.Presentation()
    house.add_heading("Lorem ipsum")
    house.sections[0].header.paragraphs[0].text = "House of Tarnwick"
    house.save(tmp_path / "house.docx")
    slides.save(tmp_path / "house.pptx")
    made = docx.Document(io.BytesIO(word.render(document, _as_template(tmp_path / "house.docx", "docx"))))
    assert made.sections[0].header.paragraphs[0].text == "House of Tarnwick"
    assert [p.text for p in made.paragraphs] == ["Ours", "First", "Words"], "its example text goes"
    made = slides_of(powerpoint.render(document, _as_template(tmp_path / "house.pptx", "pptx")))
    assert [slide.shapes.title.text for slide in made] == ["Ours", "First"]


def test_slides_take_the_layouts_of_the_house_and_leave_its_examples(tmp_path):
    house = pptx.Presentation()
    house.slides.add_slide(house.slide_layouts[0]).shapes.title.text = "Lorem ipsum"
    house.slide_layouts[1].name = "House text"
    house.save(tmp_path / "house.pptx")
    blocks = [Heading("First"), Paragraph("Words")]
    slides = slides_of(powerpoint.render(Document("T", "", "en", blocks), tmp_path / "house.pptx"))
    assert [(slide.shapes.title.text, slide.slide_layout.name) for slide in slides] == [
        ("T", "Title Slide"), ("First", "House text"),
    ]  # fmt: skip


# --- PDF ---------------------------------------------------------------------------------------------------------


def test_the_one_page_is_one_page_and_says_the_eight_points_in_order(made):
    reader = pypdf.PdfReader(io.BytesIO(made["pdf", "onepage"]))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    points = ["Took part", "What we promise", "Why", "We start with", "What we ask of you", "How we will know",
              "What we gave up", "How whole it is"]  # fmt: skip
    assert [text.index(point) for point in points] == sorted(text.index(point) for point in points)
    assert "Shareable version" in text


def test_the_pdf_is_tagged_named_and_has_an_outline(made):
    reader = pypdf.PdfReader(io.BytesIO(made["pdf", "internal"]))
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"]) and root["/Lang"] == "en" and "/StructTreeRoot" in root
    assert reader.metadata["/Title"] == "Keeping our word on the valley network"
    titles = [entry["/Title"] for entry in reader.outline[0] if isinstance(entry, dict)] or [
        entry["/Title"] for entry in reader.outline if isinstance(entry, dict)
    ]
    assert "1  One page" in str(reader.outline) and titles
    assert "Truth board" in "".join(page.extract_text() for page in reader.pages)


def test_the_pdf_keeps_every_range_whole_and_lays_a_wide_drawing_on_its_side(made):
    pages = pypdf.PdfReader(io.BytesIO(made["pdf", "internal"])).pages
    [turned] = [page.extract_text() for page in pages if page.mediabox.width > page.mediabox.height]
    assert "3 ends hang loose: E12, K5, U3" in turned
    ratings = next(text for text in (page.extract_text() for page in pages) if "Ratings: the middle one" in text)
    lines = [line.replace("\u00a0", " ") for line in ratings.splitlines()]
    assert any("+2 (12)" in line for line in lines) and any("0…+3" in line for line in lines)
    assert not [line for line in lines if line.count("(") != line.count(")")]


def test_a_drawing_that_is_higher_than_a_page_leaves_room_for_its_words():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 2000" width="100%"><path d="M0 0h9v9z"/></svg>'
    pages = pypdf.PdfReader(io.BytesIO(pdf.render(Document("T", "", "en", [Picture(svg, "What it says")])))).pages
    assert "What it says" in pages[-1].extract_text() and len(pages) <= 2


def test_words_of_people_never_become_markup_or_code_in_a_pdf():
    words = '#panic("x") *bold* $x$ = head @ref <tag> \\ [a] `b` // c'
    blocks = [Heading(words), Paragraph(words), Bullets([words]), Table([words, ""], [[words, words]], words)]
    text = pypdf.PdfReader(io.BytesIO(pdf.render(Document(words, words, "en", blocks)))).pages[0].extract_text()
    assert "".join(text.split()).count("".join(words.split())) == 9


# --- tables ------------------------------------------------------------------------------------------------------


def test_excel_has_typed_columns_a_fixed_header_filters_and_charts(made):
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx", "internal"]))
    assert book.sheetnames[:2] == ["Ranking", "Weights"]
    assert {"Concepts", "Ratings", "Ratings wide", "Requirements"} <= set(book.sheetnames)
    sheet = book["Metrics"]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert (row["ref"], row["baseline"], row["target"]) == ("C1", 83, 95)
    assert book["Activations"]["G2"].is_date and book["Ratings"].max_row == 1302
    assert all(sheet.freeze_panes == "B2" and sheet.auto_filter.ref for sheet in book)
    assert len(book["Ranking"]._charts) == 1 and len(book["Weights"]._charts) == 1
    assert (sheet.page_setup.fitToWidth or 1) > 1 == (book["Goals"].page_setup.fitToWidth or 1), "letters can be read"
    with zipfile.ZipFile(io.BytesIO(made["xlsx", "internal"])) as packed:
        drawn = packed.read("xl/charts/chart1.xml").decode()
    assert len(re.findall("<a:pattFill ", drawn)) == 2, "what colours tell apart is told apart in grey, too"


RUNS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1", " =1", "\n=1"]


def test_a_spreadsheet_never_runs_what_people_wrote():
    grid = Grid("notes", [C("text"), C("number", "number")], [[words, -5] for words in RUNS])
    book = openpyxl.load_workbook(io.BytesIO(excel.render([grid], "T")))
    cells = list(book["Notes"]["A"])[1:]
    assert {cell.data_type for cell in cells} == {"s"} and book["Notes"]["B2"].value == -5
    rows = list(csv.reader(io.StringIO(csv_form.one(grid).decode("utf-8-sig"))))[1:]
    assert [row[0][0] for row in rows] == ["'"] * len(RUNS)
    assert {row[1] for row in rows} == {"-5"}


def test_csv_has_a_table_each_and_gives_every_word_back(made):
    with zipfile.ZipFile(io.BytesIO(made["csv", "internal"])) as packed:
        concepts_ = list(csv.DictReader(io.StringIO(packed.read("concepts.csv").decode("utf-8-sig"))))
    assert concepts_[0]["name"] == "Truth board" and concepts_[0]["purposes"] == "P3"
    assert concepts_[-1]["what_happens"] == "'=cmd|' /C calc'!A0"


def test_the_tables_say_of_each_ballot_whether_the_host_typed_it_and_leave_out_what_nobody_is_shown(db, do):
    everybody = [do(add_participant, AddParticipant(alias=name)) for name in ("Ana", "Ben", "Cy")]
    do(room.go_to, room.GoTo("purpose"))
    ballots = [[AnswerPulse(1, person, "yes") for person in everybody], [AnswerPulse(2, everybody[0], "", LONE)]]
    for scale, answers in zip(("yes", "words"), ballots, strict=True):
        asked = OpenActivity(step="purpose", kind="pulse", prompt=f"In {scale}?", settings={"scale": scale})
        number = do(open_activity, asked)
        for answer in answers[:-1]:
            do(answer_pulse, answer)
        do(type_for, TypeFor(answer_pulse, answers[-1]))
        do(reveal_activity, RevealActivity(number))
    (grid,) = [one for one in tables.list_grids(db) if one.name == "pulses"]
    marks = [dict(zip([column.name for column in grid.columns], row, strict=True)) for row in grid.rows]
    assert [(one["answer"], one["typed_by_host"]) for one in marks] == [("yes", False), ("yes", False), ("yes", True)]
    assert LONE not in str(tables.list_grids(db))
    assert "pulses" not in [one.name for one in tables.list_grids(db, shareable=True)]


def test_control_characters_and_half_letters_break_no_form():
    words = "a\x00b\x1b\ud800c\ufffe"
    blocks = [Heading(words), Paragraph(words), Bullets([words]), Table([words], [[words]], words)]
    document = Document(words, words, "en", blocks)
    for render in (word.render, powerpoint.render, pdf.render):
        assert len(render(document)) > 1000
    grid = Grid("notes", [C("text")], [[words]])
    assert openpyxl.load_workbook(io.BytesIO(excel.render([grid], words)))["Notes"]["A2"].value == "abc"


def test_letters_of_any_language_come_through():
    words = "الحافلة تأتي · 公交车会来 · 🚌 · Καλημέρα"
    document = Document(words, "", "ar", [Heading(words), Table([words, "n"], [[words, "1"]], words)])
    assert words in docx.Document(io.BytesIO(word.render(document))).paragraphs[0].text
    assert words in slides_of(powerpoint.render(document))[0].shapes.title.text
    assert "Καλημέρα" in pypdf.PdfReader(io.BytesIO(pdf.render(document))).pages[0].extract_text()


def test_what_is_written_from_right_to_left_runs_there_and_no_day_in_it_is_turned_round():
    words, day = "الحافلة تأتي", "السائق · 2026-04-03"
    document = Document("T", "", "en", [Paragraph(words), Paragraph("The bus comes"), Table(["a"], [[day]], "c")])
    file = docx.Document(io.BytesIO(word.render(document)))
    assert [bool(p._p.xpath("w:pPr/w:bidi")) for p in file.paragraphs[1:3]] == [True, False]
    assert file.tables[0].cell(1, 0).text == "السائق · \u200e2026-04-03"
    slides = slides_of(powerpoint.render(replace(document, blocks=[Heading("H"), *document.blocks])))
    body = next(shape for shape in slides[1].placeholders if shape.text_frame.text.startswith(words))
    assert [p._p.pPr.get("rtl") for p in body.text_frame.paragraphs] == ["1", None]
    assert f'<p dir="rtl">{words}</p>\n<p>The bus comes</p>' in html.render(document)
    mixed = "الحافلة comes first with 19, the letter second with −9."
    assert not runs_left(mixed), "a sentence of ours stays one with somebody's name in it"


def test_bullets_of_a_pdf_stand_where_their_words_begin():
    document = Document("T", "", "en", [Bullets(["الحافلة تأتي", "It comes"] * 90)])
    places = []

    def note(text, place, *_look):
        if "•" in text:
            places.append(round(place[4]))

    for page in pypdf.PdfReader(io.BytesIO(pdf.render(document))).pages:
        page.extract_text(visitor_text=note)
    right, left = places[:2]
    assert places == [right, left] * 90 and right > 500 > 100 > left, "at the right before what runs to the left"


def test_a_pdf_says_which_letters_the_machine_that_made_it_cannot_draw():
    ours = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(pictures.FONTS)])

    def said(words: str) -> str:
        raw = pdf.render(Document("T", "", "en", [Paragraph(words)]), fonts=ours)
        return " ".join(pypdf.PdfReader(io.BytesIO(raw)).pages[0].extract_text().split())

    missing = "The machine that made this PDF has no font for: Arabic, CJK, Hangul, emoji. Empty boxes stand in their "
    assert missing in said("الحافلة · 公交车 · 버스 · 🚌")
    assert "no font for" not in said("Καλημέρα, Добрий день, Ærø: “−3 → +3” … ✓ ½ ₂")


# --- dates -------------------------------------------------------------------------------------------------------


def test_reviews_and_actions_are_whole_days_in_a_calendar(made):
    found = icalendar.Calendar.from_ical(made["ics", "internal"])
    events = [event for event in found.walk() if event.name == "VEVENT"]
    assert len(events) == 10 and len({str(event["UID"]) for event in events}) == 10
    first = events[0]
    assert (str(first["DTSTART"].dt), str(first["DTEND"].dt)) == ("2026-03-20", "2026-03-21")
    assert str(first["SUMMARY"]) == "Sign the 60-euro rule and tell every driver in person"
    assert str(first["DESCRIPTION"]).splitlines()[:2] == ["Managing director", "E2 Home anyway"]
    [review, *_later] = [str(event["DESCRIPTION"]) for event in events if str(event["SUMMARY"]).endswith(": review")]
    assert "C1 Journeys that ran as last told, " in review, "nobody's calendar knows what C1 is"
    assert all(len(line) <= 75 for line in made["ics", "internal"].split(b"\r\n"))


def test_a_long_line_of_a_calendar_is_cut_between_letters_and_reads_as_it_was():
    words = "Üben, lesen; 公交车\\n " * 30
    raw = calendar.render("T", [Date("A1-1", 1, "2026-03-12", words, "a\nb")])
    event = next(one for one in icalendar.Calendar.from_ical(raw).walk() if one.name == "VEVENT")
    assert str(event["SUMMARY"]) == words and str(event["DESCRIPTION"]) == "a\nb"


def test_actions_come_as_a_task_tracker_reads_them(made):
    rows = list(csv.DictReader(io.StringIO(made["actions", "internal"].decode("utf-8-sig"))))
    assert rows[0] == {
        "Title": "Sign the 60-euro rule and tell every driver in person", "Assignee": "Managing director",
        "Due date": "2026-03-20", "Status": "open", "Labels": "policy", "Description": "E2 Home anyway", "ID": "A1",
    }  # fmt: skip


def test_no_words_of_an_action_run_in_a_spreadsheet(db, do):
    command = commitment.AddActivation(action="=cmd|' /C calc'!A0", owner_role="@SUM(A1)", kind="policy")
    do(commitment.add_activation, command)
    raw = forms.make(db, "actions", forms.Wanted()).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(raw))
    assert (row["Title"], row["Assignee"]) == ("'=cmd|' /C calc'!A0", "'@SUM(A1)")


# --- any moment, any trouble -------------------------------------------------------------------------------------


def test_every_form_can_be_made_of_a_workshop_in_which_nothing_was_written(db):
    for name, form in forms.FORMS.items():
        raw = forms.make(db, name, forms.Wanted(shareable=not form.internal_only))
        assert raw, name
    assert "Nothing has been chosen or decided in this workshop yet." in forms.make(db, "md", forms.Wanted()).decode()


@pytest.mark.parametrize("form", ["docx", "pptx"])
@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 no", b"%PDF-1.7"])
def test_a_template_that_is_none_is_refused_in_one_sentence(db, tmp_path, form, raw):
    file = tmp_path / f"house.{form}"
    file.write_bytes(raw)
    with pytest.raises(Rejected, match="is not a template that can be used here"):
        forms.make(db, form, forms.Wanted(template=file))
    with pytest.raises(Rejected, match="There is no file"):
        forms.make(db, form, forms.Wanted(template=tmp_path / "none"))


@pytest.mark.parametrize(("part", "megabytes"), [("word/media/image1.png", 201), ("word/document.xml", 21)])
def test_a_template_that_unpacks_to_gigabytes_is_not_unpacked(db, tmp_path, part, megabytes):
    """Pictures may be large; of XML every byte becomes many when it is read."""
    file = tmp_path / "bomb.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(part, "w") as out:
        for _megabyte in range(megabytes):
            out.write(bytes(1_000_000))
    assert file.stat().st_size < 1_000_000
    with pytest.raises(Rejected, match="is not a template that can be used here"):
        forms.make(db, "docx", forms.Wanted(template=file))


@pytest.mark.parametrize(
    ("form", "wanted", "sentence"),
    [
        ("xlsx", forms.Wanted(template=Path("x")), "only for Word and for slides"),
        ("xlsx", forms.Wanted(onepage=True), "has no one-page version"),
        ("story", forms.Wanted(shareable=True), "is internal"),
    ],
)
def test_what_does_not_go_together_is_refused(db, form, wanted, sentence):
    with pytest.raises(Rejected, match=sentence):
        forms.make(db, form, wanted)


def test_a_disk_that_fills_up_leaves_no_half_file_and_the_old_one_as_it_was(code, tmp_path, capsys):
    target = tmp_path / "summary.md"
    target.write_text("as it was")
    if not Path("/dev/full").exists():
        pytest.skip("this system has no disk that is always full")
    half = tmp_path / ".summary.md.half"
    half.symlink_to("/dev/full")
    assert main(["export", code, "--format", "md", "-o", str(target)]) == 2
    said = capsys.readouterr()
    assert "No space left on device. Nothing was left behind." in said.err and said.out == ""
    assert target.read_text() == "as it was" and not half.is_symlink()


@pytest.mark.parametrize("form", [*OFFICE, "csv", "ics", "sqlite"])
def test_the_command_line_gives_every_form_to_the_standard_output(code, capsysbinary, form):
    assert main(["export", code, "--format", form, "-o", "-"]) == 0
    out, err = capsysbinary.readouterr()
    assert out[:2] == {"ics": b"BE", "sqlite": b"SQ"}.get(form, b"PK") and err == b""


def test_a_drawing_is_called_what_it_says():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="100%"></svg>'
    drawn = [Picture(svg, "P3 “I need a bus”: One thread holds.", "thread-P3"), Picture(svg, "26 threads hold.")]
    with zipfile.ZipFile(io.BytesIO(pictures.render(Document("x", "", "en", drawn)))) as packed:
        assert [name for name in packed.namelist() if name.endswith(".svg")] == ["1-thread-P3.svg", "2-thread.svg"]


def test_a_thread_is_drawn_for_paper_and_told_in_words(made):
    drawn = [block for block in made["full"].blocks if isinstance(block, Picture)]
    assert [block.name for block in drawn] == ["walk-T1", "thread"]
    assert not any("var(--" in block.svg for block in drawn)
    with zipfile.ZipFile(io.BytesIO(made["pictures", "internal"])) as packed:
        names = packed.namelist()
        assert [name for name in names if name.endswith(".svg")] == [
            "1-walk-T1.svg", "2-concepts-by-their-impact-on-what-we-count.svg",
            "3-impact-against-effort-still-to-come.svg", "4-what-counts-how-much.svg", "5-thread.svg",
        ]  # fmt: skip
        pixels = [packed.read(name) for name in names if name.endswith(".png")]
    assert all(one[:4] == b"\x89PNG" for one in pixels)
    # on paper of its own: inks of a light page could not be read on whatever it is opened on
    assert {Image.open(io.BytesIO(one)).convert("RGBA").getpixel((2, 2)) for one in pixels} == {(255,) * 4}
