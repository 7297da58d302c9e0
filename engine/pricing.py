"""What a match is worth: code that a compiled join ends with.

A match that was there before, or that states what is known, is dropped on the spot. What only
unites classes that are there is free, as it adds nothing; anything else costs as much as its rows
and its rule. The code looks up what the rule states among the rows that were just found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from .clause import Atom, Equal, Holds, Literal, atom_terms
from .matching import Closed, JoinWriter, Matcher, Offer, compile_ending, compile_join, slots_of
from .rule import DERIVE, EXPAND, LARGE, RowPattern, Rule
from .shape import EQUALS
from .term import App, Term, Var, size

if TYPE_CHECKING:
    from .block import Block
    from .database import Database


@dataclass(frozen=True, slots=True)
class Plan:
    """What the code for a rule depends on: neither its name nor where it comes from.

    ``states`` is the literal that it states; nothing where it denies, asks or offers a choice.
    """

    body: tuple[RowPattern, ...]
    slots: tuple[int, ...]
    closed: Closed
    variables: tuple[Var, ...]
    states: Literal | None
    cost: int
    turned: tuple[Term, Term] | None
    spends: Term | None
    top: int | None

    @staticmethod
    def of(rule: Rule) -> Plan:
        """The plan of a rule."""
        clause = rule.clause
        is_stated = clause.is_literal_head and rule.denies is None and not rule.is_demand
        return Plan(
            rule.body,
            rule.slots,
            rule.closed,
            clause.variables,
            clause.literal if is_stated else None,
            rule.cost,
            rule.turned,
            rule.spends,
            rule.top,
        )


@lru_cache(maxsize=20_000)
def compile_rule(plan: Plan, is_passing: bool = False) -> tuple[Matcher, ...]:
    """For each row of a rule's body the function that is seeded with it.

    To compile a join takes as long as to run it some hundred times. A rule that is ``passing``, as a
    hypothesis that one block works under, finds few matches: what is to be done with these is
    compiled once for all its joins, when the first is found.
    """
    ending = _Late(plan).write if is_passing else lambda writer: _Pricing(writer, plan).write()
    return tuple(
        compile_join(plan.body, seed, plan.closed, ending) for seed in range(len(plan.body))
    )


class _Late:
    """What becomes of matches, compiled when there is one."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.slots = slots_of(plan.body, plan.closed)
        self.offer: Offer | None = None

    def write(self, writer: JoinWriter) -> None:
        """Hands a match over."""
        classes = "".join(f"v{slot}, " for slot in self.slots)
        writer.put(f"{writer.name(self)}(database, {writer.cost}, ({classes}), rule, block)")

    def __call__(
        self, database: Database, cost: int, classes: tuple[int, ...], rule: Rule, block: Block
    ) -> None:
        if self.offer is None:
            plan = self.plan
            self.offer = compile_ending(
                plan.body, plan.closed, lambda writer: _Pricing(writer, plan).write()
            )
        self.offer(database, cost, classes, rule, block)


