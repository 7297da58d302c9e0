"""Every single change of every sample proof, none left out: how many there are, and what passes.

    python benchmarks/proof_mutations.py

The tests try all changes of the short proofs and a part of those of the long ones.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.soundness.test_mutations import NAMES, survivors


def main() -> int:
    """Prints a line a proof; 1 if a mutant that means something else is accepted."""
    total = passed = 0
    for name in NAMES:
        began = time.process_time()
        count, found = survivors(name)
        total, passed = total + count, passed + len(found)
        seconds = time.process_time() - began
        print(
            f"{name:20} {count:7} mutants  {len(found)} accepted  {seconds:6.1f} CPU s", flush=True
        )
    print(f"{total} mutants, {passed} accepted that mean something else")
    return 1 if passed else 0


if __name__ == "__main__":
    raise SystemExit(main())
