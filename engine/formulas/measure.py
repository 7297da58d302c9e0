"""Everything a sweep records about a group of fractions: metrics in bulk, limits with certainty.

Each class under sign and scaling is evaluated once. For a member (c·a, c²·b) with convergents
c^(n+1) p_n and c^n q_n the value and the error grow by c, and the gcd by c^n gcd(c, q̃_n) with q̃_n
the reduced denominator, so that every metric of a member follows exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gcd, log
from typing import Any

import flint
import numpy as np
import pyarrow as pa
from flint import arb, fmpq

from .behaviour import behaviour, has_complex_eigenvalues
from .blocks import many_convergent_matrices
from .box import Box
from .convergents import convergent_matrix
from .growth import growth
from .limit import certain_decimals, limit, modified_convergent
from .metrics import METRIC_NAMES, Sampling, early_zeros, exact_metrics, sampling, table
from .polynomial import Polynomial, evaluate, render, scale
from .shard import SCHEMA
from .tail import plain_tail

_LN10 = log(10)


@dataclass(slots=True)
class _Class:
    """One class under sign and scaling while it is measured."""

    a: Polynomial
    b: Polynomial
    members: tuple[int, ...]
    status: str
    complex_eigenvalues: bool
    ball: Any = None
    accelerated: bool = False
    log_gcd: tuple[float, ...] = ()
    residues: tuple[int, ...] = ()


def measure_leaders(box: Box, leaders: list[Polynomial], depth: int, digits: int) -> pa.Table:
    """One row for every formula whose class is represented by one of these a's and some b."""
    classes = []
    partners = list(box.polynomials(box.degree_b))
    for a in leaders:
        for b in partners:
            members = box.members(a, b)
            if members is not None:
                classes.append(
                    _Class(a, b, members, behaviour(a, b).kind, has_complex_eigenvalues(a, b))
                )
    return measure(classes, depth, digits)


def measure_formulas(
    formulas: list[tuple[Polynomial, Polynomial]], depth: int, digits: int
) -> pa.Table:
    """One row for each of the formulas given, without sharing between them."""
    return measure(
        [
            _Class(a, b, (1,), behaviour(a, b).kind, has_complex_eigenvalues(a, b))
            for a, b in formulas
        ],
        depth,
        digits,
    )


def measure(classes: list[_Class], depth: int, digits: int) -> pa.Table:
    """The rows of all members of the classes, in order."""
    dynamic: dict[int, list[_Class]] = {}
    for one in classes:
        if one.status != "terminates" and not one.complex_eigenvalues:
            dynamic.setdefault(early_zeros(one.a, one.b), []).append(one)
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    with flint.ctx.workprec(int(digits * 3.33) + 96):
        for one in classes:
            if one.status == "terminates":
                one.ball = _rational(one)
        for dropped, group in dynamic.items():
            _measure_dynamic(group, sampling(depth, dropped), depth, digits, rows)
        return _rows(classes, rows, digits)


def _measure_dynamic(
    dynamic: list[_Class],
    points: Sampling,
    depth: int,
    digits: int,
    rows: dict[tuple[int, int], dict[str, Any]],
) -> None:
    a = _padded([c.a for c in dynamic])
    b = _padded([c.b for c in dynamic])
    sizes = growth(a, b, points.depths, depth - 1)
    convergents = many_convergent_matrices([(one.a, one.b) for one in dynamic], points.depths)
    for one, matrices, log_error in zip(
        dynamic, convergents, sizes.log_error.tolist(), strict=True
    ):
        _measure_exactly(one, matrices, points.depths, log_error, digits)
    # All members in one table: the class's logarithms moved by log |c|.
    source = [(i, c) for i, one in enumerate(dynamic) for c in one.members]
    index = np.array([i for i, _ in source])
    shift = np.log(np.abs(np.array([c for _, c in source], dtype=np.float64)))[:, None]
    extra = np.array(
        [[log(gcd(c, r)) if abs(c) > 1 else 0.0 for r in dynamic[i].residues] for i, c in source]
    )
    steps = np.array(points.depths, dtype=np.float64)[None, :] * shift
    columns = table(
        a[index] * np.array([[c] for _, c in source]),
        b[index] * np.array([[c * c] for _, c in source]),
        sizes.log_denominator[index] + steps,
        sizes.log_error[index] + shift,
        np.array([one.log_gcd for one in dynamic])[index] + steps + extra,
        points.positions,
    )
    at = 0
    for i, one in enumerate(dynamic):
        for c in one.members:
            if sizes.suspect[i]:
                exact = exact_metrics(scale(one.a, c), scale(one.b, c * c), depth)
                rows[id(one), c] = exact.as_dict()
            else:
                rows[id(one), c] = {name: columns[name][at] for name in METRIC_NAMES}
            at += 1


