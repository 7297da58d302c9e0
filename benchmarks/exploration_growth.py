"""What exploration costs as terms grow: CPU and memory against size and workers, and what dominates.

    python benchmarks/exploration_growth.py examples/peano.mpl --sizes 3 4 5 --jobs 1 2

Each run is a process of its own. CPU counts the process and its workers; the profile is that of one
more run in this process, of the smallest size.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import subprocess
import sys
import time
from pathlib import Path


def run(
    theory: Path, size: int, jobs: int, seconds: float
) -> tuple[float, float, float, dict[str, object]]:
    """CPU seconds of process and workers, wall seconds, peak megabytes, and the document."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, "-m", "lemmata", "explore", str(theory), "--format", "json"]
    options = ["--size", str(size), "--jobs", str(jobs), "--seconds", str(seconds)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, after.ru_maxrss / 1024, json.loads(done.stdout)


def profile(theory: Path, size: int) -> None:
    """The functions in which one run spends most of its own time."""
    import lemmata

    loaded = lemmata.load(theory)
    profiler = cProfile.Profile()
    profiler.runcall(lemmata.explore, loaded, size=size)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(12)


def main() -> None:
    """Prints the table, and checks that the number of workers changes nothing that is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("theory", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[3, 4, 5, 6, 7])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=600)
    given = parser.parse_args()
    print("size jobs   CPU s  wall s     MB  proposed  laws  stop")
    for size in given.sizes:
        laws = []
        for jobs in given.jobs:
            cpu, wall, memory, found = run(given.theory, size, jobs, given.seconds)
            theorems = found["theorems"]
            assert isinstance(theorems, list)
            laws.append([law["statement"] for law in theorems])
            print(
                f"{size:4} {jobs:4} {cpu:7.2f} {wall:7.2f} {memory:6.0f} {found['proposed']:9} "
                f"{len(theorems):5}  {found['stop']}"
            )
            if found["stop"] == "size" and laws[0] != laws[-1]:
                raise SystemExit(f"{jobs} jobs found other laws than {given.jobs[0]}")
    profile(given.theory, given.sizes[0])


if __name__ == "__main__":
    main()
