"""A server on loopback that speaks the chat-completions API and answers from a script.

It streams where that is asked for, and misbehaves where the script says so.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Says:
    """An answer in words; ``counts`` whether tokens are counted, ``plain`` that it never streams."""

    text: str
    counts: bool = True
    plain: bool = False


@dataclass(frozen=True)
class Fails:
    """An HTTP status with headers and a body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Sends:
    """Any bytes at all with status 200; with ``announced`` more bytes are promised than come."""

    data: bytes
    kind: str = "application/json"
    announced: int | None = None


@dataclass(frozen=True)
class Drips:
    """A stream that begins with a text and then goes on without end, one comment at a time."""

    text: str = ""


Answer: TypeAlias = Says | Fails | Sends | Drips
Script: TypeAlias = Callable[[dict[str, Any], int], Answer]


@dataclass
class Scripted:
    """The server under way: where it is, and what it was asked."""

    base_url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def items(key: str, *texts: str, field: str = "formula") -> str:
    """A structured answer with one item a text."""
    return json.dumps({key: [{field: text, "reason": "it may help"} for text in texts]})


def task_of(request: dict[str, Any]) -> dict[str, Any]:
    """The data of a request, as the model is told it."""
    data: dict[str, Any] = json.loads(request["messages"][-1]["content"])
    return data


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    """Serves a script; it gets each request with its number, from 0."""
    ended = threading.Event()
    turn = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: standard error belongs to the tests."""

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(length))
            with turn:
                number = len(state.requests)
                state.requests.append(request)
                state.headers.append({k.lower(): v for k, v in self.headers.items()})
                answer = script(request, number)
            try:
                self.answer(answer, bool(request.get("stream")))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def answer(self, answer: Answer, streams: bool) -> None:
            match answer:
                case Says(text, counts, plain) if streams and not plain:
                    self.start("text/event-stream")
                    for part in (text[i : i + 40] for i in range(0, len(text), 40)):
                        self.event({"choices": [{"index": 0, "delta": {"content": part}}]})
                    self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                    if counts:
                        self.event({"choices": [], "usage": usage(text)})
                    self.wfile.write(b"data: [DONE]\n\n")
                    self.close_connection = True
                case Says(text, counts):
                    message = {"role": "assistant", "content": text}
                    whole: dict[str, Any] = {
                        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]
                    }
                    if counts:
                        whole["usage"] = usage(text)
                    self.whole(200, {}, json.dumps(whole).encode())
                case Fails(status, headers, body):
                    self.whole(status, headers, body.encode())
                case Sends(data, kind, announced):
                    self.whole(200, {"Content-Type": kind}, data, announced)
                case Drips(text):
                    self.start("text/event-stream")
                    if text:
                        self.event({"choices": [{"index": 0, "delta": {"content": text}}]})
                    while not ended.wait(0.02):
                        self.wfile.write(b": still here\n\n")
                        self.wfile.flush()
                    self.close_connection = True

        def start(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Connection", "close")
            self.end_headers()

        def event(self, data: object) -> None:
            self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
            self.wfile.flush()

        def whole(
            self, status: int, headers: Mapping[str, str], data: bytes, announced: int | None = None
        ) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Type" not in headers:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(announced or len(data)))
            self.end_headers()
            self.wfile.write(data)
            if announced is not None:
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, address: object) -> None:
            """Nothing: clients that hang up are part of the script."""

    server = Server(("127.0.0.1", 0), Handler)
    state = Scripted(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def usage(text: str) -> dict[str, int]:
    """The tokens that the server counts."""
    return {"prompt_tokens": 100, "completion_tokens": len(text) // 4 + 1, "total_tokens": 0}
