"""What theorems can be exported to."""

from __future__ import annotations

from typing import Literal, TypeAlias

Target: TypeAlias = Literal["rocq", "json", "tptp", "prov", "graphml", "dot"]
"""A Rocq script, a proof file, a problem for first-order provers, provenance as PROV-JSON, or a
graph of what rests on what in one of two forms."""
