"""From the proof forests of blocks to the steps of a derivation."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clause import (
    FALSUM,
    Case,
    Clause,
    Equal,
    Holds,
    Literal,
    clause_terms,
    with_terms,
)
from .database import (
    Assumed,
    Congruent,
    Database,
    Denied,
    Fired,
    Part,
    Reason,
    Reflexive,
    Symmetric,
)
from .derivation import (
    Chain,
    Clash,
    Congruence,
    Instance,
    Law,
    Link,
    Open,
    Present,
    Reflexivity,
    Refutation,
    Rule,
    Step,
    Subproof,
    Transport,
)
from .derivation import Part as PartOf
from .search import satisfy
from .shape import EQUALS
from .term import App


@dataclass(slots=True)
class _Frame:
    """The steps of one subproof under construction."""

    steps: list[Step] = field(default_factory=list)
    known: dict[Clause, int] = field(default_factory=dict)


class Writer:
    """Writes steps into the innermost of the subproofs that are open.

    What is known already in an enclosing subproof is cited there, not written again.
    """

    def __init__(self) -> None:
        self.frames = [_Frame()]
        self.number = 0
        self.hypotheses: dict[int, int] = {}

    # Subproofs

    def begin(self, hypotheses: list[tuple[int, Clause]]) -> list[tuple[int, Clause]]:
        """Opens a subproof; ``hypotheses`` are keyed as the block knows them."""
        frame = _Frame()
        self.frames.append(frame)
        numbered = []
        for key, clause in hypotheses:
            self.number += 1
            self.hypotheses[key] = self.number
            frame.known.setdefault(clause, self.number)
            numbered.append((self.number, clause))
        return numbered

    def end(
        self, constants: tuple[App, ...], hypotheses: list[tuple[int, Clause]], result: int
    ) -> Subproof:
        """Closes the innermost subproof."""
        frame = self.frames.pop()
        return Subproof(constants, tuple(hypotheses), tuple(frame.steps), result)

    def emit(self, conclusion: Clause, rule: Rule, database: Database | None = None) -> int:
        """The number of a step with this conclusion: one that is in scope, or a new one.

        Witnesses of ``database`` that it mentions are opened first.
        """
        for frame in self.frames:
            if conclusion in frame.known:
                return frame.known[conclusion]
        if database is not None and database.witness and not isinstance(rule, Open):
            for term in clause_terms(conclusion):
                if isinstance(term, App) and term.symbol in database.witness:
                    self._open(database, database.witness[term.symbol])
        self.number += 1
        self.frames[-1].steps.append(Step(self.number, conclusion, rule))
        self.frames[-1].known[conclusion] = self.number
        return self.number

    def given(self, clause: Clause) -> int:
        """The number of a hypothesis or step in scope that states a clause."""
        return next(frame.known[clause] for frame in self.frames if clause in frame.known)

    # What a database knows

    def literal(self, database: Database, literal: Literal) -> int:
        """A step that concludes a literal which the database holds."""
        match literal:
            case Literal(Equal(left, right), True):
                return self.equation(database, database.intern(left, 0), database.intern(right, 0))
            case Literal(atom, positive):
                node = database.atom(atom, 0)
                truth = database.true if positive else database.false
                edges = database.path(node, truth)
                return self._moved(database, edges[-1][0], node, edges[-1][2], positive)

    def equation(self, database: Database, left: int, right: int) -> int:
        """A step that concludes that two nodes are equal, in this direction."""
        one, two = database.term(left), database.term(right)
        conclusion = Literal(Equal(one, two)).fact
        if left == right:
            return self.emit(conclusion, Reflexivity(), database)
        link = self.link(database, left, right)
        if link.forward:
            return link.step
        return self.emit(conclusion, Chain((link,)), database)

    def link(self, database: Database, left: int, right: int) -> Link:
        """The same in whichever direction a step has it already."""
        for forward, one, two in ((True, left, right), (False, right, left)):
            clause = Literal(Equal(database.term(one), database.term(two))).fact
            for frame in self.frames:
                if clause in frame.known:
                    return Link(frame.known[clause], forward)
        edges = database.path(left, right)
        links = tuple(self._edge(database, *edge) for edge in edges)
        if len(links) == 1:
            return links[0]
        conclusion = Literal(Equal(database.term(left), database.term(right))).fact
        return Link(self.emit(conclusion, Chain(links), database))

    def contradiction(self, database: Database) -> int:
        """A step that concludes the contradiction in a database."""
        if database.contradiction is not None:
            return self.head(database, database.contradiction)
        edges = database.path(database.true, database.false)
        _, first, why_true = edges[0]
        last, _, why_false = edges[-1]
        negative = self._moved(database, last, last, why_false, False)
        if database.symbol[last] == EQUALS:
            left, right = database.kids[last]
            positive = self.equation(database, left, right)
        else:
            positive = self._moved(database, first, last, why_true, True)
        return self.emit(FALSUM, Clash(positive, negative), database)

    def goal(self, database: Database, goal: tuple[Case, ...]) -> int:
        """A step that concludes a head of which the database holds one case."""
        for index, case in enumerate(goal):
            nodes = satisfy(database, case, {})
            if nodes is None:
                continue
            terms = tuple(database.term(node) for node in nodes)
            facts = tuple(self.literal(database, literal) for literal in case.opened(terms))
            if len(goal) == 1 and not case.exists and len(facts) == 1:
                return facts[0]
            return self.emit(Clause((), (), goal), Present(index, terms, facts), database)
        raise KeyError("no case of the goal holds")

    def head(self, database: Database, fired: Fired) -> int:
        """A step that concludes the head of a rule as it was applied."""
        return self._applied(database, fired)[0]

    def _applied(self, database: Database, fired: Fired) -> tuple[int, tuple[Case, ...]]:
        """That step, with the cases of the head."""
        clause = fired.rule.clause
        terms = tuple(database.term(node) for node in fired.binding)
        there = clause.at(dict(zip(clause.variables, terms, strict=True)))
        premises = tuple(self.literal(database, premise) for premise in there.premises)
        source = fired.rule.source
        number = self.emit(
            Clause((), (), there.cases),
            Instance(
                source if isinstance(source, Law) else self.hypotheses[source], terms, premises
            ),
            database,
        )
        return number, there.cases

    # Edges

    def _edge(self, database: Database, one: int, two: int, reason: Reason) -> Link:
        left, right = database.term(one), database.term(two)
        match reason:
            case Congruent():
                links = self._links(database, database.kids[one], database.kids[two])
                return Link(
                    self.emit(Literal(Equal(left, right)).fact, Congruence(links), database)
                )
            case Part(fired, index):
                number, literal = self._part(database, fired, index)
            case Assumed(key):
                number = self.hypotheses[key]
                literal = self._hypothesis(number)
            case Reflexive() | Symmetric() | Denied():
                raise AssertionError("these join atoms to truth values")
        assert isinstance(literal.atom, Equal)
        return Link(number, literal.atom.left == left)

    def _hypothesis(self, number: int) -> Literal:
        for frame in self.frames:
            for clause, known in frame.known.items():
                if known == number:
                    return clause.literal
        raise KeyError(number)

    def _links(
        self, database: Database, kids: tuple[int, ...], others: tuple[int, ...]
    ) -> tuple[Link | None, ...]:
        return tuple(
            None if kid == other else self.link(database, kid, other)
            for kid, other in zip(kids, others, strict=True)
        )

    def _part(self, database: Database, fired: Fired, index: int) -> tuple[int, Literal]:
        """The step for one literal of an applied rule's head."""
        number, literals = self._open(database, fired)
        if len(literals) > 1:
            number = self.emit(literals[index].fact, PartOf(number, index), database)
        return number, literals[index]

    def _open(self, database: Database, fired: Fired) -> tuple[int, tuple[Literal, ...]]:
        """The step for all literals of an applied rule's head, its elements named."""
        number, (case,) = self._applied(database, fired)
        constants = tuple(database.term(node) for node in fired.witnesses)
        literals = case.opened(constants)
        if case.exists:
            opened = Clause((), (), (Case((), literals),))
            names = tuple(constant for constant in constants if isinstance(constant, App))
            number = self.emit(opened, Open(number, names))
        return number, literals

    def _moved(
        self, database: Database, source: int, target: int, reason: Reason, positive: bool
    ) -> int:
        """The step for an atom's truth, carried from where it was stated to an equal atom."""
        match reason:
            case Part(fired, index):
                number, literal = self._part(database, fired, index)
            case Assumed(key):
                number = self.hypotheses[key]
                literal = self._hypothesis(number)
            case Symmetric(node):
                number, literal = self._turned(database, node)
            case Denied(fired):
                number, literal = self._denied(database, fired)
            case Reflexive() | Congruent():
                raise AssertionError("only facts join an atom to a truth value")
        kids, others = database.kids[source], database.kids[target]
        if kids == others:
            return number
        terms = tuple(database.term(kid) for kid in others)
        atom: Equal | Holds = with_terms(literal.atom, terms)
        return self.emit(
            Literal(atom, positive).fact,
            Transport(number, self._links(database, kids, others)),
            database,
        )

    def _denied(self, database: Database, fired: Fired) -> tuple[int, Literal]:
        """A premise is false: it would give the rule's head, which is false."""
        clause, place = fired.rule.clause, fired.rule.denies
        assert place is not None
        terms = tuple(database.term(node) for node in fired.binding)
        there = clause.at(dict(zip(clause.variables, terms, strict=True)))
        denied = there.premises[place].negated()
        for frame in self.frames:
            if denied.fact in frame.known:
                return frame.known[denied.fact], denied
        others = [
            None if number == place else self.literal(database, premise)
            for number, premise in enumerate(there.premises)
        ]
        head = there.cases[0].literals[0] if there.cases else None
        negative = None if head is None else self.literal(database, head.negated())
        hypotheses = self.begin([(-1, there.premises[place].fact)])
        premises = tuple(hypotheses[0][0] if other is None else other for other in others)
        source = fired.rule.source
        law = source if isinstance(source, Law) else self.hypotheses[source]
        result = self.emit(Clause((), (), there.cases), Instance(law, terms, premises), database)
        if negative is not None and head is not None:
            pair = (result, negative) if head.positive else (negative, result)
            result = self.emit(FALSUM, Clash(*pair))
        subproof = self.end((), hypotheses, result)
        return self.emit(denied.fact, Refutation(subproof), database), denied

    def _turned(self, database: Database, node: int) -> tuple[int, Literal]:
        """From a ≠ b to b ≠ a: b = a would give a = b."""
        left, right = (database.term(kid) for kid in database.kids[node])
        given = Literal(Equal(left, right), False)
        turned = Literal(Equal(right, left), False)
        for frame in self.frames:
            if turned.fact in frame.known:
                return frame.known[turned.fact], turned
        number = self.literal(database, given)
        key = -1
        hypotheses = self.begin([(key, turned.negated().fact)])
        back = self.emit(given.negated().fact, Chain((Link(hypotheses[0][0], False),)))
        clash = self.emit(FALSUM, Clash(back, number))
        subproof = self.end((), hypotheses, clash)
        return self.emit(turned.fact, Refutation(subproof)), turned
