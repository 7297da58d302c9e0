"""How terms, clauses and formulas are written in the user's own notation.

What is printed here, the readable layer of MPL reads back as the same formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from .clause import Case, Clause, Literal
from .formula import And, Equal, Exists, Forall, Formula, Holds, Iff, Implies, Not, Or, Truth
from .term import App, Term, Var
from .theory import Infix, Theory

CONNECTIVES = ("forall", "exists", "not", "and", "or", "true", "false")
"""The words that formulas are made with; only in quotes can they be names."""

RESERVED = frozenset({"=", "!=", "->", "<->", "!", "|", "&", ">"})
"""Symbols of the language itself; the last three can be declared, but only between operands."""

_SYMBOL = r"[^\w\s()\[\],.:#`'\"]+|::+"
_PLAIN = re.compile(r"[^\W\d_]\w*'*")
_EQUAL = 40
_PREFIX = 1000
_NOT, _AND, _OR, _IMPLIES, _IFF, _BINDER = 35, 30, 25, 20, 15, 10


def is_symbolic(name: str) -> bool:
    """Whether a name is made of symbols, and so written between or before its operands.

    >>> [is_symbolic(name) for name in ("+", "::", "plus", "0", "x'")]
    [True, True, False, False, False]
    """
    return re.fullmatch(_SYMBOL, name) is not None


def spelled(name: str) -> str:
    """A name as it stands where no symbol can: in quotes unless it is a plain word.

    >>> spelled("a"), spelled("+"), spelled("not"), spelled("7")
    ('a', '`+`', '`not`', '`7`')
    """
    return name if _PLAIN.fullmatch(name) and name not in CONNECTIVES else f"`{name}`"


@dataclass(frozen=True)
class Notation:
    """The infix symbols and numerals of one theory.

    ``successors`` maps a successor constructor to its zero, where numerals stand for both.

    >>> plus = App("+", (Var("a", "N"), App("0", (), "N")), "N")
    >>> Notation({"+": Infix(50)}).term(plus)
    'a + 0'
    """

    infix: dict[str, Infix]
    successors: dict[str, str] | None = None
    declared: frozenset[str] = frozenset()

    @staticmethod
    def of(theory: Theory) -> Notation:
        """The notation of a theory."""
        successors = {}
        for sort in theory.signature.sorts:
            functions = [theory.signature.function[name] for name in sort.constructors]
            zeros = [f.name for f in functions if not f.arguments]
            steps = [f.name for f in functions if f.arguments == (sort.name,)]
            if len(functions) == 2 and len(zeros) == len(steps) == 1:
                successors[steps[0]] = zeros[0]
        # With numerals of two sorts, a bare one would not tell its sort.
        known = successors if len(successors) == 1 else {}
        return Notation(dict(theory.notation), known, frozenset(theory.signature.function))

    # Terms

    def term(self, term: Term) -> str:
        """A term with as few parentheses as precedence allows."""
        return self._term(term, 0)

    def _term(self, term: Term, outer: int) -> str:
        if isinstance(term, Var):
            return spelled(term.name)
        opened: list[str] = []
        count = 0
        while isinstance(term, App) and len(term.args) == 1 and not is_symbolic(term.symbol):
            if (numeral := self.numeral(term)) is not None:
                return "".join(opened) + numeral + ")" * count
            opened.append(f"{spelled(term.symbol)}(")  # a loop: terms may be thousands deep
            count, term, outer = count + 1, term.args[0], 0
        if isinstance(term, Var):
            return "".join(opened) + spelled(term.name) + ")" * count
        return "".join(opened) + self._application(term.symbol, term.args, outer) + ")" * count

    def numeral(self, term: Term) -> str | None:
        """The digits of a closed term of at least two successors, if digits can say it."""
        successors = self.successors or {}
        count, current = 0, term
        while isinstance(current, App) and current.symbol in successors:
            count, current = count + 1, current.args[0]
        if count < 2 or not isinstance(current, App) or current.args:
            return None
        if current.symbol not in successors.values() or str(count) in self.declared:
            return None
        return str(count)

    def _application(self, symbol: str, args: tuple[Term, ...], outer: int) -> str:
        infix = self.infix.get(symbol)
        if infix is not None and len(args) == 2:
            left = self._operand(args[0], symbol, infix, "left")
            right = self._operand(args[1], symbol, infix, "right")
            text = f"{left} {_operator(symbol)} {right}"
            return f"({text})" if infix.precedence < outer else text
        is_operator = is_symbolic(symbol) and symbol not in RESERVED
        if is_operator and len(args) == 1:
            operand = self._term(args[0], _PREFIX + 1)
            text = f"{symbol} {operand}" if is_symbolic(operand[0]) else f"{symbol}{operand}"
            return f"({text})" if outer > _PREFIX else text
        if not args:
            return symbol if is_operator or symbol.isdecimal() else spelled(symbol)
        return f"{spelled(symbol)}({', '.join(map(self.term, args))})"

    def _operand(self, term: Term, symbol: str, infix: Infix, side: str) -> str:
        """An operand of an infix symbol, enclosed where it would be read apart."""
        inner = self.infix.get(term.symbol) if isinstance(term, App) else None
        is_level = inner is not None and inner.precedence == infix.precedence
        if inner is not None and is_level and inner.associativity != infix.associativity:
            return self._term(term, infix.precedence + 1)
        return self._term(term, infix.precedence + (infix.associativity != side))

    # Atoms and clauses

    def atom(self, atom: Equal | Holds) -> str:
        """An equation or a predicate applied to terms."""
        match atom:
            case Equal(left, right):
                return self._equation(left, "=", right)
            case Holds(predicate, args):
                return self._application(predicate, args, 0)

    def _equation(self, left: Term, sign: str, right: Term) -> str:
        return f"{self._term(left, _EQUAL + 1)} {sign} {self._term(right, _EQUAL + 1)}"

    def literal(self, literal: Literal) -> str:
        """An atom or its negation; a negated equation is written with ``!=``."""
        match literal:
            case Literal(atom, True):
                return self.atom(atom)
            case Literal(Equal(left, right)):
                return self._equation(left, "!=", right)
            case Literal(atom):
                return f"not {_enclosed(self.atom(atom))}"

    def case(self, case: Case) -> str:
        """One case of a head, with its existential elements."""
        body = " and ".join(map(self.literal, case.literals)) or "true"
        if not case.exists:
            return body
        return f"exists {', '.join(spelled(var.name) for var in case.exists)}. {body}"

    def clause(self, clause: Clause) -> str:
        """A clause as ``premises -> case or case``; a denial ends in ``false``."""
        heads = [self.case(case) for case in clause.cases]
        if len(heads) > 1:
            heads = [
                f"({head})" if case.exists or len(case.literals) > 1 else head
                for case, head in zip(clause.cases, heads, strict=True)
            ]
        head = " or ".join(heads) or "false"
        if not clause.premises:
            return head
        return f"{', '.join(map(self.literal, clause.premises))} -> {head}"

    # Formulas

    def formula(self, formula: Formula) -> str:
        """A formula in the readable layer."""
        return self._formula(formula, 0)

    def _formula(self, formula: Formula, outer: int) -> str:
        match formula:
            case Equal() | Holds():
                return self.atom(formula)
            case Truth(value):
                return "true" if value else "false"
            case Not(Equal(left, right)):
                return self._equation(left, "!=", right)
            case Not(body):
                level, text = _NOT, f"not {self._formula(body, _NOT)}"
            case And(left, right):
                level = _AND
                text = f"{self._formula(left, _AND)} and {self._formula(right, _AND + 1)}"
            case Or(left, right):
                level = _OR
                text = f"{self._formula(left, _OR)} or {self._formula(right, _OR + 1)}"
            case Implies(left, right):
                level = _IMPLIES
                premise = self._formula(left, _IMPLIES + 1)
                text = f"{premise} -> {self._last(right, _IMPLIES, outer)}"
            case Iff(left, right):
                level = _IFF
                text = f"{self._formula(left, _IFF + 1)} <-> {self._last(right, _IFF + 1, outer)}"
            case Forall(variables, body):
                level = _BINDER
                text = f"forall {_binders(variables)}. {self._formula(body, _BINDER)}"
            case Exists(variables, body):
                level = _BINDER
                text = f"exists {_binders(variables)}. {self._formula(body, _BINDER)}"
            case _:
                assert_never(formula)
        return f"({text})" if level < outer else text

    def _last(self, formula: Formula, level: int, outer: int) -> str:
        """What nothing follows: a quantifier there needs no parentheses."""
        is_open = isinstance(formula, Forall | Exists) and outer <= _BINDER
        return self._formula(formula, _BINDER if is_open else level)


def _operator(symbol: str) -> str:
    is_free = is_symbolic(symbol) and (symbol not in RESERVED or symbol in "|&>")
    return symbol if is_free else spelled(symbol)


def _enclosed(text: str) -> str:
    return f"({text})" if " " in text else text


def _binders(variables: Iterable[Var]) -> str:
    return ", ".join(f"{spelled(var.name)} : {spelled(var.sort)}" for var in variables)
