"""``lemmata prove``: settles the conjectures of a theory and writes what was found."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .progress import Show, progress

if TYPE_CHECKING:
    from lemmata.engine.grid_report import GridReport
    from lemmata.engine.theory import Statement, Theory
    from lemmata.engine.verdict import Proved, Refuted, Verdict


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


_EPILOG = """
Examples:

    lemmata prove examples/peano.mpl

    lemmata prove examples/peano.mpl --goal add_comm --html site

    lemmata prove problem.smt2 --seconds 30 --format json
"""


@app.command(epilog=_EPILOG)
def prove(
    file: Annotated[Path, typer.Argument(help="A theory: MPL, TIP (.smt2), or a folder.")],
    goal: Annotated[str | None, typer.Option(help="Report only this conjecture.")] = None,
    seconds: Annotated[float, typer.Option(help="CPU seconds for each goal.")] = 10.0,
    no_lemmas: Annotated[
        bool, typer.Option("--no-lemmas", help="Earlier conjectures do not serve as lemmas.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes for hard goals.")] = 1,
    html: Annotated[Path | None, typer.Option(help="Write pages to this folder.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write NAME.json, a proof file, for each theorem.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    trace: Annotated[bool, typer.Option("--trace", help="Report what each block did.")] = False,
) -> None:
    """Prove or refute the conjectures of a theory.

    Exit codes: 0 all proved, 1 one refuted, 3 one unknown, 2 bad usage or input, 130 interrupted.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.verdict import Proved, Refuted, Unknown
    from lemmata.provers import prove_all

    from .source import read_theory

    theory = read_theory(file)
    budget = Budget(seconds=seconds)
    goals = theory.conjectures
    if goal is not None:
        wanted = theory.conjecture(goal)
        goals = (wanted,) if no_lemmas else (*goals[: goals.index(wanted)], wanted)
    found: list[tuple[Statement, Verdict, GridReport]] = []
    interrupted = False
    try:
        with progress(theory.name, len(goals)) as show:
            runs = prove_all(theory, goals, budget, lemmas=not no_lemmas, jobs=jobs)
            for statement, (verdict, report) in zip(goals, _shown(runs, goals, show), strict=True):
                found.append((statement, verdict, report))
    except KeyboardInterrupt:
        interrupted = True
        print("interrupted: what was found so far follows", file=sys.stderr)
    if goal is not None:
        found = [entry for entry in found if entry[0].name == goal]
    if out is not None:
        _write_proofs(out, [verdict for _, verdict, _ in found])
    if output is Format.json:
        print(json.dumps(_document(theory, found, out, trace), ensure_ascii=False, indent=1))
    else:
        _print_text(theory, found, trace)
    if html is not None:
        from lemmata.report import write_site

        verdicts = [verdict for _, verdict, _ in found]
        index = write_site(html, theory, verdicts, blocks=found[-1][2] if found else None)
        print(f"pages: {index}", file=sys.stderr)
    verdicts = [verdict for _, verdict, _ in found]
    if interrupted:
        raise typer.Exit(130)
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        raise typer.Exit(1)
    if any(isinstance(verdict, Unknown) for verdict in verdicts):
        raise typer.Exit(3)
    if not all(isinstance(verdict, Proved) for verdict in verdicts):
        raise AssertionError("a fourth kind of verdict")


def _shown(
    runs: Iterator[tuple[Verdict, GridReport]], goals: tuple[Statement, ...], show: Show
) -> Iterator[tuple[Verdict, GridReport]]:
    for number, statement in enumerate(goals):
        show(number, statement.name)
        yield next(runs)


def _write_proofs(out: Path, verdicts: list[Verdict]) -> None:
    from lemmata.engine.proof_file import write_proof
    from lemmata.engine.verdict import Proved

    out.mkdir(parents=True, exist_ok=True)
    for verdict in verdicts:
        if isinstance(verdict, Proved):
            _place(out, verdict.goal).write_text(write_proof(verdict.theorem), "utf-8")


