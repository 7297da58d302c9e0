"""The names that a theory declares, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lemmata.engine.theory import Function, Infix, Predicate, Sort

from .diagnostics import Problems, Source, did_you_mean
from .sorts import BASE, Pair, Power, Type, read_type
from .syntax import CoreDefinition, Definition, Name

MEMBERSHIP = re.compile(r"in([2-9])?(<.*>)?")
"""The atoms of core MPL: in, in2, in3, …; a suffix tells at which types, where not elements."""

_TIMES = re.compile(r"[*/·×∘%⊗∩∧⋅]+")
_POWER = re.compile(r"\^+|\*\*|↑")
_APPEND = re.compile(r"\+\++|::+")


@dataclass(frozen=True, slots=True)
class Alias:
    """A parameter of a definition that stands for a declared sort, function or predicate."""

    name: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition and the file it stands in."""

    source: Source
    content: Definition | CoreDefinition


@dataclass
class Vocabulary:
    """All declared names. Sorts, functions and predicates share one namespace.

    ``broken`` are names whose declaration has an error that was noted: what uses them is passed
    over in silence. ``is_partial`` says that a file was missing, so unknown names mean nothing.
    ``higher`` tells which parameters of a core definition are sets, relations or functions. Where
    ``is_open``, a core atom may use an undeclared predicate; its types are collected in ``open``.
    """

    sorts: dict[str, Sort] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    predicates: dict[str, Predicate] = field(default_factory=dict)
    infix: dict[str, Infix] = field(default_factory=dict)
    definitions: dict[str, Defined] = field(default_factory=dict)
    places: dict[str, tuple[Source, Name]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    higher: dict[str, frozenset[int]] = field(default_factory=dict)
    open: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_partial: bool = False
    is_open: bool = False
    _numerals: tuple[tuple[int, int], dict[str, tuple[str, str]]] | None = None

    def claim(self, source: Source, name: Name, problems: Problems) -> bool:
        """Take a name for a declaration; False, and an error, if it is taken already."""
        if name.text in self.places:
            other, first = self.places[name.text]
            line = other.span(first.start, first.end).line
            where = f"line {line}" + ("" if other.path == source.path else f" of {other.path}")
            problems.add(
                source,
                name.start,
                name.end,
                f"'{name.text}' is declared twice",
                found=f"a first declaration at {where}",
                hint="rename one of them, or remove it",
            )
            return False
        self.places[name.text] = (source, name)
        return True

    def is_declared(self, name: str) -> bool:
        """Whether a name denotes a sort, a function, a constant or a predicate."""
        return name in self.places

    def type_of(self, source: Source, sort: Name, problems: Problems) -> Type | None:
        """The type that a sort annotation names, or None with the reason noted."""
        if sort.text in self.sorts:
            return sort.text
        if sort.text in self.broken:
            return None
        type_ = read_type(sort.text)
        if isinstance(type_, Power | Pair) or type_ == BASE:
            return type_
        if not self.is_partial:
            problems.add(
                source,
                sort.start,
                sort.end,
                f"unknown sort '{sort.text}'",
                expected="a declared sort",
                found=self.describe(sort.text),
                hint=did_you_mean(sort.text, self.sorts) or f"declare it: sort {sort.text}",
            )
        return None

    def describe(self, name: str) -> str:
        """What a name denotes, in words."""
        if name in self.sorts:
            return f"the sort '{name}'"
        if function := self.functions.get(name):
            kind = "function" if function.arguments else "constant"
            return f"the {kind} '{name}'"
        if name in self.predicates:
            return f"the predicate '{name}'"
        return f"'{name}'"

    @property
    def default_sort(self) -> str | None:
        """The sort of a variable of which nothing is known, where there is only one."""
        if not self.sorts:
            return BASE
        return next(iter(self.sorts)) if len(self.sorts) == 1 else None

    def numerals(self) -> dict[str, tuple[str, str]]:
        """The zero and the successor of each sort that has just these two constructors."""
        size = len(self.sorts), len(self.functions)  # both only grow
        if self._numerals is None or self._numerals[0] != size:
            self._numerals = size, self._find_numerals()
        return self._numerals[1]

    def _find_numerals(self) -> dict[str, tuple[str, str]]:
        found = {}
        for sort in self.sorts.values():
            if any(name not in self.functions for name in sort.constructors):
                continue  # their declaration has an error
            functions = [self.functions[name] for name in sort.constructors]
            zeros = [one.name for one in functions if not one.arguments]
            steps = [one.name for one in functions if one.arguments == (sort.name,)]
            if len(functions) == 2 and len(zeros) == len(steps) == 1:
                found[sort.name] = (zeros[0], steps[0])
        return found


def default_infix(symbol: str, is_predicate: bool) -> Infix:
    """How a symbol binds when its declaration does not say.

    >>> default_infix("*", False).precedence > default_infix("+", False).precedence
    True
    """
    if is_predicate:
        return Infix(40, "none")
    if _POWER.fullmatch(symbol):
        return Infix(70, "right")
    if _TIMES.fullmatch(symbol):
        return Infix(60, "left")
    if _APPEND.fullmatch(symbol):
        return Infix(55, "right")
    return Infix(50, "left")
