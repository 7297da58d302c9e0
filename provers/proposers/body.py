"""What a chat-completions server sent, read without trusting its form.

Streams of events and single JSON documents are both understood, whatever was asked for. A text
that breaks off is kept and marked; everything else that is wrong is a fault in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

TOKENS = 10**9
"""A count of tokens above this is not believed."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a reply, its end as the server names it, and the tokens it counted.

    ``is_whole`` is false where the reply broke off; ``fault`` says what is wrong, if anything is.
    """

    text: str = ""
    finish: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    is_whole: bool = False
    fault: str = ""


def read_body(data: bytes) -> Body:
    """The reply in the bytes that a server sent.

    >>> read_body(b'{"choices": [{"message": {"content": "4"}, "finish_reason": "stop"}]}').text
    '4'
    >>> read_body(b'data: {"choices": [{"delta": {"content": "4"}}]}\\n').is_whole
    False
    >>> read_body(b"<html>").fault
    'the reply is neither JSON nor a stream of events'
    """
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    if text.startswith(("data:", "event:", "id:", "retry:", ":")):
        return _stream(text)
    if not text:
        return Body(fault="the reply is empty")
    if not text.startswith(("{", "[")):
        return Body(fault="the reply is neither JSON nor a stream of events")
    document = _json(text)
    if document is None:
        return Body(fault="the reply is not well-formed JSON")
    return _document(document, "message")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _stream(text: str) -> Body:
    parts: list[str] = []
    finish, done, fault = "", False, ""
    counted: tuple[int | None, int | None] = None, None
    for line in text.splitlines():
        if not line.startswith("data:"):
            continue
        payload = line[5:].strip()
        if payload == "[DONE]":
            done = True
            break
        chunk = _json(payload)
        if chunk is None:
            fault = fault or "a part of the streamed reply is not well-formed JSON"
            continue
        read = _document(chunk, "delta")
        parts.append(read.text)
        finish = read.finish or finish
        if read.output_tokens is not None:
            counted = read.input_tokens, read.output_tokens
        if read.fault and not _is_empty(chunk):
            fault = fault or read.fault
    whole = "".join(parts)
    if not fault and not whole.strip():
        fault = "the reply has no text"
    elif not fault and not (done or finish):
        fault = "the reply breaks off"
    return Body(whole, finish, *counted, is_whole=not fault, fault=fault)


def _is_empty(chunk: object) -> bool:
    """Whether a part of a stream carries no text by right, like the one that counts tokens."""
    match chunk:
        case {"error": _}:
            return False
        case {"choices": []}:
            return True
        case {"choices": [{"delta": dict(delta)}, *_]}:
            return delta.get("content") in (None, "")
        case _:
            return False


def _document(document: object, part: str) -> Body:
    match document:
        case {"error": {"message": str(message)}} | {"error": str(message)}:
            return Body(fault=f"the server says: {short(message)}")
        case {"choices": [{**choice}, *_]}:
            counted = _usage(document)
            said = choice.get(part)
            if not isinstance(said, dict):
                said = {"content": choice.get("text")}
            finish = choice.get("finish_reason")
            named = finish if isinstance(finish, str) else ""
            text = _text(said.get("content"))
            if text is None or (not text.strip() and part == "message"):
                refusal = said.get("refusal")
                told = f"the model refuses: {short(refusal)}" if isinstance(refusal, str) else ""
                return Body("", named, *counted, fault=told or "the reply has no text")
            return Body(text, named, *counted, is_whole=True)
        case {"choices": []} if part == "delta":
            return Body("", "", *_usage(document))
        case _:
            return Body(fault="the reply has no choices where they belong")


def _text(content: object) -> str | None:
    match content:
        case str():
            return content
        case list():
            parts = [p["text"] for p in content if isinstance(p, dict) and _is_text(p)]
            return "".join(parts) if parts else None
        case _:
            return None


def _is_text(part: dict[str, object]) -> bool:
    return isinstance(part.get("text"), str)


def _usage(document: object) -> tuple[int | None, int | None]:
    match document:
        case {"usage": {"prompt_tokens": int(asked), "completion_tokens": int(answered)}}:
            if 0 <= asked < TOKENS and 0 <= answered < TOKENS:
                return asked, answered
    return None, None


def short(text: str, most: int = 300) -> str:
    """A text from outside for a message to people: one line, no control characters, not long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
