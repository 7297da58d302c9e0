"""Exact counts of a box: terminating, complex, remaining, and classes, without evaluating anything.

python benchmarks/formula_counts.py
"""

from __future__ import annotations

import argparse

from lemmata.engine.formulas.behaviour import has_complex_eigenvalues
from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.equivalence import scaled_class
from lemmata.engine.formulas.polynomial import integer_roots


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--box", type=int, default=5)
    parser.add_argument("--degree", type=int, default=2)
    options = parser.parse_args()
    box = Box(options.degree, options.degree, -options.box, options.box)
    terminating = complex_rows = 0
    classes: set[tuple[object, object]] = set()
    partners = [(b, bool(integer_roots(b, at_least=1))) for b in box.polynomials(options.degree)]
    for a in box.polynomials(options.degree):
        for b, stops in partners:
            terminating += stops
            complex_rows += not stops and has_complex_eigenvalues(a, b)
            classes.add(scaled_class(a, b)[:2])
    print(f"formulas                {box.size:>12,}")
    print(f"terminating             {terminating:>12,}")
    print(f"complex eigenvalues     {complex_rows:>12,}")
    print(f"remaining               {box.size - terminating - complex_rows:>12,}")
    print(f"sign and scaling classes{len(classes):>12,}")


if __name__ == "__main__":
    main()
