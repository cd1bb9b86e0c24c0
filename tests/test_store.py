"""One SQLite file per workshop: what it refuses by itself, what it survives, and how the library lists it."""

import json
import os
import re
import shutil
import signal
import sqlite3 as plain_sqlite3  # the one a stranger would open a file with
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from tests.finished import finished
from workshop import connections, items, journal, live, store, withheld
from workshop.library import LISTING, MANY, backup, list_library, recover
from workshop.migrations import NAMES, NOT_JOURNALLED
from workshop.problems import Conflict, NotFound, Rejected, Unreadable
from workshop.steps import create
from workshop.steps.commitment import ParkQuestion, park_question
from workshop.steps.concepts import AddConcept, add_concept
from workshop.steps.prepare import StartWorkshop, get_workshop
from workshop.steps.purpose import AddPurpose, add_purpose, list_purposes
from workshop.steps.requirements import AddRequirement, add_requirement

ROOT = Path(__file__).parents[1]


def want(text: str) -> AddPurpose:
    return AddPurpose(level="small", text=text)


def add(code: str, text: str) -> str:
    with store.open(code) as db:
        return journal.act(db, "host", add_purpose, want(text), "Added {ref}")


def texts(code: str) -> list[str]:
    with store.open(code) as db:
        return [row["text"] for row in list_purposes(db)]


def names(db, kind: str) -> list[str]:
    return [
        name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = ? ORDER BY name", [kind]).fetchall()
    ]


def dump(db) -> dict[str, list[tuple]]:
    """Every row of every table."""
    return {table: db.execute(f'SELECT * FROM "{table}"').fetchall() for table in names(db, "table")}


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# What a file is made of


def test_sqlite_is_new_enough_to_keep_what_it_acknowledged():
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_every_connection_is_durable_and_holds_references(db):
    pragmas = {
        name: db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
    }
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000,
    }  # fmt: skip


def test_every_table_is_strict(db):
    strict = {
        name: bool(is_strict)
        for _schema, name, kind, _columns, _rowid, is_strict in db.execute("PRAGMA table_list").fetchall()
        if kind == "table" and not name.startswith("sqlite_")
    }
    assert {name for name, is_strict in strict.items() if not is_strict} == {"_sqlite_migrations"}
    assert {"journal", "change", "purpose", "concept", "rating", "pen_owner"} <= set(strict)


def test_a_new_file_has_the_whole_schema_and_is_sound(db):
    assert [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid").fetchall()] == NAMES
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert names(db, "trigger") == [
        f"{table}_stands_{event}" for table in ("change", "journal") for event in ("delete", "update")
    ]


def test_whose_a_pen_is_never_reaches_the_journal(db, do):
    do(add_purpose, want("I want to be told"))
    assert "pen_owner" in NOT_JOURNALLED
    own = {table for (table,) in db.execute("SELECT tbl_name FROM sqlite_temp_master").fetchall()}
    assert "rating" in own and "pen_owner" not in own


def test_the_file_is_named_after_the_title_and_its_code(code, library):
    assert files(library) == [f"keeping-our-word--{code}.sqlite"]
    assert re.fullmatch(r"[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}", code)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Très près, straße!", "tres-pres-strae"),
        ("../../etc/passwd", "etc-passwd"),
        ("会議", "workshop"),
        ("a" * 200, "a" * 40),
        ("CON: a|b?*", "con-a-b"),
        ("🙂", "workshop"),
    ],
)
def test_a_file_name_suits_every_file_system(title, slug):
    assert store.file_name(title, "QB3BC3W9") == f"{slug}--QB3BC3W9.sqlite"


def test_codes_use_only_signs_that_nobody_mistakes_and_do_not_repeat():
    codes = [store.new_code() for _code in range(500)]
    assert len(set(codes)) == 500
    assert set("".join(codes)) == set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")


