"""python -m workshop: the workshop from the command line.

Exit codes: 0 done, 2 refused with one sentence, 1 what nobody foresaw, in one sentence too.
"""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from workshop import bundle, hosts, journal, library, samples, store, story
from workshop.activities import note_turned
from workshop.checks import findings
from workshop.connections import in_sentences
from workshop.exports import FORMATS, markdown
from workshop.problems import Problem, Refusal, Rejected
from workshop.steps import create, prepare, ranking, requirements
from workshop.words import _

BY = "host at the command line"


def new(options) -> None:
    print(create(prepare.StartWorkshop(title=options.title, mode=options.mode), BY))


def list_(options) -> None:
    for entry in library.list_library():
        print(
            entry.problem or f"{entry.code}  {entry.title}" + (f" · {entry.organisation}" if entry.organisation else "")
        )


def sample(options) -> None:
    print(samples.load_sample(options.name, BY))


def import_(options) -> None:
    file = Path(options.file)
    if not file.is_file():
        raise Rejected(Problem("file", _("There is no file “{name}”.").format(name=file)))
    if not options.into:
        print(bundle.bring_in(file, BY))
        return
    sheet, lists = map(import_module, ("workshop.sheet", "workshop.lists"))  # Excel's reader takes a moment to load
    command = lists.BringIn(options.kind, sheet.read(file.read_bytes(), options.kind))
    with store.open(options.into) as db:
        if options.preview:
            for row in lists.plan(db, command).rows:
                print(f"{row.line:>6}  {row.does:<7} {row.words}" + (f"  {row.why}" if row.why else ""))
            return
        journal.act(db, BY, lists.bring_in, command, _("Brought in {ref} rows"))
    print(options.into)


def export(options) -> None:
    # Word, slides and PDF take a second to load, for which no other command should wait
    forms = import_module("workshop.forms")
    wanted = forms.Wanted(options.onepage, options.shareable, Path(options.template) if options.template else None)
    with store.open(options.code) as db:
        made = forms.make(db, options.format, wanted)
        if options.shareable and (told := requirements.tell_without_kind(db)):
            print(told, file=sys.stderr)
    _give(options.output, made)


def _give(output: str, made: bytes) -> None:
    """To a file, whole or not at all; or to the standard output."""
    if output != "-":
        library.write(Path(output), made)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()


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
        print(f"{one.finding.severity:<5}{one.finding.ref:<12}{one.finding.rule:<22}{findings.said(one.finding)}{aside}")
    if not found:
        print(_("No findings."))


def log(options) -> None:
    if options.until and not options.since:
        raise Rejected(Problem("until", _("Say --since too: what changed from when on, until that moment?")))
    with store.open(options.code) as db:
        if options.since:
            until = story.moment(db, options.until) if options.until else None
            print(markdown.render(story.changes_document(db, story.moment(db, options.since), until)), end="")
            return
        if options.story:
            print(markdown.render(story.document(db)), end="")
            return
        actions = journal.list_journal(db)
    if options.json:
        print(json.dumps([vars(action) for action in actions], ensure_ascii=False, indent=1))
    else:
        for action in actions:
            print(f"{action.number:>5}  {action.at[:19]}  {action.by}  {action.what}")


def undo(options) -> None:
    with store.open(options.code) as db:
        done = journal.undo(db, BY, whose=None, then=note_turned)
    print(_("Undid: {what}").format(what=done.what))


def backup(options) -> None:
    library.backup(options.code, Path(options.output))


def host_key(_options) -> None:
    if hosts.own_key():
        raise Rejected(Problem("", _("The host key stands in THROUGHLINE_HOST_KEY. Change it there.")))
    print(hosts.renew_key(store.library()))


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m workshop", description=__doc__)
    top.add_argument("--traceback", action="store_true",
                     help=_("where in the program something went wrong that nobody foresaw"))  # fmt: skip
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
    brought = command("import", import_, _("a bundle or a workshop file, or a table into a workshop; prints its code"))
    brought.add_argument("file")
    brought.add_argument("--into", metavar="CODE", help=_("the workshop that a table (.csv, .xlsx) is brought into"))
    brought.add_argument("--as", dest="kind", choices=("concepts", "metrics", "touchpoints", "ratings"),
                         default="concepts", help=_("what its rows are"))  # fmt: skip
    brought.add_argument("--preview", action="store_true", help=_("say what would happen to each row, and do nothing"))
    out = command("export", export, _("the summary, slides, tables, dates, or everything as JSON"), code=True)
    out.add_argument("--format", choices=FORMATS, default="md")
    out.add_argument("--onepage", action="store_true", help=_("the page for somebody who was not there"))
    out.add_argument("--shareable", action="store_true", help=_("without names, costs, notes and single ratings"))
    out.add_argument("--template", help=_("a .docx or .pptx of your house, for Word and slides"))
    out.add_argument("-o", "--output", default="-", help=_("the file to write; - for the standard output"))
    for name, run, what in (
        ("rank", rank, _("the order")),
        ("check", check, _("the findings")),
    ):
        command(name, run, what, code=True).add_argument("--json", action="store_true")
    done = command("log", log, _("the journal, its story, or what changed since"), code=True)
    done.add_argument("--json", action="store_true")
    done.add_argument("--story", action="store_true", help=_("as a story, step by step"))
    done.add_argument("--since", help=_("what changed since an action’s number or a time (UTC)"))
    done.add_argument("--until", help=_("… up to this one"))
    command("undo", undo, _("takes back the last action by a host"), code=True)
    command("backup", backup, _("a whole copy of the file"), code=True).add_argument("-o", "--output", required=True)
    command("host-key", host_key, _("a new host key, where the old one was lost or told; prints it"))
    return top


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if options.home:
        os.environ["THROUGHLINE_HOME"] = options.home
    try:
        with in_sentences(""):
            options.run(options)
            sys.stdout.flush()
    except Refusal as refusal:
        return _say(2, str(refusal))
    except BrokenPipeError:  # whoever read had enough
        _print_no_more()
        return 0
    except OSError as error:
        return _say(2, f"{error.filename or _('standard output')}: {error.strerror}")
    except KeyboardInterrupt:
        return _say(130, _("Stopped."))
    except Exception as fault:
        if options.traceback:
            traceback.print_exc()
        said = _("Something went wrong that nobody foresaw ({fault}). All that was saved is safe; say --traceback to "
                 "see where.")  # fmt: skip
        return _say(1, said.format(fault=type(fault).__name__))
    return 0


def _say(code: int, sentence: str) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        _print_no_more()
    print(sentence, file=sys.stderr)
    return code


def _print_no_more() -> None:
    """What is left to print has no place to go, also when the program ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # people's words, also into a pipe that would take fewer letters
    sys.exit(main())
