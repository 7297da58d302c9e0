"""Logic blocks: each owns a small database, listens for rules, and works in cycles.

A block reads its mail, matches its rules against what is new, applies the matches in the order of
their cost, and posts what others should know. It never looks inside another block: a child starts
from a copy of its parent's facts, which is its opening mail.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal as Word
from typing import TypeAlias

from .budget import Clock
from .clause import Case, Equal, Holds, Literal, atom_terms
from .database import Assumed, Database, Denied, Fired, Part
from .matching import Lookup, Matcher, compile_join, compile_lookup
from .rule import DERIVE, ELEMENT, EXPAND, Rule
from .search import satisfy
from .term import App, Term, Var, subterms, variables

Stop: TypeAlias = Word["goal", "contradiction", "saturated", "depth", "facts", "time"]
"""Why a block stopped: it has its goal, or nothing is left to do within its bounds."""

SPENT = 2
"""What a row that has a simpler equal costs more."""

_CHECK_CLOCK = 64


@dataclass(frozen=True, slots=True)
class Split:
    """A head with several cases of which none is known to hold yet."""

    fired: Fired
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """What a rule states, ready to be looked up: both sides of an equation, else its literal.

    It holds the rule, so that the rule's identity stands for it as long as this is kept.
    """

    rule: Rule
    literal: Literal | None = None
    left: Lookup | None = None
    right: Lookup | None = None

    @staticmethod
    def of(rule: Rule) -> Sides:
        """The sides of a rule; nothing where it denies or offers a choice."""
        if rule.denies is not None or not rule.clause.is_literal_head:
            return Sides(rule)
        literal = rule.clause.literal
        if not isinstance(literal.atom, Equal) or not literal.positive:
            return Sides(rule, literal)
        left, right = literal.atom.left, literal.atom.right
        names = rule.clause.variables
        return Sides(rule, literal, compile_lookup(left, names), compile_lookup(right, names))


@dataclass(slots=True)
class RuleWork:
    """What one rule cost a block."""

    matches: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class RuleSet:
    """Rules and, by symbol, the joins that a new row of that symbol seeds."""

    seeds: dict[str, list[tuple[Rule, Matcher]]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)

    def add(self, rule: Rule) -> None:
        """Adds a rule and compiles its joins."""
        self.rules.append(rule)
        for place, row in enumerate(rule.body):
            matcher = compile_join(rule.body, place, rule.width, rule.closed)
            self.seeds.setdefault(row.symbol, []).append((rule, matcher))

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        return None, {"rules": self.rules}

    def __setstate__(self, state: tuple[None, dict[str, list[Rule]]]) -> None:
        # Compiled joins cannot travel to another process; they are made again there.
        self.seeds, self.rules = {}, []
        for rule in state[1]["rules"]:
            self.add(rule)


class Block:
    """A database, the rules it listens for, and what waits to be applied."""

    def __init__(
        self,
        name: str,
        shared: RuleSet,
        database: Database | None = None,
        reserved: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.shared = shared
        self.reserved = reserved
        self.own = RuleSet()
        self.database = Database() if database is None else database
        self.waiting: list[tuple[int, int, Rule, tuple[int, ...]]] = []
        self.seen: set[tuple[int, tuple[int, ...]]] = set()
        self.splits: dict[tuple[int, tuple[int, ...]], Split] = {}
        self.asked: dict[int, None] = {}
        self.sides: dict[int, Sides] = {}
        self.goal: tuple[Case, ...] = ()
        self.ages: dict[str, int] = {}
        self.sequence = 0
        self.cycles = 0
        self.matches = 0
        self.charged = 0
        self.work: dict[str, RuleWork] = {}
        self.seconds = 0.0
        self.stop: Stop = "saturated"

    def child(self, name: str) -> Block:
        """A block that starts from what this one knows, has asked and has put off."""
        other = Block(name, self.shared, self.database.copy(), self.reserved)
        other.own.rules = self.own.rules.copy()
        other.own.seeds = {symbol: joins.copy() for symbol, joins in self.own.seeds.items()}
        other.waiting = self.waiting.copy()
        other.seen = self.seen.copy()
        other.splits = self.splits.copy()
        other.asked = self.asked.copy()
        other.sides = self.sides
        other.sequence = self.sequence
        other.goal = self.goal
        other.ages = self.ages.copy()
        return other

    def __getstate__(self) -> dict[str, object]:
        # Rules are told apart by identity, and looked up by compiled code: neither travels.
        return {**self.__dict__, "seen": set(), "sides": {}}

    # Mail

    def introduce(self, constants: Iterable[App]) -> None:
        """Makes new constants known, so that no other gets their names."""
        for constant in constants:
            self.database.intern(constant, 0)

    def assume(self, literal: Literal, hypothesis: int) -> None:
        """Takes a literal as a fact, on the ground of a hypothesis."""
        self.database.state(literal, Assumed(hypothesis), 0)

    def listen(self, rules: Iterable[Rule]) -> None:
        """Learns rules of its own, and matches them against all rows that are there."""
        for rule in rules:
            self.own.add(rule)
            self.match(rule)

    def match(self, rule: Rule) -> None:
        """Matches one rule against all rows that are there; new rows are matched as they come."""
        if not rule.body:
            self._emit(rule, 0, ())
            return
        database = self.database
        for pattern in rule.body:
            if pattern.symbol.startswith(ELEMENT):
                database.enumerate(pattern.symbol.removeprefix(ELEMENT))
        matcher = compile_join(rule.body, 0, rule.width, rule.closed)
        for row in list(database.table.get(rule.body[0].symbol, {}).values()):
            matcher(database, row, lambda cost, slots: self._emit(rule, cost, slots))

    def apply_at(self, rule: Rule, elements: Iterable[App]) -> None:
        """Applies a rule without a body to these elements."""
        nodes = tuple([self.database.intern(element, 0) for element in elements])
        self._emit(rule, 0, nodes)

    # Work

    def run(self, bound: int, facts: int, clock: Clock) -> Stop:
        """Cycles until the goal, a contradiction, or nothing is left that costs at most ``bound``."""
        started = time.process_time()
        before = self.charged
        self.stop = self._run(bound, facts, clock)
        self._charge(clock)
        if self.charged == before:
            clock.charge(1)  # so that runs that find nothing to do come to an end, too
        self.seconds += time.process_time() - started
        return self.stop

    def _charge(self, clock: Clock) -> None:
        """Counts what was matched and made since the last time as work."""
        done = self.matches + len(self.database)
        clock.charge(done - self.charged)
        self.charged = done

    def _run(self, bound: int, facts: int, clock: Clock) -> Stop:
        done = 0
        while True:
            if not self._match_new(clock):
                return "time"
            if self.database.is_contradictory():
                return "contradiction"
            if self.goal and self.has_goal():
                return "goal"
            if not self.waiting:
                return "saturated"
            cost = self.waiting[0][0]
            if cost > bound:
                return "depth"
            self.cycles += 1
            while self.waiting and self.waiting[0][0] <= cost:
                _, _, rule, slots = heappop(self.waiting)
                self._apply(rule, slots, cost)
                done += 1
                if self.database.is_contradictory():
                    return "contradiction"
                if done % _CHECK_CLOCK == 0 and self._is_over(clock):
                    return "time"
                if len(self.database) > facts:
                    return "facts"

    def _is_over(self, clock: Clock) -> bool:
        self._charge(clock)
        return clock.is_over

    def _match_new(self, clock: Clock) -> bool:
        """Seeds all joins with the new rows; False when the time is up."""
        database = self.database
        shared, own = self.shared.seeds, self.own.seeds
        while database.fresh_rows:
            rows = dict.fromkeys(database.fresh_rows)
            database.fresh_rows = []
            for count, row in enumerate(rows):
                if not database.is_row[row]:
                    continue
                if count % _CHECK_CLOCK == _CHECK_CLOCK - 1 and self._is_over(clock):
                    return False
                symbol = database.symbol[row]
                for seeds in (shared.get(symbol), own.get(symbol)):
                    for rule, matcher in seeds or ():
                        matcher(
                            database,
                            row,
                            lambda cost, slots, rule=rule: self._emit(rule, cost, slots),  # type: ignore[misc]
                        )
        return True

    def _emit(self, rule: Rule, cost: int, slots: tuple[int, ...]) -> None:
        binding = tuple([slots[slot] if slot >= 0 else slot for slot in rule.slots])
        mark = (id(rule), binding)
        if mark in self.seen:
            return
        self.seen.add(mark)
        self.matches += 1
        if not rule.is_demand:
            price = self._price(rule, slots, binding)
            if price is None:
                return
            cost = 0 if price < 0 else cost + price
        else:
            cost += rule.cost
        self.sequence += 1
        heappush(self.waiting, (cost, self.sequence, rule, binding))

    def _price(self, rule: Rule, slots: tuple[int, ...], binding: tuple[int, ...]) -> int | None:
        """What a match costs: nothing to do gives None, a merge of what is there is free (-1)."""
        sides = self.sides.get(id(rule))
        if sides is None:
            sides = self.sides[id(rule)] = Sides.of(rule)
        if sides.left is not None and sides.right is not None:
            left = sides.left(self.database, binding)
            right = None if left is None else sides.right(self.database, binding)
            if right is not None:
                return None if left == right else -1
        else:
            literal = sides.literal
            if literal is not None:
                classes: dict[Term, int] = dict(zip(rule.clause.variables, binding, strict=True))
                if self.database.holds(literal, classes):
                    return None
                if isinstance(literal.atom, Holds) and self._is_asked(literal.atom, classes):
                    return -1
        price = rule.cost
        if rule.turned is not None and not self._falls(rule, binding):
            price += EXPAND
        if rule.top is not None and self._has_smaller(rule, slots[rule.top], binding):
            price += DERIVE
        return price

    def _is_asked(self, atom: Holds, classes: dict[Term, int]) -> bool:
        """Whether an atom has a row, so that its truth adds nothing but a merge."""
        key = tuple([self.database.find(arg, classes) for arg in atom.args])
        return key in self.database.table.get(atom.predicate, {})

    def _falls(self, rule: Rule, binding: tuple[int, ...]) -> bool:
        """Whether this instance of an equation makes its left side smaller."""
        assert rule.turned is not None
        classes = dict(zip(rule.clause.variables, binding, strict=True))
        left, right = (self._size(term, classes) for term in rule.turned)
        if left != right:
            return left > right
        one, two = (self._marks(term, classes) for term in rule.turned)
        return one > two

    def _has_smaller(self, rule: Rule, top: int, binding: tuple[int, ...]) -> bool:
        """Whether the class of the term that the rule would rewrite has a smaller, simplest term."""
        assert rule.spends is not None
        classes = dict(zip(rule.clause.variables, binding, strict=True))
        database = self.database
        best = database.best[top]
        if self._size(rule.spends, classes) <= database.size[best]:
            return False
        # A smaller term that was rewritten itself, as 12 * 12 on the way to 144, does not count.
        key = tuple([database.root[kid] for kid in database.kids[best]])
        return database.table[database.symbol[best]].get(key) not in database.spent

    def _size(self, term: Term, classes: dict[Var, int]) -> int:
        """The symbols of a term's instance at the simplest terms of the classes."""
        database = self.database
        total = 0
        stack: list[Term] = [term]
        while stack:
            part = stack.pop()
            if isinstance(part, Var):
                total += database.size[database.best[database.root[classes[part]]]]
            else:
                total += 1
                stack += part.args
        return total

    def _marks(self, term: Term, classes: dict[Var, int]) -> list[tuple[int, int, str]]:
        """An instance's symbols from left to right: they decide a Knuth–Bendix ordering on ground
        instances of one size."""
        database = self.database
        marks: list[tuple[int, int, str]] = []
        stack: list[Term] = [term]
        while stack:
            part = stack.pop()
            if isinstance(part, Var):
                best = database.best[database.root[classes[part]]]
                marks.append((database.size[best], best, ""))
            else:
                marks.append((0, 0, part.symbol))
                stack.extend(reversed(part.args))
        return marks

    def _apply(self, rule: Rule, slots: tuple[int, ...], cost: int) -> None:
        started = time.perf_counter()
        database = self.database
        nodes = tuple([database.best[database.root[n]] if n >= 0 else n for n in slots])
        binding: dict[Term, int] = {
            var: node for var, node in zip(rule.clause.variables, nodes, strict=True) if node >= 0
        }
        if rule.is_demand:
            for literal in rule.wanted:
                self.ask(literal, cost, binding)
        else:
            self._conclude(rule, nodes, binding, cost)
            if rule.spends is not None:
                self._spend(rule.spends, binding)
        work = self.work.setdefault(rule.name, RuleWork())
        work.matches += 1
        work.seconds += time.perf_counter() - started

    def _spend(self, side: Term, binding: dict[Term, int]) -> None:
        """What the rows of a simplified term set off is put off."""
        assert isinstance(side, App)
        key = tuple([self.database.find(arg, binding) for arg in side.args])
        row = self.database.table.get(side.symbol, {}).get(key)  # type: ignore[arg-type]  # None is never a key
        if row is not None:
            self.database.spend(row, SPENT)

    def ask(self, literal: Literal, cost: int, binding: dict[Term, int] | None = None) -> None:
        """Makes the terms of a literal, so that they can be decided."""
        database = self.database
        node = database.atom(literal.atom, cost, binding)
        for asked in (node, *database.kids[node]):
            self.asked[asked] = None

    def _conclude(
        self, rule: Rule, nodes: tuple[int, ...], binding: dict[Term, int], cost: int
    ) -> None:
        database, cases = self.database, rule.clause.cases
        if rule.denies is None and any(
            satisfy(database, case, binding) is not None for case in cases
        ):
            return
        for premise in rule.clause.premises:
            # Its terms are made now, so that its explanation uses only what is known now.
            if isinstance(premise.atom, Equal) and premise.positive:
                database.intern(premise.atom.left, cost, binding)
                database.intern(premise.atom.right, cost, binding)
            else:
                database.atom(premise.atom, cost, binding)
        if rule.denies is not None:
            denied = rule.clause.premises[rule.denies].negated()
            database.state(denied, Denied(Fired(rule, nodes)), cost, binding)
            return
        if not cases:
            database.contradiction = Fired(rule, nodes)
            return
        if len(cases) > 1:
            self.splits[id(rule), nodes] = Split(Fired(rule, nodes), cases)
            return
        case = next(iter(cases))
        witnesses: list[int] = []
        for var in case.exists:
            depth = cost if rule.unfolds else cost + 1
            witness = database.node(self.fresh(var.name), (), var.sort, depth)
            witnesses.append(witness)
            binding[var] = witness
        fired = Fired(rule, nodes, tuple(witnesses))
        for witness in witnesses:
            database.witness[database.symbol[witness]] = fired
        for index, literal in enumerate(case.literals):
            database.state(literal, Part(fired, index), cost, binding)

    def fresh(self, name: str, taken: Collection[str] = ()) -> str:
        """A name that nothing in this block has; primes are added as people do."""
        while name in self.database.table or name in self.reserved or name in taken:
            name += "'"
        return name

    # Goals

    def seek(self, goal: tuple[Case, ...]) -> None:
        """Sets the goal and makes its terms; ``run`` stops when one of its cases holds."""
        self.goal = goal
        for case in goal:
            for literal in case.literals:
                if not case.exists:
                    self.database.atom(literal.atom, 0)
                    continue
                for term in atom_terms(literal.atom):
                    for part in subterms(term):
                        if not variables(part):
                            self.database.intern(part, 0)

    def has_goal(self) -> bool:
        """Whether one case of the goal holds."""
        return any(satisfy(self.database, case, {}) is not None for case in self.goal)
