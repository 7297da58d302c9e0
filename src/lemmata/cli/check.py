"""``lemmata check``: certifies proof files again, from the theory's own text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .prove import Format

if TYPE_CHECKING:
    from .reading import Auditor

_EPILOG = """
Examples:

    lemmata check proofs/add_comm.json

    lemmata check proofs/*.json --theory examples/peano.mpl --format json
"""


@app.command(epilog=_EPILOG)
def check(
    proofs: Annotated[list[Path], typer.Argument(metavar="PROOF...", help="Proof files.")],
    theory: Annotated[
        Path | None, typer.Option(help="Check against this theory, not the one a proof names.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
) -> None:
    """Check proof files: every theorem in them is certified again.

    Nothing in a proof file is trusted. The theory is read from the file that the proof names if
    that is there unchanged, otherwise from the text in the proof.

    Exit codes: 0 all certified, 1 one refused, 2 one could not be read.
    """
    from lemmata.engine.errors import LemmataError

    from .reading import Auditor
    from .source import read_theory

    auditor = Auditor(read_theory(theory) if theory is not None else None)
    results = []
    code = 0
    for path in proofs:
        try:
            result: dict[str, object] = _checked(auditor, path)
        except LemmataError as error:
            result = {"file": str(path), "status": "unreadable", "reason": str(error)}
        code = max(code, {"certified": 0, "refused": 1, "unreadable": 2}[str(result["status"])])
        results.append(result)
        if output is Format.text:
            print(_line(result))
    if output is Format.json:
        document = {"format": "lemmata-check/1", "results": results}
        print(json.dumps(document, ensure_ascii=False, indent=1))
    raise typer.Exit(code)


def _checked(auditor: Auditor, path: Path) -> dict[str, object]:
    from .reading import Refused

    proof = auditor.open(path)
    theory, place = auditor.theory(proof)
    names = []
    result: dict[str, object] = {"file": str(path), "theory": place, "name": proof.goal}
    for theorem in auditor.audit(proof, theory):
        if isinstance(theorem, Refused):
            step, reason = theorem.error.step, theorem.error.reason
            return {
                **result,
                "status": "refused",
                "theorem": theorem.name,
                "step": step,
                "reason": reason,
            }
        names.append(theorem.name)
        result["axioms"] = list(theorem.axioms)
    return {**result, "status": "certified", "lemmas": names[:-1]}


def _line(result: dict[str, object]) -> str:
    match result:
        case {"status": "certified", "name": name, "axioms": list(axioms), "lemmas": list(lemmas)}:
            text = f"certified {name}\n  axioms: {', '.join(axioms) or 'none'}\n"
            return text + f"  lemmas: {', '.join(lemmas) or 'none'}\n  theory: {result['theory']}"
        case {"status": "refused", "name": name, "theorem": theorem, "reason": reason}:
            step = f", step {result['step']}" if result["step"] is not None else ""
            return f"refused {name}\n  in {theorem}{step}: {reason}\n  theory: {result['theory']}"
        case _:
            return f"unreadable {result['file']}\n  {result['reason']}"
