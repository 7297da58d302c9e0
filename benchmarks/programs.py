"""Measure the program side: mutants, SyGuS strings, 1D-ARC, speed. Data from LEMMATA_DATA.

    python benchmarks/programs.py mutants --count 200
    python benchmarks/programs.py sygus --seconds 10 --every 5
    python benchmarks/programs.py arc1d --seconds 10
    python benchmarks/programs.py speed

CodeARC has its own command: ``lemmata codearc run``. Every figure is printed with what it rests
on; the peers are run in the same process where they are installed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mutation import mutants, rewritings
from sygus import modern

from lemmata.engine.budget import Budget
from lemmata.engine.errors import LemmataError
from lemmata.engine.synthesis.bank import Bank, Term, rare_collection
from lemmata.engine.synthesis.dialogue import call_text
from lemmata.engine.synthesis.operation import Library, Operation
from lemmata.engine.synthesis.pairs import load_grids, load_task
from lemmata.engine.synthesis.synthesis import synthesize
from lemmata.provers.oracle.bytecode import code_of
from lemmata.provers.oracle.codearc import PROTOCOL, Problem, load, returned
from lemmata.provers.oracle.difference import Difference, Tester
from lemmata.provers.oracle.sandbox import Limits, Sandbox
from lemmata.provers.oracle.table import Table


def data() -> Path:
    place = os.environ.get("LEMMATA_DATA")
    if not place:
        sys.exit("LEMMATA_DATA does not name the folder of benchmark data")
    return Path(place)


def _tester(sandbox: Sandbox, problem: Problem, other: str, seconds: float, seed: int) -> Tester:
    limits = Limits(seconds=0.5)
    return Tester(
        sandbox.load(problem.source, "solution", limits),
        sandbox.load(other, "solution", limits),
        problem.calls,
        PROTOCOL,
        Budget(seconds=seconds),
        seed=seed,
        accepts=returned,
    )


def _run(tester: Tester) -> object:
    try:
        return tester.run()
    finally:
        tester.hidden.close()
        tester.candidate.close()


def _passes(sandbox: Sandbox, problem: Problem, mutant: str) -> bool:
    """Whether the mutant does the same on all given examples, and those all return."""
    calls = list(problem.calls)
    with sandbox.load(problem.source, "solution", Limits(seconds=0.5)) as hidden:
        wanted = hidden.run(calls)
    if not all(outcome.is_value for outcome in wanted):
        return False
    with sandbox.load(mutant, "solution", Limits(seconds=0.5)) as program:
        return all(map(PROTOCOL.agree, wanted, program.run(calls)))


@dataclass(frozen=True, slots=True)
class Trial:
    """One pair: what was found, and the CPU milliseconds of all processes together.

    ``hit`` goes from two texts, which nobody has compiled, to the printed counterexample, with four
    workers standing ready; ``ahead`` is what it took to have them stand there, ``after`` what the
    end of the last two took. ``reading`` is what it costs to read all clocks once, which is in each
    of the three: it is measured, not taken off.
    """

    found: object
    hit: float
    ahead: float
    after: float
    reading: float

    @classmethod
    def of(cls, sandbox: Sandbox, problem: Problem, other: str, seconds: float) -> Trial:
        def now() -> float:
            return 1000 * (time.process_time() + sandbox.cpu_seconds)

        code_of.cache_clear()
        before = now()
        sandbox.warm()
        read = now()
        started = now()
        tester = _tester(sandbox, problem, other, seconds, 0)
        try:
            found = tester.run()
            if isinstance(found, Difference):
                call = call_text("solution", found.arguments)
                print(f"  {call[:300]}: {str(found.expected)[:300]} {str(found.found)[:300]}")
            shown = now()
        finally:
            tester.hidden.close()
            tester.candidate.close()
        return cls(found, shown - started, read - before, now() - shown, started - read)


def measure_mutants(count: int, seconds: float, referee: float) -> None:
    """Hard mutants (all examples pass) refuted, and false alarms on equal pairs."""
    problems = load(data() / "codearc.jsonl")
    dice = random.Random(20)
    dice.shuffle(problems)
    hits: list[Trial] = []
    missed: list[tuple[int, str]] = []
    equal = 0
    alarms: list[int] = []
    pairs = 0
    with Sandbox() as sandbox:
        for problem in problems:
            if pairs >= count and equal >= count:
                break
            try:
                pool = list(mutants(problem.source))
                dice.shuffle(pool)
                hard = next((m for m in pool[:25] if _passes(sandbox, problem, m)), None)
                if hard is not None and pairs < count:
                    pairs += 1
                    trial = Trial.of(sandbox, problem, hard, seconds)
                    if isinstance(trial.found, Difference):
                        hits.append(trial)
                        verdict = f"refuted by {trial.found.method}"
                    else:
                        missed.append((problem.id, hard))
                        verdict = f"not refuted\n{_changes(problem.source, hard)}\n"
                    print(
                        f"{pairs} {problem.id}: {verdict}, {trial.hit:.1f} ms after {trial.ahead:.1f} "
                        f"and before {trial.after:.1f}",
                        flush=True,
                    )
                ways = list(rewritings(problem.source))
                dice.shuffle(ways)
                for same in ways[:1]:
                    if equal < count:
                        equal += 1
                        if isinstance(_run(_tester(sandbox, problem, same, 1.0, 0)), Difference):
                            alarms.append(problem.id)
                            print(f"{problem.id}: false alarm on\n{same}", flush=True)
            except LemmataError as error:
                print(f"problem {problem.id}: {error}")
        _report_hits(hits, len(missed))
        print(f"equal pairs: {equal}; false alarms: {alarms or 'none'}", flush=True)
        differing = []
        by_id = {problem.id: problem for problem in problems}
        for number, (identity, mutant) in enumerate(missed, 1):
            found = _run(_tester(sandbox, by_id[identity], mutant, referee, 4711))
            if isinstance(found, Difference):
                differing.append(identity)
                print(f"{identity}: the referee calls {found.arguments} on\n{mutant}")
            print(f"referee: {number} of {len(missed)}", flush=True)
    truly = len(hits) + len(differing)
    print(f"hard mutants: {pairs}; refuted {len(hits)}; survivors that a referee of {referee:g} s")
    print(
        f"  with another seed refutes: {differing}; the rest ({len(missed) - len(differing)}) stand"
    )
    if truly:
        print(f"  {100 * len(hits) / truly:.1f} % of those known to differ")


def _changes(source: str, mutant: str) -> str:
    """The mutant's changed lines, with one line around them, to be read by hand."""
    lines = difflib.unified_diff(
        ast.unparse(ast.parse(source)).splitlines(), mutant.splitlines(), lineterm="", n=1
    )
    return "\n".join(f"    {line}" for line in list(lines)[2:])


