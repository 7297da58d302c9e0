"""False integer relations among random reals, and the speed of LLL against mpmath.pslq.

python benchmarks/formula_relations.py --reals 10000 --pslq 30
"""

from __future__ import annotations

import argparse
import random
import time

import flint
import mpmath
from flint import arb

from lemmata.engine.formulas.constants import CONSTANTS
from lemmata.engine.formulas.relation import integer_relation


def main() -> None:
    """Count what is found where nothing is to be found, and compare times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reals", type=int, default=10_000)
    parser.add_argument("--pslq", type=int, default=30)
    parser.add_argument("--digits", type=int, default=60)
    options = parser.parse_args()
    generator = random.Random(20)
    bits = int(options.digits * 3.33) + 60
    found = 0
    with flint.ctx.workprec(bits + 40):
        pi = CONSTANTS["pi"].ball(options.digits + 10)
        values = [
            arb(generator.getrandbits(bits)) / arb(2) ** (bits - 2) for _ in range(options.reals)
        ]
        started = time.process_time()
        for value in values:
            found += integer_relation([value * pi, value, pi, arb(1)], options.digits) is not None
        lll = (time.process_time() - started) / options.reals
        print(f"{found} relations among {options.reals} random reals at {options.digits} digits")
        planted = [(7 * pi + k) / (3 * pi - 2 * k - 1) for k in range(1, options.pslq + 1)]
        started = time.process_time()
        hits = sum(
            integer_relation([v * pi, v, pi, arb(1)], options.digits) is not None for v in planted
        )
        ours = (time.process_time() - started) / options.pslq
        texts = [v.str(options.digits + 5, radius=False) for v in planted]
        random_texts = [v.str(options.digits + 5, radius=False) for v in values[: options.pslq]]
    print(
        f"LLL: {lll * 1e6:.0f} µs on random reals, {ours * 1e6:.0f} µs planted, {hits} of {options.pslq} found"
    )
    with mpmath.workdps(options.digits):
        for name, chosen, base in (("planted", texts, ours), ("random", random_texts, lll)):
            started = time.process_time()
            hits = 0
            for text in chosen:
                v = mpmath.mpf(text)
                hits += (
                    mpmath.pslq([v * mpmath.pi, v, mpmath.pi, 1], maxcoeff=10**12, maxsteps=10**5)
                    is not None
                )
            each = (time.process_time() - started) / options.pslq
            print(
                f"mpmath.pslq, {name}: {each * 1e6:.0f} µs, {each / base:.1f} × slower, {hits} found"
            )


if __name__ == "__main__":
    main()
