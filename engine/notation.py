"""How terms, clauses and formulas are written in the user's own notation.

What is printed here, the readable layer of MPL reads back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from .clause import Case, Clause, Literal
from .formula import And, Equal, Exists, Forall, Formula, Holds, Iff, Implies, Not, Or, Truth
from .term import App, Term, Var
from .theory import Infix, Theory

_EQUAL = 40
_NOT, _AND, _OR, _IMPLIES, _IFF, _BINDER = 35, 30, 25, 20, 15, 10


@dataclass(frozen=True)
class Notation:
    """The infix symbols and numerals of one theory.

    ``successors`` maps a successor constructor to its zero, where the zero is written ``0``.

    >>> plus = App("+", (Var("a", "N"), App("0", (), "N")), "N")
    >>> Notation({"+": Infix(50)}).term(plus)
    'a + 0'
    """

    infix: dict[str, Infix]
    successors: dict[str, str] | None = None

    @staticmethod
    def of(theory: Theory) -> Notation:
        """The notation of a theory."""
        successors = {}
        for sort in theory.signature.sorts:
            functions = [theory.signature.function[name] for name in sort.constructors]
            zeros = [f.name for f in functions if not f.arguments]
            steps = [f.name for f in functions if f.arguments == (sort.name,)]
            if len(functions) == 2 and zeros == ["0"] and len(steps) == 1:
                successors[steps[0]] = "0"
        return Notation(dict(theory.notation), successors)

    def term(self, term: Term) -> str:
        """A term with as few parentheses as precedence allows."""
        return self._term(term, 0)

    def _term(self, term: Term, outer: int) -> str:
        if isinstance(term, Var):
            return term.name
        numeral = self.numeral(term)
        if numeral is not None:
            return numeral
        return self._application(term.symbol, term.args, outer)

    def numeral(self, term: App) -> str | None:
        """The numeral that a closed term of successors is written as, from 2 on."""
        successors = self.successors or {}
        count, current = 0, term
        while current.symbol in successors and isinstance(current.args[0], App):
            count, current = count + 1, current.args[0]
        if count >= 2 and current.symbol == successors.get(term.symbol) and not current.args:
            return str(count)
        return None

    def _application(self, symbol: str, args: tuple[Term, ...], outer: int) -> str:
        infix = self.infix.get(symbol)
        if infix is None or len(args) != 2:
            return f"{symbol}({', '.join(map(self.term, args))})" if args else symbol
        level = infix.precedence
        left = self._term(args[0], level if infix.associativity == "left" else level + 1)
        right = self._term(args[1], level if infix.associativity == "right" else level + 1)
        text = f"{left} {symbol} {right}"
        return f"({text})" if level < outer else text

    def atom(self, atom: Equal | Holds) -> str:
        """An equation or a predicate applied to terms."""
        match atom:
            case Equal(left, right):
                return f"{self._term(left, _EQUAL + 1)} = {self._term(right, _EQUAL + 1)}"
            case Holds(predicate, args):
                return self._application(predicate, args, 0)

    def literal(self, literal: Literal) -> str:
        """An atom or its negation; a negated equation is written with ``!=``."""
        if literal.positive:
            return self.atom(literal.atom)
        if isinstance(literal.atom, Equal):
            return self.atom(literal.atom).replace(" = ", " != ", 1)
        return f"not {self._enclose(self.atom(literal.atom), isinstance(literal.atom, Holds))}"

    def _enclose(self, text: str, is_atom: bool) -> str:
        return text if is_atom and " " not in text else f"({text})"

    def case(self, case: Case) -> str:
        """One case of a head, with its existential elements."""
        body = " and ".join(map(self.literal, case.literals))
        if not case.exists:
            return body
        return f"exists {_names(case.exists)}. {body}"

    def clause(self, clause: Clause) -> str:
        """A clause as ``premises -> case or case``; a denial ends in ``false``."""
        heads = [self.case(case) for case in clause.cases]
        if len(heads) > 1:
            heads = [f"({head})" if " and " in head or "exists" in head else head for head in heads]
        head = " or ".join(heads) or "false"
        if not clause.premises:
            return head
        return f"{', '.join(map(self.literal, clause.premises))} -> {head}"

    def formula(self, formula: Formula) -> str:
        """A formula in the readable layer."""
        return self._formula(formula, 0)

    def _formula(self, formula: Formula, outer: int) -> str:
        match formula:
            case Equal() | Holds():
                return self.atom(formula)
            case Truth(value):
                return "true" if value else "false"
            case Not(Equal() as atom):
                return self.literal(Literal(atom, False))
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
                text = f"{self._formula(left, _IMPLIES + 1)} -> {self._formula(right, _IMPLIES)}"
            case Iff(left, right):
                level = _IFF
                text = f"{self._formula(left, _IFF + 1)} <-> {self._formula(right, _IFF + 1)}"
            case Forall(variables, body):
                level = _BINDER
                text = f"forall {_binders(variables)}. {self._formula(body, _BINDER)}"
            case Exists(variables, body):
                level = _BINDER
                text = f"exists {_binders(variables)}. {self._formula(body, _BINDER)}"
            case _:
                assert_never(formula)
        return f"({text})" if level < outer else text


def _names(variables: Iterable[Var]) -> str:
    return ", ".join(variable.name for variable in variables)


def _binders(variables: Iterable[Var]) -> str:
    return ", ".join(f"{variable.name} : {variable.sort}" for variable in variables)
