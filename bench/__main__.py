"""`python -m bench [NAME] [--json]`: prints what was measured, against what, and whether it keeps within its limit.

Exit codes: 0 measured, also where a limit does not hold; 1 could not be measured.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from importlib import import_module

from bench.measure import Unmeasured, table

NAMES = ("pages", "room", "phones", "ranking", "weight", "calibration", "rules", "thread", "exports", "store",
         "library", "search", "samples", "server")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser("python -m bench", description="Measures Throughline on this machine.")
    parser.add_argument("name", nargs="?", choices=NAMES, help="one bench; all of them when left out")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    given = parser.parse_args()
    found = {}
    if load := busy():
        print(load, file=sys.stderr)
    for name in [given.name] if given.name else NAMES:
        try:
            report = import_module(f"bench.{name}").run()
        except Unmeasured as reason:
            print(f"{name} could not be measured. {reason}", file=sys.stderr)
            return 1
        found[name] = asdict(report)
        if not given.json:
            print(f"{report.title}\n\n{table(report.rows)}\n", *report.notes, "", sep="\n", flush=True)
    if given.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def busy() -> str:
    """A warning where others keep this machine busy, or nothing."""
    if not hasattr(os, "getloadavg"):  # Windows does not tell
        return ""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"Other work keeps this machine busy (load {load:.1f} on {cores} cores): figures are too high.\n" * (
        load > 1
    )


sys.exit(main())
