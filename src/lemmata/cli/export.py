"""``lemmata export``: proofs written for other tools, on standard output."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .app import app

_EPILOG = """
Examples:

    lemmata export rocq proofs/add_comm.json > add_comm.v && coqc add_comm.v

    lemmata export tptp proofs/add_comm.json > add_comm.p && eprover --auto add_comm.p

    lemmata export dot proofs/add_comm.json | dot -Tsvg > add_comm.svg
"""


class Kind(StrEnum):
    """What to write."""

    rocq = "rocq"
    json = "json"
    tptp = "tptp"
    prov = "prov"
    graphml = "graphml"
    dot = "dot"


@app.command(epilog=_EPILOG)
def export(
    kind: Annotated[Kind, typer.Argument(help="rocq, json, tptp, prov, graphml or dot.")],
    proofs: Annotated[list[Path], typer.Argument(metavar="PROOF...", help="Proof files.")],
) -> None:
    """Write proofs for other tools, to standard output, one after the other.

    Each proof is certified again first. Exit codes: 0 done, 1 a proof was refused, 2 bad input.
    """
    import sys

    from lemmata.engine.checker import Theorem
    from lemmata.provers.exporters import export as write

    from .reading import Auditor, Refused

    auditor = Auditor()
    for path in proofs:
        proof = auditor.open(path)
        theory, _ = auditor.theory(proof)
        *_, last = auditor.audit(proof, theory)
        if isinstance(last, Refused):
            print(f"{path}: {last.name}: {last.error}", file=sys.stderr)
            raise typer.Exit(1)
        assert isinstance(last, Theorem)
        sys.stdout.write(write(last, kind.value))
