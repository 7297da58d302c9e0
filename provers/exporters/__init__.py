"""Theorems and whole developments written for others: proof files, scripts, problems, graphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from lemmata.engine.checker import Theorem
from lemmata.engine.errors import UsageError
from lemmata.engine.exploration.development import Development
from lemmata.engine.proof_file import write_proof
from lemmata.engine.verdict import Proved, Verdict

from .development import development_dot, development_graphml
from .graph import dot, graphml, provenance
from .prov import prov
from .rocq import rocq
from .target import Target
from .tptp import tptp

_WRITERS: dict[Target, Callable[..., str]] = {
    "rocq": rocq,
    "json": write_proof,
    "tptp": tptp,
    "prov": prov,
}
"""Writers of one theorem or of several."""

_GRAPHS: dict[Target, Callable[[Theorem], str]] = {"graphml": graphml, "dot": dot}
_MAPS: dict[Target, Callable[[Development], str]] = {
    "graphml": development_graphml,
    "dot": development_dot,
}


def export(proved: Theorem | Verdict | Development, target: Target = "rocq") -> str:
    """A theorem with all lemmas it rests on, or a whole development, written for another tool.

    ``rocq`` is a script that ``coqc`` checks, ``json`` a proof file for ``lemmata check``, ``tptp``
    a problem for first-order provers (TFF), ``prov`` provenance as PROV-JSON, ``graphml`` and
    ``dot`` are graphs of what rests on what: step by step for a theorem, law by law for a
    development. Whatever several laws rest on is written once. ``UsageError`` if the verdict is not
    a proof, the development is empty, or the target is unknown.
    """
    if target not in get_args(Target):
        raise UsageError(f"no target is named '{target}'; there are {', '.join(get_args(Target))}")
    if isinstance(proved, Development):
        if target in _MAPS:
            return _MAPS[target](proved)
        if not proved.theorems:
            raise UsageError(
                f"the development of '{proved.theory.name}' holds no theorem to export"
            )
        return _WRITERS[target](*proved.in_order)
    if not isinstance(proved, Theorem | Proved):
        raise UsageError(f"only what was proved can be exported, found {proved!r}")
    theorem = proved.theorem if isinstance(proved, Proved) else proved
    return {**_WRITERS, **_GRAPHS}[target](theorem)


__all__ = ["Target", "dot", "export", "graphml", "prov", "provenance", "rocq", "tptp"]
