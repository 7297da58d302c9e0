"""Documents become a theory: every statement is given its meaning, and lowered to clauses."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lemmata.engine.errors import UsageError
from lemmata.engine.formula import Equal, Formula, Holds, Iff, Implies, Not
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Var
from lemmata.engine.theory import (
    Function,
    Predicate,
    Signature,
    Sort,
    Statement,
    StatementKind,
    Theory,
)

from . import syntax
from .completion import Completion
from .declaration import Declarations
from .diagnostics import Problems, Source
from .meaning import Meaning
from .membership import higher_parameters
from .parser import Document
from .sorts import Inference
from .syntax import Name
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Made:
    """A statement with what it adds to the signature; ``used`` are the predicates it applies."""

    statement: Statement
    auxiliaries: tuple[Statement, ...]
    predicates: tuple[Predicate, ...]
    sorts: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()


@dataclass
class Assembly:
    """One theory in the making. ``documents`` are its files, those used before those that use."""

    documents: list[Document]
    problems: Problems
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    shared: Inference | None = None
    _made: list[Made] = field(default_factory=list)
    _definitions: dict[str, Made | None] = field(default_factory=dict)
    _active: list[str] = field(default_factory=list)
    _labels: dict[str, tuple[Source, int, int]] = field(default_factory=dict)
    _waiting: list[tuple[Meaning, str, syntax.Statement, Formula]] = field(default_factory=list)

    def theory(self, name: str, path: str, source: str) -> Theory | None:
        """The theory, or None when errors were noted."""
        vocabulary = self.vocabulary
        Declarations(vocabulary, self.problems).read(self.documents)
        for one in vocabulary.definitions:
            higher_parameters(vocabulary, one)
        shared = self.shared = Inference() if vocabulary.is_open else None
        for document in self.documents:
            for statement in document.statements:
                if self.problems.is_full:
                    return None
                self.state(document.source, statement)
        for meaning, label, waiting, formula in self._waiting:
            self.finish(meaning, label, waiting, formula)
        for one, types in vocabulary.open.items():
            sorts = tuple(shared.show(type_, "1") for type_ in types) if shared else ()
            vocabulary.predicates[one] = Predicate(one, sorts)
        return None if self.problems.errors else self.build(name, path, source)

    # Statements

    def state(self, source: Source, statement: syntax.Statement) -> None:
        """Give one statement its meaning."""
        match statement.content:
            case syntax.InductiveSort(name):
                self.constructors(source, statement, name)
            case syntax.Claim(_, label, body):
                line = source.span(statement.start, statement.end).line
                text = f"line{line}" if label is None else label.text
                place = label or Name(text, statement.start, statement.start + 1)
                meaning = self.meaning(source)
                meaning.has_failed = not self.is_new_label(source, text, place)
                formula = meaning.formula(body, {})
                if not meaning.has_failed:
                    if self.shared is None:
                        self.finish(meaning, text, statement, formula)
                    else:
                        self._waiting.append((meaning, text, statement, formula))
            case syntax.Definition(symbol) | syntax.CoreDefinition(syntax.CoreAtom(symbol)):
                self.ensure(symbol.text)
                made = self._definitions.get(symbol.text)
                if made is not None and self.is_new_label(source, symbol.text, symbol):
                    self._made.append(made)
            case _:
                pass

    def meaning(self, source: Source) -> Meaning:
        return Meaning(self.vocabulary, source, self.problems, self.ensure, self.shared)

    def finish(
        self, meaning: Meaning, label: str, statement: syntax.Statement, formula: Formula
    ) -> None:
        completion = Completion(meaning)
        if completion.is_possible() and isinstance(statement.content, syntax.Claim):
            done = completion.formula(formula)
            kind = statement.content.kind
            made = self.make(meaning, completion, label, done, kind, statement)
            if made is not None:
                self._made.append(made)

    def make(
        self,
        meaning: Meaning,
        completion: Completion,
        label: str,
        formula: Formula,
        kind: StatementKind,
        place: syntax.Statement | Name,
    ) -> Made | None:
        span = meaning.source.span(place.start, place.end)
        try:
            lowered = lower(formula, label)
        except UsageError as error:
            self.problems.add(meaning.source, place.start, place.end, str(error))
            return None
        statement = Statement(label, formula, lowered.clauses, kind, span)
        predicates = (*completion.predicates.values(), *lowered.predicates)
        used = frozenset(meaning.used)
        return Made(statement, lowered.definitions, predicates, tuple(completion.sorts), used)

    def is_new_label(self, source: Source, text: str, place: Name) -> bool:
        """Whether no statement has that name yet; an error is noted if one has."""
        if text in self._labels:
            other, start, end = self._labels[text]
            line = other.span(start, end).line
            where = f"line {line}" + ("" if other is source else f" of {other.path}")
            self.problems.add(
                source,
                place.start,
                place.end,
                f"two statements are named '{text}'",
                found=f"a first one at {where}",
                hint="names of statements are unique; rename one",
            )
            return False
        self._labels[text] = (source, place.start, place.end)
        return True

    # Inductive sorts

    def constructors(self, source: Source, statement: syntax.Statement, name: Name) -> None:
        sort = self.vocabulary.sorts.get(name.text)
        functions = self.vocabulary.functions
        if sort is None or any(one not in functions for one in sort.constructors):
            return
        declared = [functions[one] for one in sort.constructors]
        span = source.span(statement.start, statement.end)
        for label, formula in constructor_axioms(name.text, declared, functions):
            if self.is_new_label(source, label, name):
                made = Statement(label, formula, lower(formula).clauses, "constructor", span)
                self._made.append(Made(made, (), ()))

    # Definitions, which are read when they are first needed

    def ensure(self, name: str) -> None:
        """Read the definition of a name, unless it has none or was read before."""
        defined = self.vocabulary.definitions.get(name)
        if defined is None or name in self._definitions:
            return
        content = defined.content
        symbol = content.symbol if isinstance(content, syntax.Definition) else content.head.name
        if name in self._active:
            ring = " → ".join([*self._active[self._active.index(name) :], name])
            self.problems.add(
                defined.source,
                symbol.start,
                symbol.end,
                f"the definition of '{name}' refers to itself",
                found="" if ring.count("→") < 2 else ring,
                hint="declare it with op or pred, and state axioms",
            )
            self.vocabulary.broken.add(name)
            return
        self._active.append(name)
        meaning = self.meaning(defined.source)
        made = self.define(meaning, symbol, content)
        self._active.pop()
        self._definitions[name] = None if name in self.vocabulary.broken else made
        if made is None:
            self.vocabulary.broken.add(name)

    def define(
        self, meaning: Meaning, symbol: Name, content: syntax.Definition | syntax.CoreDefinition
    ) -> Made | None:
        if isinstance(content, syntax.Definition):
            parameters, is_function = content.parameters, content.is_function
        else:
            parameters = tuple(syntax.Parameter(name, None) for name in content.head.args)
            is_function = False
        variables = meaning.parameters(parameters)
        scope = {var.name: var for var in variables}
        if is_function:
            body = meaning.term(content.body, scope)
            value = App(symbol.text, variables, body.sort)
            formula: Formula = Equal(value, body)
        else:
            inside = meaning.formula(content.body, scope)
            formula = Iff(Holds(symbol.text, variables), inside)
        for stray in meaning.free.values():
            meaning.stray(meaning.places[stray][1], list(scope))
        completion = Completion(meaning)
        if symbol.text in self.vocabulary.broken or not completion.is_possible():
            return None
        done = completion.formula(formula)
        sorts = tuple(completion.var(var).sort for var in variables)
        if isinstance(done, Equal):
            function = Function(symbol.text, sorts, done.left.sort)
            self.vocabulary.functions[symbol.text] = function
        else:
            self.vocabulary.predicates[symbol.text] = Predicate(symbol.text, sorts)
        return self.make(meaning, completion, symbol.text, done, "definition", symbol)

    # The theory

    def build(self, name: str, path: str, source: str) -> Theory:
        vocabulary, hidden = self.vocabulary, self.hidden()
        made = [one for one in self._made if one.statement.name not in hidden]
        predicates = {
            one.name: one for one in vocabulary.predicates.values() if one.name not in hidden
        }
        for part in made:
            predicates.update((one.name, one) for one in part.predicates)
        functions = tuple(vocabulary.functions.values())
        sorts = dict(vocabulary.sorts)
        for used in (
            *(sort for one in functions for sort in (*one.arguments, one.result)),
            *(sort for one in predicates.values() for sort in one.arguments),
            *(sort for part in made for sort in part.sorts),
        ):
            sorts.setdefault(used, Sort(used))
        axioms: list[Statement] = []
        for part in made:
            if part.statement.kind != "conjecture":
                axioms.append(part.statement)
            axioms += part.auxiliaries
        return Theory(
            name=name,
            signature=Signature(tuple(sorts.values()), functions, tuple(predicates.values())),
            axioms=tuple(axioms),
            conjectures=tuple(
                part.statement for part in made if part.statement.kind == "conjecture"
            ),
            notation=dict(vocabulary.infix),
            path=path,
            source=source,
        )

    def hidden(self) -> set[str]:
        """The definitions over sets and functions that were unfolded wherever they were used."""
        vocabulary = self.vocabulary
        higher = {name for name, places in vocabulary.higher.items() if places}
        if not vocabulary.sorts:
            return set()
        todo = [
            name for part in self._made if part.statement.name not in higher for name in part.used
        ]
        used: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in used:
                used.add(name)
                definition = self._definitions.get(name)
                todo += definition.used if definition else ()
        return higher - used


def constructor_axioms(
    sort: str, constructors: list[Function], taken: Container[str]
) -> Iterator[tuple[str, Formula]]:
    """The names and formulas that make constructors disjoint and injective.

    >>> nat = [Function("0", (), "N"), Function("s", ("N",), "N")]
    >>> [name for name, _ in constructor_axioms("N", nat, {"0", "s"})]
    ['N.distinct.0.s', 'N.injective.s.1']
    """
    for index, one in enumerate(constructors):
        for two in constructors[index + 1 :]:
            names = _letters(taken)
            left, right = _applied(one, names), _applied(two, names)
            yield f"{sort}.distinct.{one.name}.{two.name}", Not(Equal(left, right))
    for one in constructors:
        for position in range(len(one.arguments)):
            names = _letters(taken)
            left, right = _applied(one, names), _applied(one, names)
            same = Equal(left.args[position], right.args[position])
            yield f"{sort}.injective.{one.name}.{position + 1}", Implies(Equal(left, right), same)


def _applied(function: Function, names: Iterator[str]) -> App:
    args = tuple(Var(next(names), sort) for sort in function.arguments)
    return App(function.name, args, function.result)


def _letters(taken: Container[str]) -> Iterator[str]:
    """a, b, …, z, a1, b1, … without names that mean something else."""
    round_ = 0
    while True:
        for letter in "abcdefghijklmnopqrstuvwxyz":
            name = f"{letter}{round_}" if round_ else letter
            if name not in taken:
                yield name
        round_ += 1
