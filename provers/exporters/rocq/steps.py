"""The steps of a derivation as Rocq tactics: one ``assert`` a step, proved by an explicit term.

Nothing searches here. A step names exactly the steps that it cites, so that none can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from lemmata.engine import derivation as rules
from lemmata.engine.clause import FALSUM, Case, Clause, Literal, atom_terms, with_terms
from lemmata.engine.derivation import Law, Link, Step, Subproof
from lemmata.engine.term import App, Term

from .expression import HOLE, Expression, nested, projection


@dataclass(slots=True)
class StepWriter:
    """Writes the steps of one theorem.

    ``laws`` names the lemma that states each clause of an axiom or theorem, ``clauses`` are those
    in scope, by number; ``classical`` tells whether excluded middle was used.
    """

    expression: Expression
    laws: Mapping[Law, str]
    clauses: dict[int, Clause] = field(default_factory=dict)
    classical: bool = False

    def steps(self, steps: Sequence[Step], depth: int) -> Iterator[str]:
        """The lines of all steps, indented."""
        for step in steps:
            yield from self.step(step, "  " * depth, depth)
            self.clauses[step.number] = step.conclusion

    def step(self, step: Step, margin: str, depth: int) -> Iterator[str]:
        if isinstance(step.rule, rules.Open):
            chosen = self.clauses[step.rule.step].cases[0]
            pattern = self.pattern(chosen, step.rule.constants, f"h{step.number}")
            yield f"{margin}refine (match h{step.rule.step} with {pattern} => _ end)."
            return
        opening = f"{margin}assert (h{step.number} : {self.expression.clause(step.conclusion)})."
        proof = self.proof(step, depth + 1)
        if isinstance(proof, str):
            yield f"{opening} {{ exact {proof}. }}"
        else:
            yield f"{opening} {{"
            yield from proof
            yield f"{margin}}}"

    def proof(self, step: Step, depth: int) -> str | Iterator[str]:
        """A proof term, or the lines of a proof with subproofs."""
        goal, write = step.conclusion, self.expression
        match step.rule:
            case rules.Instance(source, terms, premises):
                law = self.laws[source] if isinstance(source, Law) else f"h{source}"
                args = [*map(write.term, terms), *(f"h{number}" for number in premises)]
                return write.applied(law, args)
            case rules.Reflexivity():
                return f"(eq_refl {write.term(goal.sides[0])})"
            case rules.Chain(links):
                return nested("eq_trans", map(self.link, links), "")
            case rules.Congruence(links):
                return self.congruence(goal.sides[0], links)
            case rules.Transport(number, links):
                return self.transport(number, links)
            case rules.Clash(positive, negative):
                return f"(h{negative} h{positive})"
            case rules.Open():
                raise AssertionError("opened before")
            case rules.Part(number, index):
                count = len(self.clauses[number].cases[0].literals)
                return projection(f"h{number}", index, count)
            case rules.Present(index, terms, facts):
                return self.present(len(goal.cases), index, terms, facts)
            case rules.Cases(number, branches):
                return self.cases(goal, number, branches, depth)
            case rules.Refutation(subproof):
                return self.refutation(goal.literal, subproof, depth)
            case rules.Excluded(atom):
                self.classical = True
                return f"(classical {write.atom(atom)})"
            case rules.Introduction(subproof):
                return self.introduction(goal, subproof, depth)
            case rules.Induction(variable, branches):
                return self.induction(goal, variable, branches, depth)
            case _:
                assert_never(step.rule)

    # Equality

    def link(self, link: Link) -> str:
        return f"h{link.step}" if link.forward else f"(eq_sym h{link.step})"

    def ends(self, link: Link) -> tuple[Term, Term]:
        left, right = self.clauses[link.step].sides
        return (left, right) if link.forward else (right, left)

    def congruence(self, left: App, links: Sequence[Link | None]) -> str:
        """Arguments are replaced one after the other."""
        args, parts = [self.expression.term(arg) for arg in left.args], []
        name = self.expression.names.of("symbol", left.symbol)
        for place, link in enumerate(links):
            if link is not None:
                _, right = self.ends(link)
                sort = self.expression.sort(right.sort)
                holed = self.expression.applied(name, [*args[:place], "x0", *args[place + 1 :]])
                parts.append(f"(f_equal (fun x0 : {sort} => {holed}) {self.link(link)})")
                args[place] = self.expression.term(right)
        return nested("eq_trans", parts, "")

    def transport(self, number: int, links: Sequence[Link | None]) -> str:
        """Terms are replaced one after the other."""
        literal, proof = self.clauses[number].literal, f"h{number}"
        write = self.expression
        for place, link in enumerate(links):
            if link is not None:
                terms = list(atom_terms(literal.atom))
                left, right = self.ends(link)
                terms[place] = HOLE
                holed = write.literal(
                    Literal(with_terms(literal.atom, tuple(terms)), literal.positive)
                )
                sort = write.sort(right.sort)
                proof = (
                    f"(@eq_ind {sort} {write.term(left)} (fun x0 : {sort} => {holed}) {proof} "
                    f"{write.term(right)} {self.link(link)})"
                )
                terms[place] = right
                literal = Literal(with_terms(literal.atom, tuple(terms)), literal.positive)
        return proof

    # Cases

    def pattern(self, case: Case, constants: Sequence[App], name: str) -> str:
        """The pattern that opens what exists; ``name`` stands for what is true of it."""
        for constant in reversed(constants):
            name = f"(ex_intro _ {self.expression.term(constant)} {name})"
        return name

    def present(self, count: int, index: int, terms: Sequence[Term], facts: Sequence[int]) -> str:
        proof = nested("conj", (f"h{number}" for number in facts), "I")
        for term in reversed(terms):
            proof = f"(ex_intro _ {self.expression.term(term)} {proof})"
        if index < count - 1:
            proof = f"(or_introl {proof})"
        return "(or_intror " * index + proof + ")" * index

    def cases(
        self, goal: Clause, number: int, branches: Sequence[Subproof], depth: int
    ) -> Iterator[str]:
        margin, given = "  " * depth, self.clauses[number].cases
        if not branches:
            yield f"{margin}exact (False_ind _ h{number})."
            return
        yield f"{margin}refine (match h{number} with"
        for place, (case, branch) in enumerate(zip(given, branches, strict=True)):
            facts = nested("conj", (f"h{number}" for number, _ in branch.hypotheses), "_")
            pattern = self.pattern(case, branch.constants, facts)
            if place < len(given) - 1:
                pattern = f"(or_introl {pattern})"
            yield f"{margin}| {'(or_intror ' * place}{pattern}{')' * place} => _"
        yield f"{margin}end)."
        for branch in branches:
            yield from self.block(branch, goal, [], depth)

    def refutation(self, literal: Literal, subproof: Subproof, depth: int) -> Iterator[str]:
        margin = "  " * depth
        ((number, _),) = subproof.hypotheses
        if literal.positive:
            self.classical = True
            atom = self.expression.atom(literal.atom)
            yield (
                f"{margin}refine (match classical {atom} with or_introl x0 => x0 "
                f"| or_intror h{number} => False_ind _ _ end)."
            )
            yield from self.inside(subproof, FALSUM, depth)
        else:
            yield f"{margin}intro h{number}."
            yield from self.inside(subproof, FALSUM, depth)

    # Clauses

    def introduction(self, goal: Clause, subproof: Subproof, depth: int) -> Iterator[str]:
        names = [self.expression.term(constant) for constant in subproof.constants]
        names += [f"h{number}" for number, _ in subproof.hypotheses]
        if names:
            yield f"{'  ' * depth}intros {' '.join(names)}."
        yield from self.inside(subproof, goal.head, depth)

    def induction(
        self, goal: Clause, variable: str, branches: Sequence[Subproof], depth: int
    ) -> Iterator[str]:
        on = next(var for var in goal.variables if var.name == variable)
        write, margin = self.expression, "  " * depth
        others = tuple(var for var in goal.variables if var != on)
        claim = write.clause(Clause(others, goal.premises, goal.cases))
        variables = write.binders(goal.variables)
        names = " ".join(write.term(var) for var in (on, *others))
        holes = " ".join("_" * len(branches))
        yield (
            f"{margin}refine (fun {variables} => {write.principle(on.sort)} "
            f"(fun {write.binders((on,))} => {claim}) {holes} {names})."
        )
        constructors = write.signature.sort[on.sort].constructors
        for branch, name in zip(branches, constructors, strict=True):
            count = len(write.signature.function[name].arguments)
            known = sum(arg.sort == on.sort for arg in branch.constants[:count])
            numbers = [f"h{number}" for number, _ in branch.hypotheses]
            constants = [write.term(constant) for constant in branch.constants]
            opened = constants[:count] + numbers[:known] + constants[count:] + numbers[known:]
            yield from self.block(branch, goal.head, opened, depth)

    def block(
        self, subproof: Subproof, goal: Clause, opened: Sequence[str], depth: int
    ) -> Iterator[str]:
        """A subproof in braces."""
        margin = "  " * depth
        yield f"{margin}{{"
        if opened:
            yield f"{margin}  intros {' '.join(opened)}."
        yield from self.inside(subproof, goal, depth + 1)
        yield f"{margin}}}"

    def inside(self, subproof: Subproof, goal: Clause, depth: int) -> Iterator[str]:
        """The steps of a subproof, and its result."""
        self.clauses.update(subproof.hypotheses)
        yield from self.steps(subproof.steps, depth)
        shown = f"h{subproof.result}"
        if self.clauses[subproof.result] == FALSUM and goal != FALSUM:
            shown = f"(False_ind _ {shown})"
        yield f"{'  ' * depth}exact {shown}."
