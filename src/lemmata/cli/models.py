"""The options that say which model is asked, and what may be spent on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from lemmata.engine.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lemmata.engine.theory import Statement, Theory
    from lemmata.provers.proposers.client import Client
    from lemmata.provers.proposers.endpoint import Allowance, Endpoint


class ProposerName(StrEnum):
    """Who proposes beside Lemmata's own search."""

    none = "none"
    llm = "llm"


class SolverName(StrEnum):
    """Who looks for programs: the enumeration, a model, or both behind one oracle."""

    none = "none"
    llm = "llm"
    hybrid = "hybrid"


_PANEL = "A model's help"

ProposerOption: TypeAlias = Annotated[
    ProposerName, typer.Option("--proposer", help="llm: a model proposes.", rich_help_panel=_PANEL)
]
SolverOption: TypeAlias = Annotated[
    SolverName,
    typer.Option(
        "--proposer",
        help="llm: a model proposes; hybrid: it shares the oracle with the enumeration.",
        rich_help_panel=_PANEL,
    ),
]
ModelOption: TypeAlias = Annotated[
    str, typer.Option("--model", help="The model's name on the server.", rich_help_panel=_PANEL)
]
BaseUrlOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--base-url",
        help="An OpenAI-compatible server, such as http://127.0.0.1:11434/v1.",
        rich_help_panel=_PANEL,
    ),
]
KeyOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--key-env", help="The environment variable with the key.", rich_help_panel=_PANEL
    ),
]
AllowOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--allow",
        help="Limits of calls, tokens, seconds and dollars, such as calls=20,dollars=0.5.",
        rich_help_panel=_PANEL,
    ),
]
PriceOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--price",
        help="Dollars for a million tokens in and out, such as 2.5,10.",
        rich_help_panel=_PANEL,
    ),
]
RoundsOption: TypeAlias = Annotated[
    int,
    typer.Option("--rounds", min=1, help="Rounds of proposing.", rich_help_panel=_PANEL),
]
IdeasOption: TypeAlias = Annotated[
    int, typer.Option("--ideas", min=1, help="Ideas in a round.", rich_help_panel=_PANEL)
]
HypothesesOption: TypeAlias = Annotated[
    int,
    typer.Option(
        "--hypotheses",
        min=0,
        help="Ask for so many hypotheses in words first, then for programs of each.",
        rich_help_panel=_PANEL,
    ),
]
TranscriptOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--transcript", help="Write every exchange there.", rich_help_panel=_PANEL),
]
ReplayOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--replay",
        help="Take the answers from a transcript; nothing is asked.",
        rich_help_panel=_PANEL,
    ),
]
CacheOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--cache", help="A folder of answers to use again.", rich_help_panel=_PANEL),
]
KEY_ENV = "LEMMATA_API_KEY"


@dataclass(frozen=True, slots=True)
class Asking:
    """A model, what may be spent on it, and where exchanges are kept."""

    endpoint: Endpoint
    allowance: Allowance
    transcript: Path | None = None
    replay: Path | None = None
    cache: Path | None = None

    @property
    def name(self) -> str:
        """Who proposes, for the record."""
        return f"model {self.endpoint.model}"

    def client(self) -> Client:
        """A client, to be closed by whoever asks for it."""
        from lemmata.provers.proposers.client import Client

        return Client(
            self.endpoint,
            self.allowance,
            transcript=self.transcript,
            replay=self.replay,
            cache=self.cache,
        )


def asking(
    model: str,
    base_url: str,
    key_env: str = KEY_ENV,
    allow: str = "",
    price: str = "",
    transcript: Path | None = None,
    replay: Path | None = None,
    cache: Path | None = None,
) -> Asking:
    """What the options say; ``UsageError`` names the first that is missing or wrong."""
    from lemmata.provers.proposers.endpoint import Allowance, Endpoint

    for name, value in (("--model", model), ("--base-url", base_url)):
        if not value:
            raise UsageError(f"a model's help needs {name}; nothing is asked that was not named")
    if replay is None and find_spec("openai") is None:
        raise UsageError(
            "models need the package openai; install it with: pip install 'lemmata[llm]'"
        )
    prices = _numbers("--price", price, 2)
    endpoint = Endpoint(
        base_url,
        model,
        key_env,
        input_price=prices[0] if prices else None,
        output_price=prices[1] if prices else None,
    )
    if transcript is not None and replay is not None and transcript.resolve() == replay.resolve():
        raise UsageError("--transcript would overwrite the transcript that --replay reads")
    return Asking(endpoint, Allowance(**_limits(allow)), transcript, replay, cache)


def _numbers(option: str, text: str, count: int) -> list[float]:
    if not text:
        return []
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != count or not all(0 <= number < float("inf") for number in found):
        raise UsageError(
            f"{option} takes {count} numbers with a comma between them, found '{text}'"
        )
    return found


def _limits(text: str) -> dict[str, Any]:
    kinds: dict[str, type[int] | type[float]] = {"calls": int, "tokens": int, "seconds": float, "dollars": float}  # fmt: skip
    found: dict[str, Any] = {}
    for part in filter(None, text.split(",")):
        name, _, value = part.partition("=")
        try:
            found[name.strip()] = kinds[name.strip()](value)
        except (KeyError, ValueError):
            raise UsageError(
                f"--allow takes calls, tokens, seconds and dollars, such as calls=20,seconds=60; "
                f"found '{part}'"
            ) from None
    return found


def law_reader(theory: Theory) -> Callable[[str, str], Statement]:
    """Reads a law that was proposed for a theory: one MPL formula, under a name of ours."""
    import re

    from lemmata.dsl.load import parse_formula
    from lemmata.engine.errors import SourceError
    from lemmata.engine.lowering import lower
    from lemmata.engine.theory import Statement

    head = re.compile(r"\s*(?:lemma|conjecture|theorem|axiom)\s+[^\s:]+\s*:(?!:)")

    def read(text: str, name: str) -> Statement:
        formula = parse_formula(theory, head.sub("", text, count=1).strip())
        lowered = lower(formula, name)
        if lowered.definitions:
            raise SourceError("this formula has no clause form without auxiliary predicates")
        return Statement(name, formula, lowered.clauses, "lemma")

    return read
