"""Asking a model: every fault is survived or told once, and nothing that came is lost."""

from __future__ import annotations

import json
import logging
import pickle
import subprocess
import sys
import threading
import traceback
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lemmata.engine.errors import BackendError, LemmataError, UsageError
from lemmata.provers.proposers.client import LONGEST_BODY, Client
from lemmata.provers.proposers.endpoint import Allowance, Endpoint, Key
from lemmata.provers.proposers.reader import read_items
from lemmata.provers.proposers.transcript import Reply

from .server import Answer, Drips, Fails, Says, Scripted, Sends, items, scripted

KEY = "sk-very-secret-0123456789abcdef"
GOOD = items("lemmas", "0 + a = a", "a + b = b + a")
MESSAGES = [{"role": "user", "content": "lemmas, please"}]
SCHEMA: dict[str, object] = {"type": "object"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEMMATA_API_KEY", KEY)


def client(server: Scripted, waits: list[float] | None = None, **options: object) -> Client:
    """A client that notes its waits in place of waiting."""
    return Client(
        Endpoint(server.base_url, "scripted"),
        options.pop("allowance", None),  # type: ignore[arg-type]
        sleep=(waits if waits is not None else []).append,
        **options,  # type: ignore[arg-type]
    )


def ask(answers: list[Answer], waits: list[float] | None = None, **options: object) -> Reply:
    """The reply to one request, where the server gives these answers one after the other."""
    with scripted(lambda request, number: answers[min(number, len(answers) - 1)]) as server:  # noqa: SIM117
        with client(server, waits, **options) as asked:
            return asked.complete(MESSAGES, SCHEMA)


@pytest.mark.parametrize("answer", [Says(GOOD), Says(GOOD, plain=True), Says(GOOD, counts=False)])
def test_streams_and_documents_are_read(answer: Answer) -> None:
    reply = ask([answer])
    assert (reply.text, reply.fault, reply.calls, reply.is_whole) == (GOOD, "", 1, True)
    assert reply.input_tokens > 0
    assert reply.output_tokens > 0


RETRIED: dict[str, Answer] = {
    "429": Fails(429, {}, '{"error": {"message": "slow down"}}'),
    "500": Fails(500, {}, "oops"),
    "503": Fails(503, {}, ""),
    "truncated stream": Sends(b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n', "text/event-stream"),
    "truncated JSON": Sends(b'{"choices": [{"message": {"con'),
    "broken connection": Sends(b'{"choices": [', announced=5000),
    "empty": Sends(b""),
    "a page": Sends(b"<html>busy</html>", "text/html"),
    "a list": Sends(b"[1, 2, 3]"),
    "a number for choices": Sends(b'{"choices": 7}'),
    "a number for content": Sends(b'{"choices": [{"message": {"content": 7}}]}'),
    "null for message": Sends(b'{"choices": [{"message": null}]}'),
    "text for choice": Sends(b'{"choices": ["hello"]}'),
    "null content": Sends(b'{"choices": [{"message": {"content": null}}]}'),
    "not UTF-8": Sends(b"\xff\xfe\x00garbage"),
    "deep nesting": Sends(b"[" * 200_000),
    "malformed event": Sends(b'data: {"choices": [}\n\ndata: [DONE]\n\n', "text/event-stream"),
    "error in the stream": Sends(b'data: {"error": {"message": "overloaded"}}\n\n', "text/event-stream"),
}  # fmt: skip


@pytest.mark.parametrize("fault", RETRIED)
def test_a_fault_that_passes_is_survived(fault: str) -> None:
    waits: list[float] = []
    reply = ask([RETRIED[fault], RETRIED[fault], Says(GOOD)], waits)
    assert (reply.text, reply.fault, reply.is_whole) == (GOOD, "", True)
    assert reply.calls == 3
    assert len(waits) == 2
    assert waits[0] < waits[1]  # twice as long, whatever the jitter of the two was
    assert [attempt.wait for attempt in reply.attempts] == [round(wait, 3) for wait in waits]


@pytest.mark.parametrize("fault", RETRIED)
def test_a_fault_that_stays_is_told_once_and_in_words(fault: str) -> None:
    with scripted(lambda request, number: RETRIED[fault]) as server:  # noqa: SIM117
        with client(server) as asked:
            reply = asked.complete(MESSAGES, SCHEMA)
            again = asked.complete(MESSAGES, SCHEMA)
    assert not reply.is_whole
    assert reply.fault == again.fault != ""
    assert asked.spending.faults == [reply.fault]
    assert "\n" not in reply.fault
    assert "Error(" not in reply.fault
    assert len(server.requests) == 10


def test_retry_after_is_honoured_and_never_past_the_allowance() -> None:
    waits: list[float] = []
    slow = Fails(429, {"Retry-After": "7"})
    assert ask([slow, Says(GOOD)], waits).text == GOOD
    assert 7.0 <= waits[0] < 8.0
    hour = Fails(429, {"Retry-After": "3600"})
    waits.clear()
    reply = ask([hour, Says(GOOD)], waits, allowance=Allowance(seconds=60))
    assert "too many requests" in reply.fault
    assert waits == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "key is not accepted"), (403, "not allowed"), (404, "no model 'scripted'"), (307, "not followed")],
)  # fmt: skip
def test_what_waiting_cannot_mend_is_not_tried_again(status: int, words: str) -> None:
    answer = Fails(status, {"Location": "http://127.0.0.1:9/elsewhere"}, json.dumps({"error": {"message": f"bad {KEY}"}}))  # fmt: skip
    with scripted(lambda request, number: answer) as server:  # noqa: SIM117
        with client(server) as asked:
            reply = asked.complete(MESSAGES, SCHEMA)
    assert words in reply.fault
    assert len(server.requests) == 1


