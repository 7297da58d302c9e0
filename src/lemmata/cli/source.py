"""Reading whatever theory a path names: MPL, TIP, or published definition files."""

from __future__ import annotations

import sys
from pathlib import Path

from lemmata.engine.errors import SourceError
from lemmata.engine.theory import Theory

STANDARD_INPUT = Path("-")
"""The path that means standard input."""


def read_theory(path: Path) -> Theory:
    """The theory at a path; the ending ``.smt2`` means TIP, ``-`` MPL on standard input."""
    if path == STANDARD_INPUT:
        from lemmata.dsl.load import parse_theory

        return parse_theory(read_text(path), "<standard input>")
    if path.suffix == ".smt2":
        from lemmata.dsl.tip import load_tip

        return load_tip(path)
    from lemmata.dsl.load import load

    from .progress import status

    with status(f"reading {path.name}") as say:
        return load(path, lambda part: say(f"{part:.0%}"))


def read_text(path: Path) -> str:
    """The text at a path, or of standard input; ``SourceError`` if there is none."""
    try:
        return sys.stdin.read() if path == STANDARD_INPUT else path.read_text("utf-8")
    except OSError as error:
        raise SourceError(error.strerror or "cannot be read", path=str(path)) from None
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 at byte {error.start}", path=str(path)) from None
