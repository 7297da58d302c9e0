"""Published theories: definition files, their JSON configuration, and lists of theorems.

They hold core expressions alone, in which every name is a variable or a definition; see
``lemmata.dsl.configuration`` for the configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from lemmata.engine.theory import Theory

from . import syntax
from .assembly import Assembly
from .configuration import Entry, read_configuration
from .diagnostics import Problems, Source
from .library import read_text
from .parser import Document, parse_core
from .printer import declaration_text, expression_text
from .segment import KEYWORDS
from .syntax import CoreAtom, CoreForall, Expression, Group, Name
from .vocabulary import Vocabulary

_KEYWORD = re.compile(rf"^[ \t]*({'|'.join(KEYWORDS)})[ \t]", re.MULTILINE)

SUFFIXES = (".txt", ".mpl")
"""Published texts have these."""


@dataclass(frozen=True, slots=True)
class Line:
    """One theorem of a list, and the number of its line."""

    number: int
    start: int
    end: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A definition file (one ``body``) or a list of theorems (``lines``)."""

    source: Source
    body: Expression | None = None
    lines: tuple[Line, ...] = ()

    def canonical_text(self) -> str:
        """The same expressions without spaces; comments and blank lines of a list stay."""
        if self.body is not None:
            return expression_text(self.body) + "\n"
        text, shown = self.source.text, []
        by_number = {line.number: line for line in self.lines}
        for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
            theorem = by_number.get(number)
            shown.append(expression_text(theorem.expression) if theorem else line.rstrip())
        return "\n".join(shown) + "\n"


def is_published(source: Source) -> bool:
    """Whether a ``.mpl`` file is a published definition: one core expression and nothing else."""
    text = source.text.strip()
    if text[:1] not in ("(", "!") or ":=" in text or len(text) > 1_000_000:
        return False
    return parse_core(source, 0, len(source.text), Problems()) is not None


def read_file(source: Source, is_definition: bool | None, problems: Problems) -> PublishedFile:
    """A published text; without ``is_definition`` its form tells what it is.

    It is a list when each of its lines is an expression, unless there is but one and that does
    not begin with an anchor. Errors are noted in ``problems``.
    """
    attempt = Problems()
    if is_definition is None:
        lines = _lines(source, attempt)
        is_list = not attempt.errors and (len(lines) != 1 or _has_anchor(lines[0].expression))
        if is_list:
            return PublishedFile(source, None, lines)
        whole = parse_core(source, 0, len(source.text), Problems())
        is_definition = whole is not None or not _looks_like_list(source.text)
        if whole is not None:
            return PublishedFile(source, whole)
    if is_definition:
        return PublishedFile(source, parse_core(source, 0, len(source.text), problems))
    return PublishedFile(source, None, _lines(source, problems))


def _lines(source: Source, problems: Problems) -> tuple[Line, ...]:
    found, offset = [], 0
    for number, text in enumerate(source.text.split("\n"), 1):
        start, offset = offset, offset + len(text) + 1
        bare = text.strip()
        if problems.is_full:
            break
        if bare and not bare.startswith("#"):
            start += len(text) - len(text.lstrip())
            end = start + len(bare)
            expression = parse_core(source, start, end, problems)
            if expression is not None:
                found.append(Line(number, start, end, expression))
    return tuple(found)


def _has_anchor(expression: Expression) -> bool:
    """Whether the outermost premise is an anchor, as in every published theorem."""
    match expression:
        case Group((False, *_), CoreForall(_, Group((False, *_), CoreAtom(name)))):
            return name.text.startswith("Anchor")
        case _:
            return False


