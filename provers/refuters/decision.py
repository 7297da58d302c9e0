"""Decision trees from rules: one look at each argument, first rule first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lemmata.engine.clause import Equal, Holds, Literal
from lemmata.engine.formula import Formula
from lemmata.engine.term import App, Term, Var, substitute, variables
from lemmata.engine.theory import Signature

from .program import Bind, Leaf, Rule, Switch, Test, Tree
from .replacement import instantiated


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


class Compiler:
    """Compiles the rules of one function, first rule first."""

    def __init__(self, signature: Signature, is_pattern: Callable[[Term], bool]) -> None:
        self.signature = signature
        self.is_pattern = is_pattern
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
            if shape.symbol not in self.signature.constructors:  # an integer literal
                return self.test(Equal(slot, shape), rows, path)
            return self.switch(slot, shape.symbol, rows, path)
        if not row.premises:
            return Leaf(_at(row.value, row.names))
        premise = row.premises[0].at(row.names)
        if isinstance(premise.atom, Equal):
            for term, pattern in sides(premise.atom):
                is_closed = all(var.name.startswith("#") for var in variables(term))
                binds = any(not var.name.startswith("#") for var in variables(pattern))
                is_plain = isinstance(pattern, App) and (
                    pattern.symbol in self.signature.constructors and not pattern.args
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
            if not shape.args and shape.symbol not in self.signature.constructors:
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
            for term, pattern in sides(atom):
                if isinstance(pattern, App) and not pattern.args:
                    slot = term if isinstance(term, Var) else path.slots.get(term)
                    if (
                        isinstance(slot, Var)
                        and slot in path.known
                        and pattern.symbol in self.signature.constructors
                    ):
                        return path.known[slot][0] == pattern.symbol
                    if slot is not None and pattern.symbol in path.excluded.get(slot, frozenset()):
                        return False
        return None

    def seen(self, row: _Row, path: _Path) -> _Row | None:
        """Reads a premise ``t = pattern`` off a slot where t has one."""
        premise = row.premises[0].at(row.names)
        if premise.positive and isinstance(premise.atom, Equal):
            for term, pattern in sides(premise.atom):
                slot = term if isinstance(term, Var) else path.slots.get(term)
                if (
                    isinstance(slot, Var)
                    and slot.name.startswith("#")
                    and any(not var.name.startswith("#") for var in variables(pattern))
                    and self.is_pattern(pattern)
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
        signature = self.signature
        names = [first]
        for row in rows:
            names += [s.symbol for at, s in row.shapes if at == slot and isinstance(s, App)]
        cases: dict[str, tuple[tuple[Var, ...], Tree]] = {}
        excluded = path.excluded.get(slot, frozenset())
        others = set(signature.sort[slot.sort].constructors) - excluded - set(names)
        if len(others) == 1:  # then "none of these" means that one
            names += others
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
                if not self.is_pattern(term) and term not in path.slots:
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


def sides(atom: Equal) -> tuple[tuple[Term, Term], tuple[Term, Term]]:
    """The equation read from left to right and from right to left."""
    return (atom.left, atom.right), (atom.right, atom.left)


def _at(value: Term | Formula, names: Mapping[Var, Term]) -> Term | Formula:
    if isinstance(value, Var | App):
        return substitute(value, names)
    return instantiated(value, names)
