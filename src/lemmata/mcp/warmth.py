"""Everything that calls are likely to need, loaded once in the process that they are forked from."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import sys

from lemmata.cli.app import run

_LATER = (
    "lemmata.provers.discovery",
    "lemmata.provers.refuters",
    "lemmata.engine.synthesis.synthesis",
    "lemmata.provers.oracle.oracle",
    "lemmata.engine.formulas.fraction",
)
"""What the commands load when they need it; some of it belongs to an extra."""

_THEORY = "sort N = 0 | s(N)\nop + : N, N -> N\naxiom zero: a + 0 = a\nconjecture c: a + 0 = a"


def _warm_up() -> None:
    """Runs commands once: that loads their modules and builds the tables of the parser."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for command in ("parse", "prove"):
            sys.stdin = io.StringIO(_THEORY)
            run([command, "--format=json", "--", "-"])
    sys.stdin = sys.__stdin__
    for name in _LATER:
        # What is missing is told by the command that asks for it.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    gc.freeze()


_warm_up()
