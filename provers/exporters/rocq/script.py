"""Theorems and their lemmas as one Rocq script: sorts and symbols, axioms, then proofs in order.

The script needs no library and admits nothing. Everything assumed stands at its head as variables
and hypotheses of one section: the symbols, each axiom used as the formula that a person wrote, an
induction principle for each sort on which induction is done, and excluded middle only if used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lemmata.engine.checker import Theorem
from lemmata.engine.citation import subproofs
from lemmata.engine.clause import Clause, Holds, atom_terms, clause_literals
from lemmata.engine.derivation import Induction, Instance, Law, Step
from lemmata.engine.formula import Formula, Iff
from lemmata.engine.lowering import free_variables
from lemmata.engine.proof_file import in_order
from lemmata.engine.term import App, Term, Var, subterms
from lemmata.engine.theory import Sort, Statement, Theory

from .entailment import Entailment
from .expression import Expression, joined, nested, projection
from .instance import clause_formula
from .names import Names
from .steps import StepWriter

DEEP = 12
"""From which depth on a closed constructor term is defined instead of written out."""


def rocq(*theorems: Theorem) -> str:
    """The Rocq script that proves theorems of one theory and all lemmas they rest on, each once.

    ``coqc`` 8.16 or later accepts it. Each axiom and theorem is stated as the formula it was read
    from; the clauses that proofs work with are derived from it, so the lowering is checked too.
    """
    return _Script(theorems[-1].theory, in_order(theorems), _title(theorems)).text()


def _title(theorems: tuple[Theorem, ...]) -> str:
    return theorems[0].name if len(theorems) == 1 else f"{len(theorems)} theorems"


@dataclass(slots=True)
class _Script:
    theory: Theory
    theorems: tuple[Theorem, ...]
    title: str
    names: Names = field(default_factory=Names)
    laws: dict[Law, str] = field(default_factory=dict)
    values: dict[App, str] = field(default_factory=dict)
    classical: bool = False
    cited: frozenset[Law] = frozenset()

    @property
    def auxiliaries(self) -> dict[str, Formula]:
        """The definitions of the predicates that lowering introduced, by predicate."""
        axioms = self.theory.axioms
        return {axiom.name: axiom.formula for axiom in axioms if axiom.kind == "auxiliary"}

    @property
    def expression(self) -> Expression:
        return Expression(self.theory.signature, self.names, self.values)

    def text(self) -> str:
        theory, theorems = self.theory, self.theorems
        rules = [step.rule for each in theorems for step in _steps(each.derivation.steps)]
        sources = (rule.source for rule in rules if isinstance(rule, Instance))
        self.cited = frozenset(source for source in sources if isinstance(source, Law))
        used = {name for each in theorems for name in each.axioms}
        axioms = [axiom for axiom in theory.axioms if axiom.name in used]
        signature = [*self.signature(), *self.definitions(theorems)]
        induction = [
            line
            for sort in theory.signature.sorts
            if any(_inducts_on(each, sort) for each in theorems)
            for line in self.principle(sort)
        ]
        hypotheses = [line for axiom in axioms for line in self.hypothesis(axiom)]
        clauses = [line for axiom in axioms for line in self.clauses_of(axiom)]
        proofs = [line for each in theorems for line in self.lemma(each)]
        excluded = ["Hypothesis classical : forall P : Prop, P \\/ ~ P."] if self.classical else []
        section = "Theory"
        lines = [
            *self.heading(),
            f"Section {section}.",
            "",
            *signature,
            "",
            *induction,
            *excluded,
            *hypotheses,
            "",
            *clauses,
            *proofs,
            f"End {section}.",
        ]
        return "\n".join(lines) + "\n"

    def heading(self) -> Iterator[str]:
        yield f"(* {_comment(self.title)}, in the theory {_comment(self.theory.name)}."
        yield "   Everything assumed is a Variable or a Hypothesis of the section."
        yield from (f"   {line}" for line in self.names.table())
        yield "*)"

    def signature(self) -> Iterator[str]:
        signature, write = self.theory.signature, self.expression
        for sort in signature.sorts:
            yield f"Variable {write.sort(sort.name)} : Set."
        for function in signature.functions:
            types = " -> ".join(map(write.sort, (*function.arguments, function.result)))
            yield f"Variable {self.names.of('symbol', function.name)} : {types}."
        auxiliaries = self.auxiliaries
        for predicate in signature.predicates:
            if predicate.name in auxiliaries:
                continue
            types = " -> ".join([*map(write.sort, predicate.arguments), "Prop"])
            yield f"Variable {self.names.of('symbol', predicate.name)} : {types}."
        for name, definition in auxiliaries.items():
            if isinstance(definition, Iff) and isinstance(definition.left, Holds):
                body = write.formula(definition.right)
                binders = write.binders(free_variables(definition.left))
                symbol = self.names.of("symbol", name)
                yield f"Definition {symbol} {binders} : Prop := {body}."

    def definitions(self, theorems: tuple[Theorem, ...]) -> Iterator[str]:
        """Names for deep constructor terms, each defined by those inside it: written out in every
        step, they would make the script slow to read."""
        constructors = self.theory.signature.constructors
        found: dict[App, int] = {}
        for theorem in theorems:
            for term in _terms(theorem):
                _measure(term, constructors, found)
        deep = {term for term, depth in found.items() if depth >= DEEP}
        inside = {part for term in deep for part in subterms(term) if isinstance(part, App)}
        for term in sorted(inside, key=lambda term: found[term]):
            if term.args:
                body = self.expression.term(term)
                name = self.names.fresh(f"v{len(self.values) + 1}")
                self.values[term] = name
                yield f"Definition {name} := {body}."

    def principle(self, sort: Sort) -> Iterator[str]:
        write = self.expression
        type_ = write.sort(sort.name)
        yield f"Hypothesis {write.principle(sort.name)} :"
        yield f"  forall P : {type_} -> Prop,"
        for constructor in sort.constructors:
            arguments = self.theory.signature.function[constructor].arguments
            names = [f"x{place}" for place in range(len(arguments))]
            typed = zip(names, arguments, strict=True)
            binders = " ".join(f"({name} : {write.sort(argument)})" for name, argument in typed)
            known = [
                f"P {name} -> "
                for name, argument in zip(names, arguments, strict=True)
                if argument == sort.name
            ]
            built = write.applied(self.names.of("symbol", constructor), names)
            prefix = f"forall {binders}, " if names else ""
            yield f"  ({prefix}{''.join(known)}P {built}) ->"
        yield f"  forall x0 : {type_}, P x0."

    def hypothesis(self, axiom: Statement) -> Iterator[str]:
        name = self.names.of("law", axiom.name)
        formula = self.expression.statement(axiom.formula)
        if axiom.kind == "auxiliary":
            binders = self.expression.binders(free_variables(axiom.formula))
            proof = f"fun {binders} => conj (fun x0 => x0) (fun x0 => x0)"
            yield from _lemma(name, formula, [f"exact ({proof})."])
        else:
            yield f"Hypothesis {name} : {formula}."

    def clauses_of(self, axiom: Statement) -> Iterator[str]:
        """The clauses of an axiom that steps cite, derived from its formula."""
        name = self.names.of("law", axiom.name)
        for index, clause in enumerate(axiom.clauses):
            if Law(axiom.name, index) not in self.cited:
                continue
            if self.is_same(clause, axiom.formula):
                self.laws[Law(axiom.name, index)] = name
                continue
            label = self.label(axiom.name, index)
            proof = self.entail([(axiom.formula, name)], clause_formula(clause))
            yield from _lemma(label, self.expression.clause(clause), [f"exact {proof}."])

    def lemma(self, theorem: Theorem) -> Iterator[str]:
        """A theorem: its clauses by the steps of the derivation, then its formula from them."""
        statement, write = theorem.statement, self.expression
        clauses, formula = statement.clauses, write.statement(statement.formula)
        name = self.names.of("law", statement.name)
        writer = StepWriter(write, self.laws)
        proof = list(writer.steps(theorem.derivation.steps, 0))
        self.classical |= writer.classical
        results = [f"h{number}" for number in theorem.derivation.results]
        proof.append(f"exact {nested('conj', results, 'I')}.")
        if len(clauses) == 1 and self.is_same(clauses[0], statement.formula):
            self.laws[Law(statement.name, 0)] = name
            yield from _lemma(name, formula, proof)
            return
        whole = self.names.fresh(f"{name}_clauses")
        yield from _lemma(whole, joined("/\\", map(write.clause, clauses), "True"), proof)
        parts = []
        for index, clause in enumerate(clauses):
            part = projection(whole, index, len(clauses))
            label = self.label(statement.name, index)
            yield from _lemma(label, write.clause(clause), [f"exact {part}."])
            parts.append((clause_formula(clause), label))
        yield from _lemma(name, formula, [f"exact {self.entail(parts, statement.formula)}."])

    def is_same(self, clause: Clause, formula: Formula) -> bool:
        return self.expression.clause(clause) == self.expression.statement(formula)

    def label(self, name: str, index: int) -> str:
        """The name of a lemma that states one clause, noted for the steps that cite it."""
        label = self.names.fresh(f"{self.names.of('law', name)}_{index}")
        self.laws[Law(name, index)] = label
        return label

    def entail(self, assumptions: list[tuple[Formula, str]], goal: Formula) -> str:
        search = Entailment(self.expression, self.auxiliaries)
        proof = search.prove(assumptions, goal)
        self.classical |= search.classical
        return proof


def _lemma(name: str, statement: str, proof: list[str]) -> Iterator[str]:
    yield f"Lemma {name} : {statement}."
    yield "Proof."
    yield from (f"  {line}" for line in proof)
    yield "Qed."
    yield ""


def _steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """All steps, those of subproofs included."""
    for step in steps:
        for proof in subproofs(step.rule):
            yield from _steps(proof.steps)
        yield step


def _terms(theorem: Theorem) -> Iterator[Term]:
    """The terms of the statement and of all conclusions."""
    conclusions = (step.conclusion for step in _steps(theorem.derivation.steps))
    for clause in (*theorem.statement.clauses, *conclusions):
        for literal in clause_literals(clause):
            yield from atom_terms(literal.atom)


def _measure(term: Term, constructors: frozenset[str], found: dict[App, int]) -> None:
    """Notes the depth of all closed constructor terms in a term."""
    for part in reversed([*subterms(term)]):
        if isinstance(part, App) and part not in found and part.symbol in constructors:
            depths = [found.get(arg) if isinstance(arg, App) else None for arg in part.args]
            known = [depth for depth in depths if depth is not None]
            if len(known) == len(depths):
                found[part] = 1 + max(known, default=0)


def _inducts_on(theorem: Theorem, sort: Sort) -> bool:
    return any(
        isinstance(step.rule, Induction)
        and Var(step.rule.variable, sort.name) in step.conclusion.variables
        for step in _steps(theorem.derivation.steps)
    )


def _comment(text: str) -> str:
    return text.replace('"', "''").replace("(*", "( *").replace("*)", "* )")
