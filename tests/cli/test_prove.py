"""``lemmata prove`` as a user meets it: output, files, exit codes, mistakes, interruption."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from lemmata import __version__

from .command import lemmata, start

NUMBERS = """theory numbers
sort N = 0 | s(N)
op + : N, N -> N  infix 50
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
conjecture zero_add: 0 + a = a
conjecture succ_add: s(a) + b = s(a + b)
conjecture add_comm: a + b = b + a
"""
FALSE = "conjecture too_small: a + b = a\n"
LONG = (
    NUMBERS
    + """op * : N, N -> N  infix 60
axiom mul_zero: a * 0 = 0
axiom mul_succ: a * s(b) = a * b + a
conjecture fermat: s(a) * s(a) * s(a) + s(b) * s(b) * s(b) != s(c) * s(c) * s(c)
conjecture after: 0 + 0 = 0
"""
)


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """A small theory all of whose conjectures hold."""
    path = tmp_path / "numbers.mpl"
    path.write_text(NUMBERS, "utf-8")
    return path


def write(folder: Path, text: str) -> Path:
    path = folder / "theory.mpl"
    path.write_text(text, "utf-8")
    return path


def test_text_says_for_each_conjecture_what_became_of_it(numbers: Path) -> None:
    done = lemmata("prove", numbers)
    assert done.returncode == 0
    assert done.stderr == ""
    *results, total = done.stdout.splitlines()
    assert [line.split()[:2] for line in results] == [
        ["proved", "zero_add"],
        ["proved", "succ_add"],
        ["proved", "add_comm"],
    ]
    assert re.search(r"a \+ b = b \+ a  \[induction on [ab], \d+\.\d\d CPU s\]$", results[2])
    assert total == "3 of 3 proved in theory numbers"


def test_json_document_has_the_documented_shape(tmp_path: Path) -> None:
    done = lemmata("prove", write(tmp_path, NUMBERS + FALSE), "--format", "json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert set(document) == {"format", "theory", "results"}
    assert document["format"] == "lemmata-result/1"
    assert document["theory"] == "numbers"
    keys = {"name", "statement", "verdict", "reason", "method", "cpu_seconds", "axioms", "lemmas"}
    for result in document["results"]:
        assert keys | {"counterexample", "proof"} <= set(result)
    assert [result["verdict"] for result in document["results"]] == [*["proved"] * 3, "refuted"]
    comm, false = document["results"][2:]
    assert comm["name"] == "add_comm"
    assert comm["statement"] == "a + b = b + a"
    assert comm["reason"] is None
    assert comm["cpu_seconds"] > 0
    assert set(comm["axioms"]) == {"add_zero", "add_succ"}
    assert set(comm["lemmas"]) == {"zero_add", "succ_add"}
    assert comm["counterexample"] is None
    assert comm["proof"]["format"] == "lemmata-proof/1"
    assert false["proof"] is None
    assert set(false["counterexample"]["assignment"]) == {"a", "b"}
    assert false["counterexample"]["assignment"]["b"] != "0"


def test_a_false_conjecture_is_refuted_with_values_in_the_user_s_notation(tmp_path: Path) -> None:
    done = lemmata("prove", write(tmp_path, NUMBERS + FALSE))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("refuted  too_small"))
    assert [line.strip() for line in lines[place + 1 : place + 3]] == ["a = 0", "b = s(0)"]
    assert lines[-1] == "3 of 4 proved in theory numbers"


def test_what_is_neither_proved_nor_refuted_is_unknown(tmp_path: Path) -> None:
    place = write(tmp_path, LONG)
    done = lemmata("prove", place, "--seconds", "0.3", "--goal", "fermat", "--format", "json")
    assert done.returncode == 3
    (result,) = json.loads(done.stdout)["results"]
    assert result["verdict"] == "unknown"
    assert result["reason"] in {"time", "saturated", "depth", "facts"}
    assert result["proof"] is None


def test_a_goal_is_reported_alone_with_the_help_of_earlier_ones(numbers: Path) -> None:
    done = lemmata("prove", numbers, "--goal", "add_comm", "--format", "json")
    assert done.returncode == 0
    (result,) = json.loads(done.stdout)["results"]
    assert result["name"] == "add_comm"
    assert set(result["lemmas"]) == {"zero_add", "succ_add"}


def test_without_lemmas_no_other_conjecture_is_used(numbers: Path) -> None:
    done = lemmata("prove", numbers, "--goal", "add_comm", "--no-lemmas", "--format", "json")
    (result,) = json.loads(done.stdout)["results"]
    assert {"zero_add", "succ_add"}.isdisjoint(result["lemmas"])


def test_a_later_conjecture_does_not_help_an_earlier_one(tmp_path: Path) -> None:
    lines = NUMBERS.splitlines()
    place = write(tmp_path, "\n".join([*lines[:5], lines[7], lines[5], lines[6]]))
    done = lemmata("prove", place, "--format", "json")
    first = json.loads(done.stdout)["results"][0]
    assert first["name"] == "add_comm"
    assert {"zero_add", "succ_add"}.isdisjoint(first["lemmas"])


def test_out_writes_one_proof_file_a_theorem_that_check_accepts(
    numbers: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "proofs"
    done = lemmata("prove", numbers, "--out", folder, "--format", "json")
    assert done.returncode == 0
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == ["add_comm.json", "succ_add.json", "zero_add.json"]
    named = {result["proof"] for result in json.loads(done.stdout)["results"]}
    assert named == {str(path) for path in files}
    checked = lemmata("check", *files)
    assert checked.returncode == 0, checked.stdout


def test_a_proof_file_is_not_believed_when_it_was_changed(numbers: Path, tmp_path: Path) -> None:
    lemmata("prove", numbers, "--out", tmp_path / "proofs", "--goal", "zero_add")
    path = tmp_path / "proofs" / "zero_add.json"
    text = path.read_text("utf-8")
    assert "0 + a = a" in text
    path.write_text(text.replace("add_zero", "add_succ"), "utf-8")
    assert lemmata("check", path).returncode != 0


def test_proof_files_are_the_same_bytes_whatever_the_hash_seed(
    numbers: Path, tmp_path: Path
) -> None:
    contents = []
    for seed in ("1", "77"):
        folder = tmp_path / seed
        done = lemmata("prove", numbers, "--out", folder, PYTHONHASHSEED=seed)
        assert done.returncode == 0
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert contents[0] == contents[1]
    assert len(contents[0]) == 3


def test_trace_reports_blocks_and_rules_in_the_user_s_names(numbers: Path) -> None:
    text = lemmata("prove", numbers, "--goal", "zero_add", "--trace").stdout
    assert re.search(r"a = s.*: goal, \d+ cycles, mail \d+ in \d+ out, \d+ rows", text)
    assert re.search(r"add_succ: \d+ applied", text)
    document = lemmata("prove", numbers, "--goal", "zero_add", "--trace", "--format", "json").stdout
    (result,) = json.loads(document)["results"]
    names = {block["name"] for block in result["trace"]["blocks"]}
    assert "root" in names
    assert any("a = s" in name for name in names)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    done = lemmata("prove", tmp_path / "nothing.mpl")
    assert done.returncode == 2
    assert "nothing.mpl" in done.stderr
    assert "no such file" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "theory t\nsort N = 0 | s(N)\n"]
)
def test_a_file_that_states_nothing_is_not_a_success(tmp_path: Path, text: str) -> None:
    done = lemmata("prove", write(tmp_path, text))
    assert done.returncode == 2
    assert "no conjecture" in done.stderr
    assert done.stdout == ""


def test_a_typo_is_shown_with_a_caret_and_a_hint(tmp_path: Path) -> None:
    place = write(tmp_path, NUMBERS.replace("axiom add_succ", "axoim add_succ"))
    done = lemmata("prove", place)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"{place}:5:1: ")
    assert lines[1] == "  5 | axoim add_succ: a + s(b) = s(a + b)"
    assert lines[2] == "    | ^^^^^"
    assert any("did you mean 'axiom'?" in line for line in lines)


def test_several_mistakes_are_all_shown(tmp_path: Path) -> None:
    place = write(tmp_path, NUMBERS.replace("axiom", "axoim").replace("op +", "opp +"))
    done = lemmata("prove", place)
    assert done.returncode == 2
    for line in (3, 4, 5):
        assert f"{place}:{line}:" in done.stderr


def test_an_unknown_goal_names_the_nearest(numbers: Path) -> None:
    done = lemmata("prove", numbers, "--goal", "ad_comm")
    assert done.returncode == 2
    assert "did you mean 'add_comm'?" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("{file}", "--seconds", "-1"),
        ("{file}", "--seconds", "soon"),
        ("{file}", "--jobs", "0"),
        ("{file}", "--format", "yaml"),
        ("{file}", "--gaol", "add_comm"),
        ("{file}", "--out", "{file}"),
    ],
)
def test_bad_usage_is_exit_code_2_without_a_traceback(
    numbers: Path, arguments: tuple[str, ...]
) -> None:
    done = lemmata("prove", *(argument.format(file=numbers) for argument in arguments))
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_inconsistent_axioms_are_reported_and_prove_nothing(tmp_path: Path) -> None:
    place = write(tmp_path, NUMBERS.replace("a + 0 = a", "a + 0 = s(a)") + "axiom w: 0 + 0 = 0\n")
    done = lemmata("prove", place, "--format", "json")
    assert done.returncode == 3
    for result in json.loads(done.stdout)["results"]:
        assert result["verdict"] == "unknown"
        assert result["reason"] == "inconsistent"


def test_an_interrupt_keeps_what_was_found(tmp_path: Path) -> None:
    folder = tmp_path / "proofs"
    place = write(tmp_path, LONG)
    run = start("prove", place, "--seconds", "200", "--out", folder)
    assert run.stdout is not None
    assert run.stderr is not None
    try:
        lines = [run.stdout.readline() for _ in range(3)]
        run.send_signal(signal.SIGINT)
        rest, complaint = run.communicate(timeout=120)
    finally:
        run.kill()
    assert [line.split()[:2] for line in lines] == [
        ["proved", "zero_add"],
        ["proved", "succ_add"],
        ["proved", "add_comm"],
    ]
    assert run.returncode == 130, complaint
    assert "interrupted" in complaint
    assert "Traceback" not in complaint
    assert re.search(r"^unknown  fermat .*\[interrupted\]$", rest, flags=re.MULTILINE)
    assert rest.splitlines()[-1] == "3 of 5 proved in theory numbers"
    files = sorted(folder.iterdir())
    assert [path.stem for path in files] == ["add_comm", "succ_add", "zero_add"]
    assert lemmata("check", *files).returncode == 0


def test_html_writes_pages_whose_index_is_named(numbers: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    done = lemmata("prove", numbers, "--html", site)
    assert done.returncode == 0
    assert str(site / "index.html") in done.stderr
    assert "add_comm" in (site / "index.html").read_text("utf-8")


def test_help_shows_examples_and_exit_codes() -> None:
    text = lemmata("prove", "--help").stdout
    assert "lemmata prove examples/peano.mpl" in text
    assert "Exit codes" in text
    for option in ("--goal", "--seconds", "--no-lemmas", "--jobs", "--html", "--out", "--trace"):
        assert option in text


def test_an_unknown_command_is_a_usage_error() -> None:
    done = lemmata("proove")
    assert done.returncode == 2
    assert "proove" in done.stderr
    assert "Traceback" not in done.stderr


def test_explore_names_the_lemmas_that_a_goal_needed(numbers: Path) -> None:
    options = ("--goal", "add_comm", "--no-lemmas", "--explore", "--seconds", "60")
    done = lemmata("prove", numbers, *options, "--format", "json")
    assert done.returncode == 0
    (result,) = json.loads(done.stdout)["results"]
    assert result["verdict"] == "proved"
    assert result["lemmas"]


def test_the_version_is_told() -> None:
    done = lemmata("--version")
    assert (done.returncode, done.stdout) == (0, f"lemmata {__version__}\n")
