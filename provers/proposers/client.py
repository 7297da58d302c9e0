"""Asking a model: one request, as many tries as it takes, within an allowance.

The server is not trusted: its replies are bounded in size and time, redirections are not followed,
and what it says reaches people only shortened and without the key.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from ...engine.errors import UsageError
from .body import Body, read_body, short
from .endpoint import Allowance, Endpoint, Key, Spending
from .transcript import Attempt, Cache, Replay, Reply, Request, Transcript, digest

TRIES = 5
LONGEST_CALL = 120.0
"""Seconds after which one try is given up."""

LONGEST_BODY = 8_000_000
"""Bytes that are read of a reply; what is there by then is kept as a text that breaks off."""

LONGEST_REPLY = 4_096
"""Tokens that a reply may have, unless less is left."""

_ENDING = 5.0
"""Seconds that the end of a connection is waited for."""

_RETRIED = (408, 409, 425, 429)
_TELLING = ("arch", "async", "lang", "os", "package-version", "runtime", "runtime-version")
"""What the client library would tell the server about this machine, and does not."""


_LOGGERS = (
    *("openai", "openai._base_client", "openai._response", "httpx2"),
    *(f"httpcore2.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
)
"""Who logs exchanges below us, at levels that are off by default."""


@dataclass(frozen=True, slots=True)
class _Try:
    """How one try ended; ``wait`` is what the server asks to be waited, None if it says nothing."""

    body: Body
    is_final: bool
    wait: float | None = None
    is_unsupported: bool = False


class Client:
    """Asks one model. ``sleep`` and ``now`` can be replaced where time is not to pass.

    With ``replay`` nothing is asked: every answer comes from that transcript.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        allowance: Allowance | None = None,
        *,
        transcript: Path | None = None,
        replay: Path | None = None,
        cache: Path | None = None,
        longest_call: float = LONGEST_CALL,
        sleep: Callable[[float], None] | None = None,
        now: Callable[[], float] = time.monotonic,
        seed: int = 0,
    ) -> None:
        self.endpoint = endpoint
        self.spending = Spending(allowance or Allowance(), endpoint)
        self._replay = Replay(replay) if replay is not None else None
        head = {"base_url": endpoint.base_url, "model": endpoint.model}
        self._transcript = Transcript(transcript, head) if transcript is not None else None
        self._cache = Cache(cache) if cache is not None and replay is None else None
        self._longest_call = longest_call
        self._cancelled = threading.Event()
        self._sleep = sleep or self._wait
        self._now = now
        self._random = Random(seed)
        self._is_plain = False
        self._wire: _Wire | None = None

    def complete(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> Reply:
        """The model's answer to messages, in the form of a JSON schema if the server can do that.

        Never raises for what a server does: the reply has a fault then. When the allowance is used
        up, or after ``cancel``, the fault says so and nobody is asked.
        """
        request = self._request(messages, schema)
        fault = "the exchange was cancelled" if self._cancelled.is_set() else self._used_up(request)
        if fault:
            return self._noted(Reply("", False, fault, 0, 0, 0.0, 0))
        if self._replay is not None:
            reply, is_cached = self._replay.answer(request)
        else:
            name = digest(self.endpoint.base_url, request)
            kept = self._cache.get(name) if self._cache is not None else None
            is_cached = kept is not None
            reply = self._asked(request) if kept is None else replace(kept, seconds=0.0, calls=0)
            if self._cache is not None and not is_cached and reply.is_whole:
                self._cache.put(name, reply)
        if self._transcript is not None:
            self._transcript.add(request, reply, is_cached=is_cached)
        self._count(reply, is_cached)
        return self._noted(reply)

    def cancel(self) -> None:
        """Ends the exchange under way, and all later ones; may be called from any thread."""
        self._cancelled.set()
        if self._wire is not None:
            self._wire.cancel()

    def close(self) -> None:
        """Ends the connection and the transcript."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        if self._transcript is not None:
            self._transcript.close()
            self._transcript = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.endpoint.model} at {self.endpoint.base_url})"

    # Accounts

    def _request(self, messages: list[dict[str, str]], schema: Mapping[str, Any]) -> Request:
        prompt = sum(estimate(message["content"]) for message in messages)
        return {
            "model": self.endpoint.model,
            "messages": messages,
            "temperature": self.endpoint.temperature,
            "max_tokens": self.spending.reply_limit(prompt, LONGEST_REPLY),
            "schema": schema,
        }

    def _used_up(self, request: Request) -> str:
        exhausted = self.spending.exhausted
        if not exhausted and request["max_tokens"] < 16:
            exhausted = "what is left of the allowance is too little for another reply"
        return exhausted

    def _count(self, reply: Reply, is_cached: bool) -> None:
        if is_cached:
            self.spending.cached += 1
            return
        self.spending.calls += reply.calls
        self.spending.input_tokens += reply.input_tokens
        self.spending.output_tokens += reply.output_tokens
        self.spending.seconds += reply.seconds

    def _noted(self, reply: Reply) -> Reply:
        if reply.fault and reply.fault not in self.spending.faults:
            self.spending.faults.append(reply.fault)
        return reply

    # Tries

    def _asked(self, request: Request) -> Reply:
        started = self._now()
        attempts: list[Attempt] = []
        best, spent = Body(), [0, 0]
        prompt = sum(estimate(message["content"]) for message in request["messages"])
        calls = 0
        while True:
            left = self.spending.seconds_left - (self._now() - started)
            tried = self._try(request, max(0.001, min(self._longest_call, left)))
            calls += 1
            body = tried.body
            spent[0] += prompt if body.input_tokens is None else body.input_tokens
            spent[1] += estimate(body.text) if body.output_tokens is None else body.output_tokens
            if len(body.text) > len(best.text) or body.is_whole:
                best = body
            if tried.is_unsupported:
                attempts.append(Attempt(body.fault, 0.0))
                self._is_plain = True
                continue
            if body.is_whole or tried.is_final or self._cancelled.is_set():
                break
            wait = self._pause(len(attempts), tried.wait)
            left = self.spending.seconds_left - (self._now() - started)
            out_of_calls = self.spending.calls + calls >= self.spending.allowance.calls
            if len(attempts) + 1 >= TRIES or wait >= left or out_of_calls:
                break
            attempts.append(Attempt(body.fault, round(wait, 3)))
            self._sleep(wait)
        fault = "" if best.is_whole else body.fault or best.fault
        if best.text and not best.is_whole:
            fault = f"{best.fault}; what was whole in it is used"
        elif fault and calls > 1:
            fault = f"{fault} ({calls} tries)"
        seconds = round(self._now() - started, 3)
        return Reply(
            best.text, best.is_whole, fault, spent[0], spent[1], seconds, calls, tuple(attempts)
        )

    def _pause(self, failed: int, asked: float | None) -> float:
        """How long to wait: what the server asks, or twice as long each time, with jitter."""
        jitter = 0.5 + self._random.random()
        if asked is not None:
            return asked + 0.1 * jitter
        return 0.5 * 2.0**failed * jitter

    def _wait(self, seconds: float) -> None:
        self._cancelled.wait(seconds)

    def _try(self, request: Request, seconds: float) -> _Try:
        if self._wire is None:
            self._wire = _Wire(self.endpoint)
        return self._wire.ask(request, seconds, is_plain=self._is_plain)


class _Blanking(logging.Filter):
    """Blanks the key in what the libraries below log, such as headers that echo it."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._key = key

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record, without the key."""
        record.msg, record.args = self._key.redacted(record.getMessage()), ()
        return True


class _Wire:
    """The connection: the openai client on an event loop in a thread of its own, so that a try can
    be ended from outside at any moment. The thread does not keep the process from ending."""

    def __init__(self, endpoint: Endpoint) -> None:
        if find_spec("openai") is None:
            raise UsageError(
                "models need the package openai; install it with: pip install 'lemmata[llm]'"
            )
        import openai

        headers: dict[str, Any] = {f"X-Stainless-{name}": openai.Omit() for name in _TELLING}
        headers["Accept-Encoding"] = "identity"
        self._key = endpoint.key()
        self._model = endpoint.model
        self._openai = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=self._key.reveal(),
            max_retries=0,
            timeout=None,
            default_headers=headers,
            http_client=openai.DefaultAsyncHttpx2Client(follow_redirects=False),
        )
        self._blanking = _Blanking(self._key)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self._blanking)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._future: Future[_Try] | None = None

    def ask(self, request: Request, seconds: float, *, is_plain: bool) -> _Try:
        """One try of at most so many seconds."""
        asked = self._ask(request, seconds, is_plain)
        self._future = asyncio.run_coroutine_threadsafe(asked, self._loop)
        try:
            return self._future.result()
        except (CancelledError, TimeoutError):
            return _Try(Body(fault="the exchange was cancelled"), is_final=True)
        except BaseException:
            # An interrupt of this thread: the other one must not go on talking.
            self._future.cancel()
            raise

    def cancel(self) -> None:
        if self._future is not None:
            self._future.cancel()

    def close(self) -> None:
        self.cancel()
        try:
            closing = asyncio.run_coroutine_threadsafe(self._openai.close(), self._loop)
            with contextlib.suppress(Exception):  # a connection that does not end is left
                closing.result(_ENDING)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_ENDING)
        if not self._thread.is_alive():
            self._loop.close()
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self._blanking)

    async def _ask(self, request: Request, seconds: float, is_plain: bool) -> _Try:
        import anyio
        import openai

        failed: _Try | None = None
        data = bytearray()
        is_over_long = False
        with anyio.move_on_after(seconds) as scope:
            try:
                create: Any = self._openai.chat.completions.with_streaming_response.create
                async with create(**self._arguments(request, is_plain)) as response:
                    async for chunk in response.iter_bytes():
                        data += chunk
                        if len(data) > LONGEST_BODY:
                            is_over_long = True
                            del data[LONGEST_BODY:]
                            break
            except openai.APIStatusError as error:
                failed = self._refused(error, is_plain)
            except openai.APIConnectionError as error:
                cause = type(error.__cause__ or error).__name__
                failed = _Try(Body(fault=f"the server cannot be reached ({cause})"), False)
            except Exception as error:  # whatever a library makes of what a server sends
                # Part of a reply may have come before the connection broke.
                failed = None if data else _Try(Body(fault=self._told(error)), False)
        if failed is not None:
            return failed
        body = self._clean(read_body(bytes(data)))
        if is_over_long:
            told = f"the reply is longer than {LONGEST_BODY:,} bytes"
            return _Try(replace(body, is_whole=False, fault=told), is_final=True)
        if scope.cancelled_caught:
            told = f"the reply took longer than {seconds:g} seconds"
            return _Try(replace(body, is_whole=False, fault=told), is_final=bool(body.text))
        return _Try(body, is_final=False)

    def _arguments(self, request: Request, is_plain: bool) -> dict[str, Any]:
        arguments = {name: request[name] for name in ("model", "messages", "temperature")}
        arguments |= {"max_tokens": request["max_tokens"], "stream": True}
        if not is_plain:
            form = {"name": "answer", "schema": request["schema"], "strict": True}
            arguments["response_format"] = {"type": "json_schema", "json_schema": form}
            arguments["stream_options"] = {"include_usage": True}
        return arguments

    def _refused(self, error: Any, is_plain: bool) -> _Try:
        status = int(error.status_code)
        message = error.body.get("message") if isinstance(error.body, dict) else None
        said = f": {short(message)}" if isinstance(message, str) and message else ""
        meanings = {401: "the key is not accepted", 403: "this is not allowed with the key"}
        meanings |= {404: f"no model '{self._model}' or no chat completions there"}
        meanings |= {429: "too many requests"}
        told = meanings.get(status, "the server failed" if status >= 500 else "the server refuses")
        if 300 <= status < 400:
            told, said = "the server points to another address, which is not followed", ""
        body = self._clean(Body(fault=f"{told} (HTTP {status}{said})"))
        # Servers without structured output refuse the request for it: it is made without.
        if status in (400, 422, 501) and not is_plain:
            return _Try(body, is_final=False, is_unsupported=True)
        is_final = status < 500 and status not in _RETRIED
        return _Try(body, is_final, retry_after(error.response.headers.get("retry-after")))

    def _clean(self, body: Body) -> Body:
        return replace(
            body, text=self._key.redacted(body.text), fault=self._key.redacted(body.fault)
        )

    def _told(self, error: Exception) -> str:
        return self._key.redacted(f"the connection failed ({type(error).__name__})")


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given in seconds or as a date.

    >>> retry_after("2"), retry_after("soon"), retry_after("-1"), retry_after("nan")
    (2.0, None, 0.0, None)
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            date = parsedate_to_datetime(header)
        except ValueError:
            return None
        seconds = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - (now or datetime.now(UTC))).total_seconds()  # fmt: skip
    return max(0.0, seconds) if math.isfinite(seconds) else None


def estimate(text: str) -> int:
    """About how many tokens a text has, for servers that do not count them."""
    return len(text.encode("utf-8")) // 3 + 1