def _measure_exactly(
    one: _Class, matrices: list[Any], points: tuple[int, ...], log_error: list[float], digits: int
) -> None:
    """Set gcds and the limit of one class from its exact convergents."""
    logs, residues = [], []
    scaled = len(one.members) > 2
    for matrix in matrices:
        p, q = matrix[0, 0], matrix[1, 0]
        common = p.gcd(q)
        logs.append(log(int(common)) if common > 1 else 0.0)
        residues.append(int((q // common) % 3600) if scaled and common else 0)
    one.log_gcd, one.residues = tuple(logs), tuple(residues)
    if one.status == "oscillates":
        return
    mirrored = one.a[0] < 0
    a = scale(one.a, -1) if mirrored else one.a
    tail = plain_tail(a, one.b)
    narrow = arb(10) ** (-digits - 2)
    enough = -(digits + 4) * _LN10
    for matrix, n, error in zip(matrices, points, log_error, strict=True):
        if tail is None or error > enough or n + 1 < tail.start:
            continue
        below = tail.enclose(n + 1)
        ball = modified_convergent(matrix, evaluate(one.b, n + 1), -below if mirrored else below)
        if ball is not None and ball.rad() < narrow:
            one.ball = ball
            return
    slow = limit(one.a, one.b, digits)
    one.ball = getattr(slow, "ball", None)
    one.accelerated = bool(getattr(slow, "is_accelerated", False))


def _rational(one: _Class) -> Any:
    last = behaviour(one.a, one.b).last
    assert last is not None
    p, _, q, _ = convergent_matrix(one.a, one.b, last).entries()
    return fmpq(p, q) if q else None


def _rows(
    classes: list[_Class], metrics: dict[tuple[int, int], dict[str, Any]], digits: int
) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    undefined = dict.fromkeys(METRIC_NAMES, float("nan"))
    for one in classes:
        for c in one.members:
            a, b = scale(one.a, c), scale(one.b, c * c)
            text, certain = "", -1
            if one.ball is not None:
                text, certain = certain_decimals(arb(one.ball) * c, digits)
            columns["formula"].append(f"{_render(a)} | {_render(b)}")
            columns["a"].append(a)
            columns["b"].append(b)
            columns["status"].append(one.status)
            columns["limit"].append(text)
            columns["digits"].append(certain)
            columns["accelerated"].append(one.accelerated)
            columns["complex_eigenvalues"].append(one.complex_eigenvalues)
            columns["class_a"].append(one.a)
            columns["class_b"].append(one.b)
            columns["scale"].append(c)
            values = metrics.get((id(one), c), undefined)
            for name in METRIC_NAMES:
                columns[name].append(values[name])
    return pa.table(columns, schema=SCHEMA)


@lru_cache(maxsize=65536)
def _render(p: Polynomial) -> str:
    return render(p)


def _padded(polynomials: list[Polynomial]) -> Any:
    width = max(map(len, polynomials))
    out = np.zeros((len(polynomials), width), dtype=np.int64)
    for i, p in enumerate(polynomials):
        out[i, width - len(p) :] = p
    return out
