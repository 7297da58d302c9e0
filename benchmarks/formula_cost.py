"""CPU seconds per formula on a random sample of a box, against two peers in the same run.

    python benchmarks/formula_cost.py --sample 2000 --peer-sample 6

The peers measure the same things at the same depth: `per_step` is the plain algorithm, exact
integers with a gcd at every step, once with Python's and once with flint's; ramanujantools (PyPI) is measured where it can be imported.
Every value that both sides compute is compared, so the benchmark checks correctness too.
"""

from __future__ import annotations

import argparse
import random
import time
from math import gcd, log
from typing import Any

from flint import fmpz

from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.measure import measure_formulas
from lemmata.engine.formulas.polynomial import Polynomial, evaluate


def per_step(a: Polynomial, b: Polynomial, depth: int, number: Any = int) -> float | None:
    """The reduced irrationality measure from a gcd at every step; None if the fraction stops.

    ``number`` makes the integers: Python's own, or flint's, whose gcd is much faster.
    """
    p_before, p, q_before, q = number(1), number(a[-1]), number(0), number(1)
    pairs = []
    for n in range(1, depth):
        an, bn = evaluate(a, n), evaluate(b, n)
        if bn == 0:
            return None
        p_before, p = p, an * p + bn * p_before
        q_before, q = q, an * q + bn * q_before
        pairs.append((p, q, gcd(p, q) if number is int else p.gcd(q)))
    kept = [x for x in pairs if x[1] != 0]
    p_last, q_last, _ = kept[-1]
    # The list of the definition also holds p₋₁/q₋₁ and p₀/q₀, so entry z stands at z − 2 here.
    p, q, common = kept[(len(kept) + 1) // 2 - 2]
    gap = abs(int(p_last * q - p * q_last))
    error = log(gap) - log(abs(int(q_last))) - log(abs(int(q)))
    return -error / log(abs(int(q // common))) - 1


def per_step_flint(a: Polynomial, b: Polynomial, depth: int) -> float | None:
    """`per_step` with flint's integers."""
    return per_step(a, b, depth, fmpz)


def ramanujantools_delta(a: Polynomial, b: Polynomial, depth: int) -> Any:
    """The same measure by ramanujantools: its limit at the depth, its delta at half of it."""
    import sympy
    from ramanujantools.pcf import PCF
    from sympy.abc import n

    return PCF(sympy.Poly(a, n).as_expr(), sympy.Poly(b, n).as_expr()).delta(depth // 2)


def main() -> None:
    """Measure and print one line an evaluator."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=2000)
    parser.add_argument("--peer-sample", type=int, default=6)
    parser.add_argument("--depth", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    pool = list(Box(2, 2, -5, 5).polynomials(2))
    sample = [(generator.choice(pool), generator.choice(pool)) for _ in range(options.sample)]
    measure_formulas(sample[:2], options.depth, 80)
    started = time.process_time()
    table = measure_formulas(sample, options.depth, 80)
    ours = (time.process_time() - started) / len(sample)
    print(f"lemmata          {ours * 1000:10.3f} ms a formula over {len(sample)} formulas")
    peers = (
        ("per-step gcd", per_step),
        ("… with flint", per_step_flint),
        ("ramanujantools", ramanujantools_delta),
    )
    for name, peer in peers:
        spent, agreed, compared = 0.0, 0, 0
        try:
            for i, (a, b) in enumerate(sample[: options.peer_sample]):
                started = time.process_time()
                value = peer(a, b, options.depth)
                spent += time.process_time() - started
                mine = table["reduced_delta"][i].as_py()
                if peer is not ramanujantools_delta and value is not None and mine == mine:
                    compared += 1
                    agreed += abs(value - mine) < 1e-9
        except ImportError:
            print(f"{name:16} not installed")
            continue
        each = spent / options.peer_sample
        checked = f", {agreed} of {compared} values agree" if compared else ""
        print(f"{name:16} {each * 1000:10.3f} ms a formula, {each / ours:8.1f} × slower{checked}")


if __name__ == "__main__":
    main()
