"""Lemmata: axioms in, checked proofs out; programs and formulas found the same way.

Names are loaded when they are first used, so that ``import lemmata`` is quick and asks for no
optional package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lemmata.dsl.load import load as load
    from lemmata.engine.budget import Budget as Budget
    from lemmata.engine.checker import Theorem as Theorem
    from lemmata.engine.checker import certify as certify
    from lemmata.engine.errors import BackendError as BackendError
    from lemmata.engine.errors import CheckError as CheckError
    from lemmata.engine.errors import LemmataError as LemmataError
    from lemmata.engine.errors import SourceError as SourceError
    from lemmata.engine.errors import UsageError as UsageError
    from lemmata.engine.formulas.fraction import PCF as PCF
    from lemmata.engine.synthesis.dialogue import NotRefuted as NotRefuted
    from lemmata.engine.synthesis.synthesis import synthesize as synthesize
    from lemmata.engine.theory import Theory as Theory
    from lemmata.engine.verdict import Proved as Proved
    from lemmata.engine.verdict import Refuted as Refuted
    from lemmata.engine.verdict import Unknown as Unknown
    from lemmata.exploration import explore as explore
    from lemmata.provers.exporters import export as export
    from lemmata.provers.facts import facts as facts
    from lemmata.provers.oracle.oracle import Oracle as Oracle
    from lemmata.provers.prove import prove as prove
    from lemmata.provers.refuters import refute as refute

__version__ = "0.1.0"

_HOME = {
    "BackendError": "lemmata.engine.errors",
    "Budget": "lemmata.engine.budget",
    "CheckError": "lemmata.engine.errors",
    "LemmataError": "lemmata.engine.errors",
    "NotRefuted": "lemmata.engine.synthesis.dialogue",
    "Oracle": "lemmata.provers.oracle.oracle",
    "PCF": "lemmata.engine.formulas.fraction",
    "Proved": "lemmata.engine.verdict",
    "Refuted": "lemmata.engine.verdict",
    "SourceError": "lemmata.engine.errors",
    "Theorem": "lemmata.engine.checker",
    "Theory": "lemmata.engine.theory",
    "Unknown": "lemmata.engine.verdict",
    "UsageError": "lemmata.engine.errors",
    "certify": "lemmata.engine.checker",
    "explore": "lemmata.exploration",
    "export": "lemmata.provers.exporters",
    "facts": "lemmata.provers.facts",
    "load": "lemmata.dsl.load",
    "prove": "lemmata.provers.prove",
    "refute": "lemmata.provers.refuters",
    "synthesize": "lemmata.engine.synthesis.synthesis",
}

__all__ = [
    "PCF",
    "BackendError",
    "Budget",
    "CheckError",
    "LemmataError",
    "NotRefuted",
    "Oracle",
    "Proved",
    "Refuted",
    "SourceError",
    "Theorem",
    "Theory",
    "Unknown",
    "UsageError",
    "certify",
    "explore",
    "export",
    "facts",
    "load",
    "prove",
    "refute",
    "synthesize",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'lemmata' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
