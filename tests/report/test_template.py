"""Templates are compiled once, and kept where Python keeps its byte code."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from lemmata.report.template import templates


def _kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jinja"))


def test_a_kept_template_is_not_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    templates("lemmata.report").get_template("base.html")
    assert len(_kept(tmp_path)) == 1

    def compiled(*args: object, **kwargs: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "compile", compiled)
    assert templates("lemmata.report").get_template("base.html").name == "base.html"
    with pytest.raises(AssertionError, match="compiled again"):
        templates("lemmata.report").get_template("index.html")


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert templates("lemmata.report").get_template("base.html").name == "base.html"
    assert not _kept(tmp_path)


def test_a_place_that_cannot_be_written_or_read_costs_time_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert templates("lemmata.report").get_template("base.html").name == "base.html"


def test_a_damaged_copy_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    templates("lemmata.report").get_template("base.html")
    (kept,) = _kept(tmp_path)
    whole = kept.read_bytes()
    for damaged in (b"", whole[:20], whole[:60], whole[:-10]):
        kept.write_bytes(damaged)
        assert templates("lemmata.report").get_template("base.html").name == "base.html"
        assert kept.read_bytes() == whole
