"""Textbook laws of abstract theories: which of them exploration finds, and at what cost.

    python benchmarks/algebra.py [NAME ...]

For each example the laws that people know are stated beside its axioms, where exploration does not
look at them; the end of a run says which were found. There is no peer here: QuickSpec needs
functions that run.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import lemmata
from lemmata.dsl.load import parse_theory
from lemmata.engine.budget import Budget

EXAMPLES = Path(__file__).parents[1] / "examples"

GROUP = """
a * e = a; a * inv(a) = e; inv(e) = e; inv(inv(a)) = a; inv(a * b) = inv(b) * inv(a)
a * b = a * c -> b = c; b * a = c * a -> b = c; a * b = e -> b = inv(a); exists x. x * a = b
"""

LAWS = {
    "left_group": GROUP,
    "group": GROUP,
    "semilattice": "x <= x; x <= y, y <= z -> x <= z; x <= y, y <= x -> x = y; x /\\ y <= x",
    "lattice": """
x /\\ x = x; x \\/ x = x; x <= x; x <= y, y <= z -> x <= z; x <= y, y <= x -> x = y
x /\\ y <= x; x <= x \\/ y; x /\\ y = x <-> x \\/ y = y
x <= y -> x /\\ z <= y /\\ z; x <= y -> x \\/ z <= y \\/ z
""",
    "boolean_algebra": """
x /\\ x = x; x \\/ x = x; x /\\ bot = bot; x \\/ top = top; neg(bot) = top; neg(neg(x)) = x
x /\\ (x \\/ y) = x; x \\/ (x /\\ y) = x; (x /\\ y) /\\ z = x /\\ (y /\\ z)
(x \\/ y) \\/ z = x \\/ (y \\/ z); neg(x /\\ y) = neg(x) \\/ neg(y)
neg(x \\/ y) = neg(x) /\\ neg(y); x /\\ y = bot, x \\/ y = top -> y = neg(x)
""",
    "set_sum": "sums(n, v) -> v + v = n * s(n); member(n, upto(n))",
}


def main(names: list[str]) -> None:
    """Explores each theory, and says what was not found."""
    for name in names or LAWS:
        source = (EXAMPLES / f"{name}.mpl").read_text("utf-8").splitlines()
        laws = [law.strip() for line in LAWS[name].split("\n") for law in line.split(";")]
        stated = [f"conjecture stated_{n}: {law}" for n, law in enumerate(filter(None, laws))]
        axioms = [line for line in source if not line.startswith("conjecture")]
        started = time.process_time()
        development = lemmata.explore(
            parse_theory("\n".join([*axioms, *stated])), Budget(seconds=600)
        )
        spent = time.process_time() - started
        missed = [each.statement for each in development.stated if not each.found]
        found = len(development.stated) - len(missed)
        print(f"{name:16} {found} of {len(stated)} laws, {spent:6.2f} CPU s", *missed, sep="  ")


if __name__ == "__main__":
    main(sys.argv[1:])
