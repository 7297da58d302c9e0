"""``lemmata explore``: the laws of a theory, found and proved from its axioms alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from .app import app
from .folder import ProofFolder, make_folder
from .models import Choice, takes_model
from .progress import status
from .prove import Format

if TYPE_CHECKING:
    from lemmata.engine.checker import Theorem
    from lemmata.engine.encoding import Json
    from lemmata.engine.exploration.development import Development, Law, Progress
    from lemmata.engine.theory import Theory
    from lemmata.provers.store import Store

    from .helping import Company

_EPILOG = """
Examples:

    lemmata explore examples/peano.mpl --html site

    lemmata explore examples/list.mpl --size 6 --store list.db --format json

    lemmata explore theory.mpl --seconds 3600 --jobs 4 --store theory.db --out proofs

    lemmata explore theory.mpl --proposer llm --model llama3.1 --base-url http://127.0.0.1:11434/v1
"""

_STOPS = {
    "size": "all statements up to this size were looked at",
    "time": "the time was spent",
    "interrupted": "interrupted: what was found is kept",
    "inconsistent": "the axioms contradict each other",
}

_OPEN = 20


@app.command(epilog=_EPILOG)
@takes_model("hypotheses")
def explore(
    file: Annotated[Path, typer.Argument(help="A theory: MPL, TIP (.smt2), a folder, or -.")],
    size: Annotated[
        int | None, typer.Option(min=1, help="Symbols that a term of a statement has at most.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="CPU seconds for the whole exploration.")] = 120.0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that prove.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler, tcp://host:8786.")
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(help="Keep each theorem in this file at once, and go on from what it holds."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write pages to this folder.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write NAME.json, a proof file, for each theorem.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    seed: Annotated[int, typer.Option(help="Another seed tries statements in another order.")] = 0,
    *,
    choice: Choice,
) -> None:
    """Find the laws of a theory: propose, refute, prove, and keep what matters.

    What the file conjectures is not looked at; the end says which of it was found.

    With --proposer llm a model proposes laws, too, once a round; they are refuted, proved and learnt
    like all others, and marked.

    Exit codes: 0 done, 2 bad usage or input, 130 interrupted (what was found is kept and printed).
    """
    from lemmata.engine.budget import Budget
    from lemmata.engine.encoding import lines_of
    from lemmata.engine.errors import UsageError
    from lemmata.engine.executor import executor
    from lemmata.provers.exploration import explore as run

    from .source import read_theory

    theory = read_theory(file)
    if not theory.signature.functions and not theory.signature.predicates:
        raise UsageError(f"{file} declares no symbols: there is nothing to explore")
    budget = Budget(seconds=seconds)
    folder = ProofFolder(out) if out is not None else None
    if html is not None:
        make_folder(html, "pages")
    limit = {} if size is None else {"size": size}
    company: Company | None = None
    if choice.is_on:
        from .helping import Company

        company = Company(theory, choice)
    with (
        nullcontext() if company is None else closing(company),
        _opened(store, theory) as record,
        executor(jobs, cluster) as (pool, in_flight),
        status(theory.name) as show,
    ):
        found = run(
            theory,
            budget,
            seed=seed,
            executor=pool if jobs > 1 or cluster else None,
            width=in_flight,
            record=record,
            watch=lambda progress: show(_counts(progress)),
            company=None if company is None else company.laws,
            **limit,
        )
    if folder is not None:
        for law in found.laws_found:
            folder.write(law.theorem)
            if law.redundancy is not None:
                folder.write(law.redundancy)
    if output is Format.json:
        data = _document(found, folder)
        if company is not None:
            data["proposer"] = cast("Json", company.account.as_dict())
        print(lines_of(data))
    else:
        _tell(found)
        if company is not None:
            print("\n".join(company.account.lines()))
    sys.stdout.flush()
    if html is not None:
        from lemmata.report import write_development

        print(f"pages: {write_development(html, found)}", file=sys.stderr)
    if found.stop == "interrupted":
        print(_STOPS["interrupted"], file=sys.stderr)
        raise typer.Exit(130)


@contextmanager
def _opened(path: Path | None, theory: Theory) -> Iterator[Store | None]:
    """The store, with a word on what it held."""
    if path is None:
        yield None
        return
    from lemmata.provers.store import Store

    with Store(path, theory) as store:
        kept = len(store.theorems())
        if kept:
            print(f"{path}: {kept} theorems of earlier runs, certified again", file=sys.stderr)
        for row in store.refused:
            print(f"{path}: '{row.name}' is set aside: {row.reason}", file=sys.stderr)
        yield store


def _counts(progress: Progress) -> str:
    return (
        f"size {progress.size}, {progress.proposed:,} proposed, {progress.refuted:,} refuted, "
        f"{progress.proved:,} proved, {progress.open:,} open, {progress.at:.1f} CPU s"
    )


def _document(found: Development, folder: ProofFolder | None) -> dict[str, Json]:
    from lemmata.engine.exploration.document import document

    if folder is None:
        return document(found)

    def place(theorem: Theorem) -> Json:
        return str(folder.place(theorem.name))

    return document(found, place)


def _tell(found: Development) -> None:
    """Prints laws by family and rank, the counts, and what became of stated conjectures."""
    for number, laws in enumerate(found.families.values(), 1):
        for place, law in enumerate(laws):
            print(_line(law, f"{number:4}" if place == 0 else "    ", found))
    total = found.total
    print(
        f"{len(found.laws_found)} laws in {len(found.families)} families, "
        f"{len(found.essential)} essential (*), in theory {found.theory.name}"
    )
    print(
        f"{total.proposed:,} proposed: {total.refuted:,} refuted, {total.vacuous:,} vacuous, "
        f"{total.redundant:,} redundant, {total.open:,} open; size {total.size}, "
        f"{total.at:.2f} CPU s; {_STOPS[found.stop]}"
    )
    for one in found.open[:_OPEN]:
        by = f"  [proposed by {one.origin}]" if one.origin else ""
        print(f"open       {one.statement}{by}")
    if len(found.open) > _OPEN:
        print(f"           and {len(found.open) - _OPEN} more open ones")
    for stated in found.stated:
        word = "found    " if stated.found else "not found"
        others = [name for name in stated.by if name != stated.name]
        by = f"  [{', '.join(others)}]" if others else ""
        print(f"{word}  {stated.name}: {stated.statement}{by}")


def _line(law: Law, rank: str, found: Development) -> str:
    width = min(30, max(len(each.name) for each in found.laws_found))
    mark = "*" if law.essential else " "
    by = f", proposed by {law.origin}" if law.origin else ""
    return f"{rank} {mark} {law.name:<{width}}  {law.statement}  [{law.method}{by}]"
