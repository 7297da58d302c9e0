"""Files: reading one, and finding those that it uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .diagnostics import Problems, Source, did_you_mean
from .parser import Document, parse_document
from .syntax import Claim, Name, TheoryName, Use

_BOM = "\ufeff"


def read_text(path: Path, problems: Problems) -> Source | None:
    """The text of a file in UTF-8, or None with the reason noted."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        near = neighbour(path)
        problems.whole(str(path), "there is no such file", hint=near)
        return None
    except IsADirectoryError:
        problems.whole(str(path), "this is a folder, not a file")
        return None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        problems.whole(str(path), f"the file cannot be read: {reason}")
        return None
    if b"\0" in data:
        expected = "a text in UTF-8"
        problems.whole(str(path), "this is a binary file", expected=expected)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.whole(
            str(path),
            f"line {line} is not valid UTF-8",
            expected="a text in UTF-8",
            hint="save the file in UTF-8",
        )
        return None
    return Source(str(path), text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n"))


def neighbour(path: Path) -> str:
    """A hint at a file of a similar name beside one that is missing."""
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return f"there is no folder '{path.parent}' either"
    return did_you_mean(path.name, names)


@dataclass
class Library:
    """The files of one theory, each read once; ``is_partial`` when one could not be."""

    problems: Problems
    is_partial: bool = False
    _read: dict[Path, Document] = field(default_factory=dict)
    _used: dict[int, Document | None] = field(default_factory=dict)

    def gather(self, document: Document, folder: Path | None) -> list[Document]:
        """A document and all that it uses; those used come before those that use them."""
        ring: list[Path] = []
        if folder is not None:
            own = (folder / Path(document.source.path).name).resolve()
            self._read[own] = document
            ring.append(own)
        return [*self._gather(document, folder, ring), document]

    def _gather(self, document: Document, folder: Path | None, ring: list[Path]) -> list[Document]:
        found: list[Document] = []
        for statement in document.statements:
            match statement.content:
                case Use(file):
                    place = self.place(document.source, file, folder, ring)
                    if place is None:
                        self.is_partial = True
                    elif place not in self._read:
                        source = read_text(place, self.problems)
                        if source is None:
                            self.is_partial = True
                            continue
                        used = parse_document(source, self.problems, is_lazy=True)
                        self._read[place] = used
                        self._used[id(statement)] = used
                        found += self._gather(used, place.parent, [*ring, place])
                        found.append(used)
                case _:
                    pass
        return found

    def place(
        self, source: Source, file: Name, folder: Path | None, ring: list[Path]
    ) -> Path | None:
        """Where a used file lies, or None with the reason noted."""
        message, hint = "", ""
        if folder is None:
            message = "a text without a file of its own cannot use another"
        else:
            path = (folder / file.text).resolve()
            if path in ring:
                names = [one.name for one in ring[ring.index(path) :]]
                names.append(path.name)
                message, hint = "files use each other in a ring", " → ".join(names)
            elif not path.is_file():
                message, hint = f"there is no file '{file.text}'", neighbour(path)
            else:
                return path
        self.problems.add(source, file.start, file.end, message, hint=hint)
        return None

    # One text for all

    def flat_text(self, document: Document, is_main: bool = True) -> str:
        """The text of a document with the files that it uses in place of ``use``."""
        if is_main and not any(isinstance(one.content, Use) for one in document.statements):
            return document.source.text
        text, parts, at = document.source.text, [], 0
        for statement in document.statements:
            match statement.content:
                case Use(file):
                    used = self._used.get(id(statement))
                    instead = f"# {file.text} is used above"
                    if used is not None:
                        inner = self.flat_text(used, is_main=False).strip("\n")
                        instead = f"# {file.text} begins\n{inner}\n# {file.text} ends"
                case TheoryName() if not is_main:
                    instead = ""
                case Claim(_, None):
                    line = document.source.span(statement.start, statement.end).line
                    body = text[statement.start : statement.end]
                    instead = f"conjecture line{line}: {body}"
                case _:
                    continue
            parts += [text[at : statement.start], instead]
            at = statement.end
        return "".join([*parts, text[at:]])
