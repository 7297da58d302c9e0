"""Label a sweep: every formula with enough certain digits is screened against the constants.

A class under reflection, scaling, inflation and shift is identified once; the others follow by an
exact Möbius map. Screening uses forty digits; what passes is confirmed with all certain digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flint
import pyarrow as pa
import pyarrow.parquet as pq
from flint import arb

from ..budget import Budget
from ..errors import UsageError
from .constants import CONSTANTS, Constant
from .equivalence import Mobius, canonical, compose
from .relation import (
    LEAST_MARGIN,
    Identification,
    algebraic_relation,
    expected_spurious,
    format_mobius,
    mobius_relation,
    with_positive_lead,
)
from .shard import sound_shards, write_table

LABELS = "labels.parquet"

_SCREEN_DIGITS = 40
_SCREEN_MARGIN = 10.0
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

    ``too_few_digits`` counts infinite formulas whose limit is not certain enough to be screened.
    """

    screened: int
    labelled: int
    too_few_digits: int
    tests: int
    least_margin: float
    expected_spurious: float
    by_constant: dict[str, int]


def label(
    folder: Path | str,
    constants: Iterable[Constant] | None = None,
    *,
    least_margin: float = LEAST_MARGIN,
    report: Callable[[int, int], None] | None = None,
    budget: Budget | None = None,
) -> Labelling:
    """Screen every infinite formula of a sweep and write the labels into its folder."""
    target = Path(folder)
    paths = sound_shards(target)
    table = list(constants) if constants is not None else list(CONSTANTS.values())
    screen = Screen(table, least_margin)
    rows: list[dict[str, Any]] = []
    counts = {"screened": 0, "short": 0}
    clock = budget.start() if budget is not None else None
    for done, path in enumerate(paths, 1):
        for row in pq.read_table(path, columns=_COLUMNS).to_pylist():
            if row["status"] in ("terminates", "oscillates"):
                continue
            if row["digits"] < _SCREEN_DIGITS:
                counts["short"] += 1
                continue
            counts["screened"] += 1
            found = screen.identify(tuple(row["a"]), tuple(row["b"]), row)
            if found is not None:
                rows.append(_row(row["formula"], found))
        if report is not None:
            report(done, len(paths))
        if clock is not None and clock.is_over:
            break
    write_table(target / LABELS, pa.Table.from_pylist(rows, schema=SCHEMA))
    by_constant: dict[str, int] = {}
    for labelled in rows:
        by_constant[labelled["constant"]] = by_constant.get(labelled["constant"], 0) + 1
    return Labelling(
        counts["screened"],
        len(rows),
        counts["short"],
        screen.tests,
        least_margin,
        expected_spurious(screen.tests, least_margin),
        dict(sorted(by_constant.items(), key=lambda item: -item[1])),
    )


class Screen:
    """Identifies values class by class and remembers each class's answer."""

    def __init__(self, constants: list[Constant], least_margin: float = LEAST_MARGIN) -> None:
        self.constants = {
            "factorial": [c for c in constants if c.family != "periods"],
            "other": [c for c in constants if c.family != "exponential"],
        }
        self.least_margin = least_margin
        self.tests = 0
        self._known: dict[tuple[Any, Any], Identification | None] = {}

    def identify(
        self, a: tuple[int, ...], b: tuple[int, ...], row: dict[str, Any]
    ) -> Identification | None:
        """The identification of a formula whose limit's certain decimals are in ``row``."""
        small = canonical(a, b)
        key = (small.a, small.b)
        if key not in self._known:
            self._known[key] = self._of_class(row, small.mobius)
        found = self._known[key]
        if found is None:
            return None
        if found.mobius is None:
            # The value itself is algebraic, and so is its image; its polynomial is found anew.
            return self._direct(row, algebraic_only=True)
        moved = with_positive_lead(compose(small.mobius, found.mobius))
        return Identification(found.constant, moved, None, found.digits, found.margin, found.symbol)

    def _of_class(self, row: dict[str, Any], mobius: Mobius) -> Identification | None:
        found = self._direct(row)
        if found is None or found.mobius is None:
            return found
        p, q, r, s = mobius
        inverse = compose((s, -q, -r, p), found.mobius)
        return Identification(
            found.constant, inverse, None, found.digits, found.margin, found.symbol
        )

    def _direct(
        self, row: dict[str, Any], *, algebraic_only: bool = False
    ) -> Identification | None:
        digits = int(row["digits"])
        with flint.ctx.workprec(int(digits * 3.33) + 64):
            value = read_ball(row["limit"], digits)
            if value.contains(0):
                return Identification("rational", None, (1, 0), digits, float(digits))
            # Digits that count are relative to the relation's largest entry.
            known = digits - max(0, len(row["limit"].split(".")[0].lstrip("-")) - 1)
            screen = min(_SCREEN_DIGITS, known)
            self.tests += 1
            if algebraic_relation(value, screen, 2, least_margin=_SCREEN_MARGIN) is not None:
                sure = algebraic_relation(value, known - 1, 2, least_margin=self.least_margin)
                if sure is not None or algebraic_only:
                    return sure
            if algebraic_only:
                return None
            kind = "factorial" if row["status"] == "factorial" else "other"
            for constant in self.constants[kind]:
                if constant.family == "algebraic":
                    continue
                self.tests += 1
                if mobius_relation(value, constant, screen, least_margin=_SCREEN_MARGIN) is None:
                    continue
                sure = mobius_relation(value, constant, known - 1, least_margin=self.least_margin)
                if sure is not None:
                    return sure
        return None


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
