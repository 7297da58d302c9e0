"""``lemmata explain``: proofs in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .prove import Format

if TYPE_CHECKING:
    from lemmata.engine.checker import Theorem

_EPILOG = """
Examples:

    lemmata explain proofs/add_comm.json

    lemmata explain proofs/*.json --lemmas --format json
"""


@app.command(epilog=_EPILOG)
def explain(
    proofs: Annotated[list[Path], typer.Argument(metavar="PROOF...", help="Proof files, or -.")],
    lemmas: Annotated[
        bool, typer.Option("--lemmas", help="Also the lemmas that a theorem rests on.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Tell proofs in words, step by step, each certified again first.

    Exit codes: 0 done, 1 a proof was refused, 2 bad input.
    """
    import sys

    from lemmata.engine.checker import Theorem

    from .reading import Auditor, Refused

    auditor = Auditor()
    results = []
    for path in proofs:
        proof = auditor.open(path)
        theory, place = auditor.theory(proof)
        audited = list(auditor.audit(proof, theory))
        last = audited[-1]
        if isinstance(last, Refused):
            print(f"{path}: {last.name}: {last.error}", file=sys.stderr)
            raise typer.Exit(1)
        theorems = [one for one in audited if isinstance(one, Theorem)]
        shown = [_told(one) for one in (theorems if lemmas else theorems[-1:])]
        results.append({"file": str(path), "theory": place, "name": last.name, "theorems": shown})
        if output is Format.text:
            for one in shown:
                print("\n".join(_text(one)))
    if output is Format.json:
        document = {"format": "lemmata-explanation/1", "results": results}
        print(json.dumps(document, ensure_ascii=False, indent=1))


def _told(theorem: Theorem) -> dict[str, object]:
    from lemmata.engine.notation import Notation
    from lemmata.report.words import told

    notation = Notation.of(theorem.theory)
    return {
        "name": theorem.name,
        "statement": notation.formula(theorem.statement.formula),
        "axioms": list(theorem.axioms),
        "lemmas": list(theorem.lemmas),
        "lines": told(theorem),
    }


def _text(theorem: dict[str, object]) -> list[str]:
    lines, axioms, lemmas = theorem["lines"], theorem["axioms"], theorem["lemmas"]
    assert isinstance(lines, list)
    assert isinstance(axioms, list)
    assert isinstance(lemmas, list)
    head = [f"{theorem['name']}: {theorem['statement']}"]
    head.append(f"  axioms: {', '.join(axioms) or 'none'}; lemmas: {', '.join(lemmas) or 'none'}")
    return [*head, *(f"  {line}" for line in lines)]
