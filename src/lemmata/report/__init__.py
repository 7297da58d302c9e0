"""Results as pages: ``write_site`` makes a static site of a theory and its verdicts."""

from __future__ import annotations

from .site import write_site

__all__ = ["write_site"]
