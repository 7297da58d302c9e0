"""The folder that proof files are written to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lemmata.engine.checker import Theorem
from lemmata.engine.errors import UsageError
from lemmata.engine.proof_file import ProofWriter


def make_folder(path: Path, what: str) -> None:
    """Makes a folder that ``what`` can be written to; ``UsageError`` if that cannot be.

    Asked before a search begins, so that no result is lost for want of a place.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".lemmata"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"cannot write {what} to {path}: {error.strerror}") from None


@dataclass(slots=True)
class ProofFolder:
    """Proof files by the names of their theorems, no two names in one file."""

    path: Path
    places: dict[str, Path] = field(default_factory=dict)
    proofs: ProofWriter = field(default_factory=ProofWriter)

    def __post_init__(self) -> None:
        make_folder(self.path, "proofs")

    def place(self, name: str) -> Path:
        """The proof file of a theorem; what no file name can hold is replaced.

        Names that differ only in that, or in case, get numbers.
        """
        if name not in self.places:
            safe = "".join(c if c.isalnum() or c in "_-.'" else "_" for c in name)
            taken = {place.name.lower() for place in self.places.values()}
            file, count = f"{safe}.json", 1
            while file.lower() in taken:
                count += 1
                file = f"{safe}-{count}.json"
            self.places[name] = self.path / file
        return self.places[name]

    def write(self, theorem: Theorem) -> Path:
        """Writes the proof file of a theorem, with the lemmas it rests on; returns its place."""
        place = self.place(theorem.name)
        try:
            place.write_text(self.proofs.write(theorem), "utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {place}: {error.strerror}") from None
        return place
