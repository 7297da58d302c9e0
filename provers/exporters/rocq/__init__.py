"""Theorems as Rocq scripts that ``coqc`` checks from the axioms as a person wrote them."""

from .script import rocq

__all__ = ["rocq"]
