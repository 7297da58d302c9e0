"""Label a sweep: every formula with enough certain digits is screened against the constants.

A class under reflection, scaling, inflation and shift is identified once a shard; the others follow
by an exact Möbius map. Screening reduces lattices of 18 digits in machine words; what passes is
confirmed with all certain digits. Formulas beside labelled ones are then tried with all digits too.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from flint import arb

from ..budget import Budget
from ..errors import UsageError
from ..executor import completed, executor
from .constants import CONSTANTS, Constant
from .equivalence import canonical, compose
from .relation import (
    LEAST_MARGIN,
    Identification,
    algebraic_relation,
    expected_spurious,
    format_mobius,
    mobius_relation,
    with_positive_lead,
)
from .screen import largest_coefficient, scaled_to_words, shortest_heights
from .shape import Shape, coordinates
from .shard import sound_shards, write_table

LABELS = "labels.parquet"
_PARTS = "labels"

_PRECISE = 30
_SCREEN_MARGIN = 2.5
LEAST_DIGITS = 40
"""Certain decimals that a limit needs to be screened."""

_COLUMNS = ["formula", "a", "b", "status", "limit", "digits"]

SCHEMA = pa.schema(
    [
        ("formula", pa.string()),
        ("constant", pa.string()),
        ("closed_form", pa.string()),
        ("mobius", pa.list_(pa.int64())),
        ("polynomial", pa.list_(pa.int64())),
        ("verified_digits", pa.int32()),
        ("margin", pa.float64()),
    ]
)
"""One row a labelled formula: either ``mobius`` of the constant or the ``polynomial`` of a number."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """What was screened, what was found, and how many accidents to expect among it.

    ``too_few_digits`` counts infinite formulas whose limit is not certain enough to be screened;
    ``largest_coefficient`` bounds the coefficients of a relation that the screening surely passes.
    """

    screened: int
    labelled: int
    too_few_digits: int
    tests: int
    least_margin: float
    expected_spurious: float
    largest_coefficient: int
    by_constant: dict[str, int]
    complete: bool = True


def label(
    folder: Path | str,
    constants: Iterable[Constant] | None = None,
    *,
    least_margin: float = LEAST_MARGIN,
    jobs: int = 1,
    cluster: str | None = None,
    report: Callable[[int, int], None] | None = None,
    budget: Budget | None = None,
) -> Labelling:
    """Screen every infinite formula of a sweep and write the labels into its folder.

    The labels of each shard are kept as soon as they are known: interrupted at any moment, the same
    call goes on.
    """
    target = Path(folder)
    paths = sound_shards(target)
    table = list(constants) if constants is not None else list(CONSTANTS.values())
    parts = target / _PARTS
    try:
        parts.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {parts}: {error.strerror or error}") from None
    recipe = _recipe(table, least_margin)
    known = {
        path: found
        for path in paths
        if (found := _read_part(parts / path.name, recipe)) is not None
    }
    clock = budget.start() if budget is not None else None
    calls = (
        (path, (str(path), str(parts / path.name), table, least_margin))
        for path in paths
        if path not in known and not (clock and clock.is_over)
    )
    with executor(jobs, cluster) as (pool, in_flight):
        for path, found in completed(pool, in_flight, _label_shard, calls):
            known[path] = found
            if report is not None:
                report(len(known), len(paths))
        labelled = [path for path in paths if path in known]
        beside = dict(
            completed(
                pool,
                in_flight,
                _look_beside,
                ((path, (str(path), known[path], table, least_margin)) for path in labelled),
            )
        )
    tables = [part for path in labelled for part in (known[path], beside[path])]
    labels = pa.concat_tables(tables or [_empty()])
    write_table(target / LABELS, labels.replace_schema_metadata(None))
    counts = Counter[str]()
    for part in known.values():
        counts.update(json.loads(part.schema.metadata[b"counts"]))
    return Labelling(
        counts["screened"],
        labels.num_rows,
        counts["short"],
        counts["tests"],
        least_margin,
        expected_spurious(counts["tests"], least_margin),
        largest_coefficient(4, _SCREEN_MARGIN),
        dict(Counter(labels["constant"].to_pylist()).most_common()),
        len(known) == len(paths),
    )


def _label_shard(path: str, part: str, constants: list[Constant], least_margin: float) -> pa.Table:
    """The labels of one shard, with what was counted in the table's metadata; also written."""
    screen = Screen(constants, least_margin)
    rows: list[dict[str, Any]] = []
    counts = {"screened": 0, "short": 0}
    for row in pq.read_table(path, columns=_COLUMNS).to_pylist():
        if row["status"] not in ("terminates", "oscillates"):
            counts["screened" if row["digits"] >= LEAST_DIGITS else "short"] += 1
            rows.append(row)
    rows = [row for row in rows if row["digits"] >= LEAST_DIGITS]
    found = screen.identify(rows)
    labels = [_row(row["formula"], x) for row, x in zip(rows, found, strict=True) if x is not None]
    counts["tests"] = screen.tests
    recipe = {"recipe": _recipe(constants, least_margin), "counts": json.dumps(counts)}
    table = pa.Table.from_pylist(labels, schema=SCHEMA.with_metadata(recipe))
    write_table(Path(part), table)
    return table


