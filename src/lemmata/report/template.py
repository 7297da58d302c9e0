"""Templates of pages, compiled once and kept the way Python keeps its own byte code."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket


def templates(package: str) -> Environment:
    """The templates of a package, with everything escaped and nothing undefined let pass.

    They do not change while pages are written.
    """
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_Kept(),
    )


class _Kept(FileSystemBytecodeCache):
    """Compiled templates beside the byte code of this module, as far as Python keeps that.

    A template that has changed is compiled again: what is kept names the checksum of its source.
    """

    def __init__(self) -> None:
        folder = Path(cache_from_source(__file__)).parent
        super().__init__(str(folder), "template.%s.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is kept of a template, if it can be read and is whole."""
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template, if the folder can be written to and Python may write byte code."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
