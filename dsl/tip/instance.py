"""Monomorphisation: which sorts and symbols a problem uses, at which types, and their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import TypeAlias, assert_never

from lemmata.engine.theory import Function, Sort

from .program import (
    BOOL,
    INT,
    Call,
    Claim,
    Constructor,
    Expression,
    Match,
    Named,
    Numeral,
    Open,
    Operation,
    Problem,
    Quantified,
    Type,
    Variable,
    at,
)

Types: TypeAlias = Mapping[str, Type]
Instance: TypeAlias = tuple[str, tuple[Type, ...]]
"""A symbol at closed types."""

INTEGER_RESULT = {
    "+": INT, "-": INT, "*": INT, "div": INT, "mod": INT,
    "<": BOOL, "<=": BOOL, ">": BOOL, ">=": BOOL,
}  # fmt: skip
"""The integer operations and the sorts of their values."""


class Instances:
    """All instances that goals and monomorphic assertions reach, in the order of discovery.

    Sort variables of a goal stand for sorts of the same name about which nothing is known.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sorts: dict[Named, None] = {}
        self.symbols: dict[Instance, None] = {}
        self.operations: dict[str, None] = {}
        self.numerals: dict[int, None] = {}
        self.claims: list[tuple[Claim, dict[str, Type]]] = []
        self._pending: list[Instance] = []
        self._seen: set[tuple[int, tuple[tuple[str, Type], ...]]] = set()
        self._collect()
        self._arities: dict[str, set[tuple[Type, ...]]] = {}
        for name, types in [*self.symbols, *((sort.name, sort.args) for sort in self.sorts)]:
            self._arities.setdefault(name, set()).add(types)

    def _collect(self) -> None:
        claims = self.problem.claims
        for claim in claims:
            if claim.is_goal or not claim.parameters:
                types: dict[str, Type] = {name: Named(name) for name in claim.parameters}
                self.claims.append((claim, types))
                self._walk(claim.formula, types)
        if not claims:
            for name, heading in self.problem.headings.items():
                if not heading.parameters and heading.role == "function":
                    self._use((name, ()))
            for name, datatype in self.problem.datatypes.items():
                if not datatype.parameters:
                    self._sort(Named(name))
        self._follow()
        for claim in claims:
            if claim.parameters and not claim.is_goal:
                self._instantiate(claim)
        order = {claim.span: index for index, claim in enumerate(claims)}
        self.claims.sort(key=lambda pair: order[pair[0].span])

    def _follow(self) -> None:
        while self._pending:
            name, types = self._pending.pop(0)
            definition = self.problem.definitions.get(name)
            if definition is not None:
                names = dict(zip(definition.heading.parameters, types, strict=True))
                self._walk(definition.body, names)

    def _instantiate(self, claim: Claim) -> None:
        """A polymorphic assertion, at all sorts for which its symbols are in use anyway."""
        count = 0
        for sorts in list(product(list(self.sorts), repeat=len(claim.parameters))):
            types: dict[str, Type] = dict(zip(claim.parameters, sorts, strict=True))
            used = [
                (part.symbol, tuple(closed(kind, types) for kind in part.types))
                for part in _parts(claim.formula)
                if isinstance(part, Call)
            ]
            if all(instance in self.symbols for instance in used):
                count += 1
                name = claim.name if count == 1 else f"{claim.name}.{count}"
                self.claims.append((replace(claim, name=name), types))
                self._walk(claim.formula, types)
                self._follow()

    def _sort(self, kind: Named) -> None:
        if kind in self.sorts:
            return
        self.sorts[kind] = None
        datatype = self.problem.datatypes.get(kind.name)
        if datatype is None:
            return
        names = dict(zip(datatype.parameters, kind.args, strict=True))
        for constructor in datatype.constructors:
            self.symbols[constructor.name, kind.args] = None
            for _, field in constructor.fields:
                self._sort(closed(field, names))

    def _use(self, instance: Instance) -> None:
        if instance in self.symbols:
            return
        name, types = instance
        heading = self.problem.headings[name]
        names = dict(zip(heading.parameters, types, strict=True))
        for kind in (*heading.arguments, heading.result):
            self._sort(closed(kind, names))
        if instance not in self.symbols:
            self.symbols[instance] = None
            self._pending.append(instance)

    def _walk(self, expression: Expression, types: Types) -> None:
        key = tuple(types.items())
        stack = [expression]
        while stack:
            part = stack.pop()
            if (id(part), key) in self._seen:  # what a let shares is visited once
                continue
            self._seen.add((id(part), key))
            match part:
                case Call(symbol, kinds):
                    self._use((symbol, tuple(closed(kind, types) for kind in kinds)))
                case Numeral(value):
                    self._sort(INT)
                    self.numerals[value] = None
                case Operation(name, args) if name in INTEGER_RESULT:
                    self._sort(INT)
                    self._sort(INTEGER_RESULT[name])
                    if len(args) == 1:
                        self.numerals[0] = None
                    self.operations[name] = None
                case Operation():
                    pass
                case Match(subject):
                    self._sort(closed(subject.type, types))
                case Quantified(_, locals_):
                    for local in locals_:
                        self._sort(closed(local.type, types))
                case Variable():
                    pass
                case _:
                    assert_never(part)
            stack.extend(reversed(list(_children(part))))

    # Names

    def sort_name(self, kind: Type, types: Types) -> str:
        """The name of a sort: the user's own where it is used at one type only."""
        sort = closed(kind, types)
        return self.name((sort.name, sort.args))

    def name(self, instance: Instance) -> str:
        """The name of a symbol or sort; the types are shown where there are several."""
        name, types = instance
        if not types or len(self._arities.get(name, ())) < 2:
            return name
        return f"{name}{{{';'.join(self.sort_name(kind, {}) for kind in types)}}}"

    def constructors(self, sort: Named) -> tuple[tuple[Constructor, str], ...]:
        """The constructors of a sort with their names at this instance."""
        datatype = self.problem.datatypes.get(sort.name)
        if datatype is None:
            names = ("true", "false") if sort == BOOL else ()
            return tuple((Constructor(name, "Bool", ()), name) for name in names)
        return tuple((made, self.name((made.name, sort.args))) for made in datatype.constructors)

    def declared_sorts(self) -> tuple[Sort, ...]:
        """The sorts of the theory."""
        return tuple(
            Sort(self.sort_name(sort, {}), tuple(name for _, name in self.constructors(sort)))
            for sort in self.sorts
        )

    def declared_functions(self) -> tuple[Function, ...]:
        """The functions of the theory: constructors, then the others as they were found."""
        functions: list[Function] = []
        for sort in self.sorts:
            if sort == BOOL and "Bool" not in self.problem.datatypes:
                functions += [Function(name, (), "Bool") for name in ("true", "false")]
        for symbol, types in self.symbols:
            heading = self.problem.headings[symbol]
            names = dict(zip(heading.parameters, types, strict=True))
            arguments = tuple(self.sort_name(kind, names) for kind in heading.arguments)
            result = self.sort_name(heading.result, names)
            functions.append(Function(self.name((symbol, types)), arguments, result))
        functions += [Function(str(value), (), "Int") for value in self.numerals]
        functions += [
            Function(name, ("Int", "Int"), INTEGER_RESULT[name].name) for name in self.operations
        ]
        return tuple(functions)


def closed(kind: Type, types: Types) -> Named:
    """The type without variables; what inference left open stands for any sort."""
    kind = at(kind, types)
    if isinstance(kind, Open):
        return Named("any")
    return Named(kind.name, tuple(closed(arg, {}) for arg in kind.args))


def _children(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Call(args=args) | Operation(args=args):
            yield from args
        case Match(subject, branches):
            yield subject
            for branch in branches:
                yield branch.body
        case Quantified(_, _, body):
            yield body
        case Variable() | Numeral():
            return
        case _:
            assert_never(expression)


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in _children(expression):
        yield from _parts(child)
