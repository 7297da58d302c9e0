"""lark's own parsing tables, run by a loop of ours.

The grammar, the automaton and the contextual lexer are lark's. What lark does for each token beside
that (line counts, token objects with ten fields, look-ups by rule) costs most of the time of a large
file, and nobody needs it while the text is right. Where it is not, ``run`` gives up and lark itself
says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lark import Lark
from lark.parsers.lalr_analysis import Shift

Reduce: TypeAlias = "tuple[int, Callable[[list[Any]], Any] | None, str]"
"""How many values are taken from the stack, what makes one of them (None: the one value stays as it
is), and the symbol that it is."""

MOST_WORDS = 50_000
"""How many words are remembered at once, so that their terminals need not be found again."""


@dataclass(slots=True)
class Lexeme:
    """A piece of text that the grammar tells apart, from ``start_pos`` to ``end_pos``."""

    type: str
    value: str
    start_pos: int
    end_pos: int


@dataclass(slots=True)
class _Lexer:
    """What can follow in some states: expressions to try in order, and words that are keywords."""

    expressions: list[re.Pattern[str]]
    keywords: dict[str, Callable[[str], str | None]]
    words: dict[str, str] = field(default_factory=dict)

    def keyword(self, kind: str, text: str) -> str:
        """The terminal of a text that an expression took for a ``kind``."""
        known = self.words.get(text)
        if known is None:
            if len(self.words) >= MOST_WORDS:
                self.words.clear()
            known = self.words[text] = self.keywords[kind](text) or kind
        return known


class Automaton:
    """Runs the automaton of a grammar with the callbacks that lark was given."""

    def __init__(self, lark: Lark) -> None:
        frontend: Any = lark.parser
        table: Any = frontend.parser.parser.parse_table
        callbacks: Any = frontend.parser.parser.callbacks
        lexers: Any = frontend.lexer.lexers
        ignored = [lark.get_terminal(name).pattern.to_regexp() for name in lark.ignore_tokens]
        self.blank = re.compile(f"(?:{'|'.join(ignored)})*")
        self.begin: dict[str, int] = table.start_states
        self.end: dict[str, int] = table.end_states
        self.actions: list[dict[str, int | Reduce]] = [{} for _ in table.states]
        for state, row in table.states.items():
            for symbol, (action, goal) in row.items():
                # Names come as tokens of the grammar's text, which are slow to compare.
                if action is Shift:
                    self.actions[state][str(symbol)] = goal
                else:
                    count, make = len(goal.expansion), callbacks[goal]
                    made = None if count == 1 and _changes_nothing(make) else make
                    self.actions[state][str(symbol)] = (count, made, str(goal.origin.name))
        self.climbs: dict[tuple[int, int, str], int] = {}
        found: dict[int, _Lexer] = {}
        self.lexers: list[_Lexer | None] = [None] * len(self.actions)
        for state, lexer in lexers.items():
            if id(lexer) not in found:
                scanner = lexer.scanner
                keywords = {
                    kind: callback.scanner.fullmatch for kind, callback in lexer.callback.items()
                }
                found[id(lexer)] = _Lexer(scanner._mres, keywords)
            self.lexers[state] = found[id(lexer)]

    def climb(self, below: int, state: int, kind: str) -> int:
        """The state after all steps in a row that only rename the uppermost value."""
        while True:
            action = self.actions[state].get(kind)
            if not isinstance(action, tuple) or action[1] is not None:
                return state
            state = self.actions[below][action[2]]  # type: ignore[assignment]  # a shift

    def run(self, text: str, start: int, end: int, symbol: str) -> tuple[Any] | None:
        """What the callbacks make of the text between two offsets; None if it cannot be read."""
        actions, lexers, blank = self.actions, self.lexers, self.blank.match
        climbs = self.climbs
        final = self.end[symbol]
        states = [self.begin[symbol]]
        values: list[Any] = []
        place = start
        state = states[-1]
        while True:
            place = blank(text, place, end).end()  # type: ignore[union-attr]  # it matches nothing, too
            if place < end:
                lexer = lexers[state]
                assert lexer is not None
                for expression in lexer.expressions:
                    match = expression.match(text, place, end)
                    if match is not None:
                        break
                else:
                    return None
                kind = match.lastgroup
                assert kind is not None
                value = match.group()
                if kind in lexer.keywords:
                    kind = lexer.keyword(kind, value)
                lexeme = Lexeme(kind, value, place, match.end())
                place = lexeme.end_pos
            else:
                kind, lexeme = "$END", Lexeme("$END", "", end, end)
            while True:
                action = actions[state].get(kind)
                if action is None:
                    return None
                if isinstance(action, int):
                    states.append(action)
                    values.append(lexeme)
                    state = action
                    break
                count, make, made = action
                if make is None:
                    step = (states[-2], state, kind)
                    climbed = climbs.get(step)
                    if climbed is None:
                        climbed = climbs[step] = self.climb(*step)
                    states[-1] = state = climbed
                    if kind == "$END" and state == final:
                        return (values[-1],)
                    continue
                if count:
                    value_ = make(values[-count:])
                    del values[-count:], states[-count:]
                else:
                    value_ = make([])
                shift = actions[states[-1]][made]
                assert isinstance(shift, int)
                state = shift
                states.append(state)
                values.append(value_)
                if kind == "$END" and state == final:
                    return (values[-1],)


class Row:
    """The parts of a rule that has no node of its own: they become parts of what it stands in."""

    __slots__ = ("children", "data")

    def __init__(self, data: str, children: list[Any], meta: object = None) -> None:
        self.data, self.children = data, children


def _changes_nothing(make: Callable[[list[Any]], Any]) -> bool:
    """Whether a rule of one part gives that part."""
    part = Row("", [])
    try:
        return make([part]) is part
    except (AttributeError, TypeError, IndexError, ValueError):
        return False
