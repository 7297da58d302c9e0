"""Ground facts from the axioms, each derived by the blocks and certified."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, product

from lemmata.engine.budget import Budget
from lemmata.engine.errors import UsageError
from lemmata.engine.exploration.exploration import Found
from lemmata.engine.exploration.facts import Fact, Facts, Halt
from lemmata.engine.formula import Equal, Formula, Holds, Not
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Term
from lemmata.engine.theory import Statement, Theory

from .blocks import Local
from .exploration import explore
from .prove import deep_recursion
from .workspace import Effort
from .world import Running

VALUES = 9
"""The values of each sort that facts are about by default: the numerals 0 to 8."""

RUN, RUN_SECONDS = Effort(2, 0, 0, 20_000), 5.0
"""What it may take to run the axioms on values, in metered seconds."""

PATIENCE = (0, 1)
"""How patiently, after that, witnesses and cases are tried."""

SMALL = 1
"""The size of the laws that the blocks learn where the axioms alone do not decide."""

LAW_SECONDS = 20.0


def facts(theory: Theory, values: int = VALUES, budget: Budget | None = None) -> Facts:
    """What the functions and predicates of a theory do on small values, each fact with its proof.

    The arguments are the ``values`` smallest of each sort, such as the numerals 0 to 8. For every
    function the value is a fact, for every predicate that it holds or that it does not, and any
    two values differ. What follows from the axioms by saturation is proved so; for the rest the
    blocks first find and learn the smallest laws of the theory. ``budget`` bounds the CPU seconds;
    Ctrl-C does not raise, the answer says that it was interrupted. ``UsageError`` if no sort has
    values, that is, if none is inductive.
    """
    if values < 1:
        raise UsageError(f"facts need at least one value of each sort, not {values}")
    if not any(sort.is_inductive for sort in theory.signature.sorts):
        raise UsageError(
            f"no sort of the theory '{theory.name}' is inductive: there are no values to have facts "
            "about; its laws are found by: lemmata explore"
        )
    clock = (budget or Budget(seconds=600.0)).start()
    found: list[Fact] = []
    unproved: list[str] = []
    stop: Halt = "all"
    with deep_recursion():
        ground = _Ground(theory, values)
        try:
            for symbol, formula in ground.statements():
                if clock.is_over:
                    stop = "time"
                    break
                statement = Statement(f"fact_{len(found) + 1}", formula, lower(formula).clauses)
                text = ground.running.notation.formula(formula)
                answer = ground.derive(statement)
                if answer is None:
                    unproved.append(text)
                else:
                    found.append(
                        Fact(
                            symbol,
                            text,
                            not isinstance(formula, Not),
                            answer.theorem,
                            answer.method,
                            answer.cpu_seconds,
                        )
                    )
        except KeyboardInterrupt:
            stop = "interrupted"
    return Facts(theory, values, tuple(found), tuple(unproved), tuple(ground.silent), stop)


class _Ground:
    """The statements that hold where the axioms are run, and the blocks that derive them."""

    def __init__(self, theory: Theory, values: int) -> None:
        self.theory = theory
        self.running = Running(theory)
        self.axioms_alone = Local(theory)
        self.pools: dict[str, Sequence[Hashable]] = {
            sort.name: self.running.values(sort.name, values)
            for sort in theory.signature.sorts
            if sort.is_inductive
        }
        self.silent: list[str] = []

    @cached_property
    def with_laws(self) -> Local:
        """Blocks that know the smallest laws of the theory."""
        blocks = Local(self.theory)
        for theorem in explore(self.theory, Budget(seconds=LAW_SECONDS), size=SMALL).theorems:
            blocks.learn(theorem)
        return blocks

    def derive(self, statement: Statement) -> Found | None:
        """A fact from the axioms alone, or else with the smallest laws."""
        atom = statement.formula.body if isinstance(statement.formula, Not) else statement.formula
        if isinstance(atom, Equal):
            found = self.axioms_alone.derive_within(statement, RUN, RUN_SECONDS)
            if found is not None:
                return found
        blocks = self.with_laws
        return blocks.derive_within(statement, None, RUN_SECONDS) or next(
            filter(None, (blocks.prove(statement, patience) for patience in PATIENCE)), None
        )

    def statements(self) -> Iterator[tuple[str, Formula]]:
        """Each symbol with what it does on the values, in the order of the theory."""
        signature = self.theory.signature
        for sort, pool in self.pools.items():
            for one, other in combinations([self.running.term(value, sort) for value in pool], 2):
                yield "=", Not(Equal(one, other))
        for function in signature.functions:
            if function.name in signature.sort[function.result].constructors:
                continue
            said = False
            for args in self._arguments(function.arguments):
                value = self.running.apply(function.name, args)
                if value is not None:
                    said = True
                    term = App(
                        function.name, self._terms(args, function.arguments), function.result
                    )
                    yield function.name, Equal(term, self.running.term(value, function.result))
            if not said:
                self.silent.append(function.name)
        for predicate in signature.predicates:
            said = False
            for args in self._arguments(predicate.arguments):
                truth = self.running.holds(predicate.name, args)
                if truth is not None:
                    said = True
                    atom = Holds(predicate.name, self._terms(args, predicate.arguments))
                    yield predicate.name, atom if truth else Not(atom)
            if not said:
                self.silent.append(predicate.name)

    def _arguments(self, sorts: Sequence[str]) -> Iterator[tuple[Hashable, ...]]:
        return product(*(self.pools.get(sort, ()) for sort in sorts))

    def _terms(self, values: Sequence[Hashable], sorts: Sequence[str]) -> tuple[Term, ...]:
        return tuple(
            self.running.term(value, sort) for value, sort in zip(values, sorts, strict=True)
        )
