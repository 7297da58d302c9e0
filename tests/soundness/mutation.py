"""Every single change of a derivation: of a number, sign, name, term, link, rule, or list.

A change replaces one node of the tree that a derivation is, wherever it stands, by another of the
same type (or None by a link and back), or drops, repeats or exchanges elements of one list.
Numbers are replaced by all numbers of the derivation and one more, names and terms by all others
of their kind that occur in it or belong to the theory, rules by all other rules of the derivation
and by those that cite the same steps in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from lemmata.engine import derivation as rules
from lemmata.engine.citation import citations
from lemmata.engine.clause import Clause, Equal, Holds
from lemmata.engine.derivation import Derivation, Introduction, Law, Link, Rule
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Theory


@dataclass(frozen=True)
class Pool:
    """What may stand in place of something else."""

    numbers: tuple[int, ...]
    rules: tuple[Rule, ...]
    terms: tuple[Term, ...]
    laws: tuple[str, ...]
    functions: tuple[str, ...]
    predicates: tuple[str, ...]
    variables: tuple[str, ...]
    sorts: tuple[str, ...]

    @staticmethod
    def of(theory: Theory, derivation: Derivation, lemmas: tuple[str, ...]) -> Pool:
        found: dict[type, dict[Any, None]] = {}

        def visit(value: object) -> None:
            kind: type = type(value)
            if isinstance(value, Term):
                kind = App
            elif isinstance(value, Rule):
                kind = Introduction
            found.setdefault(kind, {})[value] = None
            if isinstance(value, tuple):
                for item in value:
                    visit(item)
            elif is_dataclass(value):
                for field in fields(value):
                    if field.init:
                        visit(getattr(value, field.name))

        visit(derivation)
        numbers = [number for number in found[int] if type(number) is int]
        terms = tuple(found.get(App, ()))
        named = {term.name for term in terms if isinstance(term, Var)}
        symbols = {term.symbol for term in terms if isinstance(term, App)}
        return Pool(
            tuple(range(max(numbers) + 2)),
            tuple(found[Introduction]),
            terms,
            (*(axiom.name for axiom in theory.axioms), *lemmas, "no such law"),
            (*sorted(symbols | set(theory.signature.function)), "no such function"),
            (*theory.signature.predicate, "no such predicate"),
            (*sorted(named), "another"),
            (*theory.signature.sort, "no such sort"),
        )


def mutants(derivation: Derivation, pool: Pool) -> Iterator[Derivation]:
    """All derivations that differ from one in a single place."""
    for mutant in _changed(derivation, pool):
        if mutant != derivation:
            yield mutant


def _changed(value: Any, pool: Pool) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case int():
            yield from pool.numbers
        case None:
            yield from (Link(number) for number in pool.numbers)
        case tuple():
            yield from _changed_list(value, pool)
        case Var() | App():
            yield from (term for term in pool.terms if term.sort == value.sort)
            yield from _changed_term(value, pool)
        case Law():
            yield from (replace(value, name=name) for name in pool.laws)
            yield from (replace(value, clause=number) for number in (-1, 0, 1, 2))
            yield from pool.numbers
        case Holds():
            yield from (replace(value, predicate=name) for name in pool.predicates)
            yield from _changed_fields(value, pool, skip=("predicate",))
        case Equal():
            yield Equal(value.right, value.left)
            yield from _changed_fields(value, pool)
        case rules.Induction():
            yield from (replace(value, variable=name) for name in pool.variables)
            yield from _changed_fields(value, pool, skip=("variable",))
            yield from _other_rules(value, pool)
        case _ if isinstance(value, Rule):
            yield from _changed_fields(value, pool)
            yield from _other_rules(value, pool)
        case Link():
            yield None
            yield from _changed_fields(value, pool)
        case _:
            yield from _changed_fields(value, pool)


def _changed_fields(value: Any, pool: Pool, skip: tuple[str, ...] = ()) -> Iterator[Any]:
    for field in fields(value):
        if field.init and field.name not in skip:
            for other in _changed(getattr(value, field.name), pool):
                if _is_well_typed(value, field.name, other):
                    yield replace(value, **{field.name: other})


def _is_well_typed(owner: object, field: str, value: Any) -> bool:
    match field:
        case "variables" | "exists":
            return all(isinstance(item, Var) for item in value)
        case "constants":
            return all(isinstance(item, App) for item in value)
        case "links" if isinstance(owner, rules.Chain):
            return all(isinstance(item, Link) for item in value)
        case "hypotheses":
            return all([type(part) for part in item] == [int, Clause] for item in value)
        case _:
            return True


def _changed_term(term: Term, pool: Pool) -> Iterator[Term]:
    if isinstance(term, Var):
        yield from (Var(name, term.sort) for name in pool.variables)
        yield from (Var(term.name, sort) for sort in pool.sorts)
        return
    yield from (App(name, term.args, term.sort) for name in pool.functions)
    yield from (App(term.symbol, term.args, sort) for sort in pool.sorts)
    for args in _changed_list(term.args, pool):
        if all(isinstance(arg, Var | App) for arg in args):
            yield App(term.symbol, args, term.sort)


def _changed_list(items: tuple[Any, ...], pool: Pool) -> Iterator[tuple[Any, ...]]:
    for place, item in enumerate(items):
        for other in _changed(item, pool):
            yield (*items[:place], other, *items[place + 1 :])
        yield (*items[:place], *items[place + 1 :])
        yield (*items[: place + 1], *items[place:])
        for target in range(len(items)):
            rest = [*items[:place], *items[place + 1 :]]
            yield (*rest[:target], item, *rest[target:])


def _other_rules(rule: Rule, pool: Pool) -> Iterator[Rule]:
    yield from pool.rules
    cited = citations(rule)
    links = tuple(Link(number) for number in cited)
    yield rules.Reflexivity()
    yield rules.Chain(links)
    yield rules.Chain(tuple(Link(number, False) for number in reversed(cited)))
    yield rules.Congruence(links)
    yield from (rules.Part(number, index) for number in cited for index in (0, 1))
    yield from (rules.Present(index, (), cited) for index in (0, 1))
    yield from (rules.Instance(number, (), cited) for number in pool.numbers)
    yield from (rules.Instance(Law(name), (), cited) for name in pool.laws)
    yield from (rules.Clash(one, two) for one in cited for two in cited)
    yield from (rules.Transport(one, (None, Link(two))) for one in cited for two in cited)
    yield from (rules.Transport(one, (Link(two), None)) for one in cited for two in cited)


def same_meaning(one: Derivation, other: Derivation) -> bool:
    """Whether two derivations differ at most in how they name the constants they introduce."""
    return _renamed(one) == _renamed(other)


def _renamed(derivation: Derivation) -> Any:
    """The derivation with introduced constants named by the order of their introduction."""
    count = 0

    def introduce(constants: tuple[App, ...], names: dict[str, str]) -> dict[str, str]:
        nonlocal count
        names = dict(names)
        for constant in constants:
            count += 1
            names[constant.symbol] = f"#{count}"
        return names

    def visit(value: Any, names: dict[str, str]) -> Any:
        match value:
            case App(symbol, args, sort):
                return App(names.get(symbol, symbol), tuple(visit(a, names) for a in args), sort)
            case rules.Subproof():
                return visit_fields(value, introduce(value.constants, names))
            case (rules.Step(), *_):
                steps = []
                for step in value:
                    if isinstance(step.rule, rules.Open):
                        names = introduce(step.rule.constants, names)
                    steps.append(visit_fields(step, names))
                return tuple(steps)
            case tuple():
                return tuple(visit(item, names) for item in value)
            case _ if is_dataclass(value):
                return visit_fields(value, names)
            case _:
                return value

    def visit_fields(value: Any, names: dict[str, str]) -> Any:
        changed = {f.name: visit(getattr(value, f.name), names) for f in fields(value) if f.init}
        return replace(value, **changed)

    return visit(derivation, {})
