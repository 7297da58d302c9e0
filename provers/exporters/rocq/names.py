"""One Rocq identifier for every name of a theory: no two names share one, none is reserved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["sort", "symbol", "law", "variable", "constant", "principle"]

_KEYWORDS = """
    _ IF Admitted Axiom CoFixpoint Definition Fixpoint Hypothesis Lemma Parameter Prop Proof Qed
    SProp Section Set Theorem Type Variable as at by cofix discriminated else end exists exists2
    fix for forall fun if in lazymatch let ltac match multimatch of return struct then using where
    with
"""
_USED = """
    False False_ind I True and classical conj eq eq_ind eq_refl eq_sym eq_trans ex ex_intro
    f_equal iff not or or_introl or_intror proj1 proj2
"""
_RESERVED = frozenset((_KEYWORDS + _USED).split())
_STEP = re.compile(r"[hx]\d+")
_SPELLED = {
    "+": "add",
    "*": "mul",
    "-": "sub",
    "/": "div",
    "^": "pow",
    "<=": "le",
    "<": "lt",
    ">=": "ge",
    ">": "gt",
    "++": "app",
    "'": "_prime",
    "!": "",
}


@dataclass(slots=True)
class Names:
    """Identifiers by kind and name, given out in the order in which they are asked for.

    >>> names = Names()
    >>> names.of("symbol", "+"), names.of("symbol", "add"), names.of("symbol", "2")
    ('add', 'add_2', 'n2')
    >>> names.of("symbol", "+")
    'add'
    """

    given: dict[tuple[Kind, str], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def of(self, kind: Kind, name: str) -> str:
        """The identifier of a name; the same for the same kind and name."""
        if (kind, name) not in self.given:
            self.given[kind, name] = self.fresh(spelled(name))
        return self.given[kind, name]

    def fresh(self, wish: str) -> str:
        """An identifier that nothing else has, as near to the wish as can be."""
        found, count = wish, 1
        while found in self.taken or found in _RESERVED or _STEP.fullmatch(found):
            count += 1
            found = f"{wish}_{count}"
        self.taken.add(found)
        return found

    def table(self) -> list[str]:
        """Lines that say which identifier stands for which name, where they differ."""
        return [
            f"{identifier} stands for the {kind} {_in_comment(name)}"
            for (kind, name), identifier in self.given.items()
            if identifier != name and kind in ("sort", "symbol", "law")
        ]


def spelled(name: str) -> str:
    """The name in ASCII letters, digits and underscores, beginning with a letter."""
    found = _SPELLED.get(name) or "".join(map(_spell_character, name))
    found = found.strip("_") or "name"
    return found if found[0].isalpha() else f"n{found}"


def _spell_character(character: str) -> str:
    if character.isascii() and (character.isalnum() or character == "_"):
        return character
    found = _SPELLED.get(character)
    if found is None:
        return "_" if character in ". " else f"_u{ord(character):x}_"
    return found if len(found) != 3 else f"_{found}"


def _in_comment(name: str) -> str:
    """The name in quotation marks; Rocq reads comments and strings in them, so both are broken."""
    return "'" + name.replace('"', "''").replace("(*", "( *").replace("*)", "* )") + "'"
