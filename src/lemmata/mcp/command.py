"""``lemmata mcp``: the command that starts the server."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lemmata.cli.app import app

_EPILOG = """
Examples:

    lemmata mcp --root ~/theories

    lemmata mcp --transport http --port 8765 --root ~/theories --root ~/proofs
"""


class Transport(StrEnum):
    """How clients talk to the server."""

    stdio = "stdio"
    http = "http"
    streamable_http = "streamable-http"


@app.command(epilog=_EPILOG)
def mcp(
    transport: Annotated[
        Transport, typer.Option(help="stdio, or http: streamable HTTP at /mcp.")
    ] = Transport.stdio,
    host: Annotated[str, typer.Option(help="With http: a loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="With http: the port.")] = 8765,
    root: Annotated[
        list[Path] | None,
        typer.Option(help="A folder below which files may be read and written; repeat for more."),
    ] = None,
    max_seconds: Annotated[
        float, typer.Option(help="Most CPU seconds that a search may be given.")
    ] = 120.0,
    timeout: Annotated[float, typer.Option(help="Seconds after which any call is ended.")] = 600.0,
    jobs: Annotated[int, typer.Option(min=1, help="Calls that run at the same time.")] = 2,
) -> None:
    """Serve Lemmata's tools to agents by the Model Context Protocol, on this machine alone.

    Without --root no file is read or written; theories can still be given as text.
    """
    from importlib.util import find_spec
    from ipaddress import ip_address

    from lemmata.engine.errors import UsageError

    if find_spec("mcp") is None:
        raise UsageError("this needs the package mcp; install it with: pip install 'lemmata[mcp]'")
    from .calls import Limits
    from .roots import Roots
    from .server import make_server
    from .worker import warm_up

    try:
        is_local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise UsageError(
            f"'{host}' is not a loopback address: the server has no log-in, so it serves this "
            "machine alone"
        )
    server = make_server(Roots.of(root or []), Limits(max_seconds, timeout, jobs))
    warm_up()
    if transport is Transport.stdio:
        server.run("stdio")
    else:
        server.run("streamable-http", host=host, port=port)
