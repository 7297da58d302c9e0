"""The drawing of a graph: nothing overlaps, edges go from left to right and meet their boxes."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from lemmata.report.layout import draw


@st.composite
def graphs(make: st.DrawFn) -> tuple[dict[int, str], list[tuple[int, int]]]:
    count = make(st.integers(1, 14))
    labels = {number: "n" * make(st.integers(1, 12)) for number in range(count)}
    pairs = list(combinations(range(count), 2))
    edges = make(st.lists(st.sampled_from(pairs), unique=True, max_size=25)) if pairs else []
    return labels, edges


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_boxes_are_apart_and_edges_lead_right(
    graph: tuple[dict[int, str], list[tuple[int, int]]],
) -> None:
    labels, edges = graph
    drawing = draw(labels, edges)
    assert set(drawing.boxes) == set(labels)
    for one, two in combinations(drawing.boxes.values(), 2):
        beside = one.x + one.width <= two.x or two.x + two.width <= one.x
        assert beside or abs(one.y - two.y) >= one.height
    for box in drawing.boxes.values():
        assert 0 <= box.x <= box.x + box.width <= drawing.width + 1e-6
        assert 0 <= box.y - box.height / 2 <= box.y + box.height / 2 <= drawing.height + 1e-6
    assert set(drawing.paths) == set(edges)
    for (source, target), path in drawing.paths.items():
        start, end = drawing.boxes[source], drawing.boxes[target]
        assert start.x + start.width < end.x
        assert path.startswith(f"M{start.x + start.width:.0f} {start.y:.0f}C")
        assert path.endswith(f" {end.x:.0f} {end.y:.0f}")
