"""A theory with very many statements and very long proofs, each of these certified."""

from __future__ import annotations

from lemmata.engine.checker import Theorem, certify
from lemmata.engine.clause import Equal, Holds, Literal
from lemmata.engine.derivation import (
    Chain,
    Derivation,
    Instance,
    Introduction,
    Law,
    Link,
    Step,
    Subproof,
)
from lemmata.engine.formula import Formula, Implies
from lemmata.engine.lowering import lower
from lemmata.engine.term import App, Var
from lemmata.engine.theory import (
    Function,
    Infix,
    Predicate,
    Signature,
    Sort,
    Statement,
    StatementKind,
    Theory,
)
from lemmata.engine.verdict import Proved, Unknown, Verdict

a, b = Var("a", "U"), Var("b", "U")


def _point(number: int) -> App:
    """A term for each number, by its digits, so that a few symbols make many terms."""
    term = App("e", (), "U")
    for digit in str(number):
        term = App(f"d{digit}", (term,), "U")
    return term


def _sum(left: App | Var, right: App | Var) -> App:
    return App("+", (left, right), "U")


def _statement(name: str, formula: Formula, kind: StatementKind) -> Statement:
    return Statement(name, formula, lower(formula).clauses, kind)


def large_theory(count: int) -> Theory:
    """Axioms that relate all points, and ``count`` conjectures besides two with long proofs."""
    functions = [Function("+", ("U", "U"), "U"), Function("e", (), "U")]
    functions += [Function(f"d{digit}", ("U",), "U") for digit in range(10)]
    axioms = (
        _statement("same", Equal(a, b), "axiom"),
        _statement("step", Implies(Holds("p", (a,)), Holds("p", (b,))), "axiom"),
        _statement("start", Holds("p", (_point(0),)), "axiom"),
        _statement("comm", Equal(_sum(a, b), _sum(b, a)), "axiom"),
    )
    conjectures = (
        _statement("long_chain", Equal(_point(0), _point(count)), "conjecture"),
        _statement("long_list", Holds("p", (_point(count),)), "conjecture"),
        *(
            _statement(f"law_{number}", Equal(_sum(a, b), _sum(b, a)), "conjecture")
            for number in range(count)
        ),
    )
    signature = Signature((Sort("U"),), tuple(functions), (Predicate("p", ("U",)),))
    return Theory("large", signature, axioms, conjectures, {"+": Infix(50)})


def large_verdicts(theory: Theory, count: int, proved: int = 250) -> list[Verdict]:
    """A chain and a list of ``count`` steps, some laws proved that cite others, the rest open."""
    chain = [
        Step(number, Literal(Equal(_point(number - 1), _point(number))).fact, _same(number))
        for number in range(1, count + 1)
    ]
    links = tuple(Link(step.number) for step in chain)
    end = Step(count + 1, Literal(Equal(_point(0), _point(count))).fact, Chain(links))
    hops = [Step(1, Literal(Holds("p", (_point(0),))).fact, Instance(Law("start"), (), ()))]
    for number in range(1, count + 1):
        rule = Instance(Law("step"), (_point(number - 1), _point(number)), (number,))
        hops.append(Step(number + 1, Literal(Holds("p", (_point(number),))).fact, rule))
    proofs = [
        Derivation((*chain, end), (count + 1,)),
        Derivation(tuple(hops), (count + 1,)),
        *(_by(number) for number in range(proved)),
    ]
    theorems: dict[str, Theorem] = {}
    verdicts: list[Verdict] = []
    for statement, derivation in zip(theory.conjectures, proofs, strict=False):
        theorem = certify(theory, theorems, statement, derivation)
        theorems[statement.name] = theorem
        verdicts.append(Proved(statement.name, theorem, theorem.cited, "by hand"))
    left = theory.conjectures[len(verdicts) :]
    return [*verdicts, *(Unknown(statement.name, "time") for statement in left)]


def _same(number: int) -> Instance:
    return Instance(Law("same"), (_point(number - 1), _point(number)), ())


def _by(number: int) -> Derivation:
    """The law at hand from one far before it."""
    source = Law(f"law_{number // 60}" if number else "comm")
    x, y = App("x!", (), "U"), App("y!", (), "U")
    shown = Literal(Equal(_sum(x, y), _sum(y, x))).fact
    subproof = Subproof((x, y), (), (Step(1, shown, Instance(source, (x, y), ())),), 1)
    clauses = lower(Equal(_sum(a, b), _sum(b, a))).clauses
    return Derivation((Step(2, clauses[0], Introduction(subproof)),), (2,))
