"""Claims that differ in their constants alone get their meaning once.

A claim is read with a hole for every constant and numeral in it. Whoever says the same with others
of the same sorts only has the holes filled; parts without a hole are shared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias, assert_never

from lemmata.engine.clause import Atom, atom_terms, with_terms
from lemmata.engine.formula import (
    And,
    Equal,
    Exists,
    Forall,
    Formula,
    Holds,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
)
from lemmata.engine.notation import CONNECTIVES
from lemmata.engine.term import App, Term, Var
from lemmata.engine.theory import Predicate

from .diagnostics import Source
from .meaning import MOST_NUMERAL
from .outline import WORD, is_contextual, is_number
from .vocabulary import Vocabulary

MOST_PATTERNS = 50_000
"""How many patterns are remembered."""

Values: TypeAlias = "list[App]"
Filler: TypeAlias = "Callable[[Values], App]"
FormulaFiller: TypeAlias = "Callable[[Values], Formula]"
Place: TypeAlias = "tuple[str, int]"
"""The path of a file and an offset in its text."""

_HOLE = "\1"


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula with what its meaning added: the predicates that it applies, and its sorts."""

    formula: Formula
    predicates: tuple[Predicate, ...]
    sorts: tuple[str, ...]
    used: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A reading with holes."""

    fill: FormulaFiller
    reading: Reading

    def at(self, values: Values) -> Reading:
        """The reading with its holes filled, from left to right."""
        one = self.reading
        return Reading(self.fill(values), one.predicates, one.sorts, one.used)


@dataclass(slots=True)
class Words:
    """The words of one claim: ``key`` with constants by sort, which are ``values`` at ``places``."""

    key: tuple[str, ...]
    values: Values
    places: list[int]

    def holes(self, source: Source) -> dict[Place, App]:
        """A hole for each constant, by its place."""
        return {
            (source.path, place): App(f"{_HOLE}{number}", (), value.sort)
            for number, (place, value) in enumerate(zip(self.places, self.values, strict=True))
        }


@dataclass
class Patterns:
    """The patterns of the claims of one theory, whose declarations have been read."""

    vocabulary: Vocabulary
    _known: dict[tuple[str, ...], Pattern | None] = field(default_factory=dict)
    _constants: dict[str, App | None] = field(default_factory=dict)
    _numerals: list[App] = field(default_factory=list)
    _successor: str = ""

    def __post_init__(self) -> None:
        systems = self.vocabulary.numerals()
        if len(systems) == 1:
            ((sort, (zero, self._successor)),) = systems.items()
            self._numerals.append(App(zero, (), sort))

    def words(self, text: str, start: int, end: int) -> Words:
        """The words of a claim's body."""
        key: list[str] = []
        values: Values = []
        places: list[int] = []
        known = self._constants
        for match in WORD.finditer(text, start, end):
            word = match.group()
            value = known[word] if word in known else self._constant(word)
            if value is None:
                key.append(word)
            else:
                key.append(f"{_HOLE}{value.sort}")
                values.append(value)
                places.append(match.start())
        return Words(tuple(key), values, places)

    def match(self, words: Words) -> Pattern | None:
        """The pattern that a claim has, if one was kept."""
        return self._known.get(words.key)

    def wants(self, words: Words) -> bool:
        """Whether a claim is the first of its kind, and may be the pattern of others."""
        is_new = words.key not in self._known and len(self._known) < MOST_PATTERNS
        return is_new and not is_contextual(words.key)

    def keep(self, words: Words, reading: Reading | None) -> Pattern | None:
        """Make a pattern of a claim that was read with holes; None where it has none to offer."""
        pattern = None
        if reading is not None:
            pattern = Pattern(_formula(reading.formula), reading)
        self._known[words.key] = pattern
        return pattern

    def _constant(self, word: str) -> App | None:
        """The constant or numeral that a word stands for wherever it is no bound variable."""
        vocabulary, found = self.vocabulary, None
        if word in vocabulary.places:
            function = vocabulary.functions.get(word)
            is_plain = word not in CONNECTIVES and word not in vocabulary.infix
            if function is not None and not function.arguments and is_plain:
                is_given = word not in vocabulary.definitions and word not in vocabulary.broken
                found = App(word, (), function.result) if is_given else None
        elif is_number(word) and self._numerals and len(word) < 9 and int(word) <= MOST_NUMERAL:
            found = self._numeral(int(word))
        if len(self._constants) < MOST_PATTERNS:
            self._constants[word] = found
        return found

    def _numeral(self, value: int) -> App:
        numerals = self._numerals
        while len(numerals) <= value:
            numerals.append(App(self._successor, (numerals[-1],), numerals[0].sort))
        return numerals[value]


def _atom(atom: Atom, fill: Callable[[Values], tuple[Term, ...]], values: Values) -> Formula:
    return with_terms(atom, fill(values))


def _term(term: Term) -> Filler | None:
    """What fills the holes of a term; None if it has none."""
    if isinstance(term, Var):
        return None
    symbol, sort = term.symbol, term.sort
    if symbol.startswith(_HOLE):
        number = int(symbol[1:])
        return lambda values: values[number]
    fill = _terms(term.args)
    if fill is None:
        return None
    return lambda values: App(symbol, fill(values), sort)


def _terms(terms: tuple[Term, ...]) -> Callable[[Values], tuple[Term, ...]] | None:
    """What fills the holes of some terms; None if they have none."""
    fillers = [_term(one) for one in terms]
    match fillers:
        case [None] | [None, None]:
            return None
        case [fill] if fill is not None:
            return partial(_only, fill)
        case [left, right] if left is not None and right is not None:
            return partial(_both, left, right)
        case [left, None] if left is not None:
            return partial(_left, left, terms[1])
        case [None, right] if right is not None:
            return partial(_right, terms[0], right)
        case _:
            return partial(_all, fillers, terms) if any(fillers) else None


def _only(fill: Filler, values: Values) -> tuple[Term, ...]:
    return (fill(values),)


def _both(left: Filler, right: Filler, values: Values) -> tuple[Term, ...]:
    return left(values), right(values)


def _left(left: Filler, right: Term, values: Values) -> tuple[Term, ...]:
    return left(values), right


def _right(left: Term, right: Filler, values: Values) -> tuple[Term, ...]:
    return left, right(values)


def _all(fillers: list[Filler | None], terms: tuple[Term, ...], values: Values) -> tuple[Term, ...]:
    pairs = zip(fillers, terms, strict=True)
    return tuple(fill(values) if fill is not None else one for fill, one in pairs)


def _formula(formula: Formula) -> FormulaFiller:
    match formula:
        case Equal() | Holds():
            fill = _terms(atom_terms(formula))
            return (lambda values: formula) if fill is None else partial(_atom, formula, fill)
        case Truth():
            return lambda values: formula
        case Not(body):
            inner = _formula(body)
            return lambda values: Not(inner(values))
        case And(left, right) | Or(left, right) | Implies(left, right) | Iff(left, right):
            join, one, two = type(formula), _formula(left), _formula(right)
            return lambda values: join(one(values), two(values))
        case Forall(bound, body) | Exists(bound, body):
            bind, inner = type(formula), _formula(body)
            return lambda values: bind(bound, inner(values))
        case _:
            assert_never(formula)
