"""What lark could not read, said in words: where, what was expected, what stands there, a hint."""

from __future__ import annotations

import re

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from .diagnostics import Problems, Source, did_you_mean
from .segment import KEYWORDS

_WORDS = {
    "AND": "'&'",
    "FOR": "'>[…]'",
    "ARGUMENT": "a name",
    "ASSOCIATIVITY": "'left', 'right' or 'none'",
    "ATOM": "a name",
    "LABEL": "a name",
    "NAME": "a name",
    "NUMBER": "a number",
    "QUOTED": "a name",
    "STRING": "a file name in quotes",
    "SYMBOL": "a symbol",
    "$END": "the end of the statement",
}
_OPERAND = {"NAME", "LPAR", "NUMBER"}
_FORMULA = _OPERAND | {"NOT", "FORALL"}
_SHOWN = 40


def complain(
    source: Source, start: int, end: int, lark: Lark, error: UnexpectedInput, problems: Problems
) -> None:
    """Note the error that lark met between two offsets of a source."""
    expected, at, found = _situation(source, start, end, error)
    text = source.text
    if at < end and not found:
        found = re.match(r"\w+|.", text[at:end]).group()  # type: ignore[union-attr]
    message, hint = _diagnosis(text, start, at, end, expected, found)
    wanted = _expectation(lark, expected)
    if at == start and "THEORY" in expected:
        wanted = ", ".join(KEYWORDS) + " or (Name[…]) := …"
    problems.add(
        source,
        at,
        max(at + 1, min(at + len(found), end)),
        message,
        expected=wanted,
        found=f"'{_cut(found)}'" if at < end else "the end of the statement",
        hint=hint,
    )


def _situation(
    source: Source, start: int, end: int, error: UnexpectedInput
) -> tuple[set[str], int, str]:
    """What could have stood there, where, and what stands there instead."""
    match error:
        case UnexpectedToken():
            token: Token = error.token
            expected = set(error.accepts or error.expected)
            if token.type == "$END":
                return expected, end, ""
            return expected, start + (token.start_pos or 0), str(token)
        case UnexpectedCharacters():
            return set(error.allowed or ()), start + (error.pos_in_stream or 0), ""
        case _:
            return set(), end, ""


def _diagnosis(
    text: str, start: int, at: int, end: int, expected: set[str], found: str
) -> tuple[str, str]:
    """The message and the hint for a situation."""
    if at == start:
        hint = did_you_mean(found, KEYWORDS) or "a statement begins with one of these words"
        return f"this is no statement: '{_cut(found)}'", hint
    opened = _unclosed(text, start, at)
    if at >= end and opened is not None:
        line = text.count("\n", 0, opened) + 1
        column = opened - text.rfind("\n", 0, opened)
        return (
            "a parenthesis is not closed",
            f"'{text[opened]}' at line {line}, column {column} is still open",
        )
    if found in ")]" and opened is None and at < end:
        return f"'{found}' closes nothing", "remove it, or open it before"
    if expected == {"RPAR"} and found in ("(", "!", "!("):
        return "an operand too many", "'&' and '>[…]' take exactly two operands in parentheses"
    if expected <= {"LPAR", "BANG"} and found == ")":
        return "an operand is missing", "'&' and '>[…]' take exactly two operands in parentheses"
    if expected == {"$END"}:
        return "text after the end of the expression", ""
    if found == "[":
        return "unexpected '['", "a core atom has parentheses of its own: (in[x,N])"
    first = text[start:end].split(None, 1)[0]
    if first in ("axiom", "conjecture") and "COLON" in expected:
        return "a colon is missing", f"{first}s have a name: {first} NAME: FORMULA"
    return f"unexpected '{_cut(found)}'" if found else "the statement ends too early", ""


def _expectation(lark: Lark, expected: set[str]) -> str:
    """The expected terminals in words, the most telling first."""
    words: dict[str, None] = {}
    ignored = {"SYMBOL", "QUOTED", "BANG", "EQUALS", "DIFFERS"}
    if expected >= _FORMULA:
        words["a formula"] = None
        expected = expected - _FORMULA - ignored - {"EXISTS", "TRUE", "FALSE", "AND", "FOR", "ATOM"}
    elif expected >= _OPERAND and expected <= _OPERAND | ignored:
        words["a term"] = None
        expected = set()
    elif expected >= _OPERAND:
        words["an operator"] = None
        expected = expected - _OPERAND - ignored
    for terminal in sorted(expected):
        shown = _WORDS.get(terminal) or f"'{lark.get_terminal(terminal).pattern.value}'"
        words[shown] = None
    last = "the end of the statement"
    if last in words:
        del words[last]
        words[last] = None
    *most, final = list(words) or ["something else"]
    return f"{', '.join(most)} or {final}" if most else final


def _unclosed(text: str, start: int, end: int) -> int | None:
    """The offset of the innermost parenthesis that is still open, if any is."""
    opened: list[int] = []
    for match in re.finditer(r"#[^\n]*|`[^`\n]*`|[()\[\]]", text[start:end]):
        if match.group() in "([":
            opened.append(start + match.start())
        elif match.group() in ")]" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _cut(found: str) -> str:
    return found if len(found) <= _SHOWN else found[:_SHOWN] + "…"