# Writing


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO question (ref, position, text) VALUES ('Q9', 1, 'smuggled')",
        "UPDATE purpose SET text = 'smuggled'",
        "DELETE FROM purpose",
    ],
)
def test_a_write_outside_an_action_is_refused(code, db, do, statement):
    """Before the first action of a connection, between two, and after one that was refused."""
    for before in (lambda: None, lambda: do(add_purpose, want("I want to be told")), lambda: refuse(do)):
        before()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute(statement)
    assert texts(code) == ["I want to be told"]
    assert db.execute("SELECT count(*) FROM question").fetchone() == (0,)


def refuse(do):
    with pytest.raises(Rejected):
        do(add_purpose, want(""))


def test_an_action_that_fails_half_way_leaves_nothing(code, db, do):
    do(add_purpose, want("I want to be told"))
    before = dump(db)
    live.wait(0)

    def half(db, command):
        park_question(db, ParkQuestion(text="Who pays?"))
        add_purpose(db, command)
        raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError, match="the lights went out"):
        do(half, want("I want to be heard"))
    assert not db.conn.in_transaction
    assert dump(db) == before
    assert live.wait(0) == set(), "nobody must hear of an action that was not stored"
    assert do(add_purpose, want("I want to be heard")) == "P2", "and the next action finds the file in order"


def test_an_action_is_told_after_its_commit(code, db, do):
    live.wait(0)
    do(add_purpose, want("I want to be told"))
    assert live.wait(0) == {code}


def test_the_revision_rises_by_one_with_every_action(db, do):
    seen = [store.revision(db)]
    for number in range(3):
        do(add_purpose, want(f"I want {number}"))
        seen.append(store.revision(db))
    assert seen == [1, 2, 3, 4]


def test_many_threads_writing_at_once_lose_nothing(code):
    def write(person: int) -> None:
        for number in range(10):
            with store.open(code) as db:
                journal.act(db, f"host {person}", add_purpose, want(f"{person}-{number}"), "Added {ref}")

    writers = [threading.Thread(target=write, args=(person,)) for person in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(texts(code)) == sorted(f"{person}-{number}" for person in range(6) for number in range(10))
    with store.open(code) as db:
        assert store.revision(db) == 61
        assert sorted(row["ref"] for row in list_purposes(db)) == sorted(f"P{n}" for n in range(1, 61))
        assert sorted(row["position"] for row in list_purposes(db)) == list(range(1, 61))


WRITER = """
import sys
from workshop import journal, store
from workshop.steps.purpose import AddPurpose, add_purpose
code, name, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
for number in range(most):
    with store.open(code) as db:
        journal.act(db, name, add_purpose, AddPurpose(level="small", text=f"{name}-{number}"), "Added {ref}")
    print(number, flush=True)
"""


def writer(code: str, name: str, most: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, code, name, str(most)], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )


def test_two_processes_writing_at_once_lose_nothing(code):
    both = [writer(code, name, 30) for name in ("Ana", "Ben")]
    assert [process.communicate()[0].count("\n") for process in both] == [30, 30]
    assert sorted(texts(code)) == sorted(f"{name}-{number}" for name in ("Ana", "Ben") for number in range(30))


@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_process_killed_while_writing_loses_no_acknowledged_action(code, after):
    with writer(code, "Ana", 100_000) as process:
        acknowledged = [process.stdout.readline().strip() for _number in range(after)]
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        acknowledged += process.stdout.read().split()
    stored = texts(code)
    assert len(stored) - len(acknowledged) in (0, 1), "one more may have been stored just before it could be said"
    assert stored == [f"Ana-{number}" for number in range(len(stored))]
    with store.open(code) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.revision(db) == len(stored) + 1
        assert db.execute("SELECT journal FROM writing").fetchone() == (None,)
        assert journal.act(db, "host", add_purpose, want("and on"), "Added {ref}") == f"P{len(stored) + 1}"


def test_a_full_disk_says_so_and_keeps_what_was_acknowledged(code):
    kept = []
    with store.open(code) as db:
        # a file that may not grow fails exactly as a full disk does: SQLITE_FULL
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 6}")
        with pytest.raises(Rejected) as refused:
            for number in range(1000):
                text = f"{number} " + "x" * 400
                journal.act(db, "host", add_purpose, want(text), "Added {ref}")
                kept.append(text)
        assert str(refused.value) == "The disk is full. Nothing was stored; do it again once there is room."
        assert 0 < len(kept) < 1000
        assert [row["text"] for row in list_purposes(db)] == kept
        assert store.revision(db) == 1 + len(kept)
    assert texts(code) == kept
    with store.open(code) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert journal.act(db, "host", add_purpose, want("room again"), "Added {ref}") == f"P{len(kept) + 1}"


