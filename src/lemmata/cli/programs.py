"""``lemmata difftest``, ``synth``, ``codearc`` and ``doctor``: programs against hidden functions."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .app import app
from .models import Choice, SolverName, takes_model
from .prove import Format

if TYPE_CHECKING:
    from lemmata.provers.oracle.source import Subject

_DIFFTEST = """
Examples:

    lemmata difftest old.py:area new.py:area

    lemmata difftest a.py:f b.py:g --exceptions any --tolerance 1e-9 --seconds 30
"""
_SYNTH = """
Examples:

    lemmata synth examples.json

    lemmata synth phone.sl --seconds 10 --format json

    lemmata synth --hidden secret.py:f --example '(3, [1, 2])' --example '(0, [])'
"""
_CODEARC = """
Examples:

    lemmata codearc run codearc.jsonl --limit 50 --out runs/today

    lemmata codearc run codearc.jsonl --jobs 2 --seconds 20 --html report.html

    lemmata codearc run codearc.jsonl --proposer hybrid --model qwen2.5-coder --base-url http://127.0.0.1:11434/v1
"""


class Exceptions(StrEnum):
    """Which exceptions count as the same."""

    any = "any"
    type = "type"
    message = "message"


@app.command(epilog=_DIFFTEST)
def difftest(
    left: Annotated[str, typer.Argument(metavar="A.PY:F", help="The function to be matched.")],
    right: Annotated[str, typer.Argument(metavar="B.PY:G", help="The function under suspicion.")],
    example: Annotated[
        list[str] | None,
        typer.Option(help="Arguments to start from, as a Python tuple or a call; may be repeated."),
    ] = None,
    seconds: Annotated[float, typer.Option(help="CPU seconds to spend.")] = 10.0,
    exceptions: Annotated[
        Exceptions, typer.Option(help="Which exceptions count as the same.")
    ] = Exceptions.type,
    tolerance: Annotated[float, typer.Option(help="Difference allowed between floats.")] = 0.0,
    ignore_mutation: Annotated[
        bool, typer.Option("--ignore-mutation", help="Do not compare changed arguments.")
    ] = False,
    off_type: Annotated[
        bool, typer.Option("--off-type", help="Also try types that the examples do not show.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Repeats a run exactly.")] = 0,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Look for an input on which two functions differ; both run in a sandbox.

    Exit codes: 0 equality was proved (the two are the same program), 1 a counterexample was found,
    3 none was found and equality is not proved, 2 bad input.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.errors import IncomparableError, UsageError
    from lemmata.engine.synthesis.dialogue import call_text
    from lemmata.engine.verdict import Refuted
    from lemmata.provers.oracle.comparison import Comparison, ExceptionPolicy
    from lemmata.provers.oracle.oracle import Oracle
    from lemmata.provers.oracle.sameness import same_program
    from lemmata.provers.oracle.source import Subject

    hidden, candidate = Subject.of_reference(left), Subject.of_reference(right)
    if not 0 <= tolerance < float("inf"):
        raise UsageError(f"a tolerance must be a number from 0 on, found {tolerance}")
    policy = {
        Exceptions.any: ExceptionPolicy.ANY,
        Exceptions.type: ExceptionPolicy.TYPE,
        Exceptions.message: ExceptionPolicy.MESSAGE,
    }[exceptions]
    comparison = Comparison(policy, tolerance, mutation=not ignore_mutation)
    if same_program(hidden, candidate):
        _print(output, "equal: the two are the same program", {"verdict": "equal"})
        return
    calls = [_arguments_of(hidden, text) for text in example or []]
    with Oracle(
        hidden,
        examples=calls,
        queries=len(calls),
        comparison=comparison,
        off_type=off_type,
        seed=seed,
    ) as oracle:
        try:
            verdict = oracle.judge(candidate, budget=Budget(seconds=seconds))
        except IncomparableError as error:
            _print(output, f"unknown: {error}", {"verdict": "unknown", "reason": str(error)})
            raise typer.Exit(3) from None
    if isinstance(verdict, Refuted):
        shown = verdict.counterexample
        arguments = getattr(shown, "arguments", ())
        expected, found = getattr(shown, "expected", None), getattr(shown, "found", None)
        one, other = _where_they_part(repr(expected), repr(found))
        text = (
            f"different: {call_text(hidden.name, arguments)}\n"
            f"  {left}: {one}\n  {right}: {other}\n"
            f"  found by {verdict.method} after {verdict.cpu_seconds:.2f} CPU s"
        )
        _print(
            output,
            text,
            {
                "verdict": "refuted",
                "call": call_text(hidden.name, arguments),
                "expected": repr(expected),
                "found": repr(found),
                "method": verdict.method,
                "cpu_seconds": round(verdict.cpu_seconds, 3),
            },
        )
        raise typer.Exit(1)
    _print(
        output,
        f"no difference found, which is not a proof of equality\n{_effort_text(verdict.effort)}",
        {"verdict": "not refuted", "effort": _effort(verdict.effort)},
    )
    raise typer.Exit(3)


_LONGEST_SHOWN = 400


def _where_they_part(one: str, other: str) -> tuple[str, str]:
    """Both texts, long ones cut to where they begin to differ; JSON output has them whole."""
    if max(len(one), len(other)) <= _LONGEST_SHOWN:
        return one, other
    first = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, first - _LONGEST_SHOWN // 4)
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _LONGEST_SHOWN]
    if len(shown) == len(text):
        return text
    end = "…" if start + len(shown) < len(text) else ""
    return f"{'…' if start else ''}{shown}{end} ({len(text):,} characters)"


@app.command(epilog=_SYNTH)
def synth(
    examples: Annotated[
        Path | None, typer.Argument(help="Pairs as JSON, or a SyGuS file (.sl).")
    ] = None,
    hidden: Annotated[
        str | None, typer.Option(help="A hidden function, as path.py:function.")
    ] = None,
    example: Annotated[
        list[str] | None, typer.Option(help="With --hidden: arguments, as a tuple or a call.")
    ] = None,
    queries: Annotated[int, typer.Option(help="With --hidden: calls in all.")] = 30,
    seconds: Annotated[float, typer.Option(help="CPU seconds to spend.")] = 20.0,
    seed: Annotated[int, typer.Option(help="Repeats a run exactly.")] = 0,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Find a Python function from examples, or from a hidden function that answers queries.

    Exit codes: 0 a program was found and not refuted, 3 none was found, 2 bad input.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.errors import UsageError
    from lemmata.engine.synthesis.dialogue import Oracle as Asked
    from lemmata.engine.synthesis.pairs import load_task
    from lemmata.engine.synthesis.synthesis import synthesize
    from lemmata.provers.oracle.oracle import Oracle
    from lemmata.provers.oracle.source import Subject
    from lemmata.provers.oracle.table import Table

    if (examples is None) == (hidden is None):
        raise UsageError("give either a file of examples or --hidden path.py:function")
    constants: tuple[object, ...] = ()
    oracle: Asked
    if examples is not None:
        task = load_task(examples)
        oracle, constants = Table(task.pairs, name=task.name), task.constants
    else:
        if not example:
            raise UsageError("--hidden needs at least one --example, as in --example '(3, [1])'")
        subject = Subject.of_reference(hidden or "")
        calls = [_arguments_of(subject, text) for text in example or []]
        oracle = Oracle(subject, examples=calls, queries=queries, seed=seed)
    result = synthesize(oracle, constants=constants, seed=seed, budget=Budget(seconds=seconds))
    if result.program is None:
        _print(output, repr(result), result.to_json())
        raise typer.Exit(3)
    note = f"# {result.verdict!r}; {result.candidates} candidates, {result.cpu_seconds:.1f} CPU s"
    _print(output, f"{result.program}{note}", result.to_json())


codearc = typer.Typer(help="The interactive protocol of CodeARC.", no_args_is_help=True)
app.add_typer(codearc, name="codearc")


@codearc.callback()
def codearc_group() -> None:
    """The interactive protocol of CodeARC: ten examples, thirty queries, two submissions."""


@codearc.command("run", epilog=_CODEARC)
@takes_model("transcript", proposers=SolverName)
def codearc_run(
    problems: Annotated[Path, typer.Argument(help="Problems, one JSON object a line.")],
    limit: Annotated[int | None, typer.Option(help="Only so many problems.", min=1)] = None,
    only: Annotated[list[int] | None, typer.Option(help="Only these ids.")] = None,
    seconds: Annotated[float, typer.Option(help="CPU seconds of search a problem.")] = 20.0,
    judge_seconds: Annotated[float, typer.Option(help="CPU seconds of the judge.")] = 10.0,
    jobs: Annotated[int, typer.Option(help="Problems run at the same time.", min=1)] = 1,
    out: Annotated[Path, typer.Option(help="Folder of traces; a run goes on from there.")] = Path(
        "codearc-run"
    ),
    html: Annotated[Path | None, typer.Option(help="Also write a report.")] = None,
    seed: Annotated[int, typer.Option(help="Repeats a run exactly.")] = 0,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    *,
    choice: Choice,
) -> None:
    """Run the protocol on every problem; what the oracle accepts is judged once more, longer.

    Stopping with Ctrl-C loses nothing: the next run with the same --out goes on. A model's limits
    hold for each problem; its exchanges are kept as ID.transcript.jsonl in --out, and --replay
    takes such a folder.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.errors import UsageError
    from lemmata.provers.oracle import codearc as protocol
    from lemmata.report.dialogue import page

    Budget(seconds=seconds), Budget(seconds=judge_seconds)  # says so if one cannot be
    if html is not None and not html.absolute().parent.is_dir():
        raise UsageError(f"cannot write {html}: there is no folder {html.parent}")
    chosen = protocol.load(problems)
    if only:
        absent = sorted(set(only) - {problem.id for problem in chosen})
        if absent:
            raise UsageError(f"{problems} has no problem {', '.join(map(str, absent))}")
        chosen = [problem for problem in chosen if problem.id in set(only)]
    chosen = chosen[:limit]
    solver: protocol.Solver | None = None
    if choice.is_on:
        from lemmata.provers.proposers.solving import ModelSolver

        asked = choice.asking()
        solver = ModelSolver(
            asked.endpoint,
            asked.allowance,
            is_hybrid=choice.proposer is SolverName.hybrid,
            rounds=choice.rounds,
            count=choice.ideas,
            hypotheses=choice.hypotheses,
            folder=out,
            replay=choice.replay,
            cache=choice.cache,
        )
    results = []
    try:
        for result in protocol.run(
            chosen,
            out,
            seconds=seconds,
            judge_seconds=judge_seconds,
            jobs=jobs,
            seed=seed,
            solver=solver,
        ):
            results.append(result)
            if output is Format.text:
                print(
                    f"{result.id}: failed: {result.detail}"
                    if result.status == "failed"
                    else f"{result.id}: {result.status}, {result.signature}, {result.queries} "
                    f"queries, {result.cpu_seconds:.1f} CPU s",
                    flush=True,
                )
    finally:
        counts = protocol.summary(results)
        if html is not None:
            html.write_text(page(results, counts), encoding="utf-8")
        text = (
            f"{counts['solved']} of {counts['problems']} solved ({100 * counts['share']:.1f} %); "
            f"accepted but refuted by the judge: {counts['wrong'] or 'none'}; "
            f"{counts['cpu seconds']} CPU s"
        )
        _print(output, text, counts)


