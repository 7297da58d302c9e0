"""Axioms from words: shown, never assumed; what does not parse goes back to the model."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from lemmata.cli.app import run
from lemmata.dsl.load import load

from .server import Answer, Says, items, scripted, task_of

WORDS = "Every element of a monoid with a * a = e\n is its own inverse"
BROKEN = "sort E\nconst e : E\nop * : E, E -> E\naxiom unit: a * e = f(a)"
CONTRADICTION = "sort N = 0 | s(N)\naxiom bad: 0 = s(0)"
READING = 'use "/etc/passwd"\nsort E\naxiom a: x = x'
INVISIBLE = "sort E\nconst e : E\naxiom o\u200bne: a = e"
GOOD = "sort E\nconst e : E\nop * : E, E -> E\n# e is a unit\naxiom unit: a * e = a\naxiom square: a * a = e"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "monoid.mpl"


def formalize(out: Path, answer: str, monkeypatch: pytest.MonkeyPatch, *texts: str) -> tuple[int, list[Any]]:  # fmt: skip
    """The exit code and the requests, where the model gives these texts in order."""
    asked: list[Any] = []

    def script(request: dict[str, Any], number: int) -> Answer:
        asked.append(task_of(request))
        return Says(items("theories", texts[min(number, len(texts) - 1)], field="text"))

    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    with scripted(script) as server:
        options = ["--model", "scripted", "--base-url", server.base_url, "--rounds", "6"]
        return run(["formalize", WORDS, "--out", str(out), *options]), asked


def test_axioms_are_shown_and_written_on_a_yes(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = formalize(
        out, "yes\n", monkeypatch, BROKEN, CONTRADICTION, READING, INVISIBLE, GOOD
    )
    assert code == 0
    shown = capsys.readouterr()
    assert "axiom square: a * a = e" in shown.out
    assert "Do these axioms say what you mean?" in shown.err
    theory = load(out)
    assert {"unit", "square"} <= {axiom.name for axiom in theory.axioms}
    text = out.read_text("utf-8")
    assert "no program has checked" in text
    assert "#  is its own inverse" in text
    reasons = [verdict["reason"] for verdict in asked[-1]["verdicts"]]
    assert "unknown" in reasons[0]
    assert "contradict" in reasons[1]
    assert "cannot use another" in reasons[2]
    assert "cannot be seen" in reasons[3]


@pytest.mark.parametrize("answer", ["", "no\n", "ye\n", "\n"])
def test_nothing_is_written_without_a_yes(
    answer: str, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = formalize(out, answer, monkeypatch, GOOD)
    assert code == 3
    assert not out.exists()
    assert "axiom unit" in capsys.readouterr().out


def test_nothing_well_formed_is_told(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = formalize(out, "yes\n", monkeypatch, BROKEN)
    assert code == 3
    assert not out.exists()
    assert "refused" in capsys.readouterr().err
    assert len(asked) == 2  # the same text again is nothing new


def test_a_file_that_exists_is_kept(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out.write_text("sort Mine", "utf-8")
    code, asked = formalize(out, "yes\n", monkeypatch, GOOD)
    assert (code, asked) == (2, [])
    assert out.read_text("utf-8") == "sort Mine"


def test_json_says_that_it_is_a_proposal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with scripted(lambda request, number: Says(items("theories", GOOD, field="text"))) as server:
        options = ["--model", "scripted", "--base-url", server.base_url, "--format", "json"]
        assert run(["formalize", WORDS, *options]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "proposed"
    assert "axiom unit" in document["theory"]
