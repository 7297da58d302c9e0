"""Where a model is asked, with what key, and how much may be spent on it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from ...engine.errors import UsageError
from .disguise import disguised

KEY_VARIABLE = "LEMMATA_API_KEY"
"""The environment variable that holds the key unless another one is named."""

_HIDDEN = "[key]"


class Key:
    """A secret that is never shown; the environment is asked for it when a client is made.

    >>> Key("sk-1234567")
    Key([key])
    >>> Key("sk-1234567").redacted("Incorrect key: sk-1234567")
    'Incorrect key: [key]'
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"Key({_HIDDEN})"

    def __reduce__(self) -> tuple[type[Key], tuple[str]]:
        raise TypeError("a key is not to be stored or sent")

    def reveal(self) -> str:
        """The secret itself, for the request's header alone."""
        return self._text

    def redacted(self, text: str) -> str:
        """A text with the key blanked out wherever a server echoes eight characters of it in a row.

        It is also found in disguise: URL-encoded, escaped as in JSON or HTML, in hexadecimal, and in
        base64 of either alphabet.
        """
        secret = self._text
        if len(secret) < 6:
            return text
        spans = list(disguised(text, secret))
        pieces: list[str] = []
        end = 0
        for start, stop in sorted(spans):
            if start > end or not pieces:
                pieces += [text[end:start], _HIDDEN]
            end = max(end, stop)
        return "".join([*pieces, text[end:]])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server and a model on it.

    The key is not part of this: ``key_variable`` names the environment variable that holds it.
    Prices are dollars for a million tokens; without them money is not counted.
    """

    base_url: str
    model: str
    key_variable: str = KEY_VARIABLE
    temperature: float = 0.7
    input_price: float | None = None
    output_price: float | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                "the base URL must begin with http:// or https:// and name a host, "
                "as in http://127.0.0.1:11434/v1"
            )
        if parts.username or parts.password or parts.query:
            raise UsageError(
                "the base URL must not hold a user, a password or a query: put the key into the "
                f"environment variable {self.key_variable}"
            )
        if not self.model.strip() or not self.model.isprintable():
            raise UsageError("the model needs a name, as in --model llama3.1")

    def key(self) -> Key:
        """The key, or a blank one where the variable is not set (local servers need none)."""
        return Key(os.environ.get(self.key_variable, "") or "none")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What asking a model may cost; ``dollars`` needs the endpoint's prices."""

    calls: int = 50
    tokens: int = 200_000
    seconds: float = 600.0
    dollars: float | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and not value > 0:
                raise UsageError(f"the allowance of {one.name} must be positive, found {value}")


@dataclass(slots=True)
class Spending:
    """What was spent so far, and what is left of the allowance."""

    allowance: Allowance
    endpoint: Endpoint
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cached: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        prices = self.endpoint.input_price, self.endpoint.output_price
        if self.allowance.dollars is not None and None in prices:
            raise UsageError(
                "a limit in dollars needs both prices of the model: give --input-price and "
                "--output-price, in dollars for a million tokens"
            )

    @property
    def dollars(self) -> float:
        """The money, as far as prices are known."""
        paid = self.input_tokens * (self.endpoint.input_price or 0.0)
        paid += self.output_tokens * (self.endpoint.output_price or 0.0)
        return paid / 1e6

    @property
    def exhausted(self) -> str:
        """What is used up, in words; empty while there is some of everything."""
        allowed = self.allowance
        if self.calls >= allowed.calls:
            return f"all {allowed.calls} calls of the model are used up"
        if self.input_tokens + self.output_tokens >= allowed.tokens:
            return f"all {allowed.tokens} tokens are used up"
        if self.seconds >= allowed.seconds:
            return f"the {allowed.seconds:g} seconds for the model are used up"
        if allowed.dollars is not None and self.dollars >= allowed.dollars:
            return f"the {allowed.dollars:g} dollars for the model are used up"
        return ""

    @property
    def seconds_left(self) -> float:
        """Seconds that remain, never below zero."""
        return max(0.0, self.allowance.seconds - self.seconds)

    def reply_limit(self, prompt_tokens: int, most: int) -> int:
        """How many tokens a reply may have, so that what is left is not overdrawn."""
        left = self.allowance.tokens - self.input_tokens - self.output_tokens - prompt_tokens
        price = self.endpoint.output_price
        if self.allowance.dollars is not None and price:
            paid = self.dollars + prompt_tokens * (self.endpoint.input_price or 0.0) / 1e6
            left = min(left, int((self.allowance.dollars - paid) / price * 1e6))
        return min(most, left)

    def as_dict(self) -> dict[str, object]:
        """The figures for a report."""
        priced = self.endpoint.input_price is not None and self.endpoint.output_price is not None
        return {
            "calls": self.calls,
            "cached": self.cached,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "dollars": round(self.dollars, 6) if priced else None,
            "faults": list(self.faults),
        }
