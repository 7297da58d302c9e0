"""Safe file names for things whose names may be anything."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_LENGTH = 60
# Names that some file systems keep for devices.
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$")


@dataclass
class Addresses:
    """Gives each name a file name of lower-case ASCII letters, digits and hyphens.

    No two differ in case alone, so that the site can be copied to any file system.

    >>> addresses = Addresses()
    >>> [addresses.file(name) for name in ("add_zero", "Add/Zero", "<script>", "+")]
    ['add-zero', 'add-zero-2', 'script', 'u2b']
    """

    taken: set[str] = field(default_factory=set)

    def file(self, name: str) -> str:
        """A file name, without extension, that was not given out before."""
        stem = _slug(name)
        chosen, number = stem, 2
        while chosen in self.taken:
            chosen, number = f"{stem}-{number}", number + 1
        self.taken.add(chosen)
        return chosen


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LENGTH].strip("-")
    if not slug:
        slug = "-".join(f"u{ord(letter):x}" for letter in name[:8]) or "unnamed"
    return f"{slug}-1" if _DEVICES.match(slug) else slug
