"""Kill explorations at random moments while they work, and count theorems lost or proved again.

A run is killed over and over until nothing new is found between two kills, or it ends before one;
then it may end, which is held against an undisturbed run, and the next one starts from nothing.

python benchmarks/exploration_kills.py --kills 20 --size 3
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

SHOWN = 10
"""How many differences of one run are printed."""


def main() -> None:
    """An undisturbed run, then one killed over and over, and what differs between them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--size", type=int, default=3)
    parser.add_argument("--theory", type=Path, default=ROOT / "examples" / "peano.mpl")
    options = parser.parse_args()
    command = [sys.executable, "-m", "lemmata", "explore", str(options.theory)]
    command += ["--size", str(options.size), "--seconds", "3600", "--format", "json"]
    started = time.monotonic()
    whole = _timeless(_finish(command))
    span = time.monotonic() - started
    generator = random.Random(3)
    lost = again = killed = runs = 0
    same = True
    while killed < options.kills:
        runs += 1
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "found.db"
            stored = [*command, "--store", str(store)]
            before: dict[str, tuple[str, float]] = {}
            while killed < options.kills:
                died = _killed(stored, generator.uniform(0.1, 0.7) * span)
                now = _rows(store)
                lost += len(before.keys() - now.keys())
                again += sum(now[name] != row for name, row in before.items() if name in now)
                new = len(now) - len(before)
                before = now
                if not died:
                    break
                killed += 1
                print(f"run {runs}, kill {killed}: {new} new of {len(now)} kept", flush=True)
                if now and not new:
                    break
            for difference in islice(_differences(whole, _timeless(_finish(stored))), SHOWN):
                print(f"run {runs} ended differently: {difference}", flush=True)
                same = False
            now = _rows(store)
            lost += len(before.keys() - now.keys())
            again += sum(now[name] != row for name, row in before.items() if name in now)
    print(f"{killed} kills while at work, in {runs} runs, each within {span:.1f} s")
    print(f"lost {lost}, proved again {again}; each end is that of an undisturbed run: {same}")
    sys.exit(bool(lost or again or not same))


def _killed(command: list[str], seconds: float) -> bool:
    """Starts a run and kills it after a while; whether it was still at work."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return process.returncode == -signal.SIGKILL


def _finish(command: list[str]) -> Any:
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def _rows(store: Path) -> dict[str, tuple[str, float]]:
    """Proof and cost by name: a theorem proved again would have another cost."""
    if not store.exists():
        return {}
    with closing(sqlite3.connect(store)) as file:
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'theorem'").fetchone():
            return {}
        rows = file.execute("SELECT name, proof, cpu_seconds FROM theorem").fetchall()
    return {name: (proof, cost) for name, proof, cost in rows}


def _timeless(value: object) -> object:
    if isinstance(value, dict):
        return {key: _timeless(one) for key, one in value.items() if key != "cpu_seconds"}
    return [_timeless(one) for one in value] if isinstance(value, list) else value


def _differences(one: object, two: object, place: str = "") -> Iterator[str]:
    """Where two documents differ, and what each says there."""
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        for key in one:
            yield from _differences(one[key], two[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, pair in enumerate(zip(one, two, strict=True)):
            yield from _differences(*pair, f"{place}[{number}]")
    elif one != two:
        yield f"{place}: {str(one)[:100]} became {str(two)[:100]}"


if __name__ == "__main__":
    main()
