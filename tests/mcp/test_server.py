"""The server as agents see it, driven by the client of the protocol's own kit."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp_types import CallToolResult, TextContent, TextResourceContents

from lemmata.cli.app import run

from .agent import descendants, http, stdio, wait_until

TOOLS = {
    *("parse", "prove", "explore", "check", "explain", "refute"),
    *("synthesize", "difftest", "pcf_identify", "pcf_sweep"),
}
PEANO = """\
theory peano
sort N = 0 | s(N)
op + : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
conjecture zero_add: 0 + a = a
conjecture wrong: a + a = a
"""
ENDLESS = """\
sort N = 0 | s(N)
op + : N, N -> N
op * : N, N -> N
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
conjecture fermat: s(a) * s(a) * s(a) + s(b) * s(b) * s(b) != s(c) * s(c) * s(c)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "peano.mpl").write_text(PEANO, encoding="utf-8")
    (tmp_path / "f.py").write_text("def f(x: int): return x + x\n", encoding="utf-8")
    (tmp_path / "g.py").write_text("def g(x): return x * 3\n", encoding="utf-8")
    return tmp_path


def text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def without_times(document: Any) -> Any:
    """The same document without what two runs may differ in: times, and how much was tried."""
    if isinstance(document, dict):
        timed = ("cpu_seconds", "candidates", "trace", "effort", "verdict")
        timed = timed if "program" in document or "effort" in document else timed[:1]
        return {k: without_times(v) for k, v in document.items() if k not in timed}
    if isinstance(document, list):
        return [without_times(item) for item in document]
    return document


