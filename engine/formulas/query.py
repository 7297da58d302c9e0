"""Ask a sweep's folder with SQL conditions, through DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from ..errors import UsageError
from .cluster import CLUSTERS
from .label import LABELS
from .shard import sound_shards

COLUMNS = (
    "formula", "status", "value", "digits", "delta", "constant", "closed_form", "margin", "cluster"
)  # fmt: skip
"""What a query shows; every other column can stand in its condition."""


def connect(folder: Path | str) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the view ``formulas`` over shards, labels and clusters.

    The limit is the column ``value``, the reduced irrationality measure also ``delta``.
    """
    target = Path(folder)
    sound_shards(target)
    connection = duckdb.connect()
    shards = _quoted(target / "shard-*.parquet")
    joins, extra = "", ""
    if (target / LABELS).exists():
        joins += f" LEFT JOIN read_parquet({_quoted(target / LABELS)}) l USING (formula)"
        extra += ", l.constant, l.closed_form, l.mobius, l.polynomial, l.verified_digits, l.margin"
    else:
        extra += (
            ", NULL::VARCHAR AS constant, NULL::VARCHAR AS closed_form, NULL::BIGINT[] AS mobius, "
            "NULL::BIGINT[] AS polynomial, NULL::INTEGER AS verified_digits, NULL::DOUBLE AS margin"
        )
    if (target / CLUSTERS).exists():
        joins += f" LEFT JOIN read_parquet({_quoted(target / CLUSTERS)}) c USING (formula)"
        extra += ", c.cluster, c.probability"
    else:
        extra += ", NULL::INTEGER AS cluster, NULL::FLOAT AS probability"
    connection.execute(
        'CREATE VIEW formulas AS SELECT s.* EXCLUDE ("limit"), s."limit" AS value, '
        f"s.reduced_delta AS delta{extra} FROM read_parquet({shards}) s{joins}"
    )
    return connection


def query(
    folder: Path | str, condition: str, *, rows: int = 100, order: str = ""
) -> list[dict[str, Any]]:
    """The formulas that meet a condition, such as ``constant = 'pi' and delta > 0``.

    NaN never meets a comparison. ``order`` is a column or expression to sort by.
    """
    connection = connect(folder)
    # In DuckDB NaN is greater than every number; here an undefined metric meets no condition.
    statement = f"SELECT {', '.join(COLUMNS)} FROM (SELECT * REPLACE ({_nan_to_null()}) FROM formulas) WHERE ({condition})"
    if order:
        statement += f" ORDER BY {order}"
    try:
        if len(duckdb.extract_statements(statement)) != 1:
            raise UsageError("a query is one condition, such as constant = 'pi' and delta > 0")
        result = connection.execute(f"{statement} LIMIT {int(rows)}")
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except duckdb.Error as error:
        message = str(error).split("\n")[0]
        raise UsageError(
            f"the condition {condition!r} cannot be answered: {message}\n"
            f"  columns: {', '.join(columns(connection))}"
        ) from None


def columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of all columns that a condition may use."""
    return [str(row[0]) for row in connection.execute("DESCRIBE formulas").fetchall()]


def export(folder: Path | str, condition: str, path: Path | str) -> int:
    """Write the formulas that meet a condition as .parquet, .csv or .json; the number of rows."""
    target = Path(path)
    kinds = {".parquet": "PARQUET", ".csv": "CSV", ".json": "JSON"}
    if target.suffix not in kinds:
        raise UsageError(f"a table is written as .parquet, .csv or .json, found {target.name}")
    connection = connect(folder)
    try:
        done = connection.execute(
            f"COPY (SELECT * FROM (SELECT * REPLACE ({_nan_to_null()}) FROM formulas) WHERE ({condition})) "
            f"TO {_quoted(target)} (FORMAT {kinds[target.suffix]})"
        ).fetchone()
    except duckdb.Error as error:
        raise UsageError(f"cannot export {condition!r}: {str(error).splitlines()[0]}") from None
    return int(done[0]) if done else 0


def _nan_to_null() -> str:
    from .metrics import METRIC_NAMES

    names = (*METRIC_NAMES, "delta")
    return ", ".join(
        f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {name}" for name in names
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
