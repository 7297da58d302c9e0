"""Where a secret stands in a text, plainly or in one of the disguises that programs give to texts."""

from __future__ import annotations

import re
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

WIDTH = 8
"""Characters of a secret in a row that give it away."""

_ESCAPE = re.compile(
    r"%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,6});"
    r"|&#([0-9]{1,7});|&(amp|lt|gt|quot|apos);|\\([\"'/\\])",
    re.IGNORECASE,
)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LAYERS = 3

Span: TypeAlias = tuple[int, int]


def disguised(text: str, secret: str) -> Iterator[Span]:
    """The places of ``WIDTH`` characters of a secret in a row, with overlaps, in no order.

    They are found plain, URL-encoded, escaped as in JSON, HTML or Python, in hexadecimal, and in
    base64 of both alphabets; and so for what was encoded up to three times.

    >>> min(disguised("key=%73k-12345678", "sk-12345678"))
    (4, 14)
    """
    width = min(WIDTH, len(secret))
    parts = [secret[at : at + width] for at in range(len(secret) - width + 1)]
    encoded = [*parts, *(part.encode().hex() for part in parts)]
    tokens = list(_base64(secret.encode()))
    layer = Layer(text)
    for _ in range(_LAYERS):
        for start, end in layer.find(encoded):
            yield layer.origin(start), layer.origin(end)
        for start, end in layer.folded().find(tokens):
            yield layer.origin(start), layer.origin(end)
        deeper = layer.decoded()
        if deeper is None:
            return
        layer = deeper


@dataclass(slots=True)
class Layer:
    """A text, decoded once or more, that knows where its characters come from."""

    text: str
    outer: Layer | None = None
    starts: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)

    def find(self, parts: Iterable[str]) -> Iterator[Span]:
        """All places of some texts."""
        lower = self.text.lower()
        for part in parts:
            # Hexadecimal digits are written large or small.
            where = lower if re.fullmatch(r"[0-9a-f]{12,}", part) else self.text
            at = -1
            while (at := where.find(part, at + 1)) >= 0:
                yield at, at + len(part)

    def folded(self) -> Layer:
        """The same with both alphabets of base64 made one."""
        return Layer(self.text.translate({ord("-"): "+", ord("_"): "/"}))

    def decoded(self) -> Layer | None:
        """The text with escapes undone; None if it has none."""
        pieces: list[str] = []
        starts, sources = [0], [0]
        length = end = 0
        for found in _ESCAPE.finditer(self.text):
            plain = self.text[end : found.start()]
            pieces += [plain, _character(found)]
            length += len(plain)
            starts += [length, length + 1]
            sources += [found.start(), found.end()]
            length, end = length + 1, found.end()
        if not pieces:
            return None
        return Layer("".join([*pieces, self.text[end:]]), self, starts, sources)

    def origin(self, place: int) -> int:
        """Where a character of this text begins in the text that was not decoded."""
        if self.outer is None:
            return place
        known = bisect_right(self.starts, place) - 1
        return self.outer.origin(self.sources[known] + place - self.starts[known])


def _character(found: re.Match[str]) -> str:
    percent, unicode, byte, wide, decimal, name, plain = found.groups()
    if name or plain:
        return str(_NAMED[name.lower()] if name else plain)
    digits = percent or unicode or byte or wide
    code = int(digits, 16) if digits else int(decimal)
    return chr(code) if code < 0x110000 else "?"


def _base64(secret: bytes) -> Iterator[str]:
    """What nine bytes of a secret become within a longer text, at each of three offsets."""
    width = min(9, len(secret))
    for at in range(len(secret) - width + 1):
        for shift in range(3):
            text = b64encode(b"\0" * shift + secret[at : at + width]).decode().rstrip("=")
            # The characters between are decided by these bytes alone.
            yield text[(8 * shift + 5) // 6 : 8 * (shift + width) // 6]
