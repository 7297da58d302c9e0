"""What a search starts from: the parameters, and constants that the examples suggest."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .bank import FAILED, Term
from .dialogue import value_text
from .program import Signature
from .types import Type, infer

_BASE_TYPES = {"int", "bool", "str", "list[int]", "list[str]", "list[bool]"}


def kind_of(kind: Type) -> str:
    """A type as the bank writes it; what is unknown counts as an integer."""
    if kind.name == "union":
        names = {member.name for member in kind.parameters}
        if names <= {"int", "float"}:
            return "float"
        solid = [member for member in kind.parameters if member.name != "none"]
        return kind_of(solid[0]) if len(solid) == 1 else "object"
    if kind.name == "unknown":
        return "int"
    if kind.name == "sequence":
        return f"tuple[{kind_of(kind.parameters[0])}, ...]"
    if kind.parameters:
        return f"{kind.name}[{', '.join(map(kind_of, kind.parameters))}]"
    return str(kind)


def relevant_types(signature: Signature) -> set[str]:
    """The types that terms may have: those of the signature, their parts, and the basic ones."""
    found = set(_BASE_TYPES)

    def visit(kind: Type) -> None:
        found.add(kind_of(kind))
        for part in kind.parameters:
            visit(part)

    for kind in (*signature.types, signature.result):
        visit(kind)
        if kind.name in ("tuple", "sequence", "dict", "set"):
            for part in kind.parameters:
                found.add(f"list[{kind_of(part)}]")
    for element in ("int", "str"):
        if any(
            f"list[{element}]" in (kind_of(k), *map(kind_of, k.parameters)) for k in signature.types
        ):
            found |= {f"tuple[{element}, {element}]", f"list[tuple[{element}, {element}]]"}
    outputs = kind_of(signature.result)
    inputs = {kind_of(kind) for kind in signature.types}
    if "str" in inputs or "str" in outputs:
        found.add("dict[str, int]")
    if outputs.startswith("dict["):
        found.add("dict[int, int]")
    return found


def leaves(
    signature: Signature,
    rows: Sequence[tuple[object, ...]],
    target: Sequence[Any],
    constants: Iterable[object] = (),
) -> list[Term]:
    """The parameters and constants as terms over the rows."""
    count = len(rows)
    found = []
    for place, (name, kind) in enumerate(zip(signature.codes, signature.types, strict=True)):
        column = [row[place] for row in rows]
        if kind.name == "union" and kind_of(kind) != "object" and None in column:
            # Nothing can be done with None but to ask for it.
            found.append(Term("bool", [value is None for value in column], 2, f"({name} is None)"))
            found.append(Term("bool", [not value for value in column], 2, f"(not {name})"))
            column = [FAILED if value is None else value for value in column]
        found.append(Term(kind_of(kind), column, 1, name, is_partial=FAILED in column))
    for place, name in enumerate(signature.codes):
        found += _fields(name, [row[place] for row in rows], len(target))
    for value, cost in suggested(signature, rows, target):
        found.append(Term(kind_of(infer(value)), [value] * count, cost, _text(value)))
    for value in constants:
        found.append(Term(kind_of(infer(value)), [value] * count, 2, value_text(value)))
    return found


def _text(value: object) -> str:
    return "math.pi" if value == math.pi else value_text(value)


def suggested(
    signature: Signature, rows: Sequence[tuple[object, ...]], target: Sequence[Any]
) -> list[tuple[object, int]]:
    """Constants worth trying, with their costs: everyday ones, and those that outputs repeat."""
    chosen: dict[tuple[str, str], tuple[object, int]] = {}

    def add(value: object, cost: int) -> None:
        key = (type(value).__name__, repr(value))
        if key not in chosen or chosen[key][1] > cost:
            chosen[key] = (value, cost)

    kinds = {kind_of(kind) for kind in (*signature.types, signature.result)}
    for value, cost in ((0, 1), (1, 1), (2, 2), (-1, 3), (3, 4), (10, 4), (4, 5), (5, 5), (100, 6)):
        add(value, cost)
    if any("float" in kind for kind in kinds):
        for number in (0.0, 1.0, 2.0, 0.5, 100.0, math.pi):
            add(number, 2)
    outputs = [value for value in target if value is not FAILED]
    for seen, cost in _seen_again(rows[: len(target)]):
        add(seen, cost)
    texts = any("str" in kind for kind in kinds)
    if texts:
        for text, cost in (("", 2), (" ", 2), (",", 4), ("-", 4), ("_", 4), (".", 4), ("0", 4)):
            add(text, cost)
        add("aeiou", 2)
        for text in ("aeiouAEIOU", "abcdefghijklmnopqrstuvwxyz"):
            add(text, 3)
        for text in _shared_pieces(outputs, rows):
            add(text, 2)
        for text in _taken_out(outputs, rows[: len(target)]):
            add(text, 1)
    tally = Counter((type(value).__name__, repr(value)) for value in outputs)
    for value in outputs:
        times = tally[type(value).__name__, repr(value)]
        small = len(repr(value)) < 60
        if small and (times >= 2 or isinstance(value, (bool, type(None)))):
            add(value, 1 if times >= 3 else 2)
        elif small and isinstance(value, (int, str)) and len(tally) <= len(outputs) // 2 + 1:
            add(value, 4)
    for number, cost in _decisive(outputs, rows[: len(target)]):
        add(number, cost)
    for text in _said_apart(outputs, rows[: len(target)]):
        add(text, 3)
    if outputs and all(isinstance(value, list) for value in outputs):
        add([], 2)
    if outputs and all(isinstance(value, tuple) for value in outputs) and () in outputs:
        add((), 2)
    return list(chosen.values())


_MOST_FIELDS = 5


def _fields(name: str, column: Sequence[Any], count: int) -> Iterator[Term]:
    """The parts of texts that are written alike: ``12:30``, ``5/2``, ``2020-01-31``."""
    texts = column[:count]
    if not all(isinstance(text, str) for text in column) or len(texts) < 4:
        return
    marks = Counter(mark for text in texts for mark in set(re.findall(r"[^\w]", text)))
    for mark, times in marks.most_common(3):
        sizes = {text.count(mark) for text in texts}
        if times < len(texts) or len(sizes) != 1 or not 0 < (size := sizes.pop()) < _MOST_FIELDS:
            continue
        for place in range(size + 1):
            parts = [
                FAILED if text.count(mark) != size else text.split(mark)[place] for text in column
            ]
            if len(set(parts[:count])) < 2:
                continue
            code = f"{name}.split({mark!r})[{place}]"
            yield Term("str", parts, 3, code, is_partial=FAILED in parts)
            numbers = [_number(part) for part in parts]
            if FAILED not in numbers[:count]:
                yield Term("int", numbers, 2, f"int({code})", is_partial=FAILED in numbers)


def _number(text: Any) -> Any:
    try:
        return FAILED if text is FAILED else int(text)
    except ValueError:
        return FAILED


_FEW = 8


def _seen_again(rows: Sequence[tuple[object, ...]]) -> Iterator[tuple[object, int]]:
    """Arguments that come again and again, and the characters or items of a small alphabet."""
    for column in zip(*rows, strict=False):
        scalars = [value for value in column if isinstance(value, (int, str))]
        tally = Counter((type(value).__name__, value) for value in scalars)
        if len(scalars) == len(column) and 2 <= len(tally) <= min(_FEW, len(column) // 2):
            for (_, value), times in tally.most_common():
                if times >= 2 and not isinstance(value, bool) and len(repr(value)) < 40:
                    yield value, 2
        whole = Counter(part for value in column for part in set(_parts(value)))
        often = [part for part, times in whole.most_common() if 4 * times >= len(column)]
        held = [part for value in column for part in _parts(value)]
        if 1 <= len(often) <= _FEW and 2 * sum(map(often.__contains__, held)) > len(held):
            for part in often:
                if not isinstance(part, bool) and len(repr(part)) < 40:
                    yield part, 1 if len(often) <= 4 else 2


def _parts(value: object) -> Sequence[Any]:
    """The characters of a text, the items of a list of numbers or texts."""
    if isinstance(value, (list, tuple)):
        return value if all(isinstance(item, (int, str)) for item in value) else ()
    return value if isinstance(value, str) else ()


def _decisive(
    outputs: Sequence[Any], rows: Sequence[tuple[object, ...]]
) -> Iterator[tuple[int, int]]:
    """Numbers that may decide a truth value: a common divisor of what is true, and bounds."""
    if not outputs or not all(isinstance(value, bool) for value in outputs):
        return
    for column in zip(*rows, strict=False):
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in column):
            continue
        true = {n for n, value in zip(column, outputs, strict=False) if value}
        false = {n for n, value in zip(column, outputs, strict=False) if not value}
        divisor = math.gcd(*true)
        if len(true - {0}) > 1 and divisor > 2 and any(n % divisor for n in false):
            yield divisor, 2
        for low, high in ((false, true), (true, false)):
            if low and high and max(low) < min(high):
                yield max(low), 3
                yield min(high), 3


_APART = 4


def _said_apart(outputs: Sequence[Any], rows: Sequence[tuple[object, ...]]) -> list[str]:
    """Words that a program seems to know by itself: outputs that share no two letters with inputs."""
    given = repr(rows).lower()

    def is_apart(text: str) -> bool:
        pairs = [text[at : at + 2].lower() for at in range(len(text) - 1)]
        return 2 <= len(text) < 40 and not any(pair in given for pair in pairs)

    found = list(dict.fromkeys(t for t in outputs if isinstance(t, str) and is_apart(t)))
    return found if len(found) <= _APART else []


def _taken_out(outputs: list[Any], rows: Sequence[tuple[object, ...]]) -> list[str]:
    """Stretches that half of the given texts have and no answer has: the longest, few."""
    texts = [value for row in rows for value in row[:1] if isinstance(value, str)]
    answers = [value for value in outputs if isinstance(value, str)]
    if len(texts) < 4 or len(answers) != len(outputs):
        return []
    tally = Counter(
        piece
        for text in texts
        for piece in {
            text[i : i + size] for size in range(2, 7) for i in range(len(text) - size + 1)
        }
    )
    often = [piece for piece, times in tally.items() if 2 * times >= len(texts)]
    gone = [piece for piece in often if not any(piece in answer for answer in answers)]
    whole = [p for p in gone if not any(p != q and p in q for q in gone)]
    return sorted(whole, key=lambda piece: (-tally[piece], -len(piece)))[:4]


def _shared_pieces(outputs: list[Any], rows: Sequence[tuple[object, ...]]) -> list[str]:
    """Characters, and stretches that are not words, that several outputs or inputs share."""
    texts = [value for value in outputs if isinstance(value, str)]
    inputs = [value for row in rows for value in row if isinstance(value, str)]
    pieces: list[str] = []
    for group in (texts, inputs):
        if len(group) < 2:
            continue
        marks = Counter(mark for text in group for mark in set(re.findall(r"[^\w\s]", text)))
        pieces += [mark for mark, times in marks.most_common(6) if times * 2 >= len(group)]
    if len(texts) >= 3:
        words = Counter(word for text in texts for word in set(re.findall(r"[^\W\d]+", text)))
        pieces += [word for word, times in words.most_common(4) if times * 3 >= 2 * len(texts)]
        tails = Counter(text[-size:] for text in texts for size in (1, 2, 3) if len(text) > size)
        pieces += [tail for tail, times in tails.most_common(3) if times == len(texts)]
        heads = Counter(text[:size] for text in texts for size in (1, 2, 3) if len(text) > size)
        pieces += [head for head, times in heads.most_common(3) if times == len(texts)]
    return list(dict.fromkeys(pieces))
