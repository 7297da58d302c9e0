"""The executable part of a theory: axioms that are read as programs, as decision trees.

An axiom runs when it is an equation ``f(p1, …, pn) = t`` (perhaps under premises) whose left side
is a function at constructor patterns, or an equivalence that defines a predicate. What does not
run is kept in ``assumptions``: a refutation has to respect it all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from lemmata.engine.clause import Equal, Holds, Literal
from lemmata.engine.formula import And, Forall, Formula, Iff, Implies, Not, Truth
from lemmata.engine.lowering import free_variables
from lemmata.engine.term import App, Term, Var, substitute, subterms, variables
from lemmata.engine.theory import Signature, Statement, Theory

INTEGER = "Int"
OPERATIONS = frozenset({"+", "-", "*", "div", "mod", "<", "<=", ">", ">="})
"""The integer operations that run natively, where the theory types them as such."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The value of the function: a term, or a formula where it is a truth value."""

    value: Term | Formula


@dataclass(frozen=True, slots=True)
class Switch:
    """Looks at the outermost constructor of a slot and names its arguments."""

    slot: Var
    cases: Mapping[str, tuple[tuple[Var, ...], Tree]]
    default: Tree | None


@dataclass(frozen=True, slots=True)
class Bind:
    """Gives a term a slot of its own, so that several rules may look at its value."""

    slot: Var
    term: Term
    rest: Tree


@dataclass(frozen=True, slots=True)
class Test:
    """Decides an atom."""

    atom: Equal | Holds
    then: Tree | None
    other: Tree | None


Tree: TypeAlias = Leaf | Switch | Bind | Test


