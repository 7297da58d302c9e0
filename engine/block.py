"""Logic blocks: each owns a small database, listens for rules, and works in cycles.

A block reads its mail, matches its rules against what is new, applies the matches in the order of
their cost, and posts what others should know. It never looks inside another block: a child starts
from a copy of its parent's facts, which is its opening mail.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any, TypeAlias
from typing import Literal as Word

from .budget import Clock
from .clause import Case, Literal, atom_terms
from .database import Assumed, Database, Denied, Fired, Part
from .matching import Matcher
from .pricing import Plan, compile_rule
from .rule import ELEMENT, Rule
from .search import satisfy
from .shape import LiteralShape
from .term import App, Term, subterms, variables

Stop: TypeAlias = Word["goal", "contradiction", "saturated", "depth", "facts", "time"]
"""Why a block stopped: it has its goal, or nothing is left to do within its bounds."""

Match: TypeAlias = "tuple[Any, ...]"
"""A rule, then the classes for the variables of its clause; -1 where one is not known."""

SPENT = 2
"""What a row that has a simpler equal costs more."""

_CHECK_CLOCK = 64


@dataclass(frozen=True, slots=True)
class Split:
    """A head with several cases of which none is known to hold yet."""

    fired: Fired
    cases: tuple[Case, ...]


@dataclass(slots=True)
class RuleWork:
    """What one rule cost a block."""

    matches: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class RuleSet:
    """Rules and, by symbol, the joins that a new row of that symbol seeds.

    They are ``passing`` if few rows will ever meet them.
    """

    is_passing: bool = False
    seeds: dict[str, list[tuple[Rule, Matcher]]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)

    def add(self, rule: Rule) -> None:
        """Adds a rule and compiles its joins."""
        self.rules.append(rule)
        matchers = compile_rule(Plan.of(rule), self.is_passing)
        for row, matcher in zip(rule.body, matchers, strict=True):
            self.seeds.setdefault(row.symbol, []).append((rule, matcher))

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        return None, {"rules": self.rules, "is_passing": self.is_passing}

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        # Compiled joins cannot travel to another process; they are made again there.
        self.seeds, self.rules, self.is_passing = {}, [], state[1]["is_passing"]
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
        self.own = RuleSet(is_passing=True)
        self.database = Database() if database is None else database
        self.waiting: list[tuple[int, int, Match]] = []
        self.seen: set[Match] = set()
        self.inherited = 0
        self.ceiling = sys.maxsize
        self.is_cut = False
        self.splits: dict[tuple[Rule, tuple[int, ...]], Split] = {}
        self.asked: dict[int, None] = {}
        self.goal: tuple[Case, ...] = ()
        self.ages: dict[str, int] = {}
        self.sequence = 0
        self.cycles = 0
        self.charged = 0
        self.work: dict[str, RuleWork] = {}
        self.seconds = 0.0
        self.stop: Stop = "saturated"

    @property
    def matches(self) -> int:
        """How many matches were found here."""
        return len(self.seen) - self.inherited

    def child(self, name: str, ceiling: int = sys.maxsize) -> Block:
        """A block that starts from what this one knows, has asked and has put off.

        What costs more than the ceiling is never applied in it, nor below it.
        """
        other = Block(name, self.shared, self.database.copy(), self.reserved)
        other.own.rules = self.own.rules.copy()
        other.own.seeds = {symbol: joins.copy() for symbol, joins in self.own.seeds.items()}
        other.ceiling = min(ceiling, self.ceiling)
        other.waiting = [entry for entry in self.waiting if entry[0] <= other.ceiling]
        other.is_cut = self.is_cut or len(other.waiting) < len(self.waiting)
        if other.is_cut:
            heapify(other.waiting)
        other.seen = self.seen.copy()
        other.inherited = len(self.seen)
        other.splits = self.splits.copy()
        other.asked = self.asked.copy()
        other.sequence = self.sequence
        other.goal = self.goal
        other.ages = self.ages.copy()
        return other

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
            self.match(rule, is_passing=True)

    def match(self, rule: Rule, *, is_passing: bool = False) -> None:
        """Matches one rule against all rows that are there; new rows are matched as they come."""
        if not rule.body:
            self.apply_at(rule, ())
            return
        database = self.database
        for pattern in rule.body:
            if pattern.symbol.startswith(ELEMENT):
                database.enumerate(pattern.symbol.removeprefix(ELEMENT))
        matcher = compile_rule(Plan.of(rule), is_passing)[0]
        for row in list(database.table.get(rule.body[0].symbol, {}).values()):
            matcher(database, row, rule, self)

    def apply_at(self, rule: Rule, elements: Iterable[App]) -> None:
        """Applies a rule without a body to these elements."""
        database, head = self.database, rule.action.head
        nodes = [database.intern(element, 0) for element in elements]
        classes = tuple([database.root[node] for node in nodes])
        match = (rule, *classes)
        if match in self.seen:
            return
        self.seen.add(match)
        if head is None:
            self.put_off(rule.cost, match)
        elif not database.is_known(head, classes):
            self.put_off(0 if database.is_at_hand(head, classes) else rule.cost, match)

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
                return "depth" if self.is_cut else "saturated"
            cost = self.waiting[0][0]
            if cost > bound:
                return "depth"
            self.cycles += 1
            while self.waiting and self.waiting[0][0] <= cost:
                self._apply(heappop(self.waiting)[2], cost)
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
                        matcher(database, row, rule, self)
        return True

    def put_off(self, cost: int, match: Match) -> None:
        """Lets a match wait for its turn, if that may come."""
        if cost > self.ceiling:
            self.is_cut = True
            return
        self.sequence += 1
        heappush(self.waiting, (cost, self.sequence, match))

    def _apply(self, match: Match, cost: int) -> None:
        started = time.perf_counter()
        rule: Rule = match[0]
        root, best = self.database.root, self.database.best
        nodes = tuple([best[root[node]] if node >= 0 else node for node in match[1:]])
        action = rule.action
        for wanted in action.wanted:
            self._ask(wanted, nodes, cost)
        if not action.wanted:
            self._conclude(rule, nodes, cost)
            if action.spends is not None:
                row = self.database.row(*action.spends, nodes)
                if row is not None:
                    self.database.spend(row, SPENT)
        work = self.work.get(rule.name)
        if work is None:
            work = self.work[rule.name] = RuleWork()
        work.matches += 1
        work.seconds += time.perf_counter() - started

    def _ask(self, literal: LiteralShape, nodes: tuple[int, ...], cost: int) -> None:
        """Makes the terms of a literal, so that they can be decided."""
        database = self.database
        node = database.make_atom(literal, nodes, cost)
        for asked in (node, *database.kids[node]):
            self.asked[asked] = None

    def _conclude(self, rule: Rule, nodes: tuple[int, ...], cost: int) -> None:
        database, action, cases = self.database, rule.action, rule.clause.cases
        if action.head is not None:
            if database.is_known(action.head, nodes):
                return
        elif action.denied is None:
            binding: dict[Term, int] = dict(zip(rule.clause.variables, nodes, strict=True))
            if any(satisfy(database, case, binding) is not None for case in cases):
                return
        for premise in action.premises:
            # Its terms are made now, so that its explanation uses only what is known now.
            if premise.unites:
                for side in premise.args:
                    database.make(side, nodes, cost)
            else:
                database.make_atom(premise, nodes, cost)
        if action.head is not None:
            database.establish(action.head, Part(Fired(rule, nodes), 0), cost, nodes)
        elif action.denied is not None:
            database.establish(action.denied, Denied(Fired(rule, nodes)), cost, nodes)
        elif not cases:
            database.contradiction = Fired(rule, nodes)
        elif len(cases) > 1:
            self.splits[rule, nodes] = Split(Fired(rule, nodes), cases)
        else:
            self._exhibit(rule, nodes, cost)

    def _exhibit(self, rule: Rule, nodes: tuple[int, ...], cost: int) -> None:
        """States a case about elements that exist, which get names."""
        database, (case,) = self.database, rule.clause.cases
        depth = cost if rule.unfolds else cost + 1
        witnesses = tuple(
            [database.node(self.fresh(var.name), (), var.sort, depth) for var in case.exists]
        )
        fired = Fired(rule, nodes, witnesses)
        for witness in witnesses:
            database.witness[database.symbol[witness]] = fired
        names = {v: place for place, v in enumerate((*rule.clause.variables, *case.exists))}
        for index, literal in enumerate(case.literals):
            part = Part(fired, index)
            database.establish(LiteralShape.of(literal, names), part, cost, nodes + witnesses)

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