@pytest.fixture
def elsewhere(code):
    """A connection that is in the middle of writing."""
    other = connections.connect(store.file_of(code))
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_file_that_stays_busy_is_refused_in_a_sentence(code, elsewhere, monkeypatch):
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.05)
    with store.open(code) as other, pytest.raises(Conflict) as refused:
        journal.act(other, "host", add_purpose, want("I want in"), "Added {ref}")
    assert str(refused.value) == "The file is busy. Nothing was stored; please do it again."
    elsewhere.execute("ROLLBACK")
    assert texts(code) == []


def test_reading_waits_for_nobody(code, elsewhere):
    assert texts(code) == []


# Opening


@pytest.mark.parametrize(
    "code", ["QB3BC3W9", "", "qb3bc3w9", "../../etc", "%", "QB3BC3W", "QB3BC3W99", "0000IIII", "QB3BC3W9\n", None, 7]
)
def test_an_unknown_code_is_not_found_and_makes_nothing(code, library):
    with pytest.raises(NotFound) as refused, store.open(code):
        pass
    assert str(refused.value) == f"There is no workshop with the code “{str(code)[:20]}” in this library."
    assert files(library) == []


def test_an_older_file_is_brought_up_to_date_and_keeps_its_rows(code):
    """The last migration is taken back by hand, with its tables and columns, as if this file was made before it."""
    add(code, "I want to be told")
    with store.open(code) as db, store.change(db, "host", "Added what it takes"):
        add_concept(db, AddConcept(name="Truth board"))
        add_requirement(db, AddRequirement(concept="E1", type="data", text="A feed"))
        add_requirement(db, AddRequirement(concept="E1", text="A shift", waits_for="RQ1"))
        needed = items.list_items(db, "requirement")
    late = _tables_of_the_last_migration()
    old = plain_sqlite3.connect(store.file_of(code), isolation_level=None)
    for table in late:
        old.execute(f"DROP TABLE {table}")
    for table, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", _last_migration()):
        old.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table, was, now in re.findall(r"ALTER TABLE (\w+) RENAME COLUMN (\w+) TO (\w+)", _last_migration()):
        old.execute(f"ALTER TABLE {table} RENAME COLUMN {now} TO {was}")
    old.execute("DELETE FROM _sqlite_migrations WHERE name = ?", [NAMES[-1]])
    old.close()
    with store.open(code) as db:
        assert set(late) <= set(names(db, "table"))
        assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (len(NAMES),)
        assert [row["text"] for row in list_purposes(db)] == ["I want to be told"]
        assert items.list_items(db, "requirement") == needed
        assert names(db, "trigger").count("journal_stands_update") == 1
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _last_migration() -> str:
    source = (ROOT / "workshop" / "migrations.py").read_text(encoding="utf-8")
    return source[source.index(f"def {NAMES[-1]}(") :].split("# in the order of their definition")[0]


def _tables_of_the_last_migration() -> list[str]:
    last = _last_migration()
    linked = [f"{one}_{other}" for one, other in re.findall(r'_link\("(\w+)", "(\w+)"\)', last)]
    return linked + [table for table in reversed(re.findall(r"CREATE TABLE (\w+) \(", last)) if not table.endswith("_")]


# Connections that the server keeps for the next run


@pytest.fixture
def keeping():
    connections.keep_open(True)
    yield
    connections.keep_open(False)


def test_a_connection_is_used_again_by_one_run_at_a_time(code, keeping):
    with store.open(code) as one, store.open(code) as other:
        assert one.conn is not other.conn
    with store.open(code) as again:
        assert again.conn in (one.conn, other.conn)
    connections.keep_open(False)
    with pytest.raises(sqlite3.ProgrammingError):
        one.execute("SELECT 1")


