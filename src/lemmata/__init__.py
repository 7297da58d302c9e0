"""Lemmata: axioms in, checked proofs out; programs and formulas found the same way."""

from __future__ import annotations

from lemmata.engine.budget import Budget
from lemmata.engine.errors import (
    BackendError,
    CheckError,
    LemmataError,
    SourceError,
    UsageError,
)
from lemmata.engine.verdict import Proved, Refuted, Unknown, Verdict

__version__ = "0.1.0"

__all__ = [
    "BackendError",
    "Budget",
    "CheckError",
    "LemmataError",
    "Proved",
    "Refuted",
    "SourceError",
    "Unknown",
    "UsageError",
    "Verdict",
]
