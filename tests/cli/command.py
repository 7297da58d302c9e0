"""Running the command line as a user does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def lemmata(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The finished run of ``lemmata`` with these arguments; it has no standard input."""
    return subprocess.run(
        [sys.executable, "-m", "lemmata", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """A run that is under way, with its output to be read line by line.

    It listens to interrupts even where the tests themselves were started without.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "lemmata", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
