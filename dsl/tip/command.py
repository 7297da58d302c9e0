"""The commands of a TIP file: declarations, definitions, assertions and goals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from lemmata.engine.errors import SourceError, SourceErrors, Span

from .expression import Group, Node, Reader, Word
from .inference import Inference, PoisonedError
from .program import (
    BOOL,
    Claim,
    Constructor,
    Datatype,
    Definition,
    Expression,
    Heading,
    Local,
    Named,
    Operation,
    Problem,
    Variable,
)

_IGNORED = {"set-logic", "set-option", "set-info", "exit", "get-model", "get-info", "push", "pop"}


def read_problem(text: str, path: str) -> Problem:
    """The typed problem that a text states; ``SourceErrors`` lists all that is wrong with it."""
    reader = Reader(text, path)
    nodes = reader.nodes()
    commands = _Commands(text, path)
    commands.errors += reader.errors
    commands.run(nodes)
    errors = sorted(commands.errors, key=_place)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SourceErrors(tuple(errors))
    return commands.problem


def _place(error: SourceError) -> tuple[int, int]:
    return (error.span.line, error.span.column) if error.span else (0, 0)


class _Commands:
    """Sorts first, then headings, then bodies, so that the order in the file does not matter."""

    def __init__(self, text: str, path: str) -> None:
        self.problem = Problem()
        self.poisoned: set[str] = set()
        self.errors: list[SourceError] = []
        self.typing = Inference(self.problem, self.poisoned, text, path)
        self.later: list[Callable[[], None]] = []
        self.last: list[Callable[[], None]] = []
        self.asks = False
        self.datatype_steps = 0

    def run(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self.attempt(partial(self.command, node))
        for step in self.later:
            self.attempt(step)
        for step in self.last:
            self.attempt(step)
        self.name_claims()

    def attempt(self, step: Callable[[], None]) -> None:
        """Runs a step; what is wrong is noted, and the other steps still run."""
        try:
            step()
        except SourceError as error:
            self.errors.append(error)
        except PoisonedError:
            pass  # its cause is among the errors already

    def command(self, node: Node) -> None:
        if not isinstance(node, Group) or not node.items or not isinstance(node.items[0], Word):
            raise self.typing.error("not a command", node.span, expected="(command …)")
        name, rest = node.items[0].text, node.items[1:]
        match name:
            case "declare-datatype":
                self.shape(node, 2)
                self.datatypes([(rest[0], rest[1])], node)
            case "declare-datatypes":
                self.shape(node, 2)
                self.datatype_group(rest[0], rest[1], node)
            case "declare-sort":
                self.sort(node)
            case "declare-const" | "declare-fun":
                self.shape(node, 3 if name == "declare-fun" else 2)
                self.later.append(partial(self.declare, node))
            case "define-fun" | "define-fun-rec":
                self.define(rest, node)
            case "define-funs-rec":
                self.shape(node, 2)
                self.define_group(rest[0], rest[1], node)
            case "assert" | "prove" | "assert-not":
                self.last.append(partial(self.claim, name, node))
            case "check-sat":
                self.asks = True
            case _ if name in _IGNORED:
                pass
            case _:
                raise self.typing.error(
                    f"unknown command '{name}'",
                    node.items[0].span,
                    expected="a declaration, a definition, assert or prove",
                )

    def shape(self, node: Group, count: int) -> None:
        self.typing.arguments(node, count)

    def word(self, node: Node, what: str) -> Word:
        if not isinstance(node, Word):
            raise self.typing.error(f"not {what}", node.span, expected=what)
        return node

    def group(self, node: Node, what: str) -> tuple[Node, ...]:
        if not isinstance(node, Group):
            raise self.typing.error(f"not {what}", node.span, expected=what)
        return node.items

    def polymorphic(self, node: Node) -> tuple[tuple[str, ...], Node]:
        """The sort variables and the body of ``(par (a …) body)``."""
        match node:
            case Group(items=(Word(text="par"), Group(items=names), body)):
                return tuple(self.word(name, "a sort variable").text for name in names), body
            case _:
                return (), node

    # Sorts and datatypes

    def sort(self, node: Group) -> None:
        name = self.word(node.items[1], "a name") if len(node.items) > 1 else None
        arity = node.items[2] if len(node.items) > 2 else None
        if name is None:
            raise self.typing.error("a sort needs a name", node.span, expected="a name")
        count = int(arity.text) if isinstance(arity, Word) and arity.is_numeral else 0
        self.fresh_sort(name)
        parameters = tuple(f"'{index}" for index in range(count))
        self.problem.datatypes[name.text] = Datatype(name.text, parameters, (), node.span)

    def fresh_sort(self, name: Word) -> None:
        if name.text in self.problem.datatypes:
            raise self.typing.error(f"sort '{name.text}' is declared twice", name.span)

    def datatype_group(self, heads: Node, bodies: Node, node: Group) -> None:
        """((name arity) …) (body …), or the older (a …) ((name constructor …) …)."""
        items = self.group(heads, "a list of sorts")
        rows = self.group(bodies, "a list of datatypes")
        if all(isinstance(item, Word) for item in items):
            parameters = tuple(item.text for item in items if isinstance(item, Word))
            for row in rows:
                parts = self.group(row, "a datatype")
                self.reserve(self.word(parts[0], "a name"), parameters, node.span)
            for row in rows:
                parts = self.group(row, "a datatype")
                name = self.word(parts[0], "a name")
                self.constructors(name, parameters, parts[1:])
            return
        if len(items) != len(rows):
            raise self.typing.error(
                "as many datatypes as sorts are needed",
                node.span,
                expected=f"{len(items)}",
                found=f"{len(rows)}",
            )
        names = [self.group(item, "(name arity)")[0] for item in items]
        self.datatypes(list(zip(names, rows, strict=True)), node)

    def datatypes(self, rows: list[tuple[Node, Node]], node: Group) -> None:
        for name, body in rows:
            word = self.word(name, "a name")
            self.reserve(word, self.polymorphic(body)[0], node.span)
        for name, body in rows:
            parameters, inner = self.polymorphic(body)
            word = self.word(name, "a name")
            self.constructors(word, parameters, self.group(inner, "a list of constructors"))

    def reserve(self, name: Word, parameters: tuple[str, ...], span: Span) -> None:
        """Declares the sort before its constructors, which may mention it."""
        self.fresh_sort(name)
        self.problem.datatypes[name.text] = Datatype(name.text, parameters, (), span)

    def constructors(self, name: Word, parameters: tuple[str, ...], rows: tuple[Node, ...]) -> None:
        """The constructors are typed once all sorts are known."""
        words = [row if isinstance(row, Word) else self.word(row.items[0], "a constructor")
                 for row in rows if isinstance(row, Word) or row.items]  # fmt: skip

        def step() -> None:
            try:
                built = tuple(self.constructor(name.text, parameters, row) for row in rows)
            except (SourceError, PoisonedError):
                self.poisoned.update(word.text for word in words)
                self.poisoned.add(name.text)
                raise
            old = self.problem.datatypes[name.text]
            self.problem.datatypes[name.text] = Datatype(name.text, parameters, built, old.span)

        if not words:
            raise self.typing.error("a datatype needs a constructor", name.span)
        # After the earlier datatypes, before all headings.
        self.later.insert(self.datatype_steps, step)
        self.datatype_steps += 1

    def constructor(self, datatype: str, parameters: tuple[str, ...], row: Node) -> Constructor:
        head, *rest = (row,) if isinstance(row, Word) else row.items
        name = self.word(head, "a constructor")
        whole = Named(datatype, tuple(Named(parameter) for parameter in parameters))
        fields = [
            (selector.text, self.typing.type(kind, parameters))
            for field in rest
            for selector, kind in self.typing.pairs(Group((field,), field.span))
        ]
        types = tuple(kind for _, kind in fields)
        self.heading(Heading(name.text, parameters, types, whole, "constructor", name.span))
        for selector, kind in fields:
            self.heading(Heading(selector, parameters, (whole,), kind, "selector", name.span))
        built = Constructor(name.text, datatype, tuple(fields))
        self.problem.constructors[name.text] = built
        return built

    def heading(self, heading: Heading) -> None:
        if heading.name in self.problem.headings:
            raise self.typing.error(f"'{heading.name}' is declared twice", heading.span)
        self.problem.headings[heading.name] = heading

    # Functions

    def declare(self, node: Group) -> None:
        name = self.word(node.items[1], "a name")
        try:
            parameters, body = self.polymorphic(node.items[2])
            args: tuple[Node, ...] = ()
            result = body
            if self.word(node.items[0], "a command").text == "declare-fun":
                args = self.group(body if not parameters else _first(body), "a list of sorts")
                result = node.items[3] if len(node.items) > 3 else _second(body)
            types = tuple(self.typing.type(arg, parameters) for arg in args)
            kind = self.typing.type(result, parameters)
            self.heading(Heading(name.text, parameters, types, kind, "function", name.span))
        except (SourceError, PoisonedError):
            self.poisoned.add(name.text)
            raise

    def define(self, rest: tuple[Node, ...], node: Group) -> None:
        name = self.word(rest[0], "a name") if rest else None
        if name is None or len(rest) not in (3, 4):
            raise self.typing.error(
                "not a definition", node.span, expected="(define-fun name (arguments) sort body)"
            )
        if len(rest) == 4:
            head = Group((rest[1], rest[2]), rest[1].span)
            self.function(name, (), head, rest[3])
        else:
            parameters, head_node = self.polymorphic(rest[1])
            self.function(name, parameters, head_node, rest[2])

    def define_group(self, heads: Node, bodies: Node, node: Group) -> None:
        rows = self.group(heads, "a list of headings")
        terms = self.group(bodies, "a list of bodies")
        if len(rows) != len(terms):
            raise self.typing.error(
                "as many bodies as headings are needed",
                node.span,
                expected=f"{len(rows)}",
                found=f"{len(terms)}",
            )
        for row, body in zip(rows, terms, strict=True):
            parts = self.group(row, "a heading")
            if len(parts) not in (2, 3):
                raise self.typing.error("not a heading", row.span, expected="(name (x T) … T)")
            name = self.word(parts[0], "a name")
            if len(parts) == 3:
                self.function(name, (), Group(parts[1:], row.span), body)
            else:
                parameters, head = self.polymorphic(parts[1])
                self.function(name, parameters, head, body)

    def function(self, name: Word, parameters: tuple[str, ...], head: Node, body: Node) -> None:
        """Types the heading first and the body when all headings are known."""
        locals_: list[Local] = []

        def heading() -> None:
            try:
                parts = self.group(head, "(arguments) sort")
                if len(parts) != 2:
                    raise self.typing.error("not a heading", head.span, expected="(arguments) sort")
                for word, kind in self.typing.pairs(parts[0]):
                    locals_.append(Local(word.text, self.typing.type(kind, parameters)))
                result = self.typing.type(parts[1], parameters)
                types = tuple(local.type for local in locals_)
                self.heading(Heading(name.text, parameters, types, result, "function", name.span))
            except (SourceError, PoisonedError):
                self.poisoned.add(name.text)
                raise
            self.last.append(definition)

        def definition() -> None:
            scope: dict[str, Expression] = {
                local.name: Variable(local, local.type, name.span) for local in locals_
            }
            built = self.problem.headings[name.text]
            term = self.typing.expression(body, scope, frozenset(parameters))
            self.typing.unify(term.type, built.result, term.span)
            self.problem.definitions[name.text] = Definition(built, tuple(locals_), term)

        self.later.append(heading)

    # Assertions and goals

    def claim(self, command: str, node: Group) -> None:
        items = list(node.items[1:])
        name = ""
        while len(items) > 1 and isinstance(items[0], Word) and items[0].text.startswith(":"):
            items.pop(0)
        if len(items) != 1:
            raise self.typing.error(f"'{command}' takes one formula", node.span)
        body = items[0]
        match body:
            case Group(items=(Word(text="!"), inner, *attributes)):
                body = inner
                for key, value in pairwise(attributes):
                    if isinstance(key, Word) and key.text == ":named" and isinstance(value, Word):
                        name = value.text
            case _:
                pass
        parameters, body = self.polymorphic(body)
        formula = self.typing.expression(body, {}, frozenset(parameters))
        self.typing.unify(formula.type, BOOL, formula.span)
        is_goal = command != "assert"
        self.problem.claims.append(Claim(name, parameters, formula, node.span, is_goal))

    def name_claims(self) -> None:
        """Goals are called goal (goal.1, goal.2, …), assertions assumption.1, assumption.2, …

        Where nothing is to be proved but satisfiability is asked, the last negated assertion is
        the goal: that is how a problem is put to a solver.
        """
        claims = self.problem.claims
        if self.asks and not any(claim.is_goal for claim in claims):
            for index in reversed(range(len(claims))):
                formula = claims[index].formula
                if isinstance(formula, Operation) and formula.name == "not":
                    old = claims[index]
                    claims[index] = Claim(
                        old.name, old.parameters, formula.args[0], old.span, is_goal=True
                    )
                    break
        goals = sum(claim.is_goal for claim in claims)
        counts = {True: 0, False: 0}
        for index, claim in enumerate(claims):
            counts[claim.is_goal] += 1
            name = f"assumption.{counts[False]}"
            if claim.is_goal:
                name = "goal" if goals == 1 else f"goal.{counts[True]}"
            claims[index] = Claim(
                claim.name or name, claim.parameters, claim.formula, claim.span, claim.is_goal
            )


def _first(node: Node) -> Node:
    return node.items[0] if isinstance(node, Group) and node.items else node


def _second(node: Node) -> Node:
    return node.items[1] if isinstance(node, Group) and len(node.items) > 1 else node
