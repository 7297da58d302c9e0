"""Conditional laws, read off truth tables.

Atoms with one table are equivalent; a table inside another is an implication, inside the union of
two a choice, and two that meet inside a third are two premises. Of all that is true only what is
sharpest is proposed: no weaker premise gives the conclusion, no stronger conclusion follows. A
premise that an equation with a variable could eliminate is none: the law without it says as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..clause import Atom, Equal, Holds
from ..formula import And, Formula, Iff, Implies, Not, Or
from ..lowering import all_variables
from ..term import Term, Var, subterms
from .truth import Tabled

SMALL = 3
"""The largest atoms that stand beside another one as a second premise or a second case."""

DENIAL = 4
"""The largest atoms of which it is said that they never hold."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement that the tables allow, and how many symbols it is written with."""

    formula: Formula
    size: int


@dataclass
class Implications:
    """Proposals over some atoms up to a size; counts what the tables ruled out on the way."""

    atoms: Sequence[Tabled]
    limit: int
    compared: int = 0
    refuted: int = 0
    vacuous: int = 0
    classes: dict[tuple[int, int], list[Tabled]] = field(default_factory=dict)

    def proposals(self) -> list[Proposal]:
        """All proposals, the smallest first."""
        for atom in sorted(self.atoms, key=lambda tabled: tabled.size):
            self.classes.setdefault((atom.true, atom.false), []).append(atom)
        found = [
            *self._facts(),
            *self._equivalences(),
            *self._implications(),
            *self._choices(),
            *self._pairs(),
            *self._exclusions(),
        ]
        # General statements come before their instances, which are known then.
        return sorted(found, key=lambda p: (p.size, -len(set(all_variables(p.formula)))))

    @property
    def _leaders(self) -> list[Tabled]:
        """One smallest atom of each table that is neither always true nor always false.

        What speaks of named elements alone is true or false, and no condition.
        """
        first = [atoms[0] for atoms in self.classes.values()]
        return [a for a in first if a.true and a.false and a.variables]

    def _facts(self) -> Iterator[Proposal]:
        """What holds or fails at every row."""
        for atom in self.atoms:
            self.compared += 1
            if atom.true and not atom.false:
                yield Proposal(atom.atom, atom.size)
            elif atom.false and not atom.true and atom.size <= DENIAL:
                yield Proposal(Not(atom.atom), atom.size)
            else:
                self.refuted += 1

    def _equivalences(self) -> Iterator[Proposal]:
        for atoms in self.classes.values():
            first, *others = atoms
            if not first.true or not first.false:
                continue
            for other in others:
                size = first.size + other.size
                if size <= self.limit:
                    self.compared += 1
                    yield Proposal(Iff(other.atom, first.atom), size)

    def _implications(self) -> Iterator[Proposal]:
        leaders = self._leaders
        above: dict[int, list[Tabled]] = {}
        for one in leaders:
            above[id(one)] = [two for two in leaders if two is not one and not one.true & two.false]
            self.compared += len(leaders) - 1
            self.refuted += len(leaders) - 1 - len(above[id(one)])
        for one in leaders:
            if _is_eliminable(one.atom):
                continue
            weaker = above[id(one)]
            passed = {id(far) for near in weaker for far in above[id(near)]}
            for two in weaker:
                # What is implied by something in between is no sharpest conclusion.
                is_sharp = id(two) not in passed and _speaks_of(two, one)
                if is_sharp and one.size + two.size <= self.limit:
                    yield Proposal(Implies(one.atom, two.atom), one.size + two.size)

    def _choices(self) -> Iterator[Proposal]:
        """One premise, or none, and two cases."""
        small = [atom for atom in self._leaders if atom.size <= SMALL]
        pairs = [
            (
                first,
                second,
                first.true | second.true,
                first.false & second.false,
                first.size + second.size,
            )
            for place, first in enumerate(small)
            for second in small[place + 1 :]
        ]
        for first, second, _, false, size in pairs:
            self.compared += 1
            if not false and size <= self.limit and not self._sharper(small, first, second):
                yield Proposal(Or(first.atom, second.atom), size)
        spoken: dict[frozenset[Var], list[tuple[Tabled, Tabled, int, int, int]]] = {}
        for premise in self._leaders:
            if _is_eliminable(premise.atom):
                continue
            known, true, room = premise.variables, premise.true, self.limit - premise.size
            if known not in spoken:
                spoken[known] = [
                    pair
                    for pair in pairs
                    if pair[3] and pair[0].variables <= known and pair[1].variables <= known
                ]
            fitting = [
                (first, second, union, size)
                for first, second, union, false, size in spoken[known]
                if size <= room and not true & false and true & first.false and true & second.false
            ]
            self.compared += len(pairs)
            self.refuted += len(pairs) - len(fitting)
            for first, second, union, size in fitting:
                if not any(other < union for _, _, other, _ in fitting if other & ~union == 0):
                    cases = Or(first.atom, second.atom)
                    yield Proposal(Implies(premise.atom, cases), premise.size + size)

    def _pairs(self) -> Iterator[Proposal]:
        """Two premises, neither of which does alone."""
        leaders = self._leaders
        small = [a for a in leaders if a.size <= SMALL and not _is_eliminable(a.atom)]
        heads = [a for a in leaders if a.size <= SMALL]
        for place, first in enumerate(small):
            for second in small[place + 1 :]:
                both = first.true & second.true
                self.compared += len(heads)
                if not both:
                    self.vacuous += len(heads)
                    continue
                fitting = [
                    head
                    for head in heads
                    if not both & head.false
                    and first.true & head.false
                    and second.true & head.false
                    and _speaks_of(head, first, second)
                ]
                self.refuted += len(heads) - len(fitting)
                for head in fitting:
                    if any(o.true < head.true and not o.true & ~head.true for o in fitting):
                        continue
                    if self._weaker(small, first, second, head):
                        continue
                    size = first.size + second.size + head.size
                    if size <= self.limit:
                        premises = And(first.atom, second.atom)
                        yield Proposal(Implies(premises, head.atom), size)

    def _exclusions(self) -> Iterator[Proposal]:
        """Of what predicates say of one thing, two that are never true together."""
        single = [a for a in self._leaders if isinstance(a.atom, Holds) and len(a.atom.args) == 1]
        for place, first in enumerate(single):
            for second in single[place + 1 :]:
                self.compared += 1
                size = first.size + second.size
                if first.true & second.true or size > self.limit or not _speaks_of(second, first):
                    self.refuted += 1
                elif not any(
                    other.size <= second.size
                    and other.true > second.true
                    and not second.true & ~other.true
                    and not first.true & other.true
                    for other in single
                ):
                    yield Proposal(Implies(first.atom, Not(second.atom)), size)

    def _sharper(self, small: Sequence[Tabled], first: Tabled, second: Tabled) -> bool:
        """Whether one of two cases may be replaced by one that is true less often."""
        for one, two in ((first, second), (second, first)):
            for other in small:
                is_less = not other.true & ~one.true and other.true != one.true
                if is_less and not other.false & two.false and other.size <= one.size:
                    return True
        return False

    def _weaker(self, small: Sequence[Tabled], first: Tabled, second: Tabled, head: Tabled) -> bool:
        """Whether a premise may be weakened."""
        for one, two in ((first, second), (second, first)):
            for other in small:
                wider = other.true > one.true and not one.true & ~other.true
                if wider and other is not two and not other.true & two.true & head.false:
                    return True
        return False


def _speaks_of(head: Tabled, *premises: Tabled) -> bool:
    """Whether a conclusion mentions only what its premises mention."""
    return head.variables <= frozenset[Var]().union(*[premise.variables for premise in premises])


def _is_eliminable(atom: Atom) -> bool:
    """Whether an equation gives a variable a value that it does not occur in."""
    if not isinstance(atom, Equal):
        return False
    return _gives(atom.left, atom.right) or _gives(atom.right, atom.left)


def _gives(side: Term, other: Term) -> bool:
    return isinstance(side, Var) and side not in set(subterms(other))
