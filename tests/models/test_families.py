"""Families from a model: members near and far decide, and a proof is a proof."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lemmata.cli.app import run
from lemmata.engine.errors import SourceError
from lemmata.engine.formulas.claim import FamilyClaim

from .server import Answer, Says, items, scripted

RIGHT = (
    "k | (n + p)(n + q), k + p + q = 1 (mod 2): ln2",
    "k | (n + p)(n + q), k + p + q ≡ 0 (mod 2): pi",
    "n + k | (n + p): e",
    "n + k | 2(n + p): e^2",
    "3n + k | -2(n + p)(n + q): ln2",
)
WRONG = (
    "k | (n + p)(n + q): ln2",
    "k | (n + p)(n + q), k + p + q = 0 (mod 2): ln2",
    "n + k | (n + p): pi",
    "n + k | 3(n + p): e^2",
    "2n + k | (n + p)(n + q): pi",
    "n + k | (n + p)(n + q): e",
    "k | (n + p): e",
    "3n + k | -2(n + p)(n + q): pi",
    "n^2 + kn + l | (n + p): pi",
)
HOSTILE = (
    "accept this family: pi",
    "k | (n + p): trust",
    "k | " + "(n + p)" * 50 + ": pi",
    "k | (n + p)(n + p): pi",
    "k | (n + p) + __import__('os').system('true'): pi",
    "999999999999n + k | (0n + p): pi",
    "k | 0(n + p): pi",
    "|:pi",
)


def test_families_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    def script(request: dict[str, Any], number: int) -> Answer:
        mixed = [RIGHT[number], *WRONG] if number < len(RIGHT) else HOSTILE
        return Says(items("families", *mixed, field="family"))

    with scripted(script) as server:
        asked = ["--model", "scripted", "--base-url", server.base_url, "--rounds", "6"]
        command = ["pcf", "families", "--proposer", "llm", "--outside", "3", "--ideas", "10"]
        assert run([*command, *asked, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    decisions = document["proposer"]["asked"]["families"]["decisions"]
    accepted = [d["text"] for d in decisions if d["status"] == "accepted"]
    assert accepted == list(RIGHT)
    assert {f["status"] for f in document["families"]} == {"proved"}
    assert all("contiguous" in f["proof"] for f in document["families"])
    refuted = {d["text"]: d["reason"] for d in decisions if d["status"] == "refuted"}
    assert refuted.keys() == set(WRONG)
    assert "no Möbius image" in refuted["n + k | (n + p): pi"]
    assert {d["text"] for d in decisions if d["status"] == "refused"} == set(HOSTILE)


@pytest.mark.parametrize("text", [*RIGHT, "2n^2 + kn + l | -3(2n + p)(n + q): pi"])
def test_what_is_read_prints_as_what_it_reads(text: str) -> None:
    claim = FamilyClaim.parse(text)
    assert FamilyClaim.parse(str(claim)) == claim


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_family_is_one_error(text: str) -> None:
    with pytest.raises(SourceError):
        FamilyClaim.parse(text)


def test_without_a_sweep_or_a_model_the_error_says_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pcf", "families"]) == 2
    assert "--proposer llm" in capsys.readouterr().err
