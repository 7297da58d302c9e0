"""Proof files: what is written reads back, and whatever is not one is refused clearly."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lemmata.cli.reading import Auditor, Refused
from lemmata.engine.checker import Theorem, certify
from lemmata.engine.decoding import Decoder, Node
from lemmata.engine.derivation import Derivation, Reflexivity, Step
from lemmata.engine.encoding import encode_term
from lemmata.engine.errors import CheckError, SourceError
from lemmata.engine.formula import Equal as Equation
from lemmata.engine.proof_file import read_proof, schema, with_lemmas, write_proof
from lemmata.engine.term import App
from lemmata.engine.theory import Function, Signature, Sort, Statement, Theory

from .builder import equal
from .samples import SAMPLES, THEORY, theorems

NAMES = [sample.__name__ for sample in SAMPLES]
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))

PEANO = """theory peano
sort N = 0 | s(N)
op + : N, N -> N infix 50
axiom add_zero: a + 0 = a
axiom add_succ: a + s(b) = s(a + b)
conjecture zero_add: 0 + a = a
"""


def document(name: str) -> Any:
    return json.loads(write_proof(theorems()[name]))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_reads_back(name: str) -> None:
    theorem = theorems()[name]
    text = write_proof(theorem)
    assert text == write_proof(theorem)
    VALIDATOR.validate(json.loads(text))
    claims = list(read_proof(text).claims(THEORY.signature))
    expected = with_lemmas(theorem)
    assert [claim.name for claim in claims] == [each.name for each in expected]
    for claim, each in zip(claims, expected, strict=True):
        assert claim.derivation == each.derivation
        assert claim.clauses == each.statement.clauses
        assert (claim.axioms, claim.lemmas) == (each.axioms, each.lemmas)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(VALIDATOR.schema)


def shapes(value: Any) -> Iterator[Any]:
    """The document with one member missing, added, or of another type, at every place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {other: part for other, part in value.items() if other != name}
            for changed in shapes(inner):
                yield {**value, name: changed}
        yield {**value, "unknown": 1}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for changed in shapes(inner):
                yield [*value[:index], changed, *value[index + 1 :]]
    yield 1.5
    yield {}
    yield True


