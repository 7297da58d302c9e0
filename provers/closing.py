"""Closing a block: saturation, and case splits where saturation alone is not enough.

Splits are chosen where a rule waits for a decision: a Boolean term that a condition asks for, a
head with several cases, an atom that a premise needs, an element that a recursive definition is
stuck on. Since a split only adds facts, there is little need to come back to the choice: only the
first element that is taken apart has an alternative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lemmata.engine.block import Block
from lemmata.engine.budget import Clock
from lemmata.engine.clause import Atom, Case, Clause, Equal, Holds, Literal
from lemmata.engine.database import Fired
from lemmata.engine.derivation import Cases, Excluded, Instance, Law
from lemmata.engine.explanation import Writer
from lemmata.engine.search import satisfy
from lemmata.engine.shape import EQUALS
from lemmata.engine.term import App

from .exhaustion import exhaustive_name
from .suggestion import suggest
from .workspace import Effort, Proof, Workspace

OLDEST = 2
"""How often an element is taken apart, then what it was made of."""


ALTERNATIVES = 2
"""How many elements are tried in turn where the first split is on an element."""


OFFERS = 4
"""How many times as many choices are tried in turn where terms are suggested."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A head with several cases, and where it comes from."""

    cases: tuple[Case, ...]
    origin: Fired | Atom | App


def close(
    work: Workspace, block: Block, goal: tuple[Case, ...], effort: Effort, clock: Clock
) -> Proof | None:
    """A proof of the goal (or of a contradiction) in a block, or None within the effort."""
    block.seek(goal)
    if effort.witnesses:
        suggest(work, block, goal)
    for case in goal:
        if case.exists:
            block.listen(work.maker.search(case))
    return _close(work, block, goal, effort, effort.splits, clock)


def _close(
    work: Workspace,
    block: Block,
    goal: tuple[Case, ...],
    effort: Effort,
    splits: int,
    clock: Clock,
) -> Proof | None:
    # Cheap work first: what costs more waits until the decisions that rules ask for are taken.
    for bound, choices in (
        (min(effort.cost, 1), _decisions),
        (effort.cost, _offered if effort.witnesses else _all_choices),
    ):
        stop = block.run(bound, effort.facts, clock)
        proof = _closed(block, goal, stop)
        if proof is not None or stop in ("time", "facts"):
            return proof
        tries = ALTERNATIVES if splits == effort.splits else 1
        if effort.witnesses:
            tries *= OFFERS
        for choice in choices(work, block, goal):
            is_forced = _is_forced(block, choice, goal)
            if not splits and not is_forced:
                break
            proof = _split(work, block, goal, choice, effort, splits, clock)
            tries -= 1
            is_only = not isinstance(choice.origin, App) and not effort.witnesses
            if proof is not None or not tries or is_forced or is_only:
                return proof
    return None


def _closed(block: Block, goal: tuple[Case, ...], stop: str) -> Proof | None:
    database = block.database
    if stop == "goal":
        return lambda writer: writer.goal(database, goal)
    if stop == "contradiction":
        return lambda writer: writer.contradiction(database)
    return None


def _split(
    work: Workspace,
    block: Block,
    goal: tuple[Case, ...],
    choice: Choice,
    effort: Effort,
    splits: int,
    clock: Clock,
) -> Proof | None:
    # A choice between what is false or the goal and one case more is no choice.
    is_free = _is_forced(block, choice, goal)
    opened: Iterable[_Branch] = (
        _opened(work, block, choice, number) for number in range(len(choice.cases))
    )
    if isinstance(choice.origin, Equal | Holds):
        # Nor is a decision on what a rule asks for, if it closes one way at once.
        opened = list(opened)
        stops = [branch.block.run(min(effort.cost, 1), effort.facts, clock) for branch in opened]
        is_free = is_free or "goal" in stops or "contradiction" in stops
    left = splits - (not is_free)
    branches = []
    for branch in opened:
        proof = _close(work, branch.block, goal, effort, left, clock)
        if proof is None:
            return None
        work.grid.close(branch.block, "closed")
        branches.append((branch.constants, branch.literals, branch.keys, proof))

    def write(writer: Writer) -> int:
        number = _origin(writer, block, choice)
        subproofs = []
        for constants, literals, keys, proof in branches:
            hypotheses = [(key, literal.fact) for key, literal in zip(keys, literals, strict=True)]
            numbered = writer.begin(hypotheses)
            result = proof(writer)
            subproofs.append(writer.end(constants, numbered, result))
        return writer.emit(Clause((), (), goal), Cases(number, tuple(subproofs)))

    return write


@dataclass(frozen=True, slots=True)
class _Branch:
    """A block that works under one case: its elements, what it assumes, and by which hypotheses."""

    block: Block
    constants: tuple[App, ...]
    literals: tuple[Literal, ...]
    keys: list[int]


def _opened(work: Workspace, block: Block, choice: Choice, number: int) -> _Branch:
    """The block of one case of a choice, by its number."""
    case = choice.cases[number]
    constants = tuple(App(block.fresh(var.name), (), var.sort) for var in case.exists)
    literals = case.opened(constants)
    child = work.grid.open(block, f"case {number + 1}", tuple(lit.fact for lit in literals))
    child.introduce(constants)
    if isinstance(choice.origin, App):
        age = block.ages.get(choice.origin.symbol, 0) + 1
        child.ages.update((constant.symbol, age) for constant in constants)
    keys = [next(work.keys) for _ in literals]
    for literal, key in zip(literals, keys, strict=True):
        child.assume(literal, key)
    return _Branch(child, constants, literals, keys)


