"""A TIP problem as a theory: sorts and symbols, constructor axioms, equations, claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lemmata.engine.clause import Equal
from lemmata.engine.errors import SourceError, Span
from lemmata.engine.formula import Formula, Implies, Not
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Var
from lemmata.engine.theory import (
    Function,
    Predicate,
    Signature,
    Sort,
    Statement,
    StatementKind,
    Theory,
)

from .command import read_problem
from .equation import Equations
from .instance import Instances
from .program import Heading


def load_tip(path: str | Path) -> Theory:
    """The theory of a TIP problem in a file; the same file always gives the same theory.

    Raises ``SourceError`` or ``SourceErrors`` for what cannot be read or is outside first-order
    logic, with the place and the name of the construct.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SourceError(f"cannot be read: {reason}", path=str(path)) from error
    return parse_tip(text, str(path))


def parse_tip(text: str, path: str = "<text>") -> Theory:
    """The theory that the text of a TIP problem states.

    >>> theory = parse_tip('''(declare-datatype Nat ((Z) (S (p Nat))))
    ... (define-fun-rec plus ((x Nat) (y Nat)) Nat
    ...   (match x ((Z y) ((S z) (S (plus z y))))))
    ... (prove (forall ((x Nat)) (= (plus x Z) x)))''')
    >>> [axiom.name for axiom in theory.axioms]
    ['Nat.distinct.Z.S', 'Nat.injective.S.1', 'plus.1', 'plus.2']
    """
    problem = read_problem(text, path)
    instances = Instances(problem)

    def fail(message: str, span: Span) -> SourceError:
        return SourceError(message, path=path, text=text, span=span)

    equations = Equations(instances, fail)
    sorts = instances.declared_sorts()
    functions = instances.declared_functions()
    statements = _Statements()
    for name, formula in _constructor_axioms(sorts, functions):
        statements.add(name, formula, "constructor", None)
    for symbol, types in instances.symbols:
        heading = problem.headings[symbol]
        name = instances.name((symbol, types))
        definition = problem.definitions.get(symbol)
        if heading.role == "selector":
            constructor = _constructor_of(symbol, heading, instances, types)
            formula = _selector_equation(name, constructor, functions)
            statements.add(f"{name}.1", formula, "definition", heading.span)
        elif definition is not None:
            names = dict(zip(heading.parameters, types, strict=True))
            found = equations.definition(definition, names)
            for index, (formula, span) in enumerate(found, 1):
                statements.add(f"{name}.{index}", formula, "definition", span)
    conjectures: list[Statement] = []
    for claim, sorts_of in instances.claims:
        formula = equations.claim(claim.formula, sorts_of)
        if claim.is_goal:
            conjectures.append(statements.made(claim.name, formula, "conjecture", claim.span))
        else:
            statements.add(claim.name, formula, "axiom", claim.span)
    return Theory(
        name=Path(path).stem if path != "<text>" else "tip",
        signature=Signature(sorts, functions, tuple(statements.predicates)),
        axioms=tuple(statements.axioms),
        conjectures=tuple(conjectures),
        path=path,
        source=text,
    )


class _Statements:
    """Lowers formulas to clauses and keeps what that brings along."""

    def __init__(self) -> None:
        self.axioms: list[Statement] = []
        self.predicates: list[Predicate] = []

    def made(
        self, name: str, formula: Formula, kind: StatementKind, span: Span | None
    ) -> Statement:
        lowered = lower(formula, name)
        self.predicates += lowered.predicates
        self.axioms += lowered.definitions
        return Statement(name, formula, lowered.clauses, kind, span)

    def add(self, name: str, formula: Formula, kind: StatementKind, span: Span | None) -> None:
        self.axioms.append(self.made(name, formula, kind, span))


def _constructor_axioms(
    sorts: Iterable[Sort], functions: Iterable[Function]
) -> Iterator[tuple[str, Formula]]:
    """Different constructors give different values, and each is injective in each argument."""
    function = {item.name: item for item in functions}
    for sort in sorts:
        for index, name in enumerate(sort.constructors):
            left = _pattern(function[name], "x")
            for other in sort.constructors[index + 1 :]:
                right = _pattern(function[other], "y")
                yield f"{sort.name}.distinct.{name}.{other}", Not(Equal(left, right))
        for name in sort.constructors:
            left, right = _pattern(function[name], "x"), _pattern(function[name], "y")
            for place, (one, two) in enumerate(zip(left.args, right.args, strict=True), 1):
                formula = Implies(Equal(left, right), Equal(one, two))
                yield f"{sort.name}.injective.{name}.{place}", formula


def _pattern(function: Function, letter: str) -> App:
    """The constructor at variables: x, or x1, x2, …"""
    count = len(function.arguments)
    args = tuple(
        Var(letter if count == 1 else f"{letter}{index}", sort)
        for index, sort in enumerate(function.arguments, 1)
    )
    return App(function.name, args, function.result)


def _constructor_of(
    selector: str, heading: Heading, instances: Instances, types: tuple[object, ...]
) -> tuple[str, int]:
    """The constructor, by its name at these types, and the place that a selector gives."""
    problem = instances.problem
    for made in problem.constructors.values():
        for place, (name, _) in enumerate(made.fields):
            if name == selector:
                for symbol, kinds in instances.symbols:
                    if symbol == made.name and kinds == types:
                        return instances.name((symbol, kinds)), place
    raise AssertionError(f"{heading.name} selects nothing")


def _selector_equation(
    name: str, constructor: tuple[str, int], functions: Iterable[Function]
) -> Formula:
    function = next(item for item in functions if item.name == constructor[0])
    whole = _pattern(function, "x")
    part = whole.args[constructor[1]]
    return Equal(App(name, (whole,), part.sort), part)