def test_a_server_without_structured_output_is_asked_without() -> None:
    def script(request: dict[str, object], number: int) -> Answer:
        refused = Fails(400, {}, '{"error": {"message": "response_format is not supported"}}')
        return refused if "response_format" in request else Says(f"Here:\n```json\n{GOOD}\n```")

    with scripted(script) as server:  # noqa: SIM117
        with client(server) as asked:
            first = asked.complete(MESSAGES, SCHEMA)
            asked.complete(MESSAGES, SCHEMA)
    assert len(read_items(first.text, "lemmas", "formula")) == 2
    assert len(server.requests) == 3  # it is remembered


def test_a_slow_drip_ends_and_what_came_is_kept() -> None:
    cut = GOOD[: GOOD.index("a + b")]
    reply = ask([Drips(cut)], longest_call=1.0)
    assert "longer than 1 seconds" in reply.fault
    assert "what was whole in it is used" in reply.fault
    assert [item["formula"] for item in read_items(reply.text, "lemmas", "formula")] == [
        "0 + a = a"
    ]
    silent = ask([Drips()], longest_call=0.3, allowance=Allowance(calls=2))
    assert silent.text == ""
    assert "longer than" in silent.fault


def test_ten_megabytes_are_bounded() -> None:
    text = json.dumps({"choices": [{"message": {"content": "x" * 10_000_000}}]}).encode()
    reply = ask([Sends(text)])
    assert f"longer than {LONGEST_BODY:,} bytes" in reply.fault
    part = json.dumps({"choices": [{"delta": {"content": GOOD}}]})
    stream = f"data: {part}\n\n" + f"data: {json.dumps({'choices': [{'delta': {'content': ' ' * 10_000}}]})}\n\n" * 1_000  # fmt: skip
    reply = ask([Sends(stream.encode(), "text/event-stream")])
    assert len(read_items(reply.text, "lemmas", "formula")) == 2
    assert len(reply.text) < LONGEST_BODY


def test_the_allowance_binds() -> None:
    with scripted(lambda request, number: Says(GOOD)) as server:
        with client(server, allowance=Allowance(calls=2)) as asked:
            faults = [asked.complete(MESSAGES, SCHEMA).fault for _ in range(3)]
        assert faults == ["", "", "all 2 calls of the model are used up"]
        with client(server, allowance=Allowance(tokens=200)) as asked:
            faults = [asked.complete(MESSAGES, SCHEMA).fault for _ in range(3)]
        assert faults[0] == ""
        assert "tokens" in faults[2]
        priced = Endpoint(server.base_url, "scripted", input_price=1e4, output_price=1e4)
        with Client(priced, Allowance(dollars=2.5), sleep=lambda wait: None) as asked:
            faults = [asked.complete(MESSAGES, SCHEMA).fault for _ in range(5)]
            assert asked.spending.dollars < 3.5
        assert faults[0] == ""
        assert faults[-1]
        with pytest.raises(UsageError, match="prices"):
            client(server, allowance=Allowance(dollars=1))
    assert max(request["max_tokens"] for request in server.requests) <= 4096


