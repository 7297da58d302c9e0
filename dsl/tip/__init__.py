"""Reading TIP problems: the dialect of SMT-LIB in which inductive problems are published."""

from .translation import load_tip, parse_tip

__all__ = ["load_tip", "parse_tip"]
