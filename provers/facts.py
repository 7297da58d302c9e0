"""Ground facts from the axioms, each derived by the blocks and certified."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, product

from lemmata.engine.block import Block
from lemmata.engine.budget import Budget, Clock
from lemmata.engine.checker import Theorem
from lemmata.engine.clause import clause_symbols
from lemmata.engine.derivation import Law
from lemmata.engine.errors import UsageError
from lemmata.engine.exploration.exploration import Found
from lemmata.engine.exploration.facts import Fact, Facts, Halt
from lemmata.engine.exploration.shape import mirrored
from lemmata.engine.exploration.truth import tried
from lemmata.engine.formula import Equal, Formula, Holds, Not
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Term, subterms
from lemmata.engine.theory import Sort, Statement, Theory

from .blocks import Local
from .closing import close
from .discovery import reachable
from .prove import deep_recursion
from .workspace import Effort, Proof
from .world import Running
from .writing import write_theorem

VALUES = 9
"""The values of each sort that facts are about by default: the numerals 0 to 8."""

ROWS = 1_000_000
"""The rows of the block in which the axioms run on all values."""

RUN, RUN_SECONDS = Effort(30, 0, 0, 20_000), 5.0
"""What it may take to derive one fact apart from the others, in metered seconds."""

PATIENCE = (0, 1)
"""How patiently, after that, witnesses and cases are tried."""

SMALL = 1
"""The size of the laws that the blocks learn where the axioms alone do not decide."""

LAW_SECONDS = 20.0


def facts(theory: Theory, values: int = VALUES, budget: Budget | None = None) -> Facts:
    """What the functions and predicates of a theory do on small values, each fact with its proof.

    The arguments are the ``values`` smallest of each sort, such as the numerals 0 to 8, without those
    that hold elements of abstract sorts, which have no names. For every function the value is a fact,
    for every predicate that it holds or that it does not, and any two values differ. What follows from
    the axioms by saturation is proved so, each fact from the one before; for the rest the blocks first
    learn small laws of the theory. ``budget`` bounds the CPU seconds;
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
        self.blocks = Local(theory)
        self.pools: dict[str, Sequence[Hashable]] = {
            sort.name: [v for v in self.running.values(sort.name, values) if self.has_name(v, sort)]
            for sort in theory.signature.sorts
            if sort.is_inductive
        }
        self.work = self.blocks.work
        self.bench = self.work.grid.open(self.work.root, "facts")
        self.values: dict[Term, Theorem] = {}
        self.waiting: list[Theorem] = []
        self.silent: list[str] = []
        self.mirrored: dict[tuple[Equal, ...], Local] = {}

    def has_name(self, value: Hashable, sort: Sort) -> bool:
        """Whether the theory can write a value: elements of abstract sorts have no names."""
        parts = subterms(self.running.term(value, sort.name))
        known = self.theory.signature.function
        return all(isinstance(part, App) and part.symbol in known for part in parts)

    def with_mirrors(self, symbols: frozenset[str]) -> Local:
        """Blocks that know the defining equations of these symbols with two arguments exchanged.

        What a function does where the other argument is taken apart is what most denials need.
        """
        mirrors = tuple(self._mirrors(symbols))
        if mirrors in self.mirrored:
            return self.mirrored[mirrors]
        blocks = self.mirrored[mirrors] = Local(self.theory)
        for number, equation in enumerate(mirrors, 1):
            statement = Statement(f"mirror_{number}", equation, lower(equation).clauses, "lemma")
            law = next(filter(None, (blocks.prove(statement, n) for n in PATIENCE)), None)
            if law is not None:
                blocks.learn(law.theorem)
        return blocks

    @cached_property
    def with_laws(self) -> Local:
        """Blocks that know the smallest laws of the theory."""
        from .exploration import explore  # loaded only where it is needed

        blocks = Local(self.theory)
        for theorem in explore(self.theory, Budget(seconds=LAW_SECONDS), size=SMALL).theorems:
            blocks.learn(theorem)
        return blocks

    def _mirrors(self, symbols: frozenset[str]) -> Iterator[Equal]:
        for axiom in self.theory.axioms:
            if (
                isinstance(axiom.formula, Equal)
                and axiom.kind != "constructor"
                and set().union(*map(clause_symbols, axiom.clauses)) <= symbols
            ):
                for mirror in mirrored(axiom.formula):
                    if tried(lower(mirror).clauses, [self.running]).counterexample is None:
                        yield mirror

    def derive(self, statement: Statement) -> Found | None:
        """A fact from the axioms and the facts before it, or else with small laws as well."""
        found = self.run(statement)
        if found is not None:
            return found
        for blocks in self.informed(statement):
            found = blocks.derive_within(statement, None, RUN_SECONDS) or next(
                filter(None, (blocks.prove(statement, patience) for patience in PATIENCE)), None
            )
            if found is not None:
                return found
        return None

    def informed(self, statement: Statement) -> Iterator[Local]:
        """Blocks that know more than the axioms, made when they are needed."""
        yield self.with_mirrors(reachable(self.theory, statement))
        yield self.with_laws

    def run(self, statement: Statement) -> Found | None:
        """A fact that shows where the axioms run on the values.

        A function begins where its facts on the parts of its arguments end, as 8 * 8 with 8 * 7; a
        predicate is looked up among all of them.
        """
        match statement.formula:
            case Equal(App() as term, _):
                found = self.derive_from(list(self.parts(term)), statement)
                if found is not None:
                    self.values[term] = found.theorem
                    self.waiting.append(found.theorem)
                return found
            case Holds():
                return self.look_up(statement)
            case _:
                return None  # what does not hold is shown by assuming it

    def parts(self, term: App) -> Iterator[Theorem]:
        """What is known of a function on the parts of the arguments that its definition recurs on."""
        for place in sorted(self.work.positions.get(term.symbol, ())):
            arg = term.args[place]
            for part in arg.args if isinstance(arg, App) else ():
                args = (*term.args[:place], part, *term.args[place + 1 :])
                before = self.values.get(App(term.symbol, args, term.sort))
                if before is not None:
                    yield before

    def note(self, block: Block, theorems: Iterable[Theorem], *, is_enough: bool) -> None:
        """Makes values of functions known in a block at once.

        They are no rules that later rows are held against. If that is ``is_enough``, a term whose
        value is known is not computed once more from its definition.
        """
        for theorem in theorems:
            (clause,) = theorem.statement.clauses
            spends = clause.sides[0] if is_enough else None
            law = Law(theorem.name, 0)
            block.apply_at(self.work.maker.instance(theorem.name, law, clause, spends), ())
        block.run(0, ROWS, self.clock())

    def derive_from(self, known: Sequence[Theorem], statement: Statement) -> Found | None:
        """A fact that follows in a block of its own where some others are known."""
        started = time.process_time()
        (clause,) = statement.clauses
        block = self.work.grid.open(self.work.root, statement.name)
        self.note(block, known, is_enough=True)
        proof = close(self.work, block, clause.cases, RUN, self.clock())
        return None if proof is None else self.written(statement, proof, started)

    def look_up(self, statement: Statement) -> Found | None:
        """A fact that follows in the block where all values of functions are known."""
        started = time.process_time()
        (clause,) = statement.clauses
        if self.waiting:
            self.note(self.bench, self.waiting, is_enough=False)
            self.waiting.clear()
        self.bench.seek(clause.cases)
        if self.bench.run(0, ROWS, self.clock()) != "goal":
            return None
        database = self.bench.database
        return self.written(statement, lambda w: w.goal(database, clause.cases), started)

    def written(self, statement: Statement, proof: Proof, started: float) -> Found:
        theorem = write_theorem(self.work, statement, [proof])
        self.work.theorems[theorem.name] = theorem
        return Found(theorem, "saturation", time.process_time() - started)

    def clock(self) -> Clock:
        """Time for one fact, metered so that it is the same on every machine."""
        return self.blocks.meter.start(Budget(seconds=RUN_SECONDS))

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
