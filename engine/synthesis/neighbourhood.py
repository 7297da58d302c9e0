"""What can be said of an element by its place in a list: neighbours, runs, what came before.

Each entry is a Python expression over the list ``{0}``, the index ``i`` and the element ``x``;
it becomes a leaf wherever one list is turned into another of the same length.
"""

from __future__ import annotations

from typing import Any

from .bank import FAILED, Term
from .comprehension import Source
from .operation import MODULES

_RUN = (
    "(len(list(itertools.takewhile(lambda v: v == x, {0}[i:])))"
    " + len(list(itertools.takewhile(lambda v: v == x, {0}[:i][::-1]))))"
)
_FIRST = "next((j for j, v in enumerate({0}) if v), 0)"
_LAST = "max((j for j, v in enumerate({0}) if v), default=0)"
_RUNS = "[len(list(g)) for v, g in itertools.groupby({0}) if v]"

_GAP = (
    "max([len(list(g)) for v, g in itertools.groupby({0}"
    "[next((j for j, v in enumerate({0}) if v), 0):"
    "max((j for j, v in enumerate({0}) if v), default=0)]) if not v], default=0)"
)

PLACES: tuple[tuple[str, int, str], ...] = (
    ("int", 2, "({0}[i - 1] if i else 0)"),
    ("int", 2, "({0}[i + 1] if i + 1 < len({0}) else 0)"),
    ("int", 3, "({0}[i - 2] if i > 1 else 0)"),
    ("int", 3, "({0}[i + 2] if i + 2 < len({0}) else 0)"),
    ("int", 4, "({0}[i - 3] if i > 2 else 0)"),
    ("int", 2, "next((v for v in {0}[:i][::-1] if v), 0)"),
    ("int", 2, "next((v for v in {0}[i + 1:] if v), 0)"),
    ("int", 1, _RUN),
    ("int", 3, "len(list(itertools.takewhile(lambda v: v == x, {0}[:i][::-1])))"),
    ("int", 4, "len(list(itertools.takewhile(lambda v: v == x, {0}[i + 1:])))"),
    ("int", 4, f"max({_RUNS}, default=0)"),
    ("int", 4, f"min({_RUNS}, default=0)"),
    ("int", 3, "{0}.count(x)"),
    ("int", 3, "sum(map(bool, {0}[:i]))"),
    ("int", 4, "len([v for v, _ in itertools.groupby({0}[:i]) if v])"),
    ("int", 4, _FIRST),
    ("int", 4, _LAST),
    ("int", 4, "{0}[::-1][i]"),
    ("int", 5, f"{{0}}[({_FIRST}) + ({_LAST}) - i]"),
    ("int", 4, "max({0}, key=lambda v: (v != 0) * {0}.count(v))"),
    ("int", 4, "min({0}, key=lambda v: {0}.count(v) if v else len({0}))"),
    ("int", 4, "next((j for j, v in enumerate({0}[:i][::-1], 1) if v), 0)"),
    ("int", 4, "next((j for j, v in enumerate({0}[i + 1:], 1) if v), 0)"),
    ("int", 5, _GAP),
    ("int", 5, f"{{0}}[i - {_GAP}]"),
    ("int", 5, f"({{0}}[i + {_GAP}] if i + {_GAP} < len({{0}}) else 0)"),
)


def places(source: Source) -> list[Term]:
    """The leaves for one source, evaluated for each of its elements."""
    found = []
    lists: list[Any] = [value for value in source.term.values if value is not FAILED]
    for kind, cost, template in PLACES:
        code = template.format(source.term.code)
        function = eval(
            compile(f"lambda S, i, x: {template.format('S')}", "<place>", "eval"), dict(MODULES)
        )
        try:
            values = [function(row, place, x) for row in lists for place, x in enumerate(row)]
        except (IndexError, TypeError, ValueError):
            continue
        found.append(Term(kind, values, cost, f"({code})"))
    return found
