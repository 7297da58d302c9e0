"""How many of TIP's false problems are refuted, with what, and at what cost.

    LEMMATA_DATA=… python benchmarks/tip_false.py [--seconds 10] [--true]

With ``--true`` the problems over naturals and lists, which are meant to be true, are run instead:
a refutation there is looked at closely, for it is either an error or news.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lemmata.dsl.tip import load_tip
from lemmata.engine.budget import Budget
from lemmata.engine.errors import LemmataError
from lemmata.engine.verdict import Refuted
from lemmata.provers.refuters import refute


def main() -> int:
    """Prints one line a problem and the share that was refuted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds per problem")
    parser.add_argument("--true", action="store_true", help="run nat/ and list/ instead")
    parser.add_argument("--only", default="", help="only problems whose name contains this")
    options = parser.parse_args()
    place = os.environ.get("LEMMATA_DATA")
    if not place:
        print("LEMMATA_DATA must name the folder of benchmark data", file=sys.stderr)
        return 2
    folders = ("nat", "list") if options.true else ("false",)
    paths = [path for name in folders for path in sorted((Path(place) / "tip" / name).iterdir())]
    refuted = read = 0
    total = 0.0
    for path in paths:
        if path.suffix != ".smt2" or options.only not in path.stem:
            continue
        try:
            theory = load_tip(path)
        except LemmataError as error:
            print(f"{path.stem:42} not read: {str(error).splitlines()[0].rpartition(': ')[2]}")
            continue
        for goal in theory.conjectures:
            read += 1
            verdict = refute(theory, goal, Budget(seconds=options.seconds))
            total += verdict.cpu_seconds
            if isinstance(verdict, Refuted):
                refuted += 1
                shown = ", ".join(f"{name} = {value}" for name, value in verdict.assignment)
            else:
                shown = f"unknown ({verdict.reason}) {verdict.detail}"
            print(f"{path.stem:42} {verdict.cpu_seconds:7.2f}  {shown[:100]}", flush=True)
    share = 100 * refuted / max(1, read)
    print(f"{refuted} of {read} refuted ({share:.0f} %), {total:.1f} CPU s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