@app.command()
def doctor(
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Say what works here: each layer of the sandbox, each optional package and tool.

    Exit codes: 0 the sandbox runs with all its layers, 3 some layer is missing here.
    """
    import platform
    import shutil
    from importlib.util import find_spec

    from lemmata.engine.errors import LemmataError
    from lemmata.provers.oracle.sandbox import Sandbox

    try:
        with Sandbox() as sandbox:
            layers = sandbox.layers()
            with sandbox.load("def f(): return 1", "f") as program:
                outcome = program.call()
        layers["a call"] = "on" if outcome.value == 1 else f"off: {outcome!r}"
    except LemmataError as error:
        layers = {"sandbox": f"off: {error}"}
    packages = {
        name: "installed" if find_spec(name) else "missing"
        for name in (
            "crosshair",
            "hypothesis",
            "z3",
            "flint",
            "numpy",
            "duckdb",
            "dask",
            "openai",
            "mcp",
        )
    }
    tools = {name: shutil.which(name) or "missing" for name in ("coqc", "chromium", "cvc5")}
    whole = all(state.startswith("on") for state in layers.values())
    head = f"Python {platform.python_version()} on {platform.system()} {platform.release()}"
    lines = [head, "sandbox:", *(f"  {name}: {state}" for name, state in layers.items())]
    lines += ["optional packages:", *(f"  {name}: {state}" for name, state in packages.items())]
    lines += ["tools:", *(f"  {name}: {state}" for name, state in tools.items())]
    if not whole:
        lines.append("foreign code still runs outside this process; what is off is not enforced")
    _print(
        output,
        "\n".join(lines),
        {"system": head, "sandbox": layers, "packages": packages, "tools": tools, "whole": whole},
    )
    if not whole:
        raise typer.Exit(3)


def _print(output: Format, text: str, data: dict[str, Any]) -> None:
    print(text if output is Format.text else json.dumps(data, ensure_ascii=False, indent=1))


def _arguments(text: str) -> tuple[object, ...]:
    import ast

    from lemmata.engine.errors import UsageError

    try:
        match ast.parse(text.strip(), mode="eval").body:
            # A counterexample is printed as a call, and may come back as one.
            case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name != "set":
                return tuple(map(ast.literal_eval, parts))
            case other:
                value = ast.literal_eval(other)
    except (ValueError, SyntaxError) as error:
        raise UsageError(
            f"not the arguments of a call: {text!r}; expected a Python tuple such as (3, [1, 2]), "
            "or a call such as f(3, [1, 2])"
        ) from error
    return value if isinstance(value, tuple) else (value,)


def _arguments_of(subject: Subject, text: str) -> tuple[object, ...]:
    """The arguments, if they are as many as the function takes."""
    from lemmata.engine.errors import UsageError

    arguments = _arguments(text)
    most = len(subject.parameters)
    least = most - subject.defaults
    if subject.is_told and not (
        least <= len(arguments) and (subject.rest or len(arguments) <= most)
    ):
        takes = f"{least}" if least == most else f"{least} to {most}"
        takes = f"at least {least}" if subject.rest else takes
        raise UsageError(
            f"the example {text} has {len(arguments)} arguments, but {subject.name} takes {takes}; "
            "a single list or tuple is written ([1, 2],)"
        )
    return arguments


def _effort(effort: Any) -> dict[str, Any]:
    return {
        "inputs": effort.inputs,
        "inconclusive": effort.inconclusive,
        "branches": effort.branches,
        "cpu_seconds": round(effort.cpu_seconds, 3),
        "methods": dict(effort.methods),
        "unavailable": list(effort.unavailable),
    }


def _effort_text(effort: Any) -> str:
    methods = ", ".join(f"{name} {count}" for name, count in effort.methods)
    lines = [
        f"  {effort.inputs} inputs ({methods}), {effort.branches} branches reached, "
        f"{effort.cpu_seconds:.2f} CPU s"
    ]
    if not effort.values:
        lines.append("  on none of them did the first function return a value")
    if effort.inconclusive:
        lines.append(f"  on {effort.inconclusive} of them the first function itself broke down")
    if effort.unavailable:
        lines.append(f"  not available: {'; '.join(effort.unavailable)}")
    return "\n".join(lines)
