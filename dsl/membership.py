"""Which parameters of a core definition stand for sets, relations or functions."""

from __future__ import annotations

from .syntax import CoreAtom, CoreDefinition, CoreForall, Expression, children
from .vocabulary import MEMBERSHIP, Vocabulary


def higher_parameters(vocabulary: Vocabulary, name: str) -> frozenset[int]:
    """The positions of the parameters that are used as the holder in in, in2, in3, …

    What a definition passes on to another counts as well. A ring of definitions, which is an
    error of its own, is cut where it closes.
    """
    if name in vocabulary.higher:
        return vocabulary.higher[name]
    defined = vocabulary.definitions.get(name)
    vocabulary.higher[name] = frozenset()
    if defined is not None and isinstance(defined.content, CoreDefinition):
        used = _holders(vocabulary, defined.content.body)
        formal = defined.content.head.args
        vocabulary.higher[name] = frozenset(
            index for index, parameter in enumerate(formal) if parameter.text in used
        )
    return vocabulary.higher[name]


def _holders(vocabulary: Vocabulary, body: Expression) -> set[str]:
    """The free names that an expression uses for sets, relations or functions."""
    match body:
        case CoreAtom(head, args) if (
            head.text not in vocabulary.definitions and MEMBERSHIP.fullmatch(head.text)
        ):
            return {args[-1].text} if args else set()
        case CoreAtom(head, args):
            higher = higher_parameters(vocabulary, head.text)
            return {arg.text for index, arg in enumerate(args) if index in higher}
        case CoreForall(variables, premise, conclusion):
            inside = _holders(vocabulary, premise) | _holders(vocabulary, conclusion)
            return inside - {variable.text for variable in variables}
        case _:
            return {name for part in children(body) for name in _holders(vocabulary, part)}
