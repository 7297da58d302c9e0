"""The HTML report of a sweep of continued fractions."""

from __future__ import annotations

from .site import write_report

__all__ = ["write_report"]