def _look_beside(
    path: str, labels: pa.Table, constants: list[Constant], least_margin: float
) -> pa.Table:
    """Further labels of a shard: unlabelled formulas beside labelled ones, tried with all digits.

    Beside means the same a and a b of the same shape. Such values tend to be images of the same
    constant, with coefficients that may be too large for the screening.
    """
    by_name = {c.name: c for c in constants}
    known = dict(zip(labels["formula"].to_pylist(), labels["constant"].to_pylist(), strict=True))
    rows = [
        row
        for row in pq.read_table(path, columns=_COLUMNS).to_pylist()
        if row["status"] not in ("terminates", "oscillates") and row["digits"] >= LEAST_DIGITS
    ]
    groups: dict[Any, dict[str, None]] = {}
    for row in rows:
        if (name := known.get(row["formula"])) in by_name and (key := _group(row)) is not None:
            groups.setdefault(key, {})[str(name)] = None
    heads = {a for a, _ in groups}
    found = []
    screen = Screen(constants, least_margin)
    for row in rows:
        if row["formula"] in known or tuple(row["a"]) not in heads:
            continue
        for name in groups.get(_group(row), ()):
            relation = screen.confirmed(_value(row), by_name[name])
            if relation is not None:
                found.append(_row(row["formula"], relation))
                break
    return pa.Table.from_pylist(found, schema=labels.schema)


def _group(row: dict[str, Any]) -> tuple[tuple[int, ...], Shape] | None:
    place = coordinates(tuple(row["a"]), tuple(row["b"]))
    return None if place is None else (tuple(row["a"]), place[0])


def _recipe(constants: list[Constant], least_margin: float) -> str:
    """What the labels depend on besides the shard."""
    table = [(c.name, c.expression, c.family, c.symbol) for c in constants]
    text = json.dumps([table, least_margin, _SCREEN_MARGIN, LEAST_DIGITS])
    return hashlib.sha256(text.encode()).hexdigest()


def _read_part(path: Path, recipe: str) -> pa.Table | None:
    """The labels of a shard found earlier in the same way, None where there are none."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        return None
    metadata = table.schema.metadata or {}
    return table if metadata.get(b"recipe") == recipe.encode() else None


def _empty() -> pa.Table:
    return pa.Table.from_pylist([], schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class _Value:
    """The limit of a class's first formula: its certain decimals, and cut to integers for screening."""

    text: str
    digits: int
    scaled: int
    status: str

    @property
    def sure(self) -> int:
        """The digits that count beside a relation's largest entry."""
        return self.digits - max(0, len(self.text.split(".")[0].lstrip("-")) - 1) - 1