def test_calls_that_fail_count_against_the_allowance() -> None:
    reply = ask([RETRIED["500"]], allowance=Allowance(calls=3))
    assert reply.calls == 3


def test_a_cancelled_exchange_ends() -> None:
    begun = threading.Event()

    def script(request: dict[str, object], number: int) -> Answer:
        begun.set()
        return Drips()

    with scripted(script) as server, client(server) as asked:
        replies: list[Reply] = []
        thread = threading.Thread(target=lambda: replies.append(asked.complete(MESSAGES, SCHEMA)))
        thread.start()
        assert begun.wait(60)
        asked.cancel()
        thread.join(60)
        assert not thread.is_alive()
        assert "cancelled" in replies[0].fault
        assert "cancelled" in asked.complete(MESSAGES, SCHEMA).fault
    assert len(server.requests) == 1


def test_a_transcript_replays_byte_for_byte_without_a_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [RETRIED["429"], Says(GOOD), RETRIED["a page"], Says("a" * 50), Fails(401)]
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"

    def run(asked: Client) -> list[Reply]:
        with asked:
            return [
                asked.complete([{"role": "user", "content": f"{number} ∀"}], SCHEMA)
                for number in range(3)
            ]

    with scripted(lambda request, number: answers[min(number, 4)]) as server:
        live = run(client(server, transcript=first))
    monkeypatch.setattr("socket.socket", None)
    replayed = run(client(server, transcript=second, replay=first))
    assert replayed == live
    assert second.read_bytes() == first.read_bytes()
    assert [bool(reply.fault) for reply in live] == [False, False, True]
    with pytest.raises(BackendError, match="answers another request"):
        client(server, replay=first).complete(MESSAGES, SCHEMA)
    with pytest.raises(LemmataError, match="not a transcript"):
        client(server, replay=Path(__file__))


def test_the_cache_pays_once(tmp_path: Path) -> None:
    with scripted(lambda request, number: Says(GOOD)) as server:
        for _ in range(3):
            with client(server, cache=tmp_path / "cache") as asked:
                assert asked.complete(MESSAGES, SCHEMA).text == GOOD
        assert len(server.requests) == 1
        assert asked.spending.calls == 0
        (kept,) = (tmp_path / "cache").iterdir()
        kept.write_text("{", encoding="utf-8")
        with client(server, cache=tmp_path / "cache") as asked:
            assert asked.complete(MESSAGES, SCHEMA).text == GOOD
        assert len(server.requests) == 2


