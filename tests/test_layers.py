"""Who may import whom (DESIGN.md §1): read from the source of every module, so that a new one is checked too."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workshop.steps import AGENDA

ROOT = Path(__file__).parents[1]

# inside workshop each module may import only what stands after its own line; those of one line know nothing of each
# other, except for the modules of one package (steps, exports, ranking)
ORDER = (
    "__main__",
    "press forms samples review search",
    "template",
    "exports",
    "tables",
    "summary bundle story dates keeper lists run_sheet compare",
    "thread walk sheet",
    "coverage checks.findings",
    "checks.round",
    "checks.thread",
    "checks.whole",
    "closing afterwards rehearsal own_question",
    "steps",
    "step pretending merging",
    "activities",
    "modes beforehand",
    "room",
    "agenda joining",
    "people",
    "entries second_look own_names",
    "items",
    "journal scribe",
    "remembered withheld",
    "library",
    "store",
    "connections fields hosts live migrations",
    "certainty_charts",
    "charts trend document ranking checks.text",
    "palette problems figures checks.phrases",
    "words",
)
ALONE = ("document", "ranking", "palette", "problems", "figures", "words", "migrations", "live", "hosts")
PURE = ("document", "ranking", "charts", "certainty_charts", "palette", "problems", "figures", "words", "fields",
        "walk", "sheet", "thread.strands", "thread.ends", "thread.loose", "thread.layout", "thread.picture",
        "thread.ways", "checks.text", "checks.phrases", "checks.whole", "exports")  # fmt: skip
LAYER = {name: depth for depth, line in enumerate(ORDER) for name in line.split()}


def modules(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


EVERY = {dotted(path): path for path in modules("workshop")}
PAGES = [*modules("pages"), ROOT / "app.py"]
# read when the tests are collected: CPython miscounts its parser's depth while another test's browser switches stacks
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in [*EVERY.values(), *PAGES]}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of all that a module imports, wherever in it; a name taken from a package counts whole."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno} imports by dots; write the whole name"
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                yield node.lineno, whole if whole in EVERY else str(node.module)


def place(module: str) -> str:
    """The name under which a module stands in ORDER: workshop.steps.purpose is steps, workshop.checks.text itself."""
    inside = module.removeprefix("workshop.")
    return inside if inside in LAYER else inside.split(".")[0]


@pytest.mark.parametrize("module", sorted(EVERY))
def test_a_module_imports_only_what_stands_after_it(module):
    if module in ("workshop", "workshop.checks"):
        ours = [name for _line, name in imports(EVERY[module]) if name.startswith("workshop")]
        assert ours == [], f"{module} is only a name and imports nothing of ours"
        return
    own = place(module)
    assert own in LAYER, f"{module} has no place in ORDER yet: find its layer"
    for line, name in imports(EVERY[module]):
        if not name.startswith("workshop"):
            continue
        other = place(name)
        same_package = own == other and (ROOT / "workshop" / own).is_dir()
        assert same_package or LAYER[own] < LAYER[other], f"{module}:{line} imports {name}, which stands before it"
        assert own not in ALONE or same_package, f"{module}:{line} imports {name}, and it may import nothing of ours"


@pytest.mark.parametrize("module", sorted(EVERY))
def test_the_workshop_knows_nothing_of_pages_and_servers(module):
    shown = {"pages", "app", "streamlit", "starlette", "uvicorn", "tornado"}
    found = [f"{module}:{line} imports {name}" for line, name in imports(EVERY[module]) if name.split(".")[0] in shown]
    assert found == []


def test_loading_every_module_of_the_workshop_loads_no_user_interface():
    names = sorted(set(EVERY) - {"workshop.__main__"})
    program = f"""import importlib, sys
for name in {names}: importlib.import_module(name)
print(sorted({{"streamlit", "starlette", "tornado", "uvicorn"}} & set(sys.modules)))"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_a_form_is_made_without_the_libraries_of_the_others():
    """Beside the PDF of a large workshop they had no room in the 500 MB that it may take."""
    program = """import sys
from workshop import forms
forms._render("pdf")
print(sorted({"docx", "pptx", "typst", "xlsxwriter"} & set(sys.modules)))"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("['typst']\n", "")


def test_a_step_reads_earlier_steps_and_never_later_ones():
    slugs = [step.slug for step in AGENDA]
    # a step whose module outgrew its room was split by noun; what was split off stands just before it
    slugs.insert(slugs.index("concepts"), "ideas")
    at = slugs.index("ranking")
    slugs[at:at] = ["verdict", "weighing", "impacts", "further", "disagreement", "flips", "order", "kept_order"]
    slugs.append("decided")  # of all steps
    assert sorted(f"workshop.steps.{slug}" for slug in slugs) == sorted(
        m for m in EVERY if m.startswith("workshop.steps.")
    )
    for place_, slug in enumerate(slugs):
        for line, name in imports(EVERY[f"workshop.steps.{slug}"]):
            later = [f"workshop.steps.{other}" for other in slugs[place_:]]
            assert name not in later, f"workshop/steps/{slug}.py:{line} imports {name}, which comes later"
            assert name != "workshop.steps", f"workshop/steps/{slug}.py:{line} imports the agenda that it stands in"


@pytest.mark.parametrize("module", sorted(
    module for module in EVERY if place(module) in PURE or module.removeprefix("workshop.") in PURE
))
def test_what_is_pure_touches_no_sqlite(module):
    assert [f"{module}:{line} imports {name}" for line, name in imports(EVERY[module]) if "sqlite" in name] == []


def test_the_ranking_needs_numpy_and_nothing_else():
    for module, path in EVERY.items():
        if module.startswith("workshop.ranking"):
            taken = {name.split(".")[0] for _line, name in imports(path)} - set(sys.stdlib_module_names) - {"workshop"}
            assert taken <= {"numpy"}, f"{module} imports {taken}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_hold_no_sql_and_open_no_file(page):
    tree = TREES[page]
    sql = re.compile(
        r"\b(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA|BEGIN IMMEDIATE)\b", re.S
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not sql.search(node.value), f"{page.name}:{node.lineno} holds SQL"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("execute", "executescript", "query"), (
                f"{page.name}:{node.lineno} asks SQLite itself"
            )
    for line, name in imports(page):
        # a page may say what it hands on: the type Database; it may not open one
        assert "sqlite" not in name or name == "sqlite_utils", f"{page.name}:{line} imports {name}"
    made = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Database"
    ]
    assert made == [], f"{page.name} opens a file by itself at {made}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_button_is_without_a_name(page):
    """Streamlit would have the name of its icon read aloud; cards.icon_only gives it one."""
    for node in ast.walk(TREES[page]):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("button", "popover", "form_submit_button"):
            label = node.args[0] if node.args else None
            assert not isinstance(label, ast.Constant) or label.value, f"{page.name}:{node.lineno} has no name"


def test_nothing_below_the_app_imports_the_app():
    for path in modules("pages"):
        for line, name in imports(path):
            assert name.split(".")[0] != "app", f"{path.name}:{line} imports the app"
