"""A scripted proposer that is right one time in ten: six hard laws, CodeARC problems, five families.

Run with: LEMMATA_DATA=… python benchmarks/proposers.py [PROBLEMS] [SECONDS]. The script knows the
answers, which no proposer does, and hides each among nine wrong ones; so what is measured is the
referees: all that is right must be accepted, nothing that is wrong may be, and the hybrid must solve
whatever the enumeration solves alone, with the same seconds, queries and submissions.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from lemmata.cli.models import law_reader
from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget
from lemmata.engine.formulas.constants import CONSTANTS
from lemmata.engine.formulas.refereeing import FamilyReferee
from lemmata.engine.proposal import Referee
from lemmata.engine.refinement import Refinement, refine
from lemmata.provers.assistance import LawReferee
from lemmata.provers.oracle import codearc
from lemmata.provers.proposers.client import Client
from lemmata.provers.proposers.endpoint import Endpoint
from lemmata.provers.proposers.model import Model, Task
from lemmata.provers.proposers.solving import ModelSolver
from lemmata.provers.proposers.tasks import families, lemmas
from lemmata.provers.workspace import Workspace
from tests.models import test_families, test_theories
from tests.models.server import Answer, Says, items, scripted, task_of

WRONG = ("None", "0", "''", "[]", "args[0]", "True", "-1", "str(args)", "len(args)")


def one_in_ten(right: list[str], wrong: tuple[str, ...], number: int) -> list[str]:
    """Nine wrong answers and the next right one, not always at the same place."""
    nine = [wrong[(9 * number + n) % len(wrong)] for n in range(9)]
    return [*nine[: number % 10], *right[number : number + 1], *nine[number % 10 :]]


def judged(
    task: Task[str],
    referee: Referee[str],
    key: str,
    field: str,
    right: list[str],
    wrong: tuple[str, ...],
) -> bool:
    """Has a referee decide about all; whether what it accepted is what is right."""

    def script(request: dict[str, Any], number: int) -> Answer:
        return Says(items(key, *one_in_ten(right, wrong, number), field=field))

    started = time.process_time()
    with scripted(script) as server, Client(Endpoint(server.base_url, "scripted")) as client:
        model = Model(client, task, "scripted")
        found: Refinement = refine(model, referee, rounds=len(right), count=10)
    accepted = {decision.text for decision in found.accepted}
    print(
        f"{key:12} {len(accepted & set(right))} of {len(right)} right ones accepted, "
        f"{len(accepted - set(right))} wrong ones, of {len(found.decisions)} decided; "
        f"{time.process_time() - started:.1f} CPU s",
        flush=True,
    )
    return accepted == set(right)


def laws_and_families() -> Iterator[bool]:
    """The laws that no prover without lemmas reaches, with the lemmas they need, then families."""
    theory = parse_theory(test_theories.PEANO)
    laws = LawReferee(Workspace(theory), law_reader(theory), Budget(seconds=6))
    right = [*test_theories.LEMMAS, *test_theories.HARD]
    yield judged(lemmas(theory), laws, "lemmas", "formula", right, test_theories.WRONG)
    task = families(list(CONSTANTS))
    claims = list(test_families.RIGHT)
    yield judged(task, FamilyReferee(), "families", "family", claims, test_families.WRONG)


def programs(count: int, seconds: float) -> bool:
    """CodeARC problems: the enumeration, the model, and both behind one oracle."""
    problems = codearc.load(Path(os.environ["LEMMATA_DATA"]) / "codearc.jsonl")[:count]
    current: list[str] = []

    def script(request: dict[str, Any], number: int) -> Answer:
        shift = len(task_of(request)["verdicts"])
        wrong = [f"def solution(*args): return {w} # {shift}" for w in WRONG]
        place = (7 * number + shift) % 10
        return Says(items("ideas", *wrong[:place], current[0], *wrong[place:], field="source"))

    tally: dict[str, list[int]] = {"enumeration": [], "model": [], "hybrid": []}
    spent = dict.fromkeys(tally, 0.0)
    wrong: list[tuple[str, int]] = []
    with scripted(script) as server:
        endpoint = Endpoint(server.base_url, "scripted")
        for problem in problems:
            current[:] = [problem.source]
            for name in tally:
                solver = None
                if name != "enumeration":
                    solver = ModelSolver(endpoint, is_hybrid=name == "hybrid", count=10)
                with tempfile.TemporaryDirectory() as folder:
                    (result,) = codearc.run(
                        [problem], Path(folder), seconds=seconds, judge_seconds=1, solver=solver
                    )
                spent[name] += result.cpu_seconds
                if result.status == "solved":
                    tally[name].append(problem.id)
                elif result.status == "failed" and name == "enumeration":
                    print(f"problem {problem.id} cannot be played: {result.detail}")
                elif result.status == "wrong":
                    wrong.append((name, problem.id))
            print({name: len(solved) for name, solved in tally.items()}, wrong, flush=True)
    for name, solved in tally.items():
        print(f"{name:12} {len(solved)} of {len(problems)} solved, {spent[name]:.1f} CPU s")
    lost = set(tally["enumeration"]) - set(tally["hybrid"])
    print(f"solved by the enumeration and not by the hybrid: {sorted(lost) or 'none'}")
    print(f"accepted and refuted by the judge: {wrong or 'none'}")
    return not lost and not any(name != "enumeration" for name, _ in wrong)


def main(count: int, seconds: float) -> int:
    """Prints what was accepted; the exit code is 1 if that is not all that is right and only that."""
    fine = list(laws_and_families())
    return 0 if all([*fine, programs(count, seconds)]) else 1


if __name__ == "__main__":
    arguments = sys.argv[1:]
    raise SystemExit(
        main(int(arguments[0]) if arguments else 20, float(arguments[1]) if arguments[1:] else 5.0)
    )
