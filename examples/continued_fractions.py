"""From one continued fraction to a family with a proof.

Run with: python examples/continued_fractions.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import lemmata
from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.family import families
from lemmata.engine.formulas.hypergeometric import proved_value
from lemmata.engine.formulas.label import label
from lemmata.engine.formulas.sweep import sweep


def main() -> None:
    """Evaluate one fraction, then sweep a small box and print its families."""
    fraction = lemmata.PCF("1", "n^2")
    print(fraction.text, "=", fraction.limit(40), "=", fraction.identify())
    print("proved:", proved_value(fraction.a, fraction.b))
    with tempfile.TemporaryDirectory() as folder:
        sweep(Box(0, 2, -3, 3), Path(folder), depth=200, digits=60)
        print(label(folder).by_constant)
        for family in families(folder, outside=3, digits=60):
            print(family)


if __name__ == "__main__":
    main()
