"""``lemmata fmt`` prints theories in either surface, ``lemmata parse`` shows what they say."""

from __future__ import annotations

import difflib
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .app import app


class SurfaceName(StrEnum):
    """The two ways to write a theory."""

    readable = "readable"
    core = "core"


class OutputFormat(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


@app.command()
def fmt(
    files: Annotated[list[Path], typer.Argument(help="Theory files, or published files.")],
    surface: Annotated[
        SurfaceName | None,
        typer.Option(help="Write every statement in this surface, where it can be."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Print what would change; exit 1 if anything would.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Change the files instead of printing them.")
    ] = False,
) -> None:
    """Print theories in canonical form, comments kept.

    Without --surface each statement stays in the surface that it is written in. Published files
    are printed as canonical core text, unless a surface is asked for.

    Examples:

    - `lemmata fmt examples/peano.mpl`
    - `lemmata fmt --surface core examples/peano.mpl`
    - `lemmata fmt --check theories/*.mpl`
    """
    from lemmata.dsl.format import formatted
    from lemmata.engine.errors import UsageError

    if check and write:
        raise UsageError("--check and --write exclude each other")
    changed = False
    for file in files:
        for place, before, after in formatted(file, surface.value if surface else None):
            changed |= before != after
            if check:
                lines = before.splitlines(True), after.splitlines(True)
                sys.stdout.writelines(difflib.unified_diff(*lines, str(place), "formatted"))
            elif not write:
                sys.stdout.write(after)
            elif before != after:
                place.write_text(after, "utf-8", newline="\n")
    if check and changed:
        raise typer.Exit(1)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="A theory file, a published file or folder, or -.")],
    format_: Annotated[
        OutputFormat, typer.Option("--format", help="How to print it.")
    ] = OutputFormat.text,
) -> None:
    """Show what a file says: sorts, symbols, and every statement with its clauses.

    Examples:

    - `lemmata parse examples/peano.mpl`
    - `lemmata parse --format json examples/peano.mpl`
    """
    from lemmata.dsl.description import describe, described

    from .source import read_theory

    theory = read_theory(file)
    if format_ is OutputFormat.json:
        print(json.dumps(described(theory), ensure_ascii=False, indent=2))
    else:
        print(describe(theory))
