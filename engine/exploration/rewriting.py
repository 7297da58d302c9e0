"""Normal forms by the laws so far: what reduces to the same needs no proof attempt of its own.

Ordered rewriting: an equation is used where it makes a term smaller in the lexicographic path
ordering, in which variables count as constants. So commutativity sorts, and never loops. This only
decides what is worth proposing; nothing rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..clause import Clause, Equal
from ..ordering import Precedence, is_greater
from ..term import App, Substitution, Term, Var, substitute, subterms, variables

STEPS = 200
"""Rewrite steps that one term may take."""


class Rewriting:
    """Equations as rewrite rules, and the normal forms that they give.

    >>> from ..theory import Signature
    >>> from ..ordering import precedence
    >>> x, y = Var("x", "N"), Var("y", "N")
    >>> plus = lambda a, b: App("+", (a, b), "N")
    >>> rules = Rewriting(precedence(Signature(), {}))
    >>> rules.add(plus(x, y), plus(y, x))
    >>> rules.normal(plus(y, x)) == rules.normal(plus(x, y))
    True
    """

    def __init__(self, before: Precedence) -> None:
        self.before = before
        self.rules: dict[str, list[tuple[App, Term, bool]]] = {}
        self.known: dict[Term, Term] = {}

    def copy(self) -> Rewriting:
        """The same rules, to which others may be added."""
        other = Rewriting(self.before)
        other.rules = {symbol: list(rules) for symbol, rules in self.rules.items()}
        return other

    def learn(self, clauses: Iterable[Clause]) -> None:
        """Adds what clauses state as unconditional equations."""
        for clause in clauses:
            if clause.premises or not clause.is_literal_head or not clause.literal.positive:
                continue
            atom = clause.literal.atom
            if isinstance(atom, Equal):
                self.add(atom.left, atom.right)

    def add(self, left: Term, right: Term) -> None:
        """Adds an equation, in each direction in which it can make terms smaller."""
        for one, two in ((left, right), (right, left)):
            if not isinstance(one, App) or not set(variables(two)) <= set(variables(one)):
                continue
            if is_greater(two, one, self.before):
                continue
            always = is_greater(one, two, self.before)
            self.rules.setdefault(one.symbol, []).append((one, two, always))
            self.known.clear()
            if always:
                return

    def is_new_rule(self, left: Term, right: Term) -> bool:
        """Whether an equation always makes a term smaller that no other such rule makes smaller.

        Where only sorting by commutativity leads from one side to the other, a rule that goes
        there at once is worth having.
        """
        for one, two in ((left, right), (right, left)):
            if isinstance(one, App) and is_greater(one, two, self.before):
                return not any(
                    always and matches(known, part, {})
                    for part in subterms(one)
                    if isinstance(part, App)
                    for known, _, always in self.rules.get(part.symbol, ())
                )
        return False

    def normal(self, term: Term) -> Term:
        """The normal form of a term, its variables taken for constants."""
        return self._normal(frozen(term), [STEPS])

    def _normal(self, term: App, steps: list[int]) -> App:
        found = self.known.get(term)
        if found is not None:
            return found  # type: ignore[return-value]  # only closed terms are kept
        args = tuple([self._normal(arg, steps) for arg in term.args])  # type: ignore[arg-type]
        current = term if args == term.args else App(term.symbol, args, term.sort)
        smaller = self._step(current)
        if smaller is not None and steps[0] > 0:
            steps[0] -= 1
            current = self._normal(smaller, steps)
        self.known[term] = current
        return current

    def _step(self, term: App) -> App | None:
        for left, right, always in self.rules.get(term.symbol, ()):
            binding: dict[Var, Term] = {}
            if not matches(left, term, binding):
                continue
            result = substitute(right, binding)
            assert isinstance(result, App)
            if always or is_greater(term, result, self.before):
                return result
        return None


def matches(pattern: Term, term: Term, binding: dict[Var, Term]) -> bool:
    """Whether a term is an instance of a pattern; extends the binding of the pattern's variables."""
    if isinstance(pattern, Var):
        return pattern.sort == term.sort and binding.setdefault(pattern, term) == term
    if isinstance(term, Var) or pattern.symbol != term.symbol:
        return False
    return len(pattern.args) == len(term.args) and all(
        matches(one, two, binding) for one, two in zip(pattern.args, term.args, strict=True)
    )


def frozen(term: Term) -> App:
    """The term with its variables as constants."""
    names: Substitution = {var: App(f"?{var.name}", (), var.sort) for var in variables(term)}
    closed = substitute(term, names)
    assert isinstance(closed, App)
    return closed
