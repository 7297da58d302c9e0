"""``lemmata refute``: looks for counterexamples, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .prove import Format, Teller, document, exit_code

if TYPE_CHECKING:
    from .prove import Found

_EPILOG = """
Examples:

    lemmata refute theory.mpl

    lemmata refute theory.mpl --goal add_self --seconds 5 --format json
"""


@app.command(epilog=_EPILOG)
def refute(
    file: Annotated[Path, typer.Argument(help="A theory: MPL, TIP (.smt2), a folder, or -.")],
    goal: Annotated[str | None, typer.Option(help="Only this conjecture.")] = None,
    seconds: Annotated[float, typer.Option(help="CPU seconds for each goal.")] = 10.0,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Look for counterexamples to the conjectures of a theory, without trying to prove them.

    Exit codes: 1 one was refuted, 3 none was, which says nothing about them, 2 bad input.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.errors import UsageError
    from lemmata.engine.grid_report import GridReport
    from lemmata.provers.refuters import refute as search

    from .progress import progress
    from .source import read_theory

    theory = read_theory(file)
    if not theory.conjectures:
        raise UsageError(f"{file} states no conjecture: there is nothing to refute")
    goals = theory.conjectures if goal is None else (theory.conjecture(goal),)
    tell = Teller(theory, list(goals), trace=False) if output is Format.text else None
    found: list[Found] = []
    with progress(theory.name, len(goals)) as show:
        for number, statement in enumerate(goals):
            show(number, statement.name)
            verdict = search(theory, statement, Budget(seconds=seconds))
            found.append((statement, verdict, GridReport(())))
            if tell is not None:
                tell.result(*found[-1])
    if tell is None:
        data = document(theory, found, None, trace=False)
        print(json.dumps(data, ensure_ascii=False, indent=1))
    raise typer.Exit(exit_code([verdict for _, verdict, _ in found]))