def _report_hits(hits: list[Trial], missed: int) -> None:
    if hits:
        median = statistics.median
        print(
            f"refuted {len(hits)} of {len(hits) + missed}; median hit "
            f"{median(t.hit for t in hits):.1f} ms CPU of all processes with four workers standing "
            f"ready, {median(t.hit + t.after for t in hits):.1f} with the end of the last two, "
            f"{median(t.hit + t.after + t.ahead for t in hits):.1f} with the start of all four as "
            f"well; each reading of the clocks, which is in all of these, costs "
            f"{median(t.reading for t in hits):.2f}",
            flush=True,
        )


def measure_sygus(seconds: float, every: int, peer_every: int) -> None:
    """SyGuS PBE strings: programs that reproduce every constraint; cvc5 on the same files."""
    files = sorted((data() / "sygus_pbe_strings").glob("*.sl"))[::every]
    solved = peer = asked = both = 0
    for place, file in enumerate(files):
        task = load_task(file)
        result = synthesize(
            Table(task.pairs, name=task.name),
            constants=task.constants,
            budget=Budget(seconds=seconds),
        )
        solved += result.found
        answer = None
        if place % peer_every == 0:
            answer = _cvc5(file, seconds)
            asked += answer is not None
            peer += bool(answer)
            both += result.found
        print(f"{file.stem}: {result.found} {result.cpu_seconds:.1f} s, cvc5 {answer}", flush=True)
    print(f"solved {solved} of {len(files)}; cvc5 {peer} of the {asked} it was asked, ours {both}")


def _cvc5(file: Path, seconds: float) -> bool | None:
    """Whether cvc5's Python build solves the file in time; ``None`` where it is not installed."""
    script = (
        "import sys, cvc5\ns = cvc5.Solver()\ns.setOption('sygus', 'true')\n"
        "p = cvc5.InputParser(s)\n"
        "p.setStringInput(cvc5.InputLanguage.SYGUS_2_1, sys.stdin.read(), 'problem')\n"
        "m = p.getSymbolManager()\n"
        "while True:\n    c = p.nextCommand()\n    if c.isNull(): break\n    print(c.invoke(s, m))\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=modern(file.read_text(encoding="utf-8")),
            capture_output=True,
            text=True,
            timeout=3 * seconds,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds))
            ),
        )
    except subprocess.TimeoutExpired:
        return False
    if "No module named" in done.stderr:
        return None
    if "rror" in done.stderr:
        raise SystemExit(f"{file.name}: the peer cannot read it: {done.stderr[-300:]}")
    return "define-fun" in done.stdout


