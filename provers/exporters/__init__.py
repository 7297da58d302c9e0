"""Theorems written for others: proof files, Rocq scripts and provenance graphs."""

from __future__ import annotations

from typing import get_args

from lemmata.engine.checker import Theorem
from lemmata.engine.errors import UsageError
from lemmata.engine.proof_file import write_proof
from lemmata.engine.verdict import Proved, Verdict

from .graph import dot, graphml, provenance
from .rocq import rocq
from .target import Target

_WRITERS = {"rocq": rocq, "json": write_proof, "graphml": graphml, "dot": dot}


def export(proved: Theorem | Verdict, target: Target = "rocq") -> str:
    """A theorem with all lemmas it rests on, written for another tool.

    ``rocq`` is a script that ``coqc`` checks, ``json`` a proof file for ``lemmata check``,
    ``graphml`` and ``dot`` are graphs of what rests on what. ``UsageError`` if the verdict is not
    a proof or the target is unknown.
    """
    if not isinstance(proved, Theorem | Proved):
        raise UsageError(f"only what was proved can be exported, found {proved!r}")
    if target not in _WRITERS:
        raise UsageError(f"no target is named '{target}'; there are {', '.join(get_args(Target))}")
    return _WRITERS[target](proved.theorem if isinstance(proved, Proved) else proved)


__all__ = ["Target", "dot", "export", "graphml", "provenance", "rocq"]
