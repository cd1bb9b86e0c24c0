"""python -m workshop, as somebody types it: what it prints, its exit codes, and one sentence when it says no.

Every command runs at least once as a process of its own. A process takes most of a second to begin, and so the many
ways to be refused run here, through the same main().
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.finished import finished
from workshop import bundle, hosts, journal, samples, store
from workshop.__main__ import main
from workshop.steps.purpose import AddPurpose, add_purpose, list_purposes
from workshop.steps.ranking import get_ranking

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}\n")


def run(*words: str, home: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    flags = ("--home", str(home)) if home else ()
    return subprocess.run(
        [sys.executable, "-m", "workshop", *flags, *words],
        cwd=ROOT,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        encoding="utf-8",
        timeout=60,
    )


def done(*words: str, **more) -> str:
    """What it prints when all is well."""
    ran = run(*words, **more)
    assert (ran.returncode, ran.stderr) == (0, ""), ran
    return ran.stdout


def refused(*words: str, **more) -> str:
    """The one sentence on stderr, with exit code 2 and nothing on stdout."""
    ran = run(*words, **more)
    assert (ran.returncode, ran.stdout) == (2, ""), ran
    assert ran.stderr.count("\n") == 1 and "Traceback" not in ran.stderr, ran.stderr
    return ran.stderr.strip()


@pytest.fixture
def refused_here(capsys) -> Callable[..., str]:
    """As `refused`, without a process of its own."""

    def refuse(*words: str) -> str:
        assert main(list(words)) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err.strip()

    return refuse


@pytest.fixture
def bus() -> str:
    return finished("bus")


def test_a_workshop_from_nothing_to_undo(library, tmp_path, monkeypatch):
    elsewhere = tmp_path / "another library"
    assert done("list", home=elsewhere) == ""
    code = done("new", "Très près", "--mode", "core", home=elsewhere)
    assert CODE.fullmatch(code)
    code = code.strip()
    assert done("list", home=elsewhere) == f"{code}  Très près\n"
    assert [path.name for path in elsewhere.glob("*.sqlite")] == [f"tres-pres--{code}.sqlite"]
    assert list(library.iterdir()) == [], "--home comes before THROUGHLINE_HOME"
    assert refused("undo", code, home=elsewhere) == "There is nothing to undo."
    monkeypatch.setenv("THROUGHLINE_HOME", str(elsewhere))
    with store.open(code) as db:
        journal.act(db, "host Ana", add_purpose, AddPurpose(level="small", text="I want to be told"), "Added {ref}")
    assert done("undo", code) == "Undid: Added P1\n"
    with store.open(code) as db:
        assert list_purposes(db) == []
    lines = done("log", code).splitlines()
    assert [line.split("  ", 2)[2] for line in (line.strip() for line in lines)] == [
        "host at the command line  Undid: Added P1",
        "host Ana  Added P1",
        "host at the command line  Created the workshop",
    ]
    logged = json.loads(done("log", code, "--json"))
    assert [(row["number"], row["by"], row["what"], row["kind"], row["of"]) for row in logged] == [
        (3, "host at the command line", "Undid: Added P1", "undo", 2),
        (2, "host Ana", "Added P1", "do", None),
        (1, "host at the command line", "Created the workshop", "start", None),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", row["at"]) for row in logged)


def test_a_sample_prints_its_code_last_and_is_listed_with_its_organisation():
    code = done("sample", "clinic").splitlines()[-1]
    assert CODE.fullmatch(code + "\n")
    session = samples.read_sample("clinic")["session"]
    assert done("list") == f"{code}  {session['title']} · {session['organisation']}\n"


def test_a_bundle_goes_out_and_in_and_out(bus, tmp_path):
    file = tmp_path / "bus.json"
    assert done("export", bus, "--format", "json", "-o", str(file)) == ""
    assert done("export", bus, "--format", "json", "-o", "-") == file.read_text(encoding="utf-8")
    code = done("import", str(file)).splitlines()[-1]
    assert json.loads(done("export", code, "--format", "json")) == json.loads(file.read_text(encoding="utf-8"))
    with store.open(code) as db:
        assert [entry.what for entry in journal.list_journal(db)] == ["Brought in bus.json"]


@pytest.mark.parametrize(("form", "length"), [("md", ()), ("html", ("--onepage",))])
def test_the_summary_is_written(bus, tmp_path, form, length):
    file = tmp_path / f"summary.{form}"
    assert done("export", bus, "--format", form, *length, "-o", str(file)) == ""
    text = file.read_text(encoding="utf-8")
    assert "If we say a bus is coming, it comes, or we get you there." in text
    assert text.startswith("# Keeping our word" if form == "md" else "<!doctype html>")
    minute = re.compile(r"\d\d:\d\d UTC")  # the next one may have begun
    assert minute.sub("", done("export", bus, "--format", form, *length)) == minute.sub("", text)


def test_the_one_page_is_shorter_than_everything(bus, capsys):
    assert main(["export", bus, "--onepage"]) == 0
    page = capsys.readouterr().out
    assert main(["export", bus]) == 0
    assert 500 < len(page) < len(capsys.readouterr().out) / 2


def test_rank_prints_the_order_for_people(bus):
    sentence, *lines = done("rank", bus).splitlines()
    with store.open(bus) as db:
        found = get_ranking(db)
    assert sentence == found.sentence
    assert lines == [
        f"{row['rank']:>3}  {row['ref']:<4} {row['name']:<40} {row['score']:6.1f}  {row['rank_lo']}–{row['rank_hi']}"
        for row in found.rows
    ]
    assert lines[0].startswith("  1  E1   Truth board  ") and lines[0].endswith("34.0  1–2")


def test_rank_as_json_has_exactly_the_documented_keys(bus):
    found = json.loads(done("rank", bus, "--json"))
    assert set(found) == {"concepts", "leading", "flip", "agreement", "raters", "method"}
    assert set(found["method"]) == {"version", "replays", "concentration", "customer_share", "seed"}
    for row in found["concepts"]:
        assert set(row) == {
            "ref",
            "name",
            "rank",
            "tier",
            "score",
            "customer_score",
            "business_score",
            "effort",
            "first_of_100",
            "rank_interval",
        }
    first = found["concepts"][0]
    assert (first["ref"], first["name"], first["rank"], first["tier"]) == ("E1", "Truth board", 1, 1)
    assert found["leading"] == {"a": "E1", "b": "E2", "a_beats_b_of_100": 80, "reading": "leaning"}
    assert set(found["flip"]) == {"points", "from", "to", "first", "sentence"}
    assert found["agreement"] == {"kendall_w": 0.31, "krippendorff_alpha": 0.39}
    assert round(first["score"]) == 34
    assert (found["raters"], found["method"]["customer_share"]) == (12, 60.0)
    scores = [row["score"] for row in found["concepts"]]
    assert scores == sorted(scores, reverse=True) and all(-100 <= score <= 100 for score in scores)
    with store.open(bus) as db:
        live = {
            row["ref"]
            for row in db.query(
                "SELECT ref FROM concept WHERE status NOT IN ('parked', 'rejected') AND archived_at IS NULL"
            )
        }
    assert {row["ref"] for row in found["concepts"]} == live


def test_an_empty_workshop_has_no_order_and_says_so(code):
    assert done("rank", code) == "Nothing has been rated yet.\n"
    found = json.loads(done("rank", code, "--json"))
    assert (found["concepts"], found["raters"], found["leading"]) == ([], 0, None)


def test_check_as_json_is_a_list_of_findings(code, capsys):
    assert json.loads(done("check", code, "--json")) == []
    assert main(["check", code]) == 0
    assert capsys.readouterr().out == "No findings.\n"


def test_check_names_rule_item_and_words(code):
    with store.open(code) as db:
        greedy = AddPurpose(level="big", text="To maximise revenue and shareholder value")
        journal.act(db, "host", add_purpose, greedy, "Added {ref}")
    found = json.loads(done("check", code, "--json"))
    assert {
        "rule": "PUR-PROFIT",
        "ref": "P1",
        "severity": "fix",
        "message": "This reads as a financial goal. Who is better off because you exist?",
        "matched": "revenue, shareholder",
        "state": "open",
    } in found
    assert all(set(finding) == {"rule", "ref", "severity", "message", "matched", "state"} for finding in found)


def test_backup_makes_a_whole_copy_that_can_be_brought_in_elsewhere(bus, tmp_path):
    copy = tmp_path / "copy.sqlite"
    assert done("backup", bus, "-o", str(copy)) == ""
    file = sqlite3.connect(copy)
    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()
    assert done("import", str(copy), home=tmp_path / "elsewhere") == f"{bus}\n"
    assert (
        refused("import", str(copy))
        == "The workshop “Keeping our word on the valley network” is already in this library."
    )


@pytest.mark.parametrize("command", ["export", "rank", "check", "log", "undo"])
def test_an_unknown_code_is_refused_by_every_command(refused_here, command):
    assert refused_here(command, "QB3BC3W9") == "There is no workshop with the code “QB3BC3W9” in this library."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("new", "  "), "Write something under “Title”."),
        (("new", "x" * 5_000), "“Title” may have at most 200 characters, and this has 5,000."),
        (("import", "nowhere.json"), "There is no file “nowhere.json”."),
        (("import", "README.md"), "This file is not JSON: line 1, column 1."),
        (("import", "."), "There is no file “.”."),
        (("log", "QB3BC3W9", "--until", "5"), "Say --since too: what changed from when on, until that moment?"),
        (("backup", "QB3BC3W9", "-o", "copy.sqlite"), "There is no workshop with the code “QB3BC3W9” in this library."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(library, refused_here, monkeypatch, words, sentence):
    monkeypatch.chdir(ROOT)
    assert refused_here(*words) == sentence
    assert list(library.iterdir()) == []
    assert not (ROOT / "copy.sqlite").exists()


@pytest.mark.parametrize("command", [("export",), ("export", "--format", "json"), ("backup",)])
def test_a_place_that_is_not_there_is_one_sentence(code, tmp_path, refused_here, command):
    refused_here(command[0], code, *command[1:], "-o", str(tmp_path / "no such folder" / "file"))
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


def test_a_damaged_file_is_one_line_of_the_list_and_one_sentence(code, refused_here):
    file = store.file_of(code)
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    said = f"“{file.name}” is damaged and cannot be opened."
    assert done("list") == said + "\n"
    for command in ("rank", "log", "export", "undo"):
        assert refused_here(command, code) == said


def test_what_nobody_foresaw_is_one_sentence_and_its_place_is_told_only_when_asked_for(bus, capsys):
    """Somebody else wrote into the file: what was asked is no JSON any more."""
    file = sqlite3.connect(store.file_of(bus))
    file.execute("PRAGMA ignore_check_constraints = ON")
    file.execute("UPDATE activity SET settings = 'no list'")
    file.commit()
    file.close()
    assert main(["export", bus, "--format", "json"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "", "Something went wrong that nobody foresaw (JSONDecodeError). All that was saved is safe; say --traceback "
        "to see where.\n",
    )  # fmt: skip
    assert main(["--traceback", "export", bus, "--format", "json"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("list",), ("log",), ("export", "--format", "json")])
def test_an_output_that_is_full_is_one_sentence(bus, words):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no disk that is always full")
    words = words if words == ("list",) else (words[0], bus, *words[1:])
    with open("/dev/full", "wb") as full:  # noqa: PTH123  it is no file that could be read
        ran = subprocess.run([sys.executable, "-m", "workshop", *words], cwd=ROOT, stdout=full, stderr=subprocess.PIPE,
                             env=os.environ | {"PYTHONIOENCODING": "utf-8"}, encoding="utf-8", timeout=60)  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr == "The disk is full. Nothing was stored; do it again once there is room.\n"


@pytest.mark.parametrize(
    "words",
    [(), ("dance",), ("sample", "lorry"), ("new",), ("export", "QB3BC3W9", "--format", "exe"), ("backup", "QB3BC3W9")],
)
def test_a_command_that_there_is_not_is_explained_without_a_traceback(capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.startswith("usage: python -m workshop")


def test_a_lost_host_key_is_replaced_and_opens_nothing_more(library, monkeypatch, capsys, refused_here):
    lost = hosts.open_house(library)
    assert main(["host-key"]) == 0
    newer = capsys.readouterr().out.strip()
    assert hosts.enter(library, lost) is None
    assert hosts.role_of(library, hosts.digest(hosts.enter(library, newer))) == "host"
    monkeypatch.setenv("THROUGHLINE_HOST_KEY", "mine")
    assert refused_here("host-key") == "The host key stands in THROUGHLINE_HOST_KEY. Change it there."


def test_help_names_every_command():
    text = done("--help")
    for command in ("new", "list", "sample", "import", "export", "rank", "check", "log", "undo", "backup", "host-key"):
        assert re.search(rf"^ +{command} ", text, re.M), command


def test_words_of_every_script_reach_a_console_that_knows_only_letters(tmp_path):
    """A pipe on Windows takes cp1252, one in a bare container ASCII."""
    code = done("new", "会議 🙂").strip()
    assert done("list", PYTHONIOENCODING="ascii") == f"{code}  会議 🙂\n"
    assert (
        json.loads(done("export", code, "--format", "json", PYTHONIOENCODING="cp1252"))["session"]["title"] == "会議 🙂"
    )


def test_the_command_line_writes_what_the_bundle_reads(bus):
    with store.open(bus) as db:
        assert done("export", bus, "--format", "json") == bundle.to_json(bundle.read(db))
