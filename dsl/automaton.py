"""The parsing tables of a grammar, run by a loop of ours.

The grammar, the automaton and the choices of the contextual lexer are lark's. What lark does for each
token beside that (line counts, token objects with ten fields, look-ups by rule, layers of filters
around each node) costs most of the time of a large file, and nobody needs it while the text is right.
Where it is not, ``run`` gives up and lark itself says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

from .tables import Production, Tables

Maker: TypeAlias = "Callable[[list[Any]], Any]"

Reduce: TypeAlias = "tuple[int, Maker | None, str]"
"""How many values are taken from the stack, what makes one of them (None: the one value stays as it
is), and the symbol that it is."""


@dataclass(slots=True)
class Lexeme:
    """A piece of text that the grammar tells apart, from ``start_pos`` to ``end_pos``."""

    type: str
    value: str
    start_pos: int
    end_pos: int


@dataclass(frozen=True, slots=True)
class _Lexer:
    """What can follow in some states: one expression for all of it, and words that are keywords."""

    expression: re.Pattern[str]
    keywords: dict[str, dict[str, str]]


class Automaton:
    """Runs the automaton of a grammar with the methods of ``build`` that its rules name."""

    def __init__(self, tables: Tables, build: object) -> None:
        self.tables = tables
        self.blank = re.compile(tables.blank)
        made: list[Reduce] = [
            (len(rule.parts), _maker(rule, build), rule.symbol) for rule in tables.productions
        ]
        # A state, or what is complete.
        self.actions: list[dict[str, Any]] = [
            {symbol: goal if goal >= 0 else made[~goal] for symbol, goal in row.items()}
            for row in tables.actions
        ]
        self.climbs: dict[tuple[int, int, str], int] = {}
        self.found: dict[int, _Lexer] = {}
        self.lexers: list[_Lexer | None] = [None] * len(self.actions)

    def lexer(self, state: int) -> _Lexer:
        """What can follow in a state; made when it is first asked for."""
        number = self.tables.lexers[state]
        assert number is not None
        if number not in self.found:
            choices = self.tables.choices[number]
            expression = re.compile(f"{self.tables.blank}(?:{choices.expression})")
            self.found[number] = _Lexer(expression, choices.keywords)
        found = self.lexers[state] = self.found[number]
        return found

    def climb(self, below: int, state: int, kind: str) -> int:
        """The state after all steps in a row that only rename the uppermost value."""
        while True:
            action = self.actions[state].get(kind)
            if not isinstance(action, tuple) or action[1] is not None:
                return state
            state = self.actions[below][action[2]]

    def run(self, text: str, start: int, end: int, symbol: str) -> tuple[Any] | None:
        """What ``build`` makes of the text between two offsets; None if it cannot be read."""
        actions, lexers, climbs = self.actions, self.lexers, self.climbs
        final = self.tables.end[symbol]
        state = self.tables.begin[symbol]
        states = [state]
        values: list[Any] = []
        place = start
        while True:
            lexer = lexers[state] or self.lexer(state)
            match = lexer.expression.match(text, place, end)
            if match is not None:
                kind = match.lastgroup
                assert kind is not None
                begin, place = match.span(kind)
                word = text[begin:place]
                if kind in lexer.keywords:
                    kind = lexer.keywords[kind].get(word, kind)
                lexeme = Lexeme(kind, word, begin, place)
            elif self.blank.fullmatch(text, place, end):
                kind, lexeme = "$END", Lexeme("$END", "", end, end)
            else:
                return None
            while True:
                action = actions[state].get(kind)
                if action is None:
                    return None
                if action.__class__ is int:
                    state = action
                    states.append(state)
                    values.append(lexeme)
                    break
                count, make, made = action
                if make is None:
                    step = (states[-2], state, kind)
                    climbed = climbs.get(step)
                    if climbed is None:
                        climbed = climbs[step] = self.climb(*step)
                    states[-1] = state = climbed
                else:
                    values[-count:] = (make(values[-count:]),)
                    del states[-count:]
                    state = actions[states[-1]][made]
                    states.append(state)
                if kind == "$END" and state == final:
                    return (values[-1],)


def _maker(rule: Production, build: object) -> Maker | None:
    """What makes one value of the values of a rule's parts; None if that is its one part's.

    As in lark: parts that are mere punctuation are left out, those of rules without a node of their
    own are joined to the others, and None stands for what is optional and missing.
    """
    gaps, name = rule.gaps, rule.name
    kept = [
        (place, is_row)
        for place, (is_punctuation, is_row) in enumerate(rule.parts)
        if not is_punctuation
    ]
    if rule.renames and len(kept) == 1:
        ((only, _),) = kept
        return None if len(rule.parts) == 1 else itemgetter(only)
    call: Callable[[list[Any]], Any] = list if name.startswith("_") else getattr(build, name)
    (first, is_row), *others = kept
    if not any(gaps) and not any(inlined for _, inlined in others):
        if len(kept) == len(rule.parts) and not is_row:
            return call
        if is_row and not others:
            return lambda parts: call(parts[first])
        if is_row and call is list:  # a row that grows by one part is not copied
            places = [place for place, _ in others]
            return lambda parts: _longer(parts[first], [parts[place] for place in places])

    begins = [0, *(place + 1 for place, _ in kept)]
    plan = [
        ([None] * sum(gaps[begin : place + 1]), place, is_inlined)
        for begin, (place, is_inlined) in zip(begins, kept, strict=False)
    ]
    rest = [None] * sum(gaps[begins[-1] :])

    def make(parts: list[Any]) -> Any:
        row: list[Any] = []
        for missing, place, is_inlined in plan:
            if missing:
                row += missing
            if is_inlined:
                row += parts[place]
            else:
                row.append(parts[place])
        row += rest
        return call(row)

    return make


def _longer(row: list[Any], more: list[Any]) -> list[Any]:
    row += more
    return row
