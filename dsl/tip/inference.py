"""Typing of SMT-LIB expressions: names are resolved, types found by unification, lets inlined."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from lemmata.engine.errors import SourceError, Span

from .expression import Group, Node, Word
from .program import (
    BOOL,
    INT,
    Branch,
    Call,
    Expression,
    Local,
    Match,
    Named,
    Numeral,
    Open,
    Operation,
    Problem,
    Quantified,
    Type,
    Variable,
    at,
    resolved,
    written,
)

HIGHER_ORDER = {"lambda": "lambda", "@": "application '@' of a function value"}
_NOTHING: tuple[Node, ...] = ()
_CONNECTIVES = {"and", "or", "xor", "=>"}
_ARITHMETIC = {"+", "-", "*", "div", "mod"}
_COMPARISONS = {"<", "<=", ">", ">="}


class PoisonedError(Exception):
    """The name was declared by something already reported as wrong; one report is enough."""


class Inference:
    """Types expressions against the declarations of a problem."""

    def __init__(self, problem: Problem, poisoned: set[str], text: str, path: str) -> None:
        self.problem = problem
        self.poisoned = poisoned
        self.text = text
        self.path = path

    def error(
        self, message: str, span: Span, *, expected: str = "", found: str = "", hint: str = ""
    ) -> SourceError:
        """An error at a place of this text."""
        return SourceError(
            message,
            path=self.path,
            text=self.text,
            span=span,
            expected=expected,
            found=found,
            hint=hint,
        )

    def unknown(self, kind: str, name: str, known: Iterable[str], span: Span) -> SourceError:
        """An error about a name that nothing declares, with the closest one that is declared."""
        close = difflib.get_close_matches(name, list(known), 1)
        hint = f"did you mean '{close[0]}'?" if close else ""
        return self.error(
            f"unknown {kind} '{name}'", span, expected=f"a declared {kind}", hint=hint
        )

    # Types

    def type(self, node: Node, bound: Iterable[str]) -> Type:
        """The type that a node writes; ``bound`` are the sort variables in scope."""
        bound = frozenset(bound)
        if isinstance(node, Word):
            name, args = node.text, _NOTHING
        else:
            if not node.items or not isinstance(node.items[0], Word):
                raise self.error("not a sort", node.span, expected="a sort")
            name, args = node.items[0].text, node.items[1:]
        if name == "=>" or (name in ("->", "Array") and args):
            raise self.error(
                f"the function sort '{name}' is outside first-order logic",
                node.span,
                expected="a first-order sort",
                hint="only problems without function arguments can be read",
            )
        if name in bound or (name in ("Bool", "Int") and name not in self.problem.datatypes):
            arity = 0
        elif name in self.poisoned:
            raise PoisonedError
        elif name in self.problem.datatypes:
            arity = len(self.problem.datatypes[name].parameters)
        else:
            known = [*self.problem.datatypes, "Bool", "Int", *bound]
            raise self.unknown("sort", name, known, node.span)
        if len(args) != arity:
            raise self.error(
                f"sort '{name}' takes {arity} arguments", node.span, found=f"{len(args)}"
            )
        return Named(name, tuple(self.type(arg, bound) for arg in args))

    def unify(self, found: Type, expected: Type, span: Span) -> None:
        """Makes the two types equal, or says that they are not."""
        if not _unified(found, expected):
            raise self.error(
                "a term of the wrong sort", span, expected=written(expected), found=written(found)
            )

    # Expressions

    def expression(
        self, node: Node, scope: Mapping[str, Expression], bound: frozenset[str]
    ) -> Expression:
        """The typed expression; ``scope`` maps names in scope to what they stand for."""
        if isinstance(node, Word):
            return self.word(node, scope, bound)
        if not node.items:
            raise self.error("an empty pair of parentheses", node.span, expected="a term")
        head = node.items[0]
        rest = node.items[1:]
        if isinstance(head, Group):
            return self.applied_group(node, head, rest, scope, bound)
        if head.quoted or head.text in self.problem.headings or head.text in scope:
            return self.application(node, head, rest, scope, bound)
        match head.text:
            case "_" | "as":
                return self.qualified(node, bound)
            case "match":
                return self.match(node, scope, bound)
            case "let":
                return self.let(node, scope, bound)
            case "forall" | "exists":
                return self.quantified(node, scope, bound)
            case "!":
                self.arguments(node, 1, at_least=True)
                return self.expression(rest[0], scope, bound)
            case "lambda" | "@":
                raise self.error(
                    f"{HIGHER_ORDER[head.text]} is outside first-order logic",
                    node.span,
                    hint="only problems without function values can be read",
                )
            case _:
                return self.application(node, head, rest, scope, bound)

    def word(
        self, node: Word, scope: Mapping[str, Expression], bound: frozenset[str]
    ) -> Expression:
        if node.is_numeral:
            return Numeral(int(node.text), INT, node.span)
        if node.text in scope:
            return _placed(scope[node.text], node.span)
        if node.text in ("true", "false") and not node.quoted:
            return Operation(node.text, (), BOOL, node.span)
        return self.call(node, (), node.span, None, scope)

    def applied_group(
        self,
        node: Group,
        head: Group,
        rest: tuple[Node, ...],
        scope: Mapping[str, Expression],
        bound: frozenset[str],
    ) -> Expression:
        """((_ is c) t), ((as f T) t) or ((_ f T …) t)."""
        words = [item.text if isinstance(item, Word) else "" for item in head.items]
        if words[:2] == ["_", "is"] and len(words) == 3 and len(rest) == 1:
            return self.tester(words[2], rest[0], head.span, scope, bound)
        if words[:1] in (["_"], ["as"]) and len(words) >= 3:
            args = tuple(self.expression(arg, scope, bound) for arg in rest)
            return self.qualified(head, bound, args)
        for word in words[:1]:
            if word in HIGHER_ORDER:
                raise self.error(f"{HIGHER_ORDER[word]} is outside first-order logic", head.span)
        raise self.error("a term cannot be applied", head.span, expected="a function symbol")

    def qualified(
        self, node: Group, bound: frozenset[str], args: tuple[Expression, ...] = ()
    ) -> Expression:
        """(_ f T …) gives the sort arguments of f, (as f T) its result sort."""
        if len(node.items) < 3 or not all(isinstance(item, Word) for item in node.items[:2]):
            raise self.error("not a qualified name", node.span, expected="(_ name sort …)")
        how, name = node.items[0], node.items[1]
        assert isinstance(how, Word)
        assert isinstance(name, Word)
        types = tuple(self.type(item, bound) for item in node.items[2:])
        if how.text == "_":
            return self.call(name, args, node.span, types, {})
        result = self.call(name, args, node.span, None, {})
        self.unify(result.type, types[0], node.span)
        return result

    def call(
        self,
        name: Word,
        args: tuple[Expression, ...],
        span: Span,
        types: tuple[Type, ...] | None,
        scope: Mapping[str, Expression],
    ) -> Expression:
        if name.text in self.poisoned:
            raise PoisonedError
        heading = self.problem.headings.get(name.text)
        if heading is None:
            known = [*self.problem.headings, *scope]
            raise self.unknown("name", name.text, known, name.span)
        if len(args) != len(heading.arguments):
            hint = (
                "partial application is outside first-order logic"
                if len(args) < len(heading.arguments)
                else ""
            )
            raise self.error(
                f"'{name.text}' takes {len(heading.arguments)} arguments",
                span,
                expected=f"{len(heading.arguments)}",
                found=f"{len(args)}",
                hint=hint,
            )
        if types is None:
            types = tuple(Open() for _ in heading.parameters)
        elif len(types) != len(heading.parameters):
            raise self.error(
                f"'{name.text}' takes {len(heading.parameters)} sorts", span, found=f"{len(types)}"
            )
        names = dict(zip(heading.parameters, types, strict=True))
        for arg, kind in zip(args, heading.arguments, strict=True):
            self.unify(arg.type, at(kind, names), arg.span)
        return Call(name.text, types, args, at(heading.result, names), span)

    def application(
        self,
        node: Group,
        head: Word,
        rest: tuple[Node, ...],
        scope: Mapping[str, Expression],
        bound: frozenset[str],
    ) -> Expression:
        if head.text in scope:
            raise self.error(
                f"the variable '{head.text}' is applied like a function, which is outside "
                "first-order logic",
                head.span,
            )
        if head.text in self.poisoned:
            raise PoisonedError
        args = tuple(self.expression(arg, scope, bound) for arg in rest)
        name = head.text
        if name in self.problem.headings:
            return self.call(head, args, node.span, None, scope)
        if head.text.startswith("is-") and len(rest) == 1:
            return self.tester(head.text[3:], rest[0], head.span, scope, bound)
        if name in _CONNECTIVES:
            for arg in args:
                self.unify(arg.type, BOOL, arg.span)
            if name in ("=>", "xor"):
                self.arguments(node, 2, at_least=True)
            return Operation(name, args, BOOL, node.span)
        match name:
            case "not":
                self.arguments(node, 1)
                self.unify(args[0].type, BOOL, args[0].span)
                return Operation(name, args, BOOL, node.span)
            case "=" | "distinct":
                self.arguments(node, 2, at_least=True)
                for arg in args[1:]:
                    self.unify(arg.type, args[0].type, arg.span)
                return Operation(name, args, BOOL, node.span)
            case "ite":
                self.arguments(node, 3)
                self.unify(args[0].type, BOOL, args[0].span)
                self.unify(args[2].type, args[1].type, args[2].span)
                return Operation(name, args, args[1].type, node.span)
        if name in _ARITHMETIC or name in _COMPARISONS:
            self.arguments(node, 1 if name == "-" else 2, at_least=True)
            # Published problems compare elements of a sort variable that is Int where it is used.
            first = resolved(args[0].type)
            loose = name in _COMPARISONS and isinstance(first, Named) and first.name in bound
            for arg in args:
                self.unify(arg.type, first if loose else INT, arg.span)
            return Operation(name, args, BOOL if name in _COMPARISONS else INT, node.span)
        known = [*self.problem.headings, *_CONNECTIVES, *_ARITHMETIC, "ite", "not", "match"]
        raise self.unknown("function", name, known, head.span)

    def tester(
        self,
        constructor: str,
        subject: Node,
        span: Span,
        scope: Mapping[str, Expression],
        bound: frozenset[str],
    ) -> Expression:
        """is-c as a match with the answers true and false."""
        known = self.problem.constructors.get(constructor)
        if known is None:
            raise self.unknown("constructor", constructor, self.problem.constructors, span)
        value = self.expression(subject, scope, bound)
        names = self.parameters_of(known.datatype, value, span)
        fields = tuple(Local(name, at(kind, names)) for name, kind in known.fields)
        yes, no = Operation("true", (), BOOL, span), Operation("false", (), BOOL, span)
        branches = [Branch(constructor, fields, yes)]
        if len(self.problem.datatypes[known.datatype].constructors) > 1:
            branches.append(Branch(None, (), no))
        return Match(value, tuple(branches), BOOL, span)

    def parameters_of(self, datatype: str, value: Expression, span: Span) -> dict[str, Type]:
        """The sort arguments at which ``value`` is of the datatype."""
        parameters = self.problem.datatypes[datatype].parameters
        types: dict[str, Type] = {name: Open() for name in parameters}
        self.unify(value.type, Named(datatype, tuple(types.values())), span)
        return types

    def match(
        self, node: Group, scope: Mapping[str, Expression], bound: frozenset[str]
    ) -> Expression:
        self.arguments(node, 2, at_least=True)
        subject = self.expression(node.items[1], scope, bound)
        rows = node.items[2].items if isinstance(node.items[2], Group) else ()
        if len(node.items) > 3:  # the older form: (match t (case p e) …)
            rows = tuple(
                Group(row.items[1:], row.span) if isinstance(row, Group) else row
                for row in node.items[2:]
            )
        branches: list[Branch] = []
        result: Type = Open()
        for row in rows:
            if not isinstance(row, Group) or len(row.items) != 2:
                raise self.error("not a branch", row.span, expected="(pattern term)")
            branch = self.branch(row.items[0], row.items[1], subject, scope, bound)
            self.unify(branch.body.type, result, branch.body.span)
            branches.append(branch)
        if not branches:
            raise self.error("a match without branches", node.span, expected="((pattern term) …)")
        return Match(subject, tuple(branches), result, node.span)

    def branch(
        self,
        pattern: Node,
        body: Node,
        subject: Expression,
        scope: Mapping[str, Expression],
        bound: frozenset[str],
    ) -> Branch:
        words = pattern.items if isinstance(pattern, Group) else (pattern,)
        names = [word for word in words if isinstance(word, Word)]
        if not names or len(names) != len(words):
            raise self.error(
                "a pattern is a constructor with variables", pattern.span, expected="(name x …)"
            )
        head = names[0]
        constructor = self.problem.constructors.get(head.text)
        if constructor is None:
            if head.text in self.poisoned:
                raise PoisonedError
            if head.text in ("true", "false") and not head.quoted:
                self.unify(subject.type, BOOL, pattern.span)
                return Branch(head.text, (), self.expression(body, scope, bound))
            if isinstance(pattern, Group) and head.text != "default":
                raise self.unknown("constructor", head.text, self.problem.constructors, head.span)
            inner = dict(scope)
            if head.text not in ("_", "default"):
                inner[head.text] = subject
            return Branch(None, (), self.expression(body, inner, bound))
        types = self.parameters_of(constructor.datatype, subject, subject.span)
        if len(names) - 1 != len(constructor.fields):
            raise self.error(
                f"the pattern of '{head.text}' needs {len(constructor.fields)} variables",
                pattern.span,
                found=f"{len(names) - 1}",
            )
        fields = zip(names[1:], constructor.fields, strict=True)
        locals_ = tuple(
            Local(word.text if word.text != "_" else name, at(kind, types))
            for word, (name, kind) in fields
        )
        inner = dict(scope)
        for word, local in zip(names[1:], locals_, strict=True):
            if word.text != "_":
                inner[word.text] = Variable(local, local.type, word.span)
        return Branch(head.text, locals_, self.expression(body, inner, bound))

    def let(
        self, node: Group, scope: Mapping[str, Expression], bound: frozenset[str]
    ) -> Expression:
        self.arguments(node, 2)
        inner = dict(scope)
        for name, value in self.pairs(node.items[1]):
            inner[name.text] = self.expression(value, scope, bound)
        return self.expression(node.items[2], inner, bound)

    def quantified(
        self, node: Group, scope: Mapping[str, Expression], bound: frozenset[str]
    ) -> Expression:
        self.arguments(node, 2)
        head = node.items[0]
        inner = dict(scope)
        locals_: list[Local] = []
        for name, kind in self.pairs(node.items[1]):
            local = Local(name.text, self.type(kind, bound))
            locals_.append(local)
            inner[name.text] = Variable(local, local.type, name.span)
        body = self.expression(node.items[2], inner, bound)
        self.unify(body.type, BOOL, body.span)
        universal = isinstance(head, Word) and head.text == "forall"
        return Quantified(universal, tuple(locals_), body, BOOL, node.span)

    def pairs(self, node: Node) -> list[tuple[Word, Node]]:
        """The ((name node) …) of a binder."""
        found: list[tuple[Word, Node]] = []
        for item in node.items if isinstance(node, Group) else (node,):
            match item:
                case Group(items=(Word() as name, value)):
                    found.append((name, value))
                case _:
                    raise self.error("not a binding", item.span, expected="(name …)")
        return found

    def arguments(self, node: Group, count: int, *, at_least: bool = False) -> None:
        """Checks how many operands a built-in construct has."""
        found = len(node.items) - 1
        if found < count or (found > count and not at_least):
            head = node.items[0]
            name = head.text if isinstance(head, Word) else "this"
            raise self.error(
                f"'{name}' takes {'at least ' if at_least else ''}{count} operands",
                node.span,
                found=f"{found}",
            )


def _unified(one: Type, two: Type) -> bool:
    one, two = resolved(one), resolved(two)
    if one is two:
        return True
    if isinstance(one, Open):
        if _occurs(one, two):
            return False
        one.known = two
        return True
    if isinstance(two, Open):
        return _unified(two, one)
    return (
        one.name == two.name
        and len(one.args) == len(two.args)
        and all(map(_unified, one.args, two.args))
    )


def _occurs(open_type: Open, kind: Type) -> bool:
    kind = resolved(kind)
    if isinstance(kind, Open):
        return kind is open_type
    return any(_occurs(open_type, arg) for arg in kind.args)


def _placed(value: Expression, span: Span) -> Expression:
    """A variable's use at its own place; what a let binds keeps the place of its definition."""
    return Variable(value.local, value.type, span) if isinstance(value, Variable) else value
