"""Results as small pieces of HTML, which notebooks show where a result is the value of a cell.

Each piece stands alone: no style sheet, no script, colours that suit light and dark pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from .notation import Notation
from .theory import Statement, Theory

_COLOURS = {
    "proved": "#2e8555",
    "refuted": "#c2453b",
    "unknown": "#a87a10",
    "development": "#3b6ea5",
}
_MOST = 50


def card(word: str, name: str, statement: str, rows: Iterable[tuple[str, str]]) -> str:
    """A verdict: its word, the goal, the statement, and what there is to say about it.

    >>> print(card("refuted", "a<b", "", [("a", "0")]))
    ... # doctest: +ELLIPSIS
    <div style="..."><p style="..."><strong style="color:#c2453b">refuted</strong> <code>a&lt;b</code></p><table><tr><th style="text-align:left">a</th><td style="text-align:left">0</td></tr></table></div>
    """
    colour = _COLOURS[word]
    told = f": <code>{escape(statement)}</code>" if statement else ""
    body = "".join(
        f'<tr><th style="text-align:left">{escape(label)}</th>'
        f'<td style="text-align:left">{escape(value)}</td></tr>'
        for label, value in rows
        if value
    )
    return (
        f'<div style="border-left:3px solid {colour};padding-left:.8em">'
        f'<p style="margin:.2em 0"><strong style="color:{colour}">{word}</strong> '
        f"<code>{escape(name)}</code>{told}</p>{f'<table>{body}</table>' if body else ''}</div>"
    )


def theory_card(theory: Theory) -> str:
    """A theory: its axioms and its conjectures; a long list is cut, and says so."""
    notation = Notation.of(theory)
    parts = [f"<p><strong>theory</strong> <code>{escape(theory.name)}</code></p>"]
    for title, statements in (("Axioms", theory.axioms), ("Conjectures", theory.conjectures)):
        if statements:
            parts.append(_statements(title, statements, notation))
    return f"<div>{''.join(parts)}</div>"


def _statements(title: str, statements: Sequence[Statement], notation: Notation) -> str:
    rows = "".join(
        f'<tr><th style="text-align:left">{escape(one.name)}</th>'
        f'<td style="text-align:left"><code>{escape(notation.formula(one.formula))}</code></td></tr>'
        for one in statements[:_MOST]
    )
    left = len(statements) - _MOST
    cut = f"<p>and {left} more</p>" if left > 0 else ""
    return f"<p>{title}</p><table>{rows}</table>{cut}"
