"""Results as pages: ``write_site`` makes a static site of a theory and its verdicts,
``write_development`` one of what an exploration found."""

from __future__ import annotations

from .exploration import write_development
from .site import write_site

__all__ = ["write_development", "write_site"]
