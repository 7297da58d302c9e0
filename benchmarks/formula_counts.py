"""Exact counts of a box: terminating, complex, remaining, and classes, without evaluating anything.

python benchmarks/formula_counts.py
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.classes import count


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--box", type=int, default=5)
    parser.add_argument("--degree", type=int, default=2)
    options = parser.parse_args()
    counts = count(Box(options.degree, options.degree, -options.box, options.box))
    for name, value in asdict(counts).items():
        print(f"{name.replace('_', ' '):24}{value:>12,}")


if __name__ == "__main__":
    main()
