"""TIP's problems about natural numbers or lists, no lemmas given: Lemmata and cvc5 side by side.

    LEMMATA_DATA=… python benchmarks/tip_nat.py [--folder nat|list] [--seconds 10] [--only NAME]
                                                [--stride 3] [--no-peer]

Both get the same CPU seconds a problem, in processes of their own whose start is counted. What
Lemmata calls proved is written as a proof file and certified again from the problem's own text.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from peer import denied, peer_name, solve
from smtlib import problem

from lemmata.dsl.tip import load_tip
from lemmata.engine.errors import LemmataError


def main() -> int:
    """Prints a line a problem, the totals, and the ratio of CPU seconds; 1 if an answer is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", choices=("nat", "list"), default="nat")
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds per problem")
    parser.add_argument("--only", default="", help="only problems whose name contains this")
    parser.add_argument("--stride", type=int, default=1, help="every how manieth problem")
    parser.add_argument("--no-peer", action="store_true", help="leave cvc5 out")
    options = parser.parse_args()
    data = os.environ.get("LEMMATA_DATA")
    if not data:
        print("LEMMATA_DATA must name the folder of benchmark data", file=sys.stderr)
        return 2
    name = None if options.no_peer else peer_name()
    folder = Path(data) / "tip" / options.folder
    named = [p for p in sorted(folder.glob("*.smt2")) if options.only in p.stem]
    readable = [p for p in named if is_first_order(p)]
    print(f"{len(readable)} of {len(named)} problems are first-order")
    paths = readable[:: options.stride]
    ours = theirs = wrong = 0
    our_time = their_time = 0.0
    both: list[tuple[float, float]] = []
    print(f"{'problem':32} {'lemmata':>18} {'cvc5':>18}")
    for path in paths:
        verdict, cpu, checked = prove(path, options.seconds)
        our_time += cpu
        ours += verdict == "proved"
        is_wrong = verdict == "proved" and not checked
        line = f"{path.stem:32} {verdict:>9} {cpu:7.2f} s"
        if name is not None:
            answer = solve(_for_peer(path), options.seconds)
            their_time += answer.cpu_seconds
            theirs += answer.status == "unsat"
            if verdict == "proved" and answer.status == "unsat":
                both.append((cpu, answer.cpu_seconds))
            # One of this folder's problems is false as it stands; no peer may prove such a one.
            is_wrong = is_wrong or (verdict == "refuted" and answer.status == "unsat")
            line += f" {answer.status:>9} {answer.cpu_seconds:7.2f} s"
        wrong += is_wrong
        print(line + ("  WRONG" if is_wrong else ""), flush=True)
    share = 100 * ours / max(1, len(paths))
    print(
        f"Lemmata: {ours} of {len(paths)} proved ({share:.0f} %), {wrong} wrong, {our_time:.1f} CPU s"
    )
    if name is not None:
        print(f"{name}: {theirs} of {len(paths)} proved, {their_time:.1f} CPU s")
        print(f"CPU, all problems: cvc5 / Lemmata = {their_time / our_time:.2f}")
        if both:
            one, two = (sum(times) for times in zip(*both, strict=True))
            print(f"CPU, the {len(both)} that both prove: cvc5 / Lemmata = {two / one:.2f}")
    return 1 if wrong else 0


def _for_peer(path: Path) -> str:
    """The problem as the peer reads it: written out where functions have type variables."""
    text = path.read_text("utf-8")
    return problem(load_tip(path)) if "(par " in text else denied(text)


def is_first_order(path: Path) -> bool:
    """Whether a problem can be read; what is outside first-order logic is refused with an error."""
    try:
        load_tip(path)
    except LemmataError:
        return False
    return True


def prove(path: Path, seconds: float) -> tuple[str, float, bool]:
    """Our verdict, the CPU seconds of the whole command, and whether the proof passed the check."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["prove", str(path), "--seconds", str(seconds), "--format", "json"]
        process = subprocess.Popen(
            [sys.executable, "-m", "lemmata", *command, "--out", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        output = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        cpu = usage.ru_utime + usage.ru_stime
        try:
            results = json.loads(output)["results"]
        except ValueError:
            return "failed", cpu, False
        verdicts = {result["verdict"] for result in results}
        if verdicts != {"proved"}:
            return (verdicts - {"proved"}).pop(), cpu, False
        files = sorted(Path(folder).glob("*.json"))
        check = subprocess.run(
            [sys.executable, "-m", "lemmata", "check", "--theory", path, *files],
            capture_output=True,
            check=False,
        )
        return "proved", cpu, check.returncode == 0 and len(files) == len(results)


if __name__ == "__main__":
    raise SystemExit(main())