def printed(*words: str) -> subprocess.CompletedProcess[str]:
    """What the command line prints, run in this process."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(list(words))
    return subprocess.CompletedProcess(words, code, out.getvalue(), "")


async def every_tool(client: Client, folder: Path) -> None:
    """Each tool answers, and answers what the command line prints."""
    assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
    proofs = folder / "proofs"
    printed("prove", str(folder / "peano.mpl"), "--out", str(proofs))
    proof = str(proofs / "zero_add.json")
    pairs = [{"args": [n], "result": n + 2} for n in (0, 3, 8)]
    (folder / "pairs.json").write_text(json.dumps(pairs), encoding="utf-8")
    calls: list[tuple[str, dict[str, Any], list[str]]] = [
        ("parse", {"file": "peano.mpl"}, ["parse", "peano.mpl"]),
        ("prove", {"file": "peano.mpl"}, ["prove", "peano.mpl"]),
        ("refute", {"file": "peano.mpl", "goal": "wrong"},
         ["refute", "peano.mpl", "--goal", "wrong"]),
        ("explore", {"file": "peano.mpl", "size": 2}, ["explore", "peano.mpl", "--size", "2"]),
        ("check", {"proofs": [proof]}, ["check", proof]),
        ("explain", {"proof": proof}, ["explain", proof]),
        ("synthesize", {"examples": "pairs.json"}, ["synth", "pairs.json"]),
        ("difftest", {"left": "f.py:f", "right": "g.py:g", "seconds": 5},
         ["difftest", "f.py:f", "g.py:g", "--seconds", "5"]),
        ("pcf_identify", {"formula": "2n+1 | n^2", "digits": 40},
         ["pcf", "show", "2n+1 | n^2", "--digits", "40"]),
        ("pcf_sweep", {"out": "sweep", "degrees": [0, 1], "box": 1},
         ["pcf", "sweep", "--out", "sweep", "--degrees", "0", "1", "--box", "1"]),
    ]  # fmt: skip
    for name, arguments, words in calls:
        result = await client.call_tool(name, arguments)
        done = printed(*words, "--format", "json")
        assert not result.is_error, (name, text(result))
        assert (result.meta or {})["exit_code"] == done.returncode, name
        assert without_times(json.loads(text(result))) == without_times(json.loads(done.stdout))
        if isinstance(json.loads(done.stdout), dict):
            assert result.structured_content == json.loads(text(result))


def test_every_tool_over_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    async def main() -> None:
        async with Client(stdio("--root", folder)) as client:
            await every_tool(client, folder)

    anyio.run(main)


def test_two_clients_at_once_over_http(folder: Path) -> None:
    answers: list[CallToolResult] = []

    async def ask(url: str) -> None:
        async with Client(url) as client:
            for _ in range(3):
                answers.append(await client.call_tool("prove", {"text": PEANO, "seconds": 2}))
            given = {"examples": [{"args": [n], "result": -n} for n in (1, 2, 5)]}
            answers.append(await client.call_tool("synthesize", given))

    async def main(url: str) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(ask, url)
            group.start_soon(ask, url)

    with http("--root", folder) as url:
        anyio.run(main, url)
    assert [answer.is_error for answer in answers] == [False] * 8
    verdicts = [r["verdict"] for r in json.loads(text(answers[0]))["results"]]
    assert verdicts == ["proved", "refuted"]


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_cancelling_a_call_ends_its_process(transport: str, folder: Path) -> None:
    async def main(server: Any) -> None:
        async with Client(server) as client:
            await client.call_tool("parse", {"text": PEANO})
            quiet = descendants(os.getpid())
            begun = anyio.Event()

            async def progress(now: float, total: float | None, message: str | None) -> None:
                if message and "fermat" in message:
                    begun.set()

            async def call() -> None:
                asked = {"text": ENDLESS, "seconds": 100}
                await client.call_tool("prove", asked, progress_callback=progress)

            async with anyio.create_task_group() as group:
                group.start_soon(call)
                await begun.wait()
                assert len(descendants(os.getpid())) > len(quiet)
                group.cancel_scope.cancel()
            await anyio.to_thread.run_sync(
                wait_until, lambda: len(descendants(os.getpid())) <= len(quiet)
            )
            assert not (await client.call_tool("parse", {"text": PEANO})).is_error

    if transport == "stdio":
        anyio.run(main, stdio())
    else:
        with http() as url:
            anyio.run(main, url)


def test_many_calls_leave_nothing_behind() -> None:
    async def main() -> None:
        async with Client(stdio("--jobs", "2")) as client:
            await client.call_tool("parse", {"text": PEANO})
            before = len(descendants(os.getpid()))
            results: list[CallToolResult] = []

            async def some() -> None:
                for _ in range(15):
                    results.append(await client.call_tool("parse", {"text": PEANO}))

            async with anyio.create_task_group() as group:
                group.start_soon(some)
                group.start_soon(some)
            assert [result.is_error for result in results] == [False] * 30
            assert len({text(result) for result in results}) == 1
            assert len(descendants(os.getpid())) == before

    anyio.run(main)


def test_files_outside_the_roots_are_out_of_reach(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret.mpl"
    secret.write_text("sort Secret\nconjecture hidden: (a : Secret) = a\n", encoding="utf-8")
    (folder / "link.mpl").symlink_to(secret)
    (folder / "using.mpl").write_text(f'use "../{secret.name}"\n', encoding="utf-8")
    proof = {
        "format": "lemmata-proof/1",
        "theory": {"name": "t", "path": str(secret), "source": ""},
    }
    (folder / "naming.json").write_text(json.dumps({**proof, "theorems": []}), encoding="utf-8")
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("parse", {"file": str(secret)}),
        ("parse", {"file": f"../{secret.name}"}),
        ("parse", {"file": "link.mpl"}),
        ("parse", {"file": "using.mpl"}),
        ("parse", {"text": f'use "{secret}"\n'}),
        ("check", {"proofs": ["naming.json"], "theory": str(secret)}),
        ("check", {"proofs": [str(secret)]}),
        ("explain", {"proof": "/proc/self/environ"}),
        ("synthesize", {"examples": "/etc/hostname"}),
        ("synthesize", {"hidden": "/etc/passwd:f", "example": ["(1,)"]}),
        ("difftest", {"left": f"{secret}:f", "right": "f.py:f"}),
        ("pcf_sweep", {"out": str(tmp_path.parent / "elsewhere")}),
        ("prove", {"file": "peano.mpl", "goal": "--out=/tmp"}),
    ]

    async def main() -> None:
        async with Client(stdio("--root", folder)) as client:
            for name, arguments in attempts:
                result = await client.call_tool(name, arguments)
                assert result.is_error, (name, arguments, text(result))
                assert "hidden" not in text(result), (name, arguments)
                assert "Traceback" not in text(result)
            for uri in (f"theory://{secret}", "theory:///etc/passwd", "proof://../x.json"):
                with pytest.raises(MCPError):
                    await client.read_resource(uri)
            named = {resource.name for resource in (await client.list_resources()).resources}
            assert named == {"peano.mpl", "using.mpl", "naming.json"}
            uri = f"theory://{folder}/peano.mpl"
            (content,) = (await client.read_resource(uri)).contents
            assert isinstance(content, TextResourceContents)
            assert content.text == PEANO

    anyio.run(main)
    assert not (tmp_path.parent / "elsewhere").exists()


def test_without_a_root_there_are_no_files_and_budgets_bind() -> None:
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("prove", {"file": "x.mpl"}, "started without --root"),
        ("prove", {"text": PEANO, "seconds": 1000}, "at most 5"),
        ("prove", {"text": PEANO, "seconds": -1}, "above 0"),
        ("prove", {}, "give either file or text"),
        ("parse", {"text": "sort N = 0 | s(M)"}, "<standard input>:1:"),
        ("proof", {"text": PEANO}, "there is no tool 'proof' (did you mean 'prove'?)"),
        ("check", {"proof": "x.json"}, "no argument of check 'proof' (did you mean 'proofs'?)"),
        ("prove", {"text": PEANO, "seconds": "soon"}, "'seconds' must be a valid number"),
        ("pcf_identify", {}, "'formula' is missing: Two polynomials in n"),
    ]

    async def main() -> None:
        async with Client(stdio("--max-seconds", "5")) as client:
            for name, arguments, words in refused:
                result = await client.call_tool(name, arguments)
                assert result.is_error, (name, arguments)
                assert words in text(result)
            assert (await client.list_resources()).resources == []

    anyio.run(main)


def test_a_call_that_lasts_too_long_is_ended() -> None:
    async def main() -> None:
        async with Client(stdio("--timeout", "1")) as client:
            result = await client.call_tool("prove", {"text": ENDLESS, "seconds": 100})
            assert result.is_error
            assert "ended after 1 seconds" in text(result)

    anyio.run(main)


def test_only_the_loopback_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mcp", "--transport", "http", "--host", "0.0.0.0"]) == 2
    assert "loopback" in capsys.readouterr().err


def test_the_missing_package_is_named() -> None:
    code = (
        "import sys\nsys.modules['mcp'] = None\n"
        "import importlib.util as u\nu.find_spec = lambda name, *rest: None\n"
        "from lemmata.cli.app import run\nsys.exit(run(['mcp']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'lemmata[mcp]'" in done.stderr


def configured() -> list[tuple[str, list[str]]]:
    """Each configuration of the documentation as the command that its client would run."""
    page = (Path(__file__).parents[2] / "docs" / "agents.md").read_text("utf-8")
    found = []
    for kind, block in re.findall(r"```(json|console)\n(.*?)```", page, re.DOTALL):
        if kind == "json":
            (servers,) = json.loads(block).values()
            found += [(one["command"], one["args"]) for one in servers.values()]
        else:
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                if "--" in words:
                    words = words[words.index("--") + 1 :]
                found.append((words[0], words[1:]))
    return found


def test_every_configuration_in_the_documentation_starts_the_server(folder: Path) -> None:
    commands = configured()
    assert len(commands) == 7
    runs = set()
    for command, arguments in commands:
        assert Path(command).name == "lemmata"
        places = ("~/theories", "/path/to/theories", "${workspaceFolder}")
        given = [str(folder) if word in places else word for word in arguments]
        assert given != arguments
        runs.add(tuple(given))
    served = [words for words in runs if "http" not in words]
    assert served == [("mcp", "--root", str(folder))]

    async def main() -> None:
        async with Client(stdio(*served[0][1:])) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
            result = await client.call_tool("parse", {"file": "peano.mpl"})
            assert not result.is_error, text(result)

    anyio.run(main)
    (other,) = runs - set(served)
    assert other == ("mcp", "--transport", "http", "--port", "8765", "--root", str(folder))