def _place(out: Path, name: str) -> Path:
    """The proof file of a theorem; what no file name can hold is replaced."""
    safe = "".join(c if c.isalnum() or c in "_-.'" else "_" for c in name)
    return out / f"{safe}.json"


def _document(
    theory: Theory,
    found: list[tuple[Statement, Verdict, GridReport]],
    out: Path | None,
    trace: bool,
) -> dict[str, object]:
    from dataclasses import asdict

    from lemmata.engine.notation import Notation
    from lemmata.engine.verdict import Proved, Refuted, Unknown

    notation = Notation.of(theory)
    results = []
    for statement, verdict, report in found:
        entry: dict[str, object] = {
            "name": statement.name,
            "statement": notation.formula(statement.formula),
            "verdict": type(verdict).__name__.lower(),
            "reason": verdict.reason if isinstance(verdict, Unknown) else None,
            "method": None if isinstance(verdict, Unknown) else verdict.method,
            "cpu_seconds": round(verdict.cpu_seconds, 6),
            "axioms": list(verdict.theorem.axioms) if isinstance(verdict, Proved) else [],
            "lemmas": [t.name for t in verdict.lemmas] if isinstance(verdict, Proved) else [],
            "counterexample": _counterexample(verdict) if isinstance(verdict, Refuted) else None,
            "proof": _proof(verdict, out) if isinstance(verdict, Proved) else None,
        }
        if isinstance(verdict, Unknown):
            entry["detail"] = verdict.detail
        if trace:
            entry["trace"] = asdict(report)
        results.append(entry)
    return {"format": "lemmata-result/1", "theory": theory.name, "results": results}


def _counterexample(verdict: Refuted) -> dict[str, object]:
    return {
        "assignment": dict(verdict.assignment),
        "model": list(verdict.model),
        "explanation": verdict.explanation,
    }


def _proof(verdict: Proved, out: Path | None) -> object:
    if out is not None:
        return str(_place(out, verdict.goal))
    from lemmata.engine.proof_file import write_proof

    return json.loads(write_proof(verdict.theorem))


def _print_text(
    theory: Theory, found: list[tuple[Statement, Verdict, GridReport]], trace: bool
) -> None:
    from lemmata.engine.notation import Notation
    from lemmata.engine.verdict import Proved, Refuted, Unknown

    notation = Notation.of(theory)
    width = max((len(statement.name) for statement, _, _ in found), default=0)
    for statement, verdict, report in found:
        line = f"{statement.name:<{width}}  {notation.formula(statement.formula)}"
        match verdict:
            case Proved():
                print(f"proved   {line}  [{verdict.method}, {verdict.cpu_seconds:.2f} CPU s]")
                for lemma in verdict.lemmas:
                    if lemma.statement.kind == "lemma":
                        print(f"         lemma {notation.formula(lemma.statement.formula)}")
            case Refuted():
                print(f"refuted  {line}")
                for name, value in verdict.assignment:
                    print(f"         {name} = {value}")
                for row in (*verdict.model, verdict.explanation):
                    if row:
                        print(f"         {row}")
            case Unknown():
                detail = f": {verdict.detail}" if verdict.detail else ""
                print(f"unknown  {line}  [{verdict.reason}{detail}]")
        if trace:
            _print_trace(report)
    proved = sum(isinstance(verdict, Proved) for _, verdict, _ in found)
    print(f"{proved} of {len(found)} proved in theory {theory.name}")


def _print_trace(report: GridReport) -> None:
    for block in report.blocks:
        print(
            f"           {block.name}: {block.stop}, {block.cycles} cycles, mail {block.mail_in} in "
            f"{block.mail_out} out, {block.rows} rows, {block.merges} merges, "
            f"{block.matches} matches, {block.seconds:.3f} s"
        )
        for rule in block.rules:
            print(f"             {rule.name}: {rule.matches} applied, {rule.seconds:.4f} s")
