"""Kill a sweep at random moments, finish it, and count what was lost or doubled.

python benchmarks/formula_kills.py --kills 20
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from lemmata.engine.formulas.box import Box
from lemmata.engine.formulas.shard import sound_shards
from lemmata.engine.formulas.sweep import sweep

BOX = Box(1, 2, -2, 2)


def main() -> None:
    """Run, kill, repeat; then finish and compare with the box."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    generator = random.Random(4)
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "from lemmata.engine.formulas.box import Box; "
            "from lemmata.engine.formulas.sweep import sweep; "
            f"sweep(Box(1, 2, -2, 2), {folder!r}, depth=2000, digits=80, per_shard=1)"
        )
        killed = 0
        for _ in range(options.kills):
            process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
            time.sleep(generator.uniform(0.3, 3.0))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
        outcome = sweep(BOX, folder, depth=2000, digits=80, per_shard=1)
        formulas = [
            name
            for path in sound_shards(Path(folder))
            for name in pq.read_table(path, columns=["formula"])["formula"].to_pylist()
        ]
        print(
            f"{killed} of {options.kills} runs killed while at work; complete: {outcome.complete}"
        )
        print(f"lost {BOX.size - len(set(formulas))}, doubled {len(formulas) - len(set(formulas))}")


if __name__ == "__main__":
    main()
