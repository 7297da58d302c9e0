"""Rules: clauses made ready for a block, each with the rows that set it off.

One clause gives several rules. An equation read from left to right waits for a row of its left
side, so that terms are created only where a rule's right side needs them; the other direction, and
whatever creates terms from nothing but premises, costs more and is put off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from .clause import Case, Clause, Equal, Holds, Literal, atom_terms, clause_literals
from .derivation import Law
from .ordering import Precedence, is_application, is_greater
from .shape import EQUALS, Action
from .term import App, Term, Var, size, subterms, variables

TRUE, FALSE, ELEMENT = "⊤", "⊥", "∈"
"""Symbols of rows that no theory can declare, as ``=``: the truth values, membership in a sort."""

OUT_TRUE, OUT_FALSE, OUT_ANY = -1, -2, -3

LARGE = 10
"""Terms without variables that have more symbols than this are looked up as a whole."""

SIMPLIFY, DERIVE, EXPAND = 0, 1, 3
"""What a rule adds to the cost of what it makes: less is done first."""


@dataclass(frozen=True, slots=True)
class RowPattern:
    """A row to be found: slots for its inputs, and a slot or a truth value for its output."""

    symbol: str
    args: tuple[int, ...]
    out: int


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A clause and the rows that must be there before it is applied; each is its own.

    ``slots`` gives the slot of each variable of the clause. ``cost`` is added to that of the rows;
    ``turned`` asks for the instance to get smaller, or costs ``EXPAND`` more. A ``demand`` states
    nothing: it only makes the terms of ``wanted`` so that they can be decided. ``spends`` is a term
    whose row has a simpler equal once the rule was applied; ``top`` is the slot of its class: it
    costs more to rewrite a term whose class has something smaller already. ``denies``
    makes the rule a contrapositive: the head is false, so this premise is. ``unfolds`` says that
    the rule states what a defined predicate means: its witnesses cost no more than the fact.
    ``closed`` gives slots to large terms without variables, which are looked up as a whole.
    """

    name: str
    source: Law | int
    clause: Clause
    body: tuple[RowPattern, ...]
    slots: tuple[int, ...]
    cost: int
    turned: tuple[Term, Term] | None = None
    wanted: tuple[Literal, ...] = ()
    spends: Term | None = None
    top: int | None = None
    denies: int | None = None
    unfolds: bool = False
    closed: tuple[tuple[int, Term], ...] = ()
    action: Action = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "action", Action.of(self))

    @property
    def is_demand(self) -> bool:
        """Whether the rule only asks for terms to be made."""
        return bool(self.wanted)


class _Body:
    """Rows under construction, with a slot for each variable and each subterm."""

    def __init__(self, clause: Clause) -> None:
        self.rows: list[RowPattern] = []
        self.slot: dict[Term, int] = {var: number for number, var in enumerate(clause.variables)}
        self.names = count(len(clause.variables))
        self.same: dict[int, int] = {}
        self.closed: list[tuple[int, Term]] = []

    def find(self, slot: int) -> int:
        while slot in self.same:
            slot = self.same[slot]
        return slot

    def term(self, term: Term) -> int:
        if term in self.slot:
            return self.find(self.slot[term])
        assert isinstance(term, App)
        is_large = term.is_closed and size(term) > LARGE
        args = tuple(self.whole(arg) if is_large else self.term(arg) for arg in term.args)
        out = next(self.names)
        self.slot[term] = out
        self.rows.append(RowPattern(term.symbol, args, out))
        return out

    def whole(self, term: Term) -> int:
        """A slot for the class of a term without variables; no row of it is waited for."""
        if term not in self.slot:
            self.slot[term] = next(self.names)
            self.closed.append((self.slot[term], term))
        return self.find(self.slot[term])

    def lookups(self) -> tuple[tuple[int, Term], ...]:
        """The terms that are looked up, with their slots."""
        return tuple((self.find(slot), term) for slot, term in self.closed)

    def premise(self, literal: Literal) -> None:
        slots = tuple(self.term(term) for term in atom_terms(literal.atom))
        match literal:
            case Literal(Equal(), True):
                one, two = (self.find(slot) for slot in slots)
                if one != two:
                    self.same[max(one, two)] = min(one, two)
            case Literal(Equal(), False):
                self.rows.append(RowPattern(EQUALS, slots, OUT_FALSE))
            case Literal(Holds(predicate, _), positive):
                out = OUT_TRUE if positive else OUT_FALSE
                self.rows.append(RowPattern(predicate, slots, out))

    def atom(self, atom: Holds) -> None:
        slots = tuple(self.term(term) for term in atom.args)
        self.rows.append(RowPattern(atom.predicate, slots, OUT_ANY))

    def finished(self) -> tuple[RowPattern, ...]:
        find = self.find
        return tuple(
            dict.fromkeys(
                RowPattern(
                    row.symbol,
                    tuple(find(slot) for slot in row.args),
                    find(row.out) if row.out >= 0 else row.out,
                )
                for row in self.rows
            )
        )


