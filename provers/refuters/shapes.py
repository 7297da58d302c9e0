"""How the values of sorts nest, and how large unknown ones may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .domain import Domain


@dataclass(frozen=True, slots=True)
class Bounds:
    """How deep trees may be, how long values that nest in one place only, such as lists, and how far
    below zero integers may be."""

    tree: int
    long: int
    below: int

    @property
    def integers(self) -> range:
        """The integers that a hole may be."""
        return range(-self.below, self.long + 1)

    @classmethod
    def at(cls, level: int) -> Bounds:
        """The bounds of a level, from 1 on: lists double in length as trees become one deeper.

        Most programs are written for natural numbers: every second level knows no others.

        >>> [(Bounds.at(level).tree, Bounds.at(level).long) for level in range(1, 8)]
        [(1, 1), (1, 2), (2, 2), (2, 3), (2, 4), (3, 4), (3, 6)]
        """
        long = round(2 ** ((level - level // 3) / 2))
        return cls(level // 3 + 1, long, 0 if level % 2 else (long + 1) // 2)


class Shapes:
    """How the values of the sorts nest."""

    def __init__(self, domain: Domain) -> None:
        # Imported here: most goals are proved before anybody unrolls them.
        import networkx as nx

        signature = domain.signature
        self.is_integer = domain.is_integer
        graph: nx.DiGraph[str] = nx.DiGraph()
        self.arguments = {
            sort.name: [signature.function[name].arguments for name in sort.constructors]
            for sort in signature.sorts
        }
        for sort, rows in self.arguments.items():
            graph.add_node(sort)
            graph.add_edges_from((sort, part) for row in rows for part in row)
        self.group = {
            sort: number
            for number, group in enumerate(nx.strongly_connected_components(graph))
            for sort in group
        }
        self.parts = {sort: {sort, *nx.descendants(graph, sort)} for sort in graph}

    def belongs(self, sort: str, part: str) -> bool:
        """Whether values of two sorts are parts of each other."""
        return self.group.get(sort) == self.group.get(part)

    def is_recursive(self, sort: str, sorts: Iterable[str]) -> bool:
        """Whether a constructor with these parts has values like its own inside."""
        return any(self.belongs(sort, part) for part in sorts)

    def is_tree(self, sort: str) -> bool:
        """Whether values of the sort may nest in several places at once."""
        return any(
            sum(self.belongs(sort, part) for part in row) > 1
            for other, rows in self.arguments.items()
            if self.belongs(sort, other)
            for row in rows
        )

    def profile(self, sorts: Iterable[str], bounds: Bounds) -> list[int]:
        """How deep values of these sorts and all their parts may be."""
        reached = sorted(set().union(*(self.parts.get(sort, {sort}) for sort in sorts)))
        depths = [
            self.depth(sort, bounds, is_inside=is_inside)
            for sort in reached
            for is_inside in (False, True)
        ]
        return [*depths, bounds.below if any(map(self.is_integer, reached)) else 0]

    def depth(self, sort: str, bounds: Bounds, *, is_inside: bool) -> int:
        """How deep values of a sort may be; inside values of other sorts, they are smaller."""
        if self.is_tree(sort):
            return (bounds.tree + 1) // 2 if is_inside else bounds.tree
        return bounds.long.bit_length() if is_inside else bounds.long
