"""The root of the command line, where the groups of commands are put together."""

from __future__ import annotations

import sys
from importlib import import_module

import click
import typer

from lemmata.engine.errors import LemmataError

GROUPS = ("prove", "check", "export", "fmt", "pcf")
"""The modules that add commands, in the order in which help shows them."""

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
    for group in GROUPS:
        import_module(f"lemmata.cli.{group}")
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except (KeyboardInterrupt, click.exceptions.Abort):
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except LemmataError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say.
        sys.stderr.close()
        sys.exit(0)
