"""Polynomial continued fractions: evaluate, measure, sweep, cluster, identify, prove."""

from __future__ import annotations

from importlib.util import find_spec

from ..errors import UsageError

_missing = [name for name in ("flint", "numpy") if find_spec(name) is None]
if _missing:
    raise UsageError(
        f"formulas need {' and '.join(_missing)}, which is not installed; "
        "install them with: pip install 'lemmata[formulas]'"
    )
