"""Worlds that conjectures are tried in: the axioms run on values, and finite models."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import cast

from lemmata.engine.clause import Clause, Equal, Holds
from lemmata.engine.exploration.enumeration import Valuation
from lemmata.engine.exploration.truth import tried
from lemmata.engine.formula import Iff
from lemmata.engine.lowering import lower
from lemmata.engine.notation import Notation
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Function, Predicate, Signature, Sort, Statement, Theory

from .refuters.encoding import Value
from .refuters.evaluation import Evaluator
from .refuters.model import infinite_sort
from .refuters.program import INTEGER, is_numeral
from .refuters.reading import read_program

FUEL = 3_000
"""Calls that one evaluation may take."""

LARGEST = 3_000
"""The largest numeral that is written out as a term."""

FEW = 20
"""The same where strict evaluation did not end: run lazily, it ends as a rule in as many calls."""


class Running:
    """The theory's own functions and predicates on small values, each computed once."""

    def __init__(self, theory: Theory) -> None:
        self.evaluator = Evaluator(theory, FUEL, remembers=True)
        self.notation = Notation.of(theory)
        signature = theory.signature
        self.operations = {f.name: self.evaluator.operation(f) for f in signature.functions}
        self.functions = signature.function
        self.slots = {
            p.name: tuple(Var(f"#{n}", sort) for n, sort in enumerate(p.arguments))
            for p in signature.predicates
        }
        self.atoms = {name: Holds(name, slots) for name, slots in self.slots.items()}
        self.checks = {name: self.evaluator.check(atom)[1] for name, atom in self.atoms.items()}
        self.known: dict[tuple[str, tuple[Hashable, ...]], Hashable | None] = {}
        self.truths: dict[tuple[str, tuple[Hashable, ...]], bool | None] = {}

    def values(self, sort: str, count: int) -> Sequence[Hashable]:
        """The smallest values of a sort."""
        return self.evaluator.values(sort, count)

    def apply(self, symbol: str, args: tuple[Hashable, ...]) -> Hashable | None:
        """The value of a function, None where the axioms that run do not say."""
        key = (symbol, args)
        if key not in self.known:
            value = self.operations[symbol](*args)
            is_run = symbol in self.evaluator.program.routines
            if value is None and is_run and self._may_end(args):
                value = self._lazily(symbol, args)
            self.known[key] = value
        return self.known[key]

    def _may_end(self, args: tuple[Hashable, ...]) -> bool:
        """Whether a lazy run at these values is worth it, where the strict one gave up."""
        most = FEW if self.evaluator.is_spent else LARGEST
        return all(_is_small(arg, most) for arg in args)

    def _lazily(self, symbol: str, args: tuple[Hashable, ...]) -> Value | None:
        """The value of a function whose conditions must be searched for: ``max`` by ``<=``."""
        function = self.functions[symbol]
        terms = [self.term(arg, sort) for arg, sort in zip(args, function.arguments, strict=True)]
        found = self.evaluator.evaluate(App(symbol, tuple(terms), function.result))
        return None if found is None else self.evaluator.encoding.encode(found)

    def term(self, value: Hashable, sort: str) -> Term:
        """A value as a term of constructors."""
        return self.evaluator.encoding.decode(cast(Value, value), sort)

    def holds(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        """Whether a predicate is true, None where the axioms that run do not say."""
        key = (predicate, args)
        if key not in self.truths:
            slots = self.slots[predicate]
            truth = self.checks[predicate](*args)
            if truth is None and self._may_end(args):
                terms = {v: self.term(a, v.sort) for v, a in zip(slots, args, strict=True)}
                truth = self.evaluator.holds(self.atoms[predicate], terms)
            self.truths[key] = truth
        return self.truths[key]

    def written(self, value: Hashable, sort: str) -> str:
        """A value in the user's notation."""
        return self.notation.term(self.term(value, sort))


def _is_small(value: Hashable, most: int) -> bool:
    """Whether no number in a value is larger."""
    if isinstance(value, tuple):
        return all(_is_small(part, most) for part in value)
    return not isinstance(value, int) or value <= most


def worlds(
    theory: Theory,
    likely: Callable[[], Iterable[Clause]] = tuple,
    is_proved: Callable[[Clause], bool] = lambda clause: False,
) -> Sequence[Valuation]:
    """The worlds in which conjectures about a theory are tried.

    A theory over inductive sorts is run. What its axioms leave open, abstract sorts and functions
    on them, is filled in: a few elements, and tables drawn at random. A theory whose sorts may all
    be finite has finite models, such that statements that are ``likely`` but false fail in one;
    for what ``is_proved`` none is looked for.
    """
    if infinite_sort(theory.signature) is None:
        from .finite import finite_worlds  # z3 is loaded only where it is needed

        return finite_worlds(theory, likely(), is_proved)
    axioms = [c for axiom in theory.axioms if axiom.kind != "constructor" for c in axiom.clauses]
    holders = containing(theory)
    if holders:
        from .tables import Tables  # which runs the rest of the theory as the worlds here do

        tables = Tables(theory, holders)
        # Witnesses may be larger than the values that are tried.
        plain = [c for c in axioms if not any(case.exists for case in c.cases)]
        if tried(plain, [tables]).counterexample is None:
            return [tables]
    filled = [Running(instance) for instance in instances(theory)]
    true = [world for world in filled if tried(axioms, [world]).counterexample is None]
    return true or filled[:1]


def containing(theory: Theory) -> dict[str, Predicate]:
    """For each abstract sort that holds something, the predicate that says what."""
    signature = theory.signature
    defined = {
        axiom.formula.left.predicate
        for axiom in theory.axioms
        if axiom.kind == "definition"
        and isinstance(axiom.formula, Iff)
        and isinstance(axiom.formula.left, Holds)
    }
    found: dict[str, Predicate] = {}
    for predicate in signature.predicates:
        *inner, holder = predicate.arguments or ("",)
        is_open = predicate.name not in defined and bool(inner)
        is_abstract = holder in signature.sort and not signature.sort[holder].is_inductive
        if is_open and is_abstract and all(signature.sort[s].is_inductive for s in inner):
            found.setdefault(holder, predicate)
    abstract = [sort.name for sort in signature.sorts if not sort.is_inductive]
    return found if all(sort in found for sort in abstract) else {}


ELEMENTS = 3
"""How many elements an abstract sort has where it is filled in."""

INSTANCES = 3
"""In how many ways what is open is filled in."""


def instances(theory: Theory) -> Iterator[Theory]:
    """The theory itself if nothing is open, else variants with elements and tables of values."""
    program = read_program(theory)
    abstract = [s.name for s in theory.signature.sorts if not s.is_inductive and s.name != INTEGER]
    open_symbols = [f for f in theory.signature.functions if f.name in program.open_symbols]
    open_symbols = [f for f in open_symbols if not is_numeral(f.name, f.result, theory.signature)]
    if not abstract and not open_symbols:
        yield theory
        return
    for number in range(INSTANCES):
        yield _filled(theory, abstract, open_symbols, Random(number))


def _filled(
    theory: Theory, abstract: Sequence[str], open_symbols: Sequence[Function], random: Random
) -> Theory:
    """The theory with constants for elements and axioms for tables."""
    signature = theory.signature
    names = {sort: [f"{sort.lower()}{n}" for n in range(1, ELEMENTS + 1)] for sort in abstract}
    elements = {
        sort.name: [App(name, (), sort.name) for name in names.get(sort.name, sort.constructors)]
        for sort in signature.sorts
        if sort.name in names or _is_flat(signature, sort)
    }
    sorts = tuple(
        replace(sort, constructors=tuple(names[sort.name])) if sort.name in names else sort
        for sort in signature.sorts
    )
    constants = tuple(Function(name, (), sort) for sort in abstract for name in names[sort])
    axioms = list(theory.axioms)
    for function in open_symbols:
        pools = [elements.get(sort, []) for sort in function.arguments]
        results = elements.get(function.result, [])
        for args in product(*pools) if results else ():
            equation = Equal(App(function.name, args, function.result), random.choice(results))
            name = f"{function.name} at {len(axioms)}"
            axioms.append(Statement(name, equation, lower(equation).clauses))
    filled = replace(signature, sorts=sorts, functions=signature.functions + constants)
    return replace(theory, signature=filled, axioms=tuple(axioms))


def _is_flat(signature: Signature, sort: Sort) -> bool:
    functions = [signature.function[name] for name in sort.constructors]
    return bool(functions) and not any(function.arguments for function in functions)
