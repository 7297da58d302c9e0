"""Commands for polynomial continued fractions: ``lemmata pcf …``."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .app import app

pcf = typer.Typer(
    name="pcf",
    help="Continued fractions for constants: evaluate, sweep, cluster, identify.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(pcf)


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]


@pcf.command()
def show(
    formula: Annotated[str, typer.Argument(help='Two polynomials in n, "a | b".')],
    digits: Annotated[int, typer.Option(help="Decimals of the limit.")] = 60,
    depth: Annotated[int, typer.Option(help="Depth of the metrics.")] = 2000,
    constants: Annotated[
        list[str] | None,
        typer.Option("--constant", help='A constant to try as well, "name = expression".'),
    ] = None,
    output: FormatOption = Format.text,
) -> None:
    """Evaluate, measure and identify one continued fraction.

    Example: `lemmata pcf show "2n+1 | n^2"`

    Exit code 0; 3 if the value was not identified.
    """
    from lemmata.engine.formulas.fraction import PCF

    fraction = PCF.parse(formula)
    result = _describe(fraction, digits, depth, constants or [])
    if output is Format.json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print(result)
    raise typer.Exit(0 if result["identified"] or not result["converges"] else 3)


@pcf.command()
def sweep(
    out: Annotated[Path, typer.Option("--out", help="Folder of the sweep; resumed if it exists.")],
    degrees: Annotated[tuple[int, int], typer.Option(help="Highest degrees of a and b.")] = (2, 2),
    box: Annotated[int, typer.Option(help="Coefficients from −BOX to BOX.")] = 5,
    low: Annotated[int | None, typer.Option(help="Least coefficient, if not −BOX.")] = None,
    depth: Annotated[int, typer.Option(help="Depth of the metrics.")] = 2000,
    digits: Annotated[int, typer.Option(help="Decimals of each limit.")] = 80,
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler, tcp://host:8786.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Stop after so many CPU seconds; go on later.")
    ] = None,
    output: FormatOption = Format.text,
) -> None:
    """Measure every continued fraction of a box into a folder of Parquet shards.

    Example: `lemmata pcf sweep --degrees 2 2 --box 5 --depth 2000 --out DIR`

    The same command goes on after an interruption. Exit code 0 when complete, 3 when stopped early.
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.formulas.box import Box
    from lemmata.engine.formulas.sweep import Progress
    from lemmata.engine.formulas.sweep import sweep as run

    def report(now: Progress) -> None:
        typer.echo(
            f"{now.done:,} of {now.total:,} formulas, {now.rate:,.0f} a second, "
            f"{_duration(now.remaining)} left",
            err=True,
        )

    outcome = run(
        Box(degrees[0], degrees[1], -box if low is None else low, box),
        out,
        depth=depth,
        digits=digits,
        jobs=jobs,
        cluster=cluster,
        report=report,
        budget=Budget(seconds=seconds) if seconds is not None else None,
    )
    result = {
        "folder": str(outcome.folder),
        "formulas": outcome.formulas,
        "complete": outcome.complete,
        "shards": outcome.shards,
        "damaged_and_computed_again": [str(p) for p in outcome.recomputed],
    }
    if output is Format.json:
        typer.echo(json.dumps(result))
    else:
        state = "complete" if outcome.complete else "stopped early; the same command goes on"
        typer.echo(f"{outcome.formulas:,} formulas in {outcome.folder} ({state})")
        for path in outcome.recomputed:
            typer.echo(f"damaged shard set aside and computed again: {path}")
    raise typer.Exit(0 if outcome.complete else 3)


def _duration(seconds: float) -> str:
    if seconds == float("inf"):
        return "unknown time"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def _describe(fraction: Any, digits: int, depth: int, extra: list[str]) -> dict[str, Any]:
    from lemmata.engine.formulas.constants import CONSTANTS, parse_constant
    from lemmata.engine.formulas.limit import Limit

    value = fraction.limit(digits)
    known = [*map(parse_constant, extra), *CONSTANTS.values()]
    found = fraction.identify(known)
    certain = isinstance(value, Limit)
    return {
        "formula": fraction.text,
        "behaviour": fraction.behaviour.kind,
        "reason": fraction.behaviour.reason,
        "converges": certain,
        "limit": value.text if certain else None,
        "digits": value.digits if certain else 0,
        "method": value.method if certain else str(value),
        "identified": str(found) if found else None,
        "status": found.status if found else None,
        "margin": round(found.margin, 1) if found else None,
        "metrics": _without_nan(fraction.metrics(depth).as_dict()),
        "exact_asymptotics": {
            name: getattr(fraction.asymptotics(), name)
            for name in fraction.asymptotics().__dataclass_fields__
        },
        "equivalents": [
            {"formula": type(fraction)(list(e.a), list(e.b)).text, "mobius": e.mobius, "how": e.how}
            for e in fraction.equivalents()
        ],
    }


def _without_nan(values: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and v != v else v for k, v in values.items()}


def _print(result: dict[str, Any]) -> None:
    typer.echo(f"{result['formula']}   ({result['behaviour']}: {result['reason']})")
    if result["converges"]:
        typer.echo(
            f"limit       {result['limit']}   ({result['digits']} digits, {result['method']})"
        )
    else:
        typer.echo(f"limit       {result['method']}")
    if result["identified"]:
        typer.echo(
            f"identified  {result['identified']}   ({result['status']}, "
            f"{result['margin']} beyond the relation's cost)"
        )
    elif result["converges"]:
        typer.echo("identified  no relation to a known constant was found")
    exact = result["exact_asymptotics"]
    for name, value in result["metrics"].items():
        if isinstance(value, float):
            known = exact.get(name)
            suffix = f"   exact {known:.10g}" if known is not None else ""
            typer.echo(f"{name:22}{value: .10f}{suffix}")
    if result["metrics"]["note"]:
        typer.echo(f"{'note':22}{result['metrics']['note']}")
    for item in result["equivalents"]:
        typer.echo(f"equivalent  {item['formula']}   ({item['how']})")
