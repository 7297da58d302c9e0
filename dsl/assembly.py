"""Documents become a theory: every statement is given its meaning, and lowered to clauses."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

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
from .parser import Document, parse_claim
from .pattern import Patterns, Reading
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


Waiting: TypeAlias = "tuple[Meaning, str, StatementKind, syntax.Statement, Formula]"
"""A claim whose sorts hang on claims that follow."""


@dataclass
class Assembly:
    """One theory in the making. ``documents`` are its files, those used before those that use."""

    documents: list[Document]
    problems: Problems
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    shared: Inference | None = None
    patterns: Patterns | None = None
    tell: Callable[[Source, int], None] | None = None
    _made: list[Made] = field(default_factory=list)
    _definitions: dict[str, Made | None] = field(default_factory=dict)
    _active: list[str] = field(default_factory=list)
    _labels: dict[str, tuple[Source, int, int]] = field(default_factory=dict)
    _waiting: list[Waiting] = field(default_factory=list)

    def theory(self, name: str, path: str, source: str) -> Theory | None:
        """The theory, or None when errors were noted."""
        vocabulary = self.vocabulary
        Declarations(vocabulary, self.problems).read(self.documents)
        for one in vocabulary.definitions:
            higher_parameters(vocabulary, one)
        shared = self.shared = Inference() if vocabulary.is_open else None
        if shared is None and vocabulary.sorts:
            self.patterns = Patterns(vocabulary)
        for document in self.documents:
            for statement in document.statements:
                if self.problems.is_full:
                    return None
                if self.tell is not None:
                    self.tell(document.source, statement.start)
                self.state(document.source, statement)
        for waiting in self._waiting:
            self.finish(*waiting)
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
            case syntax.Claim() | syntax.UnreadClaim() as claim:
                self.claim(source, statement, claim)
            case syntax.Definition(symbol) | syntax.CoreDefinition(syntax.CoreAtom(symbol)):
                self.ensure(symbol.text)
                made = self._definitions.get(symbol.text)
                if made is not None and self.is_new_label(source, symbol.text, symbol):
                    self._made.append(made)
            case _:
                pass

    def claim(
        self, source: Source, statement: syntax.Statement, claim: syntax.Claim | syntax.UnreadClaim
    ) -> None:
        label = claim.label
        if label is None:
            line = source.span(statement.start, statement.end).line
            label = Name(f"line{line}", statement.start, statement.start + 1)
        is_new = self.is_new_label(source, label.text, label)
        words = None
        if is_new and self.patterns is not None and claim.label is not None:
            words = self.patterns.words(source.text, label.end, statement.end)
            pattern = self.patterns.match(words)
            if pattern is not None:
                reading = pattern.at(words.values)
                self.add(source, reading, label.text, claim.kind, statement)
                return
        if isinstance(claim, syntax.Claim):
            body = claim.body
        else:
            body = parse_claim(source, statement, self.problems)
        if words is not None and self.patterns is not None and self.patterns.wants(words):
            meaning = self.meaning(source)
            meaning.holes = words.holes(source)
            read = self.read(meaning, meaning.formula(body, {}))
            is_general = read is not None and len(meaning.filled) == len(words.values)
            pattern = self.patterns.keep(words, read if is_general else None)
            if read is None:
                return
            if pattern is not None:
                reading = pattern.at(words.values)
                self.add(source, reading, label.text, claim.kind, statement)
                return
        meaning = self.meaning(source)
        meaning.has_failed = not is_new
        formula = meaning.formula(body, {})
        if self.shared is None:
            self.finish(meaning, label.text, claim.kind, statement, formula)
        elif not meaning.has_failed:
            self._waiting.append((meaning, label.text, claim.kind, statement, formula))

    def meaning(self, source: Source) -> Meaning:
        return Meaning(self.vocabulary, source, self.problems, self.ensure, self.shared)

    def finish(
        self,
        meaning: Meaning,
        label: str,
        kind: StatementKind,
        statement: syntax.Statement,
        formula: Formula,
    ) -> None:
        reading = self.read(meaning, formula)
        if reading is not None:
            self.add(meaning.source, reading, label, kind, statement)

    def read(self, meaning: Meaning, formula: Formula) -> Reading | None:
        """A formula with all sorts in place; None, and noted, where one is not known."""
        completion = Completion(meaning)
        if not completion.is_possible():
            return None
        done = completion.formula(formula)
        predicates = tuple(completion.predicates.values())
        return Reading(done, predicates, tuple(completion.sorts), frozenset(meaning.used))

    def add(
        self,
        source: Source,
        reading: Reading,
        label: str,
        kind: StatementKind,
        place: syntax.Statement,
    ) -> None:
        made = self.make(source, reading, label, kind, place)
        if made is not None:
            self._made.append(made)

    def make(
        self,
        source: Source,
        reading: Reading,
        label: str,
        kind: StatementKind,
        place: syntax.Statement | Name,
    ) -> Made | None:
        try:
            lowered = lower(reading.formula, label)
        except UsageError as error:
            self.problems.add(source, place.start, place.end, str(error))
            return None
        span = source.span(place.start, place.end)
        statement = Statement(label, reading.formula, lowered.clauses, kind, span)
        predicates = (*reading.predicates, *lowered.predicates)
        return Made(statement, lowered.definitions, predicates, reading.sorts, reading.used)

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
        predicates = tuple(completion.predicates.values())
        reading = Reading(done, predicates, tuple(completion.sorts), frozenset(meaning.used))
        return self.make(meaning.source, reading, symbol.text, "definition", symbol)

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
