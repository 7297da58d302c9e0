"""Proving one clause: directly, or by structural induction on one of its variables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lemmata.engine.block import Block
from lemmata.engine.budget import Clock
from lemmata.engine.clause import Clause, Literal, atom_terms, clause_literals
from lemmata.engine.derivation import Induction, Instance, Introduction
from lemmata.engine.explanation import Writer
from lemmata.engine.term import App, Term, Var, subterms, variables

from .closing import close
from .workspace import Effort, Proof, Workspace


def prove_directly(
    work: Workspace, block: Block, clause: Clause, effort: Effort, clock: Clock
) -> Proof | None:
    """A proof for arbitrary elements, by saturation and case splits."""
    inside = {
        var for premise in clause.premises for t in atom_terms(premise.atom) for var in variables(t)
    }
    given = tuple(var for var in clause.variables if var in inside)
    others = tuple(var for var in clause.variables if var not in inside)
    names = dict(zip(given, _constants(block, given), strict=True))
    premises = tuple(premise.at(names) for premise in clause.premises)
    keys: tuple[int, ...] = ()
    if premises:
        # Goals with equal premises share a block, and what was derived from them.
        shared = work.prefix(premises)
        block, keys = shared.block, shared.keys
        block.run(0, effort.facts, clock)
    rest = _constants(block, others)
    names |= dict(zip(others, rest, strict=True))
    there = clause.at(names)
    child = work.grid.open(block, "direct", ceiling=effort.cost)
    child.introduce(rest)
    proof = close(work, child, there.cases, effort, clock)
    if proof is None:
        return None

    def write(writer: Writer) -> int:
        if clause.is_head:
            return proof(writer)
        hypotheses = [(k, p.fact) for k, p in zip(keys, premises, strict=True)]
        numbered = writer.begin(hypotheses)
        result = proof(writer)
        constants = tuple(names[var] for var in clause.variables)
        subproof = writer.end(constants, numbered, result)
        return writer.emit(clause, Introduction(subproof))

    return write


def prove_by_induction(
    work: Workspace, block: Block, clause: Clause, on: Var, effort: Effort, clock: Clock
) -> Proof | None:
    """A proof by induction on one variable; the others are generalised in the hypothesis."""
    signature = work.theory.signature
    others = tuple(var for var in clause.variables if var != on)
    branches = []
    for name in signature.sort[on.sort].constructors:
        sorts = signature.function[name].arguments
        places = tuple(Var(_argument(on, number, len(sorts)), s) for number, s in enumerate(sorts))
        constants = _constants(block, places + others)
        args, rest = constants[: len(places)], constants[len(places) :]
        assumed = [clause.at({on: arg}) for arg in args if arg.sort == on.sort]
        built = {on: App(name, args, on.sort), **dict(zip(others, rest, strict=True))}
        there = clause.at(built)
        clauses = (*assumed, *(premise.fact for premise in there.premises))
        child = work.grid.open(block, f"{on.name} = {name}", clauses, effort.cost)
        child.introduce(constants)
        keys = []
        for hypothesis in assumed:
            keys.append(next(work.keys))
            if hypothesis.is_fact:
                child.assume(hypothesis.literal, keys[-1])
            else:
                child.listen(work.maker.rules("induction hypothesis", keys[-1], hypothesis))
            if not hypothesis.premises and not hypothesis.is_literal_head and rest:
                # Nothing may ask for a choice at the elements that the goal is about.
                rule = work.maker.instance("induction hypothesis", keys[-1], hypothesis)
                child.apply_at(rule, rest)
        keys += _assume(work, child, there.premises)
        proof = close(work, work.grid.open(child, "goal"), there.cases, effort, clock)
        if proof is None and effort.nested:
            proof = _nested(work, child, clause, on, built[on], rest, effort, clock)
        if proof is None:
            return None
        work.grid.close(child, "closed")
        branches.append((constants, keys, clauses, proof))

    def write(writer: Writer) -> int:
        subproofs = []
        for constants, keys, clauses, proof in branches:
            numbered = writer.begin(list(zip(keys, clauses, strict=True)))
            result = proof(writer)
            subproofs.append(writer.end(constants, numbered, result))
        return writer.emit(clause, Induction(on.name, tuple(subproofs)))

    return write


def _nested(
    work: Workspace,
    block: Block,
    clause: Clause,
    on: Var,
    built: App,
    rest: tuple[App, ...],
    effort: Effort,
    clock: Clock,
) -> Proof | None:
    """Inside a branch: the claim at this constructor, by induction on another variable.

    What a constructor without recursive arguments holds is a variable again: a claim about all
    ``pos(n)`` may need induction on ``n``.
    """
    inner, held = _at_constructor(work, clause, on, built)
    less = replace(effort, nested=effort.nested - 1)
    for var in candidates(work, inner):
        proof = prove_by_induction(work, block, inner, var, less, clock)
        if proof is not None:
            break
        if clock.is_over:
            return None
    else:
        return None
    chosen = proof
    elements = (*held, *rest)
    there = inner.at(dict(zip(inner.variables, elements, strict=True)))

    def write(writer: Writer) -> int:
        number = chosen(writer)
        premises = tuple(writer.given(premise.fact) for premise in there.premises)
        return writer.emit(Clause((), (), there.cases), Instance(number, elements, premises))

    return write


def _at_constructor(
    work: Workspace, clause: Clause, on: Var, built: App
) -> tuple[Clause, tuple[Term, ...]]:
    """The claim at a constructor for all that it holds, and the constants for that in ``built``."""
    sorts = work.theory.signature.sort
    taken = {var.name for var in clause.variables if var != on}
    taken |= {var.name for case in clause.cases for var in case.exists}
    names = [_argument(on, number, len(built.args)) for number in range(len(built.args))]
    is_held = [sorts[arg.sort].is_inductive for arg in built.args]
    if not any(is_held) or any(arg.sort == on.sort for arg in built.args):
        return clause.at({on: built}), ()
    if not taken.isdisjoint(names):
        return clause.at({on: built}), ()
    args: list[Term] = [
        Var(name, arg.sort) if held else arg
        for name, arg, held in zip(names, built.args, is_held, strict=True)
    ]
    whole = {on: App(built.symbol, tuple(args), on.sort)}
    variables = tuple(arg for arg in args if isinstance(arg, Var))
    inner = Clause(
        (*variables, *(var for var in clause.variables if var != on)),
        tuple(premise.at(whole) for premise in clause.premises),
        tuple(case.at(whole) for case in clause.cases),
    )
    return inner, tuple(arg for arg, held in zip(built.args, is_held, strict=True) if held)


def candidates(work: Workspace, clause: Clause) -> Iterator[Var]:
    """Variables to induct on: first those that recursive definitions look at most."""
    signature = work.theory.signature
    score: dict[Var, int] = {
        var: 0 for var in clause.variables if signature.sort[var.sort].is_inductive
    }
    for literal in clause_literals(clause):
        for term in atom_terms(literal.atom):
            for part in subterms(term):
                if not isinstance(part, App):
                    continue
                places = work.positions.get(part.symbol, frozenset())
                for place, arg in enumerate(part.args):
                    if isinstance(arg, Var) and arg in score and part.symbol in work.positions:
                        score[arg] += 2 if place in places else -1
    yield from sorted(score, key=lambda var: -score[var])


def _argument(on: Var, number: int, count: int) -> str:
    return on.name if count == 1 else f"{on.name}{number + 1}"


def _constants(block: Block, variables: tuple[Var, ...]) -> tuple[App, ...]:
    """New constants for variables, named like them where that is free."""
    taken: set[str] = set()
    constants = []
    for var in variables:
        name = block.fresh(var.name, taken)
        taken.add(name)
        constants.append(App(name, (), var.sort))
    return tuple(constants)


def _assume(work: Workspace, block: Block, premises: tuple[Literal, ...]) -> list[int]:
    keys = []
    for premise in premises:
        keys.append(next(work.keys))
        block.assume(premise, keys[-1])
    return keys
