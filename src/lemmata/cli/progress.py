"""True progress on a terminal, and silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Show(Protocol):
    """Says how many parts are done and which is under way."""

    def __call__(self, done: int, current: str) -> None:
        """Part number ``done`` is begun."""


listener: Callable[[str], None] | None = None
"""Who is told of progress in place of a terminal, for instance an agent that waits."""


@contextmanager
def progress(title: str, total: int) -> Iterator[Show]:
    """A progress bar on standard error while the block runs, if that is a terminal."""
    if listener is not None:
        tell = listener
        yield lambda done, current: tell(f"{title}: {current} ({done} of {total} done)")
        return
    if not sys.stderr.isatty():
        yield lambda done, current: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda done, current: bar.update(
            task, completed=done, description=f"{title}: {current}"
        )


@contextmanager
def status(title: str) -> Iterator[Callable[[str], None]]:
    """A line on standard error that says how far the block is, if that is a terminal."""
    if listener is not None:
        tell = listener
        yield lambda text: tell(f"{title}: {text}")
        return
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(title)) as line:
        yield lambda text: line.update(escape(f"{title}: {text}"))
