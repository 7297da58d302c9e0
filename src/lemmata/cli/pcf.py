"""Commands for polynomial continued fractions: ``lemmata pcf …``."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .app import app
from .models import Choice, takes_model

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
    from lemmata.engine.formulas.shard import tally
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
        **(tally(outcome.folder) if outcome.formulas else {}),
        "damaged_and_computed_again": [str(p) for p in outcome.recomputed],
    }
    if output is Format.json:
        typer.echo(json.dumps(result))
    else:
        state = "complete" if outcome.complete else "stopped early; the same command goes on"
        typer.echo(f"{outcome.formulas:,} formulas in {outcome.folder} ({state})")
        if outcome.formulas:
            typer.echo(
                f"{result['terminating']:,} terminate, {result['complex_eigenvalues']:,} have complex "
                f"eigenvalues, {result['remaining']:,} remain"
            )
        for path in outcome.recomputed:
            typer.echo(f"damaged shard set aside and computed again: {path}")
    raise typer.Exit(0 if outcome.complete else 3)


@pcf.command()
def label(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.")],
    constants: Annotated[
        list[str] | None,
        typer.Option("--constant", help='A constant to try as well, "name = expression".'),
    ] = None,
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler, tcp://host:8786.")
    ] = None,
    output: FormatOption = Format.text,
) -> None:
    """Screen every formula of a sweep against the table of constants.

    Example: `lemmata pcf label DIR --constant "ln7 = log(7)"`

    The same command goes on after an interruption.
    """
    from dataclasses import asdict

    from lemmata.engine.formulas.constants import CONSTANTS, parse_constant
    from lemmata.engine.formulas.label import label as run

    known = [*map(parse_constant, constants or []), *CONSTANTS.values()]
    outcome = run(folder, known, jobs=jobs, cluster=cluster, report=_shards_done)
    if output is Format.json:
        typer.echo(json.dumps(asdict(outcome), ensure_ascii=False))
        return
    typer.echo(
        f"{outcome.labelled:,} of {outcome.screened:,} infinite formulas labelled, "
        f"{outcome.too_few_digits:,} with too few certain digits; {outcome.tests:,} lattice "
        f"reductions, at most {outcome.expected_spurious:.1e} accidents expected; relations with "
        f"coefficients up to {outcome.largest_coefficient:,} are surely seen"
    )
    for name, count in outcome.by_constant.items():
        typer.echo(f"  {name:28}{count:8,}")


@pcf.command()
def cluster(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.")],
    metrics: Annotated[
        list[str] | None, typer.Option("--metric", help="A metric to cluster by; repeat for more.")
    ] = None,
    min_size: Annotated[int, typer.Option(help="Least size of a cluster.")] = 20,
    min_samples: Annotated[int, typer.Option(help="Neighbours that make a point dense.")] = 5,
    within: Annotated[int | None, typer.Option(help="Split only this cluster further.")] = None,
    output: FormatOption = Format.text,
) -> None:
    """Cluster a sweep by the dynamics of convergence (HDBSCAN).

    Example: `lemmata pcf cluster DIR --metric reduced_delta --metric rate_linear`
    """
    from dataclasses import asdict

    from lemmata.engine.formulas.cluster import DEFAULT_METRICS
    from lemmata.engine.formulas.cluster import cluster as run

    outcome = run(
        folder,
        metrics=tuple(metrics or DEFAULT_METRICS),
        min_size=min_size,
        min_samples=min_samples,
        within=within,
    )
    if output is Format.json:
        typer.echo(json.dumps(asdict(outcome)))
        return
    typer.echo(
        f"{outcome.clusters:,} clusters of {outcome.points:,} points by "
        f"{', '.join(outcome.metrics)}; {outcome.noise:,} points are noise, "
        f"{outcome.skipped:,} formulas lack a metric"
    )
    typer.echo("largest: " + ", ".join(f"{size:,}" for size in outcome.sizes[:12]))


@pcf.command()
@takes_model("hypotheses")
def families(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of a labelled sweep; a model needs none.")
    ] = None,
    least: Annotated[int, typer.Option(help="Least number of members in the sweep.")] = 5,
    outside: Annotated[int, typer.Option(help="Members tested outside the box.")] = 8,
    output: FormatOption = Format.text,
    *,
    choice: Choice,
) -> None:
    """Find parametric families among the labels, test them outside the box, prove what can be.

    With --proposer llm a model proposes families, with or without the labels of a sweep before it;
    members near and far decide.

    Example: `lemmata pcf families DIR`
    """
    from lemmata.engine.errors import UsageError

    if choice.is_on:
        from .family_proposals import propose_families

        found, told = propose_families(choice, folder, outside)
    elif folder is None:
        raise UsageError("give the folder of a labelled sweep, or --proposer llm")
    else:
        from lemmata.engine.formulas.swept import families as run

        found, told = run(folder, least=least, outside=outside), None
    rows = [
        {
            "family": str(f.shape),
            "condition": f.condition.text(f.shape.names()),
            "constant": f.constant,
            "status": f.status,
            "inside": f.inside,
            "outside": f.outside,
            "digits": f.digits,
            "proof": f.proof,
        }
        for f in found
    ]
    if output is Format.json:
        data = rows if told is None else {"families": rows, "proposer": told.as_dict()}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for f in found:
        typer.echo(str(f))
        typer.echo(
            f"    {f.inside} members in the sweep ({f.rational_inside} rational), {f.outside} outside, "
            f"each verified to {f.digits} digits or all the sweep's"
            if told is None
            else f"    {f.inside} members near the origin, {f.outside} farther out, to {f.digits} digits"
        )
        if f.proof:
            typer.echo(f"    {f.proof}")
    if told is not None:
        typer.echo("\n".join(told.lines()))


@pcf.command()
def query(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.")],
    condition: Annotated[str, typer.Argument(help="A condition in SQL.")],
    rows: Annotated[int, typer.Option(help="Most rows to show.")] = 50,
    order: Annotated[str, typer.Option(help="What to sort by.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Write all rows as .parquet, .csv or .json.")
    ] = None,
    output: FormatOption = Format.text,
) -> None:
    """List the formulas that meet a condition.

    Example: `lemmata pcf query DIR "constant = 'pi' and delta > 0"`
    """
    from lemmata.engine.formulas.query import export
    from lemmata.engine.formulas.query import query as run

    if out is not None:
        typer.echo(f"{export(folder, condition, out):,} rows in {out}")
        return
    found = run(folder, condition, rows=rows, order=order)
    if output is Format.json:
        typer.echo(json.dumps([_without_nan(row) for row in found], ensure_ascii=False))
        return
    for row in found:
        delta = "" if row["delta"] is None else f"{row['delta']: .6f}"
        known = f"{row['constant']}: {row['closed_form']}" if row["constant"] else ""
        typer.echo(f"{row['formula']:34} {row['value'][:24]:26} {delta:10} {known}")
    typer.echo(f"{len(found)} rows" + (", more may follow" if len(found) == rows else ""))


@pcf.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a sweep.")],
    html: Annotated[Path, typer.Option("--html", help="Folder for the pages.")],
    points: Annotated[int, typer.Option(help="Most points drawn on the map.")] = 60_000,
    pages: Annotated[int, typer.Option(help="Most pages of single formulas.")] = 1000,
) -> None:
    """Write an HTML report that needs no network.

    Example: `lemmata pcf report DIR --html SITE`
    """
    from lemmata.report.formulas import write_report

    written = write_report(folder, html, points=points, pages=pages)
    typer.echo(f"{written} pages in {html}; open {html / 'index.html'}")


def _shards_done(done: int, total: int) -> None:
    typer.echo(f"{done} of {total} shards", err=True)


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
    proved = fraction.prove()
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
        "proved": str(proved) if proved else None,
        "theorem": proved.theorem if proved else None,
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
    if result["proved"]:
        typer.echo(f"proved      {result['proved']}   ({result['theorem']})")
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
