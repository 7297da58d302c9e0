"""What theorems can be exported to."""

from __future__ import annotations

from typing import Literal, TypeAlias

Target: TypeAlias = Literal["rocq", "json", "graphml", "dot"]
"""A Rocq script, a proof file, or a provenance graph in one of two forms."""
