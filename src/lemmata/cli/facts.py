"""``lemmata facts``: what the functions and predicates of a theory do on small values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .folder import ProofFolder
from .prove import Format

if TYPE_CHECKING:
    from lemmata.engine.checker import Theorem
    from lemmata.engine.encoding import Json

_EPILOG = """
Examples:

    lemmata facts examples/peano.mpl

    lemmata facts examples/list.mpl --values 5 --out proofs --format json
"""


@app.command(epilog=_EPILOG)
def facts(
    file: Annotated[Path, typer.Argument(help="A theory: MPL, TIP (.smt2), a folder, or -.")],
    values: Annotated[
        int, typer.Option(min=1, help="So many values of each sort: 9 are the numerals 0 to 8.")
    ] = 9,
    seconds: Annotated[float, typer.Option(help="CPU seconds in all.")] = 60.0,
    out: Annotated[
        Path | None, typer.Option(help="Write NAME.json, a proof file, for each fact.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Derive all ground facts on small values: positive and negative, each with its proof.

    Exit codes: 0 all proved, 2 bad usage or input, 3 some not proved, 130 interrupted (what was
    found is kept and printed).
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.encoding import lines_of
    from lemmata.engine.exploration.facts import document
    from lemmata.provers.facts import facts as derive

    from .source import read_theory

    folder = ProofFolder(out) if out is not None else None
    found = derive(read_theory(file), values, Budget(seconds=seconds))

    def place(theorem: Theorem) -> Json:
        return None if folder is None else str(folder.place(theorem.name))

    if folder is not None:
        for fact in found:
            folder.write(fact.theorem)
    if output is Format.json:
        data = document(found) if folder is None else document(found, place)
        print(lines_of(data))
    else:
        for fact in found:
            print(f"{fact.theorem.name:<10} {fact.statement}")
        for statement in found.unproved:
            print(f"unproved   {statement}")
        positive = sum(fact.is_positive for fact in found)
        print(f"{positive} positive and {len(found) - positive} negative facts are proved")
        if found.silent:
            print(f"the axioms give no values of: {', '.join(found.silent)}")
        if found.stop != "all":
            print(f"stopped: {found.stop}")
    if found.stop == "interrupted":
        raise typer.Exit(130)
    raise typer.Exit(3 if found.unproved or found.stop != "all" else 0)
