"""S-expressions: the parentheses, symbols and numbers that SMT-LIB text is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from lemmata.engine.errors import SourceError, Span


@dataclass(frozen=True, slots=True)
class Word:
    """A symbol, keyword, number or string; ``quoted`` tells that it stood between bars."""

    text: str
    span: Span
    quoted: bool = False

    @property
    def is_numeral(self) -> bool:
        """Whether the word is a number without sign."""
        return not self.quoted and self.text.isdigit()


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between a pair of parentheses."""

    items: tuple[Node, ...]
    span: Span


Node: TypeAlias = Word | Group

DEPTH = 1000
"""How deeply parentheses may be nested in a formula that is read further."""

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\f]+|;[^\n]*)"
    r"|(?P<open>\()"
    r"|(?P<close>\))"
    r"|\|(?P<quoted>[^|]*)\|"
    r'|(?P<string>"(?:[^"]|"")*")'
    r"|(?P<word>[^\s()|\";]+)"
)


class Reader:
    """Reads a text into its top-level nodes; what is broken is collected in ``errors``.

    >>> [node.items[0].text for node in Reader("(check-sat) ; done", "a.smt2").nodes()]
    ['check-sat']
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.errors: list[SourceError] = []

    def nodes(self) -> list[Node]:
        """The complete top-level nodes in order."""
        top: list[Node] = []
        open_groups: list[tuple[Span, list[Node]]] = []
        too_deep: Span | None = None
        line, line_start, place = 1, 0, 0
        while place < len(self.text):
            found = _TOKEN.match(self.text, place)
            column = place - line_start + 1
            if found is None:
                mark = Span(line, column, line, column + 1)
                what = "bar" if self.text[place] == "|" else "quotation mark"
                self.fail(f"a {what} that is never closed", mark)
                break
            lexeme = found.group()
            breaks = lexeme.count("\n")
            end_line = line + breaks
            end_start = line_start if not breaks else place + lexeme.rindex("\n") + 1
            span = Span(line, column, end_line, found.end() - end_start + 1)
            line, line_start, place = end_line, end_start, found.end()
            into = open_groups[-1][1] if open_groups else top
            match found.lastgroup:
                case "open":
                    open_groups.append((span, []))
                    if len(open_groups) > DEPTH and too_deep is None:
                        too_deep = span
                case "close" if not open_groups:
                    self.fail("a closing parenthesis that nothing opened", span)
                case "close":
                    start, items = open_groups.pop()
                    whole = Span(start.line, start.column, span.end_line, span.end_column)
                    group = Group(tuple(items), whole)
                    if len(open_groups) > DEPTH:
                        pass  # it is told once, and what is inside is not kept
                    elif open_groups:
                        open_groups[-1][1].append(group)
                    elif too_deep is None:
                        top.append(group)
                    else:
                        self.fail(f"parentheses nested deeper than {DEPTH}", too_deep)
                        too_deep = None
                case "quoted":
                    into.append(Word(lexeme[1:-1], span, quoted=True))
                case "string" | "word":
                    into.append(Word(lexeme, span))
                case _:
                    pass
        if open_groups:
            self.fail(
                "a parenthesis that is never closed",
                open_groups[0][0],
                expected=f"{len(open_groups)} more ')'",
                found="the end of the text",
            )
        return top

    def fail(self, message: str, span: Span, *, expected: str = "", found: str = "") -> None:
        """Notes an error and goes on."""
        self.errors.append(
            SourceError(
                message,
                path=self.path,
                text=self.text,
                span=span,
                expected=expected,
                found=found,
            )
        )