def test_the_key_is_nowhere_but_in_the_header(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"you sent Authorization: Bearer {KEY}; that is {KEY[:12]}… or …{KEY[-12:]}"
    answers: list[Answer] = [
        Fails(500, {"X-Key": KEY}, json.dumps({"error": {"message": echo}})),
        Sends(f'data: {{"error": {{"message": "{echo}"}}}}\n\n'.encode(), "text/event-stream"),
        Says(echo),
        Fails(401, {}, json.dumps({"error": {"message": echo}})),
    ]
    shown: list[str] = []
    with scripted(lambda request, number: answers[min(number, 3)]) as server:
        asked = client(server, transcript=tmp_path / "t.jsonl", cache=tmp_path / "cache")
        replies = [asked.complete(MESSAGES, SCHEMA) for _ in range(2)]
        wire = asked._wire
        shown += [
            repr(asked),
            repr(wire),
            repr(vars(wire)),
            repr(asked.spending),
            *map(repr, replies),
        ]
        try:
            pickle.dumps(asked.endpoint.key())
        except TypeError:
            shown.append(traceback.format_exc())
        asked.close()
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert not any(name.startswith("x-stainless-os") for name in server.headers[0])
    shown += [record.getMessage() + repr(record.args) for record in caplog.records]
    shown += [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    shown += list(capfd.readouterr())
    assert len(shown) > 8
    for text in shown:
        assert KEY not in text
        assert KEY[:12] not in text
    assert "[key]" in replies[0].text


@pytest.mark.parametrize(
    "base_url",
    ["127.0.0.1:80/v1", "ftp://h/v1", "http://", "http://user:pass@h/v1", "http://h/v1?key=1"],
)
def test_a_bad_address_is_one_error(base_url: str) -> None:
    with pytest.raises(UsageError, match="base URL"):
        Endpoint(base_url, "m")


def test_nobody_there_is_a_fault_in_words() -> None:
    endpoint = Endpoint("http://127.0.0.1:9/v1", "m")
    with Client(endpoint, sleep=lambda wait: None) as asked:
        assert "cannot be reached" in asked.complete(MESSAGES, SCHEMA).fault


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (GOOD, ["0 + a = a", "a + b = b + a"]),
        (f"Sure!\n```json\n{GOOD}\n```\nAnything else?", ["0 + a = a", "a + b = b + a"]),
        (GOOD[:-20], ["0 + a = a"]),
        ('["a = a", {"formula": "b = b"}, 7, null]', ["a = a", "b = b"]),
        ('{"formula": "a = a"}\n{"formula": "b = b"}', ["a = a", "b = b"]),
        ('{"lemmas": "none"}', []),
        ("[" * 100_000, []),
        ('{"a":' * 100_000, []),
        ("{" * 900_000, []),
        ("", []),
    ],
)
def test_structured_answers_are_read_with_tolerance(text: str, formulas: list[str]) -> None:
    assert [item.get("formula") for item in read_items(text, "lemmas", "formula")] == formulas


DISGUISES = {
    "plain": lambda key: key,
    "url": lambda key: quote(key, safe=""),
    "url, each character": lambda key: "".join(f"%{ord(c):02X}" for c in key),
    "url, twice": lambda key: quote("".join(f"%{ord(c):02x}" for c in key)),
    "json": lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
    "html": lambda key: "".join(f"&#{ord(c)};" for c in key),
    "html, hexadecimal": lambda key: "".join(f"&#x{ord(c):x};" for c in key),
    "python": lambda key: "".join(f"\\x{ord(c):02x}" for c in key),
    "hexadecimal": lambda key: key.encode().hex(),
    "hexadecimal, large": lambda key: key.encode().hex().upper(),
    "base64": lambda key: b64encode(key.encode()).decode(),
    "base64 of a header": lambda key: b64encode(f"Bearer {key}".encode()).decode(),
    "base64, shifted": lambda key: b64encode(f"x{key}".encode()).decode(),
    "base64 for addresses": lambda key: urlsafe_b64encode(f"xy{key}".encode()).decode(),
    "base64 in an address": lambda key: quote(b64encode(key.encode()).decode(), safe=""),
    "a part": lambda key: key[5:15],
}


@pytest.mark.parametrize("name", DISGUISES)
@pytest.mark.parametrize("secret", [KEY, "a\"/&<>+~?b\\c'=@!%25", "sk-ÿ>?>?>?>?/+/+/+"])
def test_a_key_in_disguise_is_blanked(name: str, secret: str) -> None:
    echo = DISGUISES[name](secret)
    text = f"before: {echo} :after"
    told = Key(secret).redacted(text)
    assert "[key]" in told
    assert told.startswith("before: ")
    assert told.endswith(" :after")
    # What is left of it says next to nothing.
    assert len(told) - len("before: [key] :after") <= 12, told


@given(st.text(alphabet="abc%&\\\\u;#xAZ0159+/=-_", max_size=200))
def test_what_is_no_key_is_left_as_it_is(text: str) -> None:
    assert Key("sk-very-secret-key").redacted(text) == text


def test_a_client_that_was_never_closed_does_not_keep_the_process() -> None:
    """As after an interrupt in the middle of closing it."""
    code = (
        "import sys\n"
        "from lemmata.provers.proposers.client import Client\n"
        "from lemmata.provers.proposers.endpoint import Endpoint\n"
        "reply = Client(Endpoint(sys.argv[1], 'm')).complete([{'role': 'user', 'content': ''}], {})\n"
        "print(reply.text)"
    )
    with scripted(lambda request, number: Says(GOOD)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, server.base_url],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == GOOD