def test_the_file_that_was_not_used_for_longest_makes_room_for_another(keeping, monkeypatch):
    monkeypatch.setattr(connections, "MOST_FILES", 2)
    codes = [create(StartWorkshop(title=f"Workshop {number}"), "host") for number in range(3)]
    used = {}
    for code in (codes[0], codes[1], codes[0], codes[2]):
        with store.open(code) as db:
            assert used.get(code, db).conn is db.conn
            used[code] = db
    with pytest.raises(sqlite3.ProgrammingError):
        used[codes[1]].execute("SELECT 1")
    assert [used[code].execute("SELECT 1").fetchone() for code in (codes[0], codes[2])] == [(1,), (1,)]


def test_a_connection_that_broke_off_half_way_is_not_used_again(code, keeping):
    with pytest.raises(RuntimeError), store.open(code) as db:
        db.execute("BEGIN")
        raise RuntimeError("the lights went out")
    with store.open(code) as db:
        assert not db.conn.in_transaction
        assert journal.act(db, "host", add_purpose, want("and on"), "Added {ref}") == "P1"


def test_every_kept_connection_journals_what_it_writes(code, keeping):
    for number in range(3):
        add(code, f"I want {number}")
    with store.open(code) as db:
        assert db.execute('SELECT journal, "table", row FROM change WHERE journal > 1').fetchall() == [
            (2, "purpose", 1),
            (3, "purpose", 2),
            (4, "purpose", 3),
        ]


def test_a_workshop_taken_away_and_brought_back_is_the_one_that_is_written(code, keeping, tmp_path):
    add(code, "before")
    backup(code, tmp_path / "copy.sqlite")
    add(code, "after the copy")
    for path in store.library().glob(f"*{code}*"):
        path.unlink()
    assert recover(tmp_path / "copy.sqlite", "copy.sqlite") == code
    assert texts(code) == ["before"]
    assert add(code, "and on") == "P2"
    fresh = connections.connect(store.file_of(code))
    assert [text for (text,) in fresh.execute("SELECT text FROM purpose ORDER BY id").fetchall()] == [
        "before",
        "and on",
    ]
    fresh.close()


# The library


def test_the_library_lists_what_each_workshop_is_and_the_last_written_first(library):
    first = create(StartWorkshop(title="Keeping our word", organisation="Tarnwick Vale Buses"), "host")
    second = create(StartWorkshop(title="Whole and cold"), "host")
    os.utime(store.file_of(first), (2_000_000_000, 2_000_000_000))
    entries = list_library()
    assert [(e.code, e.title, e.organisation, e.step, e.people, e.problem) for e in entries] == [
        (first, "Keeping our word", "Tarnwick Vale Buses", "", 0, ""),
        (second, "Whole and cold", "", "", 0, ""),
    ]
    assert entries[0].changed == 2_000_000_000
    assert files(library) == sorted(entry.file for entry in entries), "listing leaves no -wal and no -shm behind"


def test_the_library_shows_what_a_running_workshop_has_just_written(code, db):
    with store.change(db, "host", "Renamed"):
        db.execute("UPDATE workshop SET title = 'Renamed just now'")
    assert [entry.title for entry in list_library()] == ["Renamed just now"]


def listed_by_another_process(library: Path) -> list[str]:
    says = "from workshop.library import list_library; print(*[entry.title for entry in list_library()], sep='|')"
    environment = os.environ | {"THROUGHLINE_HOME": str(library)}
    said = subprocess.check_output([sys.executable, "-c", says], cwd=ROOT, env=environment, text=True)
    return sorted(said.strip().split("|"))


@pytest.mark.parametrize(
    "damage",
    [b"{", b"[]", b'{"a": 1}', b'{"a": [["", ""], {"title": "from another time"}]}', b'{"a": [{}, {}]}'],
)
def test_a_large_library_is_not_read_again_by_the_next_process_but_for_what_was_written_since(code, library, damage):
    whole = store.file_of(code).read_bytes()
    for _copy in range(MANY):
        (library / store.file_name("copy", store.new_code())).write_bytes(whole)
    title = list_library()[0].title
    listing = library / LISTING
    assert title.encode() in listing.read_bytes()
    listing.write_bytes(listing.read_bytes().replace(title.encode(), b"as it was told"))
    with store.open(code) as db, store.change(db, "host", "Renamed"):
        db.execute("UPDATE workshop SET title = 'as it was written'")
    assert listed_by_another_process(library) == ["as it was told"] * MANY + ["as it was written"]
    listing.write_bytes(damage)
    assert listed_by_another_process(library) == [title] * MANY + ["as it was written"]
    assert json.loads(listing.read_bytes()).keys() == {entry.file for entry in list_library()}


