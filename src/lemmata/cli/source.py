"""Reading whatever theory a path names: MPL, TIP, or published definition files."""

from __future__ import annotations

from pathlib import Path

from lemmata.engine.theory import Theory


def read_theory(path: Path) -> Theory:
    """The theory at a path; the ending ``.smt2`` means TIP, everything else MPL."""
    if path.suffix == ".smt2":
        from lemmata.dsl.tip import load_tip

        return load_tip(path)
    from lemmata.dsl.load import load

    return load(path)
