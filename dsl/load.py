"""Reading theories: from a file with all that it uses, or from a text."""

from __future__ import annotations

from pathlib import Path

from lemmata.engine.formula import Formula
from lemmata.engine.theory import Theory

from .assembly import Assembly
from .completion import Completion
from .diagnostics import Problems, Source
from .meaning import Meaning
from .parser import Document, parse_document, parse_expression
from .syntax import TheoryName
from .vocabulary import Vocabulary


def load(path: str | Path) -> Theory:
    """The theory that a file holds; ``SourceErrors`` lists everything that is wrong with it.

    ``theory.source`` is the full text, with the files that it uses in place of ``use``.
    """
    text = Path(path).read_text("utf-8")
    return parse_theory(text, str(path))


def parse_theory(text: str, path: str = "<text>") -> Theory:
    """The theory that a text states.

    >>> theory = parse_theory("sort N = 0 | s(N)\\nconjecture c: s(a) != 0")
    >>> [axiom.name for axiom in theory.axioms], theory.conjectures[0].name
    (['N.distinct.0.s', 'N.injective.s.1'], 'c')
    """
    problems = Problems()
    document = parse_document(Source(path, text), problems)
    theory = Assembly([document], problems).theory(_name(document, path), path, text)
    problems.raise_any()
    if theory is None:
        raise AssertionError("a theory without errors was not built")
    return theory


def _name(document: Document, path: str) -> str:
    for statement in document.statements:
        if isinstance(statement.content, TheoryName):
            return statement.content.label.text
    return Path(path).stem if path != "<text>" else "theory"


def parse_formula(theory: Theory, text: str) -> Formula:
    """The formula that a text states over the signature of a theory.

    >>> nat = parse_theory("sort N = 0 | s(N)")
    >>> parse_formula(nat, "s(a) = s(b) -> a = b")
    ... # doctest: +ELLIPSIS
    Implies(left=Equal(...), right=Equal(left=Var(name='a', sort='N'), right=Var(name='b', sort='N')))
    """
    problems = Problems()
    source = Source("<text>", text)
    vocabulary = Vocabulary(
        sorts=dict(theory.signature.sort),
        functions=dict(theory.signature.function),
        predicates=dict(theory.signature.predicate),
        infix=dict(theory.notation),
    )
    for name in (*vocabulary.sorts, *vocabulary.functions, *vocabulary.predicates):
        vocabulary.places[name] = (source, TheoryName)  # type: ignore[assignment]
    expression = parse_expression(source, problems)
    if expression is not None:
        meaning = Meaning(vocabulary, source, problems, lambda _: None)
        formula = meaning.formula(expression, {})
        completion = Completion(meaning)
        if completion.is_possible():
            return completion.formula(formula)
    problems.raise_any()
    raise AssertionError("a formula without errors was not read")
