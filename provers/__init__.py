"""What settles one claim: induction, cases, contradiction, models, exporters."""

from .prove import prove, prove_all

__all__ = ["prove", "prove_all"]
