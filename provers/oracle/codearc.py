"""CodeARC's protocol (arXiv 2503.23145): ten examples, thirty queries, one second chance.

A problem's source is read by the oracle alone; the search sees calls and outcomes. What the
oracle did not refute is judged again by a longer differential test with another seed.
"""

from __future__ import annotations

import ast
import json
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from ...engine.budget import Budget
from ...engine.errors import LemmataError, SourceError, UsageError
from ...engine.synthesis.dialogue import NotRefuted
from ...engine.synthesis.dialogue import Oracle as Asked
from ...engine.synthesis.operation import Library
from ...engine.synthesis.outcome import Outcome
from ...engine.synthesis.pairs import read_text
from ...engine.synthesis.synthesis import Synthesis, synthesize
from ...engine.synthesis.types import infer, infer_arguments, join
from .comparison import Comparison, ExceptionPolicy
from .oracle import Oracle
from .sandbox import Limits, Sandbox
from .source import Subject

PROTOCOL = Comparison(
    exceptions=ExceptionPolicy.ANY, tolerance=1e-9, mutation=False, signed_zero=False
)
"""CodeARC compares what is returned; which exception, or what became of arguments, is not asked."""


class Solver(Protocol):
    """Looks for a program behind an oracle; it knows the number of the problem and no more."""

    def __call__(
        self,
        oracle: Asked,
        identity: int,
        *,
        library: Library | None,
        seed: int,
        budget: Budget | None,
    ) -> Synthesis:
        """A program that the oracle does not refute, or an honest *not found*."""
        ...


_MISSING = object()
"""In the place of an argument that is not data."""

SUBMISSION_SECONDS = 2.0
"""CPU seconds that the oracle spends on one submission."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One hidden function and the calls that are given."""

    id: int
    source: str
    calls: tuple[tuple[object, ...], ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one problem.

    ``status`` is ``solved`` (the judge found no difference), ``wrong`` (the oracle was satisfied
    and the judge was not), ``not found``, or ``failed`` (the problem could not be run).
    """

    id: int
    status: str
    signature: str
    queries: int
    submissions: int
    cpu_seconds: float
    wall_seconds: float
    candidates: int
    program: str | None
    detail: str
    trace: list[dict[str, Any]]
    hidden: str = ""


def load(path: Path) -> list[Problem]:
    """The problems of a JSONL file; one clear error for a line that is not one."""
    problems: list[Problem] = []
    numbers: dict[int, int] = {}
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            source = str(data["function"])
            defaults = _defaults(source)
            calls = [_arguments(example["call"], defaults) for example in data["examples"]]
            identity = int(data["id"])
        except (ValueError, KeyError, TypeError) as error:
            reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise SourceError(
                f"line {number} is not a CodeARC problem: {reason}",
                path=str(path),
                expected="a JSON object with id, function and examples",
            ) from error
        if numbers.setdefault(identity, number) != number:
            raise SourceError(
                f"line {number} has the id {identity} of line {numbers[identity]}",
                path=str(path),
                expected="an id of its own for each problem: results are kept by id",
            )
        known = tuple(call for call in calls if call is not None)
        problems.append(Problem(identity, source, known, len(calls) - len(known)))
    if not problems:
        raise UsageError(f"{path}: no problems found; expected one JSON object a line")
    return problems


def _defaults(source: str) -> dict[str, object]:
    """The parameters of ``solution`` in order, each with its default or ``_MISSING``."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about escapes in texts that are not ours
            tree = ast.parse(source)
    except SyntaxError:
        return {}
    found: dict[str, object] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name="solution", args=ast.arguments(args=args, defaults=defaults)):
                values = [*[_MISSING] * (len(args) - len(defaults)), *map(_literal, defaults)]
                found = {arg.arg: value for arg, value in zip(args, values, strict=True)}
    return found


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return _MISSING


