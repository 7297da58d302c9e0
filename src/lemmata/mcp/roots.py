"""The folders below which an agent may name files, and what holds everything else off."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lemmata
from lemmata.engine.errors import UsageError

THEORIES, PROOFS = (".mpl", ".smt2"), (".json",)
MOST = 1_000
"""So many files are listed at most; a longer list helps nobody."""


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders that an agent may read and write below; with none of them it has no files at all.

    A relative path is meant from the first folder. Links are followed before it is asked whether
    a path lies below a root.
    """

    folders: tuple[Path, ...] = ()

    @classmethod
    def of(cls, folders: Iterable[Path]) -> Roots:
        """Roots at these folders; ``UsageError`` if one is not a folder."""
        found = []
        for folder in folders:
            if not folder.is_dir():
                raise UsageError(f"the root '{folder}' is not a folder")
            found.append(folder.resolve())
        return cls(tuple(found))

    @property
    def home(self) -> Path:
        """Where relative paths begin."""
        return self.folders[0] if self.folders else Path("/")

    def holds(self, path: Path) -> bool:
        """Whether a path, links followed, lies below a root."""
        place = Path(os.path.realpath(self.home / path))
        return any(place.is_relative_to(folder) for folder in self.folders)

    def checked(self, path: str) -> str:
        """The same path; ``UsageError`` if it does not lie below a root."""
        if "\0" in path or not self.holds(Path(path)):
            raise UsageError(f"'{path}' is not below {self._told()}")
        return path

    def _told(self) -> str:
        if not self.folders:
            return "a root: this server was started without --root, so it reads no files"
        return f"a root of this server: {', '.join(map(str, self.folders))}"

    def files(self, endings: tuple[str, ...]) -> Iterator[Path]:
        """The files below the roots with these endings, at most ``MOST`` of them."""
        count = 0
        for root in self.folders:
            for folder, folders, names in os.walk(root):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    place = Path(folder) / name
                    if place.suffix in endings and self.holds(place):
                        yield place
                        count += 1
                        if count >= MOST:
                            return


def own_folders() -> tuple[str, ...]:
    """What this program itself must be able to read: Python, its packages, Lemmata."""
    paths = {sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64"}
    paths |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    for package in lemmata.__path__:
        paths.add(package)
        paths |= {os.path.join(package, name) for name in ("engine", "dsl", "provers")}
    return tuple(sorted(os.path.realpath(path) for path in paths if os.path.isdir(path)))


_SYSTEM = frozenset(
    ("/proc/self/statm", "/proc/self/mountinfo", "/proc/meminfo", "/proc/cpuinfo", "/proc/self/cgroup")
)  # fmt: skip
"""Single files outside all folders that are read to run at all; none tells a secret."""

_DEVICES = ("/dev/null", "/dev/urandom", "/dev/shm/", "/sys/devices/system/cpu", "/sys/fs/cgroup")


def confine(roots: Roots, scratch: Path) -> None:
    """From now on this process opens files below the roots and ``scratch`` alone, besides reading
    its own code; whatever else it tries ends in ``PermissionError``.

    Paths that were asked for are checked before anything runs. This is for the paths behind them:
    a theory may name files to use, a proof names its theory.
    """
    own = own_folders()
    free = tuple(str(folder) for folder in (*roots.folders, scratch.resolve()))

    def below(place: str, folders: tuple[str, ...]) -> bool:
        return any(place == folder or place.startswith(f"{folder}/") for folder in folders)

    def guard(event: str, arguments: tuple[object, ...]) -> None:
        if event not in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
            return
        path, *rest = arguments
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str):
            return  # a descriptor was opened before
        place = os.path.realpath(path)
        mode = str(rest[0]) if event == "open" and rest and rest[0] is not None else "r"
        flags = rest[1] if event == "open" and len(rest) > 1 else 0
        writes = any(sign in mode for sign in "wax+") or (
            isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        )
        if below(place, free) or place.startswith(_DEVICES):
            return
        if not writes and (below(place, own) or place in _SYSTEM or path in _SYSTEM):
            return
        raise PermissionError(13, "it lies outside the folders of this server", path)

    sys.addaudithook(guard)