@dataclass(frozen=True, slots=True)
class Routine:
    """A defined function or predicate: its parameters and what to do with them."""

    name: str
    parameters: tuple[Var, ...]
    tree: Tree
    result: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was found: patterns, premises, value."""

    patterns: tuple[Term, ...]
    premises: tuple[Literal, ...]
    value: Term | Formula


@dataclass(frozen=True)
class Program:
    """All routines of a theory, and what the theory says beyond them.

    ``open_symbols`` are functions and predicates that no rule defines; ``assumptions`` are axioms
    that do not run, ``checks`` are rules that overlap with others and so could contradict them.
    """

    signature: Signature
    routines: Mapping[str, Routine]
    open_symbols: frozenset[str]
    assumptions: tuple[Statement, ...]
    checks: tuple[Statement, ...]
    native: frozenset[str]
    results: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(theory: Theory) -> Program:
        """Reads the axioms of a theory."""
        return _Reading(theory).program()


class _Reading:
    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.signature = theory.signature
        self.constructors = theory.signature.constructors
        self.native = native_operations(theory.signature)
        self.rules: dict[str, list[Rule]] = {}
        self.assumptions: list[Statement] = []
        self.checks: list[Statement] = []

    def program(self) -> Program:
        for statement in self.theory.axioms:
            if statement.kind == "constructor":
                continue
            found = list(self.read(statement))
            if not found or not all(found):
                self.assumptions.append(statement)
                continue
            overlaps = False
            for symbol, rule in filter(None, found):
                rules = self.rules.setdefault(symbol, [])
                overlaps |= any(_overlap(rule, old) for old in rules)
                rules.append(rule)
            if overlaps:
                self.checks.append(statement)
        routines = {
            name: Routine(name, self.parameters(name), tree, self.result(name))
            for name, rules in self.rules.items()
            if (tree := _Compiler(self).routine(self.parameters(name), rules)) is not None
        }
        symbols = {f.name for f in self.signature.functions}
        symbols |= {p.name for p in self.signature.predicates}
        is_open = symbols - self.constructors - set(routines) - self.native
        return Program(
            self.signature,
            routines,
            frozenset(name for name in is_open if not self.is_numeral(name)),
            tuple(self.assumptions),
            tuple(self.checks),
            self.native,
        )

    def is_numeral(self, name: str) -> bool:
        function = self.signature.function.get(name)
        return function is not None and is_numeral(name, function.result, self.signature)

    def arguments(self, name: str) -> tuple[str, ...]:
        if name in self.signature.function:
            return self.signature.function[name].arguments
        return self.signature.predicate[name].arguments

    def result(self, name: str) -> str:
        """The sort of the value; the empty name stands for truth values."""
        function = self.signature.function.get(name)
        return function.result if function is not None else ""

    def parameters(self, name: str) -> tuple[Var, ...]:
        return tuple(Var(f"#{i}", sort) for i, sort in enumerate(self.arguments(name)))

    # Which axioms are rules

    def read(self, statement: Statement) -> Iterator[tuple[str, Rule] | None]:
        """The rules of a statement; None for a part that is not a rule."""
        for part in _conjuncts(statement.formula):
            premises: list[Literal] | None = []
            body = part
            while isinstance(body, Implies | Forall):
                if isinstance(body, Forall):
                    body = body.body
                    continue
                found = _literals(body.left)
                premises = None if premises is None or found is None else premises + found
                body = body.right
            if premises is None:
                yield None
            else:
                yield self.rule(tuple(premises), body, statement.kind == "definition")

    def rule(
        self, premises: tuple[Literal, ...], body: Formula, trusted: bool
    ) -> tuple[str, Rule] | None:
        match body:
            case Iff(Equal(App() as left, App("true", ())), meaning) if trusted:
                return self.formed(left.symbol, left.args, premises, meaning, trusted)
            case Iff(Holds(name, args), meaning):
                return self.formed(name, args, premises, meaning, trusted)
            case Holds(name, args):
                return self.formed(name, args, premises, Truth(True), trusted)
            case Not(Holds(name, args)):
                return self.formed(name, args, premises, Truth(False), trusted)
            case Equal(left, right):
                for one, two in ((left, right), (right, left)):
                    if isinstance(one, App):
                        found = self.formed(one.symbol, one.args, premises, two, trusted)
                        if found is not None:
                            return found
                return None
            case _:
                return None

    def formed(
        self,
        symbol: str,
        patterns: tuple[Term, ...],
        premises: tuple[Literal, ...],
        value: Term | Formula,
        trusted: bool,
    ) -> tuple[str, Rule] | None:
        if symbol in self.constructors or symbol in self.native or self.is_numeral(symbol):
            return None
        if not all(self.is_pattern(pattern) for pattern in patterns):
            return None
        bound = {var for pattern in patterns for var in variables(pattern)}
        for premise in premises:
            bound |= self.binds(premise, bound)
        if not set(_free(value)) <= bound:
            return None
        if any(not set(free_variables(premise.atom)) <= bound for premise in premises):
            return None
        rule = Rule(patterns, premises, value)
        if not trusted and not _decreases(symbol, rule):
            return None
        return symbol, rule

    def is_pattern(self, term: Term) -> bool:
        return isinstance(term, Var) or (
            (term.symbol in self.constructors or self.is_numeral(term.symbol))
            and all(self.is_pattern(arg) for arg in term.args)
        )

    def binds(self, premise: Literal, bound: set[Var]) -> set[Var]:
        """The variables that a premise ``t = pattern`` gives a value."""
        if not premise.positive or not isinstance(premise.atom, Equal):
            return set()
        for term, pattern in _sides(premise.atom):
            if set(variables(term)) <= bound and self.is_pattern(pattern):
                return set(variables(pattern))
        return set()


def native_operations(signature: Signature) -> frozenset[str]:
    """The operations of the signature that are those of the integers."""
    sort = signature.sort.get(INTEGER)
    if sort is None or sort.is_inductive:
        return frozenset()
    return frozenset(
        function.name
        for function in signature.functions
        if function.name in OPERATIONS
        and function.arguments == (INTEGER, INTEGER)
        and function.result == ("Bool" if function.name[0] in "<>" else INTEGER)
    )


def is_numeral(name: str, sort: str, signature: Signature) -> bool:
    """Whether a constant is an integer literal."""
    declared = signature.sort.get(INTEGER)
    return (
        sort == INTEGER
        and declared is not None
        and not declared.is_inductive
        and name.removeprefix("-").isdigit()
    )


# Decision trees


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule on its way into the tree: what slots must still look like, what must still hold."""

    shapes: tuple[tuple[Var, Term], ...]
    premises: tuple[Literal, ...]
    value: Term | Formula
    names: Mapping[Var, Term]


