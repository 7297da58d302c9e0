"""The root of the command line, where the groups of commands are put together."""

from __future__ import annotations

import sys

import typer

from lemmata.engine.errors import LemmataError

app = typer.Typer(
    name="lemmata",
    help="Axioms in, checked proofs out.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root() -> None:
    """Axioms in, checked proofs out.

    Exit codes: 0 proved or done, 1 refuted, 2 bad usage or input, 3 unknown, 130 interrupted.
    """


def main() -> None:
    """Run the command line; what goes wrong is one message on standard error and exit code 2."""
    try:
        app()
    except LemmataError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