@dataclass(frozen=True, slots=True)
class RuleMaker:
    """Makes the rules of clauses under one precedence of symbols.

    The elements of ``open_sorts`` have no normal forms; there x = f(x) is read both ways.
    """

    before: Precedence
    open_sorts: frozenset[str] = frozenset()

    def rules(
        self,
        name: str,
        source: Law | int,
        clause: Clause,
        *,
        is_definition: bool = False,
        unfolds: bool = False,
        folds: bool = False,
    ) -> tuple[Rule, ...]:
        """All rules of a clause; definitions are read from left to right whatever the ordering.

        ``unfolds`` tells that the clause says what follows from a defined predicate, ``folds``
        that it says when the predicate holds.
        """
        needed = _head_variables(clause)
        given = _given(clause)
        made: list[Rule] = []
        if clause.is_literal_head and clause.literal.positive:
            atom = clause.literal.atom
            if isinstance(atom, Equal):
                made += self._equation(name, source, clause, atom, is_definition)
                creates = is_application(atom.left) or is_application(atom.right)
            else:
                creates = True
        else:
            creates = False
        if needed <= given and (clause.premises or not needed):
            cost = EXPAND if creates and clause.premises and made else DERIVE
            if not clause.cases or not creates:
                # The choice that a hypothesis leaves is noted at once: a split is what costs.
                is_choice = len(clause.cases) > 1 and isinstance(source, int)
                is_free = clause.is_literal_head or not clause.cases or unfolds or is_choice
                cost = SIMPLIFY if is_free else DERIVE
            if not (made and not clause.premises):
                made.append(replace(self._rule(name, source, clause, (), cost), unfolds=unfolds))
        made += self._from_atoms(name, source, clause, needed - given, folds)
        made += self._from_objects(name, source, clause)
        if not made:
            made += self._from_anything(name, source, clause, needed - given)
        return tuple(made)

    def instance(
        self, name: str, source: Law | int, clause: Clause, spends: Term | None = None
    ) -> Rule:
        """The rule that states an unconditional clause at elements that are given to it.

        ``spends`` is a term of it that is simplified with that.
        """
        places = tuple(range(len(clause.variables)))
        return Rule(name, source, clause, (), places, SIMPLIFY, spends=spends)

    def contrapositives(self, name: str, source: Law, clause: Clause) -> Iterator[Rule]:
        """Where the one premise of a clause is asked and the head is false, the premise is false.

        Made of the laws of constructors, this decides equations between constructor terms.
        """
        (premise,) = clause.premises
        assert isinstance(premise.atom, Equal)
        sides = (premise.atom.left, premise.atom.right)
        for pair in (sides, sides[::-1]):
            body = _Body(clause)
            asked = tuple(body.term(side) for side in pair)
            body.rows.append(RowPattern(EQUALS, asked, OUT_ANY))
            slots = tuple(body.slot[var] for var in clause.variables)
            if clause.cases:
                rows = body.finished()
                wanted = (clause.literal,)
                yield Rule(name, source, clause, rows, slots, SIMPLIFY, wanted=wanted)
                body.premise(clause.literal.negated())
            yield Rule(name, source, clause, body.finished(), slots, SIMPLIFY, denies=0)

    def search(self, case: Case) -> Iterator[Rule]:
        """For a goal that asks for elements: its terms at the elements that are there."""
        clause = Clause(case.exists, case.literals, ())
        wanted = tuple(
            Literal(Equal(term, term))
            for literal in case.literals
            for term in atom_terms(literal.atom)
            if is_application(term)
        )
        # Where there is nothing to compute, what is said of the elements is asked itself.
        wanted = wanted or tuple(part for part in case.literals if isinstance(part.atom, Holds))
        if wanted:
            body = tuple(
                RowPattern(f"{ELEMENT}{var.sort}", (slot,), OUT_ANY)
                for slot, var in enumerate(case.exists)
            )
            slots = tuple(range(len(case.exists)))
            yield Rule("goal", 0, clause, body, slots, EXPAND, wanted=wanted)

    def _rule(
        self,
        name: str,
        source: Law | int,
        clause: Clause,
        triggers: tuple[Term | Holds, ...],
        cost: int,
        turned: tuple[Term, Term] | None = None,
        elements: tuple[Var, ...] = (),
        spends: Term | None = None,
    ) -> Rule:
        body = _Body(clause)
        for trigger in triggers:
            if isinstance(trigger, Holds):
                body.atom(trigger)
            else:
                body.term(trigger)
        for premise in clause.premises:
            body.premise(premise)
        for var in elements:
            body.rows.append(RowPattern(f"{ELEMENT}{var.sort}", (body.term(var),), OUT_ANY))
        slots = tuple(body.find(body.slot[var]) for var in clause.variables)
        top = None if spends is None else body.find(body.slot[spends])
        rows, closed = body.finished(), body.lookups()
        return Rule(name, source, clause, rows, slots, cost, turned, (), spends, top, closed=closed)

    def _equation(
        self, name: str, source: Law | int, clause: Clause, atom: Equal, is_definition: bool
    ) -> Iterator[Rule]:
        given = _given(clause)
        falls = is_greater(atom.left, atom.right, self.before)
        rises = not falls and is_greater(atom.right, atom.left, self.before)
        for left, right, down, up in (
            (atom.left, atom.right, falls, rises),
            (atom.right, atom.left, rises, falls),
        ):
            forward = left is atom.left
            if isinstance(left, Var):
                if left.sort in self.open_sorts and set(variables(right)) == {left}:
                    cost = EXPAND + DERIVE
                    yield self._rule(name, source, clause, (), cost, None, (left,))
                elif left.sort in self.open_sorts:
                    yield from self._from_subterms(name, source, clause, left, right, given)
                continue
            if set(variables(right)) - set(variables(left)) - given:
                yield from self._from_subterms(name, source, clause, left, right, given)
                continue
            if is_definition and not falls:
                cost, turned = (DERIVE, None) if forward else (EXPAND, None)
            elif down:
                cost, turned = SIMPLIFY, None
            elif up:
                cost, turned = EXPAND, None
            else:
                cost, turned = SIMPLIFY, (left, right)
            simpler = (down or turned is not None) and is_application(left)
            spends = left if simpler else None
            if cost == EXPAND and not is_application(left):
                cost += DERIVE
            yield self._rule(name, source, clause, (left,), cost, turned, (), spends)
            if clause.premises and forward == (down or not rises):
                yield from self._demand(name, source, clause, left, cost)

    def _demand(
        self, name: str, source: Law | int, clause: Clause, left: Term, cost: int
    ) -> Iterator[Rule]:
        """Where the left side is there, the premises should be decided."""
        known = set(variables(left))
        wanted = []
        for premise in clause.premises:
            terms = [term for term in atom_terms(premise.atom) if set(variables(term)) <= known]
            if len(terms) == len(atom_terms(premise.atom)):
                wanted.append(premise)
            else:
                wanted += [Literal(Equal(term, term)) for term in terms if is_application(term)]
        if wanted:
            clause_body = _Body(clause)
            clause_body.term(left)
            slots = tuple(
                clause_body.slot[var] if var in known else OUT_ANY for var in clause.variables
            )
            rows, closed = clause_body.finished(), clause_body.lookups()
            yield Rule(name, source, clause, rows, slots, cost, None, tuple(wanted), closed=closed)

    def _from_subterms(
        self,
        name: str,
        source: Law | int,
        clause: Clause,
        left: Term,
        right: Term,
        given: set[Var],
    ) -> Iterator[Rule]:
        """One side lacks variables: wait for a subterm of the other that has them all."""
        needed = set(clause.variables) - given
        for part in dict.fromkeys(subterms(right)):
            if part != right and is_application(part) and needed <= set(variables(part)):
                yield self._rule(name, source, clause, (part,), EXPAND)

    def _from_atoms(
        self, name: str, source: Law | int, clause: Clause, missing: set[Var], folds: bool
    ) -> Iterator[Rule]:
        """Wait for an atom of the head to be asked, whatever its truth."""
        for case in clause.cases:
            for literal in case.literals:
                if not isinstance(literal.atom, Holds) or case.exists:
                    continue
                if not missing <= set(_variables(literal)):
                    continue
                cost = SIMPLIFY if clause.is_literal_head else DERIVE
                yield self._rule(name, source, clause, (literal.atom,), cost)
                if clause.premises and clause.is_literal_head:
                    yield from self._demand_atom(name, source, clause, literal.atom)
                    if folds:
                        yield from self._demand_elements(name, source, clause, literal.atom)

    def _from_objects(self, name: str, source: Law | int, clause: Clause) -> Iterator[Rule]:
        """What is true of every f(x) of an abstract sort is noted where such a term is.

        That a set has an element, say, which nothing would ask for by itself; and so is what is
        true of every x, such as that it stands below the greatest element.
        """
        if clause.premises or not clause.is_literal_head:
            return
        atom = clause.literal.atom
        if isinstance(atom, Holds):
            for term in dict.fromkeys(atom.args):
                is_object = is_application(term) and term.sort in self.open_sorts
                if is_object and set(variables(term)) == set(clause.variables):
                    yield self._rule(name, source, clause, (term,), DERIVE)
            if len(clause.variables) == 1 and not any(map(is_application, atom.args)):
                (var,) = clause.variables
                if var.sort in self.open_sorts:
                    yield self._rule(name, source, clause, (), DERIVE, None, (var,))

    def _demand_atom(
        self, name: str, source: Law | int, clause: Clause, atom: Holds
    ) -> Iterator[Rule]:
        known = {var for term in atom.args for var in variables(term)}
        wanted = tuple(p for p in clause.premises if set(_variables(p)) <= known)
        if wanted:
            body = _Body(clause)
            body.atom(atom)
            slots = tuple(body.slot[var] if var in known else OUT_ANY for var in clause.variables)
            rows, closed = body.finished(), body.lookups()
            yield Rule(name, source, clause, rows, slots, DERIVE, None, wanted, closed=closed)

    def _demand_elements(
        self, name: str, source: Law | int, clause: Clause, atom: Holds
    ) -> Iterator[Rule]:
        """Where an atom is asked, the terms of its premises at elements that are there.

        So that ``exists p. a + p = b`` is found where a witness is known but not yet the sum.
        """
        known = {var for term in atom.args for var in variables(term)}
        others = tuple(var for var in clause.variables if var not in known)
        wanted = tuple(
            Literal(Equal(term, term))
            for premise in clause.premises
            for term in atom_terms(premise.atom)
            if is_application(term)
        )
        if wanted and clause.is_literal_head and len(others) == 1:
            body = _Body(clause)
            body.atom(atom)
            for var in others:
                body.rows.append(RowPattern(f"{ELEMENT}{var.sort}", (body.term(var),), OUT_ANY))
            slots = tuple(body.slot[var] for var in clause.variables)
            yield Rule(name, source, clause, body.finished(), slots, EXPAND, None, wanted)

    def _from_anything(
        self, name: str, source: Law | int, clause: Clause, missing: set[Var]
    ) -> Iterator[Rule]:
        """Nothing else sets the rule off: a subterm that has all variables, or any elements."""
        found, own = False, set(clause.variables)
        for literal in clause_literals(clause):
            for term in atom_terms(literal.atom):
                for part in subterms(term):
                    if is_application(part) and missing <= set(variables(part)) <= own:
                        found = True
                        yield self._rule(name, source, clause, (part,), DERIVE)
        if not found:
            ordered = tuple(var for var in clause.variables if var in missing)
            yield self._rule(name, source, clause, (), EXPAND, None, ordered)


def _given(clause: Clause) -> set[Var]:
    """The variables that rows of the premises bind; x = y alone binds neither."""
    body = _Body(clause)
    for premise in clause.premises:
        body.premise(premise)
    bound = {slot for row in body.finished() for slot in (*row.args, row.out)}
    return {var for var in clause.variables if body.find(body.slot[var]) in bound}


def _variables(literal: Literal) -> tuple[Var, ...]:
    return tuple(var for term in atom_terms(literal.atom) for var in variables(term))


def _head_variables(clause: Clause) -> set[Var]:
    return {
        var
        for case in clause.cases
        for literal in case.literals
        for var in _variables(literal)
        if var not in case.exists
    }