class _Pricing:
    """Writes what becomes of a match."""

    def __init__(self, writer: JoinWriter, plan: Plan) -> None:
        self.writer, self.plan = writer, plan
        self.put = writer.put
        self.slot = dict(zip(plan.variables, plan.slots, strict=True))
        self.classes: dict[Term, str | None] = {}

    def write(self) -> None:
        known, leave = self.writer.known, self.writer.leave
        binding = [f"v{s}" if s in known else str(min(s, -1)) for s in self.plan.slots]
        self.put(f"match = ({', '.join(['rule', *binding])},)")
        self.put(f"if match in block.seen: {leave}")
        self.put("block.seen.add(match)")
        match self.plan.states:
            case None:
                pass
            case Literal(Equal(left, right), True):
                self.equation(left, right)
            case literal:
                self.atom(literal.atom, literal.positive)
        self.put(f"cost = {self.writer.cost} + {self.writer.name(self.plan.cost)}")
        if self.plan.turned is not None:
            self.within(self.falls, *self.plan.turned)
        if self.plan.top is not None and self.plan.spends is not None:
            self.within(self.simplifies, self.plan.spends, self.plan.top)
        self.put("block.put_off(cost, match)")

    def within(self, part: Callable[..., None], *args: object) -> None:
        """A part that only matters for what the block may come to do."""
        self.put("if cost <= block.ceiling:")
        before = len(self.writer.lines)
        self.writer.depth += 1
        part(*args)
        self.writer.depth -= 1
        if len(self.writer.lines) == before:
            self.writer.lines.pop()

    # What is known

    def equation(self, left: Term, right: Term) -> None:
        """Drops what is in one class; where both sides are there, it is done at once."""
        leave, depth = self.writer.leave, self.writer.depth
        one = self.there(left)
        other = self.there(right)
        self.put(f"if {one} == {other}: {leave}")
        self.put("block.put_off(0, match)")
        self.put(leave)
        self.writer.depth = depth

    def there(self, term: Term) -> str:
        """The class of a term; what follows is only done if it has one."""
        name = self.find(term)
        if name.startswith("x"):
            self.put(f"if {name} is not None:")
            self.writer.depth += 1
        return name

    def atom(self, atom: Atom, positive: bool) -> None:
        """Drops a literal that is true; where its atom is asked for, it is done at once."""
        symbol = atom.predicate if isinstance(atom, Holds) else EQUALS
        key = "".join(f"{self.find(arg)}, " for arg in atom_terms(atom))
        self.put(f"row = tables.get({self.writer.name(symbol)}, EMPTY).get(({key}))")
        self.put("if row is not None:")
        self.writer.depth += 1
        self.put(f"if root[row] == {'true' if positive else 'false'}: {self.writer.leave}")
        if isinstance(atom, Holds):
            self.put("block.put_off(0, match)")
            self.put(self.writer.leave)
        self.writer.depth -= 1

    def find(self, term: Term) -> str:
        """A variable for the class of a term; None where it begins with x and there is no row."""
        slot = self.slot_of(term)
        if slot is not None and slot in self.writer.known:
            return f"v{slot}"
        known = self.classes.get(term)
        if known is None:
            known = self.classes[term] = f"x{len(self.classes)}"
            self.look_up(known, term)
        return known

    def look_up(self, name: str, term: Term) -> None:
        assert isinstance(term, App)
        if size(term) > LARGE:
            bound = ", ".join(
                f"{self.writer.name(var)}: v{slot}"
                for var, slot in self.slot.items()
                if slot in self.writer.known
            )
            self.put(f"{name} = database.find({self.writer.name(term)}, {{{bound}}})")
            return
        # No row has None among its inputs: what contains a term that is not there is not there.
        key = "".join(f"{self.find(arg)}, " for arg in term.args)
        self.put(f"{name} = tables.get({self.writer.name(term.symbol)}, EMPTY).get(({key}))")
        self.put(f"if {name} is not None: {name} = root[{name}]")

    def slot_of(self, term: Term) -> int | None:
        """The slot of a variable, or of a term that the body is about."""
        if isinstance(term, Var):
            return self.slot[term]
        if size(term) > LARGE:
            return None
        args = [self.slot_of(arg) for arg in term.args]
        if None in args:
            return None
        return self.writer.found.get((term.symbol, tuple(a for a in args if a is not None)))

    # What it costs

    def falls(self, left: Term, right: Term) -> None:
        """Costs more unless the instance makes the left side smaller.

        Sizes are those of the simplest terms of the classes. Of equal ones the symbols from left to
        right decide, as in a Knuth–Bendix ordering on ground instances of one size.
        """
        difference = Counter(_symbols(left))
        difference.subtract(_symbols(right))
        more = self.writer.name(EXPAND)
        if set(+difference) | set(-difference) <= {""}:
            if difference[""]:
                if difference[""] < 0:
                    self.put(f"cost += {more}")
                return
            self.put(f"if not {self.precedes(left, right)}: cost += {more}")
            return
        self.put(f"fall = {self.size(difference)}")
        rest = f"fall == 0 and {self.precedes(left, right)}"
        self.put(f"if not (fall > 0 or {rest}): cost += {more}")

    def precedes(self, left: Term, right: Term) -> str:
        """The test whether the left side's marks are the larger ones."""
        one, other = _marks(left), _marks(right)
        while one and other and one[0] == other[0]:
            del one[0], other[0]
        return f"({self.marks(one)}) > ({self.marks(other)})"

    def marks(self, parts: Sequence[Var | str]) -> str:
        """The code of the marks of variables and symbols."""
        found = []
        for part in parts:
            if isinstance(part, Var):
                term = f"best[v{self.slot[part]}]"
                found.append(f'(sizes[{term}], {term}, "")')
            else:
                found.append(f"(0, 0, {self.writer.name(part)})")
        return "".join(f"{mark}, " for mark in found)

    def size(self, count: Counter[Var | str]) -> str:
        """The code that adds up symbols, and the simplest terms of variables."""
        parts = [
            f"{number} * sizes[best[v{self.slot[part]}]]"
            for part, number in count.items()
            if isinstance(part, Var) and number
        ]
        return " + ".join([str(count[""]), *parts])

    def simplifies(self, term: Term, top: int) -> None:
        """Costs more where the class of the term has a smaller, simplest one already."""
        self.put(f"simplest = best[v{top}]")
        self.put(f"if {self.size(Counter(_symbols(term)))} > sizes[simplest]:")
        # A smaller term that was rewritten itself, as 12 * 12 on the way to 144, does not count.
        spent = "database.is_spent(simplest)"
        self.put(f"    if not {spent}: cost += {self.writer.name(DERIVE)}")


def _symbols(term: Term) -> list[Var | str]:
    """The variables of a term, and an empty text for each symbol."""
    return [part if isinstance(part, Var) else "" for part in _marks(term)]


def _marks(term: Term) -> list[Var | str]:
    """The variables and symbols of a term from left to right."""
    found: list[Var | str] = []
    stack: list[Term] = [term]
    while stack:
        part = stack.pop()
        if isinstance(part, Var):
            found.append(part)
        else:
            found.append(part.symbol)
            stack.extend(reversed(part.args))
    return found