@pytest.mark.parametrize("name", ["zero_or_succ", "from_nothing"])
def test_another_shape_is_refused(name: str) -> None:
    changes = list(shapes(document(name)))
    assert len(changes) > 300
    for changed in changes[:: len(changes) // 40]:
        assert not VALIDATOR.is_valid(changed)
        with pytest.raises((SourceError, CheckError)):
            list(read_proof(json.dumps(changed)).claims(THEORY.signature))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1, 2]", "expected: an object with"),
        ("null", "expected: an object with"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1, "a": 2}', "two members named 'a'"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": ' + "9" * 5_000 + "}", "too many digits"),
        ('{"format": "lemmata-proof/2", "theory": {}, "theorems": []}', "lemmata-proof/1"),
    ],
)
def test_what_is_no_proof_file(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_proof(text, "x.json")
    assert message in str(caught.value)
    assert "x.json" in str(caught.value)


def test_text_after_the_end_and_repeated_names() -> None:
    text = write_proof(theorems()["le_trans"])
    with pytest.raises(SourceError, match="not JSON"):
        read_proof(text + "{}")
    twice = document("le_trans")
    twice["theorems"].append(copy.deepcopy(twice["theorems"][0]))
    with pytest.raises(SourceError) as caught:
        read_proof(json.dumps(twice))
    assert "a name that no other theorem of the file has" in str(caught.value)


def test_a_lone_surrogate_is_refused() -> None:
    text = write_proof(theorems()["zero_add"]).replace('"zero_add"', '"\\ud800"')
    with pytest.raises(SourceError, match="not a proof file"):
        read_proof(text)


def test_numerals_of_any_size_are_short() -> None:
    signature = Signature(
        (Sort("N", ("0", "s")),), (Function("0", (), "N"), Function("s", ("N",), "N"))
    )
    deep = App("0", (), "N")
    for _ in range(20_000):
        deep = App("s", (deep,), "N")
    assert encode_term(deep) == {"repeat": 20_000, "function": "s", "of": "0"}
    statement = Statement("same", Equation(deep, deep), (equal(deep, deep),), "conjecture")
    step = Step(1, equal(deep, deep), Reflexivity())
    theorem = certify(Theory("n", signature, ()), {}, statement, Derivation((step,), (1,)))
    node = Node(json.loads(json.dumps(encode_term(deep))), "", "")
    assert Decoder(signature).closed(node) == deep
    assert theorem.statement.clauses[0].literal.atom.left == deep  # type: ignore[union-attr]


# Whole files, certified again


@pytest.fixture(scope="module")
def peano(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A theory file, and the document of a proof about it."""
    from lemmata.dsl.load import load

    from .samples import zero_add

    folder = tmp_path_factory.mktemp("peano")
    place = folder / "peano.mpl"
    place.write_text(PEANO, "utf-8")
    theory = load(place)
    derivation = zero_add()[1]
    theorem = certify(theory, {}, theory.conjecture("zero_add"), derivation)
    return place, json.loads(write_proof(theorem))


def audit(document: Any, folder: Path) -> Theorem | Refused:
    place = folder / "proof.json"
    place.write_text(json.dumps(document), "utf-8")
    auditor = Auditor()
    proof = auditor.open(place)
    theory, _ = auditor.theory(proof)
    *_, last = auditor.audit(proof, theory)
    return last


def test_a_proof_is_certified_from_its_file_or_its_text(
    peano: tuple[Path, Any], tmp_path: Path
) -> None:
    place, document = peano
    auditor = Auditor()
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(document), "utf-8")
    proof = auditor.open(path)
    assert auditor.theory(proof)[1] == str(place)
    moved = {**document, "theory": {**document["theory"], "path": "elsewhere.mpl"}}
    path.write_text(json.dumps(moved), "utf-8")
    proof = Auditor().open(path)
    theory, where = Auditor().theory(proof)
    assert "embedded" in where
    (theorem,) = Auditor().audit(proof, theory)
    assert isinstance(theorem, Theorem)


def test_a_changed_axiom_is_noticed(peano: tuple[Path, Any], tmp_path: Path) -> None:
    """The axioms that count are those of the theory's text, not those that the proof wants."""
    _, document = peano
    source = PEANO.replace("a + s(b) = s(a + b)", "a + s(b) = s(b + a)")
    changed = {**document, "theory": {**document["theory"], "source": source}}
    result = audit(changed, tmp_path)
    assert isinstance(result, Refused)
    assert result.error.step is not None


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("statement", "a = a", "states 'zero_add' differently"),
        ("clauses", [], "the clauses listed"),
        ("axioms", ["add_zero"], "the axioms and lemmas listed"),
        ("lemmas", ["add_zero"], "the axioms and lemmas listed"),
        ("results", [], "something else than the statement"),
        ("steps", [], "not an earlier step"),
    ],
)
def test_what_a_file_says_is_compared(
    peano: tuple[Path, Any], tmp_path: Path, member: str, value: object, reason: str
) -> None:
    document = copy.deepcopy(peano[1])
    document["theorems"][0][member] = value
    result = audit(document, tmp_path)
    assert isinstance(result, Refused)
    assert reason in result.error.reason


def test_a_lemma_that_the_theory_does_not_state_is_read_from_its_text(
    peano: tuple[Path, Any], tmp_path: Path
) -> None:
    document = copy.deepcopy(peano[1])
    entry = document["theorems"][0]
    entry.update(name="made_up", kind="lemma", statement="forall a : N. 0 + a = a")
    result = audit(document, tmp_path)
    assert isinstance(result, Theorem)
    entry["statement"] = "forall a : N. 0 + a = 0"
    result = audit(document, tmp_path)
    assert isinstance(result, Refused)


def leaves(value: Any) -> Iterator[Any]:
    """The document with one number, name or list changed, at every place of the steps."""
    if isinstance(value, dict):
        for name, inner in value.items():
            for changed in leaves(inner):
                yield {**value, name: changed}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for changed in leaves(inner):
                yield [*value[:index], changed, *value[index + 1 :]]
            yield [*value[:index], *value[index + 1 :]]
        if len(value) > 1 and value != value[::-1]:
            yield value[::-1]
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value)
    elif isinstance(value, str):
        yield from ("0", "s", "?a", "add_succ", "add_zero", "nothing")


def test_every_change_of_a_file_is_refused(peano: tuple[Path, Any], tmp_path: Path) -> None:
    document = peano[1]
    entry = document["theorems"][0]
    auditor = Auditor()
    count = 0
    for member in ("clauses", "steps", "results", "axioms", "lemmas"):
        for changed in leaves(entry[member]):
            if changed == entry[member]:
                continue
            count += 1
            text = json.dumps({**document, "theorems": [{**entry, member: changed}]})
            try:
                proof = read_proof(text)
                theory, _ = auditor.theory(proof)
                (result,) = auditor.audit(proof, theory)
            except SourceError:
                continue
            assert isinstance(result, Refused), changed
    assert count > 150
