"""Structured answers of a model, read from whatever surrounds them.

Servers without structured output wrap their JSON in prose or fences, leave it unfinished, or put
one object after another. Every whole item is kept; what is left of a broken one is dropped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

LONGEST = 1_000_000
"""Characters that are looked at; what comes later is not an answer any more."""

_WORK = 20 * LONGEST
"""Characters that may be read again and again while whole objects are looked for."""

_FAILURES = 2_000
"""So many beginnings may turn out not to be whole objects."""

_FENCE = re.compile(r"```[\w+-]*[ \t]*\r?\n(.*?)(?:```|\Z)", re.DOTALL)


def read_items(text: str, key: str, field: str) -> list[dict[str, object]]:
    """The items of a list that stands under ``key``, each an object.

    Bare strings become objects with that string as ``field``. Where there is no JSON at all, each
    fenced block is one item.

    >>> read_items('Sure! {"lemmas": [{"formula": "a = a"}, {"formula": "b', "lemmas", "formula")
    [{'formula': 'a = a'}]
    >>> read_items("```python\\ndef f(): return 1\\n```", "programs", "source")
    [{'source': 'def f(): return 1\\n'}]
    """
    text = text[:LONGEST]
    for candidate in (text, *(found[1] for found in _FENCE.finditer(text))):
        items = _listed(_parsed(candidate), key, field)
        if items is not None:
            return items
    items = _salvaged(text, key, field)
    if items:
        return items
    return [{field: found[1]} for found in _FENCE.finditer(text) if found[1].strip()]


def _parsed(text: str) -> object:
    try:
        return json.loads(text.strip())
    except (ValueError, RecursionError):
        return None


def _listed(document: object, key: str, field: str) -> list[dict[str, object]] | None:
    match document:
        case dict() if isinstance(document.get(key), list):
            found = document[key]
        case dict() if isinstance(document.get(field), str):
            found = [document]
        case list():
            found = document
        case _:
            return None
    items: list[dict[str, object]] = []
    for item in found:
        if isinstance(item, str):
            items.append({field: item})
        elif isinstance(item, dict):
            items.append(item)
    return items


def _salvaged(text: str, key: str, field: str) -> list[dict[str, object]]:
    """Every whole object with the field, wherever it stands."""
    found: list[dict[str, object]] = []
    for document in _objects(text):
        items = _listed(document, key, field)
        found += items or []
    return found


def _objects(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder()
    at = text.find("{")
    work = failures = 0
    while at >= 0 and work < _WORK and failures < _FAILURES:
        try:
            document, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            failures += 1
            work += error.pos - at if isinstance(error, json.JSONDecodeError) else 10_000
            at = text.find("{", at + 1)
        else:
            yield document
            at = text.find("{", end)


def text_of(item: dict[str, object], field: str, most: int = 20_000) -> str:
    """The text of an item's field; empty where it is missing, of another type, or too long."""
    value = item.get(field)
    return value if isinstance(value, str) and len(value) <= most else ""
