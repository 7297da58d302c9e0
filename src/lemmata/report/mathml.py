"""Terms, clauses and formulas as MathML, in the notation of their theory.

Mathematics is first a flat list of tokens, so that it can be written as MathML on a page and more
briefly in the data of a long index. Terms too large to read are cut, and an ellipsis says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal as Choice
from typing import NamedTuple, assert_never

from markupsafe import Markup, escape

from lemmata.engine.clause import Case, Clause, Literal
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
from lemmata.engine.notation import Notation
from lemmata.engine.term import App, Term, Var

Tag = Choice["mi", "mn", "mo", "mtext", "open", "close"]


class Token(NamedTuple):
    """An element of MathML with its text; ``open`` and ``close`` enclose a changed subterm."""

    tag: Tag
    text: str


Path = tuple[int, ...]
"""Where a subterm stands: the number of the argument to go to, from the outside in."""

_EQUAL, _NOT, _AND, _OR, _IMPLIES, _IFF, _BINDER = 40, 35, 30, 25, 20, 15, 10
_DEPTH, _SIZE = 60, 400
_SIGNS = {
    "*": "·",
    "-": "−",
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "++": "⧺",
    "::": "∷",
    "=>": "⇒",
    "<->": "↔",
    "->": "→",
    "in": "∈",
    "subset": "⊆",
    "union": "∪",
    "inter": "∩",
}
_APPLY = Token("mo", "\u2061")
_NUMBERED = re.compile(r"^(.*?[^\W\d])_?(\d+)('*)$")


@dataclass(frozen=True)
class Mathematics:
    """Writes mathematics; ``names`` shows constants of a proof under names a reader likes better.

    >>> from lemmata.engine.theory import Infix
    >>> plus = App("+", (Var("a", "N"), App("0", (), "N")), "N")
    >>> print(mathml(Mathematics(Notation({"+": Infix(50)})).term(plus)))
    <math><mi>a</mi><mo>+</mo><mn>0</mn></math>
    """

    notation: Notation
    names: Mapping[str, str] = field(default_factory=dict)

    def naming(self, names: Mapping[str, str]) -> Mathematics:
        """The same notation with other names for the constants of a proof."""
        return replace(self, names=names)

    def term(self, term: Term, changed: Path | None = None) -> list[Token]:
        """A term; the subterm at ``changed`` is marked."""
        return self._term(elide(term), 0, changed)

    def equation(self, left: Term, right: Term) -> list[Token]:
        """left = right."""
        return self.literal(Literal(Equal(left, right)))

    def literal(self, literal: Literal) -> list[Token]:
        """An atom or its negation."""
        match literal.atom:
            case Equal(left, right):
                return [
                    *self._term(elide(left), _EQUAL + 1, None),
                    Token("mo", "=" if literal.positive else "≠"),
                    *self._term(elide(right), _EQUAL + 1, None),
                ]
            case Holds(predicate, args):
                cut = tuple(elide(arg) for arg in args)
                if literal.positive:
                    return self._application(predicate, cut, 0, None)
                return [Token("mo", "¬"), *self._application(predicate, cut, 1000, None)]

    def clause(self, clause: Clause) -> list[Token]:
        """A clause: its quantifier, premises, and the cases of its head."""
        tokens = self._quantifier("∀", clause.variables) if clause.variables else []
        for number, premise in enumerate(clause.premises):
            tokens += [Token("mo", "∧")] if number else []
            tokens += self.literal(premise)
        if clause.premises:
            tokens.append(Token("mo", "→"))
        return tokens + self.head(clause.cases)

    def head(self, cases: Sequence[Case]) -> list[Token]:
        """The cases of a head, one of which holds; none at all is a contradiction."""
        if not cases:
            return [Token("mo", "⊥")]
        shown = [self._case(case) for case in cases]
        if len(shown) > 1:
            shown = [
                _enclosed(tokens) if case.exists or len(case.literals) > 1 else tokens
                for case, tokens in zip(cases, shown, strict=True)
            ]
        return _joined(shown, "∨")

    def _case(self, case: Case) -> list[Token]:
        body = _joined([self.literal(literal) for literal in case.literals], "∧")
        return [*(self._quantifier("∃", case.exists) if case.exists else []), *body]

    def formula(self, formula: Formula) -> list[Token]:
        """A formula as its author wrote it."""
        return self._formula(formula, 0)

    def variable(self, name: str) -> list[Token]:
        """A name of a variable."""
        return [_identifier(name)]

    def _quantifier(self, quantifier: str, variables: Sequence[Var]) -> list[Token]:
        names = _joined([[_identifier(var.name)] for var in variables], ",")
        return [Token("mo", quantifier), *names, Token("mo", ".")]

    def _formula(self, formula: Formula, outer: int) -> list[Token]:
        match formula:
            case Equal() | Holds():
                return self.literal(Literal(formula))
            case Not(Equal() | Holds() as atom):
                return self.literal(Literal(atom, False))
            case Truth(value):
                return [Token("mo", "⊤" if value else "⊥")]
            case Not(body):
                level, tokens = _NOT, [Token("mo", "¬"), *self._formula(body, _NOT)]
            case And(left, right):
                level, tokens = _AND, self._binary(left, "∧", right, _AND, _AND + 1)
            case Or(left, right):
                level, tokens = _OR, self._binary(left, "∨", right, _OR, _OR + 1)
            case Implies(left, right):
                level, tokens = _IMPLIES, self._binary(left, "→", right, _IMPLIES + 1, _IMPLIES)
            case Iff(left, right):
                level, tokens = _IFF, self._binary(left, "↔", right, _IFF + 1, _IFF)
            case Forall(variables, body):
                level = _BINDER
                tokens = [*self._quantifier("∀", variables), *self._formula(body, _BINDER)]
            case Exists(variables, body):
                level = _BINDER
                tokens = [*self._quantifier("∃", variables), *self._formula(body, _BINDER)]
            case _:
                assert_never(formula)
        return _enclosed(tokens) if level < outer else tokens

    def _binary(
        self, left: Formula, connective: str, right: Formula, before: int, after: int
    ) -> list[Token]:
        return [*self._formula(left, before), Token("mo", connective), *self._formula(right, after)]

    def _term(self, term: Term, outer: int, changed: Path | None) -> list[Token]:
        if changed == ():
            return [Token("open", ""), *self._term(term, outer, None), Token("close", "")]
        if isinstance(term, Var):
            return [_identifier(term.name)]
        numeral = self.notation.numeral(term)
        if numeral is not None:
            return [Token("mn", numeral)]
        return self._application(term.symbol, term.args, outer, changed)

    def _application(
        self, symbol: str, args: tuple[Term, ...], outer: int, changed: Path | None
    ) -> list[Token]:
        def inside(place: int) -> Path | None:
            return changed[1:] if changed and changed[0] == place else None

        infix = self.notation.infix.get(symbol)
        if infix is not None and len(args) == 2:
            level = infix.precedence
            before = level if infix.associativity == "left" else level + 1
            after = level if infix.associativity == "right" else level + 1
            tokens = [
                *self._term(args[0], before, inside(0)),
                Token("mo", sign(symbol)),
                *self._term(args[1], after, inside(1)),
            ]
            return _enclosed(tokens) if level < outer else tokens
        name = _identifier(self.names.get(symbol, symbol))
        if not args:
            return [name]
        shown = [self._term(arg, 0, inside(place)) for place, arg in enumerate(args)]
        return [name, _APPLY, *_enclosed(_joined(shown, ","))]


def sign(symbol: str) -> str:
    """How mathematics writes a symbol that a keyboard lacks."""
    return _SIGNS.get(symbol, symbol)


def elide(term: Term) -> Term:
    """The term with what is nested too deep, or comes too late, replaced by an ellipsis."""
    left = _SIZE

    def cut(part: Term, depth: int) -> Term:
        nonlocal left
        left -= 1
        if isinstance(part, Var) or not part.args:
            return part
        if depth == 0 or left <= 0:
            return App("…", (), part.sort)
        args = tuple(cut(arg, depth - 1) for arg in part.args)
        same = all(new is old for new, old in zip(args, part.args, strict=True))
        return part if same else App(part.symbol, args, part.sort)

    return cut(term, _DEPTH)


def mathml(tokens: Iterable[Token], *, display: bool = False) -> Markup:
    """The tokens as one ``math`` element."""
    inner = "".join(map(_element, tokens))
    attribute = ' display="block"' if display else ""
    return Markup(f"<math{attribute}>{inner}</math>")


def _element(token: Token) -> str:
    match token.tag:
        case "open":
            return '<mrow class="changed">'
        case "close":
            return "</mrow>"
        case "mi":
            base, index, primes = split_name(token.text)
            # A name of one letter is italic by itself; longer ones stay upright.
            named = f"<mi>{escape(base)}</mi>"
            if index:
                named = f"<msub>{named}<mn>{index}</mn></msub>"
            return f"<msup>{named}<mo>{primes}</mo></msup>" if primes else named
        case "mo" if token.text in "()":
            return f'<mo stretchy="false">{token.text}</mo>'
        case "mo" if token.text == ".":
            return '<mo lspace="0em" rspace="0.4em">.</mo>'
        case "mo" | "mn" | "mtext":
            return f"<{token.tag}>{escape(token.text)}</{token.tag}>"


def compact(tokens: Iterable[Token]) -> str:
    """The tokens as one string that ``assets/math.js`` turns into MathML.

    >>> compact([Token("mi", "a"), Token("mo", "=")])
    'ia\\no='
    """
    letter = {"mi": "i", "mn": "n", "mo": "o", "mtext": "t", "open": "(", "close": ")"}
    return "\n".join(letter[token.tag] + token.text.replace("\n", " ") for token in tokens)


def split_name(name: str) -> tuple[str, str, str]:
    """A name taken apart: its base, a number as index, and primes.

    >>> split_name("x12"), split_name("b'"), split_name("add_zero")
    (('x', '12', ''), ('b', '', '′'), ('add_zero', '', ''))
    """
    found = _NUMBERED.match(name)
    if found is not None:
        return found[1], found[2], "′" * len(found[3])
    base = name.rstrip("'")
    return (base, "", "′" * (len(name) - len(base))) if base else (name, "", "")


def _identifier(name: str) -> Token:
    if name.isdigit():
        return Token("mn", name)
    return Token("mi", name)


def _enclosed(tokens: list[Token]) -> list[Token]:
    return [Token("mo", "("), *tokens, Token("mo", ")")]


def _joined(parts: Sequence[list[Token]], between: str) -> list[Token]:
    separator = Token("mo", between)
    tokens: list[Token] = []
    for number, part in enumerate(parts):
        tokens += [separator, *part] if number else part
    return tokens
