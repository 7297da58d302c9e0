"""Proof files read, their theory lowered afresh, and every theorem in them certified again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.errors import CheckError, LemmataError
from lemmata.engine.lowering import lower
from lemmata.engine.notation import Notation
from lemmata.engine.proof_file import Claim, ProofFile, read_proof, statement_text
from lemmata.engine.theory import Statement, Theory

from .source import read_text, read_theory


@dataclass(frozen=True, slots=True)
class Refused:
    """A theorem that was not accepted: which, at which step, and why."""

    name: str
    error: CheckError


@dataclass(slots=True)
class Auditor:
    """Certifies proof files; theories and theorems that several files share are checked once.

    ``override`` is a theory to check against instead of the one that each file names.
    """

    override: Theory | None = None
    theories: dict[tuple[str, str], tuple[Theory, str]] = field(default_factory=dict)
    certified: dict[tuple[int, str], tuple[Claim, Theorem]] = field(default_factory=dict)

    def open(self, path: Path) -> ProofFile:
        """Reads a proof file; ``SourceError`` if it is not one."""
        return read_proof(read_text(path), str(path))

    def theory(self, proof: ProofFile) -> tuple[Theory, str]:
        """The theory of a proof file, lowered afresh, and where it was read: the file it names if
        that says what the proof embeds, else the embedded text."""
        if self.override is not None:
            return self.override, self.override.path
        key = (proof.path, proof.source)
        if key not in self.theories:
            self.theories[key] = _theory(proof)
        return self.theories[key]

    def audit(self, proof: ProofFile, theory: Theory) -> Iterator[Theorem | Refused]:
        """Each theorem of the file in order, certified or refused; ends at the first refusal."""
        theorems: dict[str, Theorem] = {}
        claims = proof.claims(theory.signature)
        for entry in proof.entries:
            name = entry.member("name").text()
            try:
                theorem = self.certify(next(claims), theory, theorems)
            except CheckError as error:
                yield Refused(name, error)
                return
            theorems[theorem.name] = theorem
            yield theorem

    def certify(self, claim: Claim, theory: Theory, theorems: dict[str, Theorem]) -> Theorem:
        """The theorem that a claim proves from the theory and the theorems before it."""
        known = self.certified.get((id(theory), claim.name))
        if known is not None and known[0] == claim:
            lemmas = tuple(theorems.get(name) for name in claim.lemmas)
            if lemmas == known[1].cited:
                return known[1]
        statement = _statement(claim, theory)
        theorem = certify(theory, theorems, statement, claim.derivation)
        if (theorem.axioms, theorem.lemmas) != (claim.axioms, claim.lemmas):
            raise CheckError("the axioms and lemmas listed are not those that the steps use")
        self.certified[id(theory), claim.name] = (claim, theorem)
        return theorem


def _theory(proof: ProofFile) -> tuple[Theory, str]:
    path = Path(proof.path)
    if path.exists():
        try:
            theory = read_theory(path)
        except LemmataError:
            pass  # what the proof embeds may be right still, or says what is wrong with it
        else:
            if theory.source == proof.source:
                return theory, proof.path
    return _embedded(proof), f"the text embedded in {proof.file}"


def _embedded(proof: ProofFile) -> Theory:
    if proof.path.endswith(".smt2"):
        from lemmata.dsl.tip import parse_tip

        return parse_tip(proof.source, proof.path)
    from lemmata.dsl.load import parse_theory

    return parse_theory(proof.source, proof.path)


def _statement(claim: Claim, theory: Theory) -> Statement:
    """The statement that the claim is about, lowered afresh: a conjecture of the theory as it
    stands there, anything else from its text."""
    from lemmata.dsl.load import parse_formula

    found = theory.statements.get(claim.name)
    if found is not None and found in theory.conjectures:
        if claim.statement != statement_text(found, Notation.of(theory)):
            raise CheckError(f"the theory states '{claim.name}' differently")
        statement = found
    else:
        formula = parse_formula(theory, claim.statement)
        lowered = lower(formula, claim.name)
        if lowered.definitions:
            raise CheckError(f"the lemma '{claim.name}' needs auxiliary predicates")
        statement = Statement(claim.name, formula, lowered.clauses, "lemma")
    if claim.clauses != statement.clauses:
        raise CheckError("the clauses listed are not those of the statement")
    return statement