class Screen:
    """Identifies the values of many formulas, each class once."""

    def __init__(self, constants: list[Constant], least_margin: float = LEAST_MARGIN) -> None:
        self.constants = [c for c in constants if c.family != "algebraic"]
        self.least_margin = least_margin
        self.tests = 0

    def identify(self, rows: list[dict[str, Any]]) -> list[Identification | None]:
        """The identification of each row's formula, from the certain decimals of its limit."""
        homes = [canonical(tuple(row["a"]), tuple(row["b"])) for row in rows]
        first: dict[Any, int] = {}
        for i, home in enumerate(homes):
            first.setdefault((home.a, home.b), i)
        values = [_value(rows[i]) for i in first.values()]
        known = dict(zip(first, self._of_classes(values), strict=True))
        out: list[Identification | None] = []
        for row, home in zip(rows, homes, strict=True):
            found = known[home.a, home.b]
            start = homes[first[home.a, home.b]]
            if found is None:
                out.append(None)
            elif found.mobius is None:
                # The image of an algebraic value is algebraic; its polynomial is found anew.
                out.append(self._algebraic(_value(row)))
            else:
                p, q, r, s = start.mobius
                inverse = compose((s, -q, -r, p), found.mobius)
                moved = with_positive_lead(compose(home.mobius, inverse))
                out.append(replace(found, mobius=moved))
        return out

    def _of_classes(self, values: list[_Value]) -> list[Identification | None]:
        out: list[Identification | None] = [None] * len(values)
        unit = 10**_PRECISE
        square = [[v.scaled * v.scaled // unit, v.scaled, unit] for v in values]
        linear = [[v.scaled, unit] for v in values]
        passed = set(self._passing(range(len(values)), square))
        passed.update(self._passing(range(len(values)), linear))
        passed.update(i for i, v in enumerate(values) if abs(v.scaled) <= 1)
        for i in passed:
            out[i] = self._algebraic(values[i])
        for constant in self.constants:
            excluded = "periods" if constant.family == "exponential" else "exponential"
            k = _scaled(constant)
            tried = [
                i
                for i, v in enumerate(values)
                if out[i] is None
                and ("exponential" if v.status == "factorial" else "periods") != excluded
            ]
            entries = [[values[i].scaled * k // unit, values[i].scaled, k, unit] for i in tried]
            for i in self._passing(tried, entries):
                out[i] = self.confirmed(values[i], constant)
        return out

    def _passing(self, indices: Sequence[int], numbers: list[list[int]]) -> list[int]:
        """Those whose 18 digits leave a relation possible."""
        if not numbers:
            return []
        self.tests += len(numbers)
        words = np.array([scaled_to_words(row) for row in numbers], dtype=np.int64)
        limit = largest_coefficient(words.shape[1], _SCREEN_MARGIN)
        return [
            i for i, height in zip(indices, shortest_heights(words), strict=True) if height <= limit
        ]

    def confirmed(self, value: _Value, constant: Constant) -> Identification | None:
        """The relation to a constant, if all certain digits bear it out."""
        with flint.ctx.workprec(int(value.digits * 3.33) + 64):
            ball = read_ball(value.text, value.digits)
            return mobius_relation(ball, constant, value.sure, least_margin=self.least_margin)

    def _algebraic(self, value: _Value) -> Identification | None:
        """The rational or quadratic value, if all certain digits bear it out."""
        with flint.ctx.workprec(int(value.digits * 3.33) + 64):
            ball = read_ball(value.text, value.digits)
            if ball.contains(0):
                return Identification("rational", None, (1, 0), value.digits, float(value.digits))
            return algebraic_relation(ball, value.sure, 2, least_margin=self.least_margin)


def _value(row: dict[str, Any]) -> _Value:
    digits = int(row["digits"])
    scaled = int(row["limit"].replace(".", "")) // 10 ** (digits - _PRECISE)
    return _Value(row["limit"], digits, scaled, row["status"])


def _scaled(constant: Constant) -> int:
    """The constant times a power of ten, as an integer."""
    with flint.ctx.workprec(int(_PRECISE * 3.33) + 64):
        return int((constant.ball(_PRECISE + 10) * arb(10) ** _PRECISE).mid().floor().unique_fmpz())


def read_ball(text: str, digits: int) -> Any:
    """The ball of all numbers that round to a decimal text with so many decimals."""
    return arb(text) + arb(0, 1) * arb(10) ** -digits / 2


def read_labels(folder: Path) -> pa.Table:
    """The labels of a sweep; one clear error where there are none."""
    path = folder / LABELS
    if not path.exists():
        raise UsageError(f"{folder} has no labels yet; make them with: lemmata pcf label {folder}")
    return pq.read_table(path)


def _row(formula: str, found: Identification) -> dict[str, Any]:
    big = found.mobius is not None and max(map(abs, found.mobius)) >= 2**63
    return {
        "formula": formula,
        "constant": found.constant,
        "closed_form": format_mobius(found.mobius, found.symbol) if found.mobius else str(found),
        "mobius": None if found.mobius is None or big else list(found.mobius),
        "polynomial": None if found.polynomial is None else list(found.polynomial),
        "verified_digits": found.digits,
        "margin": found.margin,
    }
