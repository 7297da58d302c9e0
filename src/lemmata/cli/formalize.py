"""``lemmata formalize``: a theory from a description in words, shown before anything is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .models import Choice, takes_model
from .prove import Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lemmata.engine.proposal import Feedback, Proposal

_EPILOG = """
Examples:

    lemmata formalize "A group whose elements are all their own inverses is commutative." --model llama3.1 --base-url http://127.0.0.1:11434/v1 --out group.mpl
"""


@app.command(epilog=_EPILOG)
@takes_model("proposer", "ideas", "hypotheses")
def formalize(
    description: Annotated[
        str, typer.Argument(help="What the axioms should say; or - to read it.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write the theory there once it is confirmed.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.text,
    *,
    choice: Choice,
) -> None:
    """Let a model write axioms in MPL, and show them for you to confirm.

    Whether axioms say what was meant, no program can check: they are printed, and written to --out
    only after you have answered yes. What does not parse goes back to the model with the errors.

    Exit codes: 0 confirmed and written, 3 nothing confirmed or nothing well-formed, 2 bad usage.
    """
    from lemmata.engine.errors import UsageError
    from lemmata.engine.refinement import refine
    from lemmata.provers.proposers.model import Model
    from lemmata.provers.proposers.tasks import axioms

    from .account import Account

    if out is not None and out.exists():
        raise UsageError(f"{out} exists already: name another file")
    asked = choice.asking()
    words = sys.stdin.read() if description == "-" else description
    if not words.strip():
        raise UsageError("the description is empty")
    referee = AxiomReferee()
    with asked.client() as client:
        proposer = Model(client, axioms(words), asked.name)
        found = refine(proposer, referee, rounds=choice.rounds, count=1)
    account = Account(asked.name, client.spending, {"axioms": found})
    text = "" if referee.text is None else _headed(referee.text, words, asked.name)
    if output is Format.json:
        data = {
            "format": "lemmata-formalization/1",
            "description": words,
            "status": "proposed" if text else "nothing well-formed",
            "theory": text or None,
            "proposer": account.as_dict(),
        }
        print(json.dumps(data, ensure_ascii=False, indent=1))
    elif text:
        print(text, end="")
    if not text:
        print("\n".join(account.lines()), file=sys.stderr)
        raise typer.Exit(3)
    if out is None or not _is_confirmed():
        print("not confirmed: nothing is assumed and nothing was written", file=sys.stderr)
        raise typer.Exit(3)
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}") from None
    print(f"written: {out}", file=sys.stderr)


class AxiomReferee:
    """Accepts a theory that reads, is well-sorted and not found contradictory; whether it says
    what was meant is for a person to decide."""

    def __init__(self) -> None:
        self.text: str | None = None

    def is_over(self) -> bool:
        """Whether there is a theory to show."""
        return self.text is not None

    def screen(self, proposal: Proposal[str]) -> Feedback:
        """Reads the text."""
        from lemmata.dsl.load import parse_theory
        from lemmata.engine.errors import LemmataError
        from lemmata.engine.proposal import Feedback

        if not all(c.isprintable() or c in "\n\t" for c in proposal.content):
            return Feedback(proposal.text, "refused", "it holds characters that cannot be seen")
        try:
            theory = parse_theory(proposal.content, "<proposed>")
        except LemmataError as error:
            return Feedback(proposal.text, "refused", str(error)[:2_000])
        if not theory.axioms:
            return Feedback(proposal.text, "refused", "it states no axiom")
        return Feedback(proposal.text, "open")

    def establish(
        self, waiting: Sequence[Proposal[str]]
    ) -> Iterator[tuple[Proposal[str], Feedback]]:
        """Looks for a contradiction for a moment."""
        for proposal in waiting:
            if not self.is_over():
                yield proposal, self._settle(proposal)

    def _settle(self, proposal: Proposal[str]) -> Feedback:
        from lemmata.dsl.load import parse_theory
        from lemmata.engine.budget import Budget
        from lemmata.engine.proposal import Feedback
        from lemmata.provers.consistency import contradiction
        from lemmata.provers.workspace import Workspace

        theory = parse_theory(proposal.content, "<proposed>")
        falsity = contradiction(Workspace(theory), Budget(seconds=1).start())
        if falsity is not None:
            names = ", ".join(falsity.axioms)
            return Feedback(proposal.text, "refuted", f"the axioms contradict each other: {names}")
        self.text = proposal.content
        return Feedback(proposal.text, "accepted", "well-formed; not checked against the words")


def _headed(text: str, words: str, name: str) -> str:
    """The text with a head that says where it comes from."""
    lines = [f"Proposed by {name} from the words below; no program has checked that it says them."]
    lines += words.strip().splitlines()
    head = "\n".join(f"# {line}".rstrip() for line in lines)
    return f"{head}\n\n{text.strip()}\n"


def _is_confirmed() -> bool:
    """Whether whoever sits at standard input says yes."""
    print("Do these axioms say what you mean? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
