"""``lemmata prove``: settles the conjectures of a theory and writes what was found."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from .app import app
from .folder import ProofFolder
from .models import Choice, LemmaProposerName, takes_model
from .progress import Show, progress

if TYPE_CHECKING:
    from lemmata.engine.grid_report import GridReport
    from lemmata.engine.theory import Statement, Theory
    from lemmata.engine.verdict import Proved, Refuted, Verdict

    from .helping import Helper

    Found: TypeAlias = tuple[Statement, Verdict, GridReport]


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
@takes_model("hypotheses", proposers=LemmaProposerName)
def prove(
    file: Annotated[Path, typer.Argument(help="A theory: MPL, TIP (.smt2), a folder, or -.")],
    goal: Annotated[str | None, typer.Option(help="Report only this conjecture.")] = None,
    seconds: Annotated[float, typer.Option(help="CPU seconds for each goal.")] = 10.0,
    no_lemmas: Annotated[
        bool, typer.Option("--no-lemmas", help="Earlier conjectures do not serve as lemmas.")
    ] = False,
    explore: Annotated[
        bool, typer.Option("--explore", help="Spend most of the time on lemmas for a stuck goal.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes for hard goals.")] = 1,
    html: Annotated[Path | None, typer.Option(help="Write pages to this folder.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write NAME.json, a proof file, for each theorem.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    trace: Annotated[bool, typer.Option("--trace", help="Report what each block did.")] = False,
    *,
    choice: Choice,
) -> None:
    """Prove or refute the conjectures of a theory.

    With --proposer, goals that stay open are given to a proposer of lemmas: a model (llm), the
    enumeration of what small values allow (enumeration), or both (hybrid). A lemma is used only once it
    is proved, and a goal may then spend its seconds once more.

    Exit codes: 0 all proved, 1 one refuted, 3 one unknown, 2 bad usage or input, 130 interrupted.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.errors import UsageError
    from lemmata.engine.grid_report import GridReport
    from lemmata.engine.verdict import Proved, Unknown
    from lemmata.provers import prove_all

    from .source import read_theory

    theory = read_theory(file)
    if not theory.conjectures:
        raise UsageError(f"{file} states no conjecture: there is nothing to prove")
    budget = Budget(seconds=seconds)
    goals = theory.conjectures
    if goal is not None:
        wanted = theory.conjecture(goal)
        goals = (wanted,) if no_lemmas else (*goals[: goals.index(wanted)], wanted)
    reported = [entry for entry in goals if goal in (None, entry.name)]
    folder = ProofFolder(out) if out is not None else None
    tell = Teller(theory, reported, trace) if output is Format.text else None
    found: list[Found] = []
    helper: Helper | None = None
    if choice.is_on:
        from .helping import Helper

        helper = Helper(theory, choice)
    try:
        with progress(theory.name, len(goals)) as show:
            runs = prove_all(
                theory,
                goals,
                budget,
                lemmas=not no_lemmas,
                jobs=jobs,
                explore=explore,
                assistance=helper.assistance if helper is not None else None,
            )
            for statement, (verdict, report) in zip(goals, _shown(runs, goals, show), strict=True):
                if statement not in reported:
                    continue
                found.append((statement, verdict, report))
                if folder is not None and isinstance(verdict, Proved):
                    folder.write(verdict.theorem)
                if tell is not None:
                    tell.result(*found[-1])
    except KeyboardInterrupt:
        print("interrupted: what was found is kept", file=sys.stderr)
        for statement in reported[len(found) :]:
            found.append((statement, Unknown(statement.name, "interrupted"), GridReport(())))
            if tell is not None:
                tell.result(*found[-1])
    finally:
        if helper is not None:
            helper.close()
    if tell is not None:
        tell.total(found)
        if helper is not None:
            print("\n".join(helper.account.lines()))
    else:
        data = document(theory, found, folder, trace)
        if helper is not None:
            data["proposer"] = helper.account.as_dict()
        print(json.dumps(data, ensure_ascii=False, indent=1))
    verdicts = [verdict for _, verdict, _ in found]
    if html is not None:
        from lemmata.report import write_site

        reports = {entry.name: report for entry, _, report in found}
        index = write_site(html, theory, verdicts, blocks=reports)
        print(f"pages: {index}", file=sys.stderr)
    raise typer.Exit(exit_code(verdicts))


def exit_code(verdicts: list[Verdict]) -> int:
    from lemmata.engine.verdict import Refuted, Unknown

    unknown = [verdict for verdict in verdicts if isinstance(verdict, Unknown)]
    if any(verdict.reason == "interrupted" for verdict in unknown):
        return 130
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        return 1
    return 3 if unknown else 0


def _shown(
    runs: Iterator[tuple[Verdict, GridReport]], goals: tuple[Statement, ...], show: Show
) -> Iterator[tuple[Verdict, GridReport]]:
    for number, statement in enumerate(goals):
        show(number, statement.name)
        yield next(runs)


def document(
    theory: Theory,
    found: list[Found],
    folder: ProofFolder | None,
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
            "proof": _proof(verdict, folder) if isinstance(verdict, Proved) else None,
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


def _proof(verdict: Proved, folder: ProofFolder | None) -> object:
    if folder is not None:
        return str(folder.place(verdict.goal))
    from lemmata.engine.proof_file import write_proof

    return json.loads(write_proof(verdict.theorem))


class Teller:
    """Prints results as they come."""

    def __init__(self, theory: Theory, goals: list[Statement], trace: bool) -> None:
        from lemmata.engine.notation import Notation

        self.theory = theory
        self.notation = Notation.of(theory)
        self.width = max(len(statement.name) for statement in goals)
        self.trace = trace

    def result(self, statement: Statement, verdict: Verdict, report: GridReport) -> None:
        """Prints one verdict with what belongs to it."""
        from lemmata.engine.verdict import Proved, Refuted, Unknown

        formula = self.notation.formula
        line = f"{statement.name:<{self.width}}  {formula(statement.formula)}"
        match verdict:
            case Proved():
                print(f"proved   {line}  [{verdict.method}, {verdict.cpu_seconds:.2f} CPU s]")
                for lemma in verdict.lemmas:
                    if lemma.statement.kind == "lemma":
                        print(f"         lemma {formula(lemma.statement.formula)}")
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
        if self.trace:
            _print_trace(report)
        sys.stdout.flush()

    def total(self, found: list[Found]) -> None:
        """Prints how many were proved."""
        from lemmata.engine.verdict import Proved

        proved = sum(isinstance(verdict, Proved) for _, verdict, _ in found)
        print(f"{proved} of {len(found)} proved in theory {self.theory.name}")


def _print_trace(report: GridReport) -> None:
    for block in report.blocks:
        print(
            f"           {block.name}: {block.stop}, {block.cycles} cycles, mail {block.mail_in} in "
            f"{block.mail_out} out, {block.rows} rows, {block.merges} merges, "
            f"{block.matches} matches, {block.seconds:.3f} s"
        )
        for rule in block.rules:
            print(f"             {rule.name}: {rule.matches} applied, {rule.seconds:.4f} s")
