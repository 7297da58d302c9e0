"""Worlds of sets and relations: abstract sorts whose elements are finite tables of small values.

Where a predicate says what an element of an abstract sort contains, ``member(x, A)`` or
``maps(x, y, f)``, the elements are read as the sets of what they contain. Functions into such a
sort are read off the axioms that say what their values contain; some elements that a defined
predicate asks for are made by the clauses of its definition, from the empty table up. Quantifiers
range over values below a bound, and what would need larger ones is unknown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import product
from typing import TypeAlias, assert_never

from lemmata.engine.clause import Clause, Equal, Holds, Literal
from lemmata.engine.exploration.truth import WITNESSES
from lemmata.engine.formula import And, Exists, Forall, Formula, Iff, Implies, Not, Or, Truth
from lemmata.engine.term import App, Term, Var
from lemmata.engine.term import variables as variables_of
from lemmata.engine.theory import Function, Predicate, Theory

from .world import Running

LIMIT = 4
"""The largest number that variables take; one more is still known."""

BOUND = 17
"""How many values quantifiers range over: enough for what is made step by step up to ``LIMIT``."""

ROUNDS = 40
"""How often the clauses of a definition may add to a table."""

Table: TypeAlias = frozenset[tuple[Hashable, ...]]
Row: TypeAlias = Mapping[Var, Hashable]


class Tables:
    """The theory's functions and predicates on small values and on tables of such."""

    def __init__(self, theory: Theory, holders: Mapping[str, Predicate]) -> None:
        self.theory, self.holders = theory, holders
        self.signature = theory.signature
        self.running = Running(theory)
        self.meaning: dict[str, tuple[tuple[Var, ...], Formula]] = {}
        self.contents: dict[str, tuple[tuple[Term, ...], tuple[Term, ...], Formula]] = {}
        inside = {predicate.name for predicate in holders.values()}
        for axiom in theory.axioms:
            match axiom.formula:
                case Iff(Holds(name, args), body) if name in inside:
                    if isinstance(args[-1], App):
                        self.contents[args[-1].symbol] = (args[:-1], args[-1].args, body)
                case Iff(Holds(name, args), body) if axiom.kind == "definition":
                    self.meaning[name] = (tuple(a for a in args if isinstance(a, Var)), body)
                case _:
                    pass
        self.inside = inside
        self.values_of: dict[tuple[str, tuple[Hashable, ...]], Hashable | None] = {}
        self.truths: dict[tuple[str, tuple[Hashable, ...]], bool | None] = {}
        self.pools: dict[str, list[Hashable]] = {sort: [frozenset()] for sort in holders}
        self._fill()
        self.relations = tuple(self._functional())

    def _functional(self) -> Iterator[Function]:
        """The defined relations of numbers that give each number one value."""
        for name, (variables, body) in self.meaning.items():
            sorts = [var.sort for var in variables]
            if len(sorts) < 2 or any(sort in self.holders for sort in sorts):
                continue
            if self._needs_tables(body):
                inputs = product(*(self.values(sort, LIMIT + 1) for sort in sorts[:-1]))
                if all(self._output(name, args, sorts[-1]) is not None for args in inputs):
                    yield Function(name, tuple(sorts[:-1]), sorts[-1])

    def _output(self, name: str, args: tuple[Hashable, ...], sort: str) -> Hashable | None:
        """The one value that a relation gives, None if there is not just one."""
        found = [v for v in self._range(sort) if self.holds(name, (*args, v)) is True]
        return found[0] if len(found) == 1 else None

    # A valuation

    def values(self, sort: str, count: int) -> Sequence[Hashable]:
        """The smallest values of a sort, or tables."""
        if sort in self.holders:
            return self.pools[sort][:count]
        # Witnesses may be what is made of small values; these are what statements are tried on.
        most = count if count >= WITNESSES else LIMIT + 1
        return self.running.values(sort, min(count, most))

    def apply(self, symbol: str, args: tuple[Hashable, ...]) -> Hashable | None:
        """The value of a function, None where it is not known."""
        key = (symbol, args)
        if symbol in self.meaning:  # a relation that is read as a function
            if key not in self.values_of:
                sort = self.meaning[symbol][0][-1].sort
                self.values_of[key] = self._output(symbol, args, sort)
            return self.values_of[key]
        if symbol not in self.contents:
            return self.running.apply(symbol, args)
        if key not in self.values_of:
            known = all(self._is_small(arg) for arg in args)
            self.values_of[key] = self._content(symbol, args) if known else None
        return self.values_of[key]

    def holds(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        """Whether a predicate is true, None where that is not known."""
        if predicate in self.inside:
            *values, table = args
            return tuple(values) in table if isinstance(table, frozenset) else None
        key = (predicate, args)
        if key not in self.truths:
            self.truths[key] = self._defined(predicate, args)
        return self.truths[key]

    def written(self, value: Hashable, sort: str) -> str:
        """A value in the user's notation; a table as the set of its rows."""
        if not isinstance(value, frozenset):
            return self.running.written(value, sort)
        inner = self.holders[sort].arguments[:-1]
        rows = sorted(
            ", ".join(self.running.written(v, s) for v, s in zip(row, inner, strict=True))
            for row in value
        )
        return "{" + ", ".join(f"({row})" if len(inner) > 1 else row for row in rows) + "}"

    # Meanings

    def _is_small(self, value: Hashable) -> bool:
        return not isinstance(value, int) or value <= LIMIT + 1

    def _defined(self, predicate: str, args: tuple[Hashable, ...]) -> bool | None:
        if predicate not in self.meaning:
            return None
        variables, body = self.meaning[predicate]
        if not self._needs_tables(body):
            return self.running.holds(predicate, args)
        # A value may be as large as all that is made below the bound; what it is made from may not.
        if not all(self._is_small(arg) for arg in args[: max(1, len(args) - 1)]):
            return None
        return self.truth(body, dict(zip(variables, args, strict=True)))

    def _needs_tables(self, formula: Formula) -> bool:
        return any(
            atom.predicate in self.inside
            or (
                atom.predicate in self.meaning
                and self._needs_tables(self.meaning[atom.predicate][1])
            )
            for atom in _atoms(formula)
        )

    def _content(self, symbol: str, args: tuple[Hashable, ...]) -> Table:
        """What a function's value contains, by the axiom that says so."""
        inner, places, body = self.contents[symbol]
        given = {v: a for v, a in zip(places, args, strict=True) if isinstance(v, Var)}
        names = [term for term in inner if isinstance(term, Var)]
        pools = [self._range(name.sort) for name in names]
        return frozenset(
            row
            for row in product(*pools)
            if self.truth(body, {**given, **dict(zip(names, row, strict=True))}) is True
        )

    def _range(self, sort: str) -> Sequence[Hashable]:
        if sort in self.holders:
            return self.pools[sort]
        return self.running.values(sort, BOUND)

    def value(self, term: Term, row: Row) -> Hashable | None:
        """The value of a term."""
        if isinstance(term, Var):
            return row[term]
        args = tuple([self.value(arg, row) for arg in term.args])
        return None if None in args else self.apply(term.symbol, args)

    def truth(self, formula: Formula, row: Row) -> bool | None:
        """Whether a formula is true, with quantifiers over what is below the bound."""
        match formula:
            case Equal(left, right):
                one, two = self.value(left, row), self.value(right, row)
                return None if one is None or two is None else one == two
            case Holds(predicate, terms):
                args = tuple([self.value(term, row) for term in terms])
                return None if None in args else self.holds(predicate, args)
            case Truth(value):
                return value
            case Not(body):
                found = self.truth(body, row)
                return None if found is None else not found
            case And(left, right):
                return _all([self.truth(left, row), self.truth(right, row)])
            case Or(left, right):
                return self.truth(Not(And(Not(left), Not(right))), row)
            case Implies(left, right):
                premise = self.truth(left, row)
                return True if premise is False else self.truth(Or(Not(left), right), row)
            case Iff(left, right):
                return self.truth(And(Implies(left, right), Implies(right, left)), row)
            case Forall(variables, body):
                # What is unknown lies beyond the bound, where nothing is claimed.
                rows = self._rows(variables, _premises(body), row)
                return all(self.truth(body, there) is not False for there in rows)
            case Exists(variables, body):
                return any(
                    self.truth(body, there) is True
                    for there in self._rows(variables, _conjuncts(body), row)
                )
            case _:
                assert_never(formula)

    def _rows(self, variables: Sequence[Var], guards: Sequence[Holds], given: Row) -> Iterator[Row]:
        """Values for bound variables; where a guard says that a table contains them, its rows."""
        row = {var: value for var, value in given.items() if var not in variables}
        yield from self._extended(variables, guards, row)

    def _extended(
        self, variables: Sequence[Var], guards: Sequence[Holds], row: Row
    ) -> Iterator[Row]:
        free = [var for var in variables if var not in row]
        if not free:
            yield row
            return
        for guard in guards:
            *inner, holder = guard.args
            bound = any(var in free for var in variables_of(holder))
            table = None if bound or guard.predicate not in self.inside else self.value(holder, row)
            if isinstance(table, frozenset) and any(term in free for term in inner):
                for entry in table:
                    there = dict(row)
                    for term, value in zip(inner, entry, strict=True):
                        if isinstance(term, Var) and term in free:
                            there.setdefault(term, value)
                    yield from self._extended(variables, guards, there)
                return
        for value in self._range(free[0].sort):
            yield from self._extended(variables, guards, {**row, free[0]: value})

    # Elements

    def _fill(self) -> None:
        """Some elements of each sort: the values of functions, and what definitions ask for."""
        numbers = range(LIMIT + 2)
        for function in self.signature.functions:
            plain = all(sort not in self.holders for sort in function.arguments)
            if function.name in self.contents and plain:
                for args in product(numbers, repeat=len(function.arguments)):
                    self._add(function.result, self.apply(function.name, args))
        for name, (variables, _) in self.meaning.items():
            holders = [var for var in variables if var.sort in self.holders]
            others = [var for var in variables if var.sort not in self.holders]
            if len(holders) == 1 and len(others) == 1:
                for number in numbers:
                    table = self._made(name, holders[0], {others[0]: number}, variables)
                    self._add(holders[0].sort, table)
        for sort, predicate in self.holders.items():
            width = len(predicate.arguments) - 1
            self._add(sort, frozenset([(1,) * width]))
            self._add(sort, frozenset([(0,) * width, (2,) * width]))
        self.truths.clear()

    def _add(self, sort: str, table: Hashable | None) -> None:
        if table is not None and table not in self.pools[sort]:
            self.pools[sort].append(table)

    def _made(
        self, name: str, holder: Var, given: Mapping[Var, int], variables: tuple[Var, ...]
    ) -> Table | None:
        """The least table that the clauses of a definition ask for, None if it does not do."""
        table: Table = frozenset()
        for _ in range(ROUNDS):
            row = {**given, holder: table}
            args = tuple(row[var] for var in variables)
            new = frozenset(self._asked(name, args, holder.sort)) - table
            if not new:
                self.truths.clear()
                return table if self.holds(name, args) is True else None
            table |= new
        return None

    def _asked(
        self, name: str, args: tuple[Hashable, ...], sort: str
    ) -> Iterator[tuple[Hashable, ...]]:
        """What the clauses say that a table contains if a predicate holds of it."""
        for axiom in self.theory.axioms:
            for clause in axiom.clauses:
                premise = clause.premises[0].atom if clause.premises else None
                if not isinstance(premise, Holds) or premise.predicate != name:
                    continue
                head = clause.literal.atom if clause.is_literal_head else None
                if isinstance(head, Holds) and head.predicate == self.holders[sort].name:
                    names = dict(zip(premise.args, args, strict=True))
                    yield from self._heads(
                        clause,
                        head,
                        {var: value for var, value in names.items() if isinstance(var, Var)},
                    )

    def _heads(self, clause: Clause, head: Holds, given: Row) -> Iterator[tuple[Hashable, ...]]:
        free = [var for var in clause.variables if var not in given]
        for values in product(*(self._range(var.sort) for var in free)):
            row = {**given, **dict(zip(free, values, strict=True))}
            if all(self._is_true(premise, row) for premise in clause.premises[1:]):
                found = tuple(self.value(term, row) for term in head.args[:-1])
                if None not in found and self.value(head.args[-1], row) == row[head.args[-1]]:  # type: ignore[index]
                    yield found

    def _is_true(self, literal: Literal, row: Row) -> bool:
        return self.truth(literal.atom, row) is literal.positive


def _all(truths: Sequence[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _premises(formula: Formula) -> list[Holds]:
    """What a chain of implications assumes."""
    match formula:
        case Implies(left, right):
            return [*_conjuncts(left), *_premises(right)]
        case Forall(_, body):
            return _premises(body)
        case _:
            return []


def _conjuncts(formula: Formula) -> list[Holds]:
    match formula:
        case Holds():
            return [formula]
        case And(left, right):
            return [*_conjuncts(left), *_conjuncts(right)]
        case _:
            return []


def _atoms(formula: Formula) -> Iterator[Holds]:
    match formula:
        case Holds():
            yield formula
        case Equal() | Truth():
            return
        case Not(body) | Forall(_, body) | Exists(_, body):
            yield from _atoms(body)
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            yield from _atoms(left)
            yield from _atoms(right)
        case _:
            assert_never(formula)
