"""cvc5 as the named peer: one problem in a process of its own, with a bound on CPU seconds.

It runs with induction and conjecture generation (``quant-ind``, ``conjecture-gen``,
``full-saturate-quant``), which is how it proves most of the problems here. Needs the extra
``bench``, which brings the ``cvc5`` wheel.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

OPTIONS = ("quant-ind", "conjecture-gen", "full-saturate-quant")

_RUN = """
import sys
import cvc5
solver = cvc5.Solver()
for option in sys.argv[1:]:
    solver.setOption(option, "true")
parser = cvc5.InputParser(solver)
parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.stdin.read(), "problem")
symbols = parser.getSymbolManager()
while not (command := parser.nextCommand()).isNull():
    print(command.invoke(solver, symbols), end="", flush=True)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """``unsat`` means proved; CPU seconds include the start of the process."""

    status: str
    cpu_seconds: float
    peak_megabytes: float


def peer_name() -> str:
    """The peer with its version; an exit with a message where it is not installed."""
    try:
        return f"cvc5 {version('cvc5')} ({', '.join(OPTIONS)})"
    except PackageNotFoundError:
        raise SystemExit("cvc5 is not installed: pip install -e '.[bench]'") from None


def solve(problem: str, seconds: float) -> Answer:
    """What cvc5 says about a problem in SMT-LIB 2.6 whose goal is denied."""
    # Not ALL: there ``exp`` and the like are functions of real numbers.
    text = "(set-logic UFDTNIA)\n" + problem
    limit = max(1, round(seconds))
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN, *OPTIONS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1)),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(text)
    process.stdin.close()
    output = process.stdout.read()
    _, ended, usage = os.wait4(process.pid, 0)
    words = re.findall(r"^(unsat|sat|unknown)$", output, flags=re.MULTILINE)
    # The bound on CPU seconds ends the process by a signal; an exit of its own is an error.
    stopped = "time" if os.WIFSIGNALED(ended) else "error"
    return Answer(
        words[-1] if words else stopped,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


def denied(problem: str) -> str:
    """A problem with ``(prove F)`` as its goal, ready for a solver that looks for models."""
    head, found, goal = problem.partition("(prove")
    if not found:
        raise ValueError("the problem has no goal")
    depth = end = 1
    while depth:
        depth += (goal[end] == "(") - (goal[end] == ")")
        end += 1
    return f"{head}(assert (not {goal[: end - 1]}))\n(check-sat)\n"
