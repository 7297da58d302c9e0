"""Foreign programs compiled here, which runs nothing of them, once for all who need the code."""

from __future__ import annotations

import marshal
import warnings
from functools import lru_cache
from types import CodeType

_LONGEST = 100_000


@lru_cache(maxsize=64)
def code_of(source: str) -> CodeType | None:
    """The code of a program; ``None`` where that cannot be had, or the text is very long."""
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(source, "<program>", "exec", dont_inherit=True)
    except Exception:  # whoever runs the program meets it as well, and says what it is
        return None


def packed(source: str) -> bytes | None:
    """A program's code for workers, which run the same Python; ``None`` where they shall compile.

    This process has compiled before; in a new worker each page that it touches is copied first.
    """
    code = code_of(source)
    return None if code is None else marshal.dumps(code)
