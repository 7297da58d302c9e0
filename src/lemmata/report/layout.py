"""A layered drawing of a graph of citations: what is cited stands left of what cites it.

Layers are longest paths; the order inside a layer is improved by barycentres, as in the method of
Sugiyama, Tagawa and Toda (1981). Edges over several layers are bent through places of their own,
which edges from one node share, so that they leave it as one line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

_ROW, _BEND, _GAP, _LETTER, _PAD, _SWEEPS = 40.0, 18.0, 80.0, 7.4, 28.0, 8


@dataclass(frozen=True, slots=True)
class Box:
    """A node's box: its left edge and its middle, its size, in pixels."""

    x: float
    y: float
    width: float
    height: float = 28.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes by node, a path for each edge, and the size of the whole."""

    boxes: Mapping[int, Box]
    paths: Mapping[tuple[int, int], str]
    width: float
    height: float


def draw(labels: Mapping[int, str], edges: Sequence[tuple[int, int]]) -> Drawing:
    """Lays out an acyclic graph of nodes from 0; an edge goes from what is cited to what cites it."""
    layer = _layers(labels, edges)
    columns: list[list[int]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for node in labels:
        columns[layer[node]].append(node)
    fresh = count(-1, -1)  # bends are nodes with numbers below all others
    shared: dict[tuple[int, int], int] = {}
    routes: dict[tuple[int, int], list[int]] = {}
    neighbours: dict[int, list[int]] = {}
    for source, target in edges:
        between = range(layer[source] + 1, layer[target])
        for at in between:
            if (source, at) not in shared:
                shared[source, at] = next(fresh)
                columns[at].append(shared[source, at])
        bends = [shared[source, at] for at in between]
        routes[source, target] = [source, *bends, target]
        for one, two in pairwise(routes[source, target]):
            neighbours.setdefault(one, []).append(two)
            neighbours.setdefault(two, []).append(one)
    places = _ordered(columns, neighbours)
    return _drawing(labels, columns, places, routes)


def _layers(labels: Mapping[int, str], edges: Sequence[tuple[int, int]]) -> dict[int, int]:
    after: dict[int, list[int]] = {node: [] for node in labels}
    waits = dict.fromkeys(labels, 0)
    for source, target in edges:
        after[source].append(target)
        waits[target] += 1
    layer = dict.fromkeys(labels, 0)
    ready = [node for node, count in waits.items() if count == 0]
    while ready:
        node = ready.pop()
        for other in after[node]:
            layer[other] = max(layer[other], layer[node] + 1)
            waits[other] -= 1
            if waits[other] == 0:
                ready.append(other)
    # What nothing precedes moves next to what needs it first.
    for node in labels:
        if layer[node] == 0 and after[node]:
            layer[node] = min(layer[other] for other in after[node]) - 1
    return layer


def _ordered(columns: list[list[int]], neighbours: Mapping[int, list[int]]) -> dict[int, float]:
    """The height of each node: first few crossings, then straight edges."""
    place: dict[int, float] = {}

    def stack(column: list[int], middle: float) -> None:
        height = middle - sum(map(_height, column)) / 2
        for node in column:
            place[node] = height + _height(node) / 2
            height += _height(node)

    def pull(node: int) -> float:
        near = neighbours.get(node, ())
        return sum(place[other] for other in near) / len(near) if near else place[node]

    for column in columns:
        stack(column, 0.0)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=pull)
            stack(column, sum(map(pull, column)) / max(1, len(column)))
    return place


def _height(node: int) -> float:
    return _ROW if node >= 0 else _BEND


def _drawing(
    labels: Mapping[int, str],
    columns: list[list[int]],
    place: Mapping[int, float],
    routes: Mapping[tuple[int, int], list[int]],
) -> Drawing:
    top = min((place[node] - _height(node) / 2 for node in place), default=0.0)
    bottom = max((place[node] + _height(node) / 2 for node in place), default=0.0)
    boxes: dict[int, Box] = {}
    points: dict[int, tuple[float, float, float]] = {}
    x = 0.0
    for column in columns:
        widths = [len(labels[node]) * _LETTER + _PAD for node in column if node in labels]
        width = max(widths, default=0.0)
        for node in column:
            y = place[node] - top
            own = len(labels[node]) * _LETTER + _PAD if node in labels else width
            if node in labels:
                boxes[node] = Box(x, y, own)
            points[node] = (x, x + own, y)
        x += width + _GAP
    paths = {}
    for edge, route in routes.items():
        _, right, y = points[route[0]]
        text = f"M{right:.0f} {y:.0f}"
        for node in route[1:]:
            left, end, below = points[node]
            half = (left - right) / 2
            text += (
                f"C{right + half:.0f} {y:.0f} {left - half:.0f} {below:.0f} {left:.0f} {below:.0f}"
            )
            if node not in labels:
                text += f"H{end:.0f}"
            right, y = end, below
        paths[edge] = text
    return Drawing(boxes, paths, max(0.0, x - _GAP), bottom - top)
