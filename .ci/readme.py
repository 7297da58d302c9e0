"""Prints a command of README.md: the number of the ``sh`` block whose one line it is, from 1.

CI runs what this prints, so the commands that the README promises are the commands that CI runs.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def commands(text: str) -> list[str]:
    """The single lines of the ``sh`` blocks; an error if a block has more than one."""
    found = []
    for block in re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        lines = block.strip().splitlines()
        if len(lines) != 1:
            raise SystemExit(f"a command of README.md has {len(lines)} lines: {block}")
        found.append(lines[0])
    return found


if __name__ == "__main__":
    known = commands(README.read_text("utf-8"))
    if len(known) != 2:
        raise SystemExit(f"README.md must have two commands, found {len(known)}")
    print(known[int(sys.argv[1]) - 1])
