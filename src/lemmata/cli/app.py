"""The root of the command line, where the groups of commands are put together."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="lemmata",
    help="Axioms in, checked proofs out.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.callback()
def root() -> None:
    """Axioms in, checked proofs out."""


def main() -> None:
    """Run the command line."""
    app()
