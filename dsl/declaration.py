"""Declarations enter the vocabulary: sorts first, then what is declared over them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lemmata.engine.notation import RESERVED, is_symbolic
from lemmata.engine.theory import Function, Infix, Predicate, Sort

from . import syntax
from .diagnostics import Problems, Source
from .operators import EQUALITIES
from .parser import Document
from .syntax import CoreDefinition, Name
from .vocabulary import MEMBERSHIP, Defined, Vocabulary, default_infix

MOST_PRECEDENCE = 100
"""Precedences run from 1 to this."""

_WORD = re.compile(r"[^\s:#,()\[\]\"`|=]+")


@dataclass
class Declarations:
    """Fills a vocabulary from the documents of one theory."""

    vocabulary: Vocabulary
    problems: Problems

    def read(self, documents: list[Document]) -> None:
        """Enter everything that the documents declare."""
        for document in documents:
            for broken in document.broken:
                self.salvage(broken)
        for enter in (self.enter_sorts, self.enter_symbols):
            for document in documents:
                for statement in document.statements:
                    enter(document.source, statement.content)
        self.check_inhabited()

    def salvage(self, text: str) -> None:
        """The names that a statement with a syntax error would have declared are broken."""
        words = _WORD.findall(text[:500])
        if text.startswith("("):
            self.vocabulary.broken.update(words[:1])
        elif words and words[0] not in ("axiom", "conjecture", "theory"):
            self.vocabulary.broken.update(words[1:])
            self.vocabulary.is_partial |= words[0] == "use"

    # Sorts

    def enter_sorts(self, source: Source, content: syntax.Declaration) -> None:
        match content:
            case syntax.SortDeclaration(names):
                for name in names:
                    if self.vocabulary.claim(source, name, self.problems):
                        self.vocabulary.sorts[name.text] = Sort(name.text)
            case syntax.InductiveSort(name, constructors):
                if self.vocabulary.claim(source, name, self.problems):
                    made = tuple(constructor.name.text for constructor in constructors)
                    self.vocabulary.sorts[name.text] = Sort(name.text, made)
            case _:
                pass

    # Functions, predicates and definitions

    def enter_symbols(self, source: Source, content: syntax.Declaration) -> None:
        match content:
            case syntax.InductiveSort(name, constructors):
                for constructor in constructors:
                    self.function(source, constructor.name, constructor.arguments, name, None)
            case syntax.FunctionDeclaration(names, arguments, result, fixity):
                for one in names:
                    self.function(source, one, arguments, result, fixity)
            case syntax.PredicateDeclaration(names, arguments, fixity):
                for one in names:
                    self.predicate(source, one, arguments, fixity)
            case syntax.Definition(symbol, _, parameters, fixity, _, is_function):
                is_writable = self.is_writable(source, symbol, len(parameters))
                if is_writable and self.vocabulary.claim(source, symbol, self.problems):
                    self.vocabulary.definitions[symbol.text] = Defined(source, content)
                    arity, is_infix = len(parameters), content.form == "infix"
                    self.infix(source, symbol, arity, fixity, not is_function, is_infix)
            case CoreDefinition():
                self.core_definition(source, content)
            case syntax.MalformedDefinition(head):
                self.problems.add(
                    source,
                    head.start,
                    head.end,
                    "this cannot be defined",
                    expected="a signature: (Name[p,q])",
                    found=f"'{source.text[head.start : head.end][:40]}'",
                )
            case _:
                pass

    def is_writable(self, source: Source, name: Name, arity: int) -> bool:
        """Whether a symbol can be told from the language's own where it will stand."""
        if name.text not in RESERVED or (name.text in "|&>" and arity == 2):
            return True
        self.problems.add(
            source,
            name.start,
            name.end,
            f"'{name.text}' cannot be declared",
            expected="a name or symbol that has no meaning of its own",
            hint="choose another symbol",
        )
        self.vocabulary.broken.add(name.text)
        return False

    def function(
        self,
        source: Source,
        name: Name,
        arguments: tuple[Name, ...],
        result: Name,
        fixity: syntax.Fixity | None,
    ) -> None:
        vocabulary = self.vocabulary
        if not self.is_writable(source, name, len(arguments)):
            return
        if not vocabulary.claim(source, name, self.problems):
            return
        sorts = self.sorts(source, arguments)
        made = vocabulary.type_of(source, result, self.problems)
        if sorts is None or made is None:
            vocabulary.broken.add(name.text)
            return
        vocabulary.functions[name.text] = Function(name.text, sorts, result.text)
        self.infix(source, name, len(sorts), fixity, False)

    def predicate(
        self,
        source: Source,
        name: Name,
        arguments: tuple[Name, ...],
        fixity: syntax.Fixity | None,
    ) -> None:
        if not self.is_writable(source, name, len(arguments)):
            return
        if not self.vocabulary.claim(source, name, self.problems):
            return
        sorts = self.sorts(source, arguments)
        if sorts is None:
            self.vocabulary.broken.add(name.text)
            return
        self.vocabulary.predicates[name.text] = Predicate(name.text, sorts)
        self.infix(source, name, len(sorts), fixity, True)

    def sorts(self, source: Source, names: tuple[Name, ...]) -> tuple[str, ...] | None:
        found = [self.vocabulary.type_of(source, name, self.problems) for name in names]
        return None if None in found else tuple(name.text for name in names)

    def core_definition(self, source: Source, content: CoreDefinition) -> None:
        name = content.head.name
        if MEMBERSHIP.fullmatch(name.text) or name.text in EQUALITIES:
            self.problems.add(
                source,
                name.start,
                name.end,
                f"'{name.text}' is built in and cannot be defined",
                hint="choose another name",
            )
        elif self.vocabulary.claim(source, name, self.problems):
            self.vocabulary.definitions[name.text] = Defined(source, content)
            self.infix(source, name, len(content.head.args), None, True)

    def infix(
        self,
        source: Source,
        name: Name,
        arity: int,
        fixity: syntax.Fixity | None,
        is_predicate: bool,
        is_infix: bool = False,
    ) -> None:
        """Note how a symbol is written, as declared or by default."""
        if fixity is None:
            if arity == 2 and (is_infix or is_symbolic(name.text)):
                self.vocabulary.infix[name.text] = default_infix(name.text, is_predicate)
            return
        number = fixity.precedence
        precedence = int(number.text) if len(number.text) < 4 else 0
        if arity != 2:
            self.problems.add(
                source,
                number.start,
                number.end,
                f"'{name.text}' cannot be infix",
                expected="two arguments",
                found=f"{arity} argument{'' if arity == 1 else 's'}",
            )
        elif not 1 <= precedence <= MOST_PRECEDENCE:
            self.problems.add(
                source,
                number.start,
                number.end,
                "no such precedence",
                expected=f"a number from 1 to {MOST_PRECEDENCE}",
                found=number.text[:40],
                hint="a higher precedence binds tighter; '=' has 40",
            )
        else:
            default = default_infix(name.text, is_predicate).associativity
            if not is_symbolic(name.text) and not is_predicate:
                default = "left"
            associativity = fixity.associativity or default
            self.vocabulary.infix[name.text] = Infix(precedence, associativity)

    # Sorts that nothing can be in

    def check_inhabited(self) -> None:
        """An inductive sort needs a constructor whose arguments can be built without it."""
        vocabulary = self.vocabulary
        inhabited = {sort.name for sort in vocabulary.sorts.values() if not sort.is_inductive}
        open_ = [sort for sort in vocabulary.sorts.values() if sort.is_inductive]
        while True:
            grown = [sort for sort in open_ if self.has_base(sort, inhabited)]
            if not grown:
                break
            inhabited.update(sort.name for sort in grown)
            open_ = [sort for sort in open_ if sort.name not in inhabited]
        for sort in open_:
            source, name = vocabulary.places[sort.name]
            self.problems.add(
                source,
                name.start,
                name.end,
                f"nothing can be of sort '{sort.name}'",
                expected=f"a constructor that needs no {sort.name}, such as a constant",
            )

    def has_base(self, sort: Sort, inhabited: set[str]) -> bool:
        functions = self.vocabulary.functions
        return any(
            name not in functions or set(functions[name].arguments) <= inhabited
            for name in sort.constructors
        )
