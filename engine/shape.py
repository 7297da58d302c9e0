"""Terms and literals of a rule with numbers for its variables.

A rule is applied to nodes, over and over: its terms are found and made from a tuple of nodes, without
a substitution and without hashing variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .clause import Holds, Literal, atom_terms
from .term import Term, Var

if TYPE_CHECKING:
    from .rule import Rule

EQUALS = "="
"""The symbol of the rows that are equations."""

Shape: TypeAlias = "int | tuple[str, tuple[Shape, ...], str]"
"""The place of a variable among those of the rule; or a symbol, its arguments and its sort."""


@dataclass(frozen=True, slots=True)
class LiteralShape:
    """A literal: the symbol of its atom's row, ``=`` for an equation, and its arguments."""

    symbol: str
    args: tuple[Shape, ...]
    positive: bool

    @staticmethod
    def of(literal: Literal, places: Mapping[Var, int]) -> LiteralShape:
        """The shape of a literal whose variables have these places."""
        atom = literal.atom
        symbol = atom.predicate if isinstance(atom, Holds) else EQUALS
        args = tuple([shape_of(term, places) for term in atom_terms(atom)])
        return LiteralShape(symbol, args, literal.positive)

    @property
    def unites(self) -> bool:
        """Whether it says that two terms are equal."""
        return self.positive and self.symbol == EQUALS


@dataclass(frozen=True, slots=True)
class Action:
    """What is done where a rule applies.

    ``head`` is the one literal that it states; None where it is asked for something, denies a premise,
    offers a choice or names elements. ``spends`` is a row that has a simpler equal afterwards.
    """

    head: LiteralShape | None
    premises: tuple[LiteralShape, ...]
    denied: LiteralShape | None
    wanted: tuple[LiteralShape, ...]
    spends: tuple[str, tuple[Shape, ...]] | None

    @staticmethod
    def of(rule: Rule) -> Action:
        """The action of a rule."""
        clause = rule.clause
        places = {var: place for place, var in enumerate(clause.variables)}
        premises = tuple([LiteralShape.of(premise, places) for premise in clause.premises])
        is_stated = clause.is_literal_head and rule.denies is None and not rule.wanted
        denied = None if rule.denies is None else clause.premises[rule.denies].negated()
        spends = None if rule.spends is None else shape_of(rule.spends, places)
        return Action(
            LiteralShape.of(clause.literal, places) if is_stated else None,
            premises,
            None if denied is None else LiteralShape.of(denied, places),
            tuple([LiteralShape.of(literal, places) for literal in rule.wanted]),
            None if spends is None or isinstance(spends, int) else spends[:2],
        )


def shape_of(term: Term, places: Mapping[Var, int]) -> Shape:
    """The shape of a term whose variables have these places."""
    if isinstance(term, Var):
        return places[term]
    return term.symbol, tuple([shape_of(arg, places) for arg in term.args]), term.sort
