"""python -m workshop: the workshop from the command line. Exit codes: 0 done, 2 refused with one sentence."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from workshop import bundle, journal, samples, store, summary
from workshop.checks import findings
from workshop.exports import html, markdown
from workshop.problems import Problem, Refusal, Rejected
from workshop.steps import create, prepare, ranking
from workshop.words import _

BY = "host at the command line"


def new(options) -> None:
    print(create(prepare.StartWorkshop(title=options.title, mode=options.mode), BY))


def list_(options) -> None:
    for entry in store.list_library():
        print(
            entry.problem or f"{entry.code}  {entry.title}" + (f" · {entry.organisation}" if entry.organisation else "")
        )


def sample(options) -> None:
    print(samples.load_sample(options.name, BY))


def import_(options) -> None:
    file = Path(options.file)
    if not file.is_file():
        raise Rejected(Problem("file", _("There is no file “{name}”.").format(name=file)))
    print(bundle.bring_in(file, BY))


def export(options) -> None:
    with store.open(options.code) as db:
        if options.format == "json":
            text = bundle.to_json(bundle.read(db))
        else:
            document = summary.one_page(db) if options.onepage else summary.full(db)
            text = {"md": markdown, "html": html}[options.format].render(document)
    if options.output == "-":
        sys.stdout.write(text)
    else:
        Path(options.output).write_text(text, encoding="utf-8")


def rank(options) -> None:
    with store.open(options.code) as db:
        found = ranking.get_ranking(db)
        share = prepare.get_workshop(db)["customer_share"]
    if options.json:
        print(json.dumps(_as_json(found, share), ensure_ascii=False, indent=1))
        return
    print(found.sentence if found else _("Nothing has been rated yet."))
    for row in found.rows if found else []:
        sure = "" if row["tier"] is None else f"  {row['rank_lo']}–{row['rank_hi']}"
        print(f"{row['rank']:>3}  {row['ref']:<4} {row['name']:<40} {row['score']:6.1f}{sure}")
    for remark in found.remarks if found else []:
        print(remark)


def _as_json(found: ranking.RankedConcepts | None, share: float) -> dict:
    """DESIGN.md §8; nothing rated: the same keys, without concepts."""
    names = ("ref", "name", "rank", "tier", "score", "customer_score", "business_score", "effort", "first_of_100",
             "rank_interval")  # fmt: skip
    nothing = {"version": None, "replays": None, "concentration": None, "customer_share": share, "seed": None}
    return {
        "concepts": [{name: row[name] for name in names} for row in (found.rows if found else [])],
        "leading": found.leading if found else None,
        "flip": found.flip if found else None,
        "agreement": found.agreement if found else None,
        "raters": found.raters if found else 0,
        "method": found.method if found else nothing,
    }


def check(options) -> None:
    with store.open(options.code) as db:
        found = findings.list_findings(db)
    if options.json:
        names = ("rule", "ref", "severity", "message", "matched")
        rows = [{name: getattr(one.finding, name) for name in names} | {"state": one.state} for one in found]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in found:
        aside = _(" (put aside: {reason})").format(reason=one.reason) if one.state == "dismissed" else ""
        print(f"{one.finding.severity:<5}{one.finding.ref:<8}{one.finding.rule:<16}{one.finding.message}{aside}")
    if not found:
        print(_("No findings."))


def log(options) -> None:
    with store.open(options.code) as db:
        actions = journal.list_journal(db)
    if options.json:
        print(json.dumps([vars(action) for action in actions], ensure_ascii=False, indent=1))
    else:
        for action in actions:
            print(f"{action.number:>5}  {action.at[:19]}  {action.by}  {action.what}")


def undo(options) -> None:
    with store.open(options.code) as db:
        done = journal.undo(db, BY, whose=None)
    print(_("Undid: {what}").format(what=done.what))


def backup(options) -> None:
    store.backup(options.code, Path(options.output))


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m workshop", description=__doc__)
    top.add_argument("--home", help=_("the library folder (default: THROUGHLINE_HOME, or workshops/ beside app.py)"))
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable, what: str, *, code: bool = False) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=what, description=what)
        sub.set_defaults(run=run)
        if code:
            sub.add_argument("code")
        return sub

    made = command("new", new, _("a new workshop; prints its code"))
    made.add_argument("title")
    made.add_argument("--mode", choices=prepare.MODES, default="full")
    command("list", list_, _("the library"))
    command("sample", sample, _("a finished workshop to look at; prints its code")).add_argument(
        "name", choices=samples.NAMES
    )
    command("import", import_, _("a bundle or a workshop file; prints its code")).add_argument("file")
    out = command("export", export, _("the summary, or everything as JSON"), code=True)
    out.add_argument("--format", choices=("md", "html", "json"), default="md")
    out.add_argument("--onepage", action="store_true")
    out.add_argument("-o", "--output", default="-")
    for name, run, what in (
        ("rank", rank, _("the order")),
        ("check", check, _("the findings")),
        ("log", log, _("the journal")),
    ):
        command(name, run, what, code=True).add_argument("--json", action="store_true")
    command("undo", undo, _("takes back the last action by a host"), code=True)
    command("backup", backup, _("a whole copy of the file"), code=True).add_argument("-o", "--output", required=True)
    return top


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if options.home:
        os.environ["THROUGHLINE_HOME"] = options.home
    try:
        options.run(options)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as error:
        print(_("{name}: {fault}").format(name=error.filename, fault=error.strerror), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # people's words, also into a pipe that would take fewer letters
    sys.exit(main())
