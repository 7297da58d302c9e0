"""Nothing leaves the machine unless a model was named: no client is loaded, no socket opened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

GUARD = """
import json, socket, sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        family = getattr(arguments[0], "family", None)
        if family != socket.AF_UNIX:
            raise SystemExit(f"a socket was opened: {event} {arguments[1:]}")
sys.addaudithook(refuse)
from lemmata.cli.app import run
for command in json.loads(sys.argv[1]):
    code = run(command)
    loaded = {"openai", "mcp", "httpx", "httpx2", "httpcore2", "aiohttp"} & sys.modules.keys()
    print("\\nCOMMAND", command[0], code, sorted(loaded))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("def f(x: int): return x + 1\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("def f(x: int): return x + 2\n", encoding="utf-8")
    (tmp_path / "t.mpl").write_text("sort N = 0 | s(N)\nconjecture c: s(a) != 0\n", "utf-8")
    (tmp_path / "pairs.json").write_text('[{"args": [1], "result": 2}, {"args": [4], "result": 5}]')
    return tmp_path


def test_every_offline_command_is_offline(folder: Path) -> None:
    commands = [
        ["--help"],
        ["prove", "t.mpl", "--out", "proofs"],
        ["refute", "t.mpl", "--seconds", "1"],
        ["check", "proofs/c.json"],
        ["explain", "proofs/c.json"],
        ["export", "rocq", "proofs/c.json"],
        ["parse", "t.mpl"],
        ["fmt", "t.mpl"],
        ["synth", "pairs.json", "--seconds", "2"],
        ["difftest", "a.py:f", "b.py:f", "--seconds", "1"],
        ["pcf", "show", "n | n", "--digits", "20", "--depth", "200"],
        ["explore", "t.mpl", "--size", "2", "--seconds", "5"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", GUARD, json.dumps(commands)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [
        line.split(" ", 3)[1:] for line in done.stdout.splitlines() if line.startswith("COMMAND ")
    ]
    assert [name for name, _, _ in told] == [command[0] for command in commands], done.stderr
    assert {code for _, code, _ in told} <= {"0", "1", "3"}, (told, done.stderr)
    assert {loaded for _, _, loaded in told} == {"[]"}


def test_the_guard_sees_sockets() -> None:
    script = GUARD.split("from lemmata")[0] + "socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "a socket was opened" in done.stderr