@dataclass(frozen=True, slots=True)
class _Path:
    """What the tree has found out above this place."""

    known: Mapping[Var, tuple[str, tuple[Var, ...]]]
    excluded: Mapping[Var, frozenset[str]]
    slots: Mapping[Term, Var]
    tests: Mapping[Equal | Holds, bool]


class _Compiler:
    """Compiles the rules of one function, first rule first."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.count = 0

    def routine(self, parameters: tuple[Var, ...], rules: Iterable[Rule]) -> Tree | None:
        self.count = len(parameters)
        rows = [
            _Row(tuple(zip(parameters, rule.patterns, strict=True)), rule.premises, rule.value, {})
            for rule in rules
        ]
        return self.tree(rows, _Path({}, {}, {}, {}))

    def slot(self, sort: str) -> Var:
        self.count += 1
        return Var(f"#{self.count - 1}", sort)

    def tree(self, rows: list[_Row], path: _Path) -> Tree | None:
        rows = [found for row in rows if (found := self.settled(row, path)) is not None]
        if not rows:
            return None
        row = rows[0]
        if row.shapes:
            slot, shape = row.shapes[0]
            assert isinstance(shape, App)
            if shape.symbol not in self.reading.constructors:  # an integer literal
                return self.test(Equal(slot, shape), rows, path)
            return self.switch(slot, shape.symbol, rows, path)
        if not row.premises:
            return Leaf(_at(row.value, row.names))
        premise = row.premises[0].at(row.names)
        if isinstance(premise.atom, Equal):
            for term, pattern in _sides(premise.atom):
                is_closed = all(var.name.startswith("#") for var in variables(term))
                binds = any(not var.name.startswith("#") for var in variables(pattern))
                is_plain = isinstance(pattern, App) and (
                    pattern.symbol in self.reading.constructors and not pattern.args
                )
                if is_closed and (is_plain or (binds and premise.positive)):
                    return self.look(term, pattern, premise.positive, rows, path)
        return self.test(premise.atom, rows, path)

    def settled(self, row: _Row, path: _Path) -> _Row | None:
        """The row with all that is already known taken into account; None if it is dead."""
        names = dict(row.names)
        premises = list(row.premises)
        pending = list(row.shapes)
        shapes: list[tuple[Var, Term]] = []
        while pending:
            slot, shape = pending.pop(0)
            if isinstance(shape, Var):
                if shape in names or shape.name.startswith("#"):  # bound before: a comparison
                    premises.insert(0, Literal(Equal(names.get(shape, shape), slot)))
                else:
                    names[shape] = slot
                continue
            known = path.known.get(slot)
            if known is not None:
                if known[0] != shape.symbol:
                    return None
                pending = [*zip(known[1], shape.args, strict=True), *pending]
                continue
            if shape.symbol in path.excluded.get(slot, frozenset()):
                return None
            if not shape.args and shape.symbol not in self.reading.constructors:
                truth = path.tests.get(Equal(slot, shape))
                if truth is False:
                    return None
                if truth is True:
                    continue
            shapes.append((slot, shape))
        while premises and not shapes:
            premise = premises[0].at(names)
            truth = self.settle(premise, path)
            if truth is None:
                break
            if truth != premise.positive:
                return None
            premises.pop(0)
        found = _Row(tuple(shapes), tuple(premises), row.value, names)
        if not shapes and premises:
            return self.seen(found, path)
        return found

    def settle(self, premise: Literal, path: _Path) -> bool | None:
        """The truth of an atom that was tested above, if it was."""
        atom = premise.atom
        if atom in path.tests:
            return path.tests[atom]
        if isinstance(atom, Equal):
            for term, pattern in _sides(atom):
                if isinstance(pattern, App) and not pattern.args:
                    slot = term if isinstance(term, Var) else path.slots.get(term)
                    if slot in path.known and pattern.symbol in self.reading.constructors:
                        return path.known[slot][0] == pattern.symbol
                    if slot is not None and pattern.symbol in path.excluded.get(slot, frozenset()):
                        return False
        return None

    def seen(self, row: _Row, path: _Path) -> _Row | None:
        """Reads a premise ``t = pattern`` off a slot where t has one."""
        premise = row.premises[0].at(row.names)
        if premise.positive and isinstance(premise.atom, Equal):
            for term, pattern in _sides(premise.atom):
                slot = term if isinstance(term, Var) else path.slots.get(term)
                if (
                    isinstance(slot, Var)
                    and slot.name.startswith("#")
                    and any(not var.name.startswith("#") for var in variables(pattern))
                    and self.reading.is_pattern(pattern)
                ):
                    shapes = ((slot, pattern),)
                    rest = _Row(shapes, row.premises[1:], row.value, row.names)
                    return self.settled(rest, path)
        return row

    def look(
        self, term: Term, pattern: Term, positive: bool, rows: list[_Row], path: _Path
    ) -> Tree | None:
        """Gives the term a slot, or looks at the slot it has."""
        slot = term if isinstance(term, Var) else path.slots.get(term)
        if slot is not None:
            assert isinstance(slot, Var)
            assert isinstance(pattern, App)
            return self.switch(slot, pattern.symbol, rows, path)
        fresh = self.slot(term.sort)
        below = _Path(path.known, path.excluded, {**path.slots, term: fresh}, path.tests)
        rest = self.tree(rows, below)
        return Bind(fresh, term, rest) if rest is not None else None

    def switch(self, slot: Var, first: str, rows: list[_Row], path: _Path) -> Tree | None:
        """One branch for each constructor that some rule names, one for the others."""
        signature = self.reading.signature
        names = [first]
        for row in rows:
            names += [s.symbol for at, s in row.shapes if at == slot and isinstance(s, App)]
        cases: dict[str, tuple[tuple[Var, ...], Tree]] = {}
        excluded = path.excluded.get(slot, frozenset())
        for name in dict.fromkeys(names):
            fields = tuple(self.slot(sort) for sort in signature.function[name].arguments)
            known = {**path.known, slot: (name, fields)}
            below = self.tree(rows, _Path(known, path.excluded, path.slots, path.tests))
            if below is not None:
                cases[name] = (fields, below)
            excluded |= {name}
        left = set(signature.sort[slot.sort].constructors) - excluded
        default = None
        if left:
            rest = {**path.excluded, slot: excluded}
            default = self.tree(rows, _Path(path.known, rest, path.slots, path.tests))
        return Switch(slot, cases, default) if cases or default is not None else None

    def test(self, atom: Equal | Holds, rows: list[_Row], path: _Path) -> Tree | None:
        if isinstance(atom, Equal):
            for term in (atom.left, atom.right):
                if not self.reading.is_pattern(term) and term not in path.slots:
                    fresh = self.slot(term.sort)
                    below = _Path(
                        path.known, path.excluded, {**path.slots, term: fresh}, path.tests
                    )
                    rest = self.tree(rows, below)
                    return Bind(fresh, term, rest) if rest is not None else None
            left, right = (path.slots.get(term, term) for term in (atom.left, atom.right))
            return self.decide(atom, Equal(left, right), rows, path)
        return self.decide(atom, atom, rows, path)

    def decide(
        self, atom: Equal | Holds, tested: Equal | Holds, rows: list[_Row], path: _Path
    ) -> Tree | None:
        branches = [
            self.tree(rows, _Path(path.known, path.excluded, path.slots, {**path.tests, atom: it}))
            for it in (True, False)
        ]
        if branches == [None, None]:
            return None
        return Test(tested, branches[0], branches[1])


# Small readings of formulas


def _sides(atom: Equal) -> tuple[tuple[Term, Term], tuple[Term, Term]]:
    return (atom.left, atom.right), (atom.right, atom.left)


def _conjuncts(formula: Formula) -> Iterator[Formula]:
    match formula:
        case And(left, right):
            yield from _conjuncts(left)
            yield from _conjuncts(right)
        case Forall(_, body):
            yield from _conjuncts(body)
        case _:
            yield formula


def _literals(formula: Formula) -> list[Literal] | None:
    """A conjunction of literals; None if the formula is something else."""
    match formula:
        case Equal() | Holds():
            return [Literal(formula)]
        case Not(Equal() | Holds() as atom):
            return [Literal(atom, False)]
        case And(left, right):
            one, two = _literals(left), _literals(right)
            return None if one is None or two is None else one + two
        case _:
            return None


def _free(value: Term | Formula) -> Iterator[Var]:
    if isinstance(value, Var | App):
        yield from variables(value)
    else:
        yield from free_variables(value)


def _at(value: Term | Formula, names: Mapping[Var, Term]) -> Term | Formula:
    if isinstance(value, Var | App):
        return substitute(value, names)
    return instantiated(value, names)


def instantiated(formula: Formula, names: Mapping[Var, Term]) -> Formula:
    """The formula with its free variables replaced; bound ones never clash, for slots and values
    contain none."""
    match formula:
        case Equal(left, right):
            return Equal(substitute(left, names), substitute(right, names))
        case Holds(predicate, args):
            return Holds(predicate, tuple(substitute(arg, names) for arg in args))
        case Truth():
            return formula
        case Not(body):
            return Not(instantiated(body, names))
        case _ if isinstance(formula, Forall) or hasattr(formula, "variables"):
            inner = {var: term for var, term in names.items() if var not in formula.variables}
            return type(formula)(formula.variables, instantiated(formula.body, inner))
        case _:
            left, right = instantiated(formula.left, names), instantiated(formula.right, names)
            return type(formula)(left, right)


def _decreases(symbol: str, rule: Rule) -> bool:
    """Whether every recursive call has an argument that is part of its pattern."""
    calls: list[tuple[Term, ...]] = []
    atoms: list[Term] = []
    for premise in rule.premises:
        atoms += _terms(premise.atom)
    atoms += [rule.value] if isinstance(rule.value, Var | App) else _terms(rule.value)
    for term in atoms:
        calls += [
            part.args for part in subterms(term) if isinstance(part, App) and part.symbol == symbol
        ]
    calls += _calls(rule.value, symbol)
    for premise in rule.premises:
        calls += _calls(premise.atom, symbol)
    return all(
        any(
            arg != pattern and arg in list(subterms(pattern))
            for arg, pattern in zip(call, rule.patterns, strict=True)
        )
        for call in calls
    )


def _terms(formula: Formula) -> list[Term]:
    match formula:
        case Equal(left, right):
            return [left, right]
        case Holds(_, args):
            return list(args)
        case Truth():
            return []
        case Not(body) | Forall(_, body):
            return _terms(body)
        case And(left, right) | Implies(left, right) | Iff(left, right):
            return _terms(left) + _terms(right)
        case _:
            inner = [getattr(formula, name, None) for name in ("left", "right", "body")]
            return [term for part in inner if part is not None for term in _terms(part)]


def _calls(value: Term | Formula, symbol: str) -> list[tuple[Term, ...]]:
    """The arguments of a predicate inside a formula."""
    if isinstance(value, Var | App):
        return []
    if isinstance(value, Holds):
        return [value.args] if value.predicate == symbol else []
    inner = [getattr(value, name, None) for name in ("left", "right", "body")]
    return [call for part in inner if part is not None for call in _calls(part, symbol)]


def _overlap(one: Rule, two: Rule) -> bool:
    """Whether two rules may apply to the same arguments."""
    if any(premise.negated() in two.premises for premise in one.premises):
        return False
    return all(_meet(*pair) for pair in zip(one.patterns, two.patterns, strict=True))


def _meet(one: Term, two: Term) -> bool:
    if isinstance(one, Var) or isinstance(two, Var):
        return True
    return one.symbol == two.symbol and all(map(_meet, one.args, two.args))