def _arguments(text: str, defaults: Mapping[str, object]) -> tuple[object, ...] | None:
    """The arguments of the call to ``solution`` in an example, in the order of its parameters;
    ``None`` if they are not data."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None  # some of the published example calls are not Python
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="solution"), args=args, keywords=keywords):
                given = {word.arg: _literal(word.value) for word in keywords}
                values = list(map(_literal, args))
                for name in [*defaults][len(args) :]:
                    if not given:
                        break
                    values.append(given.pop(name, defaults[name]))
                return None if given or _MISSING in values else tuple(values)
    return None


def returned(call: tuple[object, ...], outcome: Outcome) -> bool:
    """The domain of a CodeARC function: calls that return."""
    return outcome.is_value


def run_problem(
    problem: Problem,
    *,
    seconds: float = 20.0,
    judge_seconds: float = 10.0,
    library: Library | None = None,
    seed: int = 0,
    solver: Solver | None = None,
) -> Result:
    """The whole dialogue for one problem, and the judge's word on it; ``solver`` looks for the
    program in place of the enumeration."""
    started, wall = time.process_time(), time.monotonic()
    synthesis: Synthesis | None = None
    status, detail, signature = "failed", "", ""
    try:
        subject = Subject.of_text(problem.source, "solution", f"problem {problem.id}")
        calls = list(dict.fromkeys(map(repr, problem.calls)))
        if not calls:
            raise UsageError("no example's arguments are plain data")
        with Oracle(
            subject,
            examples=problem.calls,
            queries=30 - problem.skipped,
            name="solution",
            comparison=PROTOCOL,
            domain=returned,
            limits=Limits(seconds=1.0),
            effort=Budget(seconds=SUBMISSION_SECONDS),
            seed=seed,
            sandbox=Sandbox.shared(),
        ) as oracle:
            kinds = infer_arguments(problem.calls)
            values = [e.outcome.value for e in oracle.examples if e.outcome.is_value]
            result = join(map(infer, values))
            signature = f"({', '.join(map(str, kinds))}) -> {result}"
            budget = Budget(seconds=seconds)
            if solver is None:
                synthesis = synthesize(oracle, library=library, seed=seed, budget=budget)
            else:
                synthesis = solver(oracle, problem.id, library=library, seed=seed, budget=budget)
            status = "not found"
            if synthesis.program is not None:
                verdict = oracle.judge(
                    synthesis.program, budget=Budget(seconds=judge_seconds), seed=seed + 7919
                )
                status = "solved" if isinstance(verdict, NotRefuted) else "wrong"
                detail = repr(verdict) if status == "solved" else verdict.explanation  # type: ignore[union-attr]
            else:
                detail = synthesis.reason
    except LemmataError as error:
        detail = str(error)
    except Exception as error:
        # One problem must not end a run of hundreds; it is listed as failed, with the fault.
        detail = f"internal fault: {error!r}"
    return Result(
        problem.id,
        status,
        signature,
        synthesis.queries + len(problem.calls) if synthesis else 0,
        synthesis.submissions if synthesis else 0,
        round(time.process_time() - started, 3),
        round(time.monotonic() - wall, 3),
        synthesis.candidates if synthesis else 0,
        synthesis.program if synthesis else None,
        detail,
        synthesis.to_json()["trace"] if synthesis else [],
        problem.source,
    )


def run(
    problems: list[Problem],
    folder: Path,
    *,
    seconds: float,
    judge_seconds: float,
    jobs: int = 1,
    seed: int = 0,
    solver: Solver | None = None,
) -> Iterator[Result]:
    """Results as they come; one file a problem in ``folder``, and what is there is not run again."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import active_children

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot keep results in {folder}: {error.strerror}") from error
    waiting = []
    for problem in problems:
        known = _stored(folder, problem.id)
        if known is not None:
            yield known
        else:
            waiting.append(problem)
    options = {"seconds": seconds, "judge_seconds": judge_seconds, "seed": seed, "solver": solver}
    if jobs <= 1:
        for problem in waiting:
            yield _kept(folder, run_problem(problem, **options))  # type: ignore[arg-type]
        return
    with ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(run_problem, problem, **options) for problem in waiting]  # type: ignore[arg-type]
        try:
            for future in as_completed(futures):
                yield _kept(folder, future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            # Else the interpreter would wait at its end for problems that nobody wants any more.
            for process in active_children():
                process.terminate()
            raise


def _kept(folder: Path, result: Result) -> Result:
    """The result, written so that a run which stops here finds a whole file or none."""
    place = folder / f"{result.id}.json"
    partial = place.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
    partial.replace(place)
    return result


def _stored(folder: Path, identity: int) -> Result | None:
    place = folder / f"{identity}.json"
    if not place.exists():
        return None
    try:
        return Result(**json.loads(place.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise UsageError(f"{place} is not a result of this run: remove it") from error


def summary(results: list[Result]) -> dict[str, Any]:
    """Counts of a run: by status, and by signature."""
    by_signature: dict[str, list[int]] = {}
    for result in results:
        row = by_signature.setdefault(result.signature, [0, 0])
        row[0] += result.status == "solved"
        row[1] += 1
    solved = [result for result in results if result.status == "solved"]
    return {
        "problems": len(results),
        "solved": len(solved),
        "wrong": sorted(result.id for result in results if result.status == "wrong"),
        "not found": sum(result.status == "not found" for result in results),
        "failed": sorted(result.id for result in results if result.status == "failed"),
        "share": round(len(solved) / len(results), 4) if results else 0.0,
        "mean queries": round(sum(r.queries for r in results) / max(1, len(results)), 1),
        "mean submissions": round(sum(r.submissions for r in results) / max(1, len(results)), 2),
        "cpu seconds": round(sum(r.cpu_seconds for r in results), 1),
        "by signature": dict(sorted(by_signature.items(), key=lambda item: -item[1][1])),
    }
