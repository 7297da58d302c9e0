"""What speaks against conjectures: small values, finite models, and models found for one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..clause import Clause
from ..formula import Formula
from ..notation import Notation
from ..proof_file import statement_text
from ..theory import Statement
from .development import NearMiss
from .enumeration import Valuation
from .proposal import Conjecture, Tally
from .triage import is_pointless
from .truth import QUICK, WIDE, Span, Trial, described, tried

VAIN = 20
"""For how many conjectures a model is looked for in vain before others go without."""

WHOLE = Span(20_000, 12)
"""On how many assignments a conjecture is tried in the model that was found for it."""

NEAR = 200
"""False statements that look like laws, of which no more are told."""


@dataclass
class Referee:
    """Refutes conjectures, and notes those that look like laws; what it does depends on their order
    alone, not on how many are tried side by side."""

    worlds: Sequence[Valuation]
    tally: Tally
    notation: Notation
    countermodel: Callable[[Sequence[Clause]], Valuation | None] = lambda clauses: None
    """A model in which a statement fails that all worlds so far allow, if one is found."""

    models: list[Valuation] = field(default_factory=list)
    """What was found for conjectures that no attempt proved; all later ones are tried there."""

    vain: int = 0

    near: list[NearMiss] = field(default_factory=list)
    late: list[tuple[Formula, Trial]] = field(default_factory=list)
    """What is seen to fail after an attempt: noted at the end of a round, in one order for any width."""

    def is_plausible(self, conjecture: Conjecture) -> bool:
        """Whether no small values refute a conjecture, and some meet its premises."""
        if conjecture.is_tested:
            return True
        conjecture.is_tested = True
        trial = tried(conjecture.clauses, self.worlds)
        if trial.counterexample is not None:
            self.tally.refuted += 1
            if conjecture.shape:
                self.miss(conjecture.formula, trial)
            return False
        if self.fails_in(conjecture, self.models, QUICK):
            return False
        if trial.is_vacuous and any(clause.cases for clause in conjecture.clauses):
            self.tally.vacuous += 1
            return False
        if trial.is_point and all(map(is_pointless, conjecture.clauses)):
            self.tally.refuted += 1
            return False
        return True

    def fails(self, conjecture: Conjecture) -> bool:
        """Whether many values refute what an attempt did not prove, or a model that is looked for."""
        if self.fails_in(conjecture, self.models, QUICK):
            return True
        # Where there may be infinitely many values, it may be for want of a small witness.
        is_open = any(case.exists for clause in conjecture.clauses for case in clause.cases)
        if not is_open and self.fails_in(conjecture, self.worlds, WIDE):
            return True
        return self.has_countermodel(conjecture)

    def has_countermodel(self, conjecture: Conjecture) -> bool:
        """Looks for a model that refutes a conjecture, once and not if that was too often in vain."""
        if conjecture.is_doubted or self.vain >= VAIN:
            return False
        conjecture.is_doubted = True
        model = self.countermodel(conjecture.clauses)
        if model is None:
            self.vain += 1
            return False
        self.models.append(model)
        return self.fails_in(conjecture, [model], WHOLE, is_telling=True)

    def fails_in(
        self,
        conjecture: Conjecture,
        worlds: Sequence[Valuation],
        span: Span,
        *,
        is_telling: bool = False,
    ) -> bool:
        """Whether a conjecture fails in one of these worlds; it is noted if it looks like a law, or
        was the first that a model refutes."""
        trial = tried(conjecture.clauses, worlds, span)
        if trial.counterexample is None:
            return False
        self.tally.refuted += 1
        if conjecture.shape or (is_telling and len(self.near) + len(self.late) < NEAR):
            self.late.append((conjecture.formula, trial))
        return True

    def doubt(self, conjectures: Sequence[Conjecture]) -> list[Conjecture]:
        """The conjectures that no model refutes, of all that are open at the end."""
        self.vain = 0
        return [
            each
            for each in conjectures
            if not self.fails_in(each, self.models, QUICK) and not self.has_countermodel(each)
        ]

    # What looks like a law

    def consider(self, formula: Formula, clauses: Sequence[Clause]) -> None:
        """Notes a statement for the end of the round if it is false, as the converse of a law may be."""
        trial = tried(clauses, self.worlds)
        if trial.counterexample is not None and len(self.near) < NEAR:
            self.late.append((formula, trial))

    def publish(self) -> None:
        """Notes what was seen to fail in this round."""
        for formula, trial in self.late:
            self.miss(formula, trial)
        self.late.clear()

    def miss(self, formula: Formula, trial: Trial) -> None:
        """Notes a false statement that looks like a law, with what shows that it is false."""
        values = trial.counterexample or ()
        self.near.append(
            NearMiss(
                self.notation.formula(formula),
                self.mpl(f"false_{len(self.near) + 1}", formula),
                tuple((var.name, value) for var, value in values),
                described(trial.world),
            )
        )

    def mpl(self, name: str, formula: Formula) -> str:
        """A statement as a line of a theory file."""
        statement = Statement(name, formula, (), "lemma")
        return f"conjecture {name}: {statement_text(statement, self.notation)}"