def _origin(writer: Writer, block: Block, choice: Choice) -> int:
    head = Clause((), (), choice.cases)
    match choice.origin:
        case Fired() as fired:
            return writer.head(block.database, fired)
        case App() as element:
            law = Instance(Law(exhaustive_name(element.sort)), (element,), ())
            return writer.emit(head, law, block.database)
        case Equal() | Holds() as atom:
            return writer.emit(head, Excluded(atom), block.database)


def _decisions(work: Workspace, block: Block, goal: tuple[Case, ...]) -> Iterator[Choice]:
    """What rules wait for: Boolean terms, heads with several cases, atoms of premises."""
    database = block.database
    for node in block.asked:
        if database.sort[node] and _is_open(work, block, node, flat=True):
            yield _by_constructor(work, block, node)
    choices, _ = _heads(work, block, goal)
    yield from choices
    truths = (database.root[database.true], database.root[database.false])
    for node in block.asked:
        if not database.sort[node] and database.root[node] not in truths:
            yield _by_truth(block, node)


def _heads(
    work: Workspace, block: Block, goal: tuple[Case, ...]
) -> tuple[list[Choice], list[Choice]]:
    """Heads with several cases, the forced ones first; apart from them what is no decision.

    A theorem without premises, such as that an order is total, offers its cases wherever its terms
    are. It decides where all cases but one are denied, and else is asked when nothing better is left.
    """
    database = block.database
    choices: list[tuple[bool, Choice]] = []
    free: list[tuple[bool, Choice]] = []
    for split in block.splits.values():
        terms = tuple(database.term(node) for node in split.fired.binding)
        clause = split.fired.rule.clause
        cases = clause.at(dict(zip(clause.variables, terms, strict=True))).cases
        if not any(satisfy(database, case, {}) is not None for case in cases):
            choice = Choice(cases, split.fired)
            is_forced = len(_possible(block, cases, goal)) < 2
            is_free = not (is_forced or clause.premises) and split.fired.rule.name in work.theorems
            (free if is_free else choices).append((not is_forced, choice))
    choices.sort(key=lambda entry: entry[0])
    return [choice for _, choice in choices], [choice for _, choice in free]


def _is_forced(block: Block, choice: Choice, goal: tuple[Case, ...]) -> bool:
    """Whether at most one case is left; which constructor an element has is a split in any case."""
    is_of_element = isinstance(choice.origin, App)
    return len(_possible(block, choice.cases, () if is_of_element else goal)) < 2


def _possible(block: Block, cases: tuple[Case, ...], goal: tuple[Case, ...]) -> list[Case]:
    """The cases that nothing in the block denies and that are not the goal itself."""
    return [
        case
        for case in cases
        if case.exists
        or not (
            case in goal
            or any(block.database.holds(literal.negated(), {}) for literal in case.literals)
        )
    ]


def _all_choices(work: Workspace, block: Block, goal: tuple[Case, ...]) -> Iterator[Choice]:
    """What rules wait for now that costlier ones were applied too, then elements."""
    yield from _decisions(work, block, goal)
    yield from _stuck_elements(work, block)
    yield from _heads(work, block, goal)[1]


def _offered(work: Workspace, block: Block, goal: tuple[Case, ...]) -> Iterator[Choice]:
    """What rules wait for, then what theorems offer at the terms that were suggested."""
    yield from _decisions(work, block, goal)
    yield from _heads(work, block, goal)[1]


def _stuck_elements(work: Workspace, block: Block) -> Iterator[Choice]:
    """Elements whose constructor a recursive definition waits for.

    Those in terms that came at little cost are first, then the smallest.
    """
    database = block.database
    found: dict[int, int] = {}
    for symbol, places in work.positions.items():
        for row in database.table.get(symbol, {}).values():
            for place in sorted(places):
                element = database.best[database.root[database.key[row][place]]]
                if block.ages.get(database.symbol[element], 0) >= OLDEST:
                    continue
                if _is_open(work, block, element, flat=False):
                    root, cost = database.root[element], database.cost[row]
                    found[root] = min(cost, found.get(root, cost))
    best = database.best
    for root in sorted(found, key=lambda r: (found[r], database.size[best[r]], best[r])):
        yield _by_constructor(work, block, root)


def _is_open(work: Workspace, block: Block, node: int, *, flat: bool) -> bool:
    """Whether no constructor is known for an element; ``flat`` asks for an enumeration sort."""
    database = block.database
    root = database.root[node]
    sort = work.theory.signature.sort.get(database.sort[root])
    if sort is None or not sort.is_inductive:
        return False
    if flat and any(work.theory.signature.function[c].arguments for c in sort.constructors):
        return False
    return not any(constructor in database.outs[root] for constructor in sort.constructors)


def _by_constructor(work: Workspace, block: Block, node: int) -> Choice:
    database = block.database
    element = database.term(database.best[database.root[node]])
    assert isinstance(element, App)
    work.need_exhaustive(element.sort)
    clause = work.theorems[exhaustive_name(element.sort)].statement.clauses[0]
    return Choice(clause.at({clause.variables[0]: element}).cases, element)


def _by_truth(block: Block, node: int) -> Choice:
    database = block.database
    terms = tuple(database.term(kid) for kid in database.kids[node])
    atom: Atom
    if database.symbol[node] == EQUALS:
        atom = Equal(terms[0], terms[1])
    else:
        atom = Holds(database.symbol[node], terms)
    cases = (Case((), (Literal(atom),)), Case((), (Literal(atom, False),)))
    return Choice(cases, atom)