def _looks_like_list(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    begins = sum(line.startswith(("(", "!(")) for line in lines)
    return begins > 1 or any(line.lstrip().startswith("#") for line in lines)


@dataclass
class Publication:
    """All that belongs to one published theory, in the order in which it was found."""

    place: Path
    entries: list[Entry] = field(default_factory=list)
    files: list[PublishedFile] = field(default_factory=list)
    bodies: dict[str, tuple[Source, Expression]] = field(default_factory=dict)

    @property
    def lists(self) -> list[PublishedFile]:
        """The lists of theorems."""
        return [file for file in self.files if file.body is None and file.lines]


def read_publication(place: Path, problems: Problems) -> Publication:
    """The published theory at a place: a folder, a configuration, or one of the texts."""
    found = Publication(place)
    folder = place if place.is_dir() else place.parent
    if place.suffix == ".json":
        configurations = [place]
    elif folder.is_dir():
        configurations = sorted(folder.rglob("*.json") if place.is_dir() else folder.glob("*.json"))
    else:
        configurations = []
    entries: dict[object, Entry] = {}
    for path in configurations:  # several may name the same definition
        for entry in read_configuration(path, path == place, problems):
            entries.setdefault((entry.name, entry.parameters, entry.file, entry.inline), entry)
    found.entries += entries.values()
    texts = {entry.file: entry for entry in found.entries if entry.file is not None}
    for entry in found.entries:
        _read_entry(entry, found, problems)
    if place.suffix == ".json":
        others = []
    elif place.is_dir():
        others = sorted(path for path in place.rglob("*") if path.suffix in SUFFIXES)
    else:
        others = [place]
    for path in others:
        if path.resolve() not in texts:
            _read_other(path, found, problems)
    if not (found.entries or found.files or problems.errors):
        problems.whole(
            str(place),
            "nothing here is a published theory",
            expected="definition files (.txt or .mpl), a JSON configuration, or theorem lists",
            hint=_hint_at_theories(folder),
        )
    return found


def _hint_at_theories(folder: Path) -> str:
    found = sorted(path.name for path in folder.glob("*.mpl")) if folder.is_dir() else []
    return f"theory files are read one by one: {', '.join(found[:5])}" if found else ""


def _read_entry(entry: Entry, found: Publication, problems: Problems) -> None:
    if entry.file is not None:
        source = read_text(entry.file, problems)
    else:
        source = Source(f"{entry.path} (full_mpl of {entry.name})", entry.inline)
    if source is None or not (entry.file or entry.inline):
        return
    file = read_file(source, True, problems)
    if entry.file is not None:
        found.files.append(file)
    if file.body is not None:
        found.bodies[entry.name] = (source, file.body)


def _read_other(path: Path, found: Publication, problems: Problems) -> None:
    """A text that no configuration names: a list, or a definition named like the file."""
    source = read_text(path, problems)
    if source is None:
        return
    first = source.text.split(None, 1)[:1]
    if found.place.is_dir() and path.suffix == ".mpl" and _KEYWORD.search(source.text):
        return  # a theory file beside published ones is none of them
    if not first:
        problems.whole(str(path), "the file is empty", expected="core expressions")
        return
    file = read_file(source, None, problems)
    found.files.append(file)
    if file.body is not None:
        names = tuple(free_names(file.body))
        found.entries.append(Entry(path.stem, names, None, str(path)))
        found.bodies[path.stem] = (source, file.body)


def free_names(expression: Expression) -> dict[str, None]:
    """The arguments that no binder binds, in the order of the text."""
    match expression:
        case CoreAtom(_, args):
            return dict.fromkeys(arg.text for arg in args)
        case CoreForall(variables, left, right):
            bound = {variable.text for variable in variables}
            inside = {**free_names(left), **free_names(right)}
            return {name: None for name in inside if name not in bound}
        case _:
            parts = syntax.children(expression)
            return {name: None for part in parts for name in free_names(part)}


def load_published(place: Path) -> Theory:
    """The theory of a published folder, configuration, definition or list of theorems.

    Definitions become definition statements, theorems conjectures named by their lines.
    """
    problems = Problems()
    if not place.exists():
        read_text(place, problems)
        problems.raise_any()
    publication = read_publication(place, problems)
    problems.raise_any()
    documents = _documents(publication)
    vocabulary = Vocabulary(is_open=True)
    name = place.resolve().stem or "theory"
    theory = Assembly(documents, problems, vocabulary).theory(name, str(place), "")
    problems.raise_any()
    if theory is None:
        raise AssertionError("a theory without errors was not built")
    return _with_source(theory, documents, vocabulary)


def _documents(publication: Publication) -> list[Document]:
    documents = []
    for entry in publication.entries:
        body = publication.bodies.get(entry.name)
        if body is None:
            if entry.types is not None:
                sorts = tuple(map(Name, entry.types))
                declared = syntax.PredicateDeclaration((Name(entry.name),), sorts, None)
                statement = syntax.Statement(declared)
                documents.append(Document(Source(entry.path, ""), (statement,)))
            continue
        source, expression = body
        content: syntax.Declaration
        if entry.types is None:
            head = CoreAtom(Name(entry.name), tuple(map(Name, entry.parameters)))
            content = syntax.CoreDefinition(head, expression)
        else:
            typed = tuple(
                syntax.Parameter(Name(name), Name(type_))
                for name, type_ in zip(entry.parameters, entry.types, strict=True)
            )
            content = syntax.Definition(Name(entry.name), "call", typed, None, expression, False)
        documents.append(Document(source, (syntax.Statement(content),)))
    lists = publication.lists
    for file in lists:
        prefix = f"{Path(file.source.path).stem}." if len(lists) > 1 else ""
        claims = tuple(
            syntax.Statement(
                syntax.Claim("conjecture", Name(f"{prefix}line{line.number}"), line.expression),
                line.start,
                line.end,
            )
            for line in file.lines
        )
        documents.append(Document(file.source, claims))
    return documents


def _with_source(theory: Theory, documents: list[Document], vocabulary: Vocabulary) -> Theory:
    """The theory with a text from which it can be read again, all types written out."""
    types = theory.signature.predicate
    lines = [declaration_text(syntax.TheoryName(Name(theory.name)))]
    for name in vocabulary.open:
        sorts = tuple(map(Name, types[name].arguments))
        lines.append(declaration_text(syntax.PredicateDeclaration((Name(name),), sorts, None)))
    for document in documents:
        for statement in document.statements:
            content = statement.content
            if isinstance(content, syntax.CoreDefinition):
                name = content.head.name.text
                typed = tuple(
                    syntax.Parameter(arg, Name(sort))
                    for arg, sort in zip(content.head.args, types[name].arguments, strict=True)
                )
                content = syntax.Definition(
                    content.head.name, "call", typed, None, content.body, False
                )
            lines.append(declaration_text(content))
    return replace(theory, source="\n".join(lines) + "\n")
