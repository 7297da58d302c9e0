"""Lookup tables: an answer that depends on one term alone, by a finite list of cases.

A table explains anything that happens once, so cases must have been confirmed: most of its keys
have to occur again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .agreement import key as value_key
from .bank import FAILED, Term
from .dialogue import value_text

_LONGEST = 14
_MOST_TERMS = 300
_KEYS = ("int", "str")


def tables(terms: Sequence[Term], target: Sequence[Any], kind: str) -> Iterator[Term]:
    """Tables over the given terms, cheapest first, that give the target on its rows."""
    for term in terms[:_MOST_TERMS]:
        if term.kind in _KEYS:
            made = table(term, target, kind, _LONGEST)
            if made is not None:
                yield made


def table(term: Term, target: Sequence[Any], kind: str, longest: int) -> Term | None:
    """``{key: answer, ...}[term]``, where each key has one answer and enough keys come twice.

    With keys that stand for themselves the table holds the others only.
    """
    cases: dict[Any, Any] = {}
    for key, answer in zip(term.values, target, strict=False):
        if key is FAILED or answer is FAILED:
            return None
        if key in cases and (cases[key] != answer or type(cases[key]) is not type(answer)):
            return None
        cases[key] = answer
    again = len(target) - len(cases)
    if not 3 <= len(cases) <= longest or again < max(3, len(cases) // 2):
        return None
    if len({value_key([answer]) for answer in cases.values()}) < 2:
        return None
    same = [key for key, answer in cases.items() if key == answer and type(key) is type(answer)]
    if len(same) == len(cases):
        return None
    stays = bool(same)
    shown = {key: answer for key, answer in cases.items() if not (stays and key in same)}
    if any(len(value_text(answer)) > 60 for answer in shown.values()):
        return None
    text = ", ".join(f"{value_text(k)}: {value_text(v)}" for k, v in shown.items())
    code = f"{{{text}}}"
    if stays:
        values = [shown.get(key, key) if key is not FAILED else FAILED for key in term.values]
        code = f"{code}.get({term.code}, {term.code})"
    else:
        values = [shown.get(key, FAILED) if key is not FAILED else FAILED for key in term.values]
        code = f"{code}[{term.code}]"
    cost = term.cost + 3 + 2 * len(shown)
    return Term(kind, values, cost, code, is_partial=FAILED in values)
