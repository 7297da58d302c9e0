"""The root of the command line, where the groups of commands are put together."""

from __future__ import annotations

import gc
import sys
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lemmata.engine.errors import LemmataError

GROUPS = (
    "lemmata.cli.prove",
    "lemmata.cli.explore",
    "lemmata.cli.facts",
    "lemmata.cli.refute",
    "lemmata.cli.check",
    "lemmata.cli.explain",
    "lemmata.cli.export",
    "lemmata.cli.fmt",
    "lemmata.cli.formalize",
    "lemmata.cli.pcf",
    "lemmata.cli.programs",
    "lemmata.mcp.command",
)
"""The modules that add commands, in the order in which help shows them."""


class Commands(TyperGroup):
    """The commands; what goes wrong in one is one message on standard error and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # the context's class is not public in all versions of typer
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            raise typer.Exit(130) from None
        except LemmataError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(2) from None
        except BrokenPipeError:
            # Whoever read our output has gone; nothing is left to say.
            sys.stderr.close()
            raise typer.Exit(0) from None


app = typer.Typer(
    name="lemmata",
    cls=Commands,
    help="Axioms in, checked proofs out.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(is_asked: bool) -> None:
    if is_asked:
        from lemmata import __version__

        print(f"lemmata {__version__}")
        raise typer.Exit(0)


@app.callback()
def root(
    version: Annotated[  # the callback has answered before
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Name and version."),
    ] = False,
) -> None:
    """Axioms in, checked proofs out.

    Exit codes: 0 proved or done, 1 refuted, 2 bad usage or input, 3 unknown, 130 interrupted.
    """


def register() -> None:
    """Adds all commands."""
    for group in GROUPS:
        import_module(group)


@cache
def _command() -> Any:
    register()
    return typer.main.get_command(app)


def run(arguments: list[str]) -> int:
    """Runs one command line in this process; the exit code is the result."""
    try:
        _command()(arguments, prog_name="lemmata")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def main() -> None:
    """Run the command line; the process ends with the command's exit code."""
    # A search makes many small objects that live on. To look for cycles among them after every few
    # hundred would take a seventh of its time.
    gc.set_threshold(300_000, 20, 50)
    register()
    try:
        app()
    finally:
        # The end of the process gives all memory back. To look for cycles before that, as Python
        # does, takes a tenth of a second after a search.
        gc.freeze()
