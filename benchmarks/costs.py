"""Learn the costs of operations from programs that were found: writes ``costs.json``.

An operation's cost is its price in bits: how seldom solved problems use it. The costs in
``operations.txt`` are the prior. An operation that at least ``_LEAST`` programs use, twice as many
as its prior lets expect, becomes one cheaper; one that no program uses, where at least ``_LEAST``
were expected to, becomes one dearer.

    python benchmarks/costs.py run-folder [more folders] --out engine/synthesis/costs.json
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from lemmata.engine.synthesis.operation import Library, Operation, signature

_LEAST = 3
_HOLE = "_hole_"


def programs(folders: list[Path]) -> Iterator[str]:
    """The programs of solved problems in folders that ``lemmata codearc run`` has written."""
    for folder in folders:
        for file in sorted(folder.glob("*.json")):
            result = json.loads(file.read_text(encoding="utf-8"))
            if result["status"] == "solved":
                yield result["program"]


def _shape(operation: Operation) -> str:
    """The template with its holes numbered as they come."""
    order: dict[str, int] = {}
    return re.sub(
        r"\{(\d)\}", lambda hole: f"<{order.setdefault(hole[1], len(order))}>", operation.template
    )


def uses(operation: Operation, tree: ast.AST) -> bool:
    """Whether a program has a place that an operation's template matches."""
    names = [f"{_HOLE}{place}" for place in range(len(operation.arguments))]
    pattern = ast.parse(operation.template.format(*names), mode="eval").body
    return any(isinstance(node, ast.expr) and matches(pattern, node, {}) for node in ast.walk(tree))


def matches(pattern: object, node: object, holes: dict[str, str]) -> bool:
    """Whether a syntax tree is an instance of a pattern; equal holes stand for equal trees."""
    if isinstance(pattern, ast.Name) and pattern.id.startswith(_HOLE):
        if not isinstance(node, ast.expr):
            return False
        shape = ast.dump(node)
        return holes.setdefault(pattern.id, shape) == shape
    # Printing turns a list comprehension in a reducer into a generator.
    if isinstance(pattern, ast.ListComp) and isinstance(node, ast.GeneratorExp):
        node = ast.ListComp(elt=node.elt, generators=node.generators)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, ast.AST):
        return all(
            matches(getattr(pattern, field, None), getattr(node, field, None), holes)
            for field in pattern._fields
            if field != "ctx"
        )
    if isinstance(pattern, list) and isinstance(node, list):
        return len(pattern) == len(node) and all(
            matches(one, other, holes) for one, other in zip(pattern, node, strict=True)
        )
    return pattern == node


def learn(found: list[str]) -> dict[str, int]:
    """The costs that differ from those in ``operations.txt``, by signature."""
    trees = [ast.parse(program) for program in found]
    operations = Library.standard().without_learnt_costs().operations
    cheapest: dict[str, Operation] = {}
    for operation in operations:
        # A text does not tell types: of operations written alike, the commonest is meant.
        shape = _shape(operation)
        known = cheapest.setdefault(shape, operation)
        if operation.cost < known.cost:
            cheapest[shape] = operation
    counts = {signature(op): sum(uses(op, tree) for tree in trees) for op in cheapest.values()}
    mass = sum(2.0**-op.cost for op in operations)
    total = sum(counts.values())
    learnt = {}
    for operation in cheapest.values():
        count = counts[signature(operation)]
        expected = 2.0**-operation.cost / mass * total
        if count >= _LEAST and count >= 2 * expected:
            cost = max(1, operation.cost - 1)
        elif count == 0 and expected >= _LEAST:
            cost = operation.cost + 1
        else:
            continue
        if cost != operation.cost:
            learnt[signature(operation)] = cost
    return dict(sorted(learnt.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("engine/synthesis/costs.json"))
    chosen = parser.parse_args()
    found = list(programs(chosen.folders))
    learnt = learn(found)
    chosen.out.write_text(json.dumps(learnt, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} programs, {len(learnt)} costs moved, written to {chosen.out}")


if __name__ == "__main__":
    main()