def test_a_small_library_holds_nothing_but_its_workshops(code, library):
    list_library()
    assert files(library) == [store.file_of(code).name]


def test_the_library_says_plainly_what_it_cannot_open(code, library):
    whole = store.file_of(code).read_bytes()
    newer = library / "newer--QB3BC3W2.sqlite"
    for name, content in {
        "damaged--QB3BC3W3.sqlite": whole[:5000] + os.urandom(3000),
        "cut--QB3BC3W4.sqlite": whole[: len(whole) // 3],
        "empty--QB3BC3W5.sqlite": b"",
        "noise--QB3BC3W6.sqlite": os.urandom(4096),
        "without-code.sqlite": whole,
        newer.name: whole,
        "notes.txt": b"not ours",
        ".making-QB3BC3W8": b"half made",
    }.items():
        (library / name).write_bytes(content)
    foreign = plain_sqlite3.connect(library / "foreign--QB3BC3W7.sqlite")
    foreign.execute("CREATE TABLE workshop (title TEXT)")
    foreign.close()
    ahead = plain_sqlite3.connect(newer)
    ahead.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('throughline', 'm999_later', '')"
    )
    ahead.commit()
    ahead.close()
    (library / "folder--QB3BC3W8.sqlite").mkdir()
    if os.name == "posix":
        (library / "gone--QB3BC3W9.sqlite").symlink_to(library / "nowhere")
    said = {entry.file: entry.problem for entry in list_library()}
    assert said == {
        f"keeping-our-word--{code}.sqlite": "",
        "damaged--QB3BC3W3.sqlite": "“damaged--QB3BC3W3.sqlite” is damaged and cannot be opened.",
        "cut--QB3BC3W4.sqlite": "“cut--QB3BC3W4.sqlite” is damaged and cannot be opened.",
        "empty--QB3BC3W5.sqlite": "“empty--QB3BC3W5.sqlite” is not a Throughline workshop.",
        "noise--QB3BC3W6.sqlite": "“noise--QB3BC3W6.sqlite” is damaged and cannot be opened.",
        "without-code.sqlite": "“without-code.sqlite” is not a Throughline workshop.",
        "foreign--QB3BC3W7.sqlite": "“foreign--QB3BC3W7.sqlite” is not a Throughline workshop.",
        newer.name: f"“{newer.name}” was made by a newer Throughline than this one. Update Throughline to open it.",
        "folder--QB3BC3W8.sqlite": "“folder--QB3BC3W8.sqlite” is damaged and cannot be opened.",
    } | (
        {"gone--QB3BC3W9.sqlite": "“gone--QB3BC3W9.sqlite” is damaged and cannot be opened."}
        if os.name == "posix"
        else {}
    )
    for name in ("QB3BC3W2", "QB3BC3W3", "QB3BC3W5", "QB3BC3W6", "QB3BC3W7"):
        with pytest.raises(Unreadable) as refused, store.open(name):
            pass
        assert str(refused.value) == said[store.file_of(name).name], "opening says what listing says"
    assert newer.read_bytes()[:16] == b"SQLite format 3\0"


def test_a_creation_that_fails_leaves_nothing_in_the_library(library):
    with pytest.raises(RuntimeError), store.creating("Half a workshop") as (_code, db):
        db.execute("INSERT INTO ref VALUES ('P1', 'P', 1, 'purpose')")
        raise RuntimeError("the lights went out")
    assert files(library) == []
    with pytest.raises(Rejected) as refused:
        create(StartWorkshop(title="  \u200b\n "), "host")
    assert str(refused.value) == "Write something under “Title”."
    assert (files(library), list_library()) == ([], [])


