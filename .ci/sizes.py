"""Fails when a source file has grown too long to be read in one go."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500
SHORTER = {"engine/checker.py": 300}
"""Files that must be shorter: the checker is what everybody should be able to audit."""
SOURCES = {".py", ".lark", ".js", ".css", ".html", ".jinja", ".j2"}


def too_long() -> list[str]:
    """What is wrong with the lengths of the files that git knows."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    wrong = []
    for name in filter(None, names):
        path = ROOT / name
        if path.suffix not in SOURCES or not path.is_file():
            continue
        lines = len(path.read_text("utf-8").splitlines())
        limit = SHORTER.get(name, LONGEST)
        if lines > limit:
            wrong.append(f"{name} has {lines} lines, at most {limit} are allowed")
    return wrong


if __name__ == "__main__":
    found = too_long()
    for line in found:
        print(line)
    raise SystemExit(1 if found else 0)
