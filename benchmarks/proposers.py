"""A scripted proposer that is right one time in ten, on CodeARC problems: alone, and as a hybrid.

Run with: LEMMATA_DATA=… python benchmarks/proposers.py [PROBLEMS] [SECONDS]. The script knows the hidden
functions, which no proposer does, and hides each among nine wrong programs; so what is measured is
the referee: all that is right must be accepted, nothing that is wrong may be, and the hybrid must
solve whatever the enumeration solves alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lemmata.provers.oracle import codearc
from lemmata.provers.proposers.endpoint import Endpoint
from lemmata.provers.proposers.solving import ModelSolver
from tests.models.server import Answer, Says, items, scripted, task_of

WRONG = ("None", "0", "''", "[]", "args[0]", "True", "-1", "str(args)", "len(args)")


def main(count: int, seconds: float) -> int:
    """Prints who solved what; the exit code is 1 if something wrong was accepted."""
    problems = codearc.load(Path(os.environ["LEMMATA_DATA"]) / "codearc.jsonl")[:count]
    known = {problem.source: problem for problem in problems}
    current: list[str] = []

    def script(request: dict[str, Any], number: int) -> Answer:
        shift = len(task_of(request)["verdicts"])
        wrong = [f"def solution(*args): return {w} # {shift}" for w in WRONG]
        place = (7 * number + shift) % 10
        return Says(items("ideas", *wrong[:place], current[0], *wrong[place:], field="source"))

    tally: dict[str, list[int]] = {"enumeration": [], "model": [], "hybrid": []}
    wrong: list[tuple[str, int]] = []
    with scripted(script) as server:
        endpoint = Endpoint(server.base_url, "scripted")
        for source, problem in known.items():
            current[:] = [source]
            for name in tally:
                solver = None
                if name != "enumeration":
                    solver = ModelSolver(endpoint, is_hybrid=name == "hybrid", count=10)
                with tempfile.TemporaryDirectory() as folder:
                    (result,) = codearc.run(
                        [problem], Path(folder), seconds=seconds, judge_seconds=1, solver=solver
                    )
                if result.status == "solved":
                    tally[name].append(problem.id)
                elif result.status == "wrong":
                    wrong.append((name, problem.id))
            print({name: len(solved) for name, solved in tally.items()}, wrong, flush=True)
    for name, solved in tally.items():
        print(f"{name:12} {len(solved)} of {len(known)} solved")
    lost = set(tally["enumeration"]) - set(tally["hybrid"])
    print(f"solved by the enumeration and not by the hybrid: {sorted(lost) or 'none'}")
    print(f"accepted and refuted by the judge: {wrong or 'none'}")
    return 1 if lost or any(name != "enumeration" for name, _ in wrong) else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    raise SystemExit(
        main(int(arguments[0]) if arguments else 20, float(arguments[1]) if arguments[1:] else 5.0)
    )
