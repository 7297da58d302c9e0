"""From text to syntax tree, one statement at a time, with lark's tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from lemmata.engine.errors import InternalError

from . import syntax
from .automaton import Automaton, Lexeme
from .diagnostics import Problems, Source
from .outline import Outlines
from .segment import Segment, segments
from .syntax import Expression, Name, Number, Statement
from .tables import lark_parser, tables

if TYPE_CHECKING:
    from lark import Lark, Token

MOST_DEPTH = 200
"""How deep an expression may be nested; redundant parentheses do not count."""


MOST_CHARACTERS = 500_000
"""How long one statement may be."""


@dataclass(frozen=True)
class Document:
    """The statements of one file; ``trailing`` are the comments after the last one.

    ``broken`` are the texts of statements that could not be parsed.
    """

    source: Source
    statements: tuple[Statement, ...]
    trailing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def parse_document(
    source: Source,
    problems: Problems,
    is_lazy: bool = False,
    tell: Callable[[Source, int], None] | None = None,
) -> Document:
    """The statements of a theory file; what cannot be read is noted and left out.

    Where ``is_lazy``, claims of words in a known order stay unread. ``tell`` hears how far it is.
    """
    found, broken = [], []
    trailing: tuple[str, ...] = ()
    outlines = Outlines(_keywords()) if is_lazy else None
    for segment in segments(source.text):
        if tell is not None:
            tell(source, segment.start)
        if problems.is_full:
            break
        if segment.start == segment.end:
            trailing = tuple(segment.before)
            continue
        content: syntax.Declaration | None = None
        if outlines is not None and segment.end - segment.start <= MOST_CHARACTERS:
            content = outlines.match(source.text, segment.start, segment.end)
        if content is None:
            content = _parse(source, segment, "statement", problems)
            if content is None:
                broken.append(source.text[segment.start : segment.end])
                continue
            if outlines is not None:
                outlines.learn()
        before = tuple(segment.before)
        found.append(Statement(content, segment.start, segment.end, before, segment.after))
    return Document(source, tuple(found), trailing, tuple(broken))


def parse_expression(source: Source, problems: Problems) -> Expression | None:
    """The one formula that a text holds, or None with the reason noted."""
    segment = Segment(0, len(source.text), [])
    parsed: Expression | None = _parse(source, segment, "formula", problems)
    return parsed


def parse_claim(source: Source, statement: Statement, problems: Problems) -> Expression:
    """The formula of a claim that was left unread."""
    segment = Segment(statement.start, statement.end, [])
    claim = _parse(source, segment, "statement", problems)
    if not isinstance(claim, syntax.Claim):
        raise InternalError(f"a claim at {statement.start} is read in two ways")
    return claim.body


def parse_core(source: Source, start: int, end: int, problems: Problems) -> Expression | None:
    """The one core expression between two offsets of a published file, or None."""
    parsed: Expression | None = _parse(source, Segment(start, end, []), "expression", problems)
    return parsed


def _parse(source: Source, segment: Segment, start: str, problems: Problems) -> Any:
    if segment.end - segment.start > MOST_CHARACTERS:
        problems.add(
            source,
            segment.start,
            segment.start + 1,
            "this statement is too long",
            expected=f"at most {MOST_CHARACTERS} characters",
            found=f"{segment.end - segment.start}",
        )
        return None
    grammar = "published" if start == "expression" else "mpl"
    build, automaton = _parser(grammar)
    build.base = 0
    done = automaton.run(source.text, segment.start, segment.end, start)
    if done is not None:
        return done[0] if _is_shallow(source, done[0], segment, problems) else None
    from lark.exceptions import UnexpectedInput  # lark is only needed where a text is wrong

    from .complaint import complain

    lark, build = _lark(grammar)
    build.base = segment.start
    try:
        parsed: Any = lark.parse(source.text[segment.start : segment.end], start)
    except UnexpectedInput as error:
        complain(source, segment.start, segment.end, lark, error, problems)
        return None
    return parsed if _is_shallow(source, parsed, segment, problems) else None


def _is_shallow(source: Source, parsed: Any, segment: Segment, problems: Problems) -> bool:
    body = parsed if isinstance(parsed, Expression) else getattr(parsed, "body", None)
    if body is None or body.depth <= MOST_DEPTH:
        return True
    while body.depth > MOST_DEPTH // 2 and syntax.children(body):
        body = max(syntax.children(body), key=lambda part: part.depth)
    problems.add(
        source,
        body.start,
        body.start + 1,
        "this is nested too deeply",
        expected=f"at most {MOST_DEPTH} levels, redundant parentheses not counted",
        hint="name a part of it with 'define'",
    )
    return False


@cache
def _keywords() -> frozenset[str]:
    """The words that the grammar itself spells."""
    return frozenset(tables("mpl").words)


@cache
def _parser(grammar: str) -> tuple[_Build, Automaton]:
    build = _Build()
    return build, Automaton(tables(grammar), build)


@cache
def _lark(grammar: str) -> tuple[Lark, _Build]:
    build = _Build()
    return lark_parser(grammar, build), build


def _depth(*parts: Expression) -> int:
    return 1 + max(part.depth for part in parts)


def _chained(parts: list[Expression]) -> int:
    """The depth of parts that are joined two by two."""
    return _depth(*parts) + max(0, len(parts) - 2)


class _Build:
    """Builds syntax nodes of what a rule is made of; ``base`` is where the parsed text begins."""

    base = 0

    # Names

    def _name(self, token: Token | Lexeme) -> Name:
        text = token.value
        start = self.base + (token.start_pos or 0)
        if text[0] in '`"':
            return Name(text[1:-1], start, start + len(text))
        return Name(text, start, start + len(text))

    def symbol(self, parts: list[Token]) -> Name:
        return self._name(parts[0])

    def name(self, parts: list[Token]) -> Name | Number:
        token = parts[0]
        if token.type == "NUMBER":
            start = self.base + (token.start_pos or 0)
            return Number(token.value, start, start + len(token.value))
        return self._name(token)

    def operator(self, parts: list[Token]) -> Expression:
        name = self._name(parts[0])
        return syntax.Operator(name.text, name.start, name.end)

    def names(self, parts: list[Name]) -> tuple[Name, ...]:
        return tuple(parts)

    # Terms and formulas

    def chain(self, parts: list[Expression]) -> Expression:
        if len(parts) == 1:
            return parts[0]
        return syntax.Chain(tuple(parts), parts[0].start, parts[-1].end, _depth(*parts))

    def call(self, parts: list[Any]) -> Expression:
        head, close, args = self._name(parts[0]), parts[-1], tuple(parts[1:-1])
        end = self.base + (close.end_pos or 0)
        return syntax.Call(head, args, head.start, end, _depth(*args))

    def group(self, parts: list[Any]) -> Expression:
        bang, opening, body, closing = parts
        start = self.base + ((bang or opening).start_pos or 0)
        end = self.base + (closing.end_pos or 0)
        marks: tuple[bool, ...] = (bang is not None,)
        if isinstance(body, syntax.Group):  # nested pairs are one node, however many they are
            marks, body = marks + body.marks, body.body
        return syntax.Group(marks, body, start, end, _depth(body))

    def atom(self, parts: list[Any]) -> Expression:
        name, *args = (self._name(part) for part in parts if part is not None)
        end = args[-1].end if args else name.end
        return syntax.CoreAtom(name, tuple(args), name.start, end)

    def conjunct(self, parts: list[Any]) -> Expression:
        mark, left, right = parts
        start = self.base + (mark.start_pos or 0)
        return syntax.CoreAnd(left, right, start, right.end, _depth(left, right))

    def guarded(self, parts: list[Any]) -> Expression:
        mark, *names, left, right = parts
        start = self.base + (mark.start_pos or 0)
        bound = tuple(self._name(name) for name in names if name is not None)
        return syntax.CoreForall(bound, left, right, start, right.end, _depth(left, right))

    def truth(self, parts: list[Token]) -> Expression:
        name = self._name(parts[0])
        return syntax.Constant(True, name.start, name.end)

    def falsity(self, parts: list[Token]) -> Expression:
        name = self._name(parts[0])
        return syntax.Constant(False, name.start, name.end)

    def negation(self, parts: list[Any]) -> Expression:
        mark, body = parts
        start = self.base + (mark.start_pos or 0)
        return syntax.Negation(body, start, body.end, _depth(body))

    def both(self, parts: list[Expression]) -> Expression:
        return syntax.Junction("and", tuple(parts), parts[0].start, parts[-1].end, _chained(parts))

    def either(self, parts: list[Expression]) -> Expression:
        return syntax.Junction("or", tuple(parts), parts[0].start, parts[-1].end, _chained(parts))

    def implies(self, parts: list[Expression]) -> Expression:
        *premises, conclusion = parts
        start = premises[0].start
        return syntax.Implication(
            tuple(premises), conclusion, start, conclusion.end, _chained(parts)
        )

    def iff(self, parts: list[Expression]) -> Expression:
        left, right = parts
        return syntax.Equivalence(left, right, left.start, right.end, _depth(left, right))

    def bound(self, parts: list[Any]) -> syntax.Parameter:
        name, sort = parts
        return syntax.Parameter(_word(name), None if sort is None else _word(sort))

    def binder(self, parts: list[Any]) -> Expression:
        mark, *bound, body = parts
        start = self.base + (mark.start_pos or 0)
        return syntax.Binder(mark.value, tuple(bound), body, start, body.end, _depth(body))

    # Statements

    def theory(self, parts: list[Token]) -> syntax.Declaration:
        return syntax.TheoryName(self._name(parts[0]))

    def use(self, parts: list[Token]) -> syntax.Declaration:
        return syntax.Use(self._name(parts[0]))

    def sorts(self, parts: list[tuple[Name, ...]]) -> syntax.Declaration:
        return syntax.SortDeclaration(parts[0])

    def constructor(self, parts: list[Any]) -> syntax.Constructor:
        name, *arguments = parts
        return syntax.Constructor(name, tuple(_word(one) for one in arguments if one is not None))

    def inductive(self, parts: list[Any]) -> syntax.Declaration:
        name, _, *constructors = parts
        return syntax.InductiveSort(_word(name), tuple(constructors))

    def fixity(self, parts: list[Any]) -> syntax.Fixity:
        precedence, associativity = parts
        start = self.base + (precedence.start_pos or 0)
        number = Number(precedence.value, start, start + len(precedence.value))
        return syntax.Fixity(number, None if associativity is None else associativity.value)

    def constants(self, parts: list[Any]) -> syntax.Declaration:
        names, sort = parts
        return syntax.FunctionDeclaration(names, (), _word(sort), None)

    def functions(self, parts: list[Any]) -> syntax.Declaration:
        names, *arguments, result, fixity = parts
        sorts = tuple(map(_word, arguments))
        return syntax.FunctionDeclaration(names, sorts, _word(result), fixity)

    def predicates(self, parts: list[Any]) -> syntax.Declaration:
        names, *arguments, fixity = parts
        sorts = tuple(_word(one) for one in arguments if one is not None)
        return syntax.PredicateDeclaration(names, sorts, fixity)

    def axiom(self, parts: list[Any]) -> syntax.Declaration:
        return syntax.Claim("axiom", self._name(parts[0]), parts[1])

    def conjecture(self, parts: list[Any]) -> syntax.Declaration:
        return syntax.Claim("conjecture", self._name(parts[0]), parts[1])

    def bare(self, parts: list[Expression]) -> syntax.Declaration:
        return syntax.Claim("conjecture", None, parts[0])

    def parameter(self, parts: list[Any]) -> syntax.Parameter:
        name = parts[0]
        sort = parts[1] if len(parts) > 1 else None
        if isinstance(name, syntax.Parameter):
            return name
        if not isinstance(name, Name | Number):
            name = self._name(name)
        return syntax.Parameter(_word(name), None if sort is None else _word(sort))

    def head_plain(self, parts: list[Any]) -> tuple[Any, ...]:
        return ("plain", parts[0], ())

    def head_call(self, parts: list[Any]) -> tuple[Any, ...]:
        return ("call", parts[0], tuple(parts[1:]))

    def head_infix(self, parts: list[Any]) -> tuple[Any, ...]:
        left, symbol, right = parts
        return ("infix", symbol, (left, right))

    def head_prefix(self, parts: list[Any]) -> tuple[Any, ...]:
        return ("prefix", self._name(parts[0]), (parts[1],))

    def define_predicate(self, parts: list[Any]) -> syntax.Declaration:
        (form, symbol, parameters), fixity, body = parts
        return syntax.Definition(symbol, form, parameters, fixity, body, False)

    def define_function(self, parts: list[Any]) -> syntax.Declaration:
        (form, symbol, parameters), fixity, _, body = parts
        return syntax.Definition(symbol, form, parameters, fixity, body, True)

    def core_definition(self, parts: list[Any]) -> Any:
        head, body = parts
        match head:
            case syntax.Group((False,), syntax.CoreAtom() as signature):
                return syntax.CoreDefinition(signature, body)
            case _:
                return syntax.MalformedDefinition(head)


def _word(name: Name | Number) -> Name:
    """Where only a name can stand, digits are one."""
    return name if isinstance(name, Name) else Name(name.text, name.start, name.end)
