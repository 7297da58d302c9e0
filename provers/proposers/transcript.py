"""Every exchange with a model, written down so that a run can be played again without it.

A transcript is a file of JSON lines: a head, then one line an exchange with the request, what went
wrong on the way, and the reply. It holds no key and no times of day. A run that is played from it
asks nobody, and writes the same bytes again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from ...engine.errors import BackendError, SourceError, UsageError

FORMAT = "lemmata-transcript/1"

Request: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that failed: what went wrong, and the seconds that were waited before the next."""

    fault: str
    wait: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered. ``is_whole`` is false where the text breaks off; ``fault`` tells why
    there is none, in words. ``seconds`` is what the exchange took, waits included."""

    text: str
    is_whole: bool
    fault: str
    input_tokens: int
    output_tokens: int
    seconds: float
    calls: int
    attempts: tuple[Attempt, ...] = ()


def encoded(data: object) -> str:
    """The one way to write data as JSON here: the same data gives the same bytes."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(base_url: str, request: Request) -> str:
    """A name for a request to a server."""
    return sha256(encoded([base_url, request]).encode()).hexdigest()


class Transcript:
    """Writes exchanges to a file as they happen."""

    def __init__(self, path: Path, head: Mapping[str, Any]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"cannot write the transcript {path}: {error.strerror}") from None
        self._write({"format": FORMAT, **head})

    def add(self, request: Request, reply: Reply, *, is_cached: bool) -> None:
        """Writes one exchange."""
        self._write({"request": request, "reply": asdict(reply), "cached": is_cached})

    def close(self) -> None:
        """Ends the file."""
        self._file.close()

    def _write(self, data: object) -> None:
        self._file.write(encoded(data) + "\n")
        self._file.flush()


class Replay:
    """Answers from a transcript, exchange by exchange, in the same order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as error:
            raise UsageError(f"cannot read the transcript {path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SourceError("a transcript is UTF-8 text", path=str(path)) from None
        try:
            head, *exchanges = (json.loads(line) for line in lines)
            if head["format"] != FORMAT:
                raise ValueError(head["format"])
            self._exchanges = [
                (e["request"], _reply(e["reply"]), bool(e["cached"])) for e in exchanges
            ]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise SourceError(
                "this is not a transcript", path=str(path), expected=f"JSON lines, {FORMAT}"
            ) from None
        self._at = 0

    def answer(self, request: Request) -> tuple[Reply, bool]:
        """The reply to the next request, and whether it came from the cache; ``BackendError`` if
        another request stands there."""
        if self._at >= len(self._exchanges):
            raise BackendError(
                f"the transcript {self.path} ends after {self._at} exchanges, and this run asks more"
            )
        asked, reply, is_cached = self._exchanges[self._at]
        self._at += 1
        if encoded(asked) != encoded(request):
            raise BackendError(
                f"exchange {self._at} of the transcript {self.path} answers another request: replay "
                "with the same file, options and version"
            )
        return reply, is_cached


class Cache:
    """Replies kept in a folder, so that the same request is paid for once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot write the cache {folder}: {error.strerror}") from None

    def get(self, name: str) -> Reply | None:
        """The reply kept under a name; what is damaged counts as missing."""
        try:
            return _reply(json.loads((self.folder / f"{name}.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, name: str, reply: Reply) -> None:
        """Keeps a whole reply."""
        place = self.folder / f"{name}.json"
        partial = place.with_suffix(".partial")
        partial.write_text(encoded(asdict(reply)), encoding="utf-8")
        partial.replace(place)


def _reply(data: dict[str, Any]) -> Reply:
    attempts = tuple(Attempt(str(a["fault"]), float(a["wait"])) for a in data["attempts"])
    return Reply(
        str(data["text"]),
        bool(data["is_whole"]),
        str(data["fault"]),
        int(data["input_tokens"]),
        int(data["output_tokens"]),
        float(data["seconds"]),
        int(data["calls"]),
        attempts,
    )