def measure_arc(seconds: float, every: int) -> None:
    """1D-ARC: programs learnt from the training rows that get the held-out row right."""
    tasks = load_grids(data() / "arc1d.jsonl")[::every]
    right = 0
    for task in tasks:
        table = Table(task.pairs)
        result = synthesize(table, constants=task.constants, budget=Budget(seconds=seconds))
        good = False
        if result.program is not None:
            outcomes = table.rehearse(result.program, [call for call, _ in task.held_out])
            wanted = [value for _, value in task.held_out]
            good = [o.value for o in outcomes if o.is_value] == wanted
        right += good
        print(f"{task.name}: {good} {result.cpu_seconds:.1f} s", flush=True)
    print(f"right on the held-out row: {right} of {len(tasks)} ({100 * right / len(tasks):.1f} %)")


def measure_speed() -> None:
    """Candidates a second against a plain enumerator on the same rows, and sandbox calls."""
    rows = list(range(-3, 7))
    plain = _plain_enumeration(rows)
    same = tuple(Operation(text, ("int", "int"), "int", 1) for text in _SEVEN)
    for name, operations in (
        ("the same seven operations", same),
        ("the whole library", Library.standard().instances({"int", "bool"})),
    ):
        rate = _enumeration(rows, list(operations), keeps_partial=operations is not same)
        print(
            f"{name}: {rate:,.0f} candidates a CPU second; plain enumerator with seven "
            f"operations {plain:,.0f}; ratio {rate / plain:.2f}"
        )
    with Sandbox() as sandbox, sandbox.load("def f(x): return x + 1", "f") as program:
        wall = time.perf_counter()
        program.run([(n,) for n in range(20_000)])
        batch = 20_000 / (time.perf_counter() - wall)
        wall = time.perf_counter()
        for n in range(2_000):
            program.call(n)
        single = 2_000 / (time.perf_counter() - wall)
    print(f"sandbox calls a second: {batch:,.0f} in a batch, {single:,.0f} one by one")


_SEVEN = (
    *("{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} // {1}", "{0} % {1}"),
    *("max({0}, {1})", "min({0}, {1})"),
)


def _enumeration(rows: list[int], operations: list[Operation], keeps_partial: bool) -> float:
    """Our bank on the same rows and leaves; columns that fail somewhere are dropped as there."""
    bank = Bank(len(rows), operations, limit=300_000, keeps_partial=keeps_partial)
    bank.add(Term("int", rows, 1, "n"))
    for number in (0, 1, 2):
        bank.add(Term("int", [number] * len(rows), 1, str(number)))
    with rare_collection():
        started = time.process_time()
        while not bank.is_over:
            for count, _ in enumerate(bank.grow()):
                if count % 2000 == 0 and time.process_time() - started > 3:
                    break
            if time.process_time() - started > 3:
                break
        return bank.evaluated / (time.process_time() - started)


def _plain_enumeration(rows: list[int]) -> float:
    """Bottom-up enumeration with tuples and a dict, one row at a time: the plain way."""
    import operator

    binary = (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, max, min)
    columns = [tuple(rows), *(tuple([n] * len(rows)) for n in (0, 1, 2))]
    seen = set(columns)
    tried = 0
    started = time.process_time()
    while time.process_time() - started < 3:
        known = list(columns)
        for left in known:
            for right in known:
                for function in binary:
                    tried += 1
                    try:
                        column = tuple(function(a, b) for a, b in zip(left, right, strict=True))
                    except ArithmeticError:
                        continue
                    if column not in seen and max(map(abs, column)) < 10**24:
                        seen.add(column)
                        columns.append(column)
            if time.process_time() - started >= 3:
                break
    return tried / (time.process_time() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("mutants", "sygus", "arc1d", "speed"))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--referee", type=float, default=60.0)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--peer-every", type=int, default=1, help="ask cvc5 only so often")
    chosen = parser.parse_args()
    match chosen.what:
        case "mutants":
            measure_mutants(chosen.count, chosen.seconds, chosen.referee)
        case "sygus":
            measure_sygus(chosen.seconds, chosen.every, chosen.peer_every)
        case "arc1d":
            measure_arc(chosen.seconds, chosen.every)
        case "speed":
            measure_speed()


if __name__ == "__main__":
    main()
