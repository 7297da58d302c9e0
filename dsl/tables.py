"""The parsing tables of a grammar, made by lark once and kept beside it as JSON.

What lark works out from a grammar is the same each time, and takes longer than to read most theories.
So the file holds it: the automaton, its rules and what its lexers look for. It is made with
``python -m lemmata.dsl.tables``, and belongs to one text of the grammar: to any other the tables are
made afresh.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from lark import Lark

GRAMMARS = ("mpl", "published")

Part: TypeAlias = "tuple[bool, bool]"
"""Of a part of a rule, whether it is mere punctuation, and whether it is a row to be joined."""


@dataclass(frozen=True, slots=True)
class Production:
    """A rule of the grammar: what it makes of which parts.

    ``gaps`` are the numbers of missing parts before each part and after the last. ``renames`` tells
    that the one part which is kept stays what it is.
    """

    symbol: str
    name: str
    parts: list[Part]
    gaps: list[int]
    renames: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What can follow in some states: an expression, and for its groups words that are keywords."""

    expression: str
    keywords: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Tables:
    """All that is needed to parse.

    For each state and symbol, ``actions`` has the next state, or below zero the complement of the
    number of the rule that is complete. ``lexers`` has the number of the state's choices, or None.
    """

    grammar: str
    blank: str
    words: list[str]
    begin: dict[str, int]
    end: dict[str, int]
    productions: list[Production]
    actions: list[dict[str, int]]
    choices: list[Choices]
    lexers: list[int | None]


def grammar_text(name: str) -> str:
    """The text of a grammar."""
    return _file(f"{name}.lark").read_text("utf-8")


def tables(name: str) -> Tables:
    """The tables of a grammar, from its file if that belongs to it."""
    kept = _file(f"{name}.json")
    if kept.is_file():
        data = json.loads(kept.read_text("utf-8"))
        if data["grammar"] == _digest(name):
            return Tables(
                **{
                    **data,
                    "productions": [Production(**one) for one in data["productions"]],
                    "choices": [Choices(**one) for one in data["choices"]],
                }
            )
    return made(name)


def lark_parser(name: str, build: object = None) -> Lark:
    """What lark makes of a grammar."""
    from lark import Lark

    start = ["expression"] if name == "published" else ["statement", "formula"]
    return Lark(
        grammar_text(name),
        start=start,
        parser="lalr",
        lexer="contextual",
        transformer=build,
        maybe_placeholders=True,
    )


def made(name: str) -> Tables:
    """The tables of a grammar as lark makes them."""
    from lark.parsers.lalr_analysis import Shift

    lark = lark_parser(name)
    frontend: Any = lark.parser
    table: Any = frontend.parser.parser.parse_table
    productions: dict[Any, int] = {}
    actions: list[dict[str, int]] = [{} for _ in table.states]
    for state, row in table.states.items():
        for symbol, (action, goal) in row.items():
            if action is Shift:
                actions[state][str(symbol)] = goal
            else:
                number = productions.setdefault(goal, len(productions))
                actions[state][str(symbol)] = ~number
    numbers: dict[int, int] = {}
    choices: list[Choices] = []
    lexers: list[int | None] = [None] * len(actions)
    for state, lexer in frontend.lexer.lexers.items():
        if id(lexer) not in numbers:
            numbers[id(lexer)] = len(choices)
            expression = "|".join(one.pattern for one in lexer.scanner._mres)
            choices.append(Choices(expression, _keywords(lexer)))
        lexers[state] = numbers[id(lexer)]
    ignored = [lark.get_terminal(name).pattern.to_regexp() for name in lark.ignore_tokens]
    return Tables(
        _digest(name),
        f"(?:{'|'.join(ignored)})*",
        sorted(one.pattern.value for one in lark.terminals if one.pattern.type == "str"),
        dict(table.start_states),
        dict(table.end_states),
        [_production(rule) for rule in productions],
        actions,
        choices,
        lexers,
    )


def _keywords(lexer: Any) -> dict[str, dict[str, str]]:
    """For each kind of word those that the grammar spells, with the names they have there."""
    found: dict[str, dict[str, str]] = {}
    for kind, callback in lexer.callback.items():
        terminals = callback.scanner.terminals
        assert all(one.pattern.type == "str" and not one.pattern.flags for one in terminals)
        found[kind] = {one.pattern.value: one.name for one in terminals}
    return found


def _production(rule: Any) -> Production:
    gaps = [0] * (len(rule.expansion) + 1)
    if rule.options.empty_indices:
        marks = "".join(str(int(one)) for one in rule.options.empty_indices)
        gaps = [len(ones) for ones in marks.split("0")]
    parts = [
        (bool(part.is_term and part.filter_out), not part.is_term and part.name.startswith("_"))
        for part in rule.expansion
    ]
    return Production(
        str(rule.origin.name),
        str(rule.alias or rule.origin.name),
        parts,
        gaps,
        bool(rule.options.expand1 and not rule.alias),
    )


def _digest(name: str) -> str:
    return sha256(grammar_text(name).encode()).hexdigest()


def _file(name: str) -> Traversable:
    return files("lemmata.dsl").joinpath("grammar", name)


def written(name: str) -> str:
    """The text of the file for a grammar."""
    return json.dumps(asdict(made(name)), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    from pathlib import Path

    for each in GRAMMARS:
        Path(str(_file(f"{each}.json"))).write_text(written(each), "utf-8")