def test_a_workshop_is_in_the_library_only_when_it_is_whole(library):
    with store.creating("Half a workshop") as (_code, _db):
        assert list_library() == []
        with pytest.raises(NotFound):
            store.file_of(_code)


# Copies


def test_a_backup_holds_what_was_written_a_moment_ago_and_comes_back_elsewhere(code, db, do, tmp_path, monkeypatch):
    do(add_purpose, want("I want to be told"))
    target = tmp_path / "copy.sqlite"
    target.write_bytes(b"an older copy")
    backup(code, target)
    assert files(tmp_path) == ["copy.sqlite", "library"]
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "elsewhere"))
    assert recover(target, "copy.sqlite") == code
    with store.open(code) as copy:
        assert [row["text"] for row in list_purposes(copy)] == ["I want to be told"]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert get_workshop(copy) == get_workshop(db)
        assert journal.list_journal(copy) == journal.list_journal(db)
        assert journal.undo(copy).what == "AddPurpose P1"


def test_a_workshop_comes_back_once(code, tmp_path, library):
    backup(code, tmp_path / "copy.sqlite")
    with pytest.raises(Conflict) as refused:
        recover(tmp_path / "copy.sqlite", "copy.sqlite")
    assert str(refused.value) == "The workshop “Keeping our word” is already in this library."
    assert files(library) == [f"keeping-our-word--{code}.sqlite"]


def test_a_copy_for_which_there_is_no_room_leaves_nothing_behind(library, tmp_path, monkeypatch):
    resource = pytest.importorskip("resource", reason="this system sets no limit to files")
    code = finished("bus")
    backup(code, tmp_path / "bus.sqlite")
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "elsewhere"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))  # as a disk that has no more than that
    try:
        with pytest.raises(sqlite3.OperationalError):
            recover(tmp_path / "bus.sqlite", "bus.sqlite")
        monkeypatch.setenv("THROUGHLINE_HOME", str(library))
        with pytest.raises(sqlite3.OperationalError):
            withheld.backup(code, tmp_path / "taken.sqlite")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bus.sqlite", "elsewhere", "library"]
    assert [path.name for path in library.iterdir()] == [store.file_of(code).name]


def test_only_a_sound_workshop_is_recovered(code, library, tmp_path):
    whole = store.file_of(code).read_bytes()
    cut, foreign = tmp_path / "cut.sqlite", tmp_path / "foreign.sqlite"
    cut.write_bytes(whole[: len(whole) // 2])
    other = plain_sqlite3.connect(foreign)
    other.execute("CREATE TABLE photo (name TEXT)")
    other.close()
    for file, sentence in (
        (cut, "“cut.sqlite” is damaged and cannot be opened."),
        (foreign, "“foreign.sqlite” is not a Throughline workshop."),
    ):
        with pytest.raises(Unreadable) as refused:
            recover(file, file.name)
        assert str(refused.value) == sentence
    assert files(library) == [f"keeping-our-word--{code}.sqlite"]


def test_a_recovered_file_cannot_name_a_place_outside_the_library(code, tmp_path, monkeypatch):
    hostile = tmp_path / "hostile.sqlite"
    shutil.copy(store.file_of(code), hostile)
    file = plain_sqlite3.connect(hostile, isolation_level=None)
    file.execute("UPDATE writing SET journal = 1")
    file.execute("UPDATE workshop SET code = '/../../outside'")
    file.close()
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "deep" / "elsewhere"))
    with pytest.raises(Unreadable) as refused:
        recover(hostile, "hostile.sqlite")
    assert str(refused.value) == "“hostile.sqlite” is not a Throughline workshop."
    assert list_library() == []
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "hostile.sqlite", f"library/keeping-our-word--{code}.sqlite",
    ]  # fmt: skip


def test_a_backup_that_cannot_be_written_says_so_and_replaces_nothing(code, tmp_path):
    with pytest.raises(Unreadable) as refused:
        backup(code, tmp_path / "no such folder" / "copy.sqlite")
    assert str(refused.value) == "“copy.sqlite” cannot be opened or written there."
    assert files(tmp_path) == ["library"]
