"""The options that say which model is asked, and what may be spent on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import wraps
from importlib.util import find_spec
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lemmata.engine.errors import UsageError

if TYPE_CHECKING:
    from lemmata.engine.theory import Statement, Theory
    from lemmata.provers.proposers.client import Client
    from lemmata.provers.proposers.endpoint import Allowance, Endpoint


class ProposerName(StrEnum):
    """Who proposes beside Lemmata's own search."""

    none = "none"
    llm = "llm"


class LemmaProposerName(StrEnum):
    """Who proposes lemmas for open goals: the enumeration of laws, a model, or both."""

    none = "none"
    enumeration = "enumeration"
    llm = "llm"
    hybrid = "hybrid"


class SolverName(StrEnum):
    """Who looks for programs: the enumeration, a model, or both behind one oracle."""

    none = "none"
    llm = "llm"
    hybrid = "hybrid"


KEY_ENV = "LEMMATA_API_KEY"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the options of a model's help say, in a command that ``takes_model``."""

    proposer: ProposerName | LemmaProposerName | SolverName = ProposerName.none
    model: str = ""
    base_url: str = ""
    key_env: str = KEY_ENV
    allow: str = ""
    price: str = ""
    rounds: int = 3
    ideas: int = 5
    hypotheses: int = 0
    transcript: Path | None = None
    replay: Path | None = None
    cache: Path | None = None

    @property
    def is_on(self) -> bool:
        """Whether anybody is to be asked at all."""
        return self.proposer != ProposerName.none

    @property
    def enumerates(self) -> bool:
        """Whether the enumeration of laws proposes."""
        return self.proposer in (LemmaProposerName.enumeration, LemmaProposerName.hybrid)

    @property
    def asks_model(self) -> bool:
        """Whether a model is to be asked."""
        return self.is_on and self.proposer != LemmaProposerName.enumeration

    def asking(self) -> Asking:
        """The model that is named; ``UsageError`` names the first option that is missing or wrong."""
        return asking(
            self.model,
            self.base_url,
            self.key_env,
            self.allow,
            self.price,
            self.transcript,
            self.replay,
            self.cache,
        )


def _option(name: str, told: str, *, least: int | None = None) -> Any:
    return typer.Option(name, help=told, min=least, rich_help_panel="A model's help")


_OPTIONS: dict[str, Any] = {
    "proposer": None,
    "model": Annotated[str, _option("--model", "The model's name on the server.")],
    "base_url": Annotated[
        str,
        _option("--base-url", "An OpenAI-compatible server, such as http://127.0.0.1:11434/v1."),
    ],
    "key_env": Annotated[str, _option("--key-env", "The environment variable with the key.")],
    "allow": Annotated[
        str,
        _option(
            "--allow",
            "Limits of calls, tokens, seconds and dollars, such as calls=20,dollars=0.5.",
        ),
    ],
    "price": Annotated[
        str, _option("--price", "Dollars for a million tokens in and out, such as 2.5,10.")
    ],
    "rounds": Annotated[int, _option("--rounds", "Rounds of proposing.", least=1)],
    "ideas": Annotated[int, _option("--ideas", "Ideas in a round.", least=1)],
    "hypotheses": Annotated[
        int,
        _option(
            "--hypotheses",
            "Ask for so many hypotheses in words first, then for programs of each.",
            least=0,
        ),
    ],
    "transcript": Annotated[Path | None, _option("--transcript", "Write every exchange there.")],
    "replay": Annotated[
        Path | None,
        _option("--replay", "Take the answers from a transcript; nothing is asked."),
    ],
    "cache": Annotated[Path | None, _option("--cache", "A folder of answers to use again.")],
}
_PROPOSERS: dict[type[StrEnum], str] = {
    ProposerName: "llm: a model proposes.",
    LemmaProposerName: (
        "enumeration: small laws that values allow are proposed, no model is asked; "
        "llm: a model proposes; hybrid: both."
    ),
    SolverName: "llm: a model proposes; hybrid: it shares the oracle with the enumeration.",
}


def takes_model(
    *without: str, proposers: type[StrEnum] = ProposerName
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the options of a model's help, which it gets together as ``choice``.

    Options named in ``without`` are left out; ``proposers`` are those that can be chosen.
    """
    options = {name: kind for name, kind in _OPTIONS.items() if name not in without}
    defaults = {one.name: one.default for one in fields(Choice)}
    if "proposer" in options:
        options["proposer"] = Annotated[proposers, _option("--proposer", _PROPOSERS[proposers])]
        defaults["proposer"] = proposers("none")

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = signature(command, eval_str=True)
        kept = [one for one in own.parameters.values() if one.name != "choice"]
        added = [
            Parameter(name, Parameter.KEYWORD_ONLY, default=defaults[name], annotation=kind)
            for name, kind in options.items()
        ]

        @wraps(command)
        def run(**given: Any) -> None:
            choice = Choice(**{name: given.pop(name) for name in options})
            command(**given, choice=choice)

        run.__signature__ = own.replace(parameters=[*kept, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in (*kept, *added)}
        return run

    return decorate


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
